"""Small changes of small logs: an event more or less, another day, another word, another case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from attrs import evolve, frozen

from execcheck.case_numbers import parse
from execcheck.events import Actor, Day, Event
from execcheck.lawbook import Law
from execcheck.moments import COURT_ZONE
from execcheck.mutating.limits import constants
from execcheck.vocabulary import Field, Vocabulary


@frozen
class Log:
    """Some events and the day on which they are looked at (None: that of the last event)."""

    events: tuple[Event, ...]
    as_of: Day | None = None

    @property
    def end(self) -> Day:
        """The day of observation."""
        return self.as_of or max(event.last for event in self.events)

    def put(self, n: int, *events: Event) -> Log:
        """The log with some events in the place of one."""
        return evolve(self, events=(*self.events[:n], *events, *self.events[n + 1 :]))

    def add(self, events: Iterable[Event]) -> Log:
        """The log with some events more."""
        return evolve(self, events=(*self.events, *events))


def moved(event: Event, day: Day, hour: int | None = None) -> Event:
    """The event on another day, at an hour where one is given."""
    if hour is None:
        return evolve(event, time=date.fromordinal(day), day=day)
    time = datetime.fromordinal(day).replace(hour=hour, tzinfo=COURT_ZONE)
    return evolve(event, time=time, day=day)


def shifted(log: Log, days: int) -> Log:
    """The whole log some days later, with the days in its data."""
    return Log(tuple(later(event, days) for event in log.events), None if log.as_of is None else log.as_of + days)


def later(event: Event, days: int) -> Event:
    """The event so many days later, with the days in its data."""
    step = timedelta(days=days)
    data = {name: value + step if isinstance(value, date) else value for name, value in event.data.items()}
    approvals = event.approvals and tuple(
        a if a.time is None else evolve(a, time=a.time + step, day=a.day and a.day + days) for a in event.approvals
    )
    recorded = None if event.recorded is None else event.recorded + step
    return evolve(
        event, time=event.time + step, day=event.day + days, data=data, approvals=approvals, recorded=recorded,
        recorded_day=event.recorded_day and event.recorded_day + days,
    )  # fmt: skip


def with_times(log: Log) -> Iterator[Log]:
    """One event in the morning, another in the afternoon of the same day."""
    for n, early in enumerate(log.events):
        for m, late in enumerate(log.events):
            if n != m:
                for day in {early.day, late.day}:
                    yield log.put(n, moved(early, day, 10)).put(m, moved(late, day, 16))


def moves(log: Log, days: Sequence[Day]) -> Iterator[Log]:
    """One event on another day."""
    for n, event in enumerate(log.events):
        for day in days:
            if day != event.day:
                yield log.put(n, moved(event, day))


def copies(log: Log, days: Sequence[Day]) -> Iterator[Log]:
    """One event once more on another day, perhaps about another object."""
    for event in log.events:
        for day in days:
            again = evolve(moved(event, day), id=f"{event.id}'")
            yield log.add((again,))
            for kind, name in event.objects.items():
                yield log.add((evolve(again, objects={**event.objects, kind: f"{name}-2"}),))


def without_one(log: Log) -> Iterator[Log]:
    """One event less."""
    if len(log.events) > 1:
        for n in range(len(log.events)):
            yield log.put(n)


def retold(log: Log, vocabulary: Vocabulary) -> Iterator[Log]:
    """One thing about one event told otherwise."""
    for n, event in enumerate(log.events):
        for other in _otherwise(event, vocabulary):
            yield log.put(n, other)


def _otherwise(event: Event, vocabulary: Vocabulary) -> Iterator[Event]:
    described = vocabulary.events[event.type]
    for name, field in described.fields.items():
        for value in _values(field, event.data.get(name)):
            yield evolve(event, data={**event.data, name: value})
        if name in event.data and name not in described.required:
            yield evolve(event, data={k: v for k, v in event.data.items() if k != name})
    actor = event.actor or Actor()
    holders = [str(office.get("held_by")) for office in vocabulary.extra.get("offices", {}).values()]
    for role in dict.fromkeys((*holders, *vocabulary.roles)):
        yield evolve(event, actor=evolve(actor, role=role))
    for department in vocabulary.departments:
        yield evolve(event, actor=evolve(actor, department=department))
    for other in ("u1", "u2"):
        yield evolve(event, actor=evolve(actor, id=other))
    for kind in (described.object, *described.also):
        if kind is not None:
            yield evolve(event, objects={**event.objects, kind: f"{kind}2"})
            yield evolve(event, objects={k: v for k, v in event.objects.items() if k != kind})
    yield from without_persons(event)
    yield from _less_and_more(event)
    yield evolve(event, source="offline" if event.source == "system" else "system")


def without_persons(event: Event) -> Iterator[Event]:
    """The event without its actor, its panel or its approvals."""
    if event.actor is not None:
        yield evolve(event, actor=None)
    if event.panel is not None:
        yield evolve(event, panel=None)
    if event.approvals is not None:
        yield evolve(event, approvals=None)


def _less_and_more(event: Event) -> Iterator[Event]:
    """A member or an approval less; a member more."""
    for n in range(len(event.panel or ())):
        yield evolve(event, panel=(*(event.panel or ())[:n], *(event.panel or ())[n + 1 :]))
    if event.panel:
        yield evolve(event, panel=(*event.panel, evolve(event.panel[-1], id="u9")))
        yield evolve(event, panel=(*event.panel, evolve(event.panel[-1], id="u8"), evolve(event.panel[-1], id="u9")))
        yield evolve(event, panel=(evolve(event.panel[0], quota_judge=False), *event.panel[1:]))
    for n in range(len(event.approvals or ())):
        yield evolve(event, approvals=(*(event.approvals or ())[:n], *(event.approvals or ())[n + 1 :]))


def _values(field: Field, now: Any) -> Iterator[Any]:
    if field.kind == "enum":
        yield from (value for value in field.values if value != now)
    elif field.kind == "boolean":
        yield from (value for value in (True, False) if value is not now)
    elif field.kind == "many":
        chosen = now or ()
        yield from ((*chosen, value) for value in field.values if value not in chosen)
        yield from (tuple(v for v in chosen if v != value) for value in chosen)
        yield field.values
    elif now is not None and field.kind in ("money", "integer", "date"):
        yield from (value for _, value in constants(now))
        if field.kind == "money":
            yield from (now * 2, Decimal(1), Decimal(1_000_000))
    elif field.kind in ("money", "integer"):
        yield from (Decimal(value) if field.kind == "money" else value for value in (1, 2, 3))
    elif field.kind in ("id", "text") and not field.is_case_number:
        yield from (name for name in ("u1", "u2") if name != now)


# --- cases ---------------------------------------------------------------------------------------


def elsewhere(log: Log, law: Law) -> Iterator[Log]:
    """One event in another case: of the same family, or of nobody's; or all events in a case of another kind."""
    for n, event in enumerate(log.events):
        for other, filing in _other_cases(event.case, event, log, law):
            yield log.put(n, evolve(event, case=other)).add(filing)
    cases = {event.case for event in log.events}
    if len(cases) == 1:
        yield from _renumbered(log, cases.pop(), law)


