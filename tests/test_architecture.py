"""The shape of the program: one direction of imports, no law in the engine, no weight on start."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "execcheck"
FILES = tuple(sorted(PACKAGE.rglob("*.py")))

LAYERS = (
    ("defects", "events", "case_numbers", "undoing"),
    ("yaml_places", "vocabulary", "explaining", "durations", "calendars", "order"),
    ("periods", "admission", "vocabulary_reader"),
    ("policy",),
    ("rule_forms", "rule_syntax", "lifecycle_transitions"),
    ("lifecycle_machine",),
    ("families", "conditions", "lifecycle_reader", "lifecycle", "lifecycle_model"),
    ("rule_reader", "pack_reader", "definitions", "parameters"),
    ("lawbook",),
    ("folders",),
    ("compiling", "touching"),
    ("judging",),
    ("feeding", "dividing", "working", "parallel", "planning"),
    ("checking", "standing"),
    ("groups",),
    ("changes", "snapshots"),
    ("dossiers", "steps"),
    ("intake",),
    ("telling",),
    ("monitor", "impact"),
    ("render", "testing"),
    ("exploring", "mutating"),
    ("scaffold",),
    ("cli",),
)
"""From the ground up: a module imports none of a later row."""
RANK = {name: rank for rank, row in enumerate(LAYERS) for name in row}


def name_of(file: Path) -> str:
    return ".".join(("execcheck", *file.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text("utf-8"), str(file))


def imported(file: Path) -> Iterator[str]:
    """The modules of this package that a file imports, wherever in it, but for those named only as types."""
    modules = {name_of(other) for other in FILES}
    typed = {
        id(inner) for node in ast.walk(tree(file)) if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for inner in ast.walk(node)
    }  # fmt: skip
    for node in ast.walk(tree(file)):
        if id(node) in typed:
            continue
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}:{node.lineno}: relative import"
            below = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [name for name in below if name in modules] or [str(node.module)]
        else:
            continue
        yield from (name for name in names if name.partition(".")[0] == "execcheck")


def part(module: str) -> str:
    """The module or subpackage right below the package."""
    return module.split(".")[1] if "." in module else ""


GRAPH = {name_of(file): frozenset(imported(file)) - {name_of(file), "execcheck"} for file in FILES}
"""Which module imports which; of the package itself only the version is taken."""


def test_no_module_imports_itself_by_way_of_others() -> None:
    left = {name: {other for other in others if other in GRAPH} for name, others in GRAPH.items()}
    while free := {name for name, others in left.items() if not others & left.keys()}:
        left = {name: others for name, others in left.items() if name not in free}
    assert left == {}, "these modules import each other"


@pytest.mark.parametrize("module", sorted(GRAPH))
def test_a_module_imports_only_what_lies_below_it(module: str) -> None:
    rank = RANK.get(part(module))
    above = {other for other in GRAPH[module] if rank is not None and RANK.get(part(other), 0) > rank}
    assert above == set()


def test_only_the_start_of_the_program_knows_the_command_line() -> None:
    users = {name for name, others in GRAPH.items() if any(part(other) == "cli" for other in others)}
    assert {name for name in users if part(name) != "cli"} <= {"execcheck.__main__"}


def test_the_engine_knows_nothing_of_reports_and_of_the_kinds_only_where_rules_are_compiled() -> None:
    for module, others in GRAPH.items():
        if part(module) not in ("cli", "render", "__main__"):
            assert "render" not in {part(other) for other in others}, module
        if part(module) not in ("kinds", "compiling"):
            assert "kinds" not in {part(other) for other in others}, module


def test_the_names_of_the_states_are_for_hosts_and_nothing_here_uses_them() -> None:
    assert {name for name, others in GRAPH.items() if "execcheck.states" in others} == set()


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_no_file_is_longer_than_four_hundred_lines_outside_the_data_classes_of_rules(file: Path) -> None:
    assert len(file.read_text("utf-8").splitlines()) <= 400


def _docstrings(module: ast.Module) -> set[int]:
    """The nodes that only document."""
    found = set()
    for node in ast.walk(module):
        body = getattr(node, "body", None)
        for item in body if isinstance(body, list) else []:
            if isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant):
                found.add(id(item.value))
    return found


def spoken(file: Path) -> Iterator[tuple[int, str]]:
    """Every text of a file that is not documentation, with its line."""
    silent = _docstrings(tree(file))
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            yield node.lineno, node.value


ENGINE = tuple(file for file in FILES if file.parent == PACKAGE or file.parent.name in ("kinds", "logs"))


@pytest.mark.parametrize("file", ENGINE, ids=name_of)
def test_the_engine_names_no_instrument_and_no_article_of_any_law(file: Path) -> None:
    for line, text in spoken(file):
        assert not re.search(r"《|henan|第[0-9一二三四五六七八九十百]+条|[Aa]rticle [0-9]", text), (
            f"{file}:{line}: {text}"
        )


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_nobody_is_told_that_something_is_unlawful(file: Path) -> None:
    for line, text in spoken(file):
        assert not re.search(r"违法|unlawful|illegal", text), f"{file}:{line}: {text}"


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_no_moment_is_taken_without_its_zone(file: Path) -> None:
    for node in ast.walk(tree(file)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        where = f"{file}:{node.lineno}"
        assert node.func.attr not in ("utcnow", "utcfromtimestamp", "today"), where
        if node.func.attr in ("now", "fromtimestamp"):
            assert len(node.args) + len(node.keywords) >= (1 if node.func.attr == "now" else 2), where


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_no_error_is_caught_without_a_name_and_nothing_is_left_for_later(file: Path) -> None:
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.ExceptHandler):
            names = ast.dump(node.type) if node.type is not None else "'Exception'"
            assert "'Exception'" not in names and "'BaseException'" not in names, f"{file}:{node.lineno}"
    assert not re.search(r"\b(TODO|FIXME|XXX)\b", file.read_text("utf-8"))


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = "import sys, execcheck; print(sorted({name.partition('.')[0] for name in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT).stdout
    for heavy in ("hypothesis", "msgspec", "holidays", "pandas", "numpy", "pytest", "rich"):
        assert f"'{heavy}'" not in loaded


def test_the_engine_runs_without_the_command_line_and_its_libraries() -> None:
    code = "import sys, execcheck.checking; print(sorted({name.partition('.')[0] for name in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT).stdout
    for heavy in ("hypothesis", "holidays", "pandas", "numpy", "rich", "click"):
        assert f"'{heavy}'" not in loaded
