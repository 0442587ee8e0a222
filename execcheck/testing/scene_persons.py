"""Scenes of ``separation`` rules: the person of an act is another one than before, or the same."""

from __future__ import annotations

from attrs import evolve

from execcheck.clauses import Selector
from execcheck.events import Actor, Day
from execcheck.policy import Separation
from execcheck.testing.building import Building
from execcheck.testing.solving import Solver
from execcheck.testing.story import CannotConstruct, Story

FORMER, OTHER = "h1", "h2"


def separation(building: Building, lawful: bool) -> Day | None:
    """See the module."""
    rule = building.rule
    assert isinstance(rule, Separation)
    building.start()
    day, other = building.event.day, rule.other
    same = rule.same is lawful
    if other.event_type is not None:
        earlier = building.solver.selected(Selector((other.event_type,)), day - 4, like=building.trigger)
        name_person(building.story, earlier, other.person or "", FORMER)
    elif other.of is not None:
        _related(building, rule)
    else:
        _holder(building, rule, day)
    for source in rule.person:
        name_person(building.story, building.trigger, source, OTHER)
    if same:
        name_person(building.story, building.trigger, building.choices.of(rule.person), FORMER)
    building.solver.settle(building.trigger, building.where)
    return None


def name_person(story: Story, name: str, source: str, person: str) -> None:
    """Let an event name a person: as its actor, on its panel, or in a data field."""
    event = story[name]
    if source == "actor":
        story.put(name, actor=evolve(event.actor or Actor(), id=person))
    elif source == "panel":
        story.put(name, panel=(Actor(id=person, quota_judge=True), Actor(id=f"{name}2"), Actor(id=f"{name}3")))
    else:
        story.give(name, source, person)


def _holder(building: Building, rule: Separation, day: Day) -> None:
    """Somebody held the office: before the act, or when that event happened on which the rule looks."""
    other, story = rule.other, building.story
    case = building.event.case
    if other.before is not None:
        story.add(other.before, day - 2, case=case)
    if other.at is not None:
        story.add(other.at, day - 4, case=case)
    _named(building, other.office or "", day - 6, case)


def _named(building: Building, office: str, day: Day, case: str) -> str:
    definition = building.story.law.definitions.offices[office]
    name = Solver(building.story, None).selected(building.choices.of(definition.selectors), day, case=case)
    building.story.give(name, definition.held_by, FORMER)
    return name


def _related(building: Building, rule: Separation) -> None:
    """Another case names somebody; the case of the act is filed as related to it."""
    of, story = rule.other.of, building.story
    if of is None:
        raise CannotConstruct("没有关联案件", "no related case")
    case = story.number(story.law.definitions.cases.default_type, 9)
    _named(building, rule.other.office or "", building.event.day - 6, case)
    filed = story.filing(building.event.case, building.event.day - 5)
    if filed is None:
        raise CannotConstruct("词汇表没有立案事件", "no event of the vocabulary opens a case")
    story.give(filed, of.field, (case,))
