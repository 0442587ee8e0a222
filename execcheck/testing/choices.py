"""Choices left open while something is built: taken one after another by whoever asks for the result.

The builders of logs know nothing of hypothesis: the same code builds the plainest log of a rule (:class:`Plain`),
a random one (:class:`Seeded`), or one that hypothesis draws and shrinks (:class:`Drawn`). What stands first in a
list of options is the simplest.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TYPE_CHECKING, Protocol, TypeVar

from attrs import frozen

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn

T = TypeVar("T")


class Choices(Protocol):
    """Somebody who decides."""

    def of(self, options: Sequence[T]) -> T:
        """One of some options; there is at least one."""
        ...

    def number(self, low: int, high: int) -> int:
        """A number from ``low`` to ``high``, both included."""
        ...


@frozen
class Plain:
    """Always the simplest."""

    def of(self, options: Sequence[T]) -> T:
        """The first."""
        return options[0]

    def number(self, low: int, high: int) -> int:
        """The lowest."""
        return low


class Seeded:
    """Random, but the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def of(self, options: Sequence[T]) -> T:
        """Any of them."""
        return self._random.choice(options)

    def number(self, low: int, high: int) -> int:
        """Any from low to high."""
        return self._random.randint(low, high)


class Drawn:
    """Drawn by hypothesis: ``draw`` is what ``hypothesis.strategies.composite`` hands to its function."""

    def __init__(self, draw: DrawFn) -> None:
        from hypothesis import strategies  # noqa: PLC0415 - an extra

        self._draw, self._strategies = draw, strategies

    def of(self, options: Sequence[T]) -> T:
        """One that hypothesis draws; it shrinks towards the first."""
        if len(options) == 1:
            return options[0]
        return self._draw(self._strategies.sampled_from(options))

    def number(self, low: int, high: int) -> int:
        """One that hypothesis draws; it shrinks towards the lowest."""
        return self._draw(self._strategies.integers(low, high))
