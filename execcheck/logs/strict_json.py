"""JSON read strictly: no equal keys, no NaN, no numbers beyond measure, no broken characters.

The decoders at hand pass over some of this in silence, and not over the same; this one is slow, names
what is wrong and is used wherever a fast one hesitates.
"""

import json
from json import JSONDecodeError
from math import isinf
from typing import Any, Final, NoReturn

from execcheck.defects import Unfit, shown

DEEPEST: Final = 64
"""Levels of nesting; an event needs four."""


def decode(text: str) -> Any:
    """The value; raises Unfit."""
    try:
        value, end = decode_from(text, _skip(text, 0))
    except JSONDecodeError as error:
        raise _syntax(error) from None
    end = _skip(text, end)
    if end != len(text):
        raise Unfit(
            "json-syntax",
            f"JSON 语法错误（第 {end + 1} 列）：对象之后还有多余内容；每行只写一个事件",
            f"not valid JSON (column {end + 1}): something follows the object; write one event per line",
        )
    return value


def decode_from(text: str, start: int) -> tuple[Any, int]:
    """The value that starts at ``start`` and where it ends; raises Unfit, or JSONDecodeError."""
    try:
        value, end = _DECODER.raw_decode(text, start)
    except JSONDecodeError:
        raise
    except RecursionError:
        raise _too_deep() from None
    except ValueError:  # an integer of thousands of digits
        raise Unfit("json-number", "数字过长", "a number has too many digits") from None
    _check_depth(value, text, start, end)
    if text.find("\\u", start, end) >= 0:
        _check_characters(value)
    return value, end


def decode_bytes(line: bytes) -> Any:
    """The value of a line of UTF-8; raises Unfit."""
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unfit(
            "encoding",
            f"不是 UTF-8 编码（第 {error.start + 1} 个字节起）；如为 GBK/GB 18030，请先转换为 UTF-8",
            f"not UTF-8 from byte {error.start + 1} on; convert it to UTF-8 first",
        ) from None
    return decode(text)


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise Unfit("json-duplicate", f"键“{shown(key)}”重复", f"the key {shown(key)!r} is given twice")
            seen.add(key)
    return found


def _constant(name: str) -> NoReturn:
    raise Unfit(
        "json-number",
        f"“{name}”不是 JSON 数字；没有数值时请省略该项",
        f"{name} is no JSON number; leave the item out where there is no value",
    )


def _float(text: str) -> float:
    value = float(text)
    if isinf(value):
        raise Unfit("json-number", f"数字“{shown(text)}”过大", f"the number {shown(text)!r} is too large")
    return value


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_pairs, parse_constant=_constant, parse_float=_float)


def _skip(text: str, start: int) -> int:
    while start < len(text) and text[start] in " \t\r\n":
        start += 1
    return start


def _check_depth(value: Any, text: str, start: int, end: int) -> None:
    if text.count("{", start, end) + text.count("[", start, end) <= DEEPEST:
        return
    layer, depth = [value], 0
    while layer:
        depth += 1
        if depth > DEEPEST + 1:
            raise _too_deep()
        layer = [
            inner for item in layer if isinstance(item, (dict, list))
            for inner in (item.values() if isinstance(item, dict) else item)
        ]  # fmt: skip


def _too_deep() -> Unfit:
    return Unfit("json-depth", f"嵌套超过 {DEEPEST} 层", f"nested more than {DEEPEST} levels deep")


def _check_characters(value: Any) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        raise Unfit(
            "json-character",
            "含有残缺的 Unicode 字符（孤立的代理项，如 \\ud800）",
            "a broken Unicode character (a lone surrogate such as \\ud800)",
        ) from None


def _syntax(error: JSONDecodeError) -> Unfit:
    what = error.msg[0].lower() + error.msg[1:]
    return Unfit(
        "json-syntax", f"JSON 语法错误（第 {error.colno} 列）：{what}", f"not valid JSON (column {error.colno}): {what}"
    )
