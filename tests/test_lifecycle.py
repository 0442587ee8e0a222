"""How lifecycles run and load: the contract's semantics, section 7, apart from what the law says."""

from __future__ import annotations

import json
import pickle
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from transitions import MachineError

from execcheck.defects import Defect
from execcheck.events import Event
from execcheck.lifecycle import Lifecycle, allowed_next, load_lifecycles, states_at, walk
from execcheck.lifecycle_diagrams import to_mermaid, to_text
from execcheck.lifecycle_machine import event_type
from execcheck.lifecycle_reader import read_lifecycle
from execcheck.yaml_places import load_yaml
from steps import BEGUN, FIRST, FOLDER, FORBIDDEN, LAWFUL, cases, event, found, lifecycles, steps, vocabulary

MACHINES = sorted(lifecycles())
OUTCOMES: dict[str, list[Any]] = {"outcome": ["sold", "unsold"], "method": ["performed", "terminated"], "reason": ["revoked", "stayed"],
                                 "rank": ["first", "waiting"], "identified": [True, False]}  # fmt: skip


def triggers(lifecycle: Lifecycle) -> list[str]:
    return sorted({step.trigger for step in lifecycle.transitions})


def draw_events(data: st.DataObject, lifecycle: Lifecycle, most: int, days: int) -> list[Event]:
    """Random events of one instance, of day precision or precise, in the order of the log."""
    drawn: list[tuple[int, int, Event]] = []
    for n in range(data.draw(st.integers(0, most))):
        kind = data.draw(st.sampled_from(sorted(lifecycle.events)))
        fields = {name: data.draw(st.sampled_from(values)) for name, values in OUTCOMES.items()
                  if name in vocabulary().events[kind].fields}  # fmt: skip
        day, hour = data.draw(st.integers(0, days - 1)), data.draw(st.sampled_from([None, 9, 10, 11]))
        drawn.append((day, 24 if hour is None else hour, event(kind, day, hour=hour, name=f"e{n}", **fields)))
    return [item for _, _, item in sorted(drawn, key=lambda item: item[:2])]


def run(lifecycle: Lifecycle, events: list[Event] | tuple[Event, ...], state: str) -> str | None:
    """The state after events in exactly this order, None where a step is not allowed."""
    for item in events:
        guard = lifecycle.guards.get(item.type)
        after = lifecycle.table.get((state, guard.trigger(item) if guard else item.type))
        if after is None:
            return None
        state = after
    return state


def in_order(events: tuple[Event, ...]) -> bool:
    """Whether an order keeps what the log tells: days, and instants within a day."""
    return all(
        a.day <= b.day and not (
            a.day == b.day and isinstance(a.time, datetime) and isinstance(b.time, datetime) and a.time > b.time
        )
        for n, a in enumerate(events) for b in events[n + 1 :]
    )  # fmt: skip


# --- running ---------------------------------------------------------------------------------------


@settings(max_examples=200)
@given(st.sampled_from(MACHINES), st.data())
def test_the_step_table_and_the_transitions_machine_agree(name: str, data: st.DataObject) -> None:
    lifecycle = lifecycles()[name]
    machine, state = lifecycle.machine(), lifecycle.initial
    for trigger in data.draw(st.lists(st.sampled_from(triggers(lifecycle)), max_size=12)):
        if (state, trigger) in lifecycle.table:
            state = lifecycle.table[state, trigger]
            assert machine.trigger(trigger)
        else:
            with pytest.raises(MachineError):
                machine.trigger(trigger)
        assert machine.state == state


@settings(max_examples=300)
@given(st.sampled_from(MACHINES), st.data())
def test_nothing_is_wrong_exactly_where_some_order_that_the_log_allows_is_allowed(
    name: str, data: st.DataObject
) -> None:
    lifecycle = lifecycles()[name]
    events = draw_events(data, lifecycle, most=6, days=2)
    begin = [lifecycle.initial]
    if not any(item.type in lifecycle.opening for item in events):
        begin = list(lifecycle.states)
    ends = {run(lifecycle, order, state) for order in permutations(events) if in_order(order) for state in begin}
    wrong, states = walk(lifecycle, events)
    assert (not wrong) == (ends != {None})
    if not wrong:
        assert states == ends - {None}
    assert states


