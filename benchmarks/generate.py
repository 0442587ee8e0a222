"""Write a large, realistic log of enforcement cases: ``python benchmarks/generate.py --cases 10000 --out log.jsonl``.

Every case has 60 events and stands together in the file. A case is one of a few shapes (performed, terminated,
open), with days, amounts and people drawn from a seeded generator, and now and then one breach. The same
arguments give the same bytes. A shape is compiled once to one text with places for the drawn values, so that
writing costs one formatting per case; all acts fall on working days of China.
"""

from __future__ import annotations

import argparse
import json
import sys
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Final, TextIO

from chinese_calendar import is_workday

from shapes import (
    ACTORS,
    BREACH_RATE,
    BREACHES,
    EVENTS_PER_CASE,
    PANEL,
    SHAPES,
    SHARES,
    SIGNED_OFF,
    STAGES,
    Breach,
    Row,
)

FIRST_DAY, LAST_DAY = date(2022, 1, 4), date(2025, 12, 31)
CLOSED_FILED_UNTIL = date(2025, 1, 10)
OPEN_FILED = (date(2025, 8, 4), date(2025, 8, 22))
COURTS: Final = ("0102", "0105", "0122", "0225", "0302", "0402", "0502", "0702", "1002", "1302")


def _json(number: int, row: Row) -> str:
    event: dict[str, Any] = {
        "id": f"%(n)s-{number:02d}",
        "case": "%(case)s",
        "type": row.type,
        "time": f"%(day:{row.stage}.{row.offset})sT{row.clock}:00+08:00",
    }
    if row.actor:
        event["actor"] = ACTORS[row.actor]
    if row.panel:
        event["panel"] = PANEL
    signed_off = row.actor in ("handler", "disposer") and row.type.startswith(SIGNED_OFF)
    if approvals := row.approvals or (("team_leader",) if signed_off else ()):
        event["approvals"] = [{"id": f"{role[:2]}%(court)s", "role": role} for role in approvals]
    for key, part in (("objects", row.objects), ("data", row.data)):
        if part:
            event[key] = part
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")) + "\n"


@cache
def _template(shape: str, breach: Breach | None) -> str:
    rows = list(SHAPES[shape])
    if breach is not None and breach.change is not None:
        rows = [breach.change(row) if row.type == breach.type else row for row in rows]
    rows.sort(key=lambda row: (row.stage, row.offset, row.clock))
    return "".join(_json(number, row) for number, row in enumerate(rows, 1))


class _Values(dict[str, str]):
    """The drawn values of one case; ``day:S.O`` is looked up in its stages."""

    def __init__(self, days: Sequence[str], starts: Sequence[int], values: Mapping[str, str]) -> None:
        super().__init__(values)
        self._days, self._starts = days, starts

    def __missing__(self, key: str) -> str:
        stage, offset = key.removeprefix("day:").split(".")
        found = self[key] = self._days[self._starts[int(stage)] + int(offset)]
        return found


def _money(amount: int) -> str:
    return f"{amount}.00"


def _amounts(random: Random) -> dict[str, str]:
    claim = random.randrange(50_000, 2_000_000, 100)
    price = claim * 95 // 100
    start = price * 75 // 100
    return {
        "claim": _money(claim), "deposit": _money(claim // 10), "estate": _money(claim * 9 // 10),
        "price": _money(price), "start": _money(start), "bond": _money(start // 10),
        "sold": _money(claim * 9 // 10), "small": _money(random.randrange(500, 20_000)),
    }  # fmt: skip


def _people(random: Random, court: str) -> dict[str, str]:
    first = random.randrange(0, 40)
    names = {who: f"j{court}{first + step:02d}" for step, who in enumerate(("handler", "second", "third", "disposer"))}
    return {**names, "assistant": f"a{court}{first:02d}", "team": f"T{first // 8}"}


@dataclass(frozen=True)
class _Days:
    """The working days, and the span in which the cases of a shape are filed, as places among them."""

    all: Sequence[date]
    text: Sequence[str]
    filed: Mapping[str, range]


def _calendar() -> _Days:
    span = (LAST_DAY - FIRST_DAY).days
    days = [day for day in (FIRST_DAY + timedelta(days=n) for n in range(span + 1)) if is_workday(day)]
    closed = range(2, bisect_left(days, CLOSED_FILED_UNTIL))
    still_open = range(bisect_left(days, OPEN_FILED[0]), bisect_left(days, OPEN_FILED[1]))
    filed = {shape: still_open if shape == "open" else closed for shape in SHAPES}
    return _Days(days, [day.isoformat() for day in days], filed)


def _breach(random: Random, shape: str) -> Breach | None:
    if random.random() >= BREACH_RATE:
        return None
    return random.choice([one for one in BREACHES if shape in one.shapes])


def _starts(random: Random, shape: str, breach: Breach | None, start: int) -> list[int]:
    """Where each stage begins among the working days."""
    late = breach.late_stage if breach is not None else None
    starts = []
    for stage, (least, chance) in enumerate(STAGES[shape]):
        start += least + random.randint(0, chance) + (late[1] if late is not None and late[0] == stage else 0)
        starts.append(start)
    return starts


def cases(count: int, seed: int) -> Iterator[str]:
    """The JSON lines of ``count`` cases, one text of 60 lines for each case."""
    random, days = Random(seed), _calendar()
    for number in range(1, count + 1):
        shape = random.choices(list(SHARES), list(SHARES.values()))[0]
        breach = _breach(random, shape)
        starts = _starts(random, shape, breach, random.choice(days.filed[shape]))
        filed, court = days.all[starts[0]], random.choice(COURTS)
        values = {
            "n": f"c{number:06d}", "case": f"（{filed.year}）豫{court}执{number}号", "court": court,
            "in_a_year": (filed + timedelta(days=360)).isoformat(),
            "in_three_years": (filed + timedelta(days=1090)).isoformat(),
            **_amounts(random), **_people(random, court),
        }  # fmt: skip
        yield _template(shape, breach) % _Values(days.text, starts, values)


def write(out: TextIO, count: int, seed: int) -> int:
    """Write the log; returns the number of events."""
    out.writelines(cases(count, seed))
    return count * EVENTS_PER_CASE


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--cases", type=int, default=1000, help="number of cases of 60 events (default 1000)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same log (default 1)")
    parser.add_argument("--out", type=Path, help="file to write (default: standard output)")
    options = parser.parse_args(arguments)
    if options.out is None:
        write(sys.stdout, options.cases, options.seed)
        return
    with options.out.open("w", encoding="utf-8", newline="\n") as out:
        events = write(out, options.cases, options.seed)
    print(f"{events} events, {options.out.stat().st_size / max(events, 1):.0f} bytes each", file=sys.stderr)


if __name__ == "__main__":
    main()
