"""What national law asks of the rule language beyond the Henan pack: each feature by its smallest rule."""

from __future__ import annotations

from typing import Any

import pytest

from execcheck.defects import DefectiveInput
from execcheck.lawbook import load_law
from execcheck.monitor import Monitor
from execcheck.policy import Rule
from ruling import book, events, judge, read, verdicts
from ruling import law as shipped

OTHER_PROVINCE = "（2021）苏0102执1号"


def sealed(time: str = "2022-03-01", asset: str = "A1", **more: Any) -> dict[str, Any]:
    return {
        "time": time, "type": "asset.controlled", "asset": asset, "measure": "seal", "kind": "vehicle", **more,
    }  # fmt: skip


def of(kind: str, time: str, /, **more: Any) -> dict[str, Any]:
    return {"time": time, "type": kind, **more}


# --- response -----------------------------------------------------------------------------------------------

FILED = "kind: response\nwhen: case.applied\nthen: case.filed\nwithin: 7d\nrestarted_by: application.supplemented\n"


def test_a_period_counts_anew_from_the_latest_supplement_before_the_act() -> None:
    start = of("case.applied", "2022-03-01")
    first, second = of("application.supplemented", "2022-03-05"), of("application.supplemented", "2022-03-10")
    assert verdicts(FILED, start, of("case.filed", "2022-03-09")) == ["violated"]
    (found,) = judge(FILED, start, first, second, of("case.filed", "2022-03-17"))
    assert (found.verdict, str(found.due)) == ("satisfied", "2022-03-17")
    (late,) = judge(FILED, start, first, of("case.filed", "2022-03-15"), of("application.supplemented", "2022-03-16"))
    assert (late.verdict, str(late.due)) == ("violated", "2022-03-14")  # the 12th is a Saturday


RENEWED = (
    "kind: response\nper: asset\nwhen: asset.renewal_requested\nthen: asset.control_renewed\n"
    "due_on: asset.controlled|asset.control_renewed.expires\n"
)


def test_a_due_day_may_be_the_one_that_an_earlier_event_of_either_type_has_set() -> None:
    seal, asked = sealed(expires="2022-06-30"), of("asset.renewal_requested", "2022-06-01", asset="A1")
    renewed = of("asset.control_renewed", "2022-06-30", asset="A1", expires="2023-06-30")
    assert verdicts(RENEWED, seal, asked, renewed) == ["satisfied"]
    again = of("asset.renewal_requested", "2023-06-01", asset="A1")
    (_, second) = sorted(judge(RENEWED, seal, asked, renewed, again, as_of="2023-07-01"), key=lambda j: j.trigger.day)
    assert (second.verdict, str(second.due)) == ("violated", "2023-06-30")


def test_a_day_that_has_passed_when_the_duty_would_arise_leaves_it_open() -> None:
    asked = of("asset.renewal_requested", "2022-07-01", asset="A1")
    (found,) = judge(RENEWED, sealed(expires="2022-06-30"), asked)
    assert (found.verdict, found.missing) == ("inconclusive", ("asset.controlled|asset.control_renewed.expires",))
    assert "“" in found.message.zh


REVIEW = (
    "kind: response\nwhen: review.accepted\nthen: review.decided\nwithin: 7wd\n"
    "extended_by: {event: review.heard, within: 30d, even_late: true}\n"
)


@pytest.mark.parametrize(
    ("heard", "decided", "verdict"),
    [
        (None, "2022-03-10", "satisfied"),
        (None, "2022-03-11", "violated"),
        ("2022-03-05", "2022-03-31", "satisfied"),
        ("2022-03-14", "2022-03-31", "satisfied"),  # heard after the first due day, but before the decision
        ("2022-03-14", "2022-04-01", "violated"),
        ("2022-03-15", "2022-03-14", "violated"),  # heard only after the decision
    ],
)
def test_a_longer_period_may_open_whenever_it_came_before_the_act(
    heard: str | None, decided: str, verdict: str
) -> None:
    log = [of("review.accepted", "2022-03-01"), of("review.decided", decided, result="grant")]
    assert verdicts(REVIEW, *log, *([of("review.heard", heard)] if heard else [])) == [verdict]


# --- precedence ---------------------------------------------------------------------------------------------

TOLD = (
    "kind: precedence\nper: asset\nwhen: auction.announced\nneeds: [{event: auction.notified, at_least: 3d}, "
    "{event: auction.notified, where: {waived: true}}]\n"
)


