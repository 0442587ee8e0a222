"""A lifecycle as people see it: a Mermaid state diagram, and a plain text."""

from __future__ import annotations

from execcheck.lifecycle_machine import Lifecycle, event_type

_RESERVED = frozenset({"as", "class", "classDef", "click", "default", "direction", "end", "note", "state", "style"})
_START = "[*]"

Edges = dict[tuple[str, str], list[str]]


def to_mermaid(lifecycle: Lifecycle, lang: str = "zh") -> str:
    """A Mermaid state diagram (``stateDiagram-v2``) with labels in ``zh`` or ``en``.

    Arrows are the steps that change the state; a diamond gathers states that share steps. Steps that are
    allowed without changing the state would hide the picture and stand below as comments.
    """
    plain, junctions = drawn(lifecycle, lang)
    lines = ["stateDiagram-v2", f"    %% {lifecycle.title(lang)} ({lifecycle.name})"]
    for state, label in lifecycle.states.items():
        lines.append(f'    state "{_quoted(label(lang))}" as {_identifier(state)}')
    lines += [f"    state any_{_identifier(group)} <<choice>>" for group in junctions]
    lines.append(f"    {_START} --> {_identifier(lifecycle.initial)}")
    lines += _arrows(plain)
    for group, shared in junctions.items():
        name = f"any_{_identifier(group)}"
        lines += [f"    {_identifier(state)} --> {name}" for state in lifecycle.groups[group]]
        lines += _arrows({(name, dest): words for dest, words in shared.items()})
    for state, words in _idle(lifecycle, lang).items():
        lines.append(f"    %% {lifecycle.states[state](lang)} = {_joined(words)}")
    return "\n".join(lines) + "\n"


def _arrows(edges: Edges) -> list[str]:
    return [
        f"    {_identifier(source)} --> {_identifier(dest)}: {_quoted(_joined(words))}"
        for (source, dest), words in edges.items()
    ]


def to_text(lifecycle: Lifecycle, lang: str = "zh") -> str:
    """The lifecycle state by state: what leads where, and what is allowed without a change."""
    chinese = lang == "zh"
    lines = [f"{lifecycle.title(lang)}  lifecycle/{lifecycle.name}"]
    if lifecycle.note(lang):
        lines += [lifecycle.note(lang)]
    idle = _idle(lifecycle, lang)
    moves = edges(lifecycle, lang)
    for state, label in lifecycle.states.items():
        start = ("（起点）" if chinese else " (start)") if state == lifecycle.initial else ""
        lines += ["", f"{label(lang)}{start}  {state}"]
        lines += [
            f"  → {lifecycle.states[dest](lang)}{'：' if chinese else ': '}{_joined(words)}"
            for (source, dest), words in moves.items() if source == state
        ]  # fmt: skip
        if state in idle:
            lines.append(f"  {'不变：' if chinese else 'no change: '}{_joined(idle[state])}")
    if lifecycle.anytime:
        words = _joined([label(lang) for kind, label in lifecycle.labels.items() if kind in lifecycle.anytime])
        lines += ["", f"{'任何状态均可：' if chinese else 'allowed in every state: '}{words}"]
    return "\n".join(lines) + "\n"


def drawn(lifecycle: Lifecycle, lang: str) -> tuple[Edges, dict[str, dict[str, list[str]]]]:
    """The edges as drawn: plain ones, and for groups what their states share (to where, with which labels).

    A group is gathered where that saves arrows, the largest saving first.
    """
    plain = edges(lifecycle, lang)
    junctions: dict[str, dict[str, list[str]]] = {}
    saving = {group: _saved(plain, lifecycle, group) for group in lifecycle.groups}
    for group in sorted(saving, key=lambda name: -saving[name]):
        if _saved(plain, lifecycle, group) <= 0:
            continue
        junctions[group] = shared = _shared(plain, lifecycle, group)
        for dest, words in shared.items():
            for state in lifecycle.groups[group]:
                rest = [word for word in plain[state, dest] if word not in words]
                plain[state, dest] = rest
                if not rest:
                    del plain[state, dest]
    return plain, junctions


def _shared(plain: Edges, lifecycle: Lifecycle, group: str) -> dict[str, list[str]]:
    first, *others = lifecycle.groups[group]
    found = {}
    for (source, dest), words in plain.items():
        if source == first and dest not in lifecycle.groups[group]:
            common = [word for word in words if all(word in plain.get((state, dest), ()) for state in others)]
            if common:
                found[dest] = common
    return found


def _saved(plain: Edges, lifecycle: Lifecycle, group: str) -> int:
    """How many arrows a junction saves."""
    states, shared = lifecycle.groups[group], _shared(plain, lifecycle, group)
    gone = sum(plain[state, dest] == words for dest, words in shared.items() for state in states)
    return gone - len(states) - len(shared)


def edges(lifecycle: Lifecycle, lang: str) -> Edges:
    """The labels of the events that lead from one state to another, in the order of the states."""
    found: Edges = {}
    for source in lifecycle.states:
        for (start, dest), words in _steps(lifecycle, lang).items():
            if start == source and start != dest:
                found[start, dest] = words
    return found


def _idle(lifecycle: Lifecycle, lang: str) -> dict[str, list[str]]:
    """What each state allows without a change, but for what every state allows."""
    found = {start: words for (start, dest), words in _steps(lifecycle, lang).items() if start == dest}
    return {state: found[state] for state in lifecycle.states if state in found}


def _steps(lifecycle: Lifecycle, lang: str) -> Edges:
    pulled: dict[tuple[str, str], dict[str, list[str]]] = {}
    for step in lifecycle.transitions:
        if step.source == step.dest and event_type(step.trigger) in lifecycle.anytime:
            continue
        kinds = pulled.setdefault((step.source, step.dest), {})
        kinds.setdefault(event_type(step.trigger), []).append(step.trigger)
    return {
        ends: [_event(lifecycle, kind, triggers, lang) for kind, triggers in kinds.items()]
        for ends, kinds in pulled.items()
    }


def _event(lifecycle: Lifecycle, kind: str, triggers: list[str], lang: str) -> str:
    """The label of an event, with what its field must say where only some values lead there."""
    label = lifecycle.labels[kind](lang)
    if kind in triggers or f"{kind}[*]" in triggers:
        return label
    values = "; ".join(trigger.removeprefix(kind).strip("[]") for trigger in triggers)
    return f"{label}（{values}）" if lang == "zh" else f"{label} ({values})"


def _joined(words: list[str]) -> str:
    return " / ".join(words)


def _identifier(state: str) -> str:
    name = "".join(mark if mark.isalnum() else "_" for mark in state)
    return f"{name}_" if name in _RESERVED else name


def _quoted(text: str) -> str:
    """Text as Mermaid can take it: these marks end a label."""
    return text.replace('"', "'").replace(";", ",").replace(":", "：").replace("\n", " ")