def _other_cases(case: str, event: Event, log: Log, law: Law) -> Iterator[tuple[str, tuple[Event, ...]]]:
    known = law.definitions.cases
    parsed = parse(case)
    if parsed is None:
        yield f"{case}-2", ()
        return
    yield case.replace(f"{parsed.number}号", f"{parsed.number + 1}号"), ()
    if not (known.opened_by and known.parent):
        return
    kind, number = (known.resumed_type, parsed.number) if known.resumed_type else (parsed.type, parsed.number + 1)
    resumed = case.replace(f"{parsed.type}{parsed.number}号", f"{kind}{number}号")
    first = min(e.day for e in log.events)
    for day in dict.fromkeys((first - 1, event.day)):
        filed = {known.parent: case, **({known.type_field: kind} if known.type_field and known.resumed_type else {})}
        filing = Event(
            id="filing", case=resumed, type=known.opened_by, time=date.fromordinal(day), day=day, data=filed,
        )  # fmt: skip
        yield resumed, (filing,)


def _renumbered(log: Log, case: str, law: Law) -> Iterator[Log]:
    parsed = parse(case)
    opened = law.vocabulary.events.get(law.definitions.cases.opened_by or "")
    field = opened.fields.get(law.definitions.cases.type_field or "") if opened else None
    if parsed is not None and parsed.region:
        regions = [region for region in law.definitions.cases.provinces if region != parsed.region]
        names = [case.replace(parsed.region, region, 1) for region in regions[:1]]
        yield from (Log(tuple(evolve(e, case=name) for e in log.events), log.as_of) for name in names)
    for kind in field.values if parsed is not None and field is not None else ():
        if parsed is not None and kind != parsed.type:
            name = case.replace(f"{parsed.type}{parsed.number}号", f"{kind}{parsed.number}号")
            yield Log(tuple(evolve(event, case=name) for event in log.events), log.as_of)
