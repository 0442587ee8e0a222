"""Law books: the shipped one, a user's own, and the choice of rules."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from execcheck.admission import Admission
from execcheck.checking import check
from execcheck.defects import Defect, DefectiveInput
from execcheck.events import Event
from execcheck.folders import locate
from execcheck.judgement import Report
from execcheck.lawbook import Law, load_law
from execcheck.testing import run_examples
from lawful import henan

VOCABULARY = """
objects: {book: {zh: 书, en: book}}
events:
  book.lent: {zh: 借出, en: lent, object: book, data: {reader: id, price: money}, required: [reader]}
  book.returned: {zh: 归还, en: returned, object: book}
"""
PACK = """
document: library
title: {zh: 借阅规则, en: Library rules}
wording: {zh: "不符合{short}第{article}条", en: "not in line with article {article} of {short}"}
"""
RULE = """
title: {zh: 三十日内归还, en: Returned within thirty days}
kind: response
severity: error
category: conduct
article: "1"
per: book
when: book.lent
then: book.returned
within: 30d
examples:
  returned in time:
    satisfied:
      - {time: 2021-11-01, type: book.lent, book: B1, reader: r1}
      - {time: 2021-12-01, type: book.returned, book: B1}
  never returned:
    violated:
      - {time: 2021-11-01, type: book.lent, book: B1, reader: r1}
    as_of: 2021-12-02
"""


def law_book(folder: Path, **files: str) -> Path:
    """A law book with the vocabulary, the pack and one rule, some of them replaced."""
    texts = {"vocabulary": VOCABULARY, "pack": PACK, "returned": RULE, **files}
    for name, text in texts.items():
        place = folder / ("statemachines" if name == "vocabulary" else "policies/library") / f"{name}.yaml"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")
    return folder


def read(law: Law, *raw: dict[str, Any]) -> Report:
    admission = Admission(law.vocabulary)
    events = [admission.admit({"id": f"e{n}", "case": "读者甲", **one}, f"log:{n}") for n, one in enumerate(raw)]
    return check([event for event in events if isinstance(event, Event)], law)


def wrong(load: Any) -> list[Defect]:
    with pytest.raises(DefectiveInput) as caught:
        load()
    return list(caught.value.defects)


# --- a user's own law book ------------------------------------------------------------------------


def test_any_process_can_be_checked_with_a_law_book_of_its_own(tmp_path: Path) -> None:
    law = load_law(folder=law_book(tmp_path))
    assert run_examples(law) == (2, ())
    report = read(
        law,
        {"time": "2021-11-01", "type": "book.lent", "objects": {"book": "B1"}, "data": {"reader": "r1"}},
        {"time": "2021-12-02T09:00:00+08:00", "type": "book.returned", "objects": {"book": "B1"}},
    )
    (late,) = report.violations
    assert (late.rule, late.case, late.days_late, str(late.due)) == ("library/returned", "读者甲", 1, "2021-12-01")
    assert "第1条" in late.message.zh and "借出" in late.message.zh
    assert "article 1" in late.message.en
    assert report.policies == ("library",)


def test_a_law_book_may_do_without_cases_offices_spans_and_lifecycles(tmp_path: Path) -> None:
    law = load_law(folder=law_book(tmp_path))
    assert (dict(law.definitions.offices), dict(law.definitions.spans), dict(law.lifecycles)) == ({}, {}, {})
    assert law.definitions.cases.opened_by == ""


def test_a_law_book_may_name_its_own_cases_offices_and_spans(tmp_path: Path) -> None:
    more = """
  card.opened: {zh: 开户, en: opened, data: {clerk: id, earlier: id}}
  holiday.began: {zh: 放假, en: holiday}
  holiday.ended: {zh: 收假, en: back}
