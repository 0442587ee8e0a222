"""What an option takes, with messages in two languages."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

import click

from execcheck.cli.language import current, say
from execcheck.defects import Unfit, did_you_mean, shown
from execcheck.durations import Period, PeriodError
from execcheck.events import Moment
from execcheck.moments import COURT_ZONE, Clock

if TYPE_CHECKING:
    Type: TypeAlias = click.ParamType[Any]  # generic for type checkers, but not in every version of click
else:
    Type = click.ParamType


class Word(Type):
    """One of a few words."""

    name = "word"

    def __init__(self, *words: str) -> None:
        self.words = words

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        """The words, for the help."""
        return "|".join(self.words)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The word itself; fails with a suggestion."""
        if value not in self.words:
            zh, en = did_you_mean(str(value), self.words)
            known = say("、", ", ").join(self.words)
            what = shown(value)
            self.fail(say(f"“{what}”不可用{zh}（可用：{known}）", f"{what!r} is not possible{en} (known: {known})"))
        return str(value)


class AsOf(Type):
    """An observation time: a day, an instant with an offset, or ``now``."""

    name = "moment"

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        """What to write, for the help."""
        return "DATE|now"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Moment:
        """The moment; fails where the text is neither."""
        if value == "now":
            return datetime.now(COURT_ZONE).replace(microsecond=0)
        try:
            return Clock().read(value)[0]
        except Unfit as unfit:
            self.fail(unfit.zh if current() == "zh" else unfit.en)


class Processes(Type):
    """A number of processes; 0 stands for one on each processor."""

    name = "N"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number; fails where the text is none."""
        text = str(value)
        if not (text.isascii() and text.isdigit() and len(text) <= 4):
            self.fail(say(f"“{shown(value)}”不是进程数（0、1、2……）", f"{shown(value)!r} is no number of processes"))
        return int(text)


class Length(Type):
    """A period such as ``7d``, ``10wd``, ``1mo``."""

    name = "7d"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Period:
        """The period; fails where the text is none."""
        if isinstance(value, Period):
            return value
        try:
            return Period.parse(str(value))
        except PeriodError as error:
            self.fail(error.zh if current() == "zh" else error.en)


class Setting(Type):
    """``RULE.PARAM=VALUE``."""

    name = "RULE.PARAM=VALUE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        """The name and the value."""
        if isinstance(value, tuple):
            return value
        name, equals, given = str(value).partition("=")
        if not equals or "." not in name or not given.strip():
            example = "henan-2021/first-national-query.within=2d"
            self.fail(
                say(
                    f"“{shown(value)}”应写作 规则.参数=值，例如 {example}",
                    f"write {shown(value)!r} as RULE.PARAM=VALUE, such as {example}",
                )
            )
        return name.strip(), given.strip()
