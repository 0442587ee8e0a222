"""execcheck itself, narrowed to the ten rules: from the file to the report, law book loaded before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from execcheck import Law, Logs, check, load_law
from peers.measuring import paths, serve
from peers.rules import RULES, Counts


@cache
def narrowed(rules: tuple[str, ...]) -> Law:
    """The shipped law book with only these rules, and no lifecycles."""
    return load_law().selected(rules)


def count(log: Path, working_days: Path, rules: Iterable[str] = RULES) -> Counts:
    """Check the log; the calendar is execcheck's own, from which the table of working days was made."""
    law = narrowed(tuple(rules))
    report = check(Logs([str(log)], law.vocabulary, law.definitions.cases), law)
    if report.inconclusive:
        raise ValueError(f"the log leaves {len(report.inconclusive)} judgements open; the peers know no such verdict")
    return Counts(Counter(one.rule for one in report.violations), Counter(one.rule for one in report.pending))


if __name__ == "__main__":
    wanted = tuple(paths()[2] or RULES)
    narrowed(wanted)  # the law book is read before the clock starts, as libraries are imported
    serve(lambda log, working_days: count(log, working_days, wanted))
