"""The settings file of a court (TOML): the options of ``check`` that are the same every day.

Keys are the names of the options; the command line wins over the file. Paths are taken from the folder
of the file. ``set`` is a table ``"rule.param" = "value"``; ``closures`` names a file with local rest days.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from attrs import Factory, frozen

from execcheck.defects import Defect, DefectiveInput, Unfit, did_you_mean, shown
from execcheck.moments import Clock
from execcheck.textfiles import read_text

LISTS = ("policy", "select", "ignore")
PATHS = ("profile", "law", "closures")
WORDS: Mapping[str, tuple[str, ...]] = {
    "lang": ("zh", "en"), "fail-on": ("error", "warning", "note", "never"), "on-error": ("fail", "skip"),
}  # fmt: skip
KEYS = (*LISTS, "as-of", "format", "jobs", *WORDS, *PATHS, "set")


@frozen
class Config:
    """What a settings file says. ``options`` are the options by name; lists are tuples."""

    options: Mapping[str, Any] = Factory(dict)
    settings: Mapping[str, str] = Factory(dict)
    closures: Path | None = None


class _Reader:
    """Checks the decoded file key by key and collects what is wrong."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.lines = text.splitlines()
        self.defects: list[Defect] = []

    def wrong(self, key: str, zh: str, en: str) -> None:
        self.defects.append(Defect(self.place(key), "config", zh, en))

    def place(self, key: str) -> str:
        """``file:line:column`` of a key; the decoder keeps no places, so the text is searched."""
        name = re.escape(key)
        pattern = re.compile(rf"""\s*(?:\[\s*)?["']?({name})["']?\s*[=.\]]""")
        for number, line in enumerate(self.lines, 1):
            match = pattern.match(line)
            if match:
                return f"{self.path}:{number}:{match.start(1) + 1}"
        return str(self.path)

    def texts(self, key: str, value: Any) -> tuple[str, ...]:
        items = value if isinstance(value, list) else [value]
        if not all(isinstance(item, str) for item in items):
            self.wrong(key, f"“{key}”应为文字或文字列表", f"“{key}” takes a text or a list of texts")
            return ()
        return tuple(items)

    def word(self, key: str, value: Any, choices: tuple[str, ...] = ()) -> str:
        if not isinstance(value, str):
            self.wrong(key, f"“{key}”应为文字", f"“{key}” takes a text")
            return ""
        if "\0" in value:
            self.wrong(key, f"“{key}”含有空字符", f"“{key}” holds a NUL character")
        if choices and value not in choices:
            zh, en = did_you_mean(value, choices)
            self.wrong(key, f"“{key}”不能是“{shown(value)}”{zh}（可用：{'、'.join(choices)}）",
                       f"“{key}” cannot be “{shown(value)}”{en} (known: {', '.join(choices)})")  # fmt: skip
        return value

    def moment(self, key: str, value: Any) -> str:
        """A TOML date or a date with time and offset, or either as text, or ``now``."""
        text = value.isoformat() if isinstance(value, (date, datetime)) else self.word(key, value)
        try:
            if text and text != "now":
                Clock().read(text)
        except Unfit as unfit:
            self.wrong(key, unfit.zh, unfit.en)
        return text

    def number(self, key: str, value: Any) -> int:
        if type(value) is not int or not 0 <= value < 10_000:
            self.wrong(key, f"“{key}”应为 0 或进程数", f"“{key}” takes a number of processes, or 0")
            return 1
        return value

    def settings(self, value: Any) -> dict[str, str]:
        """``"rule.param" = value``, also written ``[set."rule"]`` with ``param = value``."""
        if not isinstance(value, dict):
            self.wrong("set", "“set”应为一组“规则.参数 = 值”", "“set” takes a table of rule.param = value")
            return {}
        found: dict[str, str] = {}
        for name, item in value.items():
            pairs = {f"{name}.{k}": v for k, v in item.items()} if isinstance(item, dict) else {name: item}
            for setting, given in pairs.items():
                if isinstance(given, bool) or not isinstance(given, (str, int, float)):
                    self.wrong(
                        name, f"“{setting}”的值应为文字或数字", f"the value of “{setting}” is a text or a number"
                    )
                else:
                    found[setting] = str(given)
        return found


def read_config(path: str | Path) -> Config:
    """Read a settings file; raises :class:`DefectiveInput` with everything that is wrong with it."""
    file = Path(path)
    text = read_text(file)
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DefectiveInput([_syntax(file, error, text.count("\n") + 1)]) from None
    reader = _Reader(file, text)
    options: dict[str, Any] = {}
    for key, value in raw.items():
        if key not in KEYS:
            zh, en = did_you_mean(key, KEYS)
            reader.wrong(key, f"不认识的设置“{shown(key)}”{zh}", f"unknown setting “{shown(key)}”{en}")
        elif key != "set":
            options[key] = _reading(reader, key)(key, value)
    settings = reader.settings(raw.get("set", {}))
    if reader.defects:
        raise DefectiveInput(reader.defects)
    for key in PATHS:
        if key in options:
            options[key] = file.parent / options[key]
    if "policy" in options:
        options["policy"] = tuple(_pack(file.parent, name) for name in options["policy"])
    return Config(options, settings, options.pop("closures", None))


def _reading(reader: _Reader, key: str) -> Callable[[str, Any], Any]:
    if key in LISTS:
        return reader.texts
    if key == "as-of":
        return reader.moment
    if key == "jobs":
        return reader.number
    return lambda name, value: reader.word(name, value, WORDS.get(name, ()))


def _pack(folder: Path, name: str) -> str:
    """A pack beside the settings file by its path, any other by its name."""
    beside = folder / name
    return str(beside) if (beside / "pack.yaml").is_file() else name


def _syntax(file: Path, error: tomllib.TOMLDecodeError, last: int) -> Defect:
    message = str(error)
    at = re.search(r"\(at line (\d+), column (\d+)\)", message)
    what = message[: at.start()].strip() if at else message
    place = f"{file}:{at[1]}:{at[2]}" if at else f"{file}:{last}"
    return Defect(place, "config-syntax", f"TOML 语法错误：{what}", f"not valid TOML: {what}")
