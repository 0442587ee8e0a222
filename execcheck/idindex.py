"""Which group of cases holds the event of an id, in about 14 bytes an event.

A monitor of many thousand open cases knows millions of ids, each of which must stay unique. A dictionary would cost
ten times as much; here an id is eight bytes of hash and four of a number, in many small sorted arrays.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left

_BUCKETS = 4096


class IdIndex:
    """From an id to the number of its group. Whoever asks confirms the answer: two ids may share a hash."""

    def __init__(self) -> None:
        self._hashes: dict[int, array[int]] = {}
        self._groups: dict[int, array[int]] = {}

    def add(self, identity: str, group: int) -> None:
        """Remember that a group holds the id, in the place of what was known of it."""
        number = hash(identity)
        hashes, groups = self._bucket(number)
        place = bisect_left(hashes, number)
        if place < len(hashes) and hashes[place] == number:
            groups[place] = group
        else:
            _insert(hashes, groups, place, number, group)

    def claim(self, identity: str, group: int) -> int | None:
        """Remember an id that is not known; the group of one that is."""
        number = hash(identity)
        hashes, groups = self._bucket(number)
        place = bisect_left(hashes, number)
        if place < len(hashes) and hashes[place] == number:
            return groups[place]
        _insert(hashes, groups, place, number, group)
        return None

    def _bucket(self, number: int) -> tuple[array[int], array[int]]:
        key = number % _BUCKETS
        if key not in self._hashes:
            self._hashes[key], self._groups[key] = array("q"), array("I")
        return self._hashes[key], self._groups[key]

    def find(self, identity: str) -> int | None:
        """The group that may hold the id."""
        number = hash(identity)
        hashes = self._hashes.get(number % _BUCKETS)
        if hashes is None:
            return None
        place = bisect_left(hashes, number)
        found = place < len(hashes) and hashes[place] == number
        return self._groups[number % _BUCKETS][place] if found else None

    def discard(self, identity: str) -> None:
        """Forget an id."""
        number = hash(identity)
        key = number % _BUCKETS
        hashes = self._hashes.get(key)
        if hashes is None:
            return
        place = bisect_left(hashes, number)
        if place < len(hashes) and hashes[place] == number:
            del hashes[place], self._groups[key][place]
            if not hashes:
                del self._hashes[key], self._groups[key]


def _insert(hashes: array[int], groups: array[int], place: int, number: int, group: int) -> None:
    """Both or neither: no interruption can come between the two."""
    hashes[place:place], groups[place:place] = array("q", (number,)), array("I", (group,))
