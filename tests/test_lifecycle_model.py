"""A host's own class goes through a legal lifecycle as the step table says, and keeps its callbacks."""

from __future__ import annotations

import gc
import pickle
import weakref
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from transitions import EventData, Machine, MachineError

import execcheck.states
from execcheck import Event, LifecycleMachine, LifecycleModel, OutOfOrder, load_law
from execcheck.lifecycle import Lifecycle
from execcheck.lifecycle_machine import enum_name
from execcheck.states import AssetState, CaseState
from generated_states import fresh
from lawful import lawful_case
from steps import BEGUN, event, lifecycles, steps
from test_lifecycle import SOUND, draw_events, load

MACHINES = sorted(lifecycles())
CASE = lifecycles()["case"]


class Case(LifecycleModel[CaseState]):
    machine = CASE.machine(states=CaseState, model=None)


def take_all(model: LifecycleModel[Any], text: str) -> None:
    for item in steps(text)[0]:
        assert model.take(item)


def host(lifecycle: Lifecycle, typed: bool, **options: Any) -> LifecycleModel[Any]:
    """An object of a class of its own."""
    states = getattr(execcheck.states, enum_name(lifecycle.name)) if typed else None

    class Host(LifecycleModel[Any]):
        machine = lifecycle.machine(states=states, model=None, **options)

    return Host()


# --- the same as the step table ----------------------------------------------------------------------


@settings(max_examples=300)
@given(st.sampled_from(MACHINES), st.booleans(), st.data())
def test_a_hosts_object_takes_exactly_the_steps_of_the_table(name: str, typed: bool, data: st.DataObject) -> None:
    lifecycle = lifecycles()[name]
    model, state = host(lifecycle, typed), lifecycle.initial
    for item in draw_events(data, lifecycle, most=12, days=12):
        trigger = lifecycle.trigger(item)
        assert trigger in lifecycle.triggers[item.type]
        after = lifecycle.table.get((state, str(trigger)))
        assert model.may_take(item) == (after is not None)
        if after is None:
            with pytest.raises(OutOfOrder) as raised:
                model.take(item)
            assert (raised.value.type, raised.value.state, raised.value.allowed) == (item.type, state, model.allowed())
        else:
            assert model.take(item)
            state = after
        assert model.state == state
        assert not typed or type(model.state).__module__ == "execcheck.states"


@pytest.mark.parametrize("name", MACHINES)
def test_what_is_said_to_be_allowed_is_allowed_and_only_what_always_is_goes_unsaid(name: str) -> None:
    lifecycle = lifecycles()[name]
    for state in lifecycle.states:
        allowed = {kind for kind in lifecycle.events for trigger in lifecycle.triggers[kind]
                   if (state, trigger) in lifecycle.table}  # fmt: skip
        said = set(lifecycle.allowed_next(state))
        assert said <= allowed and allowed - said <= lifecycle.anytime


def test_the_lawful_example_goes_through_a_hosts_object() -> None:
    models: dict[str, Case] = {}
    law = load_law()
    for raw in sorted(lawful_case(), key=lambda raw: raw["time"]):
        item = law.event(raw)
        assert models.setdefault(item.case, Case()).take(item)
    assert CaseState.ARCHIVED in {model.state for model in models.values()}


# --- out of order --------------------------------------------------------------------------------------


def test_a_step_out_of_order_says_what_would_have_been_allowed() -> None:
    case = Case()
    take_all(case, BEGUN)
    with pytest.raises(MachineError) as raised:
        case.take(event("case.archived", 9))
    error = raised.value
    assert isinstance(error, OutOfOrder)
    assert (error.type, error.state) == ("case.archived", "enforcing")
    assert {"termination.ruled", "case.closed"} <= set(error.allowed)
    assert error.text.zh.startswith("案卷归档：此时处于“执行中”状态，此步骤不被允许；此时可以：")
    assert "裁定终结本次执行" in error.text.zh
    assert str(error) == error.text.en and "in state “being enforced” this step is not allowed" in error.text.en
    assert case.state is CaseState.ENFORCING


def test_the_error_can_be_sent_to_another_process() -> None:
    error = CASE.out_of_order("case.closed[method=terminated]", "closed")
    copy = pickle.loads(pickle.dumps(error))
    assert (copy.type, copy.state, copy.allowed, copy.text) == ("case.closed", "closed", error.allowed, error.text)
    assert str(copy) == str(error)


def test_a_host_may_have_steps_out_of_order_ignored_as_transitions_does() -> None:
    model = host(CASE, typed=True, ignore_invalid_triggers=True)
    assert model.take(event("case.archived", 1)) is False
    assert model.state is CaseState.NONE


def test_an_event_type_of_other_business_changes_nothing() -> None:
    case = Case(CaseState.FILED)
    assert case.may_take(event("notice.issued", 1)) and case.take(event("notice.issued", 1))
    assert case.state is CaseState.FILED


