"""From rules to handlers by event type: what can be worked out once per law book is worked out here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from attrs import evolve

from execcheck.answers import Check
from execcheck.case_numbers import parse
from execcheck.conditions import Conditions
from execcheck.docket import Docket, duty_key
from execcheck.events import Day, Event
from execcheck.families import Family, View
from execcheck.judgement import Verdict
from execcheck.kinds.base import Judge
from execcheck.kinds.persons import SeparationJudge
from execcheck.kinds.response import ResponseJudge
from execcheck.kinds.single import AbsenceJudge, ConditionJudge, IntervalJudge, PrecedenceJudge
from execcheck.kinds.totals import AggregateJudge, RecurrenceJudge
from execcheck.lawbook import Law
from execcheck.lifecycle import Lifecycle, WrongStep, states_at, walk
from execcheck.needs import ALL_CAPTURED, Capture, needs_of
from execcheck.parameters import as_of_today
from execcheck.policy import Milder, Response, Rule, Trigger
from execcheck.vocabulary import Vocabulary

JUDGES: Mapping[str, type[Judge]] = {
    "response": ResponseJudge, "precedence": PrecedenceJudge, "absence": AbsenceJudge, "condition": ConditionJudge,
    "authority": ConditionJudge, "separation": SeparationJudge, "interval": IntervalJudge,
    "recurrence": RecurrenceJudge, "aggregate": AggregateJudge,
}  # fmt: skip


class Entry(NamedTuple):
    """A rule as it concerns one trigger: first and last day in force, whether it sees the family, its condition."""

    start: Day
    end: Day
    sees_family: bool
    check: Check | None
    judge: Judge
    trigger: Trigger


class Bench:
    """A law book compiled for one source: judges families of cases.

    ``not_assessable`` tells, for each rule the source cannot feed, what it does not capture.
    """

    def __init__(self, law: Law, capture: Capture = ALL_CAPTURED, *, as_if_in_force: bool = False) -> None:
        self.law = law
        self.capture = capture
        self.not_assessable: dict[str, tuple[str, ...]] = {}
        self.entries: dict[str, dict[str | None, list[Entry]]] = {}  # by event type, then by region
        self.machines: dict[str, tuple[tuple[Lifecycle, str | None], ...]] = {}
        restating = {r.id: frozenset(law.rules.keys() & set(r.restates)) for r in law.rules.values() if r.restates}
        self.restating = {rule: restated for rule, restated in restating.items() if restated}
        self.restated = frozenset[str]().union(*self.restating.values())
        self.tracked = self.restated.union(self.restating)
        self._running: dict[str, ResponseJudge] = {}
        self.as_if_in_force = as_if_in_force
        for rule in law.rules.values():
            self._add(as_of_today(rule) if as_if_in_force else rule, as_if_in_force)
        for lifecycle in law.lifecycles.values():
            for kind in lifecycle.events - capture.events:
                self.machines[kind] = (*self.machines.get(kind, ()), (lifecycle, lifecycle.object))

    @classmethod
    def of(cls, law: Law, capture: Capture = ALL_CAPTURED, *, as_if_in_force: bool = False) -> Bench:
        """The law book compiled for one source; the same object every time, since nothing about it changes."""
        key = (cls, capture, as_if_in_force)
        found: Bench | None = law.compiled.get(key)
        if found is None:
            found = law.compiled[key] = cls(law, capture, as_if_in_force=as_if_in_force)
        return found

    def _add(self, rule: Rule, as_if_in_force: bool) -> None:
        lacking = needs_of(rule, self.law.vocabulary).lacking(self.capture)
        if lacking:
            self.not_assessable[rule.id] = lacking
            return
        judge = JUDGES[rule.kind](rule, self.law.vocabulary)
        if rule.in_state is not None:
            lifecycle, states = rule.in_state
            judge = _InState(judge, self.law.lifecycles[lifecycle], states, self.capture.events)
        if rule.milder is not None:
            judge = _Milder(judge, rule.milder, self.law.vocabulary)
        start, end = (0, 9_999_999) if as_if_in_force else (rule.in_force.start, rule.in_force.end)
        triggers = rule.when
        if isinstance(rule, Response) and rule.instead is not None and rule.instead[0] in self.capture.events:
            triggers = rule.instead[1]
        conditions = Conditions(self.law.vocabulary, rule.per)
        for trigger in triggers:
            for kind, check in conditions.selector(trigger.selector):
                entry = Entry(start, end, rule.scope != "case", check, judge, trigger)
                self.entries.setdefault(kind, {}).setdefault(rule.pack.region, []).append(entry)

    def due_of(self, rules: tuple[str, ...], event: Event, family: Family) -> Day | None:
        """The due day of the duty that ran at an event under one of some rules; None where none is known."""
        days = (self._runner(name).running(event, family) for name in rules if name in self.law.book)
        return next((day for day in days if day is not None), None)

    def _runner(self, name: str) -> ResponseJudge:
        found = self._running.get(name)
        if found is None:
            rule = as_of_today(self.law.book[name]) if self.as_if_in_force else self.law.book[name]
            assert isinstance(rule, Response)
            found = self._running[name] = ResponseJudge(rule, self.law.vocabulary)
        return found

    def judge(self, family: Family, docket: Docket) -> None:
        """Enter into the docket what every rule and lifecycle says about a family."""
        regions: dict[str, frozenset[str]] = {}
        for kind, events in family.view.by_type.items():
            for region, entries in self.entries.get(kind, {}).items():
                concerned = events
                if region is not None:
                    cases = regions.get(region)
                    if cases is None:
                        cases = regions[region] = frozenset(c for c in family.cases if applies(region, c))
                    if not cases:
                        continue
                    if len(cases) < len(family.cases):
                        concerned = [event for event in events if event.case in cases]
                self._judge(concerned, entries, family, docket)
        self._walk(family, docket)
        self._yield_to_restating(docket)

    def _judge(self, events: Sequence[Event], entries: Sequence[Entry], family: Family, docket: Docket) -> None:
        """Run the rules of one type for its events."""
        view, cases = family.view, family.cases
        several = len(cases) > 1
        for start, end, sees_family, check, judge, trigger in entries:
            own = several and not sees_family
            for event in events:
                if not start <= event.day <= end:
                    continue
                seen = cases[event.case] if own else view
                if check is not None:
                    answer = check(event, seen)
                    if answer is not True:
                        if answer is not False:
                            docket.inconclusive(judge.rule, event, answer, event=None)
                        continue
                judge.judge(event, seen, docket, trigger)

    def judge_one(self, event: Event, entries: Iterable[Entry], family: Family, docket: Docket) -> bool:
        """Enter what one rule says about one event; whether it was triggered."""
        triggered = False
        for start, end, sees_family, check, judge, trigger in entries:
            if start <= event.day <= end:
                seen = family.view if sees_family else family.cases[event.case]
                answer = True if check is None else check(event, seen)
                if answer is True:
                    triggered = True
                    judge.judge(event, seen, docket, trigger)
                elif answer is not False:
                    docket.inconclusive(judge.rule, event, answer, event=None)
        return triggered

    def _walk(self, family: Family, docket: Docket) -> None:
        """Send the events of each instance through its lifecycle."""
        machines = self.machines
        instances: dict[tuple[str, str], list[Event]] = {}
        for event in family.view.events:
            for lifecycle, per in machines.get(event.type, ()):
                name = event.case if per is None else event.objects.get(per)
                if name is not None:
                    instances.setdefault((lifecycle.name, name), []).append(event)
        for (name, _), events in instances.items():
            lifecycle = self.law.lifecycles[name]
            wrong, _ = walk(lifecycle, events, self.capture.events)
            self.wrong_steps(lifecycle, wrong, docket)

    def wrong_steps(self, lifecycle: Lifecycle, wrong: Iterable[WrongStep], docket: Docket) -> None:
        """Enter the wrong steps of an instance of a lifecycle."""
        rule = self.law.lifecycle_rules[lifecycle.name]
        for step in wrong:
            docket.violated(rule, step.event, step.event, lifecycle.wrong_step(step.state, step.allowed))

    def _yield_to_restating(self, docket: Docket) -> None:
        """A restated rule yields for each trigger that a restating one judged."""
        if not self.restating:
            return
        judged: dict[str, set[object]] = {}
        for name, trigger, objects in docket.settled:
            if name in self.restating:
                self._note(judged, name, duty_key(trigger, objects))
        for finding in docket.findings:
            if finding.rule.id in self.restating:
                self._note(judged, finding.rule.id, duty_key(finding.trigger, finding.objects))
        met = docket.met
        for name, trigger, objects in docket.settled:
            if name not in judged or duty_key(trigger, objects) not in judged[name]:
                met[name] = met.get(name, 0) + 1
        docket.findings = [
            f for f in docket.findings
            if f.rule.id not in judged or duty_key(f.trigger, f.objects) not in judged[f.rule.id]
        ]  # fmt: skip

    def _note(self, judged: dict[str, set[object]], name: str, key: object) -> None:
        for restated in self.restating[name]:
            judged.setdefault(restated, set()).add(key)


class _InState(Judge):
    """A rule that applies only while a lifecycle is in certain states."""

    def __init__(self, judge: Judge, lifecycle: Lifecycle, states: frozenset[str], unseen: frozenset[str]) -> None:
        self.rule, self.inner, self.lifecycle, self.states, self.unseen = judge.rule, judge, lifecycle, states, unseen

    def judge(self, event: Event, view: View, docket: Docket, trigger: Trigger) -> None:
        """Pass on the triggers at whose moment (or data due day) the machine is in one of the states."""
        path = trigger.due_on or (self.rule.due_on if isinstance(self.rule, Response) else None)
        field = path.field if path is not None and path.root == "data" else ""
        day = event.data[field].toordinal() if field in event.data else event.day
        per, family = self.lifecycle.object, view.family
        events = [
            other for other in (family.case(event.case).events if per is None else family.view.events)
            if other.type in self.lifecycle.events and (per is None or other.objects.get(per) == event.objects.get(per))
        ]  # fmt: skip
        if states_at(self.lifecycle, events, day, self.unseen) & self.states:
            self.inner.judge(event, view, docket, trigger)


class _Milder(Judge):
    """A rule whose violations weigh less where the trigger meets a condition."""

    def __init__(self, judge: Judge, milder: Milder, vocabulary: Vocabulary) -> None:
        self.rule, self.inner, self.severity = judge.rule, judge, milder.severity
        kinds = dict.fromkeys(kind for trigger in judge.rule.when for kind in trigger.selector.types)
        conditions = Conditions(vocabulary, judge.rule.per)
        self.checks = {kind: conditions.where(milder.where, (kind,)) for kind in kinds}

    def judge(self, event: Event, view: View, docket: Docket, trigger: Trigger) -> None:
        """Judge, then lower the severity; where the log does not say whether the condition holds, also."""
        before = len(docket.findings)
        self.inner.judge(event, view, docket, trigger)
        for place in range(before, len(docket.findings)):
            found = docket.findings[place]
            # A restoration may stand in another case of the family.
            if found.verdict is Verdict.VIOLATED and self.checks[event.type](event, view.family.view) is not False:
                docket.findings[place] = evolve(found, severity=self.severity)


def applies(region: str, case: str) -> bool:
    """Whether a pack of a region applies to a case; a name that is no case number is judged too."""
    parsed = parse(case)
    return parsed is None or (parsed.region or parsed.court).startswith(region) or parsed.court.startswith(region)
