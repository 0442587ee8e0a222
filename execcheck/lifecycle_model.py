"""A host's own class with a legal lifecycle: :class:`LifecycleModel`."""

from __future__ import annotations

from typing import ClassVar, Generic, TypeVar

from execcheck.events import Event
from execcheck.lifecycle_transitions import LifecycleMachine, lifecycle_name

S = TypeVar("S", bound=str)


class LifecycleModel(Generic[S]):
    """Mixin for a host's class whose objects go through a lifecycle.

    The class has a ``machine``, one for all its objects; each object has its ``state``::

        class Case(LifecycleModel[CaseState]):
            machine = load_law().lifecycles["case"].machine(states=CaseState, model=None)

            def on_enter_closed(self, event: Event) -> None: ...

    Callbacks of ``transitions`` work as always and get the event; ``machine.when`` adds them to an event type.
    The machine keeps no reference to the objects. A class with an ``__init__`` of its own (a dataclass, an ORM
    class) sets ``state`` itself.
    """

    machine: ClassVar[LifecycleMachine]
    state: S

    def __init__(self, state: S | None = None) -> None:
        """Begin in a state; by default in the first of the lifecycle."""
        start = self.machine.initial if state is None else state
        assert start is not None  # the machine of a lifecycle has an initial state
        self.machine.set_state(start, self)

    def take(self, event: Event) -> bool:
        """Take the step that an event is; False where a condition of the host held it back.

        An event type that the lifecycle does not know changes nothing, and is no fault. The event is taken as
        one of this object: its case number and object ids are not compared.
        Raises :class:`OutOfOrder` (a ``transitions.MachineError``) where the state does not allow it.
        """
        return self.machine.take(self, event)

    def may_take(self, event: Event) -> bool:
        """Whether :meth:`take` would take the event now; as in ``transitions`` only conditions are asked."""
        return self.machine.may_take(self, event)

    def allowed(self) -> tuple[str, ...]:
        """The event types that the state allows, but for those that change nothing in any state."""
        return self.machine.lifecycle.allowed_next(lifecycle_name(self.machine.get_model_state(self)))