def test_each_alternative_of_a_precedence_may_ask_for_its_own_distance() -> None:
    announced = of("auction.announced", "2022-03-04", asset="A1", mode="online")
    for told, waived, verdict in (("01", False, "satisfied"), ("02", False, "violated"), ("04", True, "satisfied")):
        notice = of("auction.notified", f"2022-03-{told}", asset="A1", waived=waived)
        assert verdicts(TOLD, notice, announced) == [verdict]


# --- conditions ---------------------------------------------------------------------------------------------

TERM = (
    "kind: condition\nper: asset\nwhen: asset.control_renewed\nwithin: 2y\nrequire: {expires: {at_most: "
    "{field: asset.controlled|asset.control_renewed.expires, plus: within}}}\n"
)


def test_a_path_may_read_the_latest_earlier_event_of_several_types() -> None:
    seal = sealed("2020-03-02", expires="2022-03-01")
    renewals = [
        of("asset.control_renewed", "2022-02-01", asset="A1", expires="2024-03-01"),
        of("asset.control_renewed", "2024-02-01", asset="A1", expires="2026-03-02"),
    ]
    assert sorted(verdicts(TERM, seal, *renewals)) == ["satisfied", "violated"]


def test_limits_in_conditions_change_with_the_law() -> None:
    dated = TERM.replace("within: 2y", "in_force: {from: 2000-01-01}\nwithin: {2000-01-01: 1y, 2023-01-01: 2y}")
    seal = sealed("2020-03-02", expires="2022-03-01")
    long = of("asset.control_renewed", "2022-02-01", asset="A1", expires="2024-03-01")
    assert verdicts(dated, seal, long) == ["violated"]
    again = of("asset.control_renewed", "2024-02-01", asset="A1", expires="2026-03-01")
    assert sorted(verdicts(dated, seal, long, again)) == ["satisfied", "violated"]


def test_what_the_filing_says_is_read_in_every_case_and_its_default_where_there_is_none() -> None:
    rule = "kind: response\nwhen: {event: notice.issued, where: {case.subject: money}}\nthen: property_report.ordered\nwithin: 0d\n"
    notice = of("notice.issued", "2022-03-02")
    assert verdicts(rule, of("case.filed", "2022-03-01", subject="conduct"), notice) == []
    assert verdicts(rule, of("case.filed", "2022-03-01", subject="money"), notice) == ["pending"]
    assert verdicts(rule, notice) == ["pending"]


@pytest.mark.parametrize(
    ("case", "province", "count"),
    [
        ("（2021）豫0225执1号", "河南", 0), ("（2021）豫0225执1号", "河南省", 0), ("（2021）豫0225执1号", "河南省郑州市", 0),
        ("（2021）豫0225执1号", "湖北", 1),
        (OTHER_PROVINCE, "河南", 1), (OTHER_PROVINCE, "江苏省", 0), ("案件甲", "河南", 1),
    ],
)  # fmt: skip
def test_the_province_of_the_court_is_told_by_the_case_number(case: str, province: str, count: int) -> None:
    rule = (
        "kind: authority\nwhen: {event: remote.acted, where: {province: {not: {field: case.province}}}}\n"
        "require: {approvals: [provincial_court]}\n"
    )
    acted = of("remote.acted", "2022-03-01", case=case, action="query", province=province, entrustment="E1")
    assert len(verdicts(rule, acted)) == count


SOON = "kind: absence\nper: asset\nwhen: {event: auction.announced, where: {during: third_party_objection}}\n"


def test_during_a_span_is_certain_in_its_beginning_and_ends_with_doubt() -> None:
    def found(filed: str, announced: str, decided: str | None, asset: str = "A1") -> list[str]:
        log = [of("objection.filed", filed, objection="O1", asset=asset, kind="third_party")]
        if decided:
            log.append(of("objection.decided", decided, objection="O1"))
        return verdicts(SOON, *log, of("auction.announced", announced, asset="A1", mode="online"))

    assert found("2022-03-01", "2022-03-02", None) == ["violated"]
    assert found("2022-03-02", "2022-03-02", None) == []
    assert found("2022-03-01", "2022-03-10", "2022-03-10") == []
    assert found("2022-03-01", "2022-03-09", "2022-03-10") == ["violated"]
    assert found("2022-03-01", "2022-03-02", None, asset="A2") == []


KIND = "kind: condition\nper: asset\nwhen: {event: auction.announced, where: {asset.controlled.kind: {is: vehicle%s}}}\nrequire: {deposit: {present: true}}\n"


def test_a_path_through_an_event_that_never_came_is_false_or_open_as_the_rule_says() -> None:
    announced = of("auction.announced", "2022-03-04", asset="A1", mode="online", deposit=1)
    assert verdicts(KIND % "", announced) == []
    assert verdicts(KIND % ", if_no_event: open", announced) == ["inconclusive"]
    assert verdicts(KIND % ", if_no_event: open", sealed(), announced) == ["satisfied"]


