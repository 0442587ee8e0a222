"""The log that the peers read: the generator's cases, some of them changed so that every rule has something to say.

The generator plants no clock stops, no separation, no days without a time, no repeated lines. Here they are added,
seeded: the same arguments give the same bytes. Every change is one small function over the events of a case.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

from generate import LAST_DAY, cases

Raw = dict[str, Any]


def _first(events: list[Raw], kind: str, asset: str | None = None) -> Raw | None:
    found = (e for e in events if e["type"] == kind and asset in (None, e.get("objects", {}).get("asset")))
    return next(found, None)


def _time(event: Raw) -> datetime:
    return datetime.fromisoformat(event["time"])


def _add(events: list[Raw], kind: str, at: datetime, **fields: Any) -> None:
    identity = f"{events[0]['id'][:7]}-{kind}"  # each kind is added once
    events.append({"id": identity, "case": events[0]["case"], "type": kind, "time": at.isoformat(), **fields})


def _judges(*names: str) -> list[Raw]:
    return [{"id": name, "quota_judge": True} for name in names]


def _reviewed(events: list[Raw], random: Random) -> None:
    """A review of the fine; now and then who imposed it decides on it, or sits on the panel."""
    fine = next((e for e in events if e["type"] == "coercion.imposed" and e["data"]["measure"] == "fine"), None)
    if fine is None or random.random() < 0.4:
        return
    if random.random() < 0.5:  # by somebody who took no measure before
        fine["actor"] = {**fine["actor"], "id": "h9"}
    imposer = fine["actor"]["id"]
    actor = imposer if random.random() < 0.1 else "s1"
    third = imposer if random.random() < 0.1 else "s3"
    later = timedelta(hours=2) if random.random() < 0.3 else timedelta(days=random.randint(3, 20))
    _add(events, "coercion.review_decided", _time(fine) + later,
         actor={"id": actor, "role": "higher_court"}, panel=_judges("s1", "s2", third))  # fmt: skip


def _suspended(events: list[Raw], random: Random) -> None:
    """Enforcement suspended while a price is awaited, sometimes with a settlement across it, or without an end."""
    control = _first(events, "asset.controlled", "A1")
    if control is None or not control["data"]["needs_sale"] or random.random() < 0.75:
        return
    begin = _time(control) + timedelta(days=random.randint(1, 9))
    length = timedelta(days=random.randint(1, 30))
    panel = _judges("p1", "p2") if random.random() < 0.05 else _judges("p1", "p2", "p3")
    _add(events, "suspension.ordered", begin, actor=control["actor"], panel=panel, data={"reason": "下落不明"})
    if random.random() < 0.9:
        _add(events, "suspension.ended", begin + length, actor=control["actor"])
    if random.random() < 0.3:
        _add(events, "settlement.reached", begin + length / 2, data={"by_agent": False})
        _add(events, "settlement.breached", begin + length * 3 / 2)


def _unpriced(events: list[Raw], random: Random) -> None:
    """No price was fixed, as often under a standing suspension; half the assets had been released by then."""
    price = _first(events, "price.determined", "A1")
    standing = _first(events, "suspension.ordered") and not _first(events, "suspension.ended")
    if price is None or random.random() > (0.7 if standing else 0.04):
        return
    events.remove(price)
    if random.random() < 0.5:
        _add(events, "asset.released", _time(price), actor=price["actor"], objects={"asset": "A1"})


def _controlled_early(events: list[Raw], random: Random) -> None:
    """The asset was already held when the case was filed."""
    control = _first(events, "asset.controlled", "A1")
    if control is not None and random.random() < 0.05:
        control["time"] = (_time(control) - timedelta(days=random.randint(10, 40))).isoformat()


def _same_day(events: list[Raw], random: Random) -> None:
    """The interview, or the choice of the platform, an hour after what it should come before."""
    for needed, act in (
        ("interview.held", "termination.ruled"),
        ("auction.platform_selected", "auction.announced"),
    ):
        early, late = _first(events, needed), _first(events, act)
        if early and late and random.random() < 0.05:
            early["time"] = (_time(late) + timedelta(hours=1)).isoformat()


def _approved_badly(events: list[Raw], random: Random) -> None:
    """The bureau head approved a day late, or paid out himself."""
    payout = _first(events, "payment.disbursed")
    if payout is None or random.random() < 0.95:
        return
    for approval in payout["approvals"]:
        approval["time"] = (_time(payout) + timedelta(days=random.randint(-1, 1))).isoformat()
    if random.random() < 0.3:
        payout["actor"] = {"id": payout["approvals"][0]["id"], "role": "bureau_head"}


def _archived_at_the_end(events: list[Raw], random: Random) -> None:
    """The file goes to the archive about when the month is over."""
    closed, archived = _first(events, "case.closed"), _first(events, "case.archived")
    if closed and archived and random.random() < 0.2:
        archived["time"] = (_time(closed) + timedelta(days=random.randint(28, 34))).isoformat()


def _on_paper(events: list[Raw], random: Random) -> None:
    """Of some acts only the day was written down."""
    if random.random() < 0.7:
        return
    for event in events:
        if random.random() < 0.4:
            event["time"] = event["time"][:10]


def _in_utc(events: list[Raw], random: Random) -> None:
    """Some acts six hours earlier, in UTC: the day in the court's zone is then often not the one written."""
    if random.random() < 0.8:
        return
    for event in events:
        if len(event["time"]) > 10 and random.random() < 0.5:
            at = (_time(event) - timedelta(hours=6)).astimezone(UTC)
            event["time"] = at.isoformat().replace("+00:00", "Z")


def _repeated(events: list[Raw], random: Random) -> None:
    """A line sent twice says the same once."""
    if random.random() < 0.1:
        events.append(dict(random.choice(events)))


CHANGES: Final[tuple[Callable[[list[Raw], Random], None], ...]] = (
    _reviewed, _suspended, _unpriced, _controlled_early, _same_day, _approved_badly, _archived_at_the_end,
    _on_paper, _in_utc, _repeated,
)  # fmt: skip


def changed_cases(count: int, seed: int) -> Iterator[str]:
    """The JSON lines of each case; nothing lies after the generator's last day, whatever was added."""
    random = Random(f"peers {seed}")
    for text in cases(count, seed):
        events: list[Raw] = [json.loads(line) for line in text.splitlines()]
        for change in CHANGES:
            change(events, random)
        kept = [e for e in events if date.fromisoformat(e["time"][:10]) <= LAST_DAY]
        yield "".join(json.dumps(e, ensure_ascii=False, separators=(",", ":")) + "\n" for e in kept)


def write(path: Path, count: int, seed: int) -> int:
    """Write the log; returns the number of lines."""
    with path.open("w", encoding="utf-8", newline="\n") as out:
        lines = 0
        for text in changed_cases(count, seed):
            out.write(text)
            lines += text.count("\n")
    return lines
