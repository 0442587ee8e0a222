"""From the YAML of a lifecycle to a Lifecycle; every mistake becomes a defect with its place."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources.abc import Traversable
from typing import Any

from attrs import evolve

from execcheck.defects import Defect
from execcheck.lifecycle_machine import Lifecycle
from execcheck.lifecycle_steps import StepReader
from execcheck.policy import CATEGORIES, Severity, Text
from execcheck.rule_forms import Form
from execcheck.vocabulary import Vocabulary
from execcheck.yaml_places import Document, read_yaml

NOT_LIFECYCLES = frozenset({"vocabulary.yaml", "holidays.yaml"})
"""The files that stand beside the lifecycles in their folder."""

WORDS = ("others", "same")
"""Words of the notation, which no state may bear as its name."""


def load_lifecycles(folder: Traversable, vocabulary: Vocabulary) -> tuple[dict[str, Lifecycle], list[Defect]]:
    """The lifecycles of a folder by name (the name of the file), and what is wrong with its files."""
    lifecycles: dict[str, Lifecycle] = {}
    defects: list[Defect] = []
    files = sorted(folder.iterdir(), key=lambda file: file.name) if folder.is_dir() else []
    for file in files:
        if not file.name.endswith(".yaml") or file.name in NOT_LIFECYCLES:
            continue
        name = file.name.removesuffix(".yaml")
        lifecycle, found = read_lifecycle(read_yaml(file), name, vocabulary)
        defects += found
        if lifecycle is not None:
            lifecycles[name] = lifecycle
    return lifecycles, defects


def read_lifecycle(document: Document, name: str, vocabulary: Vocabulary) -> tuple[Lifecycle | None, list[Defect]]:
    """One lifecycle, or None with the defects of its document."""
    if document.defects:
        return None, list(document.defects)
    found: list[Defect] = []
    lifecycle = _read(Form(document, (), document.value, found), name, vocabulary)
    defects = [evolve(defect, code="lifecycle") for defect in found]
    return (None if any(not defect.note for defect in defects) else lifecycle), defects


def _read(form: Form, name: str, vocabulary: Vocabulary) -> Lifecycle | None:
    title, note = form.text("title", required=True), form.text("note")
    severity = form.word("severity", [level.value for level in Severity], required=True)
    category = form.word("category", CATEGORIES, required=True)
    kind = form.word("object", vocabulary.objects)
    states = _states(form)
    groups = _groups(form, states)
    initial = form.word("initial", states, required=True)
    reader = StepReader(form, states, groups, vocabulary, kind or None)
    steps = reader.read()
    opening = form.words("opening")
    for position, event in enumerate(opening):
        if event not in steps.labels:
            form.unknown(("opening", position), event, steps.labels)
    ends = form.words("ends")
    for position, state in enumerate(ends):
        if state not in states and state not in groups:
            form.unknown(("ends", position), state, (*states, *groups))
    form.finish()
    if initial:
        _unreachable(form, states, initial, {(t.source, t.dest) for t in steps.transitions}, steps.effects)
    return Lifecycle(
        name=name, title=title, note=note, object=kind or None, severity=severity, category=category,
        place=form.document.place(), states=states, groups=groups, initial=initial, opening=frozenset(opening),
        labels=steps.labels, guards=steps.guards, transitions=tuple(steps.transitions), effects=steps.effects,
        ends=frozenset(state for name in ends for state in groups.get(name, (name,))),
    )  # fmt: skip


def _states(form: Form) -> dict[str, Text]:
    names = form.sub("states") if "states" in form else form
    if names is form:
        form.wrong((), "缺少“states”", "“states” is missing")
        return {}
    states = {}
    for name in names.value:
        if name in WORDS:
            names.wrong((name,), f"“{name}”是保留词，不能用作状态名", f"“{name}” is a word of the notation, not a name")
        states[name] = names.text(name)
    return states


def _groups(form: Form, states: Mapping[str, Text]) -> dict[str, tuple[str, ...]]:
    if "groups" not in form:
        form.get("groups")
        return {}
    names = form.sub("groups")
    groups = {}
    for name in names.value:
        if name in states or name in WORDS:
            names.wrong((name,), f"组名“{name}”与状态名或保留词重复", f"the group “{name}” bears the name of a state")
        groups[name] = names.words(name)
        for position, member in enumerate(groups[name]):
            if member not in states:
                names.unknown((name, position), member, states)
    return groups


def _unreachable(
    form: Form, states: Mapping[str, Text], initial: str, steps: set[tuple[str, str]], effects: Mapping[str, Any]
) -> None:
    reached = {initial, *(state for state in effects.values() if state is not None)}
    while more := {dest for source, dest in steps if source in reached} - reached:
        reached |= more
    for state in states:
        if state not in reached:
            form.wrong(("states", state), f"状态“{state}”无法到达：没有任何步骤通向它",
                       f"the state “{state}” cannot be reached: no step leads to it")  # fmt: skip
