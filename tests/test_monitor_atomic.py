"""A call that breaks off, wherever it does, leaves the monitor as it was; the same call then does what it would have."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import date
from itertools import count
from typing import Any

import pytest

from execcheck.changes import Changes
from execcheck.defects import DefectiveInput
from execcheck.events import Event
from execcheck.monitor import Monitor
from faults import JUDGING, STATE, Interruption
from ruling import book, events
from test_monitor_stream import Table, rows

pytestmark = pytest.mark.skipif(
    sys.gettrace() is not None,
    reason="coverage traces lines itself; .ci/run has these tests run on the wheel without it",
)

ONE, TWO, THREE, RESTORED = (
    "（2021）豫0225执1号", "（2021）豫0225执2号", "（2021）豫0225执3号", "（2022）豫0225执恢4号",
)  # fmt: skip
LAW = book(
    "kind: response\nper: asset\nwhen: asset.controlled\nthen: price.determined\nwithin: 30d\n",
    "kind: response\nwhen: case.filed\nthen: case.closed\nwithin: 6mo\nstops: [suspension]\n",
    "kind: precedence\nwhen: case.filed\nneeds: restoration.reviewed\nacross: family\n",
    "kind: absence\nwhen: suspension.ordered\n",
)
LATER = date(2024, 6, 30)


def seal(name: str, case: str, day: str, **more: Any) -> dict[str, Any]:
    measure = {"measure": "seal", "kind": "vehicle"}
    return {"id": name, "case": case, "type": "asset.controlled", "time": day, "asset": f"A-{name}", **measure, **more}


def filed(name: str, case: str, day: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "case": case, "type": "case.filed", "time": day, **more}


BEFORE = events(
    filed("f1", ONE, "2021-11-01"), seal("s1", ONE, "2021-11-02"), filed("f2", TWO, "2021-11-03"),
    seal("s2", TWO, "2021-11-20T09:00:00+08:00"), seal("s3", THREE, "2021-11-05"),
    seal("s4", TWO, "2021-11-06", supersedes="s3"), seal("s5", ONE, "2021-11-21"),
)  # fmt: skip


def one(**short: Any) -> Event:
    (event,) = events(short)
    return event


NEXT = one(id="n", case=ONE, type="price.determined", time="2021-12-01", asset="A-s1")
LATE = one(**seal("l", TWO, "2021-11-04"))
FIRST = one(**seal("x", "（2021）豫0225执9号", "2021-11-04"))
JOINING = one(**filed("j", RESTORED, "2022-01-05", original_case=ONE, related_cases=[TWO]))
CORRECTING = one(**seal("c", ONE, "2021-11-30", supersedes="s5"))
ACROSS = one(**seal("a", ONE, "2021-11-30", supersedes="s2"))
STORED = Monitor(LAW)
for _event in events(filed("r1", RESTORED, "2022-01-05"), seal("r2", RESTORED, "2022-02-01", supersedes="s2")):
    STORED.observe(_event)
STORED.withdraw("s5")
STORED.observe(one(**seal("s5", RESTORED, "2021-11-21")))
STORED.advance(date(2022, 4, 1))

CALLS: dict[str, Callable[[Monitor], Changes | object]] = {
    "the next event": lambda monitor: monitor.observe(NEXT),
    "a late event": lambda monitor: monitor.observe(LATE),
    "the first event of a case": lambda monitor: monitor.observe(FIRST),
    "an event that joins cases": lambda monitor: monitor.observe(JOINING),
    "a correction": lambda monitor: monitor.observe(CORRECTING),
    "a correction across cases": lambda monitor: monitor.observe(ACROSS),
    "an event taken without telling": lambda monitor: monitor.take(ACROSS),
    "a withdrawal": lambda monitor: monitor.withdraw("s1"),
    "a withdrawal of a correction across cases": lambda monitor: monitor.withdraw("s4"),
    "time over many cases": lambda monitor: monitor.advance(date(2022, 9, 1)),
    "a restored case": lambda monitor: monitor.restore(STORED.snapshot(RESTORED)),
    "a released case": lambda monitor: monitor.release(TWO, LATER),
    "a preview": lambda monitor: monitor.preview(JOINING),
    "a preview of a correction": lambda monitor: monitor.preview(ACROSS),
    "steps": lambda monitor: monitor.allowed(ONE, types=["price.determined", "case.closed"]),
    "duties": lambda monitor: monitor.due(),
    "judgements": lambda monitor: monitor.judgements(LATER),
    "a snapshot": lambda monitor: monitor.snapshot(ONE),
}  # fmt: skip


def watching(warm: int) -> tuple[Monitor, Table]:
    """A monitor with something of everything: corrections, withdrawals, an untold event, with a table kept by it."""
    monitor, table = Monitor(LAW, warm=warm), Table()
    for event in BEFORE:
        table.apply(monitor.observe(event))
    table.apply(monitor.advance(date(2021, 11, 25)))
    monitor.withdraw("early")
    monitor.take(one(**seal("u", THREE, "2021-11-24")))
    return monitor, table


def seen(monitor: Monitor) -> Any:
    """All that can be asked of a monitor."""
    snapshots = {case: json.dumps(monitor.snapshot(case), sort_keys=True) for case in monitor.cases()}
    asked = rows(monitor.judgements()), rows(monitor.judgements(LATER)), rows(monitor.due())
    return asked, snapshots, monitor.now, monitor.last_moment(), set(monitor.finished())


def told(found: Changes | object) -> Any:
    if not isinstance(found, Changes):
        return str(found)
    return [rows(part) for part in (found.found, found.retracted, found.opened, found.settled)], found.effect


@pytest.mark.parametrize("warm", [0, 1000])
@pytest.mark.parametrize("name", CALLS)
def test_a_call_that_breaks_off_at_any_line_changes_nothing(name: str, warm: int) -> None:
    breaks_off(name, warm, STATE, step=1)


@pytest.mark.parametrize("name", CALLS)
def test_so_it_does_where_the_judging_breaks_off(name: str) -> None:
    breaks_off(name, 1000, JUDGING, step=61)


def breaks_off(name: str, warm: int, modules: frozenset[str], step: int) -> None:
    """Break a call off at every ``step``-th line of some modules, look whether nothing has changed, then let it be."""
    call, (monitor, table) = CALLS[name], watching(warm)
    expected = told(call(watching(warm)[0]))
    before = seen(monitor)
    for line in count(1, step):
        broken = Interruption(line, modules)
        try:
            found = broken.run(lambda: call(monitor))
            break
        except (KeyboardInterrupt, RuntimeError):
            assert broken.hit
            assert seen(monitor) == before, f"broken off at line {line}"
    assert not broken.hit and (line > 1 or modules is JUDGING), "some calls judge nothing"
    assert told(found) == expected, "the same call, made again, does what it would have done"
    if name == "a restored case":
        table.rows.update(rows(STORED.judgements()))  # which the host had kept
    if isinstance(found, Changes) and "preview" not in name:
        table.apply(found)
    if "preview" not in name and "release" not in name:
        table.apply(monitor.advance(LATER))
        assert table.rows == rows(monitor.judgements())


def test_a_refused_event_changes_nothing() -> None:
    monitor, _ = watching(0)
    before = seen(monitor)
    for wrong in (seal("s1", TWO, "2021-11-02"), seal("s4", TWO, "2021-11-07"), seal("s3", ONE, "2021-11-05")):
        for refuse in (monitor.observe, monitor.take, monitor.preview):
            with pytest.raises(DefectiveInput):
                refuse(one(**wrong))
    assert seen(monitor) == before


def test_corrections_in_a_ring_are_refused_and_change_nothing() -> None:
    monitor = Monitor(LAW, warm=0)
    monitor.observe(one(**seal("p", ONE, "2021-11-02", supersedes="q")))
    monitor.observe(one(**seal("q", TWO, "2021-11-02", supersedes="r")))
    before = seen(monitor)
    for refuse in (monitor.observe, monitor.take, monitor.preview):
        with pytest.raises(DefectiveInput):
            refuse(one(**seal("r", THREE, "2021-11-02", supersedes="p")))
    assert seen(monitor) == before
    assert monitor.cases() and THREE not in monitor.cases()


def test_time_that_would_go_back_is_refused_and_changes_nothing() -> None:
    monitor, _ = watching(0)
    before = seen(monitor)
    with pytest.raises(ValueError, match="back"):
        monitor.advance(date(2021, 11, 24))
    assert seen(monitor) == before
