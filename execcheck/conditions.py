"""Conditions compiled to closures with three answers: True, False, or the names of the missing fields.

``check(event, view)`` returns ``True``, ``False`` or a non-empty tuple of field names: the log does not say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from execcheck.clauses import AnyOf, ApprovalTest, Linked, Operand, OtherTeam, PanelTest, Path, Selector, Test, Where
from execcheck.events import Event
from execcheck.families import View
from execcheck.order import before, certainly_before
from execcheck.periods import plus
from execcheck.vocabulary import MISSING, Vocabulary

Missing = tuple[str, ...]
Answer = bool | Missing
Check = Callable[[Event, View], Answer]
Getter = Callable[[Event, View], Any]


class _NoEvent:
    """The value of a path through an event type that has not occurred."""


NO_EVENT: Final = _NoEvent()
NO_OBJECT: Final = _NoEvent()
"""The value of such a path where the event lacks the object on which the rule correlates."""


def all_of(checks: Sequence[Check]) -> Check:
    """Conjunction: one False decides, else everything missing is named."""
    if not checks:
        return lambda event, view: True
    if len(checks) == 1:
        return checks[0]

    def check(event: Event, view: View) -> Answer:
        missing: Missing = ()
        for one in checks:
            answer = one(event, view)
            if answer is False:
                return False
            if answer is not True:
                missing += answer
        return missing or True

    return check


def any_of(checks: Sequence[Check]) -> Check:
    """Disjunction: one True decides, else everything missing is named."""

    def check(event: Event, view: View) -> Answer:
        missing: Missing = ()
        for one in checks:
            answer = one(event, view)
            if answer is True:
                return True
            if answer is not False:
                missing += answer
        return missing or False

    return check


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
        return tuple(
            (kind, self.where(selector.where, (kind,)) if selector.where.atoms else None) for kind in selector.types
        )

    def selectors(self, selectors: Iterable[Selector]) -> tuple[tuple[str, Check | None], ...]:
        """The pairs of several selectors."""
        return tuple(pair for selector in selectors for pair in self.selector(selector))

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
            return approval_check(atom.role)
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
            return lambda event, view: MISSING if event.actor is None else _or_missing(getattr(event.actor, field))
        if path.root == "object":
            return lambda event, view: event.objects.get(field, MISSING)
        if path.root == "case":
            return lambda event, view: view.family.case_type(event.case)
        return lambda event, view: _or_missing(getattr(event, field))

    def default(self, kind: str, field: str) -> Any:
        """The vocabulary's default of a field of an event type, MISSING where it has none."""
        described = self.vocabulary.events[kind].fields.get(field)
        return MISSING if described is None else described.default

    def _data(self, field: str, types: Sequence[str]) -> Getter:
        defaults = {kind: self.default(kind, field) for kind in types}
        return lambda event, view: event.data.get(field, defaults[event.type])

    def _latest(self, path: Path) -> Getter:
        kind, field, per = path.event_type, path.field, self.per
        default = self.default(kind, field)

        def get(event: Event, view: View) -> Any:
            if per is not None and per not in event.objects:
                return NO_OBJECT
            latest = view.latest_before(event, kind, per)
            return NO_EVENT if latest is None else latest.data.get(field, default)

        return get

    # --- tests ----------------------------------------------------------------------------------

    def _test(self, test: Test, types: Sequence[str]) -> Check:
        get, name = self.getter(test.path, types), (str(test.path),)
        absent: Answer = name if test.if_missing is None else test.if_missing
        if test.path.root == "data" and test.operator in ("in", "not_in") and test.operand.path is None:
            defaults = {kind: self.default(kind, test.path.field) for kind in types}
            return _data_check(test.path.field, defaults, test.operand.constant, test.operator == "in", absent)
        if test.path.root == "envelope" and test.operand.path is None:
            return _envelope_check(test, absent)
        if test.operator in ("present", "absent"):
            return self._presence(get, test.operator == "present", name)
        holds = self._comparison(test.operator, test.operand, types)
        no_event: Answer = (test.path.event_type,) if self.required else False
        no_object = (f"objects.{self.per}",)

        def check(event: Event, view: View) -> Answer:
            value = get(event, view)
            if value is MISSING:
                return absent
            if value is NO_EVENT:
                return no_event
            if value is NO_OBJECT:
                return no_object
            return holds(value, event, view)

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

    def _comparison(
        self, operator: str, operand: Operand, types: Sequence[str]
    ) -> Callable[[Any, Event, View], Answer]:
        if operand.path is None:
            return _constant_comparison(operator, operand.constant)
        other, name = self.getter(operand.path, types), (str(operand.path),)
        no_event, no_object = (operand.path.event_type,), (f"objects.{self.per}",)

        def compare(value: Any, event: Event, view: View) -> Answer:
            reference = other(event, view)
            if reference is MISSING:
                return name
            if reference is NO_EVENT:
                return no_event
            if reference is NO_OBJECT:
                return no_object
            return _holds(operator, _plain(value, event), _shifted(_plain(reference, event), operand))

        return compare


