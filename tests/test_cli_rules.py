"""The other commands: due, rules, explain, lifecycle, lint, test, help."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from clirun import BREACHED, CASE, PRICE, ROOT, event, log, run, seizure
from execcheck import __version__
from execcheck.cli.progress import LONG, progress

# --- due --------------------------------------------------------------------------------------------


def test_due_lists_what_is_pending_the_soonest_first(tmp_path: Path) -> None:
    report = event("pricing.report_received", "2021-11-02", {"asset": "A1"})
    path = log(tmp_path, seizure(), report)
    result = run("due", path, "--select", "henan-2021:12", "--as-of", "2021-11-03", "--format", "json")
    found = json.loads(result.output)
    assert result.exit_code == 0
    assert [p["due"] for p in found["pending"]] == ["2021-11-05", "2021-12-01"]
    near = json.loads(
        run(
            "due", path, "--select", "henan-2021:12", "--as-of", "2021-11-03", "--format", "json", "--within", "7d"
        ).output
    )
    assert [p["due"] for p in near["pending"]] == ["2021-11-05"]


@pytest.mark.parametrize(
    ("within", "count"), [("27d", 0), ("28d", 1), ("1mo", 1), ("19wd", 0), ("20wd", 1), ("0d", 0), ("1y", 1)]
)
def test_due_within_a_period_includes_its_last_day(tmp_path: Path, within: str, count: int) -> None:
    words = (
        "due",
        log(tmp_path, seizure()),
        "--select",
        PRICE,
        "--as-of",
        "2021-11-03",
        "--format",
        "json",
        "--within",
        within,
    )
    assert len(json.loads(run(*words).output)["pending"]) == count


def test_due_in_words_tells_days_left_and_the_undated(tmp_path: Path) -> None:
    path = log(
        tmp_path,
        seizure(),
        event("suspension.ordered", "2021-11-05"),
        {**seizure("2021-11-08"), "objects": {"asset": "A2"}},
    )
    assert "停止计算" in run("due", path, "--select", PRICE).output
    plain = log(tmp_path, seizure(), name="plain.jsonl")
    output = run("due", plain, "--select", PRICE, "--as-of", "2021-11-24").output
    assert "2021-12-01" in output and "还有 7 日" in output and "财产 A1" in output and CASE in output
    assert "今日到期" in run("due", plain, "--select", PRICE, "--as-of", "2021-12-01").output
    assert "到期日未定" in run("due", path, "--select", PRICE, "--within", "7d").output


def test_working_days_ahead_leave_out_local_closures(tmp_path: Path) -> None:
    path = log(tmp_path, seizure())
    (tmp_path / "rest.yaml").write_text("2021-11-04: rest\n", encoding="utf-8")
    (tmp_path / "execcheck.toml").write_text('closures = "rest.yaml"\n', encoding="utf-8")
    words = ("due", path, "--select", PRICE, "--as-of", "2021-11-03", "--format", "json", "--within", "19wd")
    assert json.loads(run(*words).output)["pending"] == []
    assert len(json.loads(run(*words, "--config", str(tmp_path / "execcheck.toml")).output)["pending"]) == 1


def test_due_ends_with_status_2_for_wrong_input(tmp_path: Path) -> None:
    path = log(tmp_path, seizure())
    assert run("due", path, "--within", "soon").exit_code == 2
    assert run("due", str(tmp_path / "none")).exit_code == 2
    assert run("due").exit_code == 2


# --- rules, explain, lifecycle ----------------------------------------------------------------------


def test_rules_as_json_have_the_fields_of_the_contract() -> None:
    found = json.loads(run("rules", "--format", "json", "--policy", "henan-2021").output)
    assert set(found) == {"rules", "not_checkable"}
    rule = next(r for r in found["rules"] if r["id"] == PRICE)
    assert rule | {
        "title": {"zh": "三十日内确定财产处置参考价", "en": "Reference price fixed within thirty days"}, "kind": "response", "severity": "error",
        "category": "passive", "per": "asset", "limit": "30d", "citations": [{"document": "henan-2021", "article": "12"}],
        "in_force": {"from": "2021-10-18", "to": None}, "restates": [],
    } == rule  # fmt: skip
    assert {"document", "article", "reason"} == set(found["not_checkable"][0])
    limits = {r["id"]: r["limit"] for r in found["rules"]}
    assert limits["henan-2021/control-kept-during-disposal"] == "due_on expires"
    assert limits["henan-2021/coercion-recording-kept"] == "before case.closed"
    assert limits["henan-2021/no-excessive-control"] == "factor 1.2"
    assert limits["henan-2021/overdue-reported-to-bureau-head"] == "6mo / 3mo"
    assert limits["henan-2021/filed-by-filing-division"] is None


def test_every_one_of_the_thirty_articles_is_visible() -> None:
    found = json.loads(run("rules", "--format", "json", "--policy", "henan-2021").output)
    checked = {c["article"] for r in found["rules"] for c in r["citations"]}
    silent = {item["article"] for item in found["not_checkable"]}
    assert {str(n) for n in range(1, 31)} <= checked | silent
    text = run("rules", "--policy", "henan-2021").output
    assert all(f"第{n}条" in text for n in range(1, 31))


@pytest.mark.parametrize(
    "pattern", [PRICE, "henan-2021:12", "*/reference-*", "category:nothing", "severity:note", "henan-2021:8"]
)
def test_rules_can_be_narrowed(pattern: str) -> None:
    assert run("rules", pattern).exit_code == (2 if pattern == "category:nothing" else 0)


def test_unknown_rules_are_answered_with_a_suggestion() -> None:
    for words in (("rules", "henan-2021/reference-prize-deadline"), ("explain", "reference-prize-deadline")):
        result = run(*words)
        assert result.exit_code == 2
        assert "reference-price-deadline”？" in result.stderr


def test_explain_tells_requirement_limit_source_and_examples() -> None:
    output = run("explain", "reference-price-deadline").output
    for part in ("henan-2021/reference-price-deadline", "参考价确定", "30日", "中止执行", "第12条", "2021-10-18", "原文核对",
                 "policies/henan-2021/reference-price-deadline.yaml", "overlapping stops count once", "2021-12-01"):  # fmt: skip
        assert part in output
    reference = run("explain", "henan-2021/first-national-query", "--lang", "en").output
    assert "--set henan-2021/first-national-query.within=" in reference


def test_every_rule_can_be_explained_in_both_languages() -> None:
    ids = [r["id"] for r in json.loads(run("rules", "--format", "json").output)["rules"]]
    assert len(ids) > 86
    for rule in ids[::7]:
        for language in ("zh", "en"):
            assert rule in run("explain", rule, "--lang", language).output


@pytest.mark.parametrize("language", ["zh", "en"])
def test_lifecycles_are_drawn(language: str) -> None:
    assert run("lifecycle", "asset", "--lang", language).output.count("stateDiagram-v2") == 1
    assert run("lifecycle", "--lang", language).output.count("```mermaid") == 6
    assert "lifecycle/payment" in run("lifecycle", "payment", "--format", "text", "--lang", language).output
    assert run("lifecycle", "lifecycle/case", "--lang", language).exit_code == 0


def test_an_unknown_lifecycle_is_answered_with_the_known_ones() -> None:
    result = run("lifecycle", "aset")
    assert result.exit_code == 2
    assert "是否指“asset”" in result.stderr and "dishonesty" in result.stderr


# --- lint, test, a user's own law -------------------------------------------------------------------

VOCABULARY = """
objects: {parcel: {zh: 包裹, en: parcel}}
roles: {clerk: {zh: 员工, en: clerk}}
departments: {desk: {zh: 柜台, en: desk}}
events:
  parcel.received: {zh: 收件, en: parcel received, object: parcel}
  parcel.sent: {zh: 寄出, en: parcel sent, object: parcel}
