"""``execcheck compare``: which laws can be named, what is printed, with which status it ends."""

from __future__ import annotations

import json
import re
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from clirun import BREACHED, PRICE, ROOT, log, priced, run, seizure

TWENTY = f"{PRICE}.within=20d"


@pytest.fixture
def late(tmp_path: Path) -> str:
    """A price fixed on the 28th day."""
    return log(tmp_path, {**seizure("2022-03-01"), "id": "e1"}, {**priced("2022-03-29"), "id": "e2"})


def compared(*words: str) -> tuple[int, dict[str, Any]]:
    result = run("compare", *words, "--format", "json")
    return result.exit_code, json.loads(result.output)


def test_a_shorter_limit_tells_the_breach_that_appears_and_ends_with_status_1(late: str) -> None:
    result = run("compare", "shipped", "shipped", late, "--set", TWENTY)
    assert result.exit_code == 1
    assert "不符 0 → 1；新增 1，消失 0，变动 0，不变 0" in result.output
    assert "+ （2021）豫0225执1号 · 财产 A1 · e1" in result.output
    assert "到期日 2022-03-21，逾期日数 8" in result.output


def test_in_english(late: str) -> None:
    result = run("compare", "shipped", "shipped", late, "--set", TWENTY, "--lang", "en")
    assert "departs 0 → 1; appeared 1, vanished 0, moved 0, unchanged 0" in result.output
    assert not re.search("[\u4e00-\u9fff]", result.output.replace("（2021）豫0225执1号", ""))


def test_no_difference_ends_with_status_0(late: str) -> None:
    result = run("compare", "henan-2021", "henan-2021", late)
    assert result.exit_code == 0
    assert "结果全部相同" in result.output


@pytest.mark.parametrize("words", [
    ("shipped", "nowhere"), ("henan-2022", "shipped"), ("shipped", "examples"),
    ("shipped", "shipped", "--set", "henan-2021/no-such-rule.within=3d"),
    ("shipped", "shipped", "--closures", "nowhere.yaml"), ("shipped", "shipped", "--as-of", "never"),
])  # fmt: skip
def test_what_cannot_be_compared_ends_with_status_2(late: str, words: tuple[str, ...]) -> None:
    result = run("compare", words[0], words[1], late, *words[2:])
    assert result.exit_code == 2
    assert result.output


def test_a_defective_log_ends_with_status_2_and_each_defect_is_told_once(tmp_path: Path) -> None:
    result = run("compare", "shipped", "shipped", log(tmp_path, {**seizure(), "type": "asset.contrled"}))
    assert result.exit_code == 2
    assert result.output.count("asset.contrled") == 1


def test_a_log_may_come_from_standard_input_also_for_two_vocabularies(tmp_path: Path) -> None:
    other = tmp_path / "law"
    copytree(ROOT / "statemachines", other / "statemachines")
    (other / "policies").mkdir()
    copytree(ROOT / "policies" / "henan-2021", other / "policies" / "henan-2021")
    vocabulary = other / "statemachines" / "vocabulary.yaml"
    vocabulary.write_text(re.sub(r"^events:\n", "events:\n  tea.drunk: {zh: 饮茶, en: tea}\n", vocabulary.read_text("utf-8"), flags=re.M), "utf-8")  # fmt: skip
    text = "".join(json.dumps(event) + "\n" for event in (seizure("2022-03-01"), priced("2022-04-29")))
    result = run("compare", "henan-2021", str(other), "-", "--format", "json", stdin=text)
    found = json.loads(result.output)
    assert (result.exit_code, found["summary"]["violated"]) == (0, {"before": 2, "after": 2})


def test_a_pack_is_compared_with_its_changed_copy(tmp_path: Path, late: str) -> None:
    for name in ("old", "new"):
        copytree(ROOT / "policies" / "reference-price", tmp_path / name / "reference-price")
    status, _ = compared(str(tmp_path / "old" / "reference-price"), str(tmp_path / "new" / "reference-price"), late)
    assert status == 0
    copytree(ROOT / "policies" / "henan-2021", tmp_path / "henan-2021")
    rule = tmp_path / "henan-2021" / "reference-price-deadline.yaml"
    rule.write_text(rule.read_text("utf-8").replace("within: 30d", "within: 20d"), "utf-8")
    status, found = compared("henan-2021", str(tmp_path / "henan-2021"), late)
    assert (status, [one["rule"] for one in found["appeared"]]) == (1, [PRICE])


