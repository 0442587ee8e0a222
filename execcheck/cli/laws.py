"""The law book that the options of a command choose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from attrs import evolve

from execcheck.lawbook import Law, load_law

HOME = ("豫", "全国")
"""Where the law that is checked by default holds: a region as case numbers write it, and the whole country."""


def choose_law(
    packs: Iterable[str] = (), folder: Path | None = None, *, settings: Mapping[str, str] | None = None,
    select: Iterable[str] = (), ignore: Iterable[str] = (),
) -> Law:  # fmt: skip
    """Load and narrow a law book.

    Without ``packs`` these are all packs of ``folder``, or the shipped ones that are law in the home region.
    Raises :class:`DefectiveInput` with everything that is wrong with the law book, the settings or the patterns.
    """
    names = tuple(packs)
    everything = not names and folder is None
    law = at_home(load_law()) if everything else load_law(names or None, folder)
    if settings:
        law = law.with_parameters(settings)
    return law.selected(select, ignore)


def at_home(law: Law) -> Law:
    """The law book with only the packs that are law in the home region."""
    packs = {name: pack for name, pack in law.packs.items() if not pack.law_in or set(HOME) & set(pack.law_in)}
    if len(packs) == len(law.packs):
        return law
    return evolve(law, packs=packs, rules={name: r for name, r in law.rules.items() if r.pack.name in packs})
