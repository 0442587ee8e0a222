"""``execcheck test``: the examples inside policies."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from execcheck.cli.folders import locate
from execcheck.defects import DefectiveInput
from execcheck.testing import run_examples


@click.command("test")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
def test(folder: Path | None) -> None:
    """Run the examples inside policies."""
    try:
        law, rules = locate(folder).load()
    except DefectiveInput as wrong:
        for defect in wrong.defects:
            print(defect.text(), file=sys.stderr)
        sys.exit(2)
    count, failures = run_examples(law, rules)
    for failure in failures:
        print(f"{failure.place}: {failure.rule} · {failure.example}: {failure.reason.zh}")
    closing = "全部通过" if not failures else f"{len(failures)} 个未通过"
    print(f"{len(rules)} 条规则，{count} 个例子：{closing}")
    sys.exit(1 if failures else 0)