def test_a_period_may_be_taken_off_a_day() -> None:
    rule = (
        "kind: condition\nper: asset\nwhen: appraisal.extension_requested\nrequire: {time: {at_most: "
        "{field: asset.controlled.expires, minus: 5d}}}\n"
    )
    for day, verdict in (("2022-06-25", "satisfied"), ("2022-06-26", "violated")):
        asked = of("appraisal.extension_requested", day, asset="A1")
        assert verdicts(rule, sealed(expires="2022-06-30"), asked) == [verdict]


# --- due days of other rules --------------------------------------------------------------------------------

CLOSED = (
    "kind: response\nwhen: case.filed\nthen: case.closed\nwithin: 6mo\nstops: [suspension]\n"
    "extended_by: extension.granted\n"
)
LONG = (
    "kind: condition\nwhen: {event: extension.granted, where: {extension.granted.until: {present: false}}}\nwithin: 3mo\n"
    "require: {until: {at_most: {due_of: [rule0], plus: within}}}\n"
)


def extended(*log: dict[str, Any]) -> list[tuple[str, tuple[str, ...]]]:
    law = book(CLOSED, LONG).selected(["trial/rule1"])
    monitor = Monitor(law, keep_satisfied=True)
    for event in events(*log):
        monitor.observe(event)
    return [(str(j.verdict), j.missing) for j in monitor.judgements()]


def test_a_condition_may_ask_for_the_day_that_another_rule_had_set() -> None:
    filed = of("case.filed", "2022-03-01")  # due on 1 September 2022
    assert extended(filed, of("extension.granted", "2022-08-20", until="2022-12-01")) == [("satisfied", ())]
    assert extended(filed, of("extension.granted", "2022-08-20", until="2022-12-02")) == [("violated", ())]


def test_it_is_the_day_as_it_stood_before_the_event() -> None:
    filed, first = of("case.filed", "2022-03-01"), of("extension.granted", "2022-08-20", until="2022-12-01")
    later = of("extension.granted", "2022-11-20", until="2023-12-01")
    assert extended(filed, first, later) == [("satisfied", ())]  # only the first extension is judged
    # Ten days of suspension lead to 11 September, in the Mid-Autumn holiday: due on the 13th.
    stop = [of("suspension.ordered", "2022-04-01"), of("suspension.ended", "2022-04-11")]
    assert extended(filed, *stop, of("extension.granted", "2022-08-20", until="2022-12-14")) == [("violated", ())]
    assert extended(filed, *stop, of("extension.granted", "2022-08-20", until="2022-12-13")) == [("satisfied", ())]


def test_where_no_such_duty_ran_the_log_does_not_say() -> None:
    ((verdict, missing),) = extended(of("extension.granted", "2022-08-20", until="2022-12-01"))
    assert (verdict, missing) == ("inconclusive", ("trial/rule0",))


def test_a_due_day_can_only_be_asked_of_a_response_with_a_period(tmp_path: Any) -> None:
    pack = tmp_path / "trial"
    pack.mkdir()
    (pack / "pack.yaml").write_text(
        "document: trial\ntitle: {zh: 试, en: trial}\nwording: {zh: 不符合, en: not in line with}\n", "utf-8"
    )
    head = "title: {zh: 试, en: trial}\nseverity: error\ncategory: passive\narticle: '1'\nexamples: {a: {satisfied: []}, b: {violated: []}}\n"
    (pack / "one.yaml").write_text(head + LONG.replace("rule0", "nothing"), "utf-8")
    with pytest.raises(DefectiveInput) as caught:
        load_law([str(pack)])
    assert "trial/nothing" in caught.value.defects[0].text("en")


# --- people, severities, sources ----------------------------------------------------------------------------

URGENT = (
    "kind: authority\nwhen: coercion.imposed\nrequire: {any: [{approvals: [president]}, "
    "{urgent: true, approvals: [{role: president, by: 1wd}]}]}\n"
)


def fined(urgent: bool, approved: str | None = None) -> dict[str, Any]:
    approvals = [{"id": "p1", "role": "president", "time": approved}] if approved else []
    return of("coercion.imposed", "2022-03-04", measure="detention", urgent=urgent, approvals=approvals)


