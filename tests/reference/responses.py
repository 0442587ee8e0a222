"""``response``: after each trigger something must follow, on the same object and in time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from attrs import evolve

from execcheck.events import Event
from execcheck.policy import Response, Trigger
from reference import asking, duties, spans
from reference.duties import Duty, Found
from reference.ordering import before, day, in_order, instant, is_instant, surely_before
from reference.said import INCONCLUSIVE, Known, NotCovered, Verdict, some
from reference.values import Gap, read
from reference.world import Sight


def judge(rule: Response, trigger: Trigger, event: Event, sight: Sight) -> Iterator[Verdict]:
    """What becomes of the duties of one trigger."""
    if rule.for_each is None:
        duty = duty_of(rule, trigger, event, sight)
        if rule.per is not None and duty.about is None:
            yield INCONCLUSIVE
            return
        found = [duty]
    else:
        found = list(_for_each(duty_of(rule, trigger, event, sight)))
    for duty in found:
        verdict = _judged(duty)
        if verdict is not None:
            yield evolve(verdict, object=duty.about)


def duty_of(rule: Response, trigger: Trigger, event: Event, sight: Sight) -> Duty:
    """The duty of a trigger: owed in the case that ``follow`` names, else in its own."""
    case, place, whole = event.case, sight, sight
    if trigger.follow is not None:
        case = str(event.data.get(trigger.follow, event.case))
        place = sight.case(case)
    elif any(other.follow for other in rule.when):
        place = whole = sight.case(case)
    about = None if rule.per is None or rule.per not in event.objects else (rule.per, event.objects[rule.per])
    return Duty(rule, trigger, event, case, place, whole, about)


def _for_each(duty: Duty) -> Iterator[Duty]:
    """One duty for each object in a span at the trigger, or for each name in a list of the case's own events."""
    each, event = duty.rule.for_each, duty.event
    assert each is not None
    if each.span is not None:
        among = [s for s in spans.spans(each.span, duty.place.whole()) if s.object and spans.covers(s, event)]
        for name in dict.fromkeys(s.object for s in among):
            sure: Known = some(
                [True if s.sure and not s.perhaps_closed(event) else None for s in among if s.object == name]
            )
            yield evolve(duty, about=(each.object, str(name)), sure=sure)
        return
    sources = duty.place.case(event.case).of(each.event_type or "")
    names = [name for source in sources for name in source.data.get(each.field or "", ())]
    for name in dict.fromkeys(names):
        yield evolve(duty, about=(each.object, name))
    if not names:
        yield evolve(duty, about=None)


def _judged(duty: Duty) -> Verdict | None:
    rule = duty.rule
    if rule.before:
        return _until_closing(duty)
    if duty.path is not None:
        if rule.stops or rule.without or rule.counts_from or rule.restarted_by or rule.not_before or rule.earliest:
            raise NotCovered("a due day of the data with other keys about the clock")
        stated = duties.stated(duty, duty.path)
        if stated is None:
            owed = not rule.provided or duty.on_object(rule.provided, after=False)
            return INCONCLUSIVE if owed else None
        return _by(duty, duties.extended(duty, stated), acts(duty, None), None)
    return _within(duty)


def _within(duty: Duty) -> Verdict | None:
    rule, now = duty.rule, duty.place.world
    if rule.extended_by is not None and rule.extended_by.even_late:
        duty = duties.until(duty, duties.first_act(acts(duty, None)))
    first = duties.start(duty, acts(duty, None))
    if first is None:
        return INCONCLUSIVE
    if rule.without:
        if not now.over(first):
            return None
        prevented = [sure for e, sure in duty.on_object(rule.without, after=True) if day(e) <= first]
        if True in prevented:
            return None
        duty = evolve(duty, sure=None if None in prevented else duty.sure)
    if duty.period().unit == "h" and first != day(duty.event):
        raise NotCovered("a period in hours that does not count from the trigger")
    found = _by(duty, duties.due(duty, first), acts(duty, first), first)
    if found is not None and found.verdict == "violated" and rule.stops:
        # Stops of which the log does not tell: the breach is established only if it is one with them, too.
        kinder = _by(duty, duties.due(duty, first, doubtful=True), acts(duty, first), first)
        if kinder is None or kinder.verdict != "violated":
            return INCONCLUSIVE
    return found


