"""The shipped vocabulary and a sound event, for the tests of the input side."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from execcheck.admission import Admission, admit
from execcheck.defects import Defect
from execcheck.events import Event
from execcheck.logs import LogFile, open_log
from execcheck.vocabulary_reader import load_vocabulary

VOCABULARY_FILE = Path(__file__).parents[1] / "statemachines" / "vocabulary.yaml"
VOCABULARY_TEXT = VOCABULARY_FILE.read_text("utf-8")
VOCABULARY = load_vocabulary(VOCABULARY_TEXT, "vocabulary.yaml")

SEIZURE: dict[str, Any] = {
    "id": "e7", "case": "（2021）豫0225执123号", "type": "asset.controlled", "time": "2021-11-01T09:30:00+08:00",
    "recorded": "2021-11-01T10:02:00+08:00",
    "actor": {"id": "u12", "role": "handler", "department": "enforcement", "team": "t1", "quota_judge": True},
    "panel": [{"id": "u12", "quota_judge": True}, {"id": "u15", "quota_judge": True}],
    "approvals": [{"id": "u1", "role": "bureau_head", "time": "2021-11-01T09:00:00+08:00"}],
    "objects": {"asset": "A1"},
    "data": {"measure": "seal", "kind": "real_estate", "value": "700000.00", "expires": "2024-10-31", "needs_sale": True},
}  # fmt: skip


def changed(**parts: Any) -> dict[str, Any]:
    """The sound event with some of its parts replaced; ``...`` takes one away."""
    raw = json.loads(json.dumps(SEIZURE)) | parts
    return {key: value for key, value in raw.items() if value is not ...}


def with_data(**fields: Any) -> dict[str, Any]:
    """The sound event with some data replaced; ``...`` takes a field away."""
    data = SEIZURE["data"] | fields
    return changed(data={key: value for key, value in data.items() if value is not ...})


def event_of(raw: object) -> Event:
    """The event, which must be admitted."""
    found = admit(raw, "log.jsonl:1", VOCABULARY)
    assert isinstance(found, Event), found
    return found


def defects_of(raw: object) -> tuple[Defect, ...]:
    """The defects, of which there must be some."""
    found = admit(raw, "log.jsonl:1", VOCABULARY)
    assert not isinstance(found, Event), found
    assert found
    return found


def codes_of(raw: object) -> list[str]:
    """The codes of the defects."""
    return [defect.code for defect in defects_of(raw)]


def both_lanes(raw: object) -> tuple[Event | tuple[Defect, ...], Event | None]:
    """What the full examination says, and then the express lane."""
    admission = Admission(VOCABULARY)
    return admission.examine(raw, "f:1"), admission.express.event(raw, "f:1")


def log_of(path: Path, form: str | None = None) -> LogFile:
    """The log at ``path`` over the shipped vocabulary."""
    return open_log(str(path), VOCABULARY, form=form)


def line_of(raw: object) -> str:
    """The event as a line of JSON."""
    return json.dumps(raw, ensure_ascii=False) + "\n"