"""
PACK = """
document: post
title: {zh: 收发规定, en: post rules}
wording: {zh: "不符合{short}第{article}条", en: "not in line with article {article} of {short}"}
"""
RULE = """
title: {zh: 两日内寄出, en: Sent within two days}
kind: response
severity: error
category: passive
article: "1"
per: parcel
when: parcel.received
then: parcel.sent
within: 2d
examples:
  in time:
    satisfied:
      - {time: 2021-11-01, type: parcel.received, parcel: P1}
      - {time: 2021-11-02, type: parcel.sent, parcel: P1}
  late:
    violated:
      - {time: 2021-11-01, type: parcel.received, parcel: P1}
      - {time: 2021-11-09, type: parcel.sent, parcel: P1}
"""


def law(folder: Path, rule: str = RULE) -> Path:
    """A small law book of its own."""
    (folder / "statemachines").mkdir()
    (folder / "policies" / "post").mkdir(parents=True)
    (folder / "statemachines" / "vocabulary.yaml").write_text(VOCABULARY, encoding="utf-8")
    (folder / "policies" / "post" / "pack.yaml").write_text(PACK, encoding="utf-8")
    (folder / "policies" / "post" / "sent-in-two-days.yaml").write_text(rule, encoding="utf-8")
    return folder


def test_any_process_can_be_checked_against_a_law_book_of_its_own(tmp_path: Path) -> None:
    book = law(tmp_path)
    path = log(tmp_path, event("parcel.received", "2021-11-01", {"parcel": "P1"}, case="K1"),
               event("parcel.sent", "2021-11-09", {"parcel": "P1"}, case="K1"))  # fmt: skip
    found = json.loads(run("check", path, "--law", str(book), "--format", "json").output)
    assert found["policies"] == ["post"]
    assert [(v["rule"], v["days_late"]) for v in found["violations"]] == [("post/sent-in-two-days", 6)]
    assert "包裹 P1" in run("check", path, "--law", str(book)).output
    assert "post/sent-in-two-days" in run("explain", "sent-in-two-days", "--law", str(book)).output
    assert "sent-in-two-days" in run("rules", "--law", str(book)).output
    assert run("lifecycle", "--law", str(book)).exit_code == 0


@pytest.mark.parametrize("part", [".", "policies", "policies/post", "policies/post/sent-in-two-days.yaml"])
def test_examples_run_for_a_law_book_its_policies_a_pack_or_a_rule(tmp_path: Path, part: str) -> None:
    result = run("test", str(law(tmp_path) / part))
    assert (result.exit_code, result.output) == (0, "1 条规则，2 个例子：全部通过\n")


def test_a_failing_example_is_named_with_its_place_and_reason(tmp_path: Path) -> None:
    result = run("test", str(law(tmp_path, RULE.replace("2021-11-09", "2021-11-03"))))
    assert result.exit_code == 1
    first, closing = result.output.splitlines()
    assert "sent-in-two-days.yaml:17" in first and "post/sent-in-two-days · late: 结论应为 violated" in first
    assert closing == "1 条规则，2 个例子：1 个未通过"


@pytest.mark.parametrize("command", ["test", "lint"])
def test_defective_policies_end_with_status_2_and_every_place(tmp_path: Path, command: str) -> None:
    broken = RULE.replace("kind: response", "kind: respons").replace("severity: error", "severity: eror")
    result = run(command, str(law(tmp_path, broken)))
    assert result.exit_code == 2
    lines = result.stderr.splitlines()
    assert any("sent-in-two-days.yaml:3:7" in line and "response" in line for line in lines)
    assert any("sent-in-two-days.yaml:4:11" in line and "error" in line for line in lines)


@pytest.mark.parametrize("command", ["test", "lint"])
def test_policies_in_another_encoding_or_missing_end_with_status_2(tmp_path: Path, command: str) -> None:
    book = law(tmp_path)
    (book / "policies" / "post" / "sent-in-two-days.yaml").write_bytes(RULE.encode("gbk"))
    result = run(command, str(book))
    assert result.exit_code == 2
    assert "UTF-8" in result.stderr
    assert run(command, str(tmp_path / "none")).exit_code == 2
    assert run(command, str(tmp_path / "statemachines")).exit_code == 2


def test_lint_counts_a_sound_law_book_and_notes_what_could_be_better(tmp_path: Path) -> None:
    long = RULE.replace('article: "1"', 'article: "2"\nrestates: post/nothing') + "\n" * 120
    result = run("lint", str(law(tmp_path, long)))
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert "120" in lines[0] or "14" in lines[0]
    assert "post/nothing" in lines[1]
    assert "未涉及的条文：1" in lines[2]
    assert lines[3].startswith("1 个规则包，1 条规则，0 个流程，2 种事件：无错误，3 条提示")


def test_the_shipped_law_book_is_sound_and_its_examples_pass() -> None:
    assert run("lint").exit_code == 0
    assert run("test", str(ROOT / "policies" / "henan-2021" / "reference-price-deadline.yaml")).exit_code == 0


# --- help, version, real processes ------------------------------------------------------------------


@pytest.mark.parametrize("command", ["check", "due", "rules", "explain", "lifecycle", "lint", "test"])
def test_help_speaks_both_languages(command: str) -> None:
    chinese, english = run(command, "--help"), run(command, "-h", env={"LANG": "en_US.UTF-8"})
    assert chinese.exit_code == english.exit_code == 0
    assert "用法：" in chinese.output
    assert "Usage:" in english.output and english.output.isascii()


def test_without_a_command_the_help_is_shown_and_the_status_is_2() -> None:
    result = run()
    assert result.exit_code == 2
    assert "lifecycle" in result.output


def test_the_version_is_that_of_the_project() -> None:
    assert run("--version").output == f"execcheck {__version__}\n"
    assert f'version = "{__version__}"' in (ROOT / "pyproject.toml").read_text("utf-8")


def process(*words: str, stdin: bytes = b"", **env: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "execcheck", *words], input=stdin, capture_output=True, check=False, cwd=ROOT,
        env={**os.environ, "LANG": "zh_CN.UTF-8", "LC_ALL": "", **env},
    )  # fmt: skip


def test_a_real_process_reads_standard_input_and_writes_plain_text() -> None:
    result = process("check", "-", stdin=Path(BREACHED).read_bytes())
    assert result.returncode == 1
    assert b"\x1b[" not in result.stdout
    assert "对应整治重点：消极执行" in result.stdout.decode("utf-8")
    assert result.stderr == b""


def test_a_terminal_encoding_without_chinese_is_no_traceback() -> None:
    result = process("check", BREACHED, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert result.returncode == 1
    assert b"Traceback" not in result.stderr


def test_a_reader_that_leaves_early_changes_neither_status_nor_stderr() -> None:
    command = f"{sys.executable} -m execcheck check {BREACHED} --format json | head -c 10; exit ${{PIPESTATUS[0]}}"
    result = subprocess.run(["bash", "-c", command], capture_output=True, check=False, cwd=ROOT)
    assert (result.returncode, result.stderr) == (1, b"")


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("total", "shown"), [(LONG - 1, False), (LONG, True)])
def test_only_long_logs_show_their_progress_and_only_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, total: int, shown: bool
) -> None:
    with progress() as tick:
        assert tick is None
    terminal = _Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with progress() as tick:
        assert tick is not None
        tick(total // 2, total)
    assert bool(terminal.getvalue()) is shown


def test_the_order_of_lines_does_not_change_the_report(tmp_path: Path) -> None:
    lines = Path(BREACHED).read_text("utf-8").splitlines(keepends=True)
    (tmp_path / "turned.jsonl").write_text("".join(reversed(lines)), encoding="utf-8")

    def findings(path: str) -> list[tuple[str, str]]:
        found = json.loads(run("check", path, "--format", "json").output)
        return [
            (v["rule"], v["fingerprint"]) for part in ("violations", "inconclusive", "pending") for v in found[part]
        ]

    assert findings(BREACHED) == findings(str(tmp_path / "turned.jsonl"))
