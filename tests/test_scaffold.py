"""``execcheck new``: what it writes loads, is judged as it says, and notices every change of the rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from clirun import run
from execcheck import load_law
from execcheck.defects import DefectiveInput
from execcheck.mutating import mutate
from execcheck.policy import KINDS
from execcheck.scaffold import new_pack, new_rule
from execcheck.testing import run_examples

LOANS = """
objects: {book: {zh: 图书, en: book}}
roles: {}
departments: {}
events:
  book.lent: {zh: 借出, en: lent, object: book, data: {until: date, pages: integer}, required: [until]}
  book.returned: {zh: 归还, en: returned, object: book, data: {state: [good, damaged]}}
  library.closed: {zh: 闭馆, en: library closed, data: {reason: text}}
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    new_pack("my-court", tmp_path)
    return tmp_path / "my-court"


def own_law(folder: Path, vocabulary: str) -> Path:
    (folder / "statemachines").mkdir()
    (folder / "policies").mkdir()
    (folder / "statemachines" / "vocabulary.yaml").write_text(vocabulary, "utf-8")
    return folder


def refused(*words: str) -> str:
    result = run("new", *words, "--lang", "en")
    assert result.exit_code == 2
    return result.output


# --- what is written is sound ------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_rule_of_every_kind_loads_lints_and_passes_its_examples(pack: Path, kind: str) -> None:
    new_rule("my-court", "first", kind, pack.parent)
    (rule,) = load_law([str(pack)]).rules.values()
    assert (rule.id, rule.kind) == ("my-court/first", kind)
    linted, tested = run("lint", str(pack), "--lang", "en"), run("test", str(pack), "--lang", "en")
    assert (linted.exit_code, tested.exit_code) == (0, 0)
    assert linted.output.endswith("no defects, 0 notes\n")
    assert tested.output.startswith("1 rules, ") and tested.output.endswith("all pass\n")


@pytest.mark.parametrize("kind", KINDS)
def test_the_examples_of_a_new_rule_notice_every_change_of_it(pack: Path, kind: str) -> None:
    new_rule("my-court", "first", kind, pack.parent)
    found = mutate(load_law([str(pack)]))
    assert found.mutants > 0
    assert [survivor.mutant.name for survivor in found.survivors] == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_rule_can_be_about_the_events_of_a_law_book_of_ones_own(tmp_path: Path, kind: str) -> None:
    root = own_law(tmp_path, LOANS)
    new_pack("house", root)
    new_rule("house", "first", kind, root)
    law = load_law(folder=root)
    count, failures = run_examples(law)
    assert count >= 2
    assert failures == ()
    assert {kind for trigger in law.rules["house/first"].when for kind in trigger.selector.types} <= set(
        law.vocabulary.events
    )


def test_both_languages_say_what_to_change(pack: Path) -> None:
    text = new_rule("my-court", "first", "response", pack.parent).read_text("utf-8")
    assert "请改：" in text and "Change this: " in text
    assert all(" · " in line for line in text.splitlines() if line.partition("#")[2].strip() and "ROLE" in line)


def test_the_event_types_and_the_limit_can_be_chosen(pack: Path) -> None:
    words = ("--kind", "response", "--when", "clue.provided", "--then", "clue.verified", "--within", "7d")
    result = run("new", "rule", "my-court/clues", *words, "--folder", str(pack))
    assert result.exit_code == 0
    text = (pack / "clues.yaml").read_text("utf-8")
    for line in ("per: clue ", "when: clue.provided ", "then: clue.verified ", "within: 7d "):
        assert f"\n{line}" in text
    assert run_examples(load_law([str(pack)]))[1] == ()


def test_only_the_first_rule_of_a_pack_shows_when_the_law_begins(pack: Path) -> None:
    first = new_rule("my-court", "first", "response", pack.parent).read_text("utf-8")
    second = new_rule("my-court", "second", "response", pack.parent).read_text("utf-8")
    assert "in force" in first.partition("examples:")[2]
    assert "in force" not in second.partition("examples:")[2]


