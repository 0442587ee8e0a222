"""Lifecycles: which order of steps the law allows (semantics, section 7).

``load_lifecycles`` reads them, ``walk`` finds the wrong steps of one instance, ``states_at`` tells where it
stands on a day.
"""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from execcheck.events import Day, Event, Month
from execcheck.lifecycle_days import certain, days, settle, stretches
from execcheck.lifecycle_machine import Guard, Lifecycle, Transition
from execcheck.lifecycle_reader import load_lifecycles
from execcheck.lifecycle_rows import Row
from execcheck.order import moment

__all__ = [
    "Guard", "Lifecycle", "Transition", "WrongStep", "allowed_next", "load_lifecycles", "states_at", "walk",
]  # fmt: skip

NOTHING: frozenset[str] = frozenset()


@frozen
class WrongStep:
    """An event that its state does not allow: the state before it, and the event types allowed then."""

    event: Event
    state: str
    allowed: tuple[str, ...]


def walk(
    lifecycle: Lifecycle, events: Sequence[Event], uncaptured: frozenset[str] = NOTHING
) -> tuple[list[WrongStep], frozenset[str]]:
    """The wrong steps of one instance, and the states it may be in after them.

    ``events`` are those of one instance in the order of the log; types that the lifecycle does not know change
    nothing. ``uncaptured`` are event types that the source does not record: steps that may have happened
    unseen. An instance without any opening event begins midway, in any state.
    """
    wrong, row = walked(lifecycle, events, uncaptured)
    return wrong, row.states


def walked(lifecycle: Lifecycle, events: Sequence[Event], uncaptured: frozenset[str]) -> tuple[list[WrongStep], Row]:
    """As :func:`walk`, with the row of the step table from which :func:`step` goes on."""
    row = start(lifecycle, events, uncaptured)
    straight = _straight(lifecycle, events, row)
    if straight is not None:
        return [], straight
    guards = lifecycle.guards
    wrong: list[WrongStep] = []
    day, first, first_row, ready = -1, 0, row, 0
    earlier: Event | None = None
    together = days(events)
    for index, event in enumerate(events):
        kind = event.type
        after = row[kind]
        if after is None and kind in guards:
            after = row[guards[kind].trigger(event)]
        if together[index] != day:
            day, first, first_row = together[index], index, row
        elif index < ready:
            continue  # a day that has been taken as a whole
        elif earlier is not None and not certain(earlier, event):
            after = None
        if after is None:
            ready = next((n for n in range(index, len(events)) if together[n] != day), len(events))
            row = _take(lifecycle, first_row, events[first:ready], wrong)
        else:
            row = after
        earlier = event
    return wrong, row


def step(lifecycle: Lifecycle, row: Row, earlier: Event | None, event: Event) -> Row | None:
    """One more step of an instance, after its ``earlier`` event. None where it takes a closer look:

    the step is not allowed, or the log does not show the order of the two events.
    """
    kind = event.type
    after = row[kind]
    if after is None and kind in lifecycle.guards:
        after = row[lifecycle.guards[kind].trigger(event)]
    open_order = earlier is not None and event.day == earlier.day and not certain(earlier, event)
    return None if open_order or type(event.time) is Month else after


def _straight(lifecycle: Lifecycle, events: Sequence[Event], row: Row) -> Row | None:
    """The common case: the log shows the order and each step is allowed. None where it takes a closer look."""
    earlier: Event | None = None
    for event in events:
        after = step(lifecycle, row, earlier, event)
        if after is None:
            return None
        earlier, row = event, after
    return row


def states_at(
    lifecycle: Lifecycle, events: Sequence[Event], day: Day, uncaptured: frozenset[str] = NOTHING
) -> frozenset[str]:
    """The states an instance may be in at the end of a day."""
    row = start(lifecycle, events, uncaptured)
    return _take(lifecycle, row, [event for event in events if event.day <= day], []).states


def allowed_next(lifecycle: Lifecycle, state: str) -> tuple[str, ...]:
    """See :meth:`Lifecycle.allowed_next`."""
    return lifecycle.allowed_next(state)


def start(lifecycle: Lifecycle, events: Sequence[Event], uncaptured: frozenset[str]) -> Row:
    """The row in which an instance of these events begins."""
    rows = lifecycle.known_rows.get(uncaptured) or lifecycle.rows(uncaptured)
    opening = lifecycle.opening
    if not opening:
        return rows.initial
    for event in events:
        if event.type in opening:
            return rows.initial
    return rows.anywhere


def _take(lifecycle: Lifecycle, row: Row, events: Sequence[Event], wrong: list[WrongStep]) -> Row:
    """Take events in the best order the log leaves open, and add the steps that are wrong even so."""
    guards = lifecycle.guards
    # Of several orders that are equally good the search takes the first it finds: the same one for any order of lines.
    events = sorted(events, key=lambda event: (*moment(event), event.type, event.id))
    triggers = [guards[event.type].trigger(event) if event.type in guards else event.type for event in events]
    for begin, end in stretches(events):
        faults, row = settle(row, events[begin:end], triggers[begin:end])
        for fault in faults:
            state = fault.row.rows.first(fault.row)
            wrong.append(WrongStep(events[begin + fault.index], state, allowed_next(lifecycle, state)))
    return row
