"""Taking events into dossiers and out of them again: repeats, corrections, withdrawals, cases that belong together.

Everything done here can be undone: each step leaves in ``undo`` what takes it back, so that a call that fails, or that
only tries, changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from execcheck.changes import Effect, Scene
from execcheck.defects import DefectiveInput
from execcheck.dossiers import Dossier, Dossiers
from execcheck.events import Event
from execcheck.groups import Whole
from execcheck.links import ties
from execcheck.logs.corrections import ring_defect
from execcheck.logs.identity import id_conflict
from execcheck.order import same_content
from execcheck.undoing import Undo


def add(dossiers: Dossiers, event: Event, undo: Undo) -> tuple[Effect, list[Dossier]]:
    """Take an event: what became of it, and the dossiers in which it changes something.

    Raises :class:`DefectiveInput` where its id belongs to another event, or where it closes a ring of corrections.
    """
    if event.has_id and event.id in dossiers.withdrawn:
        if (case := dossiers.by_case.get(event.case)) is not None and event.id not in case.withdrawn:
            dossiers.remember(case, undo)
            case.withdrawn = (*case.withdrawn, event.id)  # now it is known whose it is
        return "withdrawn", []
    if _known(dossiers, event):
        return "repeated", []
    if event.supersedes is not None:
        _no_ring(dossiers, event)
    dossier = _home(dossiers, named_by(dossiers, event), undo)
    _put_in(dossiers, dossier, event, undo)
    affected = [dossier]
    if event.supersedes is not None:
        affected += _replace(dossiers, event, dossier, undo)
    return ("superseded" if event.has_id and event.id in dossiers.replaced else "taken"), affected


def named_by(dossiers: Dossiers, event: Event) -> tuple[str, ...]:
    """The cases that an event ties together: its own, and those that it names."""
    family, related = ties(event.type, event.data, dossiers.plan.judging.law.definitions.cases)
    return event.case, *family, *related


def involved(dossiers: Dossiers, event: Event) -> list[Dossier]:
    """The dossiers in which an event would change something."""
    found = [dossiers.by_case[case] for case in named_by(dossiers, event) if case in dossiers.by_case]
    if event.supersedes is not None and (held := dossiers.holding(event.supersedes)) is not None:
        found.append(held[0])
    return list({dossier.number: dossier for dossier in found}.values())


def remove(dossiers: Dossiers, identity: str, undo: Undo) -> list[Dossier]:
    """Take an event back: the dossiers in which that changes something. An unknown id is remembered."""
    if identity in dossiers.withdrawn:
        return []
    undo.callback(dossiers.withdrawn.discard, identity)
    dossiers.withdrawn.add(identity)
    held = dossiers.holding(identity)
    if held is None:
        return []
    dossier, event = held
    # The other dossier is made ready while it still stands as it was told.
    elsewhere = [] if event.supersedes is None else _elsewhere(dossiers, event.supersedes, dossier)
    dossiers.remember(dossier, undo)
    dossier.hold(tuple(one for one in dossier.events if one is not event), (*dossier.withdrawn, identity))
    undo.callback(dossiers.ids.add, identity, dossier.number)
    dossiers.ids.discard(identity)
    if event.supersedes is not None:
        _replaced_by(dossiers, event.supersedes, dossiers.replaced[event.supersedes] - {identity}, undo)
    return [dossier, *elsewhere]


# --- one event ------------------------------------------------------------------------------------


def _known(dossiers: Dossiers, event: Event) -> bool:
    """Whether the event came before; raises where its id stands for another one."""
    if not event.has_id:
        dossier = dossiers.by_case.get(event.case)
        events = () if dossier is None else dossiers.ready(dossier).events
        return any(not one.has_id and one.place == event.place and same_content(one, event) for one in events)
    held = dossiers.holding(event.id)
    if held is None:
        return False
    if not same_content(held[1], event):
        raise DefectiveInput([id_conflict(event, held[1])])
    return True


def _put_in(dossiers: Dossiers, dossier: Dossier, event: Event, undo: Undo) -> None:
    dossiers.remember(dossier, undo)
    dossier.take(event)
    if event.has_id:
        undo.callback(dossiers.ids.discard, event.id)
        dossiers.ids.add(event.id, dossier.number)


def _replace(dossiers: Dossiers, event: Event, dossier: Dossier, undo: Undo) -> list[Dossier]:
    """Let the event supersede another one, which may be in another dossier or still to come."""
    target = event.supersedes or ""
    # The other dossier is made ready while it still stands as it was told.
    elsewhere = _elsewhere(dossiers, target, dossier)
    _replaced_by(dossiers, target, dossiers.replaced.get(target, frozenset()) | {event.id}, undo)
    return elsewhere


def _replaced_by(dossiers: Dossiers, target: str, names: frozenset[str], undo: Undo) -> None:
    """Remember which events supersede one."""
    undo.callback(_set_replaced, dossiers, target, dossiers.replaced.get(target))
    _set_replaced(dossiers, target, names)


def _set_replaced(dossiers: Dossiers, target: str, names: frozenset[str] | None) -> None:
    if names:
        dossiers.replaced[target] = names
    else:
        dossiers.replaced.pop(target, None)


def _elsewhere(dossiers: Dossiers, identity: str, dossier: Dossier) -> list[Dossier]:
    held = dossiers.holding(identity)
    return [] if held is None or held[0] is dossier else [held[0]]


def _no_ring(dossiers: Dossiers, event: Event) -> None:
    """Raises where the event would correct, by way of others, itself."""
    chain, target = [event.id], event.supersedes
    while target is not None:
        if target == event.id:
            raise DefectiveInput([ring_defect(chain, event.place)])
        chain.append(target)
        held = dossiers.holding(target)
        target = None if held is None else held[1].supersedes


# --- dossiers -------------------------------------------------------------------------------------


def _home(dossiers: Dossiers, cases: Iterable[str], undo: Undo) -> Dossier:
    """The dossier of cases that belong together: the one there is, a new one, or several made one."""
    names = dict.fromkeys(cases)
    there = {dossiers.by_case[case].number: dossiers.by_case[case] for case in names if case in dossiers.by_case}
    olds = [dossiers.ready(dossier) for dossier in there.values()]
    if len(olds) == 1 and all(case in olds[0].cases for case in names):
        return olds[0]
    events = tuple(event for old in olds for event in old.events)
    scene = Scene(tuple(e for old in olds for e in old.scene.events), max((old.day for old in olds), default=0))
    merged = dossiers.new((*names, *(case for old in olds for case in old.cases)), events, scene)
    merged.withdrawn = tuple(name for old in olds for name in old.withdrawn)
    # What was told of the parts is what was told of the whole.
    merged.standing = Whole({key: found for old in olds for key, found in old.shown.items()}, [], 0)
    merged.stale = any(old.stale for old in olds)
    undo.callback(_restore, dossiers, merged, olds)
    dossiers.keep(merged, instead_of=olds)
    return merged


def _restore(dossiers: Dossiers, merged: Dossier, olds: Iterable[Dossier]) -> None:
    for case in merged.cases:
        dossiers.by_case.pop(case, None)
    dossiers.drop(merged)
    for old in olds:
        dossiers.keep(old)


def set_aside(dossiers: Dossiers, withdrawn: Iterable[str], undo: Undo) -> list[Dossier]:
    """Take the events back that had been withdrawn from stored cases: the dossiers in which that changes something."""
    affected = []
    for identity in sorted(set(withdrawn) - dossiers.withdrawn):
        affected += remove(dossiers, identity, undo)
        for target in sorted(name for name, by in dossiers.replaced.items() if identity in by):
            affected += [held[0] for held in (dossiers.holding(target),) if held is not None]
            _replaced_by(dossiers, target, dossiers.replaced[target] - {identity}, undo)
    return affected


def superseded(dossiers: Dossiers, replaced: Mapping[str, frozenset[str]], undo: Undo) -> list[Dossier]:
    """Remember what had been superseded in stored cases: the dossiers in which that changes something."""
    affected = []
    for target, by in replaced.items():
        known = dossiers.replaced.get(target, frozenset())
        if not known >= (standing := by - dossiers.withdrawn):
            affected += [held[0] for held in (dossiers.holding(target),) if held is not None]
            _replaced_by(dossiers, target, known | standing, undo)
    return affected
