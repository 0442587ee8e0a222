"""Duties under a response rule: what each carries, and the objects over which a rule fans out."""

from __future__ import annotations

from collections.abc import Sequence

from execcheck.answers import Getter, Missing
from execcheck.clauses import Path
from execcheck.events import Day, Event
from execcheck.families import View
from execcheck.kinds.base import candidates
from execcheck.order import before, certainly_before, moment
from execcheck.policy import ForEach
from execcheck.terms import Pairs


class Duty:
    """One duty under a rule: its trigger, its object, and where it is owed."""

    __slots__ = ("case", "doubt", "event", "kind", "object_id", "per", "start", "until", "view", "whole")

    def __init__(self, event: Event, view: View, whole: View, per: str | None, object_id: str | None) -> None:
        self.event = event
        self.view = view  # where it is met
        self.whole = whole  # where stops and extensions are looked up
        self.per = per
        self.object_id = object_id
        self.kind: str | None = per
        self.case = event.case
        self.start: Day = event.day
        self.doubt: Missing = ()  # what the log lacks to tell whether the duty arose
        self.until: Event | None = None  # only what had moved the due day by then counts


def fan_out(each: ForEach, event: Event, view: View) -> list[tuple[str | None, str | None, Missing]]:
    """The objects of which each is owed the duty, with what leaves that open."""
    if each.span is not None:
        spans = [s for s in view.family.view.spans(each.span) if s.object_id and s.covers(event)]
        doubts = [(s.object_id, s.doubtful + s.perhaps_closed(event)) for s in spans]
        found = {**dict(doubts), **{name: () for name, doubt in doubts if not doubt}}
        return [(each.object, name, doubt) for name, doubt in found.items()]
    named: list[str] = []
    for other in view.family.case(event.case).of(each.event_type or ""):
        named.extend(other.data.get(each.field or "", ()))
    return [(each.object, name, ()) for name in dict.fromkeys(named)] or [(None, None, ())]


def due_date(path: Path, get: Getter, per: str | None) -> Getter:
    """Reads a due day: of the trigger, or of the latest earlier event, one that certainly came before if any."""
    if path.root != "latest":
        return get
    pairs: Pairs = tuple((kind, None) for kind in path.event_types)

    def latest(event: Event, view: View) -> object:
        found = [e for e, missing in candidates(view, pairs, per, event.objects.get(per or ""))
                 if not missing and e is not event and before(e, event)]  # fmt: skip
        sure = [e for e in found if certainly_before(e, event)] or found
        return sorted(sure, key=moment)[-1].data.get(path.field) if sure else None  # of equals the one of the last type

    return latest


def agrees(wanted: Sequence[tuple[str, object]], candidate: Event) -> bool:
    """Whether the fields agree, as far as both events carry them."""
    data = candidate.data
    if len(wanted) == 1:  # the usual case, asked for every candidate
        name, value = wanted[0]
        return bool(data.get(name, value) == value)
    return all(data.get(name, value) == value for name, value in wanted)
