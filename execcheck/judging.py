"""Judging: what a law book says about cases that belong together, from their events alone.

The one engine behind whole logs and the live monitor. Neither the order in which events arrive nor what was asked
before can change an answer, because nothing but the events and the day of observation goes into it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from attrs import Factory, evolve, frozen

from execcheck.compiling import Bench
from execcheck.describing import Describer
from execcheck.docket import Docket, Finding
from execcheck.events import Day, Event, Moment, end_of
from execcheck.families import Family
from execcheck.judgement import Judgement
from execcheck.labels import span_labels
from execcheck.lawbook import Law
from execcheck.links import Links, ties
from execcheck.moments import COURT_ZONE
from execcheck.needs import ALL_CAPTURED, Capture
from execcheck.order import sort_events
from execcheck.periods import Calendar
from execcheck.wording import Clerk


@frozen
class Outcome:
    """What the rules say about some families: judgements, and how often each rule was satisfied.

    ``events`` counts the events given, ``ignored`` those of them that come after the time of observation.
    """

    judgements: tuple[Judgement, ...] = ()
    satisfied: Mapping[str, int] = Factory(dict)
    events: int = 0
    ignored: int = 0

    @classmethod
    def of(cls, outcomes: Iterable[Outcome]) -> Outcome:
        """Several outcomes as one, in a stable order."""
        judgements: list[Judgement] = []
        satisfied: Counter[str] = Counter()
        events = ignored = 0
        for outcome in outcomes:
            judgements.extend(outcome.judgements)
            for rule, count in outcome.satisfied.items():
                satisfied[rule] += count
            events += outcome.events
            ignored += outcome.ignored
        ordered = tuple(sorted(judgements, key=lambda judgement: judgement.order))
        return cls(ordered, satisfied, events, ignored)


class Judging:
    """A law book ready to judge: ``capture`` says what the source does not record, ``zone`` is the court's."""

    def __init__(
        self, law: Law, *, capture: Capture = ALL_CAPTURED, calendar: Calendar | None = None,
        as_if_in_force: bool = False, keep_satisfied: bool = False, zone: ZoneInfo = COURT_ZONE,
    ) -> None:  # fmt: skip
        self.law = law
        self.zone = zone
        self.calendar = calendar or Calendar.load()
        self.bench = Bench.of(law, capture, as_if_in_force=as_if_in_force)
        self.as_if_in_force = as_if_in_force
        self._keep = keep_satisfied
        labels = span_labels(law.vocabulary)
        self._clerk = Clerk(Describer(law.vocabulary), self.calendar, law.all_rules, labels)

    def day_of(self, moment: Moment) -> Day:
        """The day of a moment in the court's zone, as a number."""
        return day_of(moment, self.zone).toordinal()

    def outcome(self, events: Iterable[Event], now: Moment) -> Outcome:
        """What the rules say about the cases of a group: all events of cases that name each other.

        Events after ``now`` are ignored and counted.
        """
        today = self.day_of(now)
        given = list(events)
        seen = [event for event in given if event.day < today or not _after(event, now, today)]
        families = self.families(seen, today)
        outcomes = [self._outcome(family) for family in families]
        for family in families:
            family.dissolve()
        if len(outcomes) == 1 and len(seen) == len(given):
            return outcomes[0]
        return Outcome.of([*outcomes, Outcome(events=len(given) - len(seen), ignored=len(given) - len(seen))])

    def families(self, events: list[Event], today: Day) -> list[Family]:
        """The families of a group; those that name each other as related see each other."""
        links = family_links(events, self.law)
        members: dict[str, list[Event]] = {}
        for event in events:
            members.setdefault(links.root(event.case), []).append(event)
        known: dict[str, Family] = {}
        for root, own in members.items():
            known[root] = Family.of(
                sort_events(own), self.law.definitions, today, lambda case: known.get(links.root(case)),
                self.calendar, self.bench.due_of,
            )  # fmt: skip
        return list(known.values())

    def write(self, findings: Iterable[Finding], family: Family) -> list[Judgement]:
        """The judgements on all findings of a family, or on all of a rule."""
        return _told_apart([self._clerk.judgement(f, family, as_if_in_force=self.as_if_in_force) for f in findings])

    def findings(self, events: Iterable[Event], today: Day) -> list[Finding]:
        """What the rules find in a group of cases on a day, not put into words: for those who ask very often."""
        families = self.families(list(events), today)
        found = [finding for family in families for finding in self._docket(family).findings]
        for family in families:
            family.dissolve()
        return found

    def _docket(self, family: Family) -> Docket:
        docket = Docket(self.calendar, self.bench.tracked, self._keep)
        self.bench.judge(family, docket)
        return docket

    def _outcome(self, family: Family) -> Outcome:
        docket = self._docket(family)
        return Outcome(tuple(self.write(docket.findings, family)), docket.met, len(family.view.events))


def family_links(events: Iterable[Event], law: Law) -> Links:
    """Which cases belong to one family, by the events that say so."""
    cases, links = law.definitions.cases, Links()
    for event in events:
        if event.type == cases.opened_by or event.type == cases.resumed_by:
            for case in ties(event.type, event.data, cases)[0]:
                links.join(event.case, case)
    return links


def day_of(moment: Moment, zone: ZoneInfo) -> date:
    """The calendar day of a moment in the court's zone."""
    return moment.astimezone(zone).date() if isinstance(moment, datetime) else end_of(moment)


def _after(event: Event, now: Moment, today: Day) -> bool:
    if event.day != today:
        return event.day > today
    return isinstance(now, datetime) and isinstance(event.time, datetime) and event.time > now


def _told_apart(judgements: list[Judgement]) -> list[Judgement]:
    """Findings about events that say the same and carry no id get fingerprints of their own."""
    seen: Counter[str] = Counter()
    found = []
    for judgement in judgements:
        name = judgement.fingerprint
        seen[name] += 1
        found.append(judgement if seen[name] == 1 else evolve(judgement, fingerprint=f"{name}-{seen[name]}"))
    return found
