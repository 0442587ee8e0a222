"""Checking whole logs: survey, then feed the one engine family by family, then collect.

A log is read twice. The survey learns what must be known before the first judgement: the observation time,
what the source captures, which cases belong together and where the last event of each group stands. The
second reading gathers the events of each group, which is judged and forgotten with its last event, so that
memory does not grow with the number of finished cases when the log is grouped by case.
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Set
from contextlib import contextmanager
from typing import Protocol, runtime_checkable

from execcheck.defects import Defect, DefectiveInput
from execcheck.events import Event, Moment
from execcheck.judgement import Judgement, Report, Summary, Verdict
from execcheck.judging import Judging, Outcome
from execcheck.lawbook import Law
from execcheck.logs.corrections import Corrections
from execcheck.logs.glance import Glance
from execcheck.logs.identity import Identities
from execcheck.logs.outline import Outline, outline_of_event
from execcheck.moments import Clock
from execcheck.needs import Capture
from execcheck.order import same_content
from execcheck.periods import Calendar
from execcheck.survey import Survey

Progress = Callable[[int, int], None]
"""Called now and then with the number of events read and their total."""


@runtime_checkable
class Source(Protocol):
    """A log that can be read more than once: a first look, then the events (:class:`execcheck.logs.Logs`).

    Events that others replace may be among them; that no two events share an id, or replace each other in a ring,
    is for the source to see to.
    """

    def outlines(self) -> Iterator[Outline]:
        """The outline of every event."""

    def __iter__(self) -> Iterator[Event]:
        """The events; raises :class:`DefectiveInput` at the end where something was wrong."""


@runtime_checkable
class QuickSource(Source, Protocol):
    """A log whose first look takes many lines at once."""

    def glances(self) -> Iterator[Glance]:
        """What :meth:`outlines` would tell, in short."""


def check(
    source: Source | Iterable[Event], law: Law, *, as_of: Moment | None = None, capture: Capture | None = None,
    calendar: Calendar | None = None, as_if_in_force: bool = False, clock: Clock | None = None,
    progress: Progress | None = None,
) -> Report:  # fmt: skip
    """Check a log: a :class:`Source` that is read twice, or events at hand.

    ``as_of`` is the observation time (a day means its end; default: the last moment of the log); ``capture``
    says what the source does not record (default: inferred from the log); ``clock`` tells the court's zone.
    Raises :class:`DefectiveInput` with everything that is wrong with the log, also where it holds no event.
    """
    clock = clock or Clock()
    with _no_collection():
        cases = law.definitions.cases
        if isinstance(source, Source):
            survey, replaced = _first_look(source, Survey(cases, clock))
        else:
            source, replaced = _each_once(source), frozenset()
            survey = Survey(cases, clock).read_events(source)
        if replaced:
            source = (event for event in source if not (event.has_id and event.id in replaced))
        now = as_of if as_of is not None else survey.last_moment
        known = Capture(fields=survey.not_carried, inferred=True) if capture is None else capture
        judging = Judging(law, capture=known, calendar=calendar, as_if_in_force=as_if_in_force, zone=clock.zone)
        outcome = Outcome.of(_outcomes(source, judging, survey, now, progress))
    if now is None:
        raise DefectiveInput([Defect("", "empty-log", "日志中没有任何事件", "the log holds no event")])
    return _report(judging, survey, outcome, now, known)


def _first_look(source: Source, survey: Survey) -> tuple[Survey, Set[str]]:
    """What the log shows without the events that others replace, and the ids of these.

    Only a log that holds corrections is looked at a second time, without the events that they replace.
    """
    if isinstance(source, QuickSource):
        survey.read_glances(source.glances())
    else:
        survey.read(source.outlines())
    return (survey.of_standing(source.outlines()) if survey.replaced else survey), survey.replaced


def _each_once(events: Iterable[Event]) -> list[Event]:
    """The events that stand, without repetitions.

    Raises :class:`DefectiveInput` where an id stands for different events or events replace each other in a ring.
    """
    identities = Identities()
    checked = [identities.check(event) if event.has_id else event for event in events]
    taken = [found for found in checked if isinstance(found, Event)]
    corrections = Corrections(outline_of_event(event) for event in taken if event.supersedes is not None)
    conflicts = [*(found for found in checked if isinstance(found, Defect)), *corrections.rings]
    if conflicts:
        raise DefectiveInput(conflicts)
    return [event for event in taken if not (event.has_id and event.id in corrections.replaced)]


def _outcomes(
    source: Iterable[Event], judging: Judging, survey: Survey, now: Moment | None, progress: Progress | None
) -> Iterator[Outcome]:
    """Gather the events of each group of cases, and judge and forget it with the last of them."""
    counts, groups, total = survey.counts, survey.groups, sum(survey.counts.values())
    left = dict(counts)
    waiting = Counter(groups.root(case) for case in counts)
    held: dict[str, list[Event]] = {}
    for number, event in enumerate(source):
        case = event.case
        known = held.get(case)
        if known is None:
            held[case] = [event]
        else:
            known.append(event)
        left[case] = remaining = left.get(case, 0) - 1
        if not remaining and now is not None:
            root = groups.root(case)
            waiting[root] -= 1
            if not waiting[root]:
                yield judging.outcome(_taken(held, groups.members(case)), now)
        if progress is not None and number % 5000 == 0:
            progress(number, total)
    if now is not None:  # cases of which the first look saw more than could be admitted
        for case in list(held):
            if case in held:
                yield judging.outcome(_taken(held, groups.members(case)), now)


def _taken(held: dict[str, list[Event]], cases: Iterable[str]) -> list[Event]:
    """The events of some cases, each once; they are held no longer."""
    events: dict[str, Event] = {}
    twins: list[Event] = []
    for case in cases:
        for event in held.pop(case, ()):
            first = events.setdefault(event.id, event)
            if first is not event and not (event.has_id or same_content(first, event)):
                twins.append(event)  # a host gave several events without an id one place
    return [*events.values(), *twins]


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


def _report(judging: Judging, survey: Survey, outcome: Outcome, now: Moment, capture: Capture) -> Report:
    by_verdict: dict[Verdict, list[Judgement]] = {verdict: [] for verdict in Verdict}
    for judgement in outcome.judgements:
        by_verdict[judgement.verdict].append(judgement)
    triggered = {judgement.rule for judgement in outcome.judgements} | set(outcome.satisfied)
    law, lacking = judging.law, judging.bench.not_assessable
    idle = [name for name in law.rules if name not in triggered and name not in lacking]
    violations, pending = by_verdict[Verdict.VIOLATED], by_verdict[Verdict.PENDING]
    summary = Summary(
        events=outcome.events - outcome.ignored, cases=len(survey.counts), satisfied=sum(outcome.satisfied.values()),
        violated=len(violations), inconclusive=len(by_verdict[Verdict.INCONCLUSIVE]), pending=len(pending),
        not_triggered=tuple(sorted(idle)),
        not_assessable=dict(sorted(lacking.items())), profile_inferred=capture.inferred,
        not_captured=tuple(sorted(capture.fields | capture.events)), ignored_after_as_of=outcome.ignored,
    )  # fmt: skip
    return Report(now, tuple(law.packs), summary, tuple(violations),
                  tuple(by_verdict[Verdict.INCONCLUSIVE]), tuple(pending))  # fmt: skip
