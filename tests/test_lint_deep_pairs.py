"""``lint --deep`` on two rules: limits that differ for one duty, and rules that cannot both be obeyed."""

from __future__ import annotations

from pathlib import Path

import pytest
from attrs import evolve

from execcheck.calendars import Calendar
from execcheck.checking import check
from execcheck.defects import Defect
from execcheck.exploring.conflicts import conflict_notes
from execcheck.exploring.limits import differing_limits
from execcheck.exploring.mending import Unmoved
from execcheck.lawbook import Law
from execcheck.logs.several import Logs
from execcheck.testing.scenes import Stage
from ruling import PACK, book

# --- limits --------------------------------------------------------------------------------------


def two_packs(one: str, other: str, *, restates: bool = False) -> Law:
    """Two rules, the second of another instrument."""
    law = book(one, other)
    first, second = law.rules.values()
    second = evolve(second, id="local/rule1", pack=evolve(PACK, name="local"), articles=("9",),
                    restates=(first.id,) if restates else ())  # fmt: skip
    return evolve(law, rules={first.id: first, second.id: second})


def limits(law: Law) -> list[Defect]:
    return list(differing_limits(law, Calendar.load()))


ASSIGNED = "kind: response\nwhen: case.filed\nthen: case.assigned\nwithin: 7d\n"


def test_two_limits_for_the_same_duty_are_told_with_the_stricter_one() -> None:
    (note,) = limits(two_packs(ASSIGNED, ASSIGNED.replace("7d", "5d")))
    assert note.code == "differing-limits"
    assert "trial/rule0 (1) gives 7d" in note.en
    assert "local/rule1 (9) 5d: local/rule1 binds; neither restates the other" in note.en
    assert limits(two_packs(ASSIGNED, ASSIGNED)) == []


def test_that_one_rule_restates_the_other_is_said() -> None:
    (note,) = limits(two_packs(ASSIGNED, ASSIGNED.replace("7d", "5d"), restates=True))
    assert "local/rule1 restates the other" in note.en


def test_working_days_against_days_may_depend_on_the_day() -> None:
    (note,) = limits(two_packs(ASSIGNED, ASSIGNED.replace("7d", "5wd")))
    assert "depends on the day" in note.en


def test_of_two_distances_the_longer_binds() -> None:
    text = "kind: interval\nper: asset\nwhen: auction.announced\nafter: auction.closed\nwithin: 7d\n"
    (note,) = limits(two_packs(text, text.replace("7d", "9d")))
    assert "local/rule1 binds" in note.en


def test_the_distance_that_a_precedence_asks_for_is_a_limit_and_its_period_another() -> None:
    text = "kind: precedence\nper: asset\nwhen: auction.announced\nneeds: auction.notified\nat_least: 3d\nwithin: 6mo\n"
    (note,) = limits(two_packs(text, text.replace("3d", "5d")))
    assert "3d, local/rule1 (9) 5d: local/rule1 binds" in note.en
    (note,) = limits(two_packs(text, text.replace("6mo", "3mo")))
    assert "6mo, local/rule1 (9) 3mo: local/rule1 binds" in note.en


@pytest.mark.parametrize(
    "where", ["{case_type: 执恢}", "{case_type: {not: 执}}", "{any: [{case_type: 执恢}, {case_type: 执保}]}"]
)
def test_limits_for_different_cases_are_no_difference(where: str) -> None:
    one = ASSIGNED.replace("when: case.filed", "when: {event: case.filed, where: {case_type: 执}}")
    other = ASSIGNED.replace("7d", "5d")
    assert (
        limits(two_packs(one, other.replace("when: case.filed", f"when: {{event: case.filed, where: {where}}}"))) == []
    )
    assert len(limits(two_packs(one, other))) == 1


# --- pairs of rules ------------------------------------------------------------------------------


def conflicts(*rules: str) -> list[Defect]:
    law = book(*rules)
    return list(conflict_notes(law, law.rules.values(), Stage(law, Unmoved.like(Calendar.load()))))