@settings(max_examples=200)
@given(st.sampled_from(MACHINES), st.data())
def test_the_order_of_lines_of_one_day_never_matters(name: str, data: st.DataObject) -> None:
    lifecycle = lifecycles()[name]
    events = [evolve(item, time=date.fromordinal(item.day)) for item in draw_events(data, lifecycle, most=7, days=2)]
    shuffled = sorted(data.draw(st.permutations(events)), key=lambda item: item.day)
    wrong, states = walk(lifecycle, events)
    other, others = walk(lifecycle, shuffled)
    assert len(wrong) == len(other)
    assert wrong or states == others


@settings(max_examples=200)
@given(st.sampled_from(MACHINES), st.data())
def test_the_states_on_a_day_are_those_of_the_events_up_to_it(name: str, data: st.DataObject) -> None:
    lifecycle = lifecycles()[name]
    events = draw_events(data, lifecycle, most=8, days=4)
    day = FIRST.toordinal() + 2
    until = [item for item in events if item.day <= day]
    unseen = frozenset(data.draw(st.sets(st.sampled_from(sorted(lifecycle.events)), max_size=2)))
    if any(item.type in lifecycle.opening for item in until) or len(until) == len(events):
        assert states_at(lifecycle, events, day, unseen) == walk(lifecycle, until, unseen)[1]


@settings(max_examples=200)
@given(st.sampled_from(MACHINES), st.data())
def test_what_is_not_captured_never_adds_a_wrong_step(name: str, data: st.DataObject) -> None:
    lifecycle = lifecycles()[name]
    events = draw_events(data, lifecycle, most=6, days=6)
    unseen = frozenset(data.draw(st.sets(st.sampled_from(sorted(lifecycle.events)))))
    if not walk(lifecycle, events)[0]:
        assert not walk(lifecycle, events, unseen)[0]


def test_an_event_out_of_place_has_its_own_effect() -> None:
    events, _ = steps(f"{BEGUN} > case.archived")
    wrong, states = walk(lifecycles()["case"], events)
    assert [(step.event.id, step.state) for step in wrong] == [("e003", "enforcing")]
    assert states == {"archived"}
    assert states_at(lifecycles()["case"], events, events[-1].day - 1) == {"enforcing"}


def test_an_event_that_was_to_come_before_may_come_late_and_is_no_second_fault() -> None:
    text = "asset.controlled > auction.confirmed > auction.announced > auction.closed(outcome=sold) > asset.delivered"
    assert found("asset", steps(text)[0]) == ["e001"]
    assert found("asset", steps(f"{text} > auction.announced")[0]) == ["e001", "e005"]


def test_each_gap_has_its_own_finding() -> None:
    text = (
        f"{BEGUN} > case.archived > case.restored > case.archived > case.closed(method=performed) > termination.ruled"
    )
    assert found("case", steps(text)[0]) == ["e003", "e007"]


def test_equal_instants_may_come_in_either_order() -> None:
    events, _ = steps(f"{BEGUN} > case.archived > case.closed(method=performed)")
    same = evolve(events[4], time=events[3].time, day=events[3].day)
    assert found("case", [*events[:4], same]) == []
    moment = events[3].time
    assert isinstance(moment, datetime)
    assert found("case", [*events[:4], evolve(same, time=moment.astimezone(UTC))]) == []
    assert found("case", [*events[:4], evolve(same, time=moment + timedelta(seconds=1))]) == ["e003"]


def test_a_day_with_very_many_events_is_given_the_benefit_of_the_doubt() -> None:
    kinds = sorted(lifecycles()["asset"].events) * 4
    events = [event(kind, 0, hour=None, name=f"e{n:03}", outcome="sold") for n, kind in enumerate(kinds)]
    before, after = event("asset.controlled", -1), event("asset.released", 1)
    assert found("asset", [before, *events, after]) == []


def test_events_that_the_lifecycle_does_not_name_do_not_concern_it() -> None:
    events, _ = steps("case.filed > notice.issued > case.closed(method=performed) > query.online > case.archived")
    wrong, states = walk(lifecycles()["case"], events)
    assert not wrong and states == {"archived"}


def test_an_empty_instance_may_be_in_any_state() -> None:
    lifecycle = lifecycles()["payment"]
    assert walk(lifecycle, []) == ([], frozenset(lifecycle.states))


def test_what_is_allowed_next_begins_with_what_leads_on() -> None:
    allowed = allowed_next(lifecycles()["case"], "closed")
    assert allowed[:2] == ("case.filed", "case.archived")
    assert "case.restored" in allowed and "termination.ruled" not in allowed
    assert "settlement.reached" not in allowed  # allowed everywhere


