"""From findings to judgements: message, responsible person, due-day explanation, fingerprint.

A message says which article is concerned, what was expected, what the log holds and what it does not. It
never says 违法 and never accuses a person; a missing event is 「日志中未见」.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from hashlib import sha256

from attrs import evolve

from execcheck.describing import Describer
from execcheck.docket import Finding
from execcheck.events import Day, Event
from execcheck.families import Family
from execcheck.judgement import Judgement, Responsible, Verdict
from execcheck.order import content
from execcheck.periods import Calendar, Deadline
from execcheck.policy import (
    NO_TEXT,
    Citation,
    Condition,
    Precedence,
    Recurrence,
    Response,
    Rule,
    Severity,
    Text,
)  # fmt: skip


class Clerk:
    """Writes judgements for one law book."""

    def __init__(
        self, describer: Describer, calendar: Calendar, rules: Mapping[str, Rule], spans: Mapping[str, Text]
    ) -> None:
        self.describer = describer
        self.calendar = calendar
        self.rules = rules
        self.stop_names = {name: (text.zh, text.en) for name, text in spans.items()}

    def judgement(self, finding: Finding, family: Family, *, as_if_in_force: bool = False) -> Judgement:
        """The finding with everything a report needs."""
        rule, deadline = finding.rule, finding.deadline
        severity = finding.severity or rule.severity
        outside = as_if_in_force and not rule.in_force.covers(finding.trigger.day)
        due = None if deadline is None or deadline.due is None else date.fromordinal(deadline.due)
        return Judgement(
            rule=rule.id, kind=rule.kind, verdict=finding.verdict, severity=severity, category=rule.category,
            case=finding.trigger.case, trigger=finding.trigger, event=finding.event, objects=finding.objects,
            title=rule.title, message=self._message(finding, severity, family, outside),
            citations=self._citations(rule), fingerprint=fingerprint(finding), due=due, deadline=deadline,
            due_explained=self._explained(deadline), days_late=finding.days_late,
            responsible=self._responsible(finding, family), missing=finding.missing, as_if_in_force=outside,
            reference_limit=rule.reference_limit,
        )  # fmt: skip

    def _citations(self, rule: Rule) -> tuple[Citation, ...]:
        restated = [self.rules[name] for name in rule.restates if name in self.rules]
        return rule.citations + tuple(citation for other in restated for citation in other.citations)

    def _explained(self, deadline: Deadline | None) -> Text | None:
        if deadline is None:
            return None
        named = evolve(deadline, stop_names=self.stop_names)
        return Text(named.explain(self.calendar, "zh"), named.explain(self.calendar, "en"))

    def _responsible(self, finding: Finding, family: Family) -> Responsible | None:
        role = finding.rule.responsible
        if not role:
            return None
        if role in family.definitions.offices:
            return Responsible(role, self._holder(finding, family, role))
        actor = finding.trigger.actor
        return Responsible(role, actor.id if actor is not None and actor.role == role else None)

    def _holder(self, finding: Finding, family: Family, office: str) -> str | None:
        """Who held the office when the duty fell due, or at the judged event."""
        due = finding.deadline.due if finding.deadline is not None else None
        until: Day = finding.trigger.day if due is None else min(due, family.now)
        holders = [p for named, p in family.tenures(office) if named.day <= max(until, finding.trigger.day)]
        return holders[-1] if holders else None

    # --- messages -------------------------------------------------------------------------------

    def _message(self, finding: Finding, severity: Severity, family: Family, outside: bool) -> Text:
        rule = finding.rule
        head = self._head(rule, finding.verdict, severity)
        body = self._body(finding, family)
        zh, en = f"{head.zh}：{rule.title.zh}。{body.zh}", f"{head.en}: {rule.title.en}. {body.en}"
        if rule.message is not NO_TEXT and finding.verdict is Verdict.VIOLATED:
            zh, en = f"{zh}{rule.message.zh}", f"{en} {rule.message.en}"
        if outside:
            zh, en = (
                f"{zh}（事发时该规定尚未施行，仅供研究。）",
                f"{en} (Not yet in force then: for study only.)",
            )
        return Text(zh, en)

    def _head(self, rule: Rule, verdict: Verdict, severity: Severity) -> Text:
        names = {"article": "、".join(rule.articles), "short": rule.pack.short.zh}
        english = {"article": ", ".join(rule.articles), "short": rule.pack.short.en}
        if verdict is Verdict.VIOLATED and rule.reference_limit and severity is not Severity.ERROR:
            return Text("超过{short}第{article}条的参考期限".format(**names),
                        "beyond the reference limit set for article {article} of {short}".format(**english))  # fmt: skip
        if verdict is Verdict.VIOLATED:
            return Text(rule.pack.wording.zh.format(**names), rule.pack.wording.en.format(**english))
        cited = Text("{short}第{article}条".format(**names), "article {article} of {short}".format(**english))
        return cited if rule.articles else rule.pack.short

    def _body(self, finding: Finding, family: Family) -> Text:
        rule, trigger = finding.rule, self._dated(finding.trigger)
        if finding.verdict is Verdict.INCONCLUSIVE:
            return self._gap(finding, trigger)
        if isinstance(rule, Response):
            return self._response(finding, rule, family, trigger)
        if isinstance(rule, Precedence):
            needed = self.describer.selectors(rule.needs)
            return Text(f"{trigger.zh}之前，日志中未见{needed.zh}{_together(rule).zh}。",
                        f"Before {trigger.en} the log shows no {needed.en}{_together(rule).en}.")  # fmt: skip
        if isinstance(rule, Condition):
            wanted = self.describer.where(rule.require)
            view = family.view if rule.scope != "case" else family.case(finding.trigger.case)
            actual = self.describer.actual(rule.require, finding.trigger, view, rule.per)
            return Text(f"{trigger.zh}：要求{wanted.zh}；日志所载：{actual.zh}。",
                        f"{trigger.en}: required: {wanted.en}; the log has: {actual.en}.")  # fmt: skip
        if isinstance(rule, Recurrence):
            return self._gap_between(finding, rule, trigger)
        return Text(f"{trigger.zh}。{finding.detail.zh}", f"{trigger.en}. {finding.detail.en}".strip())

    def _gap(self, finding: Finding, trigger: Text) -> Text:
        missing = ", ".join(finding.missing)
        return Text(
            f"{trigger.zh}：日志缺少 {missing}，无法判断。",
            f"{trigger.en}: the log lacks {missing}, so it does not say.",
        )

    def _response(self, finding: Finding, rule: Response, family: Family, trigger: Text) -> Text:
        wanted = self.describer.selectors(rule.then)
        due = None if finding.deadline is None or finding.deadline.due is None else finding.deadline.due
        if finding.verdict is Verdict.PENDING:
            until = (
                Text("期限停止计算中", "the clock stands still")
                if finding.deadline is not None
                else Text("尚未到期", "not due yet")
            )
            if due is not None:
                until = Text(f"最迟 {_day(due)}", f"by {_day(due)}")
            return Text(
                f"{trigger.zh}之后应有{wanted.zh}：{until.zh}。",
                f"After {trigger.en}, {wanted.en} is owed: {until.en}.",
            )
        closing = self._closing(rule, due)
        if finding.event is None:
            now = _day(family.now)
            late = (
                Text(f"，已逾 {finding.days_late} 日", f", {finding.days_late} days overdue")
                if finding.days_late
                else NO_TEXT
            )
            return Text(f"{trigger.zh}；{closing.zh}；截至 {now}，日志中未见{wanted.zh}{late.zh}。",
                        f"{trigger.en}; {closing.en}; up to {now} the log shows no {wanted.en}{late.en}.")  # fmt: skip
        came = self._dated(finding.event)
        late = (
            Text(f"，逾期 {finding.days_late} 日", f", {finding.days_late} days late") if finding.days_late else NO_TEXT
        )
        return Text(
            f"{trigger.zh}；{closing.zh}；{came.zh}{late.zh}。",
            f"{trigger.en}; {closing.en}; {came.en}{late.en}.",
        )

    def _closing(self, rule: Response, due: Day | None) -> Text:
        if rule.before:
            event = self.describer.selectors(rule.before)
            return Text(f"应在{event.zh}（{_day(due)}）之前", f"owed before {event.en} ({_day(due)})")
        return Text(f"到期日 {_day(due)}", f"due {_day(due)}")

    def _gap_between(self, finding: Finding, rule: Recurrence, trigger: Text) -> Text:
        wanted = self.describer.selectors(rule.then)
        due = _day(finding.deadline.due if finding.deadline else None)
        return Text(f"{trigger.zh}之后，最迟 {due} 应有{wanted.zh}，日志中未见。",
                    f"After {trigger.en}, {wanted.en} was due by {due}; the log shows none.")  # fmt: skip

    def _dated(self, event: Event) -> Text:
        label = self.describer.event(event.type)
        return Text(f"{label.zh}（{_day(event.day)}）", f"{label.en} ({_day(event.day)})")


def _day(day: Day | None) -> str:
    return "—" if day is None else date.fromordinal(day).isoformat()


def _together(rule: Precedence) -> Text:
    if rule.together is None:
        return NO_TEXT
    values = ", ".join(sorted(rule.together[1]))
    return Text(f"齐备 {values}", f" that together cover {values}")


def fingerprint(finding: Finding) -> str:
    """A name for the finding that lasts: rule, case, objects and trigger, but nothing that later events change."""
    trigger = finding.trigger
    parts = [
        finding.rule.id, trigger.case, repr(sorted(finding.objects.items())),
        trigger.id if trigger.has_id else content(trigger),
    ]  # fmt: skip
    if finding.rule.kind == "recurrence" and finding.deadline is not None:
        parts.append(str(finding.deadline.start))
    return sha256("\x1f".join(parts).encode()).hexdigest()[:20]
