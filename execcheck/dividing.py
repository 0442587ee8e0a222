"""Dividing a log among processes: cases that belong together stay together, and lines are read by whom they concern.

Groups of cases are dealt out in the order in which they first appear, so that of a log that is grouped by case
each process reads one stretch. Where a block of lines holds cases of several processes, each of them picks its own.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence

from attrs import frozen

from execcheck.logs.glance import Glance, Place
from execcheck.logs.part import Part
from execcheck.survey import Survey

FINER = 4
"""Parts for each process where parts are cheap, so that none is left waiting for another."""
SMALLEST = 20_000
"""Events that a part should have at least."""
LARGEST = 200_000
"""Events from which on there are more parts, so that no process holds all the findings of a long log."""


@frozen
class Share:
    """What one process judges at a time: of each file (by name) a part, and its cases as the first look saw them.

    ``counts`` tells how many events each case has, ``roots`` which other case stands for its group.
    """

    parts: Mapping[str, Part]
    counts: Mapping[str, int]
    roots: Mapping[str, str]

    def root(self, case: str) -> str:
        """The case that stands for the group."""
        return self.roots.get(case, case)


class Seen:
    """Which cases each block of lines holds, kept as numbers: four bytes for each case of each block."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self.blocks: dict[str, list[tuple[Place, array[int]]]] = {}

    def learn(self, glance: Glance) -> None:
        """Remember where the lines of a glance stand."""
        if glance.place is not None:
            numbers = self._numbers
            cases = array("I", [numbers.setdefault(case, len(numbers)) for case in glance.cases])
            self.blocks.setdefault(glance.place.name, []).append((glance.place, cases))

    def cases(self) -> list[str]:
        """The cases, each at the place of its number."""
        return list(self._numbers)


def divide(seen: Seen, survey: Survey, files: Sequence[str], jobs: int, streamed: bool) -> list[Share]:
    """The shares for ``jobs`` processes; several for each where the log allows it.

    ``files`` are the names of all files. Those of which no block was seen have to be read whole by everybody;
    ``streamed`` says that every part has to read what stands before it.
    """
    total = sum(survey.counts.values())
    number = max(jobs, min(jobs * FINER, total // SMALLEST), total // LARGEST)
    plan = _Plan(seen, survey, files, number)
    if number > jobs and (streamed or plan.tangled):
        plan = _Plan(seen, survey, files, jobs)
    return list(plan.shares())


class _Plan:
    """The dealing out into a number of parts."""

    def __init__(self, seen: Seen, survey: Survey, files: Sequence[str], number: int) -> None:
        self._survey, self._files, self._number = survey, files, number
        self._owners = _dealt(survey.counts, survey.groups.root, number)
        cases = seen.cases()
        owners = [self._owners.get(case, 0) for case in cases]  # of some cases nothing stands
        self._blocks: dict[str, list[tuple[Place, tuple[int, ...]]]] = {}
        mixed: set[int] = set()
        self._whole = self._shared = 0
        for name, blocks in seen.blocks.items():
            known = self._blocks[name] = []
            for place, numbers in blocks:
                among = tuple(sorted({owners[number] for number in numbers})) or (0,)
                known.append((place, among))
                self._whole += len(among) == 1
                if len(among) > 1:
                    self._shared += 1
                    mixed.update(numbers)
        self._unplaced = any(name not in self._blocks for name in files)
        self._picked = self._owners if self._unplaced else {cases[number]: owners[number] for number in mixed}

    @property
    def tangled(self) -> bool:
        """Whether much has to be read by several processes."""
        return self._unplaced or self._shared * 3 > self._whole

    def shares(self) -> Iterator[Share]:
        """One for each part that has anything to do; the first takes also what no part owns."""
        counts: list[dict[str, int]] = [{} for _ in range(self._number)]
        roots: list[dict[str, str]] = [{} for _ in range(self._number)]
        for case, count in self._survey.counts.items():
            part = self._owners[case]
            counts[part][case] = count
            root = self._survey.groups.root(case)
            if root != case:
                roots[part][case] = root
        for number in range(self._number):
            if counts[number] or number == 0:
                parts = {name: self._part(name, number) for name in self._files}
                yield Share(parts, counts[number], roots[number])

    def _part(self, name: str, number: int) -> Part:
        blocks = self._blocks.get(name)
        places = None if blocks is None else tuple(block for block in blocks if number in block[1])
        return Part(number, range(self._number), self._picked, places)


def _dealt(counts: Mapping[str, int], root: Callable[[str], str], parts: int) -> dict[str, int]:
    """The part of each case: groups in the order of their first case, about the same number of events in each part."""
    weights: dict[str, int] = {}
    for case, count in counts.items():
        name = root(case)
        weights[name] = weights.get(name, 0) + count
    total, done = sum(weights.values()), 0
    part_of = {}
    for name, weight in weights.items():
        part_of[name] = (2 * done + weight) * parts // (2 * total)
        done += weight
    return {case: part_of[root(case)] for case in counts}
