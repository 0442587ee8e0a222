"""Strategies of hypothesis for logs of a law book: lawful cases, breaches, boundaries, any events at all.

They build what they give (see :mod:`execcheck.testing.scenes` and :mod:`execcheck.testing.lawful`) and filter nothing;
they shrink to few events. ``law`` is a law book, by default the shipped one. Needs the extra ``testing``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from attrs import evolve
from hypothesis import strategies as st

from execcheck.calendars import Calendar
from execcheck.events import Actor, Event
from execcheck.judging import Judging
from execcheck.lawbook import Law, load_law
from execcheck.moments import COURT_ZONE
from execcheck.policy import Rule
from execcheck.testing.choices import Choices, Drawn
from execcheck.testing.days import traps
from execcheck.testing.lawful import Course, LawfulCase
from execcheck.testing.scenes import Scene, Side, Stage
from execcheck.testing.story import Story

T = TypeVar("T")
BEGIN = date(2022, 3, 1)
"""When random logs begin."""


def violating(rule: Rule | str, law: Law | None = None, *, stage: Stage | None = None) -> st.SearchStrategy[Scene]:
    """Logs in which a rule is broken once, just so; ``finding`` is what it has to find.

    ``rule`` is a rule of the law book or its id. Raises ``KeyError`` for an id that the law book does not have; while
    examples are drawn :class:`~execcheck.testing.story.CannotConstruct`, where no such log could be built.
    """
    return _scenes(rule, "broken", stage or Stage(law or load_law()))


def nearly(rule: Rule | str, law: Law | None = None, *, stage: Stage | None = None) -> st.SearchStrategy[Scene]:
    """Logs in which a rule is obeyed, but only just: the other side of the boundary of :func:`violating`."""
    return _scenes(rule, "obeyed", stage or Stage(law or load_law()))


def _scenes(rule: Rule | str, side: Side, stage: Stage) -> st.SearchStrategy[Scene]:
    wanted = stage.law.rules[rule] if isinstance(rule, str) else rule
    return _built(lambda choices: stage.scene(wanted, side, choices))


def lawful_cases(
    law: Law | None = None, *, max_steps: int = 20, calendar: Calendar | None = None
) -> st.SearchStrategy[LawfulCase]:
    """Whole cases that obey every rule and lifecycle of the law book, of at most ``max_steps`` steps.

    A step may bring several events: what had to come before it, and what had fallen due.
    """
    judging = Judging(law or load_law(), calendar=calendar)

    def build(choices: Choices) -> LawfulCase:
        course = Course(judging, choices)
        for _ in range(choices.number(1, max_steps)):
            course.step()
        return course.case()

    return _built(build)


def events(kind: str, law: Law | None = None, *, case: str | None = None) -> st.SearchStrategy[Event]:
    """Single events of a type with what the vocabulary lets them carry, whether it makes sense or not.

    Raises ``KeyError`` for a type that the vocabulary does not have.
    """
    book = law or load_law()
    book.vocabulary.events[kind]
    calendar = Calendar.load()

    def build(choices: Choices) -> Event:
        story = Story(book, choices, BEGIN.toordinal(), calendar)
        name = _any_event(story, choices, kind)
        return evolve(story[name], id="e1", case=case or story[name].case)

    return _built(build)


def logs(
    law: Law | None = None, *, types: Sequence[str] | None = None, max_events: int = 12, cases: int = 2
) -> st.SearchStrategy[tuple[Event, ...]]:
    """Random logs: events of some types (by default any), close together, in up to ``cases`` cases of a family.

    They obey nothing. Their events are what the vocabulary admits.
    """
    book = law or load_law()
    kinds = list(types) if types is not None else list(book.vocabulary.events)
    calendar = Calendar.load()

    def build(choices: Choices) -> tuple[Event, ...]:
        story = Story(book, choices, BEGIN.toordinal(), calendar)
        numbers = [story.case, *(story.number("执恢", serial) for serial in range(2, cases + 1))]
        for _ in range(choices.number(0, max_events)):
            name = _any_event(story, choices, choices.of(kinds))
            story.put(name, case=choices.of(numbers))
        return story.ordered()

    return _built(build)


def calendars(*, max_closures: int = 6) -> st.SearchStrategy[Calendar]:
    """The court's calendar with local closures and working days, on and next to days that are special already."""
    national = Calendar.load()
    special = [day for days in traps(national) for day in days]
    days = st.builds(lambda day, off: date.fromordinal(day + off), st.sampled_from(special), st.integers(-1, 1))
    return st.dictionaries(days, st.booleans(), max_size=max_closures).map(Calendar.load)


def _built(build: Callable[[Choices], T]) -> st.SearchStrategy[T]:
    @st.composite
    def drawn(draw: st.DrawFn) -> T:
        return build(Drawn(draw))

    return drawn()


def _any_event(story: Story, choices: Choices, kind: str) -> str:
    """Put in an event with any of what it may carry."""
    described = story.law.vocabulary.events[kind]
    day = story.day + choices.number(0, 60)
    about = [what for what in (described.object, *described.also) if what is not None]
    objects = {what: f"{what}{choices.number(1, 2)}" for what in about if choices.number(0, 3) < 3}
    name = story.add(kind, day)
    story.put(name, objects=objects)
    for field in described.fields.values():
        if field.name in described.required or choices.number(0, 2):
            story.give(name, field.name, story.value(field, day))
    if choices.number(0, 1):
        roles: Iterable[str] = story.law.vocabulary.roles or ("role1",)
        story.put(name, actor=Actor(id=f"u{choices.number(1, 3)}", role=choices.of(list(roles))))
    if choices.number(0, 1):
        clock = datetime.combine(date.fromordinal(day), time(choices.of((9, 16))), COURT_ZONE)
        story.stamp(name, clock + timedelta(minutes=choices.number(0, 59)))
    return name
