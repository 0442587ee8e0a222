"""What the log holds for the values that a condition asks for, in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from execcheck.clauses import AnyOf, ApprovalTest, OtherTeam, PanelTest, Test, Where
from execcheck.conditions import Conditions
from execcheck.describing import DUE_THEN, ENVELOPE, UNKNOWN, Describer, joined
from execcheck.events import Approval, Event
from execcheck.families import View
from execcheck.moments import COURT_ZONE
from execcheck.policy import NO_TEXT, Text

Fact = tuple[Text, Text]
"""A name and a value; a value that speaks for itself has no name."""


def actual(words: Describer, where: Where, event: Event, view: View, per: str | None) -> Text:
    """What the log holds for the values that a condition asks for, each once."""
    facts = list(dict.fromkeys(_facts(words, where, event, view, per)))
    if len(facts) == 1:
        told = facts[0][1]
        if told is UNKNOWN:
            return UNKNOWN
    else:
        told = joined([_fact(name, value) for name, value in facts], "；", "; ")
    return Text(f"日志所载：{told.zh}", f"in the log: {told.en}")


def _facts(words: Describer, where: Where, event: Event, view: View, per: str | None) -> Iterable[Fact]:
    for atom in where.atoms:
        if isinstance(atom, Test):
            yield from _compared(words, atom, event, view, per)
        elif isinstance(atom, AnyOf):
            for branch in atom.branches:
                yield from _facts(words, branch, event, view, per)
        elif isinstance(atom, PanelTest):
            yield NO_TEXT, _members(event, atom.quota_judges)
        elif isinstance(atom, ApprovalTest):
            given = dict.fromkeys(_approval(words, approval, event) for approval in event.approvals or ())
            told = joined(given, "、", ", ")
            none = Text("无审批记录", "no approval")
            yield NO_TEXT, Text(f"审批人为{told.zh}", f"approved by {told.en}") if given else none
        elif isinstance(atom, OtherTeam):
            team = (event.actor.team if event.actor else None) or ""
            yield ENVELOPE["actor.team"], Text(team, team) if team else UNKNOWN


def _compared(words: Describer, test: Test, event: Event, view: View, per: str | None) -> Iterable[Fact]:
    conditions = Conditions(words.vocabulary, per)
    paths = [test.path]
    if test.operator == "includes":
        held = conditions.getter(test.path, (event.type,))(event, view)
        known = set(held) if isinstance(held, tuple) else set()
        lacking = words.members(test.path.field, test.operand.constant - known)
        yield NO_TEXT, Text(f"缺少{lacking.zh}", f"lacking {lacking.en}")
        return
    if test.operand.path is not None and test.operand.path.root != "envelope":
        paths.append(test.operand.path)
    for path in paths:
        yield words.path(path), words.value(path, conditions.getter(path, (event.type,))(event, view))
    due = view.family.due_of(test.operand.due_of, event) if test.operand.due_of else None
    if due is not None:
        day = date.fromordinal(due).isoformat()
        yield DUE_THEN, Text(day, day)


def _approval(words: Describer, approval: Approval, event: Event) -> Text:
    """Who approved, and why it does not count where that can be told."""
    role = words.role(approval.role) if approval.role else Text("身份未载明", "role not given")
    if approval.id is not None and event.actor is not None and approval.id == event.actor.id:
        return Text(f"{role.zh}（即行为人本人）", f"{role.en} (who acted)")
    if approval.day is None or approval.day < event.day:
        return role
    both = isinstance(approval.time, datetime) and isinstance(event.time, datetime)
    if approval.day > event.day or (both and approval.time > event.time):  # type: ignore[operator]
        day = date.fromordinal(approval.day).isoformat()
        if both and approval.day == event.day:
            day = f"{approval.time.astimezone(COURT_ZONE):%Y-%m-%d %H:%M}"  # type: ignore[union-attr]
        return Text(f"{role.zh}（{day}，在该事件之后）", f"{role.en} ({day}, after the act)")
    return role


def _members(event: Event, ranks: bool) -> Text:
    """The size of the panel in distinct persons, and where ranks matter how many are quota judges."""
    if not event.panel:
        return Text("无合议庭记录", "no panel")
    members = {member.id for member in event.panel}
    if not ranks:
        return Text(f"合议庭 {len(members)} 人", f"a panel of {len(members)}")
    judges = members - {member.id for member in event.panel if member.quota_judge is not True}
    return Text(f"合议庭 {len(members)} 人，其中员额法官 {len(judges)} 人",
                f"a panel of {len(members)}, of whom quota judges: {len(judges)}")  # fmt: skip


def _fact(name: Text, value: Text) -> Text:
    if not name.zh:
        return value
    if value is UNKNOWN:
        return Text(f"{name.zh}未载明", f"{name.en} is not given")
    return Text(f"{name.zh}为{value.zh}", f"{name.en} is {value.en}")
