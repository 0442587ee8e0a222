"""Short cases told event by event to a monitor with every shipped pack, and what the monitor answers, in short."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from execcheck.changes import Changes
from execcheck.events import Event
from execcheck.judgement import Judgement
from execcheck.monitor import Monitor
from lawful import panel
from ruling import events, law

Short = dict[str, Any]
CASE = "（2024）豫0225执1号"
PANEL = panel("h1", "j2", "j3")


def by(person: str, role: str = "handler", department: str = "enforcement") -> Short:
    """An actor; by default one who enforces."""
    return {"id": person, "role": role, "department": department, "quota_judge": True}


def at(time: str, type_: str, **more: Any) -> Short:
    """An event in short form; a time of day is one of the court's zone."""
    when = time if len(time) == 10 else f"{time.replace(' ', 'T')}:00+08:00"
    return {"case": CASE, "time": when, "type": type_, "actor": by("h1"), **more}


FILING = by("f1", "filing_officer", "filing")
BEGUN: tuple[Short, ...] = (
    at("2024-03-01 09:00", "case.filed", id="filed", actor=FILING, subject="money", basis="judgment",
       non_litigation=False, claim="100000.00", debtors=["D1"], creditors=["C1"]),
    at("2024-03-01 10:00", "case.assigned", id="assigned", actor=FILING, handler="h1", method="random"),
    at("2024-03-01 11:00", "query.online", id="queried", channel="national"),
    at("2024-03-01 14:00", "node.disclosed", id="told1", node="case.filed"),
    at("2024-03-01 14:01", "node.disclosed", id="told2", node="case.assigned"),
    at("2024-03-01 15:00", "notice.issued", id="notice"),
    at("2024-03-01 15:10", "property_report.ordered", id="ordered"),
)  # fmt: skip
"""A money case of one debtor, filed on Friday 1 March 2024 and begun on that day as the law asks."""


def sealed(time: str, asset: str = "A1", **more: Any) -> Short:
    """A car of the debtor seized by a full panel, to be sold."""
    return at(time, "asset.controlled", **{
        "asset": asset, "measure": "seal", "kind": "vehicle", "value": "50000.00", "expires": "2026-03-03",
        "rank": "first", "priority": False, "needs_sale": True, "owner": "debtor", "panel": PANEL, **more,
    })  # fmt: skip


def one(short: Short, id_: str = "new") -> Event:
    """One admitted event."""
    (event,) = events({"id": id_, **short})
    return event


def tell(monitor: Monitor, short: Short) -> Changes:
    """What the monitor says to one more event; unless given, its id is its type."""
    return monitor.observe(one(short, short["type"]))


def watch(*story: Short, begun: bool = True) -> Monitor:
    """A monitor that has seen the begun case and what came of it."""
    monitor = Monitor(law())
    for short in (*(BEGUN if begun else ()), *story):
        tell(monitor, short)
    return monitor


def rules(judgements: Iterable[Judgement]) -> list[str]:
    """The rules, without their packs, in order."""
    return sorted(judgement.rule.partition("/")[2] for judgement in judgements)


def days(judgements: Iterable[Judgement]) -> dict[str, str | None]:
    """The due day of each rule."""
    return {j.rule.partition("/")[2]: None if j.due is None else j.due.isoformat() for j in judgements}


def persons(judgements: Iterable[Judgement]) -> dict[str, str | None]:
    """Who owes the duty of each rule: the person, else None."""
    return {j.rule.partition("/")[2]: j.responsible.id if j.responsible else None for j in judgements}
