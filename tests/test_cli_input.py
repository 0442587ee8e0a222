"""``execcheck check``: defective input, output, language, settings."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from clirun import BREACHED, PRICE, log, priced, run, seizure

# --- check: defective input -------------------------------------------------------------------------

BAD_LOGS = {
    "not json": b"not json\n", "cut": b'{"case": "x", "type": "case.filed", "ti', "array": b"[1, 2]", "binary": b"\x00\x01\x02",
    "empty": b"", "blank": b"\n\n", "latin": b'{"case": "\xff\xfe"}\n', "excel": b"PK\x03\x04xxxx", "deep": b"[" * 100_000,
    "no case": b'{"type": "case.filed", "time": "2021-11-01"}\n', "nan": b'{"case": NaN}\n',
    "unknown type": b'{"case": "x", "type": "case.filled", "time": "2021-11-01"}\n',
    "bad date": b'{"case": "x", "type": "case.filed", "time": "2021-02-30"}\n',
    "huge number": b'{"case": ' + b"9" * 5000 + b"}\n",
}  # fmt: skip


@pytest.mark.parametrize("mode", ["fail", "skip"])
@pytest.mark.parametrize("kind", sorted(BAD_LOGS))
def test_malformed_logs_end_with_status_2_and_a_place(tmp_path: Path, kind: str, mode: str) -> None:
    path = tmp_path / "bad.log"
    path.write_bytes(BAD_LOGS[kind])
    result = run("check", str(path), "--on-error", mode)
    assert result.exit_code == 2
    assert str(path) in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize("name", ["missing.jsonl", ".", "a\x00b"])
def test_a_log_that_cannot_be_opened_ends_with_status_2(tmp_path: Path, name: str) -> None:
    assert run("check", str(tmp_path / name)).exit_code == 2


def test_every_defective_line_is_listed_before_the_exit(tmp_path: Path) -> None:
    path = log(tmp_path, seizure(), {"case": 1}, priced("2021-13-01"), {"type": "x"})
    lines = run("check", path).stderr.splitlines()
    assert {line.split(":")[1] for line in lines} == {"2", "3", "4"}


def test_thousands_of_defects_are_cut_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text("{}x\n" * 5000, encoding="utf-8")
    lines = run("check", str(path)).stderr.splitlines()
    assert len(lines) == 101
    assert "4900" in lines[-1]


def test_skipping_checks_the_good_events_and_keeps_the_bad_lines(tmp_path: Path) -> None:
    path = Path(log(tmp_path, seizure(), priced("2021-12-20")))
    path.write_text(path.read_text("utf-8") + "not json\n", encoding="utf-8")
    report = tmp_path / "out" / "report.json"
    report.parent.mkdir()
    result = run(
        "check", str(path), "--on-error", "skip", "--select", PRICE, "--format", "json", "--output", str(report)
    )
    assert result.exit_code == 1
    assert "log.jsonl:3" in result.stderr
    found = json.loads(report.read_text("utf-8"))
    assert (found["summary"]["rejected"], found["summary"]["violated"]) == (1, 1)
    assert (report.parent / "log.rejected.jsonl").read_text("utf-8") == "not json\n"


def test_skipping_keeps_the_heading_of_a_table(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("case,type,time\nx,case.filed,2021-11-01\nx,case.filed,never\n", encoding="utf-8")
    report = tmp_path / "report.txt"
    assert run("check", str(path), "--on-error", "skip", "--output", str(report)).exit_code == 0
    assert (tmp_path / "log.rejected.csv").read_text("utf-8").splitlines() == ["case,type,time", "x,case.filed,never"]


def test_skipping_leaves_out_every_event_whose_id_stands_for_different_events(tmp_path: Path) -> None:
    other = {**priced("2021-11-20"), "id": "e1"}
    report = tmp_path / "report.json"
    for order in ([{**seizure(), "id": "e1"}, other, seizure()], [other, seizure(), {**seizure(), "id": "e1"}]):
        run("check", log(tmp_path, *order), "--on-error", "skip", "--select", PRICE, "--format", "json",
            "--as-of", "2022-01-31", "--output", str(report))  # fmt: skip
        found = json.loads(report.read_text("utf-8"))["summary"]
        assert (found["events"], found["rejected"], found["violated"]) == (1, 2, 1)
        kept = [json.loads(line) for line in (tmp_path / "conflicting.rejected.jsonl").read_text("utf-8").splitlines()]
        assert {item["type"] for item in kept} == {"asset.controlled", "price.determined"}


def test_one_readable_log_among_missing_ones_is_enough_for_skip(tmp_path: Path) -> None:
    result = run(
        "check",
        log(tmp_path, seizure(), priced("2021-11-20")),
        str(tmp_path / "none.jsonl"),
        "--on-error",
        "skip",
        "--select",
        PRICE,
    )
    assert result.exit_code == 0
    assert "none.jsonl" in result.stderr


def test_unknown_keys_are_notes_not_errors(tmp_path: Path) -> None:
    result = run("check", log(tmp_path, {**seizure(), "remark": "x"}, priced("2021-11-20")), "--select", PRICE)
    assert result.exit_code == 0
    assert "remark" in result.stdout


# --- output, language, settings ---------------------------------------------------------------------


def test_a_report_never_overwrites_the_log(tmp_path: Path) -> None:
    path = log(tmp_path, seizure())
    before = Path(path).read_bytes()
    assert run("check", path, "--output", path).exit_code == 2
    assert run("check", path, "--output", str(tmp_path)).exit_code == 2
    assert Path(path).read_bytes() == before


def test_the_report_goes_to_a_file(tmp_path: Path) -> None:
    result = run("check", BREACHED, "-o", str(tmp_path / "report.txt"))
    assert (result.exit_code, result.stdout) == (1, "")
    assert "（2022）豫0225执123号" in (tmp_path / "report.txt").read_text("utf-8")


@pytest.mark.parametrize(
    ("env", "words", "chinese"),
    [
        ({"LANG": "zh_CN.UTF-8"}, (), True), ({"LANG": "en_US.UTF-8"}, (), False), ({"LANG": "C"}, (), True), ({"LANG": ""}, (), True),
        ({"LANG": "fr_FR"}, (), True), ({"LANG": "zh_CN", "LC_MESSAGES": "en_GB"}, (), False),
        ({"LANG": "en_US", "LC_ALL": "zh_TW"}, (), True), ({"LANG": "en_US"}, ("--lang", "zh"), True), ({"LANG": "zh_CN"}, ("--lang=en",), False),
    ],
)  # fmt: skip
def test_the_language_is_the_option_else_the_locale_else_chinese(
    tmp_path: Path, env: Mapping[str, str], words: tuple[str, ...], chinese: bool
) -> None:
    output = run("check", log(tmp_path, seizure(), priced("2021-12-20")), "--select", PRICE, *words, env=env).stdout
    assert ("逾期 19 日" in output) is chinese
    assert ("19 days late" in output) is not chinese


def test_json_messages_follow_the_language(tmp_path: Path) -> None:
    path = log(tmp_path, seizure(), priced("2021-12-20"))
    found = json.loads(run("check", path, "--select", PRICE, "--format", "json", "--lang", "en").output)["violations"][
        0
    ]
    assert found["message"].isascii() and found["due_explained"].isascii()


def test_settings_answer_for_options_and_the_command_line_wins(tmp_path: Path) -> None:
    path = log(tmp_path, seizure(), priced("2021-12-20"))
    (tmp_path / "rest.yaml").write_text("2021-12-01: rest\n", encoding="utf-8")
    settings = tmp_path / "execcheck.toml"
    settings.write_text(
        f'select = "{PRICE}"\nformat = "json"\nlang = "en"\nas-of = 2021-12-31\nfail-on = "never"\nclosures = "rest.yaml"\n',
        encoding="utf-8",
    )
    result = run("check", path, "--config", str(settings))
    found = json.loads(result.output)
    assert result.exit_code == 0
    assert found["as_of"].startswith("2021-12-31")
    assert [(v["rule"], v["due"]) for v in found["violations"]] == [(PRICE, "2021-12-02")]
    assert found["violations"][0]["message"].isascii()
    settled = run("check", path, "--config", str(settings), "--fail-on", "error", "--lang", "zh", "--format", "text")
    assert settled.exit_code == 1
    assert "逾期" in settled.output
    settings.write_text(f'select = "{PRICE}"\n[set]\n"{PRICE}.within" = "60d"\n', encoding="utf-8")
    assert run("check", path, "--config", str(settings)).exit_code == 0
    assert run("check", path, "--config", str(settings), "--set", f"{PRICE}.within=30d").exit_code == 1


def test_defects_of_settings_are_listed_with_their_place(tmp_path: Path) -> None:
    settings = tmp_path / "execcheck.toml"
    settings.write_text('lnag = "en"\nfail-on = "x"\n', encoding="utf-8")
    result = run("check", BREACHED, "--config", str(settings))
    assert result.exit_code == 2
    assert [line.removeprefix(str(settings))[:4] for line in result.stderr.splitlines()] == [":1:1", ":2:1"]
