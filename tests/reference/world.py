"""The cases of a log: which belong to one family, what a rule sees of them, and what cases say about themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from attrs import frozen

from execcheck.events import Event
from execcheck.lawbook import Law
from execcheck.policy import Rule
from execcheck.terms import CaseDefinition
from execcheck.vocabulary import MISSING
from reference.ordering import before, in_order

NUMBER = re.compile(r"（\d{4}）([京津冀晋内辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川黔贵云滇藏陕甘青宁新兵])\d*(\D+?)\d+号")
"""A case number of the modern form: the province and the type of case."""


def number_of(case: str) -> tuple[str, str] | None:
    """The province's character and the type of case that a case number tells; None where it is no case number."""
    found = NUMBER.fullmatch(case)
    return None if found is None else (found[1], found[2])


@frozen(slots=False)
class World:
    """A law book and a log on the day of observation."""

    law: Law
    events: tuple[Event, ...]
    now: date

    @property
    def cases(self) -> CaseDefinition:
        """The words of the vocabulary for what makes a case."""
        return self.law.definitions.cases

    def over(self, day: date) -> bool:
        """Whether a day has passed."""
        return self.now > day

    @cached_property
    def families(self) -> tuple[tuple[Event, ...], ...]:
        """The events of cases that belong together, each family in order."""
        groups: list[tuple[set[str], list[Event]]] = []
        for event in self.events:
            named = {event.case, *self._continued(event)}
            near = [group for group in groups if group[0] & named]
            groups = [group for group in groups if not group[0] & named]
            groups.append((named.union(*(g[0] for g in near)), [*(e for g in near for e in g[1]), event]))
        return tuple(in_order(members) for _, members in groups)

    def _continued(self, event: Event) -> list[str]:
        """The cases whose family an event's case belongs to, by what the event says."""
        words = {self.cases.opened_by: self.cases.parent, self.cases.resumed_by: self.cases.resumed_as}
        name = words.get(event.type, "")
        return [event.data[name]] if name and name in event.data else []

    def family_of(self, case: str) -> tuple[Event, ...]:
        """The events of the family of a case; none where the log has none."""
        return next((family for family in self.families if any(e.case == case for e in family)), ())


@frozen(slots=False)
class Sight:
    """What a rule sees: the events of one case, or of its family."""

    world: World
    family: tuple[Event, ...]
    events: tuple[Event, ...]

    def of(self, *types: str) -> list[Event]:
        """The events of some types, in order."""
        return [event for event in self.events if event.type in types]

    def case(self, number: str) -> Sight:
        """The same, of one case of the family."""
        return Sight(self.world, self.family, tuple(event for event in self.family if event.case == number))

    def whole(self) -> Sight:
        """The same, of the whole family."""
        return Sight(self.world, self.family, self.family)

    def filings(self, number: str) -> list[Event]:
        """The filing of a case of the family."""
        return self.case(number).of(self.world.cases.opened_by)

    # --- what a case says about itself ------------------------------------------------------------

    def case_type(self, number: str) -> str:
        """As its filing says, else as its number says, else the vocabulary's default."""
        words = self.world.cases
        for filing in self.filings(number):
            if words.type_field in filing.data:
                return str(filing.data[words.type_field])
        told = number_of(number)
        return words.default_type if told is None else told[1]

    def filed(self, number: str, name: str) -> Any:
        """What the filing of a case says in a field (the latest one that does), else what its absence means."""
        for filing in reversed(self.filings(number)):
            if name in filing.data:
                return filing.data[name]
        return self.world.cases.defaults.get(name, MISSING)

    def spellings(self, number: str) -> frozenset[str]:
        """All ways to write the province of the court of a case; none where its number does not tell it."""
        told = number_of(number)
        return frozenset() if told is None else self.world.cases.provinces.get(told[0], frozenset())

    def taken_up_in(self, number: str) -> set[str]:
        """A case and those in which it was taken up again: by ``original_case``, or as ``new_case``."""
        words, found = self.world.cases, {number}
        while True:
            more = set(found)
            for event in self.family:
                if event.type == words.resumed_by and event.case in found and words.resumed_as in event.data:
                    more.add(event.data[words.resumed_as])
                resumes = event.type == words.opened_by and event.data.get(words.parent) in found
                if resumes and self.case_type(event.case) == words.resumed_type:
                    more.add(event.case)
            if more == found:
                return found
            found = more


def sight_of(rule: Rule, event: Event, world: World) -> Sight:
    """What a rule sees from one of its triggers."""
    whole = Sight(world, world.family_of(event.case), world.family_of(event.case))
    return whole.case(event.case) if rule.scope == "case" else whole


def latest(events: Iterable[Event], event: Event) -> Event | None:
    """The last of some events in order that came before another one; the doubt about the order counts for it."""
    found = [other for other in events if other is not event and before(other, event)]
    return found[-1] if found else None


def unique(events: Sequence[Event]) -> list[Event]:
    """The events, each once: the same id is the same event."""
    return list({event.id: event for event in events}.values())
