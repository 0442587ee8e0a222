"""What a rule sees: the events of one case, or of the whole family of cases, indexed by type.

A :class:`Family` is built once from the ordered events of a case family and is then only read. Terms of
office (who was the handler when) and spans (when the clock stood still, what was under control) are worked
out when a rule first asks for them; what opens and closes them is data of the vocabulary.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from attrs import define, field

from execcheck.calendars import Calendar
from execcheck.case_numbers import parse
from execcheck.events import Day, Event, Month
from execcheck.order import before, certainly_before, insert_event
from execcheck.terms import Definitions, Pairs, Span, SpanDefinition, Tenure
from execcheck.vocabulary import MISSING

Duties = Callable[[tuple[str, ...], Event, "Family"], "Day | None"]
"""The due day of the duty that ran at an event under one of some rules, in a family."""
NEVER: Final[Day] = date.max.toordinal() + 1
"""A day that does not come."""


def _no_duties(rules: tuple[str, ...], event: Event, family: Family) -> Day | None:
    return None


@define(eq=False, slots=False)
class View:
    """Events in order, by type; ``of`` and ``latest_before`` are all a rule needs."""

    family: Family
    events: list[Event]
    by_type: dict[str, list[Event]]
    _spans: dict[str, tuple[tuple[Span, ...], Day]] = field(factory=dict, init=False, repr=False)
    _merged: dict[Sequence[str], Sequence[Event]] = field(factory=dict, init=False, repr=False)
    _carrying: dict[tuple[str, str], dict[str | None, list[Event]]] = field(factory=dict, init=False, repr=False)

    def of(self, kind: str) -> Sequence[Event]:
        """The events of a type, in order."""
        return self.by_type.get(kind, ())

    def of_any(self, kinds: Sequence[str]) -> Sequence[Event]:
        """The events of several types (a tuple), in order."""
        found = self._merged.get(kinds)
        if found is None:
            known = [kind for kind in dict.fromkeys(kinds) if kind in self.by_type]
            found = (
                self.of(known[0]) if len(known) == 1 else [e for e in self.events if e.type in known] if known else ()
            )
            self._merged[kinds] = found
        return found

    def latest_before(self, event: Event, kinds: Sequence[str], per: str | None) -> Event | None:
        """The latest other event of some types at or before ``event``, on its object where ``per`` names a kind."""
        among = self.by_type.get(kinds[0], ()) if len(kinds) == 1 else self.of_any(kinds)
        for other in reversed(among):
            if other is event or not before(other, event):
                continue
            if per is None or other.objects.get(per) == event.objects.get(per):
                return other
        return None

    def carrying(self, name: str, kind: str, object_id: str, types: frozenset[str]) -> Sequence[Event]:
        """The events about an object that carry a data field of their types, in order."""
        found = self._carrying.get((name, kind))
        if found is None:
            found = self._carrying[name, kind] = {}
            for event in self.events:
                if name in event.data and event.type in types:
                    found.setdefault(event.objects.get(kind), []).append(event)
        return found.get(object_id, ())

    def spans(self, name: str) -> tuple[Span, ...]:
        """The spans of a kind, in the order of their opening."""
        family = self.family
        found = self._spans.get(name)
        if found is None:
            asked, family.changes_on = family.changes_on, NEVER
            found = self._spans[name] = _spans(self, family.definitions.spans[name]), family.changes_on
            family.changes_on = asked
        spans, changes_on = found
        family.changes_on = min(family.changes_on, changes_on)
        return spans

    def insert(self, event: Event) -> None:
        """Take one more event in its place; what was worked out is worked out anew."""
        insert_event(self.events, event)
        insert_event(self.by_type.setdefault(event.type, []), event)
        self._merged.clear()
        self._carrying.clear()
        for name in self.family.definitions.spans_of.get(event.type, ()):
            self._spans.pop(name, None)

    def forget_spans(self) -> None:
        """Work out spans anew, because a day has passed."""
        self._spans.clear()


@define(eq=False, slots=False)
class Family:
    """The events of a case family, as seen on the day of observation ``now``.

    ``changes_on`` is the soonest day on which an answer given so far may turn out otherwise, only because time
    has passed (:meth:`over` keeps it).
    """

    view: View = field(init=False)
    cases: dict[str, View] = field(init=False)
    definitions: Definitions
    now: Day
    related: Callable[[str], Family | None]
    calendar: Calendar = field(factory=Calendar.load, repr=False)
    duties: Duties = _no_duties
    exact: bool = True  # no event is known only by its month
    changes_on: Day = NEVER
    _types: dict[str, str] = field(factory=dict, init=False, repr=False)
    _tenures: dict[str, tuple[Tenure, ...]] = field(factory=dict, init=False, repr=False)

    @classmethod
    def of(
        cls,
        events: list[Event],
        definitions: Definitions,
        now: Day,
        related: Callable[[str], Family | None] = lambda case: None,
        calendar: Calendar | None = None,
        duties: Duties | None = None,
    ) -> Family:
        """Index ordered events; ``related`` finds the family of another case by its number."""
        exact = Month not in {type(event.time) for event in events}
        family = cls(definitions, now, related, calendar or Calendar.load(), duties or _no_duties, exact)
        family.view = view = _view(family, events)
        named = {event.case for event in events}
        family.cases = dict.fromkeys(named, view) if len(named) == 1 else _by_case(family, events)
        return family

    def over(self, day: Day) -> bool:
        """Whether a day has passed; every rule asks here, so that it is known when to ask again."""
        if self.now > day:
            return True
        self.changes_on = min(self.changes_on, day + 1)
        return False

    def insert(self, event: Event) -> None:
        """Take one more event of a known case."""
        own = self.cases[event.case]
        if own is not self.view:
            own.insert(event)
        self.view.insert(event)
        if event.type == self.definitions.cases.opened_by:
            self._types.clear()
        for name in self.definitions.offices_of.get(event.type, ()):
            self._tenures.pop(name, None)

    def fork(self) -> Family:
        """A twin with the same events."""
        return Family.of(
            self.view.events.copy(), self.definitions, self.now, self.related, self.calendar, self.duties
        )  # fmt: skip

    def pass_to(self, day: Day) -> None:
        """Let time pass."""
        self.now = day
        self.view.forget_spans()
        if len(self.cases) > 1:
            for view in self.cases.values():
                view.forget_spans()

    def dissolve(self) -> None:
        """Let go of the events: a family and its views hold each other, and nothing collects such cycles in time."""
        for view in {id(view): view for view in (self.view, *self.cases.values())}.values():
            del view.family
        del self.related

    def case(self, number: str) -> View:
        """The events of one case of the family (none where the log has none)."""
        return self.cases.get(number) or _view(self, [])

    def case_type(self, number: str) -> str:
        """执, 执恢, 执异 …: by case.filed, else by the case number, else 执."""
        found = self._types.get(number)
        if found is None:
            cases = self.definitions.cases
            filings = self.case(number).of(cases.opened_by)
            filed = next((e.data[cases.type_field] for e in filings if cases.type_field in e.data), None)
            parsed = parse(number)
            found = filed or (parsed.type if parsed is not None and parsed.type else cases.default_type)
            self._types[number] = found
        return found

    def province(self, number: str) -> frozenset[str]:
        """How the province of the court may be spelt; nothing where the case number does not tell it."""
        parsed = parse(number)
        return self.definitions.cases.provinces.get((parsed.region or "") if parsed else "", frozenset())

    def filed(self, number: str, name: str) -> Any:
        """A data field of the case's own filing, else what its absence means, else MISSING."""
        cases = self.definitions.cases
        said = [event.data[name] for event in self.case(number).of(cases.opened_by) if name in event.data]
        return said[-1] if said else cases.defaults.get(name, MISSING)

    def due_of(self, rules: tuple[str, ...], event: Event) -> Day | None:
        """The due day of the duty that ran at an event under one of these rules; None where none is known."""
        return self.duties(rules, event, self)

    def tenures(self, office: str) -> tuple[Tenure, ...]:
        """Who was named to an office by which event, in order."""
        found = self._tenures.get(office)
        if found is None:
            definition = self.definitions.offices[office]
            found = self._tenures[office] = tuple(
                Tenure(event, event.data[definition.held_by], doubt)
                for event, doubt in _possible(self.view, definition.named_in)
                if definition.held_by in event.data
            )
        return found

    def holders_at(self, office: str, event: Event) -> Mapping[str, tuple[str, ...]]:
        """Who may have held the office at an event: the last one named before it, and what leaves that open.

        Several where the log does not tell the order of that day, or whether somebody was named to the office
        at all: then with the fields that would tell.
        """
        holders: dict[str, tuple[str, ...]] = {}
        for tenure in self.tenures(office):
            if not tenure.doubt and (tenure.event is event or certainly_before(tenure.event, event)):
                holders = {tenure.person: ()}
            elif before(tenure.event, event):
                holders.setdefault(tenure.person, tenure.doubt)
        return holders

    def successors(self, number: str) -> frozenset[str]:
        """The case and the cases in which it was taken up again (by ``original_case`` or ``new_case``)."""
        cases, found = self.definitions.cases, {number}
        while True:
            more = {case for case in self.cases if self._continues(case, found)} | {
                event.data[cases.resumed_as]
                for case in found
                for event in self.case(case).of(cases.resumed_by)
                if cases.resumed_as in event.data
            }
            if more <= found:
                return frozenset(found)
            found |= more

    def _continues(self, case: str, earlier: set[str]) -> bool:
        cases = self.definitions.cases
        if self.case_type(case) != cases.resumed_type:
            return False
        return any(event.data.get(cases.parent) in earlier for event in self.case(case).of(cases.opened_by))

    def ended(self, number: str, event: Event) -> bool:
        """Whether the case is over, or was over already at the event without having been taken up again."""
        cases, view = self.definitions.cases, self.case(number)
        resumed = [e for e in view.of(cases.resumed_by) if before(e, event)]
        endings = [e for kind in cases.ended_by for e in view.of(kind)]
        return any(not any(before(ending, again) for again in resumed) for ending in endings)


