"""What a rule may say: which fields its event types carry, and which words come near others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher

from attrs import frozen

from execcheck.clauses import AnyOf, Operand, Path, Selector, Test, Where
from execcheck.policy import (
    PERSONS,
    Condition,
    Recurrence,
    Response,
    Rule,
    Separation,
)
from execcheck.vocabulary import Field, Vocabulary


@frozen
class Grammar:
    """The vocabulary, asked what the reader of rules would accept."""

    vocabulary: Vocabulary

    def fields(self, types: Iterable[str]) -> dict[str, Field]:
        """The data fields that some of the types carry."""
        events = self.vocabulary.events
        return {name: field for kind in types for name, field in events[kind].fields.items()}

    def field(self, path: Path, types: Iterable[str]) -> Field | None:
        """The description of the field behind a path, if there is one."""
        kinds = types if path.root == "data" else path.event_types
        if path.root == "case":
            kinds = (str(self.vocabulary.extra["cases"]["opened_by"]),)
        return self.fields(kinds).get(path.field) if path.root in ("data", "latest", "case") else None

    def words(self, path: Path, types: Iterable[str]) -> tuple[str, ...]:
        """The words that a path may be compared with; none where there is no list of them."""
        if path.root == "actor" and path.field in ("role", "department"):
            return tuple(self.vocabulary.roles if path.field == "role" else self.vocabulary.departments)
        if path == Path("envelope", "source"):
            return ("system", "offline")
        field = self.field(path, types)
        return field.values if field is not None else ()

    def neighbour(self, kind: str, fits: Iterable[str], apart: Sequence[str]) -> str | None:
        """The type closest to one: of the same group or about the same object; ``fits`` are those that may be."""
        own, head = self.vocabulary.events[kind].object, kind.partition(".")[0]
        near = [
            name for name in fits
            if name != kind and name not in apart
            and (name.partition(".")[0] == head or (own is not None and self.vocabulary.events[name].object == own))
        ]  # fmt: skip
        return max(near, key=lambda name: (name.partition(".")[0] == head, _alike(name, kind)), default=None)

    def well_formed(self, rule: Rule) -> bool:
        """Whether the reader of rules would accept it: every field asked for is one that its events may carry."""
        types = [kind for trigger in rule.when for kind in trigger.selector.types]
        wheres = [(rule.milder.where, types)] if rule.milder is not None else []
        names: list[tuple[str, Sequence[str]]] = []
        paths: list[Path] = []
        if isinstance(rule, Condition):
            wheres.append((rule.require, types))
        if isinstance(rule, Separation):
            names += [(person, types) for person in rule.person if person not in PERSONS]
            if rule.unless is not None:
                wheres.append((rule.unless, types))
        if isinstance(rule, Response):
            answers = [kind for selector in rule.then for kind in selector.types]
            names += [(field, answers) for field, _ in rule.match]
            paths += [path for _, path in rule.match] + ([rule.due_on] if rule.due_on else [])
            if rule.counts_from is not None and rule.counts_from.field is not None:
                names.append((rule.counts_from.field, types))
        if isinstance(rule, Recurrence) and not rule.then:
            return False
        for trigger in rule.when:
            own = trigger.selector.types
            paths += [trigger.due_on] if trigger.due_on else []
            names += [(trigger.follow, own)] if trigger.follow else []
        names += [(path.field, types) for path in paths if path.root == "data"]
        return all(self.fits(where, kinds) for where, kinds in wheres) and all(
            name in self.fields(kinds) for name, kinds in names
        )

    def fits(self, where: Where, types: Sequence[str]) -> bool:
        """Whether every data field of a condition is one of such events'."""
        known = self.fields(types)
        return all(path.field in known for path in _data_paths(where))


def _data_paths(where: Where) -> Iterator[Path]:
    for atom in where.atoms:
        if isinstance(atom, AnyOf):
            for branch in atom.branches:
                yield from _data_paths(branch)
        elif isinstance(atom, Test):
            yield from (p for p in (atom.path, _other(atom.operand)) if p is not None and p.root == "data")


def _other(operand: Operand) -> Path | None:
    return operand.path


def types_of(selectors: Iterable[Selector]) -> list[str]:
    """The event types of some selectors."""
    return [kind for selector in selectors for kind in selector.types]


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio()
