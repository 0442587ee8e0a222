"""Edits: a value with exactly one thing changed, and a stable name for the change.

The name says where (``then.where.channel``) and, after a colon, what (``dropped``, ``+1``). It stands in reports and,
where a change makes no difference, as the key of its explanation in a rule file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Generic, TypeVar

from attrs import evolve, frozen

from execcheck.policy import Text

T = TypeVar("T")
S = TypeVar("S")
T_co = TypeVar("T_co", covariant=True)


@frozen
class Edit(Generic[T_co]):
    """A changed value; ``name`` says where and what, ``words`` what in Chinese and English."""

    name: str
    words: Text
    value: T_co

    def within(self, place: str, value: S) -> Edit[S]:
        """The same edit as one of what surrounds it."""
        joint = "." if place and self.name[:1] not in ("", ":", "=") else ""
        return Edit(f"{place}{joint}{self.name}", self.words, value)


Edits = Iterator[Edit[T]]


def dropped(place: str, value: T, what: str = "") -> Edit[T]:
    """Something was left out; ``value`` is what remains."""
    name = f" {what}" if what else ""
    return Edit(f"{place}:dropped", Text(f"去掉{name}", f"leave out{name}"), value)


def turned(place: str, zh: str, en: str, value: T, op: str = "other") -> Edit[T]:
    """Something became something else."""
    return Edit(f"{place}:{op}", Text(zh, en), value)


def inside(value: S, attribute: str, edits: Iterable[Edit[Any]], place: str | None = None) -> Edits[S]:
    """Edits of an attribute, as edits of the whole."""
    for edit in edits:
        yield edit.within(attribute if place is None else place, evolve(value, **{attribute: edit.value}))  # type: ignore[misc]


def each(
    items: Sequence[T], edits: Callable[[T], Iterable[Edit[T]]], name: Callable[[T], str] | None = None
) -> Edits[tuple[T, ...]]:
    """Edits of one item of a tuple; ``name`` gives the item's place, none where its edits name it themselves."""
    for n, item in enumerate(items):
        for edit in edits(item):
            whole = (*items[:n], edit.value, *items[n + 1 :])
            yield edit.within(name(item), whole) if name else Edit(edit.name, edit.words, whole)


def fewer(items: Sequence[T], name: Callable[[T], str], least: int = 0) -> Edits[tuple[T, ...]]:
    """One item left out, where at least ``least`` remain."""
    if len(items) <= least:
        return
    for n, item in enumerate(items):
        yield dropped(name(item), (*items[:n], *items[n + 1 :]), name(item))


def numbered(edits: Iterable[Edit[T]]) -> list[Edit[T]]:
    """Edits of one name get numbers, so that each can be meant."""
    seen: dict[str, int] = {}
    found = []
    for edit in edits:
        seen[edit.name] = count = seen.get(edit.name, 0) + 1
        found.append(edit if count == 1 else evolve(edit, name=f"{edit.name}#{count}"))
    return found
