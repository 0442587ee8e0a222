"""Checking whole logs: survey, then feed the one engine family by family, then collect.

A log is read twice. The survey learns what must be known before the first judgement: the observation time,
what the source captures, which cases belong together and where the last event of each group stands. The
second reading feeds the :class:`~execcheck.monitor.Monitor`, which releases a group with its last event, so
that memory does not grow with the number of finished cases when the log is grouped by case.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from execcheck.defects import Defect, DefectiveInput
from execcheck.events import Event, Moment
from execcheck.judgement import Judgement, Report, Summary, Verdict
from execcheck.lawbook import Law
from execcheck.moments import COURT_ZONE
from execcheck.monitor import Links, Monitor, Outcome, links_of, moment_order
from execcheck.needs import ENVELOPE, Capture
from execcheck.periods import Calendar

Progress = Callable[[int, int], None]
"""Called now and then with the number of events read and their total."""


class Survey:
    """What the first reading of a log learns."""

    def __init__(self, law: Law) -> None:
        self._cases = law.definitions.cases
        self._groups = Links()
        self._latest: Event | None = None
        self._ends: dict[str, int] = {}
        self.seen: set[str] = set()
        self.count = 0

    def read(self, events: Iterable[Event]) -> Survey:
        """Take every event of the log."""
        cases, ends, seen = self._cases, self._ends, self.seen
        latest, order = self._latest, (0, False, 0.0)
        unseen = tuple(name for name in ENVELOPE if name not in seen)
        ties = (cases.opened_by, cases.resumed_by)
        for number, event in enumerate(events):
            ends[event.case] = number
            if latest is None or event.day >= order[0]:
                mine = moment_order(event)
                if latest is None or mine > order:
                    latest, order = event, mine
            for name in unseen:
                if getattr(event, name) is not None:
                    seen.add(name)
                    unseen = tuple(name for name in ENVELOPE if name not in seen)
            if event.type in ties:
                family, related = links_of(event, cases)
                for case in (*family, *related):
                    self._groups.join(event.case, case)
            self.count = number + 1
        self._latest = latest
        return self

    @property
    def last_moment(self) -> Moment | None:
        """The last moment of the log; None for an empty one."""
        return None if self._latest is None else self._latest.time

    @property
    def cases(self) -> int:
        """The number of cases."""
        return len(self._ends)

    def capture(self) -> Capture:
        """What no event carries is taken as not captured."""
        return Capture(fields=frozenset(ENVELOPE) - self.seen, inferred=True)

    def releases(self) -> dict[int, str]:
        """For each group of cases that belong together: the number of its last event, and one of its cases."""
        last: dict[str, tuple[int, str]] = {}
        for case, number in self._ends.items():
            root = self._groups.root(case)
            if root not in last or last[root][0] < number:
                last[root] = (number, case)
        return dict(last.values())


class Source(Protocol):
    """A log that can be read more than once."""

    def __iter__(self) -> Iterator[Event]:
        """The events, from the beginning each time."""


def check(
    source: Iterable[Event], law: Law, *, as_of: Moment | None = None, capture: Capture | None = None,
    calendar: Calendar | None = None, as_if_in_force: bool = False, zone: ZoneInfo = COURT_ZONE,
    progress: Progress | None = None, rejected: int = 0,
) -> Report:  # fmt: skip
    """Check a log: the events of ``source``, which is iterated twice.

    ``as_of`` is the observation time (a day means its end; default: the last moment of the log); ``capture``
    says what the source does not record (default: inferred from the log); ``rejected`` is the number of
    events that the reader left out. Raises :class:`DefectiveInput` where ids conflict or the log is empty.
    """
    with _no_collection():
        survey = Survey(law).read(source)
        now = as_of if as_of is not None else survey.last_moment
        if now is None:
            raise DefectiveInput([Defect("", "empty-log", "日志中没有任何事件", "the log holds no event")])
        known = survey.capture() if capture is None else capture
        monitor = Monitor(law, capture=known, calendar=calendar, as_if_in_force=as_if_in_force, zone=zone)
        outcome = Outcome.of(_outcomes(source, monitor, survey, now, progress))
    return _report(law, monitor, survey, outcome, now, known, rejected)


def _outcomes(
    source: Iterable[Event], monitor: Monitor, survey: Survey, now: Moment, progress: Progress | None
) -> Iterator[Outcome]:
    releases, defects = survey.releases(), []  # type: dict[int, str], list[Defect]
    for number, event in enumerate(source):
        try:
            monitor.observe(event)
        except DefectiveInput as conflict:
            defects.extend(conflict.defects)
        case = releases.get(number)
        if case is not None:
            yield monitor.release(case, now)
        if progress is not None and number % 5000 == 0:
            progress(number, survey.count)
    if defects:
        raise DefectiveInput(defects)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Events hold no cycles, so the cycle collector only costs time while millions of them come and go."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def _report(
    law: Law, monitor: Monitor, survey: Survey, outcome: Outcome, now: Moment, capture: Capture, rejected: int
) -> Report:
    by_verdict: dict[Verdict, list[Judgement]] = {verdict: [] for verdict in Verdict}
    for judgement in outcome.judgements:
        by_verdict[judgement.verdict].append(judgement)
    triggered = {judgement.rule for judgement in outcome.judgements} | set(outcome.satisfied)
    idle = [name for name in law.rules if name not in triggered and name not in monitor.bench.not_assessable]
    violations, pending = by_verdict[Verdict.VIOLATED], by_verdict[Verdict.PENDING]
    summary = Summary(
        events=survey.count - outcome.ignored, cases=survey.cases, satisfied=sum(outcome.satisfied.values()),
        violated=len(violations), inconclusive=len(by_verdict[Verdict.INCONCLUSIVE]), pending=len(pending),
        not_triggered=tuple(sorted(idle)),
        not_assessable=dict(sorted(monitor.bench.not_assessable.items())), profile_inferred=capture.inferred,
        not_captured=tuple(sorted(capture.fields | capture.events)), ignored_after_as_of=outcome.ignored,
        rejected=rejected,
    )  # fmt: skip
    return Report(now, tuple(law.packs), summary, tuple(violations),
                  tuple(by_verdict[Verdict.INCONCLUSIVE]), tuple(pending))  # fmt: skip


def judge_all(events: Iterable[Event], law: Law, **options: Any) -> tuple[Judgement, ...]:
    """Every judgement on some events, satisfied ones included: for tests and for writing rules."""
    monitor = Monitor(law, keep_satisfied=True, **options)
    for event in events:
        monitor.observe(event)
    return monitor.judgements()
