"""What README and the examples promise: every command and every snippet is run as it stands there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from consoles import ROOT, blocks, commands, differences, run
from execcheck import __version__, load_law

README = (ROOT / "README.md").read_text("utf-8")
EXAMPLES = (ROOT / "examples" / "README.md").read_text("utf-8")
CONSOLES = blocks(README, "console") + blocks(EXAMPLES, "console")
(SET_UP,) = (block for block in blocks(README, "sh") if "-m venv" in block)
SHORT = 170


@pytest.mark.parametrize("block", CONSOLES, ids=[next(commands(block))[0] for block in CONSOLES])
def test_a_console_block_shows_what_the_command_prints(block: str) -> None:
    wrong = differences(block)
    assert not wrong, "\n".join(wrong)


def test_the_first_command_gives_a_first_result() -> None:
    command = re.search(r"\.venv/bin/(execcheck .*)", SET_UP)
    assert command is not None
    done = run(command[1])
    assert (done.returncode, done.stderr) == (0, "")
    assert "不符" in done.stdout


def test_the_second_command_runs_the_tests() -> None:
    assert SET_UP.splitlines()[1] == ".venv/bin/python -m pytest"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "tests/test_docs.py"],
        cwd=ROOT, capture_output=True, check=False, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_the_embedding_example_is_the_one_in_the_readme_and_runs() -> None:
    (shown,) = blocks(README, "python")
    source = (ROOT / "examples" / "embedding.py").read_text("utf-8")
    assert source.endswith("\n\n" + shown)
    assert len([line for line in shown.splitlines() if line]) <= 11
    done = subprocess.run(
        [sys.executable, "examples/embedding.py"], cwd=ROOT, capture_output=True, check=False, encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0].startswith("2022-01-05 ")
    assert any(line.startswith("violated error ") for line in lines)


@pytest.mark.parametrize(("log", "status"), [("lawful-case", 0), ("breached-case", 1)])
def test_the_ci_script_fails_on_a_breach_and_leaves_a_report(tmp_path: Path, log: str, status: int) -> None:
    command = tmp_path / "execcheck"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m execcheck "$@"\n', "utf-8")
    command.chmod(0o755)
    report = tmp_path / "report.json"
    done = subprocess.run(
        ["sh", "examples/ci/check.sh", f"examples/{log}.jsonl", str(report)], cwd=ROOT, check=False, timeout=300,
        env={**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"},
    )  # fmt: skip
    assert done.returncode == status
    assert f'"execcheck": "{__version__}"' in report.read_text("utf-8")


def test_the_workflow_calls_the_script() -> None:
    workflow = (ROOT / "examples" / "ci" / "github.yml").read_text("utf-8")
    assert "pip install execcheck" in workflow
    assert "sh examples/ci/check.sh" in workflow


def test_the_readme_is_short_and_begins_in_chinese() -> None:
    lines = README.splitlines()
    assert len(lines) <= SHORT
    assert re.search("[\u4e00-\u9fff]", lines[2])


def test_the_readme_names_every_command_and_counts_the_rules_right() -> None:
    help_text = run("execcheck --help").stdout
    listed = re.findall(r"^  ([a-z]+)  ", help_text, re.MULTILINE)
    assert len(listed) >= 7
    assert [name for name in listed if f"| `execcheck {name}" not in README] == []
    law = load_law()
    henan = sum(rule.startswith("henan-2021/") for rule in law.rules)
    told = " ".join(README.split())
    assert f"`henan-2021`, {henan} rules" in told
    assert f"{len(law.rules) - henan} national rules in {len(law.packs) - 1} packs" in told


def test_links_beside_the_readme_lead_somewhere() -> None:
    links = re.findall(r"\]\(((?:examples|tests)/[^)#]+)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_examples_page_names_every_example() -> None:
    files = [path for path in (ROOT / "examples").rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    names = {path.relative_to(ROOT / "examples").as_posix() for path in files}
    untold = {name for name in names if name not in EXAMPLES} - {"README.md"}
    assert untold == {"published/c25-shijingshan.profile.yaml"} - {name for name in names if name in EXAMPLES}
