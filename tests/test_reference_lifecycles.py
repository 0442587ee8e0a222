"""The engine finds the first wrong step of a lifecycle where trying every order of the events finds none allowed."""

from __future__ import annotations

import random
import sys
from datetime import date, timedelta

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from execcheck.events import Event
from execcheck.judging import Judging
from execcheck.lifecycle_machine import Lifecycle
from lawful import Raw, admitted
from random_streams import CASES, FIRST, raw_event
from randomlogs import END, few, law
from reference.lifecycles import allowed, first_wrong_day, instances
from reference.ordering import day

ONLY_LIFECYCLES = evolve(law(), rules={}, book={})
some = settings(few, max_examples=20)


def course(lifecycle: Lifecycle, seed: int) -> list[Event]:
    """Events of one instance, mostly in an order that the machine allows, several on a day, days known or instants."""
    dice = random.Random(seed)
    state, when, wild = lifecycle.initial, FIRST, dice.choice((0.0, 0.05, 0.3))
    kinds, found = tuple(lifecycle.labels), list[Event]()
    for number in range(dice.randint(2, 14)):
        when += timedelta(dice.choice((0, 0, 0, 1, 5)))
        tried = [_event(lifecycle, dice.choice(kinds), number, when, dice) for _ in range(6)]
        lawful = [event for event in tried if allowed(lifecycle, state, event) is not None]
        moving = [event for event in lawful if allowed(lifecycle, state, event) != state]
        event = tried[0] if dice.random() < wild or not lawful else (moving or lawful)[0]
        state = allowed(lifecycle, state, event) or state
        if dice.random() < 0.95:  # else it happened, but is not in the log
            found.append(event)
    return found


def _event(lifecycle: Lifecycle, kind: str, number: int, when: date, dice: random.Random) -> Event:
    raw: Raw = raw_event(law().vocabulary.events[kind], number, when, dice, two=False)
    raw["case"] = CASES[0]
    raw["data"] = {
        name: v for name, v in raw["data"].items() if name not in ("original_case", "new_case", "related_cases")
    }
    if lifecycle.object is not None:
        raw["objects"][lifecycle.object] = "o1"
    if len(raw["time"]) > 10:  # instants mostly follow each other as the events do
        raw["time"] = f"{when}T{8 + (number if dice.random() < 0.8 else dice.randrange(14)):02}:00:00+08:00"
    return admitted(law(), [raw])[0]


def agrees(lifecycle: Lifecycle, events: list[Event]) -> tuple[date | None, date | None]:
    """The first day with a wrong step: as the engine says, and as every order tried says."""
    found = Judging(ONLY_LIFECYCLES).outcome(events, END).judgements
    days = [day(one.trigger) for one in found if one.rule == f"lifecycle/{lifecycle.name}"]
    (own,) = instances(lifecycle, events).values() or [[]]
    return min(days, default=None), first_wrong_day(lifecycle, own)


@pytest.mark.parametrize("name", law().lifecycles)
@some
@given(seed=st.integers(0, 10**9))
def test_a_step_is_wrong_only_if_no_order_that_the_log_leaves_open_allows_it(name: str, seed: int) -> None:
    lifecycle = law().lifecycles[name]
    events = course(lifecycle, seed)
    engine, reference = agrees(lifecycle, events)
    assert engine == reference, [(e.id, e.type, e.time.isoformat(), dict(e.data)) for e in events]


if __name__ == "__main__":  # python tests/test_reference_lifecycles.py COUNT
    wrong = 0
    for number in range(int(sys.argv[1])):
        for lifecycle in law().lifecycles.values():
            events = course(lifecycle, number + 10**9)
            engine, reference = agrees(lifecycle, events)
            assert engine == reference, (lifecycle.name, number)
            wrong += reference is not None
    print(f"no difference; {wrong} of {int(sys.argv[1]) * len(law().lifecycles)} courses with a wrong step")
