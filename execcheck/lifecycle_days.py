"""The events of one day taken in the best order that the log leaves open.

Instants keep their order among themselves; equal instants and events of day precision may come in any. The
order with the fewest wrong steps counts, and every state that such an order can end in stays possible.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from attrs import frozen

from execcheck.events import Event
from execcheck.lifecycle_rows import Row

LIMIT = 400_000
"""How many steps one day may cost; a day beyond it is not judged (the doubt goes to compliance)."""


@frozen
class Fault:
    """A wrong step: the event's index among those given, and the row it was taken in."""

    index: int
    row: Row


@frozen
class _Course:
    """A partial order: the indexes in the order taken, the wrong steps among them, and where it stands."""

    taken: tuple[int, ...]
    faults: tuple[Fault, ...]
    row: Row

    def goes_before(self, other: _Course) -> bool:
        """Whether this course is better: fewer faults, then closer to the order of the log."""
        return (len(self.faults), self.taken) < (len(other.faults), other.taken)

    def then(self, index: int, trigger: str) -> _Course:
        after = self.row[trigger]
        taken = (*self.taken, index)
        if after is not None:
            return _Course(taken, self.faults, after)
        return _Course(taken, (*self.faults, Fault(index, self.row)), self.row.rows.wrong(self.row, trigger))


def certain(earlier: Event, later: Event) -> bool:
    """Whether the log shows the order of two neighbouring events of one day."""
    first, second = earlier.time, later.time
    return isinstance(first, datetime) and isinstance(second, datetime) and first < second


def stretches(events: Sequence[Event]) -> Iterator[tuple[int, int]]:
    """Bounds of the stretches of the log that have to be ordered together.

    That is a whole day if an event of it has day precision (those come last), else each instant.
    """
    begin = 0
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
    needs = _needs(events, triggers)
    layer: dict[tuple[int, Row], _Course] = {(0, row): _Course((), (), row)}
    cost = 0
    for _ in events:
        following: dict[tuple[int, Row], _Course] = {}
        for (done, _row), course in layer.items():
            cost += len(needs)
            if cost > LIMIT:
                return (), row.rows.loose(row, triggers)
            for index, need in enumerate(needs):
                if done >> index & 1 or need & ~done:
                    continue
                longer = course.then(index, triggers[index])
                known = following.setdefault((done | 1 << index, longer.row), longer)
                if longer.goes_before(known):
                    following[done | 1 << index, longer.row] = longer
        layer = following
    courses = list(layer.values())
    best = courses[0]
    for course in courses:
        best = course if course.goes_before(best) else best
    ends = [course.row for course in courses if len(course.faults) == len(best.faults)]
    return best.faults, best.row if len(ends) == 1 else row.rows.merged(ends, best.row.gap)


def _needs(events: Sequence[Event], triggers: Sequence[str]) -> list[int]:
    """For each event the set (as bits) of those that must be taken before it.

    Those are all earlier instants, and the last of its like: swapping two of a kind changes nothing.
    """
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
