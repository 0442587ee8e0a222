"""Reading a YAML mapping key by key, so that every mistake is reported once, at its place.

A :class:`Form` wraps one mapping of a loaded document. Each accessor checks one key and records what is
wrong as a defect; :meth:`Form.finish` reports the keys nobody asked for. Nothing is raised.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from execcheck.dated import Dated, InForce
from execcheck.defects import Defect, shown, suggest
from execcheck.periods import Period, PeriodError
from execcheck.policy import NO_TEXT, Text
from execcheck.yaml_places import Document

Where = tuple[str | int, ...]


class Form:
    """One mapping of a document, with its place and the list that collects defects."""

    def __init__(self, document: Document, path: Where, value: Any, defects: list[Defect]) -> None:
        self.document = document
        self.path = path
        self.defects = defects
        self.used: set[str] = set()
        given: Mapping[str, Any] = value if isinstance(value, Mapping) else {}
        self.value = {key: item for key, item in given.items() if item is not None}
        for key in given.keys() - self.value.keys():
            self.used.add(key)
            self.wrong((key,), f"“{key}”没有值：请写上或删去", f"“{key}” has no value: give one or leave it out")
        if not isinstance(value, Mapping):
            self.wrong((), "这里应当是一组“键: 值”", "a mapping of keys and values is needed here")

    def wrong(self, path: Where, zh: str, en: str, code: str = "rule") -> None:
        """Record a defect at a place below this mapping."""
        self.defects.append(Defect(self.document.place(*self.path, *path), code, zh, en))

    def __contains__(self, key: str) -> bool:
        return key in self.value

    def get(self, key: str) -> Any:
        """The raw value (None where absent); marks the key as known."""
        self.used.add(key)
        return self.value.get(key)

    def sub(self, key: str) -> Form:
        """The mapping below a key."""
        return Form(self.document, (*self.path, key), self.get(key), self.defects)

    def word(self, key: str, known: Iterable[str] | None = None, required: bool = False) -> str:
        """A text, one of ``known`` where that is given; empty where absent."""
        value = self.get(key)
        if value is None:
            if required:
                self.wrong((), f"缺少“{key}”", f"“{key}” is missing")
            return ""
        choices = () if known is None else tuple(known)
        if not isinstance(value, str) or (known is not None and value not in choices):
            self.unknown((key,), value, choices)
            return ""
        return value

    def words(self, key: str) -> tuple[str, ...]:
        """A text or a list of texts."""
        value = self.get(key)
        items = [] if value is None else value if isinstance(value, list) else [value]
        if not all(isinstance(item, str) for item in items):
            self.wrong((key,), f"“{key}”应为文字或文字列表（数字请加引号）",
                       f"“{key}” takes a text or a list of texts (put numbers in quotes)")  # fmt: skip
            return ()
        return tuple(items)

    def flag(self, key: str, default: bool = False) -> bool:
        """true or false."""
        value = self.get(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.wrong((key,), f"“{key}”应为 true 或 false", f"“{key}” takes true or false")
            return default
        return value

    def count(self, key: str, default: int = 0) -> int:
        """A whole number."""
        value = self.get(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int):
            self.wrong((key,), f"“{key}”应为整数", f"“{key}” takes a whole number")
            return default
        return value

    def number(self, key: str) -> Decimal | None:
        """A number, kept exactly as written."""
        return as_number(self, (key,), self.get(key))

    def text(self, key: str, required: bool = False) -> Text:
        """A pair of texts in Chinese and English."""
        if key not in self.value:
            if required:
                self.wrong((), f"缺少“{key}”", f"“{key}” is missing")
            self.used.add(key)
            return NO_TEXT
        form = self.sub(key)
        text = Text(form.word("zh", required=True), form.word("en", required=True))
        form.finish()
        return text

    def distance(self, key: str) -> Period | None:
        """A period that is compared with calendar days, such as 3d; working days make no sense there."""
        return as_distance(self, (key,), as_period(self, (key,), self.get(key)))

    def period(self, key: str) -> Period | None:
        """A period such as 30d."""
        return as_period(self, (key,), self.get(key))

    def dated_period(self, key: str) -> Dated[Period] | None:
        """A period, or a mapping from the first day in force to a period."""
        value = self.get(key)
        if not isinstance(value, Mapping):
            period = as_period(self, (key,), value)
            return None if period is None else Dated(((0, period),))
        values = []
        if not value:
            self.wrong((key,), f"“{key}”没有值：请写上或删去", f"“{key}” has no value: give one or leave it out")
        for start, item in value.items():
            day, period = as_day(self, (key, start), start), as_period(self, (key, start), item)
            if day is not None and period is not None:
                values.append((day, period))
        return Dated(tuple(sorted(values, key=lambda pair: pair[0]))) if values else None

    def in_force(self, key: str, default: InForce) -> InForce:
        """``{from: date, to: date}``."""
        if key not in self.value:
            self.used.add(key)
            return default
        form = self.sub(key)
        start = as_day(form, ("from",), form.get("from")) if "from" in form else default.start
        end = as_day(form, ("to",), form.get("to")) if "to" in form else default.end
        form.finish()
        if start is not None and end is not None and end < start:
            self.wrong((key,), "施行期的终止早于起始", "the law ends before it begins")
        return InForce(start or 0, end or default.end)

    def unknown(self, path: Where, value: Any, choices: Iterable[str]) -> None:
        """Record that a word is not one of the known ones, with a suggestion."""
        choices = tuple(choices)
        hint = suggest(str(value), choices)
        zh = f"不认识“{shown(value)}”" + (f"，是否指“{hint}”？" if hint else "")
        en = f"unknown “{shown(value)}”" + (f"; did you mean “{hint}”?" if hint else "")
        if choices and len(choices) <= 12:
            zh, en = f"{zh}（可用：{'、'.join(choices)}）", f"{en} (known: {', '.join(choices)})"
        self.wrong(path, zh, en)

    def finish(self) -> None:
        """Report the keys that no accessor asked for."""
        for key in self.value:
            if key not in self.used:
                self.unknown((key,), key, sorted(self.used))


def as_period(form: Form, path: Where, value: Any) -> Period | None:
    """A period from its text, None (with a defect) where it is not one."""
    if value is None:
        return None
    try:
        return Period.parse(str(value))
    except PeriodError as error:
        form.wrong(path, error.zh, error.en)
        return None


def as_distance(form: Form, path: Where, period: Period | None) -> Period | None:
    """The period, unless it is counted in working days."""
    if period is None or period.unit != "wd":
        return period
    form.wrong(path, "此处比较日历日，不能用工作日（wd）", "calendar days are compared here: no working days (wd)")
    return None


def as_day(form: Form, path: Where, value: Any) -> int | None:
    """A calendar day (``YYYY-MM-DD``) as an ordinal."""
    try:
        return date.fromisoformat(str(value)).toordinal()
    except ValueError:
        form.wrong(path, f"“{shown(value)}”不是日期（应为 2021-10-18 的形式）",
                   f"“{shown(value)}” is no date (write 2021-10-18)")  # fmt: skip
        return None


def as_number(form: Form, path: Where, value: Any) -> Decimal | None:
    """A finite decimal number."""
    if value is None:
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal("nan")
    if isinstance(value, bool) or not number.is_finite():
        form.wrong(path, f"“{shown(value)}”不是数字", f"“{shown(value)}” is no number")
        return None
    return number
