"""What the pytest plugin collects: the examples inside policies, and the cases of event logs.

The options stand in the module ``execcheck_pytest``, which pytest loads; this one is imported when they are used.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from attrs import Factory, frozen

from execcheck.checking import check
from execcheck.defects import DefectiveInput
from execcheck.folders import locate, written_in
from execcheck.judgement import Judgement
from execcheck.lawbook import Law, load_law
from execcheck.logs.several import Logs
from execcheck.policy import Rule, Severity, Text
from execcheck.testing.examples import Failure, run_example
from execcheck.testing.scenes import Stage
from execcheck.testing.story import CannotConstruct
from execcheck.textfiles import why

SHIPPED = "shipped"
"""The word for the law book that comes with execcheck."""

Check = Callable[[], Failure | str | None]


def checks_of(stage: Stage, rule: Rule, draws: int) -> Iterator[tuple[str, Check]]:
    """What is run for a rule: names, and calls that return how it failed; ``draws`` logs for each law of rules."""
    for example in rule.examples:
        yield example.name, partial(run_example, stage.law, rule, example)
    if draws:
        from execcheck.testing.verifying import laws_of  # noqa: PLC0415 - needs hypothesis

        for name, holds in laws_of(rule, stage, max_examples=draws):
            yield name, partial(_raised, holds)


def _raised(holds: Callable[[], None]) -> str | None:
    """What a law says where it does not hold."""
    try:
        holds()
    except AssertionError as failure:
        return str(failure)
    except CannotConstruct as reason:
        return f"  {reason.zh}\n  {reason.en}"
    return None


class Found(Exception):  # noqa: N818 - it is no error of the program
    """A test of a law or of a log fails; the text says everything there is to say."""


@frozen
class Book:
    """A law book as it was asked for, and the rules of it that are meant."""

    word: str
    stage: Stage
    rules: tuple[Rule, ...]

    @property
    def law(self) -> Law:
        """The law book."""
        return self.stage.law

    @classmethod
    def of(cls, word: str) -> Book:
        """By folder, file, name of a shipped pack, or ``shipped``. Raises :class:`DefectiveInput`."""
        if word == SHIPPED or Path(word).exists():
            law, rules = locate(None if word == SHIPPED else Path(word)).load()
            return cls(word, Stage(law), rules)
        law = load_law((word,))
        return cls(word, Stage(law), tuple(law.rules.values()))


@frozen(eq=False)
class LawPlugin:
    """The plugin at work; ``seen`` are the ids of rules that paths on the command line led to, by book."""

    books: tuple[Book, ...]
    logs: tuple[str, ...]
    fail_on: Severity
    draws: int
    files: dict[Path, tuple[Book, Rule]] = Factory(dict)
    seen: set[str] = Factory(set)

    @classmethod
    def of(cls, root: Path, laws: Sequence[str], logs: Sequence[str], fail_on: str, draws: int) -> LawPlugin:
        """Load the law books. Raises ``pytest.UsageError`` with everything that is wrong with them."""
        try:
            books = tuple(Book.of(word) for word in dict.fromkeys(laws))
        except DefectiveInput as error:
            raise pytest.UsageError(_defects(error)) from None
        found = cls(books, tuple(dict.fromkeys(logs)), Severity(fail_on), draws)
        for book in books:
            for rule in book.rules:
                file = written_in(rule.place)
                if file is not None:
                    found.files.setdefault(file.resolve(), (book, rule))
        return found

    def pytest_report_header(self) -> list[str]:
        """One line for each law book."""
        return [f"execcheck: {book.word}: {len(book.rules)} rules" for book in self.books]

    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
        """A rule file of one of the law books."""
        if file_path.suffix != ".yaml" or (known := self.files.get(file_path.resolve())) is None:
            return None
        book, rule = known
        self.seen.add(book.word)
        made: pytest.Collector = RuleFile.from_parent(
            parent, path=file_path, nodeid=rule.id, book=book, rule=rule, draws=self.draws
        )
        return made

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self, collector: pytest.Collector) -> Generator[None, Any, Any]:
        """Law books and logs are collected after what the paths on the command line lead to."""
        report = yield
        if isinstance(collector, pytest.Session) and report.outcome == "passed":
            law = [BookNode.from_parent(collector, name=book.word, plugin=self, book=book) for book in self.books]
            log = [LogNode.from_parent(collector, name=log, nodeid=log, plugin=self) for log in self.logs]
            report.result = [*report.result, *law, *log]
        return report


class RuleNode(pytest.Collector):
    """The examples of a rule, and the laws that it has to obey."""

    def __init__(self, book: Book, rule: Rule, draws: int, **rest: Any) -> None:
        super().__init__(**rest)
        self.book, self.rule, self.draws = book, rule, draws

    def collect(self) -> Iterable[pytest.Item]:
        """One test for each check of the rule."""
        for name, run in checks_of(self.book.stage, self.rule, self.draws):
            yield CheckItem.from_parent(self, name=name, run=run, place=self.rule.place)


class RuleFile(RuleNode, pytest.File):
    """A rule file that a path on the command line led to."""


class BookNode(pytest.Collector):
    """A law book of which no rule file was collected by its path."""

    def __init__(self, plugin: LawPlugin, book: Book, **rest: Any) -> None:
        super().__init__(**rest)
        self.plugin, self.book = plugin, book

    def collect(self) -> Iterable[pytest.Collector]:
        """One collector for each rule."""
        for rule in self.book.rules if self.book.word not in self.plugin.seen else ():
            file = written_in(rule.place) or self.path
            yield RuleNode.from_parent(
                self, name=rule.id, nodeid=rule.id, path=file, book=self.book, rule=rule, draws=self.plugin.draws
            )  # fmt: skip


class LogNode(pytest.Collector):
    """An event log."""

    def __init__(self, plugin: LawPlugin, **rest: Any) -> None:
        super().__init__(**rest)
        self.plugin = plugin

    def collect(self) -> Iterable[pytest.Item]:
        """One test for each case; the log is checked here, once for each law book."""
        found: dict[str, list[Judgement]] = {}
        try:
            for law in [book.law for book in self.plugin.books] or [load_law()]:
                logs = Logs([self.name], law.vocabulary, law.definitions.cases)
                for judgement in check(logs, law).violations:
                    found.setdefault(judgement.case, []).append(judgement)
                for outline in logs.outlines():
                    found.setdefault(outline.case, [])
        except DefectiveInput as error:
            raise self.CollectError(_defects(error)) from None
        except OSError as error:
            zh, en = why(error)
            raise self.CollectError(f"{self.name}: {zh}\n{self.name}: {en}") from None
        for case in sorted(found):
            run = partial(_violations, found[case], self.plugin.fail_on)
            yield CheckItem.from_parent(self, name=case, run=run, place=self.name)


class CheckItem(pytest.Item):
    """One thing that is checked; ``place`` is where its law or its log stands."""

    def __init__(self, run: Check, place: str, **rest: Any) -> None:
        super().__init__(**rest)
        self.run, self.place = run, place

    def runtest(self) -> None:
        """Raises :class:`Found` where something is wrong."""
        found = self.run()
        if isinstance(found, Failure):
            found = f"{_file_and_line(found.place)}: {found.rule}: {found.example}\n{_both(found.reason)}"
        if found:
            raise Found(found)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What was found, without a traceback."""
        return str(excinfo.value) if isinstance(excinfo.value, Found) else super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path | str, int | None, str]:
        """Where the rule or the log stands."""
        name, line, _ = (*self.place.rsplit(":", 2), "", "")[:3]
        heading = f"{self.parent.nodeid if self.parent else ''}: {self.name}"  # pytest changes points in the last part
        return name, int(line) - 1 if line.isdecimal() else 0, heading


def _violations(judgements: Sequence[Judgement], fail_on: Severity) -> str | None:
    """All violations of a case, where one of them is grave enough."""
    if not any(judgement.severity.rank >= fail_on.rank for judgement in judgements):
        return None
    return "\n".join(f"{j.trigger.place}: {j.severity.value}: {j.rule}\n{_both(j.message)}" for j in judgements)


def _both(text: Text) -> str:
    return f"  {text.zh}\n  {text.en}"


def _defects(error: DefectiveInput) -> str:
    return "\n".join(f"{defect.text('zh')}\n{defect.text('en')}" for defect in error.defects)


def _file_and_line(place: str) -> str:
    name, line, *_ = (*place.rsplit(":", 2), "")
    return f"{name}:{line}" if line else name
