"""Checking a whole log: what is inferred, in what order things are reported, when cases are let go."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from execcheck import feeding
from execcheck.admission import Admission
from execcheck.checking import check
from execcheck.defects import DefectiveInput
from execcheck.events import Event
from execcheck.judgement import Report, Verdict
from execcheck.lawbook import load_law
from execcheck.needs import Capture
from lawful import CASE, RELATED, RESTORED, Raw, admitted, henan, lawful_case
from ruling import book, events
from test_lawbook import RULE, VOCABULARY, law_book

PRICE = "kind: response\nper: asset\nwhen: asset.controlled\nthen: price.determined\nwithin: 30d\n"
PANEL = "kind: authority\nwhen: auction.ruled\nrequire: {panel: {least: 3, odd: true, quota_judges: true}}\n"
SEAL: dict[str, Any] = {"type": "asset.controlled", "measure": "seal", "kind": "vehicle", "asset": "A1"}
RULED: dict[str, Any] = {"time": "2021-12-01", "type": "auction.ruled", "asset": "A1"}


def report(*short: dict[str, Any], rules: tuple[str, ...] = (PRICE,), **options: Any) -> Report:
    return check(events(*short), book(*rules), **options)


# --- observation time -----------------------------------------------------------------------------


def test_by_default_the_log_is_observed_at_its_last_instant() -> None:
    found = report({**SEAL, "time": "2021-11-01"}, {**RULED, "time": "2021-12-01T17:30:00+08:00"})
    assert found.as_of == datetime.fromisoformat("2021-12-01T17:30:00+08:00")
    assert found.summary.pending == 1


def test_the_last_instant_is_found_whatever_the_zones_of_the_log() -> None:
    times = (
        "2021-12-01T23:00:00+08:00",
        "2021-12-01T13:00:00-05:00",
        "2021-12-01T16:30:00Z",
        "2021-12-01T23:30:00.5+08:00",
    )
    found = report(*({**SEAL, "time": time, "asset": f"A{n}"} for n, time in enumerate(times)))
    assert found.as_of == datetime.fromisoformat("2021-12-02T02:00:00+08:00")


def test_a_day_is_later_than_every_instant_in_it() -> None:
    found = report({**SEAL, "time": "2021-12-01T23:00:00+08:00"}, {**SEAL, "time": "2021-12-01"})
    assert found.as_of == date(2021, 12, 1)


def test_events_after_the_observation_are_not_part_of_the_log_but_are_counted() -> None:
    found = report({**SEAL, "time": "2021-11-01"}, {**SEAL, "time": "2022-01-01"}, as_of=date(2021, 12, 2))
    assert (found.summary.events, found.summary.ignored_after_as_of) == (1, 1)
    assert found.summary.violated == 1


def test_before_its_first_event_a_log_shows_nothing() -> None:
    found = report({**SEAL, "time": "2021-11-01"}, as_of=date(2021, 10, 1))
    assert (found.summary.events, found.summary.ignored_after_as_of, found.summary.violated) == (0, 1, 0)
    assert found.summary.not_triggered == ("trial/rule0",)


def test_an_empty_log_is_an_error_and_says_so() -> None:
    with pytest.raises(DefectiveInput) as caught:
        check([], henan())
    assert caught.value.defects[0].code == "empty-log"


# --- what the source captures ---------------------------------------------------------------------


def test_in_a_log_without_any_panel_a_rule_about_panels_cannot_be_assessed() -> None:
    found = report(RULED, rules=(PANEL,))
    assert found.summary.not_assessable == {"trial/rule0": ("panel", "panel.quota_judge")}
    assert (found.summary.profile_inferred, found.summary.violated, found.summary.not_triggered) == (True, 0, ())
    assert set(found.summary.not_captured) == {"actor", "panel", "approvals", "recorded"}


def test_one_panel_in_the_log_shows_that_panels_are_captured() -> None:
    member = [{"id": "j1", "quota_judge": True}]
    found = report(RULED, {**RULED, "asset": "A2", "panel": member}, rules=(PANEL,))
    assert found.summary.not_assessable == {}
    assert found.summary.violated == 2
    assert "panel" not in found.summary.not_captured


def test_an_empty_panel_is_a_panel_that_the_log_carries() -> None:
    found = report({**RULED, "panel": []}, rules=(PANEL,))
    assert (found.summary.not_assessable, found.summary.violated) == ({}, 1)


def test_with_a_profile_nothing_is_inferred() -> None:
    found = report(RULED, rules=(PANEL,), capture=Capture())
    assert found.summary.violated == 1
    assert (found.summary.profile_inferred, found.summary.not_captured) == (False, ())


# --- events ---------------------------------------------------------------------------------------


def test_repeated_events_count_once_also_in_the_summary() -> None:
    twice = events({**SEAL, "time": "2021-11-01"}) * 2
    found = check(twice, book(PRICE))
    assert (found.summary.events, found.summary.pending) == (1, 1)


def test_all_conflicting_ids_are_told_at_once() -> None:
    log = events(
        *({**SEAL, "time": "2021-11-01", "id": name, "asset": asset} for name in "ab" for asset in ("A1", "A2"))
    )
    with pytest.raises(DefectiveInput) as caught:
        check(log, book(PRICE))
    assert [defect.place for defect in caught.value.defects] == ["log:2", "log:4"]


def test_a_log_that_can_be_read_only_once_is_checked_all_the_same() -> None:
    log = events({**SEAL, "time": "2021-11-01"})
    assert check((event for event in log), book(PRICE)).summary.pending == 1


def test_the_three_cases_of_one_matter_are_judged_together() -> None:
    found = check(admitted(henan(), lawful_case()), henan())
    assert (found.summary.cases, found.summary.events, found.summary.violated) == (3, len(lawful_case()), 0)


def test_a_case_named_as_related_is_seen_by_the_rule_about_related_cases() -> None:
    rule = (
        "kind: separation\nwhen: case.assigned\nacross: related\nperson: handler\n"
        "equals: {office: handler, of: case.filed.related_cases}\n"
    )
    other = "（2021）豫0225执2号"
    log: list[Raw] = [
        {"time": "2021-11-01", "type": "case.assigned", "handler": "u1", "case": other},
        {"time": "2021-11-03", "type": "case.filed", "related_cases": [other]},
        {"time": "2021-11-04", "type": "case.assigned", "handler": "u2"},
    ]
    assert report(*log, rules=(rule,)).summary.violated == 1
    log[2]["handler"] = "u1"
    assert report(*log, rules=(rule,)).summary.satisfied == 1


# --- the order of the report ----------------------------------------------------------------------


def test_findings_stand_by_case_day_and_rule() -> None:
    other = "（2021）豫0225执0号"
    log = [{**SEAL, "time": time, "case": case, "asset": asset} for case in ("（2021）豫0225执1号", other)
           for time, asset in (("2021-11-03", "A3"), ("2021-11-01", "B1"), ("2021-11-01", "A1"))]  # fmt: skip
    found = report(*log, rules=(PRICE, PRICE), as_of=date(2022, 6, 1)).violations
    keys = [(one.case, one.trigger.day, one.rule, one.objects["asset"]) for one in found]
    assert keys == sorted(keys)
    assert len(keys) == 12


def test_violations_gaps_and_open_duties_are_told_apart() -> None:
    nameless = {key: value for key, value in SEAL.items() if key != "asset"}
    found = report({**SEAL, "time": "2021-10-01"}, {**nameless, "time": "2021-11-01"}, {**SEAL, "time": "2021-11-29"})
    kinds = [{one.verdict for one in group} for group in (found.violations, found.inconclusive, found.pending)]
    assert kinds == [{Verdict.VIOLATED}, {Verdict.INCONCLUSIVE}, {Verdict.PENDING}]


# --- memory ---------------------------------------------------------------------------------------


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """How many groups of cases are held whenever one is let go."""
    counts: list[int] = []
    real = feeding._taken

    def spy(held: dict[str, list[Event]], name: str) -> list[Event]:
        counts.append(len(held))
        return real(held, name)

    monkeypatch.setattr(feeding, "_taken", spy)
    yield counts


def _cases(number: int) -> list[Raw]:
    short = (("2021-11-01", "asset.controlled", SEAL), ("2021-11-20", "price.determined", {"asset": "A1"}))
    return [
        {**more, "type": kind, "time": time, "case": f"（2021）豫0225执{case}号"}
        for case in range(1, number + 1) for time, kind, more in short
    ]  # fmt: skip


def test_a_log_grouped_by_case_is_let_go_case_by_case(held: list[int]) -> None:
    found = report(*_cases(50))
    assert held == [1] * 50
    assert found.summary.satisfied == 50


def test_a_log_in_the_order_of_time_is_held_until_the_last_events(held: list[int]) -> None:
    log = sorted(_cases(50), key=lambda event: str(event["time"]))
    found = report(*log)
    assert held == list(range(50, 0, -1))
    assert found.summary.satisfied == 50


def test_cases_that_belong_together_are_let_go_together(held: list[int]) -> None:
    log = admitted(henan(), lawful_case())
    check(log, henan())
    assert held == [1]
    assert {event.case for event in log} == {RELATED, CASE, RESTORED}


def test_progress_is_told_with_the_total() -> None:
    told: list[tuple[int, int]] = []
    log: list[Event] = events(*_cases(2))
    check(log, book(PRICE), progress=lambda done, total: told.append((done, total)))
    assert told
    assert all(done <= total == 4 for done, total in told)


def test_a_family_is_let_go_together_also_where_the_law_book_names_its_ties_differently(tmp_path: Path) -> None:
    vocabulary = VOCABULARY.rstrip() + (
        "\n  card.opened: {zh: 开户, en: opened, data: {earlier: id}}\ncases: {opened_by: card.opened, parent: earlier}\n"
    )
    law = load_law(folder=law_book(tmp_path, vocabulary=vocabulary, returned=RULE + "across: family\n"))
    admission = Admission(law.vocabulary)
    raw: list[Raw] = [
        {"case": "甲", "time": "2021-11-01", "type": "book.lent", "objects": {"book": "B1"}, "data": {"reader": "r1"}},
        {"case": "乙", "time": "2021-11-20", "type": "card.opened", "data": {"earlier": "甲"}},
        {"case": "乙", "time": "2021-12-01", "type": "book.returned", "objects": {"book": "B1"}},
    ]
    log = [admission.admit({"id": f"e{n}", **one}, f"log:{n}") for n, one in enumerate(raw)]
    summary = check([event for event in log if isinstance(event, Event)], law, as_of=date(2022, 6, 1)).summary
    assert (summary.satisfied, summary.violated) == (1, 0)
