"""``execcheck test``: the examples inside policies."""

from __future__ import annotations

from pathlib import Path

import click

from execcheck.cli import options
from execcheck.cli.failing import put
from execcheck.cli.language import current, say
from execcheck.cli.words import command
from execcheck.folders import locate
from execcheck.testing import run_examples


@command("test", "运行规则文件中的例子。", "Run the examples inside policies.")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@options.lang
def test(folder: Path | None, lang: str) -> int:
    """Run the examples; 1 where some do not come out as written."""
    law, rules = locate(folder).load()
    count, failures = run_examples(law, rules)
    for failure in failures:
        put(f"{failure.place}: {failure.rule} · {failure.example}: {failure.reason(current())}\n")
    outcome = say("全部通过", "all pass") if not failures else say(f"{len(failures)} 个未通过", f"{len(failures)} fail")
    put(say(f"{len(rules)} 条规则，{count} 个例子：{outcome}\n", f"{len(rules)} rules, {count} examples: {outcome}\n"))
    return 1 if failures else 0
