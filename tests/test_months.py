"""Times of which only the month is known: what they decide, and what they leave open."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from execcheck.checking import check
from execcheck.defects import DefectiveInput
from execcheck.events import Event, Month, end_of
from execcheck.moments import Clock
from execcheck.order import before, certainly_before, sort_events
from ruling import CASE, book, events, judge, law, verdicts

VERIFIED = "kind: response\nper: clue\nwhen: clue.provided\nthen: clue.verified\nwithin: 10d\n"
PAUSED = VERIFIED + "stops: [suspension]\n"
UNLESS = VERIFIED.replace("per: clue\n", "") + "unless: case.closed\n"


def given(time: str) -> dict[str, Any]:
    return {"time": time, "type": "clue.provided", "clue": "K1"}


def done(time: str) -> dict[str, Any]:
    return {"time": time, "type": "clue.verified", "clue": "K1"}


def event(time: str) -> Event:
    return law().event({"id": "e1", "case": CASE, "time": time, "type": "notice.issued"})


# --- the event ----------------------------------------------------------------------------------------------


def test_a_month_is_read_printed_and_known_by_its_first_and_last_day() -> None:
    moment, day = Clock().read("2024-02")
    assert isinstance(moment, Month)
    assert (moment.isoformat(), str(moment), day) == ("2024-02", "2024-02", date(2024, 2, 1).toordinal())
    assert (event("2024-02").day, event("2024-02").last) == (day, date(2024, 2, 29).toordinal())


def test_a_month_is_not_the_same_as_its_first_day() -> None:
    month, _ = Clock().read("2024-02")
    assert month != date(2024, 2, 1)
    assert month == Month(2024, 2, 1)
    assert len({month, Month(2024, 2, 1), date(2024, 2, 1)}) == 2


@pytest.mark.parametrize("text", ["2024-13", "2024-00", "2024-2", "1948-12", "2201-01", "2024-02-"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(DefectiveInput):
        event(text)


@pytest.mark.parametrize("where", [{"expires": "2024-02"}, {"closes": "2024-02"}])
def test_data_take_a_day_and_no_month(where: dict[str, str]) -> None:
    kind = "asset.controlled" if "expires" in where else "auction.announced"
    needed: dict[str, Any] = {"measure": "seal", "kind": "equity"} if "expires" in where else {"mode": "online"}
    with pytest.raises(DefectiveInput):
        law().event({"case": CASE, "time": "2024-01-01", "type": kind, "data": {**needed, **where}})


def test_the_observation_time_of_a_log_that_ends_with_a_month_is_the_last_day_of_it() -> None:
    report = check(events(given("2018-05-03"), done("2018-05")), book(VERIFIED))
    assert report.as_of == date(2018, 5, 31)
    assert end_of(Month(2018, 5, 1)) == date(2018, 5, 31)


# --- order --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "maybe", "sure"),
    [
        ("2018-05", "2018-06-01", True, True),
        ("2018-05", "2018-05-31", True, False),
        ("2018-05", "2018-05-01", True, False),
        ("2018-05-31", "2018-05", True, False),
        ("2018-06-01", "2018-05", False, False),
        ("2018-05", "2018-05", True, False),
        ("2018-05", "2018-06", True, True),
        ("2018-06", "2018-05", False, False),
        ("2018-05-10T08:00:00+08:00", "2018-05", True, False),
    ],
)
def test_what_may_and_what_certainly_does_come_first(one: str, other: str, maybe: bool, sure: bool) -> None:
    assert (before(event(one), event(other)), certainly_before(event(one), event(other))) == (maybe, sure)


def test_a_month_stands_at_its_end_in_the_order_of_the_log() -> None:
    times = ["2018-06-01", "2018-05", "2018-05-31", "2018-05-01T09:00:00+08:00"]
    ordered = sort_events([event(time) for time in times])
    assert [e.time.isoformat()[:10] for e in ordered] == ["2018-05-01", "2018-05-31", "2018-05", "2018-06-01"]


# --- deadlines ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "verdict"),
    [
        ("2018-05-02", "2018-05", "inconclusive"),  # due on 14 May: before or after it
        ("2018-05-25", "2018-05", "satisfied"),  # due on 4 June: any day of May will do
        ("2018-05-02", "2018-06", "violated"),  # even the first of June is late
        ("2018-05", "2018-05-03", "satisfied"),
        ("2018-05", "2018-06-04", "inconclusive"),  # in time from 25 May on
        ("2018-05", "2018-06-11", "inconclusive"),  # 31 May and ten days, a Sunday, are 11 June
        ("2018-05", "2018-06-12", "violated"),
        ("2018-05", "2018-05", "inconclusive"),
        ("2018-05", "2018-07", "violated"),
    ],
)
def test_a_month_decides_a_deadline_only_where_every_day_of_it_agrees(start: str, end: str, verdict: str) -> None:
    assert verdicts(VERIFIED, given(start), done(end)) == [verdict]


def test_what_is_inconclusive_names_the_time_and_what_is_late_counts_from_the_kindest_reading() -> None:
    (open_,) = judge(VERIFIED, given("2018-05-02"), done("2018-05"))
    assert open_.missing == ("time",)
    (late,) = judge(VERIFIED, given("2018-05"), done("2018-07"))
    assert (str(late.due), late.days_late) == ("2018-06-11", 20)
    assert "2018-05" in late.message.zh and "2018-05-01" not in late.message.zh


def test_a_duty_is_overdue_only_when_the_kindest_reading_is_past() -> None:
    assert verdicts(VERIFIED, given("2018-05"), as_of="2018-06-11") == ["pending"]
    assert verdicts(VERIFIED, given("2018-05"), as_of="2018-06-12") == ["violated"]


def test_a_stop_whose_days_are_not_known_may_have_run_the_whole_month() -> None:
    stop = [{"time": "2018-05", "type": "suspension.ordered"}, {"time": "2018-06", "type": "suspension.ended"}]
    assert verdicts(PAUSED, given("2018-05-02"), *stop, done("2018-05-14")) == ["satisfied"]
    assert verdicts(PAUSED, given("2018-05-02"), *stop, done("2018-07-09")) == ["inconclusive"]
    assert verdicts(PAUSED, given("2018-05-02"), *stop, done("2018-07-10")) == ["violated"]


def test_an_excuse_of_which_only_the_month_is_known_leaves_open_what_it_may_have_saved() -> None:
    closed = {"type": "case.closed", "method": "performed"}
    assert verdicts(UNLESS, given("2018-05-02"), {"time": "2018-05", **closed}) == ["inconclusive"]
    assert verdicts(UNLESS, given("2018-05-25"), {"time": "2018-05", **closed}) == ["satisfied"]


# --- other kinds --------------------------------------------------------------------------------------------

NEEDS = "kind: precedence\nwhen: termination.ruled\nneeds: interview.held\n"
THREE = NEEDS + "at_least: 3d\n"
LATELY = NEEDS + "within: 1mo\n"
APART = "kind: interval\nwhen: termination.ruled\nafter: case.filed\nwithin: 3mo\nstrictly: true\n"
SOON = "kind: recurrence\nwhen: termination.ruled\nthen: {event: query.online}\nwithin: 6mo\nuntil: case.restored\n"


def told(kind: str, time: str) -> dict[str, Any]:
    return {"time": time, "type": kind, **({"channel": "national"} if kind == "query.online" else {})}


@pytest.mark.parametrize(
    ("rule", "first", "second", "verdict"),
    [
        (NEEDS, ("interview.held", "2018-05"), ("termination.ruled", "2018-05-10"), "satisfied"),
        (NEEDS, ("interview.held", "2018-06"), ("termination.ruled", "2018-05-10"), "violated"),
        (THREE, ("interview.held", "2018-05"), ("termination.ruled", "2018-06-03"), "satisfied"),
        (THREE, ("interview.held", "2018-05"), ("termination.ruled", "2018-05-20"), "inconclusive"),
        (THREE, ("interview.held", "2018-05"), ("termination.ruled", "2018-05-03"), "violated"),
        (LATELY, ("interview.held", "2018-05"), ("termination.ruled", "2018-06-01"), "satisfied"),
        (LATELY, ("interview.held", "2018-05"), ("termination.ruled", "2018-06-20"), "inconclusive"),
        (LATELY, ("interview.held", "2018-05"), ("termination.ruled", "2018-07-02"), "violated"),
        (APART, ("case.filed", "2018-01"), ("termination.ruled", "2018-05-01"), "satisfied"),
        (APART, ("case.filed", "2018-01"), ("termination.ruled", "2018-04-10"), "inconclusive"),
        (APART, ("case.filed", "2018-01"), ("termination.ruled", "2018-04-01"), "violated"),
    ],
)
def test_the_other_kinds_leave_open_what_a_month_does_not_tell(
    rule: str, first: tuple[str, str], second: tuple[str, str], verdict: str
) -> None:
    assert verdicts(rule, told(*first), told(*second)) == [verdict]


def test_a_gap_between_months_is_judged_from_its_shortest_to_its_longest_reading() -> None:
    def gaps(*times: str) -> list[str]:
        queries = [told("query.online", time) for time in times]
        restored = {"time": "2019-03-01", "type": "case.restored", "handler": "h1"}
        return sorted(verdicts(SOON, told("termination.ruled", "2018-01-05"), *queries, restored))

    assert gaps("2018-06", "2018-11") == ["satisfied", "satisfied", "satisfied"]
    assert gaps("2018-07", "2018-12") == ["inconclusive", "satisfied", "satisfied"]
    assert gaps("2018-08", "2018-12") == ["satisfied", "satisfied", "violated"]


def test_a_condition_on_the_day_of_an_event_is_open_where_the_days_of_the_month_differ() -> None:
    rule = "kind: condition\nwhen: notice.issued\nrequire: {time: {at_most: {field: recorded, plus: 0d}}}\n"
    for recorded, verdict in (("2018-05-31", "satisfied"), ("2018-05-10", "inconclusive"), ("2018-04-30", "violated")):
        assert verdicts(rule, {"time": "2018-05", "type": "notice.issued", "recorded": recorded}) == [verdict]


def test_a_lifecycle_takes_a_month_wherever_in_it_the_law_allows() -> None:
    def wrong(*times: str) -> int:
        kinds = ("suggestion.received", "suggestion.replied", "suggestion.completed")
        log = [{"time": t, "type": k, "suggestion": "S1"} for t, k in zip(times, kinds, strict=True)]
        found = check(events(*log), law().selected(["lifecycle/suggestion"]))
        return len(found.violations)

    assert wrong("2018-05-20", "2018-05", "2018-05-25") == 0
    assert wrong("2018-05", "2018-05-02", "2018-05") == 0
    assert wrong("2018-06", "2018-05", "2018-07") == 1
    assert wrong("2018-05-20", "2018-05", "2018-05-10") == 1


def test_the_order_of_lines_does_not_matter_where_months_are_in_the_log() -> None:
    log = events(given("2018-05"), done("2018-06-04"), told("termination.ruled", "2018-06"))
    reports = [check(order, book(VERIFIED, NEEDS)) for order in (log, log[::-1], [log[1], log[2], log[0]])]
    assert reports[0] == reports[1] == reports[2]