# --- objects -------------------------------------------------------------------------------------------


def test_an_object_begins_where_the_host_says() -> None:
    assert Case().state is CaseState.NONE
    stored = Case(CaseState("stopped"))
    assert stored.take(event("suspension.ended", 1))
    assert stored.state is CaseState.RESUMED


@dataclass
class Record(LifecycleModel[CaseState]):
    """Equal to any other record of the same number and state."""

    machine = Case.machine
    number: str
    state: CaseState = CaseState.NONE


def test_objects_that_are_equal_go_their_own_ways() -> None:
    one, other = Record("1"), Record("1")
    assert one == other
    one.take(event("case.filed", 1))
    assert (one.state, other.state) == (CaseState.FILED, CaseState.NONE)
    assert pickle.loads(pickle.dumps(one)) == one


def test_the_machine_does_not_keep_the_objects_of_the_host() -> None:
    case = Case()
    case.take(event("case.filed", 1))
    gone = weakref.ref(case)
    del case
    gc.collect()
    assert gone() is None


def test_several_lifecycles_do_not_mix() -> None:
    class Asset(LifecycleModel[AssetState]):
        machine = lifecycles()["asset"].machine(states=AssetState, model=None)

    asset, case = Asset(), Case()
    assert asset.take(event("asset.controlled", 1)) and case.take(event("case.filed", 1))
    assert (asset.state, case.state) == (AssetState.CONTROLLED, CaseState.FILED)
    assert asset.allowed() == lifecycles()["asset"].allowed_next("controlled")


def test_the_state_may_stand_in_an_attribute_of_another_name() -> None:
    model = host(CASE, typed=True, model_attribute="stage")
    take_all(model, BEGUN)
    assert getattr(model, "stage") is CaseState.ENFORCING  # noqa: B009 - unknown to the type checker
    assert not hasattr(model, "state")
    assert "case.closed" in model.allowed()


# --- callbacks of the host -----------------------------------------------------------------------------


class Noting(LifecycleModel[CaseState]):
    """Notes the callbacks and what they got."""

    machine = CASE.machine(states=CaseState, model=None, before_state_change="note_before", after_state_change="note")

    def __init__(self) -> None:
        super().__init__()
        self.noted: list[tuple[str, str]] = []

    def note_before(self, item: Event) -> None:
        self.noted.append((f"before from {self.state}", item.type))

    def note(self, item: Event) -> None:
        self.noted.append((f"after to {self.state}", item.type))

    def on_enter_filed(self, item: Event) -> None:
        self.noted.append(("filed", item.type))

    def on_exit_FILED(self, item: Event) -> None:  # noqa: N802 - as transitions names it for an enum
        self.noted.append(("no longer filed", item.type))


def test_callbacks_of_the_host_get_the_event() -> None:
    case = Noting()
    take_all(case, "case.filed > case.assigned")
    assert case.noted == [
        ("before from none", "case.filed"), ("filed", "case.filed"), ("after to filed", "case.filed"),
        ("before from filed", "case.assigned"), ("no longer filed", "case.assigned"),
        ("after to enforcing", "case.assigned"),
    ]  # fmt: skip


def test_a_step_that_changes_nothing_does_not_enter_the_state_again() -> None:
    case = Noting()
    take_all(case, "case.filed > case.filed > settlement.breached")
    assert [what for what, _ in case.noted].count("filed") == 1
    assert case.noted[-1] == ("after to filed", "settlement.breached")


def test_classes_that_share_a_machine_keep_their_own_callbacks() -> None:
    class Quiet(LifecycleModel[CaseState]):
        machine = Case.machine

    class Loud(Quiet):
        heard = False

        def on_enter_filed(self, item: Event) -> None:
            self.heard = True

    loud, quiet = Loud(), Quiet()
    assert loud.take(event("case.filed", 1)) and quiet.take(event("case.filed", 1))
    assert loud.heard and quiet.state is CaseState.FILED


def test_a_callback_for_an_event_type_is_called_whatever_its_data() -> None:
    class Closing(LifecycleModel[CaseState]):
        machine = CASE.machine(states=CaseState, model=None)
        closed = ""

        def close(self, item: Event) -> None:
            self.closed = item.data["method"]

    Closing.machine.when("case.closed", after="close")
    for method in ("performed", "terminated", "transferred"):
        case = Closing(CaseState.ENFORCING)
        assert case.take(event("case.closed", 1, method=method))
        assert case.closed == method
    with pytest.raises(KeyError):
        Closing.machine.when("case.closd", after="close")


