"""The due day that another rule had set: as it stood before an event."""

from __future__ import annotations

from datetime import date

from execcheck.events import Event
from execcheck.policy import Response
from reference import asking, duties, responses
from reference.ordering import before, in_order
from reference.world import Sight, sight_of


def due_day_running(rules: tuple[str, ...], event: Event, sight: Sight) -> date | None:
    """Of the first of the rules that tells one, for the latest of its duties in the event's case (and on its object)."""
    for name in rules:
        rule = sight.world.law.book.get(name)
        if isinstance(rule, Response):
            found = _under(rule, event, sight)
            if found is not None:
                return found
    return None


def _under(rule: Response, event: Event, sight: Sight) -> date | None:
    running = []
    for earlier in sight.family:
        if earlier is event or not before(earlier, event):
            continue
        seen = sight_of(rule, earlier, sight.world)
        for trigger in rule.when:
            if asking.selected((trigger.selector,), earlier, sight.whole(), rule.per) is True:
                duty = responses.duty_of(rule, trigger, earlier, seen)
                own = None if rule.per is None else event.objects.get(rule.per)
                same = duty.about is not None and duty.about[1] == own
                if duty.case == event.case and (rule.per is None or same):
                    running.append(duty)
    if not running:
        return None
    last = in_order(duty.event for duty in running)[-1]
    duty = duties.until(next(duty for duty in running if duty.event is last), event)
    if duty.path is not None or rule.before:
        return None
    first = duties.start(duty, responses.acts(duty, None))
    return None if first is None else duties.due(duty, first)
