"""The limit of a rule: as rule files write it, and in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from execcheck.dated import Dated
from execcheck.describing import Describer
from execcheck.periods import Period
from execcheck.policy import Precedence, Recurrence, Response, Rule, Text


def limit_code(rule: Rule) -> str | None:
    """The limit as rule files spell it (``30d``, ``due_on expires``, ``before case.closed``); None without one."""
    parts = [_dated(limit, str) for limit in _periods(rule)]
    if isinstance(rule, Response):
        parts += [f"due_on {field}" for field in _due_fields(rule)]
        if rule.before:
            parts.append("before " + ", ".join(kind for selector in rule.before for kind in selector.types))
    parts += [f"at least {least}" for least in _least(rule)]
    if rule.factor is not None:
        parts.append(f"factor {rule.factor}")
    return " / ".join(dict.fromkeys(parts)) or None


def limit_text(rule: Rule, describer: Describer) -> Text:
    """The limit in words; empty without one."""
    return Text(" / ".join(_words(rule, describer, "zh")), " / ".join(_words(rule, describer, "en")))


def _words(rule: Rule, describer: Describer, lang: str) -> Iterable[str]:
    zh = lang == "zh"
    parts = [_dated(limit, lambda period: period.text(lang)) for limit in _periods(rule)]
    if isinstance(rule, Recurrence):
        parts = [f"每 {part}" if zh else f"every {part}" for part in parts]
    if isinstance(rule, Response):
        named = [describer.labels.field(field) for field in _due_fields(rule)]
        parts += [f"所载{field.zh}" if zh else f"the day in “{field.en}”" for field in named]
        if rule.before:
            event = describer.selectors(rule.before)
            parts.append(f"{event.zh}之前" if zh else f"before {event.en}")
    parts += [f"至少提前 {least.text(lang)}" if zh else f"at least {least.text(lang)} before" for least in _least(rule)]
    if rule.factor is not None:
        parts.append(f"{rule.factor} 倍" if zh else f"{rule.factor} times")
    return dict.fromkeys(parts)


def _periods(rule: Rule) -> list[Dated[Period]]:
    own = [trigger.within for trigger in rule.when if trigger.within is not None]
    return own or ([rule.within] if rule.within is not None else [])


def _least(rule: Rule) -> list[Period]:
    """The least distances of a precedence."""
    if not isinstance(rule, Precedence):
        return []
    return [least for least in (rule.at_least, *(need.at_least for need in rule.needs)) if least is not None]


def _due_fields(rule: Response) -> list[str]:
    own = [trigger.due_on.field for trigger in rule.when if trigger.due_on is not None]
    return own or ([rule.due_on.field] if rule.due_on is not None else [])


def _dated(limit: Dated[Period], written: Callable[[Period], str]) -> str:
    """One value as it is; several with the day from which each holds."""
    if len(limit.values) == 1:
        return written(limit.latest)
    return ", ".join(f"{written(period)} ({date.fromordinal(day) if day else '—'} →)" for day, period in limit.values)
