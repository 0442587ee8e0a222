"""Whether two selectors can be about the same event: read off their conditions, without a log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice, product
from typing import Any

from execcheck.clauses import AnyOf, Path, Selector, Test, Where, for_type
from execcheck.policy import Rule
from execcheck.vocabulary import MISSING, Field, Vocabulary

Allowed = Mapping[Path, frozenset[Any]]
"""By path the values that are left open, ``MISSING`` among them where the value may be missing."""
READINGS = 64
"""How many combinations of alternatives of a condition are looked at."""


def readings(where: Where, kind: str, vocabulary: Vocabulary) -> list[Allowed]:
    """What each combination of the alternatives in a condition leaves open, for events of one type.

    Only tests against constants, and for presence, are looked at: whatever else a condition asks narrows it further.
    A combination that leaves no value for some path is none.
    """
    where = for_type(where, kind)
    plain = [atom for atom in where.atoms if isinstance(atom, Test)]
    choices = [atom.branches for atom in where.atoms if isinstance(atom, AnyOf)]
    found: list[Allowed] = []
    for branches in islice(product(*choices), READINGS):
        left = _narrowed(plain, kind, vocabulary)
        below = [readings(branch, kind, vocabulary) for branch in branches]
        for several in islice(product(*below), READINGS):
            merged: Allowed | None = left
            for one in several:
                merged = None if merged is None else merge(merged, one)
            if merged is not None:
                found.append(merged)
    return found


def merge(one: Allowed | None, other: Allowed) -> Allowed | None:
    """What both leave open; None where that is nothing for some path."""
    if one is None:
        return None
    both = {**other, **{path: values & other.get(path, values) for path, values in one.items()}}
    return both if all(both.values()) and not _without_its_event(both) else None


def _without_its_event(left: Allowed) -> bool:
    """Whether a field is asked for of an event that must not have come."""
    none = [p.event_types for p, values in left.items() if p.field == "time" and values == {MISSING}]
    return any(MISSING not in values for p, values in left.items() if p.root == "latest" and p.event_types in none)


def _narrowed(tests: Iterable[Test], kind: str, vocabulary: Vocabulary) -> Allowed | None:
    found: Allowed | None = {}
    for test in tests:
        values = _values(test, kind, vocabulary)
        if values is not None:
            found = merge(found, {test.path: values})
    return found


def _values(test: Test, kind: str, vocabulary: Vocabulary) -> frozenset[Any] | None:
    """The values with which a test holds; None where they cannot be listed."""
    field = _field(test.path, kind, vocabulary)
    if field is not None and field.kind in ("many", "ids"):
        return None
    if test.operator == "absent":
        return frozenset((MISSING,))
    every = _every(field)
    if test.operator == "present":
        return every
    constant = test.operand.constant
    if test.operand.path is not None or test.operator not in ("in", "not_in") or not isinstance(constant, frozenset):
        return None
    none = frozenset((MISSING,)) if _holds_missing(test, field, constant) else frozenset()
    if test.operator == "in":
        return constant | none
    return None if every is None else (every - constant) | none


def _holds_missing(test: Test, field: Field | None, constant: frozenset[Any]) -> bool:
    """Whether a test against words holds where the value is missing; what the case number tells is never missing."""
    if test.if_missing is not None:
        return test.if_missing
    if field is None or field.default is MISSING or field.from_case_number:
        return test.open_without_event
    return (field.default in constant) is (test.operator == "in")


def _field(path: Path, kind: str, vocabulary: Vocabulary) -> Field | None:
    kinds = path.event_types if path.root == "latest" else (kind,) if path.root == "data" else ()
    return next((f for one in kinds if (f := vocabulary.events[one].fields.get(path.field)) is not None), None)


def _every(field: Field | None) -> frozenset[Any] | None:
    if field is None or field.kind not in ("enum", "boolean"):
        return None
    return frozenset(field.values) if field.kind == "enum" else frozenset((True, False))


def shared_types(one: Iterable[Selector], other: Iterable[Selector], vocabulary: Vocabulary) -> Iterator[str]:
    """The event types that selectors on both sides take, unless their conditions exclude each other."""
    others = tuple(other)
    for first in one:
        for second in others:
            for kind in first.types:
                if kind in second.types and _meet(first.where, second.where, kind, vocabulary):
                    yield kind


def _meet(one: Where, other: Where, kind: str, vocabulary: Vocabulary) -> bool:
    first, second = readings(one, kind, vocabulary), readings(other, kind, vocabulary)
    return any(merge(a, b) is not None for a in first for b in second)


def triggers_of(rule: Rule) -> tuple[Selector, ...]:
    """The selectors of a rule's triggers."""
    return tuple(trigger.selector for trigger in rule.when)


def in_force_together(one: Rule, other: Rule) -> bool:
    """Whether there is a day on which both rules are in force, and a court to which both apply."""
    days = max(one.in_force.start, other.in_force.start) <= min(one.in_force.end, other.in_force.end)
    regions = {one.pack.region, other.pack.region} - {None}
    return days and len(regions) < 2
