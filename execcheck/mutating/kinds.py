"""Edits of the part of a rule that belongs to its kind: one small function for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Literal

from attrs import evolve

from execcheck.clauses import Path
from execcheck.mutating.conditions import ConditionEdits, selector_name
from execcheck.mutating.edits import Edit, Edits, dropped, each, fewer, inside, turned
from execcheck.mutating.grammar import types_of
from execcheck.mutating.limits import number_edits, period_edits
from execcheck.policy import (
    Absence,
    Aggregate,
    Bound,
    Condition,
    Extension,
    Interval,
    Need,
    PersonSource,
    Precedence,
    Recurrence,
    Response,
    Rule,
    Separation,
    Text,
    Total,
)


def word(item: str) -> str:
    """A word is its own place."""
    return item


def flipped(rule: Any, attribute: str) -> Edits[Any]:
    """A flag the other way round."""
    now = getattr(rule, attribute)
    yield turned(attribute, f"{now}改为{not now}".lower(), f"{now} becomes {not now}".lower(),
                 evolve(rule, **{attribute: not now}), "flipped")  # fmt: skip


def _response(rule: Response, edits: ConditionEdits) -> Edits[Rule]:
    for key, least in (("then", 1), ("before", 1), ("unless", 0), ("not_before", 0), ("restarted_by", 0),
                       ("without", 0), ("provided", 0)):  # fmt: skip
        if key != "then" or rule.reaching is None:
            yield from inside(rule, key, edits.selectors(getattr(rule, key), least))
    yield from inside(rule, "stops", fewer(rule.stops, word))
    if rule.extended_by is not None:
        yield from _extension(rule, rule.extended_by, edits)
    if rule.reaching is None:  # parts of a sum count whenever they came
        yield from flipped(rule, "or_earlier")
    yield from inside(rule, "match", fewer(rule.match, _field))
    yield from inside(rule, "earliest", _earliest(rule))
    if rule.counts_from is not None:
        if rule.counts_from.period is not None:
            periods = period_edits(rule.counts_from.period, distance=True)
            yield from inside(rule, "counts_from", inside(rule.counts_from, "period", periods), "from")
        if rule.within is not None:
            yield dropped("from", evolve(rule, counts_from=None))
    if rule.reaching is not None:
        parts = set(types_of(rule.reaching.each))
        for edit in edits.selectors(rule.then, 1):
            if not parts & {kind for s in set(rule.then) ^ set(edit.value) for kind in s.types}:
                yield edit.within("then", evolve(rule, then=edit.value))
        yield dropped("reaching", evolve(rule, reaching=None))
        for key in ("of", "each"):
            selectors = edits.selectors(getattr(rule.reaching, key), 1)
            yield from inside(rule, "reaching", inside(rule.reaching, key, selectors))


def _field(pair: tuple[str, Path]) -> str:
    return pair[0]


def _extension(rule: Response, extension: Extension, edits: ConditionEdits) -> Edits[Rule]:
    place = "extended_by"
    yield dropped(place, evolve(rule, extended_by=None))
    if extension.within is not None:
        yield from inside(rule, place, inside(extension, "within", period_edits(extension.within), ""))
        yield from inside(rule, place, flipped(extension, "even_late"))
    yield from inside(rule, place, inside(extension, "selectors", edits.selectors(extension.selectors, 1), ""))


def _earliest(rule: Response) -> Edits[Mapping[str, Any]]:
    for kind, period in rule.earliest.items():
        yield dropped(kind, {k: p for k, p in rule.earliest.items() if k != kind}, kind)
        for edit in period_edits(period, distance=True):
            yield edit.within(kind, {**rule.earliest, kind: edit.value})


def _precedence(rule: Precedence, edits: ConditionEdits) -> Edits[Rule]:
    yield from inside(rule, "needs", fewer(rule.needs, _need, 1))
    yield from inside(rule, "needs", each(rule.needs, lambda need: _of_need(need, edits), _need))
    if rule.together is not None:
        field, values = rule.together
        yield dropped("together", evolve(rule, together=None))
        for value in sorted(values) if len(values) > 1 else ():
            yield dropped(f"together={value}", evolve(rule, together=(field, values - {value})), value)
    yield from flipped(rule, "by_day")
    yield from _optional(rule, "at_least")
    yield from inside(rule, "after", edits.selectors(rule.after))


def _need(need: Need) -> str:
    return selector_name(need.selector)


def _of_need(need: Need, edits: ConditionEdits) -> Edits[Need]:
    yield from inside(need, "selector", edits.selector(need.selector), "")
    yield from _optional(need, "at_least")


def _optional(holder: Any, attribute: str, place: str | None = None) -> Edits[Any]:
    """A distance that may be there: changed, or left out."""
    period = getattr(holder, attribute)
    if period is None:
        return
    yield from inside(holder, attribute, period_edits(period, distance=True), place)
    yield dropped(place or attribute, evolve(holder, **{attribute: None}))


def _absence(rule: Absence, edits: ConditionEdits) -> Edits[Rule]:
    if rule.between is None:
        return
    begin, end = rule.between
    yield dropped("between", evolve(rule, between=None))
    for edit in edits.selectors(begin, 1):
        yield edit.within("between.from", evolve(rule, between=(edit.value, end)))
    for edit in edits.selectors(end, 1):
        yield edit.within("between.to", evolve(rule, between=(begin, edit.value)))


def _condition(rule: Condition, edits: ConditionEdits) -> Edits[Rule]:
    types = types_of(trigger.selector for trigger in rule.when)
    yield from inside(rule, "require", edits.where(rule.require, types, 1))


def _separation(rule: Separation, edits: ConditionEdits) -> Edits[Rule]:
    if rule.other.of is None:  # of other cases the same person, or team, is what is asked
        yield turned("same", "应为同一人与不得为同一人互换", "the same person and another one change places",
                     evolve(rule, same=not rule.same), "flipped")  # fmt: skip
    yield from inside(rule, "person", fewer(rule.person, word, 1))
    yield from inside(rule, "other", _source(rule.other))
    if rule.unless is not None:
        types = types_of(trigger.selector for trigger in rule.when)
        for edit in edits.where(rule.unless, types):
            yield edit.within("unless", evolve(rule, unless=edit.value if edit.value.atoms else None))


def _source(source: PersonSource) -> Edits[PersonSource]:
    if source.event_type is not None:
        which: Literal["each", "first"] = "each" if source.which == "first" else "first"
        zh, en = f"{source.which}改为{which}", f"{source.which} becomes {which}"
        yield turned("which", zh, en, evolve(source, which=which))
    if source.at is not None:
        yield dropped("at", evolve(source, at=None))
    if source.before is not None:
        yield dropped("before", evolve(source, before=None))
    if source.of is not None:
        yield from flipped(source, "or_team")


def _interval(rule: Interval, edits: ConditionEdits) -> Edits[Rule]:
    yield from inside(rule, "after", edits.selectors(rule.after, 1))
    yield from flipped(rule, "strictly")


def _recurrence(rule: Recurrence, edits: ConditionEdits) -> Edits[Rule]:
    yield from inside(rule, "then", edits.selectors(rule.then, 1))
    yield from inside(rule, "until", edits.selectors(rule.until))
    yield from _optional(rule, "lasting", "for")


def _aggregate(rule: Aggregate, edits: ConditionEdits) -> Edits[Rule]:
    yield turned("bound", "最多与最少互换", "at most and at least change places",
                 evolve(rule, at_most=not rule.at_most), "reversed")  # fmt: skip
    yield from inside(rule, "total", _total(rule.total, edits))
    yield from inside(rule, "bound", _bound(rule.bound, rule, edits))
    for least in (rule.least + 1, rule.least - 1):
        if rule.least and least >= 0:
            yield turned("least", f"{rule.least}改为{least}", f"{rule.least} becomes {least}",
                         evolve(rule, least=least), f"{least - rule.least:+}")  # fmt: skip
    yield from inside(rule, "provided_all", fewer(rule.provided_all, word))


def _total(total: Total, edits: ConditionEdits) -> Edits[Total]:
    if total.measure == "distinct":
        yield Edit(":count", Text("改为计次", "counted instead"), evolve(total, measure="count", field=""))
    yield from inside(total, "over", edits.selectors(total.over, 1))


def _bound(bound: Bound, rule: Aggregate, edits: ConditionEdits) -> Edits[Bound]:
    if bound.constant is not None:
        whole = rule.total.measure != "sum"
        value = int(bound.constant) if whole else bound.constant
        for edit in number_edits(value):
            yield edit.within("", evolve(bound, constant=Decimal(edit.value)))
    if bound.total is not None:
        yield from inside(bound, "total", _total(bound.total, edits), "")
    if bound.times is not None and bound.times != rule.factor:
        yield from inside(bound, "times", number_edits(bound.times))
    for n, group in enumerate(bound.latest):
        for edit in fewer(group, word, 0 if len(bound.latest) > 1 else 1):
            groups = (*bound.latest[:n], *((edit.value,) if edit.value else ()), *bound.latest[n + 1 :])
            yield edit.within("latest", evolve(bound, latest=groups))


OF_KIND: Mapping[str, Callable[[Any, ConditionEdits], Edits[Rule]]] = {
    "response": _response, "precedence": _precedence, "absence": _absence, "condition": _condition,
    "authority": _condition, "separation": _separation, "interval": _interval, "recurrence": _recurrence,
    "aggregate": _aggregate,
}  # fmt: skip
