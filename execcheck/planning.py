"""A law book made ready for events that come one by one: what an event triggers, and which answers it touches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from execcheck.answers import Check
from execcheck.compiling import Bench, Entry, applies
from execcheck.judging import Judging
from execcheck.policy import Separation
from execcheck.touching import Touch, on_trigger_alone, touch_of


class Planned(NamedTuple):
    """A rule as it concerns the events of one type."""

    rule: str
    entries: tuple[Entry, ...]
    touch: Touch
    restates: frozenset[str]  # the rules that yield to it
    condition: Check | None  # where it is one condition on the trigger alone: without it, there will be no duty ever
    sees_family: bool


class PlannedRules:
    """What rules trigger and touch, by event type: the part of a plan that hangs on the law book alone."""

    def __init__(self, bench: Bench) -> None:
        law = self.law = bench.law
        self.bench = bench
        self.touches = {name: touch_of(rule, law) for name, rule in law.rules.items()}
        self.by_regions: dict[frozenset[str], dict[str, tuple[Planned, ...]]] = {}  # then by event type
        self.regions = {region for by_region in bench.entries.values() for region in by_region if region}
        self.across = frozenset(
            name for name, rule in law.rules.items() if isinstance(rule, Separation) and rule.other.of is not None
        )
        self.touched: dict[str, frozenset[str]] = {
            kind: frozenset(name for name, touch in self.touches.items() if kind in touch.types)
            for kind in law.vocabulary.events
        }  # fmt: skip

    @classmethod
    def of(cls, bench: Bench) -> PlannedRules:
        """The same object every time, since nothing about it changes."""
        key = (cls, bench.capture, bench.as_if_in_force)
        found: PlannedRules | None = bench.law.compiled.get(key)
        if found is None or found.bench is not bench:
            found = bench.law.compiled[key] = cls(bench)
        return found

    def planned(self, case: str) -> Mapping[str, tuple[Planned, ...]]:
        """The rules that apply to a case, by the type of their triggers."""
        regions = frozenset(region for region in self.regions if applies(region, case))
        found = self.by_regions.get(regions)
        if found is None:
            found = self.by_regions[regions] = {
                kind: tuple(
                    self._plan(name, [entry for entry in entries if entry.judge.rule.id == name])
                    for region, entries in by_region.items() if region is None or region in regions
                    for name in dict.fromkeys(entry.judge.rule.id for entry in entries)
                )
                for kind, by_region in self.bench.entries.items()
            }  # fmt: skip
        return found

    def _plan(self, name: str, entries: Sequence[Entry]) -> Planned:
        first = entries[0]
        plain = len(entries) == 1 and on_trigger_alone(first.trigger.selector.where, self.law)
        restates = self.bench.restating.get(name, frozenset())
        condition = first.check if plain else None
        return Planned(name, tuple(entries), self.touches[name], restates, condition, first.sees_family)


class Plan:
    """A law book made ready for events that come one by one."""

    def __init__(self, judging: Judging) -> None:
        self.judging = judging
        self.bench: Bench = judging.bench
        rules = PlannedRules.of(self.bench)
        self.across, self.touched, self.planned = rules.across, rules.touched, rules.planned
