"""Random streams about a rule: events of the types it speaks of, close together, often lacking something."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from execcheck.events import Event
from execcheck.vocabulary import EventType, Field, Vocabulary
from lawful import admitted
from ruling import law

CASES = ("（2021）豫0225执1号", "（2021）豫0225执恢2号")
PEOPLE, TEAMS, ROLES = ("u1", "u2", "u3"), ("t1", "t2"), ("handler", "president", "bureau_head")
FIRST = date(2021, 11, 20)
"""Weekends, the New Year's holiday and its make-up days lie within reach."""

Raw = dict[str, Any]


def types_of(text: str, vocabulary: Vocabulary) -> list[str]:
    """The event types that a rule speaks of, with those of the spans and offices it names."""
    words = set(re.findall(r"[\w.]+", text))
    for section in ("spans", "offices"):
        for name, definition in vocabulary.extra[section].items():
            if name in words or (name == "first_rank_control" and "first_rank" in text):
                words |= set(re.findall(r"[\w.]+", str(definition)))
    named = {word for word in words if word in vocabulary.events}
    named |= {word.rpartition(".")[0] for word in words if word.rpartition(".")[0] in vocabulary.events}
    return sorted(named | ({"case.filed"} if "case." in text else set()))


def stream(text: str, seed: int, most: int = 14) -> list[Event]:
    """A stream about a rule."""
    dice, vocabulary = random.Random(seed), law().vocabulary
    types, two = types_of(text, vocabulary), random.Random(seed).random() < 0.4
    days = dice.choice((6, 14, 45))
    raw = [
        raw_event(vocabulary.events[dice.choice(types)], number, FIRST + timedelta(dice.randrange(days)), dice, two=two)
        for number in range(dice.randint(1, most))
    ]
    return admitted(law(), raw)


def raw_event(described: EventType, number: int, day: date, dice: random.Random, *, two: bool) -> Raw:
    """One event, as a line of a log."""
    raw: Raw = {
        "id": f"e{number}", "case": dice.choice(CASES) if two else CASES[0], "type": described.name,
        "time": f"{day}T{dice.randrange(8, 11):02}:00:00+08:00" if dice.random() < 0.55 else str(day),
        "data": {
            name: value for name, field in described.fields.items()
            if (name in described.required or dice.random() < 0.75)
            and (value := _value(field, dice, day)) is not None
        },
        "objects": {
            kind: dice.choice(("o1", "o2")) for kind in (described.object, *described.also)
            if kind is not None and dice.random() < 0.92
        },
    }  # fmt: skip
    if dice.random() < 0.1:
        raw["source"] = "offline"
    if dice.random() < 0.2:
        raw["recorded"] = f"{day + timedelta(dice.randrange(3))}T12:00:00+08:00"
    if dice.random() < 0.75:
        raw["actor"] = _person(dice)
    if dice.random() < 0.5:
        raw["panel"] = [_judge(dice) for _ in range(dice.randrange(5))]
    if dice.random() < 0.6:
        raw["approvals"] = [_approval(dice, day) for _ in range(dice.randrange(3))]
    return raw


def _some(dice: random.Random, percent: int, **parts: Any) -> Raw:
    return {name: value for name, value in parts.items() if dice.randrange(100) < percent}


def _person(dice: random.Random) -> Raw:
    return _some(
        dice, 85, id=dice.choice(PEOPLE), role=dice.choice(ROLES), team=dice.choice(TEAMS),
        quota_judge=dice.random() < 0.5, department="enforcement",
    )  # fmt: skip


def _judge(dice: random.Random) -> Raw:
    return _some(dice, 90, id=dice.choice((*PEOPLE, "u4", "u5")), quota_judge=dice.random() < 0.85)


def _approval(dice: random.Random, day: date) -> Raw:
    on = day + timedelta(dice.randrange(-3, 5))
    time = f"{on}T{dice.randrange(8, 11):02}:00:00+08:00" if dice.random() < 0.5 else str(on)
    return _some(dice, 85, id=dice.choice((*PEOPLE, "p1")), role=dice.choice(ROLES), time=time)


def _value(field: Field, dice: random.Random, day: date) -> Any:
    if field.is_case_number:
        return list(CASES) if field.kind == "ids" else dice.choice(CASES)
    if field.kind == "many":
        return dice.sample(field.values, dice.randint(0, min(2, len(field.values))))
    if field.kind == "ids":
        return dice.sample(("o1", "o2", "o3"), dice.randint(0, 2))
    made: Mapping[str, Any] = {
        "enum": dice.choice(field.values) if field.values else None, "boolean": dice.random() < 0.5,
        "integer": dice.randrange(5), "money": f"{dice.randrange(5)}00.00",
        "date": str(day + timedelta(dice.randrange(-3, 25))), "id": dice.choice(PEOPLE),
        "text": dice.choice(("", "x")),
    }  # fmt: skip
    return made.get(field.kind)


def days_to_observe(events: Iterable[Event], seed: int) -> list[date]:
    """A day in the midst of a stream and one after everything."""
    dice, days = random.Random(seed), [event.day for event in events]
    return [date.fromordinal(dice.randint(min(days), max(days) + 20)), date(2022, 6, 30)]
