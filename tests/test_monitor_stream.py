"""Dirty streams: whatever arrives, in whatever order, the monitor ends where a check of the final log ends."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from typing import Any

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from execcheck.changes import Changes
from execcheck.checking import check
from execcheck.events import Event
from execcheck.judgement import Judgement
from execcheck.monitor import Monitor
from execcheck.needs import ALL_CAPTURED
from execcheck.touching import touch_of
from lawful import Raw, admitted
from randomlogs import CASES, END, PERSONS, Steps, Steps4, edited, few, law, logs, more, random_events, scattered
from randomlogs import _value as value_of

Row = tuple[str, str, date | None, str | None, tuple[str, ...], str]


def row(judgement: Judgement) -> Row:
    """What a host's table keeps of a judgement."""
    event = None if judgement.event is None else judgement.event.id
    return (judgement.rule, judgement.verdict.value, judgement.due, event, judgement.missing, judgement.severity.value)


class Table:
    """A host's table of findings and duties, kept by the changes alone."""

    def __init__(self) -> None:
        self.rows: dict[str, Row] = {}

    def apply(self, changes: Changes) -> None:
        gone = {judgement.fingerprint for judgement in (*changes.retracted, *changes.settled)}
        assert gone <= self.rows.keys(), "only what was told can be taken back or settled"
        self.rows = {name: told for name, told in self.rows.items() if name not in gone}
        for judgement in (*changes.found, *changes.opened):
            self.rows[judgement.fingerprint] = row(judgement)


def rows(judgements: Iterable[Judgement]) -> dict[str, Row]:
    return {judgement.fingerprint: row(judgement) for judgement in judgements}


def of_check(events: list[Event]) -> dict[str, Row]:
    """What a check of the final log says at the end."""
    if not events:
        return {}
    report = check(events, law(), as_of=END, capture=ALL_CAPTURED)
    return rows((*report.violations, *report.inconclusive, *report.pending))


# --- logs on which the rules bite -----------------------------------------------------------------


@cache
def circles() -> tuple[tuple[str, ...], ...]:
    """For each rule the event types that it is about."""
    found = []
    for rule in law().rules.values():
        types = {kind for trigger in rule.when for kind in trigger.selector.types} | touch_of(rule, law()).types
        found.append(tuple(sorted(types & law().vocabulary.events.keys())))
    return tuple(found)


def dense(made: tuple[int, Steps4]) -> list[Event]:
    """Events of the types that one rule is about, close together in one case, now and then in another."""
    which, steps = made
    dice = random.Random(which)
    types = sorted({kind for _ in range(3) for kind in dice.choice(circles())})
    raw: list[Raw] = []
    for number, (kind, case, offset, seed) in enumerate(steps):
        dice = random.Random(seed)
        described, day = law().vocabulary.events[types[kind % len(types)]], date(2021, 11, 1) + timedelta(offset % 120)
        event: dict[str, Any] = {
            "id": f"e{number}", "case": CASES[case] if dice.random() < 0.05 else CASES[0], "type": described.name,
            "time": f"{day}T{dice.randrange(8, 12):02}:00:00+08:00" if dice.random() < 0.6 else day.isoformat(),
            "data": {
                name: value_of(field, dice, day) for name, field in described.fields.items()
                if name in described.required or (dice.random() < 0.7 and not field.is_case_number)
            },
        }  # fmt: skip
        kinds = (described.object, *described.also) if described.object else described.also
        event["objects"] = {name: dice.choice(("o1", "o2")) for name in kinds if dice.random() < 0.9}
        if dice.random() < 0.7:
            event["actor"] = {"id": dice.choice(PERSONS), "team": dice.choice(("t1", "t2"))}
        raw.append(event)
    return admitted(law(), raw)


dense_logs = st.tuples(st.integers(0, 10_000), random_events)


