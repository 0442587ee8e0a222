"""Setting the value that a test looks at, so that the test holds or fails: on the boundary first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from attrs import evolve

from execcheck.answers import NO_EVENT, NO_OBJECT
from execcheck.clauses import Operand, Path, Test, Where
from execcheck.comparing import holds, plain, shifted
from execcheck.conditions import Conditions
from execcheck.durations import END
from execcheck.events import Actor, Day, Event
from execcheck.testing.story import CannotConstruct, Story
from execcheck.vocabulary import MISSING, Field

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
        self.conditions = conditions
        self.begin = begin

    def settle(self, name: str, test: Test, wanted: bool) -> None:
        """Make a test hold or fail. Raises :class:`CannotConstruct` where its value cannot be chosen."""
        operator = test.operator if wanted else OPPOSITE[test.operator]
        path = test.path
        if operator == "present":
            if self.read(name, path) in (*NOTHING_THERE, "", ()):
                self.write(name, path, self._some(name, path))
        elif operator == "absent":
            self._remove(name, path)
        elif operator in ("includes", "excludes"):
            given = test.operand.constant
            kept = tuple(sorted(given)) if operator == "includes" else tuple(sorted(given))[1:]
            self.write(name, path, kept)
        elif operator in ("in", "not_in"):
            self.write(name, path, self._member(name, test, operator))
        elif self._better_other_side(test, operator):
            self._other_side(name, test, operator)
        else:
            self.write(name, path, self._on_boundary(name, test, operator))

    # --- reading and writing --------------------------------------------------------------------

    def read(self, name: str, path: Path) -> Any:
        """The value behind a path as the engine reads it."""
        event = self.story[name]
        return self.conditions.getter(path, (event.type,))(event, self.story.family(name).view)

    def write(self, name: str, path: Path, value: Any) -> None:
        """Set the value behind a path, putting in the event that it is looked up in where there is none."""
        story, event = self.story, self.story[name]
        if path.root == "data":
            if path.field not in story.law.vocabulary.events[event.type].fields:
                raise CannotConstruct(f"此类事件没有字段 {path.field}", f"such events have no field {path.field}")
            story.give(name, path.field, value)
        elif path.root == "actor":
            story.put(name, actor=evolve(event.actor or Actor(id="u1"), **{path.field: value}))
        elif path.root == "object":
            story.put(name, objects={**event.objects, path.field: value})
        elif path.root == "case":
            self._write_case(event, path.field, value)
        elif path.root == "latest":
            self._write_latest(name, path, value)
        elif path.field == "time":
            story.move(name, value if isinstance(value, int) else value.toordinal())
        elif path.field == "recorded":
            day = value if isinstance(value, int) else value.toordinal()
            story.put(name, recorded=date.fromordinal(day), recorded_day=day)
        elif path.field == "source":
            story.put(name, source=value)
        else:
            raise CannotConstruct(f"不能改变 {path}", f"{path} cannot be changed")

    def _write_case(self, event: Event, field: str, value: Any) -> None:
        story, cases = self.story, self.story.law.definitions.cases
        if field == "type":
            for name, other in list(story.events.items()):
                if other.case == event.case and other.type == cases.opened_by and cases.type_field in other.data:
                    story.give(name, cases.type_field, value)
            story.rename(event.case, story.retyped(event.case, str(value)))
        elif field == "province":
            sign = next((sign for sign, names in cases.provinces.items() if value in names), None)
            if sign is None:
                raise CannotConstruct(f"没有省份 {value}", f"there is no province {value}")
            story.rename(event.case, event.case.replace(story.region, sign))
        else:
            own = story.filing(event.case, event.day - 1)
            if own is None:
                raise CannotConstruct("词汇表没有立案事件", "no event of the vocabulary opens a case")
            story.give(own, field, value)

    def _write_latest(self, name: str, path: Path, value: Any) -> None:
        story = self.story
        other = self.latest(name, path) or self._put_in(name, path)
        if path.field == "time":
            story.move(other, value if isinstance(value, int) else value.toordinal())
        elif path.field in story.law.vocabulary.events[story[other].type].fields:
            story.give(other, path.field, value)
        else:
            raise CannotConstruct(
                f"{story[other].type} 没有字段 {path.field}", f"{story[other].type} has no {path.field}"
            )

    def latest(self, name: str, path: Path) -> str | None:
        """The event in which a path looks its value up."""
        event = self.story[name]
        per = self.story.law.vocabulary.tie(path.event_types, self.conditions.per)
        found = self.story.family(name).view.latest_before(event, path.event_types, per)
        return None if found is None else found.id

    def _put_in(self, name: str, path: Path) -> str:
        story, event = self.story, self.story[name]
        events = story.law.vocabulary.events
        kinds = [k for k in path.event_types if path.field == "time" or path.field in events[k].fields]
        if not kinds:
            raise CannotConstruct(f"没有事件载有 {path}", f"no event carries {path}")
        kind = story.choices.of(kinds)
        per = story.law.vocabulary.tie(path.event_types, self.conditions.per)
        objects = {per: event.objects[per]} if per is not None and per in event.objects else {}
        return story.add(kind, event.day - story.choices.of((1, 2, 5)), case=event.case, objects=objects)

    # --- values ---------------------------------------------------------------------------------

    def described(self, name: str, path: Path) -> Field | None:
        """What the vocabulary says of the field behind a path."""
        events = self.story.law.vocabulary.events
        kinds: Sequence[str] = (self.story[name].type,)
        if path.root == "latest":
            kinds = path.event_types
        elif path.root == "case":
            kinds = (self.story.law.definitions.cases.opened_by,)
        elif path.root != "data":
            return None
        return next(
            (events[k].fields[path.field] for k in kinds if k in events and path.field in events[k].fields), None
        )

    def _some(self, name: str, path: Path) -> Any:
        """Any value for a path."""
        day, field = self.story[name].day, self.described(name, path)
        if path.root == "object":
            return f"{path.field}1"
        if path.field in ("time", "recorded") and path.root in ("envelope", "latest"):
            return day if path.root == "envelope" else day - 1
        if field is not None:
            return self.story.value(field, day)
        return self._words(path)[0]

    def _words(self, path: Path) -> list[Any]:
        vocabulary = self.story.law.vocabulary
        if path.root == "actor" and path.field == "role":
            return [*vocabulary.roles] or ["role1", "role2"]
        if path.root == "actor" and path.field == "department":
            return [*vocabulary.departments] or ["department1", "department2"]
        if path.field == "quota_judge":
            return [True, False]
        if path == Path("envelope", "source"):
            return ["system", "offline"]
        return [f"{path.field}1", f"{path.field}2", f"{path.field}3"]

    def _member(self, name: str, test: Test, operator: str) -> Any:
        """A value that is (or is not) one of those named."""
        path, constant = test.path, test.operand.constant
        if test.operand.path is not None:
            reference = self._reference(name, test.operand)
            constant = reference if isinstance(reference, frozenset) else frozenset([reference])
        if operator == "in":
            return self.story.choices.of(sorted(constant, key=str))
        field, day = self.described(name, path), self.story[name].day
        options = list(self._words(path) if field is None else self.story.values(field, day))
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
        value = self.read(name, operand.path)
        if value in NOTHING_THERE:
            self.write(name, operand.path, self._some(name, operand.path))
            value = self.read(name, operand.path)
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
        field = self.described(name, path)
        far = self.story.choices.of((0, 0, 1, 7))
        if field is not None and field.kind == "money":
            return _money(Decimal(bound), operator, far)
        if field is not None and field.kind == "integer":
            return _whole(Decimal(bound), operator, far)
        day = _stepped(int(bound), operator, 1, far)
        return date.fromordinal(min(max(day, 1), END)) if field is not None else day

    def _other_side(self, name: str, test: Test, operator: str) -> None:
        """Choose what the time of the event is compared with, since the event had better stay where it is."""
        event, path = self.story[name], test.operand.path
        assert path is not None
        if self.read(name, test.path) in NOTHING_THERE:
            self.write(name, test.path, self._some(name, test.path))
        self._reference(name, test.operand)
        own = plain(self.read(name, test.path), event)
        fitting = [
            day for day in _round(own - self._distance(test.operand, event), NEARBY)
            if holds(operator, own, shifted(day, test.operand, event.day))
        ]  # fmt: skip
        if not fitting:
            raise CannotConstruct(f"{path} 没有合适的日期", f"no day fits {path}")
        edge = [day for day in fitting if not {day - 1, day + 1} <= set(fitting)]
        day = self.story.choices.of(edge[:1] or fitting)
        field = self.described(name, path)
        self.write(name, path, day if path.field == "time" or field is None else date.fromordinal(day))

    def _distance(self, operand: Operand, event: Event) -> int:
        """Roughly how many days the period adds."""
        return int(shifted(event.day, operand, event.day)) - event.day if operand.shift is not None else 0

    # --- nothing --------------------------------------------------------------------------------

    def _remove(self, name: str, path: Path) -> None:
        story, event = self.story, self.story[name]
        if path.root == "latest" and path.field != "time" and self.conditions.required:
            story.give(self.latest(name, path) or self._put_in(name, path), path.field, None)
        elif path.root == "latest":
            while (other := self.latest(name, path)) is not None:
                if path.field != "time" and path.field not in story[other].data:
                    return
                story.drop(other)
        elif path.root == "object":
            story.put(name, objects={kind: one for kind, one in event.objects.items() if kind != path.field})
        elif path == Path("envelope", "recorded"):
            story.put(name, recorded=None, recorded_day=None)
        elif path.root == "actor" and event.actor is not None and path.field == "id":
            story.put(name, actor=None)
        else:
            self.write(name, path, None)


def _round(day: int, distance: int) -> Iterator[int]:
    """The days round a day, the nearest first."""
    yield day
    for step in range(1, distance + 1):
        yield day - step
        yield day + step


def _stepped(bound: int, operator: str, unit: int, far: int) -> int:
    if operator == "at_least":
        return bound + far * unit
    if operator == "more_than":
        return bound + (1 + far) * unit
    if operator == "at_most":
        return bound - far * unit
    return bound - (1 + far) * unit


def _money(bound: Decimal, operator: str, far: int) -> Decimal:
    up = operator in ("at_least", "less_than")
    cents = (bound / CENT).to_integral_value(ROUND_CEILING if up else ROUND_FLOOR)
    return Decimal(_stepped(int(cents), operator, 1, far)) * CENT


def _whole(bound: Decimal, operator: str, far: int) -> int:
    up = operator in ("at_least", "less_than")
    return _stepped(int(bound.to_integral_value(ROUND_CEILING if up else ROUND_FLOOR)), operator, 1, far)
