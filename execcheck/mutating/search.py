"""The smallest log that tells a mutant from its rule: a bounded search, then shrinking."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice

from attrs import frozen

from execcheck.durations import END
from execcheck.events import Day
from execcheck.lawbook import Law
from execcheck.mutating.logs import Log, copies, elsewhere, moves, retold, shifted, with_times, without_one
from execcheck.mutating.mutants import Mutant
from execcheck.mutating.shrinking import renamed, simpler, size
from execcheck.mutating.templates import Template, templates
from execcheck.mutating.trial import NOT_TRIGGERED, Said, Trial, cases_of
from execcheck.needs import ALL_CAPTURED
from execcheck.policy import Rule
from execcheck.testing.choices import Plain, Seeded
from execcheck.testing.scenes import Side, Stage
from execcheck.testing.story import CannotConstruct

MOST = 15_000
"""Logs that are tried at most."""
ENOUGH = 25
"""Telling logs among which the smallest is chosen."""
CLEAR = {"violated": 0, "satisfied": 0, NOT_TRIGGERED: 1, "pending": 2, "inconclusive": 3}
"""What a reader understands best."""


@frozen
class Apart:
    """A log with what the rule and what the mutant says about it."""

    log: Log
    rule: Said
    mutant: Said
    per: str | None = None
    odd: int = 0  # how much in it would not happen

    @property
    def worth(self) -> tuple[int, int]:
        """Less is better: clear verdicts, then few words."""
        same = self.rule.verdicts == self.mutant.verdicts
        return CLEAR[self.rule.verdicts[0]] + same, size(self.log, self.per) + 6 * self.odd


SIDES: tuple[Side, ...] = ("obeyed", "broken")


class Search:
    """Looks for logs on which a rule and its mutant differ."""

    def __init__(self, rule: Rule, mutant: Mutant, law: Law) -> None:
        self.rule, self.mutant, self.law = rule, mutant, law
        self.own = Trial(rule, law)
        self.other = Trial(mutant.rule, law, mutant.calendar)
        self.tried = 0

    def apart(self, log: Log) -> Apart | None:
        """What both say, where they differ in something that an example can show."""
        self.tried += 1
        if not log.events or log.end > END:
            return None
        as_of = None if log.as_of is None else date.fromordinal(log.as_of)
        own, other = self.own.says(log.events, as_of), self.other.says(log.events, as_of)
        if own == other or len(own.verdicts) > 1:
            return None
        return Apart(log, own, other, self.rule.per, self._odd(log)) if sayable(own, other) else None

    def _odd(self, log: Log) -> int:
        """Days in the data that had passed when they were told, and acts in a case that was over."""
        last = max(event.day for event in log.events)
        ended = self.law.definitions.cases.ended_by
        passed = [e for e in log.events for v in e.data.values() if type(v) is date and v.toordinal() < e.day]
        return len(passed) + sum(event.type in ended and event.day < last for event in log.events)

    def run(self, most: int = MOST) -> Apart | None:
        """The best of the telling logs found within so many tries, shrunk."""
        found: list[Apart] = []
        for log in islice(self._logs(), most):
            told = self.apart(log)
            if told is not None:
                found.append(told)
                if len(found) >= ENOUGH:
                    break
        shrunk = [self._shrunk(told) for told in sorted(found, key=lambda told: told.worth)[:3]]
        best = min(shrunk, key=lambda told: told.worth, default=None)
        return None if best is None else self.apart(renamed(best.log)) or best

    def _shrunk(self, told: Apart) -> Apart:
        """Take away whatever is not needed to tell the two apart, as long as the rule says the same."""
        again = True
        while again:
            again = False
            for log in simpler(told.log, self.law.vocabulary):
                found = self.apart(log)
                if found is not None and found.rule.verdicts == told.rule.verdicts and found.worth < told.worth:
                    told, again = found, True
                    break
        return told

    # --- where to look --------------------------------------------------------------------------

    def _logs(self) -> Iterator[Log]:
        bases = [*self._scenes(), *self._examples()]
        yield from bases
        if "in_force" in self.mutant.name or "within." in self.mutant.name:
            yield from self._turning(bases)
        things = templates(self.rule, self.mutant.rule, self.law)
        bases.sort(key=size)
        first = [self._changed(log, things) for log in bases]
        for changed in first:
            yield from islice(changed, 600)
        for log in bases[:8]:
            for inner in islice(self._changed(log, things), 60):
                yield from islice(self._changed(inner, things), 150)

    def _turning(self, bases: list[Log]) -> Iterator[Log]:
        """Logs moved so that an event falls on a day on which the law changes, or on the one beside it."""
        turns = {self.rule.in_force.start, self.rule.in_force.end, self.mutant.rule.in_force.start}
        limits = [self.rule.within, *(trigger.within for trigger in self.rule.when)]
        turns |= {start for limit in limits if limit is not None for start, _ in limit.values}
        for turn in sorted(day for day in turns if 10_000 < day < END - 10_000):
            for log in bases:
                for event in log.events:
                    for step in (0, -1, 1):
                        yield shifted(log, turn + step - event.day)

    def _examples(self) -> list[Log]:
        return [
            Log(case.events, None if case.as_of is None else self.own.judging.day_of(case.as_of))
            for case in cases_of(self.rule, self.law) if case.capture == ALL_CAPTURED and case.events
        ]  # fmt: skip

    def _scenes(self) -> list[Log]:
        stage = Stage(self.law)
        found = []
        for rule in (self.rule, self.mutant.rule):
            for choices in (Plain(), Seeded(1), Seeded(2), Seeded(3), Seeded(4)):
                for side in SIDES:
                    try:
                        scene = stage.scene(rule, side, choices)
                    except CannotConstruct:
                        continue
                    found.append(Log(scene.events, scene.as_of.toordinal()))
        return found

    def _changed(self, log: Log, things: list[Template]) -> Iterator[Log]:
        """Everything that is one step from a log, the more telling steps first."""
        days = self._days(log)
        for thing in things:
            for day in days:
                yield log.add(thing.on(day, log))
        yield from (Log(log.events, day) for day in days)
        yield from with_times(log)
        yield from moves(log, days)
        yield from elsewhere(log, self.law)
        yield from (shifted(log, step) for step in (1, 2, 3, 4, 5, 6, 30, 60, 90))
        yield from without_one(log)
        yield from copies(log, days)
        yield from retold(log, self.law.vocabulary)

    def _days(self, log: Log) -> list[Day]:
        """Days on which something may turn: those of events, of due days, and the ones beside them."""
        said = self.own.says(log.events), self.other.says(log.events)
        due = sorted({day for one in said for day in one.dues if day is not None})[:3]
        near = [day + step for day in due for step in (0, 1)]
        near += [event.day + step for event in log.events[:4] for step in (1, 0, -1)]
        return list(dict.fromkeys(day for day in near if 1 < day < END - 1))


def sayable(own: Said, other: Said) -> bool:
    """Whether an example on what the rule says would fail for the mutant."""
    return (
        own.verdicts != other.verdicts or own.count != other.count
        or (len(own.dues) == 1 and None not in own.dues and own.dues != other.dues)
        or (len(own.severities) == 1 and own.severities != other.severities)
        or (len(own.missing) == 1 and any(own.missing) and own.missing != other.missing)
    )  # fmt: skip
