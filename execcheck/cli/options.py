"""The options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from execcheck.cli import language
from execcheck.cli.types import AsOf, Processes, Setting, Word
from execcheck.cli.words import option
from execcheck.config import Config, read_config

F = TypeVar("F", bound=Callable[..., Any])
FILE = click.Path(path_type=Path)
PARAMETERS = {"format": "format_"}
"""Settings whose parameter is not called like the option."""


def _speak(ctx: click.Context, parameter: click.Parameter, value: str | None) -> str:
    if value:
        language.use(value)
    return language.current()


def _configure(ctx: click.Context, parameter: click.Parameter, value: Path | None) -> Config:
    """Let a settings file answer for the options that the command line leaves out."""
    if value is None:
        return Config()
    config = read_config(value)
    ctx.default_map = {PARAMETERS.get(name, name.replace("-", "_")): given for name, given in config.options.items()}
    return config


def _all(*decorators: Callable[[F], F]) -> Callable[[F], F]:
    def decorate(function: F) -> F:
        for decorator in reversed(decorators):
            function = decorator(function)
        return function

    return decorate


lang = option(
    "--lang", type=Word("zh", "en"), callback=_speak, is_eager=True, zh="输出语言；默认按系统语言，否则中文。",
    en="The language; by default that of the system, else Chinese.",
)  # fmt: skip
config = option(
    "--config", type=FILE, callback=_configure, is_eager=True, zh="设置文件（TOML）；命令行优先。",
    en="A settings file (TOML); the command line wins over it.",
)  # fmt: skip
policy = option(
    "--policy", multiple=True, metavar="PACK", zh="规则包名称或文件夹，可重复；默认为在河南有效的全部规则包。",
    en="A pack by name or folder, repeatable; by default every pack that is law in Henan.",
)  # fmt: skip
law = option(
    "--law", type=FILE, metavar="FOLDER", zh="使用自备的法律库（含 statemachines/ 与 policies/）。",
    en="A law book of your own (statemachines/ and policies/).",
)  # fmt: skip
output = option("--output", "-o", type=FILE, zh="写入文件，而不是显示。", en="Write to a file instead of the screen.")


def form(*names: str) -> Callable[[F], F]:
    """``--format`` with the formats of a command."""
    return option("--format", "format_", default=names[0], type=Word(*names), zh="输出格式。", en="The format.")


chosen_law = _all(
    config, lang, policy, law,
    option("--select", multiple=True, metavar="PATTERN",
           zh="只用这些规则：编号、通配符、包:条、category:passive、severity:error；可重复。",
           en="Only these rules: id, glob, pack:article, category:passive, severity:error; repeatable."),
    option("--ignore", multiple=True, metavar="PATTERN", zh="不用这些规则，写法同上；可重复。",
           en="Not these rules, in the same form; repeatable."),
    option("--set", "settings", multiple=True, type=Setting(),
           zh="本院自定的参数，例如 henan-2021/first-national-query.within=2d；可重复。",
           en="A court's own parameter, such as henan-2021/first-national-query.within=2d; repeatable."),
)  # fmt: skip
"""Which rules apply."""

as_of = option(
    "--as-of", type=AsOf(), zh="观察时点：日期（当日终了）、带时区的时刻或 now；默认为日志的最后时刻。",
    en="Observation time: a date (its end), an instant with offset, or now; by default the log's last moment.",
)  # fmt: skip
profile = option(
    "--profile", type=FILE, zh="来源配置：系统不记录哪些事件和字段。",
    en="A source profile: which events and fields the system does not record.",
)  # fmt: skip
as_if_in_force = option(
    "--as-if-in-force", is_flag=True, zh="不看施行日期，用于研究旧案。",
    en="Ignore the dates of the law, to study old cases.",
)  # fmt: skip
jobs = option(
    "--jobs", type=Processes(), default=1, zh="用几个进程判断长日志；0 为每个处理器一个。结果相同。",
    en="How many processes judge a long log; 0: one on each processor. The result is the same.",
)  # fmt: skip

chosen_log = _all(
    click.argument("logs", nargs=-1, required=True, metavar="LOG..."),
    as_of, profile, as_if_in_force,
    option("--on-error", type=Word("fail", "skip"), default="fail", zh="有错的行：fail 停止，skip 剔除后继续。",
           en="Defective lines: fail stops, skip leaves them out."),
    jobs,
)  # fmt: skip
"""Which log is read, and how."""
