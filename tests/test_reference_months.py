"""Of an event only the month is known: the rule is broken only if it is broken on every day of that month.

The reference does not know months. It is asked about each day instead, and each of its worlds must agree. That holds
of the kinds below. It is known not to hold always where a condition asks for a span or for an earlier event
(``during``, ``event.field``), of the other kinds in rare cases, and of totals about triggers of a month.
"""

from __future__ import annotations

import random
import re
import sys
from datetime import date

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from execcheck.events import Event, Month
from execcheck.judgement import Verdict
from execcheck.judging import Judging
from execcheck.lawbook import Law
from random_kinds import KINDS, rule_text
from random_streams import stream
from randomlogs import END, few, law
from reference import evaluate
from ruling import book

Duty = tuple[str, frozenset[tuple[str, str]]]


def blurred(log: list[Event], dice: random.Random) -> tuple[list[Event], list[list[Event]]]:
    """The log with only the month of one event known, and the logs of all the days on which it may have happened."""
    one = dice.choice(log)
    rest = [event for event in log if event is not one]
    first = date.fromordinal(one.day).replace(day=1)
    month = Month(first.year, first.month, 1)
    known = evolve(one, time=month, day=first.toordinal())
    days = [date.fromordinal(n) for n in range(first.toordinal(), month.last.toordinal() + 1)]
    return [*rest, known], [[*rest, evolve(one, time=day, day=day.toordinal())] for day in days]


def accused(only: Law, log: list[Event]) -> set[Duty]:
    """The duties that the engine finds broken."""
    found = Judging(only).outcome(log, END).judgements
    return {(j.trigger.id, frozenset(j.objects.items())) for j in found if j.verdict is Verdict.VIOLATED}


def looks_back(text: str) -> bool:
    """Whether a condition of a rule asks what an earlier event said, or for a span."""
    paths = re.findall(r'"([\w.|]+)":', text)
    return (
        any("." in path and path.split(".")[0] not in ("actor", "case", "object") for path in paths) or "during" in text
    )


def never_accuses_beyond_doubt(kind: str, seed: int) -> int:
    """Compare one random rule on one stream; how many accusations stood."""
    text, _ = rule_text(law().vocabulary, seed, kind)
    if looks_back(text):
        return 0
    only, (log, worlds) = book(text), blurred(stream(text, seed), random.Random(seed))
    broken = accused(only, log)
    for world in worlds if broken else ():
        said = evaluate(only, world, END)
        certain = {(one.trigger, one.objects) for one in said if one.verdict == "violated"}
        assert broken <= certain, f"{text}\n{[(e.id, e.type, str(e.time)) for e in world]}\n{broken - certain}\n{log}"
    return len(broken)


@pytest.mark.parametrize("kind", ["precedence", "interval", "absence"])
@few
@given(seed=st.integers(0, 10**9))
def test_an_event_of_a_month_accuses_only_if_every_day_of_it_does(kind: str, seed: int) -> None:
    never_accuses_beyond_doubt(kind, seed)


if __name__ == "__main__":  # python tests/test_reference_months.py COUNT
    for kind in KINDS:
        bad = count = 0
        for number in range(int(sys.argv[1])):
            try:
                count += never_accuses_beyond_doubt(kind, number)
            except AssertionError as error:
                bad += 1
                if bad == 1:
                    print(str(error)[:3000])
        print(kind, count, "accusations;", bad, "wrong")
