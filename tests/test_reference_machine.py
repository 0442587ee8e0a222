"""The live monitor, whatever is done to it, says what the slow reference says about the events that count.

A state machine observes, repeats, corrects and withdraws events (also before they came), lets time pass, looks ahead,
writes everything down and goes on with a fresh monitor. After every step all judgements are compared, and so is the
table that somebody keeps by nothing but the changes told.
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache

from attrs import evolve
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from differing import as_said
from execcheck.changes import Changes
from execcheck.events import Event
from execcheck.judgement import Verdict
from execcheck.lawbook import Law
from execcheck.monitor import Monitor
from lawful import admitted
from random_streams import CASES, FIRST, raw_event
from randomlogs import few
from reference import Said, evaluate
from ruling import book
from ruling import law as shipped
from watched_rules import RULES, TYPES

in_suite = settings(few, max_examples=25, stateful_step_count=30)
LAST = FIRST + timedelta(30)
RELATED = "（2021）豫0225执7号"
NAMES = ("original_case", "new_case", "related_cases")


@cache
def law() -> Law:
    """The rules that are watched."""
    return book(*RULES)


def made(number: int, seed: int) -> Event:
    """A random event: of one of two cases of a family mostly, now and then of one that may be related."""
    dice = random.Random(seed)
    described = shipped().vocabulary.events[dice.choice(TYPES)]
    raw = raw_event(described, number, FIRST + timedelta(dice.randrange(30)), dice, two=dice.random() < 0.3)
    if dice.random() < 0.1:
        raw["case"] = RELATED
    if "related_cases" in raw["data"]:
        raw["data"]["related_cases"] = dice.choice(([], [], [RELATED], [CASES[0]]))
    if dice.random() < 0.5:  # most families stay apart from others
        raw["data"] = {name: value for name, value in raw["data"].items() if name not in NAMES}
    (event,) = admitted(shipped(), [raw])
    return event


def groups(events: Iterable[Event]) -> list[list[Event]]:
    """The events of cases that have nothing to do with each other."""
    found: list[tuple[set[str], list[Event]]] = []
    for event in events:
        named = {event.case}
        for name in NAMES:
            value = event.data.get(name, ())
            named |= {value} if isinstance(value, str) else set(value)
        near = [group for group in found if group[0] & named]
        found = [group for group in found if not group[0] & named]
        found.append((named.union(*(g[0] for g in near)), [*(e for g in near for e in g[1]), event]))
    return [members for _, members in found]


seeds = st.integers(0, 10**6)


class Watching(RuleBasedStateMachine):
    """A monitor, and beside it the plain list of what was told to it."""

    def __init__(self) -> None:
        super().__init__()
        self.monitor = Monitor(law())
        self.told: dict[str, Event] = {}
        self.withdrawn: set[str] = set()
        self.never: set[str] = set()  # withdrawn before they came
        self.today: date | None = None
        self.count = 0
        self.table: dict[str, Said] = {}
        self.untold = False  # an event was taken without telling: the table may be behind

    # --- what counts ------------------------------------------------------------------------------

    def standing(self) -> list[Event]:
        """The events that were neither withdrawn nor replaced by one that was not withdrawn."""
        kept = [event for event in self.told.values() if event.id not in self.withdrawn]
        replaced = {event.supersedes for event in kept}
        return [event for event in kept if event.id not in replaced]

    def expected(self) -> Counter[Said]:
        """What the reference says: each group of cases at the end of today, or of its own last day."""
        found: Counter[Said] = Counter()
        for group in groups(self.standing()):
            last = date.fromordinal(max(event.day for event in group))
            day = last if self.today is None else max(last, self.today)
            found.update(said for said in evaluate(law(), group, day) if said.verdict != "satisfied")
        return found

    def apply(self, changes: Changes) -> None:
        """Keep the table of a host: delete what was taken back or settled, then put in what was found or opened."""
        for name in {judgement.fingerprint for judgement in (*changes.retracted, *changes.settled)}:
            del self.table[name]
        self.table.update({one.fingerprint: as_said(one) for one in (*changes.found, *changes.opened)})

    def next_event(self, seed: int) -> Event:
        self.count += 1
        event = made(self.count, seed)
        if event.id in self.withdrawn or event.id in {other.supersedes for other in self.told.values()}:
            self.untie(event)
        self.never -= {event.id} - self.withdrawn
        return event

    def untie(self, event: Event | None) -> None:
        """Before an event that ties cases goes, time passes beyond all events.

        Cases that were once tied stay one group for the question what time it is, as those who follow know them.
        """
        if event is not None and any(name in event.data for name in NAMES):
            self.time_passes_to(max(self.today or LAST, LAST))

    def time_passes_to(self, day: date) -> None:
        self.today = day
        self.apply(self.monitor.advance(day))
        self.untold = False

    # --- steps ------------------------------------------------------------------------------------

    @rule(seed=seeds, taken=st.integers(0, 4))
    def an_event_comes(self, seed: int, taken: int) -> None:
        event = self.next_event(seed)
        self.told[event.id] = event
        if taken:
            self.apply(self.monitor.observe(event))
        else:
            self.monitor.take(event)
            self.untold = True

    @rule(seed=seeds)
    def several_events_come(self, seed: int) -> None:
        for number in range(3):
            self.an_event_comes(seed + number, 1)

    @rule(at=st.integers(0, 100))
    def an_event_comes_again(self, at: int) -> None:
        if self.told:
            event = list(self.told.values())[at % len(self.told)]
            self.apply(self.monitor.observe(event))

    @rule(at=st.integers(0, 100), seed=seeds)
    def an_event_is_corrected(self, at: int, seed: int) -> None:
        event = self.next_event(seed)
        wrong = f"e{1 + at % self.count}"  # perhaps one that never came; never one that comes later, so no rings
        right = evolve(event, supersedes=None if wrong == event.id else wrong, day=event.day)
        self.untie(self.told.get(wrong))
        self.told[right.id] = right
        self.apply(self.monitor.observe(right))

    @rule(at=st.integers(0, 100))
    def an_event_is_withdrawn(self, at: int) -> None:
        name = f"e{1 + at % (self.count + 2)}"  # perhaps one that comes only later
        self.untie(self.told.get(name))
        if name not in self.told:
            self.never.add(name)
        self.withdrawn.add(name)
        self.apply(self.monitor.withdraw(name))

    @rule(days=st.integers(0, 9))
    def time_passes(self, days: int) -> None:
        self.time_passes_to((self.today or FIRST) + timedelta(days))

    @rule(seed=seeds)
    def somebody_looks_ahead(self, seed: int) -> None:
        before = self.monitor.judgements()
        self.monitor.preview(evolve(made(1000, seed), id="ahead", day=made(1000, seed).day))
        assert self.monitor.judgements() == before

    @rule(warm=st.sampled_from((0, 1, 1000)))
    def all_is_written_down_and_read_again(self, warm: int) -> None:
        fresh, seen = Monitor(law(), warm=warm), set[str]()
        for case in self.monitor.cases():
            if case not in seen:
                snapshot = json.loads(json.dumps(self.monitor.snapshot(case)))
                self.apply(fresh.restore(snapshot))
                seen |= {other for other in fresh.cases() if other not in seen}
        if self.today is not None:
            self.apply(fresh.advance(self.today))
            self.untold = False
        # An id withdrawn before its event came may stand in no snapshot, and with it the case that has no other event:
        # such events are not sent again.
        self.told = {name: event for name, event in self.told.items() if name not in self.never}
        self.withdrawn &= self.told.keys()
        self.monitor = fresh

    # --- what must hold ---------------------------------------------------------------------------

    @invariant()
    def it_says_what_the_reference_says(self) -> None:
        found, expected = Counter(map(as_said, self.monitor.judgements())), self.expected()
        assert found == expected, _report(found - expected, expected - found, self.standing())

    @invariant()
    def what_it_told_adds_up_to_it(self) -> None:
        if not self.untold:
            found, expected = Counter(self.table.values()), self.expected()
            assert found == expected, _report(found - expected, expected - found, self.standing())

    @invariant()
    def the_open_duties_are_the_pending_judgements(self) -> None:
        pending = [judgement for judgement in self.monitor.judgements() if judgement.verdict is Verdict.PENDING]
        assert sorted(j.fingerprint for j in self.monitor.due()) == sorted(j.fingerprint for j in pending)


def _report(more: Counter[Said], less: Counter[Said], events: list[Event]) -> str:
    lines = [f"{e.id} {e.case} {e.type} {e.time} {dict(e.objects)} {dict(e.data)}" for e in events]
    return "\n".join(
        [*lines, *(f"only the monitor: {said}" for said in more), *(f"only the reference: {said}" for said in less)]
    )


def test_whatever_is_done_to_a_monitor_it_says_what_the_contract_says() -> None:
    run_state_machine_as_test(Watching, settings=in_suite)


if __name__ == "__main__":  # python tests/test_reference_machine.py EXAMPLES
    longer = settings(
        few,
        max_examples=int(sys.argv[1]),
        stateful_step_count=40,
        derandomize=False,
        database=None,
        phases=[Phase.generate],
    )
    run_state_machine_as_test(Watching, settings=longer)
    print("no difference")
