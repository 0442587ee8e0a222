"""The monitor: events in, one by one; judgements out, at any time."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve

from execcheck.checking import check
from execcheck.defects import DefectiveInput
from execcheck.events import Event
from execcheck.judgement import Judgement, Verdict
from execcheck.monitor import Monitor
from execcheck.needs import ALL_CAPTURED
from lawful import CASE, RELATED, RESTORED, admitted, approved_by, henan, lawful_case
from ruling import book, events

PRICE = "kind: response\nper: asset\nwhen: asset.controlled\nthen: price.determined\nwithin: 30d\n"
CLOSE = "kind: response\nwhen: case.filed\nthen: case.closed\nwithin: 6mo\nstops: [suspension]\n"
SEAL: dict[str, Any] = {"type": "asset.controlled", "measure": "seal", "kind": "vehicle"}
FILED: dict[str, Any] = {"time": "2021-11-01", "type": "case.filed"}
LATER = date(2024, 6, 30)


def watching(*short: dict[str, Any], rules: tuple[str, ...] = (PRICE, CLOSE)) -> Monitor:
    monitor = Monitor(book(*rules))
    for event in events(*short):
        monitor.observe(event)
    return monitor


def seal(asset: str, time: str, **more: Any) -> dict[str, Any]:
    return {**SEAL, "time": time, "asset": asset, **more}


def one(**short: Any) -> Event:
    (event,) = events({"id": "new", **short})
    return event


def names(judgements: tuple[Judgement, ...]) -> list[str]:
    return [judgement.rule for judgement in judgements]


# --- events in ------------------------------------------------------------------------------------


def test_an_empty_monitor_knows_nothing_and_says_nothing() -> None:
    monitor = watching()
    assert monitor.last_moment() is None
    assert monitor.judgements() == monitor.due() == ()
    assert monitor.outcome(LATER).satisfied == {}


def test_the_same_event_twice_counts_once() -> None:
    monitor = watching(seal("A1", "2021-11-01"))
    (again,) = events(seal("A1", "2021-11-01"))
    monitor.observe(again)
    assert len(monitor.judgements()) == 1


def test_an_id_used_again_with_other_content_is_refused_and_both_places_are_named() -> None:
    monitor = watching(seal("A1", "2021-11-01"))
    (other,) = events(seal("A2", "2021-11-01"))
    with pytest.raises(DefectiveInput) as caught:
        monitor.observe(evolve(other, place="log:9"))
    (defect,) = caught.value.defects
    assert defect.place == "log:9"
    assert "e1" in defect.en and "log:1" in defect.en and "e1" in defect.zh
    assert len(monitor.judgements()) == 1, "the first event stays"


@pytest.mark.parametrize(
    "part", [{"source": "offline"}, {"actor": {"id": "u2"}}, {"recorded": "2021-11-02"}, {"value": "5.00"}]
)
def test_content_is_everything_that_an_event_says(part: dict[str, Any]) -> None:
    monitor = watching(seal("A1", "2021-11-01"))
    (other,) = events(seal("A1", "2021-11-01", **part))
    with pytest.raises(DefectiveInput):
        monitor.observe(other)


def test_an_id_belongs_to_one_event_of_the_whole_log_not_of_its_case() -> None:
    monitor = watching(seal("A1", "2021-11-01"))
    (other,) = events(seal("A1", "2021-11-01", case="（2021）豫0225执2号"))
    with pytest.raises(DefectiveInput):
        monitor.observe(other)


def test_the_same_instant_in_another_zone_is_the_same_content() -> None:
    monitor = watching(seal("A1", "2021-11-01T09:00:00+08:00"))
    (abroad,) = events(seal("A1", "2021-11-01T01:00:00+00:00"))
    monitor.observe(abroad)
    assert len(monitor.judgements()) == 1


def test_equal_events_without_ids_on_different_lines_are_two_events_with_findings_of_their_own() -> None:
    twins = [evolve(one(**seal("A1", "2021-11-01")), id=f"log:{n}", place=f"log:{n}", has_id=False) for n in (1, 2)]
    monitor = Monitor(book(PRICE))
    for twin in twins:
        monitor.observe(twin)
    found = monitor.judgements(LATER)
    assert len(found) == 2
    assert len({judgement.fingerprint for judgement in found}) == 2


def test_an_event_without_an_id_is_known_by_its_line() -> None:
    (event,) = events(seal("A1", "2021-11-01"))
    nameless = evolve(event, id="log:1", place="log:1", has_id=False)
    monitor = Monitor(book(PRICE))
    monitor.observe(nameless)
    monitor.observe(evolve(nameless))
    assert len(monitor.judgements(LATER)) == 1


# --- time -----------------------------------------------------------------------------------------


def test_the_last_moment_is_that_of_the_latest_event_and_a_day_counts_as_its_end() -> None:
    monitor = watching(seal("A1", "2021-11-01"), seal("A2", "2021-11-03T18:00:00+08:00"), seal("A3", "2021-11-02"))
    assert monitor.last_moment() == datetime.fromisoformat("2021-11-03T18:00:00+08:00")
    monitor.observe(one(**seal("A4", "2021-11-03")))
    assert monitor.last_moment() == date(2021, 11, 3)


def test_an_observation_day_means_its_end_and_an_instant_cuts_through_the_day() -> None:
    monitor = watching(
        seal("A1", "2021-11-01T09:00:00+08:00"), seal("A2", "2021-11-01T15:00:00+08:00"), seal("A3", "2021-11-01")
    )
    noon = datetime.fromisoformat("2021-11-01T12:00:00+08:00")
    assert [j.objects["asset"] for j in monitor.judgements(noon)] == ["A1", "A3"]
    assert len(monitor.judgements(date(2021, 11, 1))) == 3
    assert monitor.judgements(date(2021, 10, 31)) == ()


def test_an_observation_instant_falls_on_the_day_of_the_court() -> None:
    monitor = watching(seal("A1", "2021-11-01"))
    still = datetime.fromisoformat("2021-12-01T15:59:00+00:00")  # one minute to midnight in Henan
    assert monitor.judgements(still)[0].verdict is Verdict.PENDING
    assert monitor.judgements(still + timedelta(minutes=2))[0].verdict is Verdict.VIOLATED


def test_events_after_the_observation_are_ignored_and_counted() -> None:
    monitor = watching(seal("A1", "2021-11-01"), seal("A2", "2021-12-24"), {**FILED, "time": "2022-01-01"})
    assert monitor.outcome(date(2021, 11, 30)).ignored == 2
    assert monitor.outcome().ignored == 0


# --- duties that are due --------------------------------------------------------------------------


def test_open_duties_come_soonest_first_and_those_without_a_day_last() -> None:
    monitor = watching(
        FILED, {"time": "2021-11-02", "type": "suspension.ordered"}, seal("A2", "2021-11-10"), seal("A1", "2021-11-05")
    )
    assert [(j.rule, str(j.due)) for j in monitor.due()] == [
        ("trial/rule0", "2021-12-06"), ("trial/rule0", "2021-12-10"), ("trial/rule1", "None"),
    ]  # fmt: skip


def test_within_takes_what_falls_due_by_then_counted_from_the_observation() -> None:
    monitor = watching(seal("A1", "2021-11-05"), seal("A2", "2021-11-10"), FILED)
    limit = timedelta(days=7)
    assert [j.objects["asset"] for j in monitor.due(date(2021, 11, 29), limit)] == ["A1"]
    assert monitor.due(date(2021, 11, 28), limit) == ()


def test_what_is_met_or_overdue_is_no_open_duty() -> None:
    priced = {"time": "2021-11-20", "type": "price.determined", "asset": "A1"}
    monitor = watching(seal("A1", "2021-11-05"), seal("A2", "2021-11-10"), priced)
    assert [j.objects["asset"] for j in monitor.due()] == ["A2"]
    assert monitor.due(date(2021, 12, 11)) == ()


# --- looking ahead --------------------------------------------------------------------------------


def court(until: str) -> Monitor:
    """The lawful case as far as an event."""
    monitor = Monitor(henan())
    for event in admitted(henan(), lawful_case()):
        if event.type == until and event.case == CASE:
            break
        monitor.observe(event)
    return monitor


def ruling(**more: Any) -> Event:
    """A termination by a full panel with approval, supposed to happen in the case."""
    raw = next(e for e in lawful_case() if e["type"] == "termination.ruled")
    return admitted(henan(), [{**raw, "id": "supposed", **more}])[0]


def test_a_lawful_step_may_be_taken() -> None:
    assert names(court("termination.ruled").preview(ruling()).found) == []


def test_a_termination_before_the_interview_is_shown_before_it_is_ruled() -> None:
    found = court("interview.held").preview(ruling()).found
    assert {"henan-2021/interview-before-termination", "henan-2021/interview-opinion-recorded"} <= set(names(found))
    assert all(judgement.verdict in (Verdict.VIOLATED, Verdict.INCONCLUSIVE) for judgement in found)


def test_only_what_the_step_adds_is_shown() -> None:
    monitor = court("termination.ruled")
    before = {judgement.fingerprint for judgement in monitor.judgements()}
    found = monitor.preview(ruling(approvals=approved_by("president"))).found
    assert names(found) == ["henan-2021/termination-approved-by-bureau-head"]
    assert not before & {judgement.fingerprint for judgement in found}


def test_looking_ahead_changes_nothing() -> None:
    monitor = court("interview.held")
    before, last, cases = monitor.judgements(LATER), monitor.last_moment(), monitor.cases()
    once, again = monitor.preview(ruling()), monitor.preview(ruling())
    assert (once.found, once.opened, once.settled) == (again.found, again.opened, again.settled)
    assert (monitor.judgements(LATER), monitor.last_moment(), monitor.cases()) == (before, last, cases)


def test_a_first_step_of_an_unknown_case_can_be_looked_at() -> None:
    found = watching(rules=("kind: absence\nwhen: case.filed\n",)).preview(one(**FILED)).found
    assert [judgement.trigger.id for judgement in found] == ["new"]


def test_a_supposed_filing_is_seen_in_the_family_that_it_names() -> None:
    rule = "kind: precedence\nwhen: case.filed\nneeds: restoration.reviewed\nacross: family\n"
    reviewed = {"time": "2022-02-01", "type": "restoration.reviewed", "result": "grant"}
    filed = one(time="2022-03-01", type="case.filed", case="（2022）豫0225执恢2号", original_case="（2021）豫0225执1号")
    monitor = watching(reviewed, rules=(rule,))
    assert not monitor.preview(filed)
    monitor.observe(filed)
    assert monitor.judgements() == ()


def test_an_event_that_is_known_already_adds_nothing() -> None:
    rule = (
        "kind: aggregate\nwhen: payment.disbursed\ntotal: {sum: amount, over: payment.disbursed}\n"
        "at_most: {sum: amount, over: payment.received}\n"
    )
    money = {"payment": "P1", "amount": "100.00"}
    paid = {"time": "2021-11-02", "type": "payment.disbursed", **money}
    monitor = watching({"time": "2021-11-01", "type": "payment.received", **money}, paid, rules=(rule,))
    assert not monitor.preview(events({"id": "e2", **paid})[0])


# --- letting go -----------------------------------------------------------------------------------


def test_releasing_a_case_gives_its_judgements_and_forgets_it_with_its_relations() -> None:
    monitor = Monitor(henan())
    for event in admitted(henan(), lawful_case()):
        monitor.observe(event)
    assert set(monitor.cases()) == {RELATED, CASE, RESTORED}
    whole = monitor.outcome(LATER)
    found = monitor.release(RESTORED, LATER)
    assert monitor.cases() == ()
    assert {j.fingerprint for j in found.judgements} == {j.fingerprint for j in whole.judgements}
    assert found.satisfied == whole.satisfied
    assert monitor.judgements(LATER) == ()


def test_releasing_one_case_leaves_the_others() -> None:
    monitor = watching(seal("A1", "2021-11-01"), seal("A1", "2021-11-01", case="（2021）豫0225执2号"))
    monitor.release("（2021）豫0225执1号", LATER)
    assert monitor.cases() == ("（2021）豫0225执2号",)
    assert [judgement.case for judgement in monitor.judgements(LATER)] == ["（2021）豫0225执2号"]


def test_released_case_by_case_a_log_comes_out_as_in_a_whole_check() -> None:
    log = admitted(henan(), lawful_case())
    report = check(log, henan(), as_of=LATER)
    monitor = Monitor(henan(), capture=check_capture(log))
    for event in log:
        monitor.observe(event)
    released = [monitor.release(case, LATER) for case in (CASE,)]
    assert sum(sum(outcome.satisfied.values()) for outcome in released) == report.summary.satisfied
    assert {j.fingerprint for outcome in released for j in outcome.judgements} == {
        j.fingerprint for j in (*report.violations, *report.inconclusive, *report.pending)
    }


def check_capture(log: list[Event]) -> Any:
    """What the log does not carry; nothing, for the lawful case."""
    assert check(log, henan()).summary.not_captured == ()
    return ALL_CAPTURED
