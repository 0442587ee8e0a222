"""The express lane of admission: events that are sound at first sight, and nothing else.

Most events of a log are sound, and admission should cost little more than decoding them. Whatever is
unusual (an unknown key outside the data, a ``null``, a value that does not fit) is left to the full
examination in :mod:`execcheck.admission`, which alone reports defects. Both lanes give the same event.
"""

from math import isfinite
from typing import Any

from execcheck.case_numbers import normalise
from execcheck.defects import Unfit
from execcheck.events import NOTHING, Actor, Approval, Draft, Event
from execcheck.prepared import Known, Prepared


class Unusual(Exception):  # noqa: N818 - it says what the input is
    """Leave this event to the full examination."""


class Express:
    """Admits sound events; see :meth:`event`."""

    def __init__(self, prepared: Prepared) -> None:
        self._prepared = prepared
        self._types = prepared.types
        self._read = prepared.clock.read
        self._actors = prepared.actors

    def event(self, raw: object, place: str, written: int | None = None) -> Event | None:
        """The event, or ``None`` if it must be examined.

        ``written`` is the number of keys in the text of the event, for a decoder that keeps the last
        of two equal keys in silence: with another number than decoded the event must be examined.
        """
        if type(raw) is not dict:
            return None
        try:
            return self._event(raw, place, written)
        except (Unusual, Unfit):
            return None

    def _event(self, raw: dict[Any, Any], place: str, written: int | None) -> Event:
        get = raw.get
        acted, sat, gave, objects, data = get("actor"), get("panel"), get("approvals"), get("objects"), get("data")
        actor = panel = approvals = None
        keys = 0
        if acted is not None:
            actor = self.actor(acted)
            keys += len(acted)
        if sat is not None:
            panel = self.actors(sat)
            keys += sum(map(len, sat))
        if gave is not None:
            approvals = self.approvals(gave)
            keys += sum(map(len, gave))
        if written is None:
            written = len(raw) + keys
            written += sum(len(part) for part in (objects, data) if type(part) is dict)
        if type(objects) is dict:
            objects = dict(objects)  # the caller's own may change
        return self.assemble(
            get("case"), get("type"), get("time"), get("id"), get("recorded"), get("source"), actor, panel, approvals,
            objects, data, place, keys, written,
        )  # fmt: skip

    def assemble(
        self, case: Any, name: Any, time: Any, given: Any, recorded: Any, source: Any, actor: Actor | None,
        panel: tuple[Actor, ...] | None, approvals: tuple[Approval, ...] | None, objects: Any, data: Any,
        place: str, keys: int, written: int,
    ) -> Event:  # fmt: skip
        """The event from its decoded parts.

        ``keys`` counts those within actor, panel and approvals, ``written`` all of the event.

        Raises Unusual or Unfit.
        """
        known = self._types.get(name) if type(name) is str else None
        if known is None or type(case) is not str:
            raise Unusual
        case = normalise(case)
        time, day = self._read(time)
        keys += 3
        identity = place
        if given is not None:
            if type(given) is not str or given.isspace():
                raise Unusual
            identity = given
            keys += 1
        recorded_day = None
        if recorded is not None:
            recorded, recorded_day = self._read(recorded)
            keys += 1
        if source is None:
            source = "system"
        else:
            source = self._prepared.source(source)
            keys += 1
        keys += (actor is not None) + (panel is not None) + (approvals is not None)
        if objects is None:
            objects = NOTHING
        else:
            self._check_objects(objects, known)
            keys += 1 + len(objects)
        strange: list[str] = []
        if data is None:
            data = NOTHING
        else:
            data = self._data(data, known, strange)
            keys += 1 + len(data)
        if not case or not identity or written != keys:
            raise Unusual
        if known.required and not known.required <= data.keys():
            raise Unusual
        for key in strange:
            self._prepared.note("data", known.name, key, place)
        event = Draft()
        event.id, event.case, event.type = identity, case, known.name
        event.time, event.day, event.recorded, event.recorded_day = time, day, recorded, recorded_day
        event.source, event.actor, event.panel, event.approvals = source, actor, panel, approvals
        event.objects, event.data, event.has_id, event.place = objects, data, given is not None, place
        event.__class__ = Event
        made: Event = event
        return made

    def actors(self, raw: Any) -> tuple[Actor, ...]:
        """A panel of actors that were found sound before; raises Unusual."""
        if type(raw) is not list:
            raise Unusual
        return tuple([self.actor(item) for item in raw])

    def approvals(self, raw: Any) -> tuple[Approval, ...]:
        """Sound approvals; raises Unusual or Unfit."""
        if type(raw) is not list:
            raise Unusual
        return tuple([self._approval(item) for item in raw])

    def actor(self, raw: Any) -> Actor:
        """An actor that the full examination has found sound before; raises Unusual."""
        if type(raw) is not dict:
            raise Unusual
        get = raw.get
        quota = get("quota_judge")
        # As a key, true equals 1.
        if quota is not None and quota is not True and quota is not False:
            raise Unusual
        try:
            found = self._actors.get((get("id"), get("role"), get("department"), get("team"), quota))
        except TypeError:  # a list or an object where a word should be
            raise Unusual from None
        if found is None or found[1] != len(raw):
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

    def _check_objects(self, raw: Any, known: Known) -> None:
        if type(raw) is not dict or not known.objects.issuperset(raw):
            raise Unusual
        for value in raw.values():
            if type(value) is not str or not value or value.isspace():
                raise Unusual

    def _data(self, raw: Any, known: Known, strange: list[str]) -> dict[str, Any]:
        if type(raw) is not dict:
            raise Unusual
        checkers = known.checkers
        if checkers.keys() >= raw.keys():
            return {name: checkers[name](value) for name, value in raw.items()}
        found = {}
        for name, value in raw.items():
            check = checkers.get(name)
            if check is not None:
                found[name] = check(value)
            elif _plain(value):
                found[name] = value
                strange.append(name)
            else:
                raise Unusual
        return found


def _plain(value: Any) -> bool:
    """Whether an unknown value is one that every JSON decoder reads the same."""
    kind = type(value)
    return (
        kind is str
        or kind is bool
        or (kind is int and -(2**63) <= value < 2**63)
        or (kind is float and isfinite(value))
    )
