"""For authors of rules: the examples inside policies, and logs built from the rules themselves.

The strategies (:func:`lawful_cases`, :func:`violating`, :func:`nearly`, :func:`events`, :func:`logs`,
:func:`calendars`) and :func:`verify` need hypothesis, the extra ``testing``; they are imported when first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from execcheck.testing.examples import Failure, judge_all, run_examples

if TYPE_CHECKING:
    from execcheck.testing.lawful import LawfulCase
    from execcheck.testing.scenes import Scene, Stage
    from execcheck.testing.story import CannotConstruct
    from execcheck.testing.strategies import calendars, events, lawful_cases, logs, nearly, violating
    from execcheck.testing.verifying import verify

__all__ = [
    "CannotConstruct", "Failure", "LawfulCase", "Scene", "Stage", "calendars", "events", "judge_all", "lawful_cases",
    "logs", "nearly", "run_examples", "verify", "violating",
]  # fmt: skip

_LATER = {
    **dict.fromkeys(("calendars", "events", "lawful_cases", "logs", "nearly", "violating"), "strategies"),
    **dict.fromkeys(("Scene", "Stage"), "scenes"),
    "CannotConstruct": "story",
    "LawfulCase": "lawful",
    "verify": "verifying",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        module = import_module(f"{__name__}.{_LATER[name]}")
    except ModuleNotFoundError as error:
        raise ImportError(f"execcheck.testing.{name} needs {error.name}: pip install 'execcheck[testing]'") from error
    return getattr(module, name)
