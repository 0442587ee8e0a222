"""The live monitor: events in one by one, corrections and time; what has changed, what is due, what a step would do.

A :class:`Monitor` keeps the events of the cases that it watches and how each group of them stands. Because a group is
judged from its events alone, the result never depends on the order in which they arrived: it is that of a check of
the final log. What was told on the way may have to be taken back, and is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from operator import itemgetter
from threading import RLock
from typing import Any
from zoneinfo import ZoneInfo

from execcheck import intake, snapshots
from execcheck.changes import Changes, Effect, Scene, write
from execcheck.dossiers import Dossier, Dossiers, next_due
from execcheck.events import Day, Event, Moment
from execcheck.groups import stand
from execcheck.journal import listening, note
from execcheck.judgement import Judgement, Verdict
from execcheck.judging import Judging, Outcome
from execcheck.lawbook import Law
from execcheck.moments import COURT_ZONE
from execcheck.needs import ALL_CAPTURED, Capture
from execcheck.periods import Calendar
from execcheck.planning import Plan
from execcheck.steps import Step, steps_of
from execcheck.telling import Teller
from execcheck.undoing import Undo


class Monitor:
    """Watches cases under a law book.

    ``capture`` says what the source does not record (by default everything is taken as captured);
    ``as_if_in_force`` ignores the dates of the law; ``warm`` is how many groups of cases are kept ready for the next
    event, the others lie packed. Any thread may call anything: calls take turns. A call that raises changes nothing.
    """

    def __init__(
        self, law: Law, *, capture: Capture = ALL_CAPTURED, calendar: Calendar | None = None,
        as_if_in_force: bool = False, keep_satisfied: bool = False, zone: ZoneInfo = COURT_ZONE, warm: int = 1000,
    ) -> None:  # fmt: skip
        self.law = law
        self.judging = Judging(
            law, capture=capture, calendar=calendar, as_if_in_force=as_if_in_force, keep_satisfied=keep_satisfied,
            zone=zone,
        )  # fmt: skip
        self._plan = Plan(self.judging)
        self._dossiers = Dossiers(self._plan, warm)
        self._teller = Teller(self._plan, self._dossiers)
        self._digest = ""
        self._lock = RLock()

    # --- what happens -----------------------------------------------------------------------------

    def observe(self, event: Event) -> Changes:
        """Take one event, in any order, and tell what it changes; the same event twice counts once.

        Raises :class:`DefectiveInput` where the id belongs to an event with other content, or where events correct
        each other in a ring.
        """
        with self._lock, Undo() as undo:
            changes = self._teller.next(event, undo)
            if changes is None:
                effect, affected = intake.add(self._dossiers, event, undo)
                changes = self._teller.tell(affected, effect, undo)
            self._dossiers.put_away(undo)
            if listening():
                note("changed", case=event.case, event_id=event.id, event_type=event.type, changes=changes)
            return changes

    def follow(self, events: Iterable[Event]) -> Iterator[Changes]:
        """Observe one event after the other, and give the changes wherever there are any."""
        return filter(None, map(self.observe, events))

    def take(self, event: Event) -> Effect:
        """Take an event without telling anything yet: the next event of its cases tells of it, or :meth:`advance`.

        For many events at once. Raises as :meth:`observe`.
        """
        with self._lock, Undo() as undo:
            effect, affected = intake.add(self._dossiers, event, undo)
            for dossier in affected:
                self._dossiers.mark_stale(dossier, undo)
            self._dossiers.put_away(undo)
            return effect

    def withdraw(self, identity: str) -> Changes:
        """Take back the event of an id as if it never was, whether it came already or comes later."""
        with self._lock, Undo() as undo:
            affected = intake.remove(self._dossiers, identity, undo)
            changes = self._teller.tell(affected, "withdrawn", undo)
            self._dossiers.put_away(undo)
            note("withdrawn", event_id=identity, known=bool(affected))
            return changes

    def advance(self, now: Moment) -> Changes:
        """Let time pass to a moment (a day means its end), and tell what became overdue.

        Tells also what was changed by events that were taken without telling. Raises ValueError where the day would
        be an earlier one; within a day ``now`` stays the latest that was given.
        """
        with self._lock, Undo() as undo:
            today = self.judging.day_of(now)
            if today < self._teller.today:
                raise ValueError(f"time does not go back: {now} is before {self._teller.now}")
            self._teller.pass_to(now, undo)
            dossiers = self._dossiers
            waking = {one.number: one for one in (*dossiers.stale.values(), *dossiers.waking(today))}
            changes = self._teller.tell(waking.values(), "taken", undo)
            dossiers.put_away(undo)
            return changes

    @property
    def now(self) -> Moment | None:
        """The moment that time was led to last; None before."""
        return self._teller.now

    # --- what is asked ----------------------------------------------------------------------------

    def outcome(self, as_of: Moment | None = None) -> Outcome:
        """What the rules say about every case at ``as_of``: a day means its end.

        By default cases are judged at the time of :meth:`advance`, or of their own last event where that is later.
        """
        with self._lock:
            return self._outcome(self._dossiers.by_number.values(), as_of)

    def judgements(self, as_of: Moment | None = None, case: str | None = None) -> tuple[Judgement, ...]:
        """The violated, inconclusive and pending judgements (see :meth:`outcome`).

        With ``case`` only those of that case and of those it is judged with.
        """
        with self._lock:
            return self._outcome(self._of(case), as_of).judgements

    def due(
        self, as_of: Moment | None = None, within: timedelta | None = None, responsible: str | None = None,
        case: str | None = None,
    ) -> tuple[Judgement, ...]:  # fmt: skip
        """Open duties, the soonest first.

        ``within`` keeps those that have a due day by then, ``responsible`` those of a person (id) or a role.
        """
        with self._lock:
            now = as_of if as_of is not None else self.last_moment()
            if now is None:
                return ()
            limit = None if within is None else self.judging.day_of(now) + within.days
            found = [j for dossier in self._of(case) for j in self._pending(dossier, as_of, limit)]
        if responsible is not None:
            found = [j for j in found if j.responsible and responsible in (j.responsible.id, j.responsible.role)]
        return tuple(sorted(found, key=lambda j: (j.due is None, j.due or date.max, j.order)))

    def preview(self, event: Event) -> Changes:
        """What the event would change if it happened: breaches, duties met and duties opened. Nothing is changed.

        What time alone changes until then is left out.
        """
        with self._lock:
            try:
                with Undo(always=True) as undo:
                    return self._teller.supposed(event, undo)
            finally:
                with Undo() as undo:
                    self._dossiers.put_away(undo)

    def allowed(self, case: str, at: Moment | None = None, types: Iterable[str] | None = None) -> tuple[Step, ...]:
        """Which steps lifecycles and rules permit a case now, and which they forbid, with the reasons.

        ``at`` is when the step would be taken (default: now), ``types`` the event types to look at (default: all that
        a lifecycle knows). Raises KeyError for a case that is not watched, ValueError where no time is known.
        """
        with self._lock:
            dossier = self._dossiers.by_case[case]
            moment = at if at is not None else self._teller.later(self._dossiers.latest(dossier))
            if moment is None:  # whatever came was withdrawn or superseded
                raise ValueError(f"nothing stands in {case}, and no time is known: give at")
            if at is None and isinstance(moment, datetime):
                moment += timedelta.resolution  # after the last event, not at once with it
            events = self._dossiers.events_of(dossier)
            last = max((event.last for event in events), default=0)
            scene = Scene(events, max(self.judging.day_of(moment), last))
            standing = stand(self._plan, list(events), scene.day)
            found = tuple(steps_of(self._plan, scene, standing, case, moment, types))
            standing.let_go()
            return found

    def cases(self) -> tuple[str, ...]:
        """The cases being watched."""
        with self._lock:
            return tuple(filter(self._watches, self._dossiers.by_case))

    def last_moment(self) -> Moment | None:
        """The time to which events or :meth:`advance` have led; None while there is none."""
        with self._lock:
            ends = [end for one in self._dossiers.by_number.values() if (end := self._dossiers.latest(one)) is not None]
            return self._teller.later(max(ends, key=itemgetter(0), default=None))

    # --- keeping and letting go -------------------------------------------------------------------

    def snapshot(self, case: str) -> dict[str, Any]:
        """A case, with all that it is judged with, as JSON-able data. Raises KeyError for one that is not watched."""
        with self._lock:
            dossier = self._dossiers.by_case[case]
            events = self._dossiers.all_of(dossier)
            scene = dossier.scene.events if dossier.stale else None
            return snapshots.written(
                events, dossier.withdrawn, self._dossiers.replaced, told=scene, day=dossier.day,
                today=self._teller.today, digest=self.digest,
            )  # fmt: skip

    def restore(self, snapshot: Mapping[str, Any], *, rebuild: bool = False) -> Changes:
        """Watch the cases of a snapshot again, as they stood; tells nothing, for all of it had been told.

        What had not been told yet, and what the snapshot changes in cases that are watched already, is told by
        :meth:`advance` or the next event. Time passes at least to that of the monitor that wrote the snapshot.
        Raises :class:`SnapshotRefused` for a damaged one, one of cases that are watched, or one of another law book;
        with ``rebuild`` the events are then judged anew, and everything that now stands is told: empty the table
        of these cases first.
        """
        with self._lock, Undo() as undo:
            found = snapshots.read(snapshot, self._dossiers.admission, self.digest, self._watches, rebuild=rebuild)
            dossiers, affected = self._dossiers, {}  # type: Dossiers, dict[int, Dossier]
            if found.today > self._teller.today:
                self._teller.pass_to(date.fromordinal(found.today), undo)
            touched = [*intake.set_aside(dossiers, found.withdrawn, undo)]
            touched += intake.superseded(dossiers, found.replaced, undo)
            for event in found.events:
                touched += intake.add(dossiers, event, undo)[1]
            affected = {one.number: one for one in touched if one.number in dossiers.by_number}
            own = {dossiers.by_case[case].number: dossiers.by_case[case] for case in found.cases}
            for dossier in own.values():
                dossiers.remember(dossier, undo)
                dossier.withdrawn = tuple(dict.fromkeys((*dossier.withdrawn, *found.withdrawn)))
            changes = Changes(self.judging)
            if rebuild and found.law != self.digest:
                changes = self._teller.tell(own.values(), "taken", undo)
            else:
                for dossier in own.values():
                    self._teller.as_told(dossier, found, undo)
            for number in affected.keys() - own.keys():
                dossiers.mark_stale(affected[number], undo)
            dossiers.put_away(undo)
            return changes

    def release(self, case: str, as_of: Moment) -> Outcome:
        """Judge a case with all that it is judged with for the last time, and forget it."""
        with self._lock, Undo() as undo:
            dossier = self._dossiers.by_case.get(case)
            if dossier is None:
                return Outcome()
            found = self._outcome([dossier], as_of)
            self._dossiers.forget(self._dossiers.ready(dossier), undo)
            return found

    def finished(self) -> tuple[str, ...]:
        """The cases that may be released: over, with all that they are judged with, and no duty open."""
        with self._lock:
            dossiers = self._dossiers
            return tuple(c for c in self.cases() if dossiers.is_finished(dossiers.by_case[c]))

    @property
    def digest(self) -> str:
        """A name for the law book, the calendar and the settings; snapshots carry it."""
        if not self._digest:
            self._digest = snapshots.digest_of(self.judging)
        return self._digest

    # --- how it is done ---------------------------------------------------------------------------

    def _watches(self, case: str) -> bool:
        """Whether there is an event of the case; some are only named."""
        dossier = self._dossiers.by_case.get(case)
        return dossier is not None and case in dossier.seen

    def _of(self, case: str | None) -> list[Dossier]:
        dossiers = self._dossiers
        if case is None:
            return list(dossiers.by_number.values())
        return [dossiers.by_case[case]] if case in dossiers.by_case else []

    def _outcome(self, dossiers: Iterable[Dossier], as_of: Moment | None) -> Outcome:
        judge, events_of = self.judging.outcome, self._dossiers.events_of
        return Outcome.of(judge(events_of(dossier), self._teller.moment(dossier, as_of)) for dossier in dossiers)

    def _pending(self, dossier: Dossier, as_of: Moment | None, limit: Day | None) -> list[Judgement]:
        """The duties open in a dossier that fall due by a day."""
        now = self._teller.moment(dossier, as_of)
        today = self.judging.day_of(now)
        whole_day = not isinstance(now, datetime) or dossier.latest is None or dossier.latest[0][0] < today
        current = not dossier.stale and dossier.day <= today < dossier.wake and whole_day
        if current and limit is not None:
            soonest = dossier.next_due if dossier.packed is not None else next_due(self._dossiers.ready(dossier).shown)
            if soonest > limit:
                return []
        if current and dossier.packed is None:
            shown = self._dossiers.ready(dossier).shown.items()
            pending = [(key, finding) for key, finding in shown if finding.verdict is Verdict.PENDING]
            found = write(self.judging, Scene(dossier.scene.events, today), pending)
        else:
            judged = self.judging.outcome(self._dossiers.events_of(dossier), now).judgements
            found = [judgement for judgement in judged if judgement.verdict is Verdict.PENDING]
        if limit is None:
            return found
        return [one for one in found if one.due is not None and one.due.toordinal() <= limit]
