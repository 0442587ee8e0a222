"""Snapshots that a monitor does not go on from: it says why, and nothing has changed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from attrs import evolve

from execcheck.calendars import Calendar
from execcheck.lawbook import load_law, shipped
from execcheck.monitor import Monitor
from execcheck.needs import Capture
from execcheck.snapshots import SnapshotRefused
from lawful import CASE, admitted, henan, lawful_case
from ruling import events as events_of
from test_monitor_atomic import LAW, ONE, TWO, seal, seen
from test_monitor_stream import Table, rows
from test_snapshots import watching

ROOT = Path(__file__).parents[1]


def test_a_snapshot_of_cases_that_are_watched_is_refused() -> None:
    monitor = watching(seal("a", ONE, "2021-11-01"))
    refused(monitor, monitor.snapshot(ONE), "snapshot-watched")


def test_another_format_is_refused() -> None:
    snapshot = watching(seal("a", ONE, "2021-11-01")).snapshot(ONE)
    refused(Monitor(LAW), {**snapshot, "format": 2}, "snapshot-format")
    refused(Monitor(LAW), {}, "snapshot-format")
    refused(Monitor(LAW), [snapshot], "snapshot-format")


OTHERS: dict[str, Callable[[], Monitor]] = {
    "another selection": lambda: Monitor(henan().selected(ignore=["henan-2021:5"])),
    "other parameters": lambda: Monitor(henan().with_parameters({"henan-2021/first-national-query.within": "2d"})),
    "another pack": lambda: Monitor(load_law()),
    "another capture": lambda: Monitor(henan(), capture=Capture(fields=frozenset({"panel"}))),
    "another calendar": lambda: Monitor(henan(), calendar=Calendar.load({date(2021, 11, 30): True})),
    "as if in force": lambda: Monitor(henan(), as_if_in_force=True),
    "another lifecycle": lambda: Monitor(evolve(henan(), lifecycles={})),
}


@pytest.mark.parametrize("name", OTHERS)
def test_a_snapshot_of_another_law_book_is_refused_or_judged_anew(name: str) -> None:
    monitor, other = Monitor(henan()), OTHERS[name]()
    for event in admitted(henan(), lawful_case()):
        monitor.observe(event)
    snapshot = monitor.snapshot(CASE)
    refused(other, snapshot, "snapshot-law")
    assert Monitor(henan()).digest == monitor.digest
    table = Table()
    table.apply(other.restore(snapshot, rebuild=True))
    assert table.rows == rows(other.judgements()), "everything that stands is told"
    assert set(other.cases()) == set(monitor.cases())


def test_a_rebuild_under_the_same_law_book_tells_nothing() -> None:
    monitor = watching(seal("a", ONE, "2021-11-01"))
    assert not Monitor(LAW).restore(monitor.snapshot(ONE), rebuild=True)


def test_events_that_the_law_book_does_not_know_are_refused_with_their_places() -> None:
    snapshot = watching(seal("a", ONE, "2021-11-01")).snapshot(ONE)
    snapshot["events"][0]["type"] = "asset.vanished"
    refused(Monitor(LAW), snapshot, "unknown-type")


WRONG: tuple[Any, ...] = (None, 7, "text", ["text"], [7], {"text": "text"}, {"text": ["text"]}, [None], True)


@pytest.mark.parametrize("rebuild", [False, True])
def test_a_damaged_snapshot_is_refused_whatever_is_missing_or_of_another_kind(rebuild: bool) -> None:
    monitor = watching(
        seal("a", ONE, "2021-11-01"), seal("b", ONE, "2021-11-02"), seal("c", TWO, "2021-11-03", supersedes="b")
    )
    monitor.take(*events_of(seal("u", ONE, "2021-11-04")))
    whole, new = monitor.snapshot(ONE), Monitor(LAW)
    nothing = seen(new)
    for key in whole:
        refused(new, {name: value for name, value in whole.items() if name != key}, "", rebuild=rebuild)
        fits = [
            whole[key],
            *([None] if key in ("day", "today", "told") else []),
            *(["text"] if key == "law" and rebuild else []),
        ]
        for wrong in WRONG:
            if wrong not in fits and not (key == "withdrawn" and wrong == ["text"]) and not (
                key == "replaced" and wrong == {"text": ["text"]}) and not (key == "format" and wrong is True):  # fmt: skip
                refused(new, {**whole, key: wrong}, "", rebuild=rebuild)
    shorter = {**whole, "events": whole["events"][:1], "places": whole["places"][:1]}
    refused(new, {**shorter, "told": [3]}, "snapshot-damaged", rebuild=rebuild)
    assert seen(new) == nothing
    assert not new.restore(whole)


def refused(monitor: Monitor, snapshot: Any, code: str, *, rebuild: bool = False) -> None:
    before = seen(monitor)
    with pytest.raises(SnapshotRefused) as caught:
        monitor.restore(snapshot, rebuild=rebuild)
    assert all(defect.zh and defect.en for defect in caught.value.defects)
    assert code in ("", caught.value.defects[0].code)
    assert seen(monitor) == before


# --- the name of a law book ---------------------------------------------------------------------------


def test_the_name_of_a_law_book_is_the_same_in_another_process_and_another_folder(tmp_path: Path) -> None:
    for part in ("statemachines", "policies"):
        copytree(str(shipped(part)), tmp_path / part)
    program = f"from execcheck import Monitor, load_law; print(Monitor(load_law(folder={str(tmp_path)!r})).digest)"
    names = {
        subprocess.run(
            [sys.executable, "-c", program], check=True, capture_output=True, text=True, cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout.strip()
        for seed in ("1", "2")
    }  # fmt: skip
    assert names == {Monitor(load_law()).digest}
