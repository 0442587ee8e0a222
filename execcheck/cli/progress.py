"""A progress bar for long logs, on error output and only where somebody watches."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from execcheck.checking import Progress
from execcheck.cli.language import say

LONG = 20_000
"""Events from which on a log is worth a progress bar."""


@contextmanager
def progress() -> Iterator[Progress | None]:
    """What :func:`execcheck.checking.check` is to call; None where nobody watches."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console  # noqa: PLC0415 - a slow import that few runs need
    from rich.progress import Progress as Bar  # noqa: PLC0415

    bar = Bar(console=Console(stderr=True), transient=True)
    task = bar.add_task(say("检查", "checking"), total=None)

    def tick(done: int, total: int) -> None:
        if total >= LONG:
            bar.start()
            bar.update(task, completed=done, total=total)

    try:
        yield tick
    finally:
        bar.stop()
