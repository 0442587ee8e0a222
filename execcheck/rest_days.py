"""Which days rest by law: what the week does not tell, year by year.

For a year whose notice of the State Council is known to chinesecalendar, the notice decides: statutory
holidays, adjusted rest days, and weekend days on which work is made up. For every other year only the
statutory days are known (``statemachines/holidays.yaml``), and dates computed from it are provisional.
"""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path

import chinese_calendar
from attrs import frozen

from execcheck.defects import Defect, DefectiveInput
from execcheck.yaml_places import load_yaml

Day = int
_ANCHORED = re.compile(r"([a-z_]+)([+-][0-9]+)?")


@frozen
class Mark:
    """What is known of one day against the ordinary week, and its name in Chinese and English."""

    rest: bool
    zh: str
    en: str


MAKE_UP = Mark(False, "调休上班", "make-up working day")


@frozen
class _Statutes:
    """The data file: names, versions of the regulation (newest first), festival days, corrections."""

    names: Mapping[str, Mark]
    versions: tuple[tuple[Day, Mapping[str, tuple[str, ...]]], ...]
    festivals: Mapping[int, Mapping[str, str]]
    corrections: Mapping[Day, Mark]


def noticed_years() -> range:
    """The years whose notice on holidays is known to the installed chinesecalendar."""
    years = [day.year for day in chinese_calendar.constants.holidays]
    return range(min(years), max(years) + 1)


@cache
def marks_of(year: int) -> Mapping[Day, Mark]:
    """The days of ``year`` that are no ordinary day of the week, with the reason."""
    marks = _by_notice().get(year)
    return _by_statute(year) if marks is None else marks


def _by_statute(year: int) -> dict[Day, Mark]:
    statutes = _statutes()
    marks: dict[Day, Mark] = {}
    in_force = {_in_force(statutes, date(year, month, day).toordinal()) for month, day in ((1, 1), (12, 31))}
    for since, days in statutes.versions:
        for name, places in days.items() if since in in_force else ():
            for place in places:
                day = _resolve(place, year, statutes.festivals.get(year, {}))
                # The newest version in force on the day decides, even where it grants nothing.
                if day is not None and day >= since and _in_force(statutes, day) == since:
                    marks.setdefault(day, statutes.names[name])
    return marks


def _in_force(statutes: _Statutes, day: Day) -> Day | None:
    return next((since for since, _ in statutes.versions if since <= day), None)


def _resolve(place: str, year: int, festivals: Mapping[str, str]) -> Day | None:
    """``10-01`` or ``spring+1`` as a day of ``year``; None for a festival of a year outside the table."""
    match = _ANCHORED.fullmatch(place)
    if match is None:
        return date.fromisoformat(f"{year:04}-{place}").toordinal()
    if match[1] not in festivals:
        return None
    return date.fromisoformat(f"{year:04}-{festivals[match[1]]}").toordinal() + int(match[2] or 0)


@cache
def _by_notice() -> Mapping[int, Mapping[Day, Mark]]:
    names = _statutes().names
    known = chinese_calendar.constants
    years: dict[int, dict[Day, Mark]] = {year: {} for year in noticed_years()}
    for day, value in known.holidays.items():
        name = names.get(known.Holiday(value).name) or Mark(True, known.Holiday(value).chinese, value)
        if day in known.in_lieu_days:
            name = Mark(True, f"{name.zh}调休", f"adjusted rest day for {name.en}")
        years[day.year][day.toordinal()] = name
    for day in known.workdays:
        # Make-up work may fall into the year before the first notice.
        years.setdefault(day.year, {})[day.toordinal()] = MAKE_UP
    for corrected, mark in _statutes().corrections.items():
        years[date.fromordinal(corrected).year][corrected] = mark
    return years


@cache
def _statutes() -> _Statutes:
    """The data file, read once.

    Raises :class:`~execcheck.defects.DefectiveInput` where somebody broke its YAML.
    """
    source = _data_file()
    document = load_yaml(source.read_text(encoding="utf-8"), "holidays.yaml")
    if document.defects:
        raise DefectiveInput(document.defects)
    data = document.value
    try:
        return _Statutes(
            names={key: Mark(True, text["zh"], text["en"]) for key, text in data["names"].items()},
            versions=tuple(sorted(
                ((_ordinal(since), {name: tuple(days) for name, days in granted.items()})
                 for since, granted in data["statutes"].items()), key=lambda version: -version[0],
            )),
            festivals={int(year): dict(zip(data["columns"], days.split(), strict=True))
                       for year, days in data["festivals"].items()},
            corrections={_ordinal(day): _CORRECTED[what] for day, what in data["corrections"].items()},
        )  # fmt: skip
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        zh, en = f"法定节假日数据无法读取：{error!r}", f"unreadable data on holidays: {error!r}"
        raise DefectiveInput([Defect("holidays.yaml", "holidays", zh, en)]) from error


_CORRECTED = {"working": MAKE_UP, "rest": Mark(True, "放假", "rest day")}


def _ordinal(text: str) -> Day:
    return date.fromisoformat(text).toordinal()


def _data_file() -> Path:
    """In the wheel inside the package, in a checkout beside it."""
    installed = Path(str(files("execcheck"))) / "statemachines" / "holidays.yaml"
    return installed if installed.is_file() else Path(__file__).parents[1] / "statemachines" / "holidays.yaml"
