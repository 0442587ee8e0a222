"""Legal periods: sentences of the law, and everything against a slow reference."""

import pickle
from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from execcheck.calendars import Calendar
from execcheck.durations import END
from execcheck.periods import (
    Deadline,
    Period,
    PeriodError,
    Stop,
    deadline,
    due_day,
    extend,
    far_enough,
    fixed,
    hours_met,
    minus,
    plus,
)
from reference_periods import due as slow_due
from reference_periods import month_after

CALENDAR = Calendar.load()
NAMES = {"suspension": ("中止执行", "suspension"), "postponement": ("暂缓执行", "postponement")}


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def stop(start: str, end: str | None = None, kind: str = "suspension") -> Stop:
    return Stop(kind, day(start), day(end) if end else None)


def due(start: str, period: str, *stops: Stop) -> str | None:
    found = due_day(CALENDAR, day(start), Period.parse(period), stops)
    assert found == worked_out(start, period, *stops).due
    return None if found is None else date.fromordinal(found).isoformat()


def worked_out(start: str, period: str, *stops: Stop) -> Deadline:
    return deadline(CALENDAR, day(start), Period.parse(period), stops, NAMES)


# --- counting ----------------------------------------------------------------------------------------


def test_the_day_of_the_trigger_is_not_counted() -> None:
    assert due("2021-11-01", "30d") == "2021-12-01"
    assert due("2021-11-01", "1d") == "2021-11-02"


def test_a_period_ending_on_a_holiday_moves_to_the_next_working_day() -> None:
    assert due("2021-09-01", "30d") == "2021-10-08"
    assert due("2021-09-01", "1mo") == "2021-10-08"
    assert due("2020-10-01", "1y") == "2021-10-08"


def test_a_period_ending_on_a_make_up_saturday_does_not_move() -> None:
    assert due("2021-09-09", "30d") == "2021-10-09"


def test_a_month_from_the_end_of_january_ends_with_february() -> None:
    assert due("2022-01-31", "1mo") == "2022-02-28"
    assert due("2024-01-31", "1mo") == "2024-02-29"


def test_months_are_counted_from_the_start_and_never_month_by_month() -> None:
    one, five, six = (Period.parse(text) for text in ("1mo", "5mo", "6mo"))
    assert plus(day("2022-01-31"), six) == day("2022-07-31")
    assert plus(plus(day("2022-01-31"), one), five) == day("2022-07-28")


def test_a_year_from_a_leap_day_ends_on_the_last_of_february() -> None:
    assert plus(day("2024-02-29"), Period.parse("1y")) == day("2025-02-28")
    assert plus(day("2024-02-29"), Period.parse("4y")) == day("2028-02-29")
    assert minus(day("2024-02-29"), Period.parse("1y")) == day("2023-02-28")


def test_the_corresponding_day_before_is_the_last_of_a_shorter_month() -> None:
    assert minus(day("2022-03-31"), Period.parse("1mo")) == day("2022-02-28")
    assert minus(day("2022-03-31"), Period.parse("31d")) == day("2022-02-28")
    assert minus(day("2022-03-31"), Period.parse("25h")) == day("2022-03-29")


def test_working_days_skip_the_holidays_and_count_make_up_days() -> None:
    assert due("2021-09-30", "1wd") == "2021-10-08"
    assert due("2021-09-30", "2wd") == "2021-10-09"
    assert due("2021-09-30", "3wd") == "2021-10-11"


def test_nothing_after_the_same_day_never_rolls() -> None:
    assert due("2021-11-20", "0d") == "2021-11-20"  # a Saturday
    assert due("2021-11-20", "0d", stop("2021-11-01")) == "2021-11-20"


def test_hours_count_as_days_begun_and_never_roll() -> None:
    assert due("2021-11-19", "24h") == "2021-11-20"  # a Saturday
    assert due("2021-11-19", "25h") == "2021-11-21"
    assert due("2021-11-19", "48h") == "2021-11-21"


def test_hours_between_instants_are_counted_to_the_second() -> None:
    court, utc = timezone(timedelta(hours=8)), timezone(timedelta(0))
    start = datetime(2021, 11, 1, 9, tzinfo=court)
    assert hours_met(start, datetime(2021, 11, 2, 1, 0, 0, tzinfo=utc), Period.parse("24h"))
    assert not hours_met(start, datetime(2021, 11, 2, 1, 0, 1, tzinfo=utc), Period.parse("24h"))
    with pytest.raises(PeriodError):
        hours_met(start, start, Period.parse("1d"))


