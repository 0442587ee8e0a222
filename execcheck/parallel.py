"""Judging one log by several processes; the report is the same as by one.

This process takes the first look, deals the groups of cases out, and puts together what the workers found. A worker
starts anew (``spawn``), so that it is the same on every system, and gets the law book ready made; it reads only the
blocks of the log that hold its cases.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterable, Iterator, Set
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.synchronize import Event as Flag
from threading import Thread
from types import TracebackType

from execcheck.defects import Defect, DefectiveInput
from execcheck.dividing import Seen, Share, divide
from execcheck.events import Moment
from execcheck.feeding import Progress, Terms, no_collection
from execcheck.judging import Outcome
from execcheck.logs.glance import Glance
from execcheck.logs.part import Gleaned
from execcheck.logs.several import Logs
from execcheck.moments import Clock
from execcheck.needs import Capture
from execcheck.survey import Survey
from execcheck.working import Desk, Found, Job, packed, unpacked

WORTH = 20_000
"""Events from which on further processes are started: before, one is done sooner."""
MOST = 61
"""More processes Windows does not wait for."""


class Crew:
    """The processes that check a log; to be closed, or used as a context.

    Lets the first look pass (:meth:`watch`) and judges then (:meth:`judge`), unless the log is too small
    (:attr:`ready`).
    """

    def __init__(self, logs: Logs, terms: Terms, jobs: int) -> None:
        self._logs, self._terms = logs, terms
        self._clock = Clock(logs.clock.zone, logs.clock.naive)  # without what it remembers
        self._jobs = min(jobs or cores(), MOST)
        self._seen = Seen()
        self._pool: Pool | None = None

    def __enter__(self) -> Crew:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:  # fmt: skip
        if self._pool is not None:
            self._pool.close()

    @property
    def ready(self) -> bool:
        """Whether the workers were started."""
        return self._pool is not None

    def watch(self, glances: Iterable[Glance]) -> Iterator[Glance]:
        """Let the first look pass; starts the workers once the log proves to be long."""
        events = 0
        for glance in glances:
            self._seen.learn(glance)
            events += sum(glance.cases.values())
            if self._pool is None and self._jobs > 1 and events >= WORTH:
                self._pool = Pool(self._jobs, self._terms)
            yield glance

    def judge(
        self, survey: Survey, capture: Capture, now: Moment, replaced: Set[str], progress: Progress | None
    ) -> Outcome:
        """What the rules say; for a crew that is :attr:`ready`. ``replaced`` are ids of events that others replace.

        Raises :class:`DefectiveInput` as :func:`execcheck.check` does, and where a worker is lost.
        """
        assert self._pool is not None
        logs = self._logs
        doubtful = logs.doubtful()
        paths = {file.name: file.shared_path() for file in logs.files}
        streamed = any(file.packed for file in logs.files)
        shares = divide(self._seen, survey, list(paths), self._jobs, streamed)
        job = Job(paths, self._clock, capture, now, doubtful, replaced, logs.asks_for_rejected)
        done, total = 0, sum(survey.counts.values())
        outcomes: list[Outcome] = []
        gleaned: dict[str, list[Gleaned]] = {name: [] for name in paths}
        for share, found in self._pool.work(job, shares):
            outcomes.append(found.outcome)
            for name, one in found.gleaned.items():
                gleaned[name].append(one)
            done += sum(share.counts.values())
            if progress is not None:
                progress(done, total)
        logs.absorb(gleaned)
        return Outcome.of(outcomes)


class Pool:
    """Processes that judge shares; they end with this one, whatever ends it."""

    def __init__(self, jobs: int, terms: Terms) -> None:
        context = multiprocessing.get_context("spawn")
        self._stop = context.Event()
        # The terms come with the work: a process that dies while it is given too much at its start is waited for.
        self._terms = packed(terms)
        self._executor: Executor = ProcessPoolExecutor(jobs, context, initializer=_begin, initargs=(self._stop,))
        with _told(), _held(signal.SIGINT):
            for _ in range(jobs):
                self._executor.submit(_sit_down, self._terms)  # starts a process

    def work(self, job: Job, shares: list[Share]) -> Iterator[tuple[Share, Found]]:
        """What is found in each share, in the order in which they are done."""
        with _told():
            with _held(signal.SIGINT):
                given = {self._executor.submit(_judge, self._terms, packed((job, share))): share for share in shares}
            for future in as_completed(list(given)):
                yield given.pop(future), unpacked(future.result())

    def close(self) -> None:
        """End the processes, also in the midst of work."""
        self._stop.set()
        self._executor.shutdown(wait=True, cancel_futures=True)


def cores() -> int:
    """The processors that this process may use."""
    if hasattr(os, "process_cpu_count"):
        return os.process_cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def _told() -> Iterator[None]:
    """Say it as other failures are said if a process is lost."""
    try:
        yield
    except BrokenProcessPool:
        raise DefectiveInput([
            Defect("execcheck", "worker-lost", "一个并行进程意外终止（内存不足？）；请减少 --jobs 后重试",
                   "one of the processes ended unexpectedly (out of memory?); try again with fewer --jobs")
        ]) from None  # fmt: skip


@contextmanager
def _held(number: int) -> Iterator[None]:
    """Let a signal wait; processes started meanwhile do not get it until they say so, where systems know this."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {number})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# --- in the workers ---------------------------------------------------------------------------------


class _Stopped(Exception):  # noqa: N818 - it says what happened
    """The work is wanted no longer."""


class _Seat:
    """What a worker keeps from share to share."""

    desk: Desk | None = None
    stop: Flag


def _begin(stop: Flag) -> None:
    """Make a worker ready: it leaves interrupts to the process that started it, and ends with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()
    begin(stop)


def begin(stop: Flag) -> None:
    """Start with an empty desk."""
    _Seat.desk, _Seat.stop = None, stop


def _sit_down(terms: bytes) -> None:
    """Get ready to judge."""
    _desk(terms)


def _desk(terms: bytes) -> Desk:
    desk = _Seat.desk = _Seat.desk or Desk(unpacked(terms))
    return desk


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _judge(terms: bytes, task: bytes) -> bytes:
    job, share = unpacked(task)
    with no_collection():
        return packed(_desk(terms).judge(job, share, _go_on))


def _go_on() -> None:
    if _Seat.stop.is_set():
        raise _Stopped
