"""Which event types of a vocabulary a new rule may be about: the first that fit its kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from attrs import frozen

from execcheck.defects import Defect, DefectiveInput
from execcheck.vocabulary import MISSING, EventType, Field, Vocabulary

Words = Mapping[str, str]
"""What is put into the places of a template; a line with a place for which there is nothing is left out."""


@frozen
class Wanted:
    """The event types that the user asked for: the one that is judged, and the other one."""

    when: EventType | None = None
    then: EventType | None = None


def choices(kind: str, vocabulary: Vocabulary, wanted: Wanted) -> Iterator[Words]:
    """Every way to fill the template of a kind, the best first.

    Raises :class:`DefectiveInput` where nothing in the vocabulary fits, saying why.
    """
    if wanted.then is not None and kind in ALONE:
        raise _nothing(f"{kind} 规则只针对一种事件", f"a rule of kind {kind} is about one event type")
    found = _ways(kind, vocabulary, wanted)
    first = next(found, None)
    if first is None:
        raise _nothing(*WHY.get("three" if kind in THREE else kind, WHY["pair"]))
    yield first
    yield from found


THREE = ("absence", "recurrence")
"""The kinds whose templates name three event types."""


def _nothing(zh: str, en: str) -> DefectiveInput:
    return DefectiveInput([Defect("", "scaffold", zh, en)])


WHY = {
    "pair": ("须有两种不同的事件，词汇表中没有合适的", "it takes two different event types, and none here fit"),
    "three": ("须有三种不同的事件，词汇表中没有合适的", "it takes three different event types, and none here fit"),
    "condition": ("须有一个缺省没有含义的可选字段", "it takes a data field that may be missing and then means nothing"),
}  # fmt: skip
"""Why nothing in a vocabulary fits."""


def _ways(kind: str, vocabulary: Vocabulary, wanted: Wanted) -> Iterator[Words]:
    if kind == "aggregate":
        return _aggregate(vocabulary, wanted)
    return ALONE[kind](vocabulary, wanted) if kind in ALONE else _pairs(kind, vocabulary, wanted)


def _pairs(kind: str, vocabulary: Vocabulary, wanted: Wanted) -> Iterator[Words]:
    """Two different types, those about the same kind of object first."""
    types = list(vocabulary.events.values())
    firsts = types if wanted.when is None else [wanted.when]
    others = types if wanted.then is None else [wanted.then]
    pairs = [(first, other) for first in firsts for other in others if first.name != other.name]
    tied = [(one, other) for one, other in pairs if _tie(one, other)]
    for first, other in [*tied, *(pair for pair in pairs if not _tie(*pair))]:
        words = {"when": first.name, "other": other.name, "per": _tie(first, other), **_named(other)}
        if kind not in THREE:
            yield words
            continue
        thirds = [third for third in types if third.name not in (first.name, other.name)]
        for third in sorted(thirds, key=lambda third: not third.carries(words["per"]))[:1]:
            yield {**words, "third": third.name, **(_named(first) if kind == "absence" else {})}


def _tie(first: EventType, other: EventType) -> str:
    return first.object if first.object is not None and other.carries(first.object) else ""


def _named(type_: EventType) -> Words:
    return {"zh": type_.zh, "en": type_.en}


def _judged(vocabulary: Vocabulary, wanted: Wanted) -> list[EventType]:
    return list(vocabulary.events.values()) if wanted.when is None else [wanted.when]


def _one(type_: EventType) -> Words:
    return {"when": type_.name, **_named(type_)}


def _condition(vocabulary: Vocabulary, wanted: Wanted) -> Iterator[Words]:
    for type_ in _judged(vocabulary, wanted):
        for field in type_.fields.values():
            if _open(field) and field.name not in type_.required:
                yield {**_one(type_), "field": field.name}


def _open(field: Field) -> bool:
    return field.default is MISSING and not field.from_case_number


def _authority(vocabulary: Vocabulary, wanted: Wanted) -> Iterator[Words]:
    role = next(iter(vocabulary.roles), "")
    for type_ in _judged(vocabulary, wanted):
        yield {**_one(type_), **({"role": role} if role else {"panel": "{least: 3, odd: true}"})}


def _aggregate(vocabulary: Vocabulary, wanted: Wanted) -> Iterator[Words]:
    """The sum of an amount, or else the number of other events."""
    for type_ in _judged(vocabulary, wanted) if wanted.then is None else ():
        for field in type_.fields.values():
            if field.kind == "money" and _open(field):
                yield {**_one(type_), "field": field.name, "bound": "1000"}
    for words in _pairs("aggregate", vocabulary, wanted):
        yield {**words, "counting": "count: true", "bound": "2"}


ALONE: Mapping[str, Callable[[Vocabulary, Wanted], Iterator[Words]]] = {
    "condition": _condition, "authority": _authority,
}  # fmt: skip
"""The kinds that need one event type only."""
