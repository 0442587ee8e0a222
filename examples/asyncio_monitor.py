"""An asyncio program that watches cases: a queue of events in, changes out, a run every night.

The monitor computes, so it works in a thread (``asyncio.to_thread``) and the loop stays free; it takes its own lock.
The days of this example are those of the log; a real program sleeps until midnight instead of waiting for a word.
"""

import asyncio
import json
from datetime import date
from pathlib import Path

from execcheck import Changes, Event, Judgement, Monitor, Verdict, load_law

LAW = load_law()
LOG = Path(__file__).with_name("breached-case.jsonl")


async def consume(monitor: Monitor, events: asyncio.Queue[Event | None], told: asyncio.Queue[Changes | None]) -> None:
    """Every event that comes in; what it changes goes out. None ends it."""
    while (event := await events.get()) is not None:
        changes = await asyncio.to_thread(monitor.observe, event)
        if changes:
            await told.put(changes)
        events.task_done()
    events.task_done()


async def watch(monitor: Monitor, nights: asyncio.Queue[date | None], told: asyncio.Queue[Changes | None]) -> None:
    """Every night: what became overdue with the end of the day."""
    while (day := await nights.get()) is not None:
        changes = await asyncio.to_thread(monitor.advance, day)
        if changes:
            await told.put(changes)
        nights.task_done()
    nights.task_done()


async def tell(told: asyncio.Queue[Changes | None]) -> dict[str, Judgement]:
    """Print what comes out, and keep the table that a host would keep; the table."""
    table: dict[str, Judgement] = {}
    while (changes := await told.get()) is not None:
        for gone in (*changes.retracted, *changes.settled):
            if table.pop(gone.fingerprint, gone).verdict is not Verdict.PENDING:
                print(f"- {gone.case} 已撤回：{gone.title.zh} · taken back: {gone.title.en}")
        for finding in changes.found:
            earlier = table.get(finding.fingerprint)
            mark = "+" if earlier is None or earlier.verdict is Verdict.PENDING else "~"  # new, or told anew
            print(f"{mark} {finding.case} {finding.message.zh}\n  {finding.message.en}")
        table |= {one.fingerprint: one for one in (*changes.found, *changes.opened)}
    return table


async def produce(events: asyncio.Queue[Event | None], nights: asyncio.Queue[date | None]) -> None:
    """The log, day after day, with a night after each day on which something happened."""
    log = [LAW.event(json.loads(line)) for line in LOG.read_text("utf-8").splitlines()]
    for number, event in enumerate(log):
        await events.put(event)
        if number + 1 == len(log) or log[number + 1].day > event.day:
            await events.join()
            await nights.put(date.fromordinal(event.day))
            await nights.join()
    await events.put(None)
    await nights.put(None)


async def main() -> None:
    """All of them together."""
    monitor = Monitor(LAW)
    events: asyncio.Queue[Event | None] = asyncio.Queue(maxsize=100)
    nights: asyncio.Queue[date | None] = asyncio.Queue()
    told: asyncio.Queue[Changes | None] = asyncio.Queue()
    async with asyncio.TaskGroup() as group:
        teller = group.create_task(tell(told))
        async with asyncio.TaskGroup() as work:
            work.create_task(produce(events, nights))
            work.create_task(consume(monitor, events, told))
            work.create_task(watch(monitor, nights, told))
        await told.put(None)
    table = teller.result()
    assert set(table) == {one.fingerprint for one in monitor.judgements()}
    open_duties = sum(one.verdict is Verdict.PENDING for one in table.values())
    print(f"现有问题 {len(table) - open_duties} 项 · findings; 未了事项 {open_duties} 项 · open duties")


if __name__ == "__main__":
    asyncio.run(main())
