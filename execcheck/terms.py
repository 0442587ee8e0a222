"""What makes offices, spans of time and families of cases: definitions of a law book, and what a log shows of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from attrs import Factory, frozen

from execcheck.clauses import Path, Selector, parts_of
from execcheck.events import Day, Event
from execcheck.order import before

if TYPE_CHECKING:
    from execcheck.families import View

Check = Callable[[Event, "View"], "bool | tuple[str, ...]"]
Pairs = tuple[tuple[str, Check | None], ...]


@frozen
class OfficeDefinition:
    """Which events name the holder of an office, and in which data field."""

    name: str
    held_by: str
    named_in: Pairs
    selectors: tuple[Selector, ...] = ()  # the same as written


@frozen
class Tenure:
    """Somebody is named to an office; ``doubt`` holds the fields without which that is not certain."""

    event: Event
    person: str
    doubt: tuple[str, ...] = ()


@frozen
class SpanDefinition:
    """What opens and closes a span of time.

    ``link`` is the object kind that ties the closing event to the opening one, ``match`` a data field that
    must agree, ``object`` the object kind the span is about, ``until`` a date field of the opening event on
    which it ends by itself, ``own_case`` the closing types that count only in the opening event's case.
    """

    name: str
    opens: Pairs
    closes: Pairs
    object: str | None = None
    link: str | None = None
    match: str | None = None
    until: str | None = None
    own_case: frozenset[str] = frozenset()
    selectors: tuple[Selector, ...] = ()  # opens and closes as written


@frozen
class Span:
    """One span: from an event to the event (or the day) that ended it; ``end_day`` None while it is open."""

    opening: Event
    object_id: str | None
    closing: Event | None
    end_day: Day | None
    doubtful: tuple[str, ...] = ()  # fields without which the log does not tell whether the span opened
    nameless: Event | None = None  # the first event that may have closed it, for it does not say which one it closes
    link: str | None = None

    @property
    def last_day(self) -> Day | None:
        """The latest day on which it may have ended."""
        closing = self.closing
        return self.end_day if closing is None or closing.day != self.end_day else closing.last

    def perhaps_closed(self, event: Event) -> tuple[str, ...]:
        """The fields without which the log does not tell whether it had ended by an event."""
        return (f"objects.{self.link}",) if self.nameless is not None and before(self.nameless, event) else ()

    def covers(self, event: Event) -> bool:
        """Whether the span had begun and not ended at the event (on the same day in doubt: ended)."""
        if self.opening is not event and not before(self.opening, event):
            return False
        return self.closing is None or not before(self.closing, event)


@frozen
class CaseDefinition:
    """The events that make cases and families of cases, and their data fields."""

    opened_by: str = ""
    type_field: str = ""
    default_type: str = ""
    parent: str = ""
    related: str = ""
    resumed_by: str = ""
    resumed_as: str = ""
    resumed_type: str = ""
    ended_by: tuple[str, ...] = ()
    defaults: Mapping[str, Any] = Factory(dict)  # what a field missing in opened_by means
    provinces: Mapping[str, frozenset[str]] = Factory(dict)  # by the character in case numbers: all spellings

    @property
    def links(self) -> tuple[str, ...]:
        """The data fields that name other cases."""
        return tuple(name for name in (self.parent, self.related, self.resumed_as) if name)


@frozen(slots=False)
class Definitions:
    """The offices, spans and kinds of case of a law book, compiled."""

    offices: Mapping[str, OfficeDefinition]
    spans: Mapping[str, SpanDefinition]
    cases: CaseDefinition

    @cached_property
    def offices_of(self) -> Mapping[str, tuple[str, ...]]:
        """By event type, the offices of which it may name the holder, or change who does."""
        return _by_type(self.offices, self.cases.opened_by)

    @cached_property
    def spans_of(self) -> Mapping[str, tuple[str, ...]]:
        """By event type, the spans that it may open or close, or change what does."""
        return _by_type(self.spans, self.cases.opened_by)


def _by_type(
    definitions: Mapping[str, OfficeDefinition] | Mapping[str, SpanDefinition], filing: str
) -> dict[str, tuple[str, ...]]:
    """By each word in a definition (the event types among them), the names of the definitions that it stands in."""
    named: dict[str, list[str]] = {}
    for name, definition in definitions.items():
        parts = list(parts_of(definition.selectors))
        words = {part for part in parts if isinstance(part, str)}
        if any(isinstance(part, Path) and part.root == "case" for part in parts):
            words.add(filing)
        for word in words:
            named.setdefault(word, []).append(name)
    return {word: tuple(names) for word, names in named.items()}
