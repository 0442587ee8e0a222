"""Source profiles: what a source captures is said, not guessed."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from execcheck.defects import DefectiveInput
from execcheck.lawbook import load_law
from execcheck.profiles import Profile, read_profile

HEAD = "source: {zh: 某院, en: a court}\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "profile.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def profile(folder: Path, text: str) -> Profile:
    return read_profile(written(folder, text), load_law().vocabulary)


def defects(folder: Path, text: str) -> list[str]:
    with pytest.raises(DefectiveInput) as wrong:
        profile(folder, text)
    return [defect.text("en").removeprefix(str(folder / "profile.yaml")) for defect in wrong.value.defects]


def test_a_profile_without_exceptions_captures_everything_and_infers_nothing(tmp_path: Path) -> None:
    found = profile(tmp_path, HEAD)
    assert (found.source.zh, found.source.en) == ("某院", "a court")
    assert found.capture.events == found.capture.fields == frozenset()
    assert not found.capture.inferred
    assert found.zone is None


def test_event_types_may_be_named_by_globs(tmp_path: Path) -> None:
    found = profile(tmp_path, HEAD + "not_captured: {events: [payment.*, case.archived]}\n")
    assert {"payment.received", "payment.disbursed", "case.archived"} <= found.capture.events
    assert "case.closed" not in found.capture.events


@pytest.mark.parametrize(
    "field",
    ["actor", "panel", "approvals", "recorded", "actor.team", "panel.quota_judge", "asset.controlled.value",
     "coercion.imposed.recording"],
)  # fmt: skip
def test_a_part_of_the_envelope_a_data_field_or_a_named_object_may_be_uncaptured(tmp_path: Path, field: str) -> None:
    assert profile(tmp_path, HEAD + f"not_captured: {{fields: [{field}]}}\n").capture.fields == {field}


def test_the_zone_of_naive_instants_is_read(tmp_path: Path) -> None:
    assert profile(tmp_path, HEAD + "zone: Asia/Shanghai\n").zone == ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize("zone", ["Asia/Shanghia", "Asia", "../etc/passwd", "/etc/localtime", "''"])
def test_an_unknown_zone_is_a_defect_or_none(tmp_path: Path, zone: str) -> None:
    if zone == "''":
        assert profile(tmp_path, HEAD + f"zone: {zone}\n").zone is None
        return
    assert defects(tmp_path, HEAD + f"zone: {zone}\n")[0].startswith(f":2:7: unknown “{zone}”")


def test_unknown_types_and_fields_are_all_listed_with_place_and_suggestion(tmp_path: Path) -> None:
    text = (
        HEAD
        + "not_captured:\n  events: [case.archved, nothing.*]\n  fields: [actr, asset.controlled.valeu]\nnots: {}\n"
    )
    found = defects(tmp_path, text)
    assert found[0] == ":3:12: unknown “case.archved”; did you mean “case.archived”?"
    assert found[1].startswith(":3:26: unknown “nothing.*”")
    assert "did you mean “actor”" in found[2]
    assert found[3] == ":4:18: unknown “asset.controlled.valeu”; did you mean “asset.controlled.value”?"
    assert "“nots”; did you mean “notes”" in found[4]
    assert len(found) == 5


@pytest.mark.parametrize("text", ["", "[1, 2]", "just words", "source: 1", "source: {zh: 某院}", "a: [", "not_captured: 3",
                                  HEAD + "not_captured: {events: {a: b}}", HEAD + "not_captured: {fields: [1]}"])  # fmt: skip
def test_a_malformed_profile_is_defective(tmp_path: Path, text: str) -> None:
    assert defects(tmp_path, text)


def test_an_unreadable_profile_is_defective(tmp_path: Path) -> None:
    vocabulary = load_law().vocabulary
    (tmp_path / "gbk.yaml").write_bytes("source: {zh: 执行, en: x}".encode("gbk"))
    for path, code in (
        (tmp_path / "none.yaml", "unreadable"),
        (tmp_path, "unreadable"),
        (tmp_path / "gbk.yaml", "encoding"),
    ):
        with pytest.raises(DefectiveInput) as wrong:
            read_profile(path, vocabulary)
        assert [defect.code for defect in wrong.value.defects] == [code]


def test_every_profile_among_the_examples_is_sound() -> None:
    profiles = list((Path(__file__).parents[1] / "examples").rglob("*.profile.yaml"))
    assert profiles
    for path in profiles:
        assert not read_profile(path, load_law().vocabulary).capture.inferred
