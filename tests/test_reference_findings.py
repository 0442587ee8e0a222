"""What the slow reference evaluator found in the engine: the smallest log of each difference, and what is right."""

from __future__ import annotations

from typing import Any

import pytest

from execcheck.monitor import Monitor
from ruling import book, events, judge, verdicts

JUDGES = [{"id": "j1", "quota_judge": True}, {"id": "j2", "quota_judge": True}]


def on(day: str, event: str, **rest: Any) -> dict[str, Any]:
    return {"time": day, "type": event, **rest}


# --- the doubt goes to compliance -------------------------------------------------------------------

AFTER = """
kind: precedence
per: asset
when: auction.announced
needs: auction.notified
after: auction.withdrawn
"""


def test_an_event_after_which_alone_the_earlier_one_counts_must_certainly_have_come() -> None:
    told = on("2022-03-01", "auction.notified", asset="A1")
    stayed = on("2022-03-04", "auction.withdrawn", asset="A1")
    announced = on("2022-03-04", "auction.announced", asset="A1", mode="online")
    assert verdicts(AFTER, told, stayed, announced) == ["satisfied"]
    assert verdicts(AFTER, told, {**stayed, "time": "2022-03-03"}, announced) == ["violated"]


def test_of_several_such_events_of_one_day_the_last_counts() -> None:
    told = on("2022-03-03T09:00:00+08:00", "auction.notified", asset="A1")
    stayed = [on(f"2022-03-03T{hour}:00:00+08:00", "auction.withdrawn", asset="A1") for hour in ("08", "10")]
    announced = on("2022-03-04", "auction.announced", asset="A1", mode="online")
    assert verdicts(AFTER, told, stayed[0], announced) == ["satisfied"]
    assert verdicts(AFTER, told, *stayed, announced) == ["violated"]


def test_a_stop_of_which_the_log_does_not_tell_leaves_open_whether_a_late_act_was_late() -> None:
    rule = "kind: response\nper: asset\nwhen: asset.found\nthen: asset.controlled\nwithin: 5d\nstops: third_party_objection"
    log = [
        on("2021-11-01", "asset.found", asset="A1"),
        on("2021-11-03", "objection.filed", objection="O1", asset="A1"),  # of a third party?
        on("2021-11-10", "objection.decided", objection="O1"),
        on("2021-11-11", "asset.controlled", asset="A1", measure="seal", kind="movable"),
    ]
    assert verdicts(rule, *log, as_of="2021-12-30") == ["inconclusive"]
    assert verdicts(rule, *log[:3], as_of="2021-12-30") == ["violated"], "also the later due day has passed"


def test_a_closing_that_names_no_object_says_nothing_about_what_was_before_it() -> None:
    rule = (
        "kind: aggregate\nwhen: asset.controlled\ntotal: {sum: value, span: first_rank_control}\nat_most: 500\nleast: 2"
    )
    one = on("2021-11-01", "asset.controlled", asset="A1", measure="seal", kind="movable", value=400)
    two = on("2021-11-02", "asset.controlled", asset="A2", measure="seal", kind="movable", value=400)
    released = on("2021-12-01", "asset.released")
    assert verdicts(rule, one, released) == [], "one is not two, whatever was released later"
    assert verdicts(rule, one, two, released) == ["violated"]
    assert verdicts(rule, one, {**two, "time": "2021-12-02"}, released) == ["violated"]


# --- what counts, and how often -----------------------------------------------------------------------


def test_a_duty_starts_anew_only_until_the_first_act_whatever_its_type() -> None:
    rule = "kind: response\nwhen: case.applied\nthen: [case.filed, case.rejected]\nwithin: 7d\nrestarted_by: application.supplemented"
    log = [
        on("2021-11-01", "case.applied"), on("2021-12-01", "case.rejected"),
        on("2021-12-06", "application.supplemented"), on("2021-12-07", "case.filed"),
    ]  # fmt: skip
    (judgement,) = judge(rule, *log)
    assert (judgement.verdict, str(judgement.due)) == ("violated", "2021-11-08")
    assert judgement.event is not None and judgement.event.type == "case.rejected"


def test_what_the_duty_depends_on_may_have_come_before_it_also_where_the_due_day_is_missing() -> None:
    rule = "kind: response\nper: asset\nwhen: asset.controlled\nthen: asset.control_renewed\ndue_on: expires\nprovided: pricing.started"
    begun = on("2021-11-01", "pricing.started", asset="A1")
    controlled = on("2021-11-02", "asset.controlled", asset="A1", measure="seal", kind="movable")
    assert verdicts(rule, begun, controlled) == ["inconclusive"]
    assert verdicts(rule, controlled) == []


@pytest.mark.parametrize("over", ["[query.online, {event: query.online, where: {channel: national}}]", "query.online"])
def test_an_event_that_two_selectors_mean_counts_once(over: str) -> None:
    rule = f"kind: aggregate\nwhen: query.online\ntotal: {{count: true, over: {over}}}\nat_most: 1"
    assert verdicts(rule, on("2021-11-01", "query.online", channel="national")) == ["satisfied"]
    rule = f"kind: recurrence\nwhen: termination.ruled\nthen: {over}\nwithin: 5d\nfor: 6d"
    log = [on("2021-11-01", "termination.ruled"), on("2021-11-04", "query.online", channel="national")]
    assert verdicts(rule, *log, as_of="2021-12-30") == ["satisfied", "satisfied"]


