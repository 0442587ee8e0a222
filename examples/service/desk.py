"""The desk at which events are recorded: the monitor, the gate before it, the store behind it."""

from __future__ import annotations

import sqlite3
from datetime import date
from threading import Lock
from typing import Any
from uuid import uuid4

from execcheck import Changes, Judgement, Law, Monitor, Severity, SnapshotRefused

from .store import Store

GATED = frozenset({"termination.ruled"})
"""The acts that the house wants checked before they happen."""


class Refused(Exception):  # noqa: N818 - it says what became of the act
    """An act that would bring findings, and these."""

    def __init__(self, findings: tuple[Judgement, ...]) -> None:
        self.findings = findings
        super().__init__("\n".join(found.message.en for found in findings))


class Desk:
    """Records events and answers questions. Any thread may use it."""

    def __init__(self, law: Law, store: Store, gated: frozenset[str] = GATED) -> None:
        self.law, self.store, self.gated = law, store, gated
        self.monitor = self._opened()
        self._lock = Lock()

    def _opened(self) -> Monitor:
        """A monitor that knows what the store holds."""
        monitor, later = Monitor(self.law), True
        try:
            for snapshot in self.store.snapshots():
                monitor.restore(snapshot, rebuild=True)  # also one that was made under the law of yesterday
        except (SnapshotRefused, ValueError):  # damaged: the events tell it all
            monitor, later = Monitor(self.law), False
        for raw in self.store.events(later=later):
            monitor.observe(self.law.event(raw, f"event:{raw['id']}"))
        night = self.store.last_night()
        if night is not None:
            monitor.advance(date.fromisoformat(night))
        return monitor

    def record(self, raw: dict[str, Any], reason: str = "") -> Changes:
        """Take an event; what it changes. With a ``reason`` the gate lets everything pass.

        Raises ``Refused`` where the gate holds it back, ``DefectiveInput`` where it is no sound event.
        """
        raw = {**raw, "id": raw.get("id") or str(uuid4())}
        event = self.law.event(raw, f"event:{raw['id']}")
        with self._lock:
            if event.type in self.gated and not reason:
                found = self.monitor.preview(event).found
                if any(one.severity is not Severity.NOTE for one in found):
                    raise Refused(found)
            try:
                with self.store.transaction:
                    self.store.add(event, raw, reason)
                    changes = self.monitor.observe(event)
                    self.store.keep(self.monitor.snapshot(event.case))
            except sqlite3.Error:
                self.monitor = self._opened()  # it may know an event that was not kept
                raise
        return changes

    def advance(self, day: date) -> Changes:
        """The nightly run: what became overdue by the end of a day."""
        with self._lock, self.store.transaction:
            changes = self.monitor.advance(day)
            self.store.night(day.isoformat())
        return changes
