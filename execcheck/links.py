"""Which cases belong together: families by their original case or their resumption, groups by being related."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from execcheck.terms import CaseDefinition


class Links:
    """Which cases belong together: union-find over case numbers, with the members of each group."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}
        self._members: dict[str, list[str]] = {}

    def root(self, case: str) -> str:
        """The case that stands for the group."""
        parent = self._parent
        while (up := parent.get(case, case)) != case:
            parent[case] = case = parent.get(up, up)
        return case

    def members(self, case: str) -> list[str]:
        """All cases of the group."""
        return self._members.get(self.root(case), [case])

    def join(self, one: str, other: str) -> None:
        """Put two cases into one group; the smaller name stands for it, whatever the order of joining."""
        first, second = sorted((self.root(one), self.root(other)))
        if first != second:
            joined = self._members.get(first, [first]) + self._members.pop(second, [second])
            self._parent[second], self._members[first] = first, joined


def ties(kind: str, data: Mapping[str, Any], cases: CaseDefinition) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The cases that an event of a type ties to its own: (of the same family, related)."""
    if kind == cases.opened_by:
        return _named(data, cases.parent), _named(data, cases.related)
    if kind == cases.resumed_by:
        return _named(data, cases.resumed_as), ()
    return (), ()


def _named(data: Mapping[str, Any], field: str) -> tuple[str, ...]:
    value = data.get(field, ())
    return (value,) if isinstance(value, str) else tuple(value)
