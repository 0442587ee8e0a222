"""Several processes judge one log: the report, and whatever is said of the log, is the same as by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from clirun import BREACHED, run
from execcheck.checking import check
from execcheck.dividing import Seen, Share, divide
from execcheck.lawbook import load_law
from execcheck.logs.glance import Place
from execcheck.logs.several import Logs
from execcheck.logs.source import Source
from execcheck.moments import Clock
from execcheck.survey import Survey
from manylogs import (
    by_time,
    compressed,
    contradicting,
    correcting,
    judge_here,
    lines,
    mixed,
    put,
    spoilt,
    table,
    written,
)

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
    "corrections": lambda to: [written(to / "a.jsonl", correcting(lines(5)))],
    "corrections in a mixed log of two files": lambda to: [
        written(to / "a.jsonl", correcting(mixed(5))[::2]), written(to / "b.jsonl", correcting(mixed(5))[1::2]),
    ],
    "everything wrong": lambda to: [written(to / "a.jsonl", spoilt(contradicting(lines(4)))), to / "none.jsonl"],
    "more defects than are kept": lambda to: [written(to / "a.jsonl", [*lines(3), *["{}x", "[]"] * 700, *lines(4)[600:]])],
    "with a byte order mark": lambda to: [put(to / "a.jsonl", "\ufeff" + "\n".join(mixed(3)))],
    "nothing but defects": lambda to: [written(to / "a.jsonl", ["x"] * 10)],
    "an empty file beside another": lambda to: [written(to / "a.jsonl", []), Path(BREACHED)],
}  # fmt: skip


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Short logs, too, are divided, in blocks of a few lines."""
    judge_here(monkeypatch)


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
