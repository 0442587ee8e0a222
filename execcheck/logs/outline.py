"""Outlines: the little that a first look at a log needs of each event."""

from collections.abc import Collection, Container, Mapping
from typing import Any, NamedTuple

from execcheck.case_numbers import normalise
from execcheck.events import NOTHING, Event
from execcheck.vocabulary import CASE_NUMBER_FIELDS

LINKS: Collection[str] = tuple(sorted(CASE_NUMBER_FIELDS))


class Outline(NamedTuple):  # the cheapest immutable thing there is: one is made for each event of a log
    """One line of a log at a glance. Every event that is admitted has one; so have some lines that are not.

    ``id`` is the given one or the place, ``case`` is normalised, ``time`` is as written. ``carries``
    holds those of ``actor``, ``panel``, ``approvals`` and ``recorded`` that are there. ``links`` holds
    the case numbers, normalised, in the data fields that were asked for, ``supersedes`` the id of the event that this
    one replaces; ``has_id`` says whether the id was given.
    """

    id: str
    case: str
    type: str
    time: str
    carries: frozenset[str]
    links: Mapping[str, tuple[str, ...]]
    place: str
    supersedes: str | None = None
    has_id: bool = True

    def replaced_in(self, replaced: Container[str]) -> bool:
        """Whether it is one of the events of these ids; the place of an event without an id is none."""
        return self.has_id and self.id in replaced


OPTIONAL = ("actor", "panel", "approvals", "recorded")
_CARRIES = {
    number: frozenset(name for bit, name in enumerate(OPTIONAL) if number >> bit & 1) for number in range(16)
}  # fmt: skip


def carries(number: int) -> frozenset[str]:
    """The set that the bits of ``number`` stand for, in the order of OPTIONAL."""
    return _CARRIES[number]


def outline_of(raw: object, place: str, links: Collection[str] = LINKS) -> Outline | None:
    """The outline of a decoded event; ``None`` if it lacks a case, a type or a time."""
    if not isinstance(raw, Mapping):
        return None
    case, kind, time, given = raw.get("case"), raw.get("type"), raw.get("time"), raw.get("id")
    if not (isinstance(case, str) and isinstance(kind, str) and isinstance(time, str)):
        return None
    number = sum(1 << bit for bit, name in enumerate(OPTIONAL) if raw.get(name) is not None)
    data = raw.get("data")
    named = _links(data, links) if isinstance(data, Mapping) else NOTHING
    name, replaced = given if isinstance(given, str) else None, raw.get("supersedes")
    return Outline(
        place if name is None else name, normalise(case), kind, time, carries(number), named, place,
        replaced if isinstance(replaced, str) else None, name is not None,
    )  # fmt: skip


def _links(data: Mapping[Any, Any], links: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    found = {}
    for name in links:
        value = data.get(name)
        listed = [value] if isinstance(value, str) else value if isinstance(value, (list, tuple)) else []
        cases = tuple(normalise(case) for case in listed if isinstance(case, str) and case.strip())
        if cases:
            found[name] = cases
    return found or NOTHING


def outline_of_event(event: Event, links: Collection[str] = LINKS) -> Outline:
    """The outline of an admitted event."""
    number = sum(1 << bit for bit, name in enumerate(OPTIONAL) if getattr(event, name) is not None)
    time = event.time.isoformat()
    return Outline(
        event.id, event.case, event.type, time, carries(number), _links(event.data, links), event.place,
        event.supersedes, event.has_id,
    )  # fmt: skip
