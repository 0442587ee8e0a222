"""The court's calendar: rest days and working days as table look-ups, and local closures from a file.

Rest days are Saturdays and Sundays that are not made up, statutory holidays and adjusted rest days, by
the State Council's notice for the year. Years without a known notice: see :mod:`execcheck.rest_days`.
"""

import re
from array import array
from collections.abc import Mapping
from datetime import date
from functools import cache
from hashlib import sha256
from itertools import accumulate
from pathlib import Path
from typing import Any

from attrs import field, frozen

from execcheck.defects import Defect, DefectiveInput, shown
from execcheck.durations import END, Day
from execcheck.rest_days import Mark, marks_of, noticed_years
from execcheck.yaml_places import Document, load_yaml

FIRST, LAST = date(1990, 1, 1).toordinal(), date(2100, 12, 31).toordinal()
"""The days compiled into tables. Before and after, the same answers are worked out day by day."""

_SUNDAY, _SATURDAY = Mark(True, "周日", "Sunday"), Mark(True, "周六", "Saturday")
_CLOSED = Mark(True, "本地放假", "local closure")
_OPEN = Mark(False, "本地上班", "local working day")


@frozen(eq=False)
class Calendar:
    """Rest days and working days of one court; make it with :meth:`load`, never change it.

    Days are ordinals (``date.toordinal()``) in the court's zone.
    """

    closures: Mapping[Day, bool] = field(repr=False)
    years: range  # with a known notice
    _rest: bytes = field(repr=False)  # 1 for a rest day, from FIRST on
    _working: "array[int]" = field(repr=False)  # the working days, ascending
    _before: "array[int]" = field(repr=False)  # how many working days precede each day
    memo: dict[Any, Day] = field(factory=dict, init=False, repr=False)  # due days, kept by execcheck.periods

    @classmethod
    def load(cls, closures: Mapping[date, bool] | None = None) -> "Calendar":
        """The national calendar, with local closures (True: extra rest day, False: extra working day).

        Without closures the same calendar is returned every time.
        """
        local = {day.toordinal(): rest for day, rest in (closures or {}).items()}
        return _compile(local) if local else _national()

    @classmethod
    def without_rest(cls) -> "Calendar":
        """A calendar in which every day is a working day: what due days would be if nothing rolled."""
        return _restless()

    @property
    def identity(self) -> str:
        """A name for its rest days: the same for calendars that answer alike."""
        local = repr(sorted(self.closures.items())).encode()
        return sha256(self._rest + local).hexdigest()[:16]

    def is_rest(self, day: Day) -> bool:
        """Whether no court works on this day."""
        if FIRST <= day <= LAST:
            return self._rest[day - FIRST] == 1
        return _rests(day, self.closures)

    def next_working(self, day: Day) -> Day:
        """The first working day from ``day`` on, ``day`` included."""
        if FIRST <= day <= LAST:
            index = self._before[day - FIRST]
            if index < len(self._working):
                return self._working[index]
        while day < END and self.is_rest(day):
            day += 1
        return day

    def nth_working(self, start: Day, n: int) -> Day:
        """The ``n``-th working day after ``start`` (itself not counted); ``start`` for 0."""
        if n <= 0:
            return start
        if FIRST <= start <= LAST:
            index = self._before[start - FIRST + 1] + n - 1
            if index < len(self._working):
                return self._working[index]
        while n and start < END:
            start += 1
            n -= not self.is_rest(start)
        return start

    def working_between(self, first: Day, end: Day) -> int:
        """How many working days lie from ``first`` up to but not including ``end``."""
        if FIRST <= first <= end <= LAST + 1:
            return self._before[end - FIRST] - self._before[first - FIRST]
        return sum(not self.is_rest(day) for day in range(first, end))

    def is_provisional(self, day: Day) -> bool:
        """Whether the notice on holidays for the year of ``day`` is not known."""
        return date.fromordinal(day).year not in self.years

    def name(self, day: Day, lang: str) -> str:
        """Why ``day`` is a rest day (周六, 国庆节, 国庆节调休, …); a working day is named as such."""
        local = self.closures.get(day)
        mark = marks_of(date.fromordinal(day).year).get(day)
        if local is not None and local != (mark.rest if mark else _weekend(day)):
            mark = _CLOSED if local else _OPEN
        if mark is None:
            if not _weekend(day):
                return "工作日" if lang == "zh" else "working day"
            mark = _SATURDAY if day % 7 else _SUNDAY
        return mark.zh if lang == "zh" else mark.en


