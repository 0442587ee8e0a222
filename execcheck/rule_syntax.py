"""The small language of conditions: paths, tests, selectors, read from YAML and checked against the vocabulary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from attrs import frozen

from execcheck.clauses import (
    AnyOf,
    ApprovalTest,
    Atom,
    During,
    Linked,
    Operand,
    Operator,
    OtherTeam,
    PanelTest,
    Path,
    Selector,
    Test,
    Where,
)
from execcheck.dated import Dated
from execcheck.durations import Period
from execcheck.policy import Need, Trigger
from execcheck.rule_forms import Form, as_day, as_distance, as_number, as_period
from execcheck.vocabulary import EventType, Field, Vocabulary

ENVELOPE = ("time", "recorded", "source", "type")
ACTOR = ("id", "role", "department", "team", "quota_judge")
ORDERED = ("money", "integer", "date", "instant")
COMPARISONS: Mapping[str, Operator] = {
    "is": "in", "not": "not_in", "at_least": "at_least", "at_most": "at_most", "more_than": "more_than",
    "less_than": "less_than", "includes": "includes",
}  # fmt: skip


def _is_time(path: Path) -> bool:
    """Whether a path reads when something happened: compared by days."""
    return path.field in ("time", "recorded") and path.root in ("envelope", "latest")


@frozen
class Syntax:
    """What the reader of conditions needs to know: the vocabulary, the rule's own parameters and its pack."""

    vocabulary: Vocabulary
    params: Mapping[str, Any]
    pack: str = ""

    def selectors(self, form: Form, key: str, required: bool = False) -> tuple[Selector, ...]:
        """One selector or a list of them."""
        value = form.get(key)
        if value is None:
            if required:
                form.wrong((), f"缺少“{key}”", f"“{key}” is missing")
            return ()
        if value == []:
            form.wrong((key,), f"“{key}”是空列表", f"“{key}” is an empty list")
        if isinstance(value, list):
            return tuple(self._selector(form, (key, n), item)[0] for n, item in enumerate(value))
        return (self._selector(form, (key,), value)[0],)

    def triggers(self, form: Form, key: str) -> tuple[Trigger, ...]:
        """Selectors that may carry their own limit (``within``, ``due_on``) or place of performance (``follow``)."""
        value = form.get(key)
        if value is None:
            form.wrong((), f"缺少“{key}”", f"“{key}” is missing")
            return ()
        if value == []:
            form.wrong((key,), f"“{key}”是空列表", f"“{key}” is an empty list")
        items = list(enumerate(value)) if isinstance(value, list) else [(None, value)]
        found = []
        for n, item in items:
            path = (key,) if n is None else (key, n)
            selector, rest = self._selector(form, path, item, ("within", "due_on", "follow"))
            within = rest.dated_period("within") if rest else None
            due_on = self.due_on(rest, selector.types) if rest else None
            follow = self.field_name(rest, "follow", selector.types, ("id", "text")) if rest else ""
            if within and due_on:
                form.wrong(path, "within 与 due_on 只能写一个", "say one of within and due_on")
            found.append(Trigger(selector, within, due_on, follow or None))
        return tuple(found)

    def needs(self, form: Form, key: str) -> tuple[Need, ...]:
        """Selectors that may carry a least distance of their own (``at_least``)."""
        value = form.get(key)
        if value is None or value == []:
            self.selectors(form, key, required=True)
            return ()
        found = []
        for n, item in enumerate(value if isinstance(value, list) else [value]):
            selector, rest = self._selector(form, (key, n) if isinstance(value, list) else (key,), item, ("at_least",))
            found.append(Need(selector, rest.distance("at_least") if rest else None))
        return tuple(found)

    def due_on(self, form: Form, types: Sequence[str]) -> Path | None:
        """A date in the trigger's data, or in the latest earlier event of some types on the same object."""
        text = form.word("due_on")
        if not text:
            return None
        if "." not in text:
            return Path("data", text) if self.check_field(form, ("due_on",), text, types, ("date",)) else None
        path = self.path(form, ("due_on",), text, types)
        described = None if path is None else self.field(path, types)
        if path is not None and (path.root != "latest" or described is None or described.kind != "date"):
            form.wrong(("due_on",), f"“{text}”不是日期字段", f"“{text}” is no date field")
            return None
        return path

    def _selector(
        self, form: Form, path: tuple[str | int, ...], value: Any, extra: tuple[str, ...] = ()
    ) -> tuple[Selector, Form | None]:
        if isinstance(value, str):
            return Selector(self._types(form, path, [value])), None
        sub = Form(form.document, (*form.path, *path), value, form.defects)
        named = sub.get("event")
        types = self._types(sub, ("event",), named if isinstance(named, list) else [named])
        where = self.where(sub, "where", types)
        for key in extra:
            sub.used.add(key)
        sub.finish()
        return Selector(types, where), sub

    def _types(self, form: Form, path: tuple[str | int, ...], names: Sequence[Any]) -> tuple[str, ...]:
        known = self.vocabulary.events
        words = [name for name in names if isinstance(name, str)]
        for name in names:
            if not isinstance(name, str) or (name not in known and name != "*"):
                form.unknown(path, name, known)
        return tuple(known) if "*" in words else tuple(name for name in words if name in known)

    def field_name(self, form: Form, key: str, types: Sequence[str], kinds: Sequence[str] = ()) -> str:
        """The name of a data field that some of the event types carry, of one of the kinds."""
        name = form.word(key)
        return name if not name or self.check_field(form, (key,), name, types, kinds) else ""

    def check_field(
        self, form: Form, at: tuple[str | int, ...], name: str, types: Sequence[str], kinds: Sequence[str] = ()
    ) -> bool:
        """Whether some event type carries the field; where none does, that is a defect."""
        fields = [field for kind in types for field in self.vocabulary.events[kind].fields.values()]
        known = {field.name for field in fields if not kinds or field.kind in kinds}
        if name in known:
            return True
        form.unknown(at, name, sorted(known))
        return False

    def where(self, form: Form, key: str, types: Sequence[str], require: bool = False) -> Where:
        """The condition below a key; every atom must hold. Absent: always true."""
        if key not in form:
            form.used.add(key)
            return Where()
        return self._where(form.sub(key), types, require)

    def _where(self, form: Form, types: Sequence[str], require: bool) -> Where:
        atoms: list[Atom] = []
        for key in form.value:
            special = self._special(form, key, types, require)
            if special is not None:
                atoms.extend(special)
                continue
            path = self.path(form, (key,), key, types)
            value = form.get(key)
            if path is not None:
                atoms.extend(self._tests(form, key, path, value, types))
        return Where(tuple(atoms))

    def _special(self, form: Form, key: str, types: Sequence[str], require: bool) -> list[Atom] | None:
        if key == "any":
            branches = form.get(key)
            if not isinstance(branches, list):
                form.wrong((key,), "“any”应为条件列表", "“any” takes a list of conditions")
                return []
            forms = [Form(form.document, (*form.path, key, n), b, form.defects) for n, b in enumerate(branches)]
            return [AnyOf(tuple(self._where(branch, types, require) for branch in forms))]
        if key == "linked":
            return [Linked(self.selectors(form, key))]
        if require and key == "panel":
            sub = form.sub(key)
            test = PanelTest(sub.count("least", 1), sub.flag("odd"), sub.flag("quota_judges"))
            sub.finish()
            return [test]
        if require and key == "approvals":
            return self._approvals(form, key)
        if key == "during":
            return [During(form.word(key, self.vocabulary.extra.get("spans", {}), required=True))]
        if require and key == "team_other_than":
            return [OtherTeam(form.word(key, self.vocabulary.extra.get("offices", {})))]
        return None

    def _approvals(self, form: Form, key: str) -> list[Atom]:
        """Roles, each with the period after the act in which the approval still counts where there is one."""
        value = form.get(key)
        found: list[Atom] = []
        for n, item in enumerate(value if isinstance(value, list) else [value]):
            at = (key, n) if isinstance(value, list) else (key,)
            role, by = item, None
            if isinstance(item, Mapping):
                sub = Form(form.document, (*form.path, *at), item, form.defects)
                role, by = sub.get("role"), sub.period("by")
                sub.finish()
            if not isinstance(role, str) or role not in self.vocabulary.roles:
                form.unknown(at, role, self.vocabulary.roles)
            found.append(ApprovalTest(str(role), by))
        return found

    def path(self, form: Form, at: tuple[str | int, ...], text: Any, types: Sequence[str]) -> Path | None:
        """A path such as ``measure``, ``actor.role``, ``object.asset``, ``case.type``, ``price.determined.method``."""
        if not isinstance(text, str):
            form.unknown(at, text, ENVELOPE)
            return None
        head, _, tail = text.rpartition(".")
        if not head and tail in ENVELOPE:
            return Path("envelope", tail)
        if head == "actor" and tail in ACTOR:
            return Path("actor", tail)
        if head == "object" and tail in self.vocabulary.objects:
            return Path("object", tail)
        if head == "case":
            told = ("type", "province", *self._filing())
            if tail in told:
                return Path("case", tail)
            form.unknown(at, text, [f"case.{name}" for name in told])
            return None
        kinds = tuple(head.split("|"))
        if head and all(kind in self.vocabulary.events for kind in kinds):
            fields = {name for kind in kinds for name in self.vocabulary.events[kind].fields}
            if tail == "time" or tail in fields:
                return Path("latest", tail, kinds)
            form.unknown(at, tail, [*sorted(fields), "time"])
            return None
        known = {name for kind in types for name in self.vocabulary.events[kind].fields}
        if text in known:
            return Path("data", text)
        form.unknown(at, text, [*sorted(known), *ENVELOPE, "case.type", *(f"actor.{a}" for a in ACTOR)])
        return None

    def _filing(self) -> Mapping[str, Field]:
        """The data fields of the event by which a case is opened."""
        cases = self.vocabulary.extra.get("cases")
        opened = self.vocabulary.events.get(str(cases.get("opened_by"))) if isinstance(cases, Mapping) else None
        return {} if opened is None else opened.fields

    def field(self, path: Path, types: Sequence[str]) -> Field | None:
        """The vocabulary's description of the field behind a path, if it is one of a single kind."""
        if path.root == "data":
            kinds: Sequence[EventType] = [self.vocabulary.events[kind] for kind in types]
        elif path.root == "latest":
            kinds = [self.vocabulary.events[kind] for kind in path.event_types]
        elif path.root == "case":
            return self._filing().get(path.field)
        else:
            return None
        return next((kind.fields[path.field] for kind in kinds if path.field in kind.fields), None)

    def _tests(self, form: Form, key: str, path: Path, value: Any, types: Sequence[str]) -> list[Atom]:
        if not isinstance(value, Mapping):
            return [Test(path, "in", self._constant(form, (key,), path, value, types, "in"))]
        sub = form.sub(key)
        if_missing = sub.get("if_missing")
        if if_missing is not None:
            if_missing = sub.flag("if_missing")
        no_event = sub.word("if_no_event", ("open",)) == "open"
        tests: list[Atom] = []
        if "present" in sub:
            tests.append(Test(path, "present" if sub.flag("present") else "absent", Operand()))
        for word, operator in COMPARISONS.items():
            if word in sub:
                operand = self._operand(sub, word, path, sub.get(word), types, operator)
                tests.append(Test(path, operator, operand, if_missing, no_event))
        sub.finish()
        if not tests:
            form.wrong((key,), f"“{key}”没有写比较方式", f"“{key}” says no comparison")
        return tests

    def _operand(
        self, form: Form, key: str, path: Path, value: Any, types: Sequence[str], operator: Operator
    ) -> Operand:
        if not isinstance(value, Mapping):
            return self._constant(form, (key,), path, value, types, operator)
        sub = form.sub(key)
        due_of = tuple(f"{self.pack}/{name}" for name in sub.words("due_of"))
        other = None if due_of else self.path(sub, ("field",), sub.get("field"), types)
        described = None if other is None else self.field(other, types)
        if described is not None and operator not in ("in", "not_in") and described.kind not in ORDERED:
            sub.wrong(("field",), f"“{other}”不能比大小", f"“{other}” has no greater and smaller")
        times = sub.get("times")
        factor = self.params.get(times) if times == "factor" else as_number(sub, ("times",), times)
        shift = self._shift(sub, "plus") or self._shift(sub, "minus")
        sign: Literal[1, -1] = -1 if "minus" in sub else 1
        if times == "factor" and factor is None:
            sub.wrong((), "规则没有写这个参数", "the rule does not give this parameter")
        sub.finish()
        return Operand(path=other, times=factor, shift=shift, sign=sign, due_of=due_of)

    def _shift(self, form: Form, key: str) -> Dated[Period] | None:
        """A period, or the rule's own (``within``); calendar days are compared."""
        value = form.get(key)
        if value == "within":
            dated: Dated[Period] | None = self.params["within"]
            if dated is None:
                form.wrong((), "规则没有写这个参数", "the rule does not give this parameter")
            for _, period in dated.values if dated else ():
                as_distance(form, (key,), period)
            return dated
        found = as_distance(form, (key,), as_period(form, (key,), value))
        return None if found is None else Dated(((0, found),))

    def _constant(
        self,
        form: Form,
        at: tuple[str | int, ...],
        path: Path,
        value: Any,
        types: Sequence[str],
        operator: Operator,
    ) -> Operand:
        field = self.field(path, types)
        known = self._known(path, field)
        values = value if isinstance(value, list) else [value]
        if not values or not all(isinstance(item, (str, bool, int, Decimal)) for item in values):
            form.wrong(at, "此处应为文字、数字或 true/false", "a text, a number or true/false is needed here")
            return Operand(constant=frozenset())
        for item in values:
            if known and str(item) not in known:
                form.unknown(at, item, known)
        if field is not None and field.kind == "boolean" and not all(isinstance(item, bool) for item in values):
            form.wrong(at, f"“{path}”应与 true 或 false 比较", f"compare “{path}” with true or false")
            return Operand(constant=frozenset())
        if field is not None and not self._fits(field, operator, values):
            form.wrong(at, f"“{path}”不能这样比较", f"“{path}” cannot be compared like this")
            return Operand(constant=frozenset())
        exact = [as_day(form, at, v) if _is_time(path) else self._exact(form, at, field, v) for v in values]
        return Operand(constant=frozenset(exact) if operator in ("in", "not_in", "includes") else exact[0])

    def _fits(self, field: Field, operator: Operator, values: Sequence[Any]) -> bool:
        if field.kind in ("many", "ids"):
            return operator == "includes"
        if operator == "includes":
            return False
        return operator in ("in", "not_in") or (field.kind in ORDERED and len(values) == 1)

    def _exact(self, form: Form, at: tuple[str | int, ...], field: Field | None, item: Any) -> Any:
        """The constant in the form in which events carry the field."""
        if field is not None and field.kind == "date":
            day = as_day(form, at, item)
            return None if day is None else date.fromordinal(day)
        if field is not None and field.kind in ("money", "integer"):
            number = as_number(form, at, item)
            whole = number is not None and field.kind == "integer" and number == number.to_integral_value()
            return int(number) if number is not None and whole else number
        return item

    def _known(self, path: Path, field: Field | None) -> Sequence[str]:
        if field is not None:
            return field.values
        if path.root == "actor" and path.field in ("role", "department"):
            return tuple(self.vocabulary.roles if path.field == "role" else self.vocabulary.departments)
        if path == Path("envelope", "source"):
            return ("system", "offline")
        return ()
