"""One departure from national law in the lawful case, over Henan and national law together: exactly its own findings."""

from __future__ import annotations

import pytest

from execcheck.lawbook import load_law
from lawful import CASE, Edit, approved_by, at, change, check_events, drop, edited, panel, told

AUCTION = at("auction.announced", asset="A1")
NOTICE = (
    "cpl-interpretation/notice-in-10-days", "procedure-interpretation/notice-follows-immediate-control",
    "termination/notice-before-termination", "time-limits/notice-in-3-days-of-assignment",
)  # fmt: skip
REPORT = ("property-investigation/report-ordered-with-notice", "termination/report-order-before-termination")

VARIANTS: dict[str, tuple[Edit, tuple[str, ...]]] = {
    "real estate sealed for a day too long": (
        change(at("asset.controlled", asset="A1"), expires="2025-03-02"), ("cpl-interpretation/control-term-other",)),
    "a deposit frozen for a day too long": (
        change(at("asset.controlled", asset="A2"), expires="2023-03-01"), ("cpl-interpretation/control-term-deposit",)),
    "a fine that the bureau head approved": (
        change(at("coercion.imposed", measure="fine"), approvals=approved_by("bureau_head")),
        ("cpl/coercion-approved-by-president",)),
    "a search that nobody signed": (
        change(at("coercion.imposed", measure="search"), approvals=[]), ("cpl/search-and-eviction-by-president",)),
    "bidding opened a day too soon": (
        change(AUCTION, opens="2022-06-14"), ("online-auction/immovable-announced-30-days-before",)),
    "a starting price a fen too low": (change(AUCTION, start_price="503999.99"), ("online-auction/start-price-floor",)),
    "a deposit a fen too high": (
        change(AUCTION, deposit="100800.01"), ("online-auction/deposit-within-5-to-20-percent",)),
    "parties told two days before": (
        change(at("auction.notified", asset="A1"), time="2022-05-14T10:00:00+08:00"),
        ("online-auction/parties-notified-3-days-before-announcement",)),
    "confirmation served on the eleventh day": (
        change(at("auction.confirmation_served", asset="A1"), time="2022-07-05T10:00:00+08:00"),
        ("auction-sale/confirmation-served-in-10-days",)),
    "delivered after the fifteenth day": (
        change(at("asset.delivered", asset="A1"), time="2022-07-18T10:00:00+08:00"),
        ("auction-sale/asset-delivered-in-15-days",)),
    "a price valid for more than a year": (
        change(at("price.determined", asset="A1"), valid_until="2023-04-30"),
        ("reference-price/price-valid-at-most-a-year",)),
    "surveyed only after the price": (
        change(at("asset.surveyed", asset="A3"), time="2022-03-18T09:00:00+08:00"),
        ("reference-price/asset-surveyed-before-price",)),
    "a restriction that the president did not sign": (
        change(at("restriction.imposed", party="P3"), approvals=approved_by("bureau_head")),
        ("restriction/restriction-signed-by-president",)),
    "a listing that nobody signed": (
        change(at("dishonesty.listed", party="P2"), approvals=[]), ("dishonesty/listing-signed-by-president",)),
    "an extension by the bureau head": (
        change(at("extension.granted"), approvals=approved_by("bureau_head")),
        ("enforcement-time/extension-approved-by-president",)),
    "an extension of more than three months": (
        change(at("extension.granted"), until="2022-12-31"), ("enforcement-time/extension-at-most-three-months",)),
    "a contested termination without the president": (
        change(at("termination.ruled"), applicant_consent=False),
        ("cpl-interpretation/contested-termination-by-president",)),
    "an objection never accepted": (
        drop(at("objection.accepted", objection="O2")), ("objection/objection-accepted-in-3-days",)),
    "parties never told of the objection": (
        drop(at("objection.notified", objection="O2")), ("objection/objection-notified-in-3-days",)),
    "a panel of two: one finding, under the Henan rule": (
        change(at("objection.decided", objection="O2"), panel=panel("r41", "r42")),
        ("henan-2021/panel-for-major-matters",)),
    "an agency's application never accepted": (
        drop(at("review.accepted")), ("administrative/administrative-accepted-in-5-working-days",)),
    "no enforcement notice: four duties rest on it": (drop(at("notice.issued", case=CASE)), NOTICE),
    "no order to report: two duties rest on it": (drop(at("property_report.ordered", case=CASE)), REPORT),
}  # fmt: skip


@pytest.mark.parametrize("name", VARIANTS)
def test_a_departure_from_national_law_is_found_and_nothing_else(name: str) -> None:
    edit, rules = VARIANTS[name]
    report = check_events(load_law(), edited(edit))
    assert {one.rule for one in report.violations} == set(rules), told(report.violations)
    assert told(report.inconclusive) == []
