"""The language of the command line: ``--lang``, else the settings file, else the locale, else Chinese."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextvars import ContextVar

from execcheck.defects import Language
from execcheck.policy import Text

_current: ContextVar[Language] = ContextVar("language", default="zh")


def current() -> Language:
    """The language in use."""
    return _current.get()


def use(language: str) -> None:
    """Speak this language from now on."""
    _current.set("en" if language == "en" else "zh")


def say(zh: str, en: str) -> str:
    """One of two texts."""
    return Text(zh, en)(current())


def guess(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> Language:
    """The language before any option is read: needed where reading the options goes wrong."""
    for word, following in zip(arguments, (*arguments[1:], ""), strict=False):
        value = following if word == "--lang" else word.removeprefix("--lang=") if word.startswith("--lang=") else ""
        if value == "zh":
            return "zh"
        if value == "en":
            return "en"
    return of_locale(environment)


def of_locale(environment: Mapping[str, str]) -> Language:
    """zh… is Chinese, en… is English; any other locale, or none, is Chinese."""
    name = next((environment[key] for key in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(key)), "")
    return "en" if name.lower().startswith("en") else "zh"
