"""Calls that break off in the middle: an exception is raised before the k-th line that some modules run."""

from __future__ import annotations

import linecache
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any, TypeVar

import execcheck
from execcheck.undoing import Undo

_FOLDER = Path(execcheck.__file__).parent
STATE = frozenset(
    str(_FOLDER / f"{name}.py") for name in ("monitor", "telling", "intake", "dossiers", "idindex", "snapshots")
)
"""The modules that keep something from one call to the next."""
JUDGING = frozenset(str(_FOLDER / f"{name}.py") for name in ("standing", "changes", "families", "docket", "compiling"))
"""Modules that work for them."""
_UNDOING = {Undo.__exit__.__code__}

Found = TypeVar("Found")


class Interruption:
    """Runs work and breaks it off before the ``at``-th line of some modules; ``hit`` says whether there were so many."""

    def __init__(self, at: int, modules: frozenset[str]) -> None:
        self.at = at
        self.modules = modules
        self.hit = False
        self._lines = 0

    def run(self, work: Callable[[], Found]) -> Found:
        """What the work gives; raises the error where it was broken off."""
        before = sys.gettrace()
        sys.settrace(self._enter)
        try:
            return work()
        finally:
            sys.settrace(before)

    def _enter(self, frame: FrameType, event: str, arg: Any) -> Any:
        if frame.f_code.co_filename not in self.modules or _taken_back(frame):
            return None
        return self._line

    def _line(self, frame: FrameType, event: str, arg: Any) -> Any:
        # Python itself promises nothing to a call that breaks off while it leaves a with block.
        if event == "line" and not _source(frame).startswith("with "):
            self._lines += 1
            if self._lines == self.at:
                self.hit = True
                raise (KeyboardInterrupt if self.at % 2 else RuntimeError)("broken off")
        return self._line


def _source(frame: FrameType) -> str:
    return linecache.getline(frame.f_code.co_filename, frame.f_lineno).strip()


def _taken_back(frame: FrameType | None) -> bool:
    """Whether the call is taking back already what was done."""
    while frame is not None:
        if frame.f_code in _UNDOING:
            return True
        frame = frame.f_back
    return False
