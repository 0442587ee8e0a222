"""Admission: which events enter, in which form, and what is said of the others."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from execcheck.admission import Admission, admit
from execcheck.defects import Defect
from execcheck.events import Actor, Event
from execcheck.moments import Clock
from execcheck.vocabulary_reader import load_vocabulary
from inputs import SEIZURE, VOCABULARY, both_lanes, changed, codes_of, defects_of, event_of, with_data

CHINA = timezone(timedelta(hours=8))


def test_a_sound_event_is_admitted_with_all_it_says() -> None:
    event = event_of(SEIZURE)
    assert (event.id, event.case, event.type) == ("e7", "（2021）豫0225执123号", "asset.controlled")
    assert event.time == event.instant == datetime(2021, 11, 1, 9, 30, tzinfo=CHINA)
    assert event.day == event.recorded_day == date(2021, 11, 1).toordinal()
    assert event.actor == Actor("u12", "handler", "enforcement", "t1", True)
    assert event.panel is not None and [member.id for member in event.panel] == ["u12", "u15"]
    assert event.approvals is not None and event.approvals[0].day == event.day
    assert event.objects == {"asset": "A1"}
    assert event.data == {
        "measure": "seal", "kind": "real_estate", "value": Decimal("700000.00"), "expires": date(2024, 10, 31),
        "needs_sale": True,
    }  # fmt: skip
    assert (event.source, event.has_id, event.place) == ("system", True, "log.jsonl:1")


def test_an_event_without_id_is_known_by_its_place() -> None:
    event = event_of(changed(id=...))
    assert (event.id, event.has_id) == ("log.jsonl:1", False)


def test_missing_fields_stay_missing_and_get_no_default() -> None:
    event = event_of({"case": "C1", "type": "case.filed", "time": "2021-11-01"})
    assert dict(event.data) == {}
    assert (event.panel, event.approvals, event.actor, event.recorded) == (None, None, None, None)


def test_an_empty_panel_is_not_a_missing_one() -> None:
    assert event_of(changed(panel=[])).panel == ()


def test_null_is_the_same_as_nothing_written() -> None:
    raw = changed(id=None, recorded=None, panel=None, actor={"id": "u1", "team": None})
    raw["data"]["expires"] = None
    event = event_of(raw)
    assert (event.has_id, event.recorded, event.panel) == (False, None, None)
    assert event.actor == Actor("u1")
    assert "expires" not in event.data


def test_an_event_without_its_own_object_is_admitted() -> None:
    assert event_of(changed(objects=...)).objects == {}


def test_a_plain_date_has_day_precision() -> None:
    event = event_of(changed(time="2021-11-01"))
    assert event.time == date(2021, 11, 1)
    assert event.instant is None


@pytest.mark.parametrize("written", [
    "2021-11-01T09:30:00+08:00", "2021-11-01T01:30:00Z", "2021-11-01t01:30:00z", "2021-11-01 09:30:00+08:00",
    "2021-11-01T09:30:00.000+08:00", "2021-10-31T20:30:00-05:00", "2021-11-01T01:30:00.0000000+00:00",
])  # fmt: skip
def test_every_spelling_of_an_instant_is_the_same_instant_and_day(written: str) -> None:
    event = event_of(changed(time=written))
    assert event.instant == datetime(2021, 11, 1, 1, 30, tzinfo=UTC)
    assert event.day == date(2021, 11, 1).toordinal()


def test_the_day_is_that_of_the_court_and_not_that_of_the_offset() -> None:
    assert event_of(changed(time="2021-10-31T17:00:00Z")).day == date(2021, 11, 1).toordinal()


def test_the_day_follows_the_summer_time_that_shanghai_once_had() -> None:
    assert event_of(changed(time="1988-07-01T23:30:00+08:00")).day == date(1988, 7, 2).toordinal()


@given(st.datetimes(datetime(1949, 1, 1), datetime(2200, 12, 31)), st.sampled_from([8, 0, -5, 9]))
def test_quick_reading_of_times_agrees_with_the_zone_database(moment: datetime, hours: int) -> None:
    clock = Clock()
    aware = moment.replace(microsecond=0, tzinfo=timezone(timedelta(hours=hours)))
    expected = aware.astimezone(ZoneInfo("Asia/Shanghai")).toordinal()
    for _ in range(2):  # the second reading comes from memory
        assert clock.read(aware.isoformat()) == (aware, expected)


@pytest.mark.parametrize(("written", "code"), [
    ("2021-11-01T09:30:00", "time-offset"), ("2021-11-01T09:30+08:00", "time-form"), ("2021/11/01", "time-form"),
    ("20211101", "time-form"), ("2021-W44-1", "time-form"), ("2021-11-01T093000+0800", "time-form"),
    ("2021-11-01X09:30:00+08:00", "time-form"), ("2021-11-01T24:00:00+08:00", "time-form"), ("", "time-form"),
    ("2021-11-01T23:59:60+08:00", "time-form"), ("2021-02-30", "time-impossible"), ("昨天", "time-form"),
    ("2021-02-30T09:30:00+08:00", "time-impossible"), ("1948-12-31", "time-range"), ("2201-01-01", "time-range"),
    ("0001-01-01T00:00:00+08:00", "time-range"), ("２０２１-11-01", "time-form"), (1635730200, "time-form"),
    (True, "time-form"), ([], "time-form"), ({}, "time-form"), (1.5, "time-form"),
])  # fmt: skip
def test_what_is_no_time_is_refused_and_says_why(written: Any, code: str) -> None:
    assert codes_of(changed(time=written)) == [code]
    assert codes_of(changed(recorded=written)) == [code]


def test_odd_spellings_are_refused_even_on_a_day_read_before() -> None:
    clock = Clock()
    clock.read("2021-11-01T09:30:00+08:00")
    admission = Admission(VOCABULARY, clock)
    for written in ("2021-11-01X09:30:00+08:00", "2021-11-01T093000.0+08:00", "2021-11-01T24:00:00+08:00"):
        assert not isinstance(admission.admit(changed(time=written), "f:1"), Event)


def test_an_instant_without_offset_is_read_in_the_zone_that_a_profile_names() -> None:
    clock = Clock(naive=ZoneInfo("Asia/Shanghai"))
    event = admit(changed(time="2021-11-01T09:30:00"), "f:1", VOCABULARY, clock)
    assert isinstance(event, Event)
    assert event.instant == datetime(2021, 11, 1, 1, 30, tzinfo=UTC)


def test_another_court_zone_gives_other_days() -> None:
    event = admit(changed(time="2021-11-01T00:30:00+08:00"), "f:1", VOCABULARY, Clock(ZoneInfo("Asia/Urumqi")))
    assert isinstance(event, Event)
    assert event.day == date(2021, 10, 31).toordinal()


def test_programs_may_hand_over_times_and_sums_as_such() -> None:
    raw = changed(time=datetime(2021, 11, 1, 9, 30, tzinfo=CHINA))
    raw["data"] |= {"expires": date(2024, 10, 31), "value": Decimal("5.5")}
    assert event_of(raw).data["value"] == Decimal("5.5")
    assert codes_of(changed(time=datetime(2021, 11, 1))) == ["time-offset"]


@pytest.mark.parametrize(("written", "sum_of_money"), [
    ("700000.00", "700000.00"), ("0", "0"), (700000, "700000"), (0.1, "0.1"), (700000.5, "700000.5"), (7e5, "700000"),
    (1e14, "100000000000000"), ("1000000000000000", "1000000000000000"), (Decimal("12.30"), "12.3"),
])  # fmt: skip
def test_money_is_exact(written: Any, sum_of_money: str) -> None:
    value = event_of(with_data(value=written)).data["value"]
    assert isinstance(value, Decimal)
    assert value == Decimal(sum_of_money)


@pytest.mark.parametrize(("written", "code"), [
    ("12.345", "money-decimals"), (12.345, "money-decimals"), (0.1 + 0.2, "money-decimals"), ("-5", "money-negative"),
    (-5, "money-negative"), (-0.5, "money-negative"), ("700,000.00", "money-form"), ("7e5", "money-form"),
    ("１２", "money-form"), ("", "money-form"), ("五十万", "money-form"), ("NaN", "money-form"), (" 5", "money-form"),
    (float("nan"), "money-form"), (float("inf"), "money-form"), (float("-inf"), "money-form"),
    (10**15 + 1, "money-range"), ("9" * 60, "money-range"), (1e300, "money-range"),
    (True, "wrong-type"), ([], "wrong-type"), ({}, "wrong-type"), (1e-9, "money-decimals"),
])  # fmt: skip
def test_what_is_no_sum_of_money_is_refused_and_says_why(written: Any, code: str) -> None:
    assert codes_of(with_data(value=written)) == [code]


@pytest.mark.parametrize(("kind", "field", "bad"), [
    ("asset.controlled", "needs_sale", 1), ("asset.controlled", "needs_sale", "true"), ("asset.controlled", "needs_sale", 0.0),
    ("auction.announced", "round", True), ("auction.announced", "round", "1"), ("auction.announced", "round", 1.5),
    ("auction.announced", "round", 10**16), ("auction.announced", "round", float("nan")),
    ("auction.announced", "platform", 3), ("asset.controlled", "expires", "2024-10-31T00:00:00+08:00"),
    ("asset.controlled", "expires", 20241031), ("asset.controlled", "kind", ["deposit"]), ("case.filed", "debtors", "p1"),
    ("case.filed", "debtors", ["p1", ""]), ("case.filed", "debtors", [1]), ("case.filed", "original_case", 5),
    ("case.filed", "special", "major"), ("case.filed", "special", ["majr"]), ("case.recused", "person", "  "),
    ("case.recused", "person", 12),
])  # fmt: skip
def test_values_of_the_wrong_type_are_refused(kind: str, field: str, bad: Any) -> None:
    needed = {"asset.controlled": {"measure": "seal", "kind": "other"}, "auction.announced": {"mode": "online"}}
    raw = changed(type=kind, data=needed.get(kind, {}) | {field: bad}, objects=...)
    assert [defect for defect in defects_of(raw) if f"data.{field}" in defect.en]


def test_a_whole_number_may_be_written_with_a_point() -> None:
    raw = changed(type="auction.announced", data={"mode": "online", "round": 2.0})
    assert event_of(raw).data["round"] == 2
    assert type(event_of(raw).data["round"]) is int


def test_case_numbers_within_the_data_are_normalised() -> None:
    raw = changed(
        type="case.filed",
        objects=...,
        data={"original_case": "(2020)豫0225执 5 号", "related_cases": ["〔2020〕豫0225执6号", "x"]},
    )
    assert event_of(raw).data == {"original_case": "（2020）豫0225执5号", "related_cases": ("（2020）豫0225执6号", "x")}


@pytest.mark.parametrize("kind", ["case.filed", "case.assigned"])
def test_case_of_another_writing_is_the_same_case(kind: str) -> None:
    raw = changed(type=kind, case=" (2021) 豫0225执123号 ", objects=..., data={"handler": "u1"})
    assert event_of(raw).case == "（2021）豫0225执123号"


def test_unknown_words_are_refused_with_a_guess_at_what_was_meant() -> None:
    raw = changed(
        type="asset.control", actor={"role": "hander"}, panel=[{"department": "enforcment"}],
        objects={"aset": "A1"}, source="ofline",
    )  # fmt: skip
    text = "\n".join(defect.en for defect in defects_of(raw))
    for meant in ("asset.controlled", "handler", "enforcement", "'asset'", "offline"):
        assert f"did you mean {meant if meant.startswith(chr(39)) else repr(meant)}?" in text
    assert all("是否指" in defect.zh for defect in defects_of(raw))


def test_all_defects_of_an_event_are_told_at_once() -> None:
    raw = {
        "type": "asset.controlled",
        "time": "x",
        "id": "",
        "objects": {"asset": ""},
        "panel": [3, {"id": 1}],
        "data": {"value": "-1"},
    }
    assert sorted(codes_of(raw)) == sorted([
        "missing", "time-form", "id-empty", "id-empty", "wrong-type", "wrong-type", "money-negative", "missing", "missing",
    ])  # fmt: skip


@pytest.mark.parametrize("part", ["case", "type", "time"])
def test_an_event_needs_its_case_type_and_time(part: str) -> None:
    assert codes_of(changed(**{part: ...})) == ["missing"]
    assert codes_of(changed(**{part: None})) == ["missing"]


def test_required_data_cannot_lack_or_be_null() -> None:
    assert [defect.en for defect in defects_of(with_data(measure=..., kind=None))] == [
        "data.measure: is missing", "data.kind: is missing",
    ]  # fmt: skip


@pytest.mark.parametrize(("part", "bad"), [
    ("id", ""), ("id", " "), ("id", 7), ("case", ""), ("case", 5), ("type", 5), ("type", []), ("source", "paper"), ("source", 1),
    ("supersedes", ""), ("supersedes", "  "), ("supersedes", 7), ("supersedes", ["e1"]), ("supersedes", {}), ("supersedes", True),
    ("actor", "u1"), ("actor", []), ("actor", {"id": ""}), ("actor", {"quota_judge": 1}), ("actor", {"quota_judge": "true"}),
    ("actor", {"id": ["u1"]}), ("actor", {"role": {}}), ("actor", {"team": 1}), ("panel", {}), ("panel", "u1"), ("panel", [[]]),
    ("approvals", {}), ("approvals", [None]), ("approvals", [{"time": "2021-11-01T09:00:00"}]), ("approvals", [{"role": "boss"}]),
    ("objects", []), ("objects", {"asset": 1}), ("objects", {"asset": ["A1"]}), ("objects", {"asset": " "}), ("data", []), ("data", "x"),
])  # fmt: skip
def test_a_malformed_part_of_the_envelope_is_refused(part: str, bad: Any) -> None:
    admission = Admission(VOCABULARY)
    admission.admit(changed(actor={"id": "u1", "quota_judge": True}), "f:1")  # remembered: true must not stand for 1
    found = admission.admit(changed(**{part: bad}), "f:2")
    assert not isinstance(found, Event)
    assert {defect.place for defect in found} == {"f:2"}
    assert all(defect.zh and defect.en and not defect.note for defect in found)


def test_a_correction_names_the_event_that_it_replaces() -> None:
    assert event_of(changed(supersedes="e3")).supersedes == "e3"
    assert event_of(changed(supersedes=None)).supersedes is None
    full, express = both_lanes(changed(supersedes="e3"))
    assert express == full


@pytest.mark.parametrize("bad", ["e7", "", " ", 7])
def test_an_event_that_would_replace_itself_or_nothing_is_left_to_the_full_examination(bad: Any) -> None:
    full, express = both_lanes(changed(supersedes=bad))
    assert express is None
    assert not isinstance(full, Event)


def test_an_event_cannot_replace_itself() -> None:
    (defect,) = defects_of(changed(supersedes="e7"))
    assert (defect.code, defect.place) == ("supersedes-itself", "log.jsonl:1")
    assert "e7" in defect.zh


def test_an_event_without_an_id_may_replace_another() -> None:
    event = event_of(changed(id=..., supersedes="log.jsonl:1"))
    assert (event.id, event.supersedes) == ("log.jsonl:1", "log.jsonl:1")  # that id is no id that anyone gave


def test_an_actor_seen_before_with_true_does_not_admit_one_with_1() -> None:
    admission = Admission(VOCABULARY)
    assert isinstance(admission.admit(changed(actor={"id": "u1", "quota_judge": True}), "f:1"), Event)
    assert not isinstance(admission.admit(changed(actor={"id": "u1", "quota_judge": 1}), "f:2"), Event)


def test_unknown_keys_are_noted_once_each_with_their_number_and_unknown_data_kept() -> None:
    admission = Admission(VOCABULARY)
    for number in range(3):
        raw = with_data(colour="red", nested={"a": [1]}) | {"court": "x", "actor": {"id": "u1", "name": "王"}}
        raw["objects"] = {"asset": "A1", "party": "P1"}
        event = admission.admit(raw, f"f:{number}")
        assert isinstance(event, Event)
        assert event.data["colour"] == "red"
        assert event.data["nested"] == {"a": [1]}
        assert event.objects["party"] == "P1"
    assert {note.code for note in admission.notes} == {
        "unknown-data",
        "unknown-envelope",
        "unknown-actor",
        "unknown-object",
    }
    assert all(note.note and note.place == "f:0" and "3" in note.zh for note in admission.notes)
    assert len(admission.notes) == 5


def test_an_unknown_data_key_alone_is_noted_as_often_as_it_comes() -> None:
    admission = Admission(VOCABULARY)
    for number in range(4):
        admission.admit(with_data(colour="red"), f"f:{number}")
    (note,) = admission.notes
    assert note.en.endswith("(first of 4)")


def test_where_a_law_book_lists_no_roles_any_word_is_a_role() -> None:
    own = load_vocabulary("events: {order.placed: {zh: 下单, en: order placed}}", "own.yaml")
    raw = {"case": "1", "type": "order.placed", "time": "2024-01-01", "actor": {"id": "a", "role": "clerk"}}
    assert isinstance(admit(raw, "f:1", own), Event)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.sampled_from(["asset.controlled", "case.filed", "seal", "2021-11-01", "2021-11-01T09:30:00+08:00", "handler", "asset"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.text(max_size=4) | st.sampled_from([*SEIZURE, *SEIZURE["data"], "role", "asset", "quota_judge", "debtors"]), inner, max_size=8
    ),
    max_leaves=24,
)  # fmt: skip


@given(JSON)
def test_whatever_json_comes_it_is_admitted_or_has_defects_and_nothing_is_raised(raw: Any) -> None:
    found = admit(raw, "f:1", VOCABULARY)
    assert isinstance(found, Event) or (found and all(isinstance(defect, Defect) for defect in found))


@given(st.sampled_from(sorted([*SEIZURE, "supersedes"])), JSON)
def test_whatever_stands_in_one_part_the_express_lane_agrees_with_the_full_examination(part: str, value: Any) -> None:
    full, express = both_lanes(changed(**{part: value}))
    assert express is None or express == full


@settings(max_examples=300)
@given(st.sampled_from(["case.filed", "auction.announced", "remote.acted", "dishonesty.listed"]), st.data())
def test_whatever_the_data_hold_the_express_lane_agrees_with_the_full_examination(
    kind: str, data: st.DataObject
) -> None:
    fields = data.draw(st.dictionaries(st.sampled_from([*VOCABULARY.events[kind].fields, "other"]), JSON, max_size=5))
    full, express = both_lanes(changed(type=kind, objects={}, data=fields))
    assert express is None or (express == full and json.dumps(str(express.data)) == json.dumps(str(full.data)))


def test_the_express_lane_takes_the_sound_event() -> None:
    full, express = both_lanes(SEIZURE)
    assert express == full
    assert isinstance(express, Event)


def test_messages_show_foreign_text_short_and_printable() -> None:
    (defect,) = defects_of(changed(type="x\x1b[31m" + "y" * 500))
    assert "\x1b" not in defect.en + defect.zh
    assert len(defect.en) < 200


def test_a_number_too_long_to_print_is_refused_like_any_other() -> None:
    assert codes_of(with_data(value=10**5000)) == ["money-range"]
    assert codes_of(changed(id=10**5000)) == ["wrong-type"]


def test_an_instant_in_the_data_needs_its_time_of_day_and_offset() -> None:
    own = load_vocabulary("events: {a.done: {zh: 完成, data: {at: instant, n: integer, t: text}}}", "own.yaml")

    def data_of(**data: Any) -> Any:
        return admit({"case": "1", "type": "a.done", "time": "2024-01-01", "data": data}, "f:1", own)

    assert data_of(at="2021-11-01T09:30:00Z").data == {"at": datetime(2021, 11, 1, 9, 30, tzinfo=UTC)}
    assert [defect.code for defect in data_of(at="2021-11-01")] == ["time-form"]
    assert [defect.code for defect in data_of(at="2021-11-01T09:30:00")] == ["time-offset"]
    assert data_of(n=Decimal(3), t="").data == {"n": 3, "t": ""}
    assert [defect.code for defect in data_of(n=Decimal("3.5"))] == ["wrong-type"]


@pytest.mark.parametrize("value", [date(1900, 1, 1), datetime(1900, 1, 1, tzinfo=UTC), object(), b"2021-11-01"])
def test_a_time_that_a_program_hands_over_must_be_one_too(value: object) -> None:
    assert codes_of(changed(time=value)) in (["time-range"], ["time-form"])
