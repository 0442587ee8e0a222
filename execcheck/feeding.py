"""Feeding the one engine: events go in, and each group of cases is judged and forgotten with its last event."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from contextlib import contextmanager
from zoneinfo import ZoneInfo

from attrs import frozen

from execcheck.events import Event, Moment
from execcheck.judging import Judging, Outcome
from execcheck.lawbook import Law
from execcheck.needs import Capture
from execcheck.order import same_content
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

    def judging(self, capture: Capture) -> Judging:
        """The law book made ready on these terms."""
        return Judging(
            self.law, capture=capture, calendar=self.calendar, as_if_in_force=self.as_if_in_force, zone=self.zone
        )  # fmt: skip


def standing(events: Iterable[Event], replaced: Set[str]) -> Iterable[Event]:
    """The events without those that others replace."""
    if not replaced:
        return events
    return (event for event in events if not (event.has_id and event.id in replaced))


def feed(
    source: Iterable[Event], judging: Judging, counts: Mapping[str, int], root: Callable[[str], str],
    now: Moment | None, progress: Progress | None = None,
) -> Iterator[Outcome]:  # fmt: skip
    """Gather the events of each group of cases, and judge and forget it with the last of them.

    ``counts`` tells how many events each case has, ``root`` which case stands for its group.
    """
    total = sum(counts.values())
    groups = {case: root(case) for case in counts}
    left: Counter[str] = Counter()
    for case, count in counts.items():
        left[groups[case]] += count
    held: dict[str, list[Event]] = {}
    for number, event in enumerate(source):
        name = groups.get(event.case) or root(event.case)
        known = held.get(name)
        if known is None:
            held[name] = [event]
        else:
            known.append(event)
        left[name] = remaining = left[name] - 1
        if not remaining and now is not None:
            yield judging.outcome(_taken(held, name), now)
        if progress is not None and number % 5000 == 0:
            progress(number, total)
    if now is not None:  # groups of which the first look saw more than could be admitted
        for name in list(held):
            yield judging.outcome(_taken(held, name), now)


def _taken(held: dict[str, list[Event]], name: str) -> list[Event]:
    """The events of a group, each once; they are held no longer."""
    events: dict[str, Event] = {}
    twins: list[Event] = []
    for event in held.pop(name):
        first = events.setdefault(event.id, event)
        if first is not event and not (event.has_id or same_content(first, event)):
            twins.append(event)  # a host gave several events without an id one place
    return [*events.values(), *twins]


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