def acts(duty: Duty, first: date | None) -> Found:
    """The events that meet the duty, or may, in order; ``first`` is the day from which the period counts."""
    rule = duty.rule
    if rule.reaching is not None:
        among = {event.id: (event, sure) for event, sure in _reaching(duty)}
        return [among[event.id] for event in in_order(event for event, _ in among.values())]
    found = []
    for event, sure in duty.on_object(rule.then, after=not rule.or_earlier):
        if _matches(duty, event) and (first is None or duties.early_enough(duty, event, first)):
            found.append((event, sure))
    return found


def _matches(duty: Duty, event: Event) -> bool:
    """The fields agree with the trigger, where both carry them."""
    for name, path in duty.rule.match:
        wanted = read(path, duty.event, duty.place, duty.rule.per)
        if not isinstance(wanted, Gap) and event.data.get(name, wanted) != wanted:
            return False
    return True


def _reaching(duty: Duty) -> Iterator[tuple[Event, Known]]:
    """The part with which the sum is reached (earlier parts count), and what meets the duty alone."""
    reaching, total = duty.rule.reaching, Decimal(0)
    assert reaching is not None
    sources = [e for e, sure in _about(duty, reaching.of) if sure]
    sources = [e for e in sources if e is duty.event or before(e, duty.event)] or sources
    amounts = [e.data.get(reaching.field) for e in sources]
    needed = None if not amounts or None in amounts else sum(a for a in amounts if a is not None)
    parts = {kind for selector in reaching.each for kind in selector.types}
    for event, sure in _about(duty, reaching.each):
        amount = event.data.get(reaching.field)
        if not sure or amount is None or needed is None:
            yield event, None
            continue
        total += amount
        if total >= needed:
            yield event, True
            break
    for event, sure in duty.on_object(duty.rule.then, after=True):
        if event.type not in parts:
            yield event, sure


def _about(duty: Duty, selectors: tuple[object, ...]) -> Found:
    return asking.meant(selectors, duty.place, duty.rule.per, duty.about)  # type: ignore[arg-type]


# --- verdicts -------------------------------------------------------------------------------------


def _by(duty: Duty, due: date | None, found: Found, first: date | None) -> Verdict | None:
    """The verdict when the due day is known (None: the clock stands still)."""
    rule, world = duty.rule, duty.place.world
    owed = duty.sure
    if rule.provided:
        last = world.now if due is None else due
        conditions = [sure for e, sure in duty.on_object(rule.provided, after=False) if day(e) <= last]
        if True not in conditions:
            return None
    in_time = [(e, sure) for e, sure in found if _in_time(duty, e, due, first)]
    late = [e for e, sure in found if sure and not _in_time(duty, e, due, first)]
    ended = [(e, sure) for e, sure in duty.on_object(rule.unless, after=True) if due is None or day(e) <= due]
    answers = [sure for _, sure in (*in_time, *ended)]
    if True in answers:
        return Verdict("satisfied", due)
    if not late and (due is None or not world.over(due)):
        return Verdict("pending", due)
    if None in answers or owed is None:
        return INCONCLUSIVE
    return Verdict("violated", due, min(late, key=day, default=None))


def _in_time(duty: Duty, event: Event, due: date | None, first: date | None) -> bool:
    if duty.rule.or_earlier and before(event, duty.event):
        return True
    if first is not None:
        period = duty.period()
        if period.unit == "h" and is_instant(event) and is_instant(duty.event):
            return instant(event) - instant(duty.event) <= timedelta(hours=period.count)
    return due is None or day(event) <= due


def _until_closing(duty: Duty) -> Verdict:
    """Before the first closing event that certainly came after the trigger."""
    rule = duty.rule
    closing = _closing(duty)
    answers, late = [], []
    for event, sure in acts(duty, None):
        if closing is None or before(event, closing):
            answers.append(sure)
        elif sure:
            late.append(event)
    for event, sure in duty.on_object(rule.unless, after=True):
        if closing is None or before(event, closing):
            answers.append(sure)
    if True in answers:
        return Verdict("satisfied")
    if closing is None:
        return Verdict("pending")
    if None in answers or duty.sure is None:
        return INCONCLUSIVE
    return Verdict("violated", day(closing), min(late, key=day, default=None))


def _closing(duty: Duty) -> Event | None:
    """Of the duty's own case; where the rule sees the family, also of a case in which it was taken up again."""
    cases = {duty.case} if duty.rule.scope == "case" else duty.place.taken_up_in(duty.case)
    for event, sure in asking.meant(duty.rule.before, duty.place, duty.rule.per, None):
        if sure and event.case in cases and surely_before(duty.event, event):
            return event
    return None
