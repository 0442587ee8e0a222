"""Several log files as one source: read as often as needed, everything that is wrong with them collected."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from pathlib import Path

from execcheck.defects import Defect, DefectiveInput
from execcheck.events import Event
from execcheck.logs.corrections import Corrections
from execcheck.logs.glance import Glance, batches, glance_of
from execcheck.logs.identity import Identities, Repeated, cycle_defect, find_cycles
from execcheck.logs.logfile import LogFile, open_log
from execcheck.logs.outline import Outline, outline_of_event
from execcheck.logs.part import Gleaned, position
from execcheck.logs.rejected import Rejected
from execcheck.moments import Clock
from execcheck.terms import CaseDefinition
from execcheck.vocabulary import Vocabulary


class DefectiveLogs(DefectiveInput):
    """The defects of logs; ``total`` counts those that were not kept, too."""

    def __init__(self, defects: Sequence[Defect], total: int) -> None:
        super().__init__(defects)
        self.total = total


class Logs:
    """Log files as one source of events, for :func:`execcheck.checking.check`.

    :meth:`glances` (or :meth:`outlines`) is the quick first look, iteration gives the events, also those that others
    replace. At the end of an iteration :class:`DefectiveLogs` is raised with everything that is wrong: defective lines,
    ids given to different events, events that replace each other in a ring, cases that descend from themselves. With
    ``skip`` unfit events are left out instead (given to ``on_reject``), and only a log of which nothing is left is
    refused; an event stays replaced where its correction is left out because its id stands for different events.
    """

    def __init__(
        self, paths: Sequence[str], vocabulary: Vocabulary, cases: CaseDefinition, *, clock: Clock | None = None,
        skip: bool = False, on_reject: Callable[[LogFile, Rejected], None] | None = None,
    ) -> None:  # fmt: skip
        unique = {_same(path): path for path in reversed(paths)}
        self.files = [open_log(path, vocabulary, clock) for path in reversed(unique.values())]
        self.vocabulary, self.clock = vocabulary, clock or Clock()
        self.skip = skip
        self.conflicts: list[Defect] = []
        # Sound in themselves, but their id stands for different events, or they replace each other in a ring.
        self.left_out: list[Event] = []
        self._on_reject = on_reject
        self._cases = cases
        self._repeated = Repeated()
        self._tying = (cases.opened_by, cases.resumed_by)
        self._linked: list[Outline] = []  # of cases that name an original case
        self._correcting: list[Outline] = []
        self._in_rings: Set[str] = frozenset()
        self._astray: tuple[Defect, ...] = ()
        self._cycles: list[Defect] = []

    def glances(self) -> Iterator[Glance]:
        """A look at every event; with ``skip`` only at those that can be admitted."""
        self._begin()
        for file in self.files:
            looked = (glance_of(batch, self._tying) for batch in batches(self._outlines(file)))
            for glance in looked if self.skip else file.glances(self._cases.links, self._tying):
                self._learn(glance)
                yield glance
        self._end()

    def outlines(self) -> Iterator[Outline]:
        """The same look, one event at a time."""
        self._begin()
        for file in self.files:
            for batch in batches(self._outlines(file)):
                self._learn(glance_of(batch, self._tying))
                yield from batch
        self._end()

    def _outlines(self, file: LogFile) -> Iterator[Outline]:
        fields = self._cases.links
        return (outline_of_event(event, fields) for event in file.events()) if self.skip else file.outlines(fields)

    def _begin(self) -> None:
        self._repeated, self._linked, self._correcting = Repeated(), [], []

    def _learn(self, glance: Glance) -> None:
        opened_by, parent = self._cases.opened_by, self._cases.parent
        self._repeated.add_all(glance.ids)
        self._linked.extend(one for one in glance.linked if one.type == opened_by and parent in one.links)
        self._correcting.extend(glance.corrections)

    def _end(self) -> None:
        corrections = Corrections(self._correcting)
        self._astray, self._in_rings = (
            corrections.astray(self._repeated.among(corrections.replaced)),
            corrections.in_rings,
        )
        self._repeated.forget()
        linked = [outline for outline in self._linked if not outline.replaced_in(corrections.replaced)]
        places = {outline.case: outline.place for outline in reversed(linked)}
        cycles = find_cycles((one.case, other) for one in linked for other in one.links[self._cases.parent])
        self._cycles = [*corrections.rings, *(cycle_defect(cycle, places[cycle[0]]) for cycle in cycles)]
        self._linked, self._correcting = [], []

    def __iter__(self) -> Iterator[Event]:
        """The events; to be preceded by one whole pass over :meth:`glances` or :meth:`outlines`."""
        doubtful = self.doubtful()
        for file in self.files:
            events = file.events(self._rejecting(file))
            yield from sure(events, doubtful, self.left_out) if doubtful else events
        self._complain()

    def absorb(self, found: Mapping[str, Sequence[Gleaned]]) -> None:
        """Take what the parts of each file (by name) found, as at the end of an iteration; raises what that would.

        To be preceded by :meth:`doubtful`.
        """
        for file in self.files:
            parts = found[file.name]
            file.absorb(parts, self._rejecting(file))
            left_out = [event for part in parts for event in part.left_out]
            self.left_out += sorted(left_out, key=lambda event: position(file.name, event.place))
        self._complain()

    def doubtful(self) -> Set[str]:
        """The ids of events that are left out.

        They stand for different events, and which of them is right nobody can tell, or replace each other in a ring.
        """
        self.conflicts, self.left_out = list(self._cycles), []
        return self._in_rings | (self._conflicting() if len(self._repeated) else set())

    def _complain(self) -> None:
        given = sum(file.admitted for file in self.files) - len(self.left_out)
        defects = self.defects
        if defects and not (self.skip and given):
            raise DefectiveLogs(defects, self.defect_count)

    def _conflicting(self) -> set[str]:
        identities, ids = Identities(self._repeated), set()  # type: Identities, set[str]
        for file in self.files:
            for event in file.events():
                found = identities.check(event) if event.has_id else event
                if isinstance(found, Defect):
                    self.conflicts.append(found)
                    ids.add(event.id)
        return ids

    def _rejecting(self, file: LogFile) -> Callable[[Rejected], None] | None:
        tell = self._on_reject
        return None if tell is None else lambda rejected: tell(file, rejected)

    @property
    def asks_for_rejected(self) -> bool:
        """Whether somebody wants to see every rejected record."""
        return self._on_reject is not None

    @property
    def defects(self) -> tuple[Defect, ...]:
        """Everything that was wrong in the last iteration."""
        return (*(defect for file in self.files for defect in file.defects), *self.conflicts)

    @property
    def defect_count(self) -> int:
        """How much was wrong, including what was not kept."""
        return sum(file.defect_count for file in self.files) + len(self.conflicts)

    @property
    def notes(self) -> tuple[Defect, ...]:
        """Keys that the vocabulary does not know, and corrections of events that are not in the logs."""
        return tuple(dict.fromkeys((*(note for file in self.files for note in file.notes), *self._astray)))

    @property
    def rejected(self) -> int:
        """Lines and events that were left out."""
        return sum(file.rejected for file in self.files) + len(self.left_out)

    def read_with(self, vocabulary: Vocabulary, cases: CaseDefinition) -> Logs:
        """The same files under another vocabulary; after a whole pass over these, and before they are closed."""
        other = Logs((), vocabulary, cases, clock=self.clock, skip=self.skip, on_reject=self._on_reject)
        other.files = [LogFile(f.name, vocabulary, self.clock, copy=f.shared_path()) for f in self.files]
        return other

    def close(self) -> None:
        """Give back temporary copies."""
        for file in self.files:
            file.close()


def sure(events: Iterable[Event], doubtful: Set[str], left_out: list[Event]) -> Iterator[Event]:
    """The events whose ids are not doubtful; the others are put into ``left_out``."""
    for event in events:
        if event.has_id and event.id in doubtful:
            left_out.append(event)
        else:
            yield event


def _same(path: str) -> str:
    """What two spellings of one path have in common."""
    if path == "-" or "\0" in path:
        return path
    return str(Path(path).resolve())
