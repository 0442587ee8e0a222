"""One duty under a response rule: what it is about, when it is due, and what moves its due day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from attrs import evolve, frozen

from execcheck.clauses import Path
from execcheck.durations import Period
from execcheck.events import Event
from execcheck.policy import Response, Trigger
from reference import asking, spans
from reference.ordering import before, day, in_order, surely_before
from reference.periods import due_day, earlier, later
from reference.said import Known, NotCovered
from reference.world import Sight
from reference_periods import Stopped

Found = list[tuple[Event, Known]]


@frozen
class Duty:
    """A trigger, the object it is about (kind and id), and where it is to be met."""

    rule: Response
    trigger: Trigger
    event: Event
    case: str
    place: Sight  # where it is met
    whole: Sight  # where stops and extensions are looked up
    about: tuple[str, str] | None
    sure: Known = True  # None: the log does not tell whether the duty arose
    act: Event | None = None  # only what had moved the due day before this event counts

    @property
    def path(self) -> Path | None:
        """Where the due day is read, for a duty due on a date of the data."""
        return self.trigger.due_on or self.rule.due_on

    def period(self) -> Period:
        """The period in force on the day of the trigger."""
        within = self.trigger.within or self.rule.within
        assert within is not None
        return within.of(day(self.event).toordinal())

    def on_object(self, selectors: Sequence[object], *, after: bool) -> Found:
        """Events that are meant or may be, on the same object; with ``after`` only those at or after the trigger."""
        found = asking.meant(selectors, self.place, self.rule.per, self.about)  # type: ignore[arg-type]
        return [(e, sure) for e, sure in found if e is not self.event and (not after or before(self.event, e))]


# --- the first day --------------------------------------------------------------------------------


def start(duty: Duty, acts: Found) -> date | None:
    """The day from which the period counts; None where the log lacks it."""
    rule, first = duty.rule, day(duty.event)
    if rule.restarted_by:
        act = first_act(acts)
        for again, sure in duty.on_object(rule.restarted_by, after=True):
            if sure and (act is None or before(again, act)):
                first = max(first, day(again))
    if rule.not_before:
        own = [e for e in duty.place.case(duty.event.case).events if _is(rule.not_before, e, duty)]
        among = own or [e for e in duty.place.family if _is(rule.not_before, e, duty)]
        if among:
            first = max(first, min(day(e) for e in among))
    counts = rule.counts_from
    if counts is None:
        return first
    if counts.period is not None:
        return later(first, counts.period)
    named = duty.event.data.get(counts.field or "")
    return named if isinstance(named, date) else None


def first_act(acts: Found) -> Event | None:
    """The first event that certainly meets the duty, early or late."""
    found = in_order(event for event, sure in acts if sure)
    return found[0] if found else None


def _is(selectors: Sequence[object], event: Event, duty: Duty) -> bool:
    return asking.selected(selectors, event, duty.place.whole(), duty.rule.per) is True  # type: ignore[arg-type]


def early_enough(duty: Duty, event: Event, first: date) -> bool:
    """Whether an act came no earlier than the rule lets it count, before the day from which the period counts."""
    least = duty.rule.earliest.get(event.type) or duty.rule.earliest.get("*")
    return least is None or day(event) >= earlier(first, least)


# --- the due day ----------------------------------------------------------------------------------


def due(duty: Duty, first: date, *, doubtful: bool = False) -> date | None:
    """The due day of a period counted from a day; None while the clock stands still.

    Stops of which the log does not tell whether they began count with ``doubtful``.
    """
    period, stops = duty.period(), tuple(_stops(duty, doubtful))
    if period.unit == "h" and (stops or duty.rule.stops):
        raise NotCovered("a period in hours that may be stopped")
    plain = due_day(first, period, stops)
    extension = duty.rule.extended_by
    if extension is None or extension.within is None:
        return extended(duty, plain)
    granted = _granted(duty)
    if any(extension.even_late or plain is None or day(e) <= plain for e in granted):
        return due_day(first, extension.within, stops)
    return plain


def extended(duty: Duty, found: date | None) -> date | None:
    """The due day replaced by each extension granted on or before the day that it replaces."""
    if duty.rule.extended_by is None:
        return found
    for event in _granted(duty):
        until = event.data.get("until")
        if isinstance(until, date) and (found is None or day(event) <= found):
            found = until
    return found


def _stops(duty: Duty, doubtful: bool) -> Iterator[Stopped]:
    for name in duty.rule.stops:
        kind = spans.kind_of(name, duty.whole.world.law.vocabulary)
        for span in spans.spans(name, duty.whole):
            own = duty.about[1] if duty.about is not None and duty.about[0] == kind.object else None
            concerned = own is None or span.object == own  # a rule about something else stops for every object
            in_time = duty.act is None or before(span.opening, duty.act)
            if concerned and in_time and (doubtful or span.sure):
                yield day(span.opening), span.end


def _granted(duty: Duty) -> list[Event]:
    """The extensions at or after the trigger, on its object if they name one, in order."""
    assert duty.rule.extended_by is not None
    found = []
    for event in duty.whole.events:
        if asking.selected(duty.rule.extended_by.selectors, event, duty.whole, duty.rule.per) is not True:
            continue
        named = event.objects.get(duty.about[0]) if duty.about else None
        if named is not None and duty.about is not None and named != duty.about[1]:
            continue
        soon_enough = duty.act is None or (event is not duty.act and before(event, duty.act))
        if before(duty.event, event) and soon_enough:
            found.append(event)
    return found


def stated(duty: Duty, path: Path) -> date | None:
    """The due day that the data name: the trigger's, or those of the latest earlier event, as it stood then."""
    if path.root == "data":
        found = duty.event.data.get(path.field)
        return found if isinstance(found, date) else None
    if path.root != "latest":
        raise NotCovered(f"due on {path}")
    earlier_ones = []
    for event in duty.place.events:
        same = duty.about is None or event.objects.get(duty.about[0]) == duty.about[1]
        if event.type in path.event_types and same and event is not duty.event and before(event, duty.event):
            earlier_ones.append(event)
    sure = [e for e in earlier_ones if surely_before(e, duty.event)] or earlier_ones
    found = sure[-1].data.get(path.field) if sure else None
    # A day looked up in an earlier event says nothing once it has passed.
    return found if isinstance(found, date) and found >= day(duty.event) else None


def until(duty: Duty, act: Event | None) -> Duty:
    """The duty, of which only what came before an act has moved the due day."""
    return evolve(duty, act=act)
