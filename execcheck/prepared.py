"""The vocabulary made ready for admission: a checker for each field, and what was read before."""

from collections.abc import Mapping
from typing import Final, TypeAlias

from attrs import frozen

from execcheck.defects import Defect, shown
from execcheck.events import Actor
from execcheck.moments import Clock
from execcheck.values import Checker, boolean, checker, identifier, one_of
from execcheck.vocabulary import EventType, Label, Vocabulary

SOURCES: Final = ("system", "offline")
Noted: TypeAlias = Mapping[tuple[str, str, str], tuple[int, str]]
"""How often each unknown key came (what it is part of, where, its name), and the first place."""
ActorKey: TypeAlias = tuple[str | None, str | None, str | None, str | None, bool | None]
_REMEMBERED = 1 << 16


@frozen
class Known:
    """An event type with a checker for each field and the kinds of object it may name."""

    kind: EventType
    name: str
    checkers: Mapping[str, Checker]
    objects: frozenset[str]
    required: frozenset[str]


class Prepared:
    """What the two lanes of admission share: checkers, remembered actors, and the notes taken."""

    def __init__(self, vocabulary: Vocabulary, clock: Clock) -> None:
        self.vocabulary = vocabulary
        self.clock = clock
        self.types = {name: _known(kind, clock) for name, kind in vocabulary.events.items()}
        self.source = one_of(SOURCES)
        self.role = _office(vocabulary.roles)
        self.actor_parts: Mapping[str, Checker] = {
            "id": identifier, "role": self.role, "department": _office(vocabulary.departments),
            "team": identifier, "quota_judge": boolean,
        }  # fmt: skip
        self.actors: dict[ActorKey, tuple[Actor, int]] = {}
        self.noted: dict[tuple[str, str, str], tuple[int, str]] = {}

    def remember(self, key: ActorKey, actor: Actor) -> tuple[Actor, int]:
        """Keep a sound actor, with the number of keys that it takes to write it."""
        if len(self.actors) >= _REMEMBERED:
            self.actors.clear()
        found = self.actors[key] = (actor, len(key) - key.count(None))
        return found

    def note(self, what: str, where: str, key: object, place: str) -> None:
        """Count an unknown key; ``where`` is the event type or the part of the envelope."""
        entry = (what, where, shown(key))
        count, first = self.noted.get(entry, (0, place))
        self.noted[entry] = (count + 1, first)


def notes_of(noted: Noted) -> tuple[Defect, ...]:
    """One note for each unknown key, with a count and the first place."""
    return tuple(_note(*key, count, place) for key, (count, place) in noted.items())


def _known(kind: EventType, clock: Clock) -> Known:
    checkers = {name: checker(field, clock) for name, field in kind.fields.items()}
    own = () if kind.object is None else (kind.object,)
    return Known(kind, kind.name, checkers, frozenset((*own, *kind.also)), frozenset(kind.required))


def _office(known: Mapping[str, Label]) -> Checker:
    """Roles or departments; where the law book lists none, any word."""
    return one_of(tuple(known)) if known else identifier


def _note(what: str, where: str, key: str, count: int, place: str) -> Defect:
    zh, en = {
        "envelope": (f"事件中未知的键“{key}”未被使用", f"the unknown key {key!r} of events is not used"),
        "actor": (f"{where} 中未知的键“{key}”未被使用", f"the unknown key {key!r} in {where} is not used"),
        "approval": (f"{where} 中未知的键“{key}”未被使用", f"the unknown key {key!r} in {where} is not used"),
        "object": (f"{where} 通常不涉及对象“{key}”，已保留", f"{where} does not usually concern a {key!r}; kept"),
        "data": (
            f"{where} 的字段“{key}”不在词汇表中，已保留",
            f"the field {key!r} of {where} is not in the vocabulary; kept",
        ),
    }[what]
    many_zh, many_en = (f"（共 {count} 处，首见于此）", f" (first of {count})") if count > 1 else ("", "")
    return Defect(place, f"unknown-{what}", zh + many_zh, en + many_en, note=True)