def _by_case(family: Family, events: list[Event]) -> dict[str, View]:
    grouped: dict[str, list[Event]] = {}
    for event in events:
        grouped.setdefault(event.case, []).append(event)
    return {case: _view(family, own) for case, own in grouped.items()}


def _view(family: Family, events: list[Event]) -> View:
    by_type: dict[str, list[Event]] = {}
    for event in events:
        found = by_type.get(event.type)
        if found is None:
            by_type[event.type] = [event]
        else:
            found.append(event)
    return View(family, events, by_type)


def _possible(view: View, pairs: Pairs) -> list[tuple[Event, tuple[str, ...]]]:
    """The events that match or may match, in order, with the fields that leave it open."""
    wanted = dict(pairs)
    found: list[tuple[Event, tuple[str, ...]]] = []
    for event in view.of_any(tuple(wanted)):
        check = wanted[event.type]
        answer = True if check is None else check(event, view)
        if answer is not False:
            found.append((event, () if answer is True else answer))
    return found


def _spans(view: View, definition: SpanDefinition) -> tuple[Span, ...]:
    found: list[Span] = []
    closings: list[Event] | None = None
    for kind, check in definition.opens:
        for event in view.of(kind):
            answer = True if check is None else check(event, view)
            if answer is not False:
                if closings is None:
                    closings = [other for other, doubt in _possible(view, definition.closes) if not doubt]
                found.append(_span(view, definition, event, closings, () if answer is True else answer))
    return tuple(sorted(found, key=lambda span: span.opening.day))


def _span(
    view: View, definition: SpanDefinition, opening: Event, closings: Iterable[Event], doubtful: tuple[str, ...]
) -> Span:
    closing, nameless = None, None  # type: Event | None, Event | None
    for event in closings:
        if _closes(definition, opening, event):
            if definition.link is None or event.objects.get(definition.link) == opening.objects.get(definition.link):
                closing = event
                break
            nameless = nameless or event
    end = None if closing is None else closing.day
    until = opening.data.get(definition.until) if definition.until else None
    if isinstance(until, date) and (end is None or until.toordinal() < end) and view.family.over(until.toordinal() - 1):
        end = until.toordinal()
    about = opening.objects.get(definition.object) if definition.object else None
    return Span(opening, about, closing, end, doubtful, nameless, definition.link)


def _closes(definition: SpanDefinition, opening: Event, event: Event) -> bool:
    if event is opening or not before(opening, event):
        return False
    if event.type in definition.own_case and event.case != opening.case:
        return False
    own = event.objects.get(definition.link) if definition.link else None
    if own is not None and own != opening.objects.get(definition.link or ""):
        return False
    if definition.match is None:
        return True
    one, other = opening.data.get(definition.match), event.data.get(definition.match)
    return one is None or other is None or bool(one == other)
