"""Conditions and selectors in words, for messages and for ``explain``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from attrs import field, frozen

from execcheck.answers import NO_EVENT, NO_OBJECT
from execcheck.clauses import (
    AnyOf,
    ApprovalTest,
    Atom,
    During,
    Linked,
    Operand,
    OtherTeam,
    PanelTest,
    Path,
    Selector,
    Test,
    Where,
)
from execcheck.labels import Labels, span_labels
from execcheck.policy import NO_TEXT, Text
from execcheck.vocabulary import MISSING, Label, Vocabulary

OPERATORS: Mapping[str, Text] = {
    "in": Text("为", "is"), "not_in": Text("不为", "is not"), "at_least": Text("不低于", "is at least"),
    "at_most": Text("不超过", "is at most"), "more_than": Text("高于", "is more than"),
    "less_than": Text("低于", "is less than"), "includes": Text("包括", "includes"),
    "present": Text("已载明", "is given"), "absent": Text("未载明", "is not given"),
}  # fmt: skip
DUE: Mapping[str, Text] = {
    "in": Text("应为", "should be"), "not_in": Text("不应为", "should not be"),
    "at_least": Text("应不低于", "should be at least"), "at_most": Text("应不超过", "should be at most"),
    "more_than": Text("应高于", "should be more than"), "less_than": Text("应低于", "should be less than"),
    "includes": Text("应包括", "should include"), "present": Text("应载明", "should be given"),
    "absent": Text("不应载明", "should not be given"),
}  # fmt: skip
IN_TIME: Mapping[str, Text] = {
    "at_least": Text("不早于", "no earlier than"), "at_most": Text("不晚于", "no later than"),
    "more_than": Text("晚于", "later than"), "less_than": Text("早于", "earlier than"),
}  # fmt: skip
"""How days are compared."""
ENVELOPE: Mapping[str, Text] = {
    "actor": Text("行为人", "the actor"),
    "actor.id": Text("行为人", "the actor"), "actor.role": Text("行为人身份", "the actor's role"),
    "actor.department": Text("行为人部门", "the actor's department"),
    "actor.team": Text("行为人团队", "the actor's team"),
    "actor.quota_judge": Text("行为人是否员额法官", "whether the actor is a quota judge"),
    "type": Text("事件类型", "the type of the event"),
    "time": Text("发生日", "the day of the event"), "recorded": Text("录入日", "the day of entry"),
    "source": Text("来源", "the source"), "case.type": Text("案件类型", "the case type"),
    "case.province": Text("本院所在省", "the court's own province"),
    "panel": Text("合议庭", "the panel"), "panel.id": Text("合议庭成员", "the members of the panel"),
    "panel.quota_judge": Text("合议庭成员是否员额法官", "whether a member of the panel is a quota judge"),
    "approvals": Text("审批", "approvals"), "approvals.role": Text("审批人身份", "the role of who approved"),
}  # fmt: skip
SOURCES: Mapping[str, Text] = {
    "system": Text("系统内办理", "in the system"), "offline": Text("系统外办理", "outside the system"),
}  # fmt: skip
DUE_THEN = Text("其时的到期日", "the day that was due then")
UNKNOWN = Text("日志未载明", "not in the log")


@frozen
class Describer:
    """Puts conditions into words with the labels of a vocabulary."""

    vocabulary: Vocabulary
    _said: dict[tuple[Selector, ...], Text] = field(factory=dict, init=False, repr=False, eq=False)

    @property
    def labels(self) -> Labels:
        """The names of fields and words."""
        return Labels(self.vocabulary)

    # --- events ---------------------------------------------------------------------------------

    def event(self, kind: str) -> Text:
        """The label of an event type."""
        return self.labels.event(kind)

    def events(self, kinds: Iterable[str]) -> Text:
        """Labels joined by “or”; a list of all types is “any event”."""
        labels = [self.event(kind) for kind in dict.fromkeys(kinds)]
        if len(labels) == len(self.vocabulary.events):
            return Text("任何事件", "any event")
        return alternatives([Text(label.zh, f"“{label.en}”") for label in labels])

    def selectors(self, selectors: tuple[Selector, ...]) -> Text:
        """Event types with their conditions; the same selectors are put into words once."""
        said = self._said.get(selectors)
        if said is None:
            said = self._said[selectors] = alternatives([self._selector(selector) for selector in selectors])
        return said

    def _selector(self, selector: Selector) -> Text:
        label, where = self.events(selector.types), self.where(selector.where)
        return label if not where.zh else Text(f"{label.zh}（{where.zh}）", f"{label.en} ({where.en})")

    # --- conditions -----------------------------------------------------------------------------

    def where(self, where: Where, *, due: bool = False) -> Text:
        """A condition; empty where there is none. With ``due`` it is put as a demand."""
        parts = [self.atom(atom, due=due) for atom in where.atoms]
        if len(parts) > 1:
            bounded = zip(parts, where.atoms, strict=True)
            parts = [Text(f"（{p.zh}）", f"({p.en})") if isinstance(a, AnyOf) else p for p, a in bounded]
        return joined(parts, "，且", ", and ") if due else joined(parts, "，", ", ")

    def atom(self, atom: Atom, *, due: bool = False) -> Text:
        """One part of a condition."""
        if isinstance(atom, Test):
            return self._test(atom, DUE if due else OPERATORS)
        if isinstance(atom, AnyOf):
            return joined([self.where(branch, due=due) for branch in atom.branches], "，或者", ", or ")
        if isinstance(atom, Linked):
            inner = self.selectors(atom.selectors)
            return Text(f"同一对象上{'应' if due else ''}有{inner.zh}", f"the same object has {inner.en}")
        if isinstance(atom, PanelTest):
            return _panel(atom, "应由" if due else "由")
        if isinstance(atom, ApprovalTest):
            role = self.role(atom.role)
            late = Text(f"（最迟其后{atom.by.text('zh')}）", f" (at the latest {atom.by.text('en')} after)") \
                if atom.by else NO_TEXT  # fmt: skip
            zh = f"{'应' if due else ''}有{role.zh}的审批{late.zh}"
            return Text(zh, f"{'needs the approval of' if due else 'approved by'} the {bare(role.en)}{late.en}")
        if isinstance(atom, During):
            span = span_labels(self.vocabulary)[atom.span]
            return Text(f"处于{span.zh}", f"during {span.en}")
        assert isinstance(atom, OtherTeam)
        return Text(f"{'应' if due else ''}由承办人所在团队以外的团队办理",
                    f"{'it should be done ' if due else ''}by a team in which no handler acted")  # fmt: skip

    def _test(self, test: Test, operators: Mapping[str, Text]) -> Text:
        path, operator = self.path(test.path), operators[test.operator]
        if test.operator in ("present", "absent") and test.path.root == "latest" and test.path.field == "time":
            return self._came(test, due=operators is DUE)
        if test.operator in ("present", "absent"):
            zh = f"{operator.zh}{path.zh}" if operators is DUE else f"{path.zh}{operator.zh}"
            return Text(zh, f"{path.en} {operator.en}")
        if test.operator == "in" and test.operand.path is None and len(test.operand.constant) == 1:
            (only,) = test.operand.constant
            if isinstance(only, bool):
                return _flag(path, only, operators is DUE)
        if test.operand.shift is not None or test.operand.due_of or self._tells_a_day(test.path):
            timely = IN_TIME.get(test.operator)
            if timely is not None:
                operator = Text(f"{'应' if operators is DUE else ''}{timely.zh}",
                                f"{'should be' if operators is DUE else 'is'} {timely.en}")  # fmt: skip
        value = self._operand(test, test.operand)
        return Text(f"{path.zh}{operator.zh}{value.zh}", f"{path.en} {operator.en} {value.en}")

    def _came(self, test: Test, *, due: bool) -> Text:
        """Whether an event came before."""
        kinds, en = self.events(test.path.event_types), "should have come before" if due else "came before"
        if test.operator == "present":
            return Text(f"此前{'应' if due else ''}已有{kinds.zh}", f"{kinds.en} {en}")
        return Text(f"此前{'不应有' if due else '没有'}{kinds.zh}", f"no {kinds.en} {en}")

    def _operand(self, test: Test, operand: Operand) -> Text:
        if operand.due_of:
            return self._shifted(operand, DUE_THEN)
        if operand.path is None:
            if not isinstance(operand.constant, frozenset):
                return self.value(test.path, operand.constant)
            words = [self._word(test.path, word) for word in self._in_order(test.path.field, operand.constant)]
            return joined(words, "、", ", ") if test.operator == "includes" else alternatives(words, "、")
        other = self.path(operand.path)
        if operand.shift is not None:
            return self._shifted(operand, other)
        if operand.times is None:
            return other
        return Text(f"{other.zh}的 {operand.times} 倍", f"{operand.times} times {other.en}")

    def _tells_a_day(self, path: Path) -> bool:
        kinds = [self.vocabulary.events[name] for name in path.event_types] or self.vocabulary.events.values()
        fields = [kind.fields[path.field] for kind in kinds if path.field in kind.fields]
        return path.field in ("time", "recorded") or any(field.kind in ("date", "instant") for field in fields)

    def _shifted(self, operand: Operand, start: Text) -> Text:
        if operand.shift is None:
            return start
        length = operand.shift.latest
        zh, en = ("后", "after") if operand.sign > 0 else ("前", "before")
        return Text(f"{start.zh}{zh}{length.text('zh')}", f"{length.text('en')} {en} {start.en}")

    def _in_order(self, field: str, words: Iterable[Any]) -> list[Any]:
        """Words in the order of the vocabulary."""
        kinds = self.vocabulary.events.values()
        known = [word for kind in kinds if field in kind.fields for word in kind.fields[field].values]
        return sorted(words, key=lambda word: (known.index(word) if word in known else len(known), str(word)))

    def members(self, field: str, words: Iterable[str]) -> Text:
        """Words that a field holds, in the order of the vocabulary."""
        return joined([self.labels.value(field, word) for word in self._in_order(field, words)], "、", ", ")

    # --- names ----------------------------------------------------------------------------------

    def path(self, path: Path, *, earlier: bool = True) -> Text:
        """What a path reads; a value of another event is called that of an earlier one, unless told otherwise."""
        name = str(path)
        if name in ENVELOPE and path.root in ("actor", "envelope", "case"):
            return ENVELOPE[name]
        if path.root == "object":
            return _text(self.vocabulary.objects[path.field])
        label = self.labels.field(path.field)
        if path.root == "latest":
            kind = alternatives([self.event(name) for name in path.event_types])
            label = Text("时间", "the day") if path.field == "time" else label
            before = Text("此前", "the earlier ") if earlier else NO_TEXT
            return Text(f"{before.zh}{kind.zh}的{label.zh}", f"{label.en} of {before.en}“{kind.en}”")
        return label

    def role(self, name: str) -> Text:
        """The label of a role; its raw name where the vocabulary lists none."""
        label = self.vocabulary.roles.get(name)
        return Text(name, name) if label is None else _text(label)

    def office(self, name: str) -> Text:
        """The label of an office."""
        value = self.vocabulary.extra.get("offices", {}).get(name, {})
        return Text(value.get("zh", name), value.get("en", name))

    def missing(self, name: str) -> Text:
        """What a log lacks: the label of a name as judgements give it (``objects.asset``, ``claim``, …)."""
        head, _, tail = name.rpartition(".")
        if "/" in name:
            return Text("应当延长的期限", "the term that ran then")
        if name in ENVELOPE:
            return ENVELOPE[name]
        if head in ("objects", "object") and tail in self.vocabulary.objects:
            label = self.vocabulary.objects[tail]
            return Text(f"所涉{label.zh}", f"which {label.en} it concerns")
        kind, _, office = name.rpartition(":")
        if kind in self.vocabulary.events:
            at, held = self.event(kind), self.office(office)
            return Text(f"{at.zh}时的{held.zh}", f"the {held.en} at “{at.en}”")
        if name in self.vocabulary.events:
            label_ = self.event(name)
            return Text(label_.zh, f"“{label_.en}”")
        if head == "case":
            return self.path(Path("case", tail))
        kinds = tuple(head.split("|"))
        if all(kind in self.vocabulary.events for kind in kinds):
            return self.path(Path("latest", tail, kinds), earlier=False)
        return self.labels.field(name)

    def _word(self, path: Path, value: Any) -> Text:
        labels = {"role": self.vocabulary.roles, "department": self.vocabulary.departments}
        if path.root == "actor" and path.field in labels and value in labels[path.field]:
            return _text(labels[path.field][value])
        if path.root == "envelope" and path.field == "source" and value in SOURCES:
            return SOURCES[value]
        if path.root == "envelope" and path.field == "type" and value in self.vocabulary.events:
            return self.event(value)
        if isinstance(value, bool):
            return Text("是" if value else "否", "yes" if value else "no")
        field = "case_type" if path.root == "case" and path.field == "type" else path.field
        return self.labels.value(field, value) if isinstance(value, str) else Text(str(value), str(value))

    def value(self, path: Path, value: Any) -> Text:
        """A value of the log for people."""
        if value is MISSING or value is NO_EVENT or value is NO_OBJECT or value is None:
            return UNKNOWN
        if value in ("", ()):
            return Text("空", "empty")
        if isinstance(value, tuple):
            return joined([self._word(path, v) for v in value], "、", ", ")
        if isinstance(value, datetime):
            return Text(value.date().isoformat(), value.date().isoformat())
        if isinstance(value, date):
            return Text(value.isoformat(), value.isoformat())
        if isinstance(value, Decimal):
            return money(value)
        if isinstance(value, int) and not isinstance(value, bool) and path.field in ("time", "recorded"):
            day = date.fromordinal(value).isoformat()
            return Text(day, day)
        return self._word(path, value)


def _panel(test: PanelTest, by: str) -> Text:
    marks = [f"{test.least} 人以上"]
    en = f"a panel of at least {test.least}"
    if test.odd:
        marks.append("单数")
        en = f"{en}, odd in number"
    if test.quota_judges:
        marks.append("均为员额法官")
        en = f"{en}, all quota judges"
    return Text(f"{by}合议庭作出（{'、'.join(marks)}）", en)


def _flag(path: Text, wanted: bool, due: bool) -> Text:
    """A yes-or-no field: by its name alone where it only describes."""
    zh, en = ("是", "yes") if wanted else ("否", "no")
    if due:
        return Text(f"“{path.zh}”应为“{zh}”", f"“{path.en}” should be “{en}”")
    return Text(path.zh if wanted else f"{path.zh}：否", f"{path.en}: {en}")


def _text(label: Label) -> Text:
    return Text(label.zh, label.en)


def bare(label: str) -> str:
    """An English label without its article."""
    return label.removeprefix("the ")


def money(amount: Decimal) -> Text:
    """An amount in yuan with thousands separated: ``1,200,000.01 元``."""
    shown = f"{amount:,.2f}".removesuffix(".00")
    return Text(f"{shown} 元", f"{shown} yuan")


def joined(texts: Iterable[Text], zh: str, en: str) -> Text:
    """Texts in both languages joined by their own separators."""
    parts = list(texts)
    return Text(zh.join(part.zh for part in parts), en.join(part.en for part in parts))


def alternatives(texts: Iterable[Text], between: str = "、") -> Text:
    """Texts as a list that ends in “or”."""
    parts = list(texts)
    if len(parts) < 2:
        return joined(parts, "", "")
    front = joined(parts[:-1], between, ", ")
    return Text(f"{front.zh}或{parts[-1].zh}", f"{front.en} or {parts[-1].en}")
