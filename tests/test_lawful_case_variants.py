"""Each rule of the Henan pack finds its breach in a whole case, and finds nothing else there.

One variant of the lawful case for each rule; the violations of the whole pack and of all lifecycles must be
exactly the ones expected.
"""

from __future__ import annotations

from typing import Any

import pytest
from attrs import frozen

from lawful import (
    CASE,
    RELATED,
    RESTORED,
    Edit,
    add,
    approved_by,
    at,
    change,
    check_events,
    delay,
    drop,
    edited,
    henan,
    lawful_case,
    panel,
    told,
)


@frozen
class Variant:
    """What is done to the lawful case, and what follows besides the rule it is made for (``also``, with why)."""

    edits: tuple[Edit, ...]
    also: frozenset[str] = frozenset()
    why: str = ""


def variant(*edits: Edit, also: tuple[str, ...] = (), why: str = "") -> Variant:
    return Variant(edits, frozenset(also), why)


HANDLER = {"role": "handler", "department": "enforcement"}
LATE_PAYMENT: dict[str, Any] = {"payment": "M9", "amount": "1000.00", "case_account": True}

VARIANTS: dict[str, Variant] = {
    # --- who decides, who files, who is assigned (1 to 6) -------------------------------------------
    "panel-for-major-matters": variant(change(at("auction.ruled", asset="A1"), panel=panel("h12", "j14"))),
    "panel-for-control": variant(change(at("asset.controlled", asset="A1"), panel=None)),
    "review-by-other-department-or-team": variant(
        change(at("objection.decided", objection="O2"), actor={"role": "judge", "department": "enforcement"})
    ),
    "reviewer-not-enforcer": variant(
        change(at("objection.decided", objection="O2"), panel=panel("h11", "r42", "r43"))
    ),
    "filed-by-filing-division": variant(change(at("case.filed", case=RELATED), actor=HANDLER)),
    "first-national-query": variant(drop(at("query.online", case=RELATED))),
    "assigned-at-once": variant(
        delay(at("case.assigned", case=RESTORED), days=2),
        delay(at("node.disclosed", case=RESTORED, node="case.assigned"), days=2),
    ),
    "assigned-by-filing-division": variant(
        change(at("case.assigned", method="related"), actor={"role": "bureau_head", "department": "enforcement"})
    ),
    "designated-assignment-reasoned": variant(change(at("case.assigned", method="designated"), reason=None)),
    "reassignment-by-team-leader": variant(
        change(at("case.assigned", method="segment"), actor={"role": "handler"})
    ),
    "recused-person-not-handler": variant(change(at("case.recused"), person="h11")),
    "related-cases-together": variant(change(at("case.assigned", method="related"), handler="h10")),
    "closing-approved-by-trial-management": variant(
        change(at("case.closed", case=CASE), approvals=approved_by("bureau_head"))
    ),
    "archived-within-one-month": variant(delay(at("case.archived", case=CASE), days=12)),
    "restoration-reviewed": variant(drop(at("restoration.reviewed"))),
    "restoration-changes-handler": variant(change(at("case.restored"), handler="h11")),
    "no-one-handles-everything": variant(
        change(
            at("asset.controlled", "pricing.started", "auction.announced", "payment.disbursed", case=CASE),
            actor={"id": "h11", **HANDLER},
        )
    ),
    "enforcement-acts-by-enforcement-staff": variant(
        change(at("pricing.started", asset="A1"), actor={"role": "judge", "department": "filing"})
    ),
    # --- recordings, the system (7, 9) --------------------------------------------------------------
    "onsite-recorded": variant(change(at("onsite.performed"), recording=None)),
    "coercion-recording-kept": variant(drop(at("recording.completed", "recording.uploaded", recording="V2"))),
    "coercion-recorded-in-full": variant(change(at("recording.completed", recording="V2"), full=False)),
    "recording-uploaded-in-three-days": variant(delay(at("recording.uploaded", recording="V2"), days=5)),
    "no-off-system-handling": variant(change(at("investigation.onsite"), source="offline")),
    "recorded-promptly": variant(
        change(at("asset.controlled", asset="A3"), recorded="2022-03-09T09:00:00+08:00")
    ),
    # --- control (11) -------------------------------------------------------------------------------
    "no-excessive-control": variant(change(at("asset.controlled", asset="A1"), value="1200000.00")),
    "no-control-of-third-party-assets": variant(
        change(at("asset.controlled", asset="A2"), owner="third_party")
    ),
    "controls-lifted-after-performance": variant(drop(at("asset.released", asset="A6"))),
    # --- the reference price, disposal (12, 13) -----------------------------------------------------
    "reference-price-deadline": variant(drop(at("exclusion.started", "exclusion.ended"))),
    "report-sent-in-three-days": variant(change(at("pricing.report_sent"), time="2022-04-22T08:30:00+08:00")),
    "price-objection-answered": variant(drop(at("pricing.objection_answered"))),
    "disposal-starts-within-ten-days": variant(
        change(at("disposal.started", asset="A1"), time="2022-05-10T09:00:00+08:00"),
        change(at("auction.ruled", asset="A1"), time="2022-05-10T09:30:00+08:00"),
    ),
    "control-kept-during-disposal": variant(
        change(at("asset.controlled", asset="A1"), expires="2022-06-20")
    ),
    "traditional-auction-approved": variant(
        change(at("auction.announced", mode="traditional"), approvals=approved_by("bureau_head"))
    ),
    "applicant-consulted-on-platform": variant(
        change(at("auction.platform_selected"), selected_by="court", applicant_consulted=False)
    ),
    "auction-materials-complete": variant(
        change(at("auction.materials_uploaded", materials=["description", "media"]), materials=["description"])
    ),
    "appraisal-report-uploaded": variant(
        change(at("auction.materials_uploaded", materials=["ruling", "report"]), materials=["ruling"])
    ),
    "asset-surveyed-before-auction": variant(
        change(at("asset.surveyed", asset="A1", aspects=["occupancy", "lease", "tax", "defects"]), aspects=["tax"])
    ),
    "no-insider-buyer": variant(change(at("auction.closed", outcome="sold"), buyer_relation="court_staff")),
    # --- limits of the case (14) --------------------------------------------------------------------
    "closed-within-six-months": variant(drop(at("extension.granted"))),
    "non-litigation-closed-within-three-months": variant(
        delay(at("case.closed", "node.disclosed", case=RELATED), days=62),
        delay(at("case.archived", case=RELATED), days=62),
        add("reported", "progress.reported", "2022-04-15", RELATED),
        add("told-1", "node.disclosed", "2022-01-21", RELATED, node="case.filed", channel="12368"),
        add("told-2", "node.disclosed", "2022-01-21", RELATED, node="case.assigned", channel="12368"),
        add("told-3", "node.disclosed", "2022-02-16", RELATED, node="payment.received", channel="12368"),
    ),
    "overdue-reported-to-bureau-head": variant(
        drop(at("progress.reported")),
        drop(at("extension.granted")),
        also=("henan-2021/closed-within-six-months",),
        why="a closing in time satisfies both, so a missing report shows only where the closing is late",
    ),
    "bureau-deadline-kept": variant(change(at("progress.decided"), until="2022-08-15")),
    "exclusion-grounded": variant(change(at("exclusion.started", "exclusion.ended"), reason="other")),
    "exclusion-ended": variant(drop(at("exclusion.ended"))),
    # --- termination (15) ---------------------------------------------------------------------------
    "interview-before-termination": variant(drop(at("interview.held"))),
    "interview-opinion-recorded": variant(change(at("interview.held"), applicant_opinion=None)),
    "onsite-search-before-termination": variant(drop(at("investigation.onsite"))),
    "online-query-before-termination": variant(
        drop(at("query.online", case=CASE)),
        also=("henan-2021/first-national-query",),
        why="a money case without any query misses the first one too",
    ),
    "clues-verified-before-termination": variant(drop(at("clue.verified"))),
    "investigation-order-returned-before-termination": variant(drop(at("order.returned"))),
    "investigation-order-explained": variant(
        drop(at("order.explained", "order.requested", "order.issued", "order.returned"))
    ),
    "no-termination-with-assets": variant(
        drop(at("in_kind.ordered", "asset.delivered", asset="A3")),
        add("freed", "asset.released", "2022-10-13T09:00:00+08:00", asset="A3", panel=panel("h11", "j14", "j15")),
    ),
    "priority-holder-requests-transfer": variant(
        drop(at("asset.transfer_requested", "asset.transfer_answered"))
    ),
    "no-termination-for-want-of-auction-request": variant(
        change(at("termination.ruled"), reason="applicant_did_not_apply_auction")
    ),
    "termination-served-on-applicant": variant(drop(at("termination.served", recipient="applicant"))),
    "termination-served-on-debtor": variant(drop(at("termination.served", party="P3"))),
    "termination-published": variant(drop(at("termination.published"))),
    "former-handler-stays-out": variant(change(at("asset.controlled", asset="A6"), actor={"id": "h11"})),
    # --- money (16) ---------------------------------------------------------------------------------
    "money-through-case-account": variant(change(at("payment.received", payment="M2"), case_account=False)),
    "money-paid-out-in-time": variant(delay(at("payment.disbursed", payment="M2"), days=27)),
    "money-not-left-at-closing": variant(
        add("late-1", "payment.received", "2022-11-01", identified=True, **LATE_PAYMENT),
        add("late-2", "node.disclosed", "2022-11-02", node="payment.received", channel="12368"),
        add("late-3", "payment.notified", "2022-11-02", payment="M9"),
        add("late-4", "payment.disbursed", "2022-11-25", approvals=approved_by("bureau_head", "finance"),
            **LATE_PAYMENT),
    ),
    "set-aside-money-cleared": variant(
        change(at("payment.disbursed", payment="M1"), time="2022-10-25T10:00:00+08:00")
    ),
    "unidentified-money-cleared": variant(
        delay(at("payment.identified", "payment.notified", "payment.disbursed", payment="M2"), days=30)
    ),
    "payout-approved": variant(
        change(at("payment.disbursed", payment="M4"), approvals=approved_by("finance"))
    ),
    "no-payout-beyond-receipts": variant(change(at("payment.disbursed", payment="M5"), amount="45000.00")),
    # --- supervision within the courts (17 to 20) ---------------------------------------------------
    "petition-registered": variant(delay(at("petition.registered"), days=6)),
    "petition-stays-with-first-handler": variant(
        change(at("petition.assigned", time="2022-06-15T09:00:00+08:00"), person="a13")
    ),
    "oversight-answered-in-time": variant(
        delay(at("oversight.replied", oversight="D1"), days=8),
        add("criticised", "criticism.issued", "2022-08-05", oversight="D1"),
    ),
    "oversight-answered-without-date": variant(delay(at("oversight.replied", oversight="D2"), days=18)),
    "overdue-oversight-criticised": variant(
        delay(at("oversight.replied", oversight="D1"), days=8),
        also=("henan-2021/oversight-answered-in-time",),
        why="criticism is owed only where the reply was late",
    ),
    "remote-action-justified": variant(change(at("remote.acted", action="investigate"), reason=None)),
    "remote-coercion-with-local-court": variant(
        change(at("remote.acted", action="seize"), local_court_assisted=False)
    ),
    "entrustment-through-platform": variant(change(at("entrustment.sent"), via_platform=False)),
    "four-class-case-flagged": variant(delay(at("case.flagged"), days=5)),
    "termination-approved-by-bureau-head": variant(
        change(at("termination.ruled"), approvals=approved_by("president"))
    ),
    "restoration-approved-by-bureau-head": variant(
        change(at("case.restored"), approvals=approved_by("vice_president"))
    ),
    # --- supervision from outside, openness (23 to 27) ----------------------------------------------
    "misconduct-double-checked": variant(drop(at("double_check.started", time="2022-05-12T15:00:00+08:00"))),
    "representatives-invited": variant(drop(at("witness.invited"))),
    "suggestion-replied": variant(
        delay(
            at("suggestion.replied", "suggestion.corrected", "suggestion.completed", "suggestion.reported"), days=64
        )
    ),
    "suggestion-error-corrected": variant(
        delay(at("suggestion.corrected", "suggestion.completed"), days=10)
    ),
    "suggestion-reported-in-one-month": variant(delay(at("suggestion.reported"), days=13)),
    "six-month-explanation": variant(drop(at("progress.explained"))),
    "six-month-explanation-complete": variant(
        change(at("progress.explained"), contents=["reasons", "measures", "results", "plan", "participation"])
    ),
    "key-nodes-disclosed": variant(drop(at("node.disclosed", node="termination.ruled"))),
    "inquiry-answered": variant(delay(at("inquiry.answered"), days=6)),
    "non-disclosure-petition-double-checked": variant(
        drop(at("double_check.started", time="2022-06-10T15:00:00+08:00"))
    ),
}  # fmt: skip

