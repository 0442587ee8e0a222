"""The library's own log: silent unless a host listens, then records with their facts as extra fields."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
import structlog

from execcheck.changes import Changes
from execcheck.monitor import Monitor
from ruling import events
from test_monitor_atomic import LAW, ONE, TWO, seal, seen

LOGGER = logging.getLogger("execcheck")


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    level, handlers = LOGGER.level, LOGGER.handlers[:]
    yield
    LOGGER.setLevel(level)
    LOGGER.handlers[:] = handlers
    structlog.reset_defaults()


def work() -> Monitor:
    """A monitor to which everything has happened that is written down."""
    monitor = Monitor(LAW)
    for event in events(seal("a", ONE, "2021-11-01"), seal("a", ONE, "2021-11-01")):
        monitor.observe(event)
    monitor.withdraw("a")
    monitor.withdraw("never")
    return monitor


def test_nothing_is_written_unless_a_host_listens(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    work()
    assert capsys.readouterr() == ("", "")
    assert caplog.records == []


def test_nothing_is_printed_in_a_process_that_configured_nothing() -> None:
    program = (
        "import sys; sys.path.insert(0, 'tests')\n"
        "from test_journal import work; import logging; work()\n"
        "logging.getLogger('execcheck').warning('a warning that nobody asked for')"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, cwd=Path(__file__).parents[1]
    )
    assert (run.stdout, run.stderr) == ("", "")


def test_a_host_that_listens_gets_records_of_the_logger_with_their_facts(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "execcheck"):
        work()
    changed = [record for record in caplog.records if record.getMessage() == "changed"]
    withdrawn = [record for record in caplog.records if record.getMessage() == "withdrawn"]
    assert {record.name for record in caplog.records} == {"execcheck"}
    assert {record.levelno for record in caplog.records} == {logging.DEBUG}
    first = vars(changed[0])
    assert (first["case"], first["event_id"], first["event_type"]) == (ONE, "a", "asset.controlled")
    assert isinstance(first["changes"], Changes) and "opened=1" in str(first["changes"])
    assert [(vars(record)["event_id"], vars(record)["known"]) for record in withdrawn] == [
        ("a", True),
        ("never", False),
    ]


def test_only_those_who_listen_at_debug_get_them(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "execcheck"):
        work()
    assert caplog.records == []


@pytest.mark.parametrize("cached", [False, True])
def test_a_host_with_structlog_gets_them_in_its_own_form(cached: bool) -> None:
    structlog.configure(
        processors=[structlog.stdlib.add_log_level, structlog.processors.JSONRenderer()],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr), cache_logger_on_first_use=cached,
    )  # fmt: skip
    out = StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_log_level, structlog.stdlib.ExtraAdder()],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(default=str, ensure_ascii=False),
            ],
        )
    )
    LOGGER.addHandler(handler)
    LOGGER.setLevel(logging.DEBUG)
    work()
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert lines[0]["event"] == "changed" and lines[0]["level"] == "debug"
    assert lines[0]["case"] == ONE and lines[0]["event_id"] == "a"
    assert "opened=1" in lines[0]["changes"]
    assert {"event": "withdrawn", "level": "debug", "event_id": "never", "known": False} in lines


def test_a_host_whose_own_log_fails_finds_the_monitor_as_it_was() -> None:
    class Full(logging.Filter):
        def filter(self, record: logging.LogRecord) -> bool:
            raise OSError("no space left")

    monitor, full = work(), Full()
    (event,) = events(seal("b", TWO, "2021-11-02"))
    before = seen(monitor)
    LOGGER.setLevel(logging.DEBUG)
    LOGGER.addFilter(full)
    try:
        with pytest.raises(OSError, match="no space"):
            monitor.observe(event)
    finally:
        LOGGER.removeFilter(full)
    assert seen(monitor) == before
    assert monitor.observe(event).effect == "taken"
