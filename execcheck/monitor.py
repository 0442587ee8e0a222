"""The live monitor: events in one by one, corrections and time; what has changed, what is due, what a step would do.

A :class:`Monitor` keeps the events of the cases that it watches and how each group of them stands. Because a group is
judged from its events alone, the result never depends on the order in which they arrived: it is that of a check of
the final log. What was told on the way may have to be taken back, and is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from operator import itemgetter
from threading import RLock
from typing import Any
from zoneinfo import ZoneInfo

from execcheck import intake, snapshots
from execcheck.changes import Changes, Effect, Part, Scene, write
from execcheck.dossiers import Dossier, Dossiers, next_due
from execcheck.events import Day, Event, Moment
from execcheck.groups import Stood, Whole, stand
from execcheck.handovers import difference
from execcheck.intake import undoing
from execcheck.journal import listening, note
from execcheck.judgement import Judgement, Verdict
from execcheck.judging import Judging, Outcome
from execcheck.lawbook import Law
from execcheck.moments import COURT_ZONE
from execcheck.needs import ALL_CAPTURED, Capture
from execcheck.periods import Calendar
from execcheck.planning import Plan
from execcheck.steps import Step, steps_of, suppose


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
        self.now: Moment | None = None
        self._today: Day = 0
        self._plan = Plan(self.judging)
        self._dossiers = Dossiers(self._plan, warm)
        self._tying = (law.definitions.cases.opened_by, law.definitions.cases.resumed_by)
        self._digest = ""
        self._lock = RLock()

    # --- what happens -----------------------------------------------------------------------------

    def observe(self, event: Event) -> Changes:
        """Take one event, in any order, and tell what it changes; the same event twice counts once.

        Raises :class:`DefectiveInput` where the id belongs to an event with other content, or where events correct
        each other in a ring.
        """
        with self._lock:
            changes = self._next(event)
            if changes is None:
                with undoing() as undo:
                    effect, affected = intake.add(self._dossiers, event, undo)
                    changes = self._tell(affected, effect, undo)
            self._dossiers.put_away()
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
        with self._lock, undoing() as undo:
            effect, affected = intake.add(self._dossiers, event, undo)
            for dossier in affected:
                self._dossiers.mark_stale(dossier)
            return effect

    def withdraw(self, identity: str) -> Changes:
        """Take back the event of an id as if it never was, whether it came already or comes later."""
        with self._lock, undoing() as undo:
            affected = intake.remove(self._dossiers, identity, undo)
            note("withdrawn", event_id=identity, known=bool(affected))
            return self._tell(affected, "withdrawn", undo)

    def advance(self, now: Moment) -> Changes:
        """Let time pass to a moment (a day means its end), and tell what became overdue.

        Tells also what was changed by events that were taken without telling. Raises ValueError where time would go
        back.
        """
        with self._lock, undoing() as undo:
            today, earlier = self.judging.day_of(now), (self.now, self._today)
            if today < self._today:
                raise ValueError(f"time does not go back: {now} is before {self.now}")
            undo.callback(self._set_now, *earlier)
            self._set_now(now, today)
            dossiers = self._dossiers
            waking = {one.number: one for one in (*dossiers.stale.values(), *dossiers.waking(today))}
            changes = self._tell(waking.values(), "taken", undo)
            dossiers.passed(today)
            dossiers.put_away()
            return changes

    # --- what is asked ----------------------------------------------------------------------------

    def outcome(self, as_of: Moment | None = None) -> Outcome:
        """What the rules say about every case at ``as_of`` (a day means its end; default: now)."""
        with self._lock:
            return self._outcome(self._dossiers.by_number.values(), as_of)

    def judgements(self, as_of: Moment | None = None, case: str | None = None) -> tuple[Judgement, ...]:
        """The violated, inconclusive and pending judgements at ``as_of``; of one case and those it is judged with."""
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
            today = self.judging.day_of(now)
            limit = None if within is None else today + within.days
            found = [j for dossier in self._of(case) for j in self._pending(dossier, now, today, limit)]
        if responsible is not None:
            found = [j for j in found if j.responsible and responsible in (j.responsible.id, j.responsible.role)]
        return tuple(sorted(found, key=lambda j: (j.due is None, j.due or date.max, j.order)))

    def preview(self, event: Event) -> Changes:
        """What the event would change if it happened: breaches, duties met and duties opened. Nothing is changed.

        What time alone changes until then is left out.
        """
        with self._lock, undoing(always=True) as undo:
            dossiers = self._dossiers
            before = [e for dossier in intake.involved(dossiers, event) for e in dossiers.events_of(dossier)]
            day = max(self._today, event.last, *(e.last for e in before))
            effect, affected = intake.add(dossiers, event, undo)
            if not affected:
                return Changes(self.judging, effect=effect)
            after = [e for dossier in affected for e in dossiers.effective(dossier.events)]
            standing, scene = stand(self._plan, list(before), day), Scene(tuple(before), day)
            part = suppose(self._plan, scene, standing, Scene(tuple(after), day))
            standing.let_go()
            return Changes(self.judging, [part], effect)

    def allowed(self, case: str, at: Moment | None = None, types: Iterable[str] | None = None) -> tuple[Step, ...]:
        """Which steps lifecycles and rules permit a case now, and which they forbid, with the reasons.

        ``at`` is when the step would be taken (default: now), ``types`` the event types to look at (default: all that
        a lifecycle knows). Raises KeyError for a case that is not watched.
        """
        with self._lock:
            dossier = self._dossiers.by_case[case]
            moment = at if at is not None else self.last_moment()
            assert moment is not None  # the case has an event
            if at is None and isinstance(moment, datetime):
                moment += timedelta.resolution  # after the last event, not at once with it
            events = self._dossiers.events_of(dossier)
            scene = Scene(events, max(self.judging.day_of(moment), *(event.last for event in events)))
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
            ends = [dossier.latest for dossier in self._dossiers.by_number.values() if dossier.latest is not None]
            latest = max(ends, key=itemgetter(0), default=None)
            if latest is None or (self.now is not None and latest[0][0] <= self._today):
                return self.now
            return latest[1]

    # --- keeping and letting go -------------------------------------------------------------------

    def snapshot(self, case: str) -> dict[str, Any]:
        """A case, with all that it is judged with, as JSON-able data. Raises KeyError for one that is not watched."""
        with self._lock:
            dossier = self._dossiers.ready(self._dossiers.by_case[case])
            return snapshots.written(dossier.events, dossier.withdrawn, dossier.day, self.digest)

    def restore(self, snapshot: Mapping[str, Any], *, rebuild: bool = False) -> Changes:
        """Watch the cases of a snapshot again, as they stood; tells nothing, for all of it had been told.

        Raises :class:`SnapshotRefused` for a damaged one, one of cases that are watched, or one of another law book;
        with ``rebuild`` the events are then judged anew, and everything that now stands is told: empty the table
        of these cases first.
        """
        with self._lock, undoing() as undo:
            found = snapshots.read(snapshot, self.law, self.digest, watched=self._watches, rebuild=rebuild)
            dossiers, affected = self._dossiers, {}  # type: Dossiers, dict[int, Dossier]
            for event in found.events:
                for dossier in intake.add(dossiers, event, undo)[1]:
                    affected[dossier.number] = dossier
            own = {dossiers.by_case[event.case].number for event in found.events}
            intake.set_aside(dossiers, found.withdrawn, [dossiers.by_number[number] for number in own], undo)
            told = [self._change(dossiers.by_number[number], found.day, undo) for number in own]
            changes = self._commit(told, "taken")
            for number in affected.keys() - own:
                if number in dossiers.by_number:
                    dossiers.mark_stale(dossiers.by_number[number])
            dossiers.put_away()
            return changes if rebuild and snapshot["law"] != self.digest else Changes(self.judging)

    def release(self, case: str, as_of: Moment) -> Outcome:
        """Judge a case with all that it is judged with for the last time, and forget it."""
        with self._lock:
            dossier = self._dossiers.by_case.get(case)
            if dossier is None:
                return Outcome()
            found = self._outcome([dossier], as_of)
            self._dossiers.forget(self._dossiers.ready(dossier))
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

    def _next(self, event: Event) -> Changes | None:
        """Take the next event of a case where that is simple; None where it takes a closer look."""
        dossiers = self._dossiers
        dossier = dossiers.by_case.get(event.case)
        if dossier is None or event.supersedes is not None or dossier.stale:
            return None
        if event.type in self._tying and len(intake.named_by(dossiers, event)) > 1:
            return None
        if not event.has_id or event.id in dossiers.replaced or event.id in dossiers.withdrawn:
            return None
        standing = dossiers.ready(dossier).standing
        if standing is None or isinstance(standing, Whole) or not standing.accepts(event):
            return None
        if dossiers.ids.claim(event.id, dossier.number) is not None:
            return None
        before, day = dossier.scene, max(self._today, dossier.day, event.day)
        # Should the next line fail, the standing is worked out anew from the scene, and nobody holds the id.
        dossier.standing = None
        delta = standing.take(event, day)
        dossier.take(event)
        after = Scene((*before.events, event), day)
        dossiers.told(dossier, after, standing)
        return Changes(self.judging, (Part(before, after, delta),))

    def _tell(self, dossiers: Iterable[Dossier], effect: Effect, undo: ExitStack) -> Changes:
        """What has changed in some dossiers since it was told last."""
        return self._commit([self._change(dossier, self._today, undo) for dossier in dossiers], effect)

    def _change(self, dossier: Dossier, day: Day, undo: ExitStack) -> tuple[Dossier, Stood, Part]:
        """How a dossier stands on a day, and the change since it was told last."""
        dossiers = self._dossiers
        before, shown, standing = dossiers.ready(dossier).scene, dossier.shown, dossier.standing
        events = dossiers.effective(dossier.events)
        day = max(day, *(event.last for event in events)) if events else max(day, before.day)
        assert standing is not None  # it is ready
        if not isinstance(standing, Whole) and events == before.events and day >= before.day:
            undo.callback(setattr, dossier, "standing", None)
            return dossier, standing, Part(before, Scene(events, day), standing.pass_to(day))
        new = stand(self._plan, list(events), day)
        after = Scene(events, day)
        return dossier, new, Part(before, after, difference(self._plan, shown, before, new, after))

    def _commit(self, told: Iterable[tuple[Dossier, Stood, Part]], effect: Effect) -> Changes:
        parts = []
        for dossier, standing, part in told:
            self._dossiers.told(dossier, part.after, standing)
            parts.append(part)
        return Changes(self.judging, parts, effect)

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
        now = as_of if as_of is not None else self.last_moment()
        if now is None:
            return Outcome()
        return Outcome.of(self.judging.outcome(self._dossiers.events_of(dossier), now) for dossier in dossiers)

    def _pending(self, dossier: Dossier, now: Moment, today: Day, limit: Day | None) -> list[Judgement]:
        """The duties open in a dossier that fall due by a day."""
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

    def _set_now(self, now: Moment | None, today: Day) -> None:
        self.now, self._today = now, today
