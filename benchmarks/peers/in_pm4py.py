"""Those of the ten rules that pm4py can say, with its Declare constraints and its filter of what follows what.

pm4py is under the AGPL: a program that ships with it falls under it as a whole. It is imported here only, for the
comparison, from an environment of its own (``requirements.txt``), and is no dependency of execcheck.

Both tools answer for a whole trace, not for each trigger. A trace here is what a rule ties together: a case, a case
and an asset, a case and a person. The counts agree because no trace of the log holds two triggers of one rule.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pandas as pd
import pm4py

from peers import rules
from peers.measuring import serve
from peers.rules import Counts
from peers.seconds import FIRST, LAST, place

SECONDS = "its time bounds are fixed seconds: no legal calendar, no months, no rollover over rest days"
LISTS = "an event has one value for each attribute and one resource: no lists of approvers with times, no panels"
CANNOT: Final = {
    **dict.fromkeys(rules.DEADLINES, SECONDS),
    rules.PRICE: SECONDS + ", no clock that stops",
    rules.PAYOUT: LISTS,
    rules.PANEL: LISTS,
}
PRECEDENCE: Final = "precedence"


def _read(log: Path) -> pd.DataFrame:
    frame = pd.read_json(log, lines=True, dtype=False, convert_dates=False, encoding="utf-8")
    frame = frame[frame["type"].isin(FIRST | LAST)].drop_duplicates("id")
    places = [place(kind, time) for kind, time in zip(frame["type"], frame["time"], strict=True)]
    frame = frame.assign(seconds=[at for at, _ in places], late=[late for _, late in places])
    return frame.sort_values(["seconds", "late"], kind="stable")


def _trace(frame: pd.DataFrame, trace: list[str], activity: list[str]) -> pd.DataFrame:
    """The columns that pm4py wants, trace by trace in the order of time."""
    return pd.DataFrame({
        "case:concept:name": trace, "concept:name": activity,
        "time:timestamp": pd.to_datetime(frame["seconds"].to_numpy(), unit="s", utc=True),
    }).sort_values("case:concept:name", kind="stable", ignore_index=True)  # fmt: skip


def _unpreceded(traces: pd.DataFrame, needed: str, act: str) -> int:
    """Traces in which the act stands without what must precede it."""
    model = {PRECEDENCE: {(needed, act): {"support": 1, "confidence": 1.0}}}
    return sum(bool(trace["deviations"]) for trace in pm4py.conformance_declare(traces, model))


def _interview(frame: pd.DataFrame) -> int:
    wanted = frame[frame["type"].isin(["interview.held", "termination.ruled"])]
    traces = _trace(wanted, list(wanted["case"]), list(wanted["type"]))
    return _unpreceded(traces, "interview.held", "termination.ruled")


def _platform(frame: pd.DataFrame) -> int:
    """Fields are no part of a constraint: they are written into the name of the activity first."""
    wanted = frame[frame["type"].isin(["auction.platform_selected", "auction.announced"])]
    trace = [f"{case} {about['asset']}" for case, about in zip(wanted["case"], wanted["objects"], strict=True)]
    names = [_auction(kind, data) for kind, data in zip(wanted["type"], wanted["data"], strict=True)]
    return _unpreceded(_trace(wanted, trace, names), "applicant asked", "first online auction")


def _auction(kind: str, data: dict[str, Any]) -> str:
    if kind == "auction.announced":
        return "first online auction" if data["mode"] == "online" and data.get("round", 1) == 1 else "auction"
    asked = data.get("selected_by") == "applicant" or data.get("applicant_consulted") is True
    return "applicant asked" if asked else "applicant not asked"


def _review(frame: pd.DataFrame) -> int:
    """The four-eyes filter compares one resource; so each person of an event becomes a line, traced by that person."""
    rows = []
    for kind, case, actor, panel, seconds in frame[["type", "case", "actor", "panel", "seconds"]].itertuples(False):
        if kind in ("coercion.imposed", "coercion.review_decided"):
            members = panel if kind == "coercion.review_decided" and isinstance(panel, list) else ()
            rows += [(f"{case} {who}", kind, seconds) for who in {actor["id"], *(one["id"] for one in members)}]
    lines = pd.DataFrame(rows, columns=["trace", "type", "seconds"])
    traces = _trace(lines, list(lines["trace"]), list(lines["type"]))
    found = pm4py.filter_eventually_follows_relation(traces, [("coercion.imposed", "coercion.review_decided")])
    return len({trace.rpartition(" ")[0] for trace in found["case:concept:name"]})


def count(log: Path, working_days: Path) -> Counts:
    """Read the log into a data frame, then ask rule by rule; the working days are of no use here."""
    frame = _read(log)
    return Counts({rules.PLATFORM: _platform(frame), rules.INTERVIEW: _interview(frame), rules.REVIEW: _review(frame)})


if __name__ == "__main__":
    serve(count, CANNOT)
