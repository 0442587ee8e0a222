"""``response``: what counts, by when, and what moves the day (semantics, sections 2, 4 and 5)."""

from __future__ import annotations

from typing import Any

import pytest

from ruling import judge, verdicts

PRICE = "kind: response\nper: asset\nwhen: asset.controlled\nthen: price.determined\nwithin: 30d\n"
SEAL: dict[str, Any] = {"type": "asset.controlled", "asset": "A1", "measure": "seal", "kind": "real_estate"}
PRICED: dict[str, Any] = {"type": "price.determined", "asset": "A1"}


def at(time: str, event: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"time": time, **event, **more}


def test_the_last_day_still_counts_and_the_next_is_late() -> None:
    assert verdicts(PRICE, at("2021-11-01", SEAL), at("2021-12-01", PRICED)) == ["satisfied"]
    [late] = judge(PRICE, at("2021-11-01", SEAL), at("2021-12-02", PRICED))
    assert (late.verdict.value, late.days_late, str(late.due)) == ("violated", 1, "2021-12-01")
    assert late.event is not None and late.event.id == "e2"


def test_what_never_came_is_pending_until_the_day_after_the_due_day() -> None:
    assert verdicts(PRICE, at("2021-11-01", SEAL), as_of="2021-12-01") == ["pending"]
    [missing] = judge(PRICE, at("2021-11-01", SEAL), as_of="2021-12-02")
    assert missing.verdict.value == "violated" and missing.event is None


def test_an_event_on_another_object_does_not_meet_the_duty() -> None:
    assert verdicts(PRICE, at("2021-11-01", SEAL), at("2021-11-02", PRICED, asset="A2"), as_of="2022-01-01") == [
        "violated"
    ]


def test_an_event_without_its_object_leaves_the_question_open_only_if_it_was_in_time() -> None:
    nameless = {"type": "price.determined"}
    assert verdicts(PRICE, at("2021-11-01", SEAL), at("2021-11-02", nameless), as_of="2022-01-01") == ["inconclusive"]
    assert verdicts(PRICE, at("2021-11-01", SEAL), at("2021-12-20", nameless), as_of="2022-01-01") == ["violated"]


def test_a_trigger_without_the_object_is_inconclusive_and_says_so() -> None:
    [found] = judge(PRICE, {"time": "2021-11-01", "type": "asset.controlled", "measure": "seal", "kind": "vehicle"})
    assert found.verdict.value == "inconclusive" and found.missing == ("objects.asset",)


def test_one_event_can_serve_several_triggers() -> None:
    log = [at("2021-11-01", SEAL), at("2021-11-05", SEAL), at("2021-11-20", PRICED)]
    assert verdicts(PRICE, *log) == ["satisfied", "satisfied"]


def test_an_event_earlier_on_the_same_day_does_not_follow_but_one_without_a_time_may() -> None:
    morning, noon = "2021-11-01T09:00:00+08:00", "2021-11-01T12:00:00+08:00"
    assert verdicts(PRICE, at(noon, SEAL), at(morning, PRICED), as_of="2022-01-01") == ["violated"]
    assert verdicts(PRICE, at(noon, SEAL), at("2021-11-01", PRICED), as_of="2022-01-01") == ["satisfied"]


def test_unless_ends_the_duty_only_on_or_before_the_due_day() -> None:
    rule = PRICE + "unless: asset.released\n"
    released = {"type": "asset.released", "asset": "A1"}
    assert verdicts(rule, at("2021-11-01", SEAL), at("2021-12-01", released), as_of="2022-03-01") == ["satisfied"]
    assert verdicts(rule, at("2021-11-01", SEAL), at("2021-12-02", released), as_of="2022-03-01") == ["violated"]


def test_or_earlier_lets_an_earlier_event_serve() -> None:
    log = [at("2021-10-20", PRICED), at("2021-11-01", SEAL)]
    assert verdicts(PRICE + "or_earlier: true\n", *log, as_of="2022-03-01") == ["satisfied"]
    assert verdicts(PRICE, *log, as_of="2022-03-01") == ["violated"]


# --- stops and extensions -------------------------------------------------------------------------

STOPPED = PRICE + "stops: [suspension, postponement, settlement, exclusion, third_party_objection]\n"


