"""What one more event would add to what stands, asked only of the rules and lifecycles that it concerns."""

from __future__ import annotations

from attrs import evolve

from execcheck.changes import Scene, same
from execcheck.compiling import applies
from execcheck.docket import Finding, Record
from execcheck.events import Event
from execcheck.families import Family
from execcheck.judgement import Judgement, Verdict
from execcheck.lifecycle import Lifecycle, WrongStep, walk
from execcheck.standing import Plan, Shown, keyed


class Supposing:
    """Supposes bare events in a scene; ``shown`` are the findings that stand there.

    What the event would change in related cases, which are not of its family, is left out.
    """

    def __init__(self, plan: Plan, scene: Scene, shown: Shown) -> None:
        self.plan = plan
        self.scene = scene
        self.shown = shown

    def added(self, event: Event) -> list[Judgement]:
        """The violated and inconclusive judgements that the event would add."""
        judging = self.plan.judging
        families = judging.families([*self.scene.events, event], max(self.scene.day, event.day))
        family = next(family for family in families if event.case in family.cases)
        record = Record(judging.calendar, self.plan.bench.tracked)
        self._judge(event, family, record)
        self._walk(event, family, record)
        self.plan.bench.yield_to_restating(record)
        new = [finding for key, finding in keyed(record.findings) if self._is_new(self.shown.get(key), finding)]
        written = judging.write(new, family)
        for one in families:
            one.dissolve()
        return written

    def _is_new(self, before: Finding | None, finding: Finding) -> bool:
        return finding.verdict is not Verdict.PENDING and (before is None or not same(before, finding))

    def _judge(self, event: Event, family: Family, record: Record) -> None:
        """Ask the rules that the event triggers, and those that look at events of its type."""
        concerned, bench = self.plan.concerned(event.type), self.plan.bench
        for one in family.view.events:
            for planned in concerned.get(one.type, ()):
                open_yet = one.last >= event.day or planned.touch.later or planned.touch.ahead
                if open_yet and (planned.region is None or applies(planned.region, one.case)):
                    bench.judge_one(one, planned.entries, family, record)

    def _walk(self, event: Event, family: Family, record: Record) -> None:
        """Send the event through its lifecycles."""
        bench = self.plan.bench
        for lifecycle, kind in bench.machines.get(event.type, ()):
            name = event.case if kind is None else event.objects.get(kind)
            if name is not None:
                events = [
                    one for one in family.view.events
                    if one.type in lifecycle.events and name == (one.case if kind is None else one.objects.get(kind))
                ]  # fmt: skip
                bench.wrong_steps(lifecycle, self._wrong(lifecycle, events, event), record)

    def _wrong(self, lifecycle: Lifecycle, events: list[Event], event: Event) -> list[WrongStep]:
        """The wrong steps: a field that tells steps apart may yet be filled in so that the step is allowed."""
        unseen, guard = self.plan.bench.capture.events, lifecycle.guards.get(event.type)
        wrong = walk(lifecycle, events, unseen)[0]
        if not wrong or guard is None or guard.described is None or guard.name in event.data:
            return wrong
        found = [wrong]
        for value in guard.triggers:
            filled = evolve(event, data={**event.data, guard.name: value})
            found.append(walk(lifecycle, [filled if one is event else one for one in events], unseen)[0])
        return min(found, key=len)
