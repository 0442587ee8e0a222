"""Repairing a case: for each thing that a law book finds wrong with it, what the rule itself says would be right."""

from __future__ import annotations

from decimal import Decimal

from attrs import evolve

from execcheck.clauses import ALWAYS
from execcheck.docket import Finding
from execcheck.events import Actor, Day
from execcheck.judgement import Verdict
from execcheck.judging import Judging
from execcheck.policy import Aggregate, Condition, Interval, Precedence, Recurrence, Response, Rule, Separation
from execcheck.testing.building import Building
from execcheck.testing.choices import Choices
from execcheck.testing.scene_acts import latest_start, put_in_need
from execcheck.testing.scene_persons import name_person
from execcheck.testing.scene_response import put_in_answer
from execcheck.testing.solving import Solver
from execcheck.testing.story import CannotConstruct, Story


class Repairs:
    """Changes a story until findings go away. Each call raises :class:`CannotConstruct` where it knows no remedy."""

    def __init__(self, judging: Judging, story: Story, choices: Choices) -> None:
        self.judging = judging
        self.story = story
        self.choices = choices
        self._persons = 0

    def repair(self, finding: Finding) -> None:
        """Change the story so that this finding goes away; it may bring others."""
        rule, name = finding.rule, finding.trigger.id
        if finding.verdict is Verdict.INCONCLUSIVE:
            self._supply(finding)
        elif isinstance(rule, Recurrence):
            self._about(finding).solver.selected(self.choices.of(rule.then), _due(finding), like=name)
        elif isinstance(rule, Response):
            self.answer(finding, max(_due(finding) - bool(rule.before), finding.trigger.day))
        elif isinstance(rule, Condition):
            Solver(self.story, rule.per, required=True).settle(name, rule.require)
        elif isinstance(rule, Precedence):
            self._before(finding, rule)
        elif isinstance(rule, Separation) and not rule.same:
            self._other_person(rule, name)
        elif isinstance(rule, Interval) and rule.within is not None:
            self.story.move(name, self.story[name].day + max(rule.within.of(self.story[name].day).count, 1))
        elif isinstance(rule, Aggregate) and rule.at_most and rule.total.field in self.story[name].data:
            self.story.give(name, rule.total.field, Decimal(0))
        else:
            self._avoid(rule, name)

    def answer(self, finding: Finding, day: Day) -> str:
        """Put in what is owed under a response rule, on a day, about the object of the duty; returns its name."""
        building, rule = self._about(finding), finding.rule
        assert isinstance(rule, Response)
        name = put_in_answer(building, rule, day)
        if rule.per is not None and rule.per in finding.trigger.objects:
            building.solver.with_object(name, rule.per, finding.trigger.objects[rule.per])
        for kind, one in finding.objects.items():
            building.solver.with_object(name, kind, one)
        return name

    def _about(self, finding: Finding) -> Building:
        """The builder of scenes, at work on this story."""
        building = Building(self.judging, finding.rule, self.choices, self.story)
        building.take(finding.trigger.id)
        return building

    def _before(self, finding: Finding, rule: Precedence) -> None:
        """What had to come before is put in, as late as it may be."""
        building, day = self._about(finding), finding.trigger.day
        need = self.choices.of(rule.needs)
        least = need.at_least or rule.at_least
        put_in_need(building, need, rule, day if least is None else latest_start(day, least))

    def _other_person(self, rule: Separation, name: str) -> None:
        for source in rule.person:
            name_person(self.story, name, source, self._somebody_new())

    def _somebody_new(self) -> str:
        self._persons += 1
        return f"judge{self._persons}"

    def _avoid(self, rule: Rule, name: str) -> None:
        """The act is changed so that the rule does not look at it."""
        solver = Solver(self.story, rule.per)
        for trigger in rule.when:
            if self.story[name].type in trigger.selector.types and trigger.selector.where is not ALWAYS:
                solver.settle(name, trigger.selector.where, False)
                return
        raise CannotConstruct("此步骤无法补正", "the step is beyond repair")

    def _supply(self, finding: Finding) -> None:
        """The log gets what it lacks; else the rule is avoided."""
        rule, name = finding.rule, finding.trigger.id
        if isinstance(rule, Condition) and finding.event is not None:
            Solver(self.story, rule.per, required=True).settle(name, rule.require)
            return
        before = dict(self.story.events)
        building = self._about(finding)
        for missing in finding.missing:
            building.supply(missing)
        if self.story.events == before and {"actor", "actor.id"} & set(finding.missing):
            self.story.put(name, actor=evolve(self.story[name].actor or Actor(), id=self._somebody_new()))
        elif self.story.events == before:
            self._avoid(rule, name)


def _due(finding: Finding) -> Day:
    due = None if finding.deadline is None else finding.deadline.due
    if due is None:
        raise CannotConstruct("没有到期日", "there is no due day")
    return due
