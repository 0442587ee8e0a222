"""The examples that readers meet first say what their expectation files and the sources say."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from execcheck.judgement import Report, Verdict
from execcheck.lawbook import load_law
from execcheck.needs import Capture
from execcheck.periods import Calendar
from execcheck.profiles import read_profile
from execcheck.testing import judge_all
from lawful import EXAMPLES, Raw, admitted, check_events, henan, lawful_case, read_log, told

PUBLISHED = EXAMPLES / "published"
ROOT = Path(__file__).parents[1]
GENERATOR = ROOT / "benchmarks" / "generate.py"


# --- the made-up case ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["lawful-case.jsonl", "breached-case.jsonl"])
def test_the_events_of_the_example_stand_in_order_under_their_own_ids(name: str) -> None:
    events = read_log(EXAMPLES / name)
    assert [event["time"] for event in events] == sorted(event["time"] for event in events)
    assert len({event["id"] for event in events}) == len(events)


def test_every_act_of_the_lawful_case_falls_on_a_working_day_of_china() -> None:
    calendar = Calendar.load()
    days = {event["time"][:10] for event in lawful_case()}
    assert [day for day in sorted(days) if calendar.is_rest(date.fromisoformat(day).toordinal())] == []


def test_the_lawful_case_is_lawful_under_henan_and_national_law_together() -> None:
    report = check_events(load_law(), lawful_case())
    assert told((*report.violations, *report.inconclusive, *report.pending)) == []
    documents = {name.partition("/")[0] for name in load_law().rules} - {"henan-2021"}
    triggered = set(load_law().rules) - set(report.summary.not_triggered)
    assert len({name.partition("/")[0] for name in triggered} & documents) >= 12  # national packs that had a say


def test_the_breached_case_shows_exactly_the_expected_breaches() -> None:
    expected = json.loads((EXAMPLES / "breached-case.expected.json").read_text(encoding="utf-8"))
    report = check_events(load_law(), read_log(EXAMPLES / "breached-case.jsonl"))
    assert Counter((one.rule, one.trigger.id) for one in report.violations) == Counter(
        (one["rule"], one["trigger"]) for one in expected["violations"]
    ), told(report.violations)


def test_the_breached_case_has_the_price_nineteen_days_late() -> None:
    report = check_events(load_law(), read_log(EXAMPLES / "breached-case.jsonl"))
    (late,) = [one for one in report.violations if one.rule == "henan-2021/reference-price-deadline"]
    assert (late.due, late.days_late) == (date(2022, 5, 5), 19)


# --- a published case ----------------------------------------------------------------------------


def published(**options: Any) -> Report:
    return check_events(henan(), read_log(PUBLISHED / "c25-shijingshan.jsonl"), **options)


def captured_by_the_publication() -> Capture:
    return read_profile(PUBLISHED / "c25-shijingshan.profile.yaml", henan().vocabulary).capture


def test_the_published_case_of_2017_is_no_matter_of_an_opinion_of_2021() -> None:
    report = published(capture=captured_by_the_publication())
    assert (report.violations, report.inconclusive, report.pending, report.summary.satisfied) == ((), (), (), 0)


def test_the_published_case_breaks_no_rule_even_as_if_they_had_been_in_force() -> None:
    """Neither the four days from filing to the notice nor the sixteen from the public notice to the eviction."""
    report = published(capture=captured_by_the_publication(), as_if_in_force=True)
    assert told(report.violations) == []
    assert told(report.inconclusive) == []
    assert told(report.pending) == []


def test_of_the_published_case_only_the_limit_of_six_months_can_be_judged_and_it_was_kept() -> None:
    events = admitted(henan(), read_log(PUBLISHED / "c25-shijingshan.jsonl"))
    judged = judge_all(events, henan(), capture=captured_by_the_publication(), as_if_in_force=True)
    assert {(one.rule, one.verdict, one.due) for one in judged} == {
        ("henan-2021/closed-within-six-months", Verdict.SATISFIED, date(2017, 12, 8)),
        ("henan-2021/overdue-reported-to-bureau-head", Verdict.SATISFIED, date(2017, 12, 8)),
    }


def test_what_the_publication_leaves_out_is_listed_as_not_assessable() -> None:
    report = published(capture=captured_by_the_publication(), as_if_in_force=True)
    silent = {"key-nodes-disclosed", "onsite-recorded", "closing-approved-by-trial-management", "assigned-at-once"}
    assert {f"henan-2021/{name}" for name in silent} <= set(report.summary.not_assessable)


def test_without_its_profile_the_silence_of_the_publication_would_be_held_against_the_court() -> None:
    report = published(as_if_in_force=True)
    silent = {"key-nodes-disclosed", "onsite-recorded", "assigned-at-once"}
    assert {one.rule for one in report.violations} == {f"henan-2021/{name}" for name in silent}


# --- programs that embed the checker ---------------------------------------------------------------


def shown_by(name: str) -> list[str]:
    """What an example prints."""
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    done = subprocess.run(
        [sys.executable, EXAMPLES / name], capture_output=True, check=False, encoding="utf-8",
        env={**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def test_a_host_of_transitions_is_kept_in_order_and_held_back_by_the_gate() -> None:
    lines = shown_by("transitions_host.py")
    archived = lines.index("2022-01-12 案卷归档 · case archived")
    assert lines[archived + 1].startswith("  案卷归档：此时处于“执行中”状态，此步骤不被允许；此时可以：")
    assert "in state “being enforced” this step is not allowed" in lines[archived + 2]
    ruled = lines.index("2022-02-03 裁定终结本次执行 · present enforcement terminated")
    assert lines[ruled + 1].startswith("  未办，否则将有 ")
    assert "    终本前应当约谈申请执行人 · Interview the applicant before ending the procedure" in lines[ruled:]
    assert lines[-2:] == ["  结案通知书已发出 · closing letter sent (performed)", "closed True"]


def test_an_asyncio_program_is_told_what_a_check_of_the_log_finds() -> None:
    lines = shown_by("asyncio_monitor.py")
    report = check_events(load_law(), read_log(EXAMPLES / "breached-case.jsonl"))
    findings = (*report.violations, *report.inconclusive)
    assert findings and [one.title.zh for one in findings if one.title.zh not in "\n".join(lines)] == []
    assert sum(line.startswith("+ ") for line in lines) == len(findings)
    assert lines[-1] == (f"现有问题 {len(findings)} 项 · findings; 未了事项 {len(report.pending)} 项 · open duties")


# --- the generated log ---------------------------------------------------------------------------


def generated(path: Path, cases: int, seed: int) -> list[Raw]:
    command = [sys.executable, str(GENERATOR), "--cases", str(cases), "--seed", str(seed), "--out", str(path)]
    subprocess.run(command, check=True, capture_output=True)
    return read_log(path)


def test_generated_cases_have_sixty_events_each_and_stand_together(tmp_path: Path) -> None:
    events = generated(tmp_path / "log.jsonl", 40, 1)
    groups = [(case, len(list(group))) for case, group in groupby(events, key=lambda event: str(event["case"]))]
    assert len(groups) == len(dict(groups)) == 40
    assert {size for _, size in groups} == {60}
    assert (tmp_path / "log.jsonl").stat().st_size / len(events) <= 300


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    digests = []
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        generated(tmp_path / name, 20, seed)
        digests.append(hashlib.sha256((tmp_path / name).read_bytes()).hexdigest())
    assert digests[0] == digests[1] != digests[2]


def test_most_generated_cases_are_lawful_and_the_breaches_are_few(tmp_path: Path) -> None:
    report = check_events(henan(), generated(tmp_path / "log.jsonl", 400, 1))
    assert {one.rule for one in report.inconclusive} == {"henan-2021/interview-opinion-recorded"}  # no interview
    breached = {one.case for one in report.violations}
    assert 0.04 < len(breached) / 400 < 0.25, told(report.violations)
    assert len({one.rule for one in report.violations}) > 5
    assert report.pending, "some cases are still open"
