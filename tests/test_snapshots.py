"""Snapshots: what a host stores of its cases, and goes on from after a restart as if nothing had happened."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from execcheck.changes import Changes
from execcheck.events import Event
from execcheck.monitor import Monitor
from lawful import CASE, RESTORED, admitted, henan, lawful_case
from randomlogs import END, Steps4, few, law, random_events, scattered
from ruling import events as events_of
from test_monitor_atomic import LAW, ONE, THREE, TWO, filed, seal
from test_monitor_stream import Table, corrected, dense, dense_logs, rows

ROOT = Path(__file__).parents[1]
Snapshot = dict[str, Any]


class Lenient(Table):
    """A host's table after a restart: what it never held may be taken back too."""

    def apply(self, changes: Changes) -> None:
        gone = {judgement.fingerprint for judgement in (*changes.retracted, *changes.settled)}
        self.rows.update(dict.fromkeys(gone, ()))  # type: ignore[arg-type]
        super().apply(changes)


def stored(monitor: Monitor) -> list[Snapshot]:
    """The snapshots of all groups, as they come back from a database."""
    found: dict[tuple[str, ...], Snapshot] = {}
    for case in monitor.cases():
        snapshot = json.loads(json.dumps(monitor.snapshot(case)))
        found[tuple(snapshot["cases"])] = snapshot
    return list(found.values())


def restarted(monitor: Monitor, dice: random.Random | None = None) -> Monitor:
    """A new monitor from the snapshots of an old one, which tells nothing."""
    new, snapshots = Monitor(monitor.law, warm=random.Random(len(monitor.cases())).choice((0, 1000))), stored(monitor)
    if dice is not None:
        dice.shuffle(snapshots)
    for snapshot in snapshots:
        assert not new.restore(snapshot), "all of it had been told"
    return new


def watching(*short: dict[str, Any], events: Iterable[Event] = ()) -> Monitor:
    monitor = Monitor(LAW)
    for event in (*events_of(*short), *events):
        monitor.observe(event)
    return monitor


def same(one: Monitor, other: Monitor) -> None:
    assert set(one.cases()) == set(other.cases())
    assert rows(one.judgements()) == rows(other.judgements())
    assert rows(one.judgements(END)) == rows(other.judgements(END))
    assert [j.fingerprint for j in one.due()] == [j.fingerprint for j in other.due()]
    assert one.outcome().satisfied == other.outcome().satisfied
    assert set(one.finished()) == set(other.finished())


# --- going on as if nothing had happened ------------------------------------------------------------


@few
@given(dense_logs, st.integers())
def test_a_monitor_restored_in_the_middle_goes_on_as_the_one_that_was_never_stopped(
    made: tuple[int, Steps4], seed: int
) -> None:
    goes_on(dense(made), seed)


@few
@given(random_events, st.integers())
def test_so_it_does_where_cases_name_and_correct_each_other(made: Steps4, seed: int) -> None:
    goes_on(scattered(made), seed)


def goes_on(events: list[Event], seed: int) -> None:
    dice = random.Random(seed)
    arriving, withdrawn, _ = corrected(events, dice)
    dice.shuffle(arriving)
    cut = dice.randrange(len(arriving) + 1)
    first, table = Monitor(law(), warm=dice.choice((0, 1000))), Lenient()
    today = date(2021, 11, 1)
    for event in arriving[:cut]:
        if dice.random() < 0.2:
            first.take(event)
            continue
        table.apply(first.observe(event))
        if dice.random() < 0.1:
            today += timedelta(dice.randrange(60))
            table.apply(first.advance(today))
    if cut:  # what is withdrawn before it comes stands in no snapshot
        table.apply(first.withdraw(dice.choice(arriving[:cut]).id))
    second = restarted(first, dice)
    same(first, second)
    for event in arriving[cut:]:
        table.apply(second.observe(event))
        first.observe(event)
    for identity in withdrawn:
        table.apply(second.withdraw(identity))
        first.withdraw(identity)
    same(first, second)
    first.advance(END)
    table.apply(second.advance(END))
    same(first, second)
    assert table.rows == rows(first.judgements())


@pytest.mark.parametrize("warm", [0, 1000])
def test_what_was_taken_without_telling_is_told_after_the_restart(warm: int) -> None:
    monitor = Monitor(LAW, warm=warm)
    for event in events_of(filed("f", ONE, "2021-11-01"), seal("a", TWO, "2021-11-01")):
        monitor.observe(event)
    for event in events_of(seal("b", ONE, "2021-11-02"), seal("c", THREE, "2021-11-03", supersedes="a")):
        monitor.take(event)
    snapshots = stored(monitor)
    expected = monitor.advance(date(2021, 12, 1))
    new = Monitor(LAW, warm=warm)
    for snapshot in snapshots:
        assert not new.restore(snapshot)
    found = new.advance(date(2021, 12, 1))
    assert {j.trigger.id for j in found.opened} == {"b", "c"}
    assert {j.trigger.id for j in found.retracted} == {"a"}
    for name in ("found", "retracted", "opened", "settled"):
        assert rows(getattr(found, name)) == rows(getattr(expected, name))


