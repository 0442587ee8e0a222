"""Several logs read as one, with everything that is wrong in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from execcheck.defects import Defect, DefectiveInput
from execcheck.events import Event
from execcheck.families import CaseDefinition
from execcheck.logs import Identities, Rejected, Repeated, cycle_defect, find_cycles, open_log
from execcheck.moments import Clock
from execcheck.vocabulary import Vocabulary


class DefectiveLogs(DefectiveInput):
    """The defects of logs; ``total`` counts those that were not kept, too."""

    def __init__(self, defects: Sequence[Defect], total: int) -> None:
        super().__init__(defects)
        self.total = total


class DroppedError(Exception):
    """Events turned out to be unfit that had already been handed out: read again."""


class Logs:
    """Log files as one source of events, to be iterated as often as needed.

    The first time through everything is examined: defective lines, ids given to different events, cases
    that descend from themselves. At its end :class:`DefectiveLogs` is raised, or with ``skip`` the unfit
    events are left out from then on. An event told twice counts once. :class:`DroppedError` is raised where an
    event that does not count had been handed out.
    """

    def __init__(
        self, paths: Sequence[str], vocabulary: Vocabulary, cases: CaseDefinition, *, clock: Clock | None = None,
        skip: bool = False,
    ) -> None:  # fmt: skip
        unique = {path if path == "-" else str(Path(path).resolve()): path for path in reversed(paths)}
        self.files = [open_log(path, vocabulary, clock) for path in reversed(unique.values())]
        self.skip = skip
        self.rejected: list[tuple[int, Rejected]] = []  # with the number of the file
        self.dropped: dict[str, Event] = {}  # by place
        self.twins: set[str] = set()  # places of events told once more
        self.crossing: list[Defect] = []  # defects that only a look at all events shows
        self._cases = cases
        self._examined = False

    def __iter__(self) -> Iterator[Event]:
        if self._examined:
            yield from self._events()
            return
        repeated, links = Repeated(), list[tuple[str, str, str]]()
        opened_by, parent = self._cases.opened_by, self._cases.parent
        self.rejected.clear()
        for number, file in enumerate(self.files):
            for event in file.events(lambda rejected, n=number: self.rejected.append((n, rejected))):  # type: ignore[misc]
                if event.place in self.dropped or event.place in self.twins:
                    continue
                if event.has_id:
                    repeated.add(event.id)
                if event.type == opened_by and isinstance(event.data.get(parent), str):
                    links.append((event.case, event.data[parent], event.place))
                yield event
        repeated.forget()
        twins, unfit = self._compared(repeated) if len(repeated) else (set[str](), list[Defect]())
        self.twins |= twins
        self._conclude(unfit + _cycles(links), bool(twins))

    def _conclude(self, unfit: list[Defect], again: bool) -> None:
        """Raise what the examination found, or remember to leave it out."""
        self.crossing += unfit
        defects = [*(defect for file in self.files for defect in file.defects), *self.crossing]
        total = sum(file.defect_count for file in self.files) + len(self.crossing)
        admitted = sum(file.admitted for file in self.files)
        if defects and (not self.skip or not admitted):
            raise DefectiveLogs(defects, total)
        if unfit:
            places = {defect.place for defect in unfit}
            self.dropped.update({event.place: event for event in self._events() if event.place in places})
        if unfit or again:
            raise DroppedError
        self._examined = True

    def _events(self) -> Iterator[Event]:
        for file in self.files:
            for event in file.events():
                if event.place not in self.dropped and event.place not in self.twins:
                    yield event

    def _compared(self, repeated: Repeated) -> tuple[set[str], list[Defect]]:
        """Among the events whose id is repeated: places of those told once more, and conflicts."""
        identities, twins, conflicts = Identities(repeated), set[str](), list[Defect]()
        for event in self._events():
            found = identities.check(event) if event.has_id else event
            if found is None:
                twins.add(event.place)
            elif isinstance(found, Defect):
                conflicts.append(found)
        return twins, conflicts

    @property
    def notes(self) -> tuple[Defect, ...]:
        """Keys that the vocabulary does not know."""
        return tuple(dict.fromkeys(note for file in self.files for note in file.notes))

    @property
    def rejected_count(self) -> int:
        """Lines and events that were left out."""
        return sum(file.rejected for file in self.files) + len(self.dropped)

    @property
    def defects(self) -> tuple[Defect, ...]:
        """Everything that is wrong with what was left out."""
        return (*(defect for file in self.files for defect in file.defects), *self.crossing)

    def close(self) -> None:
        """Give back temporary copies."""
        for file in self.files:
            file.close()


def _cycles(links: list[tuple[str, str, str]]) -> list[Defect]:
    places = {case: place for case, _, place in reversed(links)}
    return [cycle_defect(cycle, places[cycle[0]]) for cycle in find_cycles((case, parent) for case, parent, _ in links)]
