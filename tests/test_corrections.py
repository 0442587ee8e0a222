"""Corrections in whole logs: the report is that of the log in which the corrected events were never written."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from clirun import PRICE, log, priced, run, seizure
from execcheck import Logs, Report, check
from execcheck.admission import Admission
from execcheck.defects import DefectiveInput
from execcheck.events import Event
from execcheck.logs import Outline
from execcheck.logs.corrections import Corrections
from execcheck.logs.outline import outline_of_event
from execcheck.logs.writing import raw_of
from execcheck.survey import Survey
from inputs import VOCABULARY, changed, event_of, line_of
from lawful import Raw
from lawful import edited as lawful_edited
from randomlogs import edited, few, found, law, logs, random_events, scattered
from test_logs_csv import as_csv

CASES = law().definitions.cases
OTHER = "（2021）豫0225执777号"


def files(folder: Path, *logs: Sequence[Raw], form: str = "jsonl") -> list[str]:
    """The events as files."""
    paths = []
    for number, raws in enumerate(logs):
        path = folder / f"{number}.{form}"
        text = (
            as_csv(list(raws)) if form == "csv" else json.dumps(raws) if form == "json" else "".join(map(line_of, raws))
        )
        path.write_text(text, "utf-8")
        paths.append(str(path))
    return paths


def read(paths: Sequence[str], *, skip: bool = False) -> Logs:
    """The files as one log."""
    return Logs(paths, law().vocabulary, CASES, skip=skip)


def of_files(folder: Path, *logs: Sequence[Raw], form: str = "jsonl") -> Report:
    return check(read(files(folder, *logs, form=form)), law())


class Database:
    """A source of a host's own, with the two methods that a source must have."""

    def __init__(self, events: Sequence[Event]) -> None:
        self._events = events

    def outlines(self) -> Iterator[Outline]:
        return map(outline_of_event, self._events)

    def __iter__(self) -> Iterator[Event]:
        return iter(self._events)


def seized(name: str | None, time: str = "2021-11-01T09:30:00+08:00", **more: Any) -> Raw:
    """A seizure that names another asset for each id."""
    given: Raw = {"objects": {"asset": f"A-{name}"}, "recorded": ..., "approvals": ..., **more}
    return changed(id=name if name else ..., time=time, **given)


def same(one: Report, other: Report) -> bool:
    """Whether two reports say the same."""
    return (one.as_of, one.summary, found(one)) == (other.as_of, other.summary, found(other))


# --- what stands ------------------------------------------------------------------------------------


def corrected(events: Sequence[Event], dice: random.Random) -> tuple[list[Event], list[Event]]:
    """The events with corrections among them in any order, and those that stand.

    Some events were wrong before: in time, person or case. Some were corrected twice, or by two events.
    """
    whole: list[Event] = []
    stand: list[Event] = []
    for number, event in enumerate(events):
        if not event.has_id or dice.random() < 0.7:
            whole.append(event)
            stand.append(event)
            continue
        wrong = dice.choice(events)
        first = evolve(wrong, id=f"wrong-{number}", place=f"old:{number}")
        right = evolve(event, supersedes=first.id)
        stand.append(right)
        whole += [first, right]
        if dice.random() < 0.4:
            middle = evolve(dice.choice(events), id=f"middle-{number}", place=f"mid:{number}", supersedes=first.id)
            whole[-1] = stand[-1] = evolve(right, supersedes=middle.id)
            whole += [middle, first]  # the log may tell it twice
        if dice.random() < 0.3:
            part = evolve(right, id=f"part-{number}", place=f"part:{number}", supersedes=first.id)
            whole.append(part)
            stand.append(part)
    dice.shuffle(whole)
    return whole, stand


@few
@given(logs, st.randoms(use_true_random=False))
def test_a_corrected_case_is_judged_as_if_the_mistakes_had_not_been_written(made: Any, dice: random.Random) -> None:
    whole, stand = corrected(edited(made), dice)
    expected = check(stand, law())
    assert same(check(whole, law()), expected)
    distinct = list({event.id: event for event in whole}.values())
    assert same(check(Database(distinct), law()), expected)


