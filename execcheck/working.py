"""What one of several processes does: take a share of a log, judge it, hand back what was found."""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable, Iterator, Mapping, Set
from copyreg import dispatch_table
from types import MappingProxyType
from typing import Any

from attrs import evolve, frozen

from execcheck.dividing import Share
from execcheck.events import NOTHING, Event, Moment
from execcheck.feeding import Terms, feed, standing
from execcheck.judging import Judging, Outcome
from execcheck.logs.logfile import MOST_DEFECTS, LogFile
from execcheck.logs.part import Gleaned, Part
from execcheck.logs.rejected import Rejected
from execcheck.logs.several import sure
from execcheck.moments import Clock
from execcheck.needs import Capture


@frozen
class Job:
    """What is the same for every share of a log.

    ``paths`` tells where the bytes of each file (by name) are; ``doubtful`` are the ids of events that are left out,
    ``replaced`` those of events that others replace; ``texts`` says whether all rejected records are wanted, or
    only what will be shown of them.
    """

    paths: Mapping[str, str]
    clock: Clock
    capture: Capture
    now: Moment
    doubtful: Set[str]
    replaced: Set[str]
    texts: bool


@frozen
class Found:
    """What was found in a share: judgements, and what is wrong with each file."""

    outcome: Outcome
    gleaned: Mapping[str, Gleaned]


class Desk:
    """Where shares are judged, one after the other."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._judging: Judging | None = None

    def judge(self, job: Job, share: Share, tick: Callable[[], None]) -> Found:
        """What is found in a share; ``tick`` is called now and then, and may raise to end it."""
        if self._judging is None or self._judging.bench.capture != job.capture:
            self._judging = self._terms.judging(job.capture)
        readings = {name: _Reading(name, part, self._terms, job) for name, part in share.parts.items()}
        events = (event for reading in readings.values() for event in reading.events())
        outcomes = feed(
            standing(events, job.replaced), self._judging, share.counts, share.root, job.now, lambda done, total: tick()
        )
        found = Outcome.of(outcomes)
        return Found(found, {name: reading.gleaned() for name, reading in readings.items()})


class _Reading:
    """The reading of a part of a log file."""

    def __init__(self, name: str, part: Part, terms: Terms, job: Job) -> None:
        self._file = LogFile(name, terms.law.vocabulary, job.clock, copy=job.paths[name])
        self._part = part
        self._doubtful, self._texts = job.doubtful, job.texts
        self._kept: list[Rejected] = []
        self._left_out: list[Event] = []

    def events(self) -> Iterator[Event]:
        if self._part.places == ():
            return iter(())
        return sure(self._file.events(self._keep, self._part), self._doubtful, self._left_out)

    def _keep(self, rejected: Rejected) -> None:
        if self._texts:
            self._kept.append(rejected)
        elif len(self._kept) < MOST_DEFECTS:
            self._kept.append(evolve(rejected, text=b""))

    def gleaned(self) -> Gleaned:
        file = self._file
        return Gleaned(
            file.admitted, file.rejected, file.defect_count, tuple(self._kept), file.noted, tuple(self._left_out),
            file.trouble,
        )  # fmt: skip


# --- between processes ------------------------------------------------------------------------------


class _Pickler(pickle.Pickler):
    """Knows read-only mappings, which events hold, too."""

    dispatch_table = dispatch_table.copy()


def packed(value: Any) -> bytes:
    """A value on its way to another process; see :func:`unpacked`."""
    buffer = io.BytesIO()
    _Pickler(buffer, pickle.HIGHEST_PROTOCOL).dump(value)
    return buffer.getvalue()


def unpacked(data: bytes) -> Any:
    """The value."""
    return pickle.loads(data)


def _read_only(content: dict[str, Any]) -> Mapping[str, Any]:
    return MappingProxyType(content) if content else NOTHING


_Pickler.dispatch_table[MappingProxyType] = lambda proxy: (_read_only, (dict(proxy),))
