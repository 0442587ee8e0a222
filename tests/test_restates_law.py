"""Henan and national law together: a duty that both state is judged once, and each pack works by itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

import pytest

from execcheck.events import Event
from execcheck.judgement import Judgement, Verdict
from execcheck.lawbook import Law, load_law
from execcheck.policy import Example, Rule
from execcheck.testing.examples import judge_all, raw_event

LAW = load_law()
SINCE = date(2021, 10, 18).toordinal()
PAIRS = [
    (local, LAW.rules[name])
    for local in LAW.rules.values()
    for name in local.restates
]  # fmt: skip


def log_of(example: Example) -> list[Event]:
    found = [LAW.event(raw_event(short, LAW.vocabulary), f"e:{n}") for n, short in enumerate(example.events)]
    return [event for event in found if isinstance(event, Event)]


def moment_of(example: Example) -> date | datetime | None:
    if example.as_of is None:
        return None
    return date.fromisoformat(example.as_of) if len(example.as_of) == 10 else datetime.fromisoformat(example.as_of)


def judged(law: Law, example: Example) -> tuple[Judgement, ...]:
    return judge_all(log_of(example), law, as_of=moment_of(example))


def breaches(rule: Rule) -> Iterable[Example]:
    """Violated examples of a rule whose events fall into the time of the Henan opinion."""
    for example in rule.examples:
        days = [event.day for event in log_of(example)] if example.verdict == "violated" else []
        if days and min(days) >= SINCE and not example.not_captured:
            yield example


def test_every_restated_rule_exists() -> None:
    assert len(PAIRS) >= 9
    assert {name for rule in LAW.rules.values() for name in rule.restates} <= set(LAW.rules)


@pytest.mark.parametrize(("local", "national"), PAIRS, ids=[f"{a.name}>{b.name}" for a, b in PAIRS])
def test_with_both_packs_the_duty_is_judged_once_under_the_restating_id(local: Rule, national: Rule) -> None:
    law = LAW.selected([local.id, national.id])
    seen = 0
    for example in (*breaches(local), *breaches(national)):
        found = judged(law, example)
        keys = [(id(j.trigger), tuple(sorted(j.objects.items()))) for j in found]
        assert len(keys) == len(set(keys)) or national.kind == "recurrence", example.name
        for judgement in found:
            if judgement.rule == local.id and any(judgement.trigger.type in t.selector.types for t in national.when):
                seen += 1
                assert {c.document for c in judgement.citations} >= {local.pack.name, national.pack.name}
    assert seen, "no example shows the two rules together"


@pytest.mark.parametrize("national", {b.id: b for _, b in PAIRS}.values(), ids=lambda rule: rule.name)
def test_alone_the_national_rule_judges_under_its_own_id(national: Rule) -> None:
    law = LAW.selected([national.id])
    examples = list(breaches(national)) or [e for e in national.examples if e.verdict == "violated"]
    for example in examples:
        found = [j for j in judged(law, example) if j.verdict is Verdict.VIOLATED]
        assert found and {j.rule for j in found} == {national.id}
        assert {c.document for j in found for c in j.citations} >= {national.pack.name}


def test_outside_henan_the_national_packs_speak_for_themselves() -> None:
    raw = {"case": "（2022）苏0102执1号", "type": "case.filed", "time": "2022-01-04", "data": {"case_type": "执"}}
    found = judge_all([LAW.event(raw)], LAW, as_of=date(2022, 9, 1))
    rules = {j.rule for j in found if j.verdict is Verdict.VIOLATED}
    assert "enforcement-time/closed-within-six-months" in rules
    assert not any(rule.startswith("henan-2021/") for rule in rules)


def test_in_henan_the_same_duty_bears_the_name_of_the_opinion() -> None:
    raw = {"case": "（2022）豫0225执1号", "type": "case.filed", "time": "2022-01-04", "data": {"case_type": "执"}}
    found = judge_all([LAW.event(raw)], LAW, as_of=date(2022, 9, 1))
    rules = {j.rule for j in found if j.verdict is Verdict.VIOLATED}
    assert "henan-2021/closed-within-six-months" in rules
    assert "enforcement-time/closed-within-six-months" not in rules


def test_no_two_rules_say_the_same_of_the_same_events() -> None:
    """No log of any example has two breaches with the same trigger, act, due day and demand."""
    for rule in LAW.rules.values():
        for example in breaches(rule):
            said: dict[tuple[object, ...], str] = {}
            for j in judged(LAW, example):
                other = LAW.all_rules[j.rule]
                if j.verdict is not Verdict.VIOLATED or j.due is None or other.kind != "response":
                    continue
                then = frozenset(getattr(other, "then", ()))
                key = (id(j.trigger), j.case, tuple(sorted(j.objects.items())), j.due, then)
                assert key not in said, (j.rule, said[key], example.name)
                said[key] = j.rule
