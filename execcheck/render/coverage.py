"""What a law book covers: for every instrument the articles that rules check, and those that none can, and why."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from attrs import frozen

from execcheck.articles import numbers
from execcheck.policy import CONFIDENCE, Pack, Rule, Text
from execcheck.render.json import dumps
from execcheck.render.layout import Page
from execcheck.render.text import FAINT
from execcheck.render.view import View


@frozen
class Article:
    """An article, or a range of articles, with the rules that check it or the reason why none does."""

    article: str
    rules: tuple[Rule, ...]
    reason: Text | None = None


@frozen
class Coverage:
    """An instrument, article by article."""

    pack: Pack
    articles: tuple[Article, ...]

    @property
    def checked(self) -> int:
        """How many articles some rule checks."""
        return sum(bool(row.rules) for row in self.articles)


def coverage(packs: Iterable[Pack], rules: Iterable[Rule]) -> tuple[Coverage, ...]:
    """The coverage of each instrument, in the order of the packs."""
    by_pack: dict[str, list[Rule]] = {}
    for rule in rules:
        by_pack.setdefault(rule.pack.name, []).append(rule)
    return tuple(_of(pack, by_pack.get(pack.name, [])) for pack in packs)


def _of(pack: Pack, rules: list[Rule]) -> Coverage:
    by_article: dict[str, list[Rule]] = {}
    for rule in rules:
        for article in rule.articles:
            by_article.setdefault(article, []).append(rule)
    rows = [Article(article, tuple(found)) for article, found in by_article.items()]
    rows += [Article(article, (), reason) for article, reason in pack.not_checkable]
    return Coverage(pack, tuple(sorted(rows, key=lambda row: (*numbers(row.article)[:1], bool(row.rules)))))


def coverage_json(found: Iterable[Coverage]) -> str:
    """For machines: every article by itself."""
    return dumps({"instruments": [_instrument(one) for one in found]})


def _instrument(one: Coverage) -> dict[str, Any]:
    pack = one.pack
    return {
        "document": pack.name, "title": _both(pack.title), "version": _both(pack.version),
        "in_force": {"from": _day(pack)}, "confidence": pack.confidence,
        "articles": [
            {"article": str(number) if row.reason else row.article, "rules": [rule.id for rule in row.rules],
             "reason": None if row.reason is None else _both(row.reason)}
            for row in one.articles for number in (numbers(row.article) if row.reason else (0,))
        ],
    }  # fmt: skip


def coverage_text(found: Iterable[Coverage], view: View) -> str:
    """For people: a heading for each instrument, then its articles."""
    page, all_rules, checked = Page(view.width, view.colour), 0, 0
    for one in found:
        pack = one.pack
        page.blank()
        page.paragraph(pack.title(view.lang), "bold", label=f"{pack.name}  ")
        page.paragraph(view.say("；", "; ").join(_facts(pack, view)), FAINT, indent=2)
        rows = []
        for row in one.articles:
            names = view.say("、", ", ").join(rule.name for rule in row.rules)
            reason = "" if row.reason is None else f"— {row.reason(view.lang)}"
            label = view.say(f"第{row.article}条", f"art. {row.article}")
            rows.append([(label, ""), (names or reason, "" if names else FAINT)])
        page.table(rows, indent=2)
        all_rules += len({rule.id for row in one.articles for rule in row.rules})
        checked += one.checked
    page.blank()
    page.paragraph(view.say(f"共 {all_rules} 条规则，核对 {checked} 条条文。",
                            f"{all_rules} rules check {checked} articles."), "bold")  # fmt: skip
    return page.text()


def _facts(pack: Pack, view: View) -> list[str]:
    """Version, first day in force, and how far the text was verified."""
    facts = [pack.version(view.lang)] if pack.version.zh else []
    since = _day(pack)
    if since:
        facts.append(view.say(f"自 {since} 起", f"since {since}"))
    verified = CONFIDENCE.get(pack.confidence)
    return facts + ([verified(view.lang)] if verified else [])


def _day(pack: Pack) -> str | None:
    return date.fromordinal(pack.in_force.start).isoformat() if pack.in_force.start else None


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}
