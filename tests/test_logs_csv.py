"""CSV: one event on each row, the same event as in JSON."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from execcheck.events import Event
from execcheck.logs.rejected import Rejected
from inputs import SEIZURE, changed, event_of, log_of

HEADING = "id,case,type,time,actor.id,objects.asset,data.measure,data.kind,data.value,data.needs_sale\n"
ROW = "e1,（2021）豫0225执1号,asset.controlled,2021-11-01,u1,A1,seal,real_estate,5.50,true\n"


def written(path: Path, content: str | bytes, name: str = "log.csv") -> Path:
    """A file with that content."""
    file = path / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def as_csv(raws: list[dict[str, Any]], delimiter: str = ",", dialect: str = "excel") -> str:
    """The events as one would export them."""
    flat = []
    for raw in raws:
        row: dict[str, str] = {}
        for key, value in raw.items():
            if key in ("actor", "objects", "data"):
                for part, inner in value.items():
                    row[f"{key}.{part}"] = inner if isinstance(inner, str) else json.dumps(inner, ensure_ascii=False)
            else:
                row[key] = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        flat.append(row)
    columns = list(dict.fromkeys(key for row in flat for key in row))
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, columns, restval="", delimiter=delimiter, dialect=dialect)
    writer.writeheader()
    writer.writerows(flat)
    return buffer.getvalue()


ALL_KINDS = [
    SEIZURE,
    changed(
        id="e8",
        type="case.filed",
        objects=...,
        data={"debtors": ["p1", "p,2"], "special": [], "claim": "1000", "related_cases": ["x"]},
    ),
    changed(
        id="e9",
        type="auction.announced",
        data={"mode": "online", "round": 2, "opens": "2021-12-01", "platform": 'say "hi",\nyes'},
    ),
    changed(
        id="e10",
        type="coercion.imposed",
        objects={"recording": "R1"},
        data={"measure": "fine", "urgent": False},
        panel=...,
        approvals=...,
        supersedes="e9",
    ),
]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("dialect", ["excel", "unix"])
def test_a_row_is_the_same_event_as_in_json(tmp_path: Path, delimiter: str, encoding: str, dialect: str) -> None:
    log = log_of(written(tmp_path, as_csv(ALL_KINDS, delimiter, dialect).encode(encoding)))
    events = list(log.events())
    assert log.defects == []
    assert [evolve(event, place="") for event in events] == [evolve(event_of(raw), place="") for raw in ALL_KINDS]
    assert [(outline.id, outline.place) for outline in log.outlines()] == [(event.id, event.place) for event in events]


def test_a_row_over_several_lines_has_the_place_of_its_first(tmp_path: Path) -> None:
    log = log_of(written(tmp_path, as_csv(ALL_KINDS)))
    assert [event.place.removeprefix(log.name) for event in log.events()] == [":2", ":3", ":4", ":6"]


def test_an_empty_cell_is_no_value_and_blank_rows_are_none(tmp_path: Path) -> None:
    log = log_of(written(tmp_path, HEADING + "\n,,,,,,,,,\n" + ROW.replace("e1,", ",").replace("5.50", " ")))
    (event,) = log.events()
    assert not event.has_id
    assert event.id.endswith(":4")
    assert "value" not in event.data


def test_truth_may_be_written_as_excel_writes_it(tmp_path: Path) -> None:
    (event,) = log_of(written(tmp_path, HEADING + ROW.replace("true", "TRUE"))).events()
    assert event.data["needs_sale"] is True


def test_objects_and_data_may_stand_in_one_cell_as_json(tmp_path: Path) -> None:
    row = 'case,type,time,data,data.kind\nC1,asset.controlled,2021-11-01,"{""measure"": ""seal"", ""needs_sale"": true}",other\n'
    log = log_of(written(tmp_path, row))
    (event,) = log.events()
    assert event.data == {"measure": "seal", "needs_sale": True, "kind": "other"}


@pytest.mark.parametrize(("row", "code"), [
    (ROW.replace("true", "1"), "wrong-type"), (ROW.replace("true", "是"), "wrong-type"), (ROW.replace("5.50", "5.505"), "money-decimals"),
    (ROW.replace("seal", "sael"), "unknown-value"), (ROW.replace("asset.controlled", "asset.control"), "unknown-type"),
    (ROW.replace("2021-11-01", "2021/11/1"), "time-form"), (ROW.rstrip("\n") + ",x\n", "csv-width"), ("e1,C1\n", "csv-width"),
    ('e1,"C1"x,t,2021-11-01,u1,A1,seal,other,1,true\n', "csv-syntax"), ('e1,"C1\n', "csv-syntax"), ("e1," + "x" * 200_000 + "\n", "csv-syntax"),
])  # fmt: skip
def test_a_row_that_is_no_event_is_told_why_and_the_others_are_read(tmp_path: Path, row: str, code: str) -> None:
    log, rejected = log_of(written(tmp_path, HEADING + ROW + row)), list[Rejected]()
    assert len(list(log.events(rejected.append))) == 1
    assert [(defect.place.removeprefix(log.name), defect.code) for defect in log.defects] == [(":3", code)]
    assert rejected[0].text.decode() == row
    assert log.heading.decode() == HEADING


def test_a_cell_that_should_hold_json_and_does_not_is_told_with_its_column(tmp_path: Path) -> None:
    log = log_of(written(tmp_path, "case,type,time,panel,data.debtors\nC1,case.filed,2021-01-01,[{,[1\n"))
    assert list(log.events()) == []
    assert [defect.code for defect in log.defects] == ["json-syntax", "json-syntax"]
    assert [word in defect.en for word, defect in zip(("panel: ", "data.debtors: "), log.defects, strict=True)] == [
        True,
        True,
    ]


def test_a_list_that_is_not_written_as_json_is_refused(tmp_path: Path) -> None:
    log = log_of(written(tmp_path, "case,type,time,data.debtors\nC1,case.filed,2021-01-01,p1 p2\n"))
    assert list(log.events()) == []
    assert "list" in log.defects[0].en


@pytest.mark.parametrize(("heading", "code"), [
    ("case,type\n", "csv-heading"), ("case,type,tme\n", "csv-heading"), ("case,type,time,case\n", "csv-heading"), ('"case,type,time\n', "csv-syntax"),
])  # fmt: skip
def test_a_faulty_heading_is_told_once_and_nothing_is_read(tmp_path: Path, heading: str, code: str) -> None:
    log = log_of(written(tmp_path, heading + "a,b,c\n" * 3))
    assert list(log.events()) == []
    assert list(log.outlines()) == []
    assert [(defect.place, defect.code) for defect in log.defects] == [(f"{log.name}:1", code)]
    assert log.failed


def test_an_unknown_column_is_noted(tmp_path: Path) -> None:
    log = log_of(written(tmp_path, HEADING.rstrip() + ",clerk,data.colour\n" + ROW.rstrip() + ",x,red\n"))
    (event,) = log.events()
    assert event.data["colour"] == "red"
    assert [note.code for note in log.notes] == ["unknown-envelope", "unknown-data"]


def test_a_file_in_no_known_encoding_is_told_with_the_line(tmp_path: Path) -> None:
    log = log_of(written(tmp_path, HEADING.encode() + b"\xff\xff\xff\n"))
    assert list(log.events()) == []
    assert (log.defects[0].place, log.defects[0].code) == (f"{log.name}:2", "encoding")


def test_only_a_heading_is_an_empty_log(tmp_path: Path) -> None:
    log = log_of(written(tmp_path, HEADING))
    assert list(log.events()) == []
    assert [defect.code for defect in log.defects] == ["empty-log"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=120) | st.text(alphabet='",\n\r;\t{}[]a1é案', max_size=80).map(str.encode))
def test_random_bytes_never_raise(tmp_path: Path, content: bytes) -> None:
    log = log_of(written(tmp_path, HEADING.encode() + ROW.encode() + content))
    events = list(log.events())
    assert all(isinstance(event, Event) for event in events)
    assert log.admitted == len(events)
    assert len(list(log.outlines())) >= len(events)