def test_an_empty_pack_can_be_linted(pack: Path) -> None:
    assert run("lint", str(pack)).exit_code == 0
    assert load_law([str(pack)]).packs["my-court"].confidence == "primary"


# --- where it is written -----------------------------------------------------------------------------


def test_in_a_law_book_packs_stand_in_policies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(own_law(tmp_path, LOANS))
    assert run("new", "pack", "house").exit_code == 0
    assert (tmp_path / "policies" / "house" / "pack.yaml").is_file()
    assert run("new", "rule", "house/first", "--kind", "absence").exit_code == 0
    assert (tmp_path / "policies" / "house" / "first.yaml").is_file()


def test_within_the_pack_itself_a_rule_stands_beside_the_others(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(pack)
    assert run("new", "rule", "my-court/first", "--kind", "condition").exit_code == 0
    assert (pack / "first.yaml").is_file()
    assert [run(word, ".").exit_code for word in ("lint", "test")] == [0, 0]


def test_nothing_is_overwritten(pack: Path) -> None:
    path = new_rule("my-court", "first", "response", pack.parent)
    before = path.read_text("utf-8"), (pack / "pack.yaml").read_text("utf-8")
    assert "is there already" in refused("rule", "my-court/first", "--kind", "absence", "--folder", str(pack.parent))
    assert "is there already" in refused("pack", "my-court", "--folder", str(pack.parent))
    assert (path.read_text("utf-8"), (pack / "pack.yaml").read_text("utf-8")) == before


# --- what cannot be done is said ---------------------------------------------------------------------


@pytest.mark.parametrize(("words", "reason"), [
    (("no-such/first", "--kind", "response"), "first run execcheck new pack no-such"),
    (("first", "--kind", "response"), "write PACK/RULE"),
    (("my-court/first", "--kind", "answer"), "is not possible"),
    (("my-court/pack", "--kind", "response"), "is not “pack”"),
    (("my-court/../x", "--kind", "response"), "a name takes letters"),
    (("my-court/first", "--kind", "response", "--when", "clue.provide"), "did you mean 'clue.provided'?"),
    (("my-court/first", "--kind", "absence", "--within", "7d"), "has no limit"),
    (("my-court/first", "--kind", "condition", "--then", "clue.verified"), "is about one event type"),
    (("my-court/first", "--kind", "interval", "--within", "3wd"), "no working days"),
    (("my-court/first", "--kind", "response", "--when", "case.filed", "--then", "case.filed"), "two different event types"),
    (("my-court/first", "--kind", "condition", "--when", "case.archived"), "a data field"),
])  # fmt: skip
def test_what_cannot_be_written_is_refused_with_the_reason(pack: Path, words: tuple[str, ...], reason: str) -> None:
    assert reason in refused("rule", *words, "--folder", str(pack.parent))
    assert [path.name for path in pack.iterdir()] == ["pack.yaml"]


@pytest.mark.parametrize("kind", ["response", "recurrence"])
def test_a_vocabulary_with_too_few_event_types_is_named_as_the_reason(tmp_path: Path, kind: str) -> None:
    root = own_law(tmp_path, "events: {loan.made: {zh: 借, en: lent}}\n")
    new_pack("house", root)
    with pytest.raises(DefectiveInput, match="different event types"):
        new_rule("house", "first", kind, root)
    with pytest.raises(DefectiveInput, match="a data field"):
        new_rule("house", "first", "condition", root)


@pytest.mark.parametrize("name", ["", "a b", "a/b", "..", "pack", ".hidden"])
def test_a_pack_needs_a_name_that_can_be_a_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(DefectiveInput, match="a name takes"):
        new_pack(name, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    assert "there is no such folder" in refused("pack", "my-court", "--folder", str(tmp_path / "x"))
