"""Conditions compiled to closures with three answers: True, False, or the names of the missing fields.

``check(event, view)`` returns ``True``, ``False`` or a non-empty tuple of field names: the log does not say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from execcheck.answers import NO_EVENT, NO_OBJECT, Answer, Check, Getter, Missing, all_of, any_of
from execcheck.clauses import (
    AnyOf,
    ApprovalTest,
    During,
    Linked,
    Operand,
    OtherTeam,
    PanelTest,
    Path,
    Selector,
    Test,
    Where,
)
from execcheck.comparing import (
    compare,
    constant_comparison,
    data_check,
    envelope_check,
    membership_check,
    or_missing,
    province_check,
)
from execcheck.deciding import approval_check, during_check, other_team_check, panel_check
from execcheck.events import Event, Month
from execcheck.families import View
from execcheck.vocabulary import MISSING, Vocabulary


class Conditions:
    """Compiles the conditions of one rule; ``per`` is the object that correlates its events."""

    def __init__(self, vocabulary: Vocabulary, per: str | None, *, required: bool = False) -> None:
        self.vocabulary = vocabulary
        self.per = per
        self.required = required  # in a requirement, a value looked up in an event that never came is missing

    def where(self, where: Where, types: Sequence[str]) -> Check:
        """The whole condition, for events of the given types."""
        return all_of([self._atom(atom, types) for atom in where.atoms])

    def selector(self, selector: Selector) -> tuple[tuple[str, Check | None], ...]:
        """(event type, check) pairs; the check is None where every event of the type is meant."""
        always = not selector.where.atoms
        kinds = dict.fromkeys(selector.types)
        return tuple((kind, None if always else self.where(selector.where, (kind,))) for kind in kinds)

    def selectors(self, selectors: Iterable[Selector]) -> tuple[tuple[str, Check | None], ...]:
        """The pairs of several selectors, one for each type: an event that several of them mean counts once."""
        checks: dict[str, list[Check | None]] = {}
        for selector in selectors:
            for kind, check in self.selector(selector):
                checks.setdefault(kind, []).append(check)
        return tuple((kind, _one_of(found)) for kind, found in checks.items())

    def _atom(self, atom: Any, types: Sequence[str]) -> Check:
        if isinstance(atom, Test):
            return self._test(atom, types)
        if isinstance(atom, AnyOf):
            return any_of([self.where(branch, types) for branch in atom.branches])
        if isinstance(atom, Linked):
            return self._linked(self.selectors(atom.selectors))
        if isinstance(atom, PanelTest):
            return panel_check(atom)
        if isinstance(atom, ApprovalTest):
            return approval_check(atom)
        if isinstance(atom, During):
            return during_check(atom.span)
        assert isinstance(atom, OtherTeam)
        return other_team_check(atom.office)

    def _linked(self, pairs: tuple[tuple[str, Check | None], ...]) -> Check:
        per = self.per

        def check(event: Event, view: View) -> Answer:
            missing: Missing = ()
            for kind, where in pairs:
                for other in view.of(kind):
                    own, their = (None, None) if per is None else (event.objects.get(per), other.objects.get(per))
                    if own is not None and their is not None and own != their:
                        continue
                    answer = True if where is None else where(other, view)
                    if answer is True and per is not None and (own is None or their is None):
                        answer = (f"objects.{per}",)
                    if answer is True:
                        return True
                    if answer is not False:
                        missing += answer
            return missing or False

        return check

    # --- values ---------------------------------------------------------------------------------

    def getter(self, path: Path, types: Sequence[str]) -> Getter:
        """A function that reads the value; MISSING where the log does not carry it."""
        field = path.field
        if path.root == "data":
            return self._data(field, types)
        if path.root == "latest":
            return self._latest(path)
        if path.root == "actor":
            return lambda event, view: MISSING if event.actor is None else or_missing(getattr(event.actor, field))
        if path.root == "object":
            return lambda event, view: event.objects.get(field, MISSING)
        if path.root == "case":
            return _of_case(field)
        return lambda event, view: or_missing(getattr(event, field))

    def default(self, kind: str, field: str) -> Any:
        """The vocabulary's default of a field of an event type, MISSING where it has none."""
        described = self.vocabulary.events[kind].fields.get(field)
        return MISSING if described is None else described.default

    def _data(self, field: str, types: Sequence[str]) -> Getter:
        if self._by_number(field, types):
            return lambda event, view: self.vocabulary.value(event, field)
        defaults = {kind: self.default(kind, field) for kind in types}
        return lambda event, view: event.data.get(field, defaults[event.type])

    def _by_number(self, field: str, types: Sequence[str]) -> bool:
        """Whether what a missing field means is told by the number of the case."""
        described = [self.vocabulary.events[kind].fields.get(field) for kind in types]
        return any(one is not None and one.from_case_number for one in described)

    def _given(self, path: Path, get: Getter) -> Getter:
        """The same for tests of presence: what only a default of the vocabulary says is not given."""
        if path.root == "data":
            return lambda event, view: event.data.get(path.field, MISSING)
        return self._latest(path, {}) if path.root == "latest" else get

    def _latest(self, path: Path, defaults: Mapping[str, Any] | None = None) -> Getter:
        kinds, field = path.event_types, path.field
        per = self.vocabulary.tie(kinds, self.per)  # else the case ties them
        meant = {kind: self.default(kind, field) for kind in kinds} if defaults is None else defaults
        by_number = defaults is None and self._by_number(field, kinds)

        def get(event: Event, view: View) -> Any:
            if per is not None and per not in event.objects:
                return NO_OBJECT
            latest = view.latest_before(event, kinds, per)
            if latest is None:
                return NO_EVENT
            # The day in the court's zone: an instant of another event means nothing else here.
            if field == "time":
                return latest.time if isinstance(latest.time, Month) else date.fromordinal(latest.day)
            if by_number:
                return self.vocabulary.value(latest, field)
            return latest.data.get(field, meant.get(latest.type, MISSING))

        return get

    # --- tests ----------------------------------------------------------------------------------

    def _test(self, test: Test, types: Sequence[str]) -> Check:
        get, name = self.getter(test.path, types), (str(test.path),)
        absent: Answer = name if test.if_missing is None else test.if_missing
        constant = test.operand.path is None and not test.operand.due_of
        by_number = test.path.root == "data" and self._by_number(test.path.field, types)
        if test.path.root == "data" and test.operator in ("in", "not_in") and constant and not by_number:
            defaults = {kind: self.default(kind, test.path.field) for kind in types}
            return data_check(test.path.field, defaults, test.operand.constant, test.operator == "in", absent)
        if test.path.root == "envelope" and constant:
            return envelope_check(test, absent)
        if test.operator in ("present", "absent"):
            return self._presence(self._given(test.path, get), test.operator == "present", name)
        if constant and test.path == Path("case", "province") and test.operator in ("in", "not_in"):
            return province_check(get, test.operand.constant, test.operator == "in", absent)
        if constant and test.operator in ("in", "not_in") and test.path.root != "latest":
            return membership_check(get, test.operand.constant, test.operator == "in", absent)
        compared = self._comparison(test, types)
        came: Missing = test.path.event_types[:1]
        no_event: Answer = came if self.required or test.open_without_event else False
        no_object = (f"objects.{self.per}",)

        def check(event: Event, view: View) -> Answer:
            value = get(event, view)
            if value is MISSING:
                return absent
            if value is NO_EVENT:
                return no_event
            if value is NO_OBJECT:
                return no_object
            return compared(value, event, view)

        return check

    def _presence(self, get: Getter, wanted: bool, name: Missing) -> Check:
        required, no_object = self.required, (f"objects.{self.per}",)

        def check(event: Event, view: View) -> Answer:
            value = get(event, view)
            if value is NO_OBJECT:
                return no_object
            if value is NO_EVENT and required:
                return (name[0].rpartition(".")[0],)
            given = value is not MISSING and value is not NO_EVENT and value not in ("", ())
            return given is wanted

        return check

    def _comparison(self, test: Test, types: Sequence[str]) -> Callable[[Any, Event, View], Answer]:
        operator, operand = test.operator, test.operand
        if operand.due_of:
            return _against_due_day(operator, operand)
        if operand.path is None and test.path.root == "latest" and test.path.field == "time":
            return lambda value, event, view: compare(operator, value, operand.constant, operand, event)
        if operand.path is None:
            return constant_comparison(operator, operand.constant)
        other, name = self.getter(operand.path, types), (str(operand.path),)
        no_event, no_object = operand.path.event_types[:1], (f"objects.{self.per}",)

        def check(value: Any, event: Event, view: View) -> Answer:
            reference = other(event, view)
            if reference is MISSING:
                return name
            if reference is NO_EVENT:
                return no_event
            if reference is NO_OBJECT:
                return no_object
            return compare(operator, value, reference, operand, event)

        return check


def _one_of(checks: Sequence[Check | None]) -> Check | None:
    """The check that holds where one of some holds; None where one of them always does."""
    known = [check for check in checks if check is not None]
    return any_of(known) if len(known) == len(checks) > 1 else checks[0] if len(checks) == 1 else None


def _of_case(field: str) -> Getter:
    """What the case's own filing says, or its number: the type, the province, any other field of the filing."""
    if field == "type":
        return lambda event, view: view.family.case_type(event.case)
    if field == "province":
        return lambda event, view: view.family.province(event.case)
    return lambda event, view: view.family.filed(event.case, field)


def _against_due_day(operator: str, operand: Operand) -> Callable[[Any, Event, View], Answer]:
    """A comparison with the due day of the duty that ran at the event under one of some rules."""
    name = (operand.due_of[0],)

    def check(value: Any, event: Event, view: View) -> Answer:
        due = view.family.due_of(operand.due_of, event)
        return name if due is None else compare(operator, value, due, operand, event)

    return check
