"""Due days: a period counted from a day, clock stops, rollover and extensions, with the working kept.

The day of the start is not counted. Clock stops are taken out first; a last day that is a rest day then moves
to the next working day (days, months and years only, and never ``0d``). Days are ordinals
(``date.toordinal()``) in the court's zone.
"""

from collections.abc import Iterable, Mapping, Sequence

from attrs import evolve, field, frozen

from execcheck import explaining
from execcheck.calendars import Calendar
from execcheck.durations import END, Day, Period, PeriodError, Unit, far_enough, hours_met, minus, plus

__all__ = [
    "Calendar", "Day", "Deadline", "Period", "PeriodError", "Stop", "Unit", "deadline", "due_day", "extend",
    "far_enough", "fixed", "hours_met", "minus", "plus",
]  # fmt: skip


@frozen
class Stop:
    """A time during which the clock stands still: from ``start`` up to but not including ``end``.

    ``kind`` is a word of the rules; ``end`` is the first day that counts again, None while it is open.
    """

    kind: str
    start: Day
    end: Day | None = None


@frozen
class Deadline:
    """A due day and how it came about."""

    start: Day
    period: Period | None  # None: the day is given in the data
    nominal: Day | None  # the last day if nothing stopped the clock and nothing rolled
    stops: tuple[Stop, ...] = ()  # only those that moved the last day, or stand in its way
    stopped_days: int = 0  # calendar days in their union, as far as they matter
    last: Day | None = None  # after stops, before rollover
    due: Day | None = None  # None: the clock stands still
    rolled_over: tuple[Day, ...] = ()  # the rest days skipped at the end
    extended_to: Day | None = None
    provisional: bool = False  # a year without a known notice on holidays was consulted
    fixed: bool = False  # the due day is given in the data
    stop_names: Mapping[str, tuple[str, str]] = field(factory=dict, repr=False, eq=False)

    def explain(self, calendar: Calendar, lang: str) -> str:
        """The working as a sentence: start, period, days stopped and why, rest days skipped, result."""
        return explaining.explain(self, calendar, lang)


def due_day(calendar: Calendar, start: Day, period: Period, stops: Sequence[Stop] = ()) -> Day | None:
    """The day by whose end the period is over; None while the clock stands still."""
    if stops:
        last, _, running = _last_day(calendar, start, period, _in_order(stops))
        return _rolled(calendar, period, last) if running else None
    key = (start, period.code)
    due = calendar.memo.get(key)
    if due is None:
        due = calendar.memo[key] = _rolled(calendar, period, _nominal(calendar, start, period))
    return due


def deadline(
    calendar: Calendar, start: Day, period: Period, stops: Sequence[Stop] = (),
    stop_names: Mapping[str, tuple[str, str]] | None = None,
) -> Deadline:  # fmt: skip
    """The same due day as :func:`due_day`, with the working kept.

    ``stop_names`` gives the kinds of stops their names (Chinese, English) for the explanation.
    """
    ordered = _in_order(stops)
    last, stopped, running = _last_day(calendar, start, period, ordered)
    due = _rolled(calendar, period, last) if running else None
    return Deadline(
        start, period, _nominal(calendar, start, period),
        stops=tuple(stop for stop in ordered if _matters(calendar, start, period, stop, last)),
        stopped_days=stopped,
        last=last if running else None,
        due=due,
        rolled_over=tuple(range(last, due)) if due is not None else (),
        provisional=due is not None and _provisional(calendar, start, period, last, due),
        stop_names=stop_names or {},
    )  # fmt: skip


def extend(deadline: Deadline, until: Day) -> Deadline:
    """The deadline with its due day replaced by an extension, which neither rolls nor stops."""
    return evolve(deadline, due=until, extended_to=until, provisional=False)


def fixed(day: Day) -> Deadline:
    """A due day taken from the data, which never rolls."""
    return Deadline(day, None, None, last=day, due=day, fixed=True)


def _in_order(stops: Iterable[Stop]) -> list[Stop]:
    return sorted(stops, key=lambda stop: (stop.start, END + 1 if stop.end is None else stop.end, stop.kind))


def _nominal(calendar: Calendar, start: Day, period: Period) -> Day:
    return calendar.nth_working(start, period.count) if period.unit == "wd" else plus(start, period)


def _rolled(calendar: Calendar, period: Period, last: Day) -> Day:
    return calendar.next_working(last) if period.count and period.unit in ("d", "mo", "y") else last


def _last_day(calendar: Calendar, start: Day, period: Period, stops: list[Stop]) -> tuple[Day, int, bool]:
    """The last day with the stops (in order) taken out, how many days they took, and whether the clock runs.

    Where it does not run, the day is the one that would have been the last without the open stop.
    """
    last = _nominal(calendar, start, period)
    stopped, counting = 0, start + 1
    working = period.unit == "wd"
    for stop in stops:
        begin = max(stop.start, counting)
        if begin > last:
            break
        if stop.end is None:
            return last, stopped, False
        if stop.end <= begin or (working and calendar.next_working(begin) >= stop.end):
            continue
        # What had been counted from `begin` on is counted from the end of the stop on instead.
        if working:
            last = calendar.nth_working(stop.end - 1, calendar.working_between(begin, last + 1))
        else:
            last = min(last + stop.end - begin, END)
        stopped += stop.end - begin
        counting = stop.end
    return last, stopped, True


def _matters(calendar: Calendar, start: Day, period: Period, stop: Stop, last: Day) -> bool:
    begin = max(stop.start, start + 1)
    if begin > last or stop.end is None:
        return begin <= last
    return stop.end > (calendar.next_working(begin) if period.unit == "wd" else begin)


def _provisional(calendar: Calendar, start: Day, period: Period, last: Day, due: Day) -> bool:
    """Whether a day was consulted whose year has no known notice; hours and 0d consult none."""
    if not period.count or period.unit == "h":
        return False
    consulted = start + 1 if period.unit == "wd" else last
    return calendar.is_provisional(consulted) or calendar.is_provisional(due)
