"""Which steps a case may take now: what the lifecycles and the rules permit, what they forbid, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from attrs import Factory, frozen

from execcheck.changes import Changes, Part, Scene
from execcheck.events import Event, Moment
from execcheck.judgement import Judgement, Verdict
from execcheck.planning import Plan
from execcheck.standing import Delta, Shown, stand

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
    plan: Plan, scene: Scene, shown: Shown, case: str, at: Moment, types: Iterable[str] | None = None
) -> Iterator[Step]:
    """The steps that events of some types (default: all that a lifecycle knows) would be at a moment.

    ``shown`` are the findings that stand at the scene, which must be as of the day of ``at`` or later.
    """
    law = plan.judging.law
    known = {kind for lifecycle in law.lifecycles.values() for kind in lifecycle.events}
    day = plan.judging.day_of(at)
    for kind in law.vocabulary.events if types is None else types:
        if types is None and kind not in known:
            continue
        for objects in _objects(plan, scene, kind):
            yield _step(plan, scene, shown, Event(f"({kind})", case, kind, at, day, objects=objects))


def _objects(plan: Plan, scene: Scene, kind: str) -> list[dict[str, str]]:
    """What such an event may be about: each object of its kind in the case, and a new one where one may begin."""
    described, law = plan.judging.law.vocabulary.events[kind], plan.judging.law
    name = described.object
    if name is None:
        return [{}]
    known = dict.fromkeys(event.objects[name] for event in scene.events if name in event.objects)
    begins = any(kind in lifecycle.opening for lifecycle in law.lifecycles.values() if lifecycle.object == name)
    return [{name: one} for one in (*known, *((NEW,) if begins or not known else ()))]


def _step(plan: Plan, scene: Scene, shown: Shown, event: Event) -> Step:
    day = max(scene.day, event.day)
    after = stand(plan, [*scene.events, event], day)
    changes = Changes(plan.judging, [Part(scene, Scene((*scene.events, event), day), Delta(shown, after.shown))])
    after.let_go()
    forbidding = [j for j in changes.found if j.verdict is Verdict.VIOLATED and j.kind in _ORDER]
    rest = [j for j in changes.found if j not in forbidding and j.trigger is event]
    return Step(event.type, event.objects, tuple(forbidding), tuple(rest))
