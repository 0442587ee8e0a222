"""Rest days and working days, against the notices, the statute and a second source."""

import pickle
from datetime import date, timedelta
from pathlib import Path

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from execcheck.calendars import Calendar, read_closures
from execcheck.defects import DefectiveInput
from execcheck.durations import END

CALENDAR = Calendar.load()
DAYS = st.dates(date(1990, 1, 1), date(2110, 12, 31))


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def days_of(first_year: int, last_year: int) -> list[date]:
    first = date(first_year, 1, 1)
    return [first + timedelta(n) for n in range((date(last_year, 12, 31) - first).days + 1)]


def test_every_day_of_the_noticed_years_agrees_with_a_second_source() -> None:
    other = holidays.country_holidays("CN", years=range(2004, 2027))
    differing = [d for d in days_of(2004, 2026) if CALENDAR.is_rest(d.toordinal()) == other.is_working_day(d)]
    assert differing == []


@pytest.mark.parametrize(("first", "last"), [(1990, 2000), (2027, 2099)])
def test_every_other_year_has_weekends_and_the_statutory_days(first: int, last: int) -> None:
    # The other source also holds the notices of 2001 to 2003, which chinesecalendar lacks.
    other = holidays.country_holidays("CN", years=range(first, last + 1), observed=False)
    differing = [d for d in days_of(first, last) if CALENDAR.is_rest(d.toordinal()) != (d.weekday() >= 5 or d in other)]
    assert differing == []


def test_qingming_of_2100_falls_on_the_fifth_for_that_year_has_no_leap_day() -> None:
    assert CALENDAR.is_rest(day("2100-04-05")) and CALENDAR.name(day("2100-04-05"), "zh") == "清明节"


def test_a_make_up_saturday_is_a_working_day() -> None:
    assert not CALENDAR.is_rest(day("2021-10-09"))
    assert CALENDAR.name(day("2021-10-09"), "zh") == "调休上班"
    assert CALENDAR.next_working(day("2021-10-09")) == day("2021-10-09")


def test_the_last_day_of_2005_was_a_working_saturday() -> None:
    assert not CALENDAR.is_rest(day("2005-12-31"))


@pytest.mark.parametrize(("text", "zh", "en"), [
    ("2021-11-20", "周六", "Saturday"),
    ("2021-11-21", "周日", "Sunday"),
    ("2021-10-01", "国庆节", "National Day"),
    ("2021-10-06", "国庆节调休", "adjusted rest day for National Day"),
    ("2015-09-03", "抗战胜利70周年纪念日", "70th anniversary of the victory of 1945"),
    ("2027-02-05", "春节", "Spring Festival"),
    ("2021-11-22", "工作日", "working day"),
])  # fmt: skip
def test_every_rest_day_has_a_reason(text: str, zh: str, en: str) -> None:
    assert (CALENDAR.name(day(text), "zh"), CALENDAR.name(day(text), "en")) == (zh, en)


@pytest.mark.parametrize(("text", "rest"), [
    ("1999-05-03", False), ("1999-10-03", True), ("2000-05-03", True), ("2027-05-03", False),
    ("2027-02-05", True), ("2027-05-02", True), ("1990-10-03", False), ("2027-10-04", False),
])  # fmt: skip
def test_the_version_of_the_statute_in_force_that_day_decides(text: str, rest: bool) -> None:
    assert CALENDAR.is_rest(day(text)) is rest


def test_the_statutory_days_alone_are_rest_days_in_every_noticed_year() -> None:
    other = holidays.country_holidays("CN", years=range(2004, 2027), observed=False)
    moved = {date(2012, 6, 23), date(2015, 9, 27)}
    assert all(CALENDAR.is_rest(d.toordinal()) for d in other if d not in moved)


def test_only_years_without_a_known_notice_are_provisional() -> None:
    assert not CALENDAR.is_provisional(day("2004-01-01"))
    assert not CALENDAR.is_provisional(day("2026-12-31"))
    assert CALENDAR.is_provisional(day("2003-12-31")) and CALENDAR.is_provisional(day("2150-01-01"))


def test_years_beyond_the_tables_keep_weekends_and_the_days_with_a_fixed_date() -> None:
    assert CALENDAR.is_rest(day("2150-10-01")) and CALENDAR.is_rest(day("1985-05-01"))
    assert CALENDAR.is_rest(day("2150-10-03")) and not CALENDAR.is_rest(day("1985-10-03"))
    assert CALENDAR.next_working(day("2150-10-01")) == day("2150-10-05")


