"""The guide for authors of rules: its files are written and its commands run, in its order, in one empty folder."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from consoles import ROOT, commands, differences
from execcheck import load_law

GUIDE = ROOT / "docs" / "guide-rules.md"
if not GUIDE.is_file():  # beside an installed wheel, where only tests and examples were copied
    pytest.skip("there is no docs/ beside these tests", allow_module_level=True)
TEXT = GUIDE.read_text("utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)


def test_the_guide_leads_from_an_empty_folder_to_a_verified_rule(tmp_path: Path) -> None:
    wrong = []
    for language, block in BLOCKS:
        if language == "yaml":
            name = re.match(r"# (\S+)\n", block)
            assert name is not None, block
            (tmp_path / name[1]).write_text(block, "utf-8")
        else:
            wrong += differences(block, tmp_path)
    assert not wrong, "\n".join(wrong)
    assert set(load_law([str(tmp_path / "my-court")]).rules) == {"my-court/clue-verified"}


def test_every_step_of_an_author_is_shown() -> None:
    run = {" ".join(command.split(" | ")[-1].split()[:2]) for language, block in BLOCKS if language == "console"
           for command, _ in commands(block)}  # fmt: skip
    assert {"execcheck new", "execcheck lint", "execcheck test", "execcheck explain", "execcheck mutate", "pytest -q",
            "execcheck compare"} <= run  # fmt: skip


def test_every_file_that_the_guide_shows_comes_with_its_name() -> None:
    assert [block.splitlines()[0] for language, block in BLOCKS if language == "yaml"] == [
        "# my-court/pack.yaml", "# my-court/clue-verified.yaml", "# my-court/clue-verified.yaml"]  # fmt: skip
