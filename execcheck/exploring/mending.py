"""Whether a log in which one rule is obeyed can be changed so that another one is obeyed as well."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain, groupby, islice, permutations, product

from attrs import evolve, fields, frozen

from execcheck.calendars import Calendar
from execcheck.clauses import parts_of
from execcheck.docket import Finding
from execcheck.durations import END, Period
from execcheck.events import Day, Event
from execcheck.judgement import Verdict
from execcheck.judging import Judging
from execcheck.lawbook import Law
from execcheck.periods import due_day
from execcheck.policy import Absence, Recurrence, Rule, Separation
from execcheck.testing.building import LONG, Building
from execcheck.testing.choices import Choices
from execcheck.testing.repairs import Repairs
from execcheck.testing.scene_persons import name_person
from execcheck.testing.scenes import Scene, Stage
from execcheck.testing.story import CannotConstruct, Story, with_instants

REPAIRS = 10
"""How many findings are repaired before a log counts as one that cannot be mended."""
WRONG = (Verdict.VIOLATED, Verdict.INCONCLUSIVE)
FEW = 6
"""How many orders are tried where more would be no surer."""
ORDERS = 48
"""How many orders of the events of single days are tried."""


class Unmoved(Calendar):
    """A calendar on which no last day moves on: rules contradict each other also where some holiday reconciles them."""

    @classmethod
    def like(cls, calendar: Calendar) -> Unmoved:
        """The same rest days, for working days."""
        return cls(**{one.alias: getattr(calendar, one.name) for one in fields(Calendar) if one.init and one.alias})

    def next_working(self, day: Day) -> Day:
        """The day itself."""
        return day


@frozen
class Mended:
    """A log, and the rules that have something to say of it."""

    events: tuple[Event, ...]
    said: frozenset[str]


class Pair:
    """Two rules as a law book of their own."""

    def __init__(self, law: Law, stage: Stage, one: Rule, other: Rule) -> None:
        rules = {rule.id: evolve(rule, restates=(), examples=()) for rule in (one, other)}
        self.law = law.only(rules.values())
        self.judging = Judging(self.law, calendar=stage.calendar, keep_satisfied=True)
        self.rules = rules
        self.by_hours = any(isinstance(part, Period) and part.unit == "h" for part in parts_of(tuple(rules.values())))
        self.again = [rule for rule in rules.values() if isinstance(rule, Recurrence)]

    def horizon(self, events: Sequence[Event]) -> Day:
        """A day by which everything has fallen due; of what has to come again and again, a few rounds."""
        last = last_day(events)
        rounds = [
            due_day(self.judging.calendar, last, rule.within.of(last)) or last for rule in self.again if rule.within
        ]
        return min(last + (2 * (max(rounds) - last) + 1 if rounds else LONG), END)

    def findings(self, events: Sequence[Event], day: Day) -> list[Finding]:
        """What both rules say on a day."""
        return [finding for finding in self.judging.findings(events, day) if finding.rule.id in self.rules]

    def mended(self, scene: Scene, choices: Choices, only: str | None = None) -> Mended | None:
        """The log in which both rules are obeyed, or only one of them; None where the scene cannot be mended."""
        story = self._story(scene, choices)
        mender, day = _Mender(self.judging, story, choices), self.horizon(scene.events)
        try:
            for _ in range(REPAIRS):
                findings = self.findings(list(story.events.values()), day)
                wrong = [f for f in findings if f.verdict in WRONG and only in (None, f.rule.id)]
                events = story.ordered()
                if wrong:
                    mender.repair(wrong[0])
                elif only is not None or self.in_order(self._by_day(events), day):
                    return Mended(events, frozenset(f.rule.id for f in findings))
                else:  # both are obeyed only as long as the log does not show the order
                    story.events = {
                        event.id: event for event in choices.of(tuple(islice(orders(self._by_day(events)), FEW)))
                    }
        except CannotConstruct:
            pass
        return None

    def _story(self, scene: Scene, choices: Choices) -> Story:
        trigger = next(event for event in scene.events if event.id == scene.trigger)
        story = Story(self.law, choices, trigger.day, self.judging.calendar, scene.rule.pack.region)
        story.events = {event.id: event for event in scene.events}
        story.case = trigger.case
        return story

    def _by_day(self, events: Sequence[Event]) -> tuple[Event, ...]:
        """The events without their instants, where hours do not matter: they get others, all different."""
        return tuple(events) if self.by_hours else tuple(evolve(e, time=date.fromordinal(e.day)) for e in events)

    def in_order(self, events: Sequence[Event], day: Day) -> bool:
        """Whether both rules are obeyed also where the log shows the order of each day's events, in some order."""
        return any(
            all(f.verdict is not Verdict.VIOLATED for f in self.findings(order, day)) for order in orders(events)
        )


def orders(events: Sequence[Event]) -> Iterator[tuple[Event, ...]]:
    """The events at instants, those of each day in any order: so many orders as are looked at."""
    days = [tuple(group) for _, group in groupby(events, key=lambda event: event.day)]
    for several in islice(product(*(permutations(day) for day in days)), ORDERS):
        yield with_instants(chain(*several))


class _Mender(Repairs):
    """Repairs that also know how to end a forbidden stretch, and how to let the same person act."""

    def repair(self, finding: Finding) -> None:
        """Change the story so that this finding goes away; it may bring others."""
        rule, name = finding.rule, finding.trigger.id
        if finding.verdict is not Verdict.VIOLATED:
            super().repair(finding)
        elif isinstance(rule, Absence) and rule.between is not None:
            closing = self.choices.of(rule.between[1])
            self._about(finding).solver.selected(closing, finding.trigger.day, like=name)
        elif isinstance(rule, Separation) and rule.same:
            self._same_person(rule, finding)
        else:
            super().repair(finding)

    def _same_person(self, rule: Separation, finding: Finding) -> None:
        """One of the people named elsewhere acts, the first with whom the rule is content."""
        name, before = finding.trigger.id, dict(self.story.events)
        for person in _people(event for other, event in before.items() if other != name):
            for source in rule.person:
                name_person(self.story, name, source, person)
            building = Building(self.judging, rule, self.choices, self.story)
            building.trigger = name
            if not any(j.verdict is Verdict.VIOLATED for j in building.judged()):
                return
            self.story.events = dict(before)
        raise CannotConstruct("找不到应为同一人的人员", "nobody is found who could be the same person")


def _people(events: Iterator[Event] | Sequence[Event]) -> Iterator[str]:
    """Everybody whom events may name."""
    for event in events:
        for actor in (event.actor, *(event.panel or ())):
            if actor is not None and actor.id is not None:
                yield actor.id
        yield from (value for value in event.data.values() if isinstance(value, str))


def last_day(events: Sequence[Event]) -> Day:
    """The day of the last event."""
    return max(event.day for event in events)
