"""How long judging alone takes: the families of a log are fed to a monitor and judged, several times over.

    python benchmarks/generate.py --cases 1000 --seed 1 --out /tmp/log.jsonl
    python benchmarks/judging.py /tmp/log.jsonl

Prints the median in processor microseconds an event. To compare two trees, alternate runs of both: the speed of a
shared machine drifts. The cycle collector is off, as it is in a check.
"""

from __future__ import annotations

import argparse
import gc
from pathlib import Path
from statistics import median
from time import process_time

from execcheck import Logs, Monitor, load_law


def measure(path: Path, rounds: int) -> float:
    """Microseconds an event, the median of some rounds."""
    law = load_law()
    monitor = Monitor(law)
    for event in Logs([str(path)], law.vocabulary, law.definitions.cases):
        monitor.take(event)
    now = monitor.last_moment()
    gc.disable()
    events = monitor.outcome(now).events  # due days are looked up from then on
    times = []
    for _ in range(rounds):
        start = process_time()
        monitor.outcome(now)
        times.append(process_time() - start)
    return median(times) / events * 1e6


def main() -> None:
    """Print the figure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("log", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    print(f"{measure(given.log, given.rounds):.2f} µs an event")


if __name__ == "__main__":
    main()
