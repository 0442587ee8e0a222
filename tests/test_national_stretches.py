"""Totals with changing bounds, stretches that events of the case end, days in force, limits known from the start."""

from __future__ import annotations

import pytest

from ruling import judge, read, verdicts
from test_national_features import RENEWED, SOON, of, sealed

# --- totals -------------------------------------------------------------------------------------------------

SUM = (
    "kind: aggregate\nacross: family\nwhen: [payment.disbursed, claim.changed]\ntotal: {sum: amount, over: payment.disbursed}\n"
    "at_most: {latest: [[claim.changed, case.filed], case.applied], field: claim}\n"
)


def test_the_bound_is_the_latest_of_a_group_and_else_the_next_one() -> None:
    applied, filed = of("case.applied", "2022-03-01", claim=50), of("case.filed", "2022-03-02", claim=100)
    paid = of("payment.disbursed", "2022-03-10", payment="M1", amount=100)
    assert verdicts(SUM, applied, filed, paid) == ["satisfied"]
    assert verdicts(SUM, applied, paid) == ["violated"]
    assert verdicts(SUM, filed, of("claim.changed", "2022-03-05", claim=99), paid)[-1] == "violated"
    assert verdicts(SUM, filed, paid, of("claim.changed", "2022-03-15", claim=99)) == ["satisfied", "violated"]


def test_days_are_compared_with_dates_that_the_rule_gives() -> None:
    rule = "kind: condition\nper: objection\nwhen: objection.decided\nrequire: {time: {at_least: 2022-03-01}, objection.filed.time: {at_most: 2022-02-28}}\n"
    filed, decided = (
        of("objection.filed", "2022-02-28", objection="O1"),
        of("objection.decided", "2022-03-01", objection="O1"),
    )
    assert verdicts(rule, filed, decided) == ["satisfied"]
    assert verdicts(rule, {**filed, "time": "2022-03-01"}, decided) == ["violated"]
    assert verdicts(rule, filed, {**decided, "time": "2022-02-28"}) == ["violated"]
    assert verdicts(rule, {**filed, "time": "2022-02"}, {**decided, "time": "2022-03"}) == ["satisfied"]
    assert verdicts(rule, filed, {**decided, "time": "2022-02"}) == ["violated"]


def test_what_must_come_after_the_latest_of_the_judged_kind_is_not_held_against_itself() -> None:
    rule = (
        "kind: precedence\nper: asset\nwhen: appraisal.extended\nneeds: appraisal.extension_requested\n"
        "after: appraisal.extended\n"
    )
    asked = of("appraisal.extension_requested", "2022-03-26", asset="A1")
    first = of("appraisal.extended", "2022-03-28", asset="A1", until="2022-04-15")
    second = of("appraisal.extended", "2022-04-14", asset="A1", until="2022-04-30")
    assert verdicts(rule, asked, first) == ["satisfied"]
    assert sorted(verdicts(rule, asked, first, second)) == ["satisfied", "violated"]


def test_an_event_that_is_about_no_such_object_ends_a_stretch_for_all_of_them() -> None:
    rule = (
        "kind: absence\nper: asset\nwhen: auction.announced\n"
        "between: {from: asset.release_due, to: [suspension.ended]}\n"
    )
    due, ended = of("asset.release_due", "2022-03-01", asset="A1"), of("suspension.ended", "2022-03-03")
    announced = of("auction.announced", "2022-03-04", asset="A1", mode="online")
    assert verdicts(rule, due, announced) == ["violated"]
    assert verdicts(rule, due, ended, announced) == []


def test_an_end_that_does_not_name_its_object_leaves_a_breach_open() -> None:
    rule = (
        "kind: absence\nper: asset\nwhen: auction.announced\nbetween: {from: asset.release_due, to: asset.released}\n"
    )
    due, announced = (
        of("asset.release_due", "2022-03-01", asset="A1"),
        of("auction.announced", "2022-03-04", asset="A1", mode="online"),
    )
    (found,) = judge(rule, due, of("asset.released", "2022-03-02"), announced)
    assert (found.verdict, found.missing) == ("inconclusive", ("objects.asset",))
    assert verdicts(rule, due, of("asset.released", "2022-03-02", asset="A2"), announced) == ["violated"]


def test_a_path_through_an_event_of_the_case_is_read_for_every_object() -> None:
    rule = "kind: absence\nper: asset\nwhen: {event: auction.announced, where: {suspension.ended.time: {present: false}}}\n"
    announced = of("auction.announced", "2022-03-04", asset="A1", mode="online")
    assert verdicts(rule, announced) == ["violated"]
    assert verdicts(rule, of("suspension.ended", "2022-03-03"), announced) == []


@pytest.mark.parametrize("where", ["within: {2022-01-01: 7d}\n", ""])
def test_a_limit_unknown_on_the_first_day_in_force_is_the_authors_mistake(where: str) -> None:
    when = "when: case.filed\n" if where else "when: {event: case.filed, within: {2022-01-01: 7d}}\n"
    _, defects = read(f"kind: response\n{when}then: case.closed\n{where}in_force: {{from: 2021-12-31}}\n")
    assert [defect.text("en") for defect in defects if "first day in force" in defect.text("en")]
    rule, _ = read(f"kind: response\n{when}then: case.closed\n{where}in_force: {{from: 2022-01-01}}\n")
    assert rule is not None


def test_the_day_in_force_is_that_of_an_event_that_certainly_came_before() -> None:
    seal, asked = sealed(expires="2022-06-30"), of("asset.renewal_requested", "2022-07-01", asset="A1")
    renewed = of("asset.control_renewed", "2022-07-01", asset="A1", expires="2023-06-30")
    assert verdicts(RENEWED, seal, asked, renewed) == ["inconclusive"]
    (found,) = judge(RENEWED, seal, {**asked, "time": "2022-06-30"}, {**renewed, "time": "2022-06-30"})
    assert (found.verdict, str(found.due)) == ("satisfied", "2022-06-30")


def test_an_event_that_names_no_asset_may_fall_into_a_span_about_any() -> None:
    filed = of("objection.filed", "2022-03-01", objection="O1", asset="A1", kind="third_party")
    (found,) = judge(SOON, filed, of("auction.announced", "2022-03-05", mode="online"))
    assert (found.verdict, found.missing) == ("inconclusive", ("objects.asset",))
    assert verdicts(SOON, of("auction.announced", "2022-03-05", mode="online")) == []


def test_a_milder_case_is_seen_in_the_whole_family() -> None:
    rule = (
        "kind: interval\nwhen: termination.ruled\nafter: case.filed\nwithin: 3mo\n"
        "milder: {severity: warning, where: {case.restored.time: {present: true}}}\n"
    )
    again = "（2022）豫0225执50号"
    log = [
        of("case.restored", "2022-02-05", handler="h2", new_case=again),
        of("case.filed", "2022-02-06", case=again, original_case="（2021）豫0225执1号"),
        of("termination.ruled", "2022-03-05", case=again),
    ]
    (found,) = judge(rule, *log)
    assert (found.verdict, found.severity) == ("violated", "warning")
