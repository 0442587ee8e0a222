"""The pytest plugin of execcheck: its options, and nothing more until one of them is used.

It stands outside the package, so that pytest can load it in every run without importing execcheck.
"""

from __future__ import annotations

from importlib.util import find_spec

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of the plugin."""
    group = parser.getgroup("execcheck", "execcheck: law books and event logs")
    group.addoption(
        "--execcheck-law", action="append", default=[], metavar="FOLDER_OR_PACK",
        help="run the examples of a law book, a pack or a rule: a folder, a file, the name of a shipped pack, or "
             "'shipped'; repeatable. Where the paths given to pytest lead to some of its rule files, only of these.",
    )  # fmt: skip
    group.addoption(
        "--execcheck-draws", type=int, metavar="N", default=None,
        help="draw N logs for each rule and each law of rules (default: 10 with hypothesis; 0: only the examples)",
    )  # fmt: skip
    group.addoption(
        "--execcheck-log", action="append", default=[], metavar="FILE",
        help="check an event log, each case as a test, against the law books given (default: shipped); repeatable",
    )  # fmt: skip
    group.addoption(
        "--execcheck-fail-on", choices=("error", "warning", "note"), default="error",
        help="the severity from which on a violation fails the test of a case (default: error)",
    )  # fmt: skip


def pytest_configure(config: pytest.Config) -> None:
    """Load the law books that were asked for."""
    laws, logs = config.getoption("--execcheck-law"), config.getoption("--execcheck-log")
    if laws or logs:
        from execcheck.testing.plugin import LawPlugin  # noqa: PLC0415 - not before it is needed

        fail_on, draws = config.getoption("--execcheck-fail-on"), config.getoption("--execcheck-draws")
        if draws is None:
            draws = 10 if find_spec("hypothesis") else 0
        config.pluginmanager.register(LawPlugin.of(config.rootpath, laws, logs, fail_on, draws), "execcheck-law")
