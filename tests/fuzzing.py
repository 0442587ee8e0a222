"""Spoilt inputs for the readers: any bytes, logs and YAML files that were sound before something happened to them."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

from execcheck.defects import Defect
from inputs import SEIZURE

ROOT = Path(__file__).parents[1]
Spoil = Callable[[st.DataObject, bytes], bytes]

TOKENS = (
    "{", "}", "[", "]", '"', "'", ":", ",", "\\", "\\u0000", "\\ud800", "null", "true", "NaN", "-Infinity", "1e999", "1e999999999", "0e-999999999", "-0",
    "0.1e-9999", "9" * 60, "9" * 5000, "[" * 300, '{"a":' * 300, "\n", "\r", "\r\n", "\x00", "\x1f", "\ufeff", "\u2028", "é",
    "案", "（2021）豫0225执1号", "2021-02-30", "2021-13", "2021-11-01T25:00:00+08:00", "2021-11-01T09:30:00+99:99", "0000-00-00",
    "9999-12-31", "0001-01-01T00:00:00+23:59", '"id"', '"supersedes": "e7"', '"case": ', ": ", "- ", "*a", "&a ", "!!python/object:os ",
    "!", "<<: ", "? ", "|", ">", "%", "@", "#", "---\n", "  ", "\t", "0d", "999999999999d", "1mo", "-3d", "3.5d", "within", "where",
    "any", "linked", "during", "{due_of: [a]}", "times: factor",
)  # fmt: skip
"""What breaks parsers, and words of the notations."""

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.sampled_from(TOKENS) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(TOKENS) | st.text(max_size=6), inner, max_size=3),
    max_leaves=5,
)  # fmt: skip
"""Any value that a file can hold."""


def told(defects: Iterable[Defect], name: str) -> None:
    """Each defect has a place in the file, says something in Chinese and in English, and prints on one line."""
    found = list(defects)
    assert found
    for defect in found:
        assert defect.place == name or defect.place.startswith(f"{name}:"), defect
        assert all(part.isdigit() and int(part) > 0 for part in defect.place[len(name) + 1 :].split(":") if part), (
            defect
        )
        assert re.search("[\u4e00-\u9fff]", defect.zh) and defect.en.strip() and defect.code, defect
        assert "Traceback" not in defect.en and len(defect.zh) < 5000 and len(defect.en) < 5000, defect


# --- bytes that were sound -----------------------------------------------------------------------------


def _cut(data: st.DataObject, content: bytes) -> bytes:
    begin = data.draw(st.integers(0, len(content)))
    return content[:begin] + content[begin + data.draw(st.integers(0, 40)) :]


def _put_in(data: st.DataObject, content: bytes) -> bytes:
    at = data.draw(st.integers(0, len(content)))
    what = data.draw(st.sampled_from(TOKENS).map(lambda token: token.encode("utf-8")) | st.binary(max_size=6))
    return content[:at] + what + content[at + data.draw(st.integers(0, 6)) :]


def _repeat(data: st.DataObject, content: bytes) -> bytes:
    begin, size = data.draw(st.integers(0, len(content))), data.draw(st.integers(1, 200))
    at = data.draw(st.integers(0, len(content)))
    return content[:at] + content[begin : begin + size] + content[at:]


def _flip(data: st.DataObject, content: bytes) -> bytes:
    at = data.draw(st.integers(0, max(len(content) - 1, 0)))
    return content[:at] + bytes([data.draw(st.integers(0, 255))]) + content[at + 1 :]


def _swap_words(data: st.DataObject, content: bytes) -> bytes:
    words = re.split(rb"(\W+)", content)
    one, other = (data.draw(st.integers(0, len(words) - 1)) for _ in range(2))
    words[one], words[other] = words[other], words[one]
    return b"".join(words)


SPOILS: tuple[Spoil, ...] = (_cut, _put_in, _repeat, _flip, _swap_words)


def spoilt(data: st.DataObject, content: bytes, most: int = 3) -> bytes:
    """The bytes after some accidents."""
    for spoil in data.draw(st.lists(st.sampled_from(SPOILS), min_size=1, max_size=most)):
        content = spoil(data, content)
    return content


# --- values that were sound ----------------------------------------------------------------------------


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterable[tuple[Any, ...]]:
    yield path
    items = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from _places(inner, (*path, key))


def altered(data: st.DataObject, value: Any, others: Iterable[Any] = ()) -> Any:
    """The value with something else in one place: left out, renamed, wrapped, or any other value."""
    path = data.draw(st.sampled_from(list(_places(value))))
    if not path:
        return data.draw(ANYTHING)
    copy = json.loads(json.dumps(value, default=str))
    holder = copy
    for key in path[:-1]:
        holder = holder[key]
    key, old = path[-1], holder[path[-1]]
    way = data.draw(st.sampled_from(("another", "moved", "left out", "wrapped", "renamed", "doubled")))
    if way == "another":
        holder[key] = data.draw(ANYTHING | st.sampled_from([*others, ""]))
    elif way == "moved":
        place = data.draw(st.sampled_from(list(_places(value))))
        holder[key] = _at(value, place)
    elif way == "left out":
        del holder[key]
    elif way == "wrapped":
        holder[key] = data.draw(st.sampled_from(([old], [old, old], {"event": old}, {"is": old}, {"any": [old]})))
    elif isinstance(holder, dict):
        name = data.draw(st.sampled_from([*TOKENS, *copy]))
        holder[name] = old
        if way == "renamed" and name != key:
            del holder[key]
    else:
        holder.append(old)
    return copy


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[key]
    return json.loads(json.dumps(value, default=str))


def plain(text: str) -> Any:
    """A YAML text as values that can be altered and written again."""
    return json.loads(json.dumps(yaml.load(text, Loader=yaml.BaseLoader)))


def yaml_text(value: Any) -> str:
    """The value as YAML; JSON is YAML, but for texts that only the other writes."""
    return json.dumps(value, ensure_ascii=False)


# --- logs -----------------------------------------------------------------------------------------------

FILED = {
    "id": "e1",
    "case": "（2021）豫0225执123号",
    "type": "case.filed",
    "time": "2021-10-08",
    "data": {"claim": "1000.00"},
}
LATER = {"id": "e9", "case": "（2021）豫0225执123号", "type": "price.determined", "time": "2021-12-20T10:00:00+08:00",
         "objects": {"asset": "A1"}, "data": {"price": 700000, "method": "inquiry"}, "supersedes": "e8"}  # fmt: skip
EVENTS: tuple[dict[str, Any], ...] = (
    FILED,
    SEIZURE,
    LATER,
    {**FILED, "id": "e3", "type": "case.closed", "time": "2022-05"},
)


def jsonl(events: Iterable[Mapping[str, Any]]) -> bytes:
    return "".join(json.dumps(event, ensure_ascii=False) + "\n" for event in events).encode()


def array(events: Iterable[Mapping[str, Any]]) -> bytes:
    return json.dumps(list(events), ensure_ascii=False, indent=1).encode()


def table(events: Iterable[Mapping[str, Any]]) -> bytes:
    """The events as CSV, nested parts as JSON."""
    listed = list(events)
    heading = list(dict.fromkeys(key for event in listed for key in event))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(heading)
    for event in listed:
        cells = (event.get(key, "") for key in heading)
        writer.writerow([c if isinstance(c, str) else json.dumps(c, ensure_ascii=False) for c in cells])
    return out.getvalue().encode()


FORMS: Mapping[str, Callable[[Iterable[Mapping[str, Any]]], bytes]] = {"jsonl": jsonl, "json": array, "csv": table}


def log_bytes(data: st.DataObject) -> tuple[str, bytes]:
    """The name and the bytes of a log that something happened to."""
    name = data.draw(st.sampled_from(["a.jsonl", "a.json", "a.csv", "a", "a.jsonl.gz"]))
    form = data.draw(st.sampled_from(sorted(FORMS)))
    events: list[Any] = list(EVENTS)
    for _ in range(data.draw(st.integers(0, 2))):
        place = data.draw(st.integers(0, len(events) - 1))
        changed = altered(data, events[place], ("e1", "e8", "e9", "2021-12", "price.determined"))
        events[place] = changed if form != "csv" or isinstance(changed, dict) else {"case": changed}
    content = FORMS[form](events)
    if data.draw(st.booleans()):
        content = spoilt(data, content)
    return name, _encoded(data, content)


def _encoded(data: st.DataObject, content: bytes) -> bytes:
    way = data.draw(st.sampled_from(("plain", "plain", "bom", "gb18030", "gzip", "gzip spoilt", "utf-16")))
    if way == "bom":
        return b"\xef\xbb\xbf" + content
    if way in ("gb18030", "utf-16"):
        return content.decode("utf-8", "replace").encode(way, "replace")
    if way.startswith("gzip"):
        packed = gzip.compress(content, mtime=0)
        return spoilt(data, packed, 1) if way.endswith("spoilt") else packed
    return content
