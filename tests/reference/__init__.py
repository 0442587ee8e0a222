"""A slow, plain evaluator of law books, written from the contract and sharing no code with the engine.

It reads the same values as the engine (events, rules, the facts of the vocabulary and of the calendar) and works
everything out anew for every question, with lists and loops. What it does not know it refuses (:class:`NotCovered`).

An answer to a condition is True, False, or None where the log does not say.
"""

from reference.evaluating import evaluate
from reference.said import NotCovered, Said

__all__ = ["NotCovered", "Said", "evaluate"]
