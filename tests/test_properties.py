"""What must hold for every log: the order and the grouping of events say nothing, and time only moves forward."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from typing import Any

from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from execcheck.checking import check
from execcheck.events import Event
from execcheck.judgement import Judgement, Report, Verdict
from execcheck.lawbook import Law, load_law
from execcheck.monitor import Monitor
from execcheck.vocabulary import Field
from lawful import EXAMPLES, Raw, admitted, lawful_case, read_log
from ruling import judge

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
        monitor.observe(event)
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


# --- the order and the grouping of events ---------------------------------------------------------


@few
@given(logs, st.integers())
def test_the_order_of_the_lines_says_nothing(made: tuple[int, Steps], seed: int) -> None:
    events = edited(made)
    shuffled = random.Random(seed).sample(events, len(events))
    assert found(check(shuffled, law(), as_of=END)) == found(check(events, law(), as_of=END))
    assert told(watch(shuffled).judgements()) == told(watch(events).judgements())


@more
@given(random_events, st.integers())
def test_the_order_of_random_events_says_nothing_and_no_rule_breaks_down(made: Steps4, seed: int) -> None:
    events = scattered(made)
    shuffled = random.Random(seed).sample(events, len(events))
    assert told(watch(shuffled, keep=True).judgements(END)) == told(watch(events, keep=True).judgements(END))


@few
@given(logs, st.lists(st.integers(0, 300), min_size=1, max_size=20))
def test_an_event_told_twice_counts_once(made: tuple[int, Steps], twice: list[int]) -> None:
    events = edited(made)
    doubled = [*events, *(evolve(events[n % len(events)], place=f"again:{n}") for n in twice)]
    once, again = check(events, law(), as_of=END), check(doubled, law(), as_of=END)
    assert found(again) == found(once)
    assert again.summary == once.summary


@few
@given(logs, st.integers(1, 9))
def test_events_may_come_one_by_one_with_questions_in_between(made: tuple[int, Steps], every: int) -> None:
    events = edited(made)
    monitor = Monitor(law())
    for number, event in enumerate(events):
        monitor.observe(event)
        if number % (every * 20) == 0:
            monitor.judgements(END)
            monitor.preview(evolve(event, id="supposed"))
    assert told(monitor.judgements(END)) == told(watch(events).judgements(END))


@few
@given(logs)
def test_families_may_be_watched_by_a_monitor_each(made: tuple[int, Steps]) -> None:
    events = edited(made)
    apart = [j for family in families(events) for j in watch(family).judgements(END)]
    assert sorted(told(apart), key=str) == sorted(told(watch(events).judgements(END)), key=str)


@few
@given(logs)
def test_a_whole_check_says_what_a_monitor_says(made: tuple[int, Steps]) -> None:
    events = edited(made)
    report = check(events, law(), as_of=END, capture=Monitor(law()).bench.capture)
    outcome = watch(events).outcome(END)
    assert sorted(found(report), key=str) == sorted(told(outcome.judgements), key=str)
    assert report.summary.satisfied == sum(outcome.satisfied.values())


@few
@given(logs)
def test_keeping_the_satisfied_duties_changes_nothing_else(made: tuple[int, Steps]) -> None:
    events = edited(made)
    kept, plain = watch(events, keep=True).outcome(END), watch(events).outcome(END)
    satisfied = [j for j in kept.judgements if j.verdict is Verdict.SATISFIED]
    assert told(j for j in kept.judgements if j not in satisfied) == told(plain.judgements)
    assert len(satisfied) == sum(plain.satisfied.values())


@more
@given(random_events)
def test_keeping_the_satisfied_duties_of_random_events_changes_nothing_else(made: Steps4) -> None:
    events = scattered(made)
    kept, plain = watch(events, keep=True).outcome(END), watch(events).outcome(END)
    satisfied = [j for j in kept.judgements if j.verdict is Verdict.SATISFIED]
    assert told(j for j in kept.judgements if j.verdict is not Verdict.SATISFIED) == told(plain.judgements)
    assert len(satisfied) == sum(plain.satisfied.values())


@few
@given(logs)
def test_a_case_that_has_nothing_to_do_with_another_changes_nothing_in_it(made: tuple[int, Steps]) -> None:
    events = edited(made)
    stranger = [_renamed(event) for event in edited((0, []))]
    alone, together = watch(events).judgements(END), watch([*stranger, *events]).judgements(END)
    cases = {event.case for event in events}
    assert told(j for j in together if j.case in cases) == told(alone)


def _renamed(event: Event) -> Event:
    """The same event in a case of another court of the province."""

    def other(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(other(item) for item in value)
        return value.replace("豫0225", "豫0301") if isinstance(value, str) else value

    data = {name: other(value) for name, value in event.data.items()}
    return evolve(event, case=other(event.case), id=f"other-{event.id}", data=data)


# --- time -----------------------------------------------------------------------------------------

ZONES = (UTC, timezone(timedelta(hours=-11)), timezone(timedelta(hours=5, minutes=45)), timezone(timedelta(hours=14)))


@few
@given(logs, st.sampled_from(ZONES))
def test_an_instant_may_be_written_in_any_zone(made: tuple[int, Steps], zone: timezone) -> None:
    seed, edits = made
    log = deepcopy(SEEDS[seed])
    for kind, at, by in edits:
        EDITS[kind](log, at % len(log), by)
    abroad = deepcopy(log)
    for event in abroad:
        for holder in (event, *event.get("approvals", ())):
            for name in ("time", "recorded"):
                if len(holder.get(name, "")) > 10:
                    holder[name] = datetime.fromisoformat(holder[name]).astimezone(zone).isoformat()
    here, there = check(admitted(law(), log), law()), check(admitted(law(), abroad), law())
    assert found(there) == found(here)
    assert there.summary == here.summary
    assert there.as_of == here.as_of


FINAL = (Verdict.SATISFIED, Verdict.VIOLATED)


def _only_forward(events: list[Event], days: list[int]) -> None:
    """What is decided stays decided; what is pending stays known under its name."""
    monitor = watch(events, keep=True)
    first = min(event.day for event in events)
    known: dict[str, Judgement] = {}
    for day in sorted({first + offset for offset in days}):
        now = {j.fingerprint: j for j in monitor.judgements(date.fromordinal(day))}
        for name, earlier in known.items():
            if earlier.verdict in FINAL:
                assert name in now, told([earlier])
                assert now[name].verdict is earlier.verdict, told([earlier, now[name]])
        known = now


@few
@given(logs, st.lists(st.integers(0, 700), min_size=2, max_size=5))
def test_what_is_satisfied_or_violated_stays_so_as_time_goes_on(made: tuple[int, Steps], days: list[int]) -> None:
    _only_forward(edited(made), days)


# --- what a finding says --------------------------------------------------------------------------


@few
@given(logs)
def test_every_finding_of_a_report_has_a_fingerprint_of_its_own(made: tuple[int, Steps]) -> None:
    report = check(edited(made), law(), as_of=END)
    names = [name for _, _, name, *_ in found(report)]
    assert len(set(names)) == len(names)


@more
@given(random_events)
def test_every_finding_on_random_events_has_a_fingerprint_of_its_own(made: Steps4) -> None:
    judgements = watch(scattered(made)).judgements(END)
    names = [j.fingerprint for j in judgements]
    twice = [j for j in judgements if names.count(j.fingerprint) > 1]
    assert told(twice) == []


@few
@given(logs, steps)
def test_a_finding_keeps_its_fingerprint_when_events_are_added(made: tuple[int, Steps], new: Steps) -> None:
    seed, edits = made
    added = [(4, at, by) for _, at, by in new]  # only copies, at other times
    before = {(j.rule, j.trigger.id, str(sorted(j.objects.items()))): j for j in watch(edited(made)).judgements(END)}
    for j in watch(edited((seed, [*edits, *added]))).judgements(END):
        earlier = before.get((j.rule, j.trigger.id, str(sorted(j.objects.items()))))
        assert earlier is None or earlier.fingerprint == j.fingerprint or j.kind == "recurrence"


@few
@given(logs)
def test_the_days_of_delay_run_from_the_due_day_to_the_act_or_to_the_observation(made: tuple[int, Steps]) -> None:
    report = check(edited(made), law(), as_of=END)
    for one in report.violations:
        if one.kind == "response" and one.due is not None and one.days_late is not None:
            end = END.toordinal() if one.event is None else one.event.day
            assert one.days_late == end - one.due.toordinal()
            assert one.days_late >= 0


@more
@given(random_events)
def test_what_a_finding_names_is_in_the_log(made: Steps4) -> None:
    events = scattered(made)
    ids = {event.id for event in events}
    for one in watch(events, keep=True).judgements(END):
        assert one.trigger.id in ids
        assert one.event is None or one.event.id in ids
        assert bool(one.missing) is (one.verdict is Verdict.INCONCLUSIVE), told([one])
        assert one.message.zh and one.message.en and "违法" not in one.message.zh.replace("违纪违法", "")


# --- the first act counts -------------------------------------------------------------------------


@few
@given(st.permutations([12, 25, 40]))
def test_of_several_late_acts_the_first_one_ends_the_delay_whatever_their_kinds(offsets: list[int]) -> None:
    """Three kinds of act may meet the duty of ten days; each comes once, all of them late."""
    rule = "kind: response\nper: asset\nwhen: asset.controlled\nthen: [asset.released, price.determined, asset.returned]\nwithin: 10d\n"
    kinds = ("asset.released", "price.determined", "asset.returned")
    start = date(2021, 11, 1)
    log = [{"type": "asset.controlled", "time": str(start), "asset": "A1", "measure": "seal", "kind": "vehicle"}]
    log += [
        {"type": kind, "time": str(start + timedelta(n)), "asset": "A1"} for kind, n in zip(kinds, offsets, strict=True)
    ]
    (late,) = judge(rule, *log)
    assert (late.verdict.value, late.days_late) == ("violated", 2)


@few
@given(st.permutations(["termination.ruled", "case.archived", "case.flagged"]))
def test_the_first_of_several_closing_events_of_one_day_closes_whatever_their_kinds(kinds: list[str]) -> None:
    rule = "kind: response\nwhen: clue.provided\nper: clue\nthen: clue.verified\nbefore: [termination.ruled, case.archived, case.flagged]\n"
    log: list[Raw] = [{"type": kind, "time": f"2021-12-01T{9 + n:02}:00:00+08:00"} for n, kind in enumerate(kinds)]
    clue = {"clue": "C1"}
    log += [
        {"type": "clue.provided", "time": "2021-11-01", **clue},
        {"type": "clue.verified", "time": "2021-12-01T09:30:00+08:00", **clue},
    ]
    assert [one.verdict.value for one in judge(rule, *log)] == ["violated"]
