"""Random logs for properties: the example cases after random edits, and random events of the vocabulary."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from copy import deepcopy
from datetime import date, timedelta
from functools import cache
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from execcheck.events import Event
from execcheck.judgement import Judgement, Report
from execcheck.lawbook import Law, load_law
from execcheck.monitor import Monitor
from execcheck.vocabulary import Field
from lawful import EXAMPLES, Raw, admitted, lawful_case, read_log

few = settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
more = settings(few, max_examples=40)

PERSONS = ("u1", "u2", "h1", "h2", "r1", "p1")
SEEDS = (lawful_case(), read_log(EXAMPLES / "breached-case.jsonl"))
END = date(2024, 6, 30)


@cache
def law() -> Law:
    """Every shipped rule."""
    return load_law()


# --- logs: the two example cases after random edits ------------------------------------------------


def _drop(log: list[Raw], at: int, by: int) -> None:
    del log[at]


def _shift(log: list[Raw], at: int, by: int) -> None:
    for name in ("time", "recorded"):
        if name in log[at]:
            text = log[at][name]
            log[at][name] = (date.fromisoformat(text[:10]) + timedelta(days=by)).isoformat() + text[10:]


def _other_person(log: list[Raw], at: int, by: int) -> None:
    person = PERSONS[by % len(PERSONS)]
    data = log[at].get("data", {})
    if "handler" in data:
        data["handler"] = person
    log[at]["actor"] = {**log[at].get("actor", {}), "id": person}


def _day_only(log: list[Raw], at: int, by: int) -> None:
    log[at]["time"] = log[at]["time"][:10]


def _again(log: list[Raw], at: int, by: int) -> None:
    ids = {event["id"] for event in log}
    name = next(f"again-{n}" for n in range(len(log) + 1) if f"again-{n}" not in ids)
    log.append({**deepcopy(log[at]), "id": name})
    _shift(log, -1, by)


def _lose(log: list[Raw], at: int, by: int) -> None:
    """The log lacks a part of the envelope, an object or a field that is not required."""
    event = log[at]
    required = law().vocabulary.events[event["type"]].required
    parts: list[tuple[Raw, str]] = [
        (event, name) for name in ("actor", "panel", "approvals", "recorded") if name in event
    ]
    parts += [(event["objects"], name) for name in event.get("objects", {})]
    parts += [(event["data"], name) for name in event.get("data", {}) if name not in required]
    if parts:
        place, name = parts[by % len(parts)]
        del place[name]


EDITS: tuple[Callable[[list[Raw], int, int], None], ...] = (_drop, _shift, _other_person, _day_only, _again, _lose)
Steps = list[tuple[int, int, int]]
Steps4 = list[tuple[int, int, int, int]]
steps: st.SearchStrategy[Steps] = st.lists(
    st.tuples(st.integers(0, len(EDITS) - 1), st.integers(0, 300), st.integers(-45, 45)), max_size=8
)
logs = st.tuples(st.sampled_from(range(len(SEEDS))), steps)


def edited(made: tuple[int, Steps]) -> list[Event]:
    """The events of a seed case after the edits."""
    seed, edits = made
    log = deepcopy(SEEDS[seed])
    for kind, at, by in edits:
        EDITS[kind](log, at % len(log), by)
    return admitted(law(), log)


# --- logs: random events of the vocabulary --------------------------------------------------------

CASES = ("（2021）豫0225执1号", "（2022）豫0225执恢2号", "（2022）豫0225执异3号", "no case number")
random_events = st.lists(
    st.tuples(st.integers(0, 10_000), st.integers(0, len(CASES) - 1), st.integers(0, 400), st.integers(0, 10_000)),
    min_size=1, max_size=25,
)  # fmt: skip


def _value(field: Field, dice: random.Random, day: date) -> Any:
    if field.kind in ("enum", "many"):
        chosen = dice.choice(field.values)
        return [chosen] if field.kind == "many" else chosen
    if field.is_case_number:
        return list(CASES[:2]) if field.kind == "ids" else dice.choice(CASES[:3])
    made: dict[str, Callable[[], Any]] = {
        "boolean": lambda: dice.random() < 0.5, "integer": lambda: dice.randrange(4),
        "money": lambda: f"{dice.randrange(5)}00.00", "date": lambda: str(day + timedelta(dice.randrange(60))),
        "ids": lambda: [dice.choice(PERSONS)], "instant": lambda: f"{day.isoformat()}T08:00:00+08:00",
    }  # fmt: skip
    return made.get(field.kind, lambda: dice.choice(PERSONS))()


def scattered(made: Iterable[tuple[int, int, int, int]]) -> list[Event]:
    """Random events, close together, on two objects of each kind, with and without times, ids and fields."""
    types = tuple(law().vocabulary.events.values())
    raw: list[Raw] = []
    for number, (kind, case, offset, seed) in enumerate(made):
        dice, described, day = random.Random(seed), types[kind % len(types)], date(2021, 11, 1) + timedelta(offset)
        exact = dice.random() < 0.6
        event: Raw = {
            "id": f"e{number}", "case": CASES[case], "type": described.name,
            "time": f"{day}T{dice.randrange(8, 12):02}:00:00+08:00" if exact else day.isoformat(),
            "data": {
                name: _value(field, dice, day) for name, field in described.fields.items()
                if name in described.required or dice.random() < 0.7
            },
        }  # fmt: skip
        kinds = (described.object, *described.also) if described.object else described.also
        event["objects"] = {name: dice.choice(("o1", "o2")) for name in kinds if dice.random() < 0.9}
        if dice.random() < 0.7:
            department = dice.choice(tuple(law().vocabulary.departments))
            event["actor"] = {"id": dice.choice(PERSONS), "department": department, "team": dice.choice(("t1", "t2"))}
        raw.append(event)
    return admitted(law(), raw)


# --- what is compared -----------------------------------------------------------------------------

Told = tuple[str, str, str, date | None, str, str | None, int | None]


def told(judgements: Iterable[Judgement]) -> list[Told]:
    """What must be the same, in the order of the report."""
    return [
        (j.rule, j.verdict.value, j.fingerprint, j.due, j.trigger.id, None if j.event is None else j.event.id, j.days_late)
        for j in judgements
    ]  # fmt: skip


def found(report: Report) -> list[Told]:
    return told((*report.violations, *report.inconclusive, *report.pending))


def watch(events: Iterable[Event], *, keep: bool = False) -> Monitor:
    monitor = Monitor(law(), keep_satisfied=keep)
    for event in events:
        monitor.take(event)
    return monitor


def families(events: Iterable[Event]) -> list[list[Event]]:
    """The events of cases that have nothing to do with each other."""
    groups: list[tuple[set[str], list[Event]]] = []
    for event in events:
        data = event.data
        named = {
            event.case,
            *(data[n] for n in ("original_case", "new_case") if n in data),
            *data.get("related_cases", ()),
        }
        near = [group for group in groups if group[0] & named]
        groups = [group for group in groups if not group[0] & named]
        groups.append((named.union(*(g[0] for g in near)), [*(e for g in near for e in g[1]), event]))
    return [members for _, members in groups]
