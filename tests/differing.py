"""What the engine and the slow reference evaluator say differently about a log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

from attrs import frozen

from execcheck.events import Event
from execcheck.judgement import Judgement, Verdict
from execcheck.judging import Judging, Outcome
from execcheck.lawbook import Law
from reference import Said, evaluate
from reference.ordering import end_of


@frozen
class Difference:
    """The judgements of one that the other does not make; empty where they agree."""

    engine: tuple[Said, ...]
    reference: tuple[Said, ...]

    def __bool__(self) -> bool:
        return bool(self.engine or self.reference)


def as_said(judgement: Judgement) -> Said:
    """A judgement of the engine as the reference writes it."""
    broken = judgement.event if judgement.verdict is Verdict.VIOLATED else None
    return Said(
        judgement.rule, judgement.verdict.value, judgement.trigger.id, frozenset(judgement.objects.items()),
        judgement.due, None if broken is None else end_of(broken),
    )  # fmt: skip


def difference(law: Law, events: Iterable[Event], as_of: date) -> Difference:
    """Compare both ways in which the engine judges: keeping satisfied duties, and only counting them (which is quicker).

    Lifecycles are left out: the law book must have none. Raises NotCovered.
    """
    log = list(events)
    expected = evaluate(law, log, as_of)
    kept = Judging(law, keep_satisfied=True).outcome(log, as_of)
    counted = Judging(law).outcome(log, as_of)
    assert all(j.missing for j in kept.judgements if j.verdict is Verdict.INCONCLUSIVE), "it names what is missing"
    every = _compared((as_said(j) for j in kept.judgements), expected)
    return every or _compared(_with_counts(counted), _without_satisfied(expected))


def _compared(engine: Iterable[Said], reference: Iterable[Said]) -> Difference:
    one, other = Counter(engine), Counter(reference)
    return Difference(tuple((one - other).elements()), tuple((other - one).elements()))


def _without_satisfied(expected: Iterable[Said]) -> list[Said]:
    """The judgements, of satisfied duties only how many there are for each rule."""
    return [_counted(said.rule) if said.verdict == "satisfied" else said for said in expected]


def _with_counts(outcome: Outcome) -> list[Said]:
    satisfied: Mapping[str, int] = outcome.satisfied
    counts = [_counted(rule) for rule, count in satisfied.items() for _ in range(count)]
    return counts + [as_said(judgement) for judgement in outcome.judgements]


def _counted(rule: str) -> Said:
    return Said(rule, "satisfied", "", frozenset())


def told(found: Difference, events: Iterable[Event]) -> str:
    """A difference with the log, for the message of a failing test."""
    lines = [f"{e.id} {e.case} {e.type} {e.time} {dict(e.objects)} {dict(e.data)} {e.actor}" for e in events]
    lines += [f"engine    {said}" for said in found.engine] + [f"reference {said}" for said in found.reference]
    return "\n".join(lines)
