"""Comparing values of a log with constants and with other values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from execcheck.answers import Answer, Check, Getter
from execcheck.clauses import Operand, Test
from execcheck.events import Day, Event, Month
from execcheck.families import View
from execcheck.periods import minus, plus
from execcheck.vocabulary import MISSING


def data_check(
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


def membership_check(get: Getter, constant: frozenset[Any], wanted: bool, absent: Answer) -> Check:
    """The same for a value that is found in any other way, but not in another event."""

    def check(event: Event, view: View) -> Answer:
        value = get(event, view)
        return absent if value is MISSING else (value in constant) is wanted

    return check


def province_check(get: Getter, constant: frozenset[Any], wanted: bool, absent: Answer) -> Check:
    """The same for the province of a court, of which a log may write any of several names."""

    def check(event: Event, view: View) -> Answer:
        names: frozenset[str] = get(event, view)
        return any(_spelt(str(place), names) for place in constant) is wanted if names else absent

    return check


def envelope_check(test: Test, absent: Answer) -> Check:
    """A test of the envelope against constants in one call: it runs for every event of a log."""
    field, operator, constant = test.path.field, test.operator, test.operand.constant
    if operator in ("present", "absent"):
        return lambda event, view: (getattr(event, field) is not None) is (operator == "present")
    if operator not in ("in", "not_in"):
        compared = constant_comparison(operator, constant)

        def compare(event: Event, view: View) -> Answer:
            value = getattr(event, field)
            if isinstance(value, Month) and operator != "includes":
                return _either(compared(day, event, view) for day in readings(value, event))
            return absent if value is None else compared(plain(value, event), event, view)

        return compare

    def check(event: Event, view: View) -> Answer:
        value = getattr(event, field)
        return absent if value is None else (value in constant) is (operator == "in")

    return check


def _either(answers: Iterable[Answer]) -> Answer:
    found = set(answers)
    return found.pop() if len(found) == 1 else ("time",)


def or_missing(value: Any) -> Any:
    """MISSING for None."""
    return MISSING if value is None else value


def readings(value: Any, event: Event) -> tuple[Any, ...]:
    """The value, as days where it is a moment; of a month both its first and its last day."""
    if isinstance(value, Month):
        return value.toordinal(), value.last.toordinal()
    return (plain(value, event),)


def compare(operator: str, value: Any, reference: Any, operand: Operand, event: Event) -> Answer:
    """Whether the values compare so; where only a month is known and its days differ, the day is missing."""
    return _either(
        holds(operator, one, shifted(other, operand, event.day))
        for one in readings(value, event)
        for other in readings(reference, event)
    )


def plain(value: Any, event: Event) -> Any:
    """Moments as day numbers, so that distances are calendar days."""
    if isinstance(value, datetime):
        return (
            event.recorded_day if value is event.recorded else event.day if value is event.time else value.toordinal()
        )
    return value.toordinal() if isinstance(value, date) else value


def shifted(value: Any, operand: Operand, day: Day) -> Any:
    """The value that is compared with: a period later or earlier, or times a factor."""
    if operand.shift is not None:
        period = operand.shift.of(day)
        return plus(value, period) if operand.sign > 0 else minus(value, period)
    return value if operand.times is None else Decimal(value) * operand.times


def constant_comparison(operator: str, constant: Any) -> Callable[[Any, Event, View], Answer]:
    """A comparison with a constant."""
    if operator == "in":
        return lambda value, event, view: value in constant
    if operator == "not_in":
        return lambda value, event, view: value not in constant
    if operator == "includes":
        return lambda value, event, view: constant <= frozenset(value)
    return lambda value, event, view: holds(operator, value, constant)


def _spelt(value: str, names: frozenset[str]) -> bool:
    """Whether a place is one of these names, or begins with one of more than a single character."""
    return value in names or any(len(name) > 1 and value.startswith(name) for name in names)


def holds(operator: str, value: Any, reference: Any) -> bool:
    """Whether ``value operator reference``."""
    if operator == "at_least":
        return bool(value >= reference)
    if operator == "at_most":
        return bool(value <= reference)
    if operator == "more_than":
        return bool(value > reference)
    if operator == "less_than":
        return bool(value < reference)
    same = _spelt(value, reference) if isinstance(reference, frozenset) else value == reference
    return bool(same is (operator == "in"))
