"""How fast a live monitor answers, and how much it remembers: events one by one, the cases interleaved in time.

    python benchmarks/live.py --cases 2000 --seed 1 --rules ten --rules all
    python benchmarks/live.py --cases 2000 --rules all --read

Every call of ``Monitor.observe`` is timed by itself, in wall time, or with ``--processor`` in the thread's processor
time, which other work on the machine disturbs less. With ``--read`` the judgements in the changes are
read within that time, so that their texts are written; without it nobody reads them. Memory is what Python has
allocated for each open case, with everything but the monitor let go, in a process of its own: the first 40 events of
each case, the cases kept ready (``warm``) being the default and none.
"""

from __future__ import annotations

import argparse
import gc
import tracemalloc
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from time import perf_counter_ns, thread_time_ns
from typing import Final

from execcheck import Changes, Event, Law, Logs, Monitor, load_law
from execcheck.order import sort_events
from generate import write
from peers.rules import RULES

LAWS: Final[dict[str, Callable[[], Law]]] = {
    "ten": lambda: load_law().selected(RULES),
    "henan": lambda: load_law(["henan-2021"]),
    "all": load_law,
}
Clock = Callable[[], int]
KINDS: Final = ("found", "retracted", "opened", "settled")
WARM: Final = 1000
OPEN_EVENTS: Final = 40
"""So many events of a case are fed where memory is measured: the case is then in hand, not closed."""


@dataclass(frozen=True)
class Speed:
    """Microseconds of single calls, and what they told."""

    events: int
    told: int  # calls after which something had changed
    kinds: Counter[str]  # judgements by kind; only where they were read
    seconds: float
    p50: float
    p99: float
    p999: float


def interleaved(path: Path, law: Law) -> list[Event]:
    """The events of a log in the order of time, whatever case they belong to."""
    return sort_events(list(Logs([str(path)], law.vocabulary, law.definitions.cases)))


def speed(path: Path, rules: str, warm: int, *, read: bool, clock: Clock = perf_counter_ns) -> Speed:
    """Feed a log and time each call."""
    law = LAWS[rules]()
    events = interleaved(path, law)
    monitor = Monitor(law, warm=warm)
    kinds: Counter[str] = Counter()
    nanoseconds: list[int] = []
    told = 0
    gc.collect()
    gc.freeze()  # the events at hand are the benchmark's; a host does not hold them
    for event in events:
        start = clock()
        changes = monitor.observe(event)
        if read:
            count(changes, kinds)
        nanoseconds.append(clock() - start)
        told += bool(changes)
    gc.unfreeze()
    cuts = quantiles(nanoseconds, n=1000)
    return Speed(len(events), told, kinds, sum(nanoseconds) / 1e9, *(cuts[place] / 1000 for place in (499, 989, 998)))


def count(changes: Changes, kinds: Counter[str]) -> None:
    """Read the judgements; their texts are written by that."""
    for kind in KINDS:
        kinds[kind] += len(getattr(changes, kind))


def memory(path: Path, rules: str, warm: int) -> tuple[float, int]:
    """KiB for each open case, and the number of cases; to be called in a process of its own."""
    law = LAWS[rules]()
    monitor = Monitor(law, warm=warm)
    fed: Counter[str] = Counter()
    tracemalloc.start()
    for event in Logs([str(path)], law.vocabulary, law.definitions.cases):
        fed[event.case] += 1
        if fed[event.case] < OPEN_EVENTS:
            monitor.take(event)  # what comes before the last is told with it, which is quicker under tracemalloc
        elif fed[event.case] == OPEN_EVENTS:
            monitor.observe(event)
    cases = len(fed)
    del event
    fed.clear()
    gc.collect()
    held, _ = tracemalloc.get_traced_memory()
    return held / 1024 / cases, cases


def alone(work: Callable[..., tuple[float, int]], *given: object) -> tuple[float, int]:
    """Do some work in a fresh process."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *given).result()


def show(path: Path, rules: Sequence[str], warm: int, clock: Clock, *, read: bool, remember: bool) -> None:
    """Print a line of a Markdown table for each choice of rules."""
    print("| rules | events | events/s | p50, µs | p99, µs | p99.9, µs | calls that told a change |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    lines = []
    for name in rules:
        found = speed(path, name, warm, read=read, clock=clock)
        print(f"| {name} ({len(LAWS[name]().rules)}) | {found.events:,} | {found.events / found.seconds:,.0f} "
              f"| {found.p50:,.0f} | {found.p99:,.0f} | {found.p999:,.0f} | {found.told:,} |")  # fmt: skip
        if read:
            lines.append(f"{name}: judgements read: " + ", ".join(f"{kind} {found.kinds[kind]:,}" for kind in KINDS))
    for name in rules if remember else ():
        for kept in dict.fromkeys((warm, 0)):
            each, cases = alone(memory, path, name, kept)
            lines.append(f"{name}: {each:.1f} KiB for each of {cases:,} open cases, warm={kept}")
    print("".join(f"\n- {line}" for line in lines))


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rules", action="append", choices=list(LAWS), help="may be repeated (default: ten, all)")
    parser.add_argument("--warm", type=int, default=WARM, help="groups of cases kept ready (default: the monitor's)")
    parser.add_argument("--read", action="store_true", help="read the judgements in the changes, as a host would")
    parser.add_argument("--processor", action="store_true", help="processor time instead of wall time")
    parser.add_argument("--no-memory", action="store_true", help="time only")
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "log.jsonl"
        with path.open("w", encoding="utf-8", newline="\n") as out:
            write(out, given.cases, given.seed)
        clock = thread_time_ns if given.processor else perf_counter_ns
        rules = given.rules or ["ten", "all"]
        show(path, rules, given.warm, clock, read=given.read, remember=not given.no_memory)


if __name__ == "__main__":
    main()
