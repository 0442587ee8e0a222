"""The part of a policy file that belongs to its kind: a small function for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from execcheck.clauses import Selector
from execcheck.policy import (
    PERSONS,
    Absence,
    Aggregate,
    Authority,
    Bound,
    Condition,
    Extension,
    ForEach,
    From,
    Interval,
    PersonSource,
    Precedence,
    Reaching,
    Recurrence,
    Response,
    Rule,
    Separation,
    Total,
)  # fmt: skip
from execcheck.rule_forms import Form, as_distance, as_number, as_period
from execcheck.rule_syntax import Syntax

AMOUNTS = ("money", "integer")
Parts = dict[str, Any]
"""Arguments for the class of a rule."""


def _response(form: Form, syntax: Syntax) -> Parts:
    limits = [key for key in ("within", "due_on", "before") if key in form]
    when = syntax.triggers(form, "when")
    types = [kind for t in when for kind in t.selector.types]
    if len(limits) > 1 or (not limits and not all(t.within or t.due_on for t in when)):
        form.wrong((), "within、due_on、before 须且只须写一个", "say exactly one of within, due_on, before")
    return {
        "when": when, "then": syntax.selectors(form, "then", required=True),
        "due_on": syntax.due_on(form, types),
        "before": syntax.selectors(form, "before"),
        "unless": syntax.selectors(form, "unless"), "stops": _spans(form, "stops", syntax),
        "extended_by": _extension(form, syntax), "or_earlier": form.flag("or_earlier"),
        "match": _match(form, syntax, types),
        "not_before": syntax.selectors(form, "not_before"),
        "restarted_by": syntax.selectors(form, "restarted_by"), "counts_from": _counts_from(form, syntax, types),
        "earliest": _earliest(form, syntax), "without": syntax.selectors(form, "without"),
        "provided": syntax.selectors(form, "provided"), "reaching": _reaching(form, syntax),
        "for_each": _for_each(form, syntax), "instead": _instead(form, syntax),
    }  # fmt: skip


def _spans(form: Form, key: str, syntax: Syntax) -> tuple[str, ...]:
    names = form.words(key)
    for name in names:
        if name not in syntax.vocabulary.extra.get("spans", {}):
            form.unknown((key,), name, syntax.vocabulary.extra.get("spans", {}))
    return names


def _extension(form: Form, syntax: Syntax) -> Extension | None:
    value = form.get("extended_by")
    if isinstance(value, Mapping) and "within" in value:
        sub = form.sub("extended_by")
        period, event = sub.period("within"), sub.word("event", syntax.vocabulary.events, required=True)
        late = sub.flag("even_late")
        sub.finish()
        return Extension((Selector((event,)),), period, late) if event else None
    selectors = syntax.selectors(form, "extended_by")
    return Extension(selectors) if selectors else None


def _match(form: Form, syntax: Syntax, types: list[str]) -> tuple[tuple[str, Any], ...]:
    value = form.get("match")
    if value is None:
        return ()
    pairs = value.items() if isinstance(value, Mapping) else [(value, value)]
    found = []
    answers = [kind for selector in syntax.selectors(form, "then") for kind in selector.types]
    for own, other in pairs:
        path = syntax.path(form, ("match",), other, types)
        if path is not None and syntax.check_field(form, ("match",), str(own), answers):
            found.append((str(own), path))
    return tuple(found)


def _counts_from(form: Form, syntax: Syntax, types: list[str]) -> From | None:
    if "from" not in form:
        form.used.add("from")
        return None
    sub = form.sub("from")
    found = From(sub.distance("period"), syntax.field_name(sub, "field", types, ("date",)) or None)
    if (found.period is None) == (found.field is None):
        sub.wrong((), "period 与 field 须且只须写一个", "say exactly one of period and field")
    sub.finish()
    return found


def _earliest(form: Form, syntax: Syntax) -> dict[str, Any]:
    value = form.get("earliest")
    if not isinstance(value, Mapping):
        period = as_distance(form, ("earliest",), as_period(form, ("earliest",), value))
        return {} if period is None else {"*": period}
    found = {}
    for kind, text in value.items():
        if kind not in syntax.vocabulary.events:
            form.unknown(("earliest", kind), kind, syntax.vocabulary.events)
        found[str(kind)] = as_distance(form, ("earliest", kind), as_period(form, ("earliest", kind), text))
    return found


def _reaching(form: Form, syntax: Syntax) -> Reaching | None:
    if "reaching" not in form:
        form.used.add("reaching")
        return None
    sub = form.sub("reaching")
    of, each = syntax.selectors(sub, "of", required=True), syntax.selectors(sub, "each", required=True)
    types = [kind for selector in (*of, *each) for kind in selector.types]
    field = syntax.field_name(sub, "field", types, AMOUNTS)
    if "field" not in sub:
        sub.wrong((), "缺少“field”", "“field” is missing")
    sub.finish()
    return Reaching(field, of, each)


def _for_each(form: Form, syntax: Syntax) -> ForEach | None:
    if "for_each" not in form:
        form.used.add("for_each")
        return None
    sub = form.sub("for_each")
    if "span" in sub:
        name = sub.word("span", syntax.vocabulary.extra.get("spans", {}))
        sub.finish()
        kind = syntax.vocabulary.extra.get("spans", {}).get(name, {}).get("object", "")
        return ForEach(kind, span=name)
    for kind in sub.value:
        path = syntax.path(sub, (kind,), sub.get(kind), ())
        if kind not in syntax.vocabulary.objects:
            sub.unknown((kind,), kind, syntax.vocabulary.objects)
        elif path is not None and path.root == "latest":
            return ForEach(kind, event_type=path.event_types[0], field=path.field)
    sub.wrong((), "for_each 应写 span，或“对象: 事件类型.字段”", "for_each takes a span, or “object: event.type.field”")
    return None


def _instead(form: Form, syntax: Syntax) -> tuple[str, tuple[Any, ...]] | None:
    if "instead" not in form:
        form.used.add("instead")
        return None
    sub = form.sub("instead")
    kind = sub.word("uncaptured", syntax.vocabulary.events, required=True)
    found = kind, syntax.triggers(sub, "when")
    sub.finish()
    return found


def _precedence(form: Form, syntax: Syntax) -> Parts:
    together, needs = None, syntax.needs(form, "needs")
    if "together" in form:
        sub = form.sub("together")
        types = [kind for need in needs for kind in need.selector.types]
        field = syntax.field_name(sub, "field", types, ("many", "ids"))
        values = sub.words("values")
        known = {v for kind in types for v in getattr(syntax.vocabulary.events[kind].fields.get(field), "values", ())}
        for value in values:
            if known and value not in known:
                sub.unknown(("values",), value, known)
        if not field or not values:
            sub.wrong((), "together 须写 field 与 values", "together takes field and values")
        together = field, frozenset(values)
        sub.finish()
    return {
        "when": syntax.triggers(form, "when"), "needs": needs,
        "together": together, "by_day": form.flag("by_day"), "at_least": form.distance("at_least"),
        "after": syntax.selectors(form, "after"),
    }  # fmt: skip


def _absence(form: Form, syntax: Syntax) -> Parts:
    when, between = syntax.triggers(form, "when"), None
    if "between" in form:
        sub = form.sub("between")
        between = syntax.selectors(sub, "from", required=True), syntax.selectors(sub, "to", required=True)
        sub.finish()
    return {"when": when, "between": between}


def _condition(form: Form, syntax: Syntax) -> Parts:
    when = syntax.triggers(form, "when")
    types = [kind for trigger in when for kind in trigger.selector.types]
    require = syntax.where(form, "require", types, require=True)
    if not require.atoms:
        form.wrong((), "缺少“require”（要求）", "“require” is missing")
    return {"when": when, "require": require}


def _separation(form: Form, syntax: Syntax) -> Parts:
    when = syntax.triggers(form, "when")
    types = [kind for trigger in when for kind in trigger.selector.types]
    key = "equals" if "equals" in form else "differs_from"
    sub = form.sub(key)
    of = sub.get("of")
    which = sub.word("which", ("first", "each"))
    named = [kind for kind in (sub.word("event", syntax.vocabulary.events),) if kind]
    other = PersonSource(
        event_type=named[0] if named else None,
        person=_other_person(sub, syntax, named),
        which="first" if which == "first" else "each",
        office=sub.word("office", syntax.vocabulary.extra.get("offices", {})) or None,
        at=sub.word("at", syntax.vocabulary.events) or None,
        before=sub.word("before", syntax.vocabulary.events) or None,
        of=None if of is None else syntax.path(sub, ("of",), of, types), or_team=sub.flag("or_team"),
    )  # fmt: skip
    sub.finish()
    if bool(other.event_type) == bool(other.office):
        form.wrong((key,), "event 与 office 须写其一", "say one of event and office")
    persons = form.words("person")
    if not persons:
        form.wrong((), "缺少“person”（人员）", "“person” is missing")
    for person in persons:
        if person not in PERSONS:
            syntax.check_field(form, ("person",), person, types, ("id", "text"))
    unless = syntax.where(form, "unless", types)
    return {"when": when, "person": persons, "other": other, "same": key == "equals",
            "unless": unless if unless.atoms else None}  # fmt: skip


def _other_person(form: Form, syntax: Syntax, named: list[str]) -> str | None:
    """Where the earlier event names somebody: who acted, the panel, or a data field."""
    if form.get("person") in PERSONS:
        return form.word("person")
    return syntax.field_name(form, "person", named, ("id", "text")) or None


def _interval(form: Form, syntax: Syntax) -> Parts:
    if "within" not in form:
        form.wrong((), "缺少“within”（最短间隔）", "“within” (the least distance) is missing")
    return {"when": syntax.triggers(form, "when"), "after": syntax.selectors(form, "after", required=True),
            "strictly": form.flag("strictly")}  # fmt: skip


def _recurrence(form: Form, syntax: Syntax) -> Parts:
    if "within" not in form:
        form.wrong((), "缺少“within”（间隔）", "“within” (the period) is missing")
    return {"when": syntax.triggers(form, "when"), "then": syntax.selectors(form, "then", required=True),
            "until": syntax.selectors(form, "until"), "lasting": form.distance("for")}  # fmt: skip


def _aggregate(form: Form, syntax: Syntax) -> Parts:
    key = "at_least" if "at_least" in form else "at_most"
    if key not in form:
        form.wrong((), "缺少“at_most”或“at_least”", "“at_most” or “at_least” is missing")
    provided = form.words("provided_all")
    for kind in provided:
        if kind not in syntax.vocabulary.events:
            form.unknown(("provided_all",), kind, syntax.vocabulary.events)
    return {
        "when": syntax.triggers(form, "when"), "total": _total(form.sub("total"), syntax),
        "bound": _bound(form, key, syntax), "at_most": key == "at_most", "least": form.count("least"),
        "provided_all": provided,
    }  # fmt: skip


def _total(form: Form, syntax: Syntax) -> Total:
    over, span = syntax.selectors(form, "over"), form.word("span", syntax.vocabulary.extra.get("spans", {}))
    types = list(syntax.vocabulary.events) if span else [kind for selector in over for kind in selector.types]
    found = Total("count", "", over, span or None)
    if "sum" in form:
        found = Total("sum", syntax.field_name(form, "sum", types, AMOUNTS), over, span or None)
    elif form.value.get("distinct") == "actor":
        found = Total("distinct", form.word("distinct"), over, span or None)
    elif "distinct" in form:
        found = Total("distinct", syntax.field_name(form, "distinct", types), over, span or None)
    elif not form.flag("count"):
        form.wrong((), "须写 sum、count 或 distinct", "say one of sum, count, distinct")
    form.finish()
    return found


def _bound(form: Form, key: str, syntax: Syntax) -> Bound:
    value = form.get(key)
    if not isinstance(value, Mapping):
        return Bound(constant=as_number(form, (key,), value))
    sub = form.sub(key)
    if "latest" not in sub:
        return Bound(total=_total(sub, syntax))
    named = sub.get("latest")
    groups = [item if isinstance(item, list) else [item] for item in (named if isinstance(named, list) else [named])]
    known = tuple(syntax.vocabulary.events)  # what is compared with them may be anything
    for kind in (kind for group in groups for kind in group):
        if kind not in known:
            sub.unknown(("latest",), kind, known)
    latest = tuple(tuple(kind for kind in group if kind in known) for group in groups)
    times = sub.get("times")
    factor = syntax.params["factor"] if times == "factor" else as_number(sub, ("times",), times)
    types = [kind for group in latest for kind in group]
    found = Bound(latest=latest, field=syntax.field_name(sub, "field", types, AMOUNTS), times=factor)
    if not found.field or (times == "factor" and factor is None):
        sub.wrong((), "须写 field；用 factor 时规则须给出该参数", "say field, and the factor if it is used")
    sub.finish()
    return found


READERS: Mapping[str, tuple[type[Rule], Callable[[Form, Syntax], Parts]]] = {
    "response": (Response, _response), "precedence": (Precedence, _precedence), "absence": (Absence, _absence),
    "condition": (Condition, _condition), "authority": (Authority, _condition), "separation": (Separation, _separation),
    "interval": (Interval, _interval), "recurrence": (Recurrence, _recurrence), "aggregate": (Aggregate, _aggregate),
}  # fmt: skip
