"""Conditions and selectors in words, for messages and for ``explain``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from attrs import frozen

from execcheck.conditions import NO_EVENT, Conditions
from execcheck.events import Event
from execcheck.families import View
from execcheck.policy import (
    AnyOf,
    ApprovalTest,
    Atom,
    Linked,
    Operand,
    OtherTeam,
    PanelTest,
    Path,
    Selector,
    Test,
    Text,
    Where,
)  # fmt: skip
from execcheck.vocabulary import MISSING, Vocabulary

OPERATORS: Mapping[str, Text] = {
    "in": Text("为", "is"), "not_in": Text("不为", "is not"), "at_least": Text("不小于", "is at least"),
    "at_most": Text("不大于", "is at most"), "more_than": Text("大于", "is more than"),
    "less_than": Text("小于", "is less than"), "includes": Text("包括", "includes"),
    "present": Text("已载明", "is given"), "absent": Text("未载明", "is not given"),
}  # fmt: skip
ENVELOPE: Mapping[str, Text] = {
    "actor.id": Text("行为人", "the actor"), "actor.role": Text("行为人身份", "the actor's role"),
    "actor.department": Text("行为人部门", "the actor's department"),
    "actor.team": Text("行为人团队", "the actor's team"),
    "time": Text("发生日", "the day of the event"), "recorded": Text("录入日", "the day of entry"),
    "source": Text("来源", "the source"), "case.type": Text("案件类型", "the case type"),
}  # fmt: skip


@frozen
class Describer:
    """Puts conditions into words with the labels of a vocabulary."""

    vocabulary: Vocabulary

    def event(self, kind: str) -> Text:
        """The label of an event type."""
        described = self.vocabulary.events[kind]
        return Text(described.zh, described.en)

    def events(self, kinds: Iterable[str]) -> Text:
        """Labels joined by “or”; a long list is cut."""
        labels = [self.event(kind) for kind in dict.fromkeys(kinds)]
        if len(labels) == len(self.vocabulary.events):
            return Text("任何事件", "any event")
        return Text("或".join(label.zh for label in labels), " or ".join(label.en for label in labels))

    def selectors(self, selectors: Iterable[Selector]) -> Text:
        """Event types with their conditions."""
        parts = []
        for selector in selectors:
            label, where = self.events(selector.types), self.where(selector.where)
            parts.append(label if not where.zh else Text(f"{label.zh}（{where.zh}）", f"{label.en} ({where.en})"))
        return joined(parts, "或", " or ")

    def where(self, where: Where) -> Text:
        """A condition; empty where there is none."""
        return joined([self.atom(atom) for atom in where.atoms], "，", ", ")

    def atom(self, atom: Atom) -> Text:
        """One part of a condition."""
        if isinstance(atom, Test):
            return self._test(atom)
        if isinstance(atom, AnyOf):
            return joined([self.where(branch) for branch in atom.branches], "，或者", ", or ")
        if isinstance(atom, Linked):
            inner = self.selectors(atom.selectors)
            return Text(f"同一对象上有{inner.zh}", f"the same object has {inner.en}")
        if isinstance(atom, PanelTest):
            return _panel(atom)
        if isinstance(atom, ApprovalTest):
            role = self._word(Path("actor", "role"), atom.role)
            return Text(f"经{role.zh}审批", f"approved by {role.en}")
        assert isinstance(atom, OtherTeam)
        return Text("由承办人所在团队以外的团队作出", "by a team in which no handler of the family acted")

    def _test(self, test: Test) -> Text:
        path, operator = self.path(test.path), OPERATORS[test.operator]
        if test.operator in ("present", "absent"):
            return Text(f"{path.zh}{operator.zh}", f"{path.en} {operator.en}")
        value = self._operand(test.path, test.operand)
        return Text(f"{path.zh}{operator.zh}{value.zh}", f"{path.en} {operator.en} {value.en}")

    def _operand(self, path: Path, operand: Operand) -> Text:
        if operand.path is None:
            values = operand.constant if isinstance(operand.constant, frozenset) else [operand.constant]
            return joined([self._word(path, value) for value in sorted(values, key=str)], "、", ", ")
        other = self.path(operand.path)
        if operand.plus is not None:
            return Text(f"{other.zh}后{operand.plus.text('zh')}", f"{operand.plus.text('en')} after {other.en}")
        times = "" if operand.times is None else f" × {operand.times}"
        return Text(other.zh + times, other.en + times)

    def path(self, path: Path) -> Text:
        """What a path reads."""
        name = str(path)
        if name in ENVELOPE:
            return ENVELOPE[name]
        if path.root == "object":
            label = self.vocabulary.objects[path.field]
            return Text(label.zh, label.en)
        if path.root == "latest":
            kind = self.event(path.event_type)
            return Text(f"{kind.zh}的 {path.field} ", f"{path.field} of {kind.en}")
        return Text(f" {path.field} ", path.field)

    def _word(self, path: Path, value: Any) -> Text:
        labels = {"role": self.vocabulary.roles, "department": self.vocabulary.departments}
        if path.root == "actor" and path.field in labels and value in labels[path.field]:
            label = labels[path.field][value]
            return Text(label.zh, label.en)
        if isinstance(value, bool):
            return Text("是" if value else "否", "true" if value else "false")
        return Text(str(value), str(value))

    def actual(self, where: Where, event: Event, view: View, per: str | None) -> Text:
        """What the log holds for the values that a condition asks for."""
        parts = [self._actual(atom, event, view, per) for atom in where.atoms]
        return joined([part for part in parts if part.zh], "；", "; ")

    def _actual(self, atom: Atom, event: Event, view: View, per: str | None) -> Text:
        if isinstance(atom, Test):
            value = Conditions(self.vocabulary, per).getter(atom.path, (event.type,))(event, view)
            return joined([self.path(atom.path), self.value(atom.path, value)], "：", ": ")
        if isinstance(atom, AnyOf):
            parts = [self.actual(branch, event, view, per) for branch in atom.branches]
            return joined(dict.fromkeys(part for part in parts if part.zh), "；", "; ")
        if isinstance(atom, PanelTest):
            members = sorted({str(m.id) for m in event.panel or ()})
            judges = sum(m.quota_judge is True for m in event.panel or ())
            return Text(
                f"合议庭 {len(members)} 人，其中员额法官 {judges} 人",
                f"a panel of {len(members)}, quota judges: {judges}",
            )
        if isinstance(atom, ApprovalTest):
            roles = [self._word(Path("actor", "role"), a.role) for a in event.approvals or ()]
            given = joined(roles, "、", ", ")
            return Text(f"审批人：{given.zh or '无'}", f"approvals: {given.en or 'none'}")
        if isinstance(atom, OtherTeam):
            team = (event.actor.team if event.actor else None) or ""
            return Text(f"行为人团队：{team or '未载明'}", f"the actor's team: {team or 'not given'}")
        return Text("", "")

    def value(self, path: Path, value: Any) -> Text:
        """A value of the log for people."""
        if value is MISSING or value is NO_EVENT or value is None:
            return Text("日志未载明", "not in the log")
        if isinstance(value, tuple):
            return joined([self._word(path, v) for v in value], "、", ", ") if value else Text("空", "empty")
        if isinstance(value, datetime):
            return Text(value.date().isoformat(), value.date().isoformat())
        if isinstance(value, (date, Decimal)):
            return Text(str(value), str(value))
        return self._word(path, value)


def _panel(test: PanelTest) -> Text:
    zh, en = f"合议庭至少 {test.least} 人", f"a panel of at least {test.least}"
    if test.odd:
        zh, en = f"{zh}、单数", f"{en}, odd"
    if test.quota_judges:
        zh, en = f"{zh}、均为员额法官", f"{en}, all quota judges"
    return Text(zh, en)


def joined(texts: Iterable[Text], zh: str, en: str) -> Text:
    """Texts in both languages joined by their own separators."""
    parts = list(texts)
    return Text(zh.join(part.zh for part in parts), en.join(part.en for part in parts))
