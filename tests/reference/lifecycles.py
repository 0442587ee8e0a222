"""Lifecycles by brute force: is there an order of the events that the log leaves open and the machine allows?

What becomes of an instance after its first wrong step is not worked out here: the contract says only that one gap
does not produce a train of findings.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby

from execcheck.events import Event
from execcheck.lifecycle_machine import Guard, Lifecycle
from reference.ordering import day, in_order, surely_before
from reference.world import number_of


def first_wrong_day(lifecycle: Lifecycle, events: Iterable[Event]) -> date | None:
    """The first day of one instance that no order of its events makes lawful; None where all are lawful.

    ``events`` are those of one instance. One whose log has no opening event began midway, in any state.
    """
    log = in_order(event for event in events if event.type in lifecycle.labels)
    begun = not lifecycle.opening or any(event.type in lifecycle.opening for event in log)
    states = {lifecycle.initial} if begun else set(lifecycle.states)
    for when, together in groupby(log, key=day):
        states = _after_a_day(lifecycle, states, list(together))
        if not states:
            return when
    return None


def _after_a_day(lifecycle: Lifecycle, states: set[str], events: Sequence[Event]) -> set[str]:
    """The states after all events of a day, in every order that the log leaves open; none where no order is allowed."""
    reached = {(state, frozenset[str]()) for state in states}
    for _ in events:
        following = set()
        for state, done in reached:
            for event in events:
                waiting = [e for e in events if e.id not in done and surely_before(e, event)]
                if event.id not in done and not waiting:
                    after = allowed(lifecycle, state, event)
                    if after is not None:
                        following.add((after, done | {event.id}))
        reached = following
    return {state for state, _ in reached}


def allowed(lifecycle: Lifecycle, state: str, event: Event) -> str | None:
    """The state to which an event leads; None where the state does not allow it."""
    guard = lifecycle.guards.get(event.type)
    trigger = event.type if guard is None else _picked(guard, event)
    found = [step.dest for step in lifecycle.transitions if (step.trigger, step.source) == (trigger, state)]
    return found[0] if found else None


def _picked(guard: Guard, event: Event) -> str:
    """Which of the triggers of its type an event pulls, by the data field that tells them apart."""
    told = number_of(event.case)
    if guard.described is None:
        value = None if told is None else told[1]
    elif guard.name in event.data:
        value = event.data[guard.name]
    elif guard.described.from_case_number and told is not None and told[1] in guard.described.values:
        value = told[1]
    else:
        value = guard.described.default
    return guard.triggers.get(value, guard.otherwise)


def instances(lifecycle: Lifecycle, family: Iterable[Event]) -> dict[str, list[Event]]:
    """The events of each instance: of each case, or of each object of the kind in the whole family."""
    found: dict[str, list[Event]] = {}
    for event in family:
        name = event.case if lifecycle.object is None else event.objects.get(lifecycle.object)
        if name is not None and event.type in lifecycle.labels:
            found.setdefault(name, []).append(event)
    return found
