"""The readers take anything: a result, or defects with a place and in both languages; never another exception."""

from __future__ import annotations

import gzip
import json
import os
import tracemalloc
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from execcheck import Event, load_law
from execcheck.admission import Admission
from execcheck.calendars import Calendar, read_closures
from execcheck.checking import check
from execcheck.config import read_config
from execcheck.defects import DefectiveInput
from execcheck.definitions import read_definitions
from execcheck.judgement import Report
from execcheck.labels import label_defects
from execcheck.lawbook import Law
from execcheck.lifecycle_reader import read_lifecycle
from execcheck.logs.jsonl import JsonLines
from execcheck.logs.logfile import LogFile
from execcheck.logs.several import Logs
from execcheck.logs.source import Source, Unreadable
from execcheck.pack_reader import read_pack
from execcheck.profiles import read_profile
from execcheck.render.catalogue import explain
from execcheck.render.view import View
from execcheck.rule_reader import read_rule
from execcheck.testing import run_examples
from execcheck.vocabulary_reader import read_vocabulary
from execcheck.yaml_places import load_yaml
from fuzzing import EVENTS, ROOT, TOKENS, altered, jsonl, log_bytes, plain, spoilt, told, yaml_text
from inputs import VOCABULARY

MANY = int(os.environ.get("EXECCHECK_FUZZ", "1"))
"""How many times the examples of a submission are to be tried."""


def fuzzed(examples: int) -> Callable[[Any], Any]:
    """A bounded search; what it finds is shown as it was found where it was asked to look long."""
    phases = [Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink]
    return settings(
        max_examples=examples * MANY, phases=phases, deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
    )  # fmt: skip


@lru_cache(maxsize=1)
def small_law() -> Law:
    """A few rules of the shipped law book, which every log of these tests may trigger."""
    return load_law().selected(["henan-2021/reference-price-deadline", "henan-2021/assigned-at-once", "lifecycle/case"])


# --- logs -----------------------------------------------------------------------------------------------


def read_log(path: Path) -> tuple[list[Event], LogFile]:
    """The events of a log as far as they can be read; what is wrong with it is told in an orderly way."""
    file = LogFile(str(path), VOCABULARY)
    list(file.outlines())
    list(file.glances(("original_case",), ("case.filed",)))
    events = list(file.events())
    if file.defects:
        told(file.defects, str(path))
    assert bool(file.defects) == bool(file.defect_count) == (file.failed or bool(file.rejected))
    assert len(events) == file.admitted
    return events, file


def report_on(path: Path, *, skip: bool) -> Report | None:
    """The check of a log, None where it was refused with the reasons."""
    logs = Logs([str(path)], VOCABULARY, small_law().definitions.cases, skip=skip)
    try:
        return check(logs, small_law())
    except DefectiveInput as wrong:
        told(wrong.defects, str(path))
        return None
    finally:
        logs.close()


@fuzzed(120)
@given(st.data())
def test_a_spoilt_log_is_read_or_told_what_is_wrong_with_it(tmp_path: Path, data: st.DataObject) -> None:
    name, content = log_bytes(data)
    path = tmp_path / name
    path.write_bytes(content)
    events, file = read_log(path)
    report = report_on(path, skip=False)
    assert (report is None) >= bool(file.defects)
    kept = report_on(path, skip=True)
    assert kept is None or kept.summary.events <= len(events)


