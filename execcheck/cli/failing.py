"""How the command line ends: every foreseeable failure as a message and status 2, never a traceback."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

import click

from execcheck.cli.language import current, say
from execcheck.defects import Defect, DefectiveInput, did_you_mean
from execcheck.textfiles import why

MOST = 100
"""Defects listed before the rest is only counted."""


def put(text: str, *, error: bool = False) -> None:
    """Write to standard output (or error output); a closed pipe ends the output, not the check."""
    stream = sys.stderr if error else sys.stdout
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        _silence(stream.fileno())


def _silence(descriptor: int) -> None:
    """Let the interpreter flush into nothing at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)


def complain(text: str) -> None:
    """One line on error output."""
    put(text + "\n", error=True)


def list_defects(defects: Iterable[Defect], total: int | None = None) -> None:
    """List defects on error output, each with its place, up to a limit; then how many more there are."""
    found = list(dict.fromkeys(defects))
    for defect in found[:MOST]:
        complain(defect.text(current()))
    more = max(total or 0, len(found)) - MOST
    if more > 0:
        complain(say(f"……另有 {more} 处错误未列出", f"… and {more} more"))


def usage(error: click.ClickException) -> str:
    """A usage error in the language in use."""
    text = error.format_message()
    if isinstance(error, click.NoSuchOption):
        known = (
            [name for parameter in error.ctx.command.get_params(error.ctx) for name in parameter.opts]
            if error.ctx
            else []
        )
        zh, en = did_you_mean(error.option_name, known)
        return say(f"没有选项 {error.option_name}{zh}", f"there is no option {error.option_name}{en}")
    unknown = getattr(error, "command_name", None)  # of an exception that not every version of click has
    context = error.ctx if isinstance(error, click.UsageError) else None
    if unknown is not None and context is not None and isinstance(context.command, click.Group):
        zh, en = did_you_mean(unknown, context.command.commands)
        return say(f"没有命令“{unknown}”{zh}", f"there is no command {unknown!r}{en}")
    if isinstance(error, click.MissingParameter) and error.param is not None:
        name = error.param.metavar or _name(error.param)
        return say(f"缺少 {name}", f"{name} is missing")
    if isinstance(error, click.BadParameter) and error.param is not None:
        return f"{_name(error.param)}: {error.message}"
    if isinstance(error, click.BadOptionUsage):
        return say(f"选项 {error.option_name} 的用法有误：{text}", text)
    return say(f"用法有误：{text}", text) if text.isascii() else text


def _name(parameter: click.Parameter) -> str:
    return max(parameter.opts, key=len) if isinstance(parameter, click.Option) else parameter.human_readable_name


def explain_usage(error: click.ClickException) -> None:
    """The usage line, what is wrong, and where to read more."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is not None:
        complain(context.get_usage())
    complain(say("错误：", "Error: ") + usage(error))
    if context is not None:
        complain(say(f"详见 {context.command_path} --help", f"see {context.command_path} --help"))


def explain_failure(error: OSError | UnicodeError | DefectiveInput) -> None:
    """What the system refused."""
    if isinstance(error, DefectiveInput):
        list_defects(error.defects)
    elif isinstance(error, OSError):
        zh, en = why(error)
        place = os.fsdecode(error.filename) if isinstance(error.filename, (str, bytes)) else "execcheck"
        complain(f"{place}: {say(zh, en)}")
    else:
        complain(
            say(
                f"文字编码有误：{error.reason if isinstance(error, UnicodeDecodeError) else error}",
                f"wrong encoding: {error}",
            )
        )
