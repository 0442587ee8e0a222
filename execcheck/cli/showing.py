"""How results are shown: on a terminal with colour and wrapped, elsewhere plain and line by line."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from shutil import get_terminal_size

from execcheck.cli import language
from execcheck.cli.failing import put
from execcheck.lawbook import Law
from execcheck.render.view import UNBROKEN, View


def view_of(law: Law, *, to_file: bool = False) -> View:
    """The view for standard output, or for a file. Only a terminal gets colour and broken lines."""
    terminal = not to_file and sys.stdout.isatty()
    return View(law, language.current(), colour=terminal, width=get_terminal_size().columns if terminal else UNBROKEN)


def hand_over(text: str | Iterable[str], output: Path | None) -> None:
    """Write a text or its pieces to a file, or show it; raises OSError where the file cannot be written."""
    if output is None:
        put(text if isinstance(text, str) else "".join(text))
        return
    with output.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines((text,) if isinstance(text, str) else text)
