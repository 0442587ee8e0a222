"""The laws that hold of every rule: the shipped rules obey them, and each of them can be broken."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from execcheck.events import Event
from execcheck.judgement import Judgement, Verdict
from execcheck.lawbook import load_law
from execcheck.policy import Rule
from execcheck.testing import laws
from execcheck.testing.arithmetic import last_day
from execcheck.testing.choices import Plain, Seeded
from execcheck.testing.scenes import Scene, Stage
from execcheck.testing.verifying import all_checks, laws_of, verify
from ruling import book
from test_lawbook import RULE as RULE_OF_THE_LIBRARY
from test_lawbook import law_book

RULE = "henan-2021/disposal-starts-within-ten-days"
Judged = list[Judgement]


@pytest.mark.parametrize("pack", sorted(load_law().packs))
def test_every_shipped_rule_obeys_the_laws_of_rules(pack: str) -> None:
    verify(pack, max_examples=3)


def test_a_pack_is_verified_in_one_line() -> None:
    verify("network-query", max_examples=5)
    names = [name for name, _ in all_checks(load_law(["network-query"]))]
    assert len(names) == 1 + sum(
        1 for law in laws.LAWS for rule in load_law(["network-query"]).rules.values() if law.about(rule)
    )
    assert names[-1] == "silent on lawful cases"


def test_a_rule_that_cannot_be_broken_is_told() -> None:
    law = book(
        "kind: condition\nwhen: asset.found\nrequire: {any: [{kind: {present: true}}, {kind: {present: false}}]}\n"
    )
    with pytest.raises(AssertionError, match="cannot be failed"):
        verify(law, max_examples=2)


def test_the_laws_of_a_rule_have_names() -> None:
    law = load_law()
    named = [name for name, _ in laws_of(law.rules[RULE], Stage(law))]
    assert named == [one.name for one in laws.LAWS]
    absent = [name for name, _ in laws_of(law.rules["henan-2021/no-off-system-handling"], Stage(law))]
    assert set(named) - set(absent) == {"delay never helps"}


# --- each law can be broken: engines that lie -------------------------------------------------------


def _late(stage: Stage) -> Scene:
    """A scene in which the act came too late."""
    for seed in range(50):
        scene = stage.scene(stage.law.rules[RULE], "broken", Seeded(seed))
        if scene.finding is not None and scene.finding.event is not None and scene.finding.event.id != scene.trigger:
            return scene
    raise AssertionError("no scene with a late act")


def nobody_is_blamed(stage: Stage, rule: Rule, events: Iterable[Event], now: date, found: Judged) -> Judged:
    return [evolve(j, verdict=Verdict.SATISFIED) for j in found]


def everybody_is_blamed(stage: Stage, rule: Rule, events: Iterable[Event], now: date, found: Judged) -> Judged:
    return [evolve(j, verdict=Verdict.VIOLATED) for j in found]


def blames_another_event(stage: Stage, rule: Rule, events: Iterable[Event], now: date, found: Judged) -> Judged:
    return [evolve(j, trigger=evolve(j.trigger, id="e99")) for j in found]


def forgives_what_is_very_late(stage: Stage, rule: Rule, events: Iterable[Event], now: date, found: Judged) -> Judged:
    return [evolve(j, verdict=Verdict.SATISFIED) if (j.days_late or 0) > 4 else j for j in found]


def counts_the_events(stage: Stage, rule: Rule, events: Iterable[Event], now: date, found: Judged) -> Judged:
    return [evolve(j, days_late=len(list(events))) for j in found]


def looks_at_the_first_event(stage: Stage, rule: Rule, events: Iterable[Event], now: date, found: Judged) -> Judged:
    return [evolve(j, days_late=int(next(iter(events)).id[1:])) for j in found]


def reads_the_zone(stage: Stage, rule: Rule, events: Iterable[Event], now: date, found: Judged) -> Judged:
    return [evolve(j, severity=str(next(iter(events)).time)[-6:]) for j in found]  # type: ignore[arg-type]


def looks_at_other_cases(stage: Stage, rule: Rule, events: Iterable[Event], now: date, found: Judged) -> Judged:
    return [evolve(j, days_late=len({event.case for event in events})) for j in found]


def changes_its_mind(stage: Stage, rule: Rule, events: Iterable[Event], now: date, found: Judged) -> Judged:
    return [evolve(j, verdict=Verdict.SATISFIED if now.toordinal() % 2 else Verdict.VIOLATED) for j in found]


def miscounts(stage: Stage, rule: Rule, events: Iterable[Event], now: date, found: Judged) -> Judged:
    return [
        evolve(j, deadline=evolve(j.deadline, due=(j.deadline.due or 0) + 1), due=(j.due or now) + timedelta(1))
        if j.deadline is not None else j for j in found
    ]  # fmt: skip


LIES = {
    "catches its breach": (nobody_is_blamed, blames_another_event, miscounts),
    "silent when obeyed": (everybody_is_blamed,),
    "delay never helps": (forgives_what_is_very_late, nobody_is_blamed),
    "unmentioned events": (counts_the_events,),
    "order of arrival": (looks_at_the_first_event,),
    "time zone": (reads_the_zone,),
    "unrelated cases": (looks_at_other_cases,),
    "time only settles": (changes_its_mind,),
    "due day recomputes": (miscounts,),
}


@pytest.mark.parametrize(("name", "lie"), [(name, lie) for name, lies in LIES.items() for lie in lies])
def test_an_engine_that_lies_breaks_the_law(name: str, lie: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage(load_law())
    law = next(one for one in laws.LAWS if one.name == name)
    rule = stage.law.rules[RULE]
    scene = _late(stage) if "broken" in law.sides else stage.scene(rule, "obeyed", Plain())
    if name in ("time zone", "order of arrival"):  # they need instants, and more than one order
        scene = next(
            s for s in (stage.scene(rule, law.sides[0], Seeded(seed)) for seed in range(99))
            if len(s.events) > 1 and s.events[0].instant is not None
        )  # fmt: skip
    for seed in range(4):
        law.check(stage, scene, seed)  # the truth is accepted
    for own in ("_judged", "_watched"):
        told = getattr(laws, own)

        def lying(stage: Stage, rule: Rule, events: Iterable[Event], now: date, told: Any = told) -> Judged:
            given = list(events)
            return list(lie(stage, rule, given, now, told(stage, rule, given, now)))

        monkeypatch.setattr(laws, own, lying)
    broken = 0
    for seed in range(12):
        try:
            law.check(stage, scene, seed)
        except AssertionError as failure:
            broken += 1
            assert RULE in str(failure)
    assert broken, name


def test_every_law_has_an_engine_that_breaks_it() -> None:
    assert {law.name for law in laws.LAWS} == LIES.keys()


def test_the_wall_calendar_does_not_believe_a_wrong_due_day() -> None:
    stage = Stage(load_law())
    finding = stage.scene(stage.law.rules[RULE], "broken", Plain()).finding
    assert finding is not None and finding.deadline is not None and finding.deadline.due is not None
    assert last_day(finding.deadline, stage.calendar) == finding.deadline.due
    assert last_day(evolve(finding.deadline, start=finding.deadline.start + 7), stage.calendar) != finding.deadline.due


def test_a_pack_in_a_folder_of_a_users_own_law_book_is_verified(tmp_path: Path) -> None:
    folder = law_book(tmp_path)
    verify(folder / "policies" / "library", law_book=folder, max_examples=5)
    wrong = RULE_OF_THE_LIBRARY.replace(
        "when: book.lent", "when: {event: book.lent, where: {reader: {is: r1, not: r1}}}"
    )
    law_book(tmp_path, returned=wrong)
    with pytest.raises(AssertionError, match="library/returned::catches its breach: library/returned: the conditions"):
        verify(folder / "policies" / "library", law_book=folder, max_examples=2)
