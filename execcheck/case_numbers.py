"""Case numbers (案号): read, compared and printed in one normal form.

Since 2016 a number is written （2021）豫0225执123号: year, court code (province and digits), type of case,
serial number. Before, courts wrote （2007）周法执字第46-8号: year, court's short name, type, serial number.
Both come with brackets of every kind, spaces and full-width digits.
"""

import re
from functools import lru_cache
from typing import Final

from attrs import frozen

_PROVINCES = "京津冀晋内蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川黔贵云滇藏陕甘青宁新兵军"
_OPENING = "([〔［【﹝⟨〈"
_CLOSING = ")]〕］】﹞⟩〉"
_HYPHENS = "‐‑‒–—―−－﹣"
_BLANKS = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")
_SAME: Final = str.maketrans({
    **dict.fromkeys(_OPENING, "（"), **dict.fromkeys(_CLOSING, "）"), **dict.fromkeys(_HYPHENS, "-"),
    **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
})  # fmt: skip

_HAN = "[\u4e00-\u9fff]"
_YEAR = r"（(?P<year>[12][0-9]{3})）"
_OF = "之[一二三四五六七八九十百]{1,4}"
_SERIAL = rf"字?第?(?P<number>[0-9]{{1,9}})(?P<part>-[0-9]{{1,4}}|{_OF})?号(?P<after>{_OF})?"
_MODERN: Final = re.compile(
    rf"{_YEAR}(?P<region>最高法|[{_PROVINCES}])(?P<code>[0-9]{{2,4}})?(?P<type>(?!法(?!赔)){_HAN}{{1,8}}?){_SERIAL}"
)
_FORMER: Final = re.compile(rf"{_YEAR}(?P<words>{_HAN}{{1,12}}?)(?P<zi>字)?{_SERIAL}")
_COURT: Final = re.compile(rf"(?P<court>{_HAN}*[法院]|{_HAN}*?(?=恢?执))(?P<type>{_HAN}*)")
_FORMER_TYPES: Final = {"恢": "执恢", "恢执": "执恢", "异": "执异", "复": "执复", "监": "执监"}


@frozen
class CaseNumber:
    """A case number and its parts.

    ``region`` is the character of the province (豫) where the number tells it, ``最高法`` for the
    Supreme People's Court, and ``None`` in the former style, whose court names do not tell it.
    ``court`` is the code (豫0225) or the short name (周法). ``suffix`` is ``-8`` or ``之一``, or empty.
    """

    text: str
    year: int
    region: str | None
    court: str
    type: str
    number: int
    suffix: str = ""

    def __str__(self) -> str:
        return self.text


@lru_cache(maxsize=1 << 16)
def parse(text: str) -> CaseNumber | None:
    """The case number that ``text`` is, or ``None`` where it is none."""
    if "号" not in text or len(text) > 100:
        return None
    plain = _BLANKS.sub("", text.translate(_SAME))
    if plain.count("之") > 1:
        return None
    former = _FORMER.fullmatch(plain)
    if former and former["zi"]:
        return _former(former)
    modern = _MODERN.fullmatch(plain)
    if modern:
        return _modern(modern)
    return _former(former) if former else None


@lru_cache(maxsize=1 << 17)
def normalise(text: str) -> str:
    """The normal form of a case number; other text as it stands, without the blanks around it."""
    number = parse(text)
    return text.strip() if number is None else number.text


def _suffix(match: re.Match[str]) -> str:
    return (match["part"] or "") + (match["after"] or "")


def _serial(number: int, suffix: str) -> str:
    """``123号``, ``46-8号``, ``123号之一``: a 之 always stands behind."""
    hyphen, mark, behind = suffix.partition("之")
    return f"{number}{hyphen}号{mark}{behind}"


def _modern(match: re.Match[str]) -> CaseNumber:
    court = match["region"] + (match["code"] or "")
    number, suffix = int(match["number"]), _suffix(match)
    text = f"（{match['year']}）{court}{match['type']}{_serial(number, suffix)}"
    return CaseNumber(text, int(match["year"]), match["region"], court, match["type"], number, suffix)


def _former(match: re.Match[str]) -> CaseNumber | None:
    words = match["words"]
    parts = _COURT.fullmatch(words)
    if parts is None or not parts["type"]:
        return None
    number, suffix = int(match["number"]), _suffix(match)
    written = "字第" if match["zi"] else ""
    text = f"（{match['year']}）{words}{written}{_serial(number, suffix)}"
    kind = _FORMER_TYPES.get(parts["type"], parts["type"])
    return CaseNumber(text, int(match["year"]), None, parts["court"], kind, number, suffix)
