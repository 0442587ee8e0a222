"""What takes the steps of a call back, should it fail halfway."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any


class Undo:
    """Collects what takes steps back; does so, the last one first, where the call fails (or ``always``).

    As :class:`contextlib.ExitStack`, but so light that every event can afford it.
    """

    __slots__ = ("_always", "_steps")

    def __init__(self, *, always: bool = False) -> None:
        self._always = always
        self._steps: list[tuple[Callable[..., object], tuple[Any, ...]]] = []

    def callback(self, step: Callable[..., object], *given: Any) -> None:
        """Remember what takes a step back, before it is made."""
        self._steps.append((step, given))

    def __enter__(self) -> Undo:
        return self

    def __exit__(self, kind: object, error: object, where: object) -> None:
        if kind is not None or self._always:
            with ExitStack() as stack:  # takes the rest back also where one step cannot be taken back
                for step, given in self._steps:
                    stack.callback(step, *given)
        self._steps.clear()
