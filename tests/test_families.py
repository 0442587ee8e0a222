"""What a rule sees of a case and its family: kinds of case, offices, spans, successors."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from attrs import evolve

from execcheck.events import Event
from execcheck.families import Family
from execcheck.order import sort_events
from execcheck.terms import Span
from ruling import CASE, events, law

RESUMED, AGAIN, REVIEW = "（2022）豫0225执恢2号", "（2023）豫0225执恢3号", "（2022）豫0225执异4号"
NOW = date(2024, 1, 1)

CARRIERS = law().vocabulary.carriers("price")


def family(*short: dict[str, Any], now: date = NOW) -> Family:
    return Family.of(sort_events(events(*short)), law().definitions, now.toordinal())


def filed(case: str = CASE, time: str = "2021-11-01", **more: Any) -> dict[str, Any]:
    return {"time": time, "type": "case.filed", "case": case, **more}


def assigned(handler: str, time: str, case: str = CASE, **more: Any) -> dict[str, Any]:
    return {"time": time, "type": "case.assigned", "case": case, "handler": handler, **more}


# --- the kind of a case ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("case", "given", "kind"),
    [(CASE, None, "执"), (RESUMED, None, "执恢"), (REVIEW, None, "执异"), ("案件甲", None, "执"), (CASE, "执监", "执监"),
     (RESUMED, "执", "执"), ("案件甲", "执恢", "执恢")],
)  # fmt: skip
def test_the_filing_tells_the_kind_of_a_case_then_its_number_then_it_is_an_enforcing_case(
    case: str, given: str | None, kind: str
) -> None:
    more = {} if given is None else {"case_type": given}
    assert family(filed(case, **more)).case_type(case) == kind


def test_a_case_without_a_filing_is_known_by_its_number() -> None:
    assert family({"time": "2021-11-01", "type": "notice.issued", "case": RESUMED}).case_type(RESUMED) == "执恢"


# --- who held an office ---------------------------------------------------------------------------


def handlers(found: Family) -> list[str]:
    return [tenure.person for tenure in found.tenures("handler")]


def at(found: Family, kind: str) -> set[str]:
    (event,) = found.view.of(kind)
    return set(found.holders_at("handler", event))


def test_handlers_are_named_by_assignment_reassignment_and_restoration() -> None:
    found = family(
        assigned("u1", "2021-11-02"),
        {"time": "2021-12-01", "type": "case.reassigned", "handler": "u2"},
        {"time": "2022-03-01", "type": "case.restored", "handler": "u3"},
    )
    assert handlers(found) == ["u1", "u2", "u3"]


def test_a_segment_of_the_work_makes_no_handler() -> None:
    found = family(assigned("u1", "2021-11-02"), assigned("u9", "2021-11-05", method="segment"))
    assert handlers(found) == ["u1"]


def test_reviewers_of_the_family_are_no_handlers() -> None:
    found = family(
        assigned("u1", "2021-11-02"), filed(REVIEW, original_case=CASE), assigned("r1", "2021-11-08", REVIEW)
    )
    assert handlers(found) == ["u1"]


def test_the_holder_at_an_event_is_the_latest_named_at_or_before_it() -> None:
    log = [assigned("u1", "2021-11-02"), {"time": "2021-12-01", "type": "case.reassigned", "handler": "u2"}]
    ruled = {"type": "termination.ruled"}
    assert at(family(*log, {"time": "2021-11-30", **ruled}), "termination.ruled") == {"u1"}
    assert at(family(*log, {"time": "2021-12-02", **ruled}), "termination.ruled") == {"u2"}
    assert at(family(*log, {"time": "2021-11-01", **ruled}), "termination.ruled") == set()
    assert at(family(*log, {"time": "2021-12-01", **ruled}), "termination.ruled") == {"u1", "u2"}


# --- cases that continue each other ---------------------------------------------------------------


def test_a_case_is_taken_up_again_along_its_original_cases() -> None:
    found = family(
        filed(),
        filed(RESUMED, original_case=CASE),
        filed(AGAIN, original_case=RESUMED),
        filed(REVIEW, original_case=CASE),
    )
    assert found.successors(CASE) == {CASE, RESUMED, AGAIN}
    assert found.successors(RESUMED) == {RESUMED, AGAIN}


def test_a_restoration_names_the_case_in_which_it_goes_on() -> None:
    restored = {"time": "2022-03-01", "type": "case.restored", "handler": "u2", "new_case": RESUMED}
    assert family(filed(), restored).successors(CASE) == {CASE, RESUMED}


def test_cases_that_name_each_other_in_a_circle_come_to_an_end() -> None:
    found = family(filed(RESUMED, original_case=AGAIN), filed(AGAIN, original_case=RESUMED))
    assert found.successors(RESUMED) == {RESUMED, AGAIN}


def test_a_case_is_over_until_it_is_restored() -> None:
    closed = {"time": "2022-01-10", "type": "case.closed", "method": "terminated"}
    restored = {"time": "2022-03-01", "type": "case.restored", "handler": "u2"}
    seized = {"time": "2022-03-05", "type": "case.flagged"}

    def over(*log: dict[str, Any]) -> bool:
        found = family(*log)
        return found.ended(CASE, found.view.of("case.flagged")[0])

    assert not over(seized)
    assert over(closed, seized)
    assert not over(closed, restored, seized)
    assert over(closed, restored, seized, {**closed, "time": "2022-06-01"})
    assert over(seized, {"time": "2022-06-01", "type": "case.archived"})


# --- spans ----------------------------------------------------------------------------------------


def spans(name: str, *short: dict[str, Any], now: date = NOW) -> tuple[Span, ...]:
    return family(*short, now=now).view.spans(name)


def ends(found: tuple[Span, ...]) -> list[str | None]:
    return [None if span.end_day is None else date.fromordinal(span.end_day).isoformat() for span in found]


def step(kind: str, time: str, /, **more: Any) -> dict[str, Any]:
    return {"time": time, "type": kind, **more}


def test_a_span_runs_from_its_opening_to_the_first_closing() -> None:
    log = [
        step("suspension.ordered", "2021-11-10"),
        step("suspension.ended", "2021-12-01"),
        step("suspension.ended", "2022-01-01"),
    ]
    assert ends(spans("suspension", *log)) == ["2021-12-01"]
    assert ends(spans("suspension", log[0])) == [None]


def test_spans_may_overlap() -> None:
    log = [
        step("suspension.ordered", "2021-11-10"),
        step("suspension.ordered", "2021-11-20"),
        step("suspension.ended", "2021-12-01"),
    ]
    assert ends(spans("suspension", *log)) == ["2021-12-01", "2021-12-01"]


def test_excluded_times_end_with_the_end_of_their_own_reason() -> None:
    log = [step("exclusion.started", "2021-11-10", reason="audit"), step("exclusion.started", "2021-11-11", reason="appraisal"),
           step("exclusion.ended", "2021-12-01", reason="appraisal")]  # fmt: skip
    assert ends(spans("exclusion", *log)) == [None, "2021-12-01"]


def test_a_postponement_ends_on_the_day_it_names_or_earlier() -> None:
    ordered = step("postponement.ordered", "2021-11-10", until="2021-12-10")
    assert ends(spans("postponement", ordered)) == ["2021-12-10"]
    assert ends(spans("postponement", ordered, step("postponement.ended", "2021-11-20"))) == ["2021-11-20"]
    assert ends(spans("postponement", ordered, step("postponement.ended", "2021-12-20"))) == ["2021-12-10"]
    assert ends(spans("postponement", ordered, now=date(2021, 12, 1))) == [None]


def test_a_settlement_ends_with_the_closing_of_its_own_case_and_of_no_other() -> None:
    reached = step("settlement.reached", "2021-11-10")
    closed = step("case.closed", "2021-12-01", method="dismissed")
    review = filed(REVIEW, original_case=CASE)
    assert ends(spans("settlement", reached, closed)) == ["2021-12-01"]
    assert ends(spans("settlement", reached, review, {**closed, "case": REVIEW})) == [None]
    assert ends(spans("settlement", reached, step("settlement.breached", "2021-11-20"))) == ["2021-11-20"]
    assert ends(spans("settlement", reached, step("settlement.performed", "2021-11-30"))) == ["2021-11-30"]


def test_an_objection_of_a_third_party_is_about_its_asset_and_ends_with_its_own_decision() -> None:
    def objection(name: str, asset: str, kind: str = "third_party") -> dict[str, Any]:
        return step("objection.filed", "2021-11-10", objection=name, asset=asset, kind=kind)

    log = [
        objection("O1", "A1"),
        objection("O2", "A2"),
        objection("O3", "A3", "conduct"),
        step("objection.decided", "2021-12-01", objection="O2"),
    ]
    found = spans("third_party_objection", *log)
    assert [(span.object_id, end) for span, end in zip(found, ends(found), strict=True)] == [
        ("A1", None),
        ("A2", "2021-12-01"),
    ]


def test_an_objection_of_unknown_kind_may_have_stopped_the_clock() -> None:
    (found,) = spans("third_party_objection", step("objection.filed", "2021-11-10", objection="O1", asset="A1"))
    assert found.doubtful == ("kind",)


SEAL: dict[str, Any] = {"type": "asset.controlled", "measure": "seal", "kind": "vehicle", "asset": "A1"}


@pytest.mark.parametrize(
    ("kind", "more", "ended"),
    [("asset.released", {}, True), ("asset.returned", {}, True), ("asset.deducted", {}, True), ("auction.confirmed", {}, True),
     ("in_kind.ordered", {}, True), ("sale.closed", {"outcome": "sold"}, True), ("sale.closed", {"outcome": "unsold"}, False),
     ("auction.closed", {"outcome": "sold"}, False)],
)  # fmt: skip
def test_control_in_first_rank_ends_when_the_asset_goes(kind: str, more: dict[str, Any], ended: bool) -> None:
    found = spans("first_rank_control", {**SEAL, "time": "2021-11-10"}, step(kind, "2021-12-01", asset="A1", **more))
    assert ends(found) == (["2021-12-01"] if ended else [None])


def test_waiting_seizures_and_other_assets_are_another_matter() -> None:
    log = [{**SEAL, "time": "2021-11-10"}, {**SEAL, "time": "2021-11-11", "asset": "A2", "rank": "waiting"},
           step("asset.released", "2021-12-01", asset="A3")]  # fmt: skip
    found = spans("first_rank_control", *log)
    assert [(span.object_id, span.end_day) for span in found] == [("A1", None)]


def covered(span: Span, kind: str, family_: Family) -> bool:
    (event,) = (e for e in family_.view.of(kind))
    return span.covers(event)


@pytest.mark.parametrize(
    ("day", "inside"), [("2021-11-09", False), ("2021-11-10", True), ("2021-11-30", True), ("2021-12-01", False)]
)
def test_a_span_covers_what_comes_after_its_opening_and_in_doubt_not_the_day_of_its_end(day: str, inside: bool) -> None:
    found = family(
        {**SEAL, "time": "2021-11-10"}, step("asset.released", "2021-12-01", asset="A1"), step("case.flagged", day)
    )
    assert covered(found.view.spans("first_rank_control")[0], "case.flagged", found) is inside


# --- looking back ---------------------------------------------------------------------------------


def test_the_latest_earlier_event_is_that_of_the_same_object() -> None:
    log = [step("price.determined", "2021-11-01", asset="A1", price="1.00"), step("price.determined", "2021-11-05", asset="A2", price="2.00"),
           step("price.determined", "2021-12-05", asset="A1", price="3.00"), step("auction.announced", "2021-12-01", asset="A1", mode="online")]  # fmt: skip
    view = family(*log).view
    (announced,) = view.of("auction.announced")

    def price(per: str | None) -> str:
        latest: Event | None = view.latest_before(announced, ("price.determined",), per)
        assert latest is not None
        return str(latest.data["price"])

    assert (price("asset"), price(None)) == ("1.00", "2.00")
    assert view.latest_before(announced, ("auction.announced",), "asset") is None
    assert view.latest_before(announced, ("price.determined", "case.filed"), "asset") is not None


def test_a_view_finds_events_of_several_types_and_those_that_carry_a_field_about_an_object_in_order() -> None:
    log = [step("price.determined", "2021-11-01", asset="A1", price="1.00"), step("price.determined", "2021-11-05", asset="A2", price="2.00"),
           step("auction.announced", "2021-12-01", asset="A1", mode="online"), step("price.determined", "2021-12-05", asset="A1", price="3.00")]  # fmt: skip
    view = family(*log).view
    both = [event.type for event in view.of_any(("auction.announced", "price.determined"))]
    assert both == ["price.determined", "price.determined", "auction.announced", "price.determined"]
    assert view.of_any(("price.determined", "case.closed")) is view.of("price.determined")
    assert list(view.of_any(("case.closed", "case.filed"))) == []
    assert [str(event.data["price"]) for event in view.carrying("price", "asset", "A1", CARRIERS)] == ["1.00", "3.00"]
    assert list(view.carrying("price", "asset", "A3", CARRIERS)) == []


def test_sorting_moves_only_what_is_out_of_order_and_leaves_the_given_list_alone() -> None:
    log = events(filed(time="2021-11-01"), filed(time="2021-11-01T09:00:00+08:00"), filed(time="2021-11-01T01:00:00+00:00"),
                 filed(time="2021-10-31"), filed(time="2021-11-02"))  # fmt: skip
    given = list(log)
    ordered = sort_events(given)
    assert given == list(log)
    assert [event.day - ordered[0].day for event in ordered] == [0, 1, 1, 1, 2]
    assert ordered[3] is log[0]  # a day without an instant comes after the instants of that day
    assert sort_events(list(reversed(log))) == ordered == sort_events(ordered)


def test_whether_an_open_assignment_made_a_handler_stays_open() -> None:
    log = [
        assigned("u1", "2021-11-02"),
        assigned("u2", "2021-11-05"),
        {"time": "2021-12-01", "type": "termination.ruled"},
    ]
    found = family(*log)
    (ruled,) = found.view.of("termination.ruled")
    first, second = found.tenures("handler")
    object.__setattr__(found, "_tenures", {"handler": (first, evolve(second, doubt=("method",)))})
    assert found.holders_at("handler", ruled) == {"u1": (), "u2": ("method",)}
