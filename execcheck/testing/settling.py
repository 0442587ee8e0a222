"""Setting the value that a test looks at, so that the test holds or fails: on the boundary first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from execcheck.answers import NO_EVENT, NO_OBJECT
from execcheck.clauses import Operand, Path, Test, Where
from execcheck.comparing import holds, plain, shifted
from execcheck.conditions import Conditions
from execcheck.durations import END
from execcheck.events import Day, Event
from execcheck.testing.places import Places
from execcheck.testing.story import CannotConstruct, Story
from execcheck.vocabulary import MISSING

OPPOSITE: Mapping[str, str] = {
    "in": "not_in", "not_in": "in", "at_least": "less_than", "less_than": "at_least", "at_most": "more_than",
    "more_than": "at_most", "present": "absent", "absent": "present", "includes": "excludes",
}  # fmt: skip
NOTHING_THERE = (MISSING, NO_EVENT, NO_OBJECT)
CENT = Decimal("0.01")
Begin = Callable[[str, Where, "str | None"], None]
"""Makes an event meet the condition under which another rule is triggered; told the object of that rule."""
NEARBY = 45
"""How many days round the boundary are looked at where a period was added to the other side."""


class Settling:
    """Settles tests in a story, for the conditions of one rule."""

    def __init__(self, story: Story, conditions: Conditions, begin: Begin) -> None:
        self.story = story
        self.places = Places(story, conditions)
        self.begin = begin

    def settle(self, name: str, test: Test, wanted: bool) -> None:
        """Make a test hold or fail. Raises :class:`CannotConstruct` where its value cannot be chosen."""
        operator = test.operator if wanted else OPPOSITE[test.operator]
        path = test.path
        if operator == "present":
            if self.places.read(name, path) in (*NOTHING_THERE, "", ()):
                self.places.write(name, path, self.places.some(name, path))
        elif operator == "absent":
            self.places.remove(name, path)
        elif operator in ("includes", "excludes"):
            given = test.operand.constant
            kept = tuple(sorted(given)) if operator == "includes" else tuple(sorted(given))[1:]
            self.places.write(name, path, kept)
        elif operator in ("in", "not_in"):
            self.places.write(name, path, self._member(name, test, operator))
        elif self._better_other_side(test, operator):
            self._other_side(name, test, operator)
        else:
            self.places.write(name, path, self._on_boundary(name, test, operator))

    def _member(self, name: str, test: Test, operator: str) -> Any:
        """A value that is (or is not) one of those named."""
        path, constant = test.path, test.operand.constant
        if test.operand.path is not None:
            reference = self._reference(name, test.operand)
            constant = reference if isinstance(reference, frozenset) else frozenset([reference])
        if operator == "in":
            return self.story.choices.of(sorted(constant, key=str))
        field, day = self.places.described(name, path), self.story[name].day
        options = list(self.places.words(path) if field is None else self.story.values(field, day))
        if field is not None and field.kind in ("id", "text"):
            options = [f"{path.field}2", f"{path.field}3"]
        if path.root == "case" and path.field == "province":
            options = list(self.story.law.definitions.cases.provinces)
        elif field is not None and field.kind in ("integer", "money"):
            options += [item + 1 for item in constant]
        others = [value for value in options if value not in constant]
        if not others:
            raise CannotConstruct(f"{path} 没有其他取值", f"{path} has no other value")
        return self.story.choices.of(others)

    def _reference(self, name: str, operand: Operand) -> Any:
        """The other side of a comparison, given a value where it has none."""
        if operand.due_of:
            return self._due_of(name, operand.due_of)
        if operand.path is None:
            return operand.constant
        value = self.places.read(name, operand.path)
        if value in NOTHING_THERE:
            self.places.write(name, operand.path, self.places.some(name, operand.path))
            value = self.places.read(name, operand.path)
        return value

    def _due_of(self, name: str, rules: Sequence[str]) -> Day | None:
        """The due day of the duty that runs under one of some rules; where none runs, one is begun."""
        story, event = self.story, self.story[name]
        found = story.family(name).due_of(tuple(rules), event)
        running = [story.law.book[rule] for rule in rules if rule in story.law.book]
        if found is None and running:
            rule = story.choices.of(running)
            selector = story.choices.of(rule.when).selector
            objects = {k: one for k, one in event.objects.items() if k == rule.per}
            begun = story.add(
                story.choices.of(selector.types), event.day - story.choices.of((1, 3)), case=event.case, objects=objects
            )  # fmt: skip
            self.begin(begun, selector.where, rule.per)
            found = story.family(name).due_of(tuple(rules), story[name])
        return found

    def _is_fixed(self, path: Path) -> bool:
        """Whether the value is the time of the event itself, which had better stay, or its case."""
        return (path.root, path.field) == ("envelope", "time") or path.root == "case"

    def _better_other_side(self, test: Test, operator: str) -> bool:
        """Whether what the value is compared with had better be changed: the value is fixed, or would come too late."""
        path, other = test.path, test.operand.path
        if other is None or self._is_fixed(other):
            return False
        later = path.root == "latest" and path.field == "time" and operator in ("at_least", "more_than")
        return self._is_fixed(path) or later

    def _on_boundary(self, name: str, test: Test, operator: str) -> Any:
        """The value next to the boundary on the wanted side, or one a little farther."""
        event, path = self.story[name], test.path
        reference = self._reference(name, test.operand)
        if reference is None or reference in NOTHING_THERE:
            raise CannotConstruct(f"{path} 没有比较的对象", f"{path} has nothing to be compared with")
        bound = shifted(plain(reference, event), test.operand, event.day)
        field = self.places.described(name, path)
        far = self.story.choices.of((0, 0, 1, 7))
        if field is not None and field.kind == "money":
            return _money(Decimal(bound), operator, far)
        if field is not None and field.kind == "integer":
            return _whole(Decimal(bound), operator, far)
        day = _stepped(int(bound), operator, far)
        return date.fromordinal(min(max(day, 1), END)) if field is not None else day

    def _other_side(self, name: str, test: Test, operator: str) -> None:
        """Choose what the time of the event is compared with, since the event had better stay where it is."""
        event, path = self.story[name], test.operand.path
        assert path is not None
        if self.places.read(name, test.path) in NOTHING_THERE:
            self.places.write(name, test.path, self.places.some(name, test.path))
        self._reference(name, test.operand)
        own = plain(self.places.read(name, test.path), event)
        fitting = [
            day for day in _round(own - self._distance(test.operand, event), NEARBY)
            if holds(operator, own, shifted(day, test.operand, event.day))
        ]  # fmt: skip
        if not fitting:
            raise CannotConstruct(f"{path} 没有合适的日期", f"no day fits {path}")
        edge = [day for day in fitting if not {day - 1, day + 1} <= set(fitting)]
        day = self.story.choices.of(edge[:1] or fitting)
        field = self.places.described(name, path)
        self.places.write(name, path, day if path.field == "time" or field is None else date.fromordinal(day))

    def _distance(self, operand: Operand, event: Event) -> int:
        """Roughly how many days the period adds."""
        return int(shifted(event.day, operand, event.day)) - event.day if operand.shift is not None else 0


def _round(day: int, distance: int) -> Iterator[int]:
    """The days round a day, the nearest first."""
    yield day
    for step in range(1, distance + 1):
        yield day - step
        yield day + step


def _stepped(bound: int, operator: str, far: int) -> int:
    if operator == "at_least":
        return bound + far
    if operator == "more_than":
        return bound + 1 + far
    if operator == "at_most":
        return bound - far
    return bound - 1 - far


def _money(bound: Decimal, operator: str, far: int) -> Decimal:
    up = operator in ("at_least", "less_than")
    cents = (bound / CENT).to_integral_value(ROUND_CEILING if up else ROUND_FLOOR)
    return Decimal(_stepped(int(cents), operator, far)) * CENT


def _whole(bound: Decimal, operator: str, far: int) -> int:
    up = operator in ("at_least", "less_than")
    return _stepped(int(bound.to_integral_value(ROUND_CEILING if up else ROUND_FLOOR)), operator, far)
