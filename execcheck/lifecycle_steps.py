"""Reading the steps of a lifecycle: the sections ``transitions`` and ``effects``.

Each event type has lines of ``{from, where, to}``. The lines with a ``where`` belong to a trigger of their own,
which falls back on the lines without one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import Factory, define, evolve

from execcheck.lifecycle_machine import CASE_TYPE, Guard, Transition
from execcheck.policy import Text
from execcheck.rule_forms import Form
from execcheck.vocabulary import EventType, Field, Vocabulary

Values = tuple[Any, ...]


@define
class Steps:
    """What the sections say (see :class:`~execcheck.lifecycle_machine.Lifecycle`)."""

    labels: dict[str, Text] = Factory(dict)
    guards: dict[str, Guard] = Factory(dict)
    transitions: list[Transition] = Factory(list)
    effects: dict[str, str | None] = Factory(dict)


@define
class _Line:
    """One line of an event type; ``sources`` is None for ``others``, ``dest`` None for ``same``."""

    form: Form
    sources: tuple[tuple[str, int | None], ...] | None
    field: str
    values: Values
    dest: str | None


class StepReader:
    """Reads the steps of one document; what is wrong goes to the defects of ``form``."""

    def __init__(
        self, form: Form, states: Mapping[str, Text], groups: Mapping[str, tuple[str, ...]],
        vocabulary: Vocabulary, kind: str | None,
    ) -> None:  # fmt: skip
        self.form = form
        self.states = states
        self.groups = groups
        self.vocabulary = vocabulary
        self.kind = kind
        self.steps = Steps()

    def read(self) -> Steps:
        """All event types of the document."""
        declared = self._declared_effects()
        if "transitions" not in self.form:
            self.form.wrong((), "缺少“transitions”", "“transitions” is missing")
            return self.steps
        events = self.form.sub("transitions")
        for kind in events.value:
            raw = events.get(kind)
            described = self.vocabulary.events.get(kind)
            if described is None:
                _unknown_key(events, kind, self.vocabulary.events)
            elif not isinstance(raw, list) or not raw:
                events.wrong((kind,), "这里应当是一列 {from, to}", "a list of {from, to} is needed here")
            else:
                self._object(events, described)
                self._event(described, raw, declared)
        for kind in declared:
            if kind not in events.value:
                _unknown_key(self.form.sub("effects"), kind, events.value)
        return self.steps

    def _object(self, events: Form, described: EventType) -> None:
        if self.kind is not None and self.kind not in (described.object, *described.also):
            events.wrong((described.name,), f"事件“{described.name}”不涉及对象“{self.kind}”",
                         f"the event “{described.name}” is not about the object “{self.kind}”")  # fmt: skip

    def _declared_effects(self) -> dict[str, str | None]:
        if "effects" not in self.form:
            return {}
        form = self.form.sub("effects")
        return {kind: self._dest(form, kind) for kind in form.value}

    def _dest(self, form: Form, key: str) -> str | None:
        state = form.word(key, (*self.states, "same"), required=True)
        return None if state in ("", "same") else state

    # --- one event type -------------------------------------------------------------------------

    def _event(self, described: EventType, raw: list[Any], declared: Mapping[str, str | None]) -> None:
        kind = described.name
        self.steps.labels[kind] = Text(described.zh, described.en)
        place = ("transitions", kind)
        lines = [self._line(Form(self.form.document, (*place, n), item, self.form.defects), described)
                 for n, item in enumerate(raw)]  # fmt: skip
        triggers = self._triggers(described, lines)
        plain = self._targets([line for line in lines if not line.values])
        for values, trigger in triggers.items():
            own = self._targets([line for line in lines if line.values == values])
            self._add(trigger, {**plain, **own})
            self.steps.effects[trigger] = self._effect(kind, own, {}) if _single(own) else self._effect(
                kind, {**plain, **own}, declared)  # fmt: skip
        rest = f"{kind}[*]" if triggers else kind
        self._add(rest, plain)
        self.steps.effects[rest] = self._effect(kind, plain, declared)

    def _line(self, form: Form, described: EventType) -> _Line:
        sources = self._sources(form)
        dest = self._dest(form, "to")
        name, values = "", ()
        if "where" in form:
            where = form.sub("where")
            if len(where.value) == 1:
                name = next(iter(where.value))
                values = self._values(where, name, described)
            else:
                where.wrong((), "where 应当只看一个字段", "where looks at exactly one field")
        form.finish()
        return _Line(form, sources, name, values, dest)

    def _sources(self, form: Form) -> tuple[tuple[str, int | None], ...] | None:
        raw = form.get("from")
        if raw == "others":
            return None
        if raw is None:
            form.wrong((), "缺少“from”", "“from” is missing")
        found: list[tuple[str, int | None]] = []
        for position, word in enumerate(form.words("from")):
            at = position if isinstance(raw, list) else None
            if word in self.groups:
                found += [(state, at) for state in self.groups[word]]
            elif word in self.states:
                found.append((word, at))
            else:
                form.unknown(("from",) if at is None else ("from", at), word, (*self.states, *self.groups, "others"))
        return tuple(found)

    def _values(self, where: Form, name: str, described: EventType) -> Values:
        raw = where.get(name)
        values: list[Any] = raw if isinstance(raw, list) else [raw]
        field = described.fields.get(name)
        if field is None and name != CASE_TYPE:
            _unknown_key(where, name, (*described.fields, CASE_TYPE))
            return ()
        for value in values:
            if not _fits(value, field):
                where.unknown((name,), value, field.values if field is not None else ())
        return tuple(value for value in values if _fits(value, field))

    def _triggers(self, described: EventType, lines: list[_Line]) -> dict[Values, str]:
        """The triggers of the lines with a ``where``, by the values that pull them."""
        found: dict[Values, str] = {}
        taken: dict[Any, str] = {}
        field = ""
        for line in lines:
            if not line.values or line.values in found:
                continue
            if field and line.field != field:
                line.form.wrong(("where",), f"同一事件的 where 只能看同一字段（{field}）",
                                f"every where of one event looks at the same field ({field})")  # fmt: skip
                continue
            field = line.field
            shown = "|".join(_word(value) for value in line.values)
            found[line.values] = trigger = f"{described.name}[{field}={shown}]"
            for value in line.values:
                if value in taken:
                    line.form.wrong(("where", field), f"“{_word(value)}”已见于另一个 where",
                                    f"“{_word(value)}” stands in another where too")  # fmt: skip
                taken[value] = trigger
        if field:
            self.steps.guards[described.name] = Guard(
                field, taken, f"{described.name}[*]", described.fields.get(field)
            )  # fmt: skip
        return found

    def _targets(self, lines: list[_Line]) -> dict[str, str]:
        """Where each state is led by lines of one trigger."""
        targets: dict[str, str] = {}
        rest: _Line | None = None
        for line in lines:
            if line.sources is None:
                if rest is not None:
                    line.form.wrong(("from",), "同一事件出现两行 others", "two lines of others for one event")
                rest = line
                continue
            for state, at in line.sources:
                if state in targets:
                    line.form.wrong(("from",) if at is None else ("from", at), f"该事件已有从“{state}”出发的步骤",
                                    f"the event already has a step from “{state}”")  # fmt: skip
                else:
                    targets[state] = state if line.dest is None else line.dest
        if rest is not None:
            for state in self.states:
                targets.setdefault(state, state if rest.dest is None else rest.dest)
        return {state: targets[state] for state in self.states if state in targets}

    def _add(self, trigger: str, targets: Mapping[str, str]) -> None:
        self.steps.transitions += [Transition(trigger, source, dest) for source, dest in targets.items()]

    def _effect(self, kind: str, targets: Mapping[str, str], declared: Mapping[str, str | None]) -> str | None:
        """The state an event leads to out of place: as declared, else the only one its steps lead to."""
        if kind in declared:
            return declared[kind]
        dests = {dest for source, dest in targets.items() if dest != source}
        if len(dests) > 1:
            self.form.wrong(
                ("transitions", kind), f"“{kind}”通向多个状态，请在 effects 中写明错序时的去向",
                f"“{kind}” leads to several states: say under effects where it leads out of place",
            )  # fmt: skip
            return None
        return next(iter(dests), None)


def _unknown_key(form: Form, key: str, choices: Iterable[str]) -> None:
    """Record that a key is not one of the known ones, at the key itself."""
    form.unknown((key,), key, choices)
    form.defects[-1] = evolve(form.defects[-1], place=form.document.key_place(*form.path, key))


def _single(targets: Mapping[str, str]) -> bool:
    return len({dest for source, dest in targets.items() if dest != source}) == 1


def _fits(value: Any, field: Field | None) -> bool:
    if field is None:
        return isinstance(value, str)
    if field.kind == "boolean":
        return isinstance(value, bool)
    return isinstance(value, str) and (field.kind != "enum" or value in field.values)


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
