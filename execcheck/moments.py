"""Instants, days and months as logs write them: RFC 3339 with an offset, a plain date, or ``2018-05``."""

import re
from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from execcheck.defects import Unfit, shown
from execcheck.events import Day, Moment, Month

COURT_ZONE: Final = ZoneInfo("Asia/Shanghai")
FIRST_YEAR: Final = 1949
LAST_YEAR: Final = 2200

_MONTH: Final = re.compile(r"[0-9]{4}-[0-9]{2}")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT: Final = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ](?P<time>(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9])(?P<part>\.[0-9]+)?"
    r"(?P<offset>[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])?"
)
_REMEMBERED: Final = 1 << 15
_combine: Final = datetime.combine
# From this day on Shanghai keeps +08:00 the whole year; from 1986 to 1991 it had summer time.
_STEADY: Final = date(1992, 1, 1).toordinal()


class Clock:
    """Reads moments and tells their day in the court's zone.

    ``naive`` is the zone of instants written without an offset, where a source profile names it;
    without it they are refused.
    """

    def __init__(self, zone: ZoneInfo = COURT_ZONE, naive: ZoneInfo | None = None) -> None:
        self.zone = zone
        self.naive = naive
        self._dates: dict[str, tuple[date, Day]] = {}
        self._steady: dict[str, tuple[date, Day]] = {}  # days on which the court's clock is at +08:00
        self._clocks: dict[str, time] = {}  # what follows the day: T09:30:00+08:00
        self._shanghai = zone.key in ("Asia/Shanghai", "PRC")

    def read(self, text: object) -> tuple[Moment, Day]:
        """The moment and its day; raises Unfit."""
        if type(text) is not str:
            return self._foreign(text)
        if len(text) == 25:
            # The usual spelling, 2021-11-01T09:30:00+08:00, on a day seen before.
            dated = self._steady.get(text[:10])
            if dated is not None:
                clock = self._clocks.get(text[10:])
                return (_combine(dated[0], clock), dated[1]) if clock is not None else self._slow(text)
        known = self._dates.get(text)
        return known if known is not None else self._slow(text)

    def instant(self, text: object) -> datetime:
        """An instant; raises Unfit where ``text`` is anything else, a plain date included."""
        moment, _ = self.read(text)
        if not isinstance(moment, datetime):
            raise Unfit(
                "time-form",
                f"“{shown(text)}”只有日期；需要带时区的时刻，如 2021-11-01T09:30:00+08:00",
                f"{shown(text)!r} is only a date; an instant such as 2021-11-01T09:30:00+08:00 is needed",
            )
        return moment

    def date(self, text: object) -> date:
        """A plain date; raises Unfit where ``text`` is anything else, an instant included."""
        if type(text) is str and (known := self._dates.get(text)) is not None and type(known[0]) is date:
            return known[0]
        moment, _ = self.read(text) if not isinstance(text, str) or _DATE.fullmatch(text) else (None, 0)
        if moment is None or isinstance(moment, (datetime, Month)):
            raise Unfit(
                "date-form",
                f"“{shown(text)}”不是日期；应写作 2021-11-01",
                f"{shown(text)!r} is not a date; write it as 2021-11-01",
            )
        return moment

    def day_of(self, moment: Moment) -> Day:
        """The day in the court's zone."""
        return moment.astimezone(self.zone).toordinal() if isinstance(moment, datetime) else moment.toordinal()

    def _foreign(self, value: object) -> tuple[Moment, Day]:
        """Values that a program rather than a file hands over."""
        if isinstance(value, datetime):
            moment = value if value.tzinfo is not None else self._placed(value, value.isoformat())
            if FIRST_YEAR <= moment.year <= LAST_YEAR:
                return moment, self.day_of(moment)
            raise _out_of_range(moment.isoformat())
        if isinstance(value, date):
            if FIRST_YEAR <= value.year <= LAST_YEAR:
                return value, value.toordinal()
            raise _out_of_range(value.isoformat())
        if isinstance(value, str):
            return self.read(str(value))
        raise Unfit(
            "time-form",
            f'“{shown(value)}”不是时间；应写作文字，如 "2021-11-01T09:30:00+08:00" 或 "2021-11-01"',
            f'{shown(value)!r} is not a time; write text such as "2021-11-01T09:30:00+08:00" or "2021-11-01"',
        )

    def _placed(self, moment: datetime, text: str) -> datetime:
        if self.naive is None:
            raise Unfit(
                "time-offset",
                f"时刻“{shown(text)}”没有时区；请写成 2021-11-01T09:30:00+08:00 的形式，或在来源配置中指明时区",
                f"the instant {shown(text)!r} has no offset; write 2021-11-01T09:30:00+08:00, "
                "or name the zone in the source profile",
            )
        return moment.replace(tzinfo=self.naive)

    def _slow(self, text: str) -> tuple[Moment, Day]:
        try:
            if _DATE.fullmatch(text):
                plain = date.fromisoformat(text)
                if not FIRST_YEAR <= plain.year <= LAST_YEAR:
                    raise _out_of_range(text)
                known = self._dates[text] = (plain, plain.toordinal())
                return known
            if _MONTH.fullmatch(text):
                month = Month(int(text[:4]), int(text[5:]), 1)
                if not FIRST_YEAR <= month.year <= LAST_YEAR:
                    raise _out_of_range(text)
                known = self._dates[text] = (month, month.toordinal())
                return known
            match = _INSTANT.fullmatch(text)
            if match is not None:
                return self._instant(match, text)
        except ValueError:
            raise Unfit(
                "time-impossible",
                f"“{shown(text)}”：没有这样的日期或时刻",
                f"{shown(text)!r}: there is no such date or time",
            ) from None
        raise Unfit(
            "time-form",
            f"“{shown(text)}”不是时间；应写作 2021-11-01T09:30:00+08:00 或 2021-11-01",
            f"{shown(text)!r} is not a time; write 2021-11-01T09:30:00+08:00 or 2021-11-01",
        )

    def _instant(self, match: re.Match[str], text: str) -> tuple[Moment, Day]:
        if not FIRST_YEAR <= int(match["date"][:4]) <= LAST_YEAR:
            raise _out_of_range(text)
        offset = match["offset"] or ""
        parsed = datetime.fromisoformat(f"{match['date']}T{match['time']}{match['part'] or ''}{offset.upper()}")
        moment = parsed if offset else self._placed(parsed, text)
        day = self.day_of(moment)
        if offset == "+08:00" and self._shanghai and day >= _STEADY:
            self._steady[match["date"]] = (moment.date(), day)
            if len(self._clocks) < _REMEMBERED and not match["part"]:
                self._clocks[text[10:]] = moment.timetz()
        return moment, day


def _out_of_range(text: str) -> Unfit:
    return Unfit(
        "time-range",
        f"“{shown(text)}”不在 {FIRST_YEAR} 年至 {LAST_YEAR} 年之间",
        f"{shown(text)!r} is not between the years {FIRST_YEAR} and {LAST_YEAR}",
    )
