"""Events written back: the form of a log line, from which admission makes the same event again."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from execcheck.events import Actor, Approval, Event, Month


def raw_of(event: Event) -> dict[str, Any]:
    """The event as the JSON object of a log line.

    Times are RFC 3339 with their offset, days and months stay such, sums are text, lists lists. What is not
    there or is the default is not written, an id only where the log gave one: an event without an id is known by its
    place, which the reader must be told again. Unknown data are kept as far as JSON can say them; what a program
    put there beside that (a ``Decimal``, a ``date``) becomes text.
    """
    raw: dict[str, Any] = {"id": event.id} if event.has_id else {}
    raw["case"], raw["type"], raw["time"] = event.case, event.type, _written(event.time)
    if event.recorded is not None:
        raw["recorded"] = _written(event.recorded)
    if event.source != "system":
        raw["source"] = event.source
    if event.actor is not None:
        raw["actor"] = _person(event.actor)
    if event.panel is not None:
        raw["panel"] = [_person(member) for member in event.panel]
    if event.approvals is not None:
        raw["approvals"] = [_approval(approval) for approval in event.approvals]
    if event.objects:
        raw["objects"] = dict(event.objects)
    if event.data:
        raw["data"] = {name: value if type(value) is str else _written(value) for name, value in event.data.items()}
    if event.supersedes is not None:
        raw["supersedes"] = event.supersedes
    return raw


def _person(person: Actor) -> dict[str, Any]:
    return {name: value for name, value in vars(person).items() if value is not None}


def _approval(approval: Approval) -> dict[str, Any]:
    written = {"id": approval.id, "role": approval.role, "time": approval.time and _written(approval.time)}
    return {name: value for name, value in written.items() if value is not None}


def _written(value: Any) -> Any:
    writer = _WRITERS.get(type(value))
    if writer is None:  # a host's own kind of time, number, list or mapping, or what JSON holds anyway
        writer = next((write for kind, write in _WRITERS.items() if isinstance(value, kind)), _as_it_is)
    return writer(value)


def _as_it_is(value: Any) -> Any:
    return value


def _instant(value: datetime) -> str:
    text = value.isoformat()
    if text[-6:-5] in ("+", "-"):
        return text
    return value.astimezone(UTC).isoformat()  # some zones once had offsets with seconds, which RFC 3339 cannot say


def _sum(value: Decimal) -> str:
    """A sum of money: never with an exponent, and with no zeros beyond the two decimals that a sum may have."""
    whole, point, decimals = format(value, "f").partition(".")
    return whole + point + (decimals if len(decimals) <= 2 or decimals[2:].strip("0") else decimals[:2])


def _listed(value: Any) -> list[Any]:
    return [_written(item) for item in value]


def _mapped(value: Mapping[Any, Any]) -> dict[Any, Any]:
    return {key: _written(item) for key, item in value.items()}


_WRITERS: Final[Mapping[type, Callable[[Any], Any]]] = {
    str: _as_it_is, bool: _as_it_is, int: _as_it_is, float: _as_it_is, Decimal: _sum, Month: Month.isoformat,
    datetime: _instant, date: date.isoformat, tuple: _listed, list: _listed, dict: _mapped, Mapping: _mapped,
}  # fmt: skip
"""By type; the narrower before the wider, since subclasses are looked for in this order."""
