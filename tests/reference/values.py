"""Reading a value of a log: a data field, the envelope, the case, or the latest earlier event of some types."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import Any

from execcheck.clauses import Path
from execcheck.events import Event, Month
from execcheck.vocabulary import MISSING, Vocabulary
from reference.ordering import day_of
from reference.said import NotCovered
from reference.world import Sight, latest, number_of


class Gap(Enum):
    """Why there is no value."""

    MISSING = "the log does not carry it"
    NO_EVENT = "the event through which it is read never came"
    NO_OBJECT = "the event lacks the object by which the other one is found"


def read(path: Path, event: Event, sight: Sight, per: str | None, *, given: bool = False) -> Any:
    """The value, or the gap; ``per`` is the object kind on which the rule correlates.

    With ``given`` only what the log says of the event counts, not what the absence of a field means.
    """
    vocabulary = sight.world.law.vocabulary
    if path.root == "data":
        return _or_gap(event.data.get(path.field)) if given else data(event, path.field, vocabulary)
    if path.root == "actor":
        return _or_gap(None if event.actor is None else getattr(event.actor, path.field))
    if path.root == "object":
        return _or_gap(event.objects.get(path.field))
    if path.root == "envelope":
        return _or_gap(getattr(event, path.field))
    if path.root == "case":
        if path.field == "type":
            return sight.case_type(event.case)
        if path.field == "province":
            return sight.spellings(event.case)  # none where the number does not tell: then it is no province
        found = sight.filed(event.case, path.field)
        return Gap.MISSING if _is_missing(found) else found
    found = _through(path, event, sight, per)
    if isinstance(found, Gap):
        return found
    if path.field == "time":
        return day_of(found.time)
    return _or_gap(found.data.get(path.field)) if given else data(found, path.field, vocabulary)


def data(event: Event, name: str, vocabulary: Vocabulary) -> Any:
    """A data field, else what the vocabulary says that its absence means."""
    if name in event.data:
        return event.data[name]
    described = vocabulary.events[event.type].fields.get(name)
    if described is None:
        return Gap.MISSING
    told = number_of(event.case)
    if described.from_case_number and told is not None and told[1] in described.values:
        return told[1]
    return Gap.MISSING if _is_missing(described.default) else described.default


def _through(path: Path, event: Event, sight: Sight, per: str | None) -> Event | Gap:
    vocabulary = sight.world.law.vocabulary
    kinds = [vocabulary.events[name] for name in path.event_types]
    tied = per if per is not None and any(per == k.object or per in k.also for k in kinds) else None
    if tied is not None and tied not in event.objects:
        return Gap.NO_OBJECT
    among = sight.of(*path.event_types)
    if tied is not None:
        among = [other for other in among if other.objects.get(tied) == event.objects[tied]]
    found = latest(among, event)
    if found is None:
        return Gap.NO_EVENT
    return found


def plain(value: Any) -> Any:
    """Moments as days of the court's zone, so that distances are calendar days."""
    if isinstance(value, Month):
        raise NotCovered("a month in a comparison")
    return day_of(value) if isinstance(value, (date, datetime)) else value


def _or_gap(value: Any) -> Any:
    return Gap.MISSING if value is None else value


def _is_missing(value: Any) -> bool:
    return value is MISSING