def test_minimum_distances_compare_calendar_days_and_never_roll() -> None:
    three = Period.parse("3d")
    assert far_enough(day("2021-11-17"), day("2021-11-20"), three)
    assert not far_enough(day("2021-11-18"), day("2021-11-20"), three)
    assert not far_enough(day("2021-11-17"), day("2021-11-20"), three, strictly=True)
    assert far_enough(day("2022-01-31"), day("2022-02-28"), Period.parse("1mo"))


def test_a_distance_in_working_days_is_refused() -> None:
    for count in (plus, minus):
        with pytest.raises(PeriodError):
            count(day("2021-11-01"), Period.parse("3wd"))


def test_arithmetic_stops_at_either_end_of_time() -> None:
    assert plus(END - 3, Period.parse("30d")) == plus(END - 3, Period.parse("1mo")) == END
    assert minus(3, Period.parse("30d")) == minus(3, Period.parse("1y")) == 1
    assert due_day(CALENDAR, END - 3, Period.parse("10d"), (Stop("suspension", END - 2, END),)) == END


# --- clock stops -------------------------------------------------------------------------------------


def test_days_of_a_stop_do_not_count_and_its_closing_day_does() -> None:
    assert due("2021-11-01", "10d", stop("2021-11-05", "2021-11-08")) == "2021-11-15"  # the 14th is a Sunday
    assert worked_out("2021-11-01", "10d", stop("2021-11-05", "2021-11-08")).last == day("2021-11-14")


def test_a_stop_closed_on_the_day_it_opened_changes_nothing() -> None:
    found = worked_out("2021-11-01", "10d", stop("2021-11-05", "2021-11-05"))
    assert (found.due, found.stops) == (day("2021-11-11"), ())


def test_a_stop_that_opens_on_the_last_day_takes_that_day_out() -> None:
    assert due("2021-11-01", "10d", stop("2021-11-11", "2021-11-12")) == "2021-11-12"
    assert due("2021-11-01", "10d", stop("2021-11-11")) is None
    assert due("2021-11-01", "10d", stop("2021-11-12")) == "2021-11-11"


def test_a_stop_that_opens_inside_the_rollover_changes_nothing() -> None:
    found = worked_out("2021-11-10", "10d", stop("2021-11-21"))  # ends on Saturday the 20th
    assert (found.due, found.stops, found.stopped_days) == (day("2021-11-22"), (), 0)


def test_overlapping_and_nested_stops_count_once() -> None:
    nested = (stop("2021-11-03", "2021-11-13"), stop("2021-11-05", "2021-11-07", "postponement"))
    overlapping = (stop("2021-11-03", "2021-11-08"), stop("2021-11-06", "2021-11-13", "postponement"))
    for stops in (nested, overlapping):
        found = worked_out("2021-11-01", "30d", *stops)
        assert (found.stopped_days, found.last, len(found.stops)) == (10, day("2021-12-11"), 2)


def test_a_stop_reached_only_because_another_moved_the_last_day_counts() -> None:
    first, second = stop("2021-11-11", "2021-11-16"), stop("2021-11-16", "2021-11-17")
    assert due("2021-11-01", "10d", first, second) == "2021-11-17"


def test_a_stop_open_before_the_trigger_counts_from_the_day_after_it() -> None:
    assert due("2021-11-01", "10d", stop("2021-10-01", "2021-11-04")) == "2021-11-15"  # from Saturday 13th
    assert worked_out("2021-11-01", "10d", stop("2021-10-01", "2021-11-04")).stopped_days == 2
    assert due("2021-11-01", "10d", stop("2021-10-01", "2021-11-02")) == "2021-11-11"
    assert due("2021-11-01", "10d", stop("2021-10-01")) is None


def test_an_open_stop_leaves_the_due_day_unknown() -> None:
    closed, still_open = stop("2021-11-05", "2021-11-10"), stop("2021-12-06", kind="postponement")
    found = worked_out("2021-11-01", "30d", closed, still_open)
    assert (found.due, found.last, found.stopped_days, found.provisional) == (None, None, 5, False)
    assert [s.kind for s in found.stops] == ["suspension", "postponement"]


def test_working_days_inside_a_stop_do_not_count() -> None:
    assert due("2021-11-01", "5wd", stop("2021-11-03", "2021-11-09")) == "2021-11-12"
    weekend = worked_out("2021-11-01", "5wd", stop("2021-11-06", "2021-11-08"))
    assert (weekend.due, weekend.stops, weekend.stopped_days) == (day("2021-11-08"), (), 0)


# --- extensions, given dates, provisional years --------------------------------------------------------


def test_an_extension_replaces_the_due_day_and_does_not_roll() -> None:
    saturday = day("2022-01-08")
    extended = extend(worked_out("2021-11-01", "30d"), saturday)
    assert (extended.due, extended.extended_to, extended.last) == (saturday, saturday, day("2021-12-01"))
    assert extend(extended, saturday + 30).due == saturday + 30


