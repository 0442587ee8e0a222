"""Edits of limits: periods, dated values, numbers, money and days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from execcheck.dated import Dated, InForce
from execcheck.durations import Period, PeriodError, Unit
from execcheck.mutating.edits import Edit, Edits, turned
from execcheck.policy import Text

FEN = Decimal("0.01")


def period_edits(period: Period, distance: bool = False) -> Edits[Period]:
    """One more, one less; days become working days and back, unless it is a ``distance`` in calendar days."""
    for step in (1, -1):
        try:
            yield _said(period, Period(period.count + step, period.unit), f":{step:+}")
        except PeriodError:
            continue
    other: dict[Unit, Unit] = {"d": "wd", "wd": "d"}
    if period.unit in other and period.count > 1 and not distance:  # one day that rolls is one working day
        unit = other[period.unit]
        yield _said(period, Period(period.count, unit), ":working-days" if unit == "wd" else ":days")


def _said(old: Period, new: Period, op: str) -> Edit[Period]:
    zh, en = f"{old.text('zh')}改为{new.text('zh')}", f"{old.text('en')} become {new.text('en')}"
    return Edit(op, Text(zh, en), new)


def dated_edits(dated: Dated[Period], distance: bool = False) -> Edits[Dated[Period]]:
    """Each value, and each day from which another one holds, changed."""
    for n, (start, value) in enumerate(dated.values):
        place = date.fromordinal(start).isoformat() if start else ""
        for edit in period_edits(value, distance):
            yield edit.within(place, _with(dated, n, start, edit.value))
        if n:
            for step in (1, -1):
                day = date.fromordinal(start + step).isoformat()
                yield turned(place, f"改自{day}起", f"from {day} on", _with(dated, n, start + step, value),
                             f"from{step:+}")  # fmt: skip


def _with(dated: Dated[Period], n: int, start: int, value: Period) -> Dated[Period]:
    return Dated((*dated.values[:n], (start, value), *dated.values[n + 1 :]))


def in_force_edits(days: InForce) -> Edits[InForce]:
    """The law begins or ends a day sooner or later."""
    for step in (1, -1):
        if days.start > 1:
            day = date.fromordinal(days.start + step).isoformat()
            yield turned("from", f"改自{day}起施行", f"in force from {day} on",
                         InForce(days.start + step, days.end), f"{step:+}")  # fmt: skip
        if days.end < InForce().end:
            day = date.fromordinal(days.end + step).isoformat()
            yield turned("to", f"改为施行至{day}", f"in force until {day}",
                         InForce(days.start, days.end + step), f"{step:+}")  # fmt: skip


def constants(value: Any) -> Iterator[tuple[str, Any]]:
    """A number, a sum or a day a little larger and a little smaller."""
    if isinstance(value, bool):
        return
    if isinstance(value, int):
        yield from ((f"{step:+}", value + step) for step in (1, -1))
    elif isinstance(value, Decimal):
        yield from ((f"{step:+}", value + step) for step in (FEN, -FEN))
    elif isinstance(value, date):
        yield from ((f"{step:+}", value + timedelta(days=step)) for step in (1, -1))


def number_edits(value: Any) -> Edits[Any]:
    """The same as edits."""
    for op, other in constants(value):
        yield turned("", f"{value}改为{other}", f"{value} becomes {other}", other, op)
