"""The events of one day taken in the best order that the log leaves open.

Instants keep their order among themselves; equal instants and events of day precision may come in any. The
order with the fewest wrong steps counts, and every state that such an order can end in stays possible.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby

from attrs import frozen

from execcheck.events import Day, Event, Month
from execcheck.lifecycle_rows import Row
from execcheck.order import certainly_before

LIMIT = 100_000
"""How many steps one day may cost; a day beyond it is not judged (the doubt goes to compliance)."""


@frozen
class Fault:
    """A wrong step: the event's index among those given, and the states it was taken in."""

    index: int
    row: Row


@frozen
class _Course:
    """Where some of the events lead: the wrong steps among them, and the states then possible."""

    faults: tuple[Fault, ...]
    row: Row


class _TooCostlyError(Exception):
    """The search has cost too much."""


def certain(earlier: Event, later: Event) -> bool:
    """Whether the log shows the order of two neighbouring events of one day."""
    first, second = earlier.time, later.time
    return isinstance(first, datetime) and isinstance(second, datetime) and first < second


def days(events: Sequence[Event]) -> list[Day]:
    """The day of each event; of all that may fall into a month of which no day is known, the first of it."""
    months = {event.day: event.last for event in events if isinstance(event.time, Month)}
    if not months:
        return [event.day for event in events]
    return [next((first for first, last in months.items() if first <= e.day <= last), e.day) for e in events]


def stretches(events: Sequence[Event]) -> Iterator[tuple[int, int]]:
    """Bounds of the stretches of the log that have to be ordered together.

    That is a whole day if an event of it has day precision (those come last), else each instant; and a whole
    month if of some event of it only the month is known.
    """
    begin = 0
    if any(isinstance(event.time, Month) for event in events):
        for _, together in groupby(days(events)):
            end = begin + len(list(together))
            yield begin, end
            begin = end
        return
    while begin < len(events):
        end = begin + 1
        while end < len(events) and events[end].day == events[begin].day:
            end += 1
        if isinstance(events[end - 1].time, datetime):
            end = begin + 1
            while end < len(events) and events[end].time == events[begin].time:
                end += 1
        yield begin, end
        begin = end


def settle(row: Row, events: Sequence[Event], triggers: Sequence[str]) -> tuple[tuple[Fault, ...], Row]:
    """The wrong steps of the best order of one stretch, and the row after it."""
    search = _Search(events, triggers)
    for most in range(len(events) + 1):
        try:
            course = search.course(row, most)
        except _TooCostlyError:
            break
        if course is not None:
            return course.faults, course.row
    return (), row.rows.loose(row, triggers)


class _Search:
    """Takes the events of one stretch in every order that the log leaves open.

    Courses that took the same events with as many faults are one course, in which all their states are
    possible; so there are as many courses as sets of events, not as many as orders. Sets are bits.
    """

    def __init__(self, events: Sequence[Event], triggers: Sequence[str]) -> None:
        self.triggers = triggers
        self.needs = _needs(events, triggers)
        self.cost = 0

    def course(self, start: Row, most: int) -> _Course | None:
        """The course through all events with ``most`` faults, if there is one (with fewer there is none)."""
        count = len(self.triggers)
        layers: list[dict[tuple[int, int], _Course]] = [{} for _ in range(count + 1)]
        self._put(layers, 0, _Course((), start))
        for layer in layers[:-1]:
            for (done, _), course in layer.items():
                self._spend(count)
                for index, need in enumerate(self.needs):
                    if not done >> index & 1 and not need & ~done:
                        self._extend(layers, done, course, index, most)
        return layers[-1].get(((1 << count) - 1, most))

    def _extend(
        self, layers: list[dict[tuple[int, int], _Course]], done: int, course: _Course, index: int, most: int
    ) -> None:
        trigger, row = self.triggers[index], course.row
        after = row[trigger]
        if after is not None:
            self._put(layers, done | 1 << index, _Course(course.faults, after))
        if len(course.faults) < most:
            refusing = row.rows.refusing(row, trigger)
            if refusing is not None:
                faults = (*course.faults, Fault(index, refusing))
                self._put(layers, done | 1 << index, _Course(faults, row.rows.wrong(refusing, trigger)))

    def _put(self, layers: list[dict[tuple[int, int], _Course]], done: int, course: _Course) -> None:
        self._spend(len(self.triggers))
        done = self._with_idle(done, course.row)
        layer, key = layers[done.bit_count()], (done, len(course.faults))
        known = layer.get(key)
        if known is None:
            layer[key] = course
        elif known.row is not course.row:
            layer[key] = _Course(known.faults, known.row.rows.merged(known.row, course.row))

    def _with_idle(self, done: int, row: Row) -> int:
        """Take at once what never changes a state: no order with such a step later is better."""
        idle = row.rows.idle
        for index, trigger in enumerate(self.triggers):
            if trigger in idle and not done >> index & 1 and not self.needs[index] & ~done and row[trigger] is row:
                done |= 1 << index
        return done

    def _spend(self, steps: int) -> None:
        self.cost += steps
        if self.cost > LIMIT:
            raise _TooCostlyError


def _needs(events: Sequence[Event], triggers: Sequence[str]) -> list[int]:
    """For each event the set (as bits) of those that must be taken before it.

    Those are all earlier instants, and the last of its like: swapping two of a kind changes nothing.
    """
    if any(isinstance(event.time, Month) for event in events):
        return _needs_of_months(events)
    needs: list[int] = []
    like: dict[tuple[str, datetime | None], int] = {}
    earlier = present = 0  # the instants before the current one, and those up to it
    now: datetime | None = None
    for index, (event, trigger) in enumerate(zip(events, triggers, strict=True)):
        time = event.time if isinstance(event.time, datetime) else None
        if time is not None:
            if time != now:
                earlier, now = present, time
            present |= 1 << index
        last = like.get((trigger, time))
        needs.append((earlier if time is not None else 0) | (0 if last is None else 1 << last))
        like[trigger, time] = index
    return needs


def _needs_of_months(events: Sequence[Event]) -> list[int]:
    """The same where only the months of some events are known: what certainly came before each event."""
    return [sum(1 << index for index, other in enumerate(events) if certainly_before(other, event)) for event in events]