def test_a_due_day_given_in_the_data_never_rolls() -> None:
    given_day = fixed(day("2021-11-20"))
    assert (given_day.due, given_day.fixed, given_day.rolled_over) == (day("2021-11-20"), True, ())


@pytest.mark.parametrize(("start", "period", "provisional"), [
    ("2026-11-01", "30d", False),
    ("2026-12-05", "30d", True),     # ends in 2027
    ("2026-12-01", "1mo", True),     # rolls within 2027
    ("2026-12-31", "1wd", True),
    ("2026-12-30", "1wd", False),
    ("2003-12-31", "30d", False),    # no day of 2003 is consulted
    ("2003-12-30", "3wd", True),
    ("2027-06-01", "0d", False),     # neither asks whether any day is a rest day
    ("2027-06-01", "24h", False),
])  # fmt: skip
def test_a_due_day_is_provisional_where_a_year_without_notice_was_consulted(
    start: str, period: str, provisional: bool
) -> None:
    assert worked_out(start, period).provisional is provisional


# --- against the reference -----------------------------------------------------------------------------

STARTS = st.dates(date(2004, 1, 1), date(2030, 12, 31))
PERIODS = st.one_of(
    st.builds(Period, st.integers(0, 200), st.sampled_from(["d", "h"])),
    st.builds(Period, st.integers(0, 60), st.just("wd")),
    st.builds(Period, st.integers(0, 30), st.just("mo")),
    st.builds(Period, st.integers(0, 4), st.just("y")),
)
STOPS = st.lists(
    st.tuples(st.integers(-30, 300), st.one_of(st.integers(0, 90), st.integers(0, 90), st.none())), max_size=5
)


@settings(deadline=None)
@given(STARTS, PERIODS, STOPS, st.dictionaries(st.integers(0, 400), st.booleans(), max_size=4))
def test_every_due_day_agrees_with_counting_on_a_wall_calendar(
    start: date, period: Period, spans: Sequence[tuple[int, int | None]], closures: dict[int, bool]
) -> None:
    calendar = Calendar.load({start + timedelta(n): rest for n, rest in closures.items()})
    stopped = [(start + timedelta(first), None if length is None else start + timedelta(first + length))
               for first, length in spans]  # fmt: skip
    expected, skipped, days = slow_due(
        start, period.count, period.unit, stopped, lambda d: calendar.is_rest(d.toordinal())
    )
    stops = tuple(Stop("suspension", first.toordinal(), None if end is None else end.toordinal())
                  for first, end in stopped)  # fmt: skip
    found = deadline(calendar, start.toordinal(), period, stops)
    assert found.due == due_day(calendar, start.toordinal(), period, stops)
    assert found.due == (expected.toordinal() if expected else None)
    assert found.rolled_over == tuple(d.toordinal() for d in skipped)
    assert expected is None or period.unit == "wd" or found.stopped_days == days
    assert found == deadline(calendar, start.toordinal(), period, found.stops), "the other stops do not matter"
    assert found.explain(calendar, "zh").endswith("。") and found.explain(calendar, "en").endswith(".")


@given(STARTS, PERIODS)
def test_asking_again_gives_the_same_due_day(start: date, period: Period) -> None:
    first = due_day(CALENDAR, start.toordinal(), period)
    assert first == due_day(CALENDAR, start.toordinal(), Period(period.count, period.unit))
    assert first == deadline(CALENDAR, start.toordinal(), period).due


@given(STARTS, st.integers(0, 60))
def test_months_agree_with_stepping_through_the_calendar(start: date, months: int) -> None:
    assert plus(start.toordinal(), Period(months, "mo")) == month_after(start, months).toordinal()


@given(STARTS, st.builds(Period, st.integers(0, 99), st.sampled_from(["d", "mo", "y", "h"])))
def test_going_back_and_forth_never_passes_the_day(start: date, period: Period) -> None:
    assert plus(minus(start.toordinal(), period), period) <= start.toordinal()
    assert minus(plus(start.toordinal(), period), period) <= start.toordinal()


@given(STARTS, PERIODS, STOPS)
def test_a_later_trigger_is_never_due_earlier(
    start: date, period: Period, spans: Sequence[tuple[int, int | None]]
) -> None:
    closed = tuple(Stop("suspension", start.toordinal() + first, start.toordinal() + first + length)
                   for first, length in spans if length is not None)  # fmt: skip
    if period.unit in ("mo", "y"):
        closed = ()  # months differ in length, so their nominal days do not shrink evenly under a stop
    earlier = due_day(CALENDAR, start.toordinal(), period, closed)
    later = due_day(CALENDAR, start.toordinal() + 1, period, closed)
    assert earlier is not None and later is not None and earlier <= later


