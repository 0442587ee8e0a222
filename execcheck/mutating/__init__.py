"""Mutation testing of law: rules changed in one thing at a time, and the examples that notice it."""

from execcheck.mutating.mutants import Mutant, mutants_of
from execcheck.mutating.report import Mutation, Survivor, mutate, telling_apart

__all__ = ["Mutant", "Mutation", "Survivor", "mutants_of", "mutate", "telling_apart"]