def test_a_type_written_twice_is_written_once() -> None:
    rule = "kind: absence\nwhen: {event: [query.online, query.online]}"
    assert verdicts(rule, on("2021-11-01", "query.online", channel="local")) == ["violated"]


def test_one_payment_without_its_object_is_not_two() -> None:
    rule = """
kind: aggregate
per: payment
when: payment.notified
total: {sum: amount, over: {event: payment.received, where: {payment.escrowed.time: {at_least: 2021-01-01}}}}
at_most: 100
least: 2
"""
    log = [on("2021-11-01", "payment.received", amount=500), on("2021-11-02", "payment.notified", payment="M1")]
    assert verdicts(rule, *log) == []


def test_the_event_that_broke_the_rule_is_the_first_of_its_day() -> None:
    rule = "kind: response\nwhen: case.filed\nthen: [notice.served, notice.issued]\nwithin: 1d"
    log = [
        on("2021-11-01", "case.filed"), on("2021-11-10T09:00:00+08:00", "notice.issued"),
        on("2021-11-10T10:00:00+08:00", "notice.served"),
    ]  # fmt: skip
    (judgement,) = judge(rule, *log)
    assert judgement.event is not None and judgement.event.type == "notice.issued"


# --- what a field says --------------------------------------------------------------------------------


def test_what_only_a_default_says_is_not_given() -> None:
    rule = "kind: condition\nper: payment\nwhen: payment.received\nrequire: {identified: {present: true}}"
    received = on("2021-11-01", "payment.received", payment="M1", amount=100)
    assert verdicts(rule, received) == ["violated"]
    assert verdicts(rule, {**received, "identified": False}) == ["satisfied"]


def test_the_type_of_a_case_that_its_filing_does_not_tell_is_that_of_its_number() -> None:
    rule = "kind: condition\nwhen: case.filed\nrequire: {case_type: 执}"
    assert verdicts(rule, on("2021-11-01", "case.filed", case="（2021）豫0225执1号")) == ["satisfied"]
    assert verdicts(rule, on("2021-11-01", "case.filed", case="（2021）豫0225执恢1号")) == ["violated"]


def test_a_panel_of_one_without_an_id_is_one() -> None:
    rule = "kind: authority\nwhen: termination.ruled\nrequire: {panel: {least: 1, odd: true}}"
    ruled = on("2021-11-01", "termination.ruled")
    assert verdicts(rule, {**ruled, "panel": [{"quota_judge": True}]}) == ["satisfied"]
    assert verdicts(rule, {**ruled, "panel": [{"quota_judge": True}, *JUDGES]}) == ["inconclusive"], "two or three"


def test_the_due_day_of_a_duty_about_an_object_is_unknown_to_an_event_that_names_none() -> None:
    running = "kind: response\nper: asset\nwhen: asset.found\nthen: asset.controlled\nwithin: 5d"
    asking = "kind: condition\nper: asset\nwhen: auction.closed\nrequire: {time: {at_most: {due_of: rule0}}}"
    monitor = Monitor(book(running, asking))
    for event in events(on("2021-11-01", "asset.found"), on("2021-11-02", "auction.closed", outcome="sold")):
        monitor.take(event)
    found = {judgement.rule: judgement.verdict for judgement in monitor.judgements()}
    assert found == {"trial/rule0": "inconclusive", "trial/rule1": "inconclusive"}


# --- who ----------------------------------------------------------------------------------------------

ASSIGNED = on("2021-11-01", "case.assigned", handler="h1")


def test_what_excuses_a_person_excuses_also_where_the_other_is_the_holder_of_an_office() -> None:
    rule = "kind: separation\nwhen: objection.decided\nperson: actor\ndiffers_from: {office: handler}\nunless: {result: withdrawn}"
    decided = on("2021-12-01", "objection.decided", objection="O1", actor={"id": "h1"})
    assert verdicts(rule, ASSIGNED, {**decided, "result": "withdrawn"}) == ["satisfied"]
    assert verdicts(rule, ASSIGNED, {**decided, "result": "upheld"}) == ["violated"]
    assert verdicts(rule, ASSIGNED, decided) == ["inconclusive"]


def test_who_must_be_the_holder_of_an_office_at_an_event_and_is_not_breaks_the_rule() -> None:
    rule = "kind: separation\nwhen: case.closed\nperson: actor\nequals: {office: handler, at: termination.ruled}"
    log = [ASSIGNED, on("2021-11-10", "termination.ruled")]
    assert verdicts(rule, *log, on("2021-12-01", "case.closed", method="concluded", actor={"id": "h1"})) == [
        "satisfied"
    ]
    assert verdicts(rule, *log, on("2021-12-01", "case.closed", method="concluded", actor={"id": "h2"})) == ["violated"]
