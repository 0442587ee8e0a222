"""The example of a service: what it records, refuses and answers, and that nothing is lost when it stops."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

pytest.importorskip("flask")
from flask.testing import FlaskClient

from consoles import ROOT, blocks
from execcheck import load_law
from lawful import CASE, EXAMPLES, Raw, check_events, lawful_case, read_log
from service import create_app

README = (EXAMPLES / "service" / "README.md").read_text("utf-8")
BREACHED = read_log(EXAMPLES / "breached-case.jsonl")
RULING = next(n for n, raw in enumerate(BREACHED) if raw["type"] == "termination.ruled")


def client(folder: Path) -> FlaskClient:
    return create_app(str(folder / "cases.sqlite")).test_client()


def post(service: FlaskClient, events: list[Raw], query: str = "") -> list[int]:
    return [service.post(f"/events{query}", json=raw).status_code for raw in events]


def rows(folder: Path, statement: str) -> list[tuple[Any, ...]]:
    base = sqlite3.connect(folder / "cases.sqlite")
    with base:
        found = base.execute(statement).fetchall()
    base.close()
    return found


def findings(service: FlaskClient, case: str = CASE) -> dict[str, str]:
    """The fingerprints of what is found in a case, with their verdicts."""
    found = service.get("/findings", query_string={"case": case}).json
    return {one["fingerprint"]: one["verdict"] for one in found or ()}


def of_case(*types: str) -> list[Raw]:
    """The lawful events of these types in the case itself."""
    return [raw for raw in lawful_case() if raw["case"] == CASE and raw["type"] in types]


@pytest.fixture(scope="module")
def before_ruling(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the breached case up to the termination ruling."""
    folder = tmp_path_factory.mktemp("before")
    assert set(post(client(folder), BREACHED[:RULING])) == {200}
    return folder


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, before_ruling: Path) -> Path:
    """A database with the whole breached case, and a night after it."""
    folder = copied(before_ruling, tmp_path_factory.mktemp("whole"))
    service = client(folder)
    assert set(post(service, BREACHED[RULING:], "?anyway=true&reason=trial")) == {200}
    assert service.post("/nights?day=2023-05-20").status_code == 200
    return folder


def copied(source: Path, folder: Path) -> Path:
    """A copy of a database, which a test may change."""
    shutil.copy(source / "cases.sqlite", folder)
    return folder


# --- the gate ------------------------------------------------------------------------------------------


def test_a_termination_that_the_record_does_not_bear_is_refused_with_the_reasons(
    tmp_path: Path, before_ruling: Path
) -> None:
    service = client(copied(before_ruling, tmp_path))
    before = findings(service)
    answer = service.post("/events", json=BREACHED[RULING])
    assert answer.status_code == 409 and answer.json is not None
    refused = {one["rule"]: one for one in answer.json["refused"]}
    clue = refused["henan-2021/clues-verified-before-termination"]
    assert "线索" in clue["message"]["zh"] and "clue" in clue["message"]["en"]
    assert {"zh", "en"} == set(answer.json["hint"])
    assert findings(service) == before
    assert rows(tmp_path, "SELECT count(*) FROM events") == [(RULING,)]


def test_who_acts_all_the_same_says_why_and_the_findings_stand(tmp_path: Path, before_ruling: Path) -> None:
    service = client(copied(before_ruling, tmp_path))
    ruling = BREACHED[RULING]
    assert post(service, [ruling], "?anyway=true") == [400]
    assert post(service, [ruling], "?reason=x") == post(service, [ruling], "?anyway=false&reason=x") == [400]
    answer = service.post("/events", json=ruling, query_string={"anyway": "true", "reason": "院长已批准"})
    assert answer.status_code == 200 and answer.json is not None
    assert "henan-2021/clues-verified-before-termination" in {one["rule"] for one in answer.json["found"]}
    assert rows(tmp_path, "SELECT id, reason FROM events WHERE reason IS NOT NULL") == [(ruling["id"], "院长已批准")]
    assert post(service, [ruling]) == [200], "told again, it is no new act"


def test_a_lawful_case_passes_the_gate_from_beginning_to_end(tmp_path: Path) -> None:
    service = client(tmp_path)
    assert set(post(service, lawful_case())) == {200}
    assert {case for raw in lawful_case() for case in [raw["case"]] if findings(service, case)} == set()


# --- answers -------------------------------------------------------------------------------------------


def test_the_service_finds_what_a_check_of_the_log_finds(tmp_path: Path, whole: Path) -> None:
    service = client(copied(whole, tmp_path))
    report = check_events(load_law(), BREACHED, as_of=date(2023, 5, 20))
    for case in {raw["case"] for raw in BREACHED}:
        assert findings(service, case) == {
            one.fingerprint: one.verdict for one in (*report.violations, *report.inconclusive) if one.case == case
        }


def test_what_is_due_tomorrow_is_listed_by_the_person_who_owes_it(tmp_path: Path) -> None:
    service = client(tmp_path)
    filed, assigned, *_ = of_case("case.filed", "case.assigned")
    post(service, [filed, assigned])
    handler = assigned["data"]["handler"]
    everybody = service.get("/due", query_string={"as_of": "2022-03-01", "days": "30"}).json or {}
    hers = service.get("/due", query_string={"as_of": "2022-03-01", "days": "30", "responsible": handler}).json or {}
    assert handler in everybody and hers == {handler: everybody[handler]}
    assert all(duty["verdict"] == "pending" and duty["due"] for duty in hers[handler])
    assert service.get("/due?as_of=tomorrow").status_code == 400


