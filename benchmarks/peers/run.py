"""The ten rules by every peer, side by side: the counts first, and times only where the counts agree.

    cd benchmarks
    python -m peers.run --cases 10000 --seed 1 --rounds 5

Writes a log and the table of working days, runs each peer that is installed in a process of its own, and prints a
Markdown table of medians. Exit status 1 where the counts of a peer differ.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, Final

from peers.log import write
from peers.measuring import write_working_days
from peers.rules import RULES, Counts, differences

PEERS: Final[Mapping[str, str]] = {
    "in_execcheck": "execcheck",
    "by_hand": "Python, json.loads",
    "in_duckdb": "DuckDB",
    "in_polars": "Polars",
    "in_pm4py": "pm4py",
    "in_behave_rv": "behave-rv",
}
NEEDS: Final[Mapping[str, str]] = {
    "in_duckdb": "duckdb", "in_polars": "polars", "in_pm4py": "pm4py", "in_behave_rv": "behave_rv",
}  # fmt: skip


@dataclass(frozen=True)
class Run:
    """One run of one peer: what it counted, and what it took.

    ``seconds`` (wall) and ``busy`` (processor, of all threads) run from the file to the counts, ``process`` is the wall
    time of the whole process, with imports and, for execcheck, the reading of the law book.
    """

    counts: Counts
    cannot: Mapping[str, str]
    seconds: float
    busy: float
    process: float
    peak_mib: float

    @property
    def said(self) -> list[str]:
        """The rules that the peer can say."""
        return [rule for rule in RULES if rule not in self.cannot]


def run_peer(name: str, log: Path, working_days: Path, only: Sequence[str] = ()) -> Run:
    """Run one peer; raises ``RuntimeError`` with its last words where it fails.

    ``only`` narrows the rules, where the peer can be narrowed.
    """
    command = [sys.executable, "-m", f"peers.{name}", str(log), str(working_days), *only]
    begin = perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[1], check=False)
    process = perf_counter() - begin
    if done.returncode:
        raise RuntimeError(f"peers.{name} failed: {done.stderr.strip()[-2000:]}")
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    counts = Counts(told["violated"], told["pending"])
    return Run(counts, told["cannot"], told["seconds"], told["busy"], process, told["peak_mib"])


def installed(name: str) -> bool:
    """Whether the library of a peer is at hand, asked in a process of its own."""
    need = NEEDS.get(name)
    probe = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({need!r}) is None)"
    return need is None or not subprocess.run([sys.executable, "-c", probe], check=False).returncode


def row(name: str, runs: Sequence[Run], same_rules: float | None) -> str:
    """A line of the table, of medians."""
    first = runs[0]
    wall, busy, process = (median(one) for one in zip(*((r.seconds, r.busy, r.process) for r in runs), strict=True))
    other = "" if same_rules is None else f"{same_rules:.2f}"
    peak = median(run.peak_mib for run in runs)
    return f"| {name} | {len(first.said)} | {busy:.2f} | {other} | {wall:.2f} | {process:.2f} | {peak:,.0f} |"


def compare(log: Path, working_days: Path, rounds: int) -> bool:
    """Print the comparison; whether every peer counted what execcheck counts."""
    names = [name for name in PEERS if installed(name)]
    runs: dict[str, list[Run]] = {name: [] for name in names}
    wrong: dict[str, list[str]] = {}
    for _ in range(rounds):
        for name in [one for one in names if one not in wrong]:
            runs[name].append(run_peer(name, log, working_days))
            expected = runs["in_execcheck"][0].counts
            if found := differences(expected, runs[name][-1].counts, runs[name][-1].said):
                wrong[name] = found
    print_counts(runs["in_execcheck"][0].counts)
    print("\n| | rules | processor, s | execcheck on these rules, processor s | wall, s | process, s | peak, MiB |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    for name, done in runs.items():
        if name in wrong:
            print(f"| {PEERS[name]} | counts differ, no time is told | | | | | |")
            continue
        fewer = None
        if done[0].cannot:
            again = (run_peer("in_execcheck", log, working_days, done[0].said) for _ in range(rounds))
            fewer = median(run.busy for run in again)
        print(row(PEERS[name], done, fewer))
    print_reasons(runs, wrong)
    return not wrong


def print_counts(counts: Counts) -> None:
    """What execcheck finds, rule by rule."""
    print("| rule | violated | pending |\n|---|--:|--:|")
    for rule in RULES:
        print(f"| {rule} | {counts.violated.get(rule, 0):,} | {counts.pending.get(rule, 0):,} |")


def print_reasons(runs: Mapping[str, Sequence[Run]], wrong: Mapping[str, Sequence[str]]) -> None:
    """Which peers were not there, which rules a peer cannot say and why, and where counts differ."""
    print()
    for name, shown in PEERS.items():
        if name not in runs:
            print(f"- {shown}: not installed")
            continue
        for reason in dict.fromkeys(runs[name][0].cannot.values()):
            those = [rule for rule, why in runs[name][0].cannot.items() if why == reason]
            print(f"- {shown} cannot say {', '.join(those)}: {reason}")
        for line in wrong.get(name, ()):
            print(f"- {shown} differs: {line}")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        log, working_days = Path(folder) / "log.jsonl", Path(folder) / "working-days.csv"
        lines = write(log, given.cases, given.seed)
        write_working_days(working_days)
        mib = log.stat().st_size / 2**20
        print(f"{given.cases:,} cases, {lines:,} lines, {mib:,.0f} MiB, seed {given.seed}, {given.rounds} rounds\n")
        same = compare(log, working_days, given.rounds)
    sys.exit(0 if same else 1)


if __name__ == "__main__":
    main()
