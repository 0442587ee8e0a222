"""A lifecycle as data, its ``transitions.Machine``, and the step table read from that machine.

An event type whose effect depends on one of its data fields has a guard: it stands in the machine under several
*triggers* (``auction.closed[outcome=sold]``, ``auction.closed[*]``), of which the field picks one. The machine
itself never runs in a check: it defines the steps, and a table made from it answers fifty times faster.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from attrs import field, fields, frozen
from transitions import Machine

from execcheck.case_numbers import parse
from execcheck.events import Event
from execcheck.lifecycle_rows import Rows
from execcheck.policy import Text
from execcheck.vocabulary import Field

CASE_TYPE = "case.type"
"""The name by which a guard asks for the type of case that the case number (案号) tells."""


@frozen
class Guard:
    """The data field that tells the triggers of one event type apart.

    ``triggers`` maps a value of the field to its trigger; any other value, and a missing field without a
    default, mean the trigger ``otherwise``.
    """

    name: str
    triggers: Mapping[Any, str]
    otherwise: str
    described: Field | None = None  # None for CASE_TYPE

    @property
    def all(self) -> tuple[str, ...]:
        """Every trigger, ``otherwise`` last."""
        return (*dict.fromkeys(self.triggers.values()), self.otherwise)

    def trigger(self, event: Event) -> str:
        """The trigger that the event pulls."""
        if self.described is None:
            number = parse(event.case)
            value = None if number is None else number.type
        else:
            value = event.data.get(self.name)
            if value is None:
                value = self.described.default_in(event.case)
        return self.triggers.get(value, self.otherwise)


@frozen
class Transition:
    """One step: the trigger, the state it starts from, the state it leads to."""

    trigger: str
    source: str
    dest: str


@frozen(slots=False, eq=False)
class Lifecycle:
    """A lifecycle as loaded: states, steps, and what people read about it.

    ``object`` is the kind of object with one instance each; None: one instance for each case. ``opening`` are
    the event types with which an instance begins: where a log of an instance has none of them, it begins
    midway. ``effects`` is the state that each trigger leads to when it comes out of place (None: no change).
    ``groups`` are names for several states at once. ``labels`` are the labels of the event types, in the order
    of the file.
    """

    name: str
    title: Text
    note: Text
    object: str | None
    severity: str
    category: str
    place: str
    states: Mapping[str, Text]
    groups: Mapping[str, tuple[str, ...]]
    initial: str
    opening: frozenset[str]
    labels: Mapping[str, Text]
    guards: Mapping[str, Guard]
    transitions: tuple[Transition, ...]
    effects: Mapping[str, str | None]
    events: frozenset[str] = field(init=False)

    @events.default
    def _event_types(self) -> frozenset[str]:
        return frozenset(self.labels)

    def machine(self) -> Machine:
        """The lifecycle as a machine of the ``transitions`` library, in its initial state."""
        return Machine(
            states=list(self.states), initial=self.initial, auto_transitions=False,
            transitions=[[step.trigger, step.source, step.dest] for step in self.transitions],
        )  # fmt: skip

    @cached_property
    def table(self) -> Mapping[tuple[str, str], str]:
        """The step table: (state, trigger) to the next state, read from the machine."""
        return {
            (source, name): step.dest
            for name, event in self.machine().events.items()
            for source, steps in event.transitions.items()
            for step in steps
            if step.dest is not None  # the library's way to write a step without a change of state
        }

    @cached_property
    def triggers(self) -> Mapping[str, tuple[str, ...]]:
        """The triggers of each event type."""
        return {kind: self.guards[kind].all if kind in self.guards else (kind,) for kind in self.labels}

    @cached_property
    def anytime(self) -> frozenset[str]:
        """The event types that every state allows."""
        return frozenset(
            kind for kind, triggers in self.triggers.items()
            if all((state, trigger) in self.table for state in self.states for trigger in triggers)
        )  # fmt: skip

    @cached_property
    def known_rows(self) -> dict[frozenset[str], Rows]:
        """What :meth:`rows` has made so far."""
        return {}

    def rows(self, uncaptured: frozenset[str]) -> Rows:
        """The step table over sets of possible states, for a source that does not record some event types."""
        rows = self.known_rows.get(uncaptured)
        if rows is None:
            unseen = frozenset(trigger for kind in uncaptured & self.events for trigger in self.triggers[kind])
            guarded = frozenset(self.guards)
            rows = Rows(tuple(self.states), self.initial, self.table, self.effects, unseen, guarded)
            self.known_rows[uncaptured] = rows
        return rows

    def __getstate__(self) -> dict[str, Any]:
        return {attribute.name: getattr(self, attribute.name) for attribute in fields(Lifecycle)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)


def event_type(trigger: str) -> str:
    """The event type of a trigger."""
    return trigger.partition("[")[0]
