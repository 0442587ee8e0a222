"""Lawful cases: whole courses of a case that obey every rule and lifecycle of a law book.

A case grows step by step: a free step that the lifecycles allow, or something that is owed. Whatever the law book finds
wrong with the step is repaired from the rule itself: what had to come before is put in before, what is owed by now is
put in on its last day, the act gets the panel, the approvals and the amounts that it needs. A step that cannot be
repaired is not taken. So after every step the case is lawful, however far it got, and nothing is filtered out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from attrs import frozen

from execcheck.docket import Finding
from execcheck.durations import END, Period
from execcheck.events import Day, Event
from execcheck.judgement import Verdict
from execcheck.judging import Judging
from execcheck.lawbook import Law
from execcheck.lifecycle import Lifecycle
from execcheck.policy import Response
from execcheck.testing.choices import Choices
from execcheck.testing.days import ORDINARY, trapping_days
from execcheck.testing.repairs import Repairs
from execcheck.testing.story import CannotConstruct, Story, log_lines, with_instants

REPAIRS = 14
"""How many findings are repaired for one step before the step is given up."""
GAPS = (1, 0, 3, 7, 15, 30)
"""Days between free steps."""


@frozen(repr=False)
class LawfulCase:
    """A case that obeys the law book, seen at ``as_of``: nothing is broken or left open, though more may be owed."""

    events: tuple[Event, ...]
    as_of: date

    def __repr__(self) -> str:
        return f"lawful case, as of {self.as_of}:\n{log_lines(self.events)}"


class Course:
    """A case in the making."""

    def __init__(self, judging: Judging, choices: Choices) -> None:
        law = judging.law
        self.judging = judging
        self.choices = choices
        region = next((pack.region for pack in law.packs.values() if pack.region), None)
        self.story = Story(law, choices, choices.of(ORDINARY), judging.calendar, region)
        self.day = self.story.day
        self._repairs = Repairs(judging, self.story, choices)
        self._periods = _periods(law)
        self._found: list[Finding] = []  # what the law book says of the case as it stands

    def case(self) -> LawfulCase:
        """The case as it stands: with days, or with the instants of a working day where that changes nothing."""
        day = max((event.day for event in self.story.events.values()), default=self.day)
        events = self.story.ordered()
        if self.choices.number(0, 1):
            at_instants = with_instants(events)
            if not self._wrong(self.judging.findings(at_instants, day)):
                events = at_instants
        return LawfulCase(events, date.fromordinal(day))

    def step(self) -> bool:
        """Take one more step, if it can be taken lawfully; whether it was."""
        owed = self._owed()
        if owed and self.choices.number(0, 2):
            finding = owed[self.choices.number(0, min(len(owed), 4) - 1)]
            return self._try(lambda: self._fulfil(finding))
        kinds = self._free()
        if not kinds:
            return False
        kind = self.choices.of(kinds)
        day = self._day_for(kind)
        return self._try(lambda: self._add(kind, day))

    # --- what may come next ---------------------------------------------------------------------

    def _free(self) -> list[str]:
        """The event types that lead a lifecycle on from where it is; now and then any that a rule is about."""
        law = self.story.law
        opened_by = law.definitions.cases.opened_by
        if opened_by and not self.story.events:
            return [opened_by]
        found: dict[str, None] = {}
        if self.choices.number(0, 3) < 3:
            for lifecycle in law.lifecycles.values():
                found.update(dict.fromkeys(lifecycle.allowed_next(self._state(lifecycle))))
        if not found:
            triggers = (trigger.selector for rule in law.rules.values() for trigger in rule.when)
            found.update(dict.fromkeys(kind for selector in triggers for kind in selector.types))
        return list(found)

    def _day_for(self, kind: str) -> Day:
        """A day from now on; often one from which a period that the event starts ends on a day off or ends a month."""
        periods = self._periods.get(kind, ())
        days = trapping_days(self.choices.of(periods), self.day, self.judging.calendar) if periods else []
        if days and self.choices.number(0, 1):
            return self.choices.of(days)
        return self.day + self.choices.of(GAPS)

    def _state(self, lifecycle: Lifecycle) -> str:
        state = lifecycle.initial
        for event in self.story.ordered():
            trigger = lifecycle.trigger(event)
            state = lifecycle.table.get((state, trigger or ""), state)
        return state

    def _owed(self) -> list[Finding]:
        """The open duties, the soonest first."""
        found = [f for f in self._found if f.verdict is Verdict.PENDING and isinstance(f.rule, Response)]
        return sorted(found, key=lambda f: END if f.deadline is None or f.deadline.due is None else f.deadline.due)

    def _wrong(self, findings: Iterable[Finding]) -> list[Finding]:
        return [f for f in findings if f.verdict in (Verdict.VIOLATED, Verdict.INCONCLUSIVE)]

    # --- one step -------------------------------------------------------------------------------

    def _try(self, act: Callable[[], str]) -> bool:
        before, case = dict(self.story.events), self.story.case
        try:
            day = self.story[act()].day
            for _ in range(REPAIRS):
                day = max(self.day, day, *(event.day for event in self.story.events.values()))
                found = self.judging.findings(self.story.events.values(), day)
                wrong = self._wrong(found)
                if not wrong:
                    self.day, self._found = day, found
                    return True
                self._repairs.repair(wrong[0])
        except CannotConstruct:
            pass
        self.story.events, self.story.case = before, case
        return False

    def _add(self, kind: str, day: Day) -> str:
        about = self.story.law.vocabulary.events[kind].object
        objects = {} if about is None else {about: f"{about}{self.choices.number(1, 2)}"}
        name = self.story.add(kind, day, objects=objects)
        described = self.story.law.vocabulary.events[kind]
        for field in described.fields.values():
            if field.name not in self.story[name].data and not field.is_case_number and self.choices.number(0, 1):
                self.story.give(name, field.name, self.story.value(field, day))
        return name

    def _fulfil(self, finding: Finding) -> str:
        due = None if finding.deadline is None else finding.deadline.due
        day = self.day if due is None else max(self.day, self.choices.of((due, self.day)))
        return self._repairs.answer(finding, day)


def _periods(law: Law) -> Mapping[str, Sequence[Period]]:
    """By event type, the periods of duties that such an event starts."""
    found: dict[str, dict[Period, None]] = {}
    for rule in law.rules.values():
        for trigger in rule.when if isinstance(rule, Response) else ():
            within = trigger.within or rule.within
            if within is not None:
                for kind in trigger.selector.types:
                    found.setdefault(kind, {})[within.latest] = None
    return {kind: list(periods) for kind, periods in found.items()}
