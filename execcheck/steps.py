"""Which steps a case may take now: what the lifecycles and the rules permit, what they forbid, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from attrs import Factory, frozen

from execcheck.changes import Changes, Part, Scene
from execcheck.events import Event, Moment
from execcheck.groups import Stood, Whole, stand
from execcheck.handovers import difference
from execcheck.judgement import Judgement, Verdict
from execcheck.lawbook import Law
from execcheck.lifecycle import Lifecycle
from execcheck.planning import Plan

_ORDER = frozenset({"lifecycle", "precedence", "absence", "interval", "separation", "response", "recurrence"})
"""The kinds of rule that can forbid a step as such; the others say what the act must carry."""


@frozen
class Step:
    """A step that a case might take now.

    ``forbidden_by`` are the breaches that the bare step would make, whatever it carries. ``requires`` are
    judgements of what the act must carry or the log must show: panel, approvals, fields.
    """

    type: str
    objects: Mapping[str, str] = Factory(dict)
    forbidden_by: tuple[Judgement, ...] = ()
    requires: tuple[Judgement, ...] = ()

    @property
    def permitted(self) -> bool:
        """Whether nothing forbids it."""
        return not self.forbidden_by


NEW = "(new)"
"""The id of an object that does not exist yet."""


def steps_of(
    plan: Plan, scene: Scene, standing: Stood, case: str, at: Moment, types: Iterable[str] | None = None
) -> Iterator[Step]:
    """The steps that events of some types (default: all that a lifecycle knows) would be at a moment.

    ``standing`` is how the group stands at the scene, which must be as of the day of ``at`` or later.
    """
    law = plan.judging.law
    known = {kind for lifecycle in law.lifecycles.values() for kind in lifecycle.events}
    day = plan.judging.day_of(at)
    for kind in (kind for kind in law.vocabulary.events if kind in known) if types is None else types:
        for objects in _objects(law, scene, kind):
            yield _step(plan, scene, standing, Event(f"({kind})", case, kind, at, day, objects=objects))


def _objects(law: Law, scene: Scene, kind: str) -> list[dict[str, str]]:
    """What such an event may be about: each object of its kind that is known, and a new one where one may begin."""
    name = law.vocabulary.events[kind].object
    if name is None:
        return [{}]
    known = dict.fromkeys(event.objects[name] for event in scene.events if name in event.objects)
    machines = [one for one in law.lifecycles.values() if one.object == name and kind in one.events]
    begins = all(_may_begin(machine, kind) for machine in machines)
    return [{name: one} for one in (*known, *((NEW,) if begins or not known else ()))]


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
    changes = Changes(plan.judging, [suppose(plan, scene, standing, after)])
    forbidding = [j for j in changes.found if j.verdict is Verdict.VIOLATED and j.kind in _ORDER]
    rest = [j for j in changes.found if j not in forbidding and j.trigger is event]
    return Step(event.type, event.objects, tuple(forbidding), tuple(rest))
