"""What is wrong with an input: one class for logs, policies, lifecycles and profiles alike."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from difflib import get_close_matches
from typing import Literal

from attrs import frozen

Language = Literal["zh", "en"]


@frozen
class Defect:
    """One thing wrong at one place.

    ``place`` is ``file:line`` or ``file:line:column``; ``code`` is a stable word for tools; ``zh`` and
    ``en`` say what is wrong and what to do. A ``note`` does not spoil the input (such as a data
    field that the vocabulary does not know).
    """

    place: str
    code: str
    zh: str
    en: str
    note: bool = False

    def text(self, language: Language = "zh") -> str:
        """The defect as one line: ``place: message``."""
        message = self.zh if language == "zh" else self.en
        return f"{self.place}: {message}" if self.place else message


class DefectiveInput(Exception):  # noqa: N818 - it says what the input is
    """Raised where a caller needs a sound input and gets defects; it carries all of them."""

    def __init__(self, defects: Iterable[Defect]) -> None:
        self.defects: tuple[Defect, ...] = tuple(defects)
        super().__init__("\n".join(defect.text("en") for defect in self.defects))


class Unfit(Exception):  # noqa: N818 - it says what the input is
    """A value that does not fit where it stands: a defect that does not know its place yet."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        self.code, self.zh, self.en = code, zh, en
        super().__init__(en)

    def at(self, place: str, what: str = "") -> Defect:
        """The defect, now that its place is known; ``what`` names the part that does not fit."""
        lead = f"{what}: " if what else ""
        return Defect(place, self.code, lead + self.zh, lead + self.en)


def suggest(word: str, known: Iterable[str]) -> str | None:
    """The known word that ``word`` was most likely meant to be, or ``None``."""
    words = list(known)
    folded = word.strip().lower()
    for candidate in words:
        if candidate.lower() == folded:
            return candidate
    # Beyond this length nobody mistyped a name, and the comparison takes quadratic time.
    close = get_close_matches(word, words, n=1, cutoff=0.6) if len(word) <= 80 else []
    return close[0] if close else None


def did_you_mean(word: str, known: Iterable[str]) -> tuple[str, str]:
    """The question to append to a message, in Chinese and in English; empty where nothing is close."""
    meant = suggest(word, known)
    return (f"；是否指“{meant}”？", f"; did you mean {meant!r}?") if meant else ("", "")


def shown(value: object, limit: int = 60) -> str:
    """A foreign value as it may stand in a message: printable and short."""
    if isinstance(value, (Mapping, list, tuple)):
        text = "{…}" if isinstance(value, Mapping) else "[…]"
    else:
        text = value if isinstance(value, str) else _integer(value) if isinstance(value, int) else _written(value)
    clean = "".join(mark if mark.isprintable() else "\ufffd" for mark in text[: limit + 1])
    return clean if len(clean) <= limit else clean[:limit] + "…"


def _written(value: object) -> str:
    return str(value) if isinstance(value, Decimal) else repr(value)


def _integer(value: int) -> str:
    # Python refuses to print integers of more than some thousand digits.
    return str(value) if abs(value) < 10**60 else "10^60…"
