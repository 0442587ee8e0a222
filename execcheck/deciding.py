"""Who decided, and when: panels, approvals, teams, spans of time."""

from __future__ import annotations

from datetime import date, datetime

from execcheck.answers import Answer, Check, Missing
from execcheck.clauses import ApprovalTest, PanelTest
from execcheck.events import Event
from execcheck.families import View
from execcheck.order import before, certainly_before
from execcheck.periods import due_day


def panel_check(test: PanelTest) -> Check:
    """The panel's size (in distinct persons), parity and rank; a missing panel is a breach, not a gap."""

    def check(event: Event, view: View) -> Answer:
        panel = event.panel or ()
        known = {member.id for member in panel if member.id is not None}
        nameless = sum(member.id is None for member in panel)  # each may be one of the others, or one more
        sizes = range(max(len(known), min(nameless, 1)), len(known) + nameless + 1)
        fitting = [size >= test.least and (size % 2 == 1 or not test.odd) for size in sizes]
        if not any(fitting):
            return False
        if test.quota_judges:
            ranks = [member.quota_judge for member in panel]
            if False in ranks:
                return False
            if None in ranks:
                return ("panel.quota_judge",)
        return True if all(fitting) else ("panel.id",)

    return check


def approval_check(test: ApprovalTest) -> Check:
    """Somebody of the role approved in time, and is not the actor (where the actor is known)."""
    role, by = test.role, test.by

    def check(event: Event, view: View) -> Answer:
        actor = event.actor.id if event.actor is not None else None
        nameless = False
        for approval in event.approvals or ():
            if approval.role != role and approval.role is not None:
                continue
            if (approval.id is None or approval.id != actor) and (
                approval.time is None
                or approval.day is None
                or _no_later(approval.time, approval.day, event)
                or (by is not None and approval.day <= (due_day(view.family.calendar, event.day, by) or 0))
            ):
                if approval.role == role:
                    return True
                nameless = True
        return ("approvals.role",) if nameless else False

    return check


def _no_later(time: datetime | date, day: int, event: Event) -> bool:
    if day != event.day:
        return day <= event.last
    both_instants = isinstance(time, datetime) and isinstance(event.time, datetime)
    return not both_instants or time <= event.time


def other_team_check(office: str) -> Check:
    """The actor's team is given, and nobody who held the office had acted in it before."""

    def check(event: Event, view: View) -> Answer:
        team = event.actor.team if event.actor is not None else None
        if team is None:
            return False
        acted = {
            other.actor.id
            for other in view.family.view.events
            if other.actor is not None and other.actor.team == team and certainly_before(other, event)
        }
        doubts = [tenure.doubt for tenure in view.family.tenures(office) if tenure.person in acted]
        return False if () in doubts else doubts[0] if doubts else True

    return check


def during_check(name: str) -> Check:
    """A span had certainly begun before the event and had not ended by then, about the event's own object."""

    def check(event: Event, view: View) -> Answer:
        about = view.family.definitions.spans[name].object
        own = event.objects.get(about) if about is not None else None
        nameless: Missing = (f"objects.{about}",) if about is not None and own is None else ()
        missing: Missing = ()
        for span in view.spans(name):
            if own is not None and span.object_id != own:
                continue
            if not certainly_before(span.opening, event) or (span.closing and before(span.closing, event)):
                continue
            if span.closing is None and span.end_day is not None and span.end_day <= event.day:
                continue
            doubt = nameless + span.doubtful + span.perhaps_closed(event)
            if not doubt:
                return True
            missing += doubt
        return missing or False

    return check
