"""The other kinds of rule (semantics, section 5)."""

from __future__ import annotations

from typing import Any

import pytest

from ruling import judge, verdicts

RULED = {"time": "2021-12-01", "type": "termination.ruled"}

# --- precedence -----------------------------------------------------------------------------------

INTERVIEW = "kind: precedence\nwhen: termination.ruled\nneeds: interview.held\n"


def test_precedence_needs_an_earlier_event_and_an_open_order_counts_as_earlier() -> None:
    held = {"type": "interview.held"}
    assert verdicts(INTERVIEW, RULED) == ["violated"]
    assert verdicts(INTERVIEW, RULED, {"time": "2021-12-02", **held}) == ["violated"]
    assert verdicts(INTERVIEW, RULED, {"time": "2021-12-01", **held}) == ["satisfied"]
    ruled = {**RULED, "time": "2021-12-01T10:00:00+08:00"}
    assert verdicts(INTERVIEW, ruled, {"time": "2021-12-01T11:00:00+08:00", **held}) == ["violated"]
    assert verdicts(INTERVIEW, ruled, {"time": "2021-12-01T10:00:00+08:00", **held}) == ["satisfied"]


def test_several_events_together_may_carry_the_values() -> None:
    rule = (
        "kind: precedence\nper: asset\nwhen: auction.announced\nneeds: asset.surveyed\n"
        "together: {field: aspects, values: [title, lease]}\n"
    )
    announced = {"time": "2021-12-01", "type": "auction.announced", "asset": "A1", "mode": "online"}

    def survey(*aspects: str) -> dict[str, Any]:
        return {"time": "2021-11-01", "type": "asset.surveyed", "asset": "A1", "aspects": list(aspects)}

    assert verdicts(rule, survey("title"), survey("lease", "tax"), announced) == ["satisfied"]
    assert verdicts(rule, survey("title"), announced) == ["violated"]
    bare = {"time": "2021-11-01", "type": "asset.surveyed", "asset": "A1"}
    assert verdicts(rule, survey("title"), bare, announced) == ["inconclusive"]


def test_precedence_may_ask_for_recent_events_a_distance_and_a_starting_event() -> None:
    queried = {"time": "2021-06-01", "type": "query.online", "channel": "national"}
    recent = "kind: precedence\nwhen: termination.ruled\nneeds: query.online\nwithin: 6mo\n"
    assert verdicts(recent, queried, RULED) == ["satisfied"]
    assert verdicts(recent, {**queried, "time": "2021-05-31"}, RULED) == ["violated"]
    distant = "kind: precedence\nwhen: termination.ruled\nneeds: query.online\nat_least: 3d\n"
    assert verdicts(distant, {**queried, "time": "2021-11-28"}, RULED) == ["satisfied"]
    assert verdicts(distant, {**queried, "time": "2021-11-29"}, RULED) == ["violated"]
    anew = "kind: precedence\nwhen: termination.ruled\nneeds: query.online\nafter: case.restored\nacross: family\n"
    restored = {"time": "2021-07-01", "type": "case.restored", "handler": "u2"}
    assert verdicts(anew, queried, restored, RULED) == ["violated"]
    assert verdicts(anew, restored, {**queried, "time": "2021-08-01"}, RULED) == ["satisfied"]


# --- absence --------------------------------------------------------------------------------------

DURING = (
    "kind: absence\nper: asset\nwhen: auction.announced\n"
    "between: {from: {event: objection.filed, where: {kind: third_party}}, to: [objection.decided]}\n"
)
FILED = {"time": "2021-11-01", "type": "objection.filed", "objection": "O1", "asset": "A1", "kind": "third_party"}


def test_absence_between_two_events() -> None:
    announced = {"time": "2021-11-10", "type": "auction.announced", "asset": "A1", "mode": "online"}
    assert verdicts(DURING, FILED, announced) == ["violated"]
    assert verdicts(DURING, FILED, {**announced, "asset": "A2"}) == []
    assert verdicts(DURING, FILED, {**announced, "time": "2021-11-01"}) == []  # the order of that day is open


def test_plain_absence_judges_every_event_of_the_kind() -> None:
    rule = "kind: absence\nwhen: {event: '*', where: {source: offline}}\n"
    offline = {"time": "2021-11-01", "type": "notice.issued", "source": "offline"}
    assert verdicts(rule, offline, {"time": "2021-11-02", "type": "notice.served"}) == ["violated"]


# --- condition ------------------------------------------------------------------------------------


