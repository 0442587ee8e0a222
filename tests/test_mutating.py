"""Mutation testing of law: rules changed in one thing at a time, what their examples notice, what is shown of the rest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from attrs import evolve

from clirun import run
from execcheck.calendars import Calendar
from execcheck.clauses import Operand, parts_of
from execcheck.durations import Period
from execcheck.lawbook import Law
from execcheck.mutating import Mutant, mutants_of, mutate, telling_apart
from execcheck.mutating.report import tells
from execcheck.mutating.trial import Jury
from execcheck.mutating.writing import yaml_of
from execcheck.periods import due_day
from execcheck.policy import Example, Response, Rule, Text
from execcheck.rule_reader import read_rule
from execcheck.yaml_places import load_yaml
from ruling import HEAD, PACK, book, law, read

CLUE = """
kind: response
per: clue
when: {event: clue.provided, where: {urgent: false}}
then: clue.verified
within: 7d
unless: case.closed
stops: [suspension]
"""


def only(text: str) -> tuple[Law, Rule]:
    """A law book of one rule without examples, and the rule."""
    found = book(text)
    rule = evolve(found.rules["trial/rule0"], examples=())
    return evolve(found, rules={rule.id: rule}, book={rule.id: rule}), rule


def mutants(text: str) -> Mapping[str, Mutant]:
    found, rule = only(text)
    return {mutant.name: mutant for mutant in mutants_of(rule, found)}


def with_examples(text: str, **examples: object) -> tuple[Law, Rule]:
    """The same with examples, as they stand in a rule file."""
    found, rule = only(text)
    judged = tuple(
        Example(name=name, place="trial", **given)  # type: ignore[arg-type]
        for name, given in examples.items()
    )
    rule = evolve(rule, examples=judged)
    return evolve(found, rules={rule.id: rule}, book={rule.id: rule}), rule


# --- mutants ----------------------------------------------------------------------------------------


def test_each_part_of_a_rule_is_changed_on_its_own() -> None:
    assert {
        "within:+1", "within:-1", "within:working-days", "rollover:off", "unless.case.closed:dropped",
        "stops.suspension:dropped", "or_earlier:flipped", "per:dropped", "when.clue.provided.where.urgent:dropped",
        "when.clue.provided.where.urgent:negated", "then.clue.verified:swapped",
    } <= set(mutants(CLUE))  # fmt: skip


def test_a_mutant_differs_in_what_its_name_says() -> None:
    found = mutants(CLUE)
    longer, free = found["within:+1"].rule, found["unless.case.closed:dropped"].rule
    assert isinstance(longer, Response) and isinstance(free, Response)
    assert longer.within is not None and longer.within.latest == Period(8, "d")
    assert (free.unless, free.within) == ((), longer.within.with_value(Period(7, "d")))


def test_the_names_of_mutants_are_all_different_in_every_shipped_rule() -> None:
    for rule in law().rules.values():
        names = [mutant.name for mutant in mutants_of(rule, law())]
        assert len(names) == len(set(names)), rule.id
        assert names, rule.id


def test_no_period_gets_less_than_nothing_and_hours_do_not_roll() -> None:
    same_day = mutants("kind: response\nwhen: case.filed\nthen: case.assigned\nwithin: 0d")
    assert "within:-1" not in same_day and "rollover:off" not in same_day
    assert "rollover:off" not in mutants("kind: response\nwhen: case.filed\nthen: case.assigned\nwithin: 24h")


def test_one_day_that_moves_from_rest_days_is_one_working_day_and_no_mutant() -> None:
    assert "within:working-days" not in mutants("kind: response\nwhen: case.filed\nthen: case.assigned\nwithin: 1d")


def test_each_value_of_a_dated_limit_and_the_day_between_them_are_changed() -> None:
    text = "kind: response\nwhen: case.filed\nthen: case.assigned\nwithin: {2022-01-01: 7d, 2024-01-01: 5d}\nin_force: {from: 2022-01-01}"
    assert {
        "within.2022-01-01:+1", "within.2022-01-01:-1", "within.2024-01-01:+1", "within.2024-01-01:-1",
        "within.2024-01-01:from+1", "within.2024-01-01:from-1",
    } <= set(mutants(text))  # fmt: skip


def test_a_rule_on_one_event_alone_has_no_mutants_about_other_cases_or_objects() -> None:
    alone = mutants("kind: condition\nper: asset\nwhen: asset.controlled\nrequire: {expires: {present: true}}")
    assert not [name for name in alone if name.startswith(("per", "across"))]


def test_an_odd_panel_is_changed_by_two() -> None:
    panel = mutants("kind: authority\nwhen: case.closed\nrequire: {panel: {least: 3, odd: true, quota_judges: true}}")
    assert {"require.panel:+2", "require.panel:-2", "require.panel.odd:dropped"} <= set(panel)


def test_a_changed_limit_reaches_the_conditions_of_the_trigger_too() -> None:
    shipped = law().with_parameters({"enforcement-work/superior-postponement-prolonged-by-president.within": "2mo"})
    rule = shipped.rules["enforcement-work/superior-postponement-prolonged-by-president"]
    wheres = tuple(trigger.selector.where for trigger in rule.when)
    shifts = [part.shift for part in parts_of(wheres) if isinstance(part, Operand) and part.shift is not None]
    assert [str(shift.latest) for shift in shifts] == ["2mo"]


def test_without_rest_days_nothing_rolls_and_all_else_is_alike() -> None:
    plain, court = Calendar.without_rest(), Calendar.load()
    friday = date(2022, 6, 3).toordinal()  # the Dragon Boat Festival
    assert due_day(plain, friday - 7, Period(7, "d")) == friday
    assert due_day(court, friday - 7, Period(7, "d")) == date(2022, 6, 6).toordinal()
    wednesday = date(2022, 6, 15).toordinal()
    assert due_day(plain, wednesday - 7, Period(7, "d")) == due_day(court, wednesday - 7, Period(7, "d")) == wednesday


# --- killing ----------------------------------------------------------------------------------------

LAST_DAY = {
    "verdict": "satisfied", "due": "2022-03-08", "events": (
        {"time": "2022-03-01", "type": "clue.provided", "clue": "K1"},
        {"time": "2022-03-08", "type": "clue.verified", "clue": "K1"},
    ),
}  # fmt: skip


def test_an_example_on_the_last_day_notices_another_limit() -> None:
    found, rule = with_examples(CLUE, last=LAST_DAY)
    jury, changed = Jury(rule, found), mutants(CLUE)
    assert jury.killer(changed["within:-1"]) == "last"
    assert jury.killer(changed["within:+1"]) == "last"
    assert jury.killer(changed["rollover:off"]) is None
    assert jury.killer(changed["unless.case.closed:dropped"]) is None


def test_the_rule_itself_is_no_mutant_that_its_examples_notice() -> None:
    for rule in law().rules.values():
        if rule.pack.name == "henan-2021":
            assert Jury(rule, law()).killer(Mutant("itself", Text("", ""), rule)) is None, rule.id


# --- what is shown of survivors ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "within:+1", "within:-1", "within:working-days", "rollover:off", "unless.case.closed:dropped",
        "stops.suspension:dropped", "or_earlier:flipped", "per:dropped", "when.clue.provided.where.urgent:dropped",
    ],
)  # fmt: skip
def test_the_example_shown_comes_out_for_the_rule_and_not_for_the_mutant(name: str) -> None:
    found, rule = only(CLUE)
    mutant = mutants(CLUE)[name]
    example = telling_apart(found, rule, mutant)
    assert example is not None
    assert tells(found, rule, mutant, example)
    assert len(example.events) <= 3


def test_an_example_about_rest_days_says_so_in_its_name() -> None:
    found, rule = only(CLUE)
    example = telling_apart(found, rule, mutants(CLUE)["rollover:off"])
    assert example is not None and example.name.startswith("the last day is a rest day")


def test_where_no_log_tells_them_apart_none_is_shown() -> None:
    found, rule = only(CLUE)
    assert telling_apart(found, rule, Mutant("nothing", Text("", ""), rule), most=200) is None


def test_a_pasted_example_is_read_back_and_kills_the_mutant() -> None:
    found, rule = only(CLUE)
    mutant = mutants(CLUE)["unless.case.closed:dropped"]
    example = telling_apart(found, rule, mutant)
    assert example is not None
    ((name, given),) = yaml.safe_load(yaml_of(example)).items()
    assert name == example.name
    again, defects = read_with(CLUE, yaml_of(example))
    assert defects == []
    assert again is not None and Jury(again, found).killer(mutant) == example.name
    assert example.verdict in given


def read_with(text: str, example: str) -> tuple[Rule | None, list[object]]:
    """A rule with an example pasted below ``examples:``, read like a rule file."""
    head = HEAD.replace("examples: {a: {satisfied: []}, b: {violated: []}}\n", "")
    other = "  first: {violated: []}\n  second: {satisfied: []}\n"
    document = load_yaml(f"{head}{text}examples:\n{other}{example}", "rule0.yaml")
    rule, defects = read_rule(document, "rule0", PACK, law().vocabulary, {})
    if rule is not None:
        rule = evolve(rule, examples=tuple(e for e in rule.examples if e.name not in ("first", "second")))
    return rule, list(defects)


def test_what_no_example_notices_is_reported_and_what_is_explained_is_not() -> None:
    found, rule = with_examples(CLUE, last=LAST_DAY)
    left = {survivor.mutant.name for survivor in mutate(found).survivors}
    assert "rollover:off" in left and "within:+1" not in left
    explained = evolve(rule, survivors={name: Text("等效", "the same") for name in left})
    quiet = mutate(evolve(found, rules={rule.id: explained}, book={rule.id: explained}))
    assert (quiet.survivors, quiet.stale, quiet.explained) == ((), (), len(left))
    assert quiet.killed + quiet.explained == quiet.mutants


def test_an_explanation_of_what_is_killed_or_does_not_exist_is_stale() -> None:
    found, rule = with_examples(CLUE, last=LAST_DAY)
    why = Text("等效", "the same")
    rule = evolve(rule, survivors={"within:+1": why, "no.such:thing": why})
    stale = mutate(evolve(found, rules={rule.id: rule}, book={rule.id: rule})).stale
    assert sorted(defect.en for defect in stale) == [
        "survivors: an example tells “within:+1” already, the explanation is stale",
        "survivors: there is no mutant “no.such:thing”",
    ]


def test_explanations_are_read_from_the_rule_file_in_two_languages() -> None:
    rule, defects = read(CLUE + "survivors: {rollover:off: {zh: 等效, en: the same}}")
    assert defects == [] and rule is not None
    assert rule.survivors == {"rollover:off": Text("等效", "the same")}
    _, defects = read(CLUE + "survivors: {rollover:off: {zh: 等效}}")
    assert [defect.en for defect in defects] == ["“en” is missing"]


def test_money_is_written_as_a_number_and_words_that_look_like_numbers_in_quotes() -> None:
    events = ({"time": "2022-03-01", "type": "payment.received", "payment": "1e3", "amount": Decimal("0.01")},)
    text = yaml_of(Example("a name: with a colon", "", "satisfied", events))
    assert text == (
        '  "a name: with a colon":\n    satisfied:\n'
        '      - {time: 2022-03-01, type: payment.received, payment: "1e3", amount: 0.01}\n'
    )


# --- the command ------------------------------------------------------------------------------------

TRIAL_COURT = """
document: trial-court
title: {zh: 试, en: trial}
wording: {zh: "不符合{short}第{article}条", en: "not in line with article {article} of {short}"}
"""
RULE = """
title: {zh: 五日内分案, en: Assigned within five days}
kind: response
severity: error
category: passive
article: "1"
when: case.filed
then: case.assigned
within: 5d
examples:
  on the last day:
    satisfied:
      - {time: 2022-03-01, type: case.filed}
      - {time: 2022-03-06, type: case.assigned, handler: h1}
  nobody assigned it:
    violated:
      - {time: 2022-03-01, type: case.filed}
    as_of: 2022-03-31