def test_suspended_days_do_not_count() -> None:
    log = [
        at("2021-11-01", SEAL),
        {"time": "2021-11-11", "type": "suspension.ordered"},
        {"time": "2021-11-21", "type": "suspension.ended"},
    ]
    [found] = judge(STOPPED, *log, at("2021-12-13", PRICED))
    assert (found.verdict.value, str(found.due)) == ("satisfied", "2021-12-13")  # 12-11 is a Saturday
    assert verdicts(STOPPED, *log, at("2021-12-14", PRICED)) == ["violated"]


def test_while_a_stop_is_open_the_due_day_is_unknown() -> None:
    [found] = judge(
        STOPPED, at("2021-11-01", SEAL), {"time": "2021-12-01", "type": "suspension.ordered"}, as_of="2023-01-01"
    )
    assert found.verdict.value == "pending" and found.due is None


def test_a_stop_that_opens_after_the_last_day_changes_nothing() -> None:
    log = [at("2021-11-01", SEAL), {"time": "2021-12-02", "type": "suspension.ordered"}]
    assert verdicts(STOPPED, *log, as_of="2023-01-01") == ["violated"]


def test_a_postponement_ends_on_the_day_it_names() -> None:
    log = [at("2021-11-01", SEAL), {"time": "2021-11-11", "type": "postponement.ordered", "until": "2021-11-21"}]
    [found] = judge(STOPPED, *log, as_of="2023-01-01")
    assert str(found.due) == "2021-12-13"


def test_a_settlement_ends_with_the_closing_of_its_own_case_only() -> None:
    other = "（2021）豫0225执异2号"
    log = [
        {"time": "2021-10-20", "type": "case.filed", "case": other, "original_case": "（2021）豫0225执1号"},
        at("2021-11-01", SEAL),
        {"time": "2021-11-11", "type": "settlement.reached"},
    ]
    closed = {"time": "2021-11-12", "type": "case.closed", "method": "dismissed"}
    assert verdicts(STOPPED, *log, {**closed, "case": other}, as_of="2022-03-01") == ["pending"]
    assert verdicts(STOPPED, *log, closed, as_of="2022-03-01") == ["violated"]


def test_only_an_objection_of_a_third_party_to_this_asset_stops_the_clock() -> None:
    def log(**objection: str) -> list[dict[str, Any]]:
        return [
            at("2021-11-01", SEAL),
            {"time": "2021-11-11", "type": "objection.filed", "objection": "O1", **objection},
            {"time": "2021-11-21", "type": "objection.decided", "objection": "O1"},
            at("2021-12-10", PRICED),
        ]

    assert verdicts(STOPPED, *log(kind="third_party", asset="A1")) == ["satisfied"]
    assert verdicts(STOPPED, *log(kind="third_party", asset="A2")) == ["violated"]
    assert verdicts(STOPPED, *log(kind="conduct", asset="A1")) == ["violated"]
    assert verdicts(STOPPED, *log(asset="A1")) == ["inconclusive"]  # whose objection it was would decide


EXTENDED = "kind: response\nwhen: case.filed\nthen: case.closed\nwithin: 6mo\nextended_by: extension.granted\n"


@pytest.mark.parametrize(
    ("granted", "verdict"),
    [("2022-05-05", "satisfied"), ("2022-05-06", "violated")],  # due 2022-05-01, a holiday until 05-04
)
def test_an_extension_counts_if_granted_by_the_day_it_replaces(granted: str, verdict: str) -> None:
    log = [
        {"time": "2021-11-01", "type": "case.filed"},
        {"time": granted, "type": "extension.granted", "until": "2022-07-31"},
        {"time": "2022-07-31", "type": "case.closed", "method": "performed"},
    ]
    assert verdicts(EXTENDED, *log) == [verdict]


def test_the_latest_valid_extension_counts_and_does_not_roll() -> None:
    log = [
        {"time": "2021-11-01", "type": "case.filed"},
        {"time": "2022-04-01", "type": "extension.granted", "until": "2022-06-01"},
        {"time": "2022-05-30", "type": "extension.granted", "until": "2022-07-31"},  # a Sunday
    ]
    [found] = judge(EXTENDED, *log, as_of="2022-08-01")
    assert (found.verdict.value, str(found.due)) == ("violated", "2022-07-31")


# --- before a closing event -----------------------------------------------------------------------

KEPT = "kind: response\nper: clue\nwhen: clue.provided\nthen: clue.verified\nbefore: termination.ruled\n"
CLUE = {"time": "2021-11-01", "type": "clue.provided", "clue": "C1"}
RULED = {"time": "2021-12-01", "type": "termination.ruled"}