# --- the text ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "zh", "en"), [
    ("30d", "30日", "30 days"), ("10wd", "10个工作日", "10 working days"), ("1mo", "1个月", "1 month"),
    ("2y", "2年", "2 years"), ("24h", "24小时", "24 hours"),
])  # fmt: skip
def test_a_period_reads_as_it_is_written(text: str, zh: str, en: str) -> None:
    period = Period.parse(text)
    assert (str(period), period.text("zh"), period.text("en")) == (text, zh, en)
    assert pickle.loads(pickle.dumps(period)) == period


@pytest.mark.parametrize(("text", "meant"), [
    ("30", ""), ("-5d", ""), ("1.5y", ""), ("", ""), ("d", ""), ("２d", ""), ("30 d", "30d"), ("30D", "30d"),
    ("1m", "1mo"), ("30日", "30d"), ("10个工作日", "10wd"), ("2 years", "2y"),
])  # fmt: skip
def test_what_is_no_period_is_refused_with_the_way_to_write_it(text: str, meant: str) -> None:
    with pytest.raises(PeriodError) as caught:
        Period.parse(text)
    assert "10wd" in caught.value.zh and "10wd" in caught.value.en
    assert (f"是否指“{meant}”" in caught.value.zh) is bool(meant)
    assert (f"did you mean {meant}?" in caught.value.en) is bool(meant)


@pytest.mark.parametrize("text", ["999999999d", "101y", "1201mo"])
def test_a_period_of_more_than_a_hundred_years_is_refused(text: str) -> None:
    with pytest.raises(PeriodError, match="100 years"):
        Period.parse(text)


def test_every_step_of_a_due_day_is_explained() -> None:
    found = worked_out("2021-11-01", "30d", stop("2021-11-10", "2021-11-20", "postponement"))
    assert found.explain(CALENDAR, "zh") == (
        "自2021年11月1日起30日（当日不计入），至2021年12月1日届满；"
        "其间2021年11月10日至2021年11月19日（暂缓执行），共10日不计入，届满日延至2021年12月11日；"
        "2021年12月11日至2021年12月12日（周六、周日）为休息日，顺延至2021年12月13日。"
    )
    assert found.explain(CALENDAR, "en") == (
        "30 days from 2021-11-01 (that day not counted) end on 2021-12-01; "
        "10 days of 2021-11-10 to 2021-11-19 (postponement) are not counted, so the last day is 2021-12-11; "
        "2021-12-11 to 2021-12-12 (Saturday, Sunday) are rest days, so the due day is 2021-12-13."
    )


@pytest.mark.parametrize(("found", "zh", "en"), [
    (worked_out("2021-11-01", "0d"), "应于2021年11月1日当日完成", "the same day"),
    (worked_out("2021-11-01", "24h"), "按日计至2021年11月2日24时", "until the end of 2021-11-02"),
    (worked_out("2021-09-30", "2wd"),
     "已跳过休息日2021年10月1日至2021年10月7日（国庆节、国庆节调休）", "rest days passed over"),
    (worked_out("2021-11-01", "30d", stop("2021-11-10")),
     "中止执行自2021年11月10日起尚未结束", "stood still since 2021-11-10"),
    (worked_out("2021-11-01", "30d", stop("2021-11-10", "2021-11-15"), stop("2021-11-12", "2021-11-18")),
     "共8日不计入，重叠部分只扣除一次", "8 days of"),
    (worked_out("2021-11-01", "5wd", stop("2021-11-03", "2021-11-09")),
     "内的工作日不计入", "working days within"),
    (worked_out("2026-12-01", "1mo"), "2027年的放假安排尚无通知可据", "this date is provisional"),
    (worked_out("2021-01-01", "200wd"), "等共", "days in all"),
    (extend(worked_out("2021-11-01", "30d"), day("2022-01-08")),
     "经批准延长至2022年1月8日", "extended to 2022-01-08"),
    (fixed(day("2021-11-20")), "2021年11月20日由案件数据载明", "2021-11-20 is given in the data"),
    (deadline(CALENDAR, day("2021-11-01"), Period(30, "d"), (stop("2021-11-02", "2021-11-03"),)),
     "（suspension）", "(suspension)"),
])  # fmt: skip
def test_the_explanation_names_what_mattered(found: Deadline, zh: str, en: str) -> None:
    assert zh in found.explain(CALENDAR, "zh")
    assert en in found.explain(CALENDAR, "en")
