"""The same event told twice counts once; another event under the same id is an error; so is a cycle."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from execcheck.defects import Defect
from execcheck.logs import Identities, Repeated, cycle_defect, find_cycles
from execcheck.order import same_content
from inputs import SEIZURE, changed, event_of, with_data


def test_an_event_told_twice_with_the_same_content_counts_once() -> None:
    identities = Identities()
    one, again = event_of(SEIZURE), evolve(event_of(SEIZURE), place="other.jsonl:9")
    assert identities.check(one) is one
    assert identities.check(again) is None
    assert identities.duplicates == 1


def test_two_events_under_one_id_are_an_error_that_names_both_places() -> None:
    identities = Identities()
    identities.check(event_of(SEIZURE))
    found = identities.check(evolve(event_of(with_data(value="1")), place="other.jsonl:9"))
    assert isinstance(found, Defect)
    assert found.place == "other.jsonl:9"
    assert "log.jsonl:1" in found.en
    assert "log.jsonl:1" in found.zh


@pytest.mark.parametrize("same", [
    changed(case="(2021)豫0225执123号"), changed(time="2021-11-01T01:30:00Z"), with_data(value=700000), changed(source="system"),
    changed(recorded="2021-11-01T10:02:00.0+08:00"),
])  # fmt: skip
def test_content_is_what_is_meant_and_not_how_it_is_written(same: dict[str, Any]) -> None:
    assert same_content(event_of(SEIZURE), event_of(same))


@pytest.mark.parametrize("other", [
    changed(time="2021-11-01"), changed(panel=...), changed(panel=[]), changed(source="offline"), changed(objects={"asset": "A2"}),
    with_data(rank="first"), with_data(needs_sale=...), changed(recorded=...), changed(actor={"id": "u12"}),
    changed(supersedes="e3"),
])  # fmt: skip
def test_any_difference_in_content_is_one(other: dict[str, Any]) -> None:
    assert not same_content(event_of(SEIZURE), event_of(other))


def test_true_and_1_are_not_the_same_content_but_1_and_one_point_zero_are() -> None:
    assert not same_content(event_of(with_data(x=True)), event_of(with_data(x=1)))
    assert not same_content(event_of(with_data(x=[True])), event_of(with_data(x=[1])))
    assert same_content(event_of(with_data(x=1)), event_of(with_data(x=1.0)))
    assert same_content(event_of(with_data(x={"y": Decimal("1.50")})), event_of(with_data(x={"y": 1.5})))


def test_after_a_first_pass_only_repeated_ids_are_compared() -> None:
    repeated = Repeated()
    for identity in ("e7", "e8", "e7"):
        repeated.add(identity)
    repeated.forget()
    assert len(repeated) == 1
    assert "e7" in repeated
    assert "e8" not in repeated
    identities = Identities(repeated)
    one, other = event_of(SEIZURE), event_of(changed(id="e8"))
    assert identities.check(one) is one
    assert identities.check(other) is other
    assert identities.check(evolve(one, place="x")) is None


@given(st.lists(st.integers(0, 5)))
def test_one_event_for_each_id_passes_whatever_the_repetitions(numbers: list[int]) -> None:
    events = [evolve(event_of(SEIZURE), id=f"e{number}", place=f"f:{at}") for at, number in enumerate(numbers)]
    repeated = Repeated()
    for event in events:
        repeated.add(event.id)
    for identities in (Identities(), Identities(repeated)):
        passed = [event.id for event in events if identities.check(event) is event]
        assert passed == list(dict.fromkeys(event.id for event in events))
        assert identities.duplicates == len(events) - len(passed)


@pytest.mark.parametrize(("links", "cycles"), [
    ([], []), ([("b", "a"), ("c", "b")], []), ([("a", "a")], [("a",)]), ([("a", "b"), ("b", "a")], [("a", "b")]),
    ([("c", "a"), ("a", "b"), ("b", "c"), ("x", "a"), ("a", "y")], [("a", "b", "c")]),
    ([("d", "e"), ("e", "d"), ("b", "a"), ("a", "b"), ("e", "a")], [("a", "b"), ("d", "e")]),
    ([("a", "b"), ("a", "b")], []),
])  # fmt: skip
def test_cases_that_come_from_themselves_are_found(links: list[tuple[str, str]], cycles: list[tuple[str, ...]]) -> None:
    assert find_cycles(links) == cycles
    assert find_cycles(reversed(links)) == cycles


def test_a_long_chain_of_cases_is_no_trouble() -> None:
    links = [(str(number), str(number + 1)) for number in range(50_000)]
    assert find_cycles(links) == []
    assert len(find_cycles([*links, ("50000", "0")])[0]) == 50_001


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef"))))
def test_every_cycle_found_is_one_and_taking_them_away_leaves_none(links: list[tuple[str, str]]) -> None:
    cycles = find_cycles(links)
    for cycle in cycles:
        assert all(link in links for link in zip(cycle, (*cycle[1:], cycle[0]), strict=True))
    members = {case for cycle in cycles for case in cycle}
    assert find_cycles([link for link in links if link[0] not in members]) == []


def test_the_defect_of_a_cycle_shows_the_whole_round() -> None:
    assert "a → b → a" in cycle_defect(("a", "b"), "f:1").zh
