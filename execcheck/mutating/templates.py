"""Events that a change of a rule is about: built to order, to be put into logs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from attrs import evolve, fields, frozen

from execcheck.calendars import Calendar
from execcheck.clauses import During, Operand, Path, Selector, Test, Where, parts_of
from execcheck.events import Day, Event
from execcheck.lawbook import Law
from execcheck.mutating.logs import Log, later
from execcheck.policy import Response, Rule
from execcheck.testing.choices import Plain
from execcheck.testing.solving import Solver
from execcheck.testing.story import CannotConstruct, Story

SILENT = ("id", "place", "title", "pack", "examples", "note", "message", "version", "also_cites", "survivors")
"""Parts of a rule that say nothing about events."""


@frozen
class Template:
    """Events that together are one of a kind; the last one is what they are about."""

    events: tuple[Event, ...]

    def on(self, day: Day, log: Log) -> tuple[Event, ...]:
        """The events with the last one on a day, in the case and about the objects of a log."""
        step = day - self.events[-1].day
        known = {kind: name for event in log.events for kind, name in event.objects.items()}
        return tuple(
            evolve(
                later(event, step), id=f"t{n}-{event.type}", case=log.events[0].case,
                objects={kind: known.get(kind, name) for kind, name in event.objects.items()},
            )
            for n, event in enumerate(self.events)
        )  # fmt: skip


def touched(rule: Rule, mutant: Rule) -> list[Selector]:
    """The selectors that a change is about, those first that stand in only one of the two rules."""
    own, other = _parts(rule), _parts(mutant)
    differing = [part for part in (*own, *other) if own[part] != other[part]]
    types = {t for rule_ in (rule, mutant) for trigger in rule_.when for t in trigger.selector.types}
    return [
        *_selectors(differing),
        *_selectors([part for part in own if part not in differing and not (set(getattr(part, "types", ())) & types)]),
        *_selectors([part for part in own if set(getattr(part, "types", ())) & types]),
    ]  # fmt: skip


def _types(rule: Rule) -> Counter[str]:
    """The event types of a rule, each with how often it is named."""
    return Counter(kind for part, n in _parts(rule).items() for kind in getattr(part, "types", ()) for _ in range(n))


def _selectors(parts: Iterable[Any]) -> list[Selector]:
    return [part for part in parts if isinstance(part, Selector) and len(part.types) < 40]


def _parts(rule: Rule) -> Counter[Any]:
    spoken = [getattr(rule, a.name) for a in fields(type(rule)) if a.name not in SILENT]
    return Counter(part for value in spoken for part in parts_of(value) if isinstance(part, (Selector, Test, During)))


def spans_of(rule: Rule) -> set[str]:
    """The spans of the vocabulary that a rule speaks of."""
    stops = rule.stops if isinstance(rule, Response) else ()
    return {*stops, *(part.span for part in _parts(rule) if isinstance(part, During))}


def templates(rule: Rule, mutant: Rule, law: Law) -> list[Template]:
    """Events of each kind that a change is about."""
    found: list[Template] = []
    differing = spans_of(rule) ^ spans_of(mutant)
    for name in sorted(differing) or sorted(spans_of(rule)):
        for selector in law.definitions.spans[name].selectors:
            found += _built(selector, None, law)
    selectors = touched(rule, mutant)
    own, other = _types(rule), _types(mutant)
    changed = {kind for kind in own.keys() | other.keys() if own[kind] != other[kind]}
    for selector in selectors:
        for kind in sorted(selector.types, key=lambda kind: kind not in changed)[:6]:
            found += _built(evolve(selector, types=(kind,)), rule.per, law)
    found += _looked_up(rule, mutant, law)
    return [found[n] for n in range(len(found)) if found[n] not in found[:n]]


def _looked_up(rule: Rule, mutant: Rule, law: Law) -> list[Template]:
    """Events that a changed condition looks up, with each word that the field looked up may hold."""
    own, other = _parts(rule), _parts(mutant)
    differing = [part for part in (*own, *other) if own[part] != other[part]]
    paths = {part for part in parts_of(tuple(differing)) if isinstance(part, Path) and part.root == "latest"}
    found: list[Template] = []
    for path in sorted(paths, key=str):
        for kind in path.event_types:
            field = law.vocabulary.events[kind].fields.get(path.field)
            words = field.values if field is not None else ()
            for word in (None, *words):
                test = Test(path=Path("data", path.field), operator="in", operand=Operand(constant=frozenset({word})))
                where = Where((test,)) if word is not None else Where()
                found += _built(Selector((kind,), where), rule.per, law)
    return found


def _built(selector: Selector, per: str | None, law: Law) -> Iterator[Template]:
    story = Story(law, Plain(), 738_000, Calendar.load())
    try:
        main = Solver(story, per).selected(selector, 738_000)
    except CannotConstruct:
        return
    events = [event for name, event in story.events.items() if name != main]
    yield Template((*events, story[main]))
