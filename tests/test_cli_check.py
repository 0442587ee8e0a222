"""``execcheck check``: exit status, what is read, which rules."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from clirun import BREACHED, CASE, LAWFUL, PRICE, ROOT, event, log, priced, run, seizure

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
    found = json.loads(run("check", BREACHED, "--format", "json").output)
    expected = json.loads((ROOT / "examples" / "breached-case.expected.json").read_text("utf-8"))
    pairs = {(v["rule"], v["trigger"]["id"]) for v in found["violations"]}
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
        ("category:passive", {PRICE, "reference-price/pricing-started-in-30-days"}),
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
