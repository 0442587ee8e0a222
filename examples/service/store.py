"""What the service keeps, in SQLite: the events, which are the truth, and snapshots, which only save time."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from execcheck import Event

SCHEMA = """
CREATE TABLE IF NOT EXISTS events (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, case_number TEXT NOT NULL, raw TEXT NOT NULL,
    reason TEXT  -- why it was recorded although the gate advised against it
);
-- the snapshot of a group of cases stands at the first of them
CREATE TABLE IF NOT EXISTS snapshots (case_number TEXT PRIMARY KEY, until INTEGER NOT NULL, snapshot TEXT);
CREATE TABLE IF NOT EXISTS nights (day TEXT PRIMARY KEY);
"""
LATER = """
SELECT raw FROM events LEFT JOIN snapshots USING (case_number)
WHERE until IS NULL OR number > until ORDER BY number
"""


class Store:
    """The database. ``with store.transaction:`` keeps all or nothing; one at a time."""

    def __init__(self, path: str) -> None:
        self.transaction = self._base = sqlite3.connect(path, check_same_thread=False)
        self._base.executescript(SCHEMA)

    def add(self, event: Event, raw: dict[str, Any], reason: str) -> None:
        """Keep an event as it came, once."""
        row = (event.id, event.case, json.dumps(raw, ensure_ascii=False), reason or None)
        self._base.execute("INSERT INTO events VALUES (NULL, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING", row)

    def keep(self, snapshot: dict[str, Any]) -> None:
        """Keep the snapshot of a group of cases, as of the last event."""
        text: str | None = json.dumps(snapshot, ensure_ascii=False)
        for case in snapshot["cases"]:
            self._base.execute("INSERT OR REPLACE INTO snapshots SELECT ?, max(number), ? FROM events", (case, text))
            text = None

    def night(self, day: str) -> None:
        """Note a night that is over."""
        self._base.execute("INSERT OR IGNORE INTO nights VALUES (?)", (day,))

    def snapshots(self) -> list[dict[str, Any]]:
        """Every snapshot."""
        rows = self._base.execute("SELECT snapshot FROM snapshots WHERE snapshot IS NOT NULL")
        return [json.loads(text) for (text,) in rows]

    def events(self, *, later: bool = False) -> list[dict[str, Any]]:
        """Every event as it came, or those that no snapshot holds."""
        return [json.loads(text) for (text,) in self._base.execute(LATER if later else "SELECT raw FROM events")]

    def last_night(self) -> str | None:
        """The last night that is over."""
        found: str | None = self._base.execute("SELECT max(day) FROM nights").fetchone()[0]
        return found