VERIFIED = "kind: response\nper: clue\nwhen: clue.provided\nthen: clue.verified\nwithin: 10d\n"
APART = "kind: interval\nper: clue\nwhen: clue.verified\nafter: clue.provided\nwithin: 15d\n"
QUERIES = "kind: recurrence\nwhen: termination.ruled\nthen: query.online\nwithin: 6mo\nfor: 2y\n"
QUERIES_APART = "kind: interval\nwhen: query.online\nafter: query.online\nwithin: 1y\n"
NEVER = "kind: absence\nwhen: clue.verified\n"
FIRST = "kind: precedence\nwhen: termination.ruled\nneeds: conclusion.ruled\n"
SECOND = "kind: precedence\nwhen: conclusion.ruled\nneeds: termination.ruled\n"
JUDGE = "kind: authority\nwhen: termination.ruled\nrequire: {actor.role: judge}\n"
DIFFERS = "kind: separation\nwhen: objection.decided\nacross: family\nperson: actor\ndiffers_from: {event: objection.accepted, person: actor}\n"
PANEL = "kind: authority\nwhen: termination.ruled\nrequire: {panel: {least: 3}, any: [{source: system}]}\n"
PAIRS = {
    "a response before the distance is over": (VERIFIED, APART, APART.replace("15d", "10d")),
    "something again and again, but not so often": (QUERIES, QUERIES_APART, QUERIES_APART.replace("1y", "6mo")),
    "a demand for what is forbidden": (VERIFIED, NEVER, NEVER.replace("clue.verified", "{event: clue.verified, where: {source: offline}}")),
    "each before the other": (FIRST, SECOND, SECOND.replace("needs: termination.ruled", "needs: [termination.ruled, case.filed]")),
    "two roles for one act": (JUDGE, JUDGE.replace("judge", "president"), JUDGE.replace("judge", "[judge, president]")),
    "the same person and another": (DIFFERS, DIFFERS.replace("differs_from", "equals"), DIFFERS.replace("differs_from", "equals").replace("accepted", "filed")),
    "two amounts": ("kind: condition\nwhen: auction.announced\nrequire: {deposit: {at_most: 100}}\n", "kind: condition\nwhen: auction.announced\nrequire: {deposit: {at_least: 101}}\n", "kind: condition\nwhen: auction.announced\nrequire: {deposit: {at_least: 100}}\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", PAIRS)
def test_rules_that_cannot_both_be_obeyed_are_told_once_and_their_reconciled_twins_are_not(name: str) -> None:
    one, other, reconciled = PAIRS[name]
    assert [note.code for note in conflicts(one, other)] == ["conflict"]
    assert conflicts(one, reconciled) == []


def test_the_example_of_a_conflict_is_a_log_in_which_one_rule_is_obeyed_and_the_other_broken(tmp_path: Path) -> None:
    (note,) = conflicts(VERIFIED, APART)
    assert "no proof" in note.en
    lines = [line for line in note.en.splitlines() if line.startswith("{")]
    (tmp_path / "log.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    law = book(VERIFIED, APART)
    report = check(Logs([str(tmp_path / "log.jsonl")], law.vocabulary, law.definitions.cases), law)
    assert [judgement.rule for judgement in report.violations] == ["trial/rule1"]
    assert report.summary.satisfied == 1


def test_three_of_a_panel_and_five_agree() -> None:
    assert conflicts(PANEL, PANEL.replace("least: 3", "least: 4, odd: true")) == []


def test_the_stricter_of_two_limits_obeys_both() -> None:
    assert conflicts(VERIFIED, VERIFIED.replace("10d", "5d")) == []


def test_what_is_owed_only_after_a_breach_contradicts_nothing() -> None:
    after = "kind: response\nwhen: {event: case.closed, where: {case.assigned.time: {present: false}}}\nthen: progress.reported\nwithin: 5d\n"
    assert conflicts(after, "kind: precedence\nwhen: case.closed\nneeds: case.assigned\n") == []