def test_a_lifecycle_can_be_sent_to_another_process() -> None:
    events, _ = steps(f"{BEGUN} > case.archived")
    for lifecycle in lifecycles().values():
        walk(lifecycle, [])
        copy = pickle.loads(pickle.dumps(lifecycle))
        assert copy.table == lifecycle.table
    copy = pickle.loads(pickle.dumps(lifecycles()["case"]))
    assert [step.event.id for step in walk(copy, events)[0]] == ["e003"]


# --- diagrams --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", MACHINES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_diagrams_show_every_state_and_every_event(name: str, lang: str) -> None:
    lifecycle = lifecycles()[name]
    mermaid, text = to_mermaid(lifecycle, lang), to_text(lifecycle, lang)
    assert mermaid.startswith("stateDiagram-v2\n")
    for label in lifecycle.states.values():
        assert label(lang) in text
        assert f'"{label(lang)}"' in mermaid
    for label in lifecycle.labels.values():
        assert label(lang) in text


@pytest.mark.parametrize("name", MACHINES)
def test_a_mermaid_diagram_has_exactly_the_steps_of_the_lifecycle(name: str) -> None:
    lifecycle = lifecycles()[name]
    arrows = [line.split(":")[0].split(" --> ") for line in to_mermaid(lifecycle).splitlines() if " --> " in line]
    ends = {(source.strip(), dest.strip()) for source, dest in arrows}
    direct = {(a, b) for a, b in ends if "any_" not in a + b and a != "[*]"}
    through = {(a, b) for a, middle in ends for other, b in ends if middle == other and middle.startswith("any_")}
    moves = {(source, dest) for (source, _), dest in lifecycle.table.items() if source != dest}
    assert direct | through == moves
    assert ("[*]", lifecycle.initial) in ends


# --- loading ---------------------------------------------------------------------------------------

SOUND = """\
title: {zh: 灯, en: lamp}
severity: error
category: improper
initial: off
states:
  off: {zh: 关, en: 'off'}
  lit: {zh: 开, en: lit}
transitions:
  case.filed:
    - {from: off, to: lit}
  case.closed:
    - {from: lit, where: {method: performed}, to: off}
    - {from: others, to: same}
"""


def load(tmp_path: Path, text: str) -> tuple[dict[str, Lifecycle], list[Defect]]:
    (tmp_path / "lamp.yaml").write_text(text, "utf-8")
    (tmp_path / "vocabulary.yaml").write_text("not a lifecycle", "utf-8")
    return load_lifecycles(tmp_path, vocabulary())


def test_a_lifecycle_of_ones_own_is_loaded(tmp_path: Path) -> None:
    loaded, defects = load(tmp_path, SOUND)
    assert defects == []
    lamp = loaded["lamp"]
    assert lamp.object is None and lamp.events == {"case.filed", "case.closed"}
    assert lamp.table == {
        ("off", "case.filed"): "lit", ("lit", "case.closed[method=performed]"): "off",
        ("off", "case.closed[method=performed]"): "off", ("off", "case.closed[*]"): "off",
        ("lit", "case.closed[*]"): "lit",
    }  # fmt: skip
    assert {event_type(trigger) for _, trigger in lamp.table} == lamp.events


