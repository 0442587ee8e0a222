"""The ten rules as a loop over ``json.loads`` of each line: what somebody writes who needs no library."""

from __future__ import annotations

import csv
import json
from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path

from peers import rules
from peers.acts import (
    Act,
    act,
    actor,
    approved_payout,
    asked,
    before,
    certainly_before,
    first_online,
    major,
    panel_fits,
)
from peers.measuring import serve
from peers.rules import Counts

Case = dict[str, list[Act]]
"""The acts of one case by their type."""


def _read(log: Path) -> tuple[list[Case], date]:
    cases: dict[str, Case] = {}
    seen: set[str] = set()
    last = date.min
    with log.open(encoding="utf-8") as lines:
        for line in lines:
            raw = json.loads(line)
            if raw["id"] in seen:
                continue
            seen.add(raw["id"])
            one = act(raw)
            last = max(last, one.day)
            cases.setdefault(raw["case"], defaultdict(list))[raw["type"]].append(one)
    return list(cases.values()), last


class Judge:
    """Counts the verdicts of all cases."""

    def __init__(self, last: date, working: dict[date, date]) -> None:
        self.last, self.working = last, working
        self.violated: Counter[str] = Counter()
        self.pending: Counter[str] = Counter()

    def case(self, case: Case) -> None:
        self.deadline(rules.RECORDING, case, "recording.completed", "recording.uploaded", "recording", _days(3))
        self.deadline(rules.ARCHIVED, case, "case.closed", "case.archived", None, _month)
        self.deadline(rules.CONFIRMATION, case, "auction.paid", "auction.confirmation_served", "asset", _days(10))
        self.deadline(rules.CLUE, case, "clue.provided", "clue.verified", "clue", _days(7))
        self.price(case)
        for one in case.get("auction.announced", ()):
            if first_online(one):
                chosen = case.get("auction.platform_selected", ())
                self.preceded(rules.PLATFORM, one, (p for p in chosen if asked(p) and p.on("asset") == one.on("asset")))
        for one in case.get("termination.ruled", ()):
            self.preceded(rules.INTERVIEW, one, case.get("interview.held", ()))
        self.violated[rules.PAYOUT] += sum(not approved_payout(one) for one in case.get("payment.disbursed", ()))
        self.violated[rules.PANEL] += sum(major(one) and not panel_fits(one) for acts in case.values() for one in acts)
        for one in case.get("coercion.review_decided", ()):
            imposers = {actor(a) for a in case.get("coercion.imposed", ()) if certainly_before(a, one)}
            deciders = {actor(one), *(member["id"] for member in one.raw.get("panel", ()))}
            self.violated[rules.REVIEW] += bool(imposers & deciders)

    def preceded(self, rule: str, one: Act, needed: Iterable[Act]) -> None:
        self.violated[rule] += not any(before(other, one) for other in needed)

    def deadline(
        self, rule: str, case: Case, when: str, then: str, per: str | None, period: Callable[[date], date]
    ) -> None:
        for one in case.get(when, ()):
            if rule == rules.CLUE and one.says("urgent"):
                continue
            due = self.working[period(one.day)]
            met = any(
                before(one, other) and other.day <= due
                for other in case.get(then, ()) if per is None or other.on(per) == one.on(per)
            )  # fmt: skip
            self.missed(rule, due, met)

    def missed(self, rule: str, due: date | None, met: bool) -> None:
        if not met and due is not None and self.last > due:
            self.violated[rule] += 1
        elif not met:
            self.pending[rule] += 1

    def price(self, case: Case) -> None:
        for one in case.get("asset.controlled", ()):
            if one.says("needs_sale") is not True or (one.says("rank") or "first") != "first":
                continue
            start = max(one.day, min((filed.day for filed in case.get("case.filed", ())), default=one.day))
            last = _thirtieth_running_day(start, _stops(case))
            due = None if last is None else self.working[last]
            ends = [end for kind in ("price.determined", *rules.ENDS_PRICING) for end in case.get(kind, ())]
            met = any(
                end.on("asset") == one.on("asset") and before(one, end) and (due is None or end.day <= due)
                for end in ends
            )  # fmt: skip
            self.missed(rules.PRICE, due, met)


def _days(count: int) -> Callable[[date], date]:
    return lambda day: day + timedelta(days=count)


def _month(day: date) -> date:
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _stops(case: Case) -> list[tuple[date, date]]:
    """From the opening day up to but not including the closing one; without an end, to the end of time."""
    stops = []
    for opening, closings in (
        ("suspension.ordered", ("suspension.ended",)),
        ("settlement.reached", ("settlement.breached", "settlement.performed", "case.closed")),
    ):
        for begin in case.get(opening, ()):
            ends = [end.day for kind in closings for end in case.get(kind, ()) if before(begin, end)]
            stops.append((begin.day, min(ends, default=date.max)))
    return stops


def _thirtieth_running_day(start: date, stops: list[tuple[date, date]]) -> date | None:
    day, counted = start, 0
    while counted < 30:
        day += timedelta(days=1)
        standing = [end for begin, end in stops if begin <= day < end]
        if date.max in standing:
            return None
        counted += not standing
    return day


def count(log: Path, working_days: Path) -> Counts:
    """Read the log once, then judge case by case."""
    with working_days.open(encoding="utf-8", newline="") as table:
        working = {date.fromisoformat(row["day"]): date.fromisoformat(row["working"]) for row in csv.DictReader(table)}
    cases, last = _read(log)
    judge = Judge(last, working)
    for case in cases:
        judge.case(case)
    return Counts(judge.violated, judge.pending)


if __name__ == "__main__":
    serve(count)
