"""Cases that are put away behave as those kept ready, cost little, and released ones cost nothing."""

from __future__ import annotations

import gc
import json
import random
import sys
import tracemalloc
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from execcheck.admission import Admission
from execcheck.changes import Changes
from execcheck.events import Event
from execcheck.moments import Clock
from execcheck.monitor import Monitor
from execcheck.undoing import Undo
from lawful import admitted, henan, lawful_case
from randomlogs import END, Steps4, few, law, random_events, scattered
from ruling import events as events_of
from test_monitor_atomic import LAW, ONE, THREE, TWO, seal
from test_monitor_stream import Table, corrected, dense, dense_logs, rows

sys.path.append(str(Path(__file__).parents[1] / "benchmarks"))
from generate import cases

FIRST = date(2021, 11, 1)

untraced = pytest.mark.skipif(
    sys.gettrace() is not None, reason="coverage takes memory of its own; .ci/run measures it on the wheel without it"
)


def told(changes: Changes) -> Any:
    parts = (changes.found, changes.retracted, changes.opened, changes.settled)
    return [rows(part) for part in parts], changes.effect


# --- put away ---------------------------------------------------------------------------------------


@few
@given(dense_logs, st.integers())
def test_a_case_put_away_behaves_as_one_kept_ready(made: tuple[int, Steps4], seed: int) -> None:
    behave_alike(dense(made), random.Random(seed))


@few
@given(random_events, st.integers())
def test_so_do_cases_that_name_and_correct_each_other(made: Steps4, seed: int) -> None:
    behave_alike(scattered(made), random.Random(seed))


def behave_alike(events: list[Event], dice: random.Random) -> None:
    monitors = [Monitor(law(), warm=warm) for warm in (dice.choice((0, 1)), 1000)]
    arriving, withdrawn, _ = corrected(events, dice)
    dice.shuffle(arriving)
    today = FIRST
    for event in arriving:
        step = dice.random()
        if step < 0.2:
            alike([told(monitor.preview(event)) for monitor in monitors])
        if step > 0.9:
            today += timedelta(dice.randrange(60))
            alike([told(monitor.advance(today)) for monitor in monitors])
        alike([told(monitor.observe(event)) for monitor in monitors])
    for identity in withdrawn:
        alike([told(monitor.withdraw(identity)) for monitor in monitors])
    for within in (None, timedelta(days=20)):
        alike([rows(monitor.due(within=within)) for monitor in monitors])
        alike([rows(monitor.due(today + timedelta(days=9), within)) for monitor in monitors])
    case = dice.choice(arriving).case
    alike([rows(monitor.judgements(case=case)) for monitor in monitors])
    alike([set(monitor.finished()) for monitor in monitors])
    alike([monitor.last_moment() for monitor in monitors])
    if case in monitors[0].cases():
        alike([monitor.snapshot(case) for monitor in monitors])
        steps = [monitor.allowed(case, END, types=["case.closed", arriving[0].type]) for monitor in monitors]
        alike([[(one.type, one.objects, rows(one.forbidden_by), rows(one.requires)) for one in all_] for all_ in steps])


def alike(found: list[Any]) -> None:
    assert found[0] == found[1]


@pytest.mark.parametrize("ask", ["snapshot", "preview", "due", "judgements", "withdraw", "take", "advance", "release"])
def test_no_question_leaves_more_cases_ready_than_were_asked_for(ask: str) -> None:
    monitor, numbers = Monitor(LAW, warm=2), [f"（2021）豫0225执{n}号" for n in range(1, 30)]
    for number, case in enumerate(numbers):
        monitor.observe(*events_of(seal(f"s{number}", case, "2021-11-02")))
    for number, case in enumerate(numbers):
        if ask == "snapshot":
            monitor.snapshot(case)
        elif ask == "preview":
            monitor.preview(*events_of(seal("p", case, "2021-11-03")))
        elif ask == "withdraw":
            monitor.withdraw(f"s{number}")
        elif ask == "take":
            monitor.take(*events_of(seal(f"t{number}", case, "2021-11-03", supersedes=f"s{(number + 1) % 29}")))
        elif ask == "release":
            monitor.release(case, END)
    for changes in (monitor.due(), monitor.judgements(), monitor.advance(END)):
        assert changes is not None
    ready = [one for one in monitor._dossiers.by_number.values() if one.packed is None]
    assert len(ready) <= 2


@pytest.mark.parametrize("warm", [0, 1000])
def test_a_correction_taken_back_lets_an_event_of_a_case_put_away_stand_again(warm: int) -> None:
    monitor, table = Monitor(LAW, warm=warm), Table()
    for event in events_of(seal("a", ONE, "2021-11-01"), seal("b", TWO, "2021-11-02", supersedes="a")):
        table.apply(monitor.observe(event))
    assert {j.trigger.id for j in monitor.judgements()} == {"b"}
    table.apply(monitor.withdraw("b"))
    assert table.rows == rows(monitor.judgements()) != {}


