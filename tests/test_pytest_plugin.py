"""The pytest plugin: examples of rules and cases of logs as tests, and nothing where nobody asks for it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from execcheck.lawbook import load_law
from execcheck.testing import run_examples
from execcheck.testing.laws import LAWS

PACK = """
document: {name}
title: {{zh: 试, en: Trial}}
wording: {{zh: "不符合{{short}}第{{article}}条", en: "not in line with article {{article}} of {{short}}"}}
"""
RULE = """
title: {zh: 一周内核查线索, en: Clues verified within a week}
kind: response
severity: error
category: passive
article: "1"
per: clue
when: clue.provided
then: clue.verified
within: 7d
examples:
  on the last day:
    satisfied:
      - {time: 2022-03-01, type: clue.provided, clue: K1}
      - {time: 2022-03-08, type: clue.verified, clue: K1}
  never:
    violated:
      - {time: 2022-03-01, type: clue.provided, clue: K1}
    as_of: DAY
"""
CASE = "（2022）豫0225执1号"


def pack(folder: Path, name: str = "trial", day: str = "2022-03-31") -> Path:
    """A pack of one rule with two examples; the second fails where ``day`` is within the week."""
    place = folder / name
    place.mkdir()
    (place / "pack.yaml").write_text(PACK.format(name=name), encoding="utf-8")
    (place / "clues.yaml").write_text(RULE.replace("DAY", day), encoding="utf-8")
    return place


def log(folder: Path, *lines: tuple[str, str, str]) -> Path:
    """A log of (case, day, type) about one clue."""
    place = folder / "log.jsonl"
    events = [{"case": case, "time": day, "type": kind, "objects": {"clue": "K1"}} for case, day, kind in lines]
    place.write_text("".join(json.dumps(e, ensure_ascii=False) + "\n" for e in events), encoding="utf-8")
    return place


def names(result: pytest.RunResult) -> list[str]:
    return [line for line in result.outlines if "::" in line]


@pytest.fixture
def here(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """An empty project; this one's own settings say nothing there."""
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    return pytester


def test_the_installed_package_names_the_plugin_to_pytest() -> None:
    assert [found.value for found in entry_points(group="pytest11", name="execcheck")] == ["execcheck_pytest"]


def test_without_its_options_pytest_does_not_even_import_execcheck(here: pytest.Pytester) -> None:
    here.makepyfile("import sys\ndef test_it():\n    assert 'execcheck' not in sys.modules\n")
    pack(here.path)
    result = here.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(passed=1)


def test_each_example_of_a_pack_is_a_test_named_by_rule_and_example(here: pytest.Pytester) -> None:
    pack(here.path)
    result = here.runpytest("--execcheck-draws=0", "--execcheck-law", "trial", "-v")
    result.assert_outcomes(passed=2)
    assert any("trial/clues::on the last day PASSED" in line for line in names(result))
    assert any("trial/clues::never PASSED" in line for line in names(result))


def test_a_failing_example_tells_place_and_reason_in_both_languages_and_no_traceback(here: pytest.Pytester) -> None:
    pack(here.path, day="2022-03-08")
    result = here.runpytest("--execcheck-draws=0", "--execcheck-law", "trial")
    result.assert_outcomes(passed=1, failed=1)
    text = result.stdout.str()
    line = RULE.splitlines().index("  never:") + 2
    assert f"trial/clues.yaml:{line}: trial/clues: never" in text
    assert "结论应为 violated，实为 pending" in text
    assert "verdict should be violated, is pending" in text
    assert "Error" not in text
    assert "plugin.py" not in text


def test_the_name_shipped_stands_for_the_law_book_that_comes_with_execcheck(here: pytest.Pytester) -> None:
    result = here.runpytest("--execcheck-draws=0", "--execcheck-law", "shipped", "--collect-only", "-q")
    assert result.ret == 0
    collected = [line for line in result.outlines if "::" in line]
    assert len(collected) == run_examples(load_law())[0]
    assert any(line.startswith("henan-2021/closed-within-six-months::") for line in collected)


def test_one_pack_can_be_named_and_its_examples_hold(here: pytest.Pytester) -> None:
    result = here.runpytest("--execcheck-draws=0", "--execcheck-law", "dishonesty")
    wanted = sum(len(rule.examples) for rule in load_law().rules.values() if rule.pack.name == "dishonesty")
    result.assert_outcomes(passed=wanted)


