"""The slow reference judges what was built from rules as the engine does: scenes of every rule, and lawful cases.

The builders look at the engine while they build; the reference shares no code with it.
"""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest
from attrs import evolve

from differing import difference, told
from execcheck.judging import Judging
from execcheck.lawbook import Law, load_law
from execcheck.testing.choices import Seeded
from execcheck.testing.lawful import Course
from execcheck.testing.scenes import Stage
from reference import evaluate


@cache
def law() -> Law:
    return load_law()


@cache
def stage() -> Stage:
    return Stage(law())


@pytest.mark.parametrize("pack", sorted(load_law().packs))
def test_the_reference_says_the_same_of_every_scene(pack: str) -> None:
    for rule in law().rules.values():
        if rule.pack.name != pack:
            continue
        for side in ("obeyed", "broken"):
            for seed in range(6):
                scene = stage().scene(rule, side, Seeded(seed))
                alone = evolve(stage().judging(rule).law, lifecycles={})
                found = difference(alone, scene.events, scene.as_of)
                assert not found, f"{rule.id}\n{told(found, scene.events)}"
                verdicts = Counter(said.verdict for said in evaluate(alone, scene.events, scene.as_of))
                assert verdicts["violated"] == (side == "broken"), f"{scene}"


def test_the_reference_finds_nothing_in_lawful_cases() -> None:
    judging, rules = Judging(law()), evolve(law(), lifecycles={})
    sizes = []
    for seed in range(12):
        course = Course(judging, Seeded(1000 + seed))
        for _ in range(20):
            course.step()
        case = course.case()
        verdicts = Counter(said.verdict for said in evaluate(rules, case.events, case.as_of))
        assert verdicts.keys() <= {"satisfied", "pending"}, f"{case}"
        sizes.append(verdicts["satisfied"])
    assert min(sizes) > 10, sizes  # and there was something to obey
