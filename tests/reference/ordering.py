"""Which of two events came first (semantics, section 1), and the order of a log."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from execcheck.events import Event, Moment, Month
from reference.said import NotCovered

COURT = ZoneInfo("Asia/Shanghai")


def day(event: Event) -> date:
    """The calendar day of an event in the court's zone."""
    return day_of(event.time)


def day_of(moment: Moment) -> date:
    """The calendar day of a moment in the court's zone."""
    if isinstance(moment, Month):
        raise NotCovered("an event of which only the month is known")
    if isinstance(moment, datetime):
        return moment.astimezone(COURT).date()
    return moment


def is_instant(event: Event) -> bool:
    """Whether more than the day is known."""
    return isinstance(event.time, datetime)


def instant(event: Event) -> datetime:
    """The time of an event that is an instant, in UTC."""
    assert isinstance(event.time, datetime)
    return event.time.astimezone(UTC)


def end_of(event: Event) -> datetime:
    """The time of an event: its instant, or the end of its day."""
    return instant(event) if is_instant(event) else datetime.combine(day(event), time.max, COURT).astimezone(UTC)


def before(a: Event, b: Event) -> bool:
    """Whether a came before b, or at once with it, or the log leaves it open: the doubt goes to compliance."""
    if day(a) != day(b):
        return day(a) < day(b)
    if is_instant(a) and is_instant(b):
        return instant(a) <= instant(b)
    return True


def surely_before(a: Event, b: Event) -> bool:
    """Whether the log shows that a came before b."""
    return not before(b, a)


def in_order(events: Iterable[Event]) -> tuple[Event, ...]:
    """By day; instants, then events of which only the day is known; ties by ``recorded`` (absent last), then by id."""
    return tuple(sorted(events, key=_place))


def _place(event: Event) -> tuple[object, ...]:
    at = instant(event) if is_instant(event) else datetime.max.replace(tzinfo=UTC)
    return day(event), at, _entered(event.recorded), event.id


def _entered(recorded: Moment | None) -> datetime:
    if recorded is None:
        return datetime.max.replace(tzinfo=UTC)
    if isinstance(recorded, datetime):
        return recorded.astimezone(UTC)
    return datetime.combine(recorded, time.max, COURT).astimezone(UTC)
