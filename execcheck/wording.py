"""From findings to judgements: message, responsible person, due-day explanation, fingerprint.

A message says which article is concerned, what was expected, what the log holds and what it does not. It
never accuses a person. What a tool and not an article set as a limit is called a reference limit.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from hashlib import sha256

from attrs import evolve

from execcheck.describing import Describer, joined
from execcheck.docket import Finding
from execcheck.events import Day
from execcheck.families import Family
from execcheck.judgement import Judgement, Responsible, Verdict
from execcheck.order import before, content
from execcheck.periods import Calendar
from execcheck.phrasing import Bodies, capital
from execcheck.policy import NO_TEXT, Citation, Response, Rule, Severity, Text


def holder_of(finding: Finding, family: Family) -> str | None:
    """Who held the office that owes a duty.

    That is the holder when the duty fell due, of an open duty the holder now, of a judged event the holder then.
    """
    due = finding.deadline.due if finding.deadline is not None else None
    tenures = family.tenures(finding.rule.responsible)
    if due is not None or finding.verdict is Verdict.PENDING:
        latest = family.now if due is None else max(min(due, family.now), finding.trigger.day)
        held = [tenure for tenure in tenures if tenure.event.day <= latest]
    else:
        judged = finding.event or finding.trigger
        # Where nobody held it yet, the one named later that day answers.
        held = [one for one in tenures if before(one.event, judged)] or [
            one for one in tenures if one.event.day == judged.day
        ][:1]
    return held[-1].person if held else None


class Clerk:
    """Writes judgements for one law book."""

    def __init__(
        self, describer: Describer, calendar: Calendar, rules: Mapping[str, Rule], spans: Mapping[str, Text]
    ) -> None:
        self.bodies = Bodies(describer)
        self.calendar = calendar
        self.rules = rules
        self.stop_names = {name: (text.zh, text.en) for name, text in spans.items()}

    def judgement(self, finding: Finding, family: Family, *, as_if_in_force: bool = False) -> Judgement:
        """The finding with everything a report needs."""
        rule, deadline = finding.rule, finding.deadline
        severity = finding.severity or rule.severity
        outside = as_if_in_force and _only_as_if(self.rules.get(rule.id, rule), finding.trigger.day)
        due = None if deadline is None or deadline.due is None else date.fromordinal(deadline.due)
        return Judgement(
            rule=rule.id, kind=rule.kind, verdict=finding.verdict, severity=severity, category=rule.category,
            case=finding.trigger.case, trigger=finding.trigger, event=finding.event, objects=finding.objects,
            title=rule.title, message=self._message(finding, severity, family, outside),
            citations=self._citations(finding), fingerprint=fingerprint(finding), due=due, deadline=deadline,
            due_explained=self._explained(finding, family), days_late=finding.days_late,
            responsible=self._responsible(finding, family), missing=finding.missing, as_if_in_force=outside,
            reference_limit=rule.reference_limit,
        )  # fmt: skip

    def _citations(self, finding: Finding) -> tuple[Citation, ...]:
        """The rule's own articles, and those of the rules it restates for such an event."""
        rule, trigger = finding.rule, finding.trigger
        restated = [self.rules[name] for name in rule.restates if name in self.rules]
        concerned = [
            other for other in restated
            if other.in_force.covers(trigger.day) and any(trigger.type in t.selector.types for t in other.when)
        ]  # fmt: skip
        cited = (*rule.citations, *(citation for other in concerned for citation in other.citations))
        return tuple(dict.fromkeys(cited))

    def _explained(self, finding: Finding, family: Family) -> Text | None:
        """How the due day came about; for a duty that ends with an event, that event."""
        rule, deadline = finding.rule, finding.deadline
        if deadline is None:
            return None
        if isinstance(rule, Response) and rule.before and deadline.due is not None:
            closing = self.bodies.closing(rule, deadline.due, family)
            return Text(f"应在{closing.zh}之前完成。", f"To be done before {closing.en}.")
        named, why = evolve(deadline, stop_names=self.stop_names), self._moved_by(finding)
        return Text(named.explain(self.calendar, "zh") + why.zh, capital(named.explain(self.calendar, "en")) + why.en)

    def _moved_by(self, finding: Finding) -> Text:
        """Why the period is longer than the rule's own, or counts from another day than the trigger's."""
        rule, deadline, words = finding.rule, finding.deadline, self.bodies.describer
        if not isinstance(rule, Response) or deadline is None or deadline.period is None:
            return NO_TEXT
        said: list[Text] = []
        longer = rule.extended_by
        if longer is not None and longer.within is not None and longer.within == deadline.period:
            event = words.selectors(longer.selectors)
            said.append(Text(f"因有{event.zh}，按较长的期限计算。", f" The longer period holds because of {event.en}."))
        counted = rule.restarted_by or rule.not_before
        if counted and deadline.start > finding.trigger.last:
            event = words.selectors(counted)
            said.append(Text(f"自其后的{event.zh}起算。", f" It counts from {event.en}, which came later."))
        return joined(said, "", "")

    def _responsible(self, finding: Finding, family: Family) -> Responsible | None:
        role = finding.rule.responsible
        if not role:
            return None
        if role in family.definitions.offices:
            return Responsible(role, holder_of(finding, family))
        actor = finding.trigger.actor
        return Responsible(role, actor.id if actor is not None and actor.role == role else None)

    # --- messages -------------------------------------------------------------------------------

    def _message(self, finding: Finding, severity: Severity, family: Family, outside: bool) -> Text:
        rule = finding.rule
        head = _head(finding, severity)
        body = self.bodies.body(finding, family)
        zh, en = f"{head.zh}：{rule.title.zh}。{body.zh}", f"{head.en}: {rule.title.en}. {body.en}"
        if rule.message != NO_TEXT and finding.verdict is Verdict.VIOLATED:
            zh, en = f"{zh}{rule.message.zh}", f"{en} {rule.message.en}"
        if outside:
            zh, en = (
                f"{zh}（事发时该规定或该期限不在施行期内，仅供研究。）",
                f"{en} (This rule or limit was not in force then: for study only.)",
            )
        return Text(zh, en)


