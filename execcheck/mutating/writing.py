"""A telling log as an example: in the short form in which rule files hold them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from execcheck.events import Event
from execcheck.express import ENVELOPE
from execcheck.judgement import Verdict
from execcheck.logs.writing import raw_of
from execcheck.mutating.search import Apart
from execcheck.order import sort_events
from execcheck.policy import Example, Rule
from execcheck.testing.examples import DEFAULT_CASE
from execcheck.vocabulary import Vocabulary

_WORDS = ("true", "false", "null", "yes", "no", "on", "off", "~")


def example_of(name: str, told: Apart, rule: Rule, vocabulary: Vocabulary) -> Example:
    """The example that says what the rule says, and so tells the mutant from it."""
    log, own, other = told.log, told.rule, told.mutant
    events = tuple(short(event, vocabulary) for event in sort_events(list(log.events)))
    due = next(iter(own.dues)) if len(own.dues) == 1 else None
    as_of = None if log.as_of is None else date.fromordinal(log.as_of).isoformat()
    differ = own.verdicts != other.verdicts
    missing = next(iter(own.missing)) if own.verdicts == (Verdict.INCONCLUSIVE.value,) and len(own.missing) == 1 else ()
    return Example(
        name=name, place=rule.place, verdict=own.verdicts[0], events=events, as_of=as_of,
        due=None if due is None else date.fromordinal(due).isoformat(),
        severity=next(iter(own.severities)) if not differ and own.severities != other.severities else None,
        count=own.count if not differ and own.count != other.count else None,
        missing=tuple(sorted(missing)),
    )  # fmt: skip


def short(event: Event, vocabulary: Vocabulary) -> dict[str, Any]:
    """An event in the short form: data and objects beside type and time."""
    raw = raw_of(event)
    fields = vocabulary.events[event.type].fields
    found: dict[str, Any] = {"case": event.case} if event.case != DEFAULT_CASE else {}
    found.update(time=raw["time"], type=event.type)
    objects, data = dict(event.objects), dict(event.data)
    plain = {name: item for name, item in objects.items() if name not in fields and name not in ENVELOPE}
    found.update(plain)
    rest = {name: item for name, item in objects.items() if name not in plain}
    found.update({"objects": rest} if rest else {})
    written = raw.get("data", {})
    for name, value in data.items():
        if name in ENVELOPE:
            found.setdefault("data", {})[name] = written[name]
        else:
            found[name] = _value(value, written[name])
    found.update({name: raw[name] for name in ("recorded", "source", "actor", "panel", "approvals") if name in raw})
    return found


def _value(value: Any, written: Any) -> Any:
    return (int(value) if value == value.to_integral_value() else value) if isinstance(value, Decimal) else written


def yaml_of(example: Example) -> str:
    """The example as it stands in a rule file, below ``examples:``."""
    lines = [f"  {_text(example.name)}:"]
    lines.append(f"    {example.verdict}:" if example.events else f"    {example.verdict}: []")
    lines += [f"      - {_flow(event)}" for event in example.events]
    lines += [f"    {key}: {value}" for key, value in _expected(example)]
    return "\n".join(lines) + "\n"


def _expected(example: Example) -> Iterator[tuple[str, str]]:
    for key in ("as_of", "due", "severity", "count"):
        value = getattr(example, key)
        if value is not None:
            yield key, str(value)
    if example.missing:
        yield "missing", _flow(list(example.missing))


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return _text(value) if isinstance(value, str) else str(value)


def _text(value: str) -> str:
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}(-[0-9]{2}(T[0-9:.]+[+-][0-9:]+)?)?", value):
        return value
    if value.lower() in _WORDS or not re.fullmatch(r"[\w（）].*", value):
        return f'"{value}"'
    if re.search(r"[,:{}\[\]#\"]( |$)|[{}\[\],\"]", value) or re.fullmatch(r"[-+]?[0-9.][-+0-9.eE]*", value):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return value
