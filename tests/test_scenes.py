"""Scenes: every rule can be shown just obeyed and just broken, by logs that are built from the rule."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from attrs import evolve

from execcheck.calendars import Calendar
from execcheck.durations import Period
from execcheck.judgement import Verdict
from execcheck.lawbook import Law, load_law
from execcheck.testing.choices import Plain, Seeded
from execcheck.testing.days import beginnings, starting_day, traps
from execcheck.testing.scenes import Scene, Stage
from execcheck.testing.story import CannotConstruct
from ruling import book
from test_lawbook import law_book

SIDES = ("obeyed", "broken")
CALENDAR = Calendar.load()

# What no shipped rule says, but a user's may.
UNUSUAL = {
    "in a state": """
kind: response
when: query.online
then: query.notified
within: 5wd
in_state: {case: [stopped]}
""",
    "in hours": """
kind: response
when: clue.provided
per: clue
then: clue.verified
within: 24h
""",
    "strictly later": """
kind: interval
per: asset
when: auction.announced
after: {event: auction.closed, where: {outcome: unsold}}
within: 1mo
strictly: true
""",
    "from a day in the data": """
kind: response
when: oversight.ordered
per: oversight
then: oversight.replied
from: {field: due}
within: 3d
""",
    "provided something else came": """
kind: response
when: case.filed
then: case.assigned
within: 3d
provided: notice.issued
""",
    "no older than, and at least so long before": """
kind: precedence
per: asset
when: auction.announced
needs: price.determined
within: 1y
at_least: 7d
""",
    "together": """
kind: precedence
per: asset
when: auction.announced
needs: auction.materials_uploaded
together: {field: materials, values: [ruling, report]}
""",
    "the same person as the first": """
kind: separation
per: petition
when: petition.assigned
person: person
equals: {event: petition.assigned, person: person, which: first}
""",
    "at least so many": """
kind: aggregate
when: termination.ruled
total: {count: true, over: query.online}
at_least: 3
""",
    "a bound that another total sets": """
kind: aggregate
across: family
when: payment.disbursed
total: {sum: amount, over: payment.disbursed}
at_most: {sum: amount, over: payment.received}
""",
    "again and again": """
kind: recurrence
when: case.filed
then: progress.explained
within: 1mo
until: case.closed
""",
    "a panel, an approval, another team": """
kind: authority
when: coercion.imposed
require:
  panel: {least: 3, odd: true, quota_judges: true}
  approvals: [president, {role: bureau_head, by: 1wd}]
  team_other_than: handler
""",
    "alternatives, spans and links": """
kind: condition
per: asset
when: {event: auction.announced, where: {during: first_rank_control, linked: asset.found}}
require:
  any:
    - {start_price: {at_least: {field: price.determined.price, times: 0.7}}}
    - {mode: {not: online}}
""",
}  # fmt: skip


def built(stage: Stage, law: Law, *, seeds: int) -> list[str]:
    """What could not be built of a law book's rules."""
    failures = []
    for rule in law.rules.values():
        for side in SIDES:
            for choices in (Plain(), *map(Seeded, range(seeds))):
                try:
                    scene = stage.scene(rule, side, choices)  # type: ignore[arg-type]
                    assert scene.trigger in {event.id for event in scene.events}
                except CannotConstruct as reason:
                    failures.append(f"{side}: {reason}")
    return failures


@pytest.mark.parametrize("pack", sorted(load_law().packs))
def test_every_shipped_rule_can_be_shown_obeyed_and_broken(pack: str) -> None:
    law = load_law([pack])
    assert built(Stage(load_law()), law, seeds=3) == []


@pytest.mark.parametrize("name", UNUSUAL)
def test_what_only_a_users_rule_says_can_be_shown_too(name: str) -> None:
    law = book(UNUSUAL[name])
    law = evolve(law, lifecycles=load_law().lifecycles)
    assert built(Stage(law), law, seeds=20) == []


def test_a_law_book_of_another_process_is_built_on_the_same_way(tmp_path: Path) -> None:
    law = load_law(folder=law_book(tmp_path))
    assert built(Stage(law), law, seeds=10) == []
    scene = Stage(law).scene(law.rules["library/returned"], "broken")
    assert [event.type for event in scene.events] == ["book.lent"]


def test_a_broken_scene_shows_one_breach_and_an_obeyed_one_none() -> None:
    law = load_law()
    stage = Stage(law)
    for rule in list(law.rules.values())[::9]:
        for side in SIDES:
            scene = stage.scene(rule, side, Seeded(7))  # type: ignore[arg-type]
            judged = stage.judging(rule).outcome(scene.events, scene.as_of).judgements
            found = Counter(j.verdict for j in judged)
            assert (found[Verdict.VIOLATED], found[Verdict.INCONCLUSIVE]) == (side == "broken", 0), scene


