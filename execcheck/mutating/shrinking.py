"""Making a telling log small: fewer events, fewer words, plainer days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, TypeVar

from attrs import evolve

from execcheck.events import Actor, Approval, Event
from execcheck.mutating.logs import Log, moved, shifted, without_one, without_persons
from execcheck.testing.examples import DEFAULT_CASE
from execcheck.vocabulary import Vocabulary

GOOD = range(738_156, 739_251)
"""Days of 2022 to 2024: the law of today was in force, and the notices on holidays are known."""


def size(log: Log, per: str | None = None) -> int:
    """How much there is to read; an event that does not say what it is about counts as much more."""
    said = sum(_weight(event) + 6 * (per is not None and not event.objects) for event in log.events)
    odd = sum(2 for event in log.events if event.day not in GOOD)
    return said + odd + (log.as_of is not None)


def _weight(event: Event) -> int:
    parts = 10 + 2 * len(event.data) + len(event.objects) + 2 * isinstance(event.time, datetime)
    persons = [*(event.panel or ()), *(event.approvals or ()), *([event.actor] if event.actor else [])]
    parts += sum(3 + len([v for v in vars(person).values() if v is not None]) for person in persons)
    parts += (event.panel == ()) + (event.approvals == ()) + 2 * (event.source != "system")
    return parts + 2 * (event.recorded is not None) + (event.case != DEFAULT_CASE)


def renamed(log: Log) -> Log:
    """The log with its objects called P1, P2, … as people do, and its first case as examples do."""
    numbers = sorted({event.case for event in log.events if "执1号" in event.case})
    if numbers and DEFAULT_CASE not in {event.case for event in log.events}:
        log = _told_of(log, numbers[0], DEFAULT_CASE)
    names: dict[tuple[str, str], str] = {}
    for event in log.events:
        for kind, name in event.objects.items():
            count = sum(known == kind for known, _ in names)
            names.setdefault((kind, name), f"{kind[0].upper()}{count + 1}")
    return Log(
        tuple(
            evolve(event, objects={kind: names[kind, name] for kind, name in event.objects.items()})
            for event in log.events
        ),
        log.as_of,
    )


def _told_of(log: Log, old: str, new: str) -> Log:
    """The log with another number for a case, wherever it is named."""

    def changed(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(new if item == old else item for item in value)
        return new if value == old else value

    events = [evolve(e, case=changed(e.case), data={k: changed(v) for k, v in e.data.items()}) for e in log.events]
    return Log(tuple(events), log.as_of)


def simpler(log: Log, vocabulary: Vocabulary) -> Iterator[Log]:
    """Logs with something taken away, the largest steps first."""
    yield from without_one(log)
    yield Log(log.events)
    for n, event in enumerate(log.events):
        for less in _less(event, vocabulary):
            yield log.put(n, less)
    cases = {event.case for event in log.events}
    if len(cases) == 1 and cases != {DEFAULT_CASE}:
        yield Log(tuple(evolve(event, case=DEFAULT_CASE) for event in log.events), log.as_of)
    if any(event.day not in GOOD for event in log.events):
        first = min(event.day for event in log.events)
        yield from (shifted(log, start - first) for start in (738_311, 738_318, 738_584, 738_676))


def _less(event: Event, vocabulary: Vocabulary) -> Iterator[Event]:
    required = vocabulary.events[event.type].required
    for name in event.data:
        if name not in required:
            yield evolve(event, data={k: v for k, v in event.data.items() if k != name})
    for kind in event.objects:
        if kind == vocabulary.events[event.type].object:
            continue
        yield evolve(event, objects={k: v for k, v in event.objects.items() if k != kind})
    yield from without_persons(event)
    if event.recorded is not None:
        yield evolve(event, recorded=None, recorded_day=None)
    if event.actor is not None:
        yield from (evolve(event, actor=actor) for actor in _plainer(event.actor))
    for panel in _fewer(event.panel or ()):
        yield evolve(event, panel=panel)
    for approvals in _fewer(event.approvals or ()):
        yield evolve(event, approvals=approvals)
    if event.source != "system":
        yield evolve(event, source="system")
    if isinstance(event.time, datetime):
        yield moved(event, event.day)


Person = TypeVar("Person", bound=Actor | Approval)


def _fewer(persons: tuple[Person, ...]) -> Iterator[tuple[Person, ...]]:
    """One person less, or one of whom less is told."""
    for n, person in enumerate(persons):
        yield (*persons[:n], *persons[n + 1 :])
        for plainer in _plainer(person):
            yield (*persons[:n], plainer, *persons[n + 1 :])


def _plainer(person: Person) -> Iterator[Person]:
    """The same person with one part left out, never the name."""
    for part, value in vars(person).items():
        if value is not None and part not in ("id", "day"):
            without: dict[str, Any] = {part: None, **({"day": None} if part == "time" else {})}
            yield evolve(person, **without)
