"""Events written back as log lines: admission makes the same event of them again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from execcheck.events import Event, Month
from execcheck.logs import raw_of
from execcheck.moments import Clock
from execcheck.order import same_content
from inputs import SEIZURE, VOCABULARY, changed, event_of, with_data
from lawful import EXAMPLES, admitted, read_log
from randomlogs import edited, few, law, logs, more, random_events, scattered

LOGS = (*sorted(EXAMPLES.glob("*.jsonl")), *sorted((EXAMPLES / "published").glob("*.jsonl")))


def again(event: Event) -> Event:
    """The event after a journey through JSON."""
    return law().event(json.loads(json.dumps(raw_of(event), ensure_ascii=False, allow_nan=False)), event.place)


def assert_kept(events: Iterable[Event]) -> None:
    for event in events:
        back = again(event)
        assert same_content(back, event), (event, back)
        assert (back.id, back.has_id, back.place, back.day, back.recorded_day) == (
            event.id, event.has_id, event.place, event.day, event.recorded_day,
        )  # fmt: skip


@pytest.mark.parametrize("log", LOGS, ids=lambda path: path.stem)
def test_every_event_of_the_examples_comes_back_as_it_was(log: Path) -> None:
    assert_kept(admitted(law(), read_log(log)))


@few
@given(logs)
def test_an_event_of_a_case_after_any_edit_comes_back_as_it_was(made: Any) -> None:
    assert_kept(edited(made))


@more
@given(random_events)
def test_an_event_of_any_type_comes_back_as_it_was(made: Any) -> None:
    assert_kept(scattered(made))


def test_there_is_an_event_of_every_type_to_come_back() -> None:
    made = scattered((number, 0, number, number) for number in range(len(VOCABULARY.events)))
    assert {event.type for event in made} == set(VOCABULARY.events)
    assert_kept(made)


def test_what_is_written_in_the_normal_form_stays_as_it_is() -> None:
    assert raw_of(event_of(SEIZURE)) == SEIZURE
    assert raw_of(event_of(changed(supersedes="e3"))) == changed(supersedes="e3")


def test_nothing_is_written_that_the_log_did_not_say() -> None:
    bare = {"case": "C1", "type": "case.filed", "time": "2021-11-01"}
    assert raw_of(event_of(bare | {"source": "system", "objects": {}, "data": {}, "id": None})) == bare


def test_an_empty_panel_is_written_and_a_missing_one_is_not() -> None:
    raw = raw_of(event_of(changed(panel=[], approvals=[], actor={})))
    assert (raw["panel"], raw["approvals"], raw["actor"]) == ([], [], {})
    assert {"panel", "approvals", "actor"}.isdisjoint(raw_of(event_of(changed(panel=..., approvals=..., actor=...))))


@pytest.mark.parametrize(("time", "written"), [
    ("2021-11", "2021-11"), ("2021-11-01", "2021-11-01"), ("2021-11-01T01:30:00Z", "2021-11-01T01:30:00+00:00"),
    ("2021-11-01 09:30:00.5+08:00", "2021-11-01T09:30:00.500000+08:00"),
    ("2021-10-31T20:30:00-05:00", "2021-10-31T20:30:00-05:00"), (Month(2021, 11, 1), "2021-11"),
    (datetime(2021, 11, 1, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai")), "2021-11-01T09:30:00+08:00"),
    (datetime(2021, 11, 1, 9, 30, tzinfo=timezone(timedelta(hours=8, seconds=43))), "2021-11-01T01:29:17+00:00"),
    (datetime(2021, 11, 1, 1, 30, tzinfo=timezone(-timedelta(minutes=5, seconds=30))), "2021-11-01T01:35:30+00:00"),
])  # fmt: skip
def test_a_time_is_written_as_exactly_as_it_is_known(time: Any, written: str) -> None:
    event = event_of(changed(time=time, recorded=time))
    assert (raw_of(event)["time"], raw_of(event)["recorded"]) == (written, written)
    assert_kept([event])


@given(st.datetimes(datetime(1949, 1, 3), datetime(2200, 12, 29)), st.integers(-86_399, 86_399))
def test_an_instant_of_any_offset_stays_that_instant(moment: datetime, seconds: int) -> None:
    instant = moment.replace(tzinfo=timezone(timedelta(seconds=seconds)))
    written = raw_of(event_of(changed(time=instant)))["time"]
    assert Clock().read(written) == Clock().read(instant)


@pytest.mark.parametrize(("value", "written"), [
    ("700000.00", "700000.00"), (700000, "700000"), (0.1, "0.1"), (1e14, "100000000000000.0"), (Decimal("7E5"), "700000"),
    (Decimal("12.300"), "12.30"), (Decimal("0E-5"), "0.00"), (Decimal("1E+2"), "100"),
])  # fmt: skip
def test_a_sum_is_written_with_digits_and_a_point_only(value: Any, written: str) -> None:
    event = event_of(with_data(value=value))
    assert raw_of(event)["data"]["value"] == written
    assert_kept([event])


def test_unknown_data_survive_whatever_json_they_are() -> None:
    strange = {"colour": "red", "n": [1, 2.5, True, None, {"a": ["x"]}], "big": 2**70, "yes": False, "nothing": {}}
    event = event_of(with_data(**strange))
    assert raw_of(event)["data"].items() >= strange.items()
    assert_kept([event])


def test_unknown_data_that_json_does_not_have_become_text() -> None:
    strange = {"sum": Decimal("1.505"), "day": date(2021, 11, 1), "at": datetime(2021, 11, 1, tzinfo=UTC)}
    data = raw_of(event_of(with_data(**strange)))["data"]
    assert (data["sum"], data["day"], data["at"]) == ("1.505", "2021-11-01", "2021-11-01T00:00:00+00:00")


def test_a_hosts_own_kinds_of_values_are_written_like_the_common_ones() -> None:
    class Stamp(datetime):
        pass

    class Word(str):
        __slots__ = ()

    inner: Mapping[str, Any] = MappingProxyType({"a": (Word("x"), Stamp(2021, 11, 1, tzinfo=UTC))})
    event = evolve(event_of(with_data(inner=inner, word=Word("y"))), time=Stamp(2021, 11, 1, 9, tzinfo=UTC))
    raw = raw_of(event)
    assert raw["time"] == "2021-11-01T09:00:00+00:00"
    assert raw["data"]["inner"] == {"a": ["x", "2021-11-01T00:00:00+00:00"]}
    assert json.loads(json.dumps(raw)) == raw


def test_what_is_written_can_be_changed_without_changing_the_event() -> None:
    event = event_of(with_data(nested={"a": [1]}))
    raw = raw_of(event)
    raw["objects"]["asset"] = raw["actor"]["id"] = "other"
    raw["data"]["nested"]["a"].append(2)
    assert event.objects == {"asset": "A1"}
    assert event.actor is not None and event.actor.id == "u12"
    assert event.data["nested"] == {"a": [1]}
