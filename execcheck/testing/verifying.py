"""The laws of rules, checked on drawn scenes: for a pack in one line, or one by one for pytest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from execcheck.checking import check
from execcheck.lawbook import Law, load_law
from execcheck.policy import Rule
from execcheck.testing.lawful import LawfulCase
from execcheck.testing.laws import LAWS, RuleLaw
from execcheck.testing.scenes import Scene, Stage
from execcheck.testing.story import CannotConstruct, log_lines
from execcheck.testing.strategies import lawful_cases, nearly, violating


def verify(pack: str | Path | Law, *, max_examples: int = 20, law_book: str | Path | None = None) -> None:
    """Check every law of rules on every rule of a pack, and that the pack is silent on lawful cases.

    ``pack`` is the name or the folder of a pack (of ``law_book``, by default the shipped one), or a loaded law book.
    Raises ``AssertionError`` that tells, for all rules, which law is broken and the smallest log that shows it, or that
    a rule cannot be broken (or obeyed) by any log that could be built;
    :class:`~execcheck.DefectiveInput` where the pack cannot be loaded.
    """
    law = pack if isinstance(pack, Law) else load_law([str(pack)], law_book)
    failures = []
    for name, run in all_checks(law, max_examples=max_examples):
        try:
            run()
        except (AssertionError, CannotConstruct) as failure:
            failures.append(f"{name}: {failure}")
    assert not failures, "\n\n".join(failures)


def all_checks(law: Law, *, max_examples: int = 20) -> Iterator[tuple[str, Callable[[], None]]]:
    """Every check of a law book: its name, and what runs it."""
    stage = Stage(law)
    for rule in law.rules.values():
        for name, run in laws_of(rule, stage, max_examples=max_examples):
            yield f"{rule.id}::{name}", run
    yield "silent on lawful cases", partial(_silent_on_lawful_cases, law, max_examples)


def laws_of(rule: Rule, stage: Stage, *, max_examples: int = 20) -> Iterator[tuple[str, Callable[[], None]]]:
    """The laws that a rule has to obey: the name of each, and what checks it on drawn scenes."""
    for law in LAWS:
        if law.about(rule):
            yield law.name, partial(_run, law, rule, stage, max_examples)


def _run(law: RuleLaw, rule: Rule, stage: Stage, max_examples: int) -> None:
    for side in law.sides:
        stage.scene(rule, side)  # a rule that cannot be shown so is told at once, not searched for in vain
    strategies = {"broken": violating, "obeyed": nearly}
    scenes = st.one_of([strategies[side](rule, stage=stage) for side in law.sides])

    @_quietly(max_examples)
    @given(scenes, st.integers(0, 0xFFFF))
    def holds(scene: Scene, seed: int) -> None:
        law.check(stage, scene, seed)

    holds()


def _silent_on_lawful_cases(law: Law, max_examples: int) -> None:
    """A lawful case is built with the engine's help step by step; here the whole log is checked, as a user would."""

    @_quietly(max_examples)
    @given(lawful_cases(law))
    def silent(case: LawfulCase) -> None:
        report = check(case.events, law, as_of=case.as_of)
        found = (*report.violations, *report.inconclusive)
        assert not found, f"{found[0].rule}: {found[0].message.en}\n{log_lines(case.events)}"

    silent()


def _quietly(max_examples: int) -> settings:
    """Answers count, not the speed of the machine; nothing is written to disk."""
    return settings(
        max_examples=max_examples, deadline=None, database=None, suppress_health_check=list(HealthCheck),
        print_blob=False,
    )  # fmt: skip