def test_the_examples_of_a_rule_for_certain_states_are_run_with_that_lifecycle(here: pytest.Pytester) -> None:
    place = pack(here.path)
    text = RULE.replace("DAY", "2022-03-31").replace("within: 7d", "within: 7d\nin_state: {case: [filed]}")
    text = text.replace("[]", "").replace(
        "      - {time: 2022-03-01, type: clue.provided",
        """      - {time: 2022-02-01, type: case.filed}
      - {time: 2022-03-01, type: clue.provided""",
    )
    text += """  the case was closed:
    not_triggered:
      - {time: 2022-02-01, type: case.filed}
      - {time: 2022-02-02, type: case.closed, method: performed}
      - {time: 2022-03-01, type: clue.provided, clue: K1}
    as_of: 2022-03-31
"""
    (place / "clues.yaml").write_text(text, encoding="utf-8")
    here.runpytest("--execcheck-draws=0", "--execcheck-law", "trial").assert_outcomes(passed=3)


def test_examples_can_be_chosen_by_a_word_of_their_name(here: pytest.Pytester) -> None:
    pack(here.path)
    result = here.runpytest("--execcheck-draws=0", "--execcheck-law", "trial", "-k", "never")
    result.assert_outcomes(passed=1, deselected=1)


def test_a_law_book_stands_beside_the_tests_of_a_project(here: pytest.Pytester) -> None:
    here.makepyfile("def test_it():\n    assert True\n")
    folder = here.path / "laws"
    folder.mkdir()
    result = here.runpytest(
        "test_a_law_book_stands_beside_the_tests_of_a_project.py",
        "--execcheck-draws=0",
        "--execcheck-law",
        str(pack(folder)),
    )
    result.assert_outcomes(passed=3)


def test_a_path_to_a_rule_file_collects_it_only_with_its_law_book(here: pytest.Pytester) -> None:
    place = pack(here.path)
    (place / "second.yaml").write_text(RULE.replace("DAY", "2022-03-31"), encoding="utf-8")
    here.runpytest("--execcheck-draws=0", "--execcheck-law", "trial").assert_outcomes(passed=4)
    here.runpytest("trial", "--execcheck-draws=0", "--execcheck-law", "trial").assert_outcomes(passed=4)
    here.runpytest("trial/clues.yaml", "--execcheck-draws=0", "--execcheck-law", "trial").assert_outcomes(passed=2)
    here.runpytest("trial/clues.yaml::never", "--execcheck-draws=0", "--execcheck-law", "trial").assert_outcomes(
        passed=1
    )
    assert here.runpytest("trial").ret is pytest.ExitCode.NO_TESTS_COLLECTED


def test_everything_wrong_with_a_law_book_is_listed_without_a_traceback(here: pytest.Pytester) -> None:
    place = pack(here.path)
    text = (place / "clues.yaml").read_text(encoding="utf-8")
    (place / "clues.yaml").write_text(
        text.replace("within: 7d", "within: soon").replace("per: clue", "per: clew"), encoding="utf-8"
    )
    result = here.runpytest("--execcheck-draws=0", "--execcheck-law", "trial")
    assert result.ret is pytest.ExitCode.USAGE_ERROR
    told = result.stderr.str()
    assert "clew" in told
    assert "soon" in told
    assert "trial/clues.yaml:7:6" in told
    assert "Traceback" not in told + result.stdout.str()


def test_an_unknown_law_book_is_told_with_the_name_that_was_meant(here: pytest.Pytester) -> None:
    result = here.runpytest("--execcheck-draws=0", "--execcheck-law", "henan-2012")
    assert result.ret is pytest.ExitCode.USAGE_ERROR
    assert "did you mean 'henan-2021'?" in result.stderr.str()


def test_each_case_of_a_log_is_a_test_that_fails_with_its_violations(here: pytest.Pytester) -> None:
    pack(here.path)
    other = CASE.replace("1号", "2号")
    log(here.path, (CASE, "2022-03-01", "clue.provided"), (other, "2022-03-01", "clue.provided"),
        (CASE, "2022-03-05", "clue.verified"), (other, "2022-04-05", "clue.verified"))  # fmt: skip
    result = here.runpytest("--execcheck-draws=0", "--execcheck-law", "trial", "--execcheck-log", "log.jsonl", "-v")
    result.assert_outcomes(passed=3, failed=1)
    assert any(f"log.jsonl::{CASE} PASSED" in line for line in names(result))
    assert any(f"log.jsonl::{other} FAILED" in line for line in names(result))
    text = result.stdout.str()
    assert "log.jsonl:2: error: trial/clues" in text
    assert "一周内核查线索" in text
    assert "Clues verified within a week" in text
    assert "plugin.py" not in text