@given(DAYS)
def test_the_next_working_day_is_the_first_one_that_is_no_rest_day(start: date) -> None:
    expected = start
    while CALENDAR.is_rest(expected.toordinal()):
        expected += timedelta(1)
    assert CALENDAR.next_working(start.toordinal()) == expected.toordinal()


@given(DAYS, st.integers(0, 400))
def test_so_many_working_days_lie_between_a_day_and_its_nth_working_day(start: date, n: int) -> None:
    first = start.toordinal()
    last = CALENDAR.nth_working(first, n)
    assert CALENDAR.working_between(first + 1, last + 1) == n
    assert sum(not CALENDAR.is_rest(d) for d in range(first + 1, last + 1)) == n
    assert n == 0 or not CALENDAR.is_rest(last)


def test_counting_stops_at_the_end_of_time() -> None:
    assert CALENDAR.nth_working(END - 2, 50) == END
    closed = Calendar.load({date.max: True})
    assert closed.next_working(END) == END


def test_the_national_calendar_is_made_once_and_travels() -> None:
    assert Calendar.load() is CALENDAR and Calendar.load({}) is CALENDAR
    travelled = pickle.loads(pickle.dumps(CALENDAR))
    assert travelled.next_working(day("2021-10-01")) == day("2021-10-08")


def test_local_closures_add_rest_days_and_working_days() -> None:
    local = Calendar.load({date(2021, 11, 22): True, date(2021, 11, 20): False, date(2150, 1, 5): True})
    assert local.is_rest(day("2021-11-22")) and not CALENDAR.is_rest(day("2021-11-22"))
    assert not local.is_rest(day("2021-11-20"))
    assert local.next_working(day("2021-11-21")) == day("2021-11-23")
    assert local.is_rest(day("2150-01-05"))
    assert local.name(day("2021-11-22"), "zh") == "本地放假"
    assert local.name(day("2021-11-20"), "en") == "local working day"


def test_a_closure_on_a_holiday_leaves_the_holiday_its_name() -> None:
    assert Calendar.load({date(2021, 10, 1): True}).name(day("2021-10-01"), "zh") == "国庆节"


def test_local_closures_are_read_in_both_languages(tmp_path: Path) -> None:
    file = tmp_path / "closures.yaml"
    lines = ("2026-03-02: 休息", "2026-03-03: rest  # flood", "2026-03-07: 上班", "2026-03-08: working")
    file.write_text("\n".join(lines), "utf-8")
    assert read_closures(file) == {
        date(2026, 3, 2): True, date(2026, 3, 3): True, date(2026, 3, 7): False, date(2026, 3, 8): False,
    }  # fmt: skip


def test_everything_wrong_with_the_closures_is_said_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "closures.yaml"
    lines = ("2026-02-30: rest", "2026-03-03: yes", "20260304: rest", "2026-03-05: rest", "2026-03-05: rest")
    file.write_text("\n".join(lines), "utf-8")
    with pytest.raises(DefectiveInput) as caught:
        read_closures(file)
    places = {(defect.place.removeprefix(f"{file}:"), defect.code) for defect in caught.value.defects}
    assert places == {
        ("1:1", "closures-day"), ("2:13", "closures-value"), ("3:1", "closures-day"),
        ("5:1", "yaml-duplicate"),
    }  # fmt: skip
    assert all(defect.zh and defect.en for defect in caught.value.defects)


@pytest.mark.parametrize(("content", "code"), [
    (b"- 2026-03-03\n", "closures-form"), (b"", "yaml-empty"), (b"\xff\xfe\x00", "closures-file"),
    (b"a: [", "yaml-syntax"),
])  # fmt: skip
def test_a_file_that_holds_no_closures_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    file = tmp_path / "closures.yaml"
    file.write_bytes(content)
    with pytest.raises(DefectiveInput) as caught:
        read_closures(file)
    assert [defect.code for defect in caught.value.defects] == [code]


def test_a_missing_file_of_closures_is_named(tmp_path: Path) -> None:
    with pytest.raises(DefectiveInput) as caught:
        read_closures(tmp_path / "none.yaml")
    assert caught.value.defects[0].place.endswith("none.yaml")
