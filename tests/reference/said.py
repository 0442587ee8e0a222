"""What the evaluator says, and how it says that it cannot."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from attrs import frozen

from execcheck.events import Event

Known = bool | None
"""True, False, or None: the log does not say."""


class NotCovered(Exception):  # noqa: N818 - it says what is the case
    """The evaluator does not know this part of the rules; it never guesses."""


@frozen
class Said:
    """One judgement.

    ``due`` is None where there is no due day or the clock stands still. ``broken`` is the time of the event by which
    the rule was broken, None where it never came or nothing was broken.
    """

    rule: str
    verdict: str
    trigger: str
    objects: frozenset[tuple[str, str]]
    due: date | None = None
    broken: datetime | None = None


@frozen
class Verdict:
    """The same before it is known to whom it belongs: what one duty comes to."""

    verdict: str
    due: date | None = None
    event: Event | None = None
    object: tuple[str, str] | None = None  # the kind and the id the judgement is about, where not the trigger's own


SATISFIED, INCONCLUSIVE = Verdict("satisfied"), Verdict("inconclusive")


def every(answers: Iterable[Known]) -> Known:
    """All of them hold: one False decides, else one None leaves it open."""
    found = list(answers)
    return False if False in found else None if None in found else True


def some(answers: Iterable[Known]) -> Known:
    """One of them holds: one True decides, else one None leaves it open."""
    found = list(answers)
    return True if True in found else None if None in found else False
