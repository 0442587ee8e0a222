"""The express lane of admission: events that are sound at first sight, and nothing else.

Most events of a log are sound, and admission should cost little more than decoding them. Whatever is
unusual (an unknown key outside the data, a ``null``, a value that does not fit) is left to the full
examination in :mod:`execcheck.admission`, which alone reports defects. Both lanes give the same event.
"""

from collections.abc import Iterable
from math import isfinite
from typing import Any, Final, Protocol

from execcheck.case_numbers import normalise
from execcheck.defects import Unfit
from execcheck.events import NOTHING, Actor, Approval, Draft, Event
from execcheck.prepared import Known, Prepared
from execcheck.written_keys import holds_keys


class Unusual(Exception):  # noqa: N818 - it says what the input is
    """Leave this event to the full examination."""


class Parts(Protocol):
    """The parts of an event as :meth:`Express.assemble` takes them: decoded, and of these types."""

    case: str
    type: str
    time: Any
    id: str | None
    recorded: Any
    source: Any
    objects: dict[Any, Any] | None
    data: dict[Any, Any] | None
    supersedes: Any


class _Parts:
    """Parts taken from a dictionary; raises Unusual."""

    __slots__ = ("case", "data", "id", "objects", "recorded", "source", "supersedes", "time", "type")

    def __init__(self, raw: dict[Any, Any]) -> None:
        get = raw.get
        case, name, given, objects, data = get("case"), get("type"), get("id"), get("objects"), get("data")
        if type(case) is not str or type(name) is not str or (given is not None and type(given) is not str):
            raise Unusual
        if (objects is not None and type(objects) is not dict) or (data is not None and type(data) is not dict):
            raise Unusual
        self.case, self.type, self.id, self.data = case, name, given, data
        self.time, self.recorded, self.source = get("time"), get("recorded"), get("source")
        self.supersedes = get("supersedes")
        self.objects = None if objects is None else dict(objects)  # the caller's own may change


ENVELOPE: Final = (
    "id", "case", "type", "time", "recorded", "source", "actor", "panel", "approvals", "objects", "data", "supersedes",
)  # fmt: skip


