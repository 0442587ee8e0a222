"""Panels, approvals and teams that meet a requirement, or just fail it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from attrs import evolve

from execcheck.clauses import ApprovalTest, OtherTeam, PanelTest
from execcheck.events import Actor, Approval
from execcheck.periods import due_day
from execcheck.testing.story import CannotConstruct, Story

if TYPE_CHECKING:
    from execcheck.testing.solving import Solver


def panel(size: int, quota: bool | None = True) -> tuple[Actor, ...]:
    """A panel of so many different judges."""
    return tuple(Actor(id=f"j{place}", quota_judge=quota) for place in range(1, size + 1))


def settle_panel(story: Story, name: str, test: PanelTest, wanted: bool) -> None:
    """A panel of the right size, parity and rank; or one that falls short in one point."""
    least = test.least + (test.odd and test.least % 2 == 0)
    if wanted:
        rank = True if test.quota_judges else None
        story.put(name, panel=panel(story.choices.of((least, least + 2)), rank))
        return
    wrong = [panel(least - 1) if least > 1 else None]
    if test.odd:
        wrong.append(panel(least + 1))
    if test.quota_judges:
        wrong.append((*panel(least - 1), Actor(id="assistant1", quota_judge=False)))
    if least > 1:
        wrong += [None, (*panel(least - 1), panel(1)[0])]  # a judge who is named twice sits only once
    story.put(name, panel=story.choices.of(wrong))


def settle_approval(story: Story, name: str, test: ApprovalTest, wanted: bool) -> None:
    """An approval by the role, in time and by somebody else; or one that lacks one of these, or none."""
    event = story[name]
    others = tuple(a for a in event.approvals or () if a.role not in (test.role, None))
    boss = Approval(id=f"{test.role}1", role=test.role)
    if wanted:
        if event.actor is not None and event.actor.id == boss.id:
            story.put(name, actor=evolve(event.actor, id="u1"))
        with_it, before = boss, evolve(boss, time=date.fromordinal(event.day), day=event.day)
        story.put(name, approvals=(*others, story.choices.of((with_it, before))))
        return
    late = event.day + 1
    if test.by is not None:
        late = (due_day(story.calendar, event.day, test.by) or event.day) + 1
    after = evolve(boss, time=date.fromordinal(late), day=late)
    wrong: list[tuple[Approval, ...]] = [(), (after,)]
    if event.actor is not None and event.actor.id is not None:
        wrong.append((evolve(boss, id=event.actor.id),))
    story.put(name, approvals=(*others, *story.choices.of(wrong)))


def settle_team(story: Story, solver: Solver, name: str, test: OtherTeam, wanted: bool) -> None:
    """The actor's team is one in which no holder of the office acted; or it is that of a holder, or not given."""
    actor = story[name].actor or Actor(id="u1")
    if wanted:
        story.put(name, actor=evolve(actor, team="team2"))
        return
    office = story.law.definitions.offices[test.office]
    if not story.choices.number(0, 1) or not office.selectors:
        story.put(name, actor=evolve(actor, team=None))
        return
    named = solver.selected(story.choices.of(office.selectors), story[name].day - 2, case=story[name].case)
    person = story[named].data.get(office.held_by)
    if person is None:
        raise CannotConstruct("任职事件未载明人员", "the event that names the holder of the office names nobody")
    story.put(named, actor=Actor(id=str(person), team="team1"))
    story.put(name, actor=evolve(actor, team="team1"))
