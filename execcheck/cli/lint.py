"""``execcheck lint``: policies and lifecycles, looked through without a log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from execcheck.articles import numbers
from execcheck.cli import options
from execcheck.cli.failing import put
from execcheck.cli.language import current, say
from execcheck.cli.words import command, option
from execcheck.defects import Defect
from execcheck.folders import locate, written_in
from execcheck.lawbook import Law, load_law
from execcheck.policy import Rule

LONGEST_RULE = 130
"""Lines of a rule file with its examples; a longer one is better split."""


@command(
    "lint",
    "检查规则包和流程文件本身：列出全部错误及其位置。",
    "Look through policies and lifecycles: every defect with its place.",
)
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@option(
    "--deep",
    is_flag=True,
    zh="把规则与流程合在一起看：无人使用的事件、无法触发或无法履行的规则、相互抵触的规则、同一义务的不同期限。",
    en="Look at rules and lifecycles together: unused events, rules that nothing triggers or that cannot be met, rules "
    "that cannot both be obeyed, limits that differ for the same duty.",
)
@options.lang
def lint(folder: Path | None, deep: bool, lang: str) -> None:
    """Load a law book and tell what could be better; 2 where it cannot be used."""
    place = locate(folder)
    law, rules = place.load()
    notes = [*_too_long(rules), *_restating_nothing(law, rules), *_articles(law)]
    if deep:
        from execcheck.exploring import explore  # noqa: PLC0415 - what builds logs is loaded only for this

        notes += explore(law, rules, whole=place.packs is None)
    for note in notes:
        put(note.text(current()) + "\n")
    packs, machines, types = len(law.packs), len(law.lifecycles), len(law.vocabulary.events)
    put(say(
        f"{packs} 个规则包，{len(rules)} 条规则，{machines} 个流程，{types} 种事件：无错误，{len(notes)} 条提示\n",
        f"{packs} packs, {len(rules)} rules, {machines} lifecycles, {types} event types: "
        f"no defects, {len(notes)} notes\n",
    ))  # fmt: skip


def _too_long(rules: Iterable[Rule]) -> Iterator[Defect]:
    for rule in rules:
        name, file = rule.place.rsplit(":", 2)[0], written_in(rule.place)
        lines = 0 if file is None else file.read_text("utf-8").count("\n")
        if lines > LONGEST_RULE:
            yield Defect(name, "length", f"文件有 {lines} 行，超过 {LONGEST_RULE} 行，宜拆分",
                         f"{lines} lines, more than {LONGEST_RULE}: better split", note=True)  # fmt: skip


def _restating_nothing(law: Law, rules: Iterable[Rule]) -> Iterator[Defect]:
    known = {**load_law().rules, **law.rules}
    packs = {*load_law().packs, *law.packs}  # a pack that is not there may still come
    for rule in rules:
        for name in rule.restates:
            if name not in known and name.partition("/")[0] in packs:
                yield Defect(
                    rule.place,
                    "restates",
                    f"所并代的规则“{name}”不存在",
                    f"the restated rule “{name}” does not exist",
                    note=True,
                )


def _articles(law: Law) -> Iterator[Defect]:
    """Articles that a pack should account for and does not: neither checked nor explained."""
    for pack in law.packs.values():
        cited = {a for rule in law.rules.values() if rule.pack.name == pack.name for a in rule.articles}
        named = {int(article) for article in cited if article.isdecimal()}
        named.update(number for article, _ in pack.not_checkable for number in numbers(article))
        listed = numbers(pack.articles) if pack.articles else range(1, max(named, default=0) + 1)
        gaps = [str(number) for number in listed if number not in named]
        if gaps:
            yield Defect(
                pack.name,
                "articles",
                f"未涉及的条文：{'、'.join(gaps)}",
                f"articles not dealt with: {', '.join(gaps)}",
                note=True,
            )
