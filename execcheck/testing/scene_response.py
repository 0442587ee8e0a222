"""Scenes of ``response`` rules: what is owed comes on the last day, a day later, or not at all."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from execcheck.clauses import Path
from execcheck.durations import END, Period
from execcheck.events import Day
from execcheck.moments import COURT_ZONE
from execcheck.policy import Response
from execcheck.testing.building import LONG, Building
from execcheck.testing.solving import Solver
from execcheck.testing.story import CannotConstruct

LATE = 3


def response(building: Building, lawful: bool) -> Day | None:
    """See the module."""
    rule = building.rule
    assert isinstance(rule, Response)
    building.start()
    _prepare(building, rule)
    building.fill()
    if rule.before:
        return _before_event(building, rule, lawful)
    period = _period(building, rule)
    if period is not None and period.unit == "h" and building.choices.of((True, True, False)):
        return _within_hours(building, rule, period, lawful)
    due = _stopped(building, rule, _due(building))
    if rule.provided:
        building.solver.selected(rule.provided[0], min(due, max(building.event.day, due - 1)), like=building.trigger)
    if lawful:
        return _in_time(building, rule, due)
    if building.choices.number(0, 1):
        put_in_answer(building, rule, due + 1 + building.choices.of((0, 0, LATE)))
        return None
    return due + 1


def _prepare(building: Building, rule: Response) -> None:
    """Everything besides the trigger that the duty takes: the date it names, the object it fans out over, a case."""
    story, name, choices = building.story, building.trigger, building.choices
    trigger, event = building.chosen, building.event
    assert trigger is not None
    path = trigger.due_on or rule.due_on
    if path is not None:
        later = event.day + choices.of((10, 1, 30))
        if path.root == "data":
            story.give(name, path.field, date.fromordinal(later))
        else:
            _look_up(building, path, later)
    counts = rule.counts_from
    if counts is not None and counts.field is not None:
        story.give(name, counts.field, date.fromordinal(event.day + choices.of((10, 0, 40))))
    if trigger.follow is not None:
        story.give(name, trigger.follow, story.number(story.law.definitions.cases.resumed_type or "执恢", 7))
    if rule.for_each is not None and rule.for_each.span is not None:
        span = story.law.definitions.spans[rule.for_each.span]
        building.solver.open_span(span, event.day - 1, name)
    elif rule.for_each is not None and choices.number(0, 1):
        own = story.filing(event.case, event.day - 1)
        if own is not None and story[own].type == rule.for_each.event_type:
            story.give(own, rule.for_each.field or "", (f"{rule.for_each.object}1",))
    if rule.reaching is not None:
        field = rule.reaching.field
        if not any(story[n].type in s.types for s in rule.reaching.of for n in story.events):
            building.solver.selected(rule.reaching.of[0], event.day, like=name)
        for other in list(story.events):
            if any(story[other].type in s.types for s in rule.reaching.of) and field not in story[other].data:
                story.give(other, field, Decimal(1000))


def _look_up(building: Building, path: Path, later: Day) -> None:
    story, event = building.story, building.event
    kind = building.choices.of(path.event_types)
    objects = {what: one for what, one in event.objects.items() if what == building.rule.per}
    other = story.add(kind, event.day - 1, case=event.case, objects=objects)
    story.give(other, path.field, date.fromordinal(later))
    Solver(story, building.rule.per).settle(building.trigger, building.where)


def _period(building: Building, rule: Response) -> Period | None:
    within = (building.chosen.within if building.chosen else None) or rule.within
    return None if within is None else within.of(building.event.day)


def _due(building: Building) -> Day:
    """The due day, by the engine: what the trigger alone is judged to have missed long after."""
    for judgement in building.judged(min(building.event.day + LONG, END)):
        if judgement.due is not None:
            return judgement.due.toordinal()
    if isinstance(building.rule, Response) and building.rule.provided:
        return _provided_due(building, building.rule)
    found = ", ".join(j.verdict.value for j in building.judged()) or "not_triggered"
    raise CannotConstruct(f"没有产生有期限的义务（{found}）", f"no duty with a due day arises ({found})")


def _provided_due(building: Building, rule: Response) -> Day:
    before = dict(building.story.events)
    building.solver.selected(rule.provided[0], building.event.day, like=building.trigger)
    found = [j.due.toordinal() for j in building.judged() if j.due is not None]
    building.story.events = before
    if not found:
        raise CannotConstruct("没有产生有期限的义务", "no duty with a due day arises")
    return found[0]


def _stopped(building: Building, rule: Response, due: Day) -> Day:
    """Now and then the clock is stopped, or the time extended; the due day then."""
    choices, event = building.choices, building.event
    if due <= event.day + 2:
        return due
    extra = choices.number(0, 3)
    if extra == 1 and rule.stops:
        span = building.story.law.definitions.spans[choices.of(rule.stops)]
        day = choices.number(event.day + 1, due - 1)
        opening = building.solver.open_span(span, day, building.trigger)
        if span.object is not None and span.link is not None and span.object not in building.story[opening].objects:
            building.solver.with_object(opening, span.object, f"{span.object}1")
        closing = building.solver.close_span(span, day + choices.of((1, 5, 9)), opening)
        if span.match is not None and span.match in building.story[opening].data:
            building.story.give(closing, span.match, building.story[opening].data[span.match])
        return _due(building)
    if extra == 2 and rule.extended_by is not None:
        granted = building.solver.selected(
            choices.of(rule.extended_by.selectors), choices.of((due, event.day + 1)), like=building.trigger
        )  # fmt: skip
        if rule.extended_by.within is None:
            building.story.give(granted, "until", date.fromordinal(due + choices.of((15, 1, 40))))
        return _due(building)
    return due


def _in_time(building: Building, rule: Response, due: Day) -> Day | None:
    """On the last day; or earlier than the trigger where that will do; or what ends the duty on the last day."""
    way = building.choices.number(0, 3)
    if way == 1 and rule.or_earlier:
        put_in_answer(building, rule, building.event.day - 2)
    elif way == 2 and rule.unless:
        unless = building.choices.of(rule.unless)
        building.solver.selected(unless, due, like=building.trigger)
    else:
        put_in_answer(building, rule, due)
    return None


def put_in_answer(building: Building, rule: Response, day: Day) -> str:
    """Put in what is owed, on a day."""
    story, event = building.story, building.event
    trigger = building.chosen
    case = event.data.get(trigger.follow) if trigger is not None and trigger.follow is not None else None
    selectors = rule.then
    if rule.reaching is not None:
        each = {kind for s in rule.reaching.each for kind in s.types}
        selectors = tuple(s for s in rule.then if set(s.types) & each) or rule.then
    selector = building.choices.of(selectors)
    name = building.solver.selected(selector, day, like=building.trigger, case=case)
    if rule.for_each is not None:
        building.solver.with_object(name, rule.for_each.object, f"{rule.for_each.object}1")
    for field, path in rule.match:
        getter = building.solver.conditions.getter(path, (event.type,))
        value = getter(event, story.family(building.trigger).view)
        if field in story.law.vocabulary.events[story[name].type].fields and isinstance(value, (str, bool, int)):
            story.give(name, field, value)
    if rule.reaching is not None:
        owed = sum(
            (e.data.get(rule.reaching.field, Decimal(0)) for e in story.events.values()
             if any(e.type in s.types for s in rule.reaching.of)), Decimal(0),
        )  # fmt: skip
        story.give(name, rule.reaching.field, owed)
    return name


def _within_hours(building: Building, rule: Response, period: Period, lawful: bool) -> Day | None:
    """Both events at instants, so that the last lawful second counts."""
    start = datetime.combine(date.fromordinal(building.event.day), time(building.choices.of((9, 16))), COURT_ZONE)
    building.story.stamp(building.trigger, start)
    end = start + timedelta(hours=period.count, seconds=0 if lawful else 1)
    name = put_in_answer(building, rule, end.toordinal())
    building.story.stamp(name, end)
    return None


def _before_event(building: Building, rule: Response, lawful: bool) -> Day | None:
    """Before the closing event, on the day of it; or after it, or not at all."""
    day = building.event.day + building.choices.of((5, 1, 30))
    closing = building.solver.selected(building.choices.of(rule.before), day, case=building.event.case)
    if rule.per is not None:
        for kind, own in building.event.objects.items():
            building.solver.with_object(closing, kind, own)
    if lawful:
        put_in_answer(building, rule, building.choices.of((day, day - 1)))
    elif building.choices.number(0, 1):
        put_in_answer(building, rule, day + 1)
    return None
