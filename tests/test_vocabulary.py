"""The vocabulary: the shipped one holds what the contract fixes; a faulty one is told place by place."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from execcheck.defects import DefectiveInput, suggest
from execcheck.vocabulary import MISSING, Vocabulary
from execcheck.vocabulary_reader import load_vocabulary
from inputs import VOCABULARY, event_of

SMALL = """\
objects:
  asset: 财产
roles: {handler: {zh: 承办人, en: handler}}
events:
  asset.found:
    zh: 发现财产
    object: asset
    data: {kind: [car, house], value: money, seen: date, parts: {many: [a, b]}}
    required: [kind]
  case.filed: {zh: 立案, data: {parent: id, kin: ids, original_case: id}}
defaults:
  asset.found: {kind: car, value: 3.50, parts: [a]}
"""


def defects_in(text: str) -> set[tuple[str, str]]:
    """Place and code of every defect."""
    with pytest.raises(DefectiveInput) as caught:
        load_vocabulary(text, "v.yaml")
    return {(defect.place, defect.code) for defect in caught.value.defects}


def test_the_shipped_vocabulary_has_as_many_words_as_it_should() -> None:
    counts = [len(part) for part in (VOCABULARY.events, VOCABULARY.objects, VOCABULARY.roles, VOCABULARY.departments)]
    assert counts == [241, 18, 23, 10]


def test_everything_in_the_shipped_vocabulary_has_a_chinese_and_an_english_label() -> None:
    for part in (VOCABULARY.events, VOCABULARY.objects, VOCABULARY.roles, VOCABULARY.departments):
        for name, label in part.items():
            assert re.search("[\u4e00-\u9fff]", label.zh), name
            assert re.search("[a-z]", label.en), name
            assert label.en != name or "." not in name


def test_no_two_event_types_share_a_label() -> None:
    for language in ("zh", "en"):
        labels = [getattr(kind, language) for kind in VOCABULARY.events.values()]
        assert len(set(labels)) == len(labels)


def test_the_own_object_and_the_others_are_known_kinds() -> None:
    assert VOCABULARY.events["objection.filed"].also == ("asset",)
    assert VOCABULARY.events["coercion.imposed"].object == "recording"
    assert VOCABULARY.events["notice.issued"].object is None


@pytest.mark.parametrize(("kind", "field", "default"), [
    ("case.applied", "non_litigation", False), ("case.filed", "non_litigation", False), ("case.filed", "subject", "money"),
    ("case.filed", "special", ()), ("case.filed", "related_cases", ()), ("case.filed", "case_type", "执"),
    ("asset.controlled", "rank", "first"), ("asset.controlled", "priority", False), ("asset.controlled", "owner", "debtor"),
    ("payment.received", "identified", True), ("clue.provided", "urgent", False), ("coercion.imposed", "urgent", False),
    ("auction.announced", "round", 1), ("auction.closed", "round", 1), ("entrustment.sent", "kind", "matter"),
    ("auction.notified", "waived", False), ("auction.notified", "by_public_notice", False),
])  # fmt: skip
def test_a_missing_field_means_what_the_contract_says(kind: str, field: str, default: object) -> None:
    assert VOCABULARY.events[kind].fields[field].default == default


def test_all_other_fields_have_no_default() -> None:
    given = [
        name
        for kind in VOCABULARY.events.values()
        for name, field in kind.fields.items()
        if field.default is not MISSING
    ]
    assert len(given) == 17
    assert VOCABULARY.events["objection.filed"].fields["kind"].default is MISSING


@pytest.mark.parametrize(("case", "case_type"), [
    ("（2021）豫0225执123号", "执"), ("（2021）豫0225执恢12号", "执恢"), ("（2021）豫0225执异12号", "执异"), ("（2021）豫0225民初1号", "执"),
    ("C1", "执"), ("（2012）川恢执字第5号", "执恢"),
])  # fmt: skip
def test_the_type_of_a_case_comes_from_its_number_and_else_is_enforcement(case: str, case_type: str) -> None:
    event = event_of({"case": case, "type": "case.filed", "time": "2021-01-01"})
    assert VOCABULARY.value(event, "case_type") == case_type


def test_a_given_value_comes_before_the_default() -> None:
    event = event_of(
        {"case": "（2021）豫0225执恢1号", "type": "case.filed", "time": "2021-01-01", "data": {"case_type": "执保"}}
    )
    assert VOCABULARY.value(event, "case_type") == "执保"
    assert VOCABULARY.value(event, "claim") is MISSING
    assert VOCABULARY.value(event, "unheard_of") is MISSING


def test_case_number_fields_are_those_of_the_contract_unless_the_section_cases_names_others() -> None:
    def named(vocabulary: Vocabulary) -> list[str]:
        return [name for name, field in vocabulary.events["case.filed"].fields.items() if field.is_case_number]

    assert named(VOCABULARY) == ["related_cases", "original_case"]
    assert VOCABULARY.events["case.restored"].fields["new_case"].is_case_number
    assert named(load_vocabulary(SMALL, "v.yaml")) == ["original_case"]
    assert named(load_vocabulary(SMALL + "cases: {parent: parent, related: kin}\n", "v.yaml")) == ["parent", "kin"]


def test_a_plain_word_is_a_chinese_label_and_the_name_stands_in_for_the_english_one() -> None:
    vocabulary = load_vocabulary(SMALL, "v.yaml")
    assert (vocabulary.objects["asset"].zh, vocabulary.objects["asset"].en) == ("财产", "asset")
    assert vocabulary.events["asset.found"].en == "asset.found"
    fields = vocabulary.events["asset.found"].fields
    assert fields["value"].default == Decimal("3.50")
    assert (fields["parts"].kind, fields["parts"].default) == ("many", ("a",))


def test_sections_of_others_are_left_as_they_are() -> None:
    text = SMALL + "spans: {x: [1]}\n"
    assert load_vocabulary(text, "v.yaml").extra == {"spans": {"x": [1]}}
    assert defects_in(text.replace("spans", "spins")) == {("v.yaml:13:1", "vocabulary-unknown")}


@pytest.mark.parametrize(("old", "new", "place", "code"), [
    ("object: asset", "object: aset", "v.yaml:7:13", "vocabulary-unknown"),
    ("required: [kind]", "required: [kinds]", "v.yaml:9:16", "vocabulary-unknown"),
    ("required: [kind]", "required: kind", "v.yaml:9:15", "vocabulary-form"),
    ("value: money", "value: mony", "v.yaml:8:39", "vocabulary-kind"),
    ("value: money", "value: 3", "v.yaml:8:39", "vocabulary-kind"),
    ("[car, house]", "[car, car]", "v.yaml:8:24", "vocabulary-duplicate"),
    ("[car, house]", "[car, 3]", "v.yaml:8:24", "vocabulary-form"),
    ("[car, house]", "[]", "v.yaml:8:18", "vocabulary-form"),
    ("{kind: car,", "{kind: boat,", "v.yaml:12:23", "vocabulary-default"),
    ("{kind: car,", "{kid: car,", "v.yaml:12:17", "vocabulary-unknown"),
    ("parts: [a]", "parts: [c]", "v.yaml:12:48", "vocabulary-default"),
    ("value: 3.50", "value: true", "v.yaml:12:35", "vocabulary-default"),
    ("  asset.found: {kind", "  asset.fond: {kind", "v.yaml:12:3", "vocabulary-unknown"),
    ("zh: 发现财产", "zn: 发现财产", "v.yaml:6:5", "vocabulary-unknown"),
    ("zh: 发现财产", "zh: 7", "v.yaml:6:9", "vocabulary-label"),
    ("asset: 财产", "asset: [财产]", "v.yaml:2:10", "vocabulary-form"),
    ("  asset: 财产", "  asset: 财产\n  asset: 物", "v.yaml:3:3", "yaml-duplicate"),
])  # fmt: skip
def test_a_fault_is_told_at_its_place(old: str, new: str, place: str, code: str) -> None:
    assert (place, code) in defects_in(SMALL.replace(old, new, 1))


def test_all_faults_are_told_at_once() -> None:
    faulty = SMALL.replace("object: asset", "object: x").replace("[kind]", "[y]").replace("money", "z")
    assert len(defects_in(faulty)) >= 3


@pytest.mark.parametrize(
    "text", ["", "a", "[]", "events: {}", "events: [a]", "objects: {a: b}", "events: {a: 3}", "a: [", "events: ~"]
)
def test_a_file_that_is_no_vocabulary_is_refused(text: str) -> None:
    assert defects_in(text)


@pytest.mark.parametrize(("word", "meant"), [
    ("asset.controled", "asset.controlled"), ("ASSET.CONTROLLED", "asset.controlled"), ("xyz", None), ("", None), ("y" * 5000, None),
])  # fmt: skip
def test_a_guess_is_made_only_where_a_word_is_close(word: str, meant: str | None) -> None:
    assert suggest(word, VOCABULARY.events) == meant


def test_a_list_in_the_place_of_an_object_is_told_at_its_place() -> None:
    with pytest.raises(DefectiveInput) as wrong:
        load_vocabulary("objects: {a: 甲}\nevents: {x: {zh: 事, object: [a]}}\n", "v.yaml")
    assert [defect.place for defect in wrong.value.defects] == ["v.yaml:2:29"]
