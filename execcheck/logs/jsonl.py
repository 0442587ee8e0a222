"""JSON Lines: one event on each line. Decoded by msgspec where it is installed, with the same result."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from importlib import import_module
from types import ModuleType
from typing import Any, Final, NoReturn, Protocol, TypeAlias

from execcheck.admission import Admission
from execcheck.defects import Defect, Unfit
from execcheck.events import Event
from execcheck.express import Express
from execcheck.logs.glance import Glance, Place, glance_of
from execcheck.logs.outline import LINKS, Outline, outline_of
from execcheck.logs.part import Part
from execcheck.logs.rejected import Rejected
from execcheck.logs.source import LONGEST_LINE, Source, split_lines
from execcheck.logs.strict_json import decode_bytes

BOM: Final = b"\xef\xbb\xbf"


_OutlineDecoder: TypeAlias = Callable[[int, bytes, str], list[Outline] | None]


class _Lines(Protocol):
    def event(self, line: bytes, place: str, plain: bool) -> Event | None: ...


@lru_cache(maxsize=1)
def _msgspec_lines() -> ModuleType | None:
    """The quick lane, loaded with the first log; None where msgspec has no wheel for the machine."""
    try:
        return import_module("execcheck.logs.msgspec_lines")
    except ImportError:
        return None


class JsonLines:
    """The reader; see :class:`execcheck.logs.logfile.Reader`.

    Without ``fast`` it reads as where msgspec is not installed.
    """

    heading = b""

    def __init__(self, source: Source, fast: bool = True) -> None:
        self._source = source
        self._quick = _msgspec_lines() if fast else None

    def outcomes(self, admission: Admission, part: Part | None = None) -> Iterator[Event | Rejected]:
        """Each event, or what is wrong with it; of a ``part`` only what it takes."""
        make: Callable[[Express], _Lines] = StandardLines if self._quick is None else self._quick.FastLines
        quick = make(admission.express).event
        name = self._source.name
        for first, block, among in _chosen(self._source, part):
            lines, plain = split_lines(block), b"\\" not in block
            if first == 1:
                lines[0] = lines[0].removeprefix(BOM)
            numbered: Iterable[tuple[int, bytes]] = enumerate(lines, first)
            if part is not None and len(among) > 1:
                numbered = self._own(numbered, part, among)
            for number, line in numbered:
                place = f"{name}:{number}"
                event = quick(line, place, plain)
                if event is not None:
                    yield event
                elif line.strip():
                    yield _examined(line, place, admission)

    def _own(
        self, lines: Iterable[tuple[int, bytes]], part: Part, among: Sequence[int]
    ) -> Iterator[tuple[int, bytes]]:  # fmt: skip
        """Those lines that a part takes."""
        case_of = _case_of if self._quick is None else self._quick.case_decoder()
        return ((number, line) for number, line in lines if part.takes(case_of(line), among))

    def outlines(self, links: Collection[str] = LINKS) -> Iterator[Outline]:
        """The outline of every line that has one."""
        quick = None if self._quick is None else self._quick.outline_decoder(tuple(links))
        for first, block in self._source.blocks():
            found = quick(first, block, self._source.name) if quick is not None else None
            yield from found if found is not None else self._each_outline(first, block, links, quick)

    def glances(self, links: Collection[str], types: Collection[str]) -> Iterator[Glance]:
        """A glance at the lines of each block; the linked ones are those of the ``types``."""
        quick = None if self._quick is None else self._quick.outline_decoder(tuple(links))
        glance = None if self._quick is None else self._quick.glance_decoder(tuple(links), frozenset(types))
        for first, at, block in self._source.placed_blocks():
            found = glance(first, block, self._source.name) if glance is not None else None
            if found is None:
                found = glance_of(list(self._each_outline(first, block, links, quick)), types)
            yield found._replace(place=Place(self._source.name, first, at, len(block)))

    def _each_outline(
        self, first: int, block: bytes, links: Collection[str], quick: _OutlineDecoder | None
    ) -> Iterator[Outline]:
        """Those of a block in which a line hesitates."""
        name = self._source.name
        for number, text in enumerate(split_lines(block), first):
            line = text.removeprefix(BOM) if number == 1 else text
            found = quick(number, line, name) if quick is not None else None
            yield from found if found is not None else _slow_outline(line, f"{name}:{number}", links)


def _chosen(source: Source, part: Part | None) -> Iterator[tuple[int, bytes, Sequence[int]]]:
    """The blocks in which a part has lines, each with the parts that share it."""
    if part is None or part.places is None:
        among = () if part is None else part.all
        yield from ((first, block, among) for first, block in source.blocks())
        return
    read = source.blocks_at([place for place, _ in part.places])
    yield from ((first, block, among) for (first, block), (_, among) in zip(read, part.places, strict=False))


def _case_of(line: bytes) -> str | None:
    """The case of a line as far as it can be told: that of the event if the line is sound."""
    try:
        raw = _decode(line.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    case = raw.get("case") if isinstance(raw, dict) else None
    return case if isinstance(case, str) else None


def _slow_outline(line: bytes, place: str, links: Collection[str]) -> list[Outline]:
    try:
        raw = decode_bytes(line) if _half_characters(line) else _decode(line.decode("utf-8"))
    except (Unfit, ValueError, RecursionError):
        return []
    outline = outline_of(raw, place, links)
    return [] if outline is None else [outline]


class StandardLines:
    """Lines decoded by the standard library."""

    def __init__(self, express: Express) -> None:
        self._express = express

    def event(self, line: bytes, place: str, plain: bool) -> Event | None:
        """The event of a sound line, ``plain`` if it holds no escape; ``None`` asks for a closer look."""
        if _half_characters(line):
            return None
        try:
            raw = _decode(line.decode("utf-8"))
        except (ValueError, RecursionError):
            return None
        return self._express.event(raw, place, line, plain)


def _half_characters(line: bytes) -> bool:
    """Whether the standard decoder might let half a character pass."""
    return b"\\u" in line and (b"\\ud" in line or b"\\uD" in line)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


_DECODER: Final = json.JSONDecoder(parse_constant=_refuse)


def _decode(text: str) -> Any:
    """The value; raises ValueError or RecursionError."""
    if not text.startswith("{"):
        return _DECODER.decode(text)
    value, end = _DECODER.raw_decode(text)  # spares two searches for blanks
    return value if end == len(text) else _DECODER.decode(text)


def _examined(line: bytes, place: str, admission: Admission) -> Event | Rejected:
    if len(line) > LONGEST_LINE:
        return Rejected(place, line, (too_long(place),))
    try:
        raw = decode_bytes(line)
    except Unfit as unfit:
        return Rejected(place, line, (unfit.at(place),))
    outcome = admission.admit(raw, place)
    return outcome if isinstance(outcome, Event) else Rejected(place, line, outcome)


def too_long(place: str) -> Defect:
    """The defect of an overlong line."""
    size = LONGEST_LINE >> 20
    return Defect(
        place, "line-too-long", f"此行超过 {size} MB，不是事件", f"this line is longer than {size} MB and no event"
    )
