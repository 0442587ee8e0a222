"""The kinds that judge one event by what came before it: precedence, absence, condition, authority, interval."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from execcheck.clauses import AnyOf, ApprovalTest, Atom, Where
from execcheck.durations import Period
from execcheck.events import Event
from execcheck.policy import Absence, Condition, Interval, Need, Precedence
from reference.asking import holds, meant
from reference.ordering import before, day, surely_before
from reference.periods import due_day, earlier, later
from reference.said import INCONCLUSIVE, SATISFIED, Known, Verdict
from reference.world import Sight

About = tuple[str, str] | None


def precedence(rule: Precedence, event: Event, sight: Sight, about: About) -> Iterator[Verdict]:
    """Something came before: one event, or several that together carry a set of values."""
    answers: list[Known] = []
    gathered: set[str] = set()
    for need in rule.needs:
        for candidate, sure in meant((need.selector,), sight, rule.per, about):
            if candidate is event or not _early_enough(rule, need, candidate, event):
                continue
            if not _after_the_latest(rule, candidate, event, sight):
                continue
            if rule.together is None:
                answers.append(sure)
            elif rule.together[0] not in candidate.data:
                answers.append(None)
            else:
                answers.append(sure)
                gathered |= set(candidate.data[rule.together[0]] if sure else ())
    met = True in answers if rule.together is None else rule.together[1] <= gathered
    yield SATISFIED if met else INCONCLUSIVE if None in answers else Verdict("violated", None, event)


def _early_enough(rule: Precedence, need: Need, candidate: Event, event: Event) -> bool:
    came = day(candidate) <= day(event) if rule.by_day else before(candidate, event)
    if not came:
        return False
    if rule.within is not None and day(candidate) < earlier(day(event), rule.within.of(day(event).toordinal())):
        return False
    least = need.at_least or rule.at_least
    return least is None or later(day(candidate), least) <= day(event)


def _after_the_latest(rule: Precedence, candidate: Event, event: Event, sight: Sight) -> bool:
    """Whether it came after every ``after`` event that came before the judged one.

    An ``after`` event makes a breach: it counts only if its order to the judged event is certain.
    """
    if not rule.after:
        return True
    kinds = [sight.world.law.vocabulary.events[kind] for selector in rule.after for kind in selector.types]
    tied = rule.per is not None and any(rule.per == kind.object or rule.per in kind.also for kind in kinds)
    about = (rule.per, event.objects[rule.per]) if tied and rule.per is not None else None
    latest = [c for c, sure in meant(rule.after, sight, rule.per, about) if sure and surely_before(c, event)]
    return all(before(c, candidate) for c in latest)


def absence(rule: Absence, event: Event, sight: Sight, about: About) -> Iterator[Verdict]:
    """The event is a breach, at all or between two others."""
    broken = Verdict("violated", None, event)
    if rule.between is None:
        yield broken
        return
    opening, closing = rule.between
    kinds = [sight.world.law.vocabulary.events[kind] for selector in closing for kind in selector.types]
    tied = any(rule.per == kind.object or rule.per in kind.also for kind in kinds)
    answers: list[Known] = []
    for first, sure in meant(opening, sight, rule.per, about):
        if not sure or not surely_before(first, event):
            continue
        ends = [
            known for end, known in meant(closing, sight, rule.per, about if tied else None)
            if end is not event and before(first, end) and before(end, event)
        ]  # fmt: skip
        answers.append(False if True in ends else None if ends else True)
    if True in answers:
        yield broken
    elif None in answers:
        yield INCONCLUSIVE


def condition(rule: Condition, event: Event, sight: Sight) -> Iterator[Verdict]:
    """The event's own fields, its actor, panel and approvals."""
    answer = holds(rule.require, event, sight, rule.per, required=True)
    if answer is not False:
        yield SATISFIED if answer else INCONCLUSIVE
        return
    waits = _last_day(rule.require, event)
    if waits is not None and not sight.world.over(waits):
        without = holds(_without_late_approvals(rule.require), event, sight, rule.per, required=True)
        if without is not False:
            yield Verdict("pending", waits)
            return
    yield Verdict("violated", None, event)


def _last_day(where: Where, event: Event) -> date | None:
    """The last day on which an approval may follow the act."""
    periods = list(_late_approvals(where))
    return max((d for d in (due_day(day(event), by) for by in periods) if d is not None), default=None)


def _late_approvals(where: Where) -> Iterator[Period]:
    for atom in where.atoms:
        if isinstance(atom, ApprovalTest) and atom.by is not None:
            yield atom.by
        if isinstance(atom, AnyOf):
            for branch in atom.branches:
                yield from _late_approvals(branch)


def _without_late_approvals(where: Where) -> Where:
    kept: list[Atom] = []
    for atom in where.atoms:
        if isinstance(atom, AnyOf):
            kept.append(AnyOf(tuple(map(_without_late_approvals, atom.branches))))
        elif not (isinstance(atom, ApprovalTest) and atom.by is not None):
            kept.append(atom)
    return Where(tuple(kept))


def interval(rule: Interval, event: Event, sight: Sight, about: About) -> Iterator[Verdict]:
    """Not sooner than a distance after the latest earlier event; none: nothing is said."""
    if rule.within is None:
        return
    found = [(e, sure) for e, sure in meant(rule.after, sight, rule.per, about) if surely_before(e, event)]
    days = [day(e) for e, sure in found if sure]
    if days:
        least = later(max(days), rule.within.of(day(event).toordinal()))
        too_soon = day(event) < least or (rule.strictly and day(event) == least)
        yield Verdict("violated", None, event) if too_soon else SATISFIED
    elif found:
        yield INCONCLUSIVE
