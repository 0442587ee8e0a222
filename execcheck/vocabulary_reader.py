"""From a vocabulary file to a Vocabulary; every defect with its place."""

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal
from typing import Any, cast

from execcheck.defects import Defect, DefectiveInput, did_you_mean, shown
from execcheck.vocabulary import CASE_NUMBER_FIELDS, MISSING, SIMPLE_KINDS, EventType, Field, Kind, Label, Vocabulary
from execcheck.yaml_places import Document, Path, load_yaml

_SECTIONS = ("objects", "roles", "departments", "events", "defaults")
OTHERS = ("cases", "offices", "spans", "labels")
"""The sections that other modules read."""
_TIES = ("parent", "related", "resumed_as")
"""Keys of the section ``cases`` that name the data fields holding case numbers."""
_EVENT_KEYS = ("zh", "en", "object", "also", "data", "required")


def load_vocabulary(text: str, name: str, leave: Collection[str] = OTHERS) -> Vocabulary:
    """Read the text of a vocabulary file called ``name``; see :func:`read_vocabulary`."""
    return read_vocabulary(load_yaml(text, name), leave)


def read_vocabulary(document: Document, leave: Collection[str] = OTHERS) -> Vocabulary:
    """The vocabulary of a document.

    ``leave`` names the sections that others read: they are kept as raw data in ``extra``.
    Raises DefectiveInput with every defect of the file.
    """
    reader = _Reader(document, leave)
    vocabulary = reader.read()
    if reader.defects:
        raise DefectiveInput(reader.defects)
    return vocabulary


