"""Files as courts have them: compressed, cut short, empty, of another kind, from standard input."""

from __future__ import annotations

import gzip
import io
import os
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from execcheck.logs import open_log
from execcheck.logs.logfile import MOST_DEFECTS
from execcheck.logs.source import Source, Unreadable, split_lines
from inputs import SEIZURE, VOCABULARY, changed, line_of, log_of

SOUND = line_of(SEIZURE).encode()
MANY = b"".join(line_of(changed(id=f"e{number}")).encode() for number in range(20_000))


def written(path: Path, content: bytes, name: str) -> Path:
    """A file with that content."""
    file = path / name
    file.write_bytes(content)
    return file


@pytest.mark.parametrize("name", ["log.jsonl.gz", "log.jsonl", "log", "log.json"])
def test_a_compressed_log_is_known_by_its_first_bytes(tmp_path: Path, name: str) -> None:
    log = log_of(written(tmp_path, gzip.compress(SOUND) + gzip.compress(SOUND), name))
    assert [event.place for event in log.events()] == [f"{log.name}:1", f"{log.name}:2"]


def test_of_a_compressed_log_cut_short_the_whole_lines_are_read_and_the_cut_is_told(tmp_path: Path) -> None:
    whole = gzip.compress(MANY)
    log = log_of(written(tmp_path, whole[: len(whole) // 2], "log.jsonl.gz"))
    read = len(list(log.events()))
    assert 0 < read < 20_000
    assert log.failed
    assert [defect.code for defect in log.defects] == ["gzip-truncated"]
    assert log.defects[0].place == f"{log.name}:{read + 1}"


def test_a_damaged_compressed_log_is_told(tmp_path: Path) -> None:
    whole = bytearray(gzip.compress(MANY))
    whole[len(whole) // 2 : len(whole) // 2 + 40] = b"\0" * 40
    log = log_of(written(tmp_path, bytes(whole), "log.jsonl.gz"))
    list(log.events())
    assert log.failed
    assert log.defects[-1].code == "gzip-damaged"


@pytest.mark.parametrize(("content", "code"), [
    (b"", "empty-log"), (b" \n\n\t\n", "empty-log"), (b"\xef\xbb\xbf\n", "empty-log"), (gzip.compress(b"", mtime=0), "empty-log"),
    (b"PK\x03\x04rest", "unknown-format"), (b"%PDF-1.7", "unknown-format"), (b"SQLite format 3\0", "unknown-format"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1", "unknown-format"), (b"a\0b", "unknown-format"), (b"BZh9", "unknown-format"),
    (SOUND.decode().encode("utf-16"), "encoding"), (b"\x1f\x8b", "gzip-truncated"), (b"\x1f\x8b" + b"x" * 40, "gzip-damaged"),
])  # fmt: skip
@pytest.mark.parametrize("name", ["log.jsonl", "log.csv", "log.json", "log"])
def test_what_is_no_log_is_told_for_what_it_is(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    log = log_of(written(tmp_path, content, name))
    assert list(log.outlines()) == []
    assert list(log.events()) == []
    assert log.failed
    assert [defect.code for defect in log.defects] == [code]


def test_a_log_all_of_whose_lines_are_rejected_has_been_read_all_the_same(tmp_path: Path) -> None:
    log = log_of(written(tmp_path, b"x\n" * (MOST_DEFECTS + 5), "log.jsonl"))
    assert list(log.events()) == []
    assert (log.admitted, log.rejected, log.defect_count, len(log.defects), log.failed) == (
        0, MOST_DEFECTS + 5, MOST_DEFECTS + 5, MOST_DEFECTS, False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("content", "form"), [(b"<?xml version='1.0'?><log/>", "XML"), (b"hello world\n", "JSON Lines")]
)
def test_a_text_of_unknown_form_is_told_what_could_be_read(tmp_path: Path, content: bytes, form: str) -> None:
    log = log_of(written(tmp_path, content, "log.txt"))
    assert list(log.events()) == []
    assert form in log.defects[0].en


@pytest.mark.parametrize(("name", "content"), [
    ("log.ndjson", SOUND), ("log.txt", SOUND), ("log.json", b"\n " + SOUND), ("log.txt", b"\xef\xbb\xbf [" + SOUND + b"]"),
    ("log.TSV", b"case\ttype\ttime\nC1\tnotice.issued\t2021-11-01\n"), ("log", b"case,type,time\nC1,notice.issued,2021-11-01\n"),
])  # fmt: skip
def test_the_format_is_told_by_the_name_or_the_first_bytes(tmp_path: Path, name: str, content: bytes) -> None:
    log = log_of(written(tmp_path, content, name))
    assert len(list(log.events())) == 1
    assert log.defects == []


def test_the_format_can_be_said(tmp_path: Path) -> None:
    log = log_of(written(tmp_path, b"case,type,time\nC1,notice.issued,2021-11-01\n", "log.jsonl"), form="csv")
    assert len(list(log.events())) == 1


def test_a_file_that_is_not_there_or_a_folder_is_told(tmp_path: Path) -> None:
    for path in (tmp_path / "none.jsonl", tmp_path):
        log = log_of(path)
        assert list(log.events()) == []
        assert (log.defects[0].place, log.defects[0].code, log.failed) == (str(path), "unreadable", True)
    log = open_log("a\0b", VOCABULARY)
    assert list(log.events()) == []
    assert log.failed


class Terminal:
    """Standard input with these bytes."""

    def __init__(self, content: bytes) -> None:
        self.buffer = io.BytesIO(content)


@pytest.mark.parametrize(
    "content", [SOUND, gzip.compress(SOUND), b"[" + SOUND + b"]", b"case,type,time\nC1,notice.issued,2021-11-01\n"]
)
def test_standard_input_can_be_read_twice(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal(content))
    log = open_log("-", VOCABULARY)
    (outline,) = log.outlines()
    (event,) = log.events()
    assert outline.place == event.place
    assert event.place.startswith("-:")
    assert len(list(log.events())) == 1
    log.close()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are a matter of Unix")
def test_a_named_pipe_can_be_read_twice(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_bytes(SOUND))
    writer.start()
    log = log_of(pipe)
    assert len(list(log.outlines())) == 1
    assert len(list(log.events())) == 1
    writer.join()
    log.close()


def test_a_pass_may_be_left_half_way_and_begun_again(tmp_path: Path) -> None:
    log = log_of(written(tmp_path, MANY, "log.jsonl"))
    first = next(log.events())
    assert first.id == "e0"
    assert sum(1 for _ in log.events()) == 20_000


def test_lines_are_numbered_right_across_blocks(tmp_path: Path) -> None:
    log = log_of(written(tmp_path, MANY, "log.jsonl"))
    assert all(event.place == f"{log.name}:{number}" for number, event in enumerate(log.events(), 1))
    assert all(outline.place == f"{log.name}:{number}" for number, outline in enumerate(log.outlines(), 1))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=300))
def test_blocks_hold_every_byte_once_and_lines_their_numbers(tmp_path: Path, content: bytes) -> None:
    source = Source(str(written(tmp_path, content, "any")))
    try:
        blocks = list(source.blocks())
    except Unreadable:
        assert content.startswith(b"\x1f\x8b")
        return
    assert b"".join(block for _, block in blocks) == content or content.startswith(b"\x1f\x8b")
    numbers = [number for first, block in blocks for number, _ in enumerate(split_lines(block), first)]
    assert numbers == list(range(1, len(numbers) + 1))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=200), st.sampled_from(["a.jsonl", "a.json", "a.csv", "a"]), st.booleans())
def test_whatever_the_file_holds_nothing_is_raised(tmp_path: Path, content: bytes, name: str, compressed: bool) -> None:
    log = log_of(written(tmp_path, gzip.compress(content) if compressed else content, name))
    events = list(log.events())
    assert list(log.outlines()) or not events
    assert log.failed or log.rejected or events
    assert all(defect.place.startswith(log.name) for defect in log.defects)
