"""Pairs of rules that cannot both be obeyed: whoever obeys the one breaks the other, in every log that was tried."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import islice

from attrs import evolve, frozen

from execcheck.clauses import Selector
from execcheck.defects import Defect
from execcheck.durations import END
from execcheck.exploring.limits import acts_of
from execcheck.exploring.mending import FEW, Mended, Pair, last_day, orders
from execcheck.exploring.overlaps import in_force_together, triggers_of
from execcheck.exploring.unused import words_of
from execcheck.judgement import Verdict
from execcheck.judging import Judging
from execcheck.lawbook import Law
from execcheck.policy import Absence, Response, Rule
from execcheck.testing.building import LONG
from execcheck.testing.choices import Choices, Plain, Seeded
from execcheck.testing.scenes import Scene, Side, Stage
from execcheck.testing.story import CannotConstruct, log_lines

TRIES = 12
"""How many logs in which a rule is obeyed are tried, and how often each is mended in another way."""


@frozen
class Conflict:
    """Whoever obeys ``obeyed`` breaks ``broken``, as the log shows."""

    obeyed: Rule
    broken: Rule
    scene: Scene


def conflict_notes(law: Law, rules: Iterable[Rule], stage: Stage) -> Iterator[Defect]:
    """Every pair of rules that could not both be obeyed, with the shortest log that shows it."""
    for found in conflicts(law, rules, stage):
        one, other, log = found.obeyed, found.broken, log_lines(found.scene.events)
        yield Defect(
            one.place, "conflict",
            f"在有限搜索内（不是证明）未找到同时遵守 {one.id} 与 {other.id} 的日志：遵守前者即与后者不符。例：\n{log}",
            f"a bounded search, which is no proof, found no log that obeys both {one.id} and {other.id}: whoever obeys "
            f"the first departs from the second. For example:\n{log}", note=True,
        )  # fmt: skip


def conflicts(law: Law, rules: Iterable[Rule], stage: Stage) -> Iterator[Conflict]:
    """The pairs, each once."""
    seen: set[frozenset[str]] = set()
    scenes = {name: scene_of(stage, rule, "obeyed", Plain()) for name, rule in law.rules.items()}
    whole = Judging(evolve(law, lifecycles={}, rules=_without_states(law.rules)), calendar=stage.calendar)
    for rule in rules:
        for other in _beside(law, whole, scenes[rule.id]):
            pair = frozenset((rule.id, other.id))
            alone = scenes[other.id] is not None or isinstance(other, Absence)  # else it cannot be obeyed anyhow
            if pair in seen or not alone or not in_force_together(rule, other):
                continue
            found = _settle(law, stage, rule, other)
            if found is not None:
                seen.add(pair)
                yield found


def _without_states(rules: Mapping[str, Rule]) -> dict[str, Rule]:
    return {name: evolve(rule, in_state=None, restates=()) for name, rule in rules.items()}


def _beside(law: Law, whole: Judging, scene: Scene | None) -> list[Rule]:
    """The rules that are broken in a log in which another one is just obeyed, or that are about what it demands."""
    if scene is None:
        return []
    rule = scene.rule
    end = date.fromordinal(min(last_day(scene.events) + LONG, END))
    broken: set[str] = set()
    for events in (scene.events, *islice(orders(scene.events), FEW)):
        for now in (scene.as_of, end):
            found = {j.rule for j in whole.outcome(events, now).judgements if j.verdict is Verdict.VIOLATED}
            broken |= found if rule.id not in found or now is end else set()
    known = frozenset(law.vocabulary.events)
    words = frozenset(words_of(rule, known)) & known
    owed = _types(acts_of(rule))
    broken |= {name for name, other in law.rules.items() if owed & _types(triggers_of(other))}
    return [law.rules[name] for name in sorted(broken - {rule.id}) if _concerns(law.rules[name], words)]


def _types(selectors: Iterable[Selector]) -> set[str]:
    return {kind for selector in selectors for kind in selector.types}


def _concerns(rule: Rule, words: frozenset[str]) -> bool:
    """Whether what a duty demands is named in the other rule too; a rule about acts concerns it in any case."""
    if not isinstance(rule, Response):
        return True
    return bool(_types(acts_of(rule)) & words)


def _settle(law: Law, stage: Stage, rule: Rule, other: Rule) -> Conflict | None:
    """The conflict, unless a log is found in which both rules are obeyed, or the one is about breaches of the other."""
    pair = Pair(law, stage, rule, other)
    shown: list[Scene] = []
    for scene, choices in tries(stage, rule, "obeyed"):
        if _speaks(rule, pair.mended(scene, choices)):
            return None
        shown += _shown(pair, scene, choices, other)
    for scene, choices in tries(stage, other, "obeyed"):
        found = pair.mended(scene, choices)
        if _speaks(rule, found) and _speaks(other, found):
            return None
    applies = any(_speaks(rule, pair.mended(scene, how, other.id)) for scene, how in tries(stage, rule, "broken"))
    return Conflict(rule, other, min(shown, key=lambda scene: len(scene.events))) if shown and applies else None


def _shown(pair: Pair, scene: Scene, choices: Choices, other: Rule) -> Iterator[Scene]:
    """A log that obeys the rule of the scene for good, if it breaks the other one."""
    kept = pair.mended(scene, choices, scene.rule.id)
    if kept is not None:
        day = pair.horizon(scene.events)
        for events in (kept.events, *islice(orders(kept.events), FEW)):
            broken = {f.rule.id for f in pair.findings(events, day) if f.verdict is Verdict.VIOLATED}
            if broken == {other.id}:
                yield evolve(scene, events=events)
                return


def _speaks(rule: Rule, found: Mended | None) -> bool:
    """Whether a rule had something to say in a mended log; one that forbids is silent where it is obeyed."""
    return found is not None and (rule.id in found.said or isinstance(rule, Absence))


def tries(stage: Stage, rule: Rule, side: Side, count: int = TRIES) -> Iterator[tuple[Scene, Choices]]:
    """Scenes of a rule, each with somebody who decides how it is mended."""
    for seed in range(count):
        scene = scene_of(stage, rule, side, Seeded(seed) if seed else Plain())
        if scene is not None:
            yield scene, Seeded(seed) if seed else Plain()


def scene_of(stage: Stage, rule: Rule, side: Side, choices: Choices) -> Scene | None:
    """A scene of a rule; None where none can be built."""
    try:
        return stage.scene(rule, side, choices)
    except CannotConstruct:
        return None
