"""``execcheck lifecycle``: the lawful order of steps as a diagram."""

from __future__ import annotations

from pathlib import Path

import click

from execcheck.cli import options
from execcheck.cli.failing import put
from execcheck.cli.laws import choose_law
from execcheck.cli.words import command
from execcheck.defects import Defect, DefectiveInput, did_you_mean
from execcheck.lawbook import Law
from execcheck.lifecycle_diagrams import to_mermaid, to_text
from execcheck.lifecycle_machine import Lifecycle


@command(
    "lifecycle",
    "法定流程图：案件、财产、案款、异议、检察建议、失信。",
    "The lawful order of steps: case, asset, payment, objection, suggestion, dishonesty.",
)
@click.argument("machine", required=False)
@options.form("mermaid", "text")
@options.law
@options.lang
def lifecycle(machine: str | None, format_: str, law: Path | None, lang: str) -> None:
    """Show one lifecycle or all; several Mermaid diagrams come as Markdown."""
    chosen = _chosen(machine, choose_law(folder=law))
    if format_ == "text":
        put("\n".join(to_text(one, lang) for one in chosen))
    elif machine is not None:
        put(to_mermaid(chosen[0], lang))
    else:
        put("\n".join(f"## {one.title(lang)}\n\n```mermaid\n{to_mermaid(one, lang)}```\n" for one in chosen))


def _chosen(name: str | None, law: Law) -> list[Lifecycle]:
    if name is None:
        return list(law.lifecycles.values())
    plain = name.removeprefix("lifecycle/")
    if plain not in law.lifecycles:
        zh, en = did_you_mean(plain, law.lifecycles)
        known = "、".join(law.lifecycles), ", ".join(law.lifecycles)
        raise DefectiveInput([Defect("", "lifecycle", f"没有流程“{name}”{zh}（可用：{known[0]}）",
                                     f"there is no lifecycle “{name}”{en} (known: {known[1]})")])  # fmt: skip
    return [law.lifecycles[plain]]