@pytest.mark.parametrize(
    ("urgent", "approved", "verdict"),
    [
        (False, "2022-03-04", "satisfied"), (False, "2022-03-07", "violated"), (True, "2022-03-07", "satisfied"),
        (True, "2022-03-08", "violated"),
    ],
)  # fmt: skip
def test_an_urgent_act_may_be_approved_by_the_next_working_day(urgent: bool, approved: str, verdict: str) -> None:
    assert verdicts(URGENT, fined(urgent, approved), as_of="2022-03-31") == [verdict]  # the 4th is a Friday


def test_until_then_the_approval_may_still_come() -> None:
    assert verdicts(URGENT, fined(True), as_of="2022-03-07") == ["pending"]
    assert verdicts(URGENT, fined(True), as_of="2022-03-08") == ["violated"]
    assert verdicts(URGENT, fined(False), as_of="2022-03-04") == ["violated"]


def test_a_breach_may_weigh_less_in_some_cases() -> None:
    rule = (
        "kind: interval\nwhen: termination.ruled\nafter: case.filed\nwithin: 3mo\nstrictly: true\n"
        "milder: {severity: warning, where: {any: [{case.type: 执恢}, {case.restored.time: {present: true}}]}}\n"
    )
    filed, ruled = of("case.filed", "2022-03-01", case_type="执"), of("termination.ruled", "2022-06-01")
    (found,) = judge(rule, filed, ruled)
    assert (found.verdict, found.severity) == ("violated", "error")
    (found,) = judge(rule, filed, of("case.restored", "2022-04-01", handler="h2"), ruled)
    assert (found.verdict, found.severity) == ("violated", "warning")
    assert verdicts(rule, filed, of("termination.ruled", "2022-06-02")) == ["satisfied"]


def test_what_is_known_at_second_hand_cannot_be_an_error() -> None:
    _, defects = read("kind: condition\nwhen: notice.issued\nrequire: {source: system}\nconfidence: second_hand\n")
    assert ["make it a warning" in defect.text("en") for defect in defects] == [True]


def test_a_document_that_the_pack_does_not_name_cannot_be_cited() -> None:
    _, defects = read(
        "kind: condition\nwhen: notice.issued\nrequire: {source: system}\n"
        "also_cites: [{document: somewhere, article: '3'}]\n"
    )
    assert ["somewhere" in defect.text("en") for defect in defects] == [True]


def test_rules_carry_version_and_confidence_of_their_pack() -> None:
    rule, _ = read("kind: condition\nwhen: notice.issued\nrequire: {source: system}\n")
    assert isinstance(rule, Rule) and (rule.confidence, rule.version.zh) == ("", "")
    assert all(rule.confidence for rule in shipped().rules.values())


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


def test_the_explanation_says_why_a_period_is_longer_or_counts_anew() -> None:
    (longer,) = judge(REVIEW, of("review.accepted", "2022-03-01"), of("review.heard", "2022-03-05"), as_of="2022-04-01")
    assert longer.due_explained is not None
    assert "因有非诉审查听取意见，按较长的期限计算" in longer.due_explained.zh
    assert "The longer period holds because of" in longer.due_explained.en
    start, again = of("case.applied", "2022-03-01"), of("application.supplemented", "2022-03-05")
    (anew,) = judge(FILED, start, again, as_of="2022-03-31")
    assert anew.due_explained is not None and "自其后的申请材料补齐起算" in anew.due_explained.zh
    (plain,) = judge(FILED, start, as_of="2022-03-31")
    assert plain.due_explained is not None and "起算" not in plain.due_explained.zh.replace("不计入", "")


def test_where_hours_decide_the_message_shows_them() -> None:
    rule = "kind: response\nwhen: coercion.imposed\nthen: detention.family_notified\nwithin: 24h\n"
    held = of("coercion.imposed", "2022-03-04T10:00:00+08:00", measure="detention")
    (late,) = judge(rule, held, of("detention.family_notified", "2022-03-05T10:01:00+08:00"))
    assert late.verdict == "violated"
    assert "（2022-03-04 10:00）" in late.message.zh and "（2022-03-05 10:01）" in late.message.zh


def test_a_doubt_about_another_event_is_not_laid_at_the_judged_one() -> None:
    rule = "kind: response\nper: objection\nwhen: objection.filed\nthen: objection.decided\nwithin: 15d\n"
    filed, decided = of("objection.filed", "2022-03-01", objection="O1"), of("objection.decided", "2022-03-05")
    (found,) = judge(rule, filed, decided, as_of="2022-06-01")
    assert found.missing == ("objects.objection",)
    assert "另一相关事件所涉异议" in found.message.zh and "in another event" in found.message.en
    (own,) = judge(rule, {k: v for k, v in filed.items() if k != "objection"}, as_of="2022-06-01")
    assert "另一" not in own.message.zh