def _weekend(day: Day) -> bool:
    return day % 7 in (0, 6)  # the first of January of year 1, ordinal 1, was a Monday


def _rests(day: Day, closures: Mapping[Day, bool]) -> bool:
    local = closures.get(day)
    if local is not None:
        return local
    mark = marks_of(date.fromordinal(day).year).get(day)
    return mark.rest if mark else _weekend(day)


@cache
def _national() -> Calendar:
    return _compile({})


@cache
def _restless() -> Calendar:
    days = array("i", range(FIRST, LAST + 1))
    return Calendar({}, noticed_years(), bytes(len(days)), days, array("i", range(len(days) + 1)))


def _compile(closures: Mapping[Day, bool]) -> Calendar:
    rest = bytearray(LAST - FIRST + 1)
    for weekday in (0, 6):
        first = (weekday - FIRST) % 7
        rest[first::7] = b"\x01" * len(range(first, len(rest), 7))
    for year in range(date.fromordinal(FIRST).year, date.fromordinal(LAST).year + 1):
        for day, mark in marks_of(year).items():
            rest[day - FIRST] = mark.rest
    for day, closed in closures.items():
        if FIRST <= day <= LAST:
            rest[day - FIRST] = closed
    working = array("i", (FIRST + index for index, rests in enumerate(rest) if not rests))
    before = array("i", accumulate((not rests for rests in rest), initial=0))
    return Calendar(closures, noticed_years(), bytes(rest), working, before)


# --- local closures ----------------------------------------------------------------------------------

_CHOICES = {"rest": True, "休息": True, "working": False, "上班": False}
_WHAT_TO_DO = (
    "请写成“2026-03-02: 休息”或“2026-03-07: 上班”", "write “2026-03-02: rest” or “2026-03-07: working”",
)  # fmt: skip


def read_closures(path: str | Path) -> dict[date, bool]:
    """The local closures in a YAML file: lines such as ``2026-03-02: rest`` or ``2026-03-07: working``.

    The values 休息 and 上班 say the same. True in the result is an extra rest day, False an extra working
    day. Raises :class:`~execcheck.defects.DefectiveInput` with everything that is wrong with the file.
    """
    name = str(path)
    try:
        text = Path(path).read_text(encoding="utf-8")
    except OSError as error:
        why = error.strerror or str(error)
        raise _defective(
            name, "closures-file", f"无法读取放假文件：{why}", f"cannot read the closures: {why}"
        ) from error
    except UnicodeDecodeError as error:
        raise _defective(name, "closures-file", "放假文件不是 UTF-8 编码；请另存为 UTF-8",
                         "the closures are not in UTF-8; save the file as UTF-8") from error  # fmt: skip
    document = load_yaml(text, name)
    defects = list(document.defects)
    closures: dict[date, bool] = {}
    if isinstance(document.value, Mapping):
        for key, value in document.value.items():
            _read_closure(document, key, value, closures, defects)
    elif not defects:
        zh, en = "应为日期与休息或上班的对照", "expected days with rest or working"
        defects.append(_defect(document.place(), "closures-form", zh, en))
    if defects:
        raise DefectiveInput(defects)
    return closures


def _read_closure(document: Document, key: str, value: Any, closures: dict[date, bool], defects: list[Defect]) -> None:
    day = _as_date(key)
    if day is None:
        zh, en = f"“{shown(key)}”不是日期", f"“{shown(key)}” is no date"
        defects.append(_defect(document.key_place(key), "closures-day", zh, en))
    rest = _CHOICES.get(value) if isinstance(value, str) else None
    if rest is None:
        zh, en = f"“{shown(value)}”不是休息或上班", f"“{shown(value)}” is neither rest nor working"
        defects.append(_defect(document.place(key), "closures-value", zh, en))
    elif day is not None:
        closures[day] = rest


def _defect(place: str, code: str, zh: str, en: str) -> Defect:
    return Defect(place, code, f"{zh}；{_WHAT_TO_DO[0]}", f"{en}; {_WHAT_TO_DO[1]}")


def _as_date(text: str) -> date | None:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _defective(place: str, code: str, zh: str, en: str) -> DefectiveInput:
    return DefectiveInput([Defect(place, code, zh, en)])
