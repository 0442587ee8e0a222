"""A log in the making: events are added, changed and moved until they say what a rule is to be shown.

A :class:`Story` is the only thing here that changes; what comes out of it are immutable events.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from attrs import evolve

from execcheck.calendars import Calendar
from execcheck.case_numbers import parse
from execcheck.durations import END
from execcheck.events import Day, Event
from execcheck.families import Family
from execcheck.judging import Judging
from execcheck.lawbook import Law
from execcheck.logs.writing import raw_of
from execcheck.moments import COURT_ZONE
from execcheck.testing.choices import Choices
from execcheck.vocabulary import Field

REGION, COURT = "豫", "0225"
"""The court of cases whose rule belongs to no region."""


class CannotConstruct(Exception):  # noqa: N818 - it says what happened
    """No log could be built that shows what was wanted; ``zh`` and ``en`` say why."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


class Story:
    """Events of one or several cases, by name; ``bare`` is the law book without rules, for looking at them."""

    def __init__(self, law: Law, choices: Choices, day: Day, calendar: Calendar, region: str | None = None) -> None:
        self.law = law
        self.calendar = calendar
        self.choices = choices
        self.day = day
        self.region = region or REGION
        self.events: dict[str, Event] = {}
        self.case = self.number(law.definitions.cases.default_type or "执")
        self._bare = Judging(law.only(()), calendar=calendar)
        self._count = 0

    # --- looking --------------------------------------------------------------------------------

    def __getitem__(self, name: str) -> Event:
        return self.events[name]

    def family(self, name: str) -> Family:
        """The family of an event as it is now, seen when everything is over."""
        families = self._bare.families(list(self.events.values()), END)
        case = self.events[name].case
        return next(family for family in families if case in family.cases)

    def ordered(self) -> tuple[Event, ...]:
        """The events in time, with ids in that order."""
        events, ids = self._in_time(), self.ids()
        return tuple(evolve(event, id=ids[event.id]) for event in events)

    def ids(self) -> Mapping[str, str]:
        """The ids that :meth:`ordered` gives, by the names of the events."""
        events = self._in_time()
        width = len(str(len(events)))
        return {event.id: f"e{place:0{width}}" for place, event in enumerate(events, 1)}

    def _in_time(self) -> list[Event]:
        return sorted(self.events.values(), key=lambda event: (event.day, _instant(event)))

    # --- changing -------------------------------------------------------------------------------

    def add(
        self, kind: str, day: Day, *, case: str | None = None, objects: Mapping[str, str] | None = None,
        data: Mapping[str, Any] | None = None,
    ) -> str:  # fmt: skip
        """Put in one more event of a type on a day, with what it cannot lack; returns its name."""
        described = self.law.vocabulary.events[kind]
        self._count += 1
        name = f"n{self._count}"
        own = {} if described.object is None else {described.object: f"{described.object}1"}
        own.update({what: one for what, one in (objects or {}).items() if described.carries(what)})
        needed = {f: self.value(described.fields[f], day) for f in described.required if f in described.fields}
        self.events[name] = Event(
            id=name, case=case or self.case, type=kind, time=date.fromordinal(day), day=day, objects=own,
            data={**needed, **(data or {})},
        )  # fmt: skip
        return name

    def put(self, name: str, **changes: Any) -> None:
        """Change parts of an event."""
        self.events[name] = evolve(self.events[name], **changes)

    def give(self, name: str, field: str, value: Any) -> None:
        """Set a data field of an event; None takes it away."""
        data = dict(self.events[name].data)
        data.pop(field, None)
        if value is not None:
            data[field] = value
        self.put(name, data=data)

    def move(self, name: str, day: Day) -> None:
        """Let an event happen on another day."""
        self.put(name, time=date.fromordinal(day), day=day)

    def stamp(self, name: str, time: datetime) -> None:
        """Let an event happen at an instant."""
        self.put(name, time=time, day=time.astimezone(COURT_ZONE).toordinal())

    def drop(self, name: str) -> None:
        """Take an event out again."""
        del self.events[name]

    def rename(self, old: str, new: str) -> None:
        """Give a case another number, wherever it is named."""

        def changed(value: Any) -> Any:
            if isinstance(value, tuple):
                return tuple(new if item == old else item for item in value)
            return new if value == old else value

        for name, event in self.events.items():
            self.events[name] = evolve(
                event, case=changed(event.case), data={f: changed(value) for f, value in event.data.items()}
            )  # fmt: skip
        self.case = changed(self.case)

    # --- words ----------------------------------------------------------------------------------

    def number(self, kind: str, serial: int = 1, region: str | None = None) -> str:
        """A case number (案号) for a type of case."""
        year = date.fromordinal(self.day).year
        return f"（{year}）{region or self.region}{COURT}{kind}{serial}号"

    def retyped(self, case: str, kind: str) -> str:
        """The same number for another type of case."""
        parsed = parse(case)
        return self.number(kind, parsed.number if parsed else 1, parsed.region if parsed else None)

    def filing(self, case: str, before: Day) -> str | None:
        """The name of the event that opened a case, put in where there is none; None where no type of event does."""
        kind = self.law.definitions.cases.opened_by
        if not kind:
            return None
        found = [name for name, event in self.events.items() if event.type == kind and event.case == case]
        return found[0] if found else self.add(kind, before, case=case)

    def value(self, field: Field, day: Day) -> Any:
        """Some value that the field may hold."""
        return self.choices.of(self.values(field, day))

    def values(self, field: Field, day: Day) -> Sequence[Any]:
        """Values that the field may hold, the simplest first."""
        name, kind = field.name, field.kind
        if kind == "enum":
            return field.values
        if kind == "many":
            return [(value,) for value in field.values]
        if kind == "boolean":
            return (True, False)
        if kind == "integer":
            return (1, 2)
        if kind == "money":
            return (Decimal(1000), Decimal("0.01"), Decimal(250_000))
        if kind == "date":
            return (date.fromordinal(min(day + 30, END)),)
        if kind == "instant":
            return (datetime.fromordinal(day).replace(tzinfo=COURT_ZONE) + timedelta(hours=9),)
        if field.is_case_number:
            other = self.number("执", 9)
            return (other,) if kind == "id" else ((other,),)
        return (f"{name}1",) if kind in ("id", "text") else ((f"{name}1",),)


def with_instants(events: Iterable[Event]) -> tuple[Event, ...]:
    """Events of which only the day is known at instants of that day, in the order in which they stand."""
    return tuple(
        event if isinstance(event.time, datetime) else evolve(event, time=_instant_of(event.day, place))
        for place, event in enumerate(events)
    )


def _instant_of(day: Day, place: int) -> datetime:
    return datetime.combine(date.fromordinal(day), time(9), COURT_ZONE) + timedelta(minutes=min(place, 480))


def log_lines(events: Iterable[Event]) -> str:
    """Events as the lines of a log."""
    return "\n".join(json.dumps(raw_of(event), ensure_ascii=False) for event in events)


def _instant(event: Event) -> tuple[bool, float]:
    """Within a day instants come first, then events of which only the day is known, as they were put in."""
    return (False, event.time.timestamp()) if isinstance(event.time, datetime) else (True, 0.0)
