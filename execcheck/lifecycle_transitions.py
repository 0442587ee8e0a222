"""A lifecycle as a machine of the ``transitions`` library that host programs build on.

It differs from a plain ``transitions.Machine`` in three ways. A step out of order raises :class:`OutOfOrder`,
which says what would have been allowed. Methods ``on_enter_<state>`` of a model are looked up when a state is
entered, so that one machine may serve models of several classes that it need not know. A step that changes
nothing neither leaves nor enters its state.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any

from transitions import Event as TransitionsEvent
from transitions import EventData, Machine, MachineError, State
from transitions.core import Condition, listify

from execcheck.policy import Text

if TYPE_CHECKING:
    from transitions.core import Callback, CallbacksArg  # these names exist for the type checker only

    from execcheck.events import Event
    from execcheck.lifecycle_machine import Lifecycle


class OutOfOrder(MachineError):  # noqa: N818 - it says what the event is
    """An event that the state does not allow.

    ``type`` is its event type, ``state`` the name of the state, ``allowed`` are the event types that the state
    allows (but for those that change nothing in any state), ``text`` says it in Chinese and English.
    """

    def __init__(self, type: str, state: str, allowed: tuple[str, ...], text: Text) -> None:
        super().__init__(text.en)
        self.args = (type, state, allowed, text)  # so that it can be sent to another process
        self.type, self.state, self.allowed, self.text = type, state, allowed, text

    def __str__(self) -> str:
        return self.text.en


class HostState(State):
    """A state that calls the methods ``on_enter_<state>`` and ``on_exit_<state>`` of the class of a model.

    ``<state>`` is the name in the lifecycle; with an enum, that of the member does as well.
    """

    def enter(self, event_data: EventData) -> None:
        """Enter the state."""
        super().enter(event_data)
        self._call("on_enter", self.on_enter, event_data)

    def exit(self, event_data: EventData) -> None:
        """Leave the state."""
        super().exit(event_data)
        self._call("on_exit", self.on_exit, event_data)

    def _call(self, when: str, registered: list[Callback], event_data: EventData) -> None:
        for name in dict.fromkeys((lifecycle_name(self), self.name)):
            method = f"{when}_{name}"
            # The class is asked: a machine that is its own model answers to any such name.
            if method not in registered and hasattr(type(event_data.model), method):
                event_data.machine.callback(method, event_data)


class HostTrigger(TransitionsEvent):
    """A trigger that says what would have been allowed where its state does not allow it."""

    machine: LifecycleMachine

    def _is_valid_source(self, state: State) -> bool:
        try:
            return super()._is_valid_source(state)
        except MachineError:
            raise self.machine.lifecycle.out_of_order(self.name, lifecycle_name(state)) from None


class LifecycleMachine(Machine):
    """The machine of a lifecycle.

    ``states`` is an enum whose values are the names of the states, such as ``execcheck.states.CaseState``;
    without it states are those names. ``options`` are those of ``transitions.Machine``: ``model``,
    ``before_state_change``, ``send_event`` and so on. Triggers are pulled with the event as the only argument.
    Raises ``ValueError`` where the enum is not that of the lifecycle.
    """

    state_cls = HostState
    event_cls = HostTrigger

    def __init__(self, lifecycle: Lifecycle, states: type[Enum] | None = None, **options: Any) -> None:
        self.lifecycle = lifecycle
        named: dict[str, Any] = {name: name for name in lifecycle.states}
        if states is not None:
            named = {str(member.value): member for member in states}
            if named.keys() != lifecycle.states.keys():
                odd = ", ".join(sorted(named.keys() ^ lifecycle.states.keys()))
                raise ValueError(f"{states.__name__} is not the enum of the lifecycle {lifecycle.name!r}: {odd}")
        super().__init__(
            states=list(named.values()), auto_transitions=False,
            **{"initial": named[lifecycle.initial], **options},
        )  # fmt: skip
        for step in lifecycle.transitions:
            same = step.source == step.dest
            self.add_transition(step.trigger, named[step.source], None if same else named[step.dest])
        for triggers in lifecycle.triggers.values():
            for trigger in triggers:  # also one that no state allows
                self.add_transition(trigger, [], None)

    def when(
        self, type: str, *, prepare: CallbacksArg = None, conditions: CallbacksArg = None,
        unless: CallbacksArg = None, before: CallbacksArg = None, after: CallbacksArg = None,
    ) -> None:  # fmt: skip
        """Add callbacks to every step of an event type, whichever of its triggers is pulled.

        Raises ``KeyError`` for an event type that the lifecycle does not know.
        """
        for trigger in self.lifecycle.triggers[type]:
            for step in self.get_transitions(trigger):
                step.prepare += listify(prepare)
                step.before += listify(before)
                step.after += listify(after)
                step.conditions += [Condition(check) for check in listify(conditions)]
                step.conditions += [Condition(check, target=False) for check in listify(unless)]

    def take(self, model: object, event: Event) -> bool:
        """Pull the trigger of an event on a model (see :meth:`LifecycleModel.take`)."""
        trigger = self.lifecycle.trigger(event)
        return trigger is None or self.events[trigger].trigger(model, event)

    def may_take(self, model: object, event: Event) -> bool:
        """Whether :meth:`take` would take the event; runs ``prepare`` callbacks and asks ``conditions``."""
        trigger = self.lifecycle.trigger(event)
        return trigger is None or bool(self._can_trigger(model, trigger, event))


def lifecycle_name(state: State) -> str:
    """The name of a state in the lifecycle, where the machine works with an enum too."""
    value = state.value
    return str(value.value) if isinstance(value, Enum) else str(value)
