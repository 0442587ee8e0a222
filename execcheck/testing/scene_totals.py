"""Scenes of ``aggregate`` and ``recurrence`` rules: totals on their bound, gaps as long as they may be."""

from __future__ import annotations

from decimal import Decimal

from execcheck.clauses import Selector
from execcheck.events import Actor, Day
from execcheck.policy import Aggregate, Recurrence, Total
from execcheck.testing.building import Building
from execcheck.testing.settling import CENT
from execcheck.testing.solving import opening
from execcheck.testing.story import CannotConstruct


def recurrence(building: Building, lawful: bool) -> Day | None:
    """The next occurrence on the last day of the period; or a day later, or never."""
    rule = building.rule
    assert isinstance(rule, Recurrence)
    building.start()
    due = next((j.due for j in building.judged(building.event.day) if j.due is not None), None)
    if due is None:
        raise CannotConstruct("没有产生有期限的义务", "no duty with a due day arises")
    last = due.toordinal()
    if not lawful and not building.choices.number(0, 1):
        return last + 1
    on = last if lawful else last + 1
    building.solver.selected(building.choices.of(rule.then), on, like=building.trigger)
    if rule.until and building.choices.number(0, 1):
        building.solver.selected(building.choices.of(rule.until), on + 3, case=building.event.case)
    return None


def aggregate(building: Building, lawful: bool) -> Day | None:
    """The total stands on its bound; or just beyond it."""
    rule = building.rule
    assert isinstance(rule, Aggregate)
    kinds = _members_first(rule)
    building.start(kinds=kinds)
    day = building.event.day
    for place, kind in enumerate(rule.provided_all):
        if kind != building.event.type:
            building.story.add(kind, day - 3 - place, case=building.event.case)
    bound = _bound(building, rule)
    step = CENT if rule.total.measure == "sum" else Decimal(1)
    wanted = bound if lawful else bound + step * (1 if rule.at_most else -1)
    if rule.total.measure == "sum":
        _sum(building, rule, wanted)
    elif rule.total.measure == "count":
        _count(building, rule, int(wanted))
    else:
        _distinct(building, rule, int(wanted))
    building.solver.settle(building.trigger, building.where)
    return None


def _members_first(rule: Aggregate) -> tuple[str, ...]:
    """The triggers that are counted themselves, if there are any."""
    own = {kind for trigger in rule.when for kind in trigger.selector.types}
    return tuple(kind for selector in rule.total.over for kind in selector.types if kind in own)


def _bound(building: Building, rule: Aggregate) -> Decimal:
    bound, story, day = rule.bound, building.story, building.event.day
    if bound.constant is not None:
        return bound.constant
    case = building.event.case
    if bound.total is not None:
        name = building.solver.selected(building.choices.of(bound.total.over), day - 5, like=building.trigger)
        amount = Decimal(building.choices.of((1000, 250)))
        story.give(name, bound.total.field, amount)
        return amount
    kinds = building.choices.of(bound.latest)
    kind = building.choices.of(kinds)
    found = [n for n, e in story.events.items() if e.type == kind]
    name = found[0] if found else story.add(kind, day - 5, case=case)
    base = Decimal(building.choices.of((1000, 333)))
    story.give(name, bound.field, base)
    return base if bound.times is None else base * bound.times


def _sum(building: Building, rule: Aggregate, wanted: Decimal) -> None:
    """Amounts that add up to the wanted total, one of them the trigger's own where it is counted."""
    wanted = wanted.quantize(CENT)
    total, story, least = rule.total, building.story, max(rule.least, 1)
    parts = [(wanted / least).quantize(CENT)] * (least - 1)
    parts.append(wanted - sum(parts, Decimal(0)))
    members = _members(building, total, least)
    for name, amount in zip(members, parts, strict=True):
        story.give(name, total.field, amount)


def _members(building: Building, total: Total, count: int) -> list[str]:
    """So many events that the total counts, on objects of their own; the trigger is one of them where it can be."""
    event = building.event
    if total.span is not None:
        return _in_span(building, total, count)
    counted = [s for s in total.over if event.type in s.types]
    names = [building.trigger] if counted else []
    last = event.day if counted else event.day - 1  # what comes on the same day is not certain to count
    while len(names) < count:
        selector = building.choices.of(counted or total.over)
        names.append(building.solver.selected(selector, last - len(names), like=building.trigger))
    return names[:count] if count else []


def _in_span(building: Building, total: Total, count: int) -> list[str]:
    story, event = building.story, building.event
    span = story.law.definitions.spans[total.span or ""]
    kinds = [kind for selector in opening(span) for kind in selector.types]
    names = [building.trigger] if event.type in kinds else []
    while len(names) < count:
        about = {} if span.object is None else {span.object: f"{span.object}{len(names) + 1}"}
        selector = building.choices.of(opening(span))
        name = story.add(
            building.choices.of(selector.types), event.day - 1 - len(names), case=event.case, objects=about
        )
        building.solver.settle(name, selector.where)
        names.append(name)
    return names


def _count(building: Building, rule: Aggregate, wanted: int) -> None:
    if wanted < 0:
        raise CannotConstruct("次数不能为负", "a number of events cannot be negative")
    _members(building, rule.total, wanted)


def _distinct(building: Building, rule: Aggregate, wanted: int) -> None:
    """So many different values; every event counted carries one of them."""
    if wanted < 1:
        raise CannotConstruct("人数不能少于一", "at least one value is named")
    story, total = building.story, rule.total
    kinds = {kind for selector in total.over for kind in selector.types}
    for kind in kinds:
        if not any(e.type == kind for e in story.events.values()) and kind in rule.provided_all:
            story.add(kind, building.event.day - 2, case=building.event.case)
    members = [name for name, event in story.events.items() if event.type in kinds]
    while len(members) < wanted:
        selector: Selector = building.choices.of(total.over)
        members.append(building.solver.selected(selector, building.event.day - 1, like=building.trigger))
    for place, name in enumerate(members):
        value = f"p{min(place, wanted - 1) + 1}"
        if total.field == "actor":
            story.put(name, actor=Actor(id=value))
        else:
            story.give(name, total.field, value)