MISTAKES = [
    ("an unknown event", "  case.filed:", "  case.field:", "9:3", "case.filed"),
    ("an unknown state to come from", "from: off", "from: of", "10:14", "off"),
    ("an unknown state to lead to", "to: lit}", "to: lits}", "10:23", "lit"),
    ("an unknown initial state", "initial: off", "initial: offf", "4:10", "off"),
    ("an unknown category", "category: improper", "category: inproper", "3:11", "improper"),
    ("an unknown key", "severity: error", "severety: error", "2:11", "severity"),
    ("a missing label", "{zh: 开, en: lit}", "{zh: 开}", "7:8", "en"),
    ("a missing title", "title: {zh: 灯, en: lamp}\n", "", "1:1", "title"),
    ("an event listed twice from one state", "from: off, to: lit}", "from: [off, off], to: lit}", "10:20", "off"),
    ("a second line of others", "    - {from: lit, where: {method: performed}, to: off}", "    - {from: others, to: off}",
     "13:14", "others"),
    ("an unknown value", "method: performed", "method: performd", "12:35", "performed"),
    ("an unknown field", "where: {method:", "where: {metod:", "12:27", "method"),
    ("a where on two fields", "{method: performed}", "{method: performed, case.type: 执}", "12:26", "one field"),
    ("an unreachable state", "states:\n", "states:\n  gone: {zh: 无, en: gone}\n", "6:9", "gone"),
    ("a word of the notation as a state", "  lit: {", "  same: {zh: 同, en: same}\n  lit: {", "7:9", "same"),
    ("an effect of an event that has no steps", "transitions:", "effects: {case.archived: lit}\ntransitions:", "8:11",
     "case.archived"),
    ("an effect that cannot be told", "{from: others, to: same}", "{from: off, to: lit}\n    - {from: lit, to: off}", "12:5",
     "effects"),
    ("no steps", "transitions:", "transition:", "1:1", "transitions"),
    ("an opening event without steps", "initial: off", "initial: off\nopening: [case.archived]", "5:11", "case.archived"),
    ("an event that is not about the object", "initial: off", "initial: off\nobject: asset", "11:5", "asset"),
    ("a group with the name of a state", "transitions:", "groups: {lit: [off]}\ntransitions:", "8:15", "lit"),
    ("a group of an unknown state", "transitions:", "groups: {any: [of]}\ntransitions:", "8:16", "off"),
    ("broken YAML", "  off: {zh", "  off: {{zh", "7:", ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "place", "hint"), [row[1:] for row in MISTAKES], ids=[row[0] for row in MISTAKES]
)
def test_a_mistake_is_reported_with_its_place(tmp_path: Path, old: str, new: str, place: str, hint: str) -> None:
    assert old in SOUND
    loaded, defects = load(tmp_path, SOUND.replace(old, new, 1))
    assert loaded == {}
    texts = [(defect.place.rpartition("lamp.yaml:")[2], defect.en) for defect in defects]
    assert any(at.startswith(place) and hint in text for at, text in texts), texts
    assert all(defect.zh and defect.en and defect.place for defect in defects)


def test_all_mistakes_of_all_files_are_reported_together(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text(SOUND.replace("to: lit}", "to: nowhere}"), "utf-8")
    (tmp_path / "c.yaml").write_bytes(b"\xff\xfe\x00")
    loaded, defects = load(
        tmp_path, SOUND.replace("from: off", "from: of").replace("severity: error", "severity: fatal")
    )
    assert loaded == {}
    assert {Path(defect.place.split(":")[0]).name for defect in defects} == {"b.yaml", "c.yaml", "lamp.yaml"}
    assert len([defect for defect in defects if "lamp.yaml" in defect.place]) >= 2


JUNK: st.SearchStrategy[Any] = st.sampled_from(
    [None, 1, True, "", "same", "others", [], [1], [None], {}, {"a": 1}, [{}], {"from": []}, "case.filed"]
)


@settings(max_examples=300)
@given(st.sampled_from(MACHINES), st.data())
def test_no_mistake_in_a_file_raises_anything(name: str, data: st.DataObject) -> None:
    value = load_yaml((FOLDER / f"{name}.yaml").read_text("utf-8"), name).value
    node: Any = value
    while True:
        key = data.draw(st.sampled_from(list(node) if isinstance(node, dict) else range(len(node))))
        inside = isinstance(node[key], (dict, list)) and len(node[key]) > 0
        if inside and data.draw(st.booleans()):
            node = node[key]
            continue
        node[key] = data.draw(JUNK)
        break
    text = json.dumps(value, ensure_ascii=False)
    lifecycle, defects = read_lifecycle(load_yaml(text, name), name, vocabulary())
    assert lifecycle is not None or defects
    assert all(defect.zh and defect.en and defect.place.startswith(name) for defect in defects)


def test_the_shipped_lifecycles_are_the_six_of_the_contract() -> None:
    assert MACHINES == ["asset", "case", "dishonesty", "objection", "payment", "suggestion"]
    objects = {name: lifecycle.object for name, lifecycle in lifecycles().items()}
    assert objects == {"asset": "asset", "case": None, "dishonesty": "party", "objection": "objection",
                       "payment": "payment", "suggestion": "suggestion"}  # fmt: skip
    for lifecycle in lifecycles().values():
        assert lifecycle.severity == "error" and lifecycle.note.zh and lifecycle.note.en
        assert f"statemachines/{lifecycle.name}.yaml" in lifecycle.place


def test_every_lifecycle_has_lawful_and_forbidden_sequences_for_each_of_its_events() -> None:
    for name, lifecycle in lifecycles().items():
        tested = {kind.lstrip("!+ ").split("(")[0] for table in (LAWFUL, FORBIDDEN)
                  for machine, _, text in cases(table) if machine == name for kind in text.split(" > ")}  # fmt: skip
        assert lifecycle.events - tested == set()
