"""The pages in ``docs/``: generated tables are fresh, snippets load, worked dates come out, links lead somewhere."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import execcheck
from consoles import ROOT, blocks, commands, differences, run
from execcheck import Law, Verdict, load_law
from execcheck.calendars import Calendar, read_closures
from execcheck.cli import main
from execcheck.config import read_config
from execcheck.periods import Deadline, Period, Stop, deadline
from execcheck.policy import KINDS
from execcheck.profiles import read_profile
from execcheck.rule_forms import Form
from execcheck.testing import run_examples
from generated_pages import BLOCK, BLOCKS, fresh
from steps import found, steps

DOCS = ROOT / "docs"
if not DOCS.is_dir():  # beside an installed wheel, where only tests and examples were copied
    pytest.skip("there is no docs/ beside these tests", allow_module_level=True)
PAGES = [*sorted(DOCS.glob("*.md")), ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "examples" / "README.md"]
RULES = ("writing-rules.md", "lifecycles.md")


def page(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def rows(text: str) -> list[list[str]]:
    """The cells of every table row."""
    lines = [line for line in text.splitlines() if line.startswith("| ") and not line.startswith("| ---")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


# --- the pages as such ------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_lead_to_a_file_and_to_a_heading(path: Path) -> None:
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text("utf-8")):
        if "://" in target:
            continue
        name, _, anchor = target.partition("#")
        file = path.parent / name if name else path
        if not file.exists() or (anchor and anchor not in anchors(file.read_text("utf-8"))):
            broken.append(target)
    assert broken == []


def anchors(text: str) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("path", sorted(DOCS.glob("*.md")), ids=lambda path: path.name)
def test_generated_blocks_are_fresh(path: Path) -> None:
    text = path.read_text("utf-8")
    assert fresh(text) == text, "run: python tests/generated_pages.py"


def test_every_generated_block_stands_in_a_page() -> None:
    used = {name for path in DOCS.glob("*.md") for _, name, _, _ in BLOCK.findall(path.read_text("utf-8"))}
    assert used == set(BLOCKS)


CONSOLES = [
    block for path in sorted(DOCS.glob("*.md")) if path.name != "guide-rules.md"  # it has a folder of its own
    for block in blocks(path.read_text("utf-8"), "console")
]  # fmt: skip


@pytest.mark.parametrize("block", CONSOLES, ids=[next(commands(block))[0][-60:] for block in CONSOLES])
def test_a_console_block_shows_what_the_command_prints(block: str) -> None:
    wrong = differences(block)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", sorted(path.name for path in DOCS.glob("*.md")))
def test_rules_named_in_the_pages_exist(name: str) -> None:
    known = load_law().all_rules
    named = set(re.findall(r"\bhenan-2021/[a-z0-9-]+", page(name)))
    assert sorted(rule for rule in named if rule not in known) == []


# --- words ------------------------------------------------------------------------------------------------


def test_the_glossary_tells_every_kind_of_rule() -> None:
    section = page("glossary.md").partition("## Kinds of rule")[2].partition("\n## ")[0]
    assert [row[-1].strip("`") for row in rows(section)[1:]] == list(KINDS)


def test_the_terms_of_the_glossary_are_words_of_the_law_book() -> None:
    law = load_law()
    section = page("glossary.md").partition("## Terms of the law")[2].partition("\n## ")[0]
    fields = {name for kind in law.vocabulary.events.values() for name in kind.fields}
    spans = set(law.vocabulary.extra["spans"])
    known = {*law.vocabulary.events, *fields, *spans, "case", "panel", "quota_judge", "case.type", "category"}
    named = {word for row in rows(section)[1:] for word in re.findall(r"`([^`]+)`", row[-1])}
    assert named - known == {"reference_limit"}


# --- lifecycles -------------------------------------------------------------------------------------------


def forbidden() -> Iterator[tuple[str, str]]:
    for section in page("lifecycles.md").split("\n## ")[1:]:
        machine = section.partition("\n")[0]
        for row in rows(section):
            if ">" in row[0] and machine in load_law().lifecycles:
                yield machine, row[0].strip("`")


FORBIDDEN = list(forbidden())


@pytest.mark.parametrize(("machine", "sequence"), FORBIDDEN)
def test_what_the_page_calls_forbidden_is_found_at_the_marked_step(machine: str, sequence: str) -> None:
    events, wrong = steps(sequence)
    assert wrong
    assert found(machine, events) == [events[index].id for index in wrong]


def test_every_machine_says_what_it_forbids_and_why() -> None:
    assert {machine for machine, _ in FORBIDDEN} == set(load_law().lifecycles)
    assert all(len(row) == 2 and row[1] for row in rows(page("lifecycles.md")) if ">" in row[0])


# --- rules and law books ----------------------------------------------------------------------------------


def written(folder: Path) -> Path:
    """The YAML snippets as the files that their first lines name."""
    for name in RULES:
        for block in blocks(page(name), "yaml"):
            path = re.match(r"# (\S+)\n", block)
            assert path is not None, f"a snippet without a path: {block[:60]}"
            file = folder / path[1]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block, "utf-8")
    return folder


@pytest.fixture(scope="module")
def snippets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("snippets"))


def test_every_kind_of_rule_is_shown_and_its_examples_hold(snippets: Path) -> None:
    law = load_law([str(snippets / "my-court")])
    assert {rule.kind for rule in law.rules.values()} == set(KINDS)
    count, failures = run_examples(law)
    assert count >= 2 * len(KINDS)
    assert [failure.reason.en for failure in failures] == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_kind_of_rule_is_explained_in_words(snippets: Path, lang: str) -> None:
    for name, rule in load_law([str(snippets / "my-court")]).rules.items():
        told = CliRunner().invoke(main, ["explain", name, "--policy", str(snippets / "my-court"), "--lang", lang])
        assert told.exit_code == 0, told.output
        assert rule.title(lang) in told.output and all(article in told.output for article in rule.articles)
        when = load_law().vocabulary.events[rule.when[0].selector.types[0]]
        named = when.zh if lang == "zh" else when.en
        assert len(rule.when[0].selector.types) > 3 or named.lower() in told.output.lower(), told.output


def test_the_law_book_of_ones_own_works_from_vocabulary_to_examples(snippets: Path) -> None:
    law = load_law(folder=snippets / "library")
    assert set(law.lifecycles) == {"loan"}
    assert run_examples(law) == (3, ())
    done = run("execcheck lint library --lang en", snippets)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_reference_names_every_key_that_a_rule_may_have(snippets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: set[str] = set()
    finish = Form.finish

    def noting(form: Form) -> None:
        if "my-court" in form.document.place() and form.path[:1] != ("title",):
            asked.update(form.used)
        finish(form)

    monkeypatch.setattr(Form, "finish", noting)
    law: Law = load_law([str(snippets / "my-court")])
    assert law.rules
    text = page("writing-rules.md")
    inline = re.findall(r"`([^`]+)`", re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE))
    told = {word for code in inline for word in re.findall(r"\w+", code)}
    told |= set(re.findall(r"^ *(\w+):", "\n".join(blocks(text, "yaml")), re.MULTILINE))
    assert {"when", "require", "reaching", "not_captured", "in_force"} <= asked
    assert sorted(asked - told) == []


# --- days -------------------------------------------------------------------------------------------------

DAYS = [row for row in rows(page("days.md")) if re.match(r"\d{4}-", row[0])]


def ordinal(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def worked_out(row: list[str]) -> Deadline:
    stops = [
        Stop("suspension", ordinal(begin), None if end == "…" else ordinal(end))
        for begin, end in re.findall(r"(\S+) to ([^,\s]+)", row[2])
    ]
    names = {"suspension": ("中止执行", "suspension")}
    return deadline(Calendar.load(), ordinal(row[0]), Period.parse(row[1]), stops, names)


@pytest.mark.parametrize("row", DAYS, ids=[" ".join(row[:2]) for row in DAYS])
def test_a_worked_date_comes_out_as_written(row: list[str]) -> None:
    found = worked_out(row)
    assert ("unknown" if found.due is None else date.fromordinal(found.due).isoformat()) == row[3]
    assert found.provisional == ("provisional" in row[4])


def test_the_sentence_on_overlapping_stops_is_the_one_the_engine_writes() -> None:
    (quoted,) = re.findall(r"^> (.+)$", page("days.md"), re.MULTILINE)
    (row,) = (row for row in DAYS if "," in row[2])
    assert worked_out(row).explain(Calendar.load(), "en") == quoted


# --- profiles, settings, embedding, reports ---------------------------------------------------------------


def test_the_profile_the_settings_and_the_closures_shown_can_be_read(tmp_path: Path) -> None:
    for block in blocks(page("profiles.md"), "(?:yaml|toml)"):
        (tmp_path / block.split()[1]).write_text(block, "utf-8")
    law = load_law()
    profile = read_profile(tmp_path / "my-court.profile.yaml", law.vocabulary)
    assert "petition.closed" in profile.capture.events
    config = read_config(tmp_path / "execcheck.toml")
    assert law.with_parameters(config.settings).rules["henan-2021/panel-for-control"].severity == "note"
    assert law.selected(ignore=config.options["ignore"])
    assert config.closures is not None
    assert read_closures(config.closures) == {date(2022, 3, 7): True, date(2022, 3, 12): False}


def test_the_snippets_on_embedding_run_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    names: dict[str, Any] = {}
    for block in blocks(page("embedding.md"), "python"):
        exec(compile(block, "embedding.md", "exec"), names)
    assert "changes" in names


def test_every_field_of_the_json_report_is_explained() -> None:
    told = set(re.findall(r"`(\w+)`", page("reports.md")))
    report = json.loads(run("execcheck check examples/breached-case.jsonl --format json").stdout)
    (late, *_) = report["violations"]
    fields: dict[str, Any] = {**report, **report["summary"], **report["summary"]["profile"], **late, **late["trigger"]}
    assert sorted(set(fields) - told) == []
    assert {verdict.value for verdict in Verdict} - {"violated", "satisfied"} <= told


# --- architecture, checks of the project -------------------------------------------------------------------


def test_modules_named_in_the_architecture_exist_and_import_only_what_stands_above() -> None:
    package = Path(execcheck.__file__).parent
    layers = [re.findall(r"`(\w+)`", row[0]) for row in rows(page("architecture.md"))[1:]]
    level = {name: depth for depth, names in enumerate(layers) for name in names}
    wrong = []
    for name, depth in level.items():
        files = sorted((package / name).glob("*.py")) or [package / f"{name}.py"]
        assert files[0].exists(), name
        for node in (node for file in files for node in ast.walk(ast.parse(file.read_text("utf-8")))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("execcheck."):
                other = str(node.module).split(".")[1]
                if level.get(other, depth) > depth:
                    wrong.append(f"{name} imports {other}")
    assert wrong == []


def test_the_checks_of_the_project_install_and_test_as_the_readme_says() -> None:
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    readme = (ROOT / "README.md").read_text("utf-8")
    for words in ("-m venv", "install -q -e '.[dev]'", "-m pytest"):
        assert words in readme
        assert words in script
