"""Strategies of hypothesis: they build what they give, for any law book, and shrink to few events."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st

from execcheck.calendars import Calendar
from execcheck.checking import check
from execcheck.events import Event
from execcheck.judgement import Verdict
from execcheck.judging import Judging
from execcheck.lawbook import Law, load_law
from execcheck.logs.writing import raw_of
from execcheck.testing import LawfulCase, calendars, events, lawful_cases, logs, nearly, violating
from execcheck.testing.choices import Seeded
from execcheck.testing.lawful import Course
from test_lawbook import RULE, VOCABULARY, law_book

strictly = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])  # filtering fails
DEADLINE = "henan-2021/reference-price-deadline"


@cache
def law() -> Law:
    return load_law()


def findings(case: LawfulCase, book: Law) -> list[str]:
    report = check(case.events, book, as_of=case.as_of) if case.events else None
    return [] if report is None else [j.rule for j in (*report.violations, *report.inconclusive)]


@strictly
@given(lawful_cases())
def test_a_lawful_case_obeys_every_shipped_rule_and_lifecycle(case: LawfulCase) -> None:
    assert findings(case, law()) == []


def test_lawful_cases_get_somewhere() -> None:
    judging, types, sizes = Judging(law()), set(), []
    for seed in range(30):
        course = Course(judging, Seeded(seed))
        for _ in range(25):
            course.step()
        case = course.case()
        assert findings(case, law()) == []
        types |= {event.type for event in case.events}
        sizes.append(len(case.events))
    assert len(types) > 100, sorted(types)  # of 241 in the vocabulary
    assert sorted(sizes)[15] >= 25


@pytest.mark.parametrize("packs", [["termination"], ["online-auction", "auction-sale"], ["henan-2021"]])
def test_a_lawful_case_of_some_packs_obeys_those(packs: list[str]) -> None:
    some = load_law(packs)

    @settings(strictly, max_examples=15)
    @given(lawful_cases(some))
    def obeys(case: LawfulCase) -> None:
        assert findings(case, some) == []

    obeys()


def test_lawful_cases_know_a_users_own_law_book(tmp_path: Path) -> None:
    once = VOCABULARY.replace("events:", "events:\n  book.bought: {zh: 购入, en: bought, object: book}")
    bought = RULE.replace("三十日内归还", "先购后借").replace("kind: response", "kind: precedence")
    bought = bought.replace("then: book.returned", "needs: book.bought").replace("within: 30d\n", "")
    bought = bought.replace(
        "      - {time: 2021-11-01, type: book.lent, book: B1, reader: r1}\n      - {time: 2021-12-01, type: book.returned, book: B1}",
        "      - {time: 2021-11-01, type: book.bought, book: B1}\n      - {time: 2021-12-01, type: book.lent, book: B1, reader: r1}",
    )
    own = load_law(folder=law_book(tmp_path, vocabulary=once, bought=bought))
    types: set[str] = set()

    @strictly
    @given(lawful_cases(own))
    def obeys(case: LawfulCase) -> None:
        types.update(event.type for event in case.events)
        assert findings(case, own) == []

    obeys()
    assert types == {"book.bought", "book.lent", "book.returned"}


@strictly
@given(st.sampled_from(sorted(load_law().vocabulary.events)).flatmap(events))
def test_any_event_is_one_that_a_log_may_hold(event: Event) -> None:
    again = law().event(raw_of(event))
    assert (again.type, again.time, again.objects, again.data) == (event.type, event.time, event.objects, event.data)


@strictly
@given(logs(types=["case.filed", "case.assigned"], max_events=6, cases=3))
def test_a_random_log_holds_the_types_that_were_asked_for(log: tuple[Event, ...]) -> None:
    assert len(log) <= 6 and {event.type for event in log} <= {"case.filed", "case.assigned"}
    assert len({event.case for event in log}) <= 3
    assert len({event.id for event in log}) == len(log)
    assert [event.day for event in log] == sorted(event.day for event in log)


@strictly
@given(calendars())
def test_a_random_calendar_is_the_courts_with_local_days(calendar: Calendar) -> None:
    assert len(calendar.closures) <= 6
    assert all(calendar.is_rest(day) is rest for day, rest in calendar.closures.items())


DRAWN: dict[str, st.SearchStrategy[object]] = {
    "violating": violating(DEADLINE), "nearly": nearly(DEADLINE), "lawful_cases": lawful_cases(), "logs": logs(),
    "calendars": calendars(),
}  # fmt: skip


@pytest.mark.parametrize("name", DRAWN)
def test_nothing_that_is_drawn_is_thrown_away(name: str) -> None:
    seen: list[object] = []

    @settings(max_examples=50, deadline=None, database=None)
    @given(DRAWN[name])
    def taken(value: object) -> None:
        seen.append(value)

    taken()
    assert len(seen) == 50


def test_they_shrink_to_few_events() -> None:
    quickly = settings(max_examples=300, deadline=None, database=None, derandomize=True)
    assert len(find(violating(DEADLINE), lambda scene: True, settings=quickly).events) == 1
    late = find(violating(DEADLINE), lambda s: s.finding is not None and s.finding.event is not None, settings=quickly)
    assert [event.type for event in late.events] == ["asset.controlled", "price.determined"]
    found = find(lawful_cases(max_steps=4), lambda c: any(e.type == "asset.found" for e in c.events), settings=quickly)
    assert len(found.events) <= 4
    assert find(logs(), lambda log: len(log) > 1, settings=quickly)[1:].__len__() == 1


def test_the_calendar_of_a_scene_is_the_one_asked_for() -> None:
    from execcheck.testing import Stage

    closed = {date(2022, 6, day): True for day in range(16, 30)}
    stage = Stage(law(), Calendar.load(closed))
    scene = stage.scene(law().rules["henan-2021/report-sent-in-three-days"], "broken")
    assert scene.due == date(2022, 6, 30)
    assert scene.finding is not None and scene.finding.verdict is Verdict.VIOLATED


def test_a_rule_or_type_that_does_not_exist_is_told_at_once() -> None:
    with pytest.raises(KeyError):
        violating("henan-2021/no-such-rule")
    with pytest.raises(KeyError):
        events("no.such.event")


def test_examples_run_without_hypothesis() -> None:
    code = "import sys, execcheck.testing as t; t.run_examples; t.Stage; print('hypothesis' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "False"


def test_without_hypothesis_it_is_said_what_to_install() -> None:
    code = "import sys; sys.modules['hypothesis'] = None; from execcheck.testing import verify"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "execcheck.testing.verify needs hypothesis: pip install 'execcheck[testing]'" in done.stderr