"""


def pack(folder: Path, more: str = "") -> str:
    place = folder / "trial-court"
    place.mkdir(exist_ok=True)
    (place / "pack.yaml").write_text(TRIAL_COURT, encoding="utf-8")
    (place / "assigned-in-5-days.yaml").write_text(RULE + more, encoding="utf-8")
    return str(place)


def test_the_command_shows_survivors_with_examples_that_kill_them_once_pasted(tmp_path: Path) -> None:
    result = run("mutate", pack(tmp_path), "--lang", "en")
    assert result.exit_code == 1
    assert "assigned-in-5-days.yaml:" in result.output and "or_earlier:flipped: false becomes true" in result.output
    more = ""
    for _ in range(12):
        shown = run("mutate", pack(tmp_path, more), "--lang", "en")
        if shown.exit_code == 0:
            break
        head, *lines = shown.output.split("\n")
        assert "survive" not in head
        more += "".join(line + "\n" for line in lines[: next(n for n, text in enumerate(lines) if text[:2] != "  ")])
    assert shown.exit_code == 0, shown.output
    assert "0 survive" in shown.output
    assert run("test", str(tmp_path / "trial-court")).exit_code == 0


def test_the_command_tells_programs_the_same(tmp_path: Path) -> None:
    result = run("mutate", pack(tmp_path), "--format", "json")
    found = json.loads(result.output)
    assert result.exit_code == 1
    assert found["mutants"] == found["killed"] + found["explained"] + len(found["survivors"])
    assert {survivor["rule"] for survivor in found["survivors"]} == {"trial-court/assigned-in-5-days"}


def test_the_command_speaks_chinese_and_refuses_what_is_no_law(tmp_path: Path) -> None:
    shown = run("mutate", pack(tmp_path))
    assert "休息日届满不顺延" in shown.output or "1 条规则" in shown.output
    assert run("mutate", str(tmp_path / "nothing")).exit_code == 2


@pytest.mark.parametrize("name", sorted(law().packs))
def test_no_change_of_a_shipped_rule_goes_unnoticed_or_unexplained(name: str) -> None:
    rules = [rule for rule in law().rules.values() if rule.pack.name == name]
    found = mutate(law(), rules)
    assert [f"{survivor.rule.id} {survivor.mutant.name}" for survivor in found.survivors] == []
    assert found.stale == ()
    assert found.mutants == found.killed + found.explained > 0
