"""Where the values of a story stand: read and written behind the paths of conditions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from attrs import evolve

from execcheck.clauses import Path
from execcheck.conditions import Conditions
from execcheck.events import Actor, Event
from execcheck.testing.story import CannotConstruct, Story
from execcheck.vocabulary import Field


class Places:
    """Reads and writes values in a story, for the conditions of one rule."""

    def __init__(self, story: Story, conditions: Conditions) -> None:
        self.story = story
        self.conditions = conditions

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

    def some(self, name: str, path: Path) -> Any:
        """Any value for a path."""
        day, field = self.story[name].day, self.described(name, path)
        if path.root == "object":
            return f"{path.field}1"
        if path.field in ("time", "recorded") and path.root in ("envelope", "latest"):
            return day if path.root == "envelope" else day - 1
        if field is not None:
            return self.story.value(field, day)
        return self.words(path)[0]

    def words(self, path: Path) -> list[Any]:
        """Words for a path that no field of the vocabulary stands behind."""
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

    def remove(self, name: str, path: Path) -> None:
        """Let there be no value behind a path: events that it would be looked up in are taken out."""
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
