"""One checker for each kind of data: from what JSON holds to what events carry, or Unfit."""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, TypeAlias

from execcheck.case_numbers import normalise
from execcheck.defects import Unfit, did_you_mean, shown
from execcheck.moments import Clock
from execcheck.vocabulary import Field

Checker: TypeAlias = Callable[[Any], Any]

LARGEST_SUM: Final = Decimal(10) ** 15
"""Yuan. More than this is a slip of the unit, not a sum of a case."""
LARGEST_INTEGER: Final = 10**15

_NUMBER: Final = re.compile(r"-?[0-9]{1,400}(?:\.[0-9]{1,400})?")
_PLAIN_SUM: Final = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,2})?")  # one that is surely within bounds
_REMEMBERED = 1 << 15
_LISTED = 12


def checker(field: Field, clock: Clock) -> Checker:
    """The checker of a field of the vocabulary."""
    if field.kind == "enum":
        return one_of(field.values)
    if field.kind == "many":
        return _list_of(one_of(field.values))
    if field.kind == "ids":
        return _list_of(_case_number if field.is_case_number else identifier)
    if field.kind == "id":
        return _case_number if field.is_case_number else identifier
    return {
        "text": text, "boolean": boolean, "integer": integer, "money": _money,
        "date": clock.date, "instant": clock.instant,
    }[field.kind]  # fmt: skip


def text(value: Any) -> str:
    """Any text, the empty one included."""
    if isinstance(value, str):
        return value
    raise _wrong_type(value, "文字", "text (a JSON string)")


def identifier(value: Any) -> str:
    """A text that is more than blanks."""
    if isinstance(value, str):
        if value and not value.isspace():
            return value
        raise Unfit("id-empty", "编号不能为空", "an id must not be empty")
    raise _wrong_type(value, "编号（文字）", "an id (a JSON string)")


def boolean(value: Any) -> bool:
    """``true`` or ``false``; 0, 1 and words are neither."""
    if value is True or value is False:
        return bool(value)
    raise _wrong_type(value, "true 或 false", "true or false")


def integer(value: Any) -> int:
    """A whole number; 3.0 is one, ``true`` is none."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if (
        isinstance(value, Decimal)
        and value.is_finite()
        and value.adjusted() < 16
        and value == value.to_integral_value()
    ):
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise _wrong_type(value, "整数", "a whole number")
    if abs(value) > LARGEST_INTEGER:
        raise Unfit("number-range", f"“{shown(value)}”过大", f"{shown(value)!r} is too large")
    return value


def one_of(values: tuple[str, ...]) -> Checker:
    """A checker for the words of a closed list."""
    allowed = {value: value for value in values}

    def check(value: Any) -> str:
        if isinstance(value, str):
            known = allowed.get(value)
            if known is not None:
                return known
            hint_zh, hint_en = did_you_mean(value, values)
            listed = ", ".join(values[:_LISTED]) + (", …" if len(values) > _LISTED else "")
            raise Unfit(
                "unknown-value",
                f"未知的值“{shown(value)}”{hint_zh}（可用：{listed}）",
                f"unknown value {shown(value)!r}{hint_en} (known: {listed})",
            )
        raise _wrong_type(value, "列举的词语", "one of the listed words")

    return check


def money(value: Any) -> Decimal:
    """Yuan with at most two decimals, zero or more, from a JSON string or number."""
    if isinstance(value, str):
        if not _NUMBER.fullmatch(value):
            raise _no_money(value)
        found = Decimal(value)
        decimals = len(value.partition(".")[2])
    elif isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise _wrong_type(value, "金额（元）", "a sum of money in yuan")
    else:
        # The digits of a float are those its author wrote: its repr, not its binary value.
        found = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        if not found.is_finite():
            raise _no_money(str(found))
        decimals = 0 if abs(found) > LARGEST_SUM or found == round(found, 2) else 3
    if found < 0 or found > LARGEST_SUM or decimals > 2:
        raise _out_of_bounds(found, shown(value))
    return found.copy_abs()


def _out_of_bounds(found: Decimal, said: str) -> Unfit:
    if found < 0:
        return Unfit("money-negative", f"金额“{said}”不能为负数", f"the sum {said!r} must not be negative")
    if found > LARGEST_SUM:
        return Unfit(
            "money-range",
            f"金额“{said}”过大，请核对单位（元）",
            f"the sum {said!r} is too large; check the unit (yuan)",
        )
    return Unfit("money-decimals", f"金额“{said}”最多两位小数", f"the sum {said!r} has more than two decimals")


def _no_money(written: str) -> Unfit:
    said = shown(written)
    return Unfit(
        "money-form",
        f"“{said}”不是金额；只写数字和小数点，如 700000.00",
        f"{said!r} is not a sum of money; write digits and a point only, such as 700000.00",
    )


def _money(value: Any) -> Decimal:
    """``money`` with a memory for sums written as text, which repeat."""
    return _written_sum(value) if type(value) is str else money(value)


@lru_cache(maxsize=_REMEMBERED)
def _written_sum(value: str) -> Decimal:
    return Decimal(value) if _PLAIN_SUM.fullmatch(value) else money(value)


def _case_number(value: Any) -> str:
    return normalise(identifier(value))


def _list_of(check: Checker) -> Checker:
    def check_all(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, (list, tuple)):
            raise _wrong_type(value, "列表（[...]）", "a list ([...])")
        return tuple([check(item) for item in value])

    return check_all


def _wrong_type(value: Any, zh: str, en: str) -> Unfit:
    found_zh, found_en = _kind_of(value)
    return Unfit("wrong-type", f"应为{zh}，而不是{found_zh}", f"expected {en}, found {found_en}")


def wrong_object(value: Any) -> Unfit:
    """The complaint that something is no JSON object."""
    return _wrong_type(value, "对象（{...}）", "an object ({...})")


def wrong_list(value: Any) -> Unfit:
    """The complaint that something is no JSON list."""
    return _wrong_type(value, "列表（[...]）", "a list ([...])")


def _kind_of(value: Any) -> tuple[str, str]:
    """A foreign value by its JSON kind, with the value itself where it is short."""
    if value is None:
        return "null", "null"
    if isinstance(value, bool):
        return ("true", "true") if value else ("false", "false")
    if isinstance(value, (int, float, Decimal)):
        return f"数字 {shown(value)}", f"the number {shown(value)}"
    if isinstance(value, str):
        return f"文字“{shown(value)}”", f"the text {shown(value)!r}"
    if isinstance(value, dict):
        return "对象", "an object"
    if isinstance(value, (list, tuple)):
        return "列表", "a list"
    if isinstance(value, (date, datetime)):
        return f"时间 {value.isoformat()}", f"the time {value.isoformat()}"
    return "其他类型的值", f"a value of type {type(value).__name__}"
