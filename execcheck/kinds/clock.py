"""The clock of a response: stops, extensions, and the due day with its working."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Protocol

from execcheck.answers import Missing
from execcheck.docket import Docket
from execcheck.events import Day, Event
from execcheck.families import View
from execcheck.order import before
from execcheck.periods import Calendar, Deadline, Period, Stop, deadline, extend
from execcheck.terms import Pairs, Span


class Owed(Protocol):
    """What the clock needs of a duty."""

    event: Event
    whole: View
    per: str | None
    object_id: str | None
    start: Day
    until: Event | None


class Clock:
    """Computes due days for one rule: which spans stop it, which events extend it."""

    def __init__(
        self, stops: tuple[str, ...], extensions: Pairs, longer: Period | None, *, even_late: bool = False
    ) -> None:
        self.even_late = even_late
        self.stops = stops
        self.extensions = extensions
        self.longer = longer

    def simple(self, view: View) -> bool:
        """Whether no extension is in sight; stops only ever move a due day later."""
        return not any(view.of(kind) for kind, _ in self.extensions)

    def deadline(
        self, calendar: Calendar, view: View, duty: Owed, period: Period, *, doubtful: bool = False,
        strictly: bool = False,
    ) -> Deadline:  # fmt: skip
        """The due day with everything that moved it.

        Where only the month of a stop or an extension is known, the reading kindest to the debtor of the duty
        counts; ``strictly`` the other one.
        """
        stops = self._stops(view, duty, doubtful, strictly)
        found = deadline(calendar, duty.start, period, stops)
        if self.longer is None:
            return self.extended(view, duty, found, strictly=strictly)
        in_time = any(self.even_late or _on_or_before(event, found, strictly) for event in self._granted(view, duty))
        return deadline(calendar, duty.start, self.longer, stops) if in_time else found

    def extended(self, view: View, duty: Owed, found: Deadline, *, strictly: bool = False) -> Deadline:
        """The due day with the extensions that were granted on or before the day they replace."""
        for event in self._granted(view, duty):
            if _on_or_before(event, found, strictly):
                found = _until(found, event)
        return found

    def doubt(self, docket: Docket, duty: Owed, found: Deadline, saves: Callable[[Day | None], bool]) -> Missing:
        """The fields that decide whether a stop ran, where the due day it would have led to saves the duty."""
        spans = [span for name in self.stops for span in self._spans(duty.whole, duty, name) if span.doubtful]
        if not spans or found.fixed or found.period is None:
            return ()
        kinder = self.deadline(docket.calendar, duty.whole, duty, found.period, doubtful=True)
        return tuple(name for span in spans for name in span.doubtful) if saves(kinder.due) else ()

    def _stops(self, view: View, duty: Owed, doubtful: bool, strictly: bool) -> tuple[Stop, ...]:
        return tuple(
            Stop(name, span.opening.last if strictly else span.opening.day, span.end_day if strictly else span.last_day)
            for name in self.stops
            for span in self._spans(view, duty, name)
            if doubtful or not span.doubtful
        )

    def _spans(self, view: View, duty: Owed, name: str) -> list[Span]:
        about = view.family.definitions.spans[name].object
        spans = view.spans(name)
        return [
            span for span in spans
            if (about is None or about != duty.per or span.object_id == duty.object_id)
            and (duty.until is None or before(span.opening, duty.until))
        ]  # fmt: skip

    def _granted(self, view: View, duty: Owed) -> list[Event]:
        return [
            e for e in self._extensions(view, duty.event)
            if _same_object(e, duty) and e is not duty.until and (duty.until is None or before(e, duty.until))
        ]  # fmt: skip

    def _extensions(self, view: View, trigger: Event) -> list[Event]:
        found = [
            event
            for kind, check in self.extensions
            for event in view.of(kind)
            if before(trigger, event) and (check is None or check(event, view) is True)
        ]
        return sorted(found, key=lambda event: event.day)


def _on_or_before(event: Event, found: Deadline, strictly: bool) -> bool:
    return found.due is None or (event.last if strictly else event.day) <= found.due


def _same_object(event: Event, duty: Owed) -> bool:
    own = event.objects.get(duty.per) if duty.per else None
    return own is None or own == duty.object_id


def _until(found: Deadline, granted: Event) -> Deadline:
    until = granted.data.get("until")
    return extend(found, until.toordinal()) if isinstance(until, date) else found
