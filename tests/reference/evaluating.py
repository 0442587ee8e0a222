"""From a law book and a log to judgements: every rule, every trigger, everything worked out anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from execcheck.events import Event
from execcheck.lawbook import Law
from execcheck.policy import (
    Absence,
    Aggregate,
    Condition,
    Interval,
    Precedence,
    Recurrence,
    Response,
    Rule,
    Separation,
    Trigger,
)  # fmt: skip
from reference import alone, responses, separations, totals
from reference.asking import selected
from reference.ordering import day, end_of
from reference.said import INCONCLUSIVE, NotCovered, Said, Verdict
from reference.world import Sight, World, number_of, sight_of


def evaluate(law: Law, events: Iterable[Event], as_of: date, rules: Iterable[Rule] | None = None) -> list[Said]:
    """What the rules (default: all of the law book) say about a log at the end of a day.

    The same event counts once; events after the day are ignored. Raises :class:`NotCovered`.
    """
    unique = {event.id: event for event in events}
    world = World(law, tuple(event for event in unique.values() if day(event) <= as_of), as_of)
    found = [said for rule in (law.rules.values() if rules is None else rules) for said in judge(rule, world)]
    return list(_yielding(law, found))


def judge(rule: Rule, world: World) -> Iterator[Said]:
    """What one rule says about every event that triggers it."""
    if rule.in_state is not None:
        raise NotCovered("in_state")
    if rule.scope == "related" and not isinstance(rule, Separation):
        raise NotCovered("a rule that sees related cases")
    for family in world.families:
        for event in family:
            if not _applies(rule, event):
                continue
            sight = sight_of(rule, event, world)
            for trigger in rule.when:
                answer = selected((trigger.selector,), event, sight, rule.per)
                if answer is None:
                    yield _said(rule, event, INCONCLUSIVE)
                elif answer:
                    for verdict in _verdicts(rule, trigger, event, sight):
                        yield _said(rule, event, verdict)


def _applies(rule: Rule, event: Event) -> bool:
    """In force on the day of the event, and law in the region of its court."""
    number = number_of(event.case)
    here = rule.pack.region is None or number is None or number[0] == rule.pack.region
    return here and rule.in_force.covers(day(event).toordinal())


def _verdicts(rule: Rule, trigger: Trigger, event: Event, sight: Sight) -> Iterator[Verdict]:
    if isinstance(rule, Response):
        yield from responses.judge(rule, trigger, event, sight)
        return
    if isinstance(rule, Condition):
        yield from alone.condition(rule, event, sight)
        return
    if isinstance(rule, Absence) and rule.between is None:
        yield from alone.absence(rule, event, sight, None)
        return
    about = None if rule.per is None or rule.per not in event.objects else (rule.per, event.objects[rule.per])
    if rule.per is not None and about is None:
        yield INCONCLUSIVE
        return
    for verdict in _about_object(rule, event, sight, about):
        yield Verdict(verdict.verdict, verdict.due, verdict.event, about)


def _about_object(rule: Rule, event: Event, sight: Sight, about: tuple[str, str] | None) -> Iterator[Verdict]:
    if isinstance(rule, Precedence):
        return alone.precedence(rule, event, sight, about)
    if isinstance(rule, Absence):
        return alone.absence(rule, event, sight, about)
    if isinstance(rule, Interval):
        return alone.interval(rule, event, sight, about)
    if isinstance(rule, Separation):
        return separations.judge(rule, event, sight, about)
    if isinstance(rule, Recurrence):
        return totals.recurrence(rule, event, sight, about)
    if isinstance(rule, Aggregate):
        return totals.aggregate(rule, event, sight, about)
    raise NotCovered(rule.kind)


def _said(rule: Rule, event: Event, verdict: Verdict) -> Said:
    objects = event.objects.items() if verdict.object is None else (verdict.object,)
    broken = end_of(verdict.event) if verdict.event is not None else None
    return Said(rule.id, verdict.verdict, event.id, frozenset(objects), verdict.due, broken)


def _yielding(law: Law, found: list[Said]) -> Iterator[Said]:
    """A restated rule yields for each trigger (and object) that a restating one judged."""
    judged = {
        (restated, said.trigger, said.objects)
        for said in found for restated in law.rules[said.rule].restates if restated in law.rules
    }  # fmt: skip
    return (said for said in found if (said.rule, said.trigger, said.objects) not in judged)