def test_a_case_put_away_keeps_the_days_of_its_court() -> None:
    abroad = ZoneInfo("America/New_York")
    admission = Admission(LAW.vocabulary, Clock(abroad))
    (event,) = events_of(seal("a", ONE, "2021-11-02T03:00:00+00:00"))
    raw = {"id": "a", "case": ONE, "type": event.type, "time": "2021-11-02T03:00:00+00:00", "data": dict(event.data)}
    event_there = admission.admit({**raw, "objects": dict(event.objects)}, "")
    assert isinstance(event_there, Event) and event_there.day == event.day - 1
    dues = set()
    for warm in (0, 1000):
        monitor = Monitor(LAW, warm=warm, zone=abroad)
        monitor.observe(event_there)
        dues |= {judgement.due for judgement in monitor.judgements()}
        restored = Monitor(LAW, zone=abroad)
        restored.restore(monitor.snapshot(ONE))
        dues |= {judgement.due for judgement in restored.judgements()}
    assert dues == {date(2021, 12, 1)}


# --- memory -----------------------------------------------------------------------------------------


def sizes(monitor: Monitor) -> dict[str, int]:
    """How much the tables of a monitor hold."""
    held = monitor._dossiers
    tables = {name: len(getattr(held, name)) for name in (
        "by_case", "by_number", "replaced", "withdrawn", "stale", "_warm", "_wheel",
    )}  # fmt: skip
    return {
        **tables,
        "ids": sum(map(len, held.ids._hashes.values())),
        "groups": sum(map(len, held.ids._groups.values())),
    }


def come_and_go(monitor: Monitor, numbers: Iterable[int]) -> None:
    """Cases with a correction and a withdrawal, observed and released."""
    for number in numbers:
        case, other = f"（2021）豫0225执{number}号", f"（2021）豫0225执异{number}号"
        for event in events_of(
            seal(f"{number}-a", case, "2021-11-01"), seal(f"{number}-b", case, "2021-11-02", supersedes=f"{number}-a"),
            seal(f"{number}-c", case, "2021-11-03"), seal(f"{number}-d", other, "2021-11-04", supersedes=f"{number}-c"),
            seal(f"{number}-e", other, "2021-11-05", supersedes=f"{number}-never"),
        ):  # fmt: skip
            monitor.observe(event)
        monitor.withdraw(f"{number}-e")
        for one in (case, other) if number % 2 else (other, case):
            monitor.release(one, END)


@pytest.fixture
def traced() -> Iterator[None]:
    tracemalloc.start()
    yield
    tracemalloc.stop()


def held() -> int:
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


@untraced
def test_two_thousand_cases_released_leave_nothing_behind() -> None:
    monitor = Monitor(LAW, warm=1)
    come_and_go(monitor, range(2000))
    assert set(sizes(monitor).values()) == {0}, sizes(monitor)
    tracemalloc.start()
    try:
        come_and_go(monitor, range(100))  # names seen before: what is remembered of the form of names has a bound
        before = held()
        come_and_go(monitor, range(100, 400))
        grown = (held() - before) / 300
    finally:
        tracemalloc.stop()
    assert grown < 100, f"{grown:.0f} bytes a case"


def test_a_released_case_leaves_what_others_still_need() -> None:
    monitor = Monitor(LAW)
    for event in events_of(seal("a", ONE, "2021-11-01"), seal("b", TWO, "2021-11-02", supersedes="a"),
                           seal("c", THREE, "2021-11-03")):  # fmt: skip
        monitor.observe(event)
    before = rows(monitor.judgements(case=ONE))
    monitor.release(TWO, END)
    assert rows(monitor.judgements(case=ONE)) == before == {}
    monitor.release(ONE, END)
    (again,) = events_of(seal("a", ONE, "2021-11-01"))
    assert monitor.observe(again).opened, "nothing is known of it any more"
    assert monitor.cases() == (THREE, ONE)


@pytest.mark.usefixtures("traced")
@untraced
def test_an_open_case_of_sixty_events_put_away_takes_less_than_four_kilobytes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    admission = Admission(law().vocabulary)
    logs = [[admission.admit(json.loads(line), "log") for line in text.splitlines()] for text in cases(30, 7)]
    costs = {}
    for warm in (0, 1000):
        monitor = Monitor(law(), warm=1000)
        for number in range(40_000):
            monitor._dossiers.ids.add(f"other-{number}", 0)  # as in a monitor of many cases
        follow(monitor, logs)
        for case in monitor.cases():
            monitor.release(case, END)
        before = held()  # what all cases share is there
        follow(monitor, logs)
        monitor._dossiers.warm = warm
        with monitor._lock, Undo() as undo:
            monitor._dossiers.put_away(undo)
        costs[warm] = (held() - before) / len(logs)
    with capsys.disabled():
        print(f"\na case of 60 events: {costs[0]:.0f} bytes put away, {costs[1000]:.0f} bytes ready")
    assert costs[0] < 4096
    assert costs[0] < costs[1000]


def follow(monitor: Monitor, logs: Iterable[Iterable[object]]) -> None:
    for event in (event for log in logs for event in log):
        assert isinstance(event, Event)
        monitor.observe(event)


def test_the_lawful_case_leaves_no_cycles_for_the_collector() -> None:
    monitor = Monitor(henan(), warm=1)
    events = admitted(henan(), lawful_case())
    for event in events[:60]:
        monitor.observe(event)
    gc.collect()
    gc.disable()
    try:
        for event in events[60:80]:
            monitor.preview(event)
            monitor.observe(event)
        monitor.allowed(events[0].case, types=["case.closed"])
        monitor.advance(END)
        found = gc.collect()
    finally:
        gc.enable()
    assert found < 100, f"{found} objects"
