"""Duties that pass to another person where a group is judged anew: by a late, corrected or withdrawn event."""

from __future__ import annotations

from collections.abc import Set

from execcheck.changes import Scene
from execcheck.events import Event
from execcheck.planning import Plan
from execcheck.standing import Key, Shown, holders


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