def test_a_condition_compares_with_a_date_in_another_event() -> None:
    rule = (
        "kind: condition\nper: asset\nwhen: auction.announced\n"
        "require: {time: {at_most: {field: price.determined.valid_until}}}\n"
    )
    priced = {"time": "2021-11-01", "type": "price.determined", "asset": "A1", "valid_until": "2021-12-01"}
    announced = {"type": "auction.announced", "asset": "A1", "mode": "online"}
    assert verdicts(rule, priced, {"time": "2021-12-01", **announced}) == ["satisfied"]
    assert verdicts(rule, priced, {"time": "2021-12-02", **announced}) == ["violated"]
    assert verdicts(rule, {"time": "2021-12-02", **announced}) == ["inconclusive"]


def test_a_condition_compares_amounts_with_a_factor() -> None:
    rule = (
        "kind: condition\nper: asset\nwhen: auction.announced\n"
        "require: {start_price: {at_least: {field: price.determined.price, times: 0.7}}}\n"
    )
    priced = {"time": "2021-11-01", "type": "price.determined", "asset": "A1", "price": "1000.10"}
    announced = {"time": "2021-12-02", "type": "auction.announced", "asset": "A1", "mode": "online"}
    assert verdicts(rule, priced, {**announced, "start_price": "700.07"}) == ["satisfied"]
    assert verdicts(rule, priced, {**announced, "start_price": "700.06"}) == ["violated"]


def test_a_distance_between_days_never_rolls() -> None:
    rule = "kind: condition\nwhen: asset.controlled\nrequire: {expires: {at_most: {field: time, plus: 1y}}}\n"
    seal = {"time": "2021-10-02", "type": "asset.controlled", "asset": "A1", "measure": "seal", "kind": "deposit"}
    assert verdicts(rule, {**seal, "expires": "2022-10-02"}) == ["satisfied"]
    assert verdicts(rule, {**seal, "expires": "2022-10-03"}) == ["violated"]


def test_a_presence_test_is_violated_by_an_absent_or_empty_field() -> None:
    rule = "kind: condition\nwhen: case.assigned\nrequire: {reason: {present: true}}\n"
    assigned = {"time": "2021-11-01", "type": "case.assigned", "handler": "u1"}
    assert verdicts(rule, {**assigned, "reason": "x"}) == ["satisfied"]
    assert verdicts(rule, assigned) == ["violated"]
    assert verdicts(rule, {**assigned, "reason": ""}) == ["violated"]


# --- authority ------------------------------------------------------------------------------------

PANEL = "kind: authority\nwhen: auction.ruled\nrequire: {panel: {least: 3, odd: true, quota_judges: true}}\n"
RULING = {"time": "2021-11-01T10:00:00+08:00", "type": "auction.ruled", "asset": "A1"}


def bench(*ids: str, **last: Any) -> list[dict[str, Any]]:
    members: list[dict[str, Any]] = [{"id": name, "quota_judge": True} for name in ids]
    members[-1].update(last)
    return members


@pytest.mark.parametrize(
    ("panel", "verdict"),
    [
        (bench("a", "b", "c"), "satisfied"),
        (bench("a", "b", "c", "d"), "violated"),
        (bench("a", "b"), "violated"),
        (bench("a", "b", "b"), "violated"),
        (bench("a", "b", "c", quota_judge=False), "violated"),
        (bench("a", "b", "c", quota_judge=None), "inconclusive"),
        ([], "violated"),
    ],
)
def test_the_panel_has_three_distinct_members_odd_all_quota_judges(panel: list[dict[str, Any]], verdict: str) -> None:
    assert verdicts(PANEL, {**RULING, "panel": panel}) == [verdict]


APPROVED = "kind: authority\nwhen: auction.ruled\nrequire: {approvals: [bureau_head]}\n"


@pytest.mark.parametrize(
    ("approval", "verdict"),
    [
        ({"id": "b", "role": "bureau_head"}, "satisfied"),
        ({"role": "bureau_head"}, "satisfied"),
        ({"id": "b", "role": "president"}, "violated"),
        ({"id": "u1", "role": "bureau_head"}, "violated"),  # by the actor himself
        ({"id": "b", "role": "bureau_head", "time": "2021-11-01T10:00:00+08:00"}, "satisfied"),
        ({"id": "b", "role": "bureau_head", "time": "2021-11-01T10:00:01+08:00"}, "violated"),
        ({"id": "b", "role": "bureau_head", "time": "2021-11-01"}, "satisfied"),
        ({"id": "b", "role": "bureau_head", "time": "2021-11-02"}, "violated"),
    ],
)
def test_an_approval_comes_no_later_than_the_act_and_not_from_the_actor(approval: dict[str, Any], verdict: str) -> None:
    assert verdicts(APPROVED, {**RULING, "actor": {"id": "u1"}, "approvals": [approval]}) == [verdict]