def test_a_log_is_checked_against_the_shipped_law_unless_told_otherwise(here: pytest.Pytester) -> None:
    log(here.path, (CASE, "2022-03-01", "case.applied"))
    here.runpytest("--execcheck-log", "log.jsonl").assert_outcomes(passed=1)
    (here.path / "log.jsonl").write_text(json.dumps({"case": CASE, "time": "2022-01-04", "type": "case.filed"}) + "\n" +
                                         json.dumps({"case": CASE, "time": "2023-01-04", "type": "case.closed", "data": {"method": "performed"}}) + "\n",
                                         encoding="utf-8")  # fmt: skip
    result = here.runpytest("--execcheck-log", "log.jsonl")
    result.assert_outcomes(failed=1)
    assert "henan-2021/closed-within-six-months" in result.stdout.str()


@pytest.mark.parametrize(("fail_on", "failed"), [("error", 0), ("warning", 1)])
def test_what_is_grave_enough_to_fail_can_be_said(here: pytest.Pytester, fail_on: str, failed: int) -> None:
    place = pack(here.path)
    text = (place / "clues.yaml").read_text(encoding="utf-8")
    (place / "clues.yaml").write_text(text.replace("severity: error", "severity: warning"), encoding="utf-8")
    log(here.path, (CASE, "2022-03-01", "clue.provided"), (CASE, "2022-04-05", "clue.verified"))
    result = here.runpytest(
        "--execcheck-draws=0",
        "--execcheck-law",
        "trial",
        "--execcheck-log",
        "log.jsonl",
        "--execcheck-fail-on",
        fail_on,
    )
    result.assert_outcomes(passed=3 - failed, failed=failed)


@pytest.mark.parametrize("text", ["nonsense\n", '{"case": "1", "type": "no.such", "time": "2022-01-01"}\n', None])
def test_a_log_that_cannot_be_read_is_an_error_of_collection_without_a_traceback(
    here: pytest.Pytester, text: str | None
) -> None:
    if text is not None:
        (here.path / "log.jsonl").write_text(text, encoding="utf-8")
    result = here.runpytest("--execcheck-log", "log.jsonl")
    result.assert_outcomes(errors=1)
    assert "log.jsonl" in result.stdout.str()
    assert "plugin.py" not in result.stdout.str()


def test_several_processes_of_xdist_run_the_same_tests(here: pytest.Pytester) -> None:
    pytest.importorskip("xdist")
    pack(here.path, day="2022-03-08")
    log(here.path, (CASE, "2022-03-01", "clue.provided"), (CASE, "2022-04-05", "clue.verified"))
    result = here.runpytest_subprocess(
        "--execcheck-draws=0", "--execcheck-law", "trial", "--execcheck-log", "log.jsonl", "-n", "2"
    )
    result.assert_outcomes(passed=1, failed=2)


def test_the_help_names_the_options_and_loads_no_law(here: pytest.Pytester) -> None:
    shutil.rmtree(here.path)
    here.path.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--help"], cwd=here.path, capture_output=True, text=True, check=True
    )
    assert "--execcheck-law=FOLDER_OR_PACK" in done.stdout
    assert "--execcheck-log=FILE" in done.stdout


def test_the_laws_of_rules_are_tests_beside_the_examples(here: pytest.Pytester) -> None:
    pack(here.path)
    result = here.runpytest("--execcheck-law", "trial", "--execcheck-draws=4", "-v")
    result.assert_outcomes(passed=2 + len(LAWS))
    assert any("trial/clues::delay never helps PASSED" in line for line in names(result))


def test_a_rule_that_no_log_can_break_fails_with_the_reason_in_both_languages(here: pytest.Pytester) -> None:
    place = pack(here.path)
    rule = (
        (place / "clues.yaml")
        .read_text("utf-8")
        .replace("when: clue.provided", "when: {event: clue.provided, where: {urgent: {is: true, not: true}}}")
    )
    (place / "clues.yaml").write_text(rule, "utf-8")
    result = here.runpytest("--execcheck-law", "trial", "--execcheck-draws=4", "-k", "catches")
    result.assert_outcomes(failed=1, deselected=1 + len(LAWS))
    text = result.stdout.str()
    assert "条件无法同时满足" in text and "the conditions cannot be met together" in text
    assert "Traceback" not in text and "plugin.py" not in text
