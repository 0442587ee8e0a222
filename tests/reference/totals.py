"""``aggregate``: after each event a running total stays within a bound. ``recurrence``: something in every period."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from attrs import frozen

from execcheck.events import Event
from execcheck.policy import Aggregate, Recurrence, Total
from reference import spans
from reference.asking import meant
from reference.ordering import before, day
from reference.periods import due_day, later
from reference.said import INCONCLUSIVE, SATISFIED, Known, Verdict
from reference.world import Sight

About = tuple[str, str] | None


@frozen
class Amount:
    """A total of what certainly counts, how many members that were, and whether something else may count."""

    value: Decimal
    members: int
    open: bool
    nameless: int = 0  # members of which only the object is open


def aggregate(rule: Aggregate, event: Event, sight: Sight, about: About) -> Iterator[Verdict]:
    """Compare the total after the event with the bound; totals only grow with what the log lacks."""
    for kind in rule.provided_all:
        if not any(other is event or before(other, event) for other in sight.of(kind)):
            return
    total = _amount(rule.total, rule, event, sight, about, in_order=rule.at_most)
    if total.members < rule.least:
        if total.nameless and total.members + total.nameless >= rule.least:
            yield INCONCLUSIVE
        return
    bound = _bound(rule, event, sight, about)
    if bound is None:
        yield INCONCLUSIVE
        return
    within = total.value <= bound.value if rule.at_most else total.value >= bound.value
    may_grow = total if within is rule.at_most else bound
    if may_grow.open:
        yield INCONCLUSIVE
    else:
        yield SATISFIED if within else Verdict("violated", None, event)


def _bound(rule: Aggregate, event: Event, sight: Sight, about: About) -> Amount | None:
    bound = rule.bound
    if bound.constant is not None:
        return Amount(bound.constant, 0, open=False)
    if bound.total is not None:
        return _amount(bound.total, rule, event, sight, about, in_order=False)
    for group in bound.latest:
        found = [e for e in sight.of(*group) if bound.field in e.data and (e is event or before(e, event))]
        if found:
            value = Decimal(found[-1].data[bound.field])
            return Amount(value if bound.times is None else value * bound.times, 1, open=False)
    return None


def _amount(total: Total, rule: Aggregate, event: Event, sight: Sight, about: About, *, in_order: bool) -> Amount:
    if total.span is not None:
        return _in_span(total, event, sight)
    members = [
        (other, sure) for other, sure in meant(total.over, sight, rule.per, about)
        if other is event or (_sorted_before(other, event, sight) if in_order else before(other, event))
    ]  # fmt: skip
    sure_ones = [other for other, sure in members if sure]
    open_, nameless = len(sure_ones) < len(members), sum(_nameless(other, about) for other, _ in members)
    if total.measure == "count":
        return Amount(Decimal(len(sure_ones)), len(sure_ones), open_, nameless)
    if total.measure == "distinct":
        named = [_named(total, other) for other in sure_ones]
        values = {value for value in named if value is not None}
        return Amount(Decimal(len(values)), len(members), open_ or None in named)
    amounts = [other.data.get(total.field) for other in sure_ones]
    value = sum((amount for amount in amounts if amount is not None), Decimal(0))
    return Amount(value, len(sure_ones), open_ or None in amounts, nameless)


def _nameless(event: Event, about: About) -> bool:
    return about is not None and about[0] not in event.objects


def _named(total: Total, event: Event) -> object:
    if total.field == "actor":
        return event.actor.id if event.actor is not None else None
    return event.data.get(total.field)


def _sorted_before(other: Event, event: Event, sight: Sight) -> bool:
    """Of several events of one day each sees those that stand before it in the order of the log."""
    return sight.events.index(other) < sight.events.index(event)


def _in_span(total: Total, event: Event, sight: Sight) -> Amount:
    """The sum of the latest values of the objects in a span at the event."""
    kind = spans.kind_of(total.span or "", sight.world.law.vocabulary).object or ""
    running = [
        span for span in spans.spans(total.span or "", sight)
        if spans.covers(span, event) and (span.opening is event or _sorted_before(span.opening, event, sight))
    ]  # fmt: skip
    sure = {span.object for span in running if span.object and span.sure}
    nameless = sum(span.object is None for span in running)
    open_ = any(span.object not in sure and not span.sure for span in running) or nameless > 0
    open_ = open_ or any(span.perhaps_closed(event) for span in running)
    value = Decimal(0)
    for name in sure:
        said = [
            e for e in sight.events
            if e.objects.get(kind) == name and total.field in e.data and (e is event or before(e, event))
        ]  # fmt: skip
        if said:
            value += Decimal(said[-1].data[total.field])
        open_ = open_ or not said
    return Amount(value, len(sure), open_, nameless)


# --- recurrence -----------------------------------------------------------------------------------


def recurrence(rule: Recurrence, event: Event, sight: Sight, about: About) -> Iterator[Verdict]:
    """One judgement for each gap: from the trigger or an occurrence to the next, the end, or the observation."""
    if rule.within is None:
        return
    period, world = rule.within.of(day(event).toordinal()), sight.world
    found = [(e, s) for e, s in meant(rule.then, sight, rule.per, about) if e is not event and before(event, e)]
    end = _end(rule, event, sight)
    previous = day(event)
    for occurrence in (e for e, sure in found if sure and (end is None or day(e) <= end)):
        due = due_day(previous, period)
        assert due is not None
        if day(occurrence) <= due:
            yield Verdict("satisfied", due)
        else:
            yield _gap(found, previous, due, occurrence)
        previous = day(occurrence)
    due = due_day(previous, period)
    assert due is not None
    if end is not None and end <= due:
        yield Verdict("satisfied", due)
    elif not world.over(due):
        yield Verdict("pending", due)
    else:
        yield _gap(found, previous, due, None)


def _gap(found: list[tuple[Event, Known]], previous: date, due: date, late: Event | None) -> Verdict:
    """A gap that was too long, unless something may have happened in it."""
    if any(sure is None and previous <= day(e) <= due for e, sure in found):
        return INCONCLUSIVE
    return Verdict("violated", due, late)


def _end(rule: Recurrence, event: Event, sight: Sight) -> date | None:
    """The day on which the duty ends: by an event, or after its total length."""
    ends = [day(e) for e, sure in meant(rule.until, sight, rule.per, None) if sure and before(event, e)]
    if rule.lasting is not None:
        ends.append(later(day(event), rule.lasting))
    return min(ends, default=None)
