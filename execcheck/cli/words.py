"""Click commands and options that speak two languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from execcheck.cli.language import current, say
from execcheck.policy import Text

F = TypeVar("F", bound=Callable[..., Any])


class Option(click.Option):
    """An option whose help is a pair of texts."""

    def __init__(self, *names: Any, words: Text, **rest: Any) -> None:
        super().__init__(*names, **rest)
        self.words = words

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The line of the option in the help."""
        self.help = self.words(current())
        return super().get_help_record(ctx)


class _Speaking(click.Command):
    """What commands and groups have in common; ``help`` is ``zh`` and ``en`` with a form feed between."""

    def _words(self) -> str:
        zh, _, en = (self.help or "").partition("\f")
        return say(zh, en)

    def get_short_help_str(self, limit: int = 45) -> str:
        """The first line of the help."""
        return self._words().partition("\n")[0]

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The help itself."""
        formatter.write_paragraph()
        with formatter.indentation():
            for line in self._words().splitlines():
                formatter.write_text(line)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The usage line."""
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, say("用法：", "Usage: "))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of options."""
        records = []
        for parameter in self.get_params(ctx):
            if isinstance(parameter, click.Option) and not isinstance(parameter, Option):
                parameter.help = say("显示本帮助。", "Show this help.")
            record = parameter.get_help_record(ctx)
            if record is not None and not isinstance(parameter, click.Argument):
                records.append(record)
        with formatter.section(say("选项", "Options")):
            formatter.write_dl(records)


class Command(_Speaking):
    """A command that speaks two languages."""


class Group(_Speaking, click.Group):
    """A group of commands that speaks two languages."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options of the group, then its commands."""
        _Speaking.format_options(self, ctx, formatter)
        rows = [(name, self.commands[name].get_short_help_str(200)) for name in self.commands]
        with formatter.section(say("命令", "Commands")):
            formatter.write_dl(rows)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order in which they are used, not by letter."""
        return list(self.commands)


def command(name: str, zh: str, en: str) -> Callable[[Callable[..., Any]], click.Command]:
    """Make a command of a function; the texts are its help."""
    return click.command(name, cls=Command, help=f"{zh}\f{en}")


def option(*names: str, zh: str, en: str, **rest: Any) -> Callable[[F], F]:
    """Give a command an option; the texts are its help."""
    return click.option(*names, cls=Option, words=Text(zh, en), **rest)
