"""A court's own values for the parameters of rules: ``RULE.within=2d``, ``RULE.factor=1.5``, ``RULE.severity=note``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation

from attrs import evolve

from execcheck.clauses import AnyOf, Operand, Test, Where
from execcheck.dated import Dated
from execcheck.defects import Defect, DefectiveInput, did_you_mean
from execcheck.periods import Period, PeriodError
from execcheck.policy import Aggregate, Bound, Condition, Interval, Precedence, Rule, Severity

PARAMETERS = ("within", "factor", "severity")
LARGEST = 40
"""The largest power of ten of a factor; sums times more than that are no amounts."""


def set_parameters(rules: Mapping[str, Rule], settings: Mapping[str, str]) -> dict[str, Rule]:
    """The rules with the given values; raises :class:`DefectiveInput` naming every setting that does not fit."""
    changed, defects = dict(rules), []  # type: dict[str, Rule], list[Defect]
    for name, value in settings.items():
        rule_id, _, parameter = name.rpartition(".")
        rule = changed.get(rule_id)
        if rule is None:
            zh, en = did_you_mean(rule_id, rules)
            defects.append(Defect("", "set", f"没有规则“{rule_id}”{zh}", f"there is no rule “{rule_id}”{en}"))
            continue
        try:
            changed[rule_id] = _set(rule, parameter, value)
        except PeriodError as error:
            defects.append(Defect("", "set", f"{name}：{error.zh}", f"{name}: {error.en}"))
        except (ValueError, InvalidOperation):
            has = [p for p in PARAMETERS if p == "severity" or getattr(rule, p) is not None]
            defects.append(Defect("", "set", f"{name}={value} 不适用；该规则的参数：{'、'.join(has)}",
                                  f"{name}={value} does not fit; this rule has: {', '.join(has)}"))  # fmt: skip
    if defects:
        raise DefectiveInput(defects)
    return changed


def _set(rule: Rule, parameter: str, value: str) -> Rule:
    if parameter == "within" and rule.within is not None:
        period = Period.parse(value)
        if period.unit == "wd" and isinstance(rule, (Condition, Precedence, Interval)):
            raise ValueError(value)  # calendar days are compared there
        return with_within(rule, rule.within.with_value(period))
    if parameter == "factor" and rule.factor is not None:
        factor = Decimal(value)
        if not factor.is_finite() or factor <= 0 or abs(factor.adjusted()) > LARGEST:
            raise ValueError(value)
        return with_factor(rule, factor)
    if parameter == "severity":
        return evolve(rule, severity=Severity(value))
    raise ValueError(parameter)


def as_of_today(rule: Rule) -> Rule:
    """The rule with the limits of today, whatever the day of the trigger."""
    if rule.within is not None:
        rule = with_within(rule, rule.within.as_latest())
    today = tuple(t if t.within is None else evolve(t, within=t.within.as_latest()) for t in rule.when)
    return evolve(rule, when=today)


def with_within(rule: Rule, within: Dated[Period]) -> Rule:
    """The rule with another limit, also where its conditions use it."""
    old = rule.within
    assert old is not None
    return _in_conditions(evolve(rule, within=within), old, within)


def with_factor(rule: Rule, factor: Decimal) -> Rule:
    """The rule with another factor, also where its conditions or its bound use it."""
    old = rule.factor
    assert old is not None
    return _in_conditions(evolve(rule, factor=factor), old, factor)


Value = Decimal | Dated[Period]


def _in_conditions(rule: Rule, old: Value, new: Value) -> Rule:
    """Put the new value where the rule's conditions or bound use the parameter."""
    rule = evolve(rule, when=tuple(
        evolve(trigger, selector=evolve(trigger.selector, where=_where(trigger.selector.where, old, new)))
        for trigger in rule.when
    ))  # fmt: skip
    if isinstance(rule, Condition):
        return evolve(rule, require=_where(rule.require, old, new))
    if isinstance(rule, Aggregate) and isinstance(new, Decimal) and rule.bound.times == old:
        bound: Bound = evolve(rule.bound, times=new)
        return evolve(rule, bound=bound)
    return rule


def _where(where: Where, old: Value, new: Value) -> Where:
    return Where(tuple(
        evolve(atom, operand=_operand(atom.operand, old, new)) if isinstance(atom, Test)
        else AnyOf(tuple(_where(branch, old, new) for branch in atom.branches)) if isinstance(atom, AnyOf)
        else atom
        for atom in where.atoms
    ))  # fmt: skip


def _operand(operand: Operand, old: Value, new: Value) -> Operand:
    if isinstance(new, Dated):
        return evolve(operand, shift=new) if operand.shift == old else operand
    return evolve(operand, times=new) if operand.times == old else operand


def due_of(rule: Rule) -> tuple[str, ...]:
    """The rules whose due days the conditions of a rule ask for."""
    wheres = [trigger.selector.where for trigger in rule.when]
    if isinstance(rule, Condition):
        wheres.append(rule.require)
    return tuple(dict.fromkeys(name for where in wheres for name in _due_of(where)))


def _due_of(where: Where) -> Iterator[str]:
    for atom in where.atoms:
        if isinstance(atom, Test):
            yield from atom.operand.due_of
        elif isinstance(atom, AnyOf):
            for branch in atom.branches:
                yield from _due_of(branch)
