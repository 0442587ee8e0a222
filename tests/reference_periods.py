"""Legal periods the slow way: one day after the other, as somebody would count them on a wall calendar.

Nothing here shares code with the package but the question whether a day is a rest day.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)
Stopped = tuple[date, date | None]  # first day that does not count, first day that counts again


def month_after(start: date, months: int) -> date:
    """The corresponding day so many months later, or the last day of that month."""
    day = start
    for _ in range(months):  # only the month is stepped; the day of the month is always the start's
        day = day.replace(day=1) + timedelta(days=31)
        day = day.replace(day=1)
    found = day
    while day.month == found.month and day.day <= start.day:
        found = day
        day += ONE_DAY
    return found


def days_of(start: date, count: int, unit: str) -> int:
    """How many days have to be counted for a period that is not in working days."""
    if unit == "d":
        return count
    if unit == "h":
        return len(range(0, count, 24))
    return (month_after(start, count * 12 if unit == "y" else count) - start).days


def due(
    start: date, count: int, unit: str, stops: Sequence[Stopped], rests: Callable[[date], bool]
) -> tuple[date | None, list[date], int]:
    """The due day (None: the clock stands still), the rest days rolled over, and the days stopped."""
    to_count = count if unit == "wd" else days_of(start, count, unit)
    day, counted, stopped = start, 0, 0
    while counted < to_count:
        day += ONE_DAY
        if any(first <= day and end is None for first, end in stops):
            return None, [], stopped
        if any(first <= day and end is not None and day < end for first, end in stops):
            stopped += 1
        elif unit != "wd" or not rests(day):
            counted += 1
    skipped = []
    while count and unit in ("d", "mo", "y") and rests(day):
        skipped.append(day)
        day += ONE_DAY
    return day, skipped, stopped
