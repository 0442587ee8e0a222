"""Event types that a law book names in its vocabulary and uses nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import fields, has

from execcheck.clauses import Selector
from execcheck.defects import Defect
from execcheck.lawbook import Law
from execcheck.policy import Rule

SPOKEN = ("examples", "title", "note", "message", "place", "id")
"""Parts of a rule in which words are only words."""


def unused_types(law: Law) -> Iterator[Defect]:
    """The event types that no rule, lifecycle, office, span or definition of a case looks at."""
    used = set(used_types(law))
    document = law.vocabulary.document
    for name, described in law.vocabulary.events.items():
        if name not in used:
            place = "" if document is None else document.key_place("events", name)
            yield Defect(
                place, "unused-type", f"没有规则、流程、任职、期间或案件定义用到事件“{described.zh}”（{name}）",
                f"no rule, lifecycle, office, span or definition of a case uses “{described.en}” ({name})", note=True,
            )  # fmt: skip


def used_types(law: Law) -> frozenset[str]:
    """The event types that something in the law book names. A selector of any event names none."""
    known = frozenset(law.vocabulary.events)
    cases = law.definitions.cases
    words: set[str] = {cases.opened_by, cases.resumed_by, *cases.ended_by}
    for rule in law.book.values():
        words.update(words_of(rule, known))
    for office in law.definitions.offices.values():
        words.update(words_of(office.selectors, known))
    for span in law.definitions.spans.values():
        words.update(words_of(span.selectors, known))
    for lifecycle in law.lifecycles.values():
        words.update(lifecycle.events)
    return known & words


def words_of(value: Any, everything: frozenset[str]) -> Iterator[str]:
    """Every word in a part of a law book, but for the types of a selector that takes any event."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Selector):
        if not everything <= set(value.types):
            yield from value.types
        yield from words_of(value.where, everything)
    elif isinstance(value, Mapping):
        yield from words_of((*value, *value.values()), everything)
    elif isinstance(value, Iterable):
        for item in value:
            yield from words_of(item, everything)
    elif has(type(value)):
        kept = [one.name for one in fields(type(value)) if not (isinstance(value, Rule) and one.name in SPOKEN)]
        for name in kept:
            if name != "pack":
                yield from words_of(getattr(value, name), everything)
