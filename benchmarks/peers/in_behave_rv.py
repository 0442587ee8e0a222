"""Those of the ten rules that behave-rv can say: policies in Gherkin over steps that look at one event.

A monitor of behave-rv answers once for each value of its key. The key is what a rule judges once: an event, a case,
a case and an asset, a case and a person. Its stream has to come in the order of time, so the log is read and sorted
before. No reorder window, no terminal events.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from behave_rv.catalog.registry import StepRegistry
from behave_rv.compile.compiler import compile_feature
from behave_rv.engine.loop import Engine
from behave_rv.events.event import Event

from peers import rules
from peers.acts import act, approved_payout, asked, first_online, major, panel_fits
from peers.measuring import serve
from peers.rules import Counts
from peers.seconds import FIRST, LAST, place

SECONDS = "“within” takes a fixed number of seconds: no legal calendar, no months, no rollover over rest days"
CANNOT: Final = {
    **dict.fromkeys(rules.DEADLINES, SECONDS),
    rules.PRICE: SECONDS + ", no clock that stops",
}
FEATURE: Final = f"""
Feature: ten rules
  Scenario: {rules.INTERVIEW}
    When a termination is ruled
    Then an interview was held before
  Scenario: {rules.PLATFORM}
    When a first online auction is announced
    Then the applicant was asked about the platform before
  Scenario: {rules.PAYOUT}
    Then a payout without its approvals never happens
  Scenario: {rules.PANEL}
    Then a major matter without its panel never happens
  Scenario: {rules.REVIEW}
    Given somebody took a measure
    Then the same person decides on its review never happens
"""


def _happened(context: Any, event: Event) -> bool:
    return True


def _first_online(context: Any, event: Event) -> bool:
    return first_online(act(event.payload))


def _asked(context: Any, event: Event) -> bool:
    return asked(act(event.payload))


def _unapproved(context: Any, event: Event) -> bool:
    return not approved_payout(act(event.payload))


def _without_panel(context: Any, event: Event) -> bool:
    return not panel_fits(act(event.payload))


Check = Callable[[Any, Event], bool]
STEPS: Final[Sequence[tuple[str, str, str | tuple[str, str], Check]]] = (
    ("a termination is ruled", "termination.ruled", "case", _happened),
    ("an interview was held", "interview.held", "case", _happened),
    ("a first online auction is announced", "auction.announced", ("case", "asset"), _first_online),
    ("the applicant was asked about the platform", "auction.platform_selected", ("case", "asset"), _asked),
    ("a payout without its approvals", "payment.disbursed", "id", _unapproved),
    ("a major matter without its panel", "major", "id", _without_panel),
    ("somebody took a measure", "coercion.imposed", ("case", "person"), _happened),
    ("the same person decides on its review", "coercion.review_decided", ("case", "person"), _happened),
)
"""What the policies speak of: the words, the type of the event, the key, what the event must say besides."""


def _step(kind: str, check: Check) -> Check:
    def step(context: Any, event: Event) -> bool:
        return event.type == kind and check(context, event)

    return step


def _registry() -> StepRegistry:
    registry = StepRegistry()
    for words, kind, key, check in STEPS:
        register = registry.trigger(words, step_id=words, event_type=kind, correlation_key=key)
        register(_step(kind, check))
    return registry


def _events(log: Path) -> list[Event]:
    """The log as behave-rv takes it: an event for each person where persons are compared, a type for major matters."""
    events: dict[str, list[Event]] = {}
    with log.open(encoding="utf-8") as lines:
        for line in lines:
            raw = json.loads(line)
            if raw["id"] not in events:
                events[raw["id"]] = list(_told(raw))
    flat = [event for several in events.values() for event in several]
    return sorted(flat, key=lambda event: (event.event_time, event.type in LAST))


def _told(raw: dict[str, Any]) -> Iterator[Event]:
    kind, at = raw["type"], place(raw["type"], raw["time"])[0]
    bindings = {"id": raw["id"], "case": raw["case"], **raw.get("objects", {})}
    if major(act(raw)):
        yield Event("major", at, bindings, raw, "log")
    if kind == "payment.disbursed":
        yield Event(kind, at, bindings, raw, "log")
    elif kind.startswith("coercion.") and kind in FIRST | LAST:
        members = raw.get("panel", ()) if kind == "coercion.review_decided" else ()
        for person in {raw["actor"]["id"], *(member["id"] for member in members)}:
            yield Event(kind, at, {**bindings, "person": person}, raw, "log")
    elif kind in FIRST | LAST:
        yield Event(kind, at, bindings, raw, "log")


class _Stream:
    """A source of events for the engine."""

    def __init__(self, events: list[Event]) -> None:
        self._events = events

    def events(self) -> Iterator[Event]:
        return iter(self._events)


def count(log: Path, working_days: Path) -> Counts:
    """Run the five policies over the sorted log; a violation is counted once for the event that made it."""
    policies = compile_feature(FEATURE, _registry())
    verdicts = Engine(policies, grace=0).run(_Stream(_events(log)))
    broken = {
        (one.policy_id, one.trigger_event.payload["id"]) for one in verdicts if one.verdict == "violated"
    }  # fmt: skip
    return Counts(Counter(rule for rule, _ in broken))


if __name__ == "__main__":
    serve(count, CANNOT)
