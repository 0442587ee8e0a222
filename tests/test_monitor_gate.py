"""The gate before a step: what it would breach, meet and open (preview), and which steps are open to a case (allowed)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from execcheck.changes import Changes
from execcheck.events import Event
from execcheck.judgement import Verdict
from execcheck.monitor import Monitor
from execcheck.steps import NEW, Step
from lawful import CASE, Raw, admitted, approved_by, lawful_case, panel
from ruling import law
from stories import CASE as SMALL
from stories import PANEL, at, by, days, one, rules, sealed, watch

RAW = {event["id"]: event for event in lawful_case()}
TERMINATION, ANNOUNCEMENT, PAYOUT, CLOSING, ARCHIVING = "e162", "e106", "e114", "e168", "e170"


def before(id_: str) -> Monitor:
    """The lawful case up to an event of it."""
    monitor = Monitor(law())
    for event in admitted(law(), lawful_case()):
        if event.id == id_:
            break
        monitor.observe(event)
    return monitor


def supposed(id_: str, when: str | None = None, *, data: dict[str, Any] | None = None, **envelope: Any) -> Event:
    """An event of the lawful case with other values, at the time of itself or of another event."""
    raw: Raw = {**RAW[id_], "id": "supposed", "time": RAW[when or id_]["time"], **envelope}
    raw["data"] = {k: v for k, v in {**raw.get("data", {}), **(data or {})}.items() if v is not None}
    raw.pop("recorded", None)
    return admitted(law(), [raw])[0]


def gate(event: Event, at_: str) -> Changes:
    """The preview of an event, which must change nothing."""
    monitor = before(at_)
    stood = monitor.judgements(), monitor.last_moment(), monitor.cases()
    found = monitor.preview(event)
    told = found.found, found.retracted, found.opened, found.settled
    assert (monitor.judgements(), monitor.last_moment(), monitor.cases()) == stood
    again = monitor.preview(event)
    assert (again.found, again.retracted, again.opened, again.settled) == told
    return found


# --- preview --------------------------------------------------------------------------------------


def test_before_a_lawful_termination_only_the_duties_that_follow_it_are_told() -> None:
    changes = gate(supposed(TERMINATION), TERMINATION)
    assert (changes.found, changes.retracted, changes.settled) == ((), (), ())
    # 10 October 2022: disclosed in 7 days, published in 30, served in 60, queried again within 6 months.
    assert days(changes.opened) == {
        "key-nodes-disclosed": "2022-10-17", "termination-published": "2022-11-09",
        "termination-served-on-applicant": "2022-12-09", "termination-served-on-debtor": "2022-12-09",
        "query-every-6-months": "2023-04-10",
    }  # fmt: skip
    debtors = [j.objects["party"] for j in changes.opened if j.rule.endswith("served-on-debtor")]
    assert debtors == ["P2", "P3"]


def test_a_termination_without_interview_and_search_is_stopped_at_the_gate_and_nothing_else_is_held_against_it() -> (
    None
):
    early = gate(supposed(TERMINATION, "e158", approvals=approved_by("bureau_head")), "e158")
    breached = [j for j in early.found if j.verdict is Verdict.VIOLATED]
    assert rules(breached) == ["interview-before-termination", "onsite-search-before-termination"]
    open_ = [j for j in early.found if j.verdict is Verdict.INCONCLUSIVE]
    assert [(j.rule, j.missing) for j in open_] == [("henan-2021/interview-opinion-recorded", ("interview.held",))]


def test_whether_the_president_must_approve_cannot_be_told_while_the_applicants_consent_is_unknown() -> None:
    unknown = gate(supposed(TERMINATION, data={"applicant_consent": None}), TERMINATION)
    assert {j.verdict for j in unknown.found} == {Verdict.INCONCLUSIVE}
    assert rules(unknown.found) == ["contested-termination-by-president", "panel-for-major-matters"]
    assert {j.missing for j in unknown.found} == {("applicant_consent",)}
    refused = gate(supposed(TERMINATION, data={"applicant_consent": False}), TERMINATION)
    assert [(j.rule, j.verdict) for j in refused.found] == [
        ("cpl-interpretation/contested-termination-by-president", Verdict.VIOLATED)
    ]


@pytest.mark.parametrize(
    ("data", "when", "breached"),
    [
        ({}, "e106", []),
        ({"opens": "2022-06-14"}, "e106", ["immovable-announced-30-days-before"]),  # 29 days after 16 May
        ({"opens": "2022-06-15"}, "e106", []),
        ({"start_price": "503999.99"}, "e106", ["start-price-floor"]),  # 0.70 × 720 000 = 504 000
        ({"deposit": "25199.99"}, "e106", ["deposit-within-5-to-20-percent"]),  # 0.05 × 504 000 = 25 200
        # Notified on the 11th: on the 12th not three days ago; report, description and pictures not yet uploaded.
        ({}, "e103", ["appraisal-report-uploaded", "auction-materials-complete",
                      "parties-notified-3-days-before-announcement"]),
    ],
)  # fmt: skip
def test_an_auction_is_announced_in_time_at_a_lawful_price_with_its_papers(
    data: dict[str, Any], when: str, breached: list[str]
) -> None:
    opens = {"opens": "2022-06-16"} | data
    assert rules(gate(supposed(ANNOUNCEMENT, when, data=opens), when).found) == breached


def test_a_payout_meets_the_duty_to_clear_what_was_set_aside_and_is_held_to_approval_and_receipts() -> None:
    lawful = gate(supposed(PAYOUT), PAYOUT)
    assert lawful.found == lawful.opened == ()
    assert [(j.rule, str(j.due)) for j in lawful.settled] == [("henan-2021/set-aside-money-cleared", "2022-10-24")]
    # 200 000 received in the case, 150 000 and 50 000; nobody approved.
    much = gate(supposed(PAYOUT, data={"amount": "200000.01"}, approvals=approved_by("finance")), PAYOUT)
    assert rules(much.found) == ["no-payout-beyond-receipts", "payout-approved"]
    assert rules(gate(supposed(PAYOUT, data={"amount": "200000.00"}), PAYOUT).found) == []
    silent = gate(supposed(PAYOUT, data={"case_account": None}), PAYOUT)
    assert [(j.rule, j.verdict) for j in silent.found] == [
        ("henan-2021/money-through-case-account", Verdict.INCONCLUSIVE)
    ]


def test_a_closing_meets_the_time_limits_and_opens_the_month_for_archiving() -> None:
    changes = gate(supposed(CLOSING), CLOSING)
    assert changes.found == ()
    assert rules(changes.settled) == ["bureau-deadline-kept", "closed-within-six-months"]
    assert days(changes.opened) == {"archived-within-one-month": "2022-11-14", "key-nodes-disclosed": "2022-10-21"}
    assert rules(gate(supposed(CLOSING, approvals=[]), CLOSING).found) == ["closing-approved-by-trial-management"]


def test_a_closing_while_a_recording_runs_and_as_performed_shows_what_it_leaves_behind() -> None:
    changes = gate(supposed(CLOSING, "e116", data={"method": "performed"}, approvals=approved_by("trial_management")),
                   "e116")  # fmt: skip
    assert rules(changes.found) == ["coercion-recording-kept"]
    # Of four assets one is paid out, one given in kind, one only waiting: the house is left, 24 May + 10 days = the
    # Dragon Boat holiday, so Monday 6 June.
    lifted = [j for j in changes.opened if j.rule.endswith("controls-lifted-after-performance")]
    assert [(j.objects["asset"], str(j.due)) for j in lifted] == [("A1", "2022-06-06")]


def test_archiving_before_closing_and_with_money_left_is_stopped_for_both_reasons() -> None:
    assert rules(gate(supposed(ARCHIVING, "e139"), "e139").found) == ["case", "money-not-left-at-closing"]
    assert rules(gate(supposed(ARCHIVING), ARCHIVING).settled) == ["archived-within-one-month"]


def test_what_lateness_alone_breaks_is_told_of_the_late_step_with_its_days() -> None:
    late = gate(supposed(ARCHIVING, time="2022-11-20T09:00:00+08:00"), ARCHIVING)
    assert [(j.rule, j.days_late) for j in late.found] == [("henan-2021/archived-within-one-month", 6)]


# --- allowed --------------------------------------------------------------------------------------


def of(steps: tuple[Step, ...], kind: str, **objects: str) -> Step:
    (step,) = [step for step in steps if step.type == kind and dict(step.objects) == objects]
    return step


def test_every_next_event_of_the_lawful_case_is_a_step_that_nothing_forbids() -> None:
    monitor = Monitor(law())
    looked = 0
    for event in admitted(law(), lawful_case()):
        if event.case in monitor.cases():
            name = law().vocabulary.events[event.type].object
            steps = monitor.allowed(event.case, event.time, [event.type])
            known = [s for s in steps if name is None or s.objects[name] == event.objects.get(name)]
            (step,) = known or [s for s in steps if name is not None and s.objects[name] == NEW]
            assert step.permitted, (event.id, [j.message.en for j in step.forbidden_by])
            looked += 1
        monitor.observe(event)
    assert looked == 200, "but for the first event of each of the three cases"


@pytest.mark.parametrize("at_", ["e040", "e113", "e158", "e171", "e190"])
def test_what_is_said_of_a_step_is_what_the_preview_of_the_bare_event_says(at_: str) -> None:
    monitor = before(at_)
    case = admitted(law(), [RAW[at_]])[0].case
    moment = datetime.fromisoformat(RAW[at_]["time"])
    day = monitor.judging.day_of(moment)
    for step in monitor.allowed(case, moment):
        bare = Event(f"({step.type})", case, step.type, moment, day, objects=step.objects)
        if {"auction.closed", "sale.closed"} & {step.type} or step.type == "case.closed":
            continue  # a field yet to be filled in may tell whether the step is in order
        said = [j for j in monitor.preview(bare).found if j.verdict is Verdict.VIOLATED or j.trigger is bare]
        shown = {j.fingerprint for j in (*step.forbidden_by, *step.requires)}
        assert {j.fingerprint for j in step.forbidden_by} <= {j.fingerprint for j in said}
        assert shown == {j.fingerprint for j in said if j.fingerprint in shown or j.trigger.id == bare.id}


def test_a_termination_is_forbidden_for_every_step_that_the_law_asks_before_it_and_for_the_open_duties() -> None:
    monitor = watch(sealed("2024-03-04 09:00"), at("2024-03-06 10:00", "clue.provided", clue="K1", urgent=False,
                                                  actor=by("C1", "applicant", "external")))  # fmt: skip
    step = of(monitor.allowed(SMALL), "termination.ruled")
    assert not step.permitted
    assert rules(step.forbidden_by) == [
        "clues-verified-before-termination", "interview-before-termination", "investigation-order-explained",
        "no-termination-with-assets", "onsite-search-before-termination", "restriction-before-termination",
        "termination-after-3-months",
    ]  # fmt: skip
    assert {"termination-approved-by-bureau-head", "panel-for-major-matters"} <= set(rules(step.requires))
    assert all(judgement.message.zh and judgement.message.en for judgement in step.forbidden_by)


def test_a_step_of_today_comes_after_what_happened_today() -> None:
    clue = at("2024-03-06 10:00", "clue.provided", clue="K1", urgent=False, actor=by("C1", "applicant", "external"))
    monitor = watch(clue)
    monitor.advance(date(2024, 3, 6))
    step = of(monitor.allowed(SMALL, types=["termination.ruled"]), "termination.ruled")
    assert "clues-verified-before-termination" in rules(step.forbidden_by)


def test_a_step_in_order_only_asks_for_what_the_act_must_carry() -> None:
    step = of(before(TERMINATION).allowed(CASE, types=["termination.ruled"]), "termination.ruled")
    assert step.permitted
    assert rules(step.requires) == [
        "contested-termination-by-president", "no-termination-for-want-of-auction-request", "panel-for-major-matters",
        "termination-approved-by-bureau-head",
    ]  # fmt: skip


def test_an_auction_that_is_announced_may_close_though_its_outcome_is_not_known_yet() -> None:
    steps = before("e131").allowed(CASE, types=["auction.closed"])
    assert of(steps, "auction.closed", asset="A1").permitted
    delivered = of(steps, "auction.closed", asset="A3")
    assert rules(delivered.forbidden_by) == ["asset"], "this one was given in kind and delivered"
    assert "已交付" in delivered.forbidden_by[0].message.zh


def test_while_a_third_party_objects_the_asset_may_not_be_auctioned_but_others_may() -> None:
    objects = at("2024-03-05 09:00", "objection.filed", objection="O1", asset="A1", kind="third_party",
                 actor=by("T1", "third_party", "external"))  # fmt: skip
    surveyed = [at("2024-03-05 08:00", "asset.surveyed", id=f"s{a}", asset=a,
                   aspects=["title", "encumbrance", "occupancy", "lease"]) for a in ("A1", "A2")]  # fmt: skip
    loaded = [at("2024-03-05 08:30", "auction.materials_uploaded", id=f"m{a}", asset=a,
                 materials=["ruling", "description", "media"]) for a in ("A1", "A2")]  # fmt: skip
    seized = [sealed("2024-03-04 09:00", "A1", id="s1"), sealed("2024-03-04 09:00", "A2", id="s2")]
    steps = watch(*seized, *surveyed, *loaded, objects).allowed(SMALL, types=["auction.announced"])
    assert rules(of(steps, "auction.announced", asset="A1").forbidden_by) == ["no-disposal-during-third-party-review"]
    assert of(steps, "auction.announced", asset="A2").permitted


def test_a_new_asset_may_be_found_and_controlled_where_others_are_known_but_not_sold() -> None:
    steps = watch(sealed("2024-03-04 09:00")).allowed(SMALL)
    assert of(steps, "asset.found", asset=NEW).permitted
    assert of(steps, "asset.controlled", asset=NEW).permitted
    assert [s for s in steps if s.type in ("auction.paid", "sale.announced") and NEW in s.objects.values()] == []


def test_an_object_that_nobody_knows_may_begin_but_nothing_may_be_done_to_it() -> None:
    steps = watch().allowed(SMALL)
    on_new = {step.type for step in steps if NEW in step.objects.values()}
    assert {"asset.found", "asset.controlled", "payment.received", "objection.filed", "suggestion.received"} <= on_new
    assert not {"auction.closed", "payment.disbursed", "objection.decided", "suggestion.replied"} & on_new


def test_a_step_tells_whether_it_leads_on() -> None:
    moving = [at("2024-03-05 09:00", "suspension.ordered", panel=PANEL)]
    going, stopped = watch().allowed(SMALL), watch(*moving).allowed(SMALL)
    assert of(going, "suspension.ordered").moves and not of(going, "suspension.ended").moves
    assert of(stopped, "suspension.ended").moves and not of(stopped, "suspension.ordered").moves
    assert not of(going, "case.archived").moves, "it is not allowed before the case is closed"


def test_looking_at_the_steps_changes_nothing_and_a_case_that_is_not_watched_is_refused() -> None:
    monitor = watch(sealed("2024-03-04 09:00", panel=PANEL))
    stood = monitor.judgements(), monitor.last_moment()
    assert monitor.allowed(SMALL) == monitor.allowed(SMALL)
    assert (monitor.judgements(), monitor.last_moment()) == stood
    with pytest.raises(KeyError):
        monitor.allowed("（2024）豫0225执2号")


def test_what_restoration_asks_before_it_is_told_with_the_order_of_steps() -> None:
    monitor = before("e172")
    step = of(monitor.allowed(CASE, types=["case.restored"]), "case.restored")
    assert rules(step.forbidden_by) == ["restoration-reviewed"]
    granted = one({"case": CASE, "time": "2023-03-10", "type": "restoration.reviewed", "result": "grant",
                   "actor": by("b01", "bureau_head"), "panel": panel("a", "b", "c")})  # fmt: skip
    monitor.observe(granted)
    assert of(monitor.allowed(CASE, types=["case.restored"]), "case.restored").permitted
