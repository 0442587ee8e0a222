"""Any thread may call anything: calls take turns, and everything ends where one thread alone would have ended."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import partial
from threading import Event as Signal
from threading import Lock

import pytest

from execcheck.events import Event
from execcheck.monitor import Monitor
from lawful import admitted, lawful_case
from randomlogs import END, edited, law
from test_monitor_stream import Table, rows


@pytest.fixture(autouse=True)
def turns_change_often() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


def copies(count: int) -> list[list[Event]]:
    """Some cases with the same events but names of their own."""
    found = []
    for copy in range(count):
        text = [
            {**raw, "id": f"{copy}-{raw['id']}", "case": renamed(raw["case"], copy), "data": {
                name: [renamed(one, copy) for one in value] if isinstance(value, list) else renamed(value, copy)
                for name, value in raw.get("data", {}).items()
            }}
            for raw in lawful_case()
        ]  # fmt: skip
        found.append(admitted(law(), text))
    return found


def renamed(text: object, copy: int) -> object:
    """A case number of the example made one of another court."""
    return text.replace("豫0225", f"豫02{copy:02}") if isinstance(text, str) else text


def together(*work: Callable[[], None]) -> None:
    """Run all at once; whatever one of them raises is raised."""
    with ThreadPoolExecutor(len(work)) as pool:
        for running in [pool.submit(one) for one in work]:
            running.result(timeout=300)


def asking(monitor: Monitor, done: Signal, seed: int) -> Callable[[], None]:
    """Asks one thing after the other until all has been told."""
    dice = random.Random(seed)
    supposed = edited((1, []))[0]
    questions: tuple[Callable[[str], object], ...] = (
        lambda case: monitor.due(within=timedelta(days=30)), lambda case: monitor.judgements(case=case),
        monitor.snapshot, lambda case: monitor.preview(supposed).found,
        lambda case: monitor.finished(), lambda case: monitor.last_moment(), lambda case: monitor.due(case=case),
        lambda case: monitor.allowed(case, types=["case.closed"]), lambda case: monitor.judgements(END, case),
    )  # fmt: skip

    def ask() -> None:
        while not done.is_set():
            cases = monitor.cases()
            if cases:
                dice.choice(questions)(dice.choice(cases))

    return ask


def until_done(signal: Signal, work: Callable[[], None]) -> Callable[[], None]:
    def run() -> None:
        try:
            work()
        finally:
            signal.set()

    return run


def test_threads_with_cases_of_their_own_keep_together_one_table() -> None:
    own = copies(2)
    monitor, alone, done = Monitor(law(), warm=1), Monitor(law()), Signal()
    tables = [Table() for _ in own]

    def observe(events: list[Event], table: Table) -> None:
        for event in events:
            table.apply(monitor.observe(event))

    workers = [
        until_done(done, partial(observe, events, table))
        for events, table in zip(own, tables, strict=True)
    ]  # fmt: skip
    together(*workers, asking(monitor, done, 1), asking(monitor, done, 2))
    for event in (event for events in own for event in events):
        alone.observe(event)
    assert set(monitor.cases()) == set(alone.cases())
    assert rows(monitor.judgements(END)) == rows(alone.judgements(END))
    whole = Table()
    for table in tables:
        assert not whole.rows.keys() & table.rows.keys()
        whole.rows |= table.rows
    whole.apply(monitor.advance(END))
    alone.advance(END)
    assert whole.rows == rows(monitor.judgements()) == rows(alone.judgements())
    assert monitor.outcome().events == sum(map(len, own))


def test_threads_with_events_of_the_same_cases_tell_together_what_one_would_tell() -> None:
    events = admitted(law(), lawful_case())
    shuffled = random.Random(5).sample([*events, *events[::3]], len(events) + len(events[::3]))
    monitor, done, guard, table = Monitor(law(), warm=1), Signal(), Lock(), Table()

    def observe(mine: list[Event]) -> None:
        for event in mine:
            with guard:  # a host that tells of one case in several threads keeps the order in which it was told
                table.apply(monitor.observe(event))

    def let_pass() -> None:
        for days in range(0, 600, 25):
            with guard:
                table.apply(monitor.advance(date(2022, 1, 1) + timedelta(days)))

    workers = [partial(observe, shuffled[n::3]) for n in range(3)]
    together(until_done(done, lambda: together(*workers, let_pass)), asking(monitor, done, 3))
    table.apply(monitor.advance(END))
    alone = Monitor(law())
    for event in events:
        alone.observe(event)
    alone.advance(END)
    assert table.rows == rows(monitor.judgements()) == rows(alone.judgements())


def test_one_withdraws_and_releases_while_others_look_on() -> None:
    first, second = copies(2)
    monitor, done = Monitor(law(), warm=0), Signal()
    for event in first:
        monitor.take(event)
    monitor.advance(date(2022, 1, 1))

    def work() -> None:
        for event in second[::2]:
            monitor.observe(event)
            monitor.withdraw(event.id)
        for _ in range(3):
            snapshot = monitor.snapshot(first[0].case)
            monitor.release(first[0].case, END)
            assert not monitor.restore(snapshot)

    together(until_done(done, work), asking_of(monitor, done), asking_of(monitor, done))
    alone = Monitor(law())
    for event in first:
        alone.observe(event)
    assert rows(monitor.judgements(END)) == rows(alone.judgements(END))


def asking_of(monitor: Monitor, done: Signal) -> Callable[[], None]:
    """Asks about cases, of which any may be gone the next moment."""

    def ask() -> None:
        while not done.is_set():
            for case in monitor.cases():
                monitor.judgements(case=case)
                monitor.due(case=case)
            monitor.finished()

    return ask


def test_changes_are_read_by_several_threads_alike() -> None:
    monitor = Monitor(law())
    told = [monitor.observe(event) for event in edited((1, []))]
    found: list[list[str]] = [[], [], []]

    def read(into: list[str]) -> None:
        for changes in told:
            into += [judgement.message.zh for judgement in (*changes.found, *changes.opened, *changes.settled)]

    together(*(partial(read, into) for into in found))
    assert found[0] == found[1] == found[2] != []
