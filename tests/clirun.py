"""Helpers for tests of the command line: run it, and write small logs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from execcheck.cli import main

ROOT = Path(__file__).parents[1]
BREACHED = str(ROOT / "examples" / "breached-case.jsonl")
LAWFUL = str(ROOT / "examples" / "lawful-case.jsonl")
CASE = "（2021）豫0225执1号"
Raw = Mapping[str, Any]


def run(*words: str, stdin: str | bytes | None = None, env: Mapping[str, str] | None = None) -> Result:
    """Run a command line and make sure that it ended in an orderly way."""
    result = CliRunner().invoke(
        main, list(words), input=stdin, env={"LC_ALL": "", "LC_MESSAGES": "", "LANG": "zh_CN.UTF-8", **(env or {})}
    )
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    assert "Traceback" not in result.output
    return result


def event(type_: str, time: str, objects: Raw | None = None, case: str = CASE, **data: Any) -> dict[str, Any]:
    return {"case": case, "type": type_, "time": time, "objects": dict(objects or {}), "data": data}


def log(folder: Path, *events: Raw, name: str = "log.jsonl") -> str:
    path = folder / name
    path.write_text("".join(json.dumps(e, ensure_ascii=False) + "\n" for e in events), encoding="utf-8")
    return str(path)


def seizure(time: str = "2021-11-01", **more: Any) -> dict[str, Any]:
    return event("asset.controlled", time, {"asset": "A1"}, measure="seal", kind="real_estate", needs_sale=True, **more)


def priced(time: str) -> dict[str, Any]:
    return event("price.determined", time, {"asset": "A1"}, price="700000")


PRICE = "henan-2021/reference-price-deadline"
