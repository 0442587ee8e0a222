"""The engine says what the slow reference evaluator says: about every shipped rule and about random rules of every kind.

The reference (tests/reference) is written from the contract and shares no code with the engine. By hand these run
much longer: ``python tests/test_reference.py SECONDS [SEED]``.
"""

from __future__ import annotations

import random
import sys
import time
from datetime import date, timedelta

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from differing import difference, told
from execcheck.events import Event
from execcheck.policy import Example, Rule
from random_kinds import KINDS, rule_text
from random_streams import days_to_observe, stream
from randomlogs import END, Steps4, few, law, scattered
from ruling import book, events
from test_monitor_stream import dense

SHIPPED = evolve(law(), lifecycles={})
a_few, many = settings(few, max_examples=25), settings(few, max_examples=60)
steps4 = st.lists(
    st.tuples(st.integers(0, 10_000), st.integers(0, 3), st.integers(0, 400), st.integers(0, 10_000)),
    min_size=1, max_size=20,
)  # fmt: skip


def same_everywhere(log: list[Event], days: list[date]) -> None:
    """The engine and the reference agree about a log under the whole shipped law book."""
    for day in days:
        found = difference(SHIPPED, log, day)
        assert not found, told(found, log)


def days_of(log: list[Event]) -> list[date]:
    """A day in the midst of a log and one after everything."""
    return [date.fromordinal(sorted(event.day for event in log)[len(log) // 2] + 9), END]


# --- the shipped rules ------------------------------------------------------------------------------


def example_events(example: Example) -> list[Event]:
    return events(*(dict(event) for event in example.events))


@pytest.mark.parametrize("rule", law().rules.values(), ids=lambda rule: rule.id)
def test_a_rule_means_in_its_examples_what_the_contract_says(rule: Rule) -> None:
    alone = evolve(SHIPPED, rules={rule.id: evolve(rule, restates=())})
    for example in rule.examples:
        if example.not_captured or not example.events:
            continue  # the reference takes everything as captured
        log = example_events(example)
        last = date.fromordinal(max(event.day for event in log))
        for day in (date.fromisoformat((example.as_of or last.isoformat())[:10]), last, last + timedelta(40)):
            found = difference(alone, log, day)
            assert not found, f"{example.name}\n{told(found, log)}"


@a_few
@given(st.integers(0, 10_000), steps4)
def test_all_rules_together_mean_on_dense_streams_what_the_contract_says(which: int, steps: Steps4) -> None:
    log = dense((which, steps))
    same_everywhere(log, days_of(log))


@a_few
@given(steps4)
def test_all_rules_together_mean_on_streams_of_several_cases_what_the_contract_says(steps: Steps4) -> None:
    log = scattered(steps)
    same_everywhere(log, days_of(log))


# --- random rules -----------------------------------------------------------------------------------


def same_under_a_random_rule(kind: str, seed: int, streams: int = 3) -> None:
    """The engine and the reference agree about a random rule on a few streams about it."""
    text, _ = rule_text(law().vocabulary, seed, kind)
    only = book(text)
    for number in range(streams):
        log = stream(text, seed + number)
        for day in days_to_observe(log, seed):
            found = difference(only, log, day)
            assert not found, f"{text}\n{told(found, log)}"


@pytest.mark.parametrize("kind", KINDS)
@many
@given(seed=st.integers(0, 10**9))
def test_a_random_rule_means_what_the_contract_says(kind: str, seed: int) -> None:
    same_under_a_random_rule(kind, seed)


def by_hand(seconds: float, seed: int) -> None:
    """Look for differences for so long; the first one ends it."""
    dice, end, count = random.Random(seed), time.monotonic() + seconds, 0
    while time.monotonic() < end:
        for kind in KINDS:
            same_under_a_random_rule(kind, dice.randrange(10**9))
        steps = [tuple(dice.randrange(n) for n in (10_000, 4, 400, 10_000)) for _ in range(dice.randint(1, 22))]
        log = dense((dice.randrange(10_000), steps))  # type: ignore[arg-type]
        same_everywhere(log, days_of(log))
        count += 1
    print(f"{count} rounds, each a rule of every kind and a stream under every rule: no difference")


if __name__ == "__main__":
    by_hand(float(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0)
