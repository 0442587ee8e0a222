"""Judgements: what a rule says about a log, with everything that a report needs to explain it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum

from attrs import field, frozen

from execcheck.events import Event
from execcheck.periods import Deadline
from execcheck.policy import Citation, Severity, Text


class Verdict(StrEnum):
    """The four verdicts of the contract (semantics, section 4)."""

    SATISFIED = "satisfied"
    VIOLATED = "violated"
    PENDING = "pending"
    INCONCLUSIVE = "inconclusive"


@frozen
class Responsible:
    """Who owes the duty: a role of the vocabulary, and the person where the log tells."""

    role: str
    id: str | None


@frozen(order=False)
class Judgement:
    """One verdict of one rule.

    ``trigger`` is the event that created the duty (or the judged event itself), ``event`` the one that met
    it or broke it (None where it never came). ``due`` is None for rules without a due day and while the
    clock stands still. ``missing`` names the fields without which the log does not say. ``fingerprint``
    stays the same under re-runs, reordering and added events.
    """

    rule: str
    kind: str
    verdict: Verdict
    severity: Severity
    category: str
    case: str
    trigger: Event
    event: Event | None
    objects: Mapping[str, str]
    title: Text
    message: Text
    citations: tuple[Citation, ...]
    fingerprint: str
    due: date | None = None
    deadline: Deadline | None = field(default=None, repr=False)
    due_explained: Text | None = None
    days_late: int | None = None
    responsible: Responsible | None = None
    missing: tuple[str, ...] = ()
    as_if_in_force: bool = False
    reference_limit: bool = False

    @property
    def provisional(self) -> bool:
        """Whether the due day rests on a year whose public holidays are not announced yet."""
        return self.deadline is not None and self.deadline.provisional

    @property
    def order(self) -> tuple[object, ...]:
        """A stable order for reports: case, day of the trigger, rule, object."""
        return (self.case, self.trigger.day, self.rule, sorted(self.objects.items()), self.fingerprint)


@frozen
class Summary:
    """The numbers of a check."""

    events: int
    cases: int
    satisfied: int
    violated: int
    inconclusive: int
    pending: int
    not_triggered: tuple[str, ...]
    not_assessable: Mapping[str, tuple[str, ...]]
    profile_inferred: bool
    not_captured: tuple[str, ...]
    ignored_after_as_of: int = 0
    rejected: int = 0
    waived: int = 0


@frozen
class Report:
    """What a check found, in a stable order."""

    as_of: datetime | date
    policies: tuple[str, ...]
    summary: Summary
    violations: tuple[Judgement, ...]
    inconclusive: tuple[Judgement, ...]
    pending: tuple[Judgement, ...]

    def worst(self) -> Severity | None:
        """The gravest severity among the violations; None where there is none."""
        return max((j.severity for j in self.violations), key=lambda s: s.rank, default=None)
