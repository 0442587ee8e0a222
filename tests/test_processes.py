"""The processes themselves: how they start and end, and when they are used."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, NoReturn

import pytest

from clirun import BREACHED, log, priced, run, seizure
from execcheck import parallel
from execcheck.checking import check
from execcheck.config import read_config
from execcheck.defects import DefectiveInput
from execcheck.judgement import Report
from execcheck.lawbook import load_law
from execcheck.logs.several import Logs
from execcheck.working import packed, unpacked
from lawful import EXAMPLES, admitted, read_log
from manylogs import lines, mixed, put, spoilt, written


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other processes are started for short logs, too."""
    monkeypatch.setattr(parallel, "WORTH", 0)


def report(*paths: Path, jobs: int, **more: Any) -> Report:
    law = load_law()
    logs = Logs([str(path) for path in paths], law.vocabulary, law.definitions.cases)
    return check(logs, law, jobs=jobs, **more)


def test_other_processes_give_the_same_report_with_every_detail(processes: None, tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", lines(6))
    ticks: list[tuple[int, int]] = []
    found = report(path, jobs=2, progress=lambda done, total: ticks.append((done, total)))
    assert found == report(path, jobs=1)
    assert found.violations and ticks[-1] == (found.summary.events, found.summary.events)
    assert multiprocessing.active_children() == []


def test_standard_input_is_read_by_several_processes(processes: None, tmp_path: Path) -> None:
    content = "".join(line + "\n" for line in spoilt(mixed(3))).encode("utf-8")
    before = set(Path(tempfile.gettempdir()).glob("execcheck-*"))
    found = [
        run("check", "-", "--on-error", "skip", "--jobs", jobs, "-o", str(tmp_path / "out"), stdin=content).stderr
        + (tmp_path / "out").read_text("utf-8")
        for jobs in ("1", "2")
    ]
    assert found[0] == found[1]
    assert set(Path(tempfile.gettempdir()).glob("execcheck-*")) == before, "no copy of the log is left behind"


def die(terms: bytes, task: bytes) -> bytes:
    os._exit(3)


def fail(terms: bytes, task: bytes) -> bytes:
    raise ZeroDivisionError("in the other process")


def test_a_process_that_is_lost_ends_the_check_with_a_message(
    processes: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parallel, "_judge", die)
    result = run("check", str(written(tmp_path / "a.jsonl", lines(2))), "--jobs", "2")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--jobs" in result.stderr and "并行进程意外终止" in result.stderr


def test_a_program_whose_main_module_cannot_be_imported_is_told_so(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", lines(2))
    program = put(
        tmp_path / "program.py",
        f"""
from execcheck import Logs, check, load_law, parallel
parallel.WORTH = 0
law = load_law()
check(Logs([{str(path)!r}], law.vocabulary, law.definitions.cases), law, jobs=2)
""",
    )
    environment = {**os.environ, "PYTHONPATH": str(EXAMPLES.parent)}
    done = subprocess.run([sys.executable, str(program)], capture_output=True, check=False, text=True, env=environment)
    assert done.returncode == 1
    assert "one of the processes ended unexpectedly" in done.stderr


def test_an_error_of_the_program_in_another_process_is_raised_here(
    processes: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parallel, "_judge", fail)
    with pytest.raises(ZeroDivisionError):
        report(written(tmp_path / "a.jsonl", lines(2)), jobs=2)
    assert multiprocessing.active_children() == []


def test_an_interruption_ends_the_other_processes(
    processes: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(futures: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(parallel, "as_completed", interrupted)
    assert run("check", str(written(tmp_path / "a.jsonl", lines(2))), "--jobs", "2").exit_code == 130
    assert multiprocessing.active_children() == []


def test_work_that_is_wanted_no_longer_stops_at_the_next_look() -> None:
    stop = multiprocessing.get_context("spawn").Event()
    parallel.begin(stop)
    parallel._go_on()
    stop.set()
    with pytest.raises(parallel._Stopped):
        parallel._go_on()


# --- what is asked for ----------------------------------------------------------------------------


def test_events_at_hand_are_judged_in_one_process() -> None:
    law = load_law()
    events = admitted(law, read_log(EXAMPLES / "breached-case.jsonl"))
    assert check(events, law, jobs=4) == check(events, law)


def test_a_short_log_starts_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "Pool", None)
    assert report(Path(BREACHED), jobs=8) == report(Path(BREACHED), jobs=1)


def test_no_jobs_are_as_many_as_there_are_processors_and_fewer_than_none_are_an_error() -> None:
    assert parallel.cores() >= 1
    assert report(Path(BREACHED), jobs=0).violations
    with pytest.raises(ValueError, match="number of processes"):
        report(Path(BREACHED), jobs=-1)


@pytest.mark.parametrize("given", ["-1", "two", "1.5", "99999999"])
def test_a_number_of_processes_that_is_none_is_wrong_usage(tmp_path: Path, given: str) -> None:
    result = run("check", log(tmp_path, seizure(), priced("2021-11-20")), f"--jobs={given}")
    assert result.exit_code == 2
    assert "不是进程数" in result.stderr


def test_settings_name_the_number_of_processes(tmp_path: Path) -> None:
    assert read_config(put(tmp_path / "a.toml", "jobs = 2\n")).options == {"jobs": 2}
    for wrong in ('"2"', "-1", "true", "1.5"):
        with pytest.raises(DefectiveInput, match="number of processes"):
            read_config(put(tmp_path / "b.toml", f"jobs = {wrong}\n"))


def test_a_law_book_goes_to_another_process_and_says_the_same_there() -> None:
    law = load_law()
    again = pickle.loads(pickle.dumps(law))
    raw = read_log(EXAMPLES / "breached-case.jsonl")
    assert check(admitted(again, raw), again) == check(admitted(law, raw), law)


def test_events_go_to_another_process_unchanged() -> None:
    events = admitted(load_law(), read_log(EXAMPLES / "breached-case.jsonl"))
    again = unpacked(packed(events))
    assert again == events
    with pytest.raises(TypeError):
        again[0].objects["x"] = "y"
