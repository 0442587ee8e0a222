"""Feeding the one engine: events go in, and each group of cases is judged and forgotten with its last event."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from zoneinfo import ZoneInfo

from attrs import frozen

from execcheck.defects import Defect, DefectiveInput
from execcheck.events import Event, Moment
from execcheck.lawbook import Law
from execcheck.monitor import Monitor, Outcome
from execcheck.needs import Capture
from execcheck.periods import Calendar

Progress = Callable[[int, int], None]
"""Called now and then with the number of events read and their total."""


@frozen
class Terms:
    """By what is judged, whatever the log."""

    law: Law
    calendar: Calendar | None
    as_if_in_force: bool
    zone: ZoneInfo

    def monitor(self, capture: Capture) -> Monitor:
        """A monitor on these terms."""
        return Monitor(
            self.law, capture=capture, calendar=self.calendar, as_if_in_force=self.as_if_in_force, zone=self.zone
        )  # fmt: skip


def feed(
    source: Iterable[Event], monitor: Monitor, counts: Mapping[str, int], root: Callable[[str], str],
    now: Moment | None, progress: Progress | None = None,
) -> Iterator[Outcome]:  # fmt: skip
    """Feed the monitor; judge and release each group of cases with its last event.

    ``counts`` tells how many events each case has, ``root`` which case stands for its group. Raises
    :class:`DefectiveInput` at the end where events contradict each other.
    """
    total = sum(counts.values())
    left = dict(counts)
    waiting: dict[str, int] = {}
    for case in counts:
        name = root(case)
        waiting[name] = waiting.get(name, 0) + 1
    defects: list[Defect] = []
    for number, event in enumerate(source):
        try:
            monitor.observe(event)
        except DefectiveInput as conflict:
            defects.extend(conflict.defects)
        case = event.case
        left[case] = remaining = left.get(case, 0) - 1
        if not remaining and now is not None:
            name = root(case)
            waiting[name] -= 1
            if not waiting[name]:
                yield monitor.release(case, now)
        if progress is not None and number % 5000 == 0:
            progress(number, total)
    if defects:
        raise DefectiveInput(defects)
    if now is not None:  # cases of which the first look saw more than could be admitted
        yield monitor.outcome(now)


@contextmanager
def no_collection() -> Iterator[None]:
    """Events hold no cycles, so the cycle collector only costs time while millions of them come and go."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()
