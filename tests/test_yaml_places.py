"""YAML for law: what is written is what is read, and every value knows its place."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from execcheck.yaml_places import Document, load_yaml


@pytest.mark.parametrize(("text", "value"), [
    ("on", "on"), ("yes", "yes"), ("no", "no"), ("off", "off"), ("y", "y"), ("12:30:45", "12:30:45"), ("2021-11-01", "2021-11-01"),
    ("2021-11-01T09:30:00+08:00", "2021-11-01T09:30:00+08:00"), ("true", True), ("False", False), ("~", None), ("null", None),
    ("12", 12), ("-3", -3), ("007", 7), ("0o17", 15), ("0x1F", 31), ("1_000", "1_000"), ("30d", "30d"), ("'12'", "12"), ('"true"', "true"),
    ("!!str 12", "12"), ("<", "<"), ("=", "="), ("执", "执"), ("0b11", "0b11"), ("+.5", Decimal("0.5")), ("1.2.3", "1.2.3"), ("''", ""),
])  # fmt: skip
def test_scalars_are_those_of_yaml_1_2(text: str, value: Any) -> None:
    document = load_yaml(f"a: {text}", "f.yaml")
    assert document.defects == ()
    assert document.value == {"a": value}
    assert type(document.value["a"]) is type(value)


def test_a_decimal_number_keeps_its_digits() -> None:
    value = load_yaml("a: 446.10", "f").value["a"]
    assert isinstance(value, Decimal)
    assert str(value) == "446.10"


def test_keys_are_text_as_written() -> None:
    assert load_yaml("{on: 1, true: 2, 12: 3, 2021-10-18: 30d, ~: 4}", "f").value == {
        "on": 1, "true": 2, "12": 3, "2021-10-18": "30d", "~": 4,
    }  # fmt: skip


def test_every_key_and_value_knows_its_place() -> None:
    document = load_yaml("# rule\nwhen:\n  - event: a\n    where: {x: 1}\nthen: b\n", "r.yaml")
    assert document.place("when", 0, "event") == "r.yaml:3:12"
    assert document.key_place("when", 0, "where") == "r.yaml:4:5"
    assert document.place("when", 0, "where", "x") == "r.yaml:4:16"
    assert document.place("then") == "r.yaml:5:7"
    assert document.key_place("when", 0) == "r.yaml:3:5"


def test_the_place_of_something_absent_is_that_of_what_should_hold_it() -> None:
    document = load_yaml("when:\n  event: a\n", "r.yaml")
    assert document.place("when", "where") == "r.yaml:2:3"
    assert Document("r.yaml", None).place("x") == "r.yaml:1:1"


@pytest.mark.parametrize(("text", "place", "code"), [
    ("a: 1\nb: 2\na: 3\n", "f:3:1", "yaml-duplicate"), ("a: &x 1\n", "f:1:4", "yaml-anchor"), ("a: *x\n", "f:1:4", "yaml-anchor"),
    ("b: {<<: {a: 1}}\n", "f:1:5", "yaml-merge"), ("a: [1\n", "f:2:1", "yaml-syntax"), ("a: b: c\n", "f:1:5", "yaml-syntax"),
    ("a: 1\n---\nb: 2\n", "f:2:1", "yaml-syntax"), ("", "f:1:1", "yaml-empty"), ("# nothing\n", "f:1:1", "yaml-empty"),
    ("a: .nan\n", "f:1:4", "yaml-value"), ("a: -.inf\n", "f:1:4", "yaml-value"), ("a: !!python/object:os.system x\n", "f:1:4", "yaml-value"),
    ("a: !mine x\n", "f:1:4", "yaml-value"), ("a: !!int b\n", "f:1:4", "yaml-value"), ("? [a]\n: 1\n", "f:1:3", "yaml-key"),
    ("[" * 900, "f:1:101", "yaml-depth"), ("a: \x01\n", "f:1:4", "yaml-character"), ("a: \ud800\n", "f:1:1", "yaml-character"),
    ("a: " + "9" * 5000, "f:1:4", "yaml-value"),
])  # fmt: skip
def test_what_is_not_to_be_understood_is_refused_at_its_place(text: str, place: str, code: str) -> None:
    (defect,) = load_yaml(text, "f").defects
    assert (defect.place, defect.code) == (place, code)
    assert defect.zh
    assert defect.en


def test_all_equal_keys_are_told_at_once() -> None:
    document = load_yaml("a: {x: 1, x: 2}\nb: 1\nb: 2\n", "f")
    assert [defect.place for defect in document.defects] == ["f:1:11", "f:3:1"]


@given(st.text(max_size=60) | st.text(alphabet="ab:-[]{}&*!|>'\"#%,? \n\t0.1<", max_size=40))
def test_whatever_text_comes_nothing_is_raised(text: str) -> None:
    document = load_yaml(text, "f")
    assert document.defects or document.value is None or isinstance(document.value, (str, int, Decimal, list, dict))


def test_nesting_beyond_what_the_parser_reads_is_refused_too() -> None:
    (defect,) = load_yaml("[" * 5000, "f").defects
    assert defect.code == "yaml-depth"
    assert defect.place in ("f:1:101", "f:1:1001")  # where the parser gave up
