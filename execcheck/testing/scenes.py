"""Scenes: the smallest logs in which a rule is just obeyed, or just broken.

A scene is built from the rule alone, for a user's law book as for the shipped one: the trigger is made to meet its
conditions, what the rule demands is put in on the last lawful day (or the first one after it), and people and amounts
are chosen to fit. What was built is put to the engine: a scene that does not show what it should is built again with
other choices, so that nothing is ever filtered out, and :class:`CannotConstruct` says where nothing could be built.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

from attrs import evolve, frozen

from execcheck.calendars import Calendar
from execcheck.durations import END
from execcheck.events import Day, Event
from execcheck.judgement import Judgement, Verdict
from execcheck.judging import Judging
from execcheck.lawbook import Law
from execcheck.policy import Rule
from execcheck.testing.building import Build, Building
from execcheck.testing.choices import Choices, Plain, Seeded
from execcheck.testing.scene_acts import absence, condition, interval, precedence
from execcheck.testing.scene_persons import separation
from execcheck.testing.scene_response import response
from execcheck.testing.scene_totals import aggregate, recurrence
from execcheck.testing.story import CannotConstruct, log_lines, with_instants

Side = Literal["obeyed", "broken"]
ATTEMPTS = 24

BUILDERS: Mapping[str, Build] = {
    "response": response, "precedence": precedence, "absence": absence, "condition": condition,
    "authority": condition, "separation": separation, "interval": interval, "recurrence": recurrence,
    "aggregate": aggregate,
}  # fmt: skip


@frozen(repr=False)
class Scene:
    """A log with what a rule says about it.

    ``trigger`` is the id of the event that is judged or made the duty, ``finding`` what the rule found: the breach
    of a broken scene, the duty met of an obeyed one (None where an obeyed scene does not trigger the rule).
    """

    rule: Rule
    side: Side
    events: tuple[Event, ...]
    as_of: date
    trigger: str
    finding: Judgement | None

    def __repr__(self) -> str:
        return f"{self.rule.id}, {self.side}, as of {self.as_of}:\n{log_lines(self.events)}"

    @property
    def due(self) -> date | None:
        """The last lawful day, where there is one."""
        return None if self.finding is None else self.finding.due


class Stage:
    """A law book on which scenes are built; it keeps what is compiled. ``calendar`` is the court's."""

    def __init__(self, law: Law, calendar: Calendar | None = None) -> None:
        self.law = law
        self.calendar = calendar or Calendar.load()
        self._judgings: dict[str, Judging] = {}

    def judging(self, rule: Rule) -> Judging:
        """The law book with this rule only, ready to judge."""
        found = self._judgings.get(rule.id)
        if found is None or found.law.rules[rule.id] is not rule:
            found = self._judgings[rule.id] = Judging(
                self.law.only([rule]), calendar=self.calendar, keep_satisfied=True
            )
        return found

    def scene(self, rule: Rule, side: Side, choices: Choices | None = None) -> Scene:
        """A scene of a rule on one side of its boundary. Raises :class:`CannotConstruct` where none was found."""
        chosen = Plain() if choices is None else choices
        seed = chosen.number(0, 0xFFFF)
        reasons: dict[str, CannotConstruct] = {}
        for attempt in range(ATTEMPTS):
            building = Building(self.judging(rule), rule, chosen if not attempt else Seeded(seed + attempt))
            try:
                built = BUILDERS[rule.kind](building, side == "obeyed")
                return self._shown(building, side, built)
            except CannotConstruct as reason:
                reasons.setdefault(str(reason), reason)
        zh, en = "；".join(r.zh for r in reasons.values()), "; ".join(r.en for r in reasons.values())
        raise CannotConstruct(f"{rule.id}：{zh}", f"{rule.id}: {en}")

    def _shown(self, building: Building, side: Side, as_of: Day | None) -> Scene:
        """The scene, if the rule says what it should; half the time with instants instead of days, if it still does."""
        events, trigger = building.story.ordered(), building.story.ids()[building.trigger]
        day = max(event.day for event in events) if as_of is None else as_of
        now = date.fromordinal(min(day, END))
        scene = Scene(building.rule, side, events, now, trigger, self._finding(building, side, events, trigger, now))
        if building.choices.number(0, 1):
            events = with_instants(events)
            try:
                finding = self._finding(building, side, events, trigger, now)
            except CannotConstruct:
                return scene
            return evolve(scene, events=events, finding=finding)
        return scene

    def _finding(
        self, building: Building, side: Side, events: tuple[Event, ...], trigger: str, now: date
    ) -> Judgement | None:
        """What the rule says of the trigger; raises :class:`CannotConstruct` where it is not what the side asks for."""
        judged = [j for j in building.judging.outcome(events, now).judgements if j.rule == building.rule.id]
        verdicts = [j.verdict for j in judged]
        own = {j.verdict: j for j in judged if j.trigger.id == trigger}
        if Verdict.INCONCLUSIVE in verdicts:
            missing = ", ".join(sorted({name for j in judged for name in j.missing}))
            raise CannotConstruct(f"日志仍缺少 {missing}", f"the log still lacks {missing}")
        if side == "broken" and verdicts.count(Verdict.VIOLATED) == 1 and Verdict.VIOLATED in own:
            return own[Verdict.VIOLATED]
        silent = building.rule.kind == "absence"
        if side == "obeyed" and Verdict.VIOLATED not in verdicts and (silent or Verdict.SATISFIED in own):
            return own.get(Verdict.SATISFIED)
        found = ", ".join(verdict.value for verdict in verdicts) or "not_triggered"
        raise CannotConstruct(f"所构造的日志得出 {found}", f"the log that was built gives {found}")
