"""Writing down what ``--on-error skip`` left out, so that it can be mended and read again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from attrs import asdict

from execcheck.cli.reading import Logs
from execcheck.events import Event


def write_rejects(logs: Logs, beside: Path | None) -> tuple[Path, ...]:
    """Write the rejected lines of each log to ``<log>.rejected.<ending>`` and return those files.

    They lie beside the report where that is a file, else in the current folder. Events that were fit in
    themselves but not together with others are written as JSON lines.
    """
    folder, written = (beside.parent if beside is not None else Path()), dict[Path, bytes]()
    for number, file in enumerate(logs.files):
        lines = [rejected.text for n, rejected in logs.rejected if n == number]
        if lines:
            path = _name(folder, file.name, "csv" if file.heading else "jsonl", written)
            written[path] = file.heading + b"".join(line.rstrip(b"\r\n") + b"\n" for line in lines)
    if logs.dropped:
        path = _name(folder, "conflicting.jsonl", "jsonl", written)
        written[path] = "".join(_line(event) for event in logs.dropped.values()).encode("utf-8")
    for path, content in written.items():
        path.write_bytes(content)
    return tuple(written)


def _name(folder: Path, log: str, ending: str, taken: dict[Path, bytes]) -> Path:
    stem = "stdin" if log == "-" else Path(log).name.removesuffix(".gz")
    stem = stem.rpartition(".")[0] or stem
    path, number = folder / f"{stem}.rejected.{ending}", 2
    while path in taken:
        path, number = folder / f"{stem}.rejected-{number}.{ending}", number + 1
    return path


def _line(event: Event) -> str:
    """The event as a line of a log."""
    raw = {key: value for key, value in asdict(event).items() if value not in (None, {})}
    for own in ("day", "recorded_day", "has_id", "place"):
        raw.pop(own, None)
    for approval in raw.get("approvals", ()):
        approval.pop("day", None)
    return json.dumps(_without_none(raw), ensure_ascii=False, default=_plain) + "\n"


def _without_none(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _without_none(item) for key, item in value.items() if item is not None}
    return [_without_none(item) for item in value] if isinstance(value, (list, tuple)) else value


def _plain(value: object) -> str:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(value)
