"""What the six shipped lifecycles hold lawful and forbidden."""

from __future__ import annotations

import json
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from execcheck.admission import Admission
from execcheck.events import Event
from execcheck.lifecycle import walk
from execcheck.order import sort_events
from steps import BEGUN, CASE, FORBIDDEN, LAWFUL, RESTORED, cases, found, lifecycles, steps, vocabulary

LAWFUL_ROWS, FORBIDDEN_ROWS = cases(LAWFUL), cases(FORBIDDEN)
EXAMPLES = Path(__file__).parents[1] / "examples"


@pytest.mark.parametrize(("machine", "name", "text"), LAWFUL_ROWS, ids=[f"{m}: {n}" for m, n, _ in LAWFUL_ROWS])
def test_a_lawful_order_is_no_violation(machine: str, name: str, text: str) -> None:
    events, _ = steps(text)
    assert found(machine, events) == []


@pytest.mark.parametrize(("machine", "name", "text"), FORBIDDEN_ROWS, ids=[f"{m}: {n}" for m, n, _ in FORBIDDEN_ROWS])
def test_a_forbidden_order_is_one_violation_of_the_step_out_of_place(machine: str, name: str, text: str) -> None:
    events, wrong = steps(text)
    assert found(machine, events) == [events[index].id for index in wrong]


@pytest.mark.parametrize(("machine", "name", "text"), FORBIDDEN_ROWS, ids=[f"{m}: {n}" for m, n, _ in FORBIDDEN_ROWS])
def test_a_wrong_step_names_a_state_that_does_not_allow_it_and_what_would_have_been(
    machine: str, name: str, text: str
) -> None:
    lifecycle = lifecycles()[machine]
    for step in walk(lifecycle, steps(text)[0])[0]:
        assert step.state in lifecycle.states
        assert step.allowed and set(step.allowed) <= lifecycle.events


@settings(max_examples=300)
@given(st.sampled_from(LAWFUL_ROWS), st.data())
def test_steps_that_the_source_does_not_record_may_have_happened_unseen(
    row: tuple[str, str, str], data: st.DataObject
) -> None:
    machine, _, text = row
    events, _ = steps(text)
    kinds = sorted({event.type for event in events})
    unseen = data.draw(st.sets(st.sampled_from(kinds)))
    kept = [event for event in events if event.type not in unseen]
    assert found(machine, kept, unseen) == []


@settings(max_examples=300)
@given(st.sampled_from(LAWFUL_ROWS), st.data())
def test_a_log_may_begin_midway(row: tuple[str, str, str], data: st.DataObject) -> None:
    machine, _, text = row
    events, _ = steps(text)
    opening = [n for n, event in enumerate(events) if event.type in lifecycles()[machine].opening]
    later = events[max(opening, default=-1) + 1 :]
    start = data.draw(st.integers(0, len(later)))
    assert found(machine, later[start:]) == []


@settings(max_examples=300)
@given(st.sampled_from([row for row in LAWFUL_ROWS if "+" not in row[2]]), st.data())
def test_lawful_steps_of_one_day_are_lawful_in_every_order_of_the_lines(
    row: tuple[str, str, str], data: st.DataObject
) -> None:
    machine, _, text = row
    events, _ = steps(text)
    per_day = data.draw(st.integers(1, 7))
    first = events[0].day
    coarse = []
    for n, event in enumerate(events):
        day = first + n // per_day
        moved = evolve(event, day=day, time=date.fromordinal(day))
        coarse.append(moved)
    shuffled = [
        event for _, group in groupby(coarse, key=lambda event: event.day)
        for event in data.draw(st.permutations(list(group)))
    ]  # fmt: skip
    wrong, states = walk(lifecycles()[machine], shuffled)
    assert wrong == []
    assert states == walk(lifecycles()[machine], coarse)[1]


def test_a_restored_case_begins_with_its_restoration() -> None:
    for text in (
        "case.filed(case_type=执恢) > case.restored > case.assigned > case.closed(method=performed)",
        "case.filed > case.restored > termination.ruled > case.closed(method=terminated)",
        "case.restored > case.filed > case.assigned > case.closed(method=performed) > case.archived",
    ):
        assert found("case", steps(text, RESTORED)[0]) == []


def test_what_kind_of_case_it_is_may_be_told_by_its_filing_alone() -> None:
    assert found("case", steps("case.filed(case_type=执恢) > case.restored", "some case")[0]) == []
    assert found("case", steps("case.filed > case.restored", "some case")[0]) == ["e001"]
    assert found("case", steps("case.filed > case.restored", CASE)[0]) == ["e001"]


def test_an_instance_without_its_opening_event_is_still_judged_from_what_the_log_shows() -> None:
    assert found("case", steps("case.closed(method=performed) > termination.ruled")[0]) == ["e001"]
    assert found("asset", steps("auction.confirmed > auction.closed(outcome=sold)")[0]) == ["e001"]


def test_precise_times_within_a_day_decide() -> None:
    events, _ = steps(f"{BEGUN} > case.archived > case.closed(method=performed)")
    day = events[3].day
    hours = [evolve(event, day=day, time=event.time - timedelta(days=event.day - day) + timedelta(hours=n))
             for n, event in enumerate(events[3:])]  # fmt: skip
    assert found("case", [*events[:3], *hours]) == ["e003"]
    assert found("case", [*events[:3], hours[0], evolve(hours[1], time=hours[0].time)]) == []


@pytest.mark.parametrize("name", ["lawful-case.jsonl", "published/c25-shijingshan.jsonl"])
def test_the_lawful_examples_break_no_lifecycle(name: str) -> None:
    admission = Admission(vocabulary())
    lines = (EXAMPLES / name).read_text("utf-8").splitlines()
    admitted = [admission.admit(json.loads(line), f"{name}:{n}") for n, line in enumerate(lines, 1)]
    events = sort_events([event for event in admitted if isinstance(event, Event)])
    assert len(events) == len(lines)
    for lifecycle in lifecycles().values():
        instances: dict[str, list[Event]] = {}
        for event in events:
            key = event.case if lifecycle.object is None else event.objects.get(lifecycle.object, "")
            if event.type in lifecycle.events and key:
                instances.setdefault(key, []).append(event)
        for instance in instances.values():
            assert walk(lifecycle, instance)[0] == []
