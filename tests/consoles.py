"""Console blocks of the documentation: what they show, run again as it stands there.

A line ``$ execcheck …`` is a command, ``$ echo $?`` asks for its status, the lines below are its output; a line
``…`` stands for any number of lines, within a line for any words. A command without any output shown must only succeed.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
ELLIPSIS = "…"


def blocks(page: str, language: str) -> list[str]:
    """The fenced blocks of a language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)


def commands(block: str) -> Iterator[tuple[str, list[str]]]:
    """Each command of a console block with the lines shown below it."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        yield command, shown.splitlines()


def run(command: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run ``execcheck …`` or ``pytest …``, where ``printf TEXT |`` may stand before it, as a user would, with this interpreter."""
    before, _, rest = command.rpartition(" | ")
    words = shlex.split(rest)
    assert words[0] in ("execcheck", "pytest"), f"only execcheck and pytest are run: {command}"
    fed = shlex.split(before)[1].replace("\\n", "\n") if before else ""
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    return subprocess.run(
        [sys.executable, "-m", *words], cwd=folder, input=fed, capture_output=True, check=False,
        encoding="utf-8", env={**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1", "LC_ALL": "C.UTF-8"}, timeout=300,
    )  # fmt: skip


def fits(shown: list[str], found: list[str]) -> bool:
    """Whether the output is what is shown, ``…`` standing for any number of lines."""
    if not shown:
        return not found
    if shown[0] == ELLIPSIS:
        return any(fits(shown[1:], found[start:]) for start in range(len(found) + 1))
    return bool(found) and _alike(shown[0], found[0]) and fits(shown[1:], found[1:])


def _alike(shown: str, found: str) -> bool:
    parts = [re.escape(part) for part in shown.split(ELLIPSIS)]
    return re.fullmatch(".*".join(parts), found) is not None


def differences(block: str, folder: Path = ROOT) -> list[str]:
    """Run a block in a folder; what comes out otherwise than shown, as texts to paste."""
    wrong: list[str] = []
    status = 0
    for command, shown in commands(block):
        if command == "echo $?":
            if shown != [str(status)]:
                wrong.append(f"status {status}, not {' '.join(shown)}")
            continue
        done = run(command, folder)
        status = done.returncode
        found = [line.rstrip() for line in (done.stdout + done.stderr).splitlines()]
        if shown and not fits(shown, found):
            wrong.append(f"$ {command}\n" + "\n".join(found))
        if not shown and status:
            wrong.append(f"$ {command}\nended with status {status}\n{done.stderr}")
    return wrong
