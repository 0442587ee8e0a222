"""The facts of a violation in words, where only the judge of its kind knows them: persons and totals.

Persons are named as the log names them, with the event that named them; no word says that anybody did wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from attrs import evolve

from execcheck.clauses import Selector
from execcheck.describing import Describer, joined, money
from execcheck.events import Event
from execcheck.labels import span_labels
from execcheck.policy import PERSONS, Aggregate, Bound, Separation, Text, Total
from execcheck.vocabulary import Vocabulary


def persons_text(rule: Separation, vocabulary: Vocabulary, persons: Iterable[str], others: Mapping[str, Event]) -> Text:
    """Who the judged event names, and who was named when by what before (person → event)."""
    words = Describer(vocabulary)
    names = ", ".join(sorted(persons))
    other = rule.other
    parts = [Text(f"本次：{names.replace(', ', '、')}", f"this time: {names}")]
    for person, event in sorted(others.items(), key=lambda item: (item[1].day, item[0])):
        day, label = date.fromordinal(event.day).isoformat(), words.event(event.type)
        if other.office is not None:
            held, at = words.office(other.office), ("时" if other.at else "")
        else:
            source = other.person or ""
            named = words.missing(f"{source}.id") if source in PERSONS else words.labels.field(source)
            parts.append(Text(f"此前（{day} {label.zh}）所载{named.zh}：{person}",
                              f"{named.en} before ({day}, {label.en}): {person}"))  # fmt: skip
            continue
        if other.of is not None:
            parts.append(Text(f"关联案件{event.case}（{day} {label.zh}）的{held.zh}：{person}",
                              f"{held.en} of the related case {event.case} ({day}, {label.en}): {person}"))  # fmt: skip
            continue
        parts.append(Text(f"此前（{day} {label.zh}{at}）的{held.zh}：{person}",
                          f"{held.en} before ({day}, {label.en}): {person}"))  # fmt: skip
    return joined(parts, "；", "; ")


def amounts_text(rule: Aggregate, vocabulary: Vocabulary, total: Decimal, bound: Decimal) -> Text:
    """The total found and the bound, both with their numbers."""
    words = Describer(vocabulary)
    found, unit = _total(words, rule.total), _unit(rule.total)
    first = Text(f"{found.zh} {_number(total, unit).zh}", f"{found.en}: {_number(total, unit).en}")
    limit = _bound(words, rule.bound, bound, unit)
    if limit is None:
        limit = Text(f"应{'不超过' if rule.at_most else '不少于'} {_number(bound, unit).zh}",
                     f"{'at most' if rule.at_most else 'at least'} {_number(bound, unit).en} expected")  # fmt: skip
    return joined([first, limit], "；", "; ")


def _total(words: Describer, total: Total) -> Text:
    over = joined([words.selectors((selector,)) for selector in _each(total)], "、", ", ")
    if total.span is not None:
        spans = words.vocabulary.extra["spans"]
        label, about = span_labels(words.vocabulary)[total.span], spans[total.span].get("object")
        thing = words.vocabulary.objects.get(about)
        over = label if thing is None else Text(f"{label.zh}的{thing.zh}", f"every {thing.en} under {label.en}")
    if total.measure == "count":
        return Text(f"{over.zh}的次数", f"number of {over.en}")
    name = words.missing("actor" if total.field == "actor" else total.field)
    if total.measure == "distinct":
        what = "different persons acting in" if total.field == "actor" else f"different values of {name.en} in"
        return Text(f"{over.zh}的{name.zh}共", f"{what} {over.en}")
    return Text(f"{over.zh}{'的' if total.span is None else ''}{name.zh}合计", f"{name.en} of {over.en}, in all")


def _each(total: Total) -> Iterable[Selector]:
    """The selectors with one event type each, so that a list of them reads as a list."""
    return (evolve(selector, types=(kind,)) for selector in total.over for kind in selector.types)


def _unit(total: Total) -> str:
    if total.measure == "sum":
        return "money"
    if total.measure == "count":
        return "次"
    return "人" if total.field == "actor" else "个"


def _number(amount: Decimal, unit: str) -> Text:
    return money(amount) if unit == "money" else Text(f"{amount} {unit}", str(amount))


def _bound(words: Describer, bound: Bound, amount: Decimal, unit: str) -> Text | None:
    """Where the bound comes from; None where it is a plain number."""
    if bound.total is not None:
        found = _total(words, bound.total)
        return Text(f"{found.zh} {_number(amount, unit).zh}", f"{found.en}: {_number(amount, unit).en}")
    if not bound.latest:
        return None
    field, told = words.labels.field(bound.field), _number(amount, unit)
    if bound.times is None or bound.times == 1:
        return Text(f"{field.zh} {told.zh}", f"{field.en}: {told.en}")
    base = _number(amount / bound.times, unit)
    return Text(f"{field.zh} {base.zh}的 {bound.times} 倍为 {told.zh}",
                f"{bound.times} times the {field.en} of {base.en}: {told.en}")  # fmt: skip
