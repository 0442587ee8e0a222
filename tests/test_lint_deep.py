"""``execcheck lint --deep``: every kind of thing that it says is said of a broken law book, and not of its corrected twin."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from attrs import evolve

from clirun import ROOT, run
from execcheck.defects import Defect
from execcheck.exploring import explore
from execcheck.exploring.reach import reach_notes
from execcheck.lawbook import load_law
from execcheck.policy import Rule
from execcheck.testing.scenes import Stage
from ruling import book

VOCABULARY = """
objects:
  book: {zh: 图书, en: book}
events:
  book.lent: {zh: 借出, en: lent, object: book, data: {until: date, clerk: id}}
  book.renewed: {zh: 续借, en: renewed, object: book}
  book.returned: {zh: 归还, en: returned, object: book, data: {state: [good, damaged]}}
  book.lost: {zh: 遗失, en: lost, object: book}
"""
MACHINE = """
title: {zh: 借阅流程, en: course of a loan}
object: book
severity: error
category: improper
initial: shelved
ends: [lost]
states:
  shelved: {zh: 在架, en: on the shelf}
  lent: {zh: 借出, en: lent}
  lost: {zh: 遗失, en: lost}
transitions:
  book.lent:
    - {from: shelved, to: lent}
  book.renewed:
    - {from: lent, to: same}
  book.returned:
    - {from: lent, to: shelved}
  book.lost:
    - {from: lent, to: lost}
"""
PACK_YAML = """
document: house
title: {zh: 规则, en: House rules}
wording: {zh: "不符合{short}第{article}条", en: "not in line with rule {article} of {short}"}
"""
RULE = """
title: {zh: 四周内归还, en: Back in four weeks}
kind: response
severity: error
category: passive
article: "1"
per: book
when: book.lent
then: book.returned
within: 28d
examples:
  in time:
    satisfied:
      - {time: 2022-03-01, type: book.lent, book: B1}
      - {time: 2022-03-02, type: book.returned, book: B1}
  never:
    violated:
      - {time: 2022-03-01, type: book.lent, book: B1}
    as_of: 2022-05-01
"""


def library(folder: Path, *, vocabulary: str = VOCABULARY, machine: str = MACHINE, rule: str = RULE) -> Path:
    """A small law book of one lifecycle and one rule."""
    for name, text in (
        ("statemachines/vocabulary.yaml", vocabulary), ("statemachines/loan.yaml", machine),
        ("policies/house/pack.yaml", PACK_YAML), ("policies/house/back.yaml", rule),
    ):  # fmt: skip
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def told(folder: Path) -> list[Defect]:
    return list(explore(load_law(folder=folder)))


def codes(notes: Iterable[Defect]) -> list[str]:
    return [note.code for note in notes]


# --- a law book as a whole -----------------------------------------------------------------------


def test_of_a_sound_law_book_nothing_is_said(tmp_path: Path) -> None:
    assert told(library(tmp_path)) == []


def test_an_event_type_that_nothing_uses_is_named_with_its_place(tmp_path: Path) -> None:
    (note,) = told(library(tmp_path, vocabulary=VOCABULARY + "  book.read: {zh: 阅读, en: read, object: book}\n"))
    assert note.code == "unused-type"
    assert note.place.endswith(f"vocabulary.yaml:{VOCABULARY.count(chr(10)) + 1}:3")
    assert "阅读" in note.zh
    assert "book.read" in note.en


def test_an_event_type_that_only_a_span_an_office_or_the_cases_use_is_used(tmp_path: Path) -> None:
    text = (
        VOCABULARY
        + """
  library.closed: {zh: 闭馆, en: closed}
  library.opened: {zh: 开馆, en: opened}
  clerk.named: {zh: 派定, en: named, data: {clerk: id}}
  account.opened: {zh: 开户, en: account opened, data: {kind: [adult, child]}}
