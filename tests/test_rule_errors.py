"""What is wrong with a rule is told at its place, all of it at once, and never as a traceback."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from execcheck.defects import Defect, DefectiveInput
from execcheck.lawbook import load_law
from execcheck.rule_reader import read_rule
from execcheck.yaml_places import load_yaml
from lawful import henan
from ruling import PACK, law, read
from test_lawbook import PACK as PACK_FILE
from test_lawbook import RULE, law_book

WHOLE = """title: {zh: 试, en: trial}
kind: response
severity: error
category: passive
article: "1"
per: asset
when: asset.controlled
then: price.determined
within: 30d
examples:
  good: {satisfied: [{time: 2021-11-01, type: case.filed}]}
  bad: {violated: [{time: 2021-11-01, type: case.filed}]}
"""


def defects(text: str) -> list[Defect]:
    """What is wrong with a rule file called r.yaml."""
    machines = {name: frozenset(machine.states) for name, machine in law().lifecycles.items()}
    rule, found = read_rule(load_yaml(text, "r.yaml"), "r", PACK, law().vocabulary, machines)
    assert (rule is None) is bool(found)
    return found


def changed(old: str, new: str) -> list[Defect]:
    assert old in WHOLE
    return defects(WHOLE.replace(old, new))


def test_the_rule_from_which_the_broken_ones_are_made_is_sound() -> None:
    assert defects(WHOLE) == []


PLACED = (
    ("when: asset.controlled", "when: asset.controled", "r.yaml:7:7", "asset.controlled"),
    ("when: asset.controlled", "when: {event: asset.controlled, where: {mesure: seal}}", "r.yaml:7:49", "measure"),
    ("when: asset.controlled", "when: {event: asset.controlled, where: {measure: sael}}", "r.yaml:7:50", "seal"),
    (
        "when: asset.controlled",
        "when: {event: asset.controlled, where: {measure: [seal, freze]}}",
        "r.yaml:7:50",
        "freeze",
    ),
    ("when: asset.controlled", "when: {event: asset.controlled, were: {measure: seal}}", "r.yaml:7:39", "where"),
    (
        "when: asset.controlled",
        "when: {event: asset.controlled, where: {needs_sale: yes}}",
        "r.yaml:7:53",
        "true or false",
    ),
    (
        "when: asset.controlled",
        "when: {event: asset.controlled, where: {actor.role: handlr}}",
        "r.yaml:7:53",
        "handler",
    ),
    ("within: 30d", "within: 30 days", "r.yaml:9:9", "30d"),
    ("within: 30d", "within: 30", "r.yaml:9:9", "30"),
    ("within: 30d", "within: {2021-13-01: 30d}", "r.yaml:9:22", "2021-13-01"),
    ("severity: error", "severity: eror", "r.yaml:3:11", "error"),
    ("category: passive", "category: lazy", "r.yaml:4:11", "passive"),
    ("kind: response", "kind: respones", "r.yaml:2:7", "response"),
    ("per: asset", "per: aset", "r.yaml:6:6", "asset"),
    ('article: "1"', "article: 1", "r.yaml:5:10", "quotes"),
    ("title: {zh: 试, en: trial}", "title: {zh: 试}", "r.yaml:1:8", "en"),
    ("title: {zh: 试, en: trial}", "title: trial", "r.yaml:1:8", "mapping"),
    ("within: 30d", "within: 30d\nstops: [suspensoin]", "r.yaml:10:8", "suspension"),
    ("within: 30d", "within: 30d\nwithinn: 30d", "r.yaml:10:10", "within"),
    ("within: 30d", "within: 30d\nbefore: case.closed", "r.yaml:1:1", "exactly one"),
    ("within: 30d\n", "", "r.yaml:1:1", "exactly one"),
    ("then: price.determined\n", "", "r.yaml:1:1", "then"),
    ("within: 30d", "within: 30d\nin_state: {asset: [contrlled]}", "r.yaml:10:19", "contrlled"),
    ("within: 30d", "within: 30d\nin_state: {aset: [none]}", "r.yaml:10:18", "asset"),
    ("within: 30d", "within: 30d\nin_force: {from: 2021-10-32}", "r.yaml:10:18", "2021-10-32"),
    ("within: 30d", "within: 30d\nwithin: 20d", "r.yaml:10:1", "line 9"),
    ("within: 30d", "within:\t30d\n\tstops: [suspension]", "r.yaml:10:1", "tab"),
    ("within: 30d", "within: 30d\nor_earlier: maybe", "r.yaml:10:13", "true or false"),
    ("within: 30d", "within: 30d\nresponsible: handlr", "r.yaml:10:14", "handler"),
    ("  good: {satisfied:", "  good: {satisfyed:", "r.yaml:11:9", "satisfied"),
)


@pytest.mark.parametrize(("old", "new", "place", "word"), PLACED, ids=[f"{new[:40]!r}" for _, new, _, _ in PLACED])
def test_a_mistake_is_told_where_it_stands_with_what_to_write(old: str, new: str, place: str, word: str) -> None:
    found = changed(old, new)
    assert place in [one.place for one in found], [one.text("en") for one in found]
    assert any(word in one.en for one in found if one.place == place), [one.text("en") for one in found]
    assert all(one.zh and one.en and one.code for one in found)


def test_a_rule_without_examples_is_refused() -> None:
    found = defects(WHOLE.partition("examples:")[0])
    assert ["examples" in one.en for one in found] == [True]


def test_a_rule_shows_at_least_one_case_of_each_verdict() -> None:
    (found,) = changed("violated", "pending")
    assert (found.place, "violated" in found.en) == ("r.yaml:11:3", True)


def test_all_mistakes_of_a_file_are_told_at_once() -> None:
    text = (
        WHOLE.replace("30d", "30")
        .replace("error", "eror")
        .replace("asset.controlled", "asset.controled")
        .replace("en: trial", "en: ''")
    )
    text = text.replace("price.determined", "price.determind") + "colour: red\n"
    lines = {int(one.place.split(":")[1]) for one in defects(text)}
    assert {3, 7, 8, 9, 13} <= lines


# --- words that name a data field -----------------------------------------------------------------

MISSPELT = (
    "kind: response\nwhen: oversight.ordered\nthen: oversight.replied\ndue_on: duee\n",
    "kind: response\nwhen: {event: oversight.ordered, due_on: duee}\nthen: oversight.replied\n",
    "kind: response\nwhen: {event: case.restored, follow: new_cas}\nthen: case.closed\nwithin: 6mo\n",
    "kind: response\nwhen: oversight.ordered\nthen: oversight.replied\nwithin: 3d\nfrom: {field: duee}\n",
    "kind: response\nwhen: pricing.report_received\nthen: pricing.report_sent\nwithin: 3d\nmatch: {reprt: report}\n",
    "kind: response\nwhen: payment.received\nthen: payment.disbursed\nwithin: 3d\n"
    "reaching: {field: amuont, of: payment.received, each: payment.disbursed}\n",
    "kind: precedence\nwhen: auction.announced\nneeds: asset.surveyed\ntogether: {field: aspect, values: [title]}\n",
    "kind: precedence\nwhen: auction.announced\nneeds: asset.surveyed\ntogether: {field: aspects, values: [titel]}\n",
    "kind: separation\nwhen: case.assigned\nperson: handlr\ndiffers_from: {event: case.recused, person: person}\n",
    "kind: separation\nwhen: case.assigned\nperson: handler\ndiffers_from: {event: case.recused, person: persn}\n",
    "kind: aggregate\nwhen: payment.disbursed\ntotal: {sum: amuont, over: payment.disbursed}\nat_most: 5\n",
    "kind: aggregate\nwhen: payment.disbursed\ntotal: {distinct: paye, over: payment.disbursed}\nat_most: 5\n",
    "kind: aggregate\nwhen: asset.controlled\ntotal: {count: true, over: asset.controlled}\n"
    "at_most: {latest: [case.filed], field: clam, times: 1.2}\n",
)  # fmt: skip


@pytest.mark.parametrize("text", MISSPELT)
def test_a_misspelt_field_is_never_silently_empty(text: str) -> None:
    rule, found = read(text)
    assert rule is None
    assert any("did you mean" in one.en or "unknown" in one.en for one in found)


# --- what would break down later ------------------------------------------------------------------

NONSENSE = (
    "kind: response\nwhen: case.filed\nthen: case.closed\nwithin: null\n",
    "kind: response\nwhen: case.filed\nthen: case.closed\nwithin: {}\n",
    "kind: response\nwhen: case.filed\nthen: case.closed\ndue_on: null\n",
    "kind: response\nwhen: case.filed\nthen: case.closed\nbefore: []\n",
    "kind: response\nwhen: case.filed\nthen: []\nwithin: 3d\n",
    "kind: response\nwhen: []\nthen: case.closed\nwithin: 3d\n",
    "kind: response\nwhen: {event: case.filed, within: 3d}\nthen: case.closed\nwithin: 3d\nbefore: case.archived\n",
    "kind: response\nwhen: {event: progress.decided, within: 3d, due_on: until}\nthen: case.closed\n",
    "kind: response\nwhen: case.filed\nthen: case.closed\nwithin: 3d\nfrom: {}\n",
    "kind: response\nwhen: case.filed\nthen: case.closed\nwithin: 3d\nfrom: {period: 3wd}\n",
    "kind: response\nwhen: case.filed\nthen: case.closed\nwithin: 3d\nearliest: 3wd\n",
    "kind: response\nwhen: case.filed\nthen: case.closed\nwithin: 3d\nfor_each: {}\n",
    "kind: response\nwhen: case.filed\nthen: case.closed\nwithin: 3d\nfor_each: {party: source}\n",
    "kind: response\nwhen: case.filed\nthen: case.closed\nwithin: 3d\nmatch: {a: [x]}\n",
    "kind: interval\nwhen: case.restored\nafter: case.closed\nwithin: 3wd\n",
    "kind: interval\nwhen: case.restored\nafter: case.closed\nwithin: null\n",
    "kind: precedence\nwhen: case.restored\nneeds: case.closed\nwithin: 3wd\n",
    "kind: precedence\nwhen: case.restored\nneeds: case.closed\nat_least: 3wd\n",
    "kind: absence\nwhen: {event: {a: b}}\n",
    "kind: absence\nwhen: {event: [[a]]}\n",
    "kind: absence\nwhen: {event: asset.controlled, where: {measure: [[seal]]}}\n",
    "kind: absence\nwhen: {event: case.assigned, where: {reason: [[x]]}}\n",
    "kind: absence\nwhen: {event: case.assigned, where: {reason: {is: {field: [x]}}}}\n",
    "kind: absence\nwhen: {event: asset.controlled, where: {expires: {at_least: soon}}}\n",
    "kind: absence\nwhen: {event: asset.controlled, where: {expires: {at_least: null}}}\n",
    "kind: absence\nwhen: {event: asset.controlled, where: {value: {includes: [x]}}}\n",
    "kind: absence\nwhen: {event: case.assigned, where: {reason: {at_least: 3}}}\n",
    "kind: absence\nwhen: case.filed\nin_force: {from: 2022-01-01, to: 2021-01-01}\n",
    "kind: condition\nwhen: asset.controlled\nrequire: {expires: {at_most: {field: time, plus: 3wd}}}\n",
    "kind: condition\nwhen: asset.controlled\nrequire: {expires: {at_most: {field: time, plus: within}}}\n",
    "kind: condition\nwhen: asset.controlled\nrequire: {value: {at_least: {field: measure}}}\n",
    "kind: aggregate\nwhen: payment.disbursed\ntotal: {sum: amount, over: payment.disbursed}\nat_most: null\n",
    "kind: aggregate\nwhen: payment.disbursed\ntotal: {sum: amount, over: payment.disbursed}\n"
    "at_most: {latest: [case.filed], field: claim, times: factor}\n",
    "kind: separation\nwhen: case.assigned\nperson: handler\ndiffers_from: {office: nosuch}\n",
    "kind: authority\nwhen: case.closed\nrequire: {approvals: [[bureau_head]]}\n",
    "kind: authority\nwhen: case.closed\nrequire: {approvals: [{role: [bureau_head]}]}\n",
    "kind: condition\nwhen: asset.controlled\nrequire: {case.province: {at_least: []}}\n",
    "kind: condition\nwhen: asset.controlled\nrequire: {value: {at_most: 1e999999999}}\n",
    "kind: aggregate\nwhen: payment.disbursed\ntotal: {sum: amount, over: payment.disbursed}\n"
    "at_most: {latest: [{case: filed}, [[case.filed]]], field: claim}\n",
)  # fmt: skip


@pytest.mark.parametrize("text", NONSENSE)
def test_what_cannot_be_judged_is_refused_when_it_is_read(text: str) -> None:
    rule, found = read(text)
    assert rule is None
    assert all(one.place.startswith("trial.yaml:") for one in found)


@pytest.mark.parametrize(
    "line",
    ["as_of: 2022-13-01", "as_of: soon", "as_of: 2022-01-01T10:00:00", "due: soon", "missing: {a: b}", "cuont: 2"],
)
def test_what_is_said_about_an_example_must_make_sense(line: str) -> None:
    text = WHOLE.replace("  bad: {violated: [{time: 2021-11-01, type: case.filed}]}",
                         f"  bad: {{violated: [{{time: 2021-11-01, type: case.filed}}], {line}}}")  # fmt: skip
    assert defects(text)


# --- vocabularies that lack something -------------------------------------------------------------


@pytest.mark.parametrize("line", ["stops: [holiday]", "for_each: {span: holiday}", "stops: holiday\nper: book"])
def test_a_span_that_the_law_book_does_not_know_is_a_defect(tmp_path: Path, line: str) -> None:
    with pytest.raises(DefectiveInput):
        load_law(folder=law_book(tmp_path, returned=RULE.replace("per: book\n", "") + line + "\n"))


@pytest.mark.parametrize("section", ["cases", "offices", "spans"])
@pytest.mark.parametrize("value", ["[]", "5", "text", "{a: 5}", "{a: {}}", "null"])
def test_a_section_of_another_form_is_a_defect_or_empty_but_no_breakdown(
    tmp_path: Path, section: str, value: str
) -> None:
    folder = law_book(tmp_path)
    file = folder / "statemachines" / "vocabulary.yaml"
    file.write_text(file.read_text("utf-8") + f"{section}: {value}\n", "utf-8")
    try:
        load_law(folder=folder)
    except DefectiveInput as caught:
        assert all(".yaml" in defect.place for defect in caught.defects)


def test_a_pack_says_everything_that_is_wrong_with_it(tmp_path: Path) -> None:
    text = (
        PACK_FILE.replace("document: library", "document: libary")
        + "in_force: {from: yesterday}\nnot_checkable: 5\nregoin: 豫\n"
    )
    with pytest.raises(DefectiveInput) as caught:
        load_law(folder=law_book(tmp_path, pack=text))
    lines = [int(defect.place.rsplit(":", 2)[1]) for defect in caught.value.defects]
    assert lines == [2, 5, 6, 7]


# --- any damage -----------------------------------------------------------------------------------

SHIPPED = tuple(sorted((Path(__file__).parents[1] / "policies" / "henan-2021").glob("*.yaml")))
WORDS = (
    "null",
    "5",
    "[]",
    "{}",
    "[[a]]",
    "{a: b}",
    "text",
    "true",
    "-1",
    "2021-10-18",
    '""',
    "30d",
    "*a",
    "&a x",
    "!!int x",
)


@settings(max_examples=250, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 10_000), st.integers(0, 10_000), st.sampled_from(WORDS))
def test_a_damaged_rule_is_read_or_refused_but_never_breaks_the_reader(which: int, seed: int, word: str) -> None:
    """One value of a shipped rule replaced by another."""
    dice = random.Random(seed)
    file = SHIPPED[which % len(SHIPPED)]
    lines = file.read_text("utf-8").partition("\nexamples:")[0].splitlines()
    at = dice.randrange(len(lines))
    key, colon, _ = lines[at].partition(":")
    lines[at] = (
        f"{key}{colon} {word}" if dice.random() < 0.6 else lines[at].replace(dice.choice(lines[at].split()), word)
    )
    text = "\n".join(lines) + "\n" + WHOLE[WHOLE.index("examples:") :]
    machines = {name: frozenset(machine.states) for name, machine in henan().lifecycles.items()}
    rule, found = read_rule(load_yaml(text, "r.yaml"), "r", PACK, henan().vocabulary, machines)
    assert (rule is None) is bool(found)
    assert all(one.place.startswith("r.yaml:") and one.zh and one.en for one in found)


def test_a_whole_table_in_the_place_of_a_word_is_not_repeated_in_the_message() -> None:
    (found,) = defects(
        WHOLE.replace("then: price.determined", f"then: price.determined\nresponsible: {{a: {'x' * 900}}}")
    )
    assert "{…}" in found.zh and len(found.zh) < 300


def test_a_number_beyond_all_amounts_is_no_number() -> None:
    (found,) = load_yaml("a: 1e999999999\nb: 0e-999999999\nc: 1e40", "n.yaml").defects[:1]
    assert found.place == "n.yaml:1:4"
    assert load_yaml("c: 1e40\nd: 0.000", "n.yaml").defects == ()
