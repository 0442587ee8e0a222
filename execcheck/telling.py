"""Telling: what an event, a correction or time has changed in the cases that are watched, and that it is told once.

Everything done here can be undone: a call that fails halfway leaves the cases as they were told last.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from execcheck import intake
from execcheck.changes import Changes, Effect, Part, Scene
from execcheck.dossiers import Dossier, Dossiers, Latest, later_end, latest_of
from execcheck.events import Day, Event, Moment
from execcheck.families import NEVER
from execcheck.groups import Stood, Whole, stand
from execcheck.handovers import difference
from execcheck.planning import Plan
from execcheck.snapshots import Snapshot
from execcheck.steps import suppose
from execcheck.undoing import Undo


class Teller:
    """Tells the changes in dossiers. ``now`` is the moment that time was led to last, ``today`` its day."""

    def __init__(self, plan: Plan, dossiers: Dossiers) -> None:
        self.plan = plan
        self.judging = plan.judging
        self.dossiers = dossiers
        self.now: Moment | None = None
        self.today: Day = 0
        cases = plan.judging.law.definitions.cases
        self._tying = (cases.opened_by, cases.resumed_by)

    # --- changes ----------------------------------------------------------------------------------

    def next(self, event: Event, undo: Undo) -> Changes | None:
        """Take the next event of a case where that is simple; None where it takes a closer look."""
        dossiers = self.dossiers
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
        undo.callback(dossiers.ids.discard, event.id)
        before, day = dossier.scene, max(self.today, dossier.day, event.day)
        dossier.standing = None  # should this fail, it is worked out anew from the scene
        dossiers.remember(dossier, undo)
        delta = standing.take(event, day)
        dossier.take(event)
        after = Scene((*before.events, event), day)
        changes = Changes(self.judging, (Part(before, after, delta),))
        latest = dossier.latest
        if latest is None or event.day >= latest[0][0]:
            latest = later_end(latest, event)
        dossiers.told(dossier, after, standing, latest)
        return changes

    def tell(self, dossiers: Iterable[Dossier], effect: Effect, undo: Undo) -> Changes:
        """What has changed in some dossiers since it was told last."""
        told = [(dossier, *self._change(dossier, undo)) for dossier in dossiers]
        changes = Changes(self.judging, [part for _, _, part in told], effect)
        for dossier, standing, part in told:
            latest = dossier.latest
            if latest is None or part.after.events != part.before.events:
                latest = latest_of(part.after.events)
            self.dossiers.told(dossier, part.after, standing, latest)
        return changes

    def _change(self, dossier: Dossier, undo: Undo) -> tuple[Stood, Part]:
        """How a dossier stands now, and the change since it was told last."""
        dossiers = self.dossiers
        before, shown, standing = dossiers.ready(dossier).scene, dossier.shown, dossier.standing
        dossier.standing = None  # should this fail, it is worked out anew from the scene
        dossiers.remember(dossier, undo)
        events = dossiers.effective(dossier.events)
        day = max(self.today, *(event.last for event in events)) if events else max(self.today, before.day)
        assert standing is not None  # it is ready
        if not isinstance(standing, Whole) and events == before.events and day >= before.day:
            return standing, Part(before, Scene(events, day), standing.pass_to(day))
        new = stand(self.plan, list(events), day)
        after = Scene(events, day)
        delta = difference(self.plan, shown, before, new, after)
        standing.let_go()
        return new, Part(before, after, delta)

    def supposed(self, event: Event, undo: Undo) -> Changes:
        """What an event would change, which is then taken back."""
        dossiers = self.dossiers
        involved = [dossiers.ready(dossier) for dossier in intake.involved(dossiers, event)]
        before = [e for dossier in involved for e in dossiers.effective(dossier.events)]
        day = max(self.today, event.last, *(e.last for e in before))
        effect, affected = intake.add(dossiers, event, undo)
        if not affected:
            return Changes(self.judging, effect=effect)
        after = [e for dossier in affected for e in dossiers.effective(dossier.events)]
        standing, scene = stand(self.plan, list(before), day), Scene(tuple(before), day)
        part = suppose(self.plan, scene, standing, Scene(tuple(after), day))
        standing.let_go()
        return Changes(self.judging, [part], effect)

    def as_told(self, dossier: Dossier, found: Snapshot, undo: Undo) -> None:
        """Let a dossier stand as a snapshot says that it was told; what has changed since is still to be told."""
        dossiers = self.dossiers
        events = tuple(event for event in found.told if dossiers.by_case[event.case] is dossier)
        standing = stand(self.plan, list(events), found.day)
        alone = not dossier.shown and not dossier.scene.events
        if alone and events == dossiers.effective(dossier.events):
            dossiers.told(dossier, Scene(events, found.day), standing, latest_of(events))
            return
        standing.let_go()
        shown = {**dossier.shown, **standing.shown}
        scene = Scene((*dossier.scene.events, *events), max(dossier.day, found.day))
        dossiers.told(dossier, scene, Whole(shown, [], NEVER), None)
        dossiers.mark_stale(dossier, undo)

    # --- time -------------------------------------------------------------------------------------

    def moment(self, dossier: Dossier, as_of: Moment | None) -> Moment:
        """When a dossier is judged: now, or on the day of its last event where that is later."""
        if as_of is not None:
            return as_of
        latest = self.dossiers.latest(dossier)
        return date.fromordinal(max(self.today, 1 if latest is None else latest[0][0]))

    def later(self, latest: Latest | None) -> Moment | None:
        """The later one of now and a last moment."""
        if latest is None or (self.now is not None and latest[0] <= self._place_of(self.now)):
            return self.now
        return latest[1]

    def _place_of(self, now: Moment) -> tuple[int, bool, float]:
        """Where a moment stands among those of events."""
        exact = isinstance(now, datetime)
        return self.judging.day_of(now), not exact, now.timestamp() if isinstance(now, datetime) else 1.0

    def pass_to(self, now: Moment, undo: Undo) -> None:
        """Lead time to a moment, unless it has come further already."""
        if self.now is None or self._place_of(now) > self._place_of(self.now):
            undo.callback(self._set_now, self.now, self.today)
            self._set_now(now, self.judging.day_of(now))

    def _set_now(self, now: Moment | None, today: Day) -> None:
        self.now, self.today = now, today