def test_a_condition_of_the_host_holds_a_lawful_step_back() -> None:
    class Guarded(LifecycleModel[CaseState]):
        machine = CASE.machine(states=CaseState, model=None)
        signed, objected = False, False

    Guarded.machine.when("termination.ruled", conditions="signed", unless=["objected"])
    case, ruling = Guarded(CaseState.ENFORCING), event("termination.ruled", 1)
    assert (case.may_take(ruling), case.take(ruling), case.state) == (False, False, CaseState.ENFORCING)
    case.signed = case.objected = True
    assert not case.may_take(ruling)
    case.objected = False
    assert case.may_take(ruling) and case.take(ruling)
    assert case.state is CaseState.TERMINATED


def test_an_error_in_a_callback_leaves_the_state_and_reaches_the_host() -> None:
    class Refusing(LifecycleModel[CaseState]):
        machine = CASE.machine(states=CaseState, model=None)

        def refuse(self, item: Event) -> None:
            raise PermissionError(item.type)

    Refusing.machine.when("case.filed", before="refuse")
    case = Refusing()
    with pytest.raises(PermissionError, match=r"case\.filed"):
        case.take(event("case.filed", 1))
    assert case.state is CaseState.NONE


def test_a_host_that_sends_event_data_finds_the_event_in_it() -> None:
    got: list[Event] = []

    def note(data: EventData) -> None:
        got.extend(data.args)

    model = host(CASE, typed=True, send_event=True, after_state_change=note)
    filed = event("case.filed", 1)
    assert model.take(filed)
    assert got == [filed]


# --- the machine as such ---------------------------------------------------------------------------------


def test_the_machine_is_one_of_transitions_and_takes_models_as_they_do() -> None:
    class Plain:
        entered = 0
        state: Any

        def on_enter_FILED(self) -> None:  # noqa: N802
            self.entered += 1

    machine = CASE.machine(states=CaseState)
    assert isinstance(machine, Machine) and isinstance(machine, LifecycleMachine)
    plain: Any = Plain()
    machine.add_model(plain)
    assert plain.trigger("case.filed[*]") and plain.is_FILED()
    assert (plain.state, plain.entered) == (CaseState.FILED, 1)
    assert plain.may_trigger("case.assigned") and not plain.may_trigger("case.archived")
    with pytest.raises(OutOfOrder):
        plain.trigger("case.archived")


def test_a_machine_that_is_its_own_model_begins_in_the_first_state() -> None:
    machine = CASE.machine(states=CaseState)
    began = machine.state
    assert machine.trigger("case.filed[*]")
    assert (began, machine.state) == (CaseState.NONE, CaseState.FILED)
    assert CASE.machine().state == "none"


def test_states_of_another_lifecycle_are_refused() -> None:
    with pytest.raises(ValueError, match=r"AssetState is not the enum of the lifecycle 'case': announced"):
        CASE.machine(states=AssetState)


def test_the_enums_of_the_states_are_those_of_the_law_book() -> None:
    assert Path(execcheck.states.__file__).read_text("utf-8") == fresh(), "run: python tests/generated_states.py"
    for lifecycle in lifecycles().values():
        made = getattr(execcheck.states, enum_name(lifecycle.name))
        assert [(one.name, one.value) for one in made] == [(one.name, one.value) for one in lifecycle.states_enum]


def test_a_law_book_of_ones_own_has_its_states_as_an_enum_too(tmp_path: Path) -> None:
    lamp = load(tmp_path, SOUND)[0]["lamp"]
    states = lamp.states_enum
    assert states is lamp.states_enum and issubclass(states, StrEnum) and states.__name__ == "LampState"
    assert [(one.name, str(one)) for one in states] == [("OFF", "off"), ("LIT", "lit")]

    class Lamp(LifecycleModel[Any]):
        machine = lamp.machine(states=states, model=None)

    one = Lamp()
    assert one.take(event("case.filed", 1)) and one.state is states["LIT"]
    assert one.take(event("case.closed", 2, method="performed")) and one.state is states["OFF"]
    assert pickle.loads(pickle.dumps(lamp)).states == lamp.states


def test_an_event_that_no_state_allows_is_out_of_order_everywhere(tmp_path: Path) -> None:
    text = SOUND.replace("    - {from: others, to: same}\n", "")
    lamp = load(tmp_path, text)[0]["lamp"]
    model = host(lamp, typed=False)
    for state in lamp.states:
        model.state = state
        assert not model.may_take(event("case.closed", 1, method="withdrawn"))
        with pytest.raises(OutOfOrder):
            model.take(event("case.closed", 1, method="withdrawn"))


def test_one_machine_serves_many_objects_in_many_threads() -> None:
    def life(number: int) -> CaseState:
        case = Case()
        take_all(case, f"{BEGUN} > suspension.ordered > suspension.ended" if number % 2 else BEGUN)
        return case.state

    with ThreadPoolExecutor(8) as pool:
        states = list(pool.map(life, range(200)))
    assert states == [CaseState.ENFORCING, CaseState.RESUMED] * 100
