"""Several processes judge one log: the report, and whatever is said of the log, is the same as by one."""

from __future__ import annotations

import csv
import gzip
import io
import json
import multiprocessing
import os
import pickle
import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, Future
from datetime import date, datetime
from pathlib import Path
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

import pytest

from clirun import BREACHED, LAWFUL, log, priced, run, seizure
from execcheck import parallel
from execcheck.checking import check
from execcheck.config import read_config
from execcheck.defects import DefectiveInput
from execcheck.dividing import Seen, Share, divide
from execcheck.judgement import Report
from execcheck.lawbook import load_law
from execcheck.logs.glance import Place
from execcheck.logs.several import Logs
from execcheck.logs.source import Source
from execcheck.moments import Clock
from execcheck.survey import Survey
from execcheck.working import packed, unpacked
from lawful import EXAMPLES, admitted, read_log

SEEDS = [path.read_text("utf-8").splitlines() for path in map(Path, (BREACHED, LAWFUL))]


class Here(Executor):
    """Does the work of the other processes in this one; everything is packed and unpacked all the same."""

    def __init__(self, jobs: int, context: object, initializer: object, initargs: tuple[Any]) -> None:
        parallel.begin(*initargs)

    def submit(self, work: Callable[..., Any], /, *given: Any, **more: Any) -> Future[Any]:
        done: Future[Any] = Future()
        done.set_result(work(*given, **more))
        return done


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Short logs, too, are divided, in blocks of a few lines."""
    monkeypatch.setattr(parallel, "ProcessPoolExecutor", Here)
    monkeypatch.setattr(parallel, "WORTH", 0)
    monkeypatch.setattr("execcheck.dividing.SMALLEST", 100)
    monkeypatch.setattr("execcheck.logs.source._BLOCK", 6000)


def lines(cases: int) -> list[str]:
    """The example cases again and again, each time under other numbers, one case after the other."""
    found = []
    for number in range(cases):
        for line in SEEDS[number % 2]:
            renamed = re.sub(r"(执[恢异复]?)(\d+号)", rf"\g<1>{number + 1}\2", line)
            found.append(renamed.replace('"id": "', f'"id": "n{number}-', 1))
    return found


def mixed(cases: int) -> list[str]:
    found = lines(cases)
    random.Random(7).shuffle(found)
    return found


def by_time(cases: int) -> list[str]:
    return sorted(lines(cases), key=lambda line: str(json.loads(line)["time"]))


def written(path: Path, content: Iterable[str]) -> Path:
    path.write_text("".join(line + "\n" for line in content), encoding="utf-8")
    return path


def table(content: Iterable[str]) -> str:
    """The same log as CSV."""
    rows = [json.loads(line) for line in content]
    out = io.StringIO()
    parts = ("id", "case", "type", "time", "recorded", "source", "actor", "panel", "approvals", "objects", "data")
    writer = csv.writer(out)
    writer.writerow(parts)
    writer.writerows(
        [row[k] if isinstance(row.get(k), str) else json.dumps(row[k]) if k in row else "" for k in parts]
        for row in rows
    )
    return out.getvalue()


def spoilt(content: Sequence[str]) -> list[str]:
    """A defect of each kind, and keys that the vocabulary does not know, all over the log."""
    found, step = list(content), len(content) // 20
    wrong: list[Callable[[str], str]] = [
        lambda line: "not json", lambda line: line[:-20], lambda line: "", lambda line: "[1, 2]", lambda line: "{}",
        lambda line: line.replace('"type": "', '"type": "x', 1), lambda line: line.replace('"time": "20', '"time": "30'),
        lambda line: line.replace('"case"', '"cases"', 1), lambda line: line.replace('"case": "', '"case": 1, "x": "', 1),
        lambda line: line.replace("{", '{"remark": 1, ', 1), lambda line: line.replace("{", '{"other": 1, ', 1),
        lambda line: line.replace("{", '{"case": "（2022）豫0225执5号", ', 1), lambda line: line.replace("号", "\\ud800号", 1),
        lambda line: line.replace("{", '{"remark": 1, ', 1), lambda line: line + line, lambda line: line + "\r",
        lambda line: line.replace("{", '{"case": "nobody\'s", ', 1).replace('"time"', '"when"'), lambda line: "NaN",
    ]  # fmt: skip
    for number, spoil in enumerate(wrong):
        found[number * step + 3] = spoil(found[number * step + 3])
    return found


def contradicting(content: Sequence[str]) -> list[str]:
    """Events told twice, ids that stand for different events of one case and of two, and a case from itself."""
    found = list(content)
    found.insert(len(found) // 2, found[3])
    found[-1] = re.sub(r'"id": "[^"]*"', '"id": "n0-e005"', found[-1])
    found[20] = re.sub(r'"id": "[^"]*"', '"id": "n0-e009"', found[20])
    own = {"original_case": "（2022）豫0225执7号", "basis": "judgment"}
    found.append(
        json.dumps({"id": "z", "case": "（2022）豫0225执7号", "type": "case.filed", "time": "2022-01-04", "data": own})
    )
    return found


Writer = Callable[[Path], Sequence[Path]]
LOGS: dict[str, Writer] = {
    "the breached example": lambda to: [Path(BREACHED)],
    "both examples": lambda to: [Path(BREACHED), written(to / "b.jsonl", lines(2)[200:])],
    "grouped by case": lambda to: [written(to / "a.jsonl", lines(6))],
    "shuffled": lambda to: [written(to / "a.jsonl", mixed(6))],
    "sorted by time, in two files": lambda to: [
        written(to / "a.jsonl", by_time(4)[:300]), written(to / "b.jsonl", by_time(4)[300:])
    ],
    "compressed": lambda to: [compressed(to / "a.jsonl.gz", lines(6))],
    "compressed and shuffled": lambda to: [compressed(to / "a.jsonl.gz", mixed(5))],
    "compressed and cut short": lambda to: [compressed(to / "a.jsonl.gz", lines(5), cut=400), Path(BREACHED)],
    "a table": lambda to: [put(to / "a.csv", table(lines(3)))],
    "an array": lambda to: [put(to / "a.json", "[" + ",\n".join(mixed(3)) + "]")],
    "an array that breaks": lambda to: [put(to / "a.json", "[" + ",\n".join(mixed(3)) + ",]")],
    "an array on one line with defects": lambda to: [
        put(to / "a.json", "[" + ",".join([*lines(2), '{"case": "x"}', *lines(3)[400:], '{"case": "y"}']) + "]")
    ],
    "a table and lines": lambda to: [put(to / "a.csv", table(lines(2))), written(to / "a.jsonl", lines(4)[400:])],
    "a table with defects": lambda to: [
        put(to / "a.csv", table(lines(2)) + "x,（2022）豫0225执198号,case.filed,never\nx,y\n,,,\n")
    ],
    "defects of every kind": lambda to: [written(to / "a.jsonl", spoilt(lines(5)))],
    "defects of every kind in a mixed log": lambda to: [written(to / "a.jsonl", spoilt(mixed(5))), Path(BREACHED)],
    "contradictions": lambda to: [written(to / "a.jsonl", contradicting(lines(5)))],
    "contradictions in a mixed log": lambda to: [written(to / "a.jsonl", contradicting(mixed(5)))],
    "everything wrong": lambda to: [written(to / "a.jsonl", spoilt(contradicting(lines(4)))), to / "none.jsonl"],
    "more defects than are kept": lambda to: [written(to / "a.jsonl", [*lines(3), *["{}x", "[]"] * 700, *lines(4)[600:]])],
    "with a byte order mark": lambda to: [put(to / "a.jsonl", "\ufeff" + "\n".join(mixed(3)))],
    "nothing but defects": lambda to: [written(to / "a.jsonl", ["x"] * 10)],
    "an empty file beside another": lambda to: [written(to / "a.jsonl", []), Path(BREACHED)],
}  # fmt: skip


def put(path: Path, content: str) -> Path:
    path.write_text(content, encoding="utf-8")
    return path


def compressed(path: Path, content: Iterable[str], cut: int = 0) -> Path:
    data = gzip.compress("".join(line + "\n" for line in content).encode("utf-8"), mtime=0)
    path.write_bytes(data[: len(data) - cut])
    return path


def told(folder: Path, words: Sequence[str], jobs: int) -> tuple[int, str, str, dict[str, bytes]]:
    """Exit status, output, complaints and files of a check."""
    out = folder / "out"
    out.mkdir()
    result = run("check", *words, "--jobs", str(jobs), "--output", str(out / "report"))
    files = {path.name: path.read_bytes() for path in sorted(out.iterdir())}
    for path in out.iterdir():
        path.unlink()
    out.rmdir()
    return result.exit_code, result.stdout, result.stderr, files


@pytest.mark.parametrize("mode", ["fail", "skip"])
@pytest.mark.parametrize("name", LOGS)
def test_the_number_of_processes_changes_nothing(here: None, tmp_path: Path, name: str, mode: str) -> None:
    paths = [str(path) for path in LOGS[name](tmp_path)]
    words = [*paths, "--on-error", mode, "--format", "json"]
    alone = told(tmp_path, words, 1)
    assert alone[3] or alone[2]
    for jobs in (2, 3):
        assert told(tmp_path, words, jobs) == alone


@pytest.mark.parametrize("name", ["defects of every kind in a mixed log", "contradictions", "grouped by case"])
def test_without_msgspec_it_is_the_same(
    here: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:  # fmt: skip
    monkeypatch.setattr("execcheck.logs.jsonl._msgspec_lines", lambda: None)
    words = [*(str(path) for path in LOGS[name](tmp_path)), "--on-error", "skip", "--format", "json"]
    assert told(tmp_path, words, 3) == told(tmp_path, words, 1)


def test_a_profile_an_observation_time_and_local_rest_days_reach_every_process(here: None, tmp_path: Path) -> None:
    put(tmp_path / "court.yaml", "source: {zh: 甲, en: A}\nzone: Asia/Shanghai\nnot_captured: {fields: [panel]}\n")
    put(tmp_path / "rest.yaml", "2022-06-01: rest\n")
    put(tmp_path / "set.toml", 'closures = "rest.yaml"\n[set]\n"henan-2021/first-national-query.within" = "2d"\n')
    naive = [line.replace("+08:00", "") for line in mixed(4)]
    words = [str(written(tmp_path / "a.jsonl", naive)), "--profile", str(tmp_path / "court.yaml")]
    words += ["--config", str(tmp_path / "set.toml"), "--as-of", "2023-01-31", "--as-if-in-force"]
    alone = told(tmp_path, words, 1)
    assert "2023-01-31" in alone[3]["report"].decode("utf-8")
    assert told(tmp_path, words, 2) == alone


# --- dealing out ----------------------------------------------------------------------------------


def shares(path: Path, jobs: int) -> tuple[list[Share], Survey]:
    law, seen = load_law(), Seen()
    logs = Logs([str(path)], law.vocabulary, law.definitions.cases)
    survey = Survey(law.definitions.cases)
    glances = list(logs.glances())
    for glance in glances:
        seen.learn(glance)
    survey.read_glances(glances)
    return divide(seen, survey, [str(path)], jobs, streamed=False), survey


@pytest.mark.parametrize("content", [lines, mixed], ids=["grouped", "mixed"])
def test_every_case_is_dealt_to_one_process_and_related_cases_to_the_same(
    here: None, tmp_path: Path, content: Callable[[int], list[str]]
) -> None:
    dealt, survey = shares(written(tmp_path / "a.jsonl", content(8)), 3)
    cases = [case for share in dealt for case in share.counts]
    assert sorted(cases) == sorted(survey.counts)
    assert sum(sum(share.counts.values()) for share in dealt) == sum(survey.counts.values())
    for share in dealt:
        assert {survey.groups.root(case) for case in share.counts}.isdisjoint(
            survey.groups.root(case) for other in dealt if other is not share for case in other.counts
        )


def test_of_a_log_grouped_by_case_each_process_reads_its_stretch_and_little_more(here: None, tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", lines(12))
    dealt, survey = shares(path, 2)
    assert len(dealt) > 2, "several shares for each process"
    read = [sum(place.size for place, _ in share.parts[str(path)].places or ()) for share in dealt]
    assert sum(read) < path.stat().st_size * 1.3
    assert max(sum(share.counts.values()) for share in dealt) < sum(survey.counts.values()) / len(dealt) * 2


def test_a_mixed_log_is_read_once_by_each_process(here: None, tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", mixed(12))
    dealt, _ = shares(path, 2)
    assert len(dealt) == 2


# --- real processes -------------------------------------------------------------------------------


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


def test_work_that_is_wanted_no_longer_stops_at_the_next_look(here: None) -> None:
    stop = multiprocessing.get_context("spawn").Event()
    parallel.begin(stop)
    parallel._go_on()
    stop.set()
    with pytest.raises(parallel._Stopped):
        parallel._go_on()


def test_the_clock_with_which_the_log_is_read_is_the_one_of_every_process(here: None, tmp_path: Path) -> None:
    law, path = load_law(), written(tmp_path / "a.jsonl", [line.replace("+08:00", "") for line in mixed(3)])
    clock = Clock(naive=ZoneInfo("Asia/Urumqi"))
    found = []
    for jobs in (1, 2):
        logs = Logs([str(path)], law.vocabulary, law.definitions.cases, clock=clock)
        found.append(check(logs, law, as_of=date(2024, 6, 30), jobs=jobs))
    assert found[0] == found[1]
    first = found[0].violations[0].trigger.time
    assert isinstance(first, datetime) and first.tzinfo == clock.naive


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


# --- reading blocks again -------------------------------------------------------------------------


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("every", [1, 2, 5])
def test_blocks_are_read_again_at_their_places(
    here: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, every: int, zipped: bool
) -> None:
    monkeypatch.setattr("execcheck.logs.source.LONGEST_LINE", 9000)
    content = [*lines(2), "x" * 30_000, *lines(1), "y" * 9001, "", "z" * 12_000]
    path = compressed(tmp_path / "a", content) if zipped else written(tmp_path / "a", content)
    known = [(Place("a", first, at, len(block)), block) for first, at, block in Source(str(path)).placed_blocks()][
        ::every
    ]
    assert len(known) > 3
    again = list(Source("a", str(path)).blocks_at([place for place, _ in known]))
    assert again == [(place.first, block) for place, block in known]
