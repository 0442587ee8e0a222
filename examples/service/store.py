"""What the service keeps, in SQLite: the events, which are the truth, and snapshots, which only save time."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS events (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, case_number TEXT NOT NULL, raw TEXT NOT NULL,
    reason TEXT  -- why it was recorded although the gate advised against it
);
CREATE TABLE IF NOT EXISTS snapshots (case_number TEXT PRIMARY KEY, until INTEGER NOT NULL, snapshot TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS nights (day TEXT PRIMARY KEY);
"""
LATER = """
SELECT raw FROM events LEFT JOIN snapshots USING (case_number)
WHERE until IS NULL OR number > until ORDER BY number
"""


class Store:
    """The database. ``with store:`` is a transaction; its user sees to it that there is one at a time."""

    def __init__(self, path: str) -> None:
        self._base = sqlite3.connect(path, check_same_thread=False)
        self._base.executescript(SCHEMA)

    def __enter__(self) -> None:
        self._base.__enter__()

    def __exit__(self, *error: Any) -> None:
        self._base.__exit__(*error)

    def add(self, raw: dict[str, Any], case: str, reason: str) -> None:
        """Keep an event as it came, once."""
        row = (raw["id"], case, json.dumps(raw, ensure_ascii=False), reason or None)
        self._base.execute("INSERT OR IGNORE INTO events (id, case_number, raw, reason) VALUES (?, ?, ?, ?)", row)

    def keep(self, case: str, snapshot: dict[str, Any]) -> None:
        """Keep the snapshot of a case, as of the last event."""
        self._base.execute(
            "INSERT OR REPLACE INTO snapshots SELECT ?, max(number), ? FROM events",
            (case, json.dumps(snapshot, ensure_ascii=False)),
        )

    def drop(self, case: str) -> None:
        """Forget a snapshot that is of no use any more."""
        self._base.execute("DELETE FROM snapshots WHERE case_number = ?", (case,))

    def night(self, day: str) -> None:
        """Note a night that is over."""
        self._base.execute("INSERT OR IGNORE INTO nights VALUES (?)", (day,))

    def snapshots(self) -> list[tuple[str, dict[str, Any]]]:
        """Every snapshot with its case."""
        rows = self._base.execute("SELECT case_number, snapshot FROM snapshots")
        return [(case, json.loads(text)) for case, text in rows]

    def later_events(self) -> Iterator[dict[str, Any]]:
        """The events that no snapshot of their case holds."""
        for (text,) in self._base.execute(LATER).fetchall():
            yield json.loads(text)

    def last_night(self) -> str | None:
        """The last night that is over."""
        found: str | None = self._base.execute("SELECT max(day) FROM nights").fetchone()[0]
        return found
