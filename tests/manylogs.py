"""Logs of many cases, made of the two examples, and the work of several processes done in one."""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import re
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import pytest

from clirun import BREACHED, LAWFUL
from execcheck import parallel

SEEDS = [path.read_text("utf-8").splitlines() for path in map(Path, (BREACHED, LAWFUL))]


class Here(Executor):
    """Does the work of the other processes in this one; everything is packed and unpacked all the same."""

    def __init__(self, jobs: int, context: object, initializer: object, initargs: tuple[Any]) -> None:
        parallel.begin(*initargs)

    def submit(self, work: Callable[..., Any], /, *given: Any, **more: Any) -> Future[Any]:
        done: Future[Any] = Future()
        done.set_result(work(*given, **more))
        return done


def judge_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Short logs, too, are divided, in blocks of a few lines."""
    monkeypatch.setattr(parallel, "ProcessPoolExecutor", Here)
    monkeypatch.setattr(parallel, "WORTH", 0)
    monkeypatch.setattr("execcheck.dividing.SMALLEST", 100)
    monkeypatch.setattr("execcheck.logs.source._BLOCK", 6000)


def lines(cases: int) -> list[str]:
    """The example cases again and again, each time under other numbers, one case after the other."""
    found = []
    for number in range(cases):
        for line in SEEDS[number % 2]:
            renamed = re.sub(r"(执[恢异复]?)(\d+号)", rf"\g<1>{number + 1}\2", line)
            found.append(renamed.replace('"id": "', f'"id": "n{number}-', 1))
    return found


def mixed(cases: int) -> list[str]:
    found = lines(cases)
    random.Random(7).shuffle(found)
    return found


def by_time(cases: int) -> list[str]:
    return sorted(lines(cases), key=lambda line: str(json.loads(line)["time"]))


def written(path: Path, content: Iterable[str]) -> Path:
    path.write_text("".join(line + "\n" for line in content), encoding="utf-8")
    return path


def table(content: Iterable[str]) -> str:
    """The same log as CSV."""
    rows = [json.loads(line) for line in content]
    out = io.StringIO()
    parts = ("id", "case", "type", "time", "recorded", "source", "actor", "panel", "approvals", "objects", "data")
    writer = csv.writer(out)
    writer.writerow(parts)
    writer.writerows(
        [row[k] if isinstance(row.get(k), str) else json.dumps(row[k]) if k in row else "" for k in parts]
        for row in rows
    )
    return out.getvalue()


def spoilt(content: Sequence[str]) -> list[str]:
    """A defect of each kind, and keys that the vocabulary does not know, all over the log."""
    found, step = list(content), len(content) // 20
    wrong: list[Callable[[str], str]] = [
        lambda line: "not json", lambda line: line[:-20], lambda line: "", lambda line: "[1, 2]", lambda line: "{}",
        lambda line: line.replace('"type": "', '"type": "x', 1), lambda line: line.replace('"time": "20', '"time": "30'),
        lambda line: line.replace('"case"', '"cases"', 1), lambda line: line.replace('"case": "', '"case": 1, "x": "', 1),
        lambda line: line.replace("{", '{"remark": 1, ', 1), lambda line: line.replace("{", '{"other": 1, ', 1),
        lambda line: line.replace("{", '{"case": "（2022）豫0225执5号", ', 1), lambda line: line.replace("号", "\\ud800号", 1),
        lambda line: line.replace("{", '{"remark": 1, ', 1), lambda line: line + line, lambda line: line + "\r",
        lambda line: line.replace("{", '{"case": "nobody\'s", ', 1).replace('"time"', '"when"'), lambda line: "NaN",
    ]  # fmt: skip
    for number, spoil in enumerate(wrong):
        found[number * step + 3] = spoil(found[number * step + 3])
    return found


def contradicting(content: Sequence[str]) -> list[str]:
    """Events told twice, ids that stand for different events of one case and of two, and a case from itself."""
    found = list(content)
    found.insert(len(found) // 2, found[3])
    found[-1] = re.sub(r'"id": "[^"]*"', '"id": "n0-e005"', found[-1])
    found[20] = re.sub(r'"id": "[^"]*"', '"id": "n0-e009"', found[20])
    own = {"original_case": "（2022）豫0225执7号", "basis": "judgment"}
    found.append(
        json.dumps({"id": "z", "case": "（2022）豫0225执7号", "type": "case.filed", "time": "2022-01-04", "data": own})
    )
    return found


def correcting(content: Sequence[str]) -> list[str]:
    """Events that replace others: of the same case, of another, one another's replacement, the only one of a case, none."""
    found = list(content)
    only = {"id": "only", "case": "（2022）豫0225执99号", "type": "case.flagged", "time": "2022-01-05"}
    found.insert(len(found) // 3, json.dumps(only))
    ids = [json.loads(line)["id"] for line in content]
    targets = [ids[0], ids[len(ids) // 2], ids[-1], "right-0", "only", "nowhere"]
    for number, target in enumerate(targets):
        raw = json.loads(content[(number * 37 + 11) % len(content)])
        found.insert((number * 53) % len(found), json.dumps({**raw, "id": f"right-{number}", "supersedes": target}))
    return found


def put(path: Path, content: str) -> Path:
    path.write_text(content, encoding="utf-8")
    return path


def compressed(path: Path, content: Iterable[str], cut: int = 0) -> Path:
    data = gzip.compress("".join(line + "\n" for line in content).encode("utf-8"), mtime=0)
    path.write_bytes(data[: len(data) - cut])
    return path
