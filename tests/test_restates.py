"""A rule that restates another: the duty is judged once, under the restating rule, with both citations."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from attrs import evolve

from execcheck.checking import check
from execcheck.dated import InForce
from execcheck.judgement import Judgement
from execcheck.lawbook import Law
from execcheck.monitor import Monitor
from execcheck.needs import Capture
from ruling import book, events

LOCAL = (
    "kind: response\nper: asset\nwhen: asset.controlled\nthen: price.determined\nwithin: 10d\nrestates: [trial/rule1]\n"
)
NATIONAL = "kind: response\nper: asset\nwhen: asset.controlled\nthen: price.determined\nwithin: 30d\n"
ONLY_HOUSES = LOCAL.replace("when: asset.controlled", "when: {event: asset.controlled, where: {kind: real_estate}}")
SEAL: dict[str, Any] = {
    "time": "2021-11-01",
    "type": "asset.controlled",
    "measure": "seal",
    "kind": "vehicle",
    "asset": "A1",
}
HOUSE: dict[str, Any] = {**SEAL, "kind": "real_estate", "asset": "H1"}
LATE = date(2022, 6, 1)


def both(local: str = LOCAL, national: str = NATIONAL) -> Law:
    """Two rules: rule0 of article 1, rule1 (the restated one) of article 9."""
    law = book(local, national)
    national_rule = evolve(law.rules["trial/rule1"], articles=("9",))
    return evolve(law, rules={**law.rules, "trial/rule1": national_rule})


def judged(law: Law, *short: dict[str, Any], keep: bool = False, **options: Any) -> tuple[Judgement, ...]:
    monitor = Monitor(law, keep_satisfied=keep, **options)
    for event in events(*short):
        monitor.take(event)
    return monitor.judgements(LATE)


def names(judgements: Iterable[Judgement]) -> list[str]:
    return [judgement.rule for judgement in judgements]


def test_the_duty_is_judged_once_under_the_restating_rule_with_both_citations() -> None:
    (found,) = judged(both(), SEAL)
    assert found.rule == "trial/rule0"
    assert [citation.article for citation in found.citations] == ["1", "9"]


def test_a_duty_met_under_the_restating_rule_is_counted_once() -> None:
    priced = {"time": "2021-11-05", "type": "price.determined", "asset": "A1"}
    report = check(events(SEAL, priced), both())
    assert (report.summary.satisfied, report.summary.violated) == (1, 0)


def test_what_breaks_only_the_restating_rule_is_still_one_finding() -> None:
    priced = {"time": "2021-11-25", "type": "price.determined", "asset": "A1"}
    assert names(judged(both(), SEAL, priced)) == ["trial/rule0"]


def test_the_restated_rule_keeps_the_triggers_that_the_restating_one_leaves() -> None:
    found = judged(both(ONLY_HOUSES), SEAL, HOUSE)
    assert {(one.rule, one.objects["asset"]) for one in found} == {("trial/rule0", "H1"), ("trial/rule1", "A1")}


def test_alone_the_restated_rule_works_by_itself() -> None:
    law = both().selected(["trial/rule1"])
    (found,) = judged(law, SEAL)
    assert (found.rule, [citation.article for citation in found.citations]) == ("trial/rule1", ["9"])


def test_alone_the_restating_rule_names_only_what_is_loaded() -> None:
    (found,) = judged(book(LOCAL), SEAL)
    assert [citation.article for citation in found.citations] == ["1"]


def test_an_ignored_rule_makes_no_other_yield() -> None:
    assert names(judged(both().selected(ignore=["trial/rule0"]), SEAL)) == ["trial/rule1"]


def test_before_the_restating_rule_is_in_force_the_restated_one_applies() -> None:
    law = both()
    later = evolve(law.rules["trial/rule0"], in_force=InForce(date(2021, 11, 2).toordinal()))
    law = evolve(law, rules={**law.rules, "trial/rule0": later})
    found = judged(law, SEAL, {**HOUSE, "time": "2021-11-02"})
    assert {(one.rule, one.objects["asset"]) for one in found} == {("trial/rule1", "A1"), ("trial/rule0", "H1")}


def test_outside_its_region_the_restating_rule_makes_no_other_yield() -> None:
    law = both()
    rule = law.rules["trial/rule0"]
    local = evolve(rule, pack=evolve(rule.pack, region="豫"))
    law = evolve(law, rules={**law.rules, "trial/rule0": local})
    found = judged(law, SEAL, {**HOUSE, "case": "（2021）苏0102执1号"})
    assert {(one.rule, one.objects["asset"]) for one in found} == {("trial/rule0", "A1"), ("trial/rule1", "H1")}


def test_a_restating_rule_that_the_source_cannot_feed_makes_no_other_yield() -> None:
    needy = LOCAL.replace("when: asset.controlled", "when: {event: asset.controlled, where: {actor.role: handler}}")
    found = judged(both(needy), {**SEAL, "actor": {"role": "handler"}}, capture=Capture(fields=frozenset({"actor"})))
    assert names(found) == ["trial/rule1"]


def test_a_doubt_under_the_restating_rule_is_not_decided_by_the_restated_one() -> None:
    doubtful = LOCAL.replace("when: asset.controlled", "when: {event: asset.controlled, where: {needs_sale: true}}")
    (found,) = judged(both(doubtful), SEAL)
    assert (found.rule, found.verdict.value, found.missing) == ("trial/rule0", "inconclusive", ("needs_sale",))


def test_satisfied_duties_are_kept_once_for_those_who_ask() -> None:
    priced = {"time": "2021-11-05", "type": "price.determined", "asset": "A1"}
    assert names(judged(both(), SEAL, priced, keep=True)) == ["trial/rule0"]


def test_restating_works_through_a_chain() -> None:
    local, middle = LOCAL, NATIONAL + "restates: [trial/rule2]\n"
    law = book(local, middle, NATIONAL.replace("30d", "60d"))
    assert names(judged(law, SEAL)) == ["trial/rule0"]
