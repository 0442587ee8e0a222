"""What a rule needs a source to capture (semantics, section 8).

A need is an event type, a part of the envelope (``actor``, ``actor.department``, ``panel``, ``approvals``,
``recorded``) or ``<event type>.<field>``. A field whose absence has a stated meaning is not needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase

from attrs import Factory, frozen

from execcheck.clauses import AnyOf, ApprovalTest, During, Linked, OtherTeam, PanelTest, Path, Selector, Test, Where
from execcheck.policy import (
    PERSONS,
    Absence,
    Aggregate,
    Condition,
    Interval,
    Precedence,
    Recurrence,
    Response,
    Rule,
    Separation,
)
from execcheck.vocabulary import MISSING, Vocabulary

ENVELOPE = ("actor", "panel", "approvals", "recorded")
"""The optional parts of the envelope that a log without a profile may or may not capture."""


@frozen
class Capture:
    """What the source does not record: event types, and envelope parts or fields."""

    events: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    inferred: bool = False

    def lacks(self, needs: Iterable[str]) -> tuple[str, ...]:
        """The needs that the source cannot feed, sorted."""
        return tuple(sorted(need for need in needs if self._lacks(need)))

    def _lacks(self, need: str) -> bool:
        if need in self.events or need in self.fields:
            return True
        head = need.split(".", maxsplit=1)[0]
        return head in ENVELOPE and head in self.fields

    @classmethod
    def of(cls, events: Iterable[str], fields: Iterable[str], vocabulary: Vocabulary) -> Capture:
        """From the words of a profile; event types may be globs such as ``payment.*``."""
        patterns = tuple(events)
        types = frozenset(kind for kind in vocabulary.events if any(fnmatchcase(kind, p) for p in patterns))
        return cls(types, frozenset(fields))


ALL_CAPTURED = Capture()


@frozen
class Needs:
    """Everything in ``all`` is needed, and of each group of alternatives in ``any`` everything in one of them."""

    all: frozenset[str] = frozenset()
    any: tuple[tuple[frozenset[str], ...], ...] = ()
    triggers: frozenset[str] = frozenset()
    instead: Mapping[str, frozenset[str]] = Factory(dict)

    def lacking(self, capture: Capture) -> tuple[str, ...]:
        """Why the rule cannot be judged on such a source; empty where it can."""
        reasons = capture.lacks(self.all)
        triggers = self.triggers
        for kind, others in self.instead.items():
            if kind in capture.events:
                triggers = others
        if triggers and triggers <= capture.events:
            reasons += tuple(sorted(triggers))
        for alternatives in self.any:
            lacks = [capture.lacks(needs) for needs in alternatives]
            if all(lacks):
                reasons += tuple(need for lacking in lacks for need in lacking)
        return tuple(dict.fromkeys(reasons))


def needs_of(rule: Rule, vocabulary: Vocabulary) -> Needs:
    """Walk a rule and collect what it needs."""
    walk = _Walk(vocabulary)
    for trigger in rule.when:
        walk.where(trigger.selector.where, trigger.selector.types)
        if rule.per is not None:
            walk.found.update(f"{kind}.{rule.per}" for kind in trigger.selector.types)
    instead: dict[str, frozenset[str]] = {}
    if isinstance(rule, Response):
        _response(walk, rule)
        if rule.instead is not None:
            instead[rule.instead[0]] = frozenset(k for t in rule.instead[1] for k in t.selector.types)
    elif isinstance(rule, Precedence):
        walk.selectors((*(need.selector for need in rule.needs), *rule.after))
    elif isinstance(rule, Absence) and rule.between:
        walk.selectors((*rule.between[0], *rule.between[1]))
    elif isinstance(rule, Condition):
        types = [kind for trigger in rule.when for kind in trigger.selector.types]
        walk.where(rule.require, types)
    elif isinstance(rule, Separation):
        envelope = frozenset(source for source in rule.person if source in PERSONS)
        walk.groups.append(tuple(frozenset((part,)) for part in sorted(envelope)))
        if rule.other.person in PERSONS:
            walk.found.add(rule.other.person)
        walk.found.update(kind for kind in (rule.other.event_type, rule.other.at, rule.other.before) if kind)
        if rule.other.office is not None:
            walk.events_of("offices", rule.other.office, "named_in")
        if rule.other.of is not None:
            walk.found.update(f"{kind}.{rule.other.of.field}" for kind in rule.other.of.event_types)
    elif isinstance(rule, Interval):
        walk.selectors(rule.after)
    elif isinstance(rule, Recurrence):
        walk.selectors((*rule.then, *rule.until))
    elif isinstance(rule, Aggregate):
        _aggregate(walk, rule)
    triggers = frozenset(kind for trigger in rule.when for kind in trigger.selector.types)
    return Needs(frozenset(walk.found), tuple(group for group in walk.groups if group), triggers, instead)


def _response(walk: _Walk, rule: Response) -> None:
    parts = (*rule.then, *rule.before, *rule.unless, *rule.without, *rule.provided, *rule.not_before)
    walk.selectors((*parts, *rule.restarted_by))
    if rule.extended_by is not None:
        walk.selectors(rule.extended_by.selectors)
    if rule.reaching is not None:
        walk.selectors((*rule.reaching.of, *rule.reaching.each))
        walk.found.update(f"{k}.{rule.reaching.field}" for s in rule.reaching.of for k in s.types)
    for name in rule.stops:
        walk.span(name)
    if rule.for_each is not None and rule.for_each.span is not None:
        walk.span(rule.for_each.span)
    for trigger in rule.when:
        path = trigger.due_on or rule.due_on
        if path is not None:
            walk.path(path, trigger.selector.types)


def _aggregate(walk: _Walk, rule: Aggregate) -> None:
    walk.found.update(rule.provided_all)
    for total in (rule.total, rule.bound.total):
        if total is None:
            continue
        walk.selectors(total.over)
        if not total.over and total.field and total.field != "actor":
            first = rule.when[0].selector
            walk.found.update(f"{kind}.{total.field}" for kind in first.types)
        if total.span is not None:
            walk.span(total.span)
        if total.field == "actor":
            walk.found.add("actor.id")
        elif total.field:
            walk.found.update(f"{kind}.{total.field}" for s in total.over for kind in s.types)
    if rule.bound.latest:
        walk.groups.append(tuple(frozenset({k, f"{k}.{rule.bound.field}"}) for g in rule.bound.latest for k in g))


class _Walk:
    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.found: set[str] = set()
        self.groups: list[tuple[frozenset[str], ...]] = []

    def selectors(self, selectors: Iterable[Selector]) -> None:
        for selector in selectors:
            if len(selector.types) < len(self.vocabulary.events):
                self.found.update(selector.types)
            self.where(selector.where, selector.types)

    def span(self, name: str) -> None:
        """What opens and closes a span: unseen, nobody knows whether it ran."""
        self.events_of("spans", name, "from")
        self.events_of("spans", name, "to")

    def events_of(self, section: str, name: str, key: str) -> None:
        """The event types of the selectors in a section of the vocabulary."""
        selectors = self.vocabulary.extra.get(section, {}).get(name, {}).get(key)
        for item in selectors if isinstance(selectors, list) else [selectors]:
            kinds = item.get("event") if isinstance(item, Mapping) else item
            self.found.update(kinds if isinstance(kinds, list) else [str(kinds)])

    def where(self, where: Where, types: Iterable[str]) -> None:
        kinds = tuple(types)
        for atom in where.atoms:
            if isinstance(atom, Test):
                if atom.if_missing is None and (atom.operator != "absent" or atom.path.root == "latest"):
                    self.path(atom.path, kinds)
                if atom.operand.path is not None:
                    self.path(atom.operand.path, kinds)
            elif isinstance(atom, AnyOf):
                self._alternatives(atom, kinds)
            elif isinstance(atom, Linked):
                self.selectors(atom.selectors)
            elif isinstance(atom, PanelTest):
                self.found.update({"panel"} | ({"panel.quota_judge"} if atom.quota_judges else set()))
            elif isinstance(atom, ApprovalTest):
                self.found.add("approvals")
            elif isinstance(atom, During):
                self.span(atom.span)
            elif isinstance(atom, OtherTeam):
                self.found.add("actor.team")

    def _alternatives(self, atom: AnyOf, kinds: tuple[str, ...]) -> None:
        """One branch that the source can feed is enough."""
        needs = []
        for branch in atom.branches:
            walk = _Walk(self.vocabulary)
            walk.where(branch, kinds)
            for one in branch.atoms:  # met only where the value is there
                if isinstance(one, Test) and one.if_missing is False:
                    walk.path(one.path, kinds)
            needs.append(frozenset(walk.found))
        if all(needs):
            self.groups.append(tuple(needs))

    def path(self, path: Path, types: tuple[str, ...]) -> None:
        """What reading a value takes."""
        if path.root == "actor":
            self.found.add(f"actor.{path.field}")
        elif path.root == "envelope" and path.field == "recorded":
            self.found.add("recorded")
        elif path.root == "latest":
            parts = [frozenset({kind, f"{kind}.{path.field}"}) for kind in path.event_types]
            if len(parts) == 1:
                self.found.update(parts[0])
            else:
                self.groups.append(tuple(parts))
        elif path.root == "object":
            self.found.update(f"{kind}.{path.field}" for kind in types)
        elif path.root == "data":
            for kind in types:
                field = self.vocabulary.events[kind].fields.get(path.field)
                if field is not None and field.default is MISSING:
                    self.found.add(f"{kind}.{path.field}")
