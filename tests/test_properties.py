"""What must hold for every log: the order and the grouping of events say nothing, and time only moves forward."""

from __future__ import annotations

import random
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from execcheck.checking import check
from execcheck.events import Event
from execcheck.judgement import Judgement, Verdict
from execcheck.monitor import Monitor
from execcheck.needs import ALL_CAPTURED
from lawful import Raw, admitted
from randomlogs import (
    EDITS,
    END,
    SEEDS,
    Steps,
    Steps4,
    edited,
    families,
    few,
    found,
    law,
    logs,
    more,
    random_events,
    scattered,
    steps,
    told,
    watch,
)
from ruling import judge

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
        (monitor.observe if number % every else monitor.take)(event)
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
    report = check(events, law(), as_of=END, capture=ALL_CAPTURED)
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
