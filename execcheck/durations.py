"""Lengths of time as the law gives them: read, printed, and counted from a day.

Months and years end on the corresponding day or the month's last day, counted from the start and never
month by month. Days are ordinals (``date.toordinal()``) in the court's zone. Nothing lies beyond the year
9999: arithmetic that would go further stops at its last day.
"""

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Literal, get_args

from attrs import field, frozen

from execcheck.defects import shown
from execcheck.explaining import period_text

Day = int
END = date.max.toordinal()
"""No date lies beyond; arithmetic that would go further stops here."""

Unit = Literal["d", "wd", "mo", "y", "h"]
_UNITS: tuple[Unit, ...] = get_args(Unit)

_LONGEST: Mapping[Unit, int] = {"d": 36_600, "wd": 26_000, "mo": 1_200, "y": 100, "h": 878_400}
_PERIOD = re.compile(r"([0-9]{1,9})([a-z]+)")
_ALMOST = re.compile(r"\s*([0-9]{1,9})\s*(\w*)\s*")
_MEANT: Mapping[str, Unit] = {
    "day": "d", "days": "d", "天": "d", "日": "d", "工作日": "wd", "个工作日": "wd",
    "m": "mo", "month": "mo", "months": "mo", "月": "mo", "个月": "mo",
    "year": "y", "years": "y", "年": "y", "hour": "h", "hours": "h", "时": "h", "小时": "h",
}  # fmt: skip


class PeriodError(ValueError):
    """A text or a number that is no period; ``zh`` and ``en`` say what is wrong and what to write."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


@frozen(cache_hash=True)
class Period:
    """A legal period: so many days, working days, months, years or hours.

    Raises :class:`PeriodError` for a negative count, an unknown unit, or more than a hundred years.
    """

    count: int
    unit: Unit
    code: int = field(init=False, eq=False, repr=False)  # the period as one number: a key quick to hash

    def __attrs_post_init__(self) -> None:
        if self.unit not in _UNITS:
            raise _no_period(f"{self.count}{self.unit}")
        if not 0 <= self.count <= _LONGEST[self.unit]:
            raise PeriodError(f"期限“{self}”超出零至一百年", f"the period {self} exceeds 0 to 100 years")
        object.__setattr__(self, "code", self.count * len(_UNITS) + _UNITS.index(self.unit))

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Read ``30d``, ``10wd``, ``1mo``, ``2y`` or ``24h``; raises :class:`PeriodError` otherwise."""
        match = _PERIOD.fullmatch(text)
        if match is None or match[2] not in _UNITS:
            raise _no_period(text)
        return cls(int(match[1]), match[2])

    def __str__(self) -> str:
        return f"{self.count}{self.unit}"

    def text(self, lang: str) -> str:
        """The period in words: ``30日``, ``10个工作日``; ``30 days``, ``10 working days``."""
        return period_text(self.count, self.unit, lang)


def _no_period(text: str) -> PeriodError:
    close = _ALMOST.fullmatch(text.lower())
    unit = _MEANT.get(close[2], close[2]) if close else ""
    zh = en = ""
    if close and unit in _UNITS and f"{close[1]}{unit}" != text:
        zh, en = f"；是否指“{close[1]}{unit}”？", f"; did you mean {close[1]}{unit}?"
    return PeriodError(
        f"“{shown(text)}”不是期限；请写成 30d（日）、10wd（工作日）、1mo（月）、2y（年）或 24h（小时）{zh}",
        f"“{shown(text)}” is no period; "
        f"write 30d (days), 10wd (working days), 1mo (months), 2y (years) or 24h (hours){en}",
    )


def plus(start: Day, period: Period) -> Day:
    """The last day of a period without rollover; hours count as days begun.

    Raises :class:`PeriodError` for working days, which need a calendar (:func:`due_day`).
    """
    return _moved(start, period, 1)


def minus(day: Day, period: Period) -> Day:
    """The corresponding day before, never rolled: for "no older than" and "no earlier than".

    Raises :class:`PeriodError` for working days.
    """
    return _moved(day, period, -1)


def _moved(day: Day, period: Period, sign: int) -> Day:
    count, unit = period.count, period.unit
    if unit == "d":
        return min(max(day + sign * count, 1), END)
    if unit == "h":
        return min(max(day + sign * -(-count // 24), 1), END)
    if unit == "wd":
        raise PeriodError(f"工作日期限“{period}”不能用作距离", f"a distance cannot be given in working days: {period}")
    start = date.fromordinal(day)
    months = start.year * 12 + start.month - 1 + sign * count * (12 if unit == "y" else 1)
    year, month = months // 12, months % 12 + 1
    if year < 1:
        return 1
    if year > date.max.year:
        return END
    return date(year, month, min(start.day, monthrange(year, month)[1])).toordinal()


def far_enough(earlier: Day, later: Day, least: Period, strictly: bool = False) -> bool:
    """Whether two days lie at least (``strictly``: more than) ``least`` apart; calendar days, no rollover."""
    reached = plus(earlier, least)
    return later > reached if strictly else later >= reached


def hours_met(a: datetime, b: datetime, period: Period) -> bool:
    """Whether the instant ``b`` is no later than ``period`` (in hours) after the instant ``a``.

    Both instants are aware. Raises :class:`PeriodError` for a period that is not in hours.
    """
    if period.unit != "h":
        raise PeriodError(f"“{period}”不是以小时计的期限", f"{period} is not a period in hours")
    return b - a <= timedelta(hours=period.count)
