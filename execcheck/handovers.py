"""What changes where a group is judged anew, by a late, corrected or withdrawn event; whose the duties are then."""

from __future__ import annotations

from collections.abc import Set

from execcheck.changes import Scene
from execcheck.events import Event
from execcheck.groups import Stood
from execcheck.planning import Plan
from execcheck.standing import Delta, Key, Shown, holders


def difference(plan: Plan, shown: Shown, before: Scene, standing: Stood, after: Scene) -> Delta:
    """The difference between the findings that stood and how a group stands, judged anew."""
    retold = handed_over(plan, (shown, before), (standing.shown, after))
    # What stands is copied: it changes with the next event, and somebody may read of this one only then.
    return Delta(shown, dict(standing.shown), standing.met(), retold)


def handed_over(plan: Plan, before: tuple[Shown, Scene], after: tuple[Shown, Scene]) -> Set[Key]:
    """The findings that stand in two scenes of a group, but owed by another person."""
    there = [{id(event): event for event in scene.events} for _, scene in (before, after)]
    changed = {one[key].type: one[key] for one, other in (there, there[::-1]) for key in one.keys() - other.keys()}
    naming = [event for kind, event in changed.items() if kind in plan.judging.law.definitions.offices_of]
    if not naming:
        return frozenset()
    earlier, later = (_owed(plan, shown, scene, naming) for shown, scene in (before, after))
    return {key for key, person in earlier.items() if key in later and later[key] != person}


def _owed(plan: Plan, shown: Shown, scene: Scene, naming: list[Event]) -> dict[Key, str | None]:
    """Who owes what stands in a scene, of that which events naming office holders may concern."""
    families = plan.judging.families(list(scene.events), scene.day)
    held = {
        key: person
        for family in families for event in naming for key, person in holders(plan, shown, event, family).items()
    }  # fmt: skip
    for family in families:
        family.dissolve()
    return held
