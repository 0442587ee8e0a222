"""What a host stores of a case, so that a monitor can go on after a restart.

A snapshot is the events themselves, with the law book they were judged by and the day on which they were judged last:
the rest follows from them. It is JSON-able and small.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from enum import Enum
from hashlib import sha256
from typing import Any, Final

from attrs import fields, frozen, has

from execcheck.admission import Admission
from execcheck.defects import Defect, DefectiveInput
from execcheck.events import Day, Event
from execcheck.judging import Judging
from execcheck.logs.writing import raw_of

FORMAT: Final = 1
_ASIDE: Final = frozenset({"place", "document", "examples", "note", "message", "title"})
"""What a rule says to its readers: it changes no judgement."""


class SnapshotRefused(DefectiveInput):
    """A snapshot that this monitor cannot go on from; the defect says why, and what to do."""


@frozen
class Snapshot:
    """A group of cases as stored.

    ``told`` are those of its ``events`` that counted when changes were told last, on ``day`` (0: never); ``today`` is
    the day that time had been led to then. ``withdrawn`` are ids of events taken back, ``replaced`` ids of those of
    the events that events of other cases supersede, with these. ``law`` is the digest of the law book.
    """

    law: str
    cases: tuple[str, ...]
    events: tuple[Event, ...]
    told: tuple[Event, ...]
    withdrawn: tuple[str, ...]
    replaced: Mapping[str, frozenset[str]]
    day: Day
    today: Day


def written(
    events: Iterable[Event], withdrawn: Iterable[str], replaced: Mapping[str, frozenset[str]], *,
    told: Iterable[Event] | None, day: Day, today: Day, digest: str,
) -> dict[str, Any]:  # fmt: skip
    """A snapshot as JSON-able data; ``told`` is None where everything has been told."""
    kept = list(events)
    own = {event.id for event in kept}
    elsewhere = {name: sorted(replaced[name] - own) for name in sorted(own & replaced.keys()) if replaced[name] - own}
    places = {id(event): place for place, event in enumerate(kept)}
    return {
        "format": FORMAT, "law": digest, "day": _day_text(day), "today": _day_text(today),
        "cases": sorted({event.case for event in kept}), "events": [raw_of(event) for event in kept],
        "places": [event.place for event in kept], "withdrawn": sorted(withdrawn), "replaced": elsewhere,
        "told": None if told is None else [places[id(event)] for event in told],
    }  # fmt: skip


def read(
    raw: Mapping[str, Any], admission: Admission, digest: str, watched: Callable[[str], bool], *, rebuild: bool = False
) -> Snapshot:
    """The snapshot; raises :class:`SnapshotRefused`.

    ``watched`` tells of cases that it must not hold. With ``rebuild`` also one of another law book is read: its events
    are to be judged anew.
    """
    given = raw.get("format") if isinstance(raw, Mapping) else None
    if given != FORMAT:
        raise _refused(
            "snapshot-format", f"快照格式为 {given!r}，本版只认 {FORMAT}；请由事件重建",
            f"the snapshot has format {given!r}, this version reads {FORMAT}: observe the events again",
        )  # fmt: skip
    try:
        found = _read(raw, admission)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise _refused(
            "snapshot-damaged", f"快照不完整（{error!r}）；请由事件重建",
            f"the snapshot is damaged ({error!r}): observe the events again",
        ) from None  # fmt: skip
    if found.law != digest and not rebuild:
        raise _refused(
            "snapshot-law", "快照依据的是另一版规则（或历法、采集范围）；请用 rebuild=True 由其中的事件重新判断",
            "the snapshot was made under another law book (or calendar, or capture): "
            "give rebuild=True to judge its events anew",
        )  # fmt: skip
    again = sorted(filter(watched, found.cases))
    if again:
        names = "、".join(again)
        raise _refused(
            "snapshot-watched",
            f"案件已在监控中：{names}；请先 release",
            f"cases are watched already: {names}; release them first",
        )
    return found


def _read(raw: Mapping[str, Any], admission: Admission) -> Snapshot:
    """The parts of a snapshot; raises SnapshotRefused, or what comes of damaged ones."""
    places, withdrawn, cases = (_texts(raw[name]) for name in ("places", "withdrawn", "cases"))
    events = []
    for one, place in zip(_listed(raw["events"]), places, strict=True):
        event = admission.admit(one, place)
        if not isinstance(event, Event):
            raise SnapshotRefused(event)
        events.append(event)
    if list(cases) != sorted({event.case for event in events}):
        raise ValueError("cases")
    replaced = {str(name): frozenset(_texts(by)) for name, by in raw["replaced"].items()}
    gone = {event.supersedes for event in events}.union(replaced)
    told = [event for event in events if not (event.has_id and event.id in gone)]
    if raw["told"] is not None:
        told = [events[place] for place in _listed(raw["told"])]
    (law,) = _texts([raw["law"]])
    return Snapshot(
        law, cases, tuple(events), tuple(told), withdrawn, replaced, _day_of(raw["day"]), _day_of(raw["today"])
    )


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError(f"{type(value).__name__} instead of a list")
    return value


def _texts(value: Any) -> tuple[str, ...]:
    if not all(isinstance(item, str) for item in _listed(value)):
        raise TypeError("something else instead of a text")
    return tuple(value)


def _day_text(day: Day) -> str | None:
    return date.fromordinal(day).isoformat() if day else None


def _day_of(text: str | None) -> Day:
    return 0 if text is None else date.fromisoformat(text).toordinal()


def _refused(code: str, zh: str, en: str) -> SnapshotRefused:
    return SnapshotRefused([Defect("snapshot", code, zh, en)])


def packed(events: Iterable[Event]) -> bytes:
    """Events put away in little memory."""
    lines = [[event.place, raw_of(event)] for event in events]
    return zlib.compress(json.dumps(lines, ensure_ascii=False, separators=(",", ":")).encode(), 6)


def unpacked(data: bytes, admission: Admission) -> Iterator[Event]:
    """The events that were put away."""
    for place, raw in json.loads(zlib.decompress(data)):
        event = admission.admit(raw, place)
        if not isinstance(event, Event):
            raise DefectiveInput(event)
        yield event


def digest_of(judging: Judging) -> str:
    """A name for everything that judgements follow from beside the events."""
    law = judging.law
    parts = (
        law.rules, law.lifecycles, law.vocabulary.events, law.vocabulary.extra, judging.bench.capture,
        judging.as_if_in_force, str(judging.zone), judging.calendar.identity,
    )  # fmt: skip
    return sha256(json.dumps(_plain(parts), ensure_ascii=False).encode()).hexdigest()[:20]


def _plain(value: Any) -> Any:
    """A value as lists and texts in a fixed order."""
    if isinstance(value, Enum):
        return str(value)
    if has(type(value)):
        names = [attribute.name for attribute in fields(type(value)) if attribute.name not in _ASIDE]
        return [type(value).__name__, *(_plain(getattr(value, name)) for name in names)]
    if isinstance(value, Mapping):
        return [[str(key), _plain(item)] for key, item in sorted(value.items(), key=lambda pair: str(pair[0]))]
    if isinstance(value, (frozenset, set)):
        return sorted((_plain(item) for item in value), key=str)
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return str(value)
