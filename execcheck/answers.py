"""Three-valued answers: True, False, or the names of the fields that the log lacks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from execcheck.events import Event
from execcheck.families import View

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
    if len(checks) == 2:
        return _both(*checks)

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


def _both(first: Check, second: Check) -> Check:
    """The conjunction of two, by far the commonest, without a loop."""

    def check(event: Event, view: View) -> Answer:
        one = first(event, view)
        if one is False:
            return False
        other = second(event, view)
        if one is True or other is False:
            return other
        return one if other is True else one + other

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
