"""Admission: from one decoded JSON object to an Event, or to everything that is wrong with it."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from execcheck.case_numbers import normalise
from execcheck.defects import Defect, Unfit, did_you_mean, shown
from execcheck.events import NOTHING, Actor, Approval, Day, Event, Moment
from execcheck.express import ENVELOPE, Express
from execcheck.moments import Clock
from execcheck.prepared import Known, Noted, Prepared, notes_of
from execcheck.values import Checker, identifier, text, wrong_list, wrong_object
from execcheck.vocabulary import Vocabulary

_ACTOR: Final = ("id", "role", "department", "team", "quota_judge")
_APPROVAL: Final = ("id", "role", "time")


class Admission:
    """Admits the events of a log, one at a time.

    ``null`` means the same as nothing written. Keys that the vocabulary does not know are kept (in
    ``data``) or passed over (elsewhere) and noted: ``notes`` tells each of them once, with a count.
    ``express`` is the quick lane, for readers that can feed it more cheaply.
    """

    def __init__(self, vocabulary: Vocabulary, clock: Clock | None = None) -> None:
        self._prepared = Prepared(vocabulary, clock or Clock())
        self.express = Express(self._prepared)

    def admit(self, raw: object, place: str) -> Event | tuple[Defect, ...]:
        """The event, or every defect of it. Nothing is raised, whatever ``raw`` is."""
        sound = self.express.event(raw, place)
        return self.examine(raw, place) if sound is None else sound

    def examine(self, raw: object, place: str) -> Event | tuple[Defect, ...]:
        """The same by full examination, without the express lane."""
        return _Examination(self._prepared, place).event(raw)

    @property
    def notes(self) -> tuple[Defect, ...]:
        """What was passed over so far: one note for each unknown key."""
        return notes_of(self.noted)

    @property
    def noted(self) -> Noted:
        """The same as counts."""
        return self._prepared.noted


def admit(raw: object, place: str, vocabulary: Vocabulary, clock: Clock | None = None) -> Event | tuple[Defect, ...]:
    """Admit a single event. For many, keep an :class:`Admission`: it remembers what it has read."""
    return Admission(vocabulary, clock).admit(raw, place)


def _replaces_itself(name: str) -> Unfit:
    return Unfit(
        "supersedes-itself",
        f"事件“{shown(name)}”不能更正自己；更正须有自己的编号",
        f"the event {shown(name)!r} cannot replace itself; a correction needs an id of its own",
    )


class _Examination:
    """The admission of one event: collects its defects."""

    def __init__(self, prepared: Prepared, place: str) -> None:
        self.prepared = prepared
        self.place = place
        self.defects: list[Defect] = []

    def wrong(self, path: str, unfit: Unfit) -> None:
        self.defects.append(unfit.at(self.place, path))

    def missing(self, path: str) -> None:
        self.wrong(path, Unfit("missing", "缺少此项", "is missing"))

    def get(self, path: str, check: Checker, value: Any) -> Any:
        """The checked value; ``None`` if there is none or it is defective."""
        if value is None:
            return None
        try:
            return check(value)
        except Unfit as unfit:
            self.wrong(path, unfit)
            return None

    def event(self, raw: object) -> Event | tuple[Defect, ...]:
        if not isinstance(raw, Mapping):
            self.wrong("", wrong_object(raw))
            return tuple(self.defects)
        prepared = self.prepared
        for key in raw:
            if key not in ENVELOPE:
                prepared.note("envelope", "", key, self.place)
        given = self.get("id", identifier, raw.get("id"))
        case = self.needed("case", identifier, raw)
        known = self.kind(raw)
        time = self.needed("time", prepared.clock.read, raw)
        recorded: tuple[Moment | None, Day | None]
        recorded = self.get("recorded", prepared.clock.read, raw.get("recorded")) or (None, None)
        source = self.get("source", prepared.source, raw.get("source")) or "system"
        actor = self.get("actor", lambda value: self.actor("actor", value), raw.get("actor"))
        panel = self.members("panel", raw.get("panel"), self.actor)
        approvals = self.members("approvals", raw.get("approvals"), self.approval)
        objects = self.objects(raw.get("objects"), known)
        data = self.data(raw.get("data"), known)
        replaced = self.get("supersedes", identifier, raw.get("supersedes"))
        if replaced is not None and replaced == given:
            self.wrong("supersedes", _replaces_itself(replaced))
        if self.defects or known is None:
            return tuple(self.defects)
        return Event(
            given or self.place, normalise(case), known.kind.name, time[0], time[1], recorded[0], recorded[1], source,
            actor, panel, approvals, objects, data, given is not None, self.place, replaced,
        )  # fmt: skip

    def needed(self, name: str, check: Checker, raw: Mapping[Any, Any]) -> Any:
        value = raw.get(name)
        if value is None:
            self.missing(name)
        return self.get(name, check, value)

    def kind(self, raw: Mapping[Any, Any]) -> Known | None:
        name = self.needed("type", text, raw)
        if name is None:
            return None
        types = self.prepared.types
        known = types.get(name)
        if known is None:
            hint_zh, hint_en = did_you_mean(name, types)
            self.wrong(
                "type",
                Unfit(
                    "unknown-type",
                    f"未知的事件类型“{shown(name)}”{hint_zh}",
                    f"unknown event type {shown(name)!r}{hint_en}",
                ),
            )
        return known

    def members(self, path: str, value: Any, read: Callable[[str, Any], Any]) -> tuple[Any, ...] | None:
        if value is None:
            return None
        if not isinstance(value, (list, tuple)):
            self.wrong(path, wrong_list(value))
            return None
        return tuple([self.member(f"{path}[{number}]", item, read) for number, item in enumerate(value)])

    def member(self, path: str, item: Any, read: Callable[[str, Any], Any]) -> Any:
        try:
            return read(path, item)
        except Unfit as unfit:
            self.wrong(path, unfit)
            return None

    def actor(self, path: str, raw: Any) -> Actor:
        """An actor or a member of a panel; a sound one is remembered for the express lane."""
        if not isinstance(raw, Mapping):
            raise wrong_object(raw)
        prepared = self.prepared
        quota = raw.get("quota_judge")
        key = (raw.get("id"), raw.get("role"), raw.get("department"), raw.get("team"), quota)
        # True equals 1 as a key, so only real booleans may be remembered.
        memorable = (quota is None or quota is True or quota is False) and all(
            part is None or isinstance(part, str) for part in key[:4]
        )
        before = len(self.defects)
        found = Actor(**{
            name: self.get(f"{path}.{name}", check, raw.get(name)) for name, check in prepared.actor_parts.items()
        })  # fmt: skip
        if memorable and len(self.defects) == before:
            prepared.remember(key, found)
        for name in raw:
            if name not in _ACTOR:
                prepared.note("actor", path.partition("[")[0], name, self.place)
        return found

    def approval(self, path: str, raw: Any) -> Approval:
        if not isinstance(raw, Mapping):
            raise wrong_object(raw)
        for name in raw:
            if name not in _APPROVAL:
                self.prepared.note("approval", "approvals", name, self.place)
        time: tuple[Moment | None, Day | None]
        time = self.get(f"{path}.time", self.prepared.clock.read, raw.get("time")) or (None, None)
        return Approval(
            self.get(f"{path}.id", identifier, raw.get("id")),
            self.get(f"{path}.role", self.prepared.role, raw.get("role")),
            time[0], time[1],
        )  # fmt: skip

    def objects(self, raw: Any, known: Known | None) -> Mapping[str, str]:
        if raw is None:
            return NOTHING
        if not isinstance(raw, Mapping):
            self.wrong("objects", wrong_object(raw))
            return NOTHING
        found: dict[str, str] = {}
        for name, value in raw.items():
            path = f"objects.{shown(name)}"
            if name not in self.prepared.vocabulary.objects:
                hint_zh, hint_en = did_you_mean(str(name), self.prepared.vocabulary.objects)
                self.wrong(
                    path, Unfit("unknown-object", f"未知的对象类型{hint_zh}", f"unknown kind of object{hint_en}")
                )
            elif value is not None:
                found[name] = self.get(path, identifier, value)
                if known is not None and name not in known.objects:
                    self.prepared.note("object", known.kind.name, name, self.place)
        return found

    def data(self, raw: Any, known: Known | None) -> Mapping[str, Any]:
        if raw is not None and not isinstance(raw, Mapping):
            self.wrong("data", wrong_object(raw))
            return NOTHING
        found: dict[str, Any] = {}
        for name, value in () if raw is None else raw.items():
            if value is None or known is None:
                continue
            check = known.checkers.get(name)
            if check is not None:
                found[name] = self.get(f"data.{name}", check, value)
            else:
                self.prepared.note("data", known.kind.name, name, self.place)
                found[name] = value
        for name in known.kind.required if known is not None else ():
            if name not in found:
                self.missing(f"data.{name}")
        return NOTHING if raw is None else found