WRONG_ORDERS: dict[str, Variant] = {
    "case": variant(add("early", "case.archived", "2022-02-11", RELATED)),
    "asset": variant(drop(at("auction.closed", asset="A1"))),
    "payment": variant(change(at("payment.received", payment="M4"), time="2023-03-23T09:30:00+08:00")),
    "objection": variant(change(at("reconsideration.filed"), time="2022-06-09T15:00:00+08:00")),
    "suggestion": variant(add("early", "suggestion.reported", "2022-06-20", suggestion="S1")),
    "dishonesty": variant(add("early", "dishonesty.removed", "2022-03-11", party="P2")),
}

NOT_TRIGGERED = {
    "henan-2021/no-off-system-handling": "an absence rule is triggered only by its breach",
    "henan-2021/overdue-oversight-criticised": "the duty arises only where an answer was late",
}

DOUBTFUL = {
    "interview-before-termination": {"henan-2021/interview-opinion-recorded"},  # no interview, no opinion to look for
}


def test_the_lawful_case_breaks_no_rule_leaves_nothing_open_and_no_doubt() -> None:
    report = check_events(henan(), lawful_case())
    assert told(report.violations) == []
    assert told(report.inconclusive) == []
    assert told(report.pending) == []
    assert report.summary.not_assessable == {}


