"""The one engine: events go in one by one, judgements come out at any time.

A :class:`Monitor` keeps the events of open case families and judges a family when asked. Because a family is
judged from its events alone, results do not depend on the order or the grouping in which events arrive, and
asking twice gives the same answer. Checking a whole log feeds the same monitor and releases each family as soon
as its last event is in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from copy import copy
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from attrs import evolve, frozen

from execcheck.compiling import Bench
from execcheck.defects import DefectiveInput
from execcheck.describing import Describer
from execcheck.docket import Docket
from execcheck.events import Event, Moment, end_of
from execcheck.families import Family
from execcheck.judgement import Judgement, Verdict
from execcheck.labels import span_labels
from execcheck.lawbook import Law
from execcheck.links import Links, ties
from execcheck.logs.identity import id_conflict
from execcheck.moments import COURT_ZONE
from execcheck.needs import ALL_CAPTURED, Capture
from execcheck.order import moment, same_content, sort_events
from execcheck.periods import Calendar
from execcheck.wording import Clerk


@frozen
class Outcome:
    """What the rules say about some families: judgements, and how often each rule was satisfied."""

    judgements: tuple[Judgement, ...]
    satisfied: Mapping[str, int]
    ignored: int = 0

    @classmethod
    def of(cls, outcomes: Iterable[Outcome]) -> Outcome:
        """Several outcomes as one, in a stable order."""
        judgements: list[Judgement] = []
        satisfied: Counter[str] = Counter()
        ignored = 0
        for outcome in outcomes:
            judgements.extend(outcome.judgements)
            for rule, count in outcome.satisfied.items():
                satisfied[rule] += count
            ignored += outcome.ignored
        return cls(tuple(sorted(judgements, key=lambda judgement: judgement.order)), satisfied, ignored)


class Monitor:
    """Watches cases under a law book.

    ``capture`` says what the source does not record (by default everything is taken as captured);
    ``as_if_in_force`` ignores the dates of the law. Not safe for concurrent use: one monitor, one thread.
    """

    def __init__(
        self, law: Law, *, capture: Capture = ALL_CAPTURED, calendar: Calendar | None = None,
        as_if_in_force: bool = False, keep_satisfied: bool = False, zone: ZoneInfo = COURT_ZONE,
    ) -> None:  # fmt: skip
        self.law = law
        self.zone = zone
        self.calendar = calendar or Calendar.load()
        self.bench = Bench(law, capture, as_if_in_force=as_if_in_force)
        self._as_if = as_if_in_force
        self._keep = keep_satisfied
        self._tying = (law.definitions.cases.opened_by, law.definitions.cases.resumed_by)
        labels = span_labels(law.vocabulary)
        self._clerk = Clerk(Describer(law.vocabulary), self.calendar, law.all_rules, labels)
        self._start()

    def _start(self) -> None:
        """Without any event."""
        self.observed = 0  # events taken, each once
        self._events: dict[str, dict[object, Event]] = {}  # by case, then by id or place in the case
        self._case_of: dict[str, str] = {}  # by the id of an event
        self._families = Links()
        self._groups = Links()  # families that name each other as related are judged together

    # --- events in ------------------------------------------------------------------------------

    def observe(self, event: Event) -> None:
        """Take one event, in any order; the same event twice counts once.

        Raises :class:`DefectiveInput` where an event with the same id and other content is known in its case.
        """
        known = self._events.get(event.case) or {}
        key: object = event.id if event.has_id else ("", event.place)
        if key in known:
            if same_content(known[key], event):
                return
            if event.has_id:
                raise DefectiveInput([id_conflict(event, known[key])])
            key = ("", event.place, len(known))  # a host gave several events one place
        if event.has_id:
            case = self._case_of.setdefault(event.id, event.case)
            if case != event.case:
                raise DefectiveInput([id_conflict(event, self._events[case][event.id])])
        if not known:
            self._events[event.case] = known
        known[key] = event
        self.observed += 1
        if event.type in self._tying:
            family, related = ties(event.type, event.data, self.law.definitions.cases)
            for case in family:
                self._families.join(event.case, case)
            for case in (*family, *related):
                self._groups.join(event.case, case)

    # --- judgements out -------------------------------------------------------------------------

    def outcome(self, as_of: Moment | None = None) -> Outcome:
        """What the rules say about every case at ``as_of`` (a day means its end; default: the last event)."""
        now = as_of if as_of is not None else self.last_moment()
        if now is None:
            return Outcome((), {})
        return Outcome.of(self._judge(group, now) for group in self._grouped())

    def judgements(self, as_of: Moment | None = None) -> tuple[Judgement, ...]:
        """The judgements of :meth:`outcome`: violated, inconclusive and pending ones."""
        return self.outcome(as_of).judgements

    def due(self, as_of: Moment | None = None, within: timedelta | None = None) -> tuple[Judgement, ...]:
        """Open duties, the soonest first; with ``within`` only those that have a due day by then."""
        now = as_of if as_of is not None else self.last_moment()
        pending = [j for j in self.judgements(now) if j.verdict is Verdict.PENDING]
        if within is not None and now is not None:
            limit = day_of(now, self.zone) + within
            pending = [j for j in pending if j.due is not None and j.due <= limit]
        return tuple(sorted(pending, key=lambda j: (j.due is None, j.due or date.max, j.order)))

    def preview(self, event: Event) -> tuple[Judgement, ...]:
        """What would newly be violated or inconclusive if the event happened; nothing is changed.

        The observation time is that of the event, or the last one if that is later.
        """
        latest = self._latest()
        now = end_of(event.time if latest is None or moment(event) > moment(latest) else latest.time)
        family, related = ties(event.type, event.data, self.law.definitions.cases)
        cases = dict.fromkeys(case for one in (event.case, *family, *related) for case in self._groups.members(one))
        trial = copy(self)
        trial._start()
        for known in [event for case in cases for event in self._events.get(case, {}).values()]:
            trial.observe(known)
        before = {(j.fingerprint, j.verdict) for j in trial.judgements(now)}
        trial.observe(event)
        return tuple(
            j for j in trial.judgements(now)
            if j.verdict in (Verdict.VIOLATED, Verdict.INCONCLUSIVE) and (j.fingerprint, j.verdict) not in before
        )  # fmt: skip

    def release(self, case: str, as_of: Moment) -> Outcome:
        """Judge a case with all that belongs to it for the last time, and forget it."""
        group = [name for name in self._groups.members(case) if name in self._events]
        found = self._judge(group, as_of)
        for name in group:
            for event in self._events.pop(name).values():
                self._case_of.pop(event.id, None)
        return found

    def cases(self) -> tuple[str, ...]:
        """The cases that are being watched."""
        return tuple(self._events)

    def last_moment(self) -> Moment | None:
        """The time of the last event; None while there is none."""
        latest = self._latest()
        return None if latest is None else end_of(latest.time)

    def _latest(self) -> Event | None:
        events = (event for known in self._events.values() for event in known.values())
        return max(events, key=moment, default=None)

    def _grouped(self) -> list[list[str]]:
        groups: dict[str, list[str]] = {}
        for case in self._events:
            groups.setdefault(self._groups.root(case), []).append(case)
        return list(groups.values())

    def _judge(self, group: Iterable[str], now: Moment) -> Outcome:
        """Judge the families of a group."""
        today = day_of(now, self.zone).toordinal()
        families: dict[str, list[Event]] = {}
        count = 0
        for case in group:
            events = self._events[case].values()
            count += len(events)
            seen = [event for event in events if event.day < today or not _after(event, now, today)]
            if seen:
                families.setdefault(self._families.root(case), []).extend(seen)
                count -= len(seen)
        known: dict[str, Family] = {}
        for root, members in families.items():
            definitions = self.law.definitions
            known[root] = Family.of(
                sort_events(members), definitions, today, lambda case: known.get(self._families.root(case)),
                self.calendar, self.bench.due_of,
            )  # fmt: skip
        outcomes = [self._outcome(family, today) for family in known.values()]
        for family in known.values():
            family.dissolve()
        if len(outcomes) == 1 and not count:
            return outcomes[0]
        return Outcome.of([*outcomes, Outcome((), {}, count)])

    def _outcome(self, family: Family, today: int) -> Outcome:
        docket = Docket(today, self.calendar, self.bench.tracked, self._keep)
        self.bench.judge(family, docket)
        written = [self._clerk.judgement(f, family, as_if_in_force=self._as_if) for f in docket.findings]
        return Outcome(tuple(_told_apart(written)), docket.met)


def day_of(moment: Moment, zone: ZoneInfo) -> date:
    """The calendar day of a moment in the court's zone."""
    return moment.astimezone(zone).date() if isinstance(moment, datetime) else end_of(moment)


def _after(event: Event, now: Moment, today: int) -> bool:
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
