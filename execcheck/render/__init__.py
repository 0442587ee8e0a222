"""Reports for people and machines: one small module for each format.

A module of a format has ``render(report, view) -> str`` and ``render_due(report, view, within) -> str``.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Protocol, cast

from execcheck.judgement import Report
from execcheck.periods import Period
from execcheck.render.view import View

FORMATS: Mapping[str, str] = {"text": "execcheck.render.text", "json": "execcheck.render.json"}
"""The formats of a report, and the module of each; modules are loaded when first used."""


class Renderer(Protocol):
    """What the module of a format provides."""

    def render(self, report: Report, view: View) -> str:
        """The whole report."""

    def render_due(self, report: Report, view: View, within: Period | None) -> str:
        """Only what is pending, the soonest first."""


def renderer(form: str) -> Renderer:
    """The renderer of a format; raises KeyError for an unknown one."""
    return cast(Renderer, import_module(FORMATS[form]))


__all__ = ["FORMATS", "Renderer", "View", "renderer"]
