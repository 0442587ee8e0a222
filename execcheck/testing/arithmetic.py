"""The arithmetic of a due day, done a second time: day by day, as one would on a wall calendar.

It takes the working that a finding shows (start, period, stops, extension) and shares no code with the engine but
the facts which days are rest days and which month has how many days.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from execcheck.calendars import Calendar
from execcheck.durations import Day
from execcheck.periods import Deadline


def last_day(working: Deadline, calendar: Calendar) -> Day:
    """The due day to which the working leads. Raises ``ValueError`` where the clock stands still."""
    if working.extended_to is not None:
        return working.extended_to
    if working.period is None:
        return working.start
    count, unit = working.period.count, working.period.unit
    if unit == "wd":
        return _working_days(working, count, calendar)
    day = _plain_end(working.start, count, unit)
    stopped = {
        day_stopped for stop in working.stops
        for day_stopped in range(max(stop.start, working.start + 1), _end(stop.end))
    }  # fmt: skip
    passed = working.start
    left = day - working.start
    while left:
        passed += 1
        left -= passed not in stopped
    while count and unit != "h" and calendar.is_rest(passed):
        passed += 1
    return passed


def _plain_end(start: Day, count: int, unit: str) -> Day:
    """The last day without stops and before it moves."""
    if unit == "d":
        return start + count
    if unit == "h":
        return start + -(-count // 24)
    begun = date.fromordinal(start)
    months = count * (12 if unit == "y" else 1) + begun.month - 1
    year, month = begun.year + months // 12, months % 12 + 1
    return date(year, month, min(begun.day, monthrange(year, month)[1])).toordinal()


def _working_days(working: Deadline, count: int, calendar: Calendar) -> Day:
    day = working.start
    while count:
        day += 1
        stands = any(stop.start <= day < _end(stop.end) for stop in working.stops)
        count -= not (stands or calendar.is_rest(day))
    return day


def _end(end: Day | None) -> Day:
    if end is None:
        raise ValueError("the clock stands still")
    return end
