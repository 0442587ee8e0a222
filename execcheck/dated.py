"""Law in time: values that change with the law, and the days on which a rule is in force."""

from __future__ import annotations

from typing import Generic, TypeVar

from attrs import frozen

from execcheck.events import Day

T = TypeVar("T")


@frozen(cache_hash=True)
class Dated(Generic[T]):
    """A value that changes with the law: (first day in force, value), oldest first; day 0 = always."""

    values: tuple[tuple[Day, T], ...]

    def at(self, day: Day) -> T | None:
        """The value on a day; None before the first one."""
        found = None
        for start, value in self.values:
            if start <= day:
                found = value
        return found

    def of(self, day: Day) -> T:
        """The value on a day; before the first one that first one, since no law is older than it."""
        found = self.at(day)
        return self.values[0][1] if found is None else found

    @property
    def latest(self) -> T:
        """The value in force last."""
        return self.values[-1][1]

    def with_value(self, value: T) -> Dated[T]:
        """The same dates, one value: what a user set."""
        return Dated(tuple((start, value) for start, _ in self.values))

    def as_latest(self) -> Dated[T]:
        """The value in force last, at all times."""
        return Dated(((0, self.latest),))


@frozen
class InForce:
    """Days on which a rule applies, both included."""

    start: Day = 0
    end: Day = 3_652_059

    def covers(self, day: Day) -> bool:
        """Whether the law was in force that day."""
        return self.start <= day <= self.end
