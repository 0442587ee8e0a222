"""Scenes of rules that judge an act by what stands in it or before it: precedence, absence, condition, interval."""

from __future__ import annotations

from execcheck.durations import Period, minus, plus
from execcheck.events import Day
from execcheck.policy import Absence, Condition, Interval, Need, Precedence
from execcheck.testing.building import Building
from execcheck.testing.solving import Solver
from execcheck.testing.story import CannotConstruct


def precedence(building: Building, lawful: bool) -> Day | None:
    """What is needed came just early enough; or a day too late, after the act, too long ago, or never."""
    rule = building.rule
    assert isinstance(rule, Precedence)
    building.start()
    choices, day = building.choices, building.event.day
    need = choices.of(rule.needs)
    least = need.at_least or rule.at_least
    oldest = None if rule.within is None else minus(day, rule.within.of(day))
    last = day if least is None else latest_start(day, least)
    if lawful:
        day = oldest if oldest is not None and choices.number(0, 1) else last
        if rule.after and choices.number(0, 1):
            building.solver.selected(choices.of(rule.after), day - 1, like=building.trigger)
        put_in_need(building, need, rule, day)
        building.fill()
        return None
    if rule.together is not None and len(rule.together[1]) > 1 and choices.number(0, 1):
        put_in_need(building, need, rule, last, short=True)
        return None
    wrong: list[Day | None] = [None, last + 1 if least is not None else day + 1]
    if oldest is not None:
        wrong.append(oldest - 1)
    on = choices.of(wrong)
    if on is None and rule.after and choices.number(0, 1):
        put_in_need(building, need, rule, last - 2)
        building.solver.selected(choices.of(rule.after), last - 1, like=building.trigger)
    elif on is not None:
        put_in_need(building, need, rule, on)
    return None


def latest_start(day: Day, least: Period) -> Day:
    """The last day from which a distance is kept up to a day."""
    return next(start for start in range(minus(day, least) + 3, 0, -1) if plus(start, least) <= day)


def put_in_need(building: Building, need: Need, rule: Precedence, day: Day, *, short: bool = False) -> None:
    """Put in what is needed; ``short``: one of the values that must be carried together is wanting."""
    name = building.solver.selected(need.selector, day, like=building.trigger)
    if rule.together is not None:
        field, values = rule.together
        kept = tuple(sorted(values))
        building.story.give(name, field, kept[1:] if short else kept)


def absence(building: Building, lawful: bool) -> Day | None:
    """The act happens; or it happens outside the forbidden stretch, or not in the forbidden way."""
    rule = building.rule
    assert isinstance(rule, Absence)
    building.start()
    if rule.between is not None:
        opening, closing = rule.between
        day = building.event.day
        if lawful and building.choices.number(0, 1):
            return None
        building.solver.selected(building.choices.of(opening), day - 3, like=building.trigger)
        if lawful:
            building.solver.selected(
                building.choices.of(closing), building.choices.of((day, day - 1)), like=building.trigger
            )
        building.fill()
        return None
    if lawful:
        building.solver.settle(building.trigger, building.where, False)
    building.fill()
    return None


def condition(building: Building, lawful: bool) -> Day | None:
    """The act meets what is required, on the boundary; or fails one point of it."""
    rule = building.rule
    assert isinstance(rule, Condition)
    building.start()
    required = Solver(building.story, rule.per, required=True)
    if lawful:
        for _ in range(3):
            required.settle(building.trigger, rule.require)
            building.solver.settle(building.trigger, building.where)
            building.fill()
        return None
    building.fill()
    required.fail_in_one(
        building.trigger, rule.require, lambda: building.solver.settle(building.trigger, building.where)
    )  # fmt: skip
    building.fill()
    waiting = [j.due for j in building.judged(building.event.day) if j.due is not None]
    return waiting[0].toordinal() + 1 if waiting else None


def interval(building: Building, lawful: bool) -> Day | None:
    """The act comes just far enough after the other one; or a day too soon."""
    rule = building.rule
    assert isinstance(rule, Interval)
    assert rule.within is not None
    building.start()
    day = building.event.day
    period = rule.within.of(day)
    last = latest_start(day, period)
    if rule.strictly and last + 1 > 0 and plus(last, period) == day:
        last = next(start for start in range(last, 0, -1) if plus(start, period) < day)
    first_wrong = last + 1
    if first_wrong >= day and not lawful:
        raise CannotConstruct("间隔太短", "the distance is too short to be broken")
    building.solver.selected(building.choices.of(rule.after), last if lawful else first_wrong, like=building.trigger)
    building.fill()
    return None
