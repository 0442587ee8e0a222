"""``response``: after each trigger something must follow, on the same object and in time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from execcheck.answers import Missing
from execcheck.docket import Docket
from execcheck.durations import END
from execcheck.events import Day, Event
from execcheck.families import Family, View
from execcheck.kinds.base import Judge, candidates
from execcheck.kinds.clock import Clock
from execcheck.kinds.duty import Duty, agrees, due_date, fan_out
from execcheck.kinds.sums import reached_by
from execcheck.order import before, certainly_before, moment
from execcheck.periods import Deadline, Period, due_day, fixed, hours_met, minus, plus
from execcheck.policy import Response, Severity, Trigger
from execcheck.terms import Pairs
from execcheck.vocabulary import MISSING, Vocabulary


class ResponseJudge(Judge):
    """Compiled ``response`` rule."""

    rule: Response

    def __init__(self, rule: Response, vocabulary: Vocabulary) -> None:
        super().__init__(rule, vocabulary)
        pairs = self.conditions.selectors
        self.then, self.before, self.unless = pairs(rule.then), pairs(rule.before), pairs(rule.unless)
        self.without, self.provided = pairs(rule.without), pairs(rule.provided)
        self.not_before, self.restarts = pairs(rule.not_before), pairs(rule.restarted_by)
        types = sorted({kind for trigger in rule.when for kind in trigger.selector.types})
        self.match = tuple((name, self.conditions.getter(path, types)) for name, path in rule.match)
        self.reach = None
        if rule.reaching is not None:
            self.reach = (rule.reaching.field, pairs(rule.reaching.of), pairs(rule.reaching.each))
        self.mixed = any(trigger.follow for trigger in rule.when)  # then the other triggers stay in their own case
        hours = any(p.unit == "h" for t in rule.when for d in (t.within or rule.within,) if d for _, p in d.values)
        special = (rule.counts_from, rule.without, rule.earliest)
        dated = {path for path in (rule.due_on, *(t.due_on for t in rule.when)) if path is not None}
        self.dates = {path: due_date(path, self.conditions.getter(path, types), rule.per) for path in dated}
        self.settled = not (any(special) or hours)  # the trigger alone, or its data, tells when it is certainly in time
        extension = rule.extended_by
        self.waits = extension is not None and extension.even_late
        self.triggers = tuple((t, self.conditions.selector(t.selector)) for t in rule.when)
        self.clock = Clock(
            rule.stops,
            pairs(extension.selectors) if extension else (),
            extension.within if extension else None,
            even_late=self.waits,
        )

    def judge(self, event: Event, view: View, docket: Docket, trigger: Trigger) -> None:
        """Judge the duty of one trigger, or one duty for each object the rule fans out over."""
        rule = self.rule
        if rule.for_each is None:
            per = self.per
            object_id = None if per is None else event.objects.get(per)
            if per is not None and object_id is None:
                docket.inconclusive(rule, event, (f"objects.{per}",))
                return
            case, place, whole = event.case, view, view
            if trigger.follow is not None or self.mixed:
                case, place, whole = self._place(event, view, trigger)
            quick = self.settled and view.family.exact and not docket.keep
            if quick and self._met_early(event, place, whole, docket, trigger, object_id):
                return
            duty = Duty(event, place, whole, per, object_id)
            duty.case = case
            self._judge(duty, docket, trigger)
            return
        for kind, each, doubt in fan_out(rule.for_each, event, view):
            duty = Duty(event, view, view, kind, each)
            duty.kind, duty.doubt = rule.for_each.object, doubt
            self._judge(duty, docket, trigger)

    def _place(self, event: Event, view: View, trigger: Trigger) -> tuple[str, View, View]:
        """The case in which the duty is owed, where it is met, and where stops and extensions are looked up."""
        if trigger.follow is not None:
            case = str(event.data.get(trigger.follow, event.case))
            return case, view.family.case(case), view
        if self.mixed:
            view = view.family.cases[event.case]
        return event.case, view, view

    def _met_early(
        self, event: Event, view: View, whole: View, docket: Docket, trigger: Trigger, object_id: str | None
    ) -> bool:
        """The common case: met beyond doubt before any stop, extension or closing event could matter."""
        day, or_earlier = event.day, self.rule.or_earlier
        safe = self._safe_day(event, view, whole, docket, trigger)
        if safe is None or (safe < day and not or_earlier):
            return False
        if self.provided and not self._provided_by(safe, event, view, object_id):
            # A day given in the data is exact: without the event by then there is no duty.
            return (trigger.due_on or self.rule.due_on) is not None and not self.before
        if self.reach is not None:
            duty = Duty(event, view, whole, self.per, object_id)
            met = next((e for e, missing in self._then(duty) if not missing and e.day <= safe), None)
            if met is not None:
                docket.satisfied(self.rule, event, met, object_id)
            return met is not None
        per, wanted = self.per, self._wanted(event, view) if self.match else None
        for kind, check in self.then:
            for candidate in view.by_type.get(kind, ()):
                on = candidate.day
                if on > safe:
                    break
                if (
                    (on > day or or_earlier or (on == day and before(event, candidate)))
                    and candidate is not event
                    and (per is None or candidate.objects.get(per) == object_id)
                    and (not wanted or agrees(wanted, candidate))
                    and (check is None or check(candidate, view) is True)
                ):
                    docket.satisfied(self.rule, event, candidate, object_id)
                    return True
        return False

    def _safe_day(self, event: Event, view: View, whole: View, docket: Docket, trigger: Trigger) -> Day | None:
        """A day by which the duty is certainly met in time; None where that takes a closer look.

        Stops only ever move a due day later. Where closing events end the duty, the day before the first of them.
        """
        if self.before:
            day = event.day
            closings = [e.day for kind, _ in self.before for e in view.by_type.get(kind, ()) if e.day >= day]
            return min(closings) - 1 if closings else END
        for kind, _ in self.clock.extensions:
            if kind in whole.by_type:
                return None
        path = trigger.due_on or self.rule.due_on
        if path is not None:
            until = self.dates[path](event, view)
            usable = isinstance(until, date) and (path.root != "latest" or until.toordinal() >= event.day)
            return until.toordinal() if usable else None
        within = trigger.within or self.rule.within
        return None if within is None else due_day(docket.calendar, event.day, within.of(event.day))

    def _provided_by(self, day: Day, event: Event, view: View, object_id: str | None) -> bool:
        """Whether the event on which the duty depends came by a day, beyond doubt."""
        return any(
            e.day <= day and not missing and e is not event
            for e, missing in candidates(view, self.provided, self.per, object_id)
        )

    # --- one duty -------------------------------------------------------------------------------

    def _judge(self, duty: Duty, docket: Docket, trigger: Trigger) -> None:
        if self.before:
            self._until_event(duty, docket)
            return
        rule, event = self.rule, duty.event
        path = trigger.due_on or rule.due_on
        if path is not None:
            until = self.dates[path](event, duty.view)
            # A day looked up in an earlier event says nothing once it has passed.
            if not isinstance(until, date) or (path.root == "latest" and until.toordinal() < event.day):
                if not self.provided or any(True for _ in self._on_object(duty, self.provided, None)):
                    docket.inconclusive(rule, event, (str(path),), duty.object_id, duty.kind)
                return
            stated, whole = fixed(until.toordinal()), duty.whole
            strict = self.clock.extended(whole, duty, stated, strictly=True)
            self._by(duty, docket, self.clock.extended(whole, duty, stated), strict.due)
            return
        duty.start = event.last  # where only the month is known: the reading kindest to who owes the duty
        if not self._start(duty, docket):
            return
        period = self._period(trigger, event)
        if self.waits:
            duty.until = self._first_act(duty)
        plain = duty.view.family.exact and not (self.settled or docket.keep or self.rule.provided or duty.doubt)
        if plain and self.clock.simple(duty.whole):
            due = due_day(docket.calendar, duty.start, period)
            for met, missing in self._then(duty):
                if not missing and self._in_time(duty, met, met.day, due, period):
                    docket.satisfied(rule, event, met, duty.object_id, duty.kind)
                    return
        found = self.clock.deadline(docket.calendar, duty.whole, duty, period)
        self._by(duty, docket, found, self._strict(duty, docket, found, period), period)

    def _strict(self, duty: Duty, docket: Docket, kind: Deadline, period: Period) -> Day | None:
        """The due day under the strictest reading of months, where the log does not tell the days."""
        if duty.view.family.exact:
            return kind.due
        strict = Duty(duty.event, duty.view, duty.whole, duty.per, duty.object_id)
        strict.case, strict.until = duty.case, duty.until
        self._start(strict, Docket(docket.calendar))
        return self.clock.deadline(docket.calendar, duty.whole, strict, period, strictly=True).due

    def _period(self, trigger: Trigger, event: Event) -> Period:
        within = trigger.within or self.rule.within
        assert within is not None
        return within.of(event.day)

    def running(self, event: Event, family: Family) -> Day | None:
        """The due day, as it stood before an event, of the latest duty of the event's case (and object) that ran."""
        docket = Docket(family.calendar)
        found: list[tuple[Duty, Trigger]] = []
        for trigger, pairs in self.triggers:
            for earlier, missing in candidates(family.view, pairs, None, None):
                if missing or earlier is event or not before(earlier, event):
                    continue
                own = family.view if self.rule.scope != "case" or self.per else family.case(earlier.case)
                case, place, whole = self._place(earlier, own, trigger)
                object_id = earlier.objects.get(self.per) if self.per else None
                known = object_id is not None and object_id == event.objects.get(self.per or "")
                if case == event.case and (self.per is None or known):
                    duty = Duty(earlier, place, whole, self.per, object_id)
                    duty.case, duty.until = case, event
                    found.append((duty, trigger))
        if not found:
            return None
        duty, trigger = max(found, key=lambda pair: moment(pair[0].event))
        if not self._start(duty, docket):
            return None
        return self.clock.deadline(family.calendar, duty.whole, duty, self._period(trigger, duty.event)).due

    def _start(self, duty: Duty, docket: Docket) -> bool:
        """Work out the day from which the period counts; False where there is no duty (yet)."""
        event, view = duty.event, duty.view
        if self.restarts:
            act = self._first_act(duty)
            again = [e.day for e, missing in self._on_object(duty, self.restarts, event)
                     if not missing and (act is None or before(e, act))]  # fmt: skip
            duty.start = max(again, default=duty.start)
        if self.not_before:
            filings = [
                e for e, missing in candidates(view.family.case(event.case), self.not_before, None, None) if not missing
            ]
            filings = filings or [
                e for e, missing in candidates(view.family.view, self.not_before, None, None) if not missing
            ]
            duty.start = max(duty.start, min((e.day for e in filings), default=duty.start))
        counts = self.rule.counts_from
        if counts is not None:
            if counts.period is not None:
                duty.start = plus(duty.start, counts.period)
            else:
                day = event.data.get(counts.field or "")
                if not isinstance(day, date):
                    docket.inconclusive(self.rule, event, (str(counts.field),), duty.object_id, duty.kind)
                    return False
                duty.start = day.toordinal()
        if self.without:
            if not view.family.over(duty.start):
                return False
            prevented = [missing for e, missing in self._on_object(duty, self.without, event) if e.day <= duty.start]
            duty.doubt = next(iter(prevented), ())
            return () not in prevented
        return True

    def _by(
        self, duty: Duty, docket: Docket, deadline: Deadline, strict: Day | None, period: Period | None = None
    ) -> None:
        """The verdict once the due day is known (``deadline.due`` None: the clock stands still).

        ``strict`` is the due day under the strictest reading; it differs only where months are known without days.
        """
        rule, event, due = self.rule, duty.event, deadline.due
        family = duty.view.family
        by = family.now if due is None else due
        if self.provided and not any(
            e.day <= by for e, missing in self._on_object(duty, self.provided, None) if not missing
        ):
            return
        first, late, maybe, open_ = None, None, (), ()  # type: Event | None, Event | None, Missing, Missing
        for candidate, missing in self._then(duty):
            if not self._in_time(duty, candidate, candidate.day, due, period):
                late = candidate if not missing and (late is None or moment(candidate) < moment(late)) else late
            elif not self._in_time(duty, candidate, candidate.last, strict, period):
                open_ = open_ or ("time",)
            elif missing:
                maybe = maybe or missing
            elif first is None or candidate.day < first.day:
                first = candidate
        if first is not None:
            docket.satisfied(rule, event, first, duty.object_id, duty.kind, deadline)
            return
        for other, missing in self._on_object(duty, self.unless, event):
            if due is None or other.day <= due:
                late_perhaps = strict is not None and other.last > strict
                if not (missing or late_perhaps):
                    docket.satisfied(rule, event, other, duty.object_id, duty.kind, deadline)
                    return
                maybe = maybe or missing or ("time",)
        if not open_ and (due is None or (late is None and not family.over(due))):
            docket.pending(rule, event, deadline, duty.object_id, duty.kind)
            return
        maybe = open_ or maybe or duty.doubt or self.clock.doubt(
            docket, duty, deadline, lambda day: self._saved_by(duty, day, period)
        )  # fmt: skip
        if maybe:
            docket.inconclusive(rule, event, maybe, duty.object_id, duty.kind, late)
            return
        assert due is not None
        days = (late.day if late is not None else family.now) - due
        docket.violated(
            rule, event, late, object_id=duty.object_id, kind=duty.kind, deadline=deadline, days_late=days,
            severity=self._severity(duty, late),
        )  # fmt: skip

    def _saved_by(self, duty: Duty, due: Day | None, period: Period | None) -> bool:
        """Whether a duty would not be broken, or perhaps not, if it were due on a later day."""
        if due is None or not duty.view.family.over(due):
            return True
        met = any(self._in_time(duty, event, event.day, due, period) for event, _ in self._then(duty))
        return met or any(event.day <= due for event, _ in self._on_object(duty, self.unless, duty.event))

    def _until_event(self, duty: Duty, docket: Docket) -> None:
        """``before: E``: met before the first E certainly after the trigger."""
        rule, event = self.rule, duty.event
        closing = self._closing(duty)
        met, maybe, late = None, (), None  # type: Event | None, Missing, Event | None
        answers = [*self._then(duty)]
        for candidate, missing in [*answers, *self._on_object(duty, self.unless, event)]:
            if closing is not None and not before(candidate, closing):
                sooner = not missing and (late is None or moment(candidate) < moment(late))
                late = candidate if sooner and (candidate, missing) in answers else late
            elif missing:
                maybe = maybe or missing
            elif met is None:
                met = candidate
        if met is not None:
            docket.satisfied(rule, event, met, duty.object_id, duty.kind)
        elif closing is None:
            docket.pending(rule, event, None, duty.object_id, duty.kind)
        elif maybe:
            docket.inconclusive(rule, event, maybe, duty.object_id, duty.kind, late)
        else:
            deadline = fixed(closing.day)
            days = None if late is None else late.day - closing.day
            docket.violated(rule, event, late, object_id=duty.object_id, kind=duty.kind, deadline=deadline,
                            days_late=days, severity=self._severity(duty, late))  # fmt: skip

    def _closing(self, duty: Duty) -> Event | None:
        family = duty.view.family
        cases = {duty.case} if duty.view is not family.view else family.successors(duty.case)
        if len(family.cases) == 1:
            cases = {duty.case}
        found = [
            e for e, missing in candidates(duty.view, self.before, None, None)
            if not missing and e.case in cases and certainly_before(duty.event, e)
        ]  # fmt: skip
        return min(found, key=moment, default=None)

    # --- candidates -----------------------------------------------------------------------------

    def _on_object(self, duty: Duty, pairs: Pairs, after: Event | None) -> Iterator[tuple[Event, Missing]]:
        for candidate, missing in candidates(duty.view, pairs, duty.per, duty.object_id):
            if candidate is not duty.event and (after is None or before(after, candidate)):
                yield candidate, missing

    def _then(self, duty: Duty) -> Iterator[tuple[Event, Missing]]:
        """The events that may meet the duty, each with the fields in doubt."""
        if self.reach is not None:
            yield from reached_by(duty, self.reach, self.then)
            return
        event, or_earlier, earliest = duty.event, self.rule.or_earlier, self.rule.earliest
        wanted = self._wanted(event, duty.view)
        for candidate, missing in candidates(duty.view, self.then, duty.per, duty.object_id):
            if candidate is event or not (or_earlier or before(event, candidate)):
                continue
            if not agrees(wanted, candidate):
                continue
            least = earliest.get(candidate.type) or earliest.get("*")
            first = candidate.day if least is None else minus(duty.start, least)
            if candidate.last >= first:
                yield candidate, missing if candidate.day >= first else (*missing, "time")

    def _first_act(self, duty: Duty) -> Event | None:
        """The first event that meets the duty, early or late."""
        return min((e for e, missing in self._then(duty) if not missing), key=moment, default=None)

    def _wanted(self, event: Event, view: View) -> list[tuple[str, object]]:
        """The fields that must agree with the trigger, where it carries them."""
        found = [(name, get(event, view)) for name, get in self.match]
        return [(name, value) for name, value in found if value is not None and value is not MISSING]

    def _in_time(self, duty: Duty, candidate: Event, day: Day, due: Day | None, period: Period | None) -> bool:
        if self.rule.or_earlier and before(candidate, duty.event):
            return True
        start, end = duty.event.time, candidate.time
        if period is not None and period.unit == "h" and isinstance(start, datetime) and isinstance(end, datetime):
            return hours_met(start, end, period)
        return due is None or day <= due

    def _severity(self, duty: Duty, late: Event | None) -> Severity:
        """A limit the project chose: only a warning while the act may still come, or came late."""
        rule = self.rule
        if not rule.reference_limit or rule.severity is not Severity.ERROR:
            return rule.severity
        if late is None and duty.view.family.ended(duty.case, duty.event):
            return rule.severity
        return Severity.WARNING
