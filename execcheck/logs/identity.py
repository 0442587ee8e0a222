"""Across the events of a log: the same event told twice, and cases that descend from themselves."""

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable
from typing import Final

from execcheck.defects import Defect
from execcheck.events import Event
from execcheck.order import same_content

_BUCKETS: Final = 16
_CUTS: Final = [(number << 60) - (1 << 63) for number in range(1, _BUCKETS)]
"""Where the range of hashes is cut, so that each bucket has about as many of them."""


class Repeated:
    """First pass: which ids come more than once. Costs eight bytes for each event: a hash of the id."""

    def __init__(self) -> None:
        self._buckets = [array("q") for _ in range(_BUCKETS)]
        self._counted = True
        self._repeated: set[int] = set()

    def add(self, identity: str) -> None:
        """Take an id."""
        self.add_all((identity,))

    def add_all(self, identities: Collection[str]) -> None:
        """Take several ids."""
        hashes = array("q", sorted(map(hash, identities)))
        start = 0
        for bucket, cut in zip(self._buckets, _CUTS, strict=False):
            end = bisect_left(hashes, cut, start)
            bucket.extend(hashes[start:end])
            start = end
        self._buckets[-1].extend(hashes[start:])
        self._counted = False

    def _found(self) -> set[int]:
        """The hashes that came more than once; one bucket after the other, so that memory holds one as a set."""
        if not self._counted:
            for bucket in self._buckets:
                if len(set(bucket)) < len(bucket):
                    self._repeated.update(number for number, times in Counter(bucket).items() if times > 1)
            self._counted = True
        return self._repeated

    def __contains__(self, identity: str) -> bool:
        """Whether the id may have come more than once (surely, if it has)."""
        return hash(identity) in self._found()

    def among(self, identities: Iterable[str]) -> set[str]:
        """Those of some ids that came (surely, those that did); none once they are forgotten."""
        wanted = {hash(identity): identity for identity in identities}
        return {wanted[number] for bucket in self._buckets if wanted for number in wanted.keys() & set(bucket)}

    def __len__(self) -> int:
        return len(self._found())

    def forget(self) -> None:
        """Give back the memory of the ids that came once."""
        self._found()
        self._buckets = [array("q") for _ in range(_BUCKETS)]


class Identities:
    """Second pass: lets each event through once.

    Only events whose id is repeated are kept for comparison; without a first pass, all are.
    """

    def __init__(self, repeated: Repeated | None = None) -> None:
        self._repeated = repeated
        self._first: dict[str, Event] = {}
        self.duplicates = 0

    def check(self, event: Event) -> Event | Defect | None:
        """The event; ``None`` for one told before; a defect for another event under the same id."""
        if self._repeated is not None and event.id not in self._repeated:
            return event
        first = self._first.setdefault(event.id, event)
        if first is event:
            return event
        if same_content(first, event):
            self.duplicates += 1
            return None
        return id_conflict(event, first)


def id_conflict(event: Event, first: Event) -> Defect:
    """The defect of an event whose id stands for another one already."""
    return Defect(
        event.place,
        "id-conflict",
        f"事件编号“{event.id}”重复而内容不同，另见 {first.place}；请使编号唯一",
        f"the event id {event.id!r} is given twice with different content, first at {first.place}; make ids unique",
    )


def find_cycles(links: Iterable[tuple[str, str]]) -> list[tuple[str, ...]]:
    """The cycles among ``(case, original case)`` pairs: one for each group of cases that come from each other.

    Each starts with its smallest case number; a case that names itself is a cycle of one.
    """
    targets: dict[str, set[str]] = {}
    for case, original in links:
        targets.setdefault(case, set()).add(original)
    _prune(targets)
    cycles = []
    while targets:
        # Whatever is left leads on for ever, so walking must come back to where it was.
        visited: dict[str, None] = {}
        at = min(targets)
        while at not in visited:
            visited[at] = None
            at = min(targets[at])
        path = list(visited)
        cycle = path[path.index(at) :]
        turn = cycle.index(min(cycle))
        cycles.append((*cycle[turn:], *cycle[:turn]))
        for case in cycle:
            del targets[case]
        _prune(targets)
    return sorted(cycles)


def _prune(targets: dict[str, set[str]]) -> None:
    """Take away the cases that lead nowhere, and then those that led only to them."""
    sources: dict[str, list[str]] = {}
    for case, originals in targets.items():
        for original in originals:
            sources.setdefault(original, []).append(case)
    ends = [case for case in sources if case not in targets]
    while ends:
        end = ends.pop()
        for case in sources.get(end, ()):
            if case in targets:
                targets[case].discard(end)
                if not targets[case]:
                    del targets[case]
                    ends.append(case)


def cycle_defect(cycle: tuple[str, ...], place: str) -> Defect:
    """The defect of a cycle; ``place`` is where one of its cases is filed."""
    chain = " → ".join((*cycle, cycle[0]))
    return Defect(
        place, "case-cycle", f"案件的原案件关系成环：{chain}", f"cases name each other as their original case: {chain}"
    )
