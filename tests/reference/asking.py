"""Whether an event meets a condition: yes, no, or the log does not say (docs/writing-rules.md)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from execcheck.clauses import (
    AnyOf,
    ApprovalTest,
    Atom,
    During,
    Linked,
    Operand,
    OtherTeam,
    PanelTest,
    Selector,
    Test,
    Where,
)  # fmt: skip
from execcheck.events import Event
from reference import people, running, spans
from reference.ordering import day
from reference.periods import earlier, later
from reference.said import Known, every, some
from reference.values import Gap, plain, read
from reference.world import Sight


def holds(where: Where, event: Event, sight: Sight, per: str | None, *, required: bool = False) -> Known:
    """Whether all parts of a condition hold; ``required`` where it is what the rule demands of its event."""
    return every([_atom(atom, event, sight, per, required) for atom in where.atoms])


def selected(selectors: tuple[Selector, ...], event: Event, sight: Sight, per: str | None) -> Known:
    """Whether an event is one of those meant."""
    return some([event.type in one.types and holds(one.where, event, sight, per) for one in selectors])


def meant(
    selectors: tuple[Selector, ...], sight: Sight, per: str | None, about: tuple[str, str] | None
) -> list[tuple[Event, Known]]:
    """The events that are meant (True) or may be (None), in order.

    ``about`` is the kind and id of the object that they must carry; who carries none of that kind may be about any.
    """
    found: list[tuple[Event, Known]] = []
    for event in sight.events:
        own = event.objects.get(about[0]) if about else None
        same: Known = True if about is None else None if own is None else own == about[1]
        answer = every([same, selected(selectors, event, sight, per)])
        if answer is not False:
            found.append((event, answer))
    return found


def _atom(atom: Atom, event: Event, sight: Sight, per: str | None, required: bool) -> Known:
    if isinstance(atom, Test):
        return _test(atom, event, sight, per, required)
    if isinstance(atom, AnyOf):
        return some([holds(branch, event, sight, per, required=required) for branch in atom.branches])
    if isinstance(atom, Linked):
        return some([_linked(atom, event, other, sight, per) for other in sight.events])
    if isinstance(atom, PanelTest):
        return people.panel(atom, event)
    if isinstance(atom, ApprovalTest):
        return people.approved(atom, event)
    if isinstance(atom, During):
        return spans.during(atom.span, event, sight)
    assert isinstance(atom, OtherTeam)
    return people.other_team(atom.office, event, sight)


def _linked(atom: Linked, event: Event, other: Event, sight: Sight, per: str | None) -> Known:
    own, its = event.objects.get(per or ""), other.objects.get(per or "")
    same: Known = True if per is None else None if own is None or its is None else own == its
    return every([same, selected(atom.selectors, other, sight, per)])


def _test(test: Test, event: Event, sight: Sight, per: str | None, required: bool) -> Known:
    presence = test.operator in ("present", "absent")
    value = read(test.path, event, sight, per, given=presence)
    if value is Gap.NO_OBJECT:
        return None
    if presence:
        if value is Gap.NO_EVENT and required:
            return None
        return _given(value) is (test.operator == "present")
    if value is Gap.MISSING:
        return test.if_missing
    if value is Gap.NO_EVENT:
        return None if required or test.open_without_event else False
    if test.operand.due_of:
        due = running.due_day_running(test.operand.due_of, event, sight)
        return None if due is None else compare(test.operator, value, _moved(due, test.operand, event))
    if test.operand.path is None:
        return compare(test.operator, value, test.operand.constant)
    reference = read(test.operand.path, event, sight, per)
    if isinstance(reference, Gap):
        return None
    if test.operand.path.field == "province" and test.operand.path.root == "case":
        return _lies_in(value, reference) is (test.operator == "in")
    return compare(test.operator, value, _moved(plain(reference), test.operand, event))


def _given(value: Any) -> bool:
    """Whether a value is given: an empty text or list is not."""
    return not isinstance(value, Gap) and value not in ("", ())


def compare(operator: str, value: Any, reference: Any) -> bool:
    """Whether ``value operator reference``; moments compare as days."""
    if operator == "includes":
        return all(word in value for word in reference)
    if operator in ("in", "not_in"):
        among = reference if isinstance(reference, (frozenset, set, tuple, list)) else [reference]
        same = any(_same(plain(value), _as_day(plain(one), value)) for one in among)
        return same is (operator == "in")
    left, right = plain(value), _as_day(plain(reference), value)
    return bool({"at_least": left >= right, "at_most": left <= right, "more_than": left > right, "less_than": left < right}
                [operator])  # fmt: skip


def _lies_in(place: str, spellings: frozenset[str]) -> bool:
    """Whether a place is written as one of these provinces, or begins with the name of one (not with a mere sign)."""
    return any(place == name or (len(name) > 1 and place.startswith(name)) for name in spellings)


def _as_day(reference: Any, value: Any) -> Any:
    """A constant compared with a moment is kept as the number of its day."""
    if isinstance(value, date) and isinstance(reference, int) and not isinstance(reference, bool):
        return date.fromordinal(reference)
    return reference


def _same(value: Any, one: Any) -> bool:
    return bool(value == one)


def _moved(value: Any, operand: Operand, event: Event) -> Any:
    """The value compared with: so much later or earlier, or times a factor."""
    if operand.shift is not None:
        period = operand.shift.of(day(event).toordinal())
        return later(value, period) if operand.sign == 1 else earlier(value, period)
    return value if operand.times is None else Decimal(value) * operand.times
