"""A log as one thing, whatever its format: read it as often as needed, collect what is wrong."""

from collections.abc import Callable, Collection, Iterator, Sequence
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
from execcheck.logs.part import Gleaned, Part, position, together
from execcheck.logs.rejected import Rejected
from execcheck.logs.source import Source, Unreadable
from execcheck.moments import Clock
from execcheck.prepared import Noted, notes_of
from execcheck.vocabulary import Vocabulary

MOST_DEFECTS: Final = 1000
"""Defects kept for display; more are only counted."""


class Reader(Protocol):
    """What each format provides. ``heading`` is what rejected lines need above them to be read again."""

    heading: bytes

    def outcomes(self, admission: Admission, part: Part | None = None) -> Iterator[Event | Rejected]:
        """Each record as an event, or as what is wrong with it; of a ``part`` only what it takes."""

    def outlines(self, links: Collection[str] = LINKS) -> Iterator[Outline]:
        """A quick look at each record."""


class LogFile:
    """A log file, or standard input; nothing is opened before the first pass, and nothing raised in any.

    After a pass over :meth:`events`, ``defects`` holds what was wrong (the first MOST_DEFECTS),
    ``defect_count`` how much there was, ``admitted`` and ``rejected`` how many records, ``notes`` the
    unknown keys. ``trouble`` says why the file itself could not be read, or not to its end.
    """

    def __init__(
        self, path: str, vocabulary: Vocabulary, clock: Clock | None = None, form: str | None = None,
        *, copy: str | None = None,
    ) -> None:  # fmt: skip
        self.name = path
        self._source = Source(path, copy)
        self._vocabulary = vocabulary
        self._clock = clock or Clock()
        self._form = form
        self._found: Reader | None = None
        self._reset()

    def _reset(self) -> None:
        self.defects: list[Defect] = []
        self.noted: Noted = {}
        self.defect_count = self.admitted = self.rejected = 0
        self.trouble: Defect | None = None

    @property
    def failed(self) -> bool:
        """Whether the file could not be read, or not to its end."""
        return self.trouble is not None

    @property
    def notes(self) -> tuple[Defect, ...]:
        """The keys that the vocabulary does not know."""
        return notes_of(self.noted)

    @property
    def packed(self) -> bool:
        """Whether the bytes turned out to be compressed."""
        return self._source.packed

    def shared_path(self) -> str:
        """Where other processes find the bytes of a log that was read, until it is closed."""
        return self._source.shared_path()

    @property
    def heading(self) -> bytes:
        """What to write above the rejected lines of this log (the heading of a CSV file)."""
        return self._found.heading if self._found is not None else b""

    def events(
        self, on_reject: Callable[[Rejected], None] | None = None, part: Part | None = None
    ) -> Iterator[Event]:  # fmt: skip
        """The events that can be admitted, in the order of the file; of a ``part`` those that it takes."""
        self._reset()
        admission = Admission(self._vocabulary, self._clock)
        self.noted = admission.noted
        trouble = None
        try:
            for outcome in self._reader().outcomes(admission, part):
                if isinstance(outcome, Event):
                    self.admitted += 1
                    yield outcome
                    continue
                self._reject(outcome)
                if on_reject is not None:
                    on_reject(outcome)
        except Unreadable as unreadable:
            trouble = unreadable.defect
        if part is None:
            self._end(trouble)
        else:
            self.trouble = trouble

    def _reject(self, rejected: Rejected) -> None:
        self.rejected += 1
        self._collect(rejected.defects)

    def _end(self, trouble: Defect | None) -> None:
        if trouble is None and not self.admitted and not self.rejected:
            trouble = Defect(self.name, "empty-log", "日志中没有任何事件", "the log holds no event at all")
        self.trouble = trouble
        if trouble is not None:
            self._collect((trouble,))

    def absorb(self, found: Sequence[Gleaned], on_reject: Callable[[Rejected], None] | None = None) -> None:
        """Take what the parts found: afterwards all is as if :meth:`events` had been read here.

        To be preceded by a first look at the whole file, which knows of any trouble.
        """
        trouble = self.trouble or next((one.trouble for one in found if one.trouble), None)
        self._reset()
        self.noted = together(self.name, [one.noted for one in found])
        self.admitted = sum(one.admitted for one in found)
        kept = [rejected for one in found for rejected in one.kept]
        for rejected in sorted(kept, key=lambda rejected: position(self.name, rejected.place)):
            self._reject(rejected)
            if on_reject is not None:
                on_reject(rejected)
        self.rejected = sum(one.rejected for one in found)
        self.defect_count = sum(one.defect_count for one in found)
        self._end(trouble)

    def outlines(self, links: Collection[str] = LINKS) -> Iterator[Outline]:
        """A quick look at each event; what is wrong is passed over, for :meth:`events` tells it."""
        self.trouble = None
        try:
            yield from self._reader().outlines(links)
        except Unreadable as unreadable:
            self.trouble = unreadable.defect

    def glances(self, links: Collection[str], types: Collection[str]) -> Iterator[Glance]:
        """The same look at many events at once; the linked ones are those of the ``types``."""
        self.trouble = None
        try:
            reader = self._reader()
            if isinstance(reader, JsonLines):
                yield from reader.glances(links, types)
            else:
                yield from (glance_of(batch, types) for batch in batches(reader.outlines(links)))
        except Unreadable as unreadable:
            self.trouble = unreadable.defect

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