def test_what_is_owed_comes_on_the_last_day_or_on_the_next() -> None:
    law = load_law()
    rule = law.rules["henan-2021/disposal-starts-within-ten-days"]
    stage, last, next_ = Stage(law), set(), set()
    for seed in range(60):
        obeyed, broken = (stage.scene(rule, side, Seeded(seed)) for side in ("obeyed", "broken"))
        assert obeyed.due is not None and broken.due is not None
        last |= {e.day - obeyed.due.toordinal() for e in obeyed.events if e.type == "disposal.started"}
        next_ |= {e.day - broken.due.toordinal() for e in broken.events if e.type == "disposal.started"}
    assert last == {0}
    assert next_ == {1, 4}


def test_deadlines_fall_on_holidays_and_make_up_days_and_month_ends_often() -> None:
    law = load_law()
    rule = law.rules["henan-2021/report-sent-in-three-days"]
    stage, seen = Stage(law), Counter[str]()
    for seed in range(200):
        working = stage.scene(rule, "broken", Seeded(seed)).finding.deadline  # type: ignore[union-attr]
        assert working is not None and working.last is not None and working.due is not None
        day = date.fromordinal(working.last)
        seen["rolls"] += bool(working.rolled_over)
        seen["holiday"] += CALENDAR.is_rest(working.last) and day.weekday() < 5
        seen["make-up"] += not CALENDAR.is_rest(working.last) and day.weekday() >= 5
        seen["month end"] += date.fromordinal(working.last + 1).day == 1
        seen["leap day"] += (day.month, day.day) == (2, 29)
    assert seen["rolls"] > 40 and seen["holiday"] > 8 and seen["make-up"] > 8, seen
    assert seen["month end"] > 8 and seen["leap day"] > 4, seen


@pytest.mark.parametrize("period", ["3d", "10wd", "1mo", "6mo", "2y", "0d"])
def test_a_period_is_turned_round_to_the_day_on_which_it_has_to_begin(period: str) -> None:
    found = 0
    for days in traps(CALENDAR):
        for end in days[::25]:
            for start in beginnings(Period.parse(period), end, CALENDAR):
                found += 1
                assert _nominal(start, period) == end, (date.fromordinal(start), date.fromordinal(end))
    assert found > 15


def _nominal(start: int, period: str) -> int:
    """Slowly: the last day of a period that neither stops nor rolls."""
    count, unit = Period.parse(period).count, Period.parse(period).unit
    if unit == "d":
        return start + count
    if unit == "wd":
        while count:
            start += 1
            count -= not CALENDAR.is_rest(start)
        return start
    begun, months = date.fromordinal(start), count * (12 if unit == "y" else 1)
    year, month = divmod(begun.year * 12 + begun.month - 1 + months, 12)
    last = date(year + (month == 11), (month + 1) % 12 + 1, 1).toordinal() - 1
    return min(date(year, month + 1, 1).toordinal() + begun.day - 1, last)


def test_a_rule_is_shown_on_a_day_on_which_it_is_in_force() -> None:
    law = load_law()
    for rule in list(law.rules.values())[::5]:
        for seed in range(3):
            scene = Stage(law).scene(rule, "broken", Seeded(seed))
            trigger = next(event for event in scene.events if event.id == scene.trigger)
            assert rule.in_force.covers(trigger.day), scene


def test_the_plainest_scene_begins_on_an_ordinary_wednesday() -> None:
    rule = load_law().rules["henan-2021/report-sent-in-three-days"]
    assert starting_day(Period(3, "d"), Plain(), CALENDAR, rule.in_force) == date(2022, 6, 15).toordinal()


CONTRADICTION = """
kind: response
when: {event: asset.controlled, where: {measure: {is: seal, not: seal}}}
then: asset.released
within: 3d
"""
ALWAYS_TRUE = """
kind: condition
when: asset.found
require: {any: [{kind: {present: true}}, {kind: {present: false}}]}
"""


@pytest.mark.parametrize(
    ("rule", "side", "why"),
    [(CONTRADICTION, "broken", "cannot be met together"), (ALWAYS_TRUE, "broken", "cannot be failed")],
)
def test_what_cannot_be_built_is_said_with_the_reason(rule: str, side: str, why: str) -> None:
    law = book(rule)
    with pytest.raises(CannotConstruct) as caught:
        Stage(law).scene(law.rules["trial/rule0"], side)  # type: ignore[arg-type]
    assert why in caught.value.en and caught.value.en.startswith("trial/rule0: ")
    assert caught.value.zh.startswith("trial/rule0：")


def test_a_scene_is_written_as_the_lines_of_a_log() -> None:
    scene: Scene = Stage(load_law()).scene(load_law().rules["henan-2021/report-sent-in-three-days"], "broken")
    head, *lines = repr(scene).splitlines()
    assert head == f"henan-2021/report-sent-in-three-days, broken, as of {scene.as_of}:"
    assert len(lines) == len(scene.events) and all(line.startswith('{"id": "e') for line in lines)
