"""For authors of rules: running the examples inside policies."""

from execcheck.testing.examples import Failure, run_examples

__all__ = ["Failure", "run_examples"]
