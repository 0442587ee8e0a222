"""Trying a rule on a log: what it says, as far as an example can say it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from attrs import evolve, frozen

from execcheck.admission import Admission
from execcheck.calendars import Calendar
from execcheck.docket import Finding
from execcheck.events import Day, Event, Moment
from execcheck.judgement import Verdict
from execcheck.judging import Judging
from execcheck.lawbook import Law
from execcheck.mutating.mutants import Mutant
from execcheck.needs import ALL_CAPTURED, Capture
from execcheck.policy import Example, Rule
from execcheck.testing.examples import capture_of, moment_of, raw_event

NOT_TRIGGERED = "not_triggered"


@frozen
class Said:
    """What a rule says about a log: the verdicts, and what all of its judgements have in common."""

    verdicts: tuple[str, ...]
    count: int
    dues: frozenset[Day | None]
    severities: frozenset[str]
    missing: frozenset[frozenset[str]]

    @classmethod
    def of(cls, findings: Sequence[Finding]) -> Said:
        """From the findings of one rule."""
        return cls(
            tuple(sorted({f.verdict.value for f in findings})) or (NOT_TRIGGERED,), len(findings),
            frozenset(_due(f) for f in findings),
            frozenset((f.severity or f.rule.severity).value for f in findings),
            frozenset(frozenset(f.missing) for f in findings),
        )  # fmt: skip

    def agrees(self, example: Example) -> bool:
        """Whether an example comes out as written."""
        if self.verdicts != (example.verdict,):
            return False
        wanted = None if example.due is None else date.fromisoformat(example.due).toordinal()
        return (
            (example.count is None or self.count == example.count)
            and (wanted is None or self.dues <= {wanted})
            and (example.severity is None or self.severities <= {example.severity})
            and (not example.missing or self.missing <= {frozenset(example.missing)})
        )


def _due(finding: Finding) -> Day | None:
    if finding.verdict is Verdict.INCONCLUSIVE or finding.deadline is None:
        return None
    return finding.deadline.due


class Trial:
    """One rule alone, ready to judge; the due days that its conditions ask for are those of the whole law book."""

    def __init__(self, rule: Rule, law: Law, calendar: Calendar | None = None, capture: Capture = ALL_CAPTURED) -> None:
        alone = law.only([evolve(rule, restates=())])
        self.rule = rule
        self.judging = Judging(alone, capture=capture, calendar=calendar, keep_satisfied=True)

    def says(self, events: Iterable[Event], as_of: Moment | None = None) -> Said:
        """What the rule says about events at a time, by default that of the last one."""
        judging, given = self.judging, list(events)
        today = max((e.last for e in given), default=1) if as_of is None else judging.day_of(as_of)
        seen = [event for event in given if event.day <= today]
        return Said.of([f for f in judging.findings(seen, today) if f.rule.id == self.rule.id])


@frozen
class Case:
    """An example with its events read."""

    example: Example
    events: tuple[Event, ...]
    as_of: Moment | None
    capture: Capture


def cases_of(rule: Rule, law: Law) -> tuple[Case, ...]:
    """The examples of a rule, read; one with defective events is left to ``execcheck test``."""
    return tuple(case for case in (read(example, law) for example in rule.examples) if case is not None)


def read(example: Example, law: Law) -> Case | None:
    """An example with its events read; None where they are defective."""
    admission = Admission(law.vocabulary)
    events: list[Event] = []
    for number, short in enumerate(example.events, 1):
        event = admission.admit(raw_event(short, law.vocabulary), f"example:{number}")
        if isinstance(event, tuple):
            return None
        events.append(event)
    as_of = None if example.as_of is None else moment_of(example.as_of)
    return Case(example, tuple(events), as_of, capture_of(example, law.vocabulary))


class Jury:
    """A rule with its examples: which of them tell a mutant from it."""

    def __init__(self, rule: Rule, law: Law) -> None:
        self.rule, self.law = rule, law
        self.cases = cases_of(rule, law)

    def killer(self, mutant: Mutant) -> str | None:
        """The name of the first example that no longer comes out as written; None where the mutant survives."""
        trials: dict[Capture, Trial] = {}
        for case in self.cases:
            trial = trials.get(case.capture)
            if trial is None:
                trial = trials[case.capture] = Trial(mutant.rule, self.law, mutant.calendar, case.capture)
            if not trial.says(case.events, case.as_of).agrees(case.example):
                return case.example.name
        return None
