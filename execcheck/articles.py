"""Lists of article numbers such as ``3, 5-7``, as packs write them."""

from __future__ import annotations

import re

_PART = re.compile(r"([0-9]{1,4})(?:\s*[-–]\s*([0-9]{1,4}))?")


def numbers(text: str) -> tuple[int, ...]:
    """The articles that a text lists, in order; ranges include both ends. Raises ValueError where it is no list."""
    found: set[int] = set()
    for part in (piece.strip() for piece in text.split(",") if piece.strip()):
        match = _PART.fullmatch(part)
        if match is None:
            raise ValueError(part)
        first = int(match[1])
        last = int(match[2] or first)
        if last < first:
            raise ValueError(part)
        found.update(range(first, last + 1))
    return tuple(sorted(found))