@fuzzed(60)
@given(st.binary(max_size=400), st.sampled_from(["a.jsonl", "a.json", "a.csv", "a", "a.gz"]))
def test_any_bytes_are_read_or_told_what_is_wrong_with_them(tmp_path: Path, content: bytes, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    read_log(path)
    report_on(path, skip=True)


def _lane(path: Path, *, fast: bool) -> list[Any]:
    """What one of the two lanes says of every line; of sound logs the outlines too, for others they are never used."""
    reader = JsonLines(Source(str(path)), fast)
    said: list[Any] = []
    try:
        said += reader.outcomes(Admission(VOCABULARY))
        if all(isinstance(outcome, Event) for outcome in said):
            said += reader.outlines()
    except Unreadable as unreadable:
        said.append(unreadable.defect)
    return said


@fuzzed(120)
@given(st.data())
def test_with_msgspec_and_without_it_every_line_says_the_same(tmp_path: Path, data: st.DataObject) -> None:
    pytest.importorskip("msgspec")
    events: list[Any] = list(EVENTS)
    events[data.draw(st.integers(0, 3))] = altered(data, data.draw(st.sampled_from(EVENTS)), ("e1", "2021-12"))
    path = tmp_path / "a.jsonl"
    path.write_bytes(spoilt(data, jsonl(events)) if data.draw(st.booleans()) else jsonl(events))
    assert _lane(path, fast=True) == _lane(path, fast=False)


def test_a_small_file_that_unpacks_to_a_huge_one_takes_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    with gzip.open(path, "wb", 1) as file:
        for _ in range(128):
            file.write(b" " * (1 << 20))
    tracemalloc.start()
    try:
        read_log(path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 160 << 20


# --- law ------------------------------------------------------------------------------------------------

RULES = tuple(sorted(path for path in (ROOT / "policies").rglob("*.yaml") if path.name != "pack.yaml"))
PACKS = tuple(sorted((ROOT / "policies").rglob("pack.yaml")))
MACHINES = tuple(
    path for path in sorted((ROOT / "statemachines").glob("*.yaml")) if path.stem in {"asset", "payment", "case"}
)
SMALL = """
objects: {book: {zh: 图书, en: book}, reader: {zh: 读者, en: reader}}
roles: {librarian: {zh: 馆员, en: librarian}}
departments: {lending: {zh: 借阅部, en: lending department}}
events:
  account.opened: {zh: 开户, en: account opened, data: {card: id, kind: [adult, child], replaces: id, friends: ids}, required: [card]}
  account.moved: {zh: 账户转移, en: account moved, data: {to: id}}
  account.closed: 销户
  book.lent: {zh: 借出, en: lent, object: book, data: {clerk: id, until: date, price: money, pages: integer, seen: instant, sure: boolean}}
  book.returned: {zh: 归还, en: returned, object: book, also: [reader], data: {marks: {many: [ink, water]}}}
defaults: {account.opened: {kind: adult, friends: []}}
cases: {opened_by: account.opened, type_field: kind, default_type: adult, parent: replaces, related: friends,
  resumed_by: account.moved, resumed_as: to, resumed_type: adult, provinces: {豫: [河南]}, ended_by: [account.closed]}
offices: {clerk: {zh: 经办, en: clerk, held_by: librarian, named_in: {event: book.lent, where: {clerk: {present: true}}}}}
spans:
  loan: {zh: 借阅, en: loan, object: book, link: book, from: book.lent, to: [book.returned], until: until, own_case: [book.returned]}
labels: {events: {book.lent: {zh: 借, en: l}}, fields: {marks: {zh: 污损, en: marks}}, values: {ink: {zh: 墨, en: ink}}}
"""  # fmt: skip


def law_text(data: st.DataObject, source: str, others: tuple[str, ...] = ()) -> str:
    """A YAML file after accidents: to its bytes, or to the values it holds."""
    if data.draw(st.booleans()):
        return spoilt(data, source.encode()).decode("utf-8", "replace")
    value = plain(source)
    for _ in range(data.draw(st.integers(1, 2))):
        value = altered(data, value, others)
    return yaml_text(value)


@lru_cache(maxsize=1)
def states() -> dict[str, frozenset[str]]:
    return {name: frozenset(machine.states) for name, machine in load_law().lifecycles.items()}


@fuzzed(220)
@given(st.data())
def test_a_spoilt_rule_can_be_judged_and_explained_or_is_told_what_is_wrong_with_it(data: st.DataObject) -> None:
    path, law = data.draw(st.sampled_from(RULES)), load_law()
    words = (*law.vocabulary.events, *law.vocabulary.extra["spans"], *law.vocabulary.objects)
    text = law_text(data, path.read_text("utf-8"), words)
    document = load_yaml(text, "r.yaml")
    rule, defects = read_rule(document, "r", law.packs[path.parent.name], law.vocabulary, states())
    assert (rule is None) == bool(defects)
    if rule is None:
        told(defects, "r.yaml")
        return
    alone = Law(law.vocabulary, law.definitions, law.lifecycles, law.packs, {rule.id: rule}, {rule.id: rule})
    for failure in run_examples(alone)[1]:
        assert failure.reason.zh and failure.reason.en
    for lang in ("zh", "en"):
        assert explain(rule, View(alone, lang))


@fuzzed(60)
@given(st.data())
def test_a_spoilt_pack_is_read_or_told_what_is_wrong_with_it(tmp_path: Path, data: st.DataObject) -> None:
    source = data.draw(st.sampled_from(PACKS)).read_text("utf-8")
    folder = tmp_path / "p"
    folder.mkdir(exist_ok=True)
    (folder / "pack.yaml").write_bytes(law_text(data, source).encode("utf-8", "surrogatepass"))
    pack, defects = read_pack(folder)
    if defects:
        told(defects, str(folder / "pack.yaml"))
    assert pack is not None or defects


@fuzzed(120)
@given(st.data())
def test_a_spoilt_vocabulary_is_read_or_told_what_is_wrong_with_it(data: st.DataObject) -> None:
    document = load_yaml(law_text(data, SMALL, ("book.lent", "book", "until", "loan")), "v.yaml")
    try:
        vocabulary = read_vocabulary(document)
        _, defects = read_definitions(vocabulary)
        if not defects:
            defects = label_defects(vocabulary)
        if defects:
            raise DefectiveInput(defects)
    except DefectiveInput as wrong:
        told(wrong.defects, "v.yaml")


@fuzzed(60)
@given(st.data())
def test_a_spoilt_lifecycle_is_read_or_told_what_is_wrong_with_it(data: st.DataObject) -> None:
    source = data.draw(st.sampled_from(MACHINES)).read_text("utf-8")
    text = law_text(data, source, ("others", "same", "case.filed"))
    machine, defects = read_lifecycle(load_yaml(text, "m.yaml"), "m", load_law().vocabulary)
    if defects:
        told(defects, "m.yaml")
    assert machine is not None or defects


BOOK = {
    "statemachines/vocabulary.yaml": SMALL,
    "statemachines/loan.yaml": """
title: {zh: 借阅流程, en: course of a loan}
object: book
severity: error
category: improper
initial: shelved
opening: [book.lent]
states: {shelved: {zh: 在架, en: on the shelf}, lent: {zh: 借出, en: lent}}
transitions: {book.lent: [{from: shelved, to: lent}], book.returned: [{from: lent, where: {marks: [ink]}, to: shelved}, {from: others, to: same}]}
effects: {book.returned: shelved}
""",
    "policies/house/pack.yaml": """
document: house
title: {zh: 借阅规则, en: House rules}
in_force: {from: 2020-01-01}
wording: {zh: '不符合第{article}条', en: 'not in line with rule {article}'}
""",
    "policies/house/back.yaml": """
title: {zh: 四周内归还, en: Back in four weeks}
kind: response
severity: error
category: passive
article: "1"
per: book
when: {event: book.lent, where: {clerk: {present: true}, case.kind: adult}}
then: book.returned
within: 28d
stops: [loan]
in_state: {loan: [lent]}
responsible: librarian
examples:
  a: {satisfied: [{time: 2022-03-01, type: book.lent, book: B1, clerk: c1}, {time: 2022-03-29, type: book.returned, book: B1}]}
  b: {violated: [{time: 2022-03-01, type: book.lent, book: B1, clerk: c1}], as_of: 2022-04-01}
""",
}  # fmt: skip
"""A small law book, file by file."""
LOANS = jsonl([
    {"case": "a", "type": "account.opened", "time": "2022-01-03", "data": {"card": "k", "friends": ["b"]}},
    {"case": "a", "type": "book.lent", "time": "2022-03-01", "objects": {"book": "B1"}, "data": {"clerk": "c1"}},
    {"case": "b", "type": "account.opened", "time": "2022-03-02", "data": {"card": "l", "replaces": "a"}},
    {"case": "a", "type": "book.returned", "time": "2022-05-01", "objects": {"book": "B1"}},
])  # fmt: skip


def told_of_book(wrong: DefectiveInput, names: list[str]) -> None:
    assert wrong.defects
    for defect in wrong.defects:
        told([defect], next((name for name in names if defect.place.startswith(name)), "statemachines"))


@fuzzed(60)
@given(st.data())
def test_a_law_book_with_a_spoilt_file_judges_a_log_or_is_told_what_is_wrong(
    tmp_path: Path, data: st.DataObject
) -> None:
    which = data.draw(st.sampled_from(sorted(BOOK)))
    for name, text in BOOK.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        words = ("book.lent", "book.returned", "book", "loan", "clerk", "lent", "until")
        file.write_bytes((law_text(data, text, words) if name == which else text).encode("utf-8", "surrogatepass"))
    log = tmp_path / "log.jsonl"
    log.write_bytes(LOANS)
    names = [str(tmp_path / name) for name in (*BOOK, "log.jsonl")]
    try:
        law = load_law(folder=tmp_path)
    except DefectiveInput as wrong:
        told_of_book(wrong, names)
        return
    run_examples(law)
    logs = Logs([str(log)], law.vocabulary, law.definitions.cases)
    try:
        assert check(logs, law).summary.events > 0
    except DefectiveInput as wrong:
        told_of_book(wrong, names)


def test_the_small_law_book_is_sound(tmp_path: Path) -> None:
    for name, text in BOOK.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    law = load_law(folder=tmp_path)
    assert (len(law.rules), len(law.lifecycles)) == (1, 1)


# --- what stands beside the law -------------------------------------------------------------------------

PROFILE = "source: {zh: 甲, en: a}\nzone: Asia/Shanghai\nnot_captured: {events: ['payment.*'], fields: [panel, actor.team]}\nnotes: {zh: 注, en: n}\n"  # fmt: skip
CLOSURES = "2022-03-07: rest\n2022-03-12: 上班\n"
CONFIG = 'policy = ["henan-2021"]\nas-of = 2022-03-01\nlang = "zh"\njobs = 2\nclosures = "c.yaml"\n[set]\n"a/b.within" = "2d"\n[set."a/c"]\nfactor = 1.5\n'  # fmt: skip


def refused_or_read(path: Path, read: Callable[[Path], Any]) -> Any:
    try:
        return read(path)
    except DefectiveInput as wrong:
        told(wrong.defects, str(path))
        return None


@fuzzed(120)
@given(st.data())
def test_spoilt_profiles_closures_and_settings_are_read_or_told_what_is_wrong(
    tmp_path: Path, data: st.DataObject
) -> None:
    kind = data.draw(st.sampled_from(("profile", "closures", "config")))
    path = tmp_path / ("a.toml" if kind == "config" else "a.yaml")
    source = {"profile": PROFILE, "closures": CLOSURES, "config": CONFIG}[kind]
    if kind == "config" or data.draw(st.booleans()):
        content = spoilt(data, source.encode())
    else:
        content = law_text(data, source).encode("utf-8", "surrogatepass")
    path.write_bytes(content)
    if kind == "profile":
        refused_or_read(path, lambda file: read_profile(file, VOCABULARY))
    elif kind == "closures":
        found = refused_or_read(path, read_closures)
        assert found is None or Calendar.load(found).identity
    else:
        refused_or_read(path, read_config)


@pytest.mark.parametrize("read", [lambda f: read_profile(f, VOCABULARY), read_closures, read_config])
def test_a_file_full_of_references_to_itself_is_refused_before_it_grows(
    tmp_path: Path, read: Callable[[Path], Any]
) -> None:
    path = tmp_path / "a.yaml"
    lines = [
        "a0: &a0 [x, x, x, x, x, x, x, x, x]",
        *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)),
    ]
    path.write_text("\n".join(lines), "utf-8")
    with pytest.raises(DefectiveInput) as wrong:
        read(path)
    told(wrong.value.defects, str(path))


def test_the_words_that_break_parsers_are_all_different() -> None:
    assert len(set(TOKENS)) == len(TOKENS)
    assert json.loads(jsonl(EVENTS[:1])) == EVENTS[0]
