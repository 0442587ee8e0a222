"""The groups of cases that a monitor watches: a few of them warm and ready, the others put away in little memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter, itemgetter
from typing import Any

from execcheck.admission import Admission
from execcheck.changes import Scene
from execcheck.events import Day, Event, Moment, end_of
from execcheck.families import NEVER, Family
from execcheck.groups import Stood, stand
from execcheck.idindex import IdIndex
from execcheck.judgement import Verdict
from execcheck.moments import Clock
from execcheck.order import moment
from execcheck.planning import Plan
from execcheck.snapshots import packed, unpacked
from execcheck.standing import Shown
from execcheck.undoing import Undo

Latest = tuple[tuple[int, bool, float], Moment]


class Dossier:
    """One group of cases that name each other.

    ``cases`` are also those that are only named, ``seen`` those that have events. ``events`` are all that came,
    superseded ones too; ``scene`` are those that counted when changes were told last, ``latest`` the last moment of
    these, ``standing`` how the cases stood then. ``stale`` says that events have come since. Of a dossier that was put
    away ``packed`` holds the events, and the rest is worked out from them.
    """

    __slots__ = (
        "cases", "day", "events", "finished", "latest", "next_due", "number", "packed", "scene", "seen", "stale",
        "standing", "wake", "withdrawn",
    )  # fmt: skip

    def __init__(self, number: int, cases: Iterable[str], events: tuple[Event, ...], scene: Scene) -> None:
        self.number = number
        self.cases = tuple(dict.fromkeys(cases))
        self.scene = scene
        self.day: Day = scene.day
        self.standing: Stood | None = None
        self.stale = False
        self.packed: bytes | None = None
        self.wake: Day = NEVER
        self.next_due: Day = NEVER
        self.finished = False
        self.latest: Latest | None = None
        self.hold(events, ())

    @property
    def shown(self) -> Shown:
        """The findings told last."""
        assert self.standing is not None
        return self.standing.shown

    def hold(self, events: tuple[Event, ...], withdrawn: tuple[str, ...]) -> None:
        """Hold these events."""
        self.events = events
        self.withdrawn: tuple[str, ...] = withdrawn
        self.seen = tuple(dict.fromkeys(event.case for event in events))

    def take(self, event: Event) -> None:
        """Hold one more event."""
        self.events = (*self.events, event)
        if event.case not in self.seen:
            self.seen = (*self.seen, event.case)

    def state(self) -> tuple[Any, ...]:
        """Everything that is known of it."""
        return _STATE(self)

    def back_to(self, state: tuple[Any, ...]) -> None:
        """Take it back to an earlier state."""
        for name, value in zip(self.__slots__, state, strict=True):
            setattr(self, name, value)


_STATE: Callable[[Dossier], tuple[Any, ...]] = attrgetter(*Dossier.__slots__)


class Dossiers:
    """All dossiers, by case and by number; at most ``warm`` of them are kept ready."""

    def __init__(self, plan: Plan, warm: int) -> None:
        self.plan = plan
        self.warm = warm
        self.by_case: dict[str, Dossier] = {}
        self.by_number: dict[int, Dossier] = {}
        self.ids = IdIndex()
        self.replaced: dict[str, frozenset[str]] = {}  # ids of superseded events, each with those that supersede it
        self.withdrawn: set[str] = set()
        self.stale: dict[int, Dossier] = {}
        self._warm: dict[int, Dossier] = {}  # the longest unused first
        self._wheel: dict[Day, set[int]] = {}
        self._next = 0
        self.admission = Admission(plan.judging.law.vocabulary, Clock(plan.judging.zone))

    def new(self, cases: Iterable[str], events: tuple[Event, ...], scene: Scene) -> Dossier:
        """A dossier that is not kept yet."""
        self._next += 1
        return Dossier(self._next, cases, events, scene)

    def effective(self, events: Iterable[Event]) -> tuple[Event, ...]:
        """The events that no other supersedes."""
        if not self.replaced:
            return tuple(events)
        return tuple(event for event in events if not (event.has_id and event.id in self.replaced))

    # --- finding ----------------------------------------------------------------------------------

    def holding(self, identity: str) -> tuple[Dossier, Event] | None:
        """The dossier that holds the event of an id, and the event."""
        number = self.ids.find(identity)
        dossier = None if number is None else self.by_number.get(number)
        if dossier is None:
            return None
        self.ready(dossier)
        found = next((event for event in dossier.events if event.has_id and event.id == identity), None)
        return None if found is None else (dossier, found)

    def ready(self, dossier: Dossier) -> Dossier:
        """The dossier with its events and with how it stood."""
        if dossier.packed is not None:
            dossier.events = tuple(unpacked(dossier.packed, self.admission))
            dossier.scene = Scene(self.effective(dossier.events), dossier.day)
            self._use(dossier)
            dossier.packed = None  # last: until then a call that breaks off has changed nothing
        if dossier.standing is None:
            dossier.standing = stand(self.plan, list(dossier.scene.events), dossier.day)
        self._use(dossier)
        return dossier

    def _use(self, dossier: Dossier) -> None:
        """Remember that a dossier is ready and was used just now. One with something to tell is not put away."""
        self._warm.pop(dossier.number, None)
        if dossier.number in self.by_number and not dossier.stale:
            self._warm[dossier.number] = dossier

    def all_of(self, dossier: Dossier) -> tuple[Event, ...]:
        """All events, also of a dossier that was put away, which stays so."""
        return dossier.events if dossier.packed is None else tuple(unpacked(dossier.packed, self.admission))

    def events_of(self, dossier: Dossier) -> tuple[Event, ...]:
        """The events that count, also of a dossier that was put away, which stays so."""
        return self.effective(self.all_of(dossier))

    def latest(self, dossier: Dossier) -> Latest | None:
        """The last moment of the events that count."""
        return latest_of(self.effective(dossier.events)) if dossier.stale else dossier.latest

    # --- keeping ----------------------------------------------------------------------------------

    def keep(self, dossier: Dossier, instead_of: Iterable[Dossier] = ()) -> None:
        """Keep a new dossier, in the place of those that it has taken up."""
        for old in instead_of:
            self.drop(old)
        self.by_number[dossier.number] = dossier
        for case in dossier.cases:
            self.by_case[case] = dossier
        for event in dossier.events:
            if event.has_id:
                self.ids.add(event.id, dossier.number)
        self._use(dossier)
        self._await(dossier)
        if dossier.stale:
            self.stale[dossier.number] = dossier

    def forget(self, dossier: Dossier, undo: Undo) -> None:
        """Forget a dossier with the ids of its events, and what nobody but it could still ask for."""
        undo.callback(self.keep, dossier)
        for event in dossier.events:
            if event.has_id:
                self.ids.discard(event.id)
        for case in dossier.cases:
            self.by_case.pop(case, None)
        self.drop(dossier)
        undo.callback(self.withdrawn.update, dossier.withdrawn)
        self.withdrawn.difference_update(dossier.withdrawn)
        named = {name for event in dossier.events for name in (event.id, event.supersedes) if name is not None}
        for target in named & self.replaced.keys():
            by = self.replaced[target]
            if all(self.ids.find(name) is None for name in (target, *by)):
                undo.callback(self.replaced.__setitem__, target, by)
                del self.replaced[target]

    def drop(self, dossier: Dossier) -> None:
        """Keep a dossier no longer."""
        for table in (self.by_number, self._warm, self.stale):
            table.pop(dossier.number, None)
        self._unschedule(dossier)
        standing, dossier.standing = dossier.standing, None
        if standing is not None:
            standing.let_go()

    def remember(self, dossier: Dossier, undo: Undo) -> None:
        """Should the call fail, the dossier is taken back to how it is now."""
        undo.callback(self._put_back, dossier, dossier.state())

    def _put_back(self, dossier: Dossier, state: tuple[Any, ...]) -> None:
        self._unschedule(dossier)
        standing = dossier.standing
        dossier.back_to(state)
        if dossier.standing is not standing:
            dossier.standing = None  # the earlier one has gone on since, or was taken apart
        if dossier.number not in self.by_number:
            return
        self._await(dossier)
        self.stale.pop(dossier.number, None)
        self._warm.pop(dossier.number, None)
        if dossier.packed is None:
            (self.stale if dossier.stale else self._warm)[dossier.number] = dossier

    def told(self, dossier: Dossier, scene: Scene, standing: Stood, latest: Latest | None) -> None:
        """Changes up to a scene have been told; ``latest`` is the last moment of its events."""
        dossier.scene, dossier.day, dossier.latest = scene, scene.day, latest
        dossier.standing, dossier.stale = standing, False
        self.stale.pop(dossier.number, None)
        self._use(dossier)
        self.schedule(dossier)

    def mark_stale(self, dossier: Dossier, undo: Undo) -> None:
        """Remember that there is something to tell of a dossier."""
        self.ready(dossier)
        self.remember(dossier, undo)
        dossier.stale = True
        self._use(dossier)
        self.stale[dossier.number] = dossier

    # --- time and memory --------------------------------------------------------------------------

    def schedule(self, dossier: Dossier) -> None:
        """Remember when time will change something."""
        wake = NEVER if dossier.standing is None else dossier.standing.wake
        if wake != dossier.wake:
            self._unschedule(dossier)
            dossier.wake = wake
            self._await(dossier)

    def _await(self, dossier: Dossier) -> None:
        if dossier.wake != NEVER:
            self._wheel.setdefault(dossier.wake, set()).add(dossier.number)

    def _unschedule(self, dossier: Dossier) -> None:
        waiting = self._wheel.get(dossier.wake)
        if waiting is not None:
            waiting.discard(dossier.number)
            if not waiting:
                del self._wheel[dossier.wake]

    def waking(self, today: Day) -> Iterator[Dossier]:
        """The dossiers in which time may have changed something up to a day."""
        for day in sorted(day for day in self._wheel if day <= today):
            for number in sorted(self._wheel[day]):
                dossier = self.by_number.get(number)
                if dossier is not None and dossier.wake == day:
                    yield dossier

    def put_away(self, undo: Undo) -> None:
        """Put away what was not used for the longest time."""
        while len(self._warm) > self.warm:
            self._put_away(next(iter(self._warm.values())), undo)

    def _put_away(self, dossier: Dossier, undo: Undo) -> None:
        self.ready(dossier)
        due, finished, data = next_due(dossier.shown), self.is_finished(dossier), packed(dossier.events)
        standing, dossier.standing = dossier.standing, None
        self.remember(dossier, undo)
        dossier.next_due, dossier.finished, dossier.packed = due, finished, data
        dossier.events, dossier.scene = (), Scene((), dossier.day)
        del self._warm[dossier.number]
        if standing is not None:
            standing.let_go()

    def is_finished(self, dossier: Dossier) -> bool:
        """Whether every case is over and no duty is open."""
        if dossier.packed is not None:
            return dossier.finished
        if dossier.stale or any(found.verdict is Verdict.PENDING for found in dossier.shown.values()):
            return False
        families = self.plan.judging.families(list(dossier.scene.events), dossier.day)
        over = all(_over(family, case) for family in families for case in family.cases)
        for family in families:
            family.dissolve()
        return over and bool(families)


def _over(family: Family, case: str) -> bool:
    """Whether a case is over, by its own end or by that of a case in which it was taken up again."""
    return any(family.ended(one, family.view.events[-1]) for one in family.successors(case))


def next_due(shown: Shown) -> Day:
    """The soonest day on which a pending duty falls due."""
    pending = (found.deadline for found in shown.values() if found.verdict is Verdict.PENDING)
    return min((d.due for d in pending if d is not None and d.due is not None), default=NEVER)


def later_end(latest: Latest | None, event: Event) -> Latest:
    """The later one of a last moment and that of an event; a day means its end."""
    own = (moment(event), end_of(event.time))
    return own if latest is None or own[0] >= latest[0] else latest


def latest_of(events: Iterable[Event]) -> Latest | None:
    """The last moment of some events; a day means its end."""
    return max(((moment(event), end_of(event.time)) for event in events), key=itemgetter(0), default=None)
