"""Kinds that judge one event at a time: ``precedence``, ``absence``, ``condition``, ``authority``, ``interval``."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve

from execcheck.answers import Answer, Missing
from execcheck.clauses import AnyOf, ApprovalTest, Where
from execcheck.conditions import Conditions
from execcheck.docket import Docket
from execcheck.events import Event
from execcheck.families import View
from execcheck.kinds.base import Judge, candidates
from execcheck.order import before, certainly_before
from execcheck.periods import Period, deadline, due_day, minus, plus
from execcheck.policy import Absence, Condition, Interval, Precedence, Trigger
from execcheck.vocabulary import Vocabulary


class PrecedenceJudge(Judge):
    """Compiled ``precedence`` rule."""

    rule: Precedence

    def __init__(self, rule: Precedence, vocabulary: Vocabulary) -> None:
        super().__init__(rule, vocabulary)
        self.needs = tuple((self.conditions.selector(need.selector), need.at_least) for need in rule.needs)
        self.after = self.conditions.selectors(rule.after)
        self.tied = vocabulary.tie((kind for kind, _ in self.after), rule.per)

    def judge(self, event: Event, view: View, docket: Docket, trigger: Trigger) -> None:
        """Look for the earlier event, or for the earlier events that together carry the values."""
        object_id, known = self.object_of(event, docket)
        if not known:
            return
        maybe: Missing = ()
        gathered: set[str] = set()
        since = self._since(event, view)
        for candidate, missing, least in self._candidates(view, object_id):
            if candidate is event or not all(before(one, candidate) for one in since):
                continue
            early = self._early_enough(candidate, event, least)
            if early is False:
                continue
            open_ = missing if early is True else missing + early
            if open_:
                maybe = maybe or open_
            elif self.rule.together is None:
                docket.satisfied(self.rule, event, candidate, object_id)
                return
            elif self.rule.together[0] in candidate.data:
                gathered.update(candidate.data[self.rule.together[0]])
            else:
                maybe = maybe or (self.rule.together[0],)
        if self.rule.together is not None and self.rule.together[1] <= gathered:
            docket.satisfied(self.rule, event, event, object_id)
        elif maybe:
            docket.inconclusive(self.rule, event, maybe, object_id, event=event)
        else:
            docket.violated(self.rule, event, event, object_id=object_id)

    def _candidates(self, view: View, object_id: str | None) -> Iterator[tuple[Event, Missing, Period | None]]:
        for pairs, least in self.needs:
            for candidate, missing in candidates(view, pairs, self.per, object_id):
                yield candidate, missing, least

    def _since(self, event: Event, view: View) -> list[Event]:
        """The events after which alone the earlier one counts: as they can make a breach, those that certainly came."""
        object_id = event.objects.get(self.tied) if self.tied else None
        return [
            c for c, missing in candidates(view, self.after, self.tied, object_id)
            if not missing and certainly_before(c, event)
        ]  # fmt: skip

    def _early_enough(self, candidate: Event, event: Event, own: Period | None) -> Answer:
        """Whether it came early enough, and not too early; months may leave a distance open."""
        rule, least, open_ = self.rule, own or self.rule.at_least, False
        if not (candidate.day <= event.last if rule.by_day else before(candidate, event)):
            return False
        if rule.within is not None:
            oldest = rule.within.of(event.day)
            if candidate.last < minus(event.day, oldest):
                return False
            open_ = candidate.day < minus(event.last, oldest)
        if least is not None:
            if plus(candidate.day, least) > event.last:
                return False
            open_ = open_ or plus(candidate.last, least) > event.day
        return ("time",) if open_ else True


class AbsenceJudge(Judge):
    """Compiled ``absence`` rule."""

    rule: Absence

    def __init__(self, rule: Absence, vocabulary: Vocabulary) -> None:
        super().__init__(rule, vocabulary)
        opening, closing = rule.between or ((), ())
        self.opening, self.closing = self.conditions.selectors(opening), self.conditions.selectors(closing)
        self.tied = vocabulary.tie((kind for kind, _ in self.closing), rule.per)

    def judge(self, event: Event, view: View, docket: Docket, trigger: Trigger) -> None:
        """Every event that gets here is a breach, unless it lies outside the forbidden stretch."""
        if self.rule.between is None:
            docket.violated(self.rule, event, event)
            return
        object_id, known = self.object_of(event, docket)
        if not known:
            return
        openings = [e for e, missing in candidates(view, self.opening, self.per, object_id)
                    if not missing and certainly_before(e, event)]  # fmt: skip
        closings = [(e, missing) for e, missing in candidates(view, self.closing, self.tied, object_id)
                    if before(e, event) and e is not event]  # fmt: skip
        ends = [[missing for e, missing in closings if before(opening, e)] for opening in openings]
        if not all(ends):
            docket.violated(self.rule, event, event, object_id=object_id)
        elif any(() not in missing for missing in ends):
            doubt = next(missing[0] for missing in ends if () not in missing)
            docket.inconclusive(self.rule, event, doubt, object_id, event=event)


class ConditionJudge(Judge):
    """Compiled ``condition`` or ``authority`` rule."""

    rule: Condition

    def __init__(self, rule: Condition, vocabulary: Vocabulary) -> None:
        super().__init__(rule, vocabulary)
        conditions = Conditions(vocabulary, rule.per, required=True)
        kinds = [kind for t in rule.when for kind in t.selector.types]
        self.checks = {kind: conditions.where(rule.require, (kind,)) for kind in kinds}
        self.grace = max(_grace(rule.require), key=lambda by: by.count, default=None)
        awaited = _without_grace(rule.require)
        self.awaiting = {kind: conditions.where(awaited, (kind,)) for kind in kinds} if self.grace else {}

    def judge(self, event: Event, view: View, docket: Docket, trigger: Trigger) -> None:
        """Judge the event by its own fields, its actor, panel and approvals."""
        answer = self.checks[event.type](event, view)
        if answer is True:
            docket.satisfied(self.rule, event, event)
        elif answer is not False:
            docket.inconclusive(self.rule, event, answer, event=event)
        elif self.grace is not None and self._may_come(event, view, docket, self.grace):
            docket.pending(self.rule, event, deadline(docket.calendar, event.day, self.grace))
        else:
            docket.violated(self.rule, event, event)

    def _may_come(self, event: Event, view: View, docket: Docket, grace: Period) -> bool:
        """Whether an approval that may follow the act is all that is wanting, and may still come."""
        due = due_day(docket.calendar, event.day, grace)
        if due is None or self.awaiting[event.type](event, view) is False:
            return False
        return not view.family.over(due)


def _grace(where: Where) -> Iterator[Period]:
    for atom in where.atoms:
        if isinstance(atom, ApprovalTest) and atom.by is not None:
            yield atom.by
        elif isinstance(atom, AnyOf):
            for branch in atom.branches:
                yield from _grace(branch)


def _without_grace(where: Where) -> Where:
    """The condition without the approvals that may still follow."""
    kept = [atom for atom in where.atoms if not (isinstance(atom, ApprovalTest) and atom.by is not None)]
    return Where(tuple(
        evolve(atom, branches=tuple(map(_without_grace, atom.branches))) if isinstance(atom, AnyOf) else atom
        for atom in kept
    ))  # fmt: skip


class IntervalJudge(Judge):
    """Compiled ``interval`` rule."""

    rule: Interval

    def __init__(self, rule: Interval, vocabulary: Vocabulary) -> None:
        super().__init__(rule, vocabulary)
        self.after = self.conditions.selectors(rule.after)

    def judge(self, event: Event, view: View, docket: Docket, trigger: Trigger) -> None:
        """Compare calendar days with the latest earlier event; a distance never rolls."""
        object_id, known = self.object_of(event, docket)
        period = None if self.rule.within is None else self.rule.within.of(event.day)
        if not known or period is None:
            return
        earlier = [(e, missing) for e, missing in candidates(view, self.after, self.per, object_id)
                   if e is not event and certainly_before(e, event)]  # fmt: skip
        known_ones = [e for e, missing in earlier if not missing]
        if known_ones:
            least, most = (
                plus(max(days), period) for days in ([e.day for e in known_ones], [e.last for e in known_ones])
            )
            strictly = self.rule.strictly
            if event.last < least or (strictly and event.last == least):
                docket.violated(self.rule, event, event, object_id=object_id)
            elif event.day < most or (strictly and event.day == most):
                docket.inconclusive(self.rule, event, ("time",), object_id, event=event)
            else:
                docket.satisfied(self.rule, event, event, object_id)
        elif earlier:
            docket.inconclusive(self.rule, event, earlier[0][1], object_id, event=event)
