"""A court's own values for the parameters of rules."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from execcheck.defects import Defect, DefectiveInput
from execcheck.judgement import Verdict
from execcheck.lawbook import Law
from execcheck.monitor import Monitor
from execcheck.parameters import set_parameters
from execcheck.policy import Aggregate, Rule, Severity
from execcheck.testing import run_examples
from lawful import henan
from ruling import book, events

QUERY = "kind: response\nwhen: case.filed\nthen: query.online\nwithin: 1d\nreference_limit: true\n"
PROMPT = "kind: condition\nwhen: {event: '*', where: {recorded: {present: true}}}\nrequire: {recorded: {at_most: {field: time, plus: within}}}\nwithin: 3d\n"
DATED = (
    "kind: response\nwhen: case.filed\nthen: query.online\nwithin: {2021-01-01: 1d, 2022-01-01: 2d}\n"
    "in_force: {from: 2021-01-01}\n"
)
NAME = "trial/rule0"
TUNABLE = tuple(rule.id for rule in henan().rules.values() if rule.within is not None or rule.factor is not None)


def verdict(law: Law, *short: dict[str, Any], as_of: date | None = None) -> str:
    monitor = Monitor(law, keep_satisfied=True)
    for event in events(*short):
        monitor.take(event)
    (found,) = monitor.judgements(as_of)
    return found.verdict.value


def refused(law: Law, **settings: str) -> list[Defect]:
    with pytest.raises(DefectiveInput) as caught:
        law.with_parameters({f"{NAME}.{name}": value for name, value in settings.items()})
    return list(caught.value.defects)


def test_a_court_may_set_its_own_limit() -> None:
    log = (
        {"time": "2021-11-01", "type": "case.filed"},
        {"time": "2021-11-05", "type": "query.online", "channel": "national"},
    )
    assert verdict(book(QUERY), *log) == "violated"
    assert verdict(book(QUERY).with_parameters({f"{NAME}.within": "4d"}), *log) == "satisfied"
    assert verdict(book(QUERY).with_parameters({f"{NAME}.within": "5wd"}), *log) == "satisfied"


def test_a_limit_inside_a_condition_follows_the_setting() -> None:
    late = {"time": "2021-11-01", "recorded": "2021-11-06", "type": "case.archived"}
    assert verdict(book(PROMPT), late) == "violated"
    assert verdict(book(PROMPT).with_parameters({f"{NAME}.within": "5d"}), late) == "satisfied"


def test_a_factor_reaches_the_bound() -> None:
    law = henan().with_parameters({"henan-2021/no-excessive-control.factor": "1.5"})
    rule = law.rules["henan-2021/no-excessive-control"]
    assert isinstance(rule, Aggregate)
    assert str(rule.factor) == str(rule.bound.times) == "1.5"


def test_a_severity_may_be_changed_for_any_rule() -> None:
    law = book(PROMPT).with_parameters({f"{NAME}.severity": "note"})
    monitor = Monitor(law)
    for event in events({"time": "2021-11-01", "recorded": "2021-11-06", "type": "case.archived"}):
        monitor.take(event)
    assert [one.severity for one in monitor.judgements()] == [Severity.NOTE]


def test_a_value_set_by_the_court_holds_whenever_the_law_had_a_value() -> None:
    law = book(DATED).with_parameters({f"{NAME}.within": "9d"})
    within = law.rules[NAME].within
    assert within is not None
    assert [str(within.at(date(year, 6, 1).toordinal())) for year in (2021, 2022)] == ["9d", "9d"]
    assert within.at(date(2020, 6, 1).toordinal()) is None


def test_settings_leave_the_law_book_as_it_was() -> None:
    law = book(QUERY)
    law.with_parameters({f"{NAME}.within": "4d", f"{NAME}.severity": "note"})
    assert str(law.rules[NAME].within.latest) == "1d"  # type: ignore[union-attr]
    assert law.rules[NAME].severity is Severity.ERROR


def test_every_setting_that_does_not_fit_is_told_at_once() -> None:
    rules = book(QUERY).rules
    wrong = {"trial/rul0.within": "2d", f"{NAME}.within": "2 weeks", f"{NAME}.factor": "2", f"{NAME}.severity": "grave",
             f"{NAME}.witin": "2d", "nonsense": "1"}  # fmt: skip
    with pytest.raises(DefectiveInput) as caught:
        set_parameters(rules, wrong)
    assert len(caught.value.defects) == len(wrong)
    assert all(defect.zh and defect.en for defect in caught.value.defects)


def test_an_unknown_rule_is_told_with_the_one_that_was_meant() -> None:
    with pytest.raises(DefectiveInput) as caught:
        henan().with_parameters({"henan-2021/first-national-qery.within": "2d"})
    assert "henan-2021/first-national-query" in caught.value.defects[0].en


@pytest.mark.parametrize("value", ["", "d", "-1d", "1.5d", "30", "1 d", "100000y", "３０d"])
def test_a_limit_must_be_a_period(value: str) -> None:
    (defect,) = refused(book(QUERY), within=value)
    assert "within" in defect.en


@pytest.mark.parametrize("value", ["", "x", "0", "-1", "nan", "inf", "1,2"])
def test_a_factor_must_be_a_number_above_zero(value: str) -> None:
    with pytest.raises(DefectiveInput):
        henan().with_parameters({"henan-2021/no-excessive-control.factor": value})


def test_a_rule_without_a_limit_takes_none_and_says_what_it_takes() -> None:
    (defect,) = refused(book("kind: absence\nwhen: case.filed\n"), within="3d")
    assert defect.en.endswith("this rule has: severity")


@pytest.mark.parametrize("value", ["3wd", "1wd"])
def test_a_distance_cannot_be_set_in_working_days(value: str) -> None:
    assert refused(book(PROMPT), within=value)


def _absurd(rule: Rule) -> dict[str, str]:
    name, value = ("factor", "1000000") if rule.factor is not None else ("within", "90y")
    return {f"{rule.id}.{name}": value}


@pytest.mark.parametrize("name", TUNABLE)
def test_every_shipped_parameter_really_moves_the_rule(name: str) -> None:
    law = henan().with_parameters(_absurd(henan().rules[name]))
    _, failures = run_examples(law, [law.rules[name]])
    failed = {one.example for one in failures}
    assert {e.name for e in law.rules[name].examples if e.verdict == Verdict.VIOLATED.value} & failed


def test_a_factor_beyond_all_amounts_does_not_fit() -> None:
    with pytest.raises(DefectiveInput, match="does not fit"):
        henan().with_parameters({"henan-2021/no-excessive-control.factor": "1e999999"})