def _only_as_if(rule: Rule, day: Day) -> bool:
    """Whether the law of that day was another: the rule not in force, or a limit not that of today."""
    limits = [limit for limit in (rule.within, *(trigger.within for trigger in rule.when)) if limit is not None]
    return not rule.in_force.covers(day) or any(limit.at(day) != limit.latest for limit in limits)


def _head(finding: Finding, severity: Severity) -> Text:
    """What the finding departs from."""
    rule = finding.rule
    if finding.verdict is not Verdict.VIOLATED:
        return _cited(rule)
    if rule.reference_limit and severity is not Severity.ERROR:
        return _beyond_reference(finding)
    names = {"article": "、".join(rule.articles), "short": rule.pack.short.zh}
    english = {"article": _english_list(rule.articles), "short": rule.pack.short.en}
    wording = rule.pack.wording.en
    if len(rule.articles) > 1:
        wording = wording.replace("article {article}", "articles {article}")
    return Text(rule.pack.wording.zh.format(**names), capital(wording.format(**english)))


def _cited(rule: Rule) -> Text:
    """The article, as a message names it."""
    short = rule.pack.short
    if not rule.articles:
        return Text(short.zh, capital(short.en))
    noun = "Article" if len(rule.articles) == 1 else "Articles"
    return Text(f"{short.zh}第{'、'.join(rule.articles)}条", f"{noun} {_english_list(rule.articles)} of {short.en}")


def _english_list(articles: tuple[str, ...]) -> str:
    return " and ".join(part for part in (", ".join(articles[:-1]), articles[-1] if articles else "") if part)


def _beyond_reference(finding: Finding) -> Text:
    """Beyond a number that the article does not set: it is named as this tool's, with its value."""
    rule, cited = finding.rule, _cited(finding.rule)
    period = finding.deadline.period if finding.deadline is not None else None
    if period is None and rule.within is not None:
        period = rule.within.at(finding.trigger.day) or rule.within.latest
    sets = "set" if len(rule.articles) > 1 else "sets"
    if period is not None:
        later = isinstance(rule, Response) and rule.counts_from is not None
        gap = Text("未定届满之后的期限", "no period for what comes after the term") if later else Text(
            "未定期限", "no period")  # fmt: skip
        what, value = Text("参考期限", "limit"), Text(period.text("zh"), period.text("en"))
    else:
        gap, what = Text("未定比例", "no ratio"), Text("参考标准", "standard")
        value = Text(f"{rule.factor}倍", f"a factor of {rule.factor}")
    return Text(
        f"超过{what.zh}（{cited.zh}{gap.zh}，本工具按{value.zh}核对，可另设）",
        f"Beyond the reference {what.en} ({cited.en[:1].lower()}{cited.en[1:]} {sets} {gap.en}; "
        f"this tool checks against {value.en}, which can be changed)",
    )


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