class Express:
    """Admits sound events; see :meth:`event`."""

    def __init__(self, prepared: Prepared) -> None:
        self._prepared = prepared
        self._types = prepared.types
        self._read = prepared.clock.read
        self._actors = prepared.actors

    def event(self, raw: object, place: str, text: bytes | None = None, plain: bool = False) -> Event | None:
        """The event, or ``None`` if it must be examined.

        ``text`` is that of the event, where its decoder keeps the last of two equal keys in silence; ``plain``
        says that it holds no escape.
        """
        if type(raw) is not dict:
            return None
        try:
            return self._event(raw, place, text, plain)
        except (Unusual, Unfit):
            return None

    def _event(self, raw: dict[Any, Any], place: str, text: bytes | None, plain: bool) -> Event:
        acted, sat, gave = raw.get("actor"), raw.get("panel"), raw.get("approvals")
        actor = panel = approvals = None
        keys = 0
        if acted is not None:
            actor = self.actor(acted)
            keys = 1 + len(acted)
        if sat is not None:
            panel = self.actors(sat)
            keys += 1 + sum(map(len, sat))
        if gave is not None:
            approvals = self.approvals(gave)
            keys += 1 + sum(map(len, gave))
        if text is None and len(raw) != sum(raw.get(name) is not None for name in ENVELOPE):
            raise Unusual
        return self.assemble(_Parts(raw), actor, panel, approvals, place, keys, text, plain)

    def assemble(
        self, parts: Parts, actor: Actor | None, panel: tuple[Actor, ...] | None,
        approvals: tuple[Approval, ...] | None, place: str, keys: int, text: bytes | None, plain: bool,
    ) -> Event:  # fmt: skip
        """The event from its decoded parts.

        ``keys`` counts those of actor, panel and approvals with all within; ``text`` is that of the event,
        if it may hold more keys than were decoded; if it is ``plain``, no character is written as an escape.

        Raises Unusual or Unfit.
        """
        known, case, given, replaced = self._types.get(parts.type), normalise(parts.case), parts.id, parts.supersedes
        if known is None or not case:
            raise Unusual
        event = Draft()
        event.case, event.type, event.place = case, known.name, place
        event.actor, event.panel, event.approvals, event.supersedes = actor, panel, approvals, replaced
        event.time, event.day = self._read(parts.time)
        keys += 3
        colons = parts.time.count(":") if plain else 0
        event.id, event.has_id = (place, False) if given is None else (given, True)
        keys += (given is not None) + (replaced is not None)
        if not event.id or event.id.isspace() or not (replaced is None or _names_another(replaced, given)):
            raise Unusual
        if parts.recorded is None:
            event.recorded = event.recorded_day = None
        else:
            event.recorded, event.recorded_day = self._read(parts.recorded)
            keys += 1
            colons += parts.recorded.count(":") if plain else 0
        if parts.source is None:
            event.source = "system"
        else:
            event.source = self._prepared.source(parts.source)
            keys += 1
        objects, data = parts.objects, parts.data
        if objects is None:
            event.objects = NOTHING
        else:
            _check_objects(objects, known)
            event.objects = objects
            keys += 1 + len(objects)
        strange: Iterable[str] = ()
        if data is None:
            event.data = NOTHING
        else:
            checkers = known.checkers
            try:
                event.data = {name: checkers[name](value) for name, value in data.items()}
            except KeyError:  # not among the checkers
                event.data, strange = _partly_known(data, known)
            keys += 1 + len(data)
        if known.required and not known.required.issubset(event.data):
            raise Unusual
        # No fewer keys were written than decoded, and no fewer colons in strings than in these: so where all colons
        # are no more than both together, no key was written twice.
        if text is not None and not (plain and text.count(b":") == keys + colons) and not holds_keys(text, keys):
            raise Unusual
        for key in strange:
            self._prepared.note("data", known.name, key, place)
        event.__class__ = Event
        made: Event = event
        return made

    def actors(self, raw: Any) -> tuple[Actor, ...]:
        """A panel of sound actors; raises Unusual or Unfit."""
        if type(raw) is not list:
            raise Unusual
        return tuple([self.actor(item) for item in raw])

    def approvals(self, raw: Any) -> tuple[Approval, ...]:
        """Sound approvals; raises Unusual or Unfit."""
        if type(raw) is not list:
            raise Unusual
        return tuple([self._approval(item) for item in raw])

    def actor(self, raw: Any) -> Actor:
        """A sound actor; raises Unusual or Unfit."""
        if type(raw) is not dict:
            raise Unusual
        get = raw.get
        quota = get("quota_judge")
        # As a key, true equals 1.
        if quota is not None and quota is not True and quota is not False:
            raise Unusual
        key = (get("id"), get("role"), get("department"), get("team"), quota)
        try:
            found = self._actors.get(key)
        except TypeError:  # a list or an object where a word should be
            raise Unusual from None
        if found is None:
            checks = self._prepared.actor_parts.items()
            parts = {name: check(raw[name]) for name, check in checks if get(name) is not None}
            found = self._prepared.remember(key, Actor(**parts))
        if found[1] != len(raw):
            raise Unusual
        return found[0]

    def _approval(self, raw: Any) -> Approval:
        if type(raw) is not dict:
            raise Unusual
        person, role, written = raw.get("id"), raw.get("role"), raw.get("time")
        if 3 - (person, role, written).count(None) != len(raw):
            raise Unusual
        if person is not None and (type(person) is not str or not person or person.isspace()):
            raise Unusual
        if role is not None:
            role = self._prepared.role(role)
        time, day = self._read(written) if written is not None else (None, None)
        return Approval(person, role, time, day)


def _names_another(replaced: Any, given: str | None) -> bool:
    return type(replaced) is str and not replaced.isspace() and replaced not in ("", given)


def _check_objects(raw: dict[Any, Any], known: Known) -> None:
    if not known.objects.issuperset(raw):
        raise Unusual
    for value in raw.values():
        if type(value) is not str or not value or value.isspace():
            raise Unusual


def _partly_known(raw: dict[str, Any], known: Known) -> tuple[dict[str, Any], list[str]]:
    """The data checked and normalised, and the keys that the vocabulary does not know."""
    found, strange = {}, []
    for name, value in raw.items():
        check = known.checkers.get(name)
        if check is not None:
            found[name] = check(value)
        elif _plain(value):
            found[name] = value
            strange.append(name)
        else:
            raise Unusual
    return found, strange


def _plain(value: Any) -> bool:
    """Whether an unknown value is one that every JSON decoder reads the same."""
    kind = type(value)
    return (
        kind is str
        or kind is bool
        or (kind is int and -(2**63) <= value < 2**63)
        or (kind is float and isfinite(value))
    )
