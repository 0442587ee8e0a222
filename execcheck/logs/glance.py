"""Glances: what a first look learns of many lines at once, where an outline of each would cost more than reading it."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from operator import itemgetter
from typing import Final, NamedTuple

from execcheck.logs.outline import Outline

manner_of: Final[Callable[[str], tuple[str, str]]] = itemgetter(slice(7, 11, 3), slice(19, None))
"""In which manner a time is written: month, day or instant, with or without fractions, in which offset."""
_TOGETHER = 1024


class Place(NamedTuple):
    """Some lines of a log file: the number of the first, the byte at which it starts, and how many bytes they are."""

    name: str
    first: int
    at: int
    size: int


class Glance(NamedTuple):
    """Some lines of a log at a glance.

    ``cases`` counts them by case. ``times`` are their times as written; of times written in the same manner it
    may hold the last alone. ``carries`` holds the optional parts that any of them carries, ``ids`` the given
    ids, ``linked`` the outlines of those events of the types asked for that name other cases, ``corrections`` those
    of events that replace another. ``place`` tells where the lines stand, if they can be read again without those
    before them.
    """

    cases: Mapping[str, int]
    times: Collection[str]
    carries: frozenset[str]
    ids: Collection[str]
    linked: Collection[Outline]
    corrections: Collection[Outline]
    place: Place | None = None


def glance_of(outlines: Sequence[Outline], types: Collection[str]) -> Glance:
    """The glance at lines of which there are outlines."""
    return Glance(
        Counter([outline.case for outline in outlines]),
        [outline.time for outline in outlines],
        frozenset().union(*{outline.carries for outline in outlines}),
        [outline.id for outline in outlines if outline.has_id],
        [outline for outline in outlines if outline.links and outline.type in types],
        [outline for outline in outlines if outline.supersedes is not None],
    )


def batches(outlines: Iterable[Outline]) -> Iterator[list[Outline]]:
    """The outlines, some at a time."""
    rest = iter(outlines)
    while batch := list(islice(rest, _TOGETHER)):
        yield batch
