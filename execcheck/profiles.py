"""Source profiles: what the exporting system records at all, and in which zone it writes times.

A profile is a YAML file with ``source`` (zh, en), ``zone`` (of instants written without an offset),
``not_captured`` (``events``: types or globs, ``fields``: parts of the envelope such as ``panel`` or
``actor.team``, or ``<event type>.<field or object>``, globs too) and ``notes`` (zh, en). What it does not name is
taken as captured: with a profile nothing is inferred (semantics, section 8).
"""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from attrs import frozen

from execcheck.defects import Defect, DefectiveInput
from execcheck.needs import ENVELOPE, Capture
from execcheck.policy import Text
from execcheck.rule_forms import Form
from execcheck.textfiles import read_text
from execcheck.vocabulary import Vocabulary
from execcheck.yaml_places import load_yaml

PARTS = {
    "actor": ("id", "role", "department", "team", "quota_judge"),
    "panel": ("id", "role", "department", "team", "quota_judge"),
    "approvals": ("id", "role", "time"),
}
"""The parts of the envelope that a profile may name one by one."""


@frozen
class Profile:
    """A source: its name, what it does not capture, and the zone of its instants without an offset."""

    source: Text
    capture: Capture
    zone: ZoneInfo | None
    notes: Text


def read_profile(path: str | Path, vocabulary: Vocabulary) -> Profile:
    """Read a profile file; raises :class:`DefectiveInput` with everything that is wrong with it."""
    document = load_yaml(read_text(path), str(path))
    defects: list[Defect] = list(document.defects)
    if defects:
        raise DefectiveInput(defects)
    form = Form(document, (), document.value, defects)
    source, notes, zone = form.text("source", required=True), form.text("notes"), _zone(form)
    capture = _not_captured(form, vocabulary)
    form.finish()
    if defects:
        raise DefectiveInput(defects)
    return Profile(source, capture, zone, notes)


def _zone(form: Form) -> ZoneInfo | None:
    name = form.word("zone")
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        form.unknown(("zone",), name, available_timezones())
        return None


def _not_captured(form: Form, vocabulary: Vocabulary) -> Capture:
    if "not_captured" not in form:
        form.used.add("not_captured")
        return Capture()
    sub = form.sub("not_captured")
    events = _named(sub, "events", vocabulary.events)
    fields = _named(sub, "fields", known_fields(vocabulary))
    sub.finish()
    return Capture(frozenset(events), frozenset(fields))


def known_fields(vocabulary: Vocabulary) -> tuple[str, ...]:
    """Every field that a source may or may not capture."""
    parts = [f"{head}.{part}" for head, names in PARTS.items() for part in names]
    data = [f"{kind}.{name}" for kind, described in vocabulary.events.items() for name in described.fields]
    objects = [
        f"{kind}.{name}"
        for kind, described in vocabulary.events.items()
        for name in dict.fromkeys((described.object, *described.also))
        if name is not None
    ]
    return (*ENVELOPE, *parts, *data, *objects)


def _named(form: Form, key: str, known: Iterable[str]) -> list[str]:
    """The known words that a list of words and globs names; what names none is a defect at its place."""
    words, found = tuple(known), list[str]()
    for index, pattern in enumerate(form.words(key)):
        meant = [word for word in words if fnmatchcase(word, pattern)]
        if not meant:
            form.unknown((key, index), pattern, words)
        found.extend(meant)
    return found
