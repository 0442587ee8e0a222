"""The order of events: one definition of "before", one of "certainly before", one order of a log.

A day-precision event lies somewhere within its day, one of month precision within its month. Where the log does
not tell the order of two events, the doubt goes to compliance: an event that would satisfy a rule counts as
earlier (:func:`before`), one that would make a breach does not (:func:`certainly_before`). Source: the contract's
semantics, section 1.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any, Final

from execcheck.events import Day, Event, Moment, Month


def before(a: Event, b: Event) -> bool:
    """Whether ``a`` is before ``b``, at the same moment, or on the same day with the order left open."""
    if a.day != b.day:
        return a.day < b.day or (isinstance(b.time, Month) and a.day <= b.last)
    start, end = a.time, b.time
    return not (isinstance(start, datetime) and isinstance(end, datetime)) or start <= end


def certainly_before(a: Event, b: Event) -> bool:
    """Whether the log shows that ``a`` came before ``b``."""
    if a.day != b.day:
        return a.day < b.day and (not isinstance(a.time, Month) or a.last < b.day)
    start, end = a.time, b.time
    return isinstance(start, datetime) and isinstance(end, datetime) and start < end


_PLAIN: Final = {date, datetime}
"""What nearly all times are; months, and what a host made of the two classes, are compared as moments."""


def sort_events(events: list[Event]) -> list[Event]:
    """The events in the order of the contract; independent of the order in which they arrived.

    Day; instants before day-precision events; then ``recorded`` (absent last), id, content.
    """
    if not {type(event.time) for event in events} <= _PLAIN:
        return _sorted(events)
    ties = _ties(events)
    if ties is None:
        events = sorted(events, key=_place)
        ties = _ties(events) or []
    if ties:
        events = events.copy()  # the caller's list stays as it is
        for begin, end in ties:
            events[begin:end] = sorted(events[begin:end], key=_among_ties)
    return events


def insert_event(events: list[Event], event: Event) -> None:
    """Put an event into its place among ordered ones, of which none is known only by its month."""
    if not events or events[-1].day < event.day:
        events.append(event)
        return
    place, own = len(events), _place(event)
    while place:
        earlier = events[place - 1]
        other = _place(earlier)
        if other < own or (other == own and _among_ties(earlier) <= _among_ties(event)):
            break
        place -= 1
    events.insert(place, event)


def _place(event: Event) -> tuple[Day, bool, Moment]:
    """As :func:`moment`, where no event is known only by its month: instants compare as such, days are equal."""
    time = event.time
    return event.day, type(time) is not datetime, time


def _sorted(events: list[Event]) -> list[Event]:
    moments = [moment(event) for event in events]
    places = sorted(range(len(events)), key=moments.__getitem__)
    ordered: list[Event] = []
    for _, together in groupby(places, key=moments.__getitem__):
        run = [events[place] for place in together]
        ordered.extend(run if len(run) == 1 else sorted(run, key=_among_ties))
    return ordered


def _ties(events: list[Event]) -> list[tuple[int, int]] | None:
    """Where events of one moment stand, if all others are in order already; else None."""
    found: list[tuple[int, int]] = []
    last_day, last, begin = 0, None, 0  # type: Day, Moment | None, int
    for place, event in enumerate(events):
        day, time = event.day, event.time
        if day != last_day:
            if day < last_day:
                return None
        elif type(time) is not type(last):
            if type(last) is not datetime:
                return None
        elif type(time) is datetime and time != last:
            if time < last:
                return None
        else:
            last = time
            continue
        if place - begin > 1:
            found.append((begin, place))
        begin, last_day, last = place, day, time
    if len(events) - begin > 1:
        found.append((begin, len(events)))
    return found


def _among_ties(event: Event) -> tuple[Any, ...]:
    """Decides between events of one moment; equal only for events that say the same."""
    return (_recorded(event), event.id, "") if event.has_id else (_recorded(event), "", content(event))


def moment(event: Event) -> tuple[int, bool, float]:
    """Where an event stands in time: its day, then instants, then events of which only the day is known.

    An event of which only the month is known stands at the end of that month.
    """
    time = event.time
    if isinstance(time, datetime):
        return (event.day, False, time.timestamp())
    return (event.last, True, float(isinstance(time, Month)))


def _recorded(event: Event) -> tuple[int, float]:
    recorded = event.recorded
    if recorded is None or event.recorded_day is None:
        return (9_999_999, 0.0)
    return (event.recorded_day, recorded.timestamp() if isinstance(recorded, datetime) else float("inf"))


def content(event: Event) -> str:
    """A canonical text of what the event says, without its id and place."""
    replaced = () if event.supersedes is None else (event.supersedes,)  # that of other events is as it always was
    return json.dumps(
        [
            event.case, event.type, _text(event.time), _text(event.recorded), event.source, _person(event.actor),
            [_person(member) for member in event.panel or ()],
            [[a.id, a.role, _text(a.time)] for a in event.approvals or ()],
            sorted(event.objects.items()), sorted((key, _text(value)) for key, value in event.data.items()),
            *replaced,
        ],
        ensure_ascii=False,
    )  # fmt: skip


def _person(actor: Any) -> list[Any] | None:
    if actor is None:
        return None
    return [actor.id, actor.role, actor.department, actor.team, actor.quota_judge]


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else repr(value)


def same_content(one: Event, other: Event) -> bool:
    """Whether two events say the same, wherever they stand. Numbers compare by value, but true is not 1."""
    return _content(one) == _content(other)


def _content(event: Event) -> tuple[Any, ...]:
    return (
        event.id, event.case, event.type, event.time, event.recorded, event.source, event.actor, event.panel,
        event.approvals, dict(event.objects), _typed(event.data), event.supersedes,
    )  # fmt: skip


def _typed(value: Any) -> Any:
    """A value in which equality means sameness: every scalar with its kind."""
    if isinstance(value, Mapping):
        return {key: _typed(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_typed(item) for item in value]
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return ("number", value)
    return (type(value).__name__, value)
