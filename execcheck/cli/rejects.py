"""Writing down what ``--on-error skip`` left out, so that it can be mended and read again."""

from __future__ import annotations

import json
from pathlib import Path

from execcheck.events import Event
from execcheck.logs import LogFile, Rejected
from execcheck.logs.several import Logs
from execcheck.logs.writing import raw_of


class Rejects:
    """Collects what the logs leave out, to be written beside the report."""

    def __init__(self) -> None:
        self._lines: dict[int, list[Rejected]] = {}

    def add(self, file: LogFile, rejected: Rejected) -> None:
        """Remember one rejected record."""
        self._lines.setdefault(id(file), []).append(rejected)

    def write(self, logs: Logs, beside: Path | None) -> tuple[Path, ...]:
        """Write the rejected lines of each log to ``<log>.rejected.<ending>`` and return those files.

        They lie beside the report where that is a file, else in the current folder. Events that are sound in
        themselves but carry the id of another one follow as JSON lines in a file of their own.
        """
        folder, written = (beside.parent if beside is not None else Path()), dict[Path, bytes]()
        for file in logs.files:
            records = self._lines.get(id(file), ())
            if records:
                table = bool(file.heading)
                path = _name(folder, file.name, "csv" if table else "jsonl", written)
                written[path] = file.heading + b"".join(_record(rejected.text, table) for rejected in records)
        if logs.left_out:
            path = _name(folder, "conflicting.jsonl", "jsonl", written)
            written[path] = "".join(map(_line, logs.left_out)).encode("utf-8")
        for path, content in written.items():
            path.write_bytes(content)
        return tuple(written)


def _record(text: bytes, table: bool) -> bytes:
    """One record with its line end; a JSON object of several lines is put on one."""
    bare = text.rstrip(b"\r\n")
    return (bare if table else bare.replace(b"\r", b" ").replace(b"\n", b" ")) + b"\n"


def _name(folder: Path, log: str, ending: str, taken: dict[Path, bytes]) -> Path:
    stem = "stdin" if log == "-" else Path(log).name.removesuffix(".gz")
    stem = stem.rpartition(".")[0] or stem
    path, number = folder / f"{stem}.rejected.{ending}", 2
    while path in taken:
        path, number = folder / f"{stem}.rejected-{number}.{ending}", number + 1
    return path


def _line(event: Event) -> str:
    """The event as a line of a log."""
    return json.dumps(raw_of(event), ensure_ascii=False) + "\n"