def _data_check(
    field: str, defaults: Mapping[str, Any], constant: frozenset[Any], wanted: bool, absent: Answer
) -> Check:
    """The commonest test in one call: a data field is (or is not) one of some constants."""

    def check(event: Event, view: View) -> Answer:
        value = event.data.get(field, MISSING)
        if value is MISSING:
            value = defaults[event.type]
            if value is MISSING:
                return absent
        return (value in constant) is wanted

    return check


def _envelope_check(test: Test, absent: Answer) -> Check:
    """A test of the envelope against constants in one call: it runs for every event of a log."""
    field, operator, constant = test.path.field, test.operator, test.operand.constant
    if operator in ("present", "absent"):
        return lambda event, view: (getattr(event, field) is not None) is (operator == "present")
    if operator not in ("in", "not_in"):
        holds = _constant_comparison(operator, constant)

        def compare(event: Event, view: View) -> Answer:
            value = getattr(event, field)
            return absent if value is None else holds(_plain(value, event), event, view)

        return compare

    def check(event: Event, view: View) -> Answer:
        value = getattr(event, field)
        return absent if value is None else (value in constant) is (operator == "in")

    return check


def _or_missing(value: Any) -> Any:
    return MISSING if value is None else value


def _plain(value: Any, event: Event) -> Any:
    """Moments as day numbers, so that distances are calendar days."""
    if isinstance(value, datetime):
        return (
            event.recorded_day if value is event.recorded else event.day if value is event.time else value.toordinal()
        )
    return value.toordinal() if isinstance(value, date) else value


def _shifted(value: Any, operand: Operand) -> Any:
    if operand.plus is not None:
        return value + operand.plus.count if operand.plus.unit == "d" else plus(value, operand.plus)
    return value if operand.times is None else Decimal(value) * operand.times


def _constant_comparison(operator: str, constant: Any) -> Callable[[Any, Event, View], Answer]:
    if operator == "in":
        return lambda value, event, view: value in constant
    if operator == "not_in":
        return lambda value, event, view: value not in constant
    if operator == "includes":
        return lambda value, event, view: constant <= frozenset(value)
    return lambda value, event, view: _holds(operator, value, constant)


def _holds(operator: str, value: Any, reference: Any) -> bool:
    if operator == "at_least":
        return bool(value >= reference)
    if operator == "at_most":
        return bool(value <= reference)
    if operator == "more_than":
        return bool(value > reference)
    if operator == "less_than":
        return bool(value < reference)
    return bool((value == reference) is (operator == "in"))


# --- who acted -------------------------------------------------------------------------------------


def panel_check(test: PanelTest) -> Check:
    """The panel's size (in distinct persons), parity and rank; a missing panel is a breach, not a gap."""

    def check(event: Event, view: View) -> Answer:
        panel = event.panel or ()
        size = len({member.id for member in panel})
        if size < test.least or (test.odd and size % 2 == 0):
            return False
        if test.quota_judges:
            ranks = [member.quota_judge for member in panel]
            if False in ranks:
                return False
            if None in ranks:
                return ("panel.quota_judge",)
        return True

    return check


def approval_check(role: str) -> Check:
    """Somebody of the role approved, no later than the act, and is not the actor (where the actor is known)."""

    def check(event: Event, view: View) -> Answer:
        actor = event.actor.id if event.actor is not None else None
        return any(
            approval.role == role
            and (approval.id is None or approval.id != actor)
            and (approval.time is None or approval.day is None or _no_later(approval.time, approval.day, event))
            for approval in event.approvals or ()
        )

    return check


def _no_later(time: datetime | date, day: int, event: Event) -> bool:
    if day != event.day:
        return day < event.day
    both_instants = isinstance(time, datetime) and isinstance(event.time, datetime)
    return not both_instants or time <= event.time


def other_team_check(office: str) -> Check:
    """The actor's team is given, and nobody who held the office had acted in it before."""

    def check(event: Event, view: View) -> Answer:
        team = event.actor.team if event.actor is not None else None
        if team is None:
            return False
        holders = {person for _, person in view.family.tenures(office)}
        return not any(
            other.actor is not None
            and other.actor.team == team
            and other.actor.id in holders
            and certainly_before(other, event)
            for other in view.family.view.events
        )

    return check


__all__ = ["NO_EVENT", "Answer", "Check", "Conditions", "Getter", "Missing", "all_of", "any_of", "before"]
