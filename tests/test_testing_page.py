"""docs/testing.md: its snippets run, and its tables name every law and every strategy."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import execcheck.testing
from consoles import ROOT, blocks
from execcheck.testing.laws import LAWS

PAGE = ROOT / "docs" / "testing.md"
if not PAGE.is_file():
    pytest.skip("there is no docs/ beside these tests", allow_module_level=True)
TEXT = PAGE.read_text("utf-8")
SNIPPETS = blocks(TEXT, "python")


def test_there_are_three_snippets() -> None:
    assert [snippet.splitlines()[0] for snippet in SNIPPETS] == [
        "from execcheck.testing import verify", "from hypothesis import given", "from execcheck import load_law",
    ]  # fmt: skip


@pytest.mark.parametrize("place", range(3))
def test_a_snippet_runs_as_it_stands(place: int, tmp_path: Path) -> None:
    file = tmp_path / "test_snippet.py"
    file.write_text(SNIPPETS[place], "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"] if place == 1 else [sys.executable]
    done = subprocess.run(
        [*command, str(file)], cwd=tmp_path, capture_output=True, check=False, encoding="utf-8", timeout=300,
        env={"PYTHONPATH": str(ROOT), "PATH": "", "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    if place == 1:
        assert "3 passed" in done.stdout
    if place == 2:
        assert "disposal-starts-within-ten-days, broken, as of 2022-" in done.stdout


def test_every_law_and_every_strategy_is_named() -> None:
    assert [law.name for law in LAWS if f"| {law.name} |" not in TEXT] == []
    strategies = ("violating", "nearly", "lawful_cases", "events", "logs", "calendars")
    assert [name for name in strategies if f"| `{name}(" not in TEXT] == []
    assert [name for name in (*strategies, "verify", "Stage") if not hasattr(execcheck.testing, name)] == []
