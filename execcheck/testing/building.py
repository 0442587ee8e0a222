"""What the builders of scenes share: the story, the solver, the trigger, and the engine's opinion so far."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from execcheck.clauses import Selector, Where, for_type
from execcheck.durations import END
from execcheck.events import Day, Event
from execcheck.judgement import Judgement
from execcheck.judging import Judging
from execcheck.lifecycle import Lifecycle
from execcheck.policy import Rule, Trigger
from execcheck.testing.choices import Choices
from execcheck.testing.days import starting_day
from execcheck.testing.solving import Solver
from execcheck.testing.story import CannotConstruct, Story

LONG = 4_000
"""Days after which every duty has fallen due."""


class Building:
    """One attempt to build a scene: the story, and how its events are chosen."""

    def __init__(self, judging: Judging, rule: Rule, choices: Choices, story: Story | None = None) -> None:
        self.judging = judging
        self.rule = rule
        self.choices = choices
        self.calendar = judging.calendar
        if story is None:
            period = None if rule.within is None else rule.within.latest
            day = starting_day(period, choices, judging.calendar, rule.in_force)
            story = Story(judging.law, choices, day, judging.calendar, rule.pack.region)
        self.story = story
        self.day = story.day
        self.solver = Solver(self.story, rule.per)
        self.trigger = ""
        self.chosen: Trigger | None = None

    @property
    def event(self) -> Event:
        """The trigger as it is now."""
        return self.story[self.trigger]

    def start(self, kinds: Sequence[str] = ()) -> str:
        """Put in an event that triggers the rule, of one of ``kinds`` where it can be; returns its name."""
        trigger = self.choices.of(self.rule.when)
        selector = trigger.selector
        if kinds:
            selector = Selector(tuple(k for k in selector.types if k in kinds) or selector.types, selector.where)
        self.chosen = trigger
        self.trigger = self.solver.selected(selector, self.day)
        if self.rule.in_state is not None:
            machine, states = self.rule.in_state
            self._walk(self.story.law.lifecycles[machine], states)
        return self.trigger

    def take(self, name: str) -> None:
        """Take an event that is there already as the trigger."""
        fitting = [trigger for trigger in self.rule.when if self.story[name].type in trigger.selector.types]
        met = [
            t for t in fitting if self.solver.answer(name, for_type(t.selector.where, self.story[name].type)) is True
        ]
        self.trigger, self.chosen = name, next(iter(met or fitting), None)

    @property
    def where(self) -> Where:
        """What the trigger has to meet."""
        return Where() if self.chosen is None else self.chosen.selector.where

    def judged(self, day: Day = END) -> list[Judgement]:
        """What the rule says of the trigger on a day, with the events so far."""
        events = list(self.story.events.values())
        found = self.judging.outcome(events, date.fromordinal(min(day, END))).judgements
        return [j for j in found if j.rule == self.rule.id and j.trigger.id == self.trigger]

    def fill(self) -> None:
        """Give the events what the rule says it lacks."""
        for _ in range(6):
            lacking = [name for j in self.judged() for name in j.missing]
            if not lacking:
                return
            for name in lacking:
                self.supply(name)

    def supply(self, missing: str) -> None:
        """Give the events a field or an object that a rule said was missing."""
        events = self.story.law.vocabulary.events
        kind, _, field = missing.rpartition(".")
        if kind == "objects":
            for name in list(self.story.events):
                self.solver.with_object(name, field, f"{field}1")
            return
        for name, event in list(self.story.events.items()):
            fields = events[event.type].fields
            if field in fields and field not in event.data and kind in ("", event.type):
                self.story.give(name, field, self.story.value(fields[field], event.day))

    def _walk(self, lifecycle: Lifecycle, states: frozenset[str]) -> None:
        """Put in the shortest way through a lifecycle to one of some states, before the trigger."""
        way = shortest_way(lifecycle, states)
        if way is None:
            raise CannotConstruct(
                "流程到不了所要求的状态", "the lifecycle never gets into the states that are asked for"
            )
        objects = self.event.objects
        for place, (trigger, _) in enumerate(way):
            kind, _, _ = trigger.partition("[")
            name = self.story.add(kind, self.day - len(way) + place - 1, case=self.event.case, objects=objects)
            guard = lifecycle.guards.get(kind)
            if guard is not None:
                value = next((v for v, t in guard.triggers.items() if t == trigger), None)
                if guard.described is not None:
                    self.story.give(name, guard.name, value)


def shortest_way(lifecycle: Lifecycle, states: frozenset[str]) -> list[tuple[str, str]] | None:
    """The fewest steps (trigger, state) from the initial state to one of some states; None where there is no way."""
    ways: dict[str, list[tuple[str, str]]] = {lifecycle.initial: []}
    queue = [lifecycle.initial]
    for state in queue:
        if state in states:
            return ways[state]
        for (source, trigger), dest in lifecycle.table.items():
            if source == state and dest not in ways:
                ways[dest] = [*ways[state], (trigger, dest)]
                queue.append(dest)
    return None


Build = Callable[[Building, bool], Day | None]
"""Builds a scene, lawful or not; returns the day of observation, None for that of the last event."""
