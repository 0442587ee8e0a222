"""For authors of rules: running the examples inside policies."""

from execcheck.testing.examples import Failure, judge_all, run_examples

__all__ = ["Failure", "judge_all", "run_examples"]
