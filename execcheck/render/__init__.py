"""Reports for people and machines: one small module for each format.

A module of a format has ``render(report, view) -> str`` and ``render_due(report, view, within) -> str``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
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


def pieces(form: str, report: Report, view: View) -> Iterable[str]:
    """The whole report in a format, piece by piece where the format can (a function ``pieces`` beside ``render``)."""
    by_piece: Callable[[Report, View], Iterable[str]] | None = getattr(renderer(form), "pieces", None)
    return [renderer(form).render(report, view)] if by_piece is None else by_piece(report, view)


__all__ = ["FORMATS", "Renderer", "View", "pieces", "renderer"]