def test_what_was_never_told_is_told_whole() -> None:
    monitor = Monitor(LAW)
    for event in events_of(filed("f", ONE, "2021-11-01"), seal("b", ONE, "2021-11-02")):
        monitor.take(event)
    (snapshot,) = stored(monitor)
    new, table = Monitor(LAW), Table()
    assert not new.restore(snapshot)
    table.apply(new.advance(date(2021, 11, 5)))
    assert table.rows == rows(new.judgements()) != {}


def test_time_stands_after_the_restart_where_it_stood() -> None:
    monitor = watching(seal("a", ONE, "2021-11-01"))
    monitor.advance(date(2022, 6, 1))
    new = restarted(monitor)
    assert new.now == date(2022, 6, 1)
    assert [j.verdict.value for j in new.judgements()] == ["violated"]
    late = new.observe(*events_of(seal("b", ONE, "2021-10-01")))
    assert not late.retracted, "what was overdue stays so"
    with pytest.raises(ValueError, match="back"):
        new.advance(date(2022, 5, 31))


def test_what_became_overdue_while_nobody_watched_is_told_when_time_goes_on() -> None:
    monitor = watching(seal("a", ONE, "2021-11-01"))
    (snapshot,) = stored(monitor)
    new = Monitor(LAW)
    new.advance(date(2022, 6, 1))
    new.restore(snapshot)
    assert [j.verdict.value for j in new.advance(date(2022, 6, 1)).found] == ["violated"]


def test_a_restored_case_that_changes_a_case_being_watched_has_that_told() -> None:
    reviewed = events_of(
        {"id": "r", "case": ONE, "time": "2022-01-01", "type": "restoration.reviewed", "result": "grant"}
    )
    joining = events_of(filed("j", "（2022）豫0225执恢4号", "2022-01-05", original_case=ONE))
    snapshot = watching(events=reviewed).snapshot(ONE)
    new, table = Monitor(LAW), Table()
    table.apply(new.observe(*joining))
    assert {row[:2] for row in table.rows.values()} >= {("trial/rule2", "violated")}
    assert not new.restore(snapshot)
    table.apply(new.advance(date(2022, 1, 6)))
    assert table.rows == rows(new.judgements())
    assert "trial/rule2" not in {row[0] for row in table.rows.values()}


def test_a_correction_from_a_case_that_was_released_still_holds_after_the_restart() -> None:
    monitor = watching(seal("a", ONE, "2021-11-01"), seal("b", TWO, "2021-11-02", supersedes="a"))
    monitor.release(TWO, END)
    assert restarted(monitor).judgements() == monitor.judgements() == ()


def test_what_was_withdrawn_stays_withdrawn() -> None:
    first, again, early = events_of(
        seal("a", ONE, "2021-11-01"), seal("b", ONE, "2021-11-02"), seal("e", ONE, "2021-11-03")
    )  # fmt: skip
    monitor = watching(events=[first, again])
    monitor.withdraw("a")
    monitor.withdraw("e")
    assert monitor.observe(early).effect == "withdrawn"
    new = restarted(monitor)
    for event in (first, early):
        assert new.observe(event).effect == "withdrawn"
    assert [j.trigger.id for j in new.judgements()] == ["b"]


def test_a_superseded_event_is_known_and_its_id_taken() -> None:
    monitor = watching(seal("a", ONE, "2021-11-01"), seal("b", ONE, "2021-11-02", supersedes="a"))
    new = restarted(monitor)
    assert new.observe(*events_of(seal("a", ONE, "2021-11-01"))).effect == "repeated"
    assert new.withdraw("b")
    assert [j.trigger.id for j in new.judgements()] == ["a"]


def test_a_snapshot_is_small_and_plain_json(capsys: pytest.CaptureFixture[str]) -> None:
    monitor = Monitor(henan())
    events = admitted(henan(), lawful_case())
    for event in events:
        monitor.observe(event)
    text = json.dumps(monitor.snapshot(RESTORED), ensure_ascii=False)
    with capsys.disabled():
        print(f"\nsnapshot of the lawful case: {len(events)} events, {len(text.encode())} bytes")
    assert len(text.encode()) < 500 * len(events)
    assert json.loads(text) == monitor.snapshot(CASE)