@few
@given(random_events, st.randoms(use_true_random=False))
def test_corrected_events_of_any_type_and_case_are_as_if_not_written(made: Any, dice: random.Random) -> None:
    whole, stand = corrected(scattered(made), dice)
    assert same(check(whole, law()), check(stand, law()))


@pytest.mark.parametrize("form", ["jsonl", "json", "csv"])
@pytest.mark.parametrize("seed", range(3))
def test_files_of_every_form_are_corrected_also_by_other_files(tmp_path: Path, form: str, seed: int) -> None:
    dice = random.Random(seed)
    whole, stand = corrected([event_of(raw) for raw in lawful_edited()], dice)
    raws = [raw_of(event) for event in whole]
    half = dice.randrange(len(raws))
    assert any("supersedes" in raw for raw in raws)
    assert same(of_files(tmp_path, raws[:half], raws[half:], form=form), check(stand, law()))
    assert same(check(read([str(tmp_path / f"{n}.{form}") for n in (1, 0)], skip=True), law()), check(stand, law()))


def test_the_last_correction_of_a_chain_stands_and_so_do_all_that_replace_one_event() -> None:
    raws = [seized("a"), seized("b", supersedes="a"), seized("c", supersedes="b"), seized("d", supersedes="a")]
    for order in (raws, raws[::-1], raws[2:] + raws[:2]):
        report = check([event_of(raw) for raw in order], law())
        assert report.summary.events == 2
        assert {j.trigger.id for j in report.pending} == {"c", "d"}


def test_an_event_whose_place_is_its_id_can_be_replaced() -> None:
    """A host may give its events such places."""
    events = [
        evolve(event_of(raw), place=raw["id"]) for raw in (seized("a", "2023-01-01"), seized("b", supersedes="a"))
    ]
    for source in (events, Database(events)):
        assert check(source, law()).as_of == events[1].time


def test_an_event_without_an_id_may_correct_but_its_place_names_nothing(tmp_path: Path) -> None:
    raws = [seized(None), seized("b", supersedes="log.jsonl:1"), seized(None, supersedes="b")]
    path = tmp_path / "log.jsonl"
    path.write_text("".join(map(line_of, raws)).replace("log.jsonl:1", f"{path}:1"), "utf-8")
    assert check(read([str(path)]), law()).summary.events == 2


# --- what is known before the first judgement ---------------------------------------------------------


def test_a_replaced_event_is_not_the_last_of_the_log(tmp_path: Path) -> None:
    raws = [seized("a", "2023-01-01"), seized("b", "2021-11-02", supersedes="a")]
    assert of_files(tmp_path, raws).as_of == check([event_of(raw) for raw in raws], law()).as_of == date(2021, 11, 2)


def test_what_only_a_replaced_event_carries_the_source_does_not_record(tmp_path: Path) -> None:
    raws = [seized("a"), seized("b", panel=..., supersedes="a")]
    assert "panel" in of_files(tmp_path, raws).summary.not_captured
    assert "panel" not in of_files(tmp_path, [raws[0], {**raws[1], "supersedes": None}]).summary.not_captured


def test_neither_replaced_events_nor_their_cases_are_counted(tmp_path: Path) -> None:
    raws = [seized("a", case=OTHER), seized("b", supersedes="a")]
    summary = of_files(tmp_path, raws).summary
    assert (summary.cases, summary.events) == (1, 1)


def test_a_replaced_filing_ties_no_cases_together(tmp_path: Path) -> None:
    filed = {"case": "乙", "type": "case.filed", "time": "2021-11-01", "data": {"original_case": "甲"}}
    assigned = {"type": "case.assigned", "time": "2021-11-02", "data": {"handler": "u1"}}
    raws = [
        {**filed, "id": "f1"}, {**filed, "id": "f2", "supersedes": "f1", "data": {}}, {**assigned, "case": "甲"},
        {**assigned, "case": "乙"},
    ]  # fmt: skip
    logs = read(files(tmp_path, raws))
    survey = Survey(CASES).read_glances(logs.glances())
    assert survey.groups.root("甲") == survey.groups.root("乙")
    survey = survey.of_standing(logs.outlines())
    assert survey.groups.root("甲") != survey.groups.root("乙")


