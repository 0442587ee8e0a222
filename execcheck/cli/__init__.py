"""The command line: click commands, nothing but wiring.

Exit status: 0 nothing to report, 1 violations or failing examples, 2 wrong input, policy or usage, 130 interrupted.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import click

from execcheck import __version__
from execcheck.cli import language
from execcheck.cli.catalogue import explain, rules
from execcheck.cli.check import check, due
from execcheck.cli.compare import compare
from execcheck.cli.examples import test
from execcheck.cli.failing import explain_failure, explain_usage, put
from execcheck.cli.lifecycles import lifecycle
from execcheck.cli.lint import lint
from execcheck.cli.mutate import mutate_
from execcheck.cli.new import new
from execcheck.cli.words import Group, option
from execcheck.defects import DefectiveInput

WRONG, INTERRUPTED = 2, 130


class Main(Group):
    """The group of all commands, which ends every run with a status and never with a traceback."""

    def main(self, args: Sequence[str] | None = None, prog_name: str | None = None, *_: Any, **extra: Any) -> Any:
        """Run a command line and exit."""
        words = sys.argv[1:] if args is None else list(args)
        language.use(language.guess(words))
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="backslashreplace")
        sys.exit(self._status(words, prog_name, extra))

    def _status(self, words: list[str], prog_name: str | None, extra: dict[str, Any]) -> int:
        extra.pop("standalone_mode", None)
        try:
            status = super().main(words or ["--help"], prog_name or "execcheck", standalone_mode=False, **extra)
        except click.ClickException as error:
            explain_usage(error)
            return WRONG
        except (click.Abort, KeyboardInterrupt):
            return INTERRUPTED
        except (DefectiveInput, OSError, UnicodeError) as error:
            explain_failure(error)
            return WRONG
        return WRONG if not words else status if isinstance(status, int) else 0


def _version(ctx: click.Context, parameter: click.Parameter, value: bool) -> None:
    if value:
        put(f"execcheck {__version__}\n")
        ctx.exit()


@click.group(
    cls=Main, context_settings={"help_option_names": ["-h", "--help"]},
    help="按规则检查执行案件的事件日志：何时应做什么，做了没有，由谁、以何程序。\f"
         "Check the event logs of enforcement cases against rules: what was due, and whether and by whom it was done.",
)  # fmt: skip
@option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_version,
    zh="显示版本。",
    en="Show the version.",
)
def main() -> None:
    """All commands."""


for _command in (check, due, rules, explain, lifecycle, lint, test, mutate_):
    main.add_command(_command)
for _command in (compare, new):
    main.add_command(_command)
