"""When and where a rule applies: the trigger's day, dated limits, the region told by the case number."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from attrs import evolve

from execcheck.checking import check
from execcheck.judgement import Judgement
from execcheck.lawbook import Law
from execcheck.monitor import Monitor
from lawful import henan
from ruling import CASE, book, events, verdicts

FORCE = "in_force: {from: 2021-10-18, to: 2022-12-31}\n"
CLOSE = "kind: response\nwhen: case.filed\nthen: case.closed\nwithin: 30d\n"
PER_DAY = "kind: absence\nwhen: case.archived\n"
CLOSED = {"type": "case.closed", "method": "performed"}


def filed(time: str, **more: Any) -> dict[str, Any]:
    return {"time": time, "type": "case.filed", **more}


# --- in force -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "found"),
    [("2021-10-17", []), ("2021-10-18", ["violated"]), ("2022-12-31", ["violated"]), ("2023-01-01", [])],
)
def test_a_rule_judges_what_happens_from_its_first_to_its_last_day(day: str, found: list[str]) -> None:
    assert verdicts(PER_DAY + FORCE, {"time": day, "type": "case.archived"}) == found


def test_the_day_of_the_trigger_decides_and_not_that_of_the_act() -> None:
    assert verdicts(CLOSE + FORCE, filed("2021-10-17"), {"time": "2021-12-31", **CLOSED}) == []
    assert verdicts(CLOSE + FORCE, filed("2022-12-31"), {"time": "2023-03-01", **CLOSED}) == ["violated"]


def test_the_day_is_that_of_the_court() -> None:
    event = {"time": "2021-10-17T16:30:00+00:00", "type": "case.archived"}  # half past midnight in Henan
    assert verdicts(PER_DAY + FORCE, event) == ["violated"]
    assert verdicts(PER_DAY + FORCE, {**event, "time": "2021-10-17T15:59:00+00:00"}) == []


# --- limits that changed --------------------------------------------------------------------------

DATED = CLOSE.replace("within: 30d", "within: {2021-10-18: 30d, 2022-01-01: 10d}") + FORCE


@pytest.mark.parametrize(
    ("day", "due"),
    [
        ("2021-10-18", "2021-11-17"),
        ("2021-12-31", "2022-01-30"),
        ("2022-01-01", "2022-01-11"),
        ("2022-01-02", "2022-01-12"),
    ],
)
def test_the_limit_of_the_day_of_the_trigger_counts(day: str, due: str) -> None:
    monitor = Monitor(book(DATED))
    for event in events(filed(day)):
        monitor.take(event)
    assert [str(j.due) for j in monitor.judgements()] == [due]  # 2022-01-30 is a make-up working Sunday


def test_dated_limits_may_be_written_in_any_order() -> None:
    turned = CLOSE.replace("within: 30d", "within: {2022-01-01: 10d, 2021-10-18: 30d}") + FORCE
    assert book(turned).rules["trial/rule0"].within == book(DATED).rules["trial/rule0"].within


# --- as if in force -------------------------------------------------------------------------------


def as_if(rule: str, *short: dict[str, Any]) -> list[Judgement]:
    monitor = Monitor(book(rule), as_if_in_force=True)
    for event in events(*short):
        monitor.take(event)
    return list(monitor.judgements(date(2023, 6, 1)))


def test_as_if_in_force_judges_old_cases_and_says_so_in_each_finding() -> None:
    (found,) = as_if(CLOSE + FORCE, filed("2017-03-01"))
    assert found.as_if_in_force
    assert "不在施行期内" in found.message.zh
    assert "in force" in found.message.en


def test_what_the_law_covered_is_not_marked() -> None:
    (found,) = as_if(CLOSE + FORCE, filed("2021-11-01"))
    assert not found.as_if_in_force
    assert "施行" not in found.message.zh


def test_a_rule_out_of_force_is_not_told_as_one_that_was_not_in_force_yet() -> None:
    (found,) = as_if(CLOSE + FORCE, filed("2023-02-01"))
    assert found.as_if_in_force
    assert "不在施行期内" in found.message.zh and "尚未" not in found.message.zh


def test_as_if_in_force_the_limit_of_today_is_used_and_the_finding_says_so() -> None:
    (found,) = as_if(DATED, filed("2020-03-02"))
    assert (str(found.due), found.as_if_in_force) == ("2020-03-12", True)


def test_a_limit_that_has_since_changed_is_only_applied_as_if_in_force() -> None:
    (old,) = as_if(DATED, filed("2021-12-01"))
    (new,) = as_if(DATED, filed("2022-03-01"))
    assert (old.as_if_in_force, new.as_if_in_force) == (True, False)


# --- region ---------------------------------------------------------------------------------------


def local(region: str = "豫") -> Law:
    law = book(CLOSE)
    rule = law.rules["trial/rule0"]
    return evolve(law, rules={rule.id: evolve(rule, pack=evolve(rule.pack, region=region))})


@pytest.mark.parametrize(
    ("case", "judged"),
    [
        (CASE, True),
        ("(2021)豫0225执1号", True),
        ("（2021）苏0102执1号", False),
        ("（2021）豫0225执恢1号", True),
        ("案件甲", True),
        ("2021-17", True),
        ("（2014）周执字第00012号", False),
        ("（2014）豫法执字第12号", True),
        ("（2021）最高法执监1号", False),
    ],
)
def test_a_provincial_pack_judges_the_cases_of_its_province_and_names_that_are_no_case_number(
    case: str, judged: bool
) -> None:
    report = check(events(filed("2021-11-01", case=case)), local(), as_of=date(2022, 6, 1))
    assert report.summary.violated == int(judged)


def test_a_case_of_another_province_triggers_no_rule_of_henan_but_runs_through_the_lifecycles() -> None:
    jiangsu = {"case": "（2021）苏0102执1号"}
    log = [filed("2021-11-01", **jiangsu), {"time": "2021-11-02", "type": "case.archived", **jiangsu}]
    report = check(events(*log), henan(), as_of=date(2023, 1, 1))
    assert {one.rule.partition("/")[0] for one in report.violations} <= {"lifecycle"}
    assert len(report.summary.not_triggered) + len(report.summary.not_assessable) == len(henan().rules)


def test_in_a_family_of_two_provinces_each_case_is_judged_by_its_own_number() -> None:
    other = "（2022）苏0102执恢2号"
    log = [filed("2021-11-01"), filed("2022-03-01", case=other, original_case=CASE)]
    report = check(events(*log), local(), as_of=date(2023, 1, 1))
    assert [one.case for one in report.violations] == [CASE]


def test_a_pack_without_a_region_judges_everywhere() -> None:
    assert check(events(filed("2021-11-01", case="（2021）苏0102执1号")), book(CLOSE)).summary.pending == 1
