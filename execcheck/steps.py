"""Which steps a case may take now: what the lifecycles and the rules permit, what they forbid, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time

from attrs import Factory, frozen

from execcheck.changes import Scene
from execcheck.events import Event, Moment
from execcheck.judgement import Judgement, Verdict
from execcheck.lawbook import Law
from execcheck.lifecycle import Lifecycle
from execcheck.planning import Plan
from execcheck.standing import Shown
from execcheck.supposing import Supposing

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
        """Whether nothing forbids it."""
        return not self.forbidden_by


NEW = "(new)"
"""The id of an object that does not exist yet."""


def steps_of(
    plan: Plan, scene: Scene, shown: Shown, case: str, at: Moment, types: Iterable[str] | None = None
) -> Iterator[Step]:
    """The steps that events of some types (default: all that a lifecycle knows) would be at a moment.

    ``shown`` are the findings that stand at the scene, which must be as of the day of ``at`` or later. A day means
    its end: a step comes after what is known to have happened.
    """
    law, zone = plan.judging.law, plan.judging.zone
    known = {kind for lifecycle in law.lifecycles.values() for kind in lifecycle.events}
    day, supposing = plan.judging.day_of(at), Supposing(plan, scene, shown, case)
    when = at if isinstance(at, datetime) else datetime.combine(date.fromordinal(day), time.max, zone)
    for kind in (kind for kind in law.vocabulary.events if kind in known) if types is None else types:
        for objects in _objects(law, scene, kind):
            yield _step(supposing, Event(f"({kind})", case, kind, when, day, objects=objects))


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


def _step(supposing: Supposing, event: Event) -> Step:
    found, moves = supposing.suppose(event)
    forbidding = [j for j in found if j.verdict is Verdict.VIOLATED and j.kind in _ORDER]
    rest = [j for j in found if j not in forbidding and j.trigger is event]
    return Step(event.type, event.objects, tuple(forbidding), tuple(rest), moves)
