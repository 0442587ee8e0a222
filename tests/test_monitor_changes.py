"""What the monitor tells and when: findings on the day after the last day, duties once, and all of it taken back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from execcheck.changes import Changes
from execcheck.events import Event
from execcheck.judgement import Judgement, Verdict
from execcheck.monitor import Monitor
from execcheck.needs import Capture
from execcheck.profiles import read_profile
from lawful import EXAMPLES, admitted, approved_by, lawful_case, read_log
from ruling import law
from stories import BEGUN, PANEL, at, by, days, rules, sealed, tell, watch
from stories import one as entered

PUBLISHED = sorted((EXAMPLES / "published").glob("*.jsonl"))


def day_by_day(events: list[Event], capture: Capture | None = None) -> Iterator[tuple[Monitor, str, Changes]]:
    """The changes that events and the days between them bring, with the day or the id of the event."""
    monitor = Monitor(law()) if capture is None else Monitor(law(), capture=capture)
    last = events[0].day - 1
    for event in events:
        for day in range(last + 1, event.day):
            yield monitor, date.fromordinal(day).isoformat(), monitor.advance(date.fromordinal(day))
        last = max(last, event.day - 1)
        yield monitor, event.id, monitor.observe(event)


def texts(judgements: tuple[Judgement, ...]) -> list[tuple[str, str]]:
    return [(judgement.message.zh, judgement.message.en) for judgement in judgements]


# --- whole cases ----------------------------------------------------------------------------------


def test_of_a_lawful_case_no_breach_is_ever_told_and_every_duty_ends() -> None:
    opened: dict[str, Judgement] = {}
    lapsed = []
    for _, when, changes in day_by_day(admitted(law(), lawful_case())):
        assert changes.found == (), when
        for one in (*changes.settled, *changes.retracted):
            del opened[one.fingerprint]
        lapsed += [one.rule for one in changes.retracted]
        for one in changes.opened:
            before = opened.get(one.fingerprint)
            moved = before is None or (before.due, before.responsible) != (one.due, one.responsible)
            assert moved, f"{when}: {one.rule} was told already"
            opened[one.fingerprint] = one
    assert opened == {}
    # Where disposal begins the Henan rule takes over from the national one: two assets to be sold.
    assert lapsed == ["cpl-interpretation/control-renewed-before-expiry"] * 2


def test_each_breach_of_the_breached_case_is_told_on_its_day_and_again_only_when_the_late_act_comes() -> None:
    told = [
        (when, one.rule.partition("/")[2], one.days_late)
        for _, when, changes in day_by_day(admitted(law(), read_log(EXAMPLES / "breached-case.jsonl")))
        for one in changes.found
    ]
    assert told == [
        ("2022-04-07", "clue-verified-in-7-days", 1),  # 28 March + 7 = Qingming, so 6 April
        ("e080", "report-sent-in-three-days", 1),  # 18 April + 3 = the 21st, sent on the 22nd
        ("e098", "reference-price-deadline", 1),  # 31 March and 35 days of appraisal: 5 May
        ("e107", "money-through-case-account", None),
        ("e091", "reference-price-deadline", 19),
        ("e117", "payout-approved", None),
        ("2022-05-28", "recording-uploaded-in-three-days", 1),
        ("e097", "panel-for-major-matters", None),
        ("e118", "recording-uploaded-in-three-days", 4),
        ("e106", "applicant-consulted-on-platform", None),
        ("e127", "petition-registered", 1),  # three working days from Monday 6 June
        ("e125", "petition-registered", 4),
        ("e162", "clues-verified-before-termination", None),
        ("e162", "interview-before-termination", None),
        ("e162", "interview-opinion-recorded", None),
        ("2022-11-10", "termination-published", 1),
        ("2022-11-15", "archived-within-one-month", 1),
        ("e170", "archived-within-one-month", 7),
        ("e173", "restoration-changes-handler", None),
        ("e176", "restoration-changes-handler", None),
        ("e182", "former-handler-stays-out", None),
        ("2023-04-22", "key-nodes-disclosed", 1),
        ("2023-04-25", "controls-lifted-after-performance", 1),
    ]


@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.stem)
def test_of_published_cases_the_told_changes_add_up_to_what_stands_and_no_day_tells_twice(path: Path) -> None:
    profile = read_profile(path.with_suffix(".profile.yaml"), law().vocabulary)
    events = sorted(admitted(law(), read_log(path)), key=lambda event: event.day)
    table: dict[str, tuple[Verdict, date | None]] = {}
    told = list(day_by_day(events, profile.capture))
    for _, when, changes in told:
        for one in (*changes.settled, *changes.retracted):
            del table[one.fingerprint]
        for one in (*changes.found, *changes.opened):
            assert one.event is not None or table.get(one.fingerprint) != (one.verdict, one.due), when
            table[one.fingerprint] = (one.verdict, one.due)
    monitor = told[-1][0]
    assert not monitor.advance(date.fromordinal(events[-1].last))
    assert table == {one.fingerprint: (one.verdict, one.due) for one in monitor.judgements()}


# --- duties ---------------------------------------------------------------------------------------


def test_a_duty_met_says_by_what_and_when_and_keeps_the_due_day_that_was_told() -> None:
    monitor = watch(sealed("2024-03-04 09:00"))
    met = tell(monitor, at("2024-03-20 09:00", "pricing.started", asset="A1", method="negotiation"))
    (started,) = [one for one in met.settled if one.rule == "reference-price/pricing-started-in-30-days"]
    assert (started.verdict, str(started.due), started.days_late) == (Verdict.SATISFIED, "2024-04-03", None)
    assert started.event is not None and started.event.id == "pricing.started"
    assert texts((started,)) == [(
        "《参考价规定》第1条：查封后三十日内启动确定参考价程序。查封扣押冻结财产（2024-03-04）：有参考价程序启动（2024-03-20），符合要求。",
        "Article 1 of the Reference Price Provisions: Pricing started within thirty days of control. Asset sealed, "
        "detained or frozen (2024-03-04): met by pricing started (2024-03-20).",
    )]  # fmt: skip


def test_a_release_ends_the_duties_to_price_to_renew_and_to_dispose() -> None:
    monitor = watch(sealed("2024-03-04 09:00"), at("2024-03-05 09:00", "node.disclosed", node="asset.controlled"))
    changes = tell(monitor, at("2024-03-20 09:00", "asset.released", asset="A1", panel=PANEL))
    assert rules(changes.settled) == [
        "control-renewed-before-expiry", "no-termination-with-assets", "pricing-started-in-30-days",
        "reference-price-deadline",
    ]  # fmt: skip
    assert (changes.found, changes.opened, changes.retracted) == ((), (), ())


def test_money_is_dealt_with_when_the_last_part_is_paid_out() -> None:
    payout = {"payment": "M1", "payee": "C1", "case_account": True, "actor": by("c1", "finance", "finance"),
              "approvals": approved_by("bureau_head")}  # fmt: skip
    came = {"payment": "M1", "actor": by("c1", "finance", "finance")}
    monitor = watch(
        at("2024-03-06 09:00", "payment.received", amount="1000.00", case_account=True, identified=True, **came),
        at("2024-03-06 10:00", "node.disclosed", node="payment.received"),
        at("2024-03-07 09:00", "payment.notified", **came),
    )
    assert not tell(monitor, at("2024-03-11 09:00", "payment.disbursed", id="part", amount="400.00", **payout))
    rest = tell(monitor, at("2024-03-12 09:00", "payment.disbursed", id="rest", amount="600.00", **payout))
    assert rules(rest.settled) == ["money-not-left-at-closing", "money-paid-out-in-time"]
    assert {one.event.id for one in rest.settled if one.event is not None} == {"rest"}
    over = tell(monitor, at("2024-03-13 09:00", "payment.disbursed", id="over", amount="0.01", **payout))
    assert rules(over.found) == ["no-payout-beyond-receipts"]


# --- what comes late ------------------------------------------------------------------------------


def test_an_extension_that_is_entered_late_takes_the_breach_back_and_opens_the_duty_to_its_new_day() -> None:
    monitor = watch()
    overdue = monitor.advance(date(2024, 9, 3))
    assert rules(overdue.found) == ["closed-within-six-months", "overdue-reported-to-bureau-head"]
    assert days(overdue.opened) == {"six-month-explanation": "2024-09-11"}  # 1 September + 10 days
    tell(monitor, at("2024-08-20 09:00", "extension.requested"))
    late = tell(monitor, at("2024-08-26 09:00", "extension.granted", until="2024-12-02",
                            actor=by("b1", "bureau_head"), approvals=approved_by("president")))  # fmt: skip
    assert late.found == late.settled == ()
    assert days(late.opened) == {
        "closed-within-six-months": "2024-12-02", "overdue-reported-to-bureau-head": "2024-12-02",
    }  # fmt: skip
    assert texts(late.retracted) == texts(overdue.found), "taken back as it was told"


def test_an_extension_after_the_due_day_does_not_help() -> None:
    monitor = watch(at("2024-08-20 09:00", "extension.requested"))
    monitor.advance(date(2024, 9, 3))
    granted = tell(monitor, at("2024-09-03 09:00", "extension.granted", until="2024-12-02",
                               actor=by("b1", "bureau_head"), approvals=approved_by("president")))  # fmt: skip
    assert not {"closed-within-six-months", "overdue-reported-to-bureau-head"} & set(rules(granted.retracted))


def test_an_objection_that_is_entered_late_stops_the_clock_of_its_asset_and_a_price_is_then_in_time() -> None:
    priced = at("2024-04-12 09:00", "price.determined", asset="A1", price="50000.00", method="negotiation",
                valid_until="2025-04-11")  # fmt: skip
    surveyed = at("2024-03-05 09:00", "asset.surveyed", asset="A1", aspects=["title", "encumbrance"])
    monitor = watch(sealed("2024-03-04 09:00"), surveyed)
    late = tell(monitor, priced)
    assert {one.rule: one.days_late for one in late.found if one.severity.value == "error"} == {
        "henan-2021/reference-price-deadline": 9, "reference-price/pricing-started-in-30-days": 9,
    }  # fmt: skip
    external = by("T1", "third_party", "external")
    back = tell(monitor, at("2024-03-20 09:00", "objection.filed", objection="O1", asset="A1", kind="third_party",
                            actor=external))  # fmt: skip
    assert rules(back.retracted) == rules(back.settled) == ["pricing-started-in-30-days", "reference-price-deadline"]
    # 20 March + 3 days = Saturday, so the 25th; + 15 days = Qingming, so Sunday 7 April, on which courts work.
    assert {one.rule: str(one.due) for one in back.found} == {
        "objection/objection-accepted-in-3-days": "2024-03-25", "cpl/objection-decided-in-15-days": "2024-04-07",
    }  # fmt: skip
    assert days(back.opened) == {"disposal-starts-within-ten-days": None}, "its clock stands still too"


HANDOVER = at("2024-03-11 09:00", "case.reassigned", handler="h2", reason="other")


def ended_without_an_interview() -> Monitor:
    return watch(
        at("2024-10-10 09:00", "investigation.onsite"), at("2024-10-10 09:30", "order.explained"),
        at("2024-10-10 09:40", "restriction.imposed", party="D1", approvals=approved_by("president")),
    )  # fmt: skip


TERMINATION = at("2024-10-11 09:00", "termination.ruled", applicant_consent=True, reason="no_assets", panel=PANEL,
                 approvals=approved_by("bureau_head"))  # fmt: skip


def test_a_termination_without_interview_is_told_at_once_and_taken_back_when_the_interview_is_entered() -> None:
    monitor = ended_without_an_interview()
    ruled = tell(monitor, TERMINATION)
    assert rules(ruled.found) == ["interview-before-termination", "interview-opinion-recorded"]
    entered = tell(monitor, at("2024-10-08 09:00", "interview.held", applicant_opinion="agree"))
    assert texts(entered.retracted) == texts(ruled.found)
    met = {one.rule: one.event.id for one in entered.settled if one.event is not None}
    assert met["henan-2021/interview-before-termination"] == "interview.held"


def test_an_interview_after_the_ruling_changes_nothing() -> None:
    monitor = ended_without_an_interview()
    tell(monitor, TERMINATION)
    assert not tell(monitor, at("2024-10-11 09:01", "interview.held", applicant_opinion="agree"))


def test_the_half_yearly_query_is_met_by_the_one_of_its_half_year_though_a_later_one_was_entered_before() -> None:
    monitor = ended_without_an_interview()
    tell(monitor, at("2024-10-10 10:00", "interview.held", applicant_opinion="agree"))
    tell(monitor, TERMINATION)
    # 11 October 2024 + 6 months = 11 April 2025; a query of 20 April is nine days late, the next is due on 20 October.
    late = tell(monitor, at("2025-04-20 09:00", "query.online", id="second", channel="national"))
    assert [one.days_late for one in late.found if one.rule.endswith("query-every-6-months")] == [9]
    assert days(late.opened)["query-every-6-months"] == "2025-10-20"
    found = tell(monitor, at("2025-02-20 09:00", "query.online", id="first", channel="national"))
    (met,) = [one for one in found.settled if one.rule.endswith("query-every-6-months")]
    assert (met.event.id if met.event else None, str(met.due)) == ("first", "2025-04-11")
    restored = tell(monitor, at("2025-05-06 09:00", "case.restored", handler="h5"))
    (over,) = [one for one in restored.settled if one.rule.endswith("query-every-6-months")]
    assert over.event is not None and over.event.id == "case.restored", "what ended the duty is named"


def test_what_was_told_reads_the_same_when_it_is_read_after_later_events() -> None:
    story = [*BEGUN, sealed("2024-03-04 09:00"), HANDOVER, at("2024-03-12 09:00", "pricing.started", asset="A1"),
             at("2024-03-08 09:00", "query.notified"), at("2024-03-13 09:00", "asset.released", asset="A1")]  # fmt: skip
    at_once, later = Monitor(law()), Monitor(law())
    read = [_said(at_once.observe(entered(short, f"n{number}"))) for number, short in enumerate(story)]
    told = [later.observe(entered(short, f"n{number}")) for number, short in enumerate(story)]
    assert [_said(changes) for changes in told] == read


def _said(changes: Changes) -> list[list[tuple[str, str]]]:
    kinds = (changes.found, changes.retracted, changes.opened, changes.settled)
    return [[(one.fingerprint, one.message.zh) for one in kind] for kind in kinds]


def test_time_alone_tells_nothing_twice() -> None:
    monitor = watch(sealed("2024-03-04 09:00"))
    told = Counter(
        (one.rule, one.trigger.id) for day in range(400)
        for one in monitor.advance(date(2024, 3, 4) + timedelta(days=day)).found
    )  # fmt: skip
    assert ("henan-2021/reference-price-deadline", "asset.controlled") in told
    assert set(told.values()) == {1}
