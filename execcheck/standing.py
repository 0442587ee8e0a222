"""How the cases of a family stand: what the rules said about them, kept so that one more event costs little.

A :class:`Standing` keeps, for one family, what every rule answered about every trigger whose answer may still
change. One more event is put to the rules that it triggers and to those answers that it touches
(:mod:`execcheck.touching`); time is put to those answers whose day has come.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from copy import copy
from typing import NamedTuple

from execcheck.docket import Finding, Record
from execcheck.events import Day, Event
from execcheck.families import NEVER, Family
from execcheck.lifecycle import Lifecycle, start, step, walked
from execcheck.lifecycle_rows import Row
from execcheck.planning import Plan, Planned
from execcheck.wording import fingerprint, holder_of

Subject = tuple[str, int, frozenset[tuple[str, str]]]
"""What a judgement is about: the rule, the trigger (by its identity), the objects."""
Key = tuple[str, int, frozenset[tuple[str, str]], Day, int]
"""A finding among all of a group: its subject, for a recurrence the start of the gap, and a count."""
Shown = Mapping[Key, Finding]
"""The findings that stand."""


class Delta(NamedTuple):
    """What an event or time changed: the findings that stood before, those that stand now, the duties met.

    ``retold`` are findings of which the person responsible has changed, perhaps nothing else.
    """

    before: Shown
    after: Shown
    met: Sequence[Finding] = ()
    retold: Set[Key] = frozenset()


NOTHING = Delta({}, {})


def holders(plan: Plan, shown: Shown, event: Event, family: Family) -> dict[Key, str | None]:
    """Who owes what stands in a family, where the event may change that: it names the holder of an office."""
    offices = plan.judging.law.definitions.offices_of.get(event.type)
    if offices is None:
        return {}
    return {
        key: holder_of(found, family) for key, found in shown.items()
        if found.rule.responsible in offices and found.trigger.case in family.cases
    }  # fmt: skip


class Slot:
    """What a rule answered about one trigger."""

    __slots__ = ("event", "home", "judged", "keys", "planned", "until", "wake")

    def __init__(self, planned: Planned, event: Event) -> None:
        self.planned = planned
        self.event = event
        self.keys: tuple[Key, ...] = ()
        self.judged: tuple[Subject, ...] = ()  # what a restating rule takes away from others
        self.until: Day = NEVER  # the last day whose events can change the answer
        self.wake: Day = NEVER  # the soonest day on which time can
        self.home: list[Slot] | None = None  # the list in which it is kept

    def twin(self, home: list[Slot]) -> Slot:
        """The same in another list."""
        twin = Slot(self.planned, self.event)
        twin.keys, twin.judged = self.keys, self.judged
        twin.until, twin.wake, twin.home = self.until, self.wake, home
        return twin


class Walk:
    """Where one instance of a lifecycle stands; ``row`` is where the next step starts."""

    __slots__ = ("begun", "keys", "last", "row")

    def __init__(self, begun: Row) -> None:
        self.begun = self.row = begun
        self.last: Event | None = None
        self.keys: tuple[Key, ...] = ()


class Standing:
    """How one family stands. ``shown`` are the findings that stand, ``wake`` is the day when time changes one."""

    def __init__(self, plan: Plan, family: Family) -> None:
        self.plan = plan
        self.family = family
        self.shown: dict[Key, Finding] = {}
        self.wake: Day = NEVER
        self._restated = plan.bench.restated
        self._raw: dict[Key, Finding] = {}
        self._judged: dict[Subject, int] = {}
        self._hidden: dict[Subject, list[Key]] = {}  # the findings of restated rules, by subject
        self._open: dict[str, list[Slot]] = {}  # by rule: what any later event may change
        self._today: dict[str, list[Slot]] = {}  # by rule: what an event of the last day may change
        self._walks: dict[tuple[str, str], Walk] = {}
        self._last: Day = family.view.events[-1].day if family.view.events else 0
        self._record = Record(plan.judging.calendar, plan.bench.tracked)
        self._before: dict[Key, Finding | None] = {}
        self._planned = {case: plan.planned(case) for case in family.cases}
        for event in family.view.events:
            self._enter(event)
            self._step(event, in_order=True)
        self._settle()

    # --- one more event, or one more day ----------------------------------------------------------

    def accepts(self, event: Event) -> bool:
        """Whether the event can be put in its place without judging the family anew."""
        plain = event.has_id and event.last == event.day
        return plain and event.day >= self._last and event.case in self.family.cases

    def take(self, event: Event, today: Day) -> Delta:
        """Take an event that :meth:`accepts` has accepted, on a day that is not before it."""
        self._before = {}
        self._record.clear()
        if event.day > self._last:
            self._last = event.day
            _emptied(self._today)
        self._let_pass(today)
        family = self.family
        held = holders(self.plan, self.shown, event, family)
        family.insert(event)
        for slot in self._kept(self.plan.touched[event.type]):
            self._ask(slot)
        self._enter(event)
        self._step(event, in_order=family.view.events[-1] is event)
        now = {key: holder_of(self.shown[key], family) for key in held if key in self.shown}
        return self._settle({key for key, person in now.items() if person != held[key]})

    def met(self) -> list[Finding]:
        """The duties met by what was taken last."""
        return self._record.met_findings()

    def let_go(self) -> None:
        """Take the family and the answers apart, which nothing else would do in time."""
        self.family.dissolve()
        _emptied(self._open)
        _emptied(self._today)

    def pass_to(self, today: Day, asking: Set[str] = frozenset()) -> Delta:
        """Let time pass to a day, and ask some rules again, which look at more than this family."""
        self._before = {}
        self._record.clear()
        self._let_pass(today)
        for slot in self._kept(asking):
            self._ask(slot)
        return self._settle()

    def fork(self) -> Standing:
        """A twin that can be tried out: nothing done to it is done to this one."""
        twin = copy(self)
        twin.family = self.family.fork()
        twin.shown, twin._raw, twin._judged = self.shown.copy(), self._raw.copy(), self._judged.copy()
        twin._hidden = {subject: keys.copy() for subject, keys in self._hidden.items()}
        twin._open, twin._today = _twins(self._open), _twins(self._today)
        twin._walks = {name: copy(walk) for name, walk in self._walks.items()}
        twin._record = Record(self.plan.judging.calendar, self.plan.bench.tracked)
        return twin

    def _let_pass(self, today: Day) -> None:
        if today <= self.family.now:
            return
        self.family.pass_to(today)
        if today >= self.wake:
            due = [slot for listed in self._open.values() for slot in listed if slot.wake <= today]
            for slot in due:
                self._ask(slot)
            self.wake = min((slot.wake for listed in self._open.values() for slot in listed), default=NEVER)

    def _kept(self, rules: Set[str]) -> list[Slot]:
        """The answers of some rules that may change."""
        kept = (self._open, self._today)
        return [slot for slots in kept for name in slots.keys() & rules for slot in slots[name]]

    def _enter(self, event: Event) -> None:
        """Put an event to the rules that it triggers."""
        view, own = self.family.view, self.family.cases[event.case]
        for planned in self._planned[event.case].get(event.type, ()):
            condition = planned.condition
            if condition is None or condition(event, view if planned.sees_family else own) is not False:
                self._ask(Slot(planned, event))

    # --- answers ----------------------------------------------------------------------------------

    def _ask(self, slot: Slot) -> None:
        """Ask a rule about one trigger, and keep the answer as long as it may change."""
        record, family, event, planned = self._record, self.family, slot.event, slot.planned
        touch, met = planned.touch, len(record.met_by)
        family.changes_on = NEVER
        triggered = self.plan.bench.judge_one(event, planned.entries, family, record)
        findings, settled = record.taken()
        slot.wake, slot.until = family.changes_on, NEVER
        if not (touch.later if triggered else touch.ahead):
            slot.until = event.day
        elif touch.met_for_good and not findings and len(record.met_by) > met:
            slot.until = max(event.day, *(by.day for _, _, by, _, _ in record.met_by[met:] if by is not None))
        if findings or slot.keys:
            slot.keys = self._replace(slot.keys, findings)
        if planned.restates and (findings or settled or slot.judged):
            self._restate(slot, findings, settled)
        self._keep(slot)

    def _keep(self, slot: Slot) -> None:
        """Keep a slot where later events, events of the same day or the passing of time can change its answer."""
        kept: dict[str, list[Slot]] | None = None
        self.wake = min(self.wake, slot.wake)
        if slot.until == NEVER or slot.wake != NEVER:
            kept = self._open
        elif slot.until >= self._last and not slot.planned.touch.alone:
            kept = self._today
        home = None if kept is None else kept.setdefault(slot.planned.rule, [])
        if home is not slot.home:
            if slot.home is not None:
                slot.home.remove(slot)
            if home is not None:
                home.append(slot)
            slot.home = home

    def _replace(self, keys: tuple[Key, ...], findings: list[Finding]) -> tuple[Key, ...]:
        """Put new findings in the place of old ones."""
        now = dict(keyed(findings))
        for key in keys:
            if key not in now:
                self._put(key, None)
        for key, finding in now.items():
            self._put(key, finding)
        return tuple(now)

    def _put(self, key: Key, finding: Finding | None) -> None:
        if finding is None:
            self._raw.pop(key, None)
        else:
            self._raw[key] = finding
            if key[0] in self._restated:
                keys = self._hidden.setdefault(key[:3], [])
                if key not in keys:
                    keys.append(key)
        self._show(key)

    def _show(self, key: Key) -> None:
        """Let a finding stand, unless a restating rule has judged its subject."""
        before = self.shown.get(key)
        self._before.setdefault(key, before)
        finding = self._raw.get(key)
        if finding is not None and not self._judged.get(key[:3]):
            self.shown[key] = finding
        elif before is not None:
            del self.shown[key]

    def _restate(
        self, slot: Slot, findings: list[Finding], settled: Iterable[tuple[str, Event, Mapping[str, str]]]
    ) -> None:
        """Keep account of the subjects on which restated rules yield."""
        objects = [finding.objects for finding in findings] + [objects for _, _, objects in settled]
        event, judged = slot.event, self._judged
        now = tuple(
            (name, id(event), frozenset(own.items()))
            for own in objects for name in slot.planned.restates
        )  # fmt: skip
        if now == slot.judged:
            return
        for subject, step_ in [*((s, 1) for s in now), *((s, -1) for s in slot.judged)]:
            judged[subject] = judged.get(subject, 0) + step_
        for subject in {*now, *slot.judged}:
            for key in self._hidden.get(subject, ()):
                self._show(key)
        slot.judged = now

    def _settle(self, retold: Set[Key] = frozenset()) -> Delta:
        """What has changed since the last time."""
        for key in retold:
            self._before.setdefault(key, self.shown[key])
        if not self._before:
            return NOTHING
        before = {key: found for key, found in self._before.items() if found is not None}
        after = {key: self.shown[key] for key in self._before if key in self.shown}
        gone = before.keys() - after.keys()
        return Delta(before, after, self.met() if gone else (), retold)

    # --- lifecycles -------------------------------------------------------------------------------

    def _step(self, event: Event, *, in_order: bool) -> None:
        for lifecycle, kind in self.plan.bench.machines.get(event.type, ()):
            name = event.case if kind is None else event.objects.get(kind)
            if name is not None:
                self._walk(lifecycle, kind, name, event, in_order=in_order)

    def _walk(self, lifecycle: Lifecycle, kind: str | None, name: str, event: Event, *, in_order: bool) -> None:
        unseen = self.plan.bench.capture.events
        walk = self._walks.get((lifecycle.name, name))
        if walk is None:
            walk = self._walks[lifecycle.name, name] = Walk(start(lifecycle, (event,), unseen))
        elif event.type in lifecycle.opening and walk.begun is not start(lifecycle, (event,), unseen):
            in_order = False  # what seemed to have begun midway has a beginning
        row = step(lifecycle, walk.row, walk.last, event) if in_order else None
        if row is None:
            events = [
                e for e in self.family.view.events
                if e.type in lifecycle.events and name == (e.case if kind is None else e.objects.get(kind))
            ]  # fmt: skip
            walk.begun = start(lifecycle, events, unseen)
            wrong, row = walked(lifecycle, events, unseen)
            self.plan.bench.wrong_steps(lifecycle, wrong, self._record)
            walk.keys = self._replace(walk.keys, self._record.taken()[0])
            event = events[-1]
        walk.row, walk.last = row, event


def _twins(slots: Mapping[str, list[Slot]]) -> dict[str, list[Slot]]:
    twins: dict[str, list[Slot]] = {}
    for rule, listed in slots.items():
        home = twins[rule] = []
        home.extend(slot.twin(home) for slot in listed)
    return twins


def keyed(findings: Iterable[Finding]) -> Iterator[tuple[Key, Finding]]:
    """Findings with their keys."""
    seen: dict[tuple[str, int, frozenset[tuple[str, str]], Day], int] = {}
    for found in findings:
        # Events that say the same and carry no id are told apart by their count alone, as in their fingerprints.
        trigger = id(found.trigger) if found.trigger.has_id else hash(fingerprint(found))
        recurs = found.rule.kind == "recurrence" and found.deadline is not None
        begun = found.deadline.start if recurs and found.deadline is not None else 0
        base = (found.rule.id, trigger, frozenset(found.objects.items()), begun)
        count = seen.get(base, 0)
        seen[base] = count + 1
        yield (*base, count), found


def _emptied(kept: dict[str, list[Slot]]) -> None:
    """Let go of answers: they and the lists in which they are kept hold each other."""
    for slots in kept.values():
        slots.clear()
    kept.clear()
