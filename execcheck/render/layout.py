"""Lines for a terminal: wrapping that knows the width of Chinese, tables without frames, colour."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import StringIO

from attrs import field, frozen
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text as Styled

CLOSING = "，。；：、！？）》」』”’…,.;:!?)%"
"""Marks that do not begin a line."""
OPENING = "（《「『“‘("
"""Marks that do not end a line."""
NARROWEST = 20


def wrap(text: str, width: int) -> list[str]:
    """The text in lines of at most ``width`` columns.

    Breaks at spaces and beside any wide character, but never before a closing or after an opening mark; a
    word too long for a line is cut.
    """
    lines: list[str] = []
    line, used = "", 0
    for word in _words(text):
        if used + cell_len(word.rstrip()) > width and line:
            lines.append(line.rstrip())
            line, used = "", 0
        rest = word
        while cell_len(rest) > width and len(rest) > 1:
            part = _fitting(rest, width)
            lines.append(part)
            rest = rest[len(part) :]
        line, used = line + rest, used + cell_len(rest)
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _words(text: str) -> list[str]:
    """The pieces that stay together."""
    pieces: list[str] = []
    for mark in text:
        last = pieces[-1] if pieces else ""
        joins = bool(last) and (
            mark == " " or mark in CLOSING or last[-1] in OPENING
            or (last[-1] != " " and cell_len(last[-1]) == 1 and cell_len(mark) == 1)
            or (last[-1] == " " and last[-2:-1].isdigit() and cell_len(mark) == 2)  # 19 日
        )  # fmt: skip
        if joins:
            pieces[-1] += mark
        else:
            pieces.append(mark)
    return pieces


def _fitting(word: str, width: int) -> str:
    size = 0
    for index, mark in enumerate(word):
        size += cell_len(mark)
        if size > width:
            return word[: max(index, 1)]
    return word


def pad(text: str, width: int) -> str:
    """The text filled with spaces to ``width`` columns."""
    return text + " " * max(0, width - cell_len(text))


@frozen
class Page:
    """Collects styled lines of a given width."""

    width: int
    colour: bool
    lines: list[Styled] = field(factory=list)

    def add(self, *parts: tuple[str, str] | str) -> None:
        """One line of (text, style) parts, as it is."""
        self.lines.append(Styled.assemble(*parts))

    def paragraph(self, text: str, style: str = "", *, indent: int = 0, label: str = "", label_style: str = "") -> None:
        """A text wrapped behind an indent, with a label in front of its first line."""
        lead = cell_len(label)
        room = max(self.width - indent - lead, NARROWEST)
        for number, line in enumerate(wrap(text, room)):
            front = label if number == 0 else " " * lead
            self.add(" " * indent, (front, label_style), (line, style))

    def table(self, rows: Iterable[Sequence[tuple[str, str]]], *, indent: int = 0, gap: int = 2) -> None:
        """Cells of (text, style) in columns; the last column takes the rest of the line and wraps."""
        held = [list(row) for row in rows]
        if not held:
            return
        widths = [max(cell_len(row[n][0]) for row in held) for n in range(len(held[0]) - 1)]
        taken = indent + sum(widths) + gap * len(widths)
        for row in held:
            front = [
                " " * indent,
                *((pad(text, size + gap), style) for (text, style), size in zip(row, widths, strict=False)),
            ]
            text, style = row[-1]
            for number, line in enumerate(wrap(text, max(self.width - taken, NARROWEST))):
                self.add(*(front if number == 0 else [" " * taken]), (line, style))

    def blank(self) -> None:
        """An empty line, never two in a row."""
        if self.lines and self.lines[-1].plain:
            self.add("")

    def text(self) -> str:
        """Everything, with terminal colours where these are wanted."""
        out = StringIO()
        console = Console(
            file=out, force_terminal=self.colour, color_system="standard" if self.colour else None,
            no_color=not self.colour, width=1_000_000, highlight=False, markup=False, emoji=False, legacy_windows=False,
        )  # fmt: skip
        for line in self.lines:
            line.rstrip()
            console.print(line, soft_wrap=True)
        return out.getvalue()
