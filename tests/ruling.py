"""Helpers for tests: a rule written as YAML, a small log, and what the rule says."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

from attrs import evolve

from execcheck.admission import Admission
from execcheck.dated import InForce
from execcheck.defects import Defect
from execcheck.events import Event
from execcheck.judgement import Judgement
from execcheck.lawbook import Law, load_law
from execcheck.monitor import Monitor
from execcheck.policy import Pack, Rule, Text
from execcheck.rule_reader import read_rule
from execcheck.testing.examples import raw_event
from execcheck.yaml_places import load_yaml

CASE = "（2021）豫0225执1号"
PACK = Pack(
    name="trial", title=Text("试", "trial"), short=Text("《试》", "the Trial"), issuer=Text("", ""), note=Text("", ""),
    in_force=InForce(), region=None, law_in=(), confidence="", not_checkable=(),
    wording=Text("不符合{short}第{article}条", "not in line with article {article} of {short}"),
)  # fmt: skip
HEAD = """
title: {zh: 试, en: trial}
severity: error
category: passive
article: "1"
examples: {a: {satisfied: []}, b: {violated: []}}
"""


@lru_cache(maxsize=1)
def law() -> Law:
    """The shipped law book."""
    return load_law()


def read(text: str, name: str = "trial") -> tuple[Rule | None, list[Defect]]:
    """A rule from YAML, with the common keys added, or its defects."""
    document = load_yaml(HEAD + text, f"{name}.yaml")
    machines = {n: frozenset(m.states) for n, m in law().lifecycles.items()}
    return read_rule(document, name, PACK, law().vocabulary, machines)


def book(*rules: str) -> Law:
    """The shipped vocabulary with only these rules, named rule0, rule1, …"""
    found: dict[str, Rule] = {}
    for number, text in enumerate(rules):
        rule, defects = read(text, f"rule{number}")
        assert rule is not None, [defect.text("en") for defect in defects]
        found[rule.id] = rule
    return evolve(law(), rules=found, book=found, packs={"trial": PACK}, lifecycles={})


def events(*short: dict[str, Any]) -> list[Event]:
    """Events from the short form of examples; ids e1, e2, … unless given."""
    admission = Admission(law().vocabulary)
    found = []
    for number, item in enumerate(short, 1):
        event = admission.admit(raw_event({"id": f"e{number}", **item}, law().vocabulary), f"log:{number}")
        assert isinstance(event, Event), event
        found.append(event)
    assert not admission.notes, admission.notes
    return found


def judge(rule: str, *short: dict[str, Any], as_of: str | None = None, **options: Any) -> tuple[Judgement, ...]:
    """Everything the rule says about the log, satisfied duties included."""
    monitor = Monitor(book(rule), keep_satisfied=True, **options)
    for event in events(*short):
        monitor.take(event)
    return monitor.judgements(None if as_of is None else date.fromisoformat(as_of))


def verdicts(rule: str, *short: dict[str, Any], as_of: str | None = None, **options: Any) -> list[str]:
    """The verdicts, in the order of the report."""
    return [judgement.verdict.value for judgement in judge(rule, *short, as_of=as_of, **options)]
