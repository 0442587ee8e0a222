"""Days on which deadlines go wrong: holidays, make-up working days, the ends of months, leap days.

Everything here turns a period around: the day on which a duty has to begin so that it ends on a wanted day.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache

from execcheck.calendars import Calendar
from execcheck.dated import InForce
from execcheck.durations import Day, Period, minus, plus
from execcheck.testing.choices import Choices

FIRST, LAST = date(2004, 1, 1).toordinal(), date(2030, 12, 31).toordinal()
"""Where days are looked for: from the first notice on holidays to some years for which none is known."""
ORDINARY = (date(2022, 6, 15).toordinal(), date(2023, 3, 15).toordinal())
"""Wednesdays far from any holiday."""
SOON = 21
"""How many days ahead a beginning is looked for."""


@lru_cache(maxsize=8)
def traps(calendar: Calendar) -> Sequence[Sequence[Day]]:
    """The days, by what is special about them: rest days in a holiday, make-up working days, weekends, month ends…"""
    days = range(date(2021, 1, 1).toordinal(), date(2026, 12, 31).toordinal())
    weekend = [day for day in days if day % 7 in (0, 6)]
    return (
        [day for day in days if day % 7 not in (0, 6) and calendar.is_rest(day)],
        [day for day in weekend if not calendar.is_rest(day)],
        [day for day in weekend if calendar.is_rest(day)],
        [day for day in days if date.fromordinal(day + 1).day == 1],
        [date(year, 2, 29).toordinal() for year in (2008, 2012, 2016, 2020, 2024)],
        [day for day in days if calendar.is_rest(day - 1) and not calendar.is_rest(day)],
    )


def beginnings(period: Period, end: Day, calendar: Calendar) -> Iterator[Day]:
    """The days from which a period, before it rolls, ends on a day (of months and years perhaps none or several)."""
    if period.unit == "wd":
        start = end - 1
        while start > FIRST and calendar.nth_working(start, period.count) > end:
            start -= 1
        if calendar.nth_working(start, period.count) == end:
            yield start
        return
    near = minus(end, period)
    yield from (day for day in range(near - 3, near + 4) if plus(day, period) == end)


def is_trap(day: Day, calendar: Calendar) -> bool:
    """Whether a deadline on this day is one that goes wrong easily."""
    weekend = day % 7 in (0, 6)
    return calendar.is_rest(day) or weekend or date.fromordinal(day + 1).day == 1


def trapping_days(period: Period, first: Day, calendar: Calendar) -> list[Day]:
    """Days soon after ``first`` from which a period, before it rolls, ends on a trap."""

    def end(day: Day) -> Day:
        return calendar.nth_working(day, period.count) if period.unit == "wd" else plus(day, period)

    return [day for day in range(first, first + SOON) if is_trap(end(day), calendar)]


def starting_day(period: Period | None, choices: Choices, calendar: Calendar, in_force: InForce) -> Day:
    """A day in force from which the period ends on a trap, more often than not; else an ordinary one."""
    first, last = max(in_force.start, FIRST), min(in_force.end, LAST)
    kind = choices.number(0, 2 * len(traps(calendar)) - 1)
    if kind and period is not None:
        ends = traps(calendar)[(kind - 1) % len(traps(calendar))]
        end = ends[choices.number(0, len(ends) - 1)] if ends else ORDINARY[0]
        starts = [day for day in beginnings(period, end, calendar) if first <= day <= last]
        if starts:
            return choices.of(starts)
    ordinary = [day for day in ORDINARY if first <= day <= last]
    if not kind and ordinary:
        return ordinary[0]
    low, high = max(first, ORDINARY[0] - 400), min(last, ORDINARY[0] + 900)
    return choices.number(low, high) if low <= high else choices.of((first, last))
