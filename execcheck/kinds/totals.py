"""``aggregate`` (a running total stays within a bound) and ``recurrence`` (something happens in every period)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from operator import itemgetter

from execcheck.answers import Missing
from execcheck.docket import Docket
from execcheck.events import Day, Event
from execcheck.families import View
from execcheck.kinds.base import Judge, candidates
from execcheck.kinds.telling import amounts_text
from execcheck.order import before, moment
from execcheck.periods import Period, deadline, due_day, plus
from execcheck.policy import Aggregate, Recurrence, Total, Trigger
from execcheck.terms import Pairs
from execcheck.vocabulary import Vocabulary

Amount = tuple[Decimal, int, Missing, Missing]
"""A total, the number of its members, the fields without which it is not complete, those that hide members."""


class AggregateJudge(Judge):
    """Compiled ``aggregate`` rule."""

    rule: Aggregate

    def __init__(self, rule: Aggregate, vocabulary: Vocabulary) -> None:
        super().__init__(rule, vocabulary)
        self.over = self.conditions.selectors(rule.total.over)
        self.bound = self.conditions.selectors(rule.bound.total.over if rule.bound.total else ())
        carriers = {total.field: vocabulary.carriers(total.field) for total in (rule.total, rule.bound.total) if total}
        self.carriers: Mapping[str, frozenset[str]] = carriers

    def judge(self, event: Event, view: View, docket: Docket, trigger: Trigger) -> None:
        """Compare the total after the event with the bound."""
        rule = self.rule
        object_id, known = self.object_of(event, docket)
        if not known or not all(self._happened(kind, event, view) for kind in rule.provided_all):
            return
        # What raises the total counts in the order of the log; what raises the bound also where the order is open.
        total, members, doubt, hidden = self._amount(
            rule.total, self.over, event, view, object_id, in_order=rule.at_most
        )
        if members < rule.least:
            if hidden and members + len(hidden) >= rule.least:
                docket.inconclusive(rule, event, hidden, object_id, event=event)
            return
        bound, unknown = self._bound(event, view, object_id)
        if bound is None:
            docket.inconclusive(rule, event, unknown, object_id, event=event)
            return
        within = total <= bound if rule.at_most else total >= bound
        # Totals and bounds only grow with what the log lacks, so only one of the two can change the answer.
        gap = doubt if within is rule.at_most else unknown
        if gap:
            docket.inconclusive(rule, event, gap, object_id, event=event)
        elif within:
            docket.satisfied(rule, event, event, object_id)
        else:
            told = amounts_text(rule, self.conditions.vocabulary, total, bound)
            docket.violated(rule, event, event, told, object_id=object_id)

    def _happened(self, kind: str, event: Event, view: View) -> bool:
        return any(other is event or before(other, event) for other in view.of(kind))

    def _bound(self, event: Event, view: View, object_id: str | None) -> tuple[Decimal | None, Missing]:
        bound = self.rule.bound
        if bound.constant is not None:
            return bound.constant, ()
        if bound.total is not None:
            total, _, doubt, _ = self._amount(bound.total, self.bound, event, view, object_id, in_order=False)
            return total, doubt
        for group in bound.latest:
            for other in reversed(view.of_any(group)):
                if bound.field in other.data and (other is event or before(other, event)):
                    value = Decimal(other.data[bound.field])
                    return (value if bound.times is None else value * bound.times), ()
        return None, (bound.field,)

    def _amount(
        self, total: Total, over: Pairs, event: Event, view: View, object_id: str | None, *, in_order: bool
    ) -> Amount:
        if total.span is not None:
            return self._in_span(total, event, view)
        members = [
            (other, missing) for other, missing in candidates(view, over, self.per, object_id)
            if other is event or (_not_later(other, event, view) if in_order else before(other, event))
        ]  # fmt: skip
        if total.measure == "distinct":
            return self._distinct(total, members)
        doubt: Missing = tuple(name for _, missing in members for name in missing)
        hidden = tuple(f"objects.{self.per}" for other, _ in members if self.per and self.per not in other.objects)
        sure = [other for other, missing in members if not missing]
        if total.measure == "count":
            return Decimal(len(sure)), len(sure), doubt, hidden
        doubt += tuple(f"{other.type}.{total.field}" for other in sure if total.field not in other.data)
        return sum((other.data.get(total.field, Decimal(0)) for other in sure), Decimal(0)), len(sure), doubt, hidden

    def _distinct(self, total: Total, members: list[tuple[Event, Missing]]) -> Amount:
        values, doubt = set(), ()  # type: set[object], Missing
        for other, missing in members:
            value = (other.actor.id if other.actor else None) if total.field == "actor" else other.data.get(total.field)
            if missing or value is None:
                doubt += missing or (("actor.id",) if total.field == "actor" else (total.field,))
            else:
                values.add(value)
        return Decimal(len(values)), len(members), doubt, ()

    def _in_span(self, total: Total, event: Event, view: View) -> Amount:
        """The sum of the latest values of the objects in the span at the event."""
        spans = [
            span for span in view.spans(total.span or "")
            if span.covers(event) and (span.opening is event or _not_later(span.opening, event, view))
        ]  # fmt: skip
        sure = {span.object_id for span in spans if span.object_id and not span.doubtful}
        doubt: Missing = tuple(name for span in spans if span.object_id not in sure for name in span.doubtful)
        doubt += tuple(name for span in spans for name in span.perhaps_closed(event))
        kind = view.family.definitions.spans[total.span or ""].object
        hidden = tuple(f"objects.{kind}" for span in spans if span.object_id is None)
        doubt += hidden
        amount = Decimal(0)
        for object_id in sorted(name for name in sure if name):
            value = self._latest_value(total, object_id, event, view)
            if value is None:
                doubt += (total.field,)
            else:
                amount += value
        return amount, len(sure), doubt, hidden

    def _latest_value(self, total: Total, object_id: str, event: Event, view: View) -> Decimal | None:
        kind = view.family.definitions.spans[total.span or ""].object or ""
        for other in reversed(view.carrying(total.field, kind, object_id, self.carriers[total.field])):
            if other is event or before(other, event):
                return Decimal(other.data[total.field])
        return None


def _not_later(other: Event, event: Event, view: View) -> bool:
    """In the order of the log: of several events of one day, each sees those that are sorted before it."""
    if other.day != event.day and view.family.exact:
        return other.day < event.day
    return next(e for e in view.events if e is other or e is event) is other


class RecurrenceJudge(Judge):
    """Compiled ``recurrence`` rule."""

    rule: Recurrence

    def __init__(self, rule: Recurrence, vocabulary: Vocabulary) -> None:
        super().__init__(rule, vocabulary)
        self.then, self.until = self.conditions.selectors(rule.then), self.conditions.selectors(rule.until)

    def judge(self, event: Event, view: View, docket: Docket, trigger: Trigger) -> None:
        """One judgement for each gap: from the trigger or an occurrence to the next one, the end, or now."""
        object_id, known = self.object_of(event, docket)
        period = None if self.rule.within is None else self.rule.within.of(event.day)
        if not known or period is None:
            return
        later = [
            (e, m) for e, m in candidates(view, self.then, self.per, object_id) if e is not event and before(event, e)
        ]
        sure = sorted((e for e, missing in later if not missing), key=lambda e: (e.day, moment(e)))
        end, ending = self._end(event, view, object_id)
        previous = event
        for occurrence in [*(e for e in sure if end is None or e.day <= end), None]:
            start = previous.last
            due = due_day(docket.calendar, start, period) or view.family.now
            strict = due if view.family.exact else due_day(docket.calendar, previous.day, period) or due
            if occurrence is not None and occurrence.day <= due and occurrence.last > strict:
                docket.inconclusive(self.rule, event, ("time",), object_id, event=occurrence)
            elif occurrence is not None and occurrence.day <= due:
                self._satisfied(event, occurrence, docket, object_id, start, period)
            elif occurrence is None and end is not None and end <= due:
                self._satisfied(event, ending, docket, object_id, start, period)
            elif occurrence is None and not view.family.over(due):
                docket.pending(self.rule, event, deadline(docket.calendar, start, period), object_id)
            else:
                doubt = [m for e, m in later if m and previous.day <= e.last and e.day <= due]
                if doubt:
                    docket.inconclusive(self.rule, event, doubt[0], object_id, event=occurrence)
                else:
                    now = view.family.now
                    last = occurrence.day if occurrence is not None else min(now, end or now)
                    docket.violated(
                        self.rule,
                        event,
                        occurrence,
                        object_id=object_id,
                        deadline=deadline(docket.calendar, start, period),
                        days_late=last - due,
                    )
            previous = occurrence or previous

    def _satisfied(
        self, event: Event, met: Event | None, docket: Docket, object_id: str | None, start: Day, period: Period
    ) -> None:
        """Enter a gap that was short enough; its working is only wanted where satisfied duties are kept."""
        working = deadline(docket.calendar, start, period) if docket.keep else None
        docket.satisfied(self.rule, event, met, object_id, deadline=working)

    def _end(self, event: Event, view: View, object_id: str | None) -> tuple[Day | None, Event | None]:
        """The day on which the duty ends, and the event that ends it (None where its total length does)."""
        ends = [
            (end.day, end) for end, missing in candidates(view, self.until, None, object_id)
            if not missing and before(event, end)
        ]  # fmt: skip
        day, ending = min(ends, key=itemgetter(0), default=(None, None))
        last = plus(event.day, self.rule.lasting) if self.rule.lasting is not None else None
        return (last, None) if last is not None and (day is None or last < day) else (day, ending)
