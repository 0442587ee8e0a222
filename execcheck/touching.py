"""Which later events can change what a rule has said about a trigger, worked out once per rule.

A monitor that takes one more event need ask only the rules that this event touches. What a rule looks at is read
off the rule itself: every event type that it names, or that it asks for through a span, an office or a lifecycle.
Naming a type too many only costs time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from attrs import fields, frozen

from execcheck.clauses import During, Linked, Operand, OtherTeam, Path, Where, parts_of
from execcheck.lawbook import Law
from execcheck.policy import Aggregate, Milder, Recurrence, Response, Rule, Separation, Total


@frozen
class Touch:
    """What the answer of a rule about one trigger hangs on.

    ``types`` are the event types that it looks at. ``later`` says whether one of them can change the answer also
    where it comes after the day of the trigger, ``ahead`` the same of the question whether there is a duty at all;
    ``met_for_good`` whether a duty, once met, stays met whatever comes on a later day.
    """

    types: frozenset[str]
    later: bool
    ahead: bool = True
    met_for_good: bool = False

    @property
    def alone(self) -> bool:
        """Whether the trigger alone decides."""
        return not self.types and not self.later


def touch_of(rule: Rule, law: Law) -> Touch:
    """What the answers of a rule hang on."""
    parts = _expanded(parts_of(_own(rule)), law)
    types = law.vocabulary.events.keys() & {part for part in parts if isinstance(part, str)}
    ahead = any(_looks_ahead(part) for part in parts)
    later = ahead or isinstance(rule, (Response, Recurrence))
    everything = frozenset(law.vocabulary.events)
    if any(isinstance(part, OtherTeam) for part in parts):
        return Touch(everything, later=True)
    if isinstance(rule, Separation) and rule.other.of is not None:
        return Touch(everything, later=True)
    for name in (name for part in parts if isinstance(part, Operand) for name in part.due_of):
        if name in law.book:
            types |= touch_of(law.book[name], law).types | _triggers(law.book[name])
    for total in (part for part in parts if isinstance(part, Total) and part.span):
        types |= law.vocabulary.carriers(total.field)
    if rule.in_state is not None:
        later = True
        types |= law.lifecycles[rule.in_state[0]].events
    cases = law.definitions.cases
    if ahead or (isinstance(rule, Response) and rule.before):  # what type of case it is, and which case goes on with it
        types |= {cases.opened_by, cases.resumed_by}
    if rule.reference_limit:  # how grave it is
        types |= {cases.resumed_by, *cases.ended_by}
    if isinstance(rule, (Aggregate, Recurrence)):
        types |= _triggers(rule)
    return Touch(frozenset(types), later, ahead or rule.in_state is not None, not ahead and _met_for_good(rule))


def on_trigger_alone(where: Where, law: Law) -> bool:
    """Whether a condition looks at nothing but the event that it is about."""
    parts = _expanded(parts_of(where), law)
    looks = any(_looks_ahead(part) or isinstance(part, OtherTeam) for part in parts)
    return not looks and not any(isinstance(part, str) and part in law.vocabulary.events for part in parts)


def _own(rule: Rule) -> Iterator[Any]:
    """The parts of a rule that say what it looks at, but for the types of its triggers."""
    for trigger in rule.when:
        yield from (trigger.selector.where, trigger.due_on, trigger.follow)
    if isinstance(rule, Response) and rule.instead is not None:
        yield rule.instead
    yield rule.milder
    common = {attribute.name for attribute in fields(Rule)}
    for attribute in fields(type(rule)):
        if attribute.name not in common and attribute.name != "instead":
            yield getattr(rule, attribute.name)


def _expanded(parts: Iterable[Any], law: Law) -> list[Any]:
    """The parts, with those of the offices and spans that they name."""
    found = list(parts)
    named = {part for part in found if isinstance(part, str)}
    for definitions in (law.definitions.offices, law.definitions.spans):
        found += [part for name in named & definitions.keys() for part in parts_of(definitions[name].selectors)]
    return found


def _looks_ahead(part: Any) -> bool:
    """Whether events after the trigger can decide: linked ones, the ends of spans, the filing of the case."""
    if isinstance(part, Path):
        return part.root == "case"
    if isinstance(part, Operand):
        return bool(part.due_of)
    return isinstance(part, (Linked, During, Milder)) or (isinstance(part, Total) and part.span is not None)


def _met_for_good(rule: Rule) -> bool:
    if not isinstance(rule, Response):
        return False
    return not any((rule.without, rule.for_each, rule.reaching, rule.extended_by, rule.in_state))


def _triggers(rule: Rule) -> set[str]:
    return {kind for trigger in rule.when for kind in trigger.selector.types}
