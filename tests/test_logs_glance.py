"""Glances tell of a block of lines what the outlines tell line by line, with msgspec and without."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from execcheck import load_law
from execcheck.admission import Admission
from execcheck.events import Event
from execcheck.logs.glance import Glance, batches, glance_of, manner_of
from execcheck.logs.identity import Repeated
from execcheck.logs.jsonl import JsonLines
from execcheck.logs.several import Logs
from execcheck.logs.source import Source
from execcheck.survey import Survey
from inputs import SEIZURE, VOCABULARY, changed, line_of

CASES = load_law().definitions.cases
TYING = (CASES.opened_by, CASES.resumed_by)
FILED = {"subject": "money", "basis": "judgment", "claim": "5", "debtors": ["P1"], "original_case": "(2020)豫0225执5号"}
LINES = (
    line_of(SEIZURE), line_of(changed(id="e8", time="2021-11-02")), line_of(changed(id=..., recorded=..., case="C2")),
    line_of(changed(id="e9", type="case.filed", data=FILED)), line_of(changed(panel=..., approvals=None, actor=...)),
    line_of(changed(time="2021-11-01T09:30:00.5+08:00")), line_of(changed(time="2021-11")), "\n", "x\n", '{"case": 1}\n',
    line_of(changed(id="e10", supersedes="e7")), line_of(changed(id=..., supersedes="e8")),
    line_of(changed(id="e11", supersedes=5)),
)  # fmt: skip


def look(file: Path, fast: bool) -> list[Glance]:
    """The glances at a file."""
    return list(JsonLines(Source(str(file)), fast).glances(CASES.links, TYING))


def told(glances: list[Glance]) -> tuple[object, ...]:
    """What they tell together, whatever the blocks."""
    cases: Counter[str] = Counter()
    latest: dict[tuple[str, str], str] = {}
    for glance in glances:
        cases.update(glance.cases)
        for time in glance.times:
            latest[manner_of(time)] = max(time, latest.get(manner_of(time), ""))
    carried = frozenset[str]().union(*(glance.carries for glance in glances))
    ids = [name for glance in glances for name in glance.ids]
    corrections = [outline for glance in glances for outline in glance.corrections]
    return cases, latest, carried, ids, [outline for glance in glances for outline in glance.linked], corrections


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.sampled_from(LINES), min_size=1, max_size=12), st.booleans())
def test_glances_tell_what_outlines_tell(tmp_path: Path, lines: list[str], marked: bool) -> None:
    file = tmp_path / "log.jsonl"
    file.write_text(("\ufeff" if marked else "") + "".join(lines), "utf-8")
    outlines = list(JsonLines(Source(str(file)), fast=False).outlines(CASES.links))
    by_line = told([glance_of(batch, TYING) for batch in batches(outlines)])
    assert told(look(file, fast=True)) == told(look(file, fast=False)) == by_line


def test_a_survey_learns_the_same_from_glances_and_from_outlines(tmp_path: Path) -> None:
    file = tmp_path / "log.jsonl"
    file.write_text("".join(LINES), "utf-8")
    logs = Logs([str(file)], VOCABULARY, CASES)
    quick, plain = Survey(CASES).read_glances(logs.glances()), Survey(CASES).read(logs.outlines())
    assert quick.counts == plain.counts
    assert quick.last_moment == plain.last_moment is not None
    assert quick.not_carried == plain.not_carried == frozenset()
    assert {case: quick.groups.root(case) for case in quick.counts} == {
        case: plain.groups.root(case) for case in plain.counts
    }


def test_ids_counted_together_are_counted_like_each_alone() -> None:
    together, alone = Repeated(), Repeated()
    for ids in (["a", "b"], ["c", "c"], ["d", "a"], []):
        together.add_all(ids)
        for identity in ids:
            alone.add(identity)
    assert [name in together for name in "abcd"] == [name in alone for name in "abcd"] == [True, False, True, False]
    assert len(together) == len(alone) == 2


@pytest.mark.parametrize("fast", [True, False])
@pytest.mark.parametrize("hidden", [
    '"source": "system", "source": "offline", "time": "2021-11-01T09\\u003a30:00+08:00", ',
    '"time": "2021-11-01", ', '"\\u0074ime": "2021-11-01", ', '"source": "system", "source" : "offline", ',
])  # fmt: skip
def test_no_spelling_hides_a_key_that_is_given_twice(tmp_path: Path, fast: bool, hidden: str) -> None:
    file = tmp_path / "log.jsonl"
    sound = changed(approvals=..., recorded=...)  # whose only colons within texts are those of its time
    text = line_of({key: value for key, value in sound.items() if key != "time" or "u003a" not in hidden})
    file.write_text(line_of(SEIZURE) + "{" + hidden + text[1:], "utf-8")
    first, second = JsonLines(Source(str(file)), fast).outcomes(Admission(VOCABULARY))
    assert isinstance(first, Event)
    assert not isinstance(second, Event)
    assert [defect.code for defect in second.defects] == ["json-duplicate"]
