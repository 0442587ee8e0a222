"""Mutants: a rule with one thing changed, as a value.

Only rules that the reader of rules would accept. What cannot make a difference by its form is not made (no period of
less than nothing, no rollover of hours), so that what remains is worth an example or an explanation.
"""

from __future__ import annotations

from collections.abc import Iterable

from attrs import evolve, frozen

from execcheck.calendars import Calendar
from execcheck.clauses import During, Linked, Path, parts_of
from execcheck.dated import Dated
from execcheck.durations import Period
from execcheck.lawbook import Law
from execcheck.mutating.conditions import ConditionEdits, selector_name
from execcheck.mutating.edits import Edits, dropped, each, fewer, inside, numbered, turned
from execcheck.mutating.grammar import Grammar, types_of
from execcheck.mutating.kinds import OF_KIND
from execcheck.mutating.limits import constants, dated_edits, in_force_edits
from execcheck.parameters import with_factor, with_within
from execcheck.policy import (
    Absence,
    Condition,
    Interval,
    Milder,
    Pack,
    Precedence,
    Recurrence,
    Response,
    Rule,
    Separation,
    Text,
    Trigger,
)

ROLLOVER = "rollover:off"
ROLLING = ("d", "mo", "y")


@frozen
class Mutant:
    """A changed rule: ``name`` is stable, ``words`` say the change; ``calendar`` is its own where it has one."""

    name: str
    words: Text
    rule: Rule
    calendar: Calendar | None = None


def mutants_of(rule: Rule, law: Law) -> tuple[Mutant, ...]:
    """Every mutant of a rule, each of another name."""
    grammar = Grammar(law.vocabulary)
    edits = [e for e in _edits(rule, law, grammar) if e.value != rule and grammar.well_formed(e.value)]
    found = [Mutant(edit.name, edit.words, edit.value) for edit in numbered(edits)]
    if _rolls(rule):
        words = Text("休息日届满不顺延", "the last day does not move from a rest day")
        found.append(Mutant(ROLLOVER, words, rule, Calendar.without_rest()))
    return tuple(found)


def pack_mutants(pack: Pack, rule: Rule) -> tuple[Mutant, ...]:
    """Mutants of what a rule has from its pack: the days in force and the region."""
    edits = list(inside(rule, "in_force", in_force_edits(rule.in_force))) if rule.in_force == pack.in_force else []
    if pack.region is not None and rule.pack == pack:
        edits.append(dropped("region", evolve(rule, pack=evolve(pack, region=None))))
    return tuple(Mutant(edit.name, edit.words, edit.value) for edit in edits)


def _edits(rule: Rule, law: Law, grammar: Grammar) -> Edits[Rule]:
    limits = tuple(value for value in (rule.within, rule.factor) if value is not None)
    conditions = ConditionEdits(grammar, rule.per, limits)
    yield from inside(rule, "when", fewer(rule.when, _trigger, 1))
    yield from inside(rule, "when", each(rule.when, lambda t: _of_trigger(t, conditions), _trigger))
    yield from _limits(rule)
    yield from OF_KIND[rule.kind](rule, conditions)
    yield from _ties(rule, grammar)
    if rule.in_state is not None:
        machine, states = rule.in_state
        yield dropped("in_state", evolve(rule, in_state=None))
        for state in sorted(states) if len(states) > 1 else ():
            yield dropped(f"in_state={state}", evolve(rule, in_state=(machine, states - {state})), state)
    if rule.milder is not None:
        yield from _milder(rule, rule.milder, conditions)
    if rule.in_force != rule.pack.in_force:
        yield from inside(rule, "in_force", in_force_edits(rule.in_force))


def _trigger(trigger: Trigger) -> str:
    return selector_name(trigger.selector)


def _of_trigger(trigger: Trigger, conditions: ConditionEdits) -> Edits[Trigger]:
    yield from inside(trigger, "selector", conditions.selector(trigger.selector), "")
    if trigger.within is not None:
        yield from inside(trigger, "within", dated_edits(trigger.within))
    if trigger.follow is not None:
        yield dropped("follow", evolve(trigger, follow=None))


def _limits(rule: Rule) -> Edits[Rule]:
    """The rule's own limit and factor, also where its conditions use them."""
    distance = isinstance(rule, Condition | Precedence | Interval)
    if rule.within is not None:
        for edit in dated_edits(rule.within, distance):
            yield edit.within("within", with_within(rule, edit.value))
        if isinstance(rule, Precedence):
            yield dropped("within", evolve(rule, within=None))
    if rule.factor is not None:
        for op, other in constants(rule.factor):
            yield turned("factor", f"{rule.factor}改为{other}", f"{rule.factor} becomes {other}",
                         with_factor(rule, other), op)  # fmt: skip


def _ties(rule: Rule, grammar: Grammar) -> Edits[Rule]:
    """Another object, or none; other cases (offices are held in the whole family whatever the rule says)."""
    events = grammar.vocabulary.events
    types = types_of(trigger.selector for trigger in rule.when)
    if not _looks_around(rule):
        return
    if rule.per is not None and not (isinstance(rule, Response) and rule.for_each is not None):
        kinds = [kind for kind in grammar.vocabulary.objects if kind != rule.per]
        others = [kind for kind in kinds if any(events[t].carries(kind) for t in types)]
        yield turned("per", f"不论{rule.per}", f"whatever the {rule.per}", evolve(rule, per=None), "dropped")
        for other in others[:1]:
            yield turned("per", f"{rule.per}改为{other}", f"{rule.per} becomes {other}", evolve(rule, per=other))
    if isinstance(rule, Separation) and rule.other.office is not None:
        return
    unsaid = "family" if rule.per else "case"  # what holds where a rule does not say it is not the rule's own
    if rule.scope != unsaid:
        yield turned("across", "只看本案", "one case only", evolve(rule, scope="case"), "case")
    if rule.scope == "related":
        yield turned("across", "只看同一案件系列", "the family only", evolve(rule, scope="family"), "family")
    if rule.scope == "case":
        yield turned("across", "看同一案件系列", "the whole family", evolve(rule, scope="family"), "family")


def _looks_around(rule: Rule) -> bool:
    """Whether the rule sees anything but the event that it judges."""
    if not isinstance(rule, Condition) and not (isinstance(rule, Absence) and rule.between is None):
        return True
    parts = parts_of((tuple(t.selector.where for t in rule.when), rule.require if isinstance(rule, Condition) else ()))
    return any(isinstance(p, Linked | During) or (isinstance(p, Path) and p.root == "latest") for p in parts)


def _milder(rule: Rule, milder: Milder, conditions: ConditionEdits) -> Edits[Rule]:
    yield dropped("milder", evolve(rule, milder=None))
    types = types_of(trigger.selector for trigger in rule.when)
    yield from inside(rule, "milder", inside(milder, "where", conditions.where(milder.where, types, 1), ""))


def _rolls(rule: Rule) -> bool:
    """Whether a rest day may move the due day, and nothing else in the rule looks at rest days."""
    if not isinstance(rule, Response | Recurrence):
        return False
    periods = list(_periods(rule.within)) + [p for t in rule.when for p in _periods(t.within)]
    extended = rule.extended_by.within if isinstance(rule, Response) and rule.extended_by else None
    periods += [extended] if extended is not None else []
    return any(p.unit in ROLLING and p.count for p in periods) and all(p.unit != "wd" for p in periods)


def _periods(dated: Dated[Period] | None) -> Iterable[Period]:
    return [] if dated is None else [period for _, period in dated.values]
