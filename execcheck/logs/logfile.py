"""A log as one thing, whatever its format: read it as often as needed, collect what is wrong."""

from collections.abc import Callable, Collection, Iterator
from typing import Final, Protocol

from execcheck.admission import Admission
from execcheck.defects import Defect
from execcheck.events import Event
from execcheck.logs.array import JsonArray
from execcheck.logs.csv import Csv
from execcheck.logs.formats import format_of
from execcheck.logs.glance import Glance, batches, glance_of
from execcheck.logs.jsonl import JsonLines
from execcheck.logs.outline import LINKS, Outline
from execcheck.logs.rejected import Rejected
from execcheck.logs.source import Source, Unreadable
from execcheck.moments import Clock
from execcheck.vocabulary import Vocabulary

MOST_DEFECTS: Final = 1000
"""Defects kept for display; more are only counted."""


class Reader(Protocol):
    """What each format provides. ``heading`` is what rejected lines need above them to be read again."""

    heading: bytes

    def outcomes(self, admission: Admission) -> Iterator[Event | Rejected]:
        """Each record as an event, or as what is wrong with it."""

    def outlines(self, links: Collection[str] = LINKS) -> Iterator[Outline]:
        """A quick look at each record."""


class LogFile:
    """A log file, or standard input; nothing is opened before the first pass, and nothing raised in any.

    After a pass over :meth:`events`, ``defects`` holds what was wrong (the first MOST_DEFECTS),
    ``defect_count`` how much there was, ``admitted`` and ``rejected`` how many records, ``notes`` the
    unknown keys. ``failed`` says that the file itself could not be read, or not to its end.
    """

    def __init__(self, path: str, vocabulary: Vocabulary, clock: Clock | None = None, form: str | None = None) -> None:
        self.name = path
        self._source = Source(path)
        self._vocabulary = vocabulary
        self._clock = clock or Clock()
        self._form = form
        self._found: Reader | None = None
        self._reset()

    def _reset(self) -> None:
        self.defects: list[Defect] = []
        self.notes: tuple[Defect, ...] = ()
        self.defect_count = self.admitted = self.rejected = 0
        self.failed = False

    @property
    def heading(self) -> bytes:
        """What to write above the rejected lines of this log (the heading of a CSV file)."""
        return self._found.heading if self._found is not None else b""

    def events(self, on_reject: Callable[[Rejected], None] | None = None) -> Iterator[Event]:
        """The events that can be admitted, in the order of the file."""
        self._reset()
        admission = Admission(self._vocabulary, self._clock)
        try:
            for outcome in self._reader().outcomes(admission):
                if isinstance(outcome, Event):
                    self.admitted += 1
                    yield outcome
                    continue
                self.rejected += 1
                self._collect(outcome.defects)
                if on_reject is not None:
                    on_reject(outcome)
            if not self.admitted and not self.rejected:
                raise Unreadable(Defect(self.name, "empty-log", "日志中没有任何事件", "the log holds no event at all"))
        except Unreadable as unreadable:
            self.failed = True
            self._collect((unreadable.defect,))
        finally:
            self.notes = admission.notes

    def outlines(self, links: Collection[str] = LINKS) -> Iterator[Outline]:
        """A quick look at each event; what is wrong is passed over, for :meth:`events` tells it."""
        try:
            yield from self._reader().outlines(links)
        except Unreadable:
            return

    def glances(self, links: Collection[str], types: Collection[str]) -> Iterator[Glance]:
        """The same look at many events at once; the linked ones are those of the ``types``."""
        try:
            reader = self._reader()
            if isinstance(reader, JsonLines):
                yield from reader.glances(links, types)
            else:
                yield from (glance_of(batch, types) for batch in batches(reader.outlines(links)))
        except Unreadable:
            return

    def close(self) -> None:
        """Give back the temporary copy of standard input."""
        self._source.close()

    def _collect(self, defects: tuple[Defect, ...]) -> None:
        self.defect_count += len(defects)
        self.defects.extend(defects[: max(0, MOST_DEFECTS - len(self.defects))])

    def _reader(self) -> Reader:
        if self._found is None:
            form = self._form or format_of(self._source)
            if form == "csv":
                self._found = Csv(self._source, self._vocabulary)
            elif form == "array":
                self._found = JsonArray(self._source)
            else:
                self._found = JsonLines(self._source)
        return self._found


def open_log(path: str, vocabulary: Vocabulary, clock: Clock | None = None, form: str | None = None) -> LogFile:
    """The log at ``path`` (``-`` for standard input).

    ``form`` is ``jsonl``, ``array`` or ``csv``; by default the name tells it, else the first bytes.
    """
    return LogFile(path, vocabulary, clock, form)
