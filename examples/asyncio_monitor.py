"""An asyncio program that watches cases: a queue of events in, changes out, a run every night.

The monitor computes, so it works in a thread (``asyncio.to_thread``) and the loop stays free; it takes its own lock.
The days of this example are those of the log; a real program sleeps until midnight instead of waiting for a word.
"""

import asyncio
import json
from datetime import date
from pathlib import Path

from execcheck import Changes, Event, Monitor, load_law

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


async def tell(told: asyncio.Queue[Changes | None]) -> int:
    """Print what was found and what was taken back; how many were found."""
    count = 0
    while (changes := await told.get()) is not None:
        for finding in changes.found:
            count += 1
            print(f"+ {finding.case} {finding.message.zh}\n  {finding.message.en}")
        for finding in changes.retracted:
            if finding.verdict != "pending":
                print(f"- {finding.case} 已撤回：{finding.title.zh} · taken back: {finding.title.en}")
    return count


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
    print(f"发现 {teller.result()} 项 · found; 未了 {len(monitor.due())} 项 · open duties")


if __name__ == "__main__":
    asyncio.run(main())
