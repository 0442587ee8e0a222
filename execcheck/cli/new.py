"""``execcheck new``: a pack or a rule to begin with."""

from __future__ import annotations

from pathlib import Path

import click

from execcheck.cli import options
from execcheck.cli.failing import put
from execcheck.cli.language import say
from execcheck.cli.types import Length, Word
from execcheck.cli.words import Group, command, option
from execcheck.durations import Period
from execcheck.policy import KINDS

folder = option(
    "--folder", type=options.FILE, zh="法律库、规则包所在的文件夹或规则包本身；默认为当前文件夹或其中的 policies/。",
    en="A law book, a folder of packs, or the pack itself; by default the current folder, or policies/ in it.",
)  # fmt: skip


@click.group("new", cls=Group, help="新建规则包或规则，写好即可通过自身的例子。\f"
             "Begin a pack or a rule: a file that passes its own examples as written.")  # fmt: skip
def new() -> None:
    """Scaffolds."""


@command("pack", "新建规则包：一件规范性文件。", "Begin a pack: an instrument of law.")
@click.argument("name")
@folder
@options.lang
def pack(name: str, folder: Path | None, lang: str) -> None:
    """Write the description of a pack; 2 where that cannot be done."""
    from execcheck.scaffold import new_pack  # noqa: PLC0415 - what builds logs is loaded only for this

    path = new_pack(name, folder)
    put(say(f"已写入 {path}；请修改，再用 execcheck new rule {name}/规则名 新建规则\n",
            f"{path} is written; change it, then add rules: execcheck new rule {name}/RULE\n"))  # fmt: skip


@command(
    "rule", "新建规则，写作 规则包/规则名；规则包须已存在。", "Begin a rule, named PACK/RULE; the pack must be there."
)
@click.argument("name", metavar="PACK/RULE")
@option("--kind", type=Word(*KINDS), required=True, zh="规则的种类。", en="The kind of rule.")
@option("--when", metavar="TYPE", zh="引起义务或受检查的事件类型；默认取词汇表中第一个合适的。",
        en="The event type that makes the duty, or is judged; by default the first one that fits.")  # fmt: skip
@option("--then", metavar="TYPE", zh="另一事件类型：应有的后续、须先有的行为等。",
        en="The other event type: what must follow, what must come before, and so on.")  # fmt: skip
@option("--within", type=Length(), zh="期限，如 7d、10wd、1mo。", en="The limit, such as 7d, 10wd, 1mo.")
@folder
@options.lang
def rule(
    name: str, kind: str, when: str | None, then: str | None, within: Period | None, folder: Path | None, lang: str
) -> None:
    """Write a rule with examples; 2 where that cannot be done."""
    from execcheck.scaffold import new_rule  # noqa: PLC0415

    pack_name, slash, rule_name = name.partition("/")
    if not slash:
        raise click.UsageError(say(f"应写作 规则包/规则名：{name}", f"write PACK/RULE: {name}"))
    limit = None if within is None else str(within)
    path = new_rule(pack_name, rule_name, kind, folder, when=when, then=then, within=limit)
    put(
        say(
            f"已写入 {path}；请修改，再运行 execcheck lint {path.parent} 与 execcheck test {path.parent}\n",
            f"{path} is written; change it, then run execcheck lint {path.parent} and execcheck test {path.parent}\n",
        )
    )


new.add_command(pack)
new.add_command(rule)
