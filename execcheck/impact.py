"""Impact of a change of law: which findings of a log appear, vanish or move from one law book to another.

Findings are paired by what they are about (rule, case, objects, trigger, and of a recurring duty its period), never
by their text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from attrs import frozen

from execcheck.checking import Progress, Source, check
from execcheck.events import Event, Moment
from execcheck.judgement import Judgement, Report, Verdict
from execcheck.lawbook import Law
from execcheck.logs.several import Logs
from execcheck.moments import Clock
from execcheck.needs import Capture
from execcheck.periods import Calendar

ASPECTS = ("verdict", "severity", "due", "days_late", "missing")
"""What may be told otherwise about the same duty."""
VERDICTS = (Verdict.VIOLATED, Verdict.INCONCLUSIVE, Verdict.PENDING)
"""The verdicts of findings: what a report lists."""

Key = tuple[object, ...]


@frozen
class Side:
    """A state of the law: a law book, its calendar (None: the national one), and what the source does not record.

    ``capture`` None means that this is inferred from the log.
    """

    law: Law
    calendar: Calendar | None = None
    capture: Capture | None = None


@frozen
class Move:
    """A finding that is there before and after the change, and what is told otherwise: some of :data:`ASPECTS`."""

    before: Judgement
    after: Judgement
    differs: tuple[str, ...]


@frozen
class Tally:
    """The findings of one rule, or of all: violated, inconclusive or pending before and after, and what became of them.

    ``unchanged`` counts the findings that are told as before.
    """

    before: Mapping[Verdict, int]
    after: Mapping[Verdict, int]
    appeared: int
    vanished: int
    moved: int
    unchanged: int

    @property
    def differs(self) -> bool:
        """Whether anything is told otherwise."""
        return bool(self.appeared or self.vanished or self.moved)


@frozen
class Impact:
    """What a change of law changes for a log, in the order of the report.

    Findings are breaches, duties that are pending and what is undecided. A finding ``appeared`` where before the
    change the rule was met, or said nothing; it ``vanished`` where that is so afterwards. ``gone`` names the rules
    with findings that the law book after the change does not have or cannot assess on this log, ``new`` those of
    which that is true before it: their findings tell nothing about anybody's conduct.
    """

    as_of: Moment
    before: Report
    after: Report
    appeared: tuple[Judgement, ...]
    vanished: tuple[Judgement, ...]
    moved: tuple[Move, ...]
    total: Tally
    by_rule: Mapping[str, Tally]
    gone: tuple[str, ...] = ()
    new: tuple[str, ...] = ()

    @property
    def differs(self) -> bool:
        """Whether any finding appeared, vanished or moved."""
        return self.total.differs


def compare(
    before: Side, after: Side, source: Source | Iterable[Event], *, as_of: Moment | None = None,
    as_if_in_force: bool = False, clock: Clock | None = None, progress: Progress | None = None, jobs: int = 1,
) -> Impact:  # fmt: skip
    """Check a log under two states of the law and compare what is found.

    ``as_of`` is the observation time of both (default: the last moment of the log). :class:`execcheck.Logs` are read
    with the vocabulary of each law; other sources and events at hand are judged as they are. The other options are
    those of :func:`execcheck.checking.check`. Raises :class:`DefectiveInput` with all that is wrong with the log.
    """
    if not isinstance(source, Source):
        source = list(source)  # it is read twice
    one = _check(before, source, as_of, as_if_in_force, clock, progress, jobs)
    if isinstance(source, Logs) and source.vocabulary != after.law.vocabulary:
        source = source.read_with(after.law.vocabulary, after.law.definitions.cases)
    two = _check(after, source, one.as_of, as_if_in_force, clock, progress, jobs)
    return compare_reports(one, two, before.law, after.law)


def _check(
    side: Side, source: Source | Iterable[Event], as_of: Moment | None, as_if_in_force: bool, clock: Clock | None,
    progress: Progress | None, jobs: int,
) -> Report:  # fmt: skip
    return check(
        source, side.law, as_of=as_of, capture=side.capture, calendar=side.calendar, as_if_in_force=as_if_in_force,
        clock=clock, progress=progress, jobs=jobs,
    )  # fmt: skip


def compare_reports(before: Report, after: Report, law_before: Law, law_after: Law) -> Impact:
    """Compare two reports on the same log at the same observation time."""
    old, new = _by_key(before), _by_key(after)
    appeared = tuple(new[key] for key in new if key not in old)
    vanished = tuple(old[key] for key in old if key not in new)
    pairs = [(old[key], new[key]) for key in old if key in new]
    moved = tuple(Move(one, two, aspects) for one, two in pairs if (aspects := _differing(one, two)))
    by_rule = _tallies(old.values(), new.values(), appeared, vanished, moved)
    could, can = _assessable(law_before, before), _assessable(law_after, after)
    return Impact(
        after.as_of, before, after, appeared, vanished, moved, _sum(by_rule.values()), by_rule,
        gone=tuple(sorted({j.rule for j in vanished} - can)), new=tuple(sorted({j.rule for j in appeared} - could)),
    )  # fmt: skip


def _by_key(report: Report) -> dict[Key, Judgement]:
    """The findings by what they are about, in the order of the report."""
    found: dict[Key, Judgement] = {}
    seen: Counter[Key] = Counter()
    for judgement in sorted((*report.violations, *report.inconclusive, *report.pending), key=lambda j: j.order):
        key = _key(judgement)
        seen[key] += 1
        found[*key, seen[key]] = judgement
    return found


def _key(judgement: Judgement) -> Key:
    """What a finding is about; a trigger without an id is known by its place."""
    deadline = judgement.deadline
    start = deadline.start if judgement.kind == "recurrence" and deadline is not None else None
    trigger, objects = judgement.trigger, tuple(sorted(judgement.objects.items()))
    return (judgement.rule, judgement.case, objects, trigger.id, start)


def _differing(before: Judgement, after: Judgement) -> tuple[str, ...]:
    return tuple(name for name in ASPECTS if getattr(before, name) != getattr(after, name))


def _assessable(law: Law, report: Report) -> set[str]:
    return law.all_rules.keys() - report.summary.not_assessable.keys()


def _tallies(
    old: Iterable[Judgement], new: Iterable[Judgement], appeared: Iterable[Judgement], vanished: Iterable[Judgement],
    moved: Iterable[Move],
) -> dict[str, Tally]:  # fmt: skip
    before, after = Counter((j.rule, j.verdict) for j in old), Counter((j.rule, j.verdict) for j in new)
    came, went = Counter(j.rule for j in appeared), Counter(j.rule for j in vanished)
    shifted = Counter(move.after.rule for move in moved)
    found = {}
    for rule in sorted({rule for rule, _ in (*before, *after)}):
        first, then = _verdicts(before, rule), _verdicts(after, rule)
        same = sum(then.values()) - came[rule] - shifted[rule]
        found[rule] = Tally(first, then, came[rule], went[rule], shifted[rule], same)
    return found


def _verdicts(counts: Counter[tuple[str, Verdict]], rule: str) -> dict[Verdict, int]:
    return {verdict: counts[rule, verdict] for verdict in VERDICTS}


def _sum(tallies: Iterable[Tally]) -> Tally:
    parts = tuple(tallies)
    return Tally(
        {verdict: sum(one.before[verdict] for one in parts) for verdict in VERDICTS},
        {verdict: sum(one.after[verdict] for one in parts) for verdict in VERDICTS},
        sum(one.appeared for one in parts), sum(one.vanished for one in parts), sum(one.moved for one in parts),
        sum(one.unchanged for one in parts),
    )  # fmt: skip
