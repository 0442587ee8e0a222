"""Who acted, who decided, who approved, who held an office."""

from __future__ import annotations

from datetime import datetime

from attrs import frozen

from execcheck.clauses import ApprovalTest, PanelTest
from execcheck.events import Approval, Event
from reference import asking
from reference.ordering import COURT, day, is_instant, surely_before
from reference.periods import due_day
from reference.said import Known, every, some
from reference.world import Sight


def panel(test: PanelTest, event: Event) -> Known:
    """Distinct members: at least so many, an odd number, all quota judges. No panel is an empty one."""
    members = event.panel or ()
    known = {member.id for member in members if member.id is not None}
    nameless = [member for member in members if member.id is None]
    # A member without an id may be one of the others, if the source lists people twice: every size is possible.
    sizes = range(max(len(known), 1 if members else 0), len(known) + len(nameless) + 1)
    fitting = [size >= test.least and (size % 2 == 1 or not test.odd) for size in sizes]
    size: Known = True if all(fitting) else None if any(fitting) else False
    judges = every([member.quota_judge for member in members]) if test.quota_judges else True
    return every([size, judges])


def approved(test: ApprovalTest, event: Event) -> Known:
    """Somebody of the role, other than the actor where the actor is known, approved in time."""
    return some([_approves(test, approval, event) for approval in event.approvals or ()])


def _approves(test: ApprovalTest, approval: Approval, event: Event) -> Known:
    actor = event.actor.id if event.actor is not None else None
    if actor is not None and approval.id == actor:
        return False
    if not _in_time(test, approval, event):
        return False
    return None if approval.role is None else approval.role == test.role


def _in_time(test: ApprovalTest, approval: Approval, event: Event) -> bool:
    """No later than the act, or so long after it; without a time it counts as given with the act."""
    given = approval.time
    if given is None:
        return True
    on = given.astimezone(COURT).date() if isinstance(given, datetime) else given
    if test.by is not None:
        last = due_day(day(event), test.by)
        if last is not None and on <= last:
            return True
    if on == day(event) and isinstance(given, datetime) and is_instant(event):
        return given <= _instant(event)
    return on <= day(event)


def _instant(event: Event) -> datetime:
    assert isinstance(event.time, datetime)
    return event.time


# --- offices ----------------------------------------------------------------------------------------


@frozen
class Named:
    """Somebody is named to an office by an event; ``sure`` is None where that is open."""

    event: Event
    person: str
    sure: Known


def named_to(office: str, sight: Sight) -> list[Named]:
    """Everybody named to an office in the family, in order."""
    definition = sight.world.law.definitions.offices[office]
    found = []
    for event in sight.family:
        answer = asking.selected(definition.selectors, event, sight.whole(), None)
        if answer is not False and definition.held_by in event.data:
            found.append(Named(event, event.data[definition.held_by], answer))
    return found


def other_team(office: str, event: Event, sight: Sight) -> Known:
    """The actor's team is given, and no holder of the office ever had acted in it before."""
    team = event.actor.team if event.actor is not None else None
    if team is None:
        return False
    acted = {
        other.actor.id for other in sight.family
        if other.actor is not None and other.actor.team == team and surely_before(other, event)
    }  # fmt: skip
    holders = [one.sure for one in named_to(office, sight) if one.person in acted]
    return False if True in holders else None if holders else True


def teams_of(person: str, events: tuple[Event, ...]) -> set[str]:
    """The teams in which somebody acted."""
    return {e.actor.team for e in events if e.actor is not None and e.actor.id == person and e.actor.team is not None}
