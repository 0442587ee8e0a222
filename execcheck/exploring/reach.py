"""Rules that nothing can trigger, and duties that cannot be met: proven where the law book shows it, else by search.

What is said to be impossible follows from the law book alone. The search builds logs from the rule; where it finds
none, that is all it says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from execcheck.clauses import Atom, Path, Selector, Test
from execcheck.defects import Defect
from execcheck.exploring.conflicts import tries
from execcheck.exploring.machines import lawful_states, led_to, pulled, reachable, takers
from execcheck.exploring.overlaps import readings, triggers_of
from execcheck.lawbook import Law
from execcheck.lifecycle import Lifecycle
from execcheck.policy import Absence, Response, Rule, Text
from execcheck.testing.scenes import Scene, Side, Stage
from execcheck.testing.story import CannotConstruct, log_lines
from execcheck.vocabulary import Vocabulary

TIME = Path("envelope", "time")
SEARCH_ZH, SEARCH_EN = "在有限搜索内（不是证明）未找到", "a bounded search, which is no proof, found no log that"
TRIES = 6
"""How many scenes of a rule are looked at, each of which is tried in many ways."""


def reach_notes(law: Law, rules: Iterable[Rule], stage: Stage) -> Iterator[Defect]:
    """Rules that cannot be triggered, and duties that cannot be met."""
    for rule in rules:
        found = untriggerable(law, rule)
        if found is not None:
            yield _note(rule, "untriggerable", found)
            continue
        if _is_due_before(rule):
            yield _note(
                rule, "due-before-trigger", Text("到期日总在触发之前", "its due day always lies before the trigger")
            )
            continue
        found = unmeetable(law, rule)
        if found is not None:
            yield _note(rule, "unmeetable", found)
            continue
        yield from _searched(rule, stage)


def untriggerable(law: Law, rule: Rule) -> Text | None:
    """Why nothing can trigger a rule; None where the law book does not show it."""
    if rule.in_force.start > rule.in_force.end:
        return Text("施行期间为空", "it is never in force")
    reasons: list[Text] = []
    for selector in triggers_of(rule):
        for kind in selector.types:
            reason = _never(law, rule, selector, kind)
            if reason is None:
                return None
            reasons.append(reason)
    return next(iter(dict.fromkeys(reasons)), None)


def _never(law: Law, rule: Rule, selector: Selector, kind: str) -> Text | None:
    """Why an event of one type does not trigger the rule."""
    if not readings(selector.where, kind, law.vocabulary):
        return Text(f"{kind} 的条件自相矛盾", f"{kind}: its conditions contradict each other")
    for machine in law.lifecycles.values():
        pulls = pulled(machine, selector, kind, law.vocabulary) if kind in machine.events else ()
        if pulls and not takers(machine, pulls) & lawful_states(machine):
            return Text(f"流程 {machine.name} 没有可到达的状态接受 {kind}",
                        f"no state of {machine.name} that can be reached takes {kind}")  # fmt: skip
    if rule.in_state is not None and not _state_possible(law, rule, selector, kind):
        return Text(f"{kind} 之后流程 {rule.in_state[0]} 不会处于所要求的状态",
                    f"after {kind} the lifecycle {rule.in_state[0]} is in none of the states asked for")  # fmt: skip
    return None


def _state_possible(law: Law, rule: Rule, selector: Selector, kind: str) -> bool:
    """Whether the lifecycle can be in one of the states asked for: at the trigger, or on a day that it names."""
    assert rule.in_state is not None
    machine = law.lifecycles[rule.in_state[0]]
    states = lawful_states(machine)
    if kind in machine.events:
        states = led_to(machine, pulled(machine, selector, kind, law.vocabulary))
    if (isinstance(rule, Response) and rule.due_on is not None) or any(trigger.due_on for trigger in rule.when):
        states = reachable(machine, states)
    return bool(states & rule.in_state[1])


def unmeetable(law: Law, rule: Rule) -> Text | None:
    """The lifecycle that allows nothing of what is owed after the trigger; None where there is no such one."""
    if not isinstance(rule, Response) or rule.or_earlier or any(trigger.follow for trigger in rule.when):
        return None
    for machine in law.lifecycles.values():
        if machine.object != rule.per or (machine.object is None and rule.scope != "case"):
            continue
        begun = _pulled_by(machine, triggers_of(rule), law.vocabulary)
        owed = _pulled_by(machine, rule.then, law.vocabulary)
        if begun is None or owed is None:
            continue
        if not takers(machine, owed) & reachable(machine, led_to(machine, begun)):
            names = ", ".join(sorted({kind for selector in rule.then for kind in selector.types}))
            return Text(f"流程 {machine.name} 在触发之后不再接受 {names}",
                        f"after the trigger the lifecycle {machine.name} takes no {names} any more")  # fmt: skip
    return None


def _is_due_before(rule: Rule) -> bool:
    """Whether every trigger asks that the due day which it names lies before it."""
    if not isinstance(rule, Response) or rule.or_earlier:
        return False
    paths = [(trigger.selector.where.atoms, trigger.due_on or rule.due_on) for trigger in rule.when]
    return all(path is not None and any(_is_past(atom, path) for atom in atoms) for atoms, path in paths)


def _is_past(atom: Atom, path: Path) -> bool:
    """Whether a condition asks that a date lies before the event itself."""
    if not isinstance(atom, Test) or atom.path != path or atom.operand.path != TIME:
        return False
    earlier = atom.operand.shift is not None and atom.operand.sign < 0
    return (atom.operator == "less_than" and (atom.operand.shift is None or earlier)) or (
        atom.operator == "at_most" and earlier
    )


def _pulled_by(machine: Lifecycle, selectors: Iterable[Selector], vocabulary: Vocabulary) -> frozenset[str] | None:
    """The triggers that events so selected pull; None where the lifecycle does not know all of their types."""
    found: set[str] = set()
    for selector in selectors:
        for kind in selector.types:
            if kind not in machine.events:
                return None
            found |= pulled(machine, selector, kind, vocabulary)
    return frozenset(found)


def _searched(rule: Rule, stage: Stage) -> Iterator[Defect]:
    """What the search for scenes of both sides says."""
    broken, obeyed = _scenes(stage, rule, "broken"), _scenes(stage, rule, "obeyed")
    lines = log_lines(next(iter((*broken, *obeyed))).events) if broken or obeyed else ""
    if not broken and not obeyed:
        why = _why(stage, rule)
        yield _note(
            rule, "not-triggered", Text(f"{SEARCH_ZH}触发它的日志：{why.zh}", f"{SEARCH_EN} triggers it: {why.en}")
        )
    elif not obeyed and not isinstance(rule, Absence):
        zh, en = f"{SEARCH_ZH}遵守它的日志。未遵守的例子：", f"{SEARCH_EN} obeys it. One that does not:"
        yield _note(rule, "not-met", Text(f"{zh}\n{lines}", f"{en}\n{lines}"))


def _scenes(stage: Stage, rule: Rule, side: Side) -> list[Scene]:
    return [scene for scene, _ in tries(stage, rule, side, TRIES)]


def _why(stage: Stage, rule: Rule) -> Text:
    try:
        stage.scene(rule, "broken")
    except CannotConstruct as reason:
        return Text(reason.zh, reason.en)
    return Text("", "")


PROVEN = {
    "untriggerable": ("无法触发：", "nothing can trigger it: "),
    **dict.fromkeys(("unmeetable", "due-before-trigger"), ("无法履行：", "it cannot be met: ")),
}  # fmt: skip


def _note(rule: Rule, code: str, text: Text) -> Defect:
    zh, en = PROVEN.get(code, ("", ""))
    return Defect(rule.place, code, f"{rule.id}：{zh}{text.zh}", f"{rule.id}: {en}{text.en}", note=True)
