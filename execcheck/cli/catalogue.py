"""``execcheck rules`` and ``execcheck explain``: reading the law book."""

from __future__ import annotations

from pathlib import Path

import click

from execcheck.cli import options
from execcheck.cli.failing import put
from execcheck.cli.laws import choose_law
from execcheck.cli.showing import hand_over, view_of
from execcheck.cli.words import command
from execcheck.defects import Defect, DefectiveInput, did_you_mean
from execcheck.lawbook import Law
from execcheck.policy import Pack, Rule, Text
from execcheck.render.catalogue import explain as explain_rule
from execcheck.render.catalogue import rules_json, rules_text


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
@options.output
def rules(
    pattern: str | None, policy: tuple[str, ...], law: Path | None, lang: str, format_: str, output: Path | None
) -> None:
    """List rules."""
    book = choose_law(policy, law)
    found = book.all_rules.values() if pattern is None else book.matching(pattern)
    silent = [item for item in _uncheckable(book) if pattern is None or f"{item[0].name}:{item[1]}" == pattern]
    if not found and not silent:
        raise DefectiveInput([_unknown(str(pattern), book)])
    view = view_of(book, to_file=output is not None)
    text = (rules_json if format_ == "json" else rules_text)(found, silent, view)
    hand_over(text, output)


def _uncheckable(law: Law) -> list[tuple[Pack, str, Text]]:
    return [(pack, article, reason) for pack in law.packs.values() for article, reason in pack.not_checkable]


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
