"""Where the rules enter what they find about one case family, before it is put into words."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from execcheck.events import Event
from execcheck.judgement import Verdict
from execcheck.periods import Calendar, Deadline
from execcheck.policy import NO_TEXT, Rule, Severity, Text


@frozen(eq=False)
class Finding:
    """A verdict with its facts; ``detail`` says in words what the kind of rule found."""

    rule: Rule
    verdict: Verdict
    trigger: Event
    event: Event | None
    objects: Mapping[str, str]
    deadline: Deadline | None = None
    days_late: int | None = None
    missing: tuple[str, ...] = ()
    detail: Text = NO_TEXT
    severity: Severity | None = None


class Docket:
    """Collects the findings on one family.

    Satisfied duties are only counted, unless ``keep`` asks for them or the rule is in ``tracked`` (because it
    restates another one or is restated): those go to ``settled`` until it is known whether another rule judged
    the same duty.
    """

    __slots__ = ("calendar", "findings", "keep", "met", "settled", "tracked")

    def __init__(self, calendar: Calendar, tracked: frozenset[str] = frozenset(), keep: bool = False) -> None:
        self.calendar = calendar
        self.tracked = tracked
        self.keep = keep
        self.met: dict[str, int] = {}
        self.findings: list[Finding] = []
        self.settled: list[tuple[str, Event, Mapping[str, str]]] = []  # satisfied duties of tracked rules

    def satisfied(
        self, rule: Rule, trigger: Event, event: Event | None, object_id: str | None = None,
        kind: str | None = None, deadline: Deadline | None = None,
    ) -> None:  # fmt: skip
        """The duty was met."""
        name = rule.id
        if self.keep:
            objects = objects_of(rule, trigger, object_id, kind)
            self.findings.append(Finding(rule, Verdict.SATISFIED, trigger, event, objects, deadline))
        elif name in self.tracked:
            self.settled.append((name, trigger, objects_of(rule, trigger, object_id, kind)))
        else:
            self.met[name] = self.met.get(name, 0) + 1

    def violated(
        self, rule: Rule, trigger: Event, event: Event | None, detail: Text = NO_TEXT, *,
        object_id: str | None = None, kind: str | None = None, deadline: Deadline | None = None,
        days_late: int | None = None, severity: Severity | None = None,
    ) -> None:  # fmt: skip
        """The breach is established."""
        objects = objects_of(rule, trigger, object_id, kind)
        self.findings.append(
            Finding(rule, Verdict.VIOLATED, trigger, event, objects, deadline, days_late, (), detail, severity)
        )

    def pending(
        self, rule: Rule, trigger: Event, deadline: Deadline | None,
        object_id: str | None = None, kind: str | None = None,
    ) -> None:  # fmt: skip
        """Not yet due."""
        objects = objects_of(rule, trigger, object_id, kind)
        self.findings.append(Finding(rule, Verdict.PENDING, trigger, None, objects, deadline))

    def inconclusive(
        self, rule: Rule, trigger: Event, missing: tuple[str, ...],
        object_id: str | None = None, kind: str | None = None, event: Event | None = None,
    ) -> None:  # fmt: skip
        """The log lacks what the rule needs."""
        objects = objects_of(rule, trigger, object_id, kind)
        names = tuple(dict.fromkeys(missing))
        self.findings.append(Finding(rule, Verdict.INCONCLUSIVE, trigger, event, objects, missing=names))


class Record(Docket):
    """A docket that also remembers what met the duties, for those who follow a case event by event."""

    __slots__ = ("met_by",)

    def __init__(self, calendar: Calendar, tracked: frozenset[str]) -> None:
        super().__init__(calendar, tracked)
        self.met_by: list[tuple[Rule, Event, Event | None, str | None, str | None]] = []

    def satisfied(
        self, rule: Rule, trigger: Event, event: Event | None, object_id: str | None = None,
        kind: str | None = None, deadline: Deadline | None = None,
    ) -> None:  # fmt: skip
        """The duty was met."""
        self.met_by.append((rule, trigger, event, object_id, kind))
        if rule.id in self.tracked:
            self.settled.append((rule.id, trigger, objects_of(rule, trigger, object_id, kind)))

    def met_findings(self) -> list[Finding]:
        """The duties met, as findings without their due days."""
        return [
            Finding(rule, Verdict.SATISFIED, trigger, event, objects_of(rule, trigger, object_id, kind))
            for rule, trigger, event, object_id, kind in self.met_by
        ]

    def taken(self) -> tuple[list[Finding], list[tuple[str, Event, Mapping[str, str]]]]:
        """The findings and the satisfied duties of tracked rules, which are then entered no longer."""
        found = self.findings, self.settled
        if self.findings:
            self.findings = []
        if self.settled:
            self.settled = []
        return found

    def clear(self) -> None:
        """Forget the duties met so far."""
        self.met_by = []


def duty_key(trigger: Event, objects: Mapping[str, str]) -> tuple[int, frozenset[tuple[str, str]]]:
    """What a restating rule and the rule it restates have in common: the trigger and the object."""
    return id(trigger), frozenset(objects.items())


def objects_of(rule: Rule, trigger: Event, object_id: str | None, kind: str | None) -> Mapping[str, str]:
    """The objects of a finding: the one the rule correlates on or fans out over, else the trigger's own."""
    if object_id is not None and (kind or rule.per):
        return {str(kind or rule.per): object_id}
    return trigger.objects
