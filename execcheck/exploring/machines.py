"""Lifecycles looked at as graphs: states that no lawful step reaches, or leaves, and steps that nothing takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from execcheck.clauses import Path, Selector
from execcheck.defects import Defect
from execcheck.exploring.overlaps import readings
from execcheck.lawbook import Law
from execcheck.lifecycle import Lifecycle
from execcheck.vocabulary import MISSING, Vocabulary


def lifecycle_notes(law: Law) -> Iterator[Defect]:
    """Everything odd about the lifecycles of a law book, taken by themselves."""
    for lifecycle in law.lifecycles.values():
        yield from _unreached(lifecycle)
        yield from _without_end(lifecycle)
        yield from _never_taken(lifecycle)


def reachable(lifecycle: Lifecycle, start: Iterable[str]) -> frozenset[str]:
    """The states that lawful steps lead to from some states, these included."""
    onward = _onward(lifecycle)
    found = set(start)
    todo = list(found)
    while todo:
        for state in onward.get(todo.pop(), frozenset()) - found:
            found.add(state)
            todo.append(state)
    return frozenset(found)


def lawful_states(lifecycle: Lifecycle) -> frozenset[str]:
    """The states that an instance without a wrong step can be in."""
    return reachable(lifecycle, (lifecycle.initial,))


def takers(lifecycle: Lifecycle, triggers: Iterable[str]) -> frozenset[str]:
    """The states that allow one of some triggers."""
    chosen = set(triggers)
    return frozenset(source for source, trigger in lifecycle.table if trigger in chosen)


def led_to(lifecycle: Lifecycle, triggers: Iterable[str]) -> frozenset[str]:
    """The states in which one of some triggers can leave an instance without a wrong step."""
    chosen, lawful = set(triggers), lawful_states(lifecycle)
    return frozenset(d for (source, trigger), d in lifecycle.table.items() if trigger in chosen and source in lawful)


def pulled(lifecycle: Lifecycle, selector: Selector, kind: str, vocabulary: Vocabulary) -> frozenset[str]:
    """The triggers that events of one type pull which a selector takes."""
    guard = lifecycle.guards.get(kind)
    if guard is None:
        return frozenset((kind,))
    path, found = Path("data", guard.name), set[str]()
    for left in readings(selector.where, kind, vocabulary):
        values = left.get(path)
        if values is None or guard.described is None:
            return frozenset(guard.all)
        default = guard.described.default
        found.update(guard.triggers.get(default if value is MISSING else value, guard.otherwise) for value in values)
    return frozenset(found)


def _onward(lifecycle: Lifecycle) -> Mapping[str, frozenset[str]]:
    onward: dict[str, frozenset[str]] = {}
    for (source, _), dest in lifecycle.table.items():
        onward[source] = onward.get(source, frozenset()) | {dest}
    return onward


def _unreached(lifecycle: Lifecycle) -> Iterator[Defect]:
    lawful = lawful_states(lifecycle)
    for state, label in lifecycle.states.items():
        if state not in lawful:
            yield _note(
                lifecycle, "unreached-state", f"状态“{label.zh}”（{state}）只能由错序的步骤到达",
                f"only steps out of order lead to the state “{label.en}” ({state})",
            )  # fmt: skip


def _without_end(lifecycle: Lifecycle) -> Iterator[Defect]:
    """States that cannot be left though they are no end, and states from which no end can be reached."""
    onward = _onward(lifecycle)
    for state in lifecycle.states:
        label = lifecycle.states[state]
        if state in lifecycle.ends:
            continue
        if not onward.get(state, frozenset()) - {state}:
            yield _note(
                lifecycle, "stuck-state",
                f"状态“{label.zh}”（{state}）无法离开；如为终点，请列入 ends",
                f"the state “{label.en}” ({state}) cannot be left; if it is an end, name it under ends",
            )  # fmt: skip
        elif lifecycle.ends and not reachable(lifecycle, (state,)) & lifecycle.ends:
            yield _note(
                lifecycle, "endless-state", f"从状态“{label.zh}”（{state}）到不了任何终点",
                f"no end can be reached from the state “{label.en}” ({state})",
            )  # fmt: skip


def _never_taken(lifecycle: Lifecycle) -> Iterator[Defect]:
    lawful = lawful_states(lifecycle)
    for kind, label in lifecycle.labels.items():
        if not takers(lifecycle, lifecycle.triggers[kind]) & lawful:
            yield _note(
                lifecycle, "untaken-type", f"没有可到达的状态接受事件“{label.zh}”（{kind}）",
                f"no state that can be reached takes “{label.en}” ({kind})",
            )  # fmt: skip


def _note(lifecycle: Lifecycle, code: str, zh: str, en: str) -> Defect:
    return Defect(lifecycle.place, code, f"{lifecycle.name}：{zh}", f"{lifecycle.name}: {en}", note=True)