def test_a_missing_department_is_inconclusive_unless_another_way_is_shown() -> None:
    rule = "kind: authority\nwhen: case.filed\nrequire: {any: [{actor.department: filing}, {actor.role: system}]}\n"
    filed = {"time": "2021-11-01", "type": "case.filed"}
    assert verdicts(rule, {**filed, "actor": {"id": "u1"}}) == ["inconclusive"]
    assert verdicts(rule, {**filed, "actor": {"role": "system"}}) == ["satisfied"]
    assert verdicts(rule, {**filed, "actor": {"department": "enforcement", "role": "handler"}}) == ["violated"]


# --- interval, recurrence, aggregate --------------------------------------------------------------

SOON = "kind: interval\nwhen: termination.ruled\nafter: case.filed\nwithin: 3mo\n"


@pytest.mark.parametrize(
    ("strictly", "day", "verdict"),
    [("", "2022-02-28", "satisfied"), ("", "2022-02-27", "violated"),
     ("strictly: true\n", "2022-02-28", "violated"), ("strictly: true\n", "2022-03-01", "satisfied")],
)  # fmt: skip
def test_an_interval_compares_with_the_corresponding_day(strictly: str, day: str, verdict: str) -> None:
    log = [{"time": "2021-11-30", "type": "case.filed"}, {"time": day, "type": "termination.ruled"}]
    assert verdicts(SOON + strictly, *log) == [verdict]


RECUR = "kind: recurrence\nwhen: termination.ruled\nthen: query.online\nwithin: 6mo\nuntil: case.restored\nfor: 5y\n"


def test_recurrence_gives_one_judgement_for_each_gap() -> None:
    query = {"type": "query.online", "channel": "national"}
    log = [RULED, {"time": "2022-05-30", **query}, {"time": "2023-03-01", **query}]
    found = judge(RECUR, *log, as_of="2023-04-01")
    assert [(j.verdict.value, str(j.due)) for j in found] == [
        ("satisfied", "2022-06-01"), ("violated", "2022-11-30"), ("pending", "2023-09-01"),
    ]  # fmt: skip
    assert len({j.fingerprint for j in found}) == 3


def test_recurrence_ends_with_the_closing_event() -> None:
    ended = {"time": "2022-03-01", "type": "case.restored", "handler": "u2"}
    assert verdicts(RECUR, RULED, ended, as_of="2026-01-01") == ["satisfied"]


PAID = (
    "kind: aggregate\nwhen: payment.disbursed\nacross: family\ntotal: {sum: amount, over: payment.disbursed}\n"
    "at_most: {sum: amount, over: payment.received}\n"
)


def pay(time: str, kind: str, amount: str) -> dict[str, Any]:
    return {"time": time, "type": f"payment.{kind}", "payment": "P1", "amount": amount}


def test_a_running_total_is_compared_after_each_event() -> None:
    log = [
        pay("2021-11-01", "received", "100"),
        pay("2021-11-02", "disbursed", "60"),
        pay("2021-11-03", "disbursed", "41"),
    ]
    assert verdicts(PAID, *log) == ["satisfied", "violated"]
    assert verdicts(PAID, *log, pay("2021-11-03", "received", "1")) == ["satisfied", "satisfied"]


def test_of_two_payments_of_one_day_only_the_one_that_crosses_the_bound_is_a_breach() -> None:
    log = [
        pay("2021-11-01", "received", "100"),
        pay("2021-11-02", "disbursed", "60"),
        pay("2021-11-02", "disbursed", "60"),
    ]
    assert sorted(verdicts(PAID, *log)) == ["satisfied", "violated"]


def test_a_count_can_bound_how_often_something_happens() -> None:
    rule = "kind: aggregate\nwhen: extension.granted\ntotal: {count: true, over: extension.granted}\nat_most: 1\n"
    log = [{"time": f"2021-11-0{n}", "type": "extension.granted", "until": "2022-06-01"} for n in (1, 2)]
    assert verdicts(rule, *log) == ["satisfied", "violated"]
