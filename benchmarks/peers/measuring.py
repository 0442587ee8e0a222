"""What every peer shares: its command line, the clock around its work, and the line of JSON that it prints.

Nothing here reads events: that is the peer's own work, and is timed.
"""

from __future__ import annotations

import argparse
import csv
import gc
import json
import resource
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter, process_time

from execcheck import Calendar
from peers.rules import Counts

Work = Callable[[Path, Path], Counts]
"""Counts the violations of a log (the first path) with the table of working days (the second)."""

FIRST_DAY, LAST_DAY = date(2021, 1, 1), date(2027, 12, 31)


def write_working_days(path: Path) -> None:
    """Write execcheck's calendar as a table: for each day the first working day from it on (``day,working``)."""
    calendar = Calendar.load()
    with path.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out)
        table.writerow(("day", "working"))
        for number in range((LAST_DAY - FIRST_DAY).days + 1):
            day = FIRST_DAY + timedelta(days=number)
            table.writerow((day, date.fromordinal(calendar.next_working(day.toordinal()))))


def paths() -> tuple[Path, Path, list[str]]:
    """The command line of a peer: ``python -m peers.NAME LOG WORKING_DAYS``, and rules where it can be narrowed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("log", type=Path)
    parser.add_argument("working_days", type=Path)
    parser.add_argument("rules", nargs="*")
    given = parser.parse_args()
    return given.log, given.working_days, given.rules


def serve(work: Work, cannot: Mapping[str, str] | None = None) -> None:
    """Do the work of a peer and print what it counted and took, as a line of JSON.

    ``cannot`` names the rules that the peer cannot say, each with the reason.
    """
    log, working_days, _ = paths()
    gc.collect()
    wall, processor = perf_counter(), process_time()
    counts = work(log, working_days)
    seconds, busy = perf_counter() - wall, process_time() - processor
    told = {
        "violated": dict(counts.violated), "pending": dict(counts.pending), "cannot": dict(cannot or {}),
        "seconds": seconds, "busy": busy, "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }  # fmt: skip
    print(json.dumps(told))
