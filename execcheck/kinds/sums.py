"""Amounts that several events must reach together."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Protocol

from execcheck.answers import Missing
from execcheck.events import Event
from execcheck.families import View
from execcheck.kinds.base import candidates
from execcheck.order import before
from execcheck.terms import Pairs


class Owed(Protocol):
    """What is needed of a duty."""

    event: Event
    view: View
    per: str | None
    object_id: str | None


def reached_by(duty: Owed, reach: tuple[str, Pairs, Pairs], then: Pairs) -> Iterator[tuple[Event, Missing]]:
    """The event with which the sum is reached, and the events that meet the duty by themselves.

    Parts that came before the trigger count. Where an amount is not in the log, the events that may have
    reached the sum are given with the missing field.
    """
    field, of, each = reach
    parts = sorted(candidates(duty.view, each, duty.per, duty.object_id), key=lambda found: found[0].day)
    needed, unknown = _needed(duty, of, field)
    total = Decimal(0)
    for event, missing in parts:
        amount = event.data.get(field)
        doubt = missing + unknown
        if doubt or amount is None:
            yield event, doubt or (field,)
            continue
        total += amount
        if total >= needed:
            yield event, ()
            break
    kinds = {kind for kind, _ in each}
    for event, missing in candidates(
        duty.view, tuple(pair for pair in then if pair[0] not in kinds), duty.per, duty.object_id
    ):
        if event is not duty.event and before(duty.event, event):
            yield event, missing


def _needed(duty: Owed, of: Pairs, field: str) -> tuple[Decimal, Missing]:
    sources = [event for event, missing in candidates(duty.view, of, duty.per, duty.object_id) if not missing]
    earlier = [event for event in sources if event is duty.event or before(event, duty.event)] or sources
    amounts = [event.data.get(field) for event in earlier]
    if not amounts or None in amounts:
        return Decimal(0), (f"{of[0][0]}.{field}",)
    return sum((amount for amount in amounts if amount is not None), Decimal(0)), ()
