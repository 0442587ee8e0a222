"""The step table over sets of possible states, made row by row as it is needed.

A set is needed where the log leaves the state open: it begins midway, or does not capture some event types. A
row stands for one set and holds the next row for each trigger, so that a step costs one look-up.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping

from attrs import frozen

States = frozenset[str]
Steps = Mapping[tuple[str, str], str]


@frozen
class Gap:
    """What a wrong step left open: the states before it, and its trigger.

    The events that should have come before it may still come, until a regular step leads on. They then close
    the gap, and are no second fault.
    """

    before: States
    trigger: str


class Row(dict[str, "Row | None"]):
    """A set of possible states: the next row for each trigger, None where no state allows it."""

    __slots__ = ("gap", "rows", "states")
    __hash__ = object.__hash__  # type: ignore[assignment]  # rows are compared by identity
    __eq__ = object.__eq__
    __ne__ = object.__ne__

    def __init__(self, rows: Rows, states: States, gap: Gap | None) -> None:
        super().__init__()
        self.rows, self.states, self.gap = rows, states, gap

    def __missing__(self, trigger: str) -> Row | None:
        found = self[trigger] = self.rows.step(self, trigger)
        return found


class Rows:
    """All rows of one lifecycle for one source; ``unseen`` are the triggers that the source does not record."""

    def __init__(
        self, states: tuple[str, ...], initial: str, table: Steps, effects: Mapping[str, str | None],
        unseen: frozenset[str], guarded: frozenset[str],
    ) -> None:  # fmt: skip
        self._table = table
        self._guarded = guarded  # event types that pull one of several triggers
        self._effects = effects
        self._known: dict[Hashable, Row] = {}
        self._order = states
        moving = {trigger for (source, trigger), dest in table.items() if dest != source}
        self.idle = frozenset(effects) - moving  # triggers that never change a state
        self._unseen: dict[str, list[str]] = {state: [] for state in states}
        for (source, trigger), dest in table.items():
            if trigger in unseen:
                self._unseen[source].append(dest)
        self.initial = self.row((initial,))
        self.anywhere = self.row(states)

    def row(self, states: Iterable[str], gap: Gap | None = None) -> Row:
        """The row of some states and those that unseen events lead to from them."""
        closed = self._closure(states)
        key = (closed, gap)
        if key not in self._known:
            self._known[key] = Row(self, closed, gap)
        return self._known[key]

    def step(self, row: Row, trigger: str) -> Row | None:
        """The row after a trigger; None for an event type that pulls one of several.

        A trigger that the lifecycle does not know changes nothing.
        """
        if trigger not in self._effects:
            return None if trigger in self._guarded else row
        after = self._after(row.states, trigger)
        if after:
            following = self.row(after, row.gap)
            return following if following.states == row.states else self.row(after)
        if row.gap is None:
            return None
        before = self._closure(self._after(row.gap.before, trigger))
        if not before:
            return None
        filled = self._after(before, row.gap.trigger)
        return self.row(filled) if filled else self.row(row.states, Gap(before, row.gap.trigger))

    def wrong(self, row: Row, trigger: str) -> Row:
        """The row after a wrong step: the event's own effect."""
        effect = self._effects.get(trigger)
        return self.row(row.states if effect is None else (effect,), Gap(row.states, trigger))

    def refusing(self, row: Row, trigger: str) -> Row | None:
        """The row of the states that do not allow a trigger."""
        if trigger not in self._effects:
            return None
        states = [state for state in row.states if (state, trigger) not in self._table]
        return self.row(states, row.gap) if states else None

    def merged(self, one: Row, other: Row) -> Row:
        """The row in which the states of both rows are possible."""
        return self.row(one.states | other.states, one.gap or other.gap)

    def loose(self, row: Row, triggers: Iterable[str]) -> Row:
        """The row after some of the triggers, each any number of times, in any order."""
        states = set(row.states)
        todo = list(states)
        kinds = set(triggers)
        while todo:
            source = todo.pop()
            for dest in (self._table.get((source, trigger)) for trigger in kinds):
                if dest is not None and dest not in states:
                    states.add(dest)
                    todo.append(dest)
        return self.row(states, row.gap)

    def first(self, row: Row) -> str:
        """The possible state that comes first in the file."""
        return next(state for state in self._order if state in row.states)

    def _after(self, states: Iterable[str], trigger: str) -> set[str]:
        found = (self._table.get((state, trigger)) for state in states)
        return {state for state in found if state is not None}

    def _closure(self, states: Iterable[str]) -> States:
        reached = set(states)
        todo = list(reached)
        while todo:
            for dest in self._unseen[todo.pop()]:
                if dest not in reached:
                    reached.add(dest)
                    todo.append(dest)
        return frozenset(reached)
