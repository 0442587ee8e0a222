"""The body of a message for each kind of rule: what happened, what the log shows and what it does not.

A missing event is 「日志中未见」; no sentence says that anybody broke the law.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from execcheck.clauses import Selector, for_type
from execcheck.describing import Describer, alternatives, joined
from execcheck.docket import Finding
from execcheck.events import Day, Event, Month
from execcheck.facts import actual
from execcheck.families import Family
from execcheck.judgement import Verdict
from execcheck.moments import COURT_ZONE
from execcheck.policy import (
    NO_TEXT,
    Absence,
    Condition,
    Interval,
    Need,
    Precedence,
    Recurrence,
    Response,
    Separation,
    Text,
)


class Bodies:
    """Writes the bodies of messages for one law book."""

    def __init__(self, describer: Describer) -> None:
        self.describer = describer

    def body(self, finding: Finding, family: Family) -> Text:
        """What the finding says, as whole sentences."""
        rule, trigger = finding.rule, self._dated(finding.trigger, self._subject(finding), _by_hours(finding))
        if finding.verdict is Verdict.INCONCLUSIVE:
            return self._gap(finding, trigger)
        if finding.verdict is Verdict.SATISFIED:
            return self._met(finding, trigger)
        if isinstance(rule, Response):
            return self._response(finding, rule, family, trigger)
        if isinstance(rule, Precedence):
            return self._precedence(rule, trigger)
        if isinstance(rule, Condition):
            require = for_type(rule.require, finding.trigger.type)
            wanted = self.describer.where(require, due=True)
            view = family.view if rule.scope != "case" else family.case(finding.trigger.case)
            held = actual(self.describer, require, finding.trigger, view, rule.per)
            return Text(f"{trigger.zh}：{wanted.zh}；{held.zh}。",
                        f"{capital(trigger.en)}: {wanted.en}; {held.en}.")  # fmt: skip
        if isinstance(rule, Recurrence):
            return self._recurrence(finding, rule, quoted(trigger))
        detail = finding.detail
        if isinstance(rule, Absence):
            detail = self._absence(rule, finding.trigger)
        elif isinstance(rule, Interval):
            detail = self._interval(rule, finding, family)
        if not detail.zh:
            return Text(f"{trigger.zh}。", f"{capital(trigger.en)}.")
        if isinstance(rule, Separation):
            return Text(f"{trigger.zh}。{detail.zh}。", f"{capital(trigger.en)}. {capital(detail.en)}.")
        return Text(f"{trigger.zh}：{detail.zh.rstrip('。')}。", f"{capital(trigger.en)}: {detail.en.rstrip('.')}.")

    def closing(self, rule: Response, day: Day, family: Family) -> Text:
        """The event before which a duty was owed, as it came that day."""
        kinds = [kind for selector in rule.before for kind in selector.types]
        came = [event.type for event in family.view.events if event.day == day and event.type in kinds]
        label = self.describer.events(came[:1] or kinds)
        return Text(f"{label.zh}（{iso(day)}）", f"{label.en} ({iso(day)})")

    # --- verdicts other than violated -------------------------------------------------------------

    def _gap(self, finding: Finding, trigger: Text) -> Text:
        named = [(self._lacking(name, finding.trigger), name) for name in finding.missing]
        zh = "、".join(f"“{label.zh}”（{name}）" for label, name in named)
        en = ", ".join(
            (label.en if "“" in label.en else f"“{label.en}”") + ("" if label.en == name else f" ({name})")
            for label, name in named
        )
        return Text(f"{trigger.zh}：日志缺少{zh}，无法判断。",
                    f"{capital(trigger.en)}: the log lacks {en}, so it does not tell.")  # fmt: skip

    def _lacking(self, name: str, trigger: Event) -> Text:
        """What is missing; where the judged event does name its object, it is another event that does not."""
        label, (head, _, kind) = self.describer.missing(name), name.partition(".")
        if name in self.describer.vocabulary.events:
            return Text(f"此前的{label.zh}", f"an earlier {label.en}")
        if head != "objects" or kind not in trigger.objects:
            return label
        return Text(f"另一相关事件{label.zh}", f"{label.en} (in another event)")

    def _met(self, finding: Finding, trigger: Text) -> Text:
        event = finding.event
        if event is None or event is finding.trigger:
            return Text(f"{trigger.zh}：符合要求。", f"{capital(trigger.en)}: as required.")
        came = self._dated(event)
        return Text(f"{trigger.zh}：有{came.zh}，符合要求。", f"{capital(trigger.en)}: met by {came.en}.")

    # --- response ---------------------------------------------------------------------------------

    def _response(self, finding: Finding, rule: Response, family: Family, trigger: Text) -> Text:
        wanted = self._wanted(rule, finding)
        if finding.verdict is Verdict.PENDING:
            return self._pending(finding, rule, quoted(trigger), wanted)
        due = finding.deadline.due if finding.deadline is not None else None
        if rule.before and due is not None:
            return self._not_before(finding, rule, family, quoted(trigger), wanted, due)
        last = Text("参考到期日", "reference due day") if rule.reference_limit else Text("到期日", "due")
        due_on = _due(finding)
        start = Text(f"{trigger.zh}；{last.zh} {due_on}", f"{capital(trigger.en)}; {last.en} {due_on}")
        days = finding.days_late
        if finding.event is None:
            late = Text(f"，已逾 {days} 日", f", {_days(days)} overdue") if days else NO_TEXT
            return Text(f"{start.zh}；截至 {iso(family.now)}，日志中未见{wanted.zh}{late.zh}。",
                        f"{start.en}; up to {iso(family.now)} the log shows no {wanted.en}{late.en}.")  # fmt: skip
        came = self._dated(finding.event, hours=_by_hours(finding))
        late = Text(f"，逾期 {days} 日", f", {_days(days)} late") if days else NO_TEXT
        return Text(f"{start.zh}；{came.zh}{late.zh}。", f"{start.en}; {came.en}{late.en}.")

    def _subject(self, finding: Finding) -> Text:
        """Which party or asset a duty concerns that is owed for several."""
        if not isinstance(finding.rule, Response) or finding.rule.for_each is None:
            return NO_TEXT
        objects = self.describer.vocabulary.objects
        named = [(objects[kind], name) for kind, name in sorted(finding.objects.items()) if kind in objects]
        zh, en = "、".join(f"{k.zh} {n}" for k, n in named), ", ".join(f"{k.en} {n}" for k, n in named)
        return Text(f"，{zh}", f", {en}") if named else NO_TEXT

    def _wanted(self, rule: Response, finding: Finding) -> Text:
        """What was owed; where amounts must add up, that too."""
        if rule.reaching is not None:
            each, of = rule.reaching.each, self.describer.selectors(rule.reaching.of)
            kinds = {kind for selector in each for kind in selector.types}
            alone = tuple(s for s in rule.then if not kinds.issuperset(s.types))
            summed, field = self.describer.selectors(each), self.describer.labels.field(rule.reaching.field)
            full = Text(f"合计达到{of.zh}{field.zh}的{summed.zh}", f"{summed.en} that reach the {field.en} of {of.en}")
            others = self.describer.selectors(alone)
            return full if not alone else Text(f"{full.zh}，亦未见{others.zh}", f"{full.en}, nor any {others.en}")
        wanted = self.describer.selectors(rule.then)
        for name, path in rule.match:
            if str(path) == "type":
                field, kind = self.describer.labels.field(name), self.describer.event(finding.trigger.type)
                return Text(f"{wanted.zh}（{field.zh}：{kind.zh}）", f"{wanted.en} ({field.en}: {kind.en})")
        return wanted

    def _pending(self, finding: Finding, rule: Response, start: Text, wanted: Text) -> Text:
        if rule.reaching is not None:
            wanted = self.describer.selectors(rule.then)
        if rule.before:
            closing = self.describer.selectors(rule.before)
            return Text(f"{start.zh}之后、{closing.zh}之前应有{wanted.zh}。",
                        f"After {start.en}, {wanted.en} is owed before {closing.en}.")  # fmt: skip
        if finding.deadline is None or finding.deadline.due is None:
            return Text(f"{start.zh}之后应有{wanted.zh}；期限停止计算中，到期日未定。",
                        f"After {start.en}, {wanted.en} is owed; the clock stands still, no day is due.")  # fmt: skip
        due = _due(finding)
        return Text(f"{start.zh}之后，最迟 {due} 应有{wanted.zh}。", f"After {start.en}, {wanted.en} is owed by {due}.")

    def _not_before(
        self, finding: Finding, rule: Response, family: Family, start: Text, wanted: Text, day: Day
    ) -> Text:
        """``before``: the closing event came first."""
        closing = self.closing(rule, day, family)
        zh = f"{start.zh}之后、{closing.zh}之前，日志中未见{wanted.zh}"
        en = f"Between {start.en} and {closing.en} the log shows no {wanted.en}"
        if finding.event is not None:
            came = quoted(self._dated(finding.event))
            late = Text(f"，晚 {finding.days_late} 日", f"{_days(finding.days_late)} later")
            if not finding.days_late:
                late = Text("，同日但在其后", "the same day but after it")
            zh, en = f"{zh}；{came.zh}{late.zh}", f"{en}; {came.en} came {late.en}"
        return Text(f"{zh}。", f"{en}.")

    # --- other kinds ------------------------------------------------------------------------------

    def _precedence(self, rule: Precedence, trigger: Text) -> Text:
        needed = alternatives([self._need(need) for need in rule.needs])
        limits = NO_TEXT
        if rule.together is not None:
            parts = self.describer.members(*rule.together)
            if len(rule.together[1]) > 1:
                limits = Text(f"齐备（应含{parts.zh}）", f" that together hold {parts.en}")
            else:
                needed = Text(f"含{parts.zh}的{needed.zh}", f"{needed.en} with {parts.en}")
        before = Text("之前", "before")
        if rule.within is not None:
            length = rule.within.latest
            before = Text(f"之前{length.text('zh')}内", f"in the {length.text('en')} before")
        elif rule.at_least is not None:
            before = Text(f"至少 {rule.at_least.text('zh')}之前", f"at least {rule.at_least.text('en')} before")
        if rule.after:
            since = self.describer.selectors(rule.after)
            before = Text(f"{before.zh}、最近一次{since.zh}之后", f"after the latest {since.en} and {before.en}")
        return Text(f"{trigger.zh}{before.zh}，日志中未见{needed.zh}{limits.zh}。",
                    f"{capital(trigger.en)}: {before.en} it the log shows no {needed.en}{limits.en}.")  # fmt: skip

    def _need(self, need: Need) -> Text:
        """What must have come before, and how long before."""
        needed, least = self.describer.selectors((need.selector,)), need.at_least
        if least is None:
            return needed
        return Text(f"至少提前{least.text('zh')}的{needed.zh}", f"{needed.en} at least {least.text('en')} before")

    def _absence(self, rule: Absence, event: Event) -> Text:
        """What makes the event one that must not happen."""
        meant: tuple[Selector, ...] = tuple(t.selector for t in rule.when if event.type in t.selector.types)
        found = alternatives([where for s in meant if (where := self.describer.where(s.where)).zh])
        if rule.between is not None:
            opening, closing = map(self.describer.selectors, rule.between)
            span = Text(f"发生在{opening.zh}之后、{closing.zh}之前", f"after {opening.en} and before {closing.en}")
            found = joined([part for part in (found, span) if part.zh], "，", ", ")
        return found

    def _interval(self, rule: Interval, finding: Finding, family: Family) -> Text:
        """The earlier event and the distance that was to be kept."""
        event, per = finding.trigger, rule.per
        kinds = {kind for selector in rule.after for kind in selector.types}
        days = [
            other.day for other in family.view.events
            if other.type in kinds and other is not event and other.day <= event.day
            and (per is None or other.objects.get(per) == event.objects.get(per))
            and (rule.scope != "case" or per is not None or other.case == event.case)
        ]  # fmt: skip
        least = None if rule.within is None else rule.within.at(event.day)
        if not days or least is None:
            return NO_TEXT
        label, passed = self.describer.events(sorted(kinds)), event.day - max(days)
        more = Text("多于", "more than") if rule.strictly else Text("不少于", "at least")
        return Text(
            f"距上一次{label.zh}（{iso(max(days))}）{passed} 日，应{more.zh} {least.text('zh')}",
            f"{_days(passed)} after {label.en} ({iso(max(days))}); {more.en} {least.text('en')} expected",
        )

    def _recurrence(self, finding: Finding, rule: Recurrence, trigger: Text) -> Text:
        wanted, deadline = self.describer.selectors(rule.then), finding.deadline
        due, since = (None, None) if deadline is None else (deadline.due, deadline.start)
        if finding.verdict is Verdict.PENDING:
            return Text(f"{trigger.zh}之后应定期有{wanted.zh}：最迟 {iso(due)}。",
                        f"After {trigger.en}, {wanted.en} is owed again: by {iso(due)}.")  # fmt: skip
        came = NO_TEXT
        if finding.event is not None:
            on = written(finding.event)
            came = Text(f"；{on} 才有", f"; it came on {on}")
        start, end = iso(since), iso(due)
        return Text(f"{trigger.zh}之后：自 {start} 至 {end}，日志中未见{wanted.zh}{came.zh}。",
                    f"After {trigger.en}: from {start} to {end} the log shows no {wanted.en}{came.en}.")  # fmt: skip

    def _dated(self, event: Event, subject: Text = NO_TEXT, hours: bool = False) -> Text:
        label, day = self.describer.event(event.type), written(event, hours)
        return Text(f"{label.zh}（{day}{subject.zh}）", f"{label.en} ({day}{subject.en})")


def quoted(dated: Text) -> Text:
    """An event with its day, for the middle of an English sentence."""
    label, bracket, day = dated.en.rpartition(" (")
    return Text(dated.zh, f"“{label}”{bracket}{day}")


def iso(day: Day | None) -> str:
    """A day as 2021-11-01; a dash where there is none."""
    return "—" if day is None else date.fromordinal(day).isoformat()


def _by_hours(finding: Finding) -> bool:
    """Whether hours decide, so that the day alone would not show the breach."""
    deadline = finding.deadline
    return deadline is not None and deadline.period is not None and deadline.period.unit == "h"


def _due(finding: Finding) -> str:
    """When a duty falls due: the day, and where hours decide and the log tells the hour of the trigger, the hour."""
    deadline, began = finding.deadline, finding.trigger.time
    if deadline is None:
        return iso(None)
    if not _by_hours(finding) or deadline.period is None or deadline.stops or not isinstance(began, datetime):
        return iso(deadline.due)
    return f"{began.astimezone(COURT_ZONE) + timedelta(hours=deadline.period.count):%Y-%m-%d %H:%M}"


def written(event: Event, hours: bool = False) -> str:
    """When an event happened: the day or the month, and where it matters the hour as far as the log tells it."""
    if hours and isinstance(event.time, datetime):
        return f"{event.time.astimezone(COURT_ZONE):%Y-%m-%d %H:%M}"
    return event.time.isoformat() if isinstance(event.time, Month) else iso(event.day)


def capital(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


def _days(count: int | None) -> str:
    return f"{count} day{'' if count == 1 else 's'}"
