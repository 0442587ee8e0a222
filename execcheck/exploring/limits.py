"""Limits that differ for the same duty: what one instrument gives thirty days for and another ten."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import combinations

from execcheck.calendars import Calendar
from execcheck.clauses import Selector
from execcheck.defects import Defect
from execcheck.durations import Day, Period
from execcheck.exploring.overlaps import in_force_together, shared_types
from execcheck.lawbook import Law
from execcheck.periods import due_day
from execcheck.policy import Aggregate, Interval, Precedence, Recurrence, Response, Rule

DAYS = range(date(2023, 1, 1).toordinal(), date(2024, 1, 1).toordinal())
"""Days from which two periods are counted to see which of them ends first."""


def differing_limits(law: Law, calendar: Calendar) -> Iterator[Defect]:
    """Pairs of rules of different packs about the same trigger and act whose limits differ."""
    for one, other in combinations(law.rules.values(), 2):
        if one.kind != other.kind or one.pack.name == other.pack.name or one.per != other.per:
            continue
        if not in_force_together(one, other) or _counts_from(one) != _counts_from(other):
            continue
        if not set(shared_types(acts_of(one), acts_of(other), law.vocabulary)):
            continue
        for limit, against, longer in _limits(one, other, law):
            if limit != against:
                yield _note(one, other, limit, against, longer, calendar)
                break


def _limits(one: Rule, other: Rule, law: Law) -> Iterator[tuple[Period, Period, bool]]:
    """The limits of both rules for triggers that can be the same event; whether of two the longer is the stricter."""
    for first in one.when:
        for second in other.when:
            if any(shared_types([first.selector], [second.selector], law.vocabulary)):
                within, against = first.within or one.within, second.within or other.within
                if within is not None and against is not None:
                    yield within.latest, against.latest, isinstance(one, Interval)
                if isinstance(one, Precedence) and isinstance(other, Precedence):
                    yield from _distances(one, other)


def _distances(one: Precedence, other: Precedence) -> Iterator[tuple[Period, Period, bool]]:
    least = [period for period in (one.at_least, *(need.at_least for need in one.needs)) if period is not None]
    against = [period for period in (other.at_least, *(need.at_least for need in other.needs)) if period is not None]
    if least and against:
        yield least[0], against[0], True


def _counts_from(rule: Rule) -> object:
    return rule.counts_from if isinstance(rule, Response) else None


def acts_of(rule: Rule) -> tuple[Selector, ...]:
    """The events that a rule measures from its trigger: what is owed, or what had to come before."""
    if isinstance(rule, (Response, Recurrence)):
        return rule.then
    if isinstance(rule, Precedence):
        return tuple(need.selector for need in rule.needs)
    if isinstance(rule, Interval):
        return rule.after
    return rule.total.over if isinstance(rule, Aggregate) else ()


def _note(one: Rule, other: Rule, limit: Period, against: Period, longer: bool, calendar: Calendar) -> Defect:
    by = next((a for a, b in ((one, other), (other, one)) if b.id in a.restates), None)
    zh, en = _stricter(one, other, limit, against, longer, calendar)
    said_zh = f"{by.id} 已写明并代另一条" if by else "两条都未写明并代（restates）"
    said_en = f"{by.id} restates the other" if by else "neither restates the other"
    return Defect(
        one.place, "differing-limits",
        f"{_cited(one, 'zh')}定 {limit}，{_cited(other, 'zh')}定 {against}：{zh}；{said_zh}",
        f"{_cited(one, 'en')} gives {limit}, {_cited(other, 'en')} {against}: {en}; {said_en}", note=True,
    )  # fmt: skip


def _cited(rule: Rule, lang: str) -> str:
    articles = ", ".join(rule.articles)
    mark = " *" if rule.reference_limit else ""
    return f"{rule.id}（{articles}）{mark}" if lang == "zh" else f"{rule.id} ({articles}){mark}"


def _stricter(
    one: Rule, other: Rule, limit: Period, against: Period, longer: bool, calendar: Calendar
) -> tuple[str, str]:
    """Which of the two binds, counted from every day of a year."""
    ends = [(_end(limit, day, calendar), _end(against, day, calendar)) for day in DAYS]
    if all(first <= second for first, second in ends):
        name = other.id if longer else one.id
    elif all(first >= second for first, second in ends):
        name = one.id if longer else other.id
    else:
        return "何者更严因日而异", "which of them binds depends on the day"
    return f"{name} 更严", f"{name} binds"


def _end(period: Period, day: Day, calendar: Calendar) -> Day:
    return due_day(calendar, day, period) or day
