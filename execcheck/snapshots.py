"""What a host stores of a case, so that a monitor can go on after a restart.

A snapshot is the events themselves, with the law book they were judged by and the day on which they were judged last:
the rest follows from them. It is JSON-able and small.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from enum import Enum
from hashlib import sha256
from typing import Any, Final

from attrs import fields, frozen, has

from execcheck.defects import Defect, DefectiveInput
from execcheck.events import Day, Event
from execcheck.judging import Judging
from execcheck.lawbook import Law
from execcheck.logs.writing import raw_of

FORMAT: Final = 1
_ASIDE: Final = frozenset({"place", "document", "examples", "note", "message", "title"})
"""What a rule says to its readers: it changes no judgement."""


class SnapshotRefused(DefectiveInput):
    """A snapshot that this monitor cannot go on from; the defect says why, and what to do."""


@frozen
class Snapshot:
    """A group of cases as stored: their events, those withdrawn, and the day on which they were judged last."""

    events: tuple[Event, ...]
    withdrawn: tuple[str, ...]
    day: Day


def written(events: Iterable[Event], withdrawn: Iterable[str], day: Day, digest: str) -> dict[str, Any]:
    """A snapshot as JSON-able data."""
    kept = list(events)
    return {
        "format": FORMAT, "law": digest, "day": date.fromordinal(day).isoformat(),
        "cases": sorted({event.case for event in kept}), "events": [raw_of(event) for event in kept],
        "places": [event.place for event in kept], "withdrawn": sorted(withdrawn),
    }  # fmt: skip


def read(
    raw: Mapping[str, Any], law: Law, digest: str, *, rebuild: bool = False,
    watched: Callable[[str], bool] = lambda case: False,
) -> Snapshot:  # fmt: skip
    """The snapshot; raises :class:`SnapshotRefused`.

    ``watched`` tells of cases that it must not hold. With ``rebuild`` also one of another law book is read, the
    events of which are to be judged anew.
    """
    if raw.get("format") != FORMAT:
        raise _refused(
            "snapshot-format", f"快照格式为 {raw.get('format')!r}，本版只认 {FORMAT}；请由事件重建",
            f"the snapshot has format {raw.get('format')!r}, this version reads {FORMAT}: observe the events again",
        )  # fmt: skip
    if raw.get("law") != digest and not rebuild:
        raise _refused(
            "snapshot-law", "快照依据的是另一版规则（或历法、采集范围）；请用 rebuild=True 由其中的事件重新判断",
            "the snapshot was made under another law book (or calendar, or capture): "
            "give rebuild=True to judge its events anew",
        )  # fmt: skip
    try:
        events, places, withdrawn = list(raw["events"]), list(raw["places"]), tuple(map(str, raw["withdrawn"]))
        day = date.fromisoformat(raw["day"]).toordinal()
        admitted = [law.event(event, place) for event, place in zip(events, places, strict=True)]
    except DefectiveInput as error:
        raise SnapshotRefused(error.defects) from None
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _refused(
            "snapshot-damaged", f"快照不完整（{error!r}）；请由事件重建",
            f"the snapshot is damaged ({error!r}): observe the events again",
        ) from None  # fmt: skip
    again = sorted(filter(watched, {event.case for event in admitted}))
    if again:
        names = "、".join(again)
        raise _refused(
            "snapshot-watched",
            f"案件已在监控中：{names}；请先 release",
            f"cases are watched already: {names}; release them first",
        )
    return Snapshot(tuple(admitted), withdrawn, day)


def _refused(code: str, zh: str, en: str) -> SnapshotRefused:
    return SnapshotRefused([Defect("snapshot", code, zh, en)])


def packed(events: Iterable[Event]) -> bytes:
    """Events put away in little memory."""
    lines = [[event.place, raw_of(event)] for event in events]
    return zlib.compress(json.dumps(lines, ensure_ascii=False, separators=(",", ":")).encode(), 6)


def unpacked(data: bytes, law: Law) -> list[Event]:
    """The events that were put away."""
    return [law.event(raw, place) for place, raw in json.loads(zlib.decompress(data))]


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
