"""The live benchmark feeds what a host would feed, and counts what the monitor tells."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

import live
from execcheck import Event, Monitor
from generate import write


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("live") / "log.jsonl"
    with path.open("w", encoding="utf-8", newline="\n") as out:
        write(out, 30, 1)
    return path


@pytest.fixture(scope="module")
def events(log: Path) -> list[Event]:
    return live.interleaved(log, live.LAWS["ten"]())


def test_the_cases_are_interleaved_in_the_order_of_time(events: list[Event]) -> None:
    times = [event.time.isoformat() for event in events]
    assert len(events) == 30 * 60
    assert times == sorted(times)
    changes = sum(one.case != other.case for one, other in pairwise(events))
    assert changes > 2 * 30


@pytest.mark.parametrize("read", [False, True])
def test_what_is_counted_as_told_is_what_the_monitor_tells(log: Path, events: list[Event], read: bool) -> None:
    followed = list(Monitor(live.LAWS["ten"]()).follow(events))
    found = live.speed(log, "ten", live.WARM, read=read)
    assert (found.events, found.told) == (len(events), len(followed))
    assert sum(found.kinds.values()) == sum(len(getattr(c, kind)) for c in followed for kind in live.KINDS) * read
    assert found.told > 0


def test_a_monitor_that_keeps_no_case_ready_tells_the_same(log: Path) -> None:
    warm, cold = (live.speed(log, "ten", kept, read=True) for kept in (live.WARM, 0))
    assert (cold.told, cold.kinds) == (warm.told, warm.kinds)


def test_memory_is_told_for_each_case(log: Path) -> None:
    held, cases = live.memory(log, "ten", 0)
    assert (cases, held > 0) == (30, True)