def followed(events: list[Event], dice: random.Random, step: float = 0.1) -> tuple[Monitor, Table]:
    """A monitor after some events, time passing in between, with the table of somebody who followed it."""
    monitor, table = Monitor(law(), warm=dice.choice((0, 1, 1000))), Table()
    today = date(2021, 11, 1)
    for event in events:
        table.apply(monitor.observe(event))
        if dice.random() < step:
            today = max(today, date.fromordinal(event.last) + timedelta(dice.randrange(-5, 30)))
            table.apply(monitor.advance(today))
            if dice.random() < 0.5:
                today = max(today, max_day(monitor))
                table.apply(monitor.advance(today))
                assert table.rows == rows(monitor.judgements())
    table.apply(monitor.advance(max(END, today)))
    return monitor, table


def max_day(monitor: Monitor) -> date:
    last = monitor.last_moment()
    assert last is not None
    return date.fromordinal(monitor.judging.day_of(last))


# --- arrivals -------------------------------------------------------------------------------------


@more
@given(dense_logs, st.integers())
def test_events_in_the_order_of_time_lead_where_the_check_of_the_log_leads(made: tuple[int, Steps4], seed: int) -> None:
    events = sorted(dense(made), key=lambda event: (event.day, event.id))
    _, table = followed(events, random.Random(seed))
    assert table.rows == of_check(events)


@more
@given(dense_logs, st.integers())
def test_events_in_any_order_lead_there_too(made: tuple[int, Steps4], seed: int) -> None:
    dice = random.Random(seed)
    events = dice.sample(dense(made), len(made[1]))
    _, table = followed(events, dice)
    assert table.rows == of_check(events)


@few
@given(logs, st.integers())
def test_a_whole_case_may_arrive_late_twice_and_in_any_order(made: tuple[int, Steps], seed: int) -> None:
    dice = random.Random(seed)
    events = edited(made)
    late = dice.sample(events, len(events) // 10)
    arriving = [*(event for event in events if event not in late), *late, *dice.sample(events, len(events) // 10)]
    monitor, table = followed(arriving, dice, step=0.02)
    assert table.rows == of_check(events)
    assert monitor.outcome(END).events == len(events)


@more
@given(random_events, st.integers())
def test_random_events_of_several_cases_that_name_each_other_lead_there_too(made: Steps4, seed: int) -> None:
    events = scattered(made)
    _, table = followed(events, random.Random(seed))
    assert table.rows == of_check(events)


# --- corrections and withdrawals ------------------------------------------------------------------


def corrected(events: list[Event], dice: random.Random) -> tuple[list[Event], list[str], list[Event]]:
    """Arrivals with corrections, ids to withdraw, and the final log without what was corrected or withdrawn."""
    arriving, final = list(events), {event.id: event for event in events}
    for number in range(dice.randrange(4)):
        wrong = dice.choice(sorted(final))
        right = dice.choice(events)
        new = evolve(right, id=f"correction-{number}", supersedes=wrong, day=right.day)
        arriving.append(new)
        del final[wrong]
        final[new.id] = new
        if not final:
            break
    withdrawn = dice.sample(sorted(final), min(len(final), dice.randrange(3)))
    for identity in withdrawn:
        gone = final.pop(identity)
        if gone.supersedes is not None:  # then what it corrected stands again
            final.update({one.id: one for one in arriving if one.id == gone.supersedes})
    return arriving, withdrawn, list(final.values())


@more
@given(dense_logs, st.integers())
def test_corrections_and_withdrawals_lead_where_the_check_of_the_final_log_leads(
    made: tuple[int, Steps4], seed: int
) -> None:
    dice = random.Random(seed)
    arriving, withdrawn, final = corrected(dense(made), dice)
    dice.shuffle(arriving)
    early = [identity for identity in withdrawn if dice.random() < 0.5]
    monitor, table = Monitor(law(), warm=dice.choice((0, 1000))), Table()
    for identity in early:
        assert not monitor.withdraw(identity), "it has not come yet"
    for event in arriving:
        table.apply(monitor.observe(event))
        if dice.random() < 0.1 and monitor.now is None:
            table.apply(monitor.advance(date(2021, 12, 1)))
    for identity in withdrawn:
        if identity not in early:
            table.apply(monitor.withdraw(identity))
    table.apply(monitor.advance(END))
    assert table.rows == of_check(final)
    assert monitor.outcome().events == len(final)