def test_a_filing_that_made_a_case_its_own_original_can_be_corrected(tmp_path: Path) -> None:
    filed: Raw = {"case": "甲", "type": "case.filed", "time": "2021-11-01", "data": {"original_case": "甲"}}
    right = {**filed, "id": "f2", "supersedes": "f1", "data": {}}
    with pytest.raises(DefectiveInput):
        of_files(tmp_path, [{**filed, "id": "f1"}, {**right, "supersedes": None}])
    assert of_files(tmp_path, [{**filed, "id": "f1"}, right]).summary.events == 1


def test_of_each_case_the_events_that_stand_are_awaited(tmp_path: Path) -> None:
    """A case is let go with the last of them."""
    raws = [
        seized("a", case=OTHER),
        seized("b", case=OTHER, supersedes="c"),
        seized("c", case="甲"),
        seized("d", case="甲"),
    ]
    logs = read(files(tmp_path, raws))
    assert Survey(CASES).read_glances(logs.glances()).of_standing(logs.outlines()).counts == {OTHER: 2, "甲": 1}


def test_progress_counts_what_stands(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    raws = [seized(f"a{n}") for n in range(9)] + [seized("b", supersedes="a1")]
    check(read(files(tmp_path, raws)), law(), progress=lambda done, total: told.append((done, total)))
    assert told == [(0, 9)]


# --- what is wrong or noteworthy ----------------------------------------------------------------------


def test_a_correction_of_an_event_that_is_not_in_the_log_counts_and_is_noted(tmp_path: Path) -> None:
    logs = read(files(tmp_path, [seized("a"), seized("b", supersedes="gone")]))
    assert check(logs, law()).summary.events == 2
    (note,) = logs.notes
    assert (note.code, note.note, note.place) == ("supersedes-unknown", True, str(tmp_path / "0.jsonl") + ":2")
    assert "gone" in note.zh
    assert "gone" in note.en


def test_where_the_event_is_in_another_file_nothing_is_noted(tmp_path: Path) -> None:
    logs = read(files(tmp_path, [seized("b", supersedes="a")], [seized("a")]))
    check(logs, law())
    assert logs.notes == ()


def test_of_many_corrections_without_their_event_some_are_named_and_the_rest_counted(tmp_path: Path) -> None:
    logs = read(files(tmp_path, [seized(f"b{n}", supersedes=f"gone{n}") for n in range(50)]))
    assert check(logs, law()).summary.events == 50
    assert len(logs.notes) == 21
    assert "30" in logs.notes[-1].zh


def test_events_that_replace_each_other_are_an_error_that_names_the_ring(tmp_path: Path) -> None:
    raws = [
        seized("b", supersedes="c"),
        seized("c", supersedes="a"),
        seized("a", supersedes="b"),
        seized("d", supersedes="a"),
    ]
    for source in (read(files(tmp_path, raws)), [event_of(raw) for raw in raws]):
        with pytest.raises(DefectiveInput) as caught:
            check(source, law())
        (defect,) = caught.value.defects
        assert defect.code == "correction-cycle"
        assert "a → b → c → a" in defect.zh
        assert "a → b → c → a" in defect.en


def test_an_event_that_replaces_itself_is_told_once(tmp_path: Path) -> None:
    with pytest.raises(DefectiveInput) as caught:
        of_files(tmp_path, [seized("a"), seized("b", supersedes="b")])
    assert [defect.code for defect in caught.value.defects] == ["supersedes-itself"]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_two_events_under_one_id_are_an_error_also_where_both_are_replaced(
    tmp_path: Path, order: tuple[int, ...]
) -> None:
    raws = [seized("a"), seized("a", "2021-11-05"), seized("b", supersedes="a")]
    raws = [raws[at] for at in order]
    for source in (read(files(tmp_path, raws)), [event_of(raw) for raw in raws]):
        with pytest.raises(DefectiveInput) as caught:
            check(source, law())
        assert [defect.code for defect in caught.value.defects] == ["id-conflict"]


def test_the_same_event_with_and_without_what_it_replaces_is_not_the_same(tmp_path: Path) -> None:
    with pytest.raises(DefectiveInput) as caught:
        of_files(tmp_path, [seized("a"), seized("b", supersedes="a"), seized("b")])
    assert [defect.code for defect in caught.value.defects] == ["id-conflict"]


def test_skipping_leaves_a_ring_out_and_keeps_it_to_be_mended(tmp_path: Path) -> None:
    ring = [{**seizure(), "id": "r1", "supersedes": "r2"}, {**seizure(), "id": "r2", "supersedes": "r1"}]
    report = tmp_path / "report.json"
    result = run("check", log(tmp_path, *ring, seizure(), priced("2021-11-20")), "--on-error", "skip", "--select", PRICE,
                 "--format", "json", "--output", str(report))  # fmt: skip
    assert result.exit_code == 0
    assert "r1 → r2 → r1" in result.stderr
    summary = json.loads(report.read_text("utf-8"))["summary"]
    assert (summary["events"], summary["rejected"], summary["satisfied"]) == (2, 2, 1)
    kept = [json.loads(line) for line in (tmp_path / "conflicting.rejected.jsonl").read_text("utf-8").splitlines()]
    assert [(item["id"], item["supersedes"]) for item in kept] == [("r1", "r2"), ("r2", "r1")]


def test_a_ring_alone_leaves_nothing_to_check(tmp_path: Path) -> None:
    logs = read(files(tmp_path, [seized("a", supersedes="b"), seized("b", supersedes="a")]), skip=True)
    with pytest.raises(DefectiveInput):
        check(logs, law())


def test_a_correction_that_cannot_be_admitted_replaces_nothing_when_skipped(tmp_path: Path) -> None:
    raws = [seized("a"), seized("b", "never", supersedes="a")]
    logs = read(files(tmp_path, raws), skip=True)
    assert check(logs, law()).summary.events == 1
    assert logs.rejected == 1


def test_an_event_stays_replaced_where_its_correction_is_left_out_for_its_id(tmp_path: Path) -> None:
    raws = [seized("a"), seized("b", supersedes="a"), seized("b", "2021-11-05", supersedes="a"), seized("c")]
    logs = read(files(tmp_path, raws), skip=True)
    assert check(logs, law()).summary.events == 1
    assert logs.rejected == 2


def test_a_hint_of_the_first_look_is_enough_where_the_key_is_spelled_with_escapes(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    correction = line_of(seized("b", supersedes="a")).replace('"supersedes"', '"super\\u0073edes"')
    path.write_text(line_of(seized("a")) + correction, "utf-8")
    assert check(read([str(path)]), law()).summary.events == 1


@given(
    st.lists(
        st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")), max_size=8, unique_by=lambda pair: pair[0]
    )
)
def test_what_no_other_event_names_stands_and_a_ring_leaves_none_of_its_own(pairs: list[tuple[str, str]]) -> None:
    admission = Admission(VOCABULARY)
    events = [admission.examine(changed(id=one, supersedes=other), "") for one, other in pairs if one != other]
    corrections = Corrections(outline_of_event(event) for event in events if isinstance(event, Event))
    targets = {other for one, other in pairs if one != other}
    assert corrections.replaced == targets
    assert corrections.in_rings <= targets
    following = dict(pair for pair in pairs if pair[0] != pair[1])
    for name in following:
        seen, at = [name], name
        while at in following and len(seen) <= len(pairs):
            seen.append(at := following[at])
        assert (name in corrections.in_rings) == (name in seen[1:])
    assert bool(corrections.rings) == bool(corrections.in_rings)


def test_the_text_report_and_json_tell_the_note(tmp_path: Path) -> None:
    path = log(tmp_path, {**seizure(), "supersedes": "gone"}, priced("2021-11-20"))
    assert "gone" in run("check", path, "--select", PRICE).stdout
    told = json.loads(run("check", path, "--select", PRICE, "--format", "json").stdout)
    assert ["gone" in note["message"] for note in told["notes"]] == [True]
