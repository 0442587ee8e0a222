"""案号: one normal form for all ways of writing, and text that is none left as it stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from execcheck.case_numbers import CaseNumber, normalise, parse

MODERN_TYPES = ("执", "执恢", "执异", "执复", "执监", "执保", "执协", "执他", "民初", "刑终", "行审")


@pytest.mark.parametrize(("written", "expected"), [
    ("（2021）豫0225执123号", CaseNumber("（2021）豫0225执123号", 2021, "豫", "豫0225", "执", 123)),
    ("(2021)豫0225执恢45号", CaseNumber("（2021）豫0225执恢45号", 2021, "豫", "豫0225", "执恢", 45)),
    ("〔2021〕豫 0225 执异１２号之一", CaseNumber("（2021）豫0225执异12号之一", 2021, "豫", "豫0225", "执异", 12, "之一")),
    ("（2021）豫0225执123之一号", CaseNumber("（2021）豫0225执123号之一", 2021, "豫", "豫0225", "执", 123, "之一")),
    ("（2021）豫0225执123－1号", CaseNumber("（2021）豫0225执123-1号", 2021, "豫", "豫0225", "执", 123, "-1")),
    ("[2021]豫执复3号", CaseNumber("（2021）豫执复3号", 2021, "豫", "豫", "执复", 3)),
    ("（2021）豫16执监7号", CaseNumber("（2021）豫16执监7号", 2021, "豫", "豫16", "执监", 7)),
    ("（2021）最高法执监5号", CaseNumber("（2021）最高法执监5号", 2021, "最高法", "最高法", "执监", 5)),
    ("（2007）周法执字第46-8号", CaseNumber("（2007）周法执字第46-8号", 2007, None, "周法", "执", 46, "-8")),
    ("(2007)周法执字46-8号", CaseNumber("（2007）周法执字第46-8号", 2007, None, "周法", "执", 46, "-8")),
    ("（2012）商梁执字第5号", CaseNumber("（2012）商梁执字第5号", 2012, None, "商梁", "执", 5)),
    ("（2012）川恢执字第5号", CaseNumber("（2012）川恢执字第5号", 2012, None, "川", "执恢", 5)),
    ("（2014）新法执12号", CaseNumber("（2014）新法执12号", 2014, None, "新法", "执", 12)),
    ("（2014）豫法执复字第9号", CaseNumber("（2014）豫法执复字第9号", 2014, None, "豫法", "执复", 9)),
])  # fmt: skip
def test_a_number_is_read_part_by_part(written: str, expected: CaseNumber) -> None:
    assert parse(written) == expected
    assert normalise(written) == expected.text == str(expected)


@pytest.mark.parametrize("text", [
    "C1", "", "2021豫0225执123号", "（2021）豫0225执号", "（2021）执123号x", "（21）豫0225执1号", "合同第5号",
    "（2010）字第5号", "（2021）豫0225执123号之一之二", "（2021）豫0225执" + "1" * 200 + "号", "号",
])  # fmt: skip
def test_text_that_is_no_case_number_is_taken_as_it_stands(text: str) -> None:
    assert parse(text) is None
    assert normalise(f"  {text}\t") == text


def test_blanks_within_text_that_is_no_case_number_are_kept() -> None:
    assert normalise(" case  no 1 ") == "case  no 1"


@st.composite
def written_twice(draw: st.DrawFn) -> tuple[str, str]:
    """One number in its normal form and in another writing."""
    year, number = draw(st.integers(1985, 2099)), draw(st.integers(1, 99999))
    kind = draw(st.sampled_from(MODERN_TYPES))
    court = draw(st.sampled_from(["豫0225", "豫16", "豫", "京0105", "最高法", "兵01"]))
    suffix = draw(st.sampled_from(["", "之一", "之二十"]))
    opening, closing = draw(
        st.sampled_from([tuple(pair) for pair in ("（）", "()", "〔〕", "[]", "［］", "【】", "﹝﹞")])
    )
    blanks = st.sampled_from(["", " ", "\u3000", "\u200b", "\u00a0"])
    digits = str(number).zfill(draw(st.integers(1, 7)))
    if draw(st.booleans()):
        digits = digits.translate({ord("0") + n: 0xFF10 + n for n in range(10)})
    parts = [opening, str(year), closing, court, kind, digits, "号", suffix]
    return f"（{year}）{court}{kind}{number}号{suffix}", "".join(part + draw(blanks) for part in parts)


@given(written_twice())
def test_all_writings_of_one_number_agree(writings: tuple[str, str]) -> None:
    normal, other = writings
    assert normalise(normal) == normal
    assert normalise(other) == normal


@given(st.text(alphabet="（2021）()〔〕豫执恢字第号之一-0 1周法x", max_size=24) | st.text(max_size=12))
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert (parse(once) is None) == (parse(text) is None)
