"""The parts of the documentation that are made from the law book, and the command that refreshes them.

``python tests/generated_pages.py`` rewrites every block between ``<!-- begin: NAME -->`` and ``<!-- end -->``
in ``docs/``; the tests hold the pages against the law book.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).parents[1]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from execcheck import Law, Text, Verdict, load_law  # noqa: E402
from execcheck.lifecycle_diagrams import to_mermaid  # noqa: E402
from execcheck.policy import CATEGORIES, CONFIDENCE, Rule, Severity  # noqa: E402
from execcheck.render.coverage import coverage  # noqa: E402
from execcheck.render.limits import limit_code  # noqa: E402

BLOCK = re.compile(r"(<!-- begin: (\S+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)
VERDICTS = {
    Verdict.SATISFIED: Text("符合", "satisfied: the duty was met"),
    Verdict.VIOLATED: Text("违反（依程度显示为“不符”“待核”“提示”）", "violated: the breach is established"),
    Verdict.PENDING: Text("尚未到期或停止计算", "pending: not yet due, or the clock stands still"),
    Verdict.INCONCLUSIVE: Text("存疑", "inconclusive: the log lacks a field that decides"),
}
SEVERITIES = {
    Severity.ERROR: Text("不符", "a definite, binding duty"),
    Severity.WARNING: Text("待核", "open to reading, organisational, or only past a reference limit"),
    Severity.NOTE: Text("提示", "worth a look"),
}


@cache
def law() -> Law:
    return load_law()


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table with a line end after every row."""
    names = list(heads)
    lines = [names, ["---"] * len(names), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def words(known: Mapping[str, Text]) -> str:
    return table(("中文", "English", "code"), ((text.zh, text.en, f"`{name}`") for name, text in known.items()))


def events() -> str:
    """Every event type, by the word before the dot, with the object it is about."""
    parts = []
    vocabulary = law().vocabulary
    ordered = sorted(vocabulary.events.values(), key=lambda kind: kind.name.partition(".")[0])
    for head, kinds in groupby(ordered, key=lambda kind: kind.name.partition(".")[0]):
        rows = [(kind.zh, kind.en, f"`{kind.name}`", f"`{kind.object}`" if kind.object else "") for kind in kinds]
        parts.append(f"**{head}**\n\n" + table(("中文", "English", "code", "object"), rows))
    return "\n".join(parts)


def labels(section: str) -> str:
    known = getattr(law().vocabulary, section)
    return words({name: Text(label.zh, label.en) for name, label in known.items()})


def spans() -> str:
    rows = law().vocabulary.extra["spans"].items()
    return words({name: Text(span["zh"], span["en"]) for name, span in rows})


def lifecycle(name: str) -> str:
    found = law().lifecycles[name]
    return f"```mermaid\n{to_mermaid(found, 'zh')}```\n\n" + words(found.states)


def reference_limits() -> str:
    rows = [row for rule in law().rules.values() if rule.reference_limit for row in _limits(rule)]
    return table(("rule", "article", "limit", "中文", "English"), rows)


def _limits(rule: Rule) -> Iterable[tuple[str, ...]]:
    yield f"`{rule.id}`", ", ".join(rule.articles), limit_code(rule) or "", rule.title.zh, rule.title.en


def covered() -> str:
    """Every instrument with its articles: the rules that check them, or why none does."""
    parts = []
    for one in coverage(law().packs.values(), law().rules.values()):
        pack = one.pack
        facts = [pack.version, CONFIDENCE[pack.confidence]] if pack.version.zh else [CONFIDENCE[pack.confidence]]
        since = date.fromordinal(pack.in_force.start).isoformat()
        head = f"## {pack.title.zh}\n\n`{pack.name}` · {pack.title.en} · {since} → · "
        said = " · ".join(f"{fact.zh} {fact.en}" for fact in facts)
        rows = [
            (row.article, ", ".join(f"`{rule.name}`" for rule in row.rules), *_why(row.reason)) for row in one.articles
        ]
        parts.append(f"{head}{said}\n\n" + table(("art.", "rules", "原因", "why none"), rows))
    return "\n".join(parts)


def _why(reason: Text | None) -> tuple[str, str]:
    return ("", "") if reason is None else (reason.zh, reason.en)


BLOCKS: Mapping[str, Callable[[], str]] = {
    "verdicts": lambda: words({verdict.value: text for verdict, text in VERDICTS.items()}),
    "severities": lambda: words({severity.value: text for severity, text in SEVERITIES.items()}),
    "categories": lambda: words({name: Text(*pair) for name, pair in CATEGORIES.items()}),
    "objects": lambda: labels("objects"),
    "roles": lambda: labels("roles"),
    "departments": lambda: labels("departments"),
    "spans": spans,
    "events": events,
    "reference-limits": reference_limits,
    "coverage": covered,
    **{f"lifecycle-{name}": (lambda name=name: lifecycle(name)) for name in law().lifecycles},  # type: ignore[misc]
}


def fresh(page: str) -> str:
    """A page with its generated blocks as they should be; an unknown name is a KeyError."""
    return BLOCK.sub(lambda found: found[1] + "\n" + BLOCKS[found[2]]() + "\n" + found[4], page)


if __name__ == "__main__":
    for path in sorted((ROOT / "docs").glob("*.md")):
        old = path.read_text("utf-8")
        new = fresh(old)
        if new != old:
            path.write_text(new, "utf-8")
            print(path.relative_to(ROOT))
