"""Checking whole logs: survey, then feed the one engine family by family, then collect.

A log is read twice. The survey learns what must be known before the first judgement: the observation time,
what the source captures, which cases belong together and where the last event of each group stands. The
second reading gathers the events of each group, which is judged and forgotten with its last event, so that
memory does not grow with the number of finished cases when the log is grouped by case. Several processes may
share the second reading (:mod:`execcheck.parallel`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from execcheck.defects import Defect, DefectiveInput
from execcheck.events import Event, Moment
from execcheck.feeding import Progress, Terms, feed, no_collection, standing
from execcheck.judgement import Judgement, Report, Summary, Verdict
from execcheck.judging import Judging, Outcome
from execcheck.lawbook import Law
from execcheck.logs.corrections import Corrections
from execcheck.logs.glance import Glance
from execcheck.logs.identity import Identities
from execcheck.logs.outline import Outline, outline_of_event
from execcheck.logs.several import Logs
from execcheck.moments import Clock
from execcheck.needs import Capture
from execcheck.periods import Calendar
from execcheck.survey import Survey

if TYPE_CHECKING:
    from execcheck.parallel import Crew

__all__ = ["Progress", "QuickSource", "Source", "check"]


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
    progress: Progress | None = None, jobs: int = 1,
) -> Report:  # fmt: skip
    """Check a log: a :class:`Source` that is read twice, or events at hand.

    ``as_of`` is the observation time (a day means its end; default: the last moment of the log); ``capture``
    says what the source does not record (default: inferred from the log); ``clock`` tells the court's zone.
    ``jobs`` is the number of processes that judge (0: one on each processor); the report is the same. They are
    used for :class:`execcheck.Logs` of some length, in a program whose main module can be imported without running.
    Raises :class:`DefectiveInput` with everything that is wrong with the log, also where it holds no event.
    """
    clock = clock or Clock()
    terms = Terms(law, calendar, as_if_in_force, clock.zone)
    with no_collection(), _crew(source, terms, jobs) as crew:
        survey = Survey(law.definitions.cases, clock)
        if isinstance(source, Source):
            survey, replaced = _first_look(source, survey, crew)
        else:
            source, replaced = _each_once(source), frozenset[str]()
            survey.read_events(source)
        now = as_of if as_of is not None else survey.last_moment
        known = Capture(fields=survey.not_carried, inferred=True) if capture is None else capture
        judging = terms.judging(known)
        if crew is not None and crew.ready and now is not None:
            outcome = crew.judge(survey, known, now, replaced, progress)
        else:
            events = standing(source, replaced)
            outcome = Outcome.of(feed(events, judging, survey.counts, survey.groups.root, now, progress))
    if now is None:
        raise DefectiveInput([Defect("", "empty-log", "日志中没有任何事件", "the log holds no event")])
    return _report(judging, len(survey.counts), outcome, now, known)


def _first_look(source: Source, survey: Survey, crew: Crew | None) -> tuple[Survey, Set[str]]:
    """What the log shows without the events that others replace, and the ids of these.

    Only a log that holds corrections is looked at a second time, without the events that they replace.
    """
    if isinstance(source, QuickSource):
        survey.read_glances(source.glances() if crew is None else crew.watch(source.glances()))
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


@contextmanager
def _crew(source: Iterable[Event], terms: Terms, jobs: int) -> Iterator[Crew | None]:
    """The processes asked for; None where one is to do it, or the source cannot be divided."""
    if jobs < 0:
        raise ValueError("jobs is the number of processes, 0 for one on each processor")
    if jobs == 1 or type(source) is not Logs or source.vocabulary is not terms.law.vocabulary:
        yield None
        return
    from execcheck.parallel import Crew  # noqa: PLC0415 - only few runs need it

    with Crew(source, terms, jobs) as crew:
        yield crew


def _report(judging: Judging, cases: int, outcome: Outcome, now: Moment, capture: Capture) -> Report:
    law, not_assessable = judging.law, judging.bench.not_assessable
    by_verdict: dict[Verdict, list[Judgement]] = {verdict: [] for verdict in Verdict}
    for judgement in outcome.judgements:
        by_verdict[judgement.verdict].append(judgement)
    triggered = {judgement.rule for judgement in outcome.judgements} | set(outcome.satisfied)
    idle = [name for name in law.rules if name not in triggered and name not in not_assessable]
    violations, pending = by_verdict[Verdict.VIOLATED], by_verdict[Verdict.PENDING]
    summary = Summary(
        events=outcome.events - outcome.ignored, cases=cases, satisfied=sum(outcome.satisfied.values()),
        violated=len(violations), inconclusive=len(by_verdict[Verdict.INCONCLUSIVE]), pending=len(pending),
        not_triggered=tuple(sorted(idle)),
        not_assessable=dict(sorted(not_assessable.items())), profile_inferred=capture.inferred,
        not_captured=tuple(sorted(capture.fields | capture.events)), ignored_after_as_of=outcome.ignored,
    )  # fmt: skip
    return Report(now, tuple(law.packs), summary, tuple(violations),
                  tuple(by_verdict[Verdict.INCONCLUSIVE]), tuple(pending))  # fmt: skip
