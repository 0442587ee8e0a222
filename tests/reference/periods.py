"""Periods, on top of the days counted one by one in ``tests/reference_periods.py``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from execcheck.calendars import Calendar
from execcheck.durations import Period
from reference.said import NotCovered
from reference_periods import Stopped, days_of, due


def rests(day: date) -> bool:
    """Whether no court works on this day: a fact of the calendar."""
    return Calendar.load().is_rest(day.toordinal())


def due_day(start: date, period: Period, stops: Sequence[Stopped] = ()) -> date | None:
    """The last day of a period, stops first and the rollover last; None while the clock stands still."""
    return due(start, period.count, period.unit, stops, rests)[0]


def later(day: date, period: Period) -> date:
    """The day so much later, for distances, which never roll."""
    if period.unit == "wd":
        raise NotCovered("a distance in working days")
    return day + timedelta(days_of(day, period.count, period.unit))


def earlier(day: date, period: Period) -> date:
    """The day so much earlier: of months and years the corresponding day, or the month's last."""
    if period.unit == "wd":
        raise NotCovered("a distance in working days")
    if period.unit in ("d", "h"):
        return day - timedelta(days_of(day, period.count, period.unit))
    months = day.year * 12 + day.month - 1 - period.count * (12 if period.unit == "y" else 1)
    for last in range(day.day, 0, -1):
        try:
            return date(months // 12, months % 12 + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has a first day")