def test_the_steps_of_a_case_say_what_they_would_break(tmp_path: Path) -> None:
    service = client(tmp_path)
    post(service, [raw for raw in lawful_case() if raw["case"] == CASE][:3])
    steps = {step["type"]: step for step in service.get("/steps", query_string={"case": CASE}).json or ()}
    assert steps["settlement.reached"]["permitted"] and steps["settlement.reached"]["zh"] == "执行和解达成"
    assert not steps["case.archived"]["permitted"]
    assert "lifecycle/case" in {one["rule"] for one in steps["case.archived"]["forbidden_by"]}
    assert {one["rule"] for one in steps["termination.ruled"]["requires"]} >= {"henan-2021/panel-for-major-matters"}
    assert service.get("/steps", query_string={"case": "（2022）豫0225执9号"}).status_code == 404


def test_what_became_overdue_is_told_after_the_night(tmp_path: Path) -> None:
    service = client(tmp_path)
    post(service, of_case("case.applied", "case.filed"))
    overdue = service.post("/nights?day=2022-06-30").json or []
    assert "henan-2021/assigned-at-once" in {one["rule"] for one in overdue}
    assert {one["fingerprint"] for one in overdue} <= set(findings(service))
    assert service.post("/nights?day=2022-06-30").json == []
    assert service.post("/nights?day=2022-06-29").status_code == 400, "time does not run backwards"


def test_an_unsound_event_is_answered_with_all_that_is_wrong(tmp_path: Path) -> None:
    service = client(tmp_path)
    answer = service.post("/events", json={"type": "case.field", "time": "2022-13-01"})
    assert answer.status_code == 422 and answer.json is not None
    assert len(answer.json) == 3 and all(defect["zh"] and defect["en"] for defect in answer.json)
    first, other = BREACHED[0], {**BREACHED[1], "id": BREACHED[0]["id"]}
    assert post(service, [first, first, other]) == [200, 200, 422]
    assert [service.get("/findings").status_code, service.post("/events", json=[first]).status_code] == [400, 400]
    assert service.post("/events", data="no JSON").status_code == 415


# --- nothing is lost -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "loss", ["", "DELETE FROM snapshots", "UPDATE snapshots SET snapshot = '{}'", "UPDATE snapshots SET snapshot = '{'"]
)
def test_after_a_restart_the_answers_are_the_same_whatever_became_of_the_snapshots(
    tmp_path: Path, whole: Path, loss: str
) -> None:
    if loss:
        rows(copied(whole, tmp_path), loss)
    again, service = client(tmp_path if loss else whole), client(whole)
    report = check_events(load_law(), BREACHED, as_of=date(2023, 5, 20))
    assert set(findings(again)) == {
        one.fingerprint for one in (*report.violations, *report.inconclusive) if one.case == CASE
    }
    for question in ("/due?as_of=2023-05-20&days=100", f"/steps?case={CASE}", f"/findings?case={CASE}"):
        assert again.get(question).json == service.get(question).json


def test_events_that_come_at_once_are_all_recorded(tmp_path: Path) -> None:
    app = create_app(str(tmp_path / "cases.sqlite"))
    with ThreadPoolExecutor(8) as pool:
        tasks = [pool.submit(post, app.test_client(), [raw], "?anyway=true&reason=trial") for raw in BREACHED]
    assert {status for task in tasks for status in task.result()} == {200}
    report = check_events(load_law(), BREACHED)
    assert set(findings(app.test_client())) == {
        one.fingerprint for one in (*report.violations, *report.inconclusive) if one.case == CASE
    }


# --- as the README starts it -----------------------------------------------------------------------------


@contextmanager
def started(database: Path) -> Iterator[HTTPConnection]:
    """The service as the README starts it, on a free port; killed without warning at the end."""
    (command,) = re.findall(r"^cd examples && (flask .*) --port 5000$", README, re.MULTILINE)
    words = shlex.split(command.replace("cases.sqlite", database.as_posix()))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    process = subprocess.Popen(
        [sys.executable, "-m", *words, "--port", str(port)], cwd=EXAMPLES, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1"},
    )  # fmt: skip
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        for _ in range(600):
            try:
                connection.connect()
                break
            except ConnectionRefusedError:
                time.sleep(0.1)
        yield connection
    finally:
        connection.close()
        process.kill()
        process.wait()


def curl(connection: HTTPConnection, line: str) -> tuple[int, Any]:
    """What a curl line of the README does."""
    words = shlex.split(line, comments=True)
    method = words[words.index("-X") + 1] if "-X" in words else "GET"
    parts = urlsplit("http://" + next(word for word in words if word.startswith("localhost")))
    given = [words[n + 1] for n, word in enumerate(words) if word in ("-d", "--data-urlencode")]
    query, body = parts.query, None
    if "-G" in words:
        query = urlencode(dict(pair.split("=", 1) for pair in given))
    elif given:
        body = given[0].encode()
    connection.request(method, f"{parts.path}?{query}", body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read())


def test_the_service_runs_as_its_readme_says_and_keeps_everything_when_it_is_killed(tmp_path: Path) -> None:
    lines = [line for block in blocks(README, "sh") for line in block.splitlines() if line.startswith("curl ")]
    assert len(lines) >= 8
    with started(tmp_path / "cases.sqlite") as connection:
        told = []
        for line in lines:
            status, answer = curl(connection, line)
            assert status == (409 if line.endswith("# 409") else 200) and answer, line
            told.append(answer)
        (asked,) = [line for line in lines if "/findings" in line]
        before = curl(connection, asked)[1]
    with started(tmp_path / "cases.sqlite") as connection:
        assert curl(connection, asked) == (200, before)
    assert {one["verdict"] for one in before} == {"violated", "inconclusive"}
    assert ["h11"] in [list(answer) for answer in told], "what is due, by person"
    assert ("院长已批准",) in rows(tmp_path, "SELECT reason FROM events")
