"""Making an event meet a condition, or fail it: fields are set, and events put in that the condition looks up.

A condition is taken apart into its atoms; each is settled on its own, and the whole is then put to the compiled
condition of the engine: where settling one atom upset another, the round is repeated.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from execcheck.answers import Answer
from execcheck.clauses import AnyOf, Atom, During, Linked, OtherTeam, PanelTest, Selector, Test, Where, for_type
from execcheck.conditions import Conditions
from execcheck.events import Day
from execcheck.terms import SpanDefinition
from execcheck.testing.deciders import settle_approval, settle_panel, settle_team
from execcheck.testing.settling import Settling
from execcheck.testing.story import CannotConstruct, Story

ROUNDS = 4
"""How often the atoms of a condition are gone through before it counts as one that contradicts itself."""


class Solver:
    """Settles conditions in a story; ``per`` is the object that ties the events of a rule together."""

    def __init__(self, story: Story, per: str | None, *, required: bool = False) -> None:
        self.story = story
        self.per = per
        self.conditions = Conditions(story.law.vocabulary, per, required=required)
        self._values = Settling(story, self.conditions, self._begin)

    def answer(self, name: str, where: Where) -> Answer:
        """What the engine says of the condition now."""
        event = self.story[name]
        return self.conditions.where(where, (event.type,))(event, self.story.family(name).view)

    def settle(self, name: str, where: Where, wanted: bool = True) -> None:
        """Make the condition hold (or fail) for an event. Raises :class:`CannotConstruct` where it is beyond this."""
        where = for_type(where, self.story[name].type)
        for _ in range(ROUNDS):
            if self.answer(name, where) is wanted:
                return
            if wanted:
                for atom in where.atoms:
                    self._atom(name, atom, True)
            else:
                self._break(name, where)
        if self.answer(name, where) is not wanted:
            raise CannotConstruct("条件无法同时满足", "the conditions cannot be met together")

    def fail_in_one(self, name: str, fail: Where, keep: Callable[[], None]) -> None:
        """Fail a condition in one atom, meeting the others; ``keep`` repairs what must hold besides."""
        fail = for_type(fail, self.story[name].type)
        for atom in self._in_some_order(fail.atoms):
            before = dict(self.story.events)
            try:
                for _ in range(ROUNDS):
                    self.settle(name, Where(tuple(other for other in fail.atoms if other is not atom)))
                    self._atom(name, atom, False)
                    keep()
                    if self.answer(name, fail) is False:
                        return
            except CannotConstruct:
                pass
            self.story.events = before
        raise CannotConstruct("要求无法违反", "the requirement cannot be failed")

    def selected(self, selector: Selector, day: Day, *, like: str | None = None, case: str | None = None) -> str:
        """Put in an event that a selector selects, on the object (and in the case) of another one."""
        story = self.story
        kinds = [kind for kind in selector.types if kind in story.law.vocabulary.events]
        model = None if like is None else story[like]
        objects = {} if model is None or self.per is None else {
            self.per: model.objects[self.per]} if self.per in model.objects else {}  # fmt: skip
        name = story.add(
            story.choices.of(kinds[:12]), day, case=case or (model.case if model else None), objects=objects
        )  # fmt: skip
        if self.per is not None and self.per not in story[name].objects:
            self.with_object(name, self.per, f"{self.per}1")
        self.settle(name, selector.where)
        return name

    def with_object(self, name: str, kind: str, object_id: str) -> None:
        """Let an event name an object, where such events can."""
        if self.story.law.vocabulary.events[self.story[name].type].carries(kind):
            self.story.put(name, objects={**self.story[name].objects, kind: object_id})

    def _begin(self, name: str, where: Where, per: str | None) -> None:
        Solver(self.story, per).settle(name, where)

    # --- atoms ----------------------------------------------------------------------------------

    def _in_some_order(self, atoms: Sequence[Atom]) -> list[Atom]:
        first = self.story.choices.number(0, max(len(atoms) - 1, 0))
        return [*atoms[first:], *atoms[:first]]

    def _break(self, name: str, where: Where) -> None:
        for atom in self._in_some_order(where.atoms):
            try:
                self._atom(name, atom, False)
            except CannotConstruct:
                continue
            if self.answer(name, where) is False:
                return
        raise CannotConstruct("条件总是成立", "the condition always holds")

    def _atom(self, name: str, atom: Atom, wanted: bool) -> None:
        story = self.story
        if self.answer(name, Where((atom,))) is wanted:
            return
        if isinstance(atom, Test):
            self._values.settle(name, atom, wanted)
        elif isinstance(atom, AnyOf):
            self._branches(name, atom, wanted)
        elif isinstance(atom, Linked):
            self._linked(name, atom, wanted)
        elif isinstance(atom, During):
            self._during(name, story.law.definitions.spans[atom.span], wanted)
        elif isinstance(atom, PanelTest):
            settle_panel(story, name, atom, wanted)
        elif isinstance(atom, OtherTeam):
            settle_team(story, self, name, atom, wanted)
        else:
            settle_approval(story, name, atom, wanted)

    def _branches(self, name: str, atom: AnyOf, wanted: bool) -> None:
        if not wanted:
            for branch in atom.branches:
                self.settle(name, branch, False)
            return
        first = self.story.choices.number(0, len(atom.branches) - 1)
        for branch in (*atom.branches[first:], *atom.branches[:first]):
            before = dict(self.story.events)
            try:
                self.settle(name, branch)
                return
            except CannotConstruct:
                self.story.events = before
        raise CannotConstruct("没有一个选项能成立", "none of the alternatives can be met")

    def _linked(self, name: str, atom: Linked, wanted: bool) -> None:
        if wanted:
            self.selected(self.story.choices.of(atom.selectors), self.story[name].day - 1, like=name)
            return
        for other in [n for n in self.story.events if n != name]:
            if self.answer(name, Where((atom,))) is False:
                return
            if any(self.story[other].type in selector.types for selector in atom.selectors):
                self.story.drop(other)

    def _during(self, name: str, span: SpanDefinition, wanted: bool) -> None:
        event = self.story[name]
        if wanted and span.object is not None and span.object not in event.objects:
            self.with_object(name, span.object, f"{span.object}1")
        if wanted:
            self.open_span(span, event.day - 1, name)
        else:
            self.close_span(span, event.day - 1, name)

    def open_span(self, span: SpanDefinition, day: Day, like: str) -> str:
        """Put in the event that opens a span, about the object of another event."""
        selector = self.story.choices.of(opening(span))
        return self._of_span(span, selector, day, like)

    def close_span(self, span: SpanDefinition, day: Day, like: str) -> str:
        """Put in an event that closes a span, about the object of another event."""
        selector = self.story.choices.of(closing(span))
        return self._of_span(span, selector, day, like)

    def _of_span(self, span: SpanDefinition, selector: Selector, day: Day, like: str) -> str:
        objects = self.story[like].objects
        name = self.story.add(
            self.story.choices.of(selector.types), day, case=self.story[like].case,
            objects={kind: objects[kind] for kind in (span.object, span.link) if kind is not None and kind in objects},
        )  # fmt: skip
        Solver(self.story, None).settle(name, selector.where)
        return name


def opening(span: SpanDefinition) -> tuple[Selector, ...]:
    """The selectors of the events that open a span."""
    types = len(span.opens)
    found: list[Selector] = []
    for selector in span.selectors:
        if sum(len(one.types) for one in found) >= types:
            break
        found.append(selector)
    return tuple(found)


def closing(span: SpanDefinition) -> tuple[Selector, ...]:
    """The selectors of the events that close a span."""
    return span.selectors[len(opening(span)) :]
