"""The lawful case of ``examples/lawful-case.jsonl`` as data, and edits that turn it into variants.

An edit is a function from events to events. ``at(...)`` says which events, ``drop``, ``change``, ``delay`` and
``add`` say what happens to them::

    edited(drop(at("interview.held")), delay(at("case.archived", case=CASE), days=12))

An ``at`` that finds nothing is an error, so that a variant cannot silently be the lawful case itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from attrs import frozen

from execcheck.admission import Admission
from execcheck.checking import check
from execcheck.events import Event
from execcheck.judgement import Judgement, Report
from execcheck.lawbook import Law, load_law
from execcheck.needs import Capture

EXAMPLES = Path(__file__).parents[1] / "examples"
RELATED = "（2022）豫0225执98号"
"""The related case: an administrative fine against the same debtor."""
CASE = "（2022）豫0225执123号"
"""The case itself, terminated for want of assets."""
RESTORED = "（2023）豫0225执恢45号"
"""The same claim, restored and performed."""

ENVELOPE = frozenset({"id", "case", "type", "time", "recorded", "source", "actor", "panel", "approvals"})
OBJECTS = frozenset(
    {"asset", "party", "clue", "order", "recording", "payment", "objection", "suggestion", "petition", "oversight",
     "entrustment"}
)  # fmt: skip

Raw = dict[str, Any]
Edit = Callable[[list[Raw]], list[Raw]]


def read_log(path: Path) -> list[Raw]:
    """The events of a JSON Lines file, undecoded beyond JSON."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


_LAWFUL = read_log(EXAMPLES / "lawful-case.jsonl")


def lawful_case() -> list[Raw]:
    """The lawful case, as fresh objects that a test may change."""
    return deepcopy(_LAWFUL)


def edited(*edits: Edit) -> list[Raw]:
    """The lawful case after the edits, in their order."""
    events = lawful_case()
    for edit in edits:
        events = edit(events)
    return events


@frozen
class At:
    """Which events: of these types, with these values (envelope, object or data)."""

    types: tuple[str, ...]
    values: tuple[tuple[str, Any], ...]

    def __call__(self, event: Raw) -> bool:
        return event["type"] in self.types and all(_value(event, name) == value for name, value in self.values)

    def among(self, events: Iterable[Raw]) -> list[Raw]:
        """The events meant; raises LookupError where there is none."""
        found = [event for event in events if self(event)]
        if not found:
            raise LookupError(f"no event {self.types} with {dict(self.values)} in the lawful case")
        return found


def at(*types: str, **values: Any) -> At:
    """Events of any of the types with all the values."""
    return At(types, tuple(values.items()))


def _value(event: Raw, name: str) -> Any:
    if name in ENVELOPE:
        return event.get(name)
    if name in OBJECTS and name in event.get("objects", {}):
        return event["objects"][name]
    return event.get("data", {}).get(name)


def _part(name: str) -> str | None:
    return None if name in ENVELOPE else "objects" if name in OBJECTS else "data"


def _set(event: Raw, name: str, value: Any) -> None:
    """Set or (None) remove a value; a mapping is merged into the one that is there."""
    part = _part(name)
    place = event if part is None else event.setdefault(part, {})
    if value is None:
        place.pop(name, None)
    elif isinstance(value, Mapping) and isinstance(place.get(name), Mapping):
        place[name] = {**place[name], **value}
    else:
        place[name] = value


def drop(which: At) -> Edit:
    """The events never happened."""

    def edit(events: list[Raw]) -> list[Raw]:
        gone = {event["id"] for event in which.among(events)}
        return [event for event in events if event["id"] not in gone]

    return edit


def change(which: At, **values: Any) -> Edit:
    """Other values; None removes one, a mapping (``actor={"id": ...}``) changes only what it names."""

    def edit(events: list[Raw]) -> list[Raw]:
        for event in which.among(events):
            for name, value in values.items():
                _set(event, name, value)
        return events

    return edit


def delay(which: At, days: int) -> Edit:
    """The events happened (and were recorded) that many days later."""

    def edit(events: list[Raw]) -> list[Raw]:
        for event in which.among(events):
            for name in ("time", "recorded"):
                if name in event:
                    event[name] = (datetime.fromisoformat(event[name]) + timedelta(days=days)).isoformat()
        return events

    return edit


def add(id_: str, type_: str, time: str, case: str = CASE, **values: Any) -> Edit:
    """One more event; ``time`` is a plain date or an instant."""

    def edit(events: list[Raw]) -> list[Raw]:
        event: Raw = {"id": id_, "case": case, "type": type_, "time": time}
        for name, value in values.items():
            _set(event, name, value)
        return [*events, event]

    return edit


def panel(*ids: str) -> list[Raw]:
    """A panel of quota judges."""
    return [{"id": one, "quota_judge": True} for one in ids]


def approved_by(*roles: str) -> list[Raw]:
    """Approvals by holders of these roles, given with the act."""
    return [{"id": f"{role}-1", "role": role} for role in roles]


@cache
def henan() -> Law:
    """The Henan pack with all lifecycles."""
    return load_law(packs=["henan-2021"])


def admitted(law: Law, raw: Iterable[Raw]) -> list[Event]:
    """The events, which must be admitted without a defect and without a note."""
    admission = Admission(law.vocabulary)
    events: list[Event] = []
    for number, one in enumerate(raw, 1):
        found = admission.admit(one, f"case:{number}")
        assert isinstance(found, Event), [defect.text("en") for defect in found]
        events.append(found)
    assert not admission.notes, [note.text("en") for note in admission.notes]
    return events


def check_events(
    law: Law, raw: Iterable[Raw], as_of: datetime | date | None = None, capture: Capture | None = None,
    *, as_if_in_force: bool = False,
) -> Report:  # fmt: skip
    """The report on some events; ``capture`` (default: inferred) says what the source does not record."""
    return check(admitted(law, raw), law, as_of=as_of, capture=capture, as_if_in_force=as_if_in_force)


def told(judgements: Iterable[Judgement]) -> list[str]:
    """Judgements as short lines, for messages of failing tests."""
    return [f"{one.rule} {one.trigger.id} due {one.due} missing {one.missing}" for one in judgements]
