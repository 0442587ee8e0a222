"""What an event log says: events, the people in them, and who approved."""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from attrs import fields, frozen

Day: TypeAlias = int
"""A calendar day in the court's zone, as ``date.toordinal()``."""

Moment: TypeAlias = datetime | date
"""An aware ``datetime`` is an instant; a plain ``date`` says that only the day is known, a :class:`Month` less."""


class Month(date):
    """A month of which the day is not known: as a date its first day, written ``2018-05``."""

    @property
    def last(self) -> date:
        """Its last day."""
        return date(self.year, self.month, monthrange(self.year, self.month)[1])

    def isoformat(self) -> str:
        """``2018-05``."""
        return f"{self.year:04}-{self.month:02}"

    __str__ = isoformat

    def __repr__(self) -> str:
        return f"Month({self.isoformat()!r})"

    def __eq__(self, other: object) -> bool:
        """A month is no day, also not its first."""
        return type(other) is Month and date.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(("month", self.year, self.month))


def end_of(moment: Moment) -> Moment:
    """The moment, or the last day where only the month is known."""
    return moment.last if isinstance(moment, Month) else moment


NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


# Actors and approvals are dict classes on purpose: attrs writes a frozen one three times faster than a slotted one.
@frozen(slots=False)
class Actor:
    """Who acted or sat on the panel; every part is optional in a log."""

    id: str | None = None
    role: str | None = None
    department: str | None = None
    team: str | None = None
    quota_judge: bool | None = None


@frozen(slots=False)
class Approval:
    """Who approved. Without a time the approval counts as given with the act."""

    id: str | None = None
    role: str | None = None
    time: Moment | None = None
    day: Day | None = None


@frozen(weakref_slot=False)
class Event:
    """One admitted event.

    ``case`` is the normal form of the case number, or the text as it stands. ``day`` (of a month the first) and
    ``recorded_day`` are days of the court's zone. ``panel`` and ``approvals`` are ``None`` where the
    log does not carry them and empty where it carries an empty list. ``data`` holds normalised values
    (money as ``Decimal``, dates as ``date``, instants as aware ``datetime``, lists as tuples) and no
    defaults: a key that is not there was not in the log. ``place`` is ``<file>:<line>``. ``supersedes`` is
    the id of the event that this one corrects and replaces.
    """

    id: str
    case: str
    type: str
    time: Moment
    day: Day
    recorded: Moment | None = None
    recorded_day: Day | None = None
    source: str = "system"
    actor: Actor | None = None
    panel: tuple[Actor, ...] | None = None
    approvals: tuple[Approval, ...] | None = None
    objects: Mapping[str, str] = NOTHING
    data: Mapping[str, Any] = NOTHING
    has_id: bool = True
    place: str = ""
    supersedes: str | None = None

    @property
    def last(self) -> Day:
        """The last day on which it may have happened; ``day`` is the first."""
        return self.time.last.toordinal() if isinstance(self.time, Month) else self.day

    @property
    def instant(self) -> datetime | None:
        """The time as an instant; ``None`` where only the day is known."""
        return self.time if isinstance(self.time, datetime) else None


Draft: Final[Any] = type("Draft", (), {"__slots__": [attribute.name for attribute in fields(Event)]})
"""An event in the making: the same slots, but open. Once filled, its class is set to :class:`Event`, which closes it.

Only for the express lane of admission, where the guarded constructor would cost as much as decoding the line.
"""
