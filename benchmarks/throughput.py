"""How fast a log is checked on one core, where the time goes, and how much memory it takes.

    python benchmarks/generate.py --cases 10000 --seed 1 --out /tmp/log.jsonl
    python benchmarks/throughput.py /tmp/log.jsonl

Times are processor seconds. ``decoding`` is both passes over the file without judging anything: the first
look and the admitted events. ``json.loads`` of the same lines is given as a yardstick for the machine.
"""

from __future__ import annotations

import argparse
import gc
import json
import resource
from collections.abc import Callable, Iterable
from pathlib import Path
from time import process_time

from execcheck import Logs, check, load_law


def _seconds(work: Callable[[], object]) -> float:
    start = process_time()
    work()
    return process_time() - start


def _drain(items: Iterable[object]) -> int:
    return sum(1 for _ in items)


def measure(path: Path) -> dict[str, float]:
    """Seconds of each part, events per second, and the peak of resident memory in MiB."""
    law = load_law()
    logs = Logs([str(path)], law.vocabulary, law.definitions.cases)
    report = None

    def whole() -> None:
        nonlocal report
        report = check(logs, law)

    total = _seconds(whole)
    assert report is not None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    gc.disable()
    look, events = _seconds(lambda: _drain(logs.glances())), _seconds(lambda: _drain(logs))
    gc.enable()
    with path.open("rb") as lines:
        yardstick = _seconds(lambda: _drain(map(json.loads, lines)))
    count = report.summary.events
    return {
        "events": count, "cases": report.summary.cases, "violated": report.summary.violated,
        "total_s": total, "events_per_s": count / total, "first_look_s": look, "events_s": events,
        "share_of_decoding": (look + events) / total, "json_loads_s": yardstick,
        "times_json_loads": total / yardstick, "peak_rss_mib": peak,
    }  # fmt: skip


def main() -> None:
    """Print one line for each figure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("log", type=Path)
    for name, value in measure(parser.parse_args().log).items():
        print(f"{name:18} {value:,.2f}")


if __name__ == "__main__":
    main()
