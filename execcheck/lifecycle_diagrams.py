"""A lifecycle as people see it: a Mermaid state diagram, and a plain text."""

from __future__ import annotations

from execcheck.lifecycle_machine import Lifecycle, event_type

_RESERVED = frozenset({"as", "class", "classDef", "click", "default", "direction", "end", "note", "state", "style"})
_FINAL = "[*]"


def to_mermaid(lifecycle: Lifecycle, lang: str = "zh") -> str:
    """A Mermaid state diagram (``stateDiagram-v2``) with labels in ``zh`` or ``en``.

    Arrows are the steps that change the state; steps that are allowed without changing it would hide the
    picture and stand below as comments.
    """
    lines = [f"%% {lifecycle.title(lang)} ({lifecycle.name})", "stateDiagram-v2"]
    lines += [f'    state "{_quoted(label(lang))}" as {_identifier(state)}' for state, label in lifecycle.states.items()]
    lines.append(f"    {_FINAL} --> {_identifier(lifecycle.initial)}")
    for (source, dest), words in edges(lifecycle, lang).items():
        lines.append(f"    {_identifier(source)} --> {_identifier(dest)}: {_quoted(_joined(words, lang))}")
    for state, words in _idle(lifecycle, lang).items():
        lines.append(f"    %% {lifecycle.states[state](lang)} ({state}) = {_joined(words, lang)}")
    return "\n".join(lines) + "\n"


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
            f"  → {lifecycle.states[dest](lang)}{'：' if chinese else ': '}{_joined(words, lang)}"
            for (source, dest), words in moves.items() if source == state
        ]  # fmt: skip
        if state in idle:
            lines.append(f"  {'不变：' if chinese else 'no change: '}{_joined(idle[state], lang)}")
    if lifecycle.anytime:
        words = _joined([label(lang) for kind, label in lifecycle.labels.items() if kind in lifecycle.anytime], lang)
        lines += ["", f"{'任何状态均可：' if chinese else 'allowed in every state: '}{words}"]
    return "\n".join(lines) + "\n"


def edges(lifecycle: Lifecycle, lang: str) -> dict[tuple[str, str], list[str]]:
    """The labels of the events that lead from one state to another, in the order of the states."""
    found: dict[tuple[str, str], list[str]] = {}
    for source in lifecycle.states:
        for (start, dest), words in _steps(lifecycle, lang).items():
            if start == source and start != dest:
                found[start, dest] = words
    return found


def _idle(lifecycle: Lifecycle, lang: str) -> dict[str, list[str]]:
    """What each state allows without a change, but for what every state allows."""
    found = {start: words for (start, dest), words in _steps(lifecycle, lang).items() if start == dest}
    return {state: found[state] for state in lifecycle.states if state in found}


def _steps(lifecycle: Lifecycle, lang: str) -> dict[tuple[str, str], list[str]]:
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
    if kind in triggers:
        return label
    values = "; ".join(trigger.removeprefix(kind).strip("[]") for trigger in triggers)
    return f"{label}（{values}）" if lang == "zh" else f"{label} ({values})"


def _joined(words: list[str], lang: str) -> str:
    return ("、" if lang == "zh" else ", ").join(words)


def _identifier(state: str) -> str:
    name = "".join(mark if mark.isalnum() else "_" for mark in state)
    return f"{name}_" if name in _RESERVED else name


def _quoted(text: str) -> str:
    """Text as Mermaid can take it: these marks end a label."""
    return text.replace('"', "'").replace(";", ",").replace(":", "：").replace("\n", " ")