def test_a_single_rule_can_be_compared(tmp_path: Path, late: str) -> None:
    copytree(ROOT / "policies" / "henan-2021", tmp_path / "henan-2021")
    rule = tmp_path / "henan-2021" / "reference-price-deadline.yaml"
    changed = rule.read_text("utf-8").replace("within: 30d", "within: 20d")
    assert changed != rule.read_text("utf-8")
    rule.write_text(changed, "utf-8")
    status, found = compared(str(ROOT / "policies" / "henan-2021" / rule.name), str(rule), late)
    assert (status, found["summary"]["appeared"], found["summary"]["unchanged"]) == (1, 1, 0)


def test_local_rest_days_belong_to_the_second_law(tmp_path: Path) -> None:
    closures = tmp_path / "closures.yaml"
    closures.write_text("2022-03-31: rest\n", "utf-8")
    path = log(tmp_path, seizure("2022-03-01"), priced("2022-04-29"))
    status, found = compared("shipped", "shipped", path, "--closures", str(closures))
    (move,) = [one for one in found["moved"] if one["after"]["rule"] == PRICE]
    assert (status, move["differs"]) == (1, ["due", "days_late"])
    assert (move["before"]["due"], move["after"]["due"]) == ("2022-03-31", "2022-04-01")


def test_both_are_judged_at_the_observation_time_that_is_given(tmp_path: Path) -> None:
    path = log(tmp_path, seizure("2022-03-01"))
    _, found = compared("shipped", "shipped", path, "--set", TWENTY, "--as-of", "2022-03-25")
    (move,) = [one for one in found["moved"] if one["after"]["rule"] == PRICE]
    assert found["as_of"] == "2022-03-25T23:59:59+08:00"
    assert (move["before"]["verdict"], move["after"]["verdict"]) == ("pending", "violated")


def test_a_profile_says_for_both_what_is_not_recorded(tmp_path: Path, late: str) -> None:
    profile = tmp_path / "p.yaml"
    profile.write_text("source: {zh: 甲, en: a}\nnot_captured: {events: [price.determined]}\n", "utf-8")
    status, found = compared("shipped", "shipped", late, "--set", TWENTY, "--profile", str(profile))
    assert status == 0
    assert PRICE not in [one["rule"] for one in found["rules"]]


def test_many_findings_of_one_rule_are_cut_short_on_the_screen_and_told_whole_as_json(tmp_path: Path) -> None:
    events = [{**seizure("2022-03-01"), "id": f"e{n}", "objects": {"asset": f"A{n}"}} for n in range(30)]
    words = ("shipped", "shipped", log(tmp_path, *events), "--set", TWENTY, "--as-of", "2022-06-01")
    assert "……另有 10 项" in run("compare", *words).output
    assert compared(*words)[1]["summary"]["moved"] == 30


def test_the_comparison_can_be_written_to_a_file(tmp_path: Path, late: str) -> None:
    target = tmp_path / "impact.txt"
    result = run("compare", "shipped", "shipped", late, "--set", TWENTY, "-o", str(target))
    assert (result.exit_code, result.output) == (1, "")
    assert "新增 1" in target.read_text("utf-8")


@pytest.mark.skipif(not (ROOT / "docs").is_dir(), reason="there is no docs/ beside these tests")
def test_every_field_of_the_comparison_is_explained() -> None:
    page = (ROOT / "docs" / "reports.md").read_text("utf-8")
    told = set(re.findall(r"`(\w+)`", page))
    _, found = compared("shipped", "shipped", BREACHED, "--set", TWENTY)
    fields = {
        **found,
        **found["before"],
        **found["summary"],
        **found["rules"][0],
        **found["moved"][0],
        **found["moved"][0]["after"],
    }
    assert sorted(set(fields) - told) == []
    assert set(found) == {"execcheck", "as_of", "before", "after", "summary", "rules", "appeared", "vanished", "moved"}
