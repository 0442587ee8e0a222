"""JSON Lines and JSON arrays: every line is an event or is told why not, with msgspec and without."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from execcheck.admission import Admission
from execcheck.events import Event
from execcheck.logs.jsonl import JsonLines
from execcheck.logs.outline import Outline
from execcheck.logs.rejected import Rejected
from execcheck.logs.source import LONGEST_LINE, Source
from inputs import SEIZURE, VOCABULARY, changed, line_of, log_of, with_data

SOUND = line_of(SEIZURE).encode()
ONE_PATH = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def written(path: Path, content: bytes, name: str = "log.jsonl") -> Path:
    """A file with that content."""
    file = path / name
    file.write_bytes(content)
    return file


def read(file: Path, fast: bool = True) -> tuple[list[Event | Rejected], list[Outline], list[str]]:
    """Outcomes, outlines and notes of a JSON Lines file."""
    reader, admission = JsonLines(Source(str(file)), fast), Admission(VOCABULARY)
    return list(reader.outcomes(admission)), list(reader.outlines()), [note.en for note in admission.notes]


def both(path: Path, content: bytes) -> list[Event | Rejected]:
    """The outcomes, which must be the same with msgspec and without it."""
    file = written(path, content)
    quick, plain = read(file), read(file, fast=False)
    assert quick[0] == plain[0]
    assert repr(quick[0]) == repr(plain[0])
    assert quick[2] == plain[2]
    admitted = {event.place for event in quick[0] if isinstance(event, Event)}
    seen = [[outline for outline in outlines if outline.place in admitted] for outlines in (quick[1], plain[1])]
    assert seen[0] == seen[1]
    assert len(seen[0]) == len(admitted)
    return quick[0]


def only_defect(outcomes: list[Event | Rejected]) -> tuple[str, str]:
    """Place (without the folder) and code of the only defect of the only record."""
    (rejected,) = outcomes
    assert isinstance(rejected, Rejected)
    (defect,) = rejected.defects
    return defect.place.rpartition("/")[2], defect.code


def test_each_line_is_an_event_with_its_place(tmp_path: Path) -> None:
    outcomes = both(tmp_path, SOUND + SOUND)
    assert [isinstance(event, Event) and event.place.rpartition("/")[2] for event in outcomes] == [
        "log.jsonl:1",
        "log.jsonl:2",
    ]


@pytest.mark.parametrize("content", [
    SOUND, SOUND.rstrip(b"\n"), SOUND.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + SOUND, b"\n\n  \n" + SOUND + b"\r\n \t\n",
    json.dumps(SEIZURE).encode(), json.dumps(SEIZURE, separators=(",", ":"), ensure_ascii=False).encode(),
    json.dumps(SEIZURE, separators=(" , ", " : ")).encode(), json.dumps(SEIZURE, separators=(",\t", "\t:\r")).encode(),
])  # fmt: skip
def test_blank_lines_line_ends_byte_order_marks_and_spacing_do_not_matter(tmp_path: Path, content: bytes) -> None:
    (event,) = both(tmp_path, content)
    assert isinstance(event, Event)
    assert event.id == "e7"
    assert event.case == "（2021）豫0225执123号"


def test_line_numbers_count_blank_lines(tmp_path: Path) -> None:
    (event,) = both(tmp_path, b"\n\r\n" + SOUND)
    assert isinstance(event, Event)
    assert event.place.endswith(":3")


@pytest.mark.parametrize(("line", "code"), [
    (b'{"id": "a", "id": "b"}', "json-duplicate"), (b'{"a" :1,"a":2}', "json-duplicate"), (b'{"data":{"x":{"y":1,"y":1}}}', "json-duplicate"),
    (b"[1]", "wrong-type"), (b"3", "wrong-type"), (b'"x"', "wrong-type"), (b"null", "wrong-type"), (b"{", "json-syntax"),
    (b'{"a": 1} {"a": 2}', "json-syntax"), (b"{'a': 1}", "json-syntax"), (b'{"a": 1,}', "json-syntax"), (b"case,type", "json-syntax"),
    (b'{"a": NaN}', "json-number"), (b'{"a": -Infinity}', "json-number"), (b'{"a": 1e999}', "json-number"), (b'{"a": 01}', "json-syntax"),
    (b'{"a": ' + b"9" * 5000 + b"}", "json-number"), (b'{"a": "\xff"}', "encoding"), ("{'案'}".encode("gbk"), "encoding"),
    (b'{"a": "\\ud800"}', "json-character"), (b"[" * 100_000, "json-depth"), (b'{"a":' * 70 + b"1" + b"}" * 70, "json-depth"),
    (b'{"a": "tab\there"}', "json-syntax"), (b"\x00\x01", "json-syntax"), (b'{"a": "' + b"x" * LONGEST_LINE + b'"}', "line-too-long"),
])  # fmt: skip
def test_a_line_that_is_no_event_is_told_why(tmp_path: Path, line: bytes, code: str) -> None:
    assert only_defect(both(tmp_path, line)) == ("log.jsonl:1", code)


def test_a_replaced_event_given_twice_is_refused_too(tmp_path: Path) -> None:
    text = line_of(changed(supersedes="e3"))
    doubled = text.replace('"supersedes": "e3"', '"supersedes": "e2", "supersedes": "e3"')
    outcomes = both(tmp_path, text.encode() + doubled.encode())
    assert isinstance(outcomes[0], Event)
    assert outcomes[0].supersedes == "e3"
    assert only_defect(outcomes[1:]) == ("log.jsonl:2", "json-duplicate")


@pytest.mark.parametrize("part", ["envelope", "actor", "panel", "approvals", "objects", "data"])
def test_a_key_given_twice_is_refused_wherever_it_stands(tmp_path: Path, part: str) -> None:
    key, value = {
        "envelope": ("source", "offline"), "actor": ("role", "judge"), "panel": ("quota_judge", False),
        "approvals": ("role", "judge"), "objects": ("asset", "A2"), "data": ("rank", "first"),
    }[part]  # fmt: skip
    raw = with_data(rank="first") | {"source": "system"}
    text = line_of(raw)
    old = f'"{key}": {json.dumps({"quota_judge": True, "role": "bureau_head" if part == "approvals" else "handler"}.get(key, raw.get(key) or raw["objects"].get(key) or raw["data"].get(key)))}'
    assert old in text
    at = text.index(old, text.index(f'"{part}"') if part != "envelope" else 0)
    doubled = text[:at] + f'"{key}": {json.dumps(value)}, ' + text[at:]
    sound = both(tmp_path, text.encode())  # first remembered, then doubled
    assert isinstance(sound[0], Event)
    outcomes = both(tmp_path, text.encode() + doubled.encode())
    assert isinstance(outcomes[0], Event)
    assert only_defect(outcomes[1:]) == ("log.jsonl:2", "json-duplicate")


def test_an_overlong_line_does_not_spoil_the_next(tmp_path: Path) -> None:
    outcomes = both(tmp_path, SOUND + b"x" * (LONGEST_LINE * 2) + b"\n" + SOUND)
    assert [type(outcome) for outcome in outcomes] == [Event, Rejected, Event]
    last = outcomes[2]
    assert isinstance(last, Event)
    assert last.place.endswith(":3")


def test_rejected_lines_come_with_their_text_and_the_good_ones_are_read(tmp_path: Path) -> None:
    bad = line_of(changed(type="nothing")).encode()
    file = written(tmp_path, SOUND + bad + SOUND)
    log, rejected = log_of(file), list[Rejected]()
    assert len(list(log.events(rejected.append))) == 2
    assert [item.text + b"\n" for item in rejected] == [bad]
    assert (log.admitted, log.rejected, log.defect_count, log.failed) == (2, 1, 1, False)
    assert log.defects[0].place == f"{file}:2"


def test_a_log_can_be_read_again_and_says_the_same(tmp_path: Path) -> None:
    log = log_of(written(tmp_path, SOUND + b"x\n" + line_of(with_data(colour="red")).encode()))
    first = (list(log.events()), list(log.defects), log.notes)
    assert list(log.outlines())
    assert (list(log.events()), log.defects, log.notes) == first
    assert len(log.notes) == 1


def test_an_outline_says_the_little_that_a_first_look_needs(tmp_path: Path) -> None:
    filed = changed(
        type="case.filed", id=..., actor=None, approvals=..., time="2021-11-01", case="(2021)豫0225执恢1号",
        data={"original_case": "(2020)豫0225执5号", "related_cases": ["〔2020〕豫0225执6号", ""], "claim": 5},
    )  # fmt: skip
    log = log_of(written(tmp_path, SOUND + line_of(filed).encode()))
    one, two = log.outlines()
    assert (one.id, one.case, one.type, one.time) == (
        "e7",
        "（2021）豫0225执123号",
        "asset.controlled",
        "2021-11-01T09:30:00+08:00",
    )
    assert one.carries == {"actor", "panel", "approvals", "recorded"}
    assert dict(one.links) == {}
    assert two.id == two.place == f"{log.name}:2"
    assert two.carries == {"panel", "recorded"}
    assert dict(two.links) == {"original_case": ("（2020）豫0225执5号",), "related_cases": ("（2020）豫0225执6号",)}


def test_a_first_look_may_ask_for_other_links(tmp_path: Path) -> None:
    raw = changed(type="case.restored", data={"handler": "u1", "new_case": "(2022)豫0225执恢1号"})
    (outline,) = log_of(written(tmp_path, line_of(raw).encode())).outlines(("new_case", "handler"))
    assert dict(outline.links) == {"new_case": ("（2022）豫0225执恢1号",), "handler": ("u1",)}


def test_a_first_look_passes_over_what_it_cannot_read(tmp_path: Path) -> None:
    content = b"x\n\n" + SOUND + b'{"case": 1, "type": "a", "time": "b"}\n[1]\n' + SOUND
    both(tmp_path, content)
    assert [outline.place[-2:] for outline in log_of(tmp_path / "log.jsonl").outlines()] == [":3", ":6"]


@pytest.mark.parametrize("raw", [
    SEIZURE, changed(actor=None, data=None), changed(case=" "), changed(court="x"), with_data(colour=1.5, deep={"a": [None]}),
    with_data(value=10**20), with_data(extra=10**30), with_data(extra=1e-320), changed(actor={"id": "u1", "name": "x"}), changed(panel=[]),
    changed(case="C1", id="\u0000"), with_data(extra="\U0001f600"), changed(approvals=[{"role": "bureau_head"}]), changed(id=True),
])  # fmt: skip
def test_msgspec_and_the_standard_library_read_the_same(tmp_path: Path, raw: dict[str, Any]) -> None:
    both(tmp_path, line_of(raw).encode() * 2 + json.dumps(raw).encode())


@ONE_PATH
@given(st.binary(max_size=200) | st.text(alphabet='{}[]":,ae1. \n\\u\t', max_size=60).map(str.encode))
def test_random_bytes_never_raise_and_both_decoders_agree(tmp_path: Path, content: bytes) -> None:
    both(tmp_path, b"\n" + content)  # a first line, lest it be taken for gzip


@settings(ONE_PATH, max_examples=300)
@given(
    st.integers(0, len(SOUND) - 1),
    st.integers(0, 6),
    st.binary(max_size=4) | st.sampled_from([b" ", b'"', b"null", b'"id":"x",', b"\\u00e9", b"\\ud83d"]),
)
def test_a_damaged_line_never_raises_and_both_decoders_agree(tmp_path: Path, at: int, gone: int, put: bytes) -> None:
    both(tmp_path, SOUND + SOUND[:at] + put + SOUND[at + gone :] + SOUND)


def array_of(*items: str) -> bytes:
    """A JSON array of the texts."""
    return ("[\n" + ",\n".join(items) + "\n]\n").encode()


def test_an_array_of_events_is_read_with_the_line_of_each(tmp_path: Path) -> None:
    text = line_of(SEIZURE).strip()
    log = log_of(written(tmp_path, array_of(text, json.dumps(SEIZURE, indent=1), text + "," + text), "log.json"))
    places = [event.place.removeprefix(log.name) for event in log.events()]
    assert places[:2] == [":2", ":3"]
    assert len(set(places)) == 4
    assert log.defects == []
    assert [outline.place.removeprefix(log.name) for outline in log.outlines()] == places


@pytest.mark.parametrize(("content", "place", "code"), [
    (b"[\n{},\n}", ":3:1", "json-syntax"), (b"[\n{}\n{}\n]", ":3:1", "json-syntax"), (b"[{}] x", ":1:6", "json-syntax"),
    (b"[\n{}", ":2:3", "json-syntax"), (b"[{},\n{\"a\":1,\"a\":1}]", ":2", "json-duplicate"), (b"[\n{\"a\": NaN}]", ":2", "json-number"),
    (b"[]", "", "empty-log"), (b"[\n\xff]", ":2", "encoding"), (b"[" * 100_000, ":1", "json-depth"), (b"[{},]", ":1:5", "json-syntax"),
])  # fmt: skip
def test_a_broken_array_is_told_where_it_breaks(tmp_path: Path, content: bytes, place: str, code: str) -> None:
    log = log_of(written(tmp_path, content, "log.json"))
    assert list(log.events()) == []
    assert log.failed
    assert (log.defects[-1].place.removeprefix(log.name), log.defects[-1].code) == (place, code)


def test_what_comes_before_the_break_of_an_array_is_read(tmp_path: Path) -> None:
    log = log_of(written(tmp_path, b"[" + SOUND + b", 3, {", "log.json"))
    assert len(list(log.events())) == 1
    assert [defect.code for defect in log.defects] == ["wrong-type", "json-syntax"]
    assert log.failed


def test_without_msgspec_the_same_log_is_read(tmp_path: Path) -> None:
    file = written(tmp_path, SOUND + b"x\n" + line_of(changed(id="e8")).encode())
    program = (
        "import sys; sys.modules['msgspec'] = None\n"
        "from inputs import VOCABULARY; from execcheck.logs import open_log\n"
        f"log = open_log({str(file)!r}, VOCABULARY)\n"
        "print([event.id for event in log.events()], [o.id for o in log.outlines()], log.defects[0].code)\n"
    )
    folders = os.pathsep.join([str(Path(__file__).parent), str(Path(__file__).parents[1])])
    answer = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": folders},
    )
    assert answer.stdout.strip() == "['e7', 'e8'] ['e7', 'e8'] json-syntax"