cases: {opened_by: account.opened, type_field: kind, default_type: adult}
offices: {clerk: {zh: 经办, en: clerk, held_by: clerk, named_in: clerk.named}}
spans: {closure: {zh: 闭馆, en: closure, from: library.closed, to: library.opened}}
"""
    )
    assert told(library(tmp_path, vocabulary=text)) == []


def test_a_selector_of_any_event_uses_none_in_particular(tmp_path: Path) -> None:
    extra = VOCABULARY + "  book.read: {zh: 阅读, en: read, object: book}\n"
    wild = RULE.replace("when: book.lent", "when: {event: '*', where: {source: offline}}").replace("per: book\n", "")
    wild = wild.replace("type: book.lent,", "type: book.lent, source: offline,")
    assert "unused-type" in codes(told(library(tmp_path, vocabulary=extra, rule=wild)))


@pytest.mark.parametrize(("ends", "expected"), [("ends: [lost]\n", []), ("", ["stuck-state"])])
def test_a_state_that_cannot_be_left_has_to_be_an_end(tmp_path: Path, ends: str, expected: list[str]) -> None:
    assert codes(told(library(tmp_path, machine=MACHINE.replace("ends: [lost]\n", ends)))) == expected


def test_a_group_may_be_named_as_the_end(tmp_path: Path) -> None:
    machine = MACHINE.replace("ends: [lost]", "ends: over").replace(
        "transitions:", "groups: {over: [lost]}\ntransitions:"
    )
    assert told(library(tmp_path, machine=machine)) == []


def test_an_end_that_is_no_state_is_a_defect_with_its_place(tmp_path: Path) -> None:
    library(tmp_path, machine=MACHINE.replace("ends: [lost]", "ends: [lots]"))
    result = run("lint", str(tmp_path), "--deep", "--lang", "en")
    assert result.exit_code == 2
    assert re.search(r"loan\.yaml:7:8: .*lots.*lost", result.output)


def test_states_that_lead_to_no_end_are_told(tmp_path: Path) -> None:
    machine = MACHINE.replace("ends: [lost]", "ends: [shelved, lost]").replace(
        "    - {from: lent, to: shelved}",
        "    - {from: lent, to: worn}\n    - {from: worn, to: torn}\n    - {from: torn, to: worn}",
    )
    machine = machine.replace(
        "  lost: {zh: 遗失, en: lost}\n",
        "  lost: {zh: 遗失, en: lost}\n  worn: {zh: 旧, en: worn}\n  torn: {zh: 破, en: torn}\n",
    )
    machine += "effects: {book.returned: worn}\n"
    found = [note for note in told(library(tmp_path, machine=machine)) if note.code == "endless-state"]
    assert [re.findall(r"\((\w+)\)", note.en) for note in found] == [["worn"], ["torn"]]


def test_a_state_that_only_steps_out_of_order_reach_is_told_with_the_events_that_only_it_takes(tmp_path: Path) -> None:
    machine = MACHINE.replace("    - {from: lent, to: same}", "    - {from: kept, to: same}").replace(
        "transitions:", "  kept: {zh: 留, en: kept}\ntransitions:"
    )
    machine = machine.replace("ends: [lost]", "ends: [lost, kept]") + "effects: {book.renewed: kept}\n"
    notes = told(library(tmp_path, machine=machine))
    assert codes(notes) == ["unreached-state", "untaken-type"]
    assert "book.renewed" in notes[1].en


def test_a_duty_that_its_lifecycle_forbids_after_the_trigger_is_told(tmp_path: Path) -> None:
    rule = RULE.replace("when: book.lent", "when: book.lost").replace("type: book.lent", "type: book.lost")
    (note,) = told(library(tmp_path, rule=rule))
    assert note.code == "unmeetable"
    assert "takes no book.returned any more" in note.en
    again = MACHINE.replace("    - {from: lent, to: shelved}", "    - {from: [lent, lost], to: shelved}")
    assert told(library(tmp_path, rule=rule, machine=again)) == []


def test_the_values_that_tell_steps_apart_are_looked_at(tmp_path: Path) -> None:
    machine = MACHINE.replace(
        "    - {from: lent, to: shelved}", "    - {from: lent, where: {state: good}, to: shelved}"
    )
    rule = RULE.replace("then: book.returned", "then: {event: book.returned, where: {state: STATE}}")
    rule = rule.replace("type: book.returned,", "type: book.returned, state: STATE,")
    assert codes(told(library(tmp_path, machine=machine, rule=rule.replace("STATE", "damaged")))) == ["unmeetable"]
    assert told(library(tmp_path, machine=machine, rule=rule.replace("STATE", "good"))) == []


def test_a_rule_for_a_state_in_which_its_trigger_never_leaves_the_lifecycle_is_told(tmp_path: Path) -> None:
    states = "per: book\nin_state: {loan: [STATE]}\n"
    rule = RULE.replace("per: book\n", states)
    (note,) = told(library(tmp_path, rule=rule.replace("STATE", "shelved")))
    assert note.code == "untriggerable"
    assert "none of the states asked for" in note.en
    assert told(library(tmp_path, rule=rule.replace("STATE", "lent"))) == []


def test_a_trigger_that_no_state_takes_is_told(tmp_path: Path) -> None:
    machine = MACHINE.replace("    - {from: shelved, to: lent}", "    - {from: lost, to: lent}")
    machine = machine.replace(
        "  book.lost:\n    - {from: lent, to: lost}",
        "  book.lost:\n    - {from: lent, to: lost}\neffects: {book.lent: lent, book.lost: lost}",
    )
    assert "untriggerable" in codes(told(library(tmp_path, machine=machine)))


# --- single rules --------------------------------------------------------------------------------


def reach(rule: str) -> list[Defect]:
    law = book(rule)
    return list(reach_notes(law, law.rules.values(), Stage(law)))


CLUE = "kind: response\nper: clue\nwhen: {event: clue.provided, where: WHERE}\nthen: clue.verified\nwithin: 7d\n"
DEPOSIT = "kind: condition\nwhen: {event: auction.announced, where: WHERE}\nrequire: {deposit: {at_most: 5}}\n"


@pytest.mark.parametrize(("wrong", "right", "code"), [
    ("{round: 1, mode: {is: online, not: online}}", "{round: 1, mode: {is: online, not: traditional}}", "untriggerable"),
    ("{mode: online, any: [{mode: traditional}, {mode: {present: false}}]}", "{mode: online, any: [{mode: traditional}, {round: 1}]}", "untriggerable"),
    ("{start_price: {at_least: 5, less_than: 5}}", "{start_price: {at_least: 5, less_than: 6}}", "not-triggered"),
])  # fmt: skip
def test_a_trigger_that_contradicts_itself_is_told_as_proven_only_where_it_is(
    wrong: str, right: str, code: str
) -> None:
    (note,) = reach(DEPOSIT.replace("WHERE", wrong))
    assert note.code == code
    assert ("no proof" in note.en) == (code == "not-triggered")
    assert reach(DEPOSIT.replace("WHERE", right)) == []


def test_a_rule_that_is_never_in_force_is_told() -> None:
    law = book(CLUE.replace("WHERE", "{}"))
    ((name, rule),) = law.rules.items()
    never = evolve(rule, in_force=evolve(rule.in_force, start=800_000, end=700_000))
    assert codes(reach_notes(evolve(law, rules={name: never}), [never], Stage(law))) == ["untriggerable"]


def test_a_demand_that_nothing_meets_is_told_with_a_log_in_which_it_is_not_met() -> None:
    text = "kind: condition\nwhen: auction.announced\nrequire: {deposit: {at_most: 5, more_than: LOW}}\n"
    (note,) = reach(text.replace("LOW", "5"))
    assert note.code == "not-met"
    assert "no proof" in note.en
    assert '"type": "auction.announced"' in note.en
    assert reach(text.replace("LOW", "4")) == []


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("{less_than: {field: time}}", "{more_than: {field: time}}"),
        ("{at_most: {field: time, minus: 1d}}", "{at_least: {field: time, plus: 1d}}"),
    ],
)
def test_a_due_day_that_always_lies_before_the_trigger_is_told(wrong: str, right: str) -> None:
    text = "kind: response\nper: asset\nwhen: {event: asset.controlled, where: {expires: WHEN}}\nthen: asset.control_renewed\ndue_on: expires\n"
    (note,) = reach(text.replace("WHEN", wrong))
    assert note.code == "due-before-trigger"
    assert "always lies before the trigger" in note.en
    assert reach(text.replace("WHEN", right)) == []
    assert "due-before-trigger" not in codes(reach(text.replace("WHEN", wrong) + "or_earlier: true\n"))


# --- the command, and what it says about what we ship ---------------------------------------------


def test_only_with_deep_the_command_looks_at_rules_and_lifecycles_together(tmp_path: Path) -> None:
    library(tmp_path, vocabulary=VOCABULARY + "  book.read: {zh: 阅读, en: read, object: book}\n")
    assert "book.read" not in run("lint", str(tmp_path)).output
    result = run("lint", str(tmp_path), "--deep", "--lang", "en")
    assert result.exit_code == 0
    assert "uses “read” (book.read)" in result.output
    assert "no defects, 1 notes" in result.output


def test_of_a_pack_on_its_own_the_vocabulary_is_not_examined() -> None:
    result = run("lint", str(ROOT / "policies" / "dishonesty"), "--deep", "--lang", "en")
    assert "uses" not in result.output
    assert "no defects, 0 notes" in result.output


@pytest.fixture(scope="module")
def shipped() -> list[Defect]:
    return list(explore(load_law()))


def keys(note: Defect) -> tuple[str, ...]:
    """What a note is about: event types in brackets, or the rules that it names."""
    named: dict[str, Rule] = dict(load_law().rules)
    rules = tuple(word for word in re.findall(r"[\w-]+/[\w-]+", note.en.partition("\n")[0]) if word in named)
    return (note.code, *(dict.fromkeys(rules) or re.findall(r"\(([\w.]+)\)", note.en)))


def test_all_that_is_said_about_what_we_ship_is_explained_in_the_law_notes(shipped: list[Defect]) -> None:
    page = (ROOT / "docs" / "law-notes.md").read_text(encoding="utf-8")
    section = page.partition("## What `lint --deep` says, and why it stays")[2].partition("\n## ")[0]
    explained = [
        tuple(re.findall(r"`([^`]+)`", line.rpartition("|")[0].rpartition("|")[0]))
        for line in section.splitlines()
        if line.startswith("| `")
    ]
    assert sorted(map(keys, shipped)) == sorted(explained)


def test_nothing_in_what_we_ship_is_contradictory_or_without_effect(shipped: list[Defect]) -> None:
    assert set(codes(shipped)) == {"unused-type", "differing-limits"}
    assert all(note.note and note.place and note.zh != note.en for note in shipped)
