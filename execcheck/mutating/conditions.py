"""Edits of conditions and selectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from attrs import evolve, frozen

from execcheck.clauses import (
    AnyOf,
    ApprovalTest,
    Atom,
    During,
    Linked,
    Operand,
    Operator,
    OtherTeam,
    PanelTest,
    Selector,
    Test,
    Where,
)
from execcheck.dated import Dated
from execcheck.mutating.edits import Edit, Edits, dropped, each, fewer, inside, turned
from execcheck.mutating.grammar import Grammar
from execcheck.mutating.limits import constants, number_edits, period_edits
from execcheck.policy import Text

OPPOSITE: dict[Operator, Operator] = {
    "in": "not_in", "not_in": "in", "present": "absent", "absent": "present", "at_least": "less_than",
    "at_most": "more_than", "more_than": "at_most", "less_than": "at_least",
}  # fmt: skip
BOUNDARY: dict[Operator, Operator] = {
    "at_least": "more_than", "at_most": "less_than", "more_than": "at_least", "less_than": "at_most",
}  # fmt: skip


@frozen
class ConditionEdits:
    """Edits of the conditions of one rule; ``parameters`` are its own values, which are edited elsewhere."""

    grammar: Grammar
    per: str | None = None
    parameters: tuple[Any, ...] = ()

    # --- conditions -----------------------------------------------------------------------------

    def where(self, where: Where, types: Sequence[str], least: int = 0) -> Edits[Where]:
        """One atom left out (where ``least`` remain) or changed."""
        yield from inside(where, "atoms", fewer(where.atoms, name_of, least), "")
        yield from inside(where, "atoms", each(where.atoms, lambda atom: self.atom(atom, types), name_of), "")

    def atom(self, atom: Atom, types: Sequence[str]) -> Edits[Atom]:
        """One thing of an atom changed."""
        if isinstance(atom, Test):
            yield from self._test(atom, types)
        elif isinstance(atom, AnyOf):
            yield from inside(atom, "branches", fewer(atom.branches, _branch, 1), "")
            yield from inside(atom, "branches", each(atom.branches, lambda w: self.where(w, types, 1)), "")
        elif isinstance(atom, Linked):
            yield from inside(atom, "selectors", self.selectors(atom.selectors, 1), "")
        elif isinstance(atom, PanelTest):
            yield from _panel(atom)
        elif isinstance(atom, ApprovalTest):
            yield from self._approval(atom)
        elif isinstance(atom, OtherTeam | During):
            return

    def _test(self, test: Test, types: Sequence[str]) -> Edits[Atom]:
        operator = test.operator
        if operator in OPPOSITE:
            yield turned("", "条件取反", "the opposite", evolve(test, operator=OPPOSITE[operator]), "negated")
        if operator in BOUNDARY:
            yield turned("", "界限本身取反", "the limit itself falls on the other side",
                         evolve(test, operator=BOUNDARY[operator]), "boundary")  # fmt: skip
        yield from inside(test, "operand", self._operand(test, types), "")

    def _operand(self, test: Test, types: Sequence[str]) -> Edits[Operand]:
        operand, constant = test.operand, test.operand.constant
        if isinstance(constant, frozenset):
            yield from inside(operand, "constant", self._members(test, constant, types), "")
        else:
            for op, other in constants(constant):
                yield turned("", f"{constant}改为{other}", f"{constant} becomes {other}",
                             evolve(operand, constant=other), op)  # fmt: skip
        if operand.times is not None and operand.times not in self.parameters:
            yield from inside(operand, "times", number_edits(operand.times), "times")
        if operand.shift is not None and operand.shift not in self.parameters:
            for edit in period_edits(operand.shift.latest, distance=True):
                yield edit.within("shift", evolve(operand, shift=Dated(((0, edit.value),))))

    def _members(self, test: Test, members: frozenset[Any], types: Sequence[str]) -> Edits[frozenset[Any]]:
        """Of several words one left out; a single one replaced by another."""
        ordered = sorted(members, key=str)
        if len(ordered) > 1:
            for word in ordered:
                yield dropped(f"={word}", members - {word}, str(word))
            return
        known = [word for word in self.grammar.words(test.path, types) if word not in members]
        if known and ordered and test.operator == "in" and isinstance(ordered[0], str):
            yield turned("", f"{ordered[0]}改为{known[0]}", f"{ordered[0]} becomes {known[0]}", frozenset(known[:1]))
        for word in ordered:
            for op, other in constants(word):
                yield turned("", f"{word}改为{other}", f"{word} becomes {other}", frozenset({other}), op)

    def _approval(self, test: ApprovalTest) -> Edits[Atom]:
        other = next((role for role in self.grammar.vocabulary.roles if role != test.role), None)
        if other is not None:
            yield turned("", f"{test.role}改为{other}", f"{test.role} becomes {other}", evolve(test, role=other))
        if test.by is not None:
            yield from inside(test, "by", period_edits(test.by))
            yield turned("by", "不得事后补批", "no later approval", evolve(test, by=None), "dropped")

    # --- selectors ------------------------------------------------------------------------------

    def selectors(self, selectors: Sequence[Selector], least: int = 0) -> Edits[tuple[Selector, ...]]:
        """One selector left out (where ``least`` remain) or changed."""
        yield from fewer(selectors, selector_name, least)
        yield from each(selectors, self.selector, selector_name)

    def selector(self, selector: Selector) -> Edits[Selector]:
        """A type left out or swapped for a near one, or the condition changed."""
        types, where, grammar = selector.types, selector.where, self.grammar
        if len(types) == len(grammar.vocabulary.events):
            yield from inside(selector, "where", self.where(where, types))
            return
        for n, kind in enumerate(types):
            rest = (*types[:n], *types[n + 1 :])
            if rest and grammar.fits(where, rest):
                yield dropped(f"={kind}", evolve(selector, types=rest), kind)
        if len(types) == 1:
            events = grammar.vocabulary.events
            tied = self.per is not None and events[types[0]].carries(self.per)
            about = [name for name, event in events.items() if not tied or event.carries(str(self.per))]
            fitting = [name for name in about if grammar.fits(where, (name,))]
            other = grammar.neighbour(types[0], fitting, types)
            if other is not None:
                zh, en = f"{types[0]}改为{other}", f"{types[0]} becomes {other}"
                yield turned("", zh, en, evolve(selector, types=(other,)), "swapped")
        yield from inside(selector, "where", self.where(where, types))


def _panel(test: PanelTest) -> Edits[Atom]:
    step = 2 if test.odd else 1  # an odd panel of at least two has three members
    for least in (test.least + step, test.least - step):
        if least >= 1:
            yield Edit(
                f":{least - test.least:+}",
                Text(f"至少{test.least}人改为{least}人", f"{test.least} members become {least}"),
                evolve(test, least=least),
            )
    if test.odd:
        yield turned("odd", "双数亦可", "an even number will do", evolve(test, odd=False), "dropped")
    if test.quota_judges:
        anybody = evolve(test, quota_judges=False)
        yield turned("quota_judges", "不限员额法官", "not only quota judges", anybody, "dropped")


def name_of(atom: Atom) -> str:
    """The place of an atom in names."""
    if isinstance(atom, Test):
        return str(atom.path)
    if isinstance(atom, ApprovalTest):
        return f"approvals.{atom.role}"
    if isinstance(atom, During):
        return f"during.{atom.span}"
    if isinstance(atom, OtherTeam):
        return f"team_other_than.{atom.office}"
    return {AnyOf: "any", Linked: "linked", PanelTest: "panel"}[type(atom)]


def _branch(where: Where) -> str:
    return "+".join(name_of(atom) for atom in where.atoms)


def selector_name(selector: Selector) -> str:
    """The place of a selector in names: its first type, or a star for any type."""
    return selector.types[0] if len(selector.types) < 40 else "any-event"
