"""Parts of a log: every record is taken by exactly one of them, and the records of one case by the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import frozen

from execcheck.case_numbers import normalise
from execcheck.defects import Defect
from execcheck.events import Event
from execcheck.logs.glance import Place
from execcheck.logs.rejected import Rejected
from execcheck.prepared import Noted


@frozen
class Part:
    """What one of several processes takes of a log file.

    ``owners`` gives the part of each case, as far as records must be looked at to be told apart. ``places`` are the
    blocks that hold records of this part, each with the parts that share it; None: anywhere in the file.
    """

    number: int
    all: Sequence[int]
    owners: Mapping[str, int]
    places: tuple[tuple[Place, Sequence[int]], ...] | None = None

    def takes(self, case: object, among: Sequence[int] | None = None) -> bool:
        """Whether a record is this part's, of those that share its block.

        A record that tells no case, or one that no sound record tells, is the first part's.
        """
        among = self.all if among is None else among
        owner = self.owners.get(normalise(case)) if isinstance(case, str) else None
        return (owner if owner is not None and owner in among else among[0]) == self.number


@frozen
class Gleaned:
    """What a part found in a log file besides events.

    ``kept`` are those rejected records that somebody will ask for; ``rejected`` and ``defect_count`` count all.
    ``left_out`` are events that are sound in themselves, but whose id stands for different events.
    """

    admitted: int
    rejected: int
    defect_count: int
    kept: tuple[Rejected, ...]
    noted: Noted
    left_out: tuple[Event, ...]
    trouble: Defect | None


def position(name: str, place: str) -> tuple[int, ...]:
    """Where in the file of that name a place is: line, and column where it tells one."""
    return tuple(map(int, place[len(name) + 1 :].split(":")))


def together(name: str, noted: Sequence[Noted]) -> Noted:
    """The notes of several parts as one reading would have taken them: in the order of the first places."""
    found: dict[tuple[str, str, str], tuple[int, str]] = {}
    for one in noted:
        for key, (count, place) in one.items():
            more, first = found.get(key, (0, place))
            found[key] = (count + more, min(place, first, key=lambda place: position(name, place)))
    return dict(sorted(found.items(), key=lambda item: position(name, item[1][1])))
