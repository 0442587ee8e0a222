"""The command line: every option, every exit status, and never a traceback."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from execcheck import __version__
from execcheck.cli import main
from execcheck.cli.progress import LONG, progress

ROOT = Path(__file__).parents[1]
BREACHED = str(ROOT / "examples" / "breached-case.jsonl")
LAWFUL = str(ROOT / "examples" / "lawful-case.jsonl")
CASE = "（2021）豫0225执1号"
Raw = Mapping[str, Any]


def run(*words: str, stdin: str | bytes | None = None, env: Mapping[str, str] | None = None) -> Result:
    """Run a command line and make sure that it ended in an orderly way."""
    result = CliRunner().invoke(
        main, list(words), input=stdin, env={"LC_ALL": "", "LC_MESSAGES": "", "LANG": "zh_CN.UTF-8", **(env or {})}
    )
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    assert "Traceback" not in result.output
    return result


def event(type_: str, time: str, objects: Raw | None = None, case: str = CASE, **data: Any) -> dict[str, Any]:
    return {"case": case, "type": type_, "time": time, "objects": dict(objects or {}), "data": data}


def log(folder: Path, *events: Raw, name: str = "log.jsonl") -> str:
    path = folder / name
    path.write_text("".join(json.dumps(e, ensure_ascii=False) + "\n" for e in events), encoding="utf-8")
    return str(path)


def seizure(time: str = "2021-11-01", **more: Any) -> dict[str, Any]:
    return event("asset.controlled", time, {"asset": "A1"}, measure="seal", kind="real_estate", needs_sale=True, **more)


def priced(time: str) -> dict[str, Any]:
    return event("price.determined", time, {"asset": "A1"}, price="700000")


PRICE = "henan-2021/reference-price-deadline"


# --- check: exit status -----------------------------------------------------------------------------


def test_a_duty_met_in_time_ends_with_status_0(tmp_path: Path) -> None:
    assert run("check", log(tmp_path, seizure(), priced("2021-12-01")), "--select", PRICE).exit_code == 0


def test_a_breach_ends_with_status_1_and_names_days_and_article(tmp_path: Path) -> None:
    result = run("check", log(tmp_path, seizure(), priced("2021-12-20")), "--select", PRICE)
    assert result.exit_code == 1
    assert "逾期 19 日" in result.output
    assert "《实施意见》第12条" in result.output


@pytest.mark.parametrize(("threshold", "status"), [("error", 0), ("warning", 1), ("note", 1), ("never", 0)])
def test_fail_on_sets_the_severity_that_counts(tmp_path: Path, threshold: str, status: int) -> None:
    path = log(tmp_path, event("petition.received", "2022-06-06", {"petition": "W1"}))
    words = (
        "check",
        path,
        "--select",
        "henan-2021/petition-registered",
        "--as-of",
        "2022-07-01",
        "--fail-on",
        threshold,
    )
    assert run(*words).exit_code == status


def test_the_breached_example_is_reported_as_expected() -> None:
    found = json.loads(run("check", BREACHED, "--policy", "henan-2021", "--format", "json").output)
    expected = json.loads((ROOT / "examples" / "breached-case.expected.json").read_text("utf-8"))
    pairs = {(v["rule"], v["trigger"]["id"]) for v in found["violations"] if v["rule"].startswith("henan-2021/")}
    assert pairs == {(v["rule"], v["trigger"]) for v in expected["violations"]}


def test_the_lawful_example_has_no_breach() -> None:
    assert run("check", LAWFUL).exit_code == 0


# --- check: what is read ----------------------------------------------------------------------------


def test_a_log_may_come_from_standard_input() -> None:
    text = json.dumps(seizure()) + "\n"
    found = json.loads(
        run("check", "-", "--format", "json", "--as-of", "2022-01-31", "--select", PRICE, stdin=text).output
    )
    assert found["summary"]["events"] == 1
    assert found["violations"][0]["trigger"]["place"] == "-:1"


def test_several_logs_are_one_log(tmp_path: Path) -> None:
    paths = log(tmp_path, seizure(), name="a.jsonl"), log(tmp_path, priced("2021-11-20"), name="b.jsonl")
    found = json.loads(run("check", *paths, "--format", "json", "--select", PRICE).output)
    assert found["summary"]["satisfied"] == 1
    assert found["summary"]["events"] == 2


def test_the_same_log_named_twice_counts_once(tmp_path: Path) -> None:
    path = log(tmp_path, seizure())
    found = json.loads(run("check", path, str(Path(path).parent / "." / "log.jsonl"), "--format", "json").output)
    assert found["summary"]["events"] == 1


def test_an_event_told_twice_with_the_same_id_counts_once(tmp_path: Path) -> None:
    twice = {**seizure(), "id": "e1"}
    found = json.loads(
        run("check", log(tmp_path, twice, priced("2021-12-20"), twice), "--format", "json", "--select", PRICE).output
    )
    assert found["summary"]["events"] == 2
    assert found["summary"]["violated"] == 1
    assert found["summary"]["rejected"] == 0


def test_one_id_for_different_events_is_an_input_error_even_across_cases(tmp_path: Path) -> None:
    other = {**seizure(), "case": "（2021）豫0225执2号", "id": "e1"}
    result = run("check", log(tmp_path, {**seizure(), "id": "e1"}, other))
    assert result.exit_code == 2
    assert "log.jsonl:2" in result.stderr and "e1" in result.stderr


def test_cases_that_descend_from_each_other_are_an_input_error(tmp_path: Path) -> None:
    one = event("case.filed", "2021-11-01", case_type="执恢", original_case="（2021）豫0225执2号")
    two = event("case.filed", "2021-11-02", case="（2021）豫0225执2号", case_type="执恢", original_case=CASE)
    result = run("check", log(tmp_path, one, two))
    assert result.exit_code == 2
    assert "→" in result.stderr


def test_as_of_is_the_end_of_a_day_or_an_instant_or_now(tmp_path: Path) -> None:
    path = log(tmp_path, seizure("2021-11-01"))

    def at(moment: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(
            run("check", path, "--select", PRICE, "--format", "json", "--as-of", moment).output
        )
        return found

    assert at("2021-12-01")["as_of"] == "2021-12-01T23:59:59+08:00"
    assert at("2021-12-01")["summary"]["pending"] == 1
    assert at("2021-12-02")["summary"]["violated"] == 1
    assert at("2021-12-02T08:00:00+08:00")["as_of"] == "2021-12-02T08:00:00+08:00"
    assert at("2021-12-01T18:00:00Z")["as_of"] == "2021-12-02T02:00:00+08:00"
    assert at("now")["as_of"].endswith("+08:00")
    assert at("2021-10-31")["summary"]["ignored_after_as_of"] == 1


def test_by_default_the_last_moment_of_the_log_is_the_observation_time(tmp_path: Path) -> None:
    path = log(tmp_path, seizure(), event("case.closed", "2021-12-31T18:00:00+08:00", method="performed"))
    assert json.loads(run("check", path, "--format", "json").output)["as_of"] == "2021-12-31T18:00:00+08:00"


def test_without_a_profile_the_summary_says_what_was_inferred(tmp_path: Path) -> None:
    found = json.loads(run("check", log(tmp_path, seizure()), "--format", "json").output)["summary"]
    assert found["profile"] == {"inferred": True, "not_captured": ["actor", "approvals", "panel", "recorded"]}
    assert "henan-2021/panel-for-control" in found["not_assessable"]


def test_a_profile_makes_rules_not_assessable_and_infers_nothing(tmp_path: Path) -> None:
    path = log(tmp_path, seizure())
    profile = tmp_path / "court.yaml"
    profile.write_text(
        "source: {zh: 某院, en: a court}\nnot_captured: {events: [price.*], fields: [panel]}\n", encoding="utf-8"
    )
    found = json.loads(
        run("check", path, "--profile", str(profile), "--format", "json", "--as-of", "2022-01-31").output
    )
    assert found["summary"]["profile"]["inferred"] is False
    assert found["summary"]["profile"]["source"] == "某院"
    assert {PRICE, "henan-2021/panel-for-control"} <= set(found["summary"]["not_assessable"])
    assert PRICE not in {v["rule"] for v in found["violations"]}


def test_a_profile_names_the_zone_of_instants_without_an_offset(tmp_path: Path) -> None:
    path = log(tmp_path, seizure("2021-11-01T09:00:00"))
    assert run("check", path).exit_code == 2
    profile = tmp_path / "court.yaml"
    profile.write_text("source: {zh: 某院, en: a court}\nzone: Asia/Shanghai\n", encoding="utf-8")
    found = json.loads(run("check", path, "--profile", str(profile), "--format", "json").output)
    assert found["as_of"] == "2021-11-01T09:00:00+08:00"


def test_as_if_in_force_judges_old_cases_and_says_so(tmp_path: Path) -> None:
    path = log(tmp_path, seizure("2019-11-01"))
    words = ("check", path, "--select", PRICE, "--as-of", "2020-06-01", "--format", "json")
    assert json.loads(run(*words).output)["violations"] == []
    found = json.loads(run(*words, "--as-if-in-force").output)["violations"]
    assert [v["as_if_in_force"] for v in found] == [True]


# --- check: which rules -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "rules"),
    [
        (PRICE, {PRICE}),
        ("*/reference-*", {PRICE}),
        ("henan-2021:12", {PRICE}),
        ("category:passive", {PRICE}),
        ("severity:note", set()),
    ],
)
def test_rules_are_selected_by_id_glob_article_category_and_severity(
    tmp_path: Path, pattern: str, rules: set[str]
) -> None:
    path = log(tmp_path, seizure())
    found = json.loads(run("check", path, "--select", pattern, "--as-of", "2022-01-31", "--format", "json").output)
    assert {v["rule"] for v in found["violations"]} == rules


def test_ignored_rules_are_left_out(tmp_path: Path) -> None:
    path = log(tmp_path, seizure())
    words = ("check", path, "--select", "henan-2021:12", "--as-of", "2022-01-31", "--format", "json")
    assert json.loads(run(*words, "--ignore", PRICE).output)["violations"] == []


def test_a_court_sets_its_own_limit(tmp_path: Path) -> None:
    path = log(tmp_path, seizure(), priced("2021-12-20"))
    assert run("check", path, "--select", PRICE, "--set", f"{PRICE}.within=60d").exit_code == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--select", "henan-2021/reference-prize-deadline"), "是否指“henan-2021/reference-price-deadline”"),
        (("--ignore", "nothing:1"), "没有规则符合“nothing:1”"),
        (("--policy", "henan"), "是否指“henan-2021”"),
        (("--set", "henan-2021/reference-prize-deadline.within=1d"), "是否指"),
        (("--set", f"{PRICE}.within=soon"), "不是期限"),
        (("--set", f"{PRICE}.colour=red"), "within"),
        (("--set", "nonsense"), "规则.参数=值"),
        (("--as-of", "2021-13-01"), "没有这样的日期"),
        (("--as-of", "2021-12-01T10:00:00"), "没有时区"),
        (("--as-of", "tomorrow"), "不是时间"),
        (("--format", "xml"), "text、json"),
        (("--lang", "fr"), "zh、en"),
        (("--fail-on", "eror"), "是否指“error”"),
        (("--on-error", "x"), "fail、skip"),
        (("--profile", "none.yaml"), "没有这个文件"),
        (("--config", "none.toml"), "没有这个文件"),
        (("--law", "none"), "没有这个文件夹"),
        (("--output", "none/report.txt"), "没有这个文件"),
        (("--outptu", "x"), "是否指“--output”"),
        (("--as-of",), "--as-of"),
    ],
)
def test_wrong_usage_ends_with_status_2_and_says_what_is_wrong(
    tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    result = run("check", log(tmp_path, seizure()), *words)
    assert result.exit_code == 2
    assert told in result.stderr
    assert result.stdout == ""


def test_wrong_usage_is_explained_in_english_too(tmp_path: Path) -> None:
    path = log(tmp_path, seizure())
    assert "did you mean '--output'?" in run("check", path, "--outptu", "x", "--lang", "en").stderr
    assert "is missing" in run("check", "--lang=en").stderr
    assert "did you mean 'check'?" in run("chek", env={"LANG": "en_GB.UTF-8"}).stderr


# --- check: defective input -------------------------------------------------------------------------

BAD_LOGS = {
    "not json": b"not json\n", "cut": b'{"case": "x", "type": "case.filed", "ti', "array": b"[1, 2]", "binary": b"\x00\x01\x02",
    "empty": b"", "blank": b"\n\n", "latin": b'{"case": "\xff\xfe"}\n', "excel": b"PK\x03\x04xxxx", "deep": b"[" * 100_000,
    "no case": b'{"type": "case.filed", "time": "2021-11-01"}\n', "nan": b'{"case": NaN}\n',
    "unknown type": b'{"case": "x", "type": "case.filled", "time": "2021-11-01"}\n',
    "bad date": b'{"case": "x", "type": "case.filed", "time": "2021-02-30"}\n',
    "huge number": b'{"case": ' + b"9" * 5000 + b"}\n",
}  # fmt: skip


@pytest.mark.parametrize("mode", ["fail", "skip"])
@pytest.mark.parametrize("kind", sorted(BAD_LOGS))
def test_malformed_logs_end_with_status_2_and_a_place(tmp_path: Path, kind: str, mode: str) -> None:
    path = tmp_path / "bad.log"
    path.write_bytes(BAD_LOGS[kind])
    result = run("check", str(path), "--on-error", mode)
    assert result.exit_code == 2
    assert str(path) in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize("name", ["missing.jsonl", ".", "a\x00b"])
def test_a_log_that_cannot_be_opened_ends_with_status_2(tmp_path: Path, name: str) -> None:
    assert run("check", str(tmp_path / name)).exit_code == 2


def test_every_defective_line_is_listed_before_the_exit(tmp_path: Path) -> None:
    path = log(tmp_path, seizure(), {"case": 1}, priced("2021-13-01"), {"type": "x"})
    lines = run("check", path).stderr.splitlines()
    assert {line.split(":")[1] for line in lines} == {"2", "3", "4"}


def test_thousands_of_defects_are_cut_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text("{}x\n" * 5000, encoding="utf-8")
    lines = run("check", str(path)).stderr.splitlines()
    assert len(lines) == 101
    assert "4900" in lines[-1]


def test_skipping_checks_the_good_events_and_keeps_the_bad_lines(tmp_path: Path) -> None:
    path = Path(log(tmp_path, seizure(), priced("2021-12-20")))
    path.write_text(path.read_text("utf-8") + "not json\n", encoding="utf-8")
    report = tmp_path / "out" / "report.json"
    report.parent.mkdir()
    result = run(
        "check", str(path), "--on-error", "skip", "--select", PRICE, "--format", "json", "--output", str(report)
    )
    assert result.exit_code == 1
    assert "log.jsonl:3" in result.stderr
    found = json.loads(report.read_text("utf-8"))
    assert (found["summary"]["rejected"], found["summary"]["violated"]) == (1, 1)
    assert (report.parent / "log.rejected.jsonl").read_text("utf-8") == "not json\n"


def test_skipping_keeps_the_heading_of_a_table(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("case,type,time\nx,case.filed,2021-11-01\nx,case.filed,never\n", encoding="utf-8")
    report = tmp_path / "report.txt"
    assert run("check", str(path), "--on-error", "skip", "--output", str(report)).exit_code == 0
    assert (tmp_path / "log.rejected.csv").read_text("utf-8").splitlines() == ["case,type,time", "x,case.filed,never"]


def test_skipping_leaves_out_every_event_whose_id_stands_for_different_events(tmp_path: Path) -> None:
    other = {**priced("2021-11-20"), "id": "e1"}
    report = tmp_path / "report.json"
    for order in ([{**seizure(), "id": "e1"}, other, seizure()], [other, seizure(), {**seizure(), "id": "e1"}]):
        run("check", log(tmp_path, *order), "--on-error", "skip", "--select", PRICE, "--format", "json",
            "--as-of", "2022-01-31", "--output", str(report))  # fmt: skip
        found = json.loads(report.read_text("utf-8"))["summary"]
        assert (found["events"], found["rejected"], found["violated"]) == (1, 2, 1)
        kept = [json.loads(line) for line in (tmp_path / "conflicting.rejected.jsonl").read_text("utf-8").splitlines()]
        assert {item["type"] for item in kept} == {"asset.controlled", "price.determined"}


def test_one_readable_log_among_missing_ones_is_enough_for_skip(tmp_path: Path) -> None:
    result = run(
        "check",
        log(tmp_path, seizure(), priced("2021-11-20")),
        str(tmp_path / "none.jsonl"),
        "--on-error",
        "skip",
        "--select",
        PRICE,
    )
    assert result.exit_code == 0
    assert "none.jsonl" in result.stderr


def test_unknown_keys_are_notes_not_errors(tmp_path: Path) -> None:
    result = run("check", log(tmp_path, {**seizure(), "remark": "x"}, priced("2021-11-20")), "--select", PRICE)
    assert result.exit_code == 0
    assert "remark" in result.stdout


# --- output, language, settings ---------------------------------------------------------------------


def test_a_report_never_overwrites_the_log(tmp_path: Path) -> None:
    path = log(tmp_path, seizure())
    before = Path(path).read_bytes()
    assert run("check", path, "--output", path).exit_code == 2
    assert run("check", path, "--output", str(tmp_path)).exit_code == 2
    assert Path(path).read_bytes() == before


def test_the_report_goes_to_a_file(tmp_path: Path) -> None:
    result = run("check", BREACHED, "-o", str(tmp_path / "report.txt"))
    assert (result.exit_code, result.stdout) == (1, "")
    assert "（2022）豫0225执123号" in (tmp_path / "report.txt").read_text("utf-8")


@pytest.mark.parametrize(
    ("env", "words", "chinese"),
    [
        ({"LANG": "zh_CN.UTF-8"}, (), True), ({"LANG": "en_US.UTF-8"}, (), False), ({"LANG": "C"}, (), True), ({"LANG": ""}, (), True),
        ({"LANG": "fr_FR"}, (), True), ({"LANG": "zh_CN", "LC_MESSAGES": "en_GB"}, (), False),
        ({"LANG": "en_US", "LC_ALL": "zh_TW"}, (), True), ({"LANG": "en_US"}, ("--lang", "zh"), True), ({"LANG": "zh_CN"}, ("--lang=en",), False),
    ],
)  # fmt: skip
def test_the_language_is_the_option_else_the_locale_else_chinese(
    tmp_path: Path, env: Mapping[str, str], words: tuple[str, ...], chinese: bool
) -> None:
    output = run("check", log(tmp_path, seizure(), priced("2021-12-20")), "--select", PRICE, *words, env=env).stdout
    assert ("逾期 19 日" in output) is chinese
    assert ("19 days late" in output) is not chinese


def test_json_messages_follow_the_language(tmp_path: Path) -> None:
    path = log(tmp_path, seizure(), priced("2021-12-20"))
    found = json.loads(run("check", path, "--select", PRICE, "--format", "json", "--lang", "en").output)["violations"][
        0
    ]
    assert found["message"].isascii() and found["due_explained"].isascii()


def test_settings_answer_for_options_and_the_command_line_wins(tmp_path: Path) -> None:
    path = log(tmp_path, seizure(), priced("2021-12-20"))
    (tmp_path / "rest.yaml").write_text("2021-12-01: rest\n", encoding="utf-8")
    settings = tmp_path / "execcheck.toml"
    settings.write_text(
        f'select = "{PRICE}"\nformat = "json"\nlang = "en"\nas-of = 2021-12-31\nfail-on = "never"\nclosures = "rest.yaml"\n',
        encoding="utf-8",
    )
    result = run("check", path, "--config", str(settings))
    found = json.loads(result.output)
    assert result.exit_code == 0
    assert found["as_of"].startswith("2021-12-31")
    assert [(v["rule"], v["due"]) for v in found["violations"]] == [(PRICE, "2021-12-02")]
    assert found["violations"][0]["message"].isascii()
    settled = run("check", path, "--config", str(settings), "--fail-on", "error", "--lang", "zh", "--format", "text")
    assert settled.exit_code == 1
    assert "逾期" in settled.output
    settings.write_text(f'select = "{PRICE}"\n[set]\n"{PRICE}.within" = "60d"\n', encoding="utf-8")
    assert run("check", path, "--config", str(settings)).exit_code == 0
    assert run("check", path, "--config", str(settings), "--set", f"{PRICE}.within=30d").exit_code == 1


def test_defects_of_settings_are_listed_with_their_place(tmp_path: Path) -> None:
    settings = tmp_path / "execcheck.toml"
    settings.write_text('lnag = "en"\nfail-on = "x"\n', encoding="utf-8")
    result = run("check", BREACHED, "--config", str(settings))
    assert result.exit_code == 2
    assert [line.removeprefix(str(settings))[:4] for line in result.stderr.splitlines()] == [":1:1", ":2:1"]


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
                 "policies/henan-2021/reference-price-deadline.yaml", "priced on the last day", "2021-12-01"):  # fmt: skip
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
