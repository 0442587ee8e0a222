"""The benchmark against peers compares what is the same: the counts agree before any time is told."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from execcheck import load_law
from peers import by_hand, in_execcheck, log, measuring, run
from peers.rules import DEADLINES, PRICE, RECORDING, RULES, Counts, differences

Files = tuple[Path, Path]
CASES = 400


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    folder = tmp_path_factory.mktemp("peers")
    log.write(folder / "log.jsonl", CASES, 3)
    measuring.write_working_days(folder / "working-days.csv")
    return folder / "log.jsonl", folder / "working-days.csv"


@pytest.fixture(scope="module")
def expected(files: Files) -> Counts:
    return in_execcheck.count(*files)


def test_the_ten_rules_are_rules_of_the_shipped_law_book() -> None:
    assert len(RULES) == 10
    assert set(RULES) <= set(load_law().rules)


def test_every_rule_is_broken_in_the_log_and_some_duty_is_still_open_at_its_end(expected: Counts) -> None:
    assert [rule for rule in RULES if not expected.violated.get(rule)] == []
    assert sum(expected.pending.values()) > 0


def test_the_loop_by_hand_counts_what_execcheck_counts(files: Files, expected: Counts) -> None:
    assert differences(expected, by_hand.count(*files)) == []


@pytest.mark.parametrize(("module", "library"), [("in_duckdb", "duckdb"), ("in_polars", "polars")])
def test_the_query_engines_count_what_execcheck_counts(
    module: str, library: str, files: Files, expected: Counts
) -> None:
    pytest.importorskip(library)
    assert differences(expected, import_module(f"peers.{module}").count(*files)) == []


def test_the_log_holds_what_the_generator_does_not_plant(files: Files) -> None:
    events: list[dict[str, Any]] = [json.loads(line) for line in files[0].read_text("utf-8").splitlines()]
    types = {event["type"] for event in events}
    assert {"suspension.ordered", "settlement.reached", "asset.released", "coercion.review_decided"} <= types
    assert any(len(event["time"]) == 10 for event in events)
    assert any(event["time"].endswith("Z") for event in events)
    assert len({event["id"] for event in events}) < len(events)


def test_the_same_seed_gives_the_same_log_and_another_seed_another() -> None:
    logs = ["".join(log.changed_cases(20, seed)) for seed in (1, 1, 2)]
    assert logs[0] == logs[1] != logs[2]


def test_the_table_of_working_days_knows_holidays_and_made_up_saturdays(files: Files) -> None:
    rows = dict(line.split(",") for line in files[1].read_text("utf-8").splitlines()[1:])
    assert rows["2022-05-01"] == "2022-05-05"  # Labour Day, adjusted rest days to the 4th
    assert rows["2022-05-07"] == "2022-05-07"  # a Saturday on which work was made up
    assert date.fromisoformat(rows["2022-05-08"]).isoweekday() == 1


def test_without_rest_days_the_short_deadlines_would_be_counted_otherwise(
    files: Files, expected: Counts, tmp_path: Path
) -> None:
    plain = tmp_path / "plain.csv"
    days = [line.split(",")[0] for line in files[1].read_text("utf-8").splitlines()[1:]]
    plain.write_text("day,working\n" + "".join(f"{day},{day}\n" for day in days), "utf-8")
    found = by_hand.count(files[0], plain)
    assert found.violated[RECORDING] > expected.violated[RECORDING]


def test_without_clock_stops_the_price_would_be_counted_otherwise(
    files: Files, expected: Counts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(by_hand, "_stops", lambda case: [])
    found = by_hand.count(*files)
    assert found.violated[PRICE] > expected.violated[PRICE]
    assert found.pending[PRICE] < expected.pending[PRICE]


# --- no time where the counts differ ------------------------------------------------------------------


def test_a_difference_names_the_rule_and_both_counts() -> None:
    ours, theirs = Counts({"a/b": 3}, {"a/c": 1}), Counts({"a/b": 4}, {"a/c": 1})
    assert differences(ours, theirs, ["a/b", "a/c"]) == ["a/b: violated 4, execcheck has 3"]
    assert differences(ours, theirs, ["a/c"]) == []
    assert differences(ours, Counts({"a/b": 3}), ["a/c"]) == ["a/c: pending 0, execcheck has 1"]


def test_a_peer_that_counts_otherwise_is_told_no_time(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rule = next(iter(RULES))

    def pretended(name: str, *_: object) -> run.Run:
        found = Counts(Counter({rule: 8 if name == "by_hand" else 7}))
        return run.Run(found, {}, seconds=12.5, busy=12.25, process=13.0, peak_mib=50.0)

    monkeypatch.setattr(run, "run_peer", pretended)
    monkeypatch.setattr(run, "installed", lambda name: name not in run.NEEDS)
    assert run.compare(Path("log"), Path("days"), rounds=2) is False
    told = capsys.readouterr().out
    (line,) = [line for line in told.splitlines() if line.startswith("| Python, json.loads |")]
    assert "counts differ" in line
    assert not any(figure in line for figure in ("12.5", "12.2", "13.0"))
    assert f"{rule}: violated 8, execcheck has 7" in told
    assert "| execcheck | 10 | 12.25 |" in told


def test_a_rule_that_a_peer_cannot_say_is_left_out_with_its_reason(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rule = next(iter(RULES))

    def pretended(name: str, *_: object) -> run.Run:
        cannot = {rule: "no calendar"} if name == "by_hand" else {}
        return run.Run(Counts({} if cannot else {rule: 7}), cannot, 12.5, 12.25, 13.0, 50.0)

    monkeypatch.setattr(run, "run_peer", pretended)
    monkeypatch.setattr(run, "installed", lambda name: name not in run.NEEDS)
    assert run.compare(Path("log"), Path("days"), rounds=1) is True
    told = capsys.readouterr().out
    assert "| Python, json.loads | 9 | 12.25 | 12.25 | 12.50 | 13.00 | 50 |" in told
    assert f"cannot say {rule}: no calendar" in told


def test_a_peer_runs_in_a_process_of_its_own(files: Files, expected: Counts) -> None:
    done = run.run_peer("by_hand", *files)
    assert differences(expected, done.counts) == []
    assert (done.said, done.peak_mib > 0, done.seconds <= done.process) == (list(RULES), True, True)
    few = run.run_peer("in_execcheck", *files, [DEADLINES[0]])
    assert set(few.counts.violated) == {DEADLINES[0]}
