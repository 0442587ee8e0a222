"""Across the events of a log: which of them others replace, and which replace each other in a ring."""

from collections.abc import Iterable, Sequence, Set
from typing import Final

from execcheck.defects import Defect, shown
from execcheck.logs.identity import find_cycles
from execcheck.logs.outline import Outline

_TOLD: Final = 20
"""Corrections of events that the log lacks, told one by one; more are counted."""


class Corrections:
    """The corrections of a log.

    ``replaced`` holds the ids of the events that others replace: they count no more than if they had not been
    written, whoever else replaces their own replacement. ``rings`` are the defects of those that replace each
    other, so that none of them is the last word, and ``in_rings`` their ids.
    """

    def __init__(self, outlines: Iterable[Outline] = ()) -> None:
        self._outlines = [outline for outline in outlines if outline.supersedes is not None]
        self.replaced = frozenset(str(outline.supersedes) for outline in self._outlines)
        # Without an id nothing can be replaced; what names itself is refused where it is read.
        named = [one for one in self._outlines if one.has_id and one.id != one.supersedes]
        places = {one.id: one.place for one in reversed(named)}
        rings = find_cycles((one.id, str(one.supersedes)) for one in named)
        self.rings = tuple(ring_defect(ring, places[ring[0]]) for ring in rings)
        self.in_rings = frozenset(name for ring in rings for name in ring)

    def astray(self, known: Set[str]) -> tuple[Defect, ...]:
        """Notes on the corrections whose event is not in the log: they count like any other event."""
        return _notes([outline for outline in self._outlines if outline.supersedes not in known])


def ring_defect(ring: Sequence[str], place: str) -> Defect:
    """The defect of events that replace each other; ``place`` is where one of them stands."""
    chain = " → ".join(map(shown, (*ring, ring[0])))
    return Defect(
        place, "correction-cycle", f"事件的更正关系成环：{chain}；请确定以哪一事件为准",
        f"events replace each other in a ring: {chain}; say which of them stands",
    )  # fmt: skip


def _notes(outlines: Sequence[Outline]) -> tuple[Defect, ...]:
    told = [
        Defect(
            outline.place,
            "supersedes-unknown",
            f"所更正的事件“{shown(outline.supersedes)}”不在日志中；更正照常计入",
            f"the event {shown(outline.supersedes)!r} that this one replaces is not in the log; the correction counts",
            note=True,
        )
        for outline in outlines[:_TOLD]
    ]
    rest = outlines[_TOLD:]
    if rest:
        zh = f"另有 {len(rest)} 处更正，所更正的事件不在日志中"
        en = f"{len(rest)} more corrections of events that are not in the log"
        told.append(Defect(rest[0].place, "supersedes-unknown", zh, en, note=True))
    return tuple(told)
