"""``execcheck mutate``: rules changed in one thing at a time; their examples should notice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from execcheck.cli import options
from execcheck.cli.failing import put
from execcheck.cli.language import current, say
from execcheck.cli.words import command
from execcheck.folders import locate

if TYPE_CHECKING:
    from execcheck.mutating import Mutation, Survivor


@command(
    "mutate",
    "变异测试：每次改动规则的一处，看例子能否识别；识别不出的，给出可粘贴的例子。",
    "Mutation testing: change one thing in a rule at a time; what no example notices is shown with one that would.",
)
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@options.form("text", "json")
@options.lang
def mutate_(folder: Path | None, format_: str, lang: str) -> int:
    """Run the mutants; 1 where some survive unexplained or explanations are stale."""
    from execcheck.mutating import mutate  # noqa: PLC0415 - what builds logs is loaded only for this

    law, rules = locate(folder).load()
    found = mutate(law, rules)
    left = len(found.survivors)
    if format_ == "json":
        put(json.dumps(_plain(found), ensure_ascii=False, indent=2) + "\n")
        return 1 if left or found.stale else 0
    for n, survivor in enumerate(found.survivors):
        again = any(other.example is survivor.example for other in found.survivors[:n])
        put(_survivor(survivor, again))
    for defect in found.stale:
        put(defect.text(current()) + "\n")
    put(say(
        f"{found.rules} 条规则，{found.mutants} 处变异：{found.killed} 处被例子识别，{found.explained} 处已说明，"
        f"{left} 处未识别\n",
        f"{found.rules} rules, {found.mutants} mutants: {found.killed} killed by examples, "
        f"{found.explained} explained, {left} survive\n",
    ))  # fmt: skip
    return 1 if left or found.stale else 0


def _plain(found: Mutation) -> dict[str, Any]:
    """The result as JSON has it; examples are texts in YAML, ready to paste."""
    from execcheck.mutating.writing import yaml_of  # noqa: PLC0415

    return {
        "rules": found.rules, "mutants": found.mutants, "killed": found.killed, "explained": found.explained,
        "survivors": [
            {
                "rule": one.rule.id, "place": one.rule.place, "mutant": one.mutant.name, "zh": one.mutant.words.zh,
                "en": one.mutant.words.en, "example": None if one.example is None else yaml_of(one.example),
            }
            for one in found.survivors
        ],
        "stale": [{"place": defect.place, "zh": defect.zh, "en": defect.en} for defect in found.stale],
    }  # fmt: skip


def _survivor(survivor: Survivor, again: bool) -> str:
    from execcheck.mutating.writing import yaml_of  # noqa: PLC0415

    rule, mutant = survivor.rule, survivor.mutant
    head = f"{rule.place}: {rule.id} · {mutant.name}: {mutant.words(current())}\n"
    if survivor.example is None:
        return head + say(
            "  未找到能识别它的日志：如属等效，请在 survivors 中说明\n",
            "  no log was found that tells it: if it changes nothing, say so under `survivors`\n",
        )
    if again:
        name = survivor.example.name
        return head + say(f"  上面的例子“{name}”也能识别\n", f"  the example “{name}” above tells it too\n")
    return head + yaml_of(survivor.example)
