"""JSON lines through msgspec: the parts of an event that the express lane needs, and no more.

Only to be imported where msgspec is installed. What people are written as repeats from line to line, so
actors, panels and approvals are remembered by their very text.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any, TypeVar

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from execcheck.case_numbers import normalise
from execcheck.defects import Unfit
from execcheck.events import NOTHING, Actor, Approval, Event
from execcheck.express import Express, Unusual
from execcheck.logs.glance import Glance, manner_of
from execcheck.logs.outline import OPTIONAL, Outline, carries

_FAILURES = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
_REMEMBERED = 1 << 15
_T = TypeVar("_T")


class _Line(Struct, gc=False):
    case: str
    type: str
    time: str
    id: str | None = None
    recorded: str | None = None
    source: str | None = None
    actor: Raw | UnsetType = UNSET
    panel: Raw | UnsetType = UNSET
    approvals: Raw | UnsetType = UNSET
    objects: dict[str, str] | None = None
    data: dict[str, Any] | None = None
    supersedes: str | None = None


class FastLines:
    """Sound lines, decoded by msgspec."""

    def __init__(self, express: Express) -> None:
        self._express = express
        self._decode = msgspec.json.Decoder(_Line).decode
        self._decode_part = msgspec.json.Decoder().decode
        self._actors: dict[bytes, tuple[Actor, int]] = {}
        self._panels: dict[bytes, tuple[tuple[Actor, ...], int]] = {}
        self._approvals: dict[bytes, tuple[tuple[Approval, ...], int]] = {}

    def event(self, line: bytes, place: str, plain: bool) -> Event | None:
        """The event of a sound line, ``plain`` if it holds no escape; ``None`` asks for a closer look."""
        actor = panel = approvals = None
        keys = 0
        try:
            raw = self._decode(line)
            if raw.actor is not UNSET:
                text = bytes(raw.actor)
                actor, keys = self._actors.get(text) or self._actor(text)
            if raw.panel is not UNSET:
                text = bytes(raw.panel)
                panel, count = self._panels.get(text) or self._panel(text)
                keys += count
            if raw.approvals is not UNSET:
                text = bytes(raw.approvals)
                approvals, count = self._approvals.get(text) or self._approval(text)
                keys += count
            return self._express.assemble(raw, actor, panel, approvals, place, keys, line, plain)
        except (Unusual, Unfit, *_FAILURES):
            return None

    # The counts are the number of keys within, and one for the part itself.

    def _actor(self, text: bytes) -> tuple[Actor, int]:
        raw = self._decode_part(text)
        return _remember(self._actors, text, (self._express.actor(raw), 1 + len(raw)))

    def _panel(self, text: bytes) -> tuple[tuple[Actor, ...], int]:
        raw = self._decode_part(text)
        return _remember(self._panels, text, (self._express.actors(raw), 1 + sum(map(len, raw))))

    def _approval(self, text: bytes) -> tuple[tuple[Approval, ...], int]:
        raw = self._decode_part(text)
        found = (self._express.approvals(raw), 1 + sum(map(len, raw)))
        # Those with a time of their own do not come again.
        return found if b'"time"' in text else _remember(self._approvals, text, found)


def _remember(memory: dict[bytes, _T], text: bytes, found: _T) -> _T:
    if len(memory) >= _REMEMBERED:
        memory.clear()
    memory[text] = found
    return found


class _Case(Struct, gc=False):
    case: str


def case_decoder() -> Callable[[bytes], str | None]:
    """A reader of the case of a line as far as it can be told: that of the event if the line is sound."""
    read = msgspec.json.Decoder(_Case).decode

    def case_of(line: bytes) -> str | None:
        try:
            return read(line).case
        except _FAILURES:
            return None

    return case_of


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
    supersedes: str | None = None


_case, _type, _time, _supersedes = map(attrgetter, ("case", "type", "time", "supersedes"))


def outline_decoder(links: tuple[str, ...]) -> Callable[[int, bytes, str], list[Outline] | None]:
    """A reader of the outlines of a block of lines; it gives ``None`` where a line hesitates."""
    read = _lines_decoder(links)

    def outlines(first: int, block: bytes, name: str) -> list[Outline] | None:
        lines = read(block)
        if lines is None:
            return None
        return [_outline(line, f"{name}:{number}", links) for number, line in enumerate(lines, first)]

    return outlines


def glance_decoder(
    links: tuple[str, ...], types: frozenset[str]
) -> Callable[[int, bytes, str], Glance | None]:  # fmt: skip
    """A reader of the glance at a block of lines; it gives ``None`` where a line hesitates."""
    read = _lines_decoder(links)

    def glance(first: int, block: bytes, name: str) -> Glance | None:
        lines = read(block)
        if lines is None:
            return None
        cases: dict[str, int] = {}
        for written, number in Counter(map(_case, lines)).items():
            case = normalise(written)
            cases[case] = cases.get(case, 0) + number
        times: list[str] = list(map(_time, lines))
        manners = set(map(manner_of, times))
        if len(manners) == 1 and "." not in times[0]:
            times = [max(times)]
        carried = [name for name in OPTIONAL if any(getattr(line, name) is not None for line in lines)]
        ids = [line.id for line in lines if line.id is not None]
        tying = [at for at, kind in enumerate(map(_type, lines)) if kind in types]
        linked = [_outline(lines[at], f"{name}:{first + at}", links) for at in tying]
        replacing = [at for at, replaced in enumerate(map(_supersedes, lines)) if replaced is not None]
        corrections = [_outline(lines[at], f"{name}:{first + at}", links) for at in replacing]
        return Glance(cases, times, frozenset(carried), ids, [one for one in linked if one.links], corrections)

    return glance


def _lines_decoder(links: tuple[str, ...]) -> Callable[[bytes], list[Any] | None]:
    wanted = msgspec.defstruct("Data", [(link, str | list[str] | None, None) for link in links], gc=False)
    glance = msgspec.defstruct("Glance", [("data", wanted | None, None)], bases=(_Glance,), gc=False)
    read = msgspec.json.Decoder(glance).decode_lines

    def lines(block: bytes) -> list[Any] | None:
        try:
            found: list[Any] = read(block)
        except _FAILURES:
            return None
        whole = len(found) == block.count(b"\n") + (not block.endswith(b"\n"))
        return found if whole else None  # with blank lines the numbers would not be right

    return lines


def _outline(line: Any, place: str, links: tuple[str, ...]) -> Outline:
    bits = (line.actor is not None) + 2 * (line.panel is not None) + 4 * (line.approvals is not None)
    return Outline(
        place if line.id is None else line.id, normalise(line.case), line.type, line.time,
        carries(bits + 8 * (line.recorded is not None)), _named(line.data, links), place,
        line.supersedes, line.id is not None,
    )  # fmt: skip


def _named(data: Any, links: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    if data is None:
        return NOTHING
    named: dict[str, tuple[str, ...]] = {}
    for link in links:
        value = getattr(data, link)
        cases = [value] if type(value) is str else value or ()
        found = tuple([normalise(case) for case in cases if case.strip()])
        if found:
            named[link] = found
    return named or NOTHING
