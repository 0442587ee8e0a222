"""Stretches of time between two events, as the vocabulary defines them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from attrs import frozen

from execcheck.clauses import Selector
from execcheck.events import Event
from execcheck.rule_forms import Form
from execcheck.rule_syntax import Syntax
from execcheck.vocabulary import Vocabulary
from reference import asking
from reference.ordering import before, day, surely_before
from reference.said import Known, every, some
from reference.world import Sight


@frozen
class Kind:
    """What opens and closes a kind of span."""

    opens: tuple[Selector, ...]
    closes: tuple[Selector, ...]
    object: str | None
    link: str | None
    match: str | None
    until: str | None
    own_case: tuple[str, ...]


@frozen
class Span:
    """One span; ``end`` is the first day that counts again, None while it is open."""

    opening: Event
    object: str | None
    closing: Event | None
    end: date | None
    sure: Known  # None: the log does not tell whether it opened
    nameless: tuple[Event, ...] = ()  # events that may have closed it, for they do not say what they close

    def perhaps_closed(self, event: Event) -> bool:
        """Whether one of those may have closed it by the time of an event."""
        return any(before(one, event) for one in self.nameless)


def kind_of(name: str, vocabulary: Vocabulary) -> Kind:
    """The definition in the vocabulary."""
    written: Mapping[str, Any] = vocabulary.extra["spans"][name]
    assert vocabulary.document is not None
    form, syntax = Form(vocabulary.document, ("spans", name), written, []), Syntax(vocabulary, {})
    return Kind(
        syntax.selectors(form, "from"), syntax.selectors(form, "to"), written.get("object"), written.get("link"),
        written.get("match"), written.get("until"), tuple(_list(written.get("own_case"))),
    )  # fmt: skip


def _list(value: Any) -> list[str]:
    return [] if value is None else value if isinstance(value, list) else [value]


def spans(name: str, sight: Sight) -> list[Span]:
    """All spans of a kind that a rule sees, in order."""
    kind = kind_of(name, sight.world.law.vocabulary)
    found = []
    for event in sight.events:
        answer = asking.selected(kind.opens, event, sight, None)
        if answer is not False:
            found.append(_span(kind, event, answer, sight))
    return found


def _span(kind: Kind, opening: Event, sure: Known, sight: Sight) -> Span:
    closings: list[Event] = []
    nameless: list[Event] = []
    for event in sight.events:
        if _may_close(kind, opening, event) and asking.selected(kind.closes, event, sight, None) is True:
            named = kind.link is None or event.objects.get(kind.link) == opening.objects.get(kind.link)
            (closings if named else nameless).append(event)
    closing = closings[0] if closings else None
    end = None if closing is None else day(closing)
    until = opening.data.get(kind.until) if kind.until else None
    if isinstance(until, date) and sight.world.now >= until and (end is None or until < end):
        end = until
    about = opening.objects.get(kind.object) if kind.object else None
    return Span(opening, about, closing, end, sure, tuple(nameless))


def _may_close(kind: Kind, opening: Event, event: Event) -> bool:
    if event is opening or not before(opening, event):
        return False
    if event.type in kind.own_case and event.case != opening.case:
        return False
    link = event.objects.get(kind.link) if kind.link else None
    if link is not None and link != opening.objects.get(kind.link or ""):
        return False
    if kind.match is None:
        return True
    one, other = opening.data.get(kind.match), event.data.get(kind.match)
    return one is None or other is None or bool(one == other)


def during(name: str, event: Event, sight: Sight) -> Known:
    """A span about the event's own object certainly had begun and had not ended."""
    about = kind_of(name, sight.world.law.vocabulary).object
    own = event.objects.get(about) if about is not None else None
    answers = []
    for span in spans(name, sight):
        same: Known = True if about is None else None if own is None else span.object == own
        ended = span.closing is not None and before(span.closing, event)
        lapsed = span.closing is None and span.end is not None and span.end <= day(event)
        runs = surely_before(span.opening, event) and not ended and not lapsed
        open_end: Known = None if span.perhaps_closed(event) else True
        answers.append(every([same, runs, span.sure, open_end]))
    return some(answers)


def covers(span: Span, event: Event) -> bool:
    """Whether the span had begun and not ended at the event; in doubt it had begun, and had ended."""
    if span.opening is not event and not before(span.opening, event):
        return False
    return span.closing is None or not before(span.closing, event)
