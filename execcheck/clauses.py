"""The language of conditions as immutable values: paths, tests, selectors. Nothing here evaluates anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Literal

from attrs import fields, frozen, has

from execcheck.dated import Dated
from execcheck.durations import Period

PathRoot = Literal["data", "actor", "envelope", "object", "case", "latest"]
"""``case`` is what the case's own filing or its number tells; ``latest`` reads the latest earlier event."""


@frozen
class Path:
    """Where a value is read: a data field, the envelope, the event's case, or the latest earlier event."""

    root: PathRoot
    field: str
    event_types: tuple[str, ...] = ()  # only for root "latest": the latest of any of these types

    def __str__(self) -> str:
        prefix = {"actor": "actor.", "object": "objects.", "case": "case.", "latest": f"{'|'.join(self.event_types)}."}
        return prefix.get(self.root, "") + self.field


@frozen
class Operand:
    """What a value is compared with: a constant, or another value, perhaps times a factor or a period later.

    ``due_of`` names response rules: then the value is the due day of the duty under one of them that ran at
    the event. ``shift`` is the period that is added, or taken off where ``sign`` is -1.
    """

    constant: Any = None
    path: Path | None = None
    times: Decimal | None = None
    shift: Dated[Period] | None = None
    sign: Literal[1, -1] = 1
    due_of: tuple[str, ...] = ()


Operator = Literal["in", "not_in", "at_least", "at_most", "more_than", "less_than", "present", "absent", "includes"]


@frozen
class Test:
    """``path operator operand``; ``if_missing`` says what a missing value counts as (None: inconclusive).

    ``open_without_event``: where the path leads through an event that never came, the log does not say.
    """

    path: Path
    operator: Operator
    operand: Operand
    if_missing: bool | None = None
    open_without_event: bool = False


@frozen
class AnyOf:
    """At least one of the branches holds."""

    branches: tuple[Where, ...]


@frozen
class Linked:
    """Some event so selected, at any time, carries the same object."""

    selectors: tuple[Selector, ...]


@frozen
class PanelTest:
    """The panel has at least ``least`` distinct members, an odd number, all quota judges."""

    least: int
    odd: bool
    quota_judges: bool


@frozen
class ApprovalTest:
    """Somebody of this role other than the actor approved, no later than the act (or so long after it)."""

    role: str
    by: Period | None = None


@frozen
class During:
    """The event falls into a span of the vocabulary."""

    span: str


@frozen
class OtherTeam:
    """``actor.team`` is given and no holder of the office acted in it before."""

    office: str


Atom = Test | AnyOf | Linked | PanelTest | ApprovalTest | During | OtherTeam


@frozen
class Where:
    """All atoms hold."""

    atoms: tuple[Atom, ...] = ()


ALWAYS = Where()


def for_type(where: Where, kind: str) -> Where:
    """The condition as it reads for events of one type: tests of the type itself are settled."""
    kept: list[Atom] = []
    for atom in where.atoms:
        if isinstance(atom, AnyOf):
            branches = tuple(for_type(branch, kind) for branch in atom.branches if _concerns(branch, kind))
            if len(branches) == 1:
                kept.extend(branches[0].atoms)
            elif branches:
                kept.append(AnyOf(branches))
        elif not _tests_type(atom):
            kept.append(atom)
    return Where(tuple(kept))


def _tests_type(atom: Atom) -> bool:
    return isinstance(atom, Test) and atom.path == Path("envelope", "type") and atom.operator == "in"


def _concerns(where: Where, kind: str) -> bool:
    tests = [atom for atom in where.atoms if isinstance(atom, Test) and _tests_type(atom)]
    return all(kind in test.operand.constant for test in tests)


@frozen(cache_hash=True)
class Selector:
    """Events of these types (``*``: of any type) for which ``where`` holds."""

    types: tuple[str, ...]
    where: Where = ALWAYS


def parts_of(value: Any) -> Iterator[Any]:
    """A value with everything in it: conditions, paths, words."""
    if isinstance(value, Mapping):
        value = (*value, *value.values())
    if isinstance(value, (tuple, frozenset, Iterator)):
        for item in value:
            yield from parts_of(item)
        return
    yield value
    if has(type(value)):
        for attribute in fields(type(value)):
            yield from parts_of(getattr(value, attribute.name))