cases: {opened_by: card.opened, parent: earlier}
offices: {clerk: {zh: 馆员, en: clerk, held_by: clerk, named_in: card.opened}}
spans: {holiday: {zh: 假期, en: holidays, from: holiday.began, to: holiday.ended}}
"""
    rule = RULE + "across: family\nstops: [holiday]\n"
    law = load_law(folder=law_book(tmp_path, vocabulary=VOCABULARY.rstrip() + more, returned=rule))
    assert (set(law.definitions.offices), set(law.definitions.spans)) == ({"clerk"}, {"holiday"})
    report = read(
        law,
        {"time": "2021-11-01", "type": "book.lent", "objects": {"book": "B1"}, "data": {"reader": "r1"}},
        {"time": "2021-11-10", "type": "holiday.began"},
        {"time": "2021-11-20", "type": "holiday.ended"},
        {"time": "2022-01-10", "type": "card.opened", "case": "读者乙", "data": {"earlier": "读者甲", "clerk": "c1"}},
        {"time": "2021-12-13", "type": "book.returned", "objects": {"book": "B1"}, "case": "读者乙"},
    )
    assert (report.summary.satisfied, report.summary.violated) == (1, 0)  # ten days later, and a Saturday


@pytest.mark.parametrize("asked", ["termination", ".", "termination/one.yaml", "termination/pack.yaml"])
def test_a_folder_of_the_name_of_a_shipped_pack_means_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: str
) -> None:
    rule = (
        RULE.replace("book.lent", "clue.provided")
        .replace("book.returned", "clue.verified")
        .replace("per: book", "per: clue")
    )
    place = tmp_path / "termination"
    place.mkdir()
    (place / "pack.yaml").write_text(PACK.replace("document: library", "document: termination"), "utf-8")
    (place / "one.yaml").write_text(
        rule.replace("book: B1, reader: r1", "clue: K1").replace("book: B1", "clue: K1"), "utf-8"
    )
    monkeypatch.chdir(tmp_path)
    _, rules = locate(Path(asked)).load()
    assert [rule.id for rule in rules] == ["termination/one"]


def test_a_pack_of_ones_own_may_be_laid_over_the_shipped_vocabulary(tmp_path: Path) -> None:
    rule = (
        RULE.replace("book.lent", "asset.controlled")
        .replace("book.returned", "asset.released")
        .replace("per: book", "per: asset")
    )
    rule = rule.replace("book: B1, reader: r1", "asset: A1, measure: seal, kind: vehicle").replace(
        "book: B1", "asset: A1"
    )
    folder = law_book(tmp_path, returned=rule) / "policies" / "library"
    law = load_law(packs=["henan-2021", str(folder)])
    assert set(law.packs) == {"henan-2021", "library"}
    assert len(law.rules) == 87


def test_a_pack_is_found_by_name_in_a_law_book(tmp_path: Path) -> None:
    assert set(load_law(packs=["library"], folder=law_book(tmp_path)).rules) == {"library/returned"}


def test_an_unknown_pack_is_told_with_the_one_that_was_meant() -> None:
    (defect,) = wrong(lambda: load_law(packs=["henan-2012"]))
    assert "henan-2021" in defect.en and "henan-2021" in defect.zh


def test_a_folder_that_is_no_law_book_is_told_what_it_lacks(tmp_path: Path) -> None:
    (lacking,) = wrong(lambda: load_law(folder=tmp_path))
    assert "vocabulary" in lacking.place and "statemachines/" in lacking.en
    (absent,) = wrong(lambda: load_law(folder=tmp_path / "nowhere"))
    assert "nowhere" in absent.place and "no such folder" in absent.en


def test_everything_wrong_in_every_file_is_told_at_once(tmp_path: Path) -> None:
    folder = law_book(
        tmp_path,
        pack=PACK.replace("document: library", "document: libary"),
        returned=RULE.replace("book.lent", "book.lend"),
        other=RULE.replace("30d", "30 days"),
        third="title: {zh: 一\n",
    )
    places = {Path(defect.place.partition(":")[0]).name for defect in wrong(lambda: load_law(folder=folder))}
    assert "pack.yaml" in places
    folder = law_book(tmp_path)
    places = {Path(defect.place.partition(":")[0]).name for defect in wrong(lambda: load_law(folder=folder))}
    assert places == {"other.yaml", "third.yaml"}


def test_rules_are_read_also_where_the_pack_itself_is_wrong(tmp_path: Path) -> None:
    folder = law_book(tmp_path, pack=PACK + "regoin: 豫\n", returned=RULE.replace("30d", "30 days"))
    places = {Path(defect.place.partition(":")[0]).name for defect in wrong(lambda: load_law(folder=folder))}
    assert places == {"pack.yaml", "returned.yaml"}


@pytest.mark.parametrize("name", ["returned", "pack", "vocabulary"])
def test_a_file_in_another_encoding_is_a_defect_at_its_place(tmp_path: Path, name: str) -> None:
    folder = law_book(tmp_path)
    (file,) = folder.rglob(f"{name}.yaml")
    file.write_bytes(file.read_text("utf-8").encode("gb18030"))
    (defect,) = wrong(lambda: load_law(folder=folder))
    assert file.name in defect.place and "UTF-8" in defect.en


def test_a_mark_of_byte_order_does_no_harm(tmp_path: Path) -> None:
    folder = law_book(tmp_path)
    for file in folder.rglob("*.yaml"):
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert set(load_law(folder=folder).rules) == {"library/returned"}


def test_a_wording_that_asks_for_something_unknown_is_a_defect_of_the_pack(tmp_path: Path) -> None:
    folder = law_book(tmp_path, pack=PACK.replace("{article}", "{paragraph}"))
    defects = wrong(lambda: load_law(folder=folder))
    assert all(Path(defect.place.partition(":")[0]).name == "pack.yaml" for defect in defects)


# --- the choice of rules --------------------------------------------------------------------------


def chosen(*select: str, ignore: tuple[str, ...] = ()) -> set[str]:
    law = henan().selected(select, ignore)
    return {*law.rules, *(f"lifecycle/{name}" for name in law.lifecycles)}


def test_nothing_chosen_means_everything() -> None:
    assert chosen() == set(henan().all_rules)


def test_a_rule_is_chosen_by_its_id() -> None:
    assert chosen("henan-2021/first-national-query") == {"henan-2021/first-national-query"}


def test_rules_are_chosen_by_a_pattern_over_ids() -> None:
    assert chosen("henan-2021/termination-*") == {
        f"henan-2021/termination-{rest}"
        for rest in ("approved-by-bureau-head", "published", "served-on-applicant", "served-on-debtor")
    }
    assert chosen("lifecycle/*") == {f"lifecycle/{name}" for name in henan().lifecycles}


def test_rules_are_chosen_by_article_and_one_is_not_eleven() -> None:
    assert chosen("henan-2021:12") == {
        f"henan-2021/{name}"
        for name in ("reference-price-deadline", "report-sent-in-three-days", "price-objection-answered")
    }
    assert "henan-2021/no-excessive-control" not in chosen("henan-2021:1")
    assert "henan-2021/panel-for-control" in chosen("henan-2021:6")


def test_rules_are_chosen_by_category_and_severity() -> None:
    assert chosen("category:integrity") == {"henan-2021/misconduct-double-checked"}
    assert chosen("severity:note") == {"henan-2021/no-one-handles-everything"}


def test_several_patterns_add_up_and_what_is_ignored_goes() -> None:
    both = chosen("henan-2021:12", "severity:note", ignore=("henan-2021/report-*",))
    assert both == {
        f"henan-2021/{n}" for n in ("reference-price-deadline", "price-objection-answered", "no-one-handles-everything")
    }
    assert "henan-2021/first-national-query" not in chosen(ignore=("category:passive",))


@pytest.mark.parametrize(
    "pattern",
    [
        "henan-2021/first-national-qery",
        "nosuch/*",
        "henan-2021:8",
        "henan-2021:99",
        "category:passve",
        "severity:grave",
        "",
        ":",
    ],
)
def test_a_pattern_that_meets_no_rule_is_an_error(pattern: str) -> None:
    for select, ignore in (((pattern,), ()), ((), (pattern,))):
        (defect,) = wrong(lambda select=select, ignore=ignore: henan().selected(select, ignore))
        assert pattern in defect.en and pattern in defect.zh


def test_a_mistyped_id_or_category_is_told_with_the_one_that_was_meant() -> None:
    assert (
        "henan-2021/first-national-query" in wrong(lambda: henan().selected(["henan-2021/first-national-qery"]))[0].en
    )
    assert "category:passive" in wrong(lambda: henan().selected(["category:passve"]))[0].en


def test_every_wrong_pattern_is_told_at_once() -> None:
    assert len(wrong(lambda: henan().selected(["a", "b"], ["c"]))) == 3