class _Reader:
    def __init__(self, document: Document, leave: Collection[str]) -> None:
        self.document = document
        self.leave = leave
        self.defects: list[Defect] = list(document.defects)
        self.objects: dict[str, Label] = {}
        self.case_numbers: Collection[str] = CASE_NUMBER_FIELDS

    def wrong(self, path: Path, code: str, zh: str, en: str, *, key: bool = False) -> None:
        place = self.document.key_place(*path) if key else self.document.place(*path)
        self.defects.append(Defect(place, code, zh, en))

    def unknown(self, path: Path, word: object, known: Iterable[str], zh: str, en: str, *, key: bool = False) -> None:
        hint_zh, hint_en = did_you_mean(str(word), known)
        self.wrong(path, "vocabulary-unknown", f"未知的{zh}“{shown(word)}”{hint_zh}",
                   f"unknown {en} {shown(word)!r}{hint_en}", key=key)  # fmt: skip

    def mapping(self, value: Any, path: Path) -> dict[str, Any]:
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.wrong(path, "vocabulary-form", "此处应为“键: 值”形式", "expected a mapping (key: value) here")
            return {}
        return value

    def words(self, value: Any, path: Path) -> list[tuple[Path, str]]:
        """A list of distinct words with their paths."""
        found: list[tuple[Path, str]] = []
        if not isinstance(value, list) or not value:
            self.wrong(path, "vocabulary-form", "此处应为非空列表", "expected a list of words here")
            return found
        for index, word in enumerate(value):
            at = (*path, index)
            if not isinstance(word, str) or not word.strip():
                self.wrong(at, "vocabulary-form", f"“{shown(word)}”不是词语；如为数字请加引号",
                           f"{shown(word)!r} is not a word; quote it if it is one")  # fmt: skip
            elif word in (known for _, known in found):
                self.wrong(at, "vocabulary-duplicate", f"“{shown(word)}”重复", f"{shown(word)!r} is given twice")
            else:
                found.append((at, word))
        return found

    def read(self) -> Vocabulary:
        top = self.mapping(self.document.value, ())
        if self.document.value is not None and not top.get("events"):
            self.wrong((), "vocabulary-events", "缺少“events”：没有任何事件类型", "`events` is missing: no event types")
        for name in top:
            if name not in _SECTIONS and name not in self.leave:
                self.unknown((name,), name, [*_SECTIONS, *self.leave], "部分", "section", key=True)
        ties = top.get("cases")
        if isinstance(ties, dict):
            self.case_numbers = [word for key in _TIES if isinstance(word := ties.get(key), str)]
        self.objects = self.labels(top, "objects")
        roles, departments = self.labels(top, "roles"), self.labels(top, "departments")
        defaults = self.mapping(top.get("defaults"), ("defaults",))
        described = self.mapping(top.get("events"), ("events",))
        for name in defaults:
            if name not in described:
                self.unknown(("defaults", name), name, described, "事件类型", "event type", key=True)
        events = {name: self.event(name, raw, defaults.get(name)) for name, raw in described.items()}
        extra = {name: top[name] for name in self.leave if name in top}
        return Vocabulary(self.objects, roles, departments, events, extra, self.document)

    def labels(self, top: dict[str, Any], section: str) -> dict[str, Label]:
        found = {}
        for name, raw in self.mapping(top.get(section), (section,)).items():
            zh, en = self.names(name, raw, (section, name), ("zh", "en"))
            found[name] = Label(name, zh, en)
        return found

    def names(self, name: str, raw: Any, path: Path, known: Collection[str]) -> tuple[str, str]:
        """The two labels; a plain word stands for the Chinese one, and the name for the English one."""
        if isinstance(raw, str):
            return raw, name
        labels = self.mapping(raw, path)
        for key in labels:
            if key not in known:
                self.unknown((*path, key), key, known, "键", "key", key=True)
        for key in ("zh", "en"):
            if key in labels and not (isinstance(labels[key], str) and labels[key].strip()):
                self.wrong((*path, key), "vocabulary-label", "名称应为文字", "a label must be text")
        if isinstance(raw, dict) and "zh" not in labels:
            self.wrong(
                path, "vocabulary-label", f"“{shown(name)}”缺少中文名称 zh", f"{shown(name)!r} lacks its label zh"
            )
        return str(labels.get("zh", name)), str(labels.get("en", name))

    def event(self, name: str, raw: Any, defaults: Any) -> EventType:
        path: Path = ("events", name)
        zh, en = self.names(name, raw, path, _EVENT_KEYS)
        parts = raw if isinstance(raw, dict) else {}
        own = parts.get("object")
        if own is not None and (not isinstance(own, str) or own not in self.objects):
            self.unknown((*path, "object"), own, self.objects, "对象", "object")
        also = self.words(parts["also"], (*path, "also")) if "also" in parts else []
        for at, word in also:
            if word not in self.objects:
                self.unknown(at, word, self.objects, "对象", "object")
        given = self.mapping(defaults, ("defaults", name))
        data = self.mapping(parts.get("data"), (*path, "data"))
        for key in given:
            if key not in data:
                self.unknown(("defaults", name, key), key, data, "字段", "field", key=True)
        fields = {
            key: self.field(key, form, (*path, "data", key), given.get(key, MISSING), ("defaults", name, key))
            for key, form in data.items()
        }
        required = self.words(parts["required"], (*path, "required")) if "required" in parts else []
        for at, word in required:
            if word not in data:
                self.unknown(at, word, data, "字段", "field")
        return EventType(name, zh, en, own, tuple(w for _, w in also), fields, tuple(w for _, w in required))

    def field(self, name: str, form: Any, path: Path, default: Any, default_path: Path) -> Field:
        kind: Kind = "text"
        values: tuple[str, ...] = ()
        if isinstance(form, list):
            kind, values = "enum", tuple(word for _, word in self.words(form, path))
        elif isinstance(form, dict) and set(form) == {"many"}:
            kind, values = "many", tuple(word for _, word in self.words(form["many"], (*path, "many")))
        elif form in SIMPLE_KINDS:
            kind = cast(Kind, form)
        else:
            known = ", ".join(SIMPLE_KINDS)
            hint_zh, hint_en = did_you_mean(form, SIMPLE_KINDS) if isinstance(form, str) else ("", "")
            self.wrong(
                path,
                "vocabulary-kind",
                f"未知的数据类型“{shown(form)}”{hint_zh}；可用：{known}，或 [甲, 乙]，或 {{many: [甲, 乙]}}",
                f"unknown type of data {shown(form)!r}{hint_en}; known are {known}, [a, b] and {{many: [a, b]}}",
            )
        from_number = isinstance(default, dict) and set(default) == {"from_case_number"}
        holds_cases = name in self.case_numbers and kind in ("id", "ids")
        value = default["from_case_number"] if from_number else default
        if value is MISSING:
            return Field(name, kind, values, is_case_number=holds_cases)
        normal = _default(kind, values, value)
        if normal is MISSING:
            self.wrong(
                default_path,
                "vocabulary-default",
                f"默认值“{shown(value)}”与字段类型不符",
                f"the default {shown(value)!r} does not fit the field",
            )
        return Field(name, kind, values, normal, from_number, holds_cases)


def _default(kind: Kind, values: tuple[str, ...], value: Any) -> Any:
    """The default as events carry values, or MISSING if it does not fit."""
    if kind in ("ids", "many"):
        fits = isinstance(value, list) and all(isinstance(word, str) and word for word in value)
        fits = fits and (kind == "ids" or set(value) <= set(values))
        return tuple(value) if fits else MISSING
    if kind == "boolean":
        return value if isinstance(value, bool) else MISSING
    if kind in ("integer", "money"):
        if isinstance(value, bool) or not isinstance(value, int if kind == "integer" else (int, Decimal)):
            return MISSING
        return Decimal(value) if kind == "money" else value
    if kind == "enum":
        return value if value in values else MISSING
    if kind == "date":
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            return MISSING
    return value if isinstance(value, str) and kind in ("text", "id") else MISSING
