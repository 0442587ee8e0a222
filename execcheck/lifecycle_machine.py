"""A lifecycle as data, its ``transitions.Machine``, and the step table read from that machine.

An event type whose effect depends on one of its data fields has a guard: it stands in the machine under several
*triggers* (``auction.closed[outcome=sold]``, ``auction.closed[*]``), of which the field picks one. The machine
itself never runs in a check: it defines the steps, and a table made from it answers fifty times faster.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import Enum, StrEnum
from functools import cached_property
from typing import Any

from attrs import field, fields, frozen

from execcheck.case_numbers import parse
from execcheck.events import Event
from execcheck.lifecycle_rows import Rows
from execcheck.lifecycle_transitions import LifecycleMachine, OutOfOrder
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
    of the file. ``ends`` are the states in which an instance may rest for good.
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
    ends: frozenset[str] = frozenset()
    events: frozenset[str] = field(init=False)

    @events.default
    def _event_types(self) -> frozenset[str]:
        return frozenset(self.labels)

    def machine(self, states: type[Enum] | None = None, **options: Any) -> LifecycleMachine:
        """The lifecycle as a machine of the ``transitions`` library, by default its own model, in its initial state.

        ``states`` is an enum of the states (``execcheck.states`` has those of the shipped lifecycles,
        :attr:`states_enum` that of any); ``options`` are those of ``transitions.Machine``. Raises ``ValueError``
        where the enum is not that of the lifecycle.
        """
        return LifecycleMachine(self, states, **options)

    @cached_property
    def states_enum(self) -> type[StrEnum]:
        """The states as an enum, for lifecycles that have none in ``execcheck.states``."""
        enum: Any = StrEnum  # mypy knows the functional form with literals only
        made: type[StrEnum] = enum(enum_name(self.name), [(member_name(state), state) for state in self.states])
        return made

    @cached_property
    def table(self) -> Mapping[tuple[str, str], str]:
        """The step table: (state, trigger) to the next state, read from the machine."""
        return {
            (source, name): source if step.dest is None else step.dest  # None: a step without a change of state
            for name, event in self.machine().events.items()
            for source, steps in event.transitions.items()
            for step in steps
        }

    def trigger(self, event: Event) -> str | None:
        """The trigger that an event pulls; None where the lifecycle does not know its type."""
        guard = self.guards.get(event.type)
        if guard is not None:
            return guard.trigger(event)
        return event.type if event.type in self.labels else None

    def allowed_next(self, state: str) -> tuple[str, ...]:
        """The event types that a state allows: first those that lead on, then those that change nothing.

        Steps that change nothing and are allowed in every state are left out: they say nothing about this one.
        """
        on: dict[str, None] = {}
        idle: dict[str, None] = {}
        for step in self.transitions:
            if step.source == state:
                (idle if step.dest == state else on)[event_type(step.trigger)] = None
        return (*on, *(kind for kind in idle if kind not in on and kind not in self.anytime))

    def wrong_step(self, state: str, allowed: Iterable[str]) -> Text:
        """That a state does not allow a step, and what it allows."""
        labels = [self.labels[kind] for kind in allowed]
        zh = "、".join(label.zh for label in labels) or "无"
        en = ", ".join(label.en for label in labels) or "nothing"
        return Text(f"此时处于“{self.states[state].zh}”状态，此步骤不被允许；此时可以：{zh}。",
                    f"in state “{self.states[state].en}” this step is not allowed; allowed then: {en}.")  # fmt: skip

    def out_of_order(self, trigger: str, state: str) -> OutOfOrder:
        """The error that a trigger raises in a state that does not allow it."""
        kind = event_type(trigger)
        allowed, label = self.allowed_next(state), self.labels[kind]
        text = self.wrong_step(state, allowed)
        return OutOfOrder(kind, state, allowed, Text(f"{label.zh}：{text.zh}", f"{label.en}: {text.en}"))

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


def enum_name(lifecycle: str) -> str:
    """The name of the enum of a lifecycle's states: ``CaseState``."""
    return "".join(word.capitalize() for word in re.split(r"[\W_]+", lifecycle)) + "State"


def member_name(state: str) -> str:
    """The name of a state in the enum: ``CLOSED_TERMINATED``."""
    return re.sub(r"\W", "_", state).upper()