def test_before_a_closing_event_the_duty_is_pending_while_there_is_none() -> None:
    assert verdicts(KEPT, CLUE, as_of="2025-01-01") == ["pending"]
    assert verdicts(KEPT, CLUE, {"time": "2021-11-05", "type": "clue.verified", "clue": "C1"}) == ["satisfied"]
    assert verdicts(KEPT, CLUE, RULED) == ["violated"]


def test_an_act_on_the_day_of_the_closing_event_counts_where_the_order_is_open() -> None:
    verified = {"time": "2021-12-01", "type": "clue.verified", "clue": "C1"}
    assert verdicts(KEPT, CLUE, RULED, verified) == ["satisfied"]


def test_a_closing_event_on_the_day_of_the_trigger_counts_only_if_it_certainly_came_later() -> None:
    same_day = {**RULED, "time": "2021-11-01"}
    assert verdicts(KEPT, CLUE, same_day, as_of="2025-01-01") == ["pending"]
    morning = {**CLUE, "time": "2021-11-01T09:00:00+08:00"}
    assert verdicts(KEPT, morning, {**RULED, "time": "2021-11-01T09:00:00+08:00"}, as_of="2025-01-01") == ["pending"]
    assert verdicts(KEPT, morning, {**RULED, "time": "2021-11-01T10:00:00+08:00"}, as_of="2025-01-01") == ["violated"]


def test_the_closing_event_may_lie_in_the_resumed_case_but_not_in_a_review_case() -> None:
    resumed, review = "（2022）豫0225执恢3号", "（2022）豫0225执异4号"
    filed = {"time": "2022-01-10", "type": "case.filed", "original_case": "（2021）豫0225执1号"}
    ruled = {**RULED, "time": "2022-02-01"}
    assert verdicts(KEPT, CLUE, {**filed, "case": resumed}, {**ruled, "case": resumed}) == ["violated"]
    assert verdicts(KEPT, CLUE, {**filed, "case": review}, {**ruled, "case": review}) == ["pending"]


# --- hours, same day, dates from data -------------------------------------------------------------

TOLD = (
    "kind: response\nwhen: {event: coercion.imposed, where: {measure: detention}}\n"
    "then: detention.family_notified\nwithin: 24h\n"
)
DETAINED = {"type": "coercion.imposed", "measure": "detention"}


@pytest.mark.parametrize(
    ("start", "told", "verdict"),
    [
        ("2021-11-05T10:00:00+08:00", "2021-11-06T10:00:00+08:00", "satisfied"),  # a Saturday: hours never roll
        ("2021-11-05T10:00:00+08:00", "2021-11-06T10:00:01+08:00", "violated"),
        ("2021-11-05", "2021-11-06", "satisfied"),
        ("2021-11-05", "2021-11-07", "violated"),
    ],
)
def test_hours_run_from_the_instant_and_between_days_to_the_end_of_the_next(
    start: str, told: str, verdict: str
) -> None:
    log = [{"time": start, **DETAINED}, {"time": told, "type": "detention.family_notified"}]
    assert verdicts(TOLD, *log) == [verdict]


def test_zero_days_means_the_same_day_even_on_a_holiday() -> None:
    rule = "kind: response\nwhen: notice.issued\nthen: property_report.ordered\nwithin: 0d\nacross: family\n"
    ordered = {"type": "property_report.ordered"}
    assert verdicts(rule, {"time": "2021-10-02", "type": "notice.issued"}, {"time": "2021-10-02", **ordered}) == [
        "satisfied"
    ]
    assert verdicts(rule, {"time": "2021-10-02", "type": "notice.issued"}, {"time": "2021-10-08", **ordered}) == [
        "violated"
    ]


ANSWERED = "kind: response\nper: oversight\nwhen: {event: oversight.ordered}\nthen: oversight.replied\ndue_on: due\n"


def test_a_due_day_from_the_data_never_rolls_and_a_missing_one_is_inconclusive() -> None:
    ordered = {"time": "2021-11-01", "type": "oversight.ordered", "oversight": "S1"}
    [found] = judge(ANSWERED, {**ordered, "due": "2021-11-06"}, as_of="2021-11-07")
    assert (found.verdict.value, str(found.due)) == ("violated", "2021-11-06")  # a Saturday
    [open_] = judge(ANSWERED, ordered)
    assert (open_.verdict.value, open_.missing) == ("inconclusive", ("due",))
