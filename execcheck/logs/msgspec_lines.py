"""JSON lines through msgspec: the parts of an event that the express lane needs, and no more.

Only to be imported where msgspec is installed. What people are written as repeats from line to line, so
actors and panels are remembered by their very text.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from execcheck.case_numbers import normalise
from execcheck.defects import Unfit
from execcheck.events import NOTHING, Actor, Event
from execcheck.express import Express, Unusual
from execcheck.logs.outline import Outline, carries

_FAILURES = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
_REMEMBERED = 1 << 15


class _Line(Struct, gc=False):
    case: str
    type: str
    time: str
    id: str | None = None
    recorded: str | None = None
    source: str | None = None
    actor: Raw | UnsetType = UNSET
    panel: Raw | UnsetType = UNSET
    approvals: list[dict[str, Any]] | None = None
    objects: dict[str, str] | None = None
    data: dict[str, Any] | None = None


class FastLines:
    """Sound lines, decoded by msgspec."""

    def __init__(self, express: Express) -> None:
        self._express = express
        self._decode = msgspec.json.Decoder(_Line).decode
        self._decode_part = msgspec.json.Decoder().decode
        self._actors: dict[bytes, tuple[Actor, int]] = {}
        self._panels: dict[bytes, tuple[tuple[Actor, ...], int]] = {}

    def event(self, line: bytes, place: str, written: int) -> Event | None:
        """The event of a sound line with that many keys; ``None`` asks for a closer look."""
        if written < 0:
            return None
        try:
            return self._event(line, place, written)
        except (Unusual, Unfit, *_FAILURES):
            return None

    def _event(self, line: bytes, place: str, written: int) -> Event:
        raw = self._decode(line)
        actor = panel = approvals = None
        keys = 0
        if raw.actor is not UNSET:
            text = bytes(raw.actor)
            actor, count = self._actors.get(text) or self._actor(text)
            keys += count
        if raw.panel is not UNSET:
            text = bytes(raw.panel)
            panel, count = self._panels.get(text) or self._panel(text)
            keys += count
        if raw.approvals is not None:
            approvals = self._express.approvals(raw.approvals)
            keys += sum(map(len, raw.approvals))
        return self._express.assemble(
            raw.case, raw.type, raw.time, raw.id, raw.recorded, raw.source, actor, panel, approvals,
            raw.objects, raw.data, place, keys, written,
        )  # fmt: skip

    def _actor(self, text: bytes) -> tuple[Actor, int]:
        raw = self._decode_part(text)
        found = (self._express.actor(raw), len(raw))
        if len(self._actors) >= _REMEMBERED:
            self._actors.clear()
        self._actors[text] = found
        return found

    def _panel(self, text: bytes) -> tuple[tuple[Actor, ...], int]:
        raw = self._decode_part(text)
        found = (self._express.actors(raw), sum(map(len, raw)))
        if len(self._panels) >= _REMEMBERED:
            self._panels.clear()
        self._panels[text] = found
        return found


class _Any(Struct, gc=False):
    """Whatever it holds is passed over: only that it is there matters."""


class _Glance(Struct, gc=False):
    case: str
    type: str
    time: str
    data: Any = None
    id: str | None = None
    actor: _Any | None = None
    panel: list[_Any] | None = None
    approvals: list[_Any] | None = None
    recorded: str | None = None


def outline_decoder(links: tuple[str, ...]) -> Callable[[int, bytes, str], list[Outline] | None]:
    """A reader of the outlines of a block of lines; it gives ``None`` where a line hesitates."""
    wanted = msgspec.defstruct("Data", [(link, str | list[str] | None, None) for link in links], gc=False)
    glance = msgspec.defstruct("Glance", [("data", wanted | None, None)], bases=(_Glance,), gc=False)
    read = msgspec.json.Decoder(glance).decode_lines
    bare = wanted()

    def outlines(first: int, block: bytes, name: str) -> list[Outline] | None:
        try:
            lines: list[Any] = read(block)
        except _FAILURES:
            return None
        if len(lines) != block.count(b"\n") + (not block.endswith(b"\n")):
            return None  # blank lines: the numbers would not be right
        found = []
        for number, line in enumerate(lines, first):
            place = f"{name}:{number}"
            bits = (line.actor is not None) + 2 * (line.panel is not None) + 4 * (line.approvals is not None)
            named = NOTHING if line.data is None or line.data == bare else _named(line.data, links)
            found.append(Outline(
                place if line.id is None else line.id, normalise(line.case), line.type, line.time,
                carries(bits + 8 * (line.recorded is not None)), named, place,
            ))  # fmt: skip
        return found

    return outlines


def _named(data: Any, links: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    named: dict[str, tuple[str, ...]] = {}
    for link in links:
        value = getattr(data, link)
        cases = [value] if type(value) is str else value or ()
        found = tuple([normalise(case) for case in cases if case.strip()])
        if found:
            named[link] = found
    return named or NOTHING
