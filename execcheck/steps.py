"""Which steps a case may take now: what the lifecycles and the rules permit, what they forbid, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time

from attrs import Factory, evolve, frozen

from execcheck.changes import Changes, Part, Scene
from execcheck.events import Event, Moment
from execcheck.groups import Stood, Whole, stand
from execcheck.handovers import difference
from execcheck.judgement import Judgement, Verdict
from execcheck.lawbook import Law
from execcheck.lifecycle import Lifecycle, walk
from execcheck.order import sort_events
from execcheck.planning import Plan
from execcheck.policy import Severity

_ORDER = frozenset({"lifecycle", "precedence", "absence", "interval", "separation", "response", "recurrence"})
"""The kinds of rule that can forbid a step as such; the others say what the act must carry."""


@frozen
class Step:
    """A step that a case might take now.

    ``forbidden_by`` are the breaches that the bare step would make, whatever it carries. ``requires`` are
    judgements of what the act must carry or the log must show: panel, approvals, fields. ``moves`` tells whether the
    step leads on in the lifecycle of the case or the object; the others are steps that may come at any time.
    """

    type: str
    objects: Mapping[str, str] = Factory(dict)
    forbidden_by: tuple[Judgement, ...] = ()
    requires: tuple[Judgement, ...] = ()
    moves: bool = False

    @property
    def permitted(self) -> bool:
        """Whether no definite, binding duty forbids it; warnings alone do not."""
        return not any(found.severity is Severity.ERROR for found in self.forbidden_by)


NEW = "(new)"
"""The id of an object that does not exist yet."""


def steps_of(
    plan: Plan, scene: Scene, standing: Stood, case: str, at: Moment, types: Iterable[str] | None = None
) -> Iterator[Step]:
    """The steps that events of some types (default: all that a lifecycle knows) would be at a moment.

    ``standing`` is how the group stands at the scene, which must be as of the day of ``at`` or later. A day means its
    end: a step comes after what is known to have happened.
    """
    law, zone = plan.judging.law, plan.judging.zone
    known = {kind for lifecycle in law.lifecycles.values() for kind in lifecycle.events}
    day = plan.judging.day_of(at)
    when = at if isinstance(at, datetime) else datetime.combine(date.fromordinal(day), time.max, zone)
    for kind in (kind for kind in law.vocabulary.events if kind in known) if types is None else types:
        for objects in _objects(law, scene, kind):
            yield _step(plan, scene, standing, Event(f"({kind})", case, kind, when, day, objects=objects))


def _objects(law: Law, scene: Scene, kind: str) -> list[dict[str, str]]:
    """What such an event may be about: each object of its kind that is known, and a new one where one may begin.

    Nothing where none is known and none may begin.
    """
    name = law.vocabulary.events[kind].object
    if name is None:
        return [{}]
    known = dict.fromkeys(event.objects[name] for event in scene.events if name in event.objects)
    machines = [one for one in law.lifecycles.values() if one.object == name and kind in one.events]
    begins = all(_may_begin(machine, kind) for machine in machines)
    return [{name: one} for one in (*known, *((NEW,) if begins else ()))]


def _may_begin(lifecycle: Lifecycle, kind: str) -> bool:
    """Whether an instance may begin with an event of a type: one that opens it, or leads out of its first state."""
    first = lifecycle.initial
    leading = (lifecycle.table.get((first, trigger), first) for trigger in lifecycle.triggers[kind])
    return kind in lifecycle.opening or any(state != first for state in leading)


def suppose(plan: Plan, scene: Scene, standing: Stood, after: Scene) -> Part:
    """What would change in a group that stands so, were the events those of another scene of the same day."""
    one_more = after.events[:-1] == scene.events and len(after.events) > len(scene.events)
    if one_more and not isinstance(standing, Whole) and standing.accepts(after.events[-1]):
        twin = standing.fork()
        delta = twin.take(after.events[-1], scene.day)
        twin.let_go()
        return Part(scene, after, delta)
    new = stand(plan, list(after.events), scene.day)
    delta = difference(plan, standing.shown, scene, new, after)
    new.let_go()
    return Part(scene, after, delta)


def _step(plan: Plan, scene: Scene, standing: Stood, event: Event) -> Step:
    after = Scene((*scene.events, event), scene.day)
    found = Changes(plan.judging, [suppose(plan, scene, standing, after)]).found
    in_order, moves = _in_order(plan, scene, event)
    if in_order:  # a field yet to be filled in may make it so, which the bare event does not show
        found = tuple(j for j in found if j.kind != "lifecycle" or j.trigger is not event)
    forbidding = [j for j in found if j.verdict is Verdict.VIOLATED and j.kind in _ORDER]
    rest = [j for j in found if j not in forbidding and j.trigger is event]
    return Step(event.type, event.objects, tuple(forbidding), tuple(rest), moves)


def _in_order(plan: Plan, scene: Scene, event: Event) -> tuple[bool, bool]:
    """Whether the lifecycles allow an event, if need be with a field filled in; and whether it leads on in one."""
    unseen, moves = plan.bench.capture.events, False
    for lifecycle, kind in plan.bench.machines.get(event.type, ()):
        name = event.case if kind is None else event.objects.get(kind)
        if name is None:
            continue
        earlier = [
            one for one in scene.events
            if one.type in lifecycle.events and name == (one.case if kind is None else one.objects.get(kind))
        ]  # fmt: skip
        wrong, before = walk(lifecycle, sort_events(earlier), unseen)
        ways = [walk(lifecycle, sort_events([*earlier, one]), unseen) for one in _filled(lifecycle, event)]
        allowed = [states for found, states in ways if len(found) <= len(wrong)]
        if not allowed:
            return False, False
        moves = moves or any(states != before for states in allowed)
    return True, moves


def _filled(lifecycle: Lifecycle, event: Event) -> Iterator[Event]:
    """The event as it is, and with each value of the field that tells its steps apart, where that is not told."""
    yield event
    guard = lifecycle.guards.get(event.type)
    if guard is not None and guard.described is not None and guard.name not in event.data:
        for value in guard.triggers:
            yield evolve(event, data={**event.data, guard.name: value})
