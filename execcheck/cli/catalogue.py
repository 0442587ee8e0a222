"""``execcheck rules`` and ``execcheck explain``: reading the law book."""

from __future__ import annotations

from pathlib import Path

import click

from execcheck.articles import numbers
from execcheck.cli import options
from execcheck.cli.failing import put
from execcheck.cli.laws import choose_law
from execcheck.cli.showing import hand_over, view_of
from execcheck.cli.types import Word
from execcheck.cli.words import command, option
from execcheck.defects import Defect, DefectiveInput, did_you_mean
from execcheck.lawbook import Law
from execcheck.policy import Pack, Rule, Text
from execcheck.render.catalogue import explain as explain_rule
from execcheck.render.catalogue import rules_json, rules_text
from execcheck.render.coverage import coverage, coverage_json, coverage_text


@command(
    "rules",
    "规则一览：条文、期限、整治重点，以及无法从日志核对的条文。",
    "The rules by article, with limits, and the articles no log can show.",
)
@click.argument("pattern", required=False)
@options.policy
@options.law
@options.lang
@options.form("text", "json")
@option(
    "--by",
    type=Word("article"),
    zh="article：逐件文书、逐条列出由哪些规则核对、哪些不能核对及其原因。",
    en="article: for every instrument, which articles which rules check, and which none can, and why.",
)
@options.output
def rules(
    pattern: str | None, policy: tuple[str, ...], law: Path | None, lang: str, format_: str, by: str | None,
    output: Path | None,
) -> None:  # fmt: skip
    """List rules."""
    book = choose_law(policy, law)
    found = book.all_rules.values() if pattern is None else book.matching(pattern)
    silent = [item for item in _uncheckable(book) if pattern is None or _meant(item, pattern)]
    if not found and not silent:
        raise DefectiveInput([_unknown(str(pattern), book)])
    view = view_of(book, to_file=output is not None)
    if by is not None:
        concerned = {rule.pack.name for rule in found} | {pack.name for pack, _, _ in silent}
        covered = coverage((p for p in book.packs.values() if p.name in concerned), found)
        hand_over(coverage_json(covered) if format_ == "json" else coverage_text(covered, view), output)
        return
    text = (rules_json if format_ == "json" else rules_text)(found, silent, view)
    hand_over(text, output)


def _uncheckable(law: Law) -> list[tuple[Pack, str, Text]]:
    return [(pack, article, reason) for pack in law.packs.values() for article, reason in pack.not_checkable]


def _meant(item: tuple[Pack, str, Text], pattern: str) -> bool:
    """Whether a pattern ``pack:article`` means one of these articles."""
    pack, _, article = pattern.partition(":")
    return item[0].name == pack and article.isdecimal() and int(article) in numbers(item[1])


@command(
    "explain",
    "解释一条规则：要求什么，依据何在，期限从何而来，有哪些例子。",
    "One rule: what it requires, why, its source, limit and examples.",
)
@click.argument("rule")
@options.policy
@options.law
@options.lang
def explain(rule: str, policy: tuple[str, ...], law: Path | None, lang: str) -> None:
    """Explain a rule."""
    book = choose_law(policy, law)
    put(explain_rule(_rule(rule, book), view_of(book)))


def _rule(name: str, law: Law) -> Rule:
    """The rule of that id, or the only one of that name."""
    known = law.all_rules
    if name in known:
        return known[name]
    named = [rule for rule in known.values() if rule.name == name]
    if len(named) != 1:
        raise DefectiveInput([_unknown(name, law)])
    return named[0]


def _unknown(name: str, law: Law) -> Defect:
    zh, en = did_you_mean(name, (*law.all_rules, *(rule.name for rule in law.all_rules.values())))
    return Defect("", "rule", f"没有规则“{name}”{zh}", f"there is no rule “{name}”{en}")
