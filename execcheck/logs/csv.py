"""CSV: one event on each row, with dotted columns (``actor.id``, ``objects.asset``, ``data.price``).

Lists and objects stand in their cells as JSON, ``true`` and ``false`` as words; an empty cell is no
value. Commas, semicolons and tabs separate.
"""

import csv
import re
from collections.abc import Collection, Iterator
from typing import Any, Final

from execcheck.admission import Admission
from execcheck.defects import Defect, Unfit, did_you_mean, shown
from execcheck.events import Event
from execcheck.logs.outline import LINKS, Outline, outline_of
from execcheck.logs.part import Part
from execcheck.logs.rejected import Rejected
from execcheck.logs.source import Source, Unreadable
from execcheck.logs.strict_json import decode
from execcheck.logs.text import encoding_of, text_lines
from execcheck.vocabulary import Vocabulary

_NEEDED: Final = ("case", "type", "time")
_GROUPS: Final = ("actor", "objects", "data")
_JSON_COLUMNS: Final = ("panel", "approvals", *_GROUPS)
_TRUTHS: Final = {"true": True, "false": False}
_INTEGER: Final = re.compile(r"-?[0-9]{1,18}")


class Csv:
    """The reader; see :class:`execcheck.logs.logfile.Reader`."""

    def __init__(self, source: Source, vocabulary: Vocabulary) -> None:
        self._source = source
        self._vocabulary = vocabulary
        self._encoding: str | None = None
        self.heading = b""

    def outcomes(self, admission: Admission, part: Part | None = None) -> Iterator[Event | Rejected]:
        """Each event, or what is wrong with it; raises Unreadable for a bad heading."""
        for place, text, row in self._rows():
            if part is not None and not part.takes(row.get("case") if isinstance(row, dict) else None):
                continue
            outcome = row if isinstance(row, tuple) else admission.admit(row, place)
            yield outcome if isinstance(outcome, Event) else Rejected(place, text.encode("utf-8"), outcome)

    def outlines(self, links: Collection[str] = LINKS) -> Iterator[Outline]:
        """The outline of every row that has one."""
        for place, _, row in self._rows():
            outline = outline_of(row, place, links)
            if outline is not None:
                yield outline

    def _rows(self) -> Iterator[tuple[str, str, dict[str, Any] | tuple[Defect, ...]]]:
        """Place, text, and the row as a raw event or its defects."""
        if self._encoding is None:
            self._encoding = encoding_of(self._source)
        lines = _Remembering(text_lines(self._source, self._encoding))
        cells, columns = self._heading(lines)
        while True:
            lines.text = ""
            start = lines.number + 1
            place = f"{self._source.name}:{start}"
            try:
                row = next(cells)
            except StopIteration:
                return
            except csv.Error as error:
                yield place, lines.text, (_row_defect(place, error),)
                continue
            if any(cell.strip() for cell in row):
                yield place, lines.text, self._raw(columns, row, place)

    def _heading(self, lines: "_Remembering") -> tuple[Any, list[str]]:
        first = next(lines, "")
        self.heading = first.encode("utf-8")
        delimiter = max(",;\t", key=first.count)
        place = f"{self._source.name}:1"
        try:
            columns = [cell.strip() for cell in next(csv.reader([first], delimiter=delimiter, strict=True), [])]
        except csv.Error as error:
            raise Unreadable(_row_defect(place, error)) from None
        for name in columns:
            if name and columns.count(name) > 1:
                raise Unreadable(
                    Defect(place, "csv-heading", f"列“{shown(name)}”重复", f"the column {shown(name)!r} is given twice")
                )
        for name in _NEEDED:
            if name not in columns:
                hint_zh, hint_en = did_you_mean(name, columns)
                raise Unreadable(
                    Defect(
                        place,
                        "csv-heading",
                        f"表头缺少“{name}”列{hint_zh}",
                        f"the heading lacks the column {name!r}{hint_en}",
                    )
                )
        return csv.reader(lines, delimiter=delimiter, strict=True), columns

    def _raw(self, columns: list[str], row: list[str], place: str) -> dict[str, Any] | tuple[Defect, ...]:
        """The row as JSON would have it."""
        if len(row) != len(columns):
            return (
                Defect(
                    place,
                    "csv-width",
                    f"此行有 {len(row)} 格，表头有 {len(columns)} 列",
                    f"this row has {len(row)} cells, the heading {len(columns)}",
                ),
            )
        raw: dict[str, Any] = {}
        defects = []
        kinds = self._kinds(row[columns.index("type")].strip())
        for name, cell in zip(columns, row, strict=True):
            value = cell.strip()
            if not value:
                continue
            try:
                self._put(raw, name, value, kinds)
            except Unfit as unfit:
                defects.append(unfit.at(place, name))
        return tuple(defects) if defects else raw

    def _put(self, raw: dict[str, Any], name: str, cell: str, kinds: dict[str, str]) -> None:
        group, dot, part = name.partition(".")
        if group in _GROUPS and dot and part:
            inner = raw.setdefault(group, {})
            if not isinstance(inner, dict):
                raise Unfit("csv-heading", f"与“{group}”列冲突", f"conflicts with the column {group!r}")
            kind = kinds.get(part, "text") if group == "data" else "boolean" if part == "quota_judge" else "text"
            inner[part] = _value(cell, kind)
        elif name in _JSON_COLUMNS:
            value = decode(cell)
            if name in raw and isinstance(raw[name], dict) and isinstance(value, dict):
                value = {**raw[name], **value}
            raw[name] = value
        else:
            raw[name] = cell

    def _kinds(self, kind: str) -> dict[str, str]:
        known = self._vocabulary.events.get(kind)
        return {} if known is None else {name: field.kind for name, field in known.fields.items()}


class _Remembering(Iterator[str]):
    """Lines, counted, with the text of those handed out since ``text`` was emptied."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.number = 0
        self.text = ""

    def __next__(self) -> str:
        line = next(self._lines)
        self.number += 1
        self.text += line
        return line


def _value(cell: str, kind: str) -> Any:
    """The cell as JSON would hold it; one that does not fit stays text, for admission to refuse."""
    if kind == "boolean":
        return _TRUTHS.get(cell.lower(), cell)
    if kind == "integer" and _INTEGER.fullmatch(cell):
        return int(cell)
    if kind in ("ids", "many") and cell.startswith("["):
        return decode(cell)
    return cell


def _row_defect(place: str, error: csv.Error) -> Defect:
    return Defect(place, "csv-syntax", f"CSV 格式错误：{error}", f"not valid CSV: {error}")
