"""What each instrument's pack accounts for, article by article."""

from __future__ import annotations

import json

import pytest

from clirun import run
from execcheck.articles import numbers
from execcheck.lawbook import load_law
from execcheck.render.coverage import coverage

LAW = load_law()


@pytest.mark.parametrize(
    ("text", "listed"),
    [("12", (12,)), ("3, 5-7", (3, 5, 6, 7)), ("5–6,1", (1, 5, 6)), ("7, 7", (7,)), ("", ())],
)
def test_lists_of_articles_are_read(text: str, listed: tuple[int, ...]) -> None:
    assert numbers(text) == listed


@pytest.mark.parametrize("text", ["a", "7-5", "1-", "1;2", "3-4-5", "99999"])
def test_what_is_no_list_of_articles_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        numbers(text)


@pytest.mark.parametrize("name", LAW.packs)
def test_every_article_that_a_pack_accounts_for_is_checked_or_explained(name: str) -> None:
    pack = LAW.packs[name]
    listed = set(numbers(pack.articles))
    cited = {int(a) for rule in LAW.rules.values() if rule.pack.name == name for a in rule.articles}
    silent = [number for article, _ in pack.not_checkable for number in numbers(article)]
    assert listed, "the pack does not say which articles it accounts for"
    assert sorted(listed - cited - set(silent)) == []
    assert sorted((cited | set(silent)) - listed) == [], "articles outside of those the pack names"
    assert len(silent) == len(set(silent)), "an article is explained twice"
    assert sorted(cited & set(silent)) == [], "checked and yet called not checkable"


@pytest.mark.parametrize("name", LAW.packs)
def test_every_pack_says_in_which_version_its_articles_count_and_how_far_it_was_verified(name: str) -> None:
    pack = LAW.packs[name]
    assert pack.confidence in ("primary", "fragment", "second_hand")
    assert pack.in_force.start > 0
    assert pack.version.zh or name == "henan-2021"


def test_what_is_known_at_second_hand_is_never_an_error() -> None:
    rules = [rule for rule in LAW.rules.values() if rule.confidence == "second_hand"]
    assert all(rule.severity.value != "error" for rule in rules)


def test_the_coverage_joins_rules_and_reasons_in_the_order_of_the_articles() -> None:
    (henan,) = coverage([LAW.packs["henan-2021"]], LAW.rules.values())
    articles = [row.article for row in henan.articles]
    assert articles == [str(number) for number in range(1, 31)]
    assert [row.article for row in henan.articles if row.reason] == ["8", "10", "21", "22", "28", "29", "30"]
    assert henan.checked == 23


def test_the_command_lists_every_instrument_article_by_article() -> None:
    shown = run("rules", "--by", "article", "--lang", "en").stdout
    assert "henan-2021  Opinion of the High Court of Henan" in shown
    assert "read in the original" in shown
    assert any("art. 12" in line and "reference-price-deadline" in line for line in shown.splitlines())


def test_the_same_for_machines_names_every_article_by_itself() -> None:
    found = json.loads(run("rules", "henan-2021/*", "--by", "article", "--format", "json").stdout)
    (henan,) = found["instruments"]
    assert (henan["document"], henan["confidence"]) == ("henan-2021", "primary")
    twelve = next(row for row in henan["articles"] if row["article"] == "12")
    assert "henan-2021/reference-price-deadline" in twelve["rules"]
    eight = next(row for row in henan["articles"] if row["article"] == "8")
    assert eight["rules"] == [] and eight["reason"]["zh"]
