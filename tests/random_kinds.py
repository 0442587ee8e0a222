"""The part of a random rule that belongs to its kind (see :mod:`random_rules`)."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any

from execcheck.vocabulary import Vocabulary
from random_rules import AMOUNTS, STOPS, Maker, Parts, written


def response(make: Maker) -> Parts:
    """Some of its many keys at once."""
    dice, when = make.dice, make.selector()
    types = when if isinstance(when, str) else when["event"]
    types = [types] if isinstance(types, str) else types
    found: Parts = {"when": when, "then": make.selectors(3)}
    dates = [field.name for field in make.fields(types, ("date",))]
    limit = dice.choice(("within", "within", "within", "before", "due_on"))
    if limit == "due_on" and dates:
        found["due_on"] = dice.choice(dates)
    elif limit == "before":
        found["before"] = make.selectors()
    else:
        found["within"] = (
            {"0001-01-01": make.period(), "2021-11-20": make.period()} if make.chance(20) else make.period()
        )
        _clock(make, found, dates)
    optional: Mapping[str, Callable[[], Any]] = {
        "unless": make.selectors, "or_earlier": lambda: True, "match": lambda: _match(make, found, types),
        "provided": make.selector, "for_each": lambda: _for_each(make), "reaching": lambda: _reaching(make),
    }  # fmt: skip
    for name, value in optional.items():
        if make.chance(40 if name == "unless" else 12):
            found[name] = value()
    if found.get("due_on") and make.chance(40):
        found["extended_by"] = "extension.granted"
    if make.chance(10) and make.per is None:
        found["when"] = [when, {"event": "case.restored", "follow": "new_case"}]
    return {key: value for key, value in found.items() if value is not None}


def _clock(make: Maker, found: Parts, dates: list[str]) -> None:
    dice = make.dice
    if "h" in str(found["within"]):
        return  # hours count from the trigger, and nothing stops them
    if make.chance(50):
        found["stops"] = dice.sample(STOPS, dice.randint(1, 2))
    if make.chance(35):
        longer = {"event": "extension.granted", "within": make.period(("d", "wd", "mo")), "even_late": make.chance(50)}
        found["extended_by"] = longer if make.chance(40) else "extension.granted"
    if make.chance(15):
        found["not_before"] = make.selector()
    if make.chance(15):
        found["restarted_by"] = make.selector()
    if make.chance(25):
        found["from"] = {"field": dice.choice(dates)} if dates and make.chance(50) else {"period": make.distance()}
        if make.chance(50):
            found["earliest"] = make.distance()
        if make.chance(50):
            found["without"] = make.selectors()


def _match(make: Maker, found: Parts, types: list[str]) -> Any:
    then = found["then"][0] if isinstance(found["then"], list) else found["then"]
    answers = [then] if isinstance(then, str) else [then["event"]] if isinstance(then["event"], str) else then["event"]
    shared = [f.name for f in make.fields([*types, *answers])]
    return make.dice.choice(shared) if shared else None


def _for_each(make: Maker) -> Any:
    return make.dice.choice(({"span": "first_rank_control"}, {"party": "case.filed.debtors"}))


def _reaching(make: Maker) -> Any:
    by_field: dict[str, list[str]] = {}
    for kind in make.types:
        for field in make.fields([kind], AMOUNTS):
            by_field.setdefault(field.name, []).append(kind)
    if not by_field:
        return None
    name = make.dice.choice(sorted(by_field))
    return {"field": name, "of": make.dice.choice(by_field[name]), "each": make.dice.choice(by_field[name])}


def precedence(make: Maker) -> Parts:
    """With distances, with what must come after, with values that several carry together."""
    found: Parts = {"when": make.selector(), "needs": make.selectors()}
    optional: Mapping[str, Callable[[], Any]] = {
        "within": make.distance, "at_least": make.distance, "by_day": lambda: True, "after": make.selectors,
    }  # fmt: skip
    for name, value in optional.items():
        if make.chance(30):
            found[name] = value()
    many = [(kind, field) for kind in make.types for field in make.fields([kind], ("many",))]
    if many and make.chance(60):
        kind, field = make.dice.choice(many)
        found["needs"] = kind
        found["together"] = {"field": field.name, "values": make.dice.sample(field.values, min(2, len(field.values)))}
    return found


def absence(make: Maker) -> Parts:
    """At all, or between two others."""
    found: Parts = {"when": make.selector()}
    if make.chance(75):
        found["between"] = {"from": make.selectors(), "to": make.selectors()}
    return found


def condition(make: Maker) -> Parts:
    """What the event says, and what it says compared with others."""
    types = make.dice.sample(make.types, make.dice.choice((1, 1, 2)))
    return {"when": {"event": types}, "require": make.where(types)}


def authority(make: Maker) -> Parts:
    """Panels, approvals, teams."""
    types = make.dice.sample(make.types, make.dice.choice((1, 1, 2)))
    return {"when": {"event": types}, "require": make.where(types, required=True)}


def separation(make: Maker) -> Parts:
    """From a person named earlier, or from who held the office."""
    when = make.selector(plain=True)
    ids = [f.name for f in make.fields([when], ("id",))]
    person = make.dice.choice(("actor", "panel", ["actor", "panel"], *ids))
    other: Parts
    if make.chance(50):
        event = make.selector(plain=True)
        names = [f.name for f in make.fields([event], ("id",))]
        other = {"event": event, "person": make.dice.choice(("actor", "panel", *names))}
        if make.chance(40):
            other["which"] = "first"
    else:
        other = {"office": "handler"}
        if make.chance(50):
            other["at"] = make.selector(plain=True)
            if make.chance(50):
                other["before"] = make.selector(plain=True)
    found: Parts = {"when": when, "person": person, make.dice.choice(("differs_from", "equals")): other}
    if make.chance(30):
        found["unless"] = make.where([when])
    return found


def interval(make: Maker) -> Parts:
    """A least distance in calendar days."""
    found: Parts = {"when": make.selector(), "after": make.selectors(), "within": make.distance()}
    return {**found, "strictly": True} if make.chance(40) else found


def recurrence(make: Maker) -> Parts:
    """Again and again, until something ends it."""
    found: Parts = {"when": make.selector(), "then": make.selectors(), "within": make.period(("d", "wd", "mo"))}
    if make.chance(60):
        found["until"] = make.selectors()
    if make.chance(40):
        found["for"] = make.distance()
    return found


def aggregate(make: Maker) -> Parts:
    """Sums, counts, distinct values; against a number, another total, or a value said earlier."""
    found: Parts = {"when": make.selector(), "total": _total(make)}
    key = make.dice.choice(("at_most", "at_most", "at_least"))
    amounts = [(kind, field.name) for kind in make.types for field in make.fields([kind], AMOUNTS)]
    if amounts and make.chance(40):
        kind, name = make.dice.choice(amounts)
        found[key] = {"latest": [kind], "field": name}
        if make.chance(40):
            found[key]["times"] = make.dice.choice((0.5, 2))
    else:
        found[key] = _total(make) if make.chance(30) else make.dice.choice((1, 2, 300))
    if make.chance(30):
        found["least"] = make.dice.randint(1, 3)
    if make.chance(25):
        found["provided_all"] = [make.selector(plain=True)]
    return found


def _total(make: Maker) -> Parts:
    over = make.selector(1)
    types = [over] if isinstance(over, str) else [over["event"]]
    amounts = [field.name for field in make.fields(types, AMOUNTS)]
    if make.chance(15):
        return {"sum": "value", "span": "first_rank_control"}
    if amounts and make.chance(70):
        return {"sum": make.dice.choice(amounts), "over": over}
    return {"distinct": "actor", "over": over} if make.chance(40) else {"count": True, "over": over}


KINDS: Mapping[str, Callable[[Maker], Parts]] = {
    "response": response, "precedence": precedence, "absence": absence, "condition": condition,
    "authority": authority, "separation": separation, "interval": interval, "recurrence": recurrence,
    "aggregate": aggregate,
}  # fmt: skip


def rule_text(vocabulary: Vocabulary, seed: int, kind: str) -> tuple[str, tuple[str, ...]]:
    """A rule of a kind, and the event types it may be about."""
    make = Maker(vocabulary, random.Random(seed))
    parts: Parts = {"kind": kind, **KINDS[kind](make)}
    if (make.per is not None and kind != "condition") or make.chance(60):
        parts["per"] = make.per
    if "for_each" in parts:
        parts.pop("per", None)
    elif parts.get("per") is None and make.chance(30):
        parts["across"] = "family"
    return written({key: value for key, value in parts.items() if value is not None}), make.types