def test_the_lawful_case_meets_every_rule_but_those_that_only_a_breach_can_trigger() -> None:
    assert set(check_events(henan(), lawful_case()).summary.not_triggered) == set(NOT_TRIGGERED)


def test_there_is_one_variant_for_each_rule_of_the_pack() -> None:
    assert {f"henan-2021/{name}" for name in VARIANTS} == set(henan().rules)


@pytest.mark.parametrize("name", VARIANTS)
def test_a_variant_of_the_lawful_case_breaks_exactly_the_rules_it_is_made_for(name: str) -> None:
    made = VARIANTS[name]
    report = check_events(henan(), edited(*made.edits))
    expected = {f"henan-2021/{name}", *made.also}
    assert {one.rule for one in report.violations} == expected, told(report.violations)
    assert {one.rule for one in report.inconclusive} == DOUBTFUL.get(name, set()), told(report.inconclusive)
    assert bool(made.also) == bool(made.why), "a rule broken besides needs a reason"


@pytest.mark.parametrize("machine", WRONG_ORDERS)
def test_one_step_out_of_order_is_one_finding_of_its_lifecycle_and_nothing_else(machine: str) -> None:
    report = check_events(henan(), edited(*WRONG_ORDERS[machine].edits))
    assert [one.rule for one in report.violations] == [f"lifecycle/{machine}"], told(report.violations)
    assert told(report.inconclusive) == []


def test_each_lifecycle_has_a_step_out_of_order_here() -> None:
    assert set(WRONG_ORDERS) == set(henan().lifecycles)
