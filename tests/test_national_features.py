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
        monitor.take(event)
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


@pytest.mark.parametrize(
    ("case", "verdicts"),
    [("（2022）豫0225执1号", ["violated"]), ("（2022）苏0102执1号", []), ("no case number", ["inconclusive"])],
)
@pytest.mark.parametrize("spelling", ["豫", "河南", "河南省"])
def test_a_rule_may_be_about_the_courts_of_a_province(case: str, verdicts: list[str], spelling: str) -> None:
    rule = f"kind: condition\nwhen: {{event: case.filed, where: {{case.province: {spelling}}}}}\nrequire: {{claim: {{at_most: 5}}}}\n"
    assert [j.verdict.value for j in judge(rule, of("case.filed", "2022-03-01", case=case, claim=9))] == verdicts
