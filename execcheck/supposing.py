"""What one more event would add to what stands, asked only of the rules and lifecycles that it concerns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from attrs import evolve

from execcheck.changes import Scene, same
from execcheck.docket import Finding, Record
from execcheck.events import Event
from execcheck.families import Family
from execcheck.judgement import Judgement, Verdict
from execcheck.lifecycle import Lifecycle, WrongStep, walk
from execcheck.planning import Plan, Planned
from execcheck.standing import Shown, keyed


class Supposed(NamedTuple):
    """What one more event would do: the violated and inconclusive judgements that it would add; whether it leads on."""

    judgements: list[Judgement]
    moves: bool


class Supposing:
    """Supposes bare events of a case in a scene; ``shown`` are the findings that stand there.

    What the event would change in related cases, which are not of its family, is left out.
    """

    def __init__(self, plan: Plan, scene: Scene, shown: Shown, case: str) -> None:
        self.plan = plan
        self.scene = scene
        self.shown = shown
        self.planned = {one: plan.planned(one) for one in {case, *(event.case for event in scene.events)}}
        self._concerned: dict[str, Mapping[str, Mapping[str, Sequence[Planned]]]] = {}

    def suppose(self, event: Event) -> Supposed:
        """What the event would add and move."""
        judging = self.plan.judging
        families = judging.families([*self.scene.events, event], max(self.scene.day, event.day))
        family = next(family for family in families if event.case in family.cases)
        record = Record(judging.calendar, self.plan.bench.tracked)
        self._judge(event, family, record)
        moves = self._walk(event, family, record)
        self.plan.bench.yield_to_restating(record)
        new = [finding for key, finding in keyed(record.findings) if self._is_new(self.shown.get(key), finding)]
        written = judging.write(new, family)
        for one in families:
            one.dissolve()
        return Supposed(written, moves)

    def _is_new(self, before: Finding | None, finding: Finding) -> bool:
        return finding.verdict is not Verdict.PENDING and (before is None or not same(before, finding))

    def _judge(self, event: Event, family: Family, record: Record) -> None:
        """Ask the rules that the event triggers, and those that look at events of its type."""
        concerned, bench = self._rules(event), self.plan.bench
        for one in family.view.events:
            for planned in concerned[one.case].get(one.type, ()):
                if one.last >= event.day or planned.touch.later or planned.touch.ahead:
                    bench.judge_one(one, planned.entries, family, record)

    def _rules(self, event: Event) -> Mapping[str, Mapping[str, Sequence[Planned]]]:
        """By case and type of trigger the rules that the event concerns, with those that they restate or that do."""
        found = self._concerned.get(event.type)
        if found is None:
            restating = self.plan.bench.restating
            rules = self.plan.touched[event.type] | {one.rule for one in self.planned[event.case].get(event.type, ())}
            rules |= {rule for rule, restated in restating.items() if restated & rules}
            rules = rules.union(*(restating.get(rule, ()) for rule in rules))
            found = self._concerned[event.type] = {
                case: {kind: [one for one in listed if one.rule in rules] for kind, listed in planned.items()}
                for case, planned in self.planned.items()
            }
        return found

    def _walk(self, event: Event, family: Family, record: Record) -> bool:
        """Send the event through its lifecycles; whether it leads on in one."""
        bench, moves = self.plan.bench, False
        for lifecycle, kind in bench.machines.get(event.type, ()):
            name = event.case if kind is None else event.objects.get(kind)
            if name is not None:
                events = [
                    one for one in family.view.events
                    if one.type in lifecycle.events and name == (one.case if kind is None else one.objects.get(kind))
                ]  # fmt: skip
                wrong, states = self._step(lifecycle, events, event)
                before = walk(lifecycle, [one for one in events if one is not event], bench.capture.events)[1]
                moves = moves or (not wrong and states != before)
                bench.wrong_steps(lifecycle, wrong, record)
        return moves

    def _step(self, lifecycle: Lifecycle, events: list[Event], event: Event) -> tuple[list[WrongStep], frozenset[str]]:
        """The wrong steps and where they lead: a field that tells steps apart may yet be filled in as is allowed."""
        unseen, guard = self.plan.bench.capture.events, lifecycle.guards.get(event.type)
        found = [walk(lifecycle, events, unseen)]
        if found[0][0] and guard is not None and guard.described is not None and guard.name not in event.data:
            for value in guard.triggers:
                filled = evolve(event, data={**event.data, guard.name: value})
                found.append(walk(lifecycle, [filled if one is event else one for one in events], unseen))
        return min(found, key=lambda walked: len(walked[0]))
