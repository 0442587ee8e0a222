"""The settings file: the options that are the same every day."""

from pathlib import Path

import pytest

from execcheck.config import Config, read_config
from execcheck.defects import DefectiveInput


def config(folder: Path, text: str) -> Config:
    (folder / "execcheck.toml").write_text(text, encoding="utf-8")
    return read_config(folder / "execcheck.toml")


def defects(folder: Path, text: str) -> list[str]:
    with pytest.raises(DefectiveInput) as wrong:
        config(folder, text)
    return [defect.text("en").removeprefix(str(folder / "execcheck.toml")) for defect in wrong.value.defects]


def test_every_setting_is_read(tmp_path: Path) -> None:
    found = config(tmp_path, """
policy = "henan-2021"
select = ["henan-2021:12", "category:passive"]
ignore = "severity:note"
as-of = 2022-01-31
format = "json"
lang = "en"
fail-on = "never"
profile = "court.yaml"
law = "law"
on-error = "skip"
closures = "closures.yaml"
[set]
"henan-2021/first-national-query.within" = "2d"
"henan-2021/no-excessive-control.factor" = 1.5
""")  # fmt: skip
    assert found.options == {
        "policy": ("henan-2021",), "select": ("henan-2021:12", "category:passive"), "ignore": ("severity:note",),
        "as-of": "2022-01-31", "format": "json", "lang": "en", "fail-on": "never", "on-error": "skip",
        "profile": tmp_path / "court.yaml", "law": tmp_path / "law",
    }  # fmt: skip
    assert found.settings == {
        "henan-2021/first-national-query.within": "2d", "henan-2021/no-excessive-control.factor": "1.5",
    }  # fmt: skip
    assert found.closures == tmp_path / "closures.yaml"


def test_a_table_for_each_rule_says_the_same(tmp_path: Path) -> None:
    found = config(tmp_path, '[set."henan-2021/first-national-query"]\nwithin = "2d"\nseverity = "note"\n')
    assert found.settings == {
        "henan-2021/first-national-query.within": "2d", "henan-2021/first-national-query.severity": "note",
    }  # fmt: skip


def test_a_pack_beside_the_file_is_found_and_other_packs_keep_their_names(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "pack.yaml").write_text("", encoding="utf-8")
    assert config(tmp_path, 'policy = ["own", "henan-2021"]').options["policy"] == (str(tmp_path / "own"), "henan-2021")


def test_unknown_and_unfit_settings_are_all_listed_with_place_and_suggestion(tmp_path: Path) -> None:
    found = defects(
        tmp_path,
        'langg = "zh"\nfail-on = "eror"\nselect = [1]\nas-of = 2022-01-31T10:00:00\nlaw = 3\n[set]\n"a.b" = []\n',
    )
    assert found[0] == ":1:1: unknown setting “langg”; did you mean 'lang'?"
    assert found[1].startswith(":2:1: “fail-on” cannot be “eror”; did you mean 'error'?")
    assert found[2] == ":3:1: “select” takes a text or a list of texts"
    assert found[3].startswith(":4:1:") and "offset" in found[3]
    assert found[4] == ":5:1: “law” takes a text"
    assert found[5].startswith(":7:2: the value of “a.b”")
    assert len(found) == 6


def test_a_syntax_error_has_its_line_and_column(tmp_path: Path) -> None:
    assert defects(tmp_path, 'lang = "zh"\nselect = [')[0].startswith(":2:")


@pytest.mark.parametrize(
    "text",
    ["set = 3", "policy = {a = 1}", "as-of = 3", 'as-of = "soon"', "profile = true", "=", "\x00", 'law = "a\\u0000b"'],
)
def test_a_malformed_file_is_defective(tmp_path: Path, text: str) -> None:
    assert defects(tmp_path, text)


def test_an_unreadable_file_is_defective(tmp_path: Path) -> None:
    (tmp_path / "gbk.toml").write_bytes('lang = "中文"'.encode("gbk"))
    for path in (tmp_path / "none.toml", tmp_path, tmp_path / "gbk.toml"):
        with pytest.raises(DefectiveInput):
            read_config(path)
