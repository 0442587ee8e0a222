"""The report as a court clerk reads it: case by case, the gravest first, with evidence and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby

from execcheck.events import Event, Moment
from execcheck.judgement import Judgement, Report
from execcheck.moments import COURT_ZONE
from execcheck.needs import ENVELOPE
from execcheck.periods import Period
from execcheck.policy import CATEGORIES, Response, Severity, Text
from execcheck.render.advice import advice
from execcheck.render.layout import Page
from execcheck.render.view import View, day_of, due_within, soonest_first

SEVERITIES = {
    Severity.ERROR: (Text("不符", "ERROR"), "bold red"),
    Severity.WARNING: (Text("待核", "WARNING"), "yellow"),
    Severity.NOTE: (Text("提示", "NOTE"), "cyan"),
}
FAINT = "dim"
MOST_PLACES = 3
MOST_NOTES = 10
RULE = 80


def render(report: Report, view: View) -> str:
    """The whole report."""
    page = Page(view.width, view.colour)
    violations, inconclusive, pending = (
        _by_case(part) for part in (report.violations, report.inconclusive, report.pending)
    )
    for case in (*sorted(violations), *sorted((inconclusive.keys() | pending.keys()) - violations.keys())):
        page.blank()
        page.paragraph(case, "bold")
        page.add("─" * min(view.width, RULE))
        _violations(page, view, violations.get(case, []))
        _inconclusive(page, view, inconclusive.get(case, []))
        _pending(page, view, report, pending.get(case, []))
    _not_assessable(page, view, report)
    _notes(page, view)
    _summary(page, view, report)
    return page.text()


def render_due(report: Report, view: View, within: Period | None) -> str:
    """Only what is pending, the soonest first."""
    page = Page(view.width, view.colour)
    found = due_within(report, within, view.calendar)
    page.table(_due_row(j, view, report.as_of, with_case=True) for j in found)
    page.blank()
    span = view.say("", "") if within is None else view.say(f"{within.text('zh')}内", f" within {within.text('en')}")
    undated = sum(j.due is None for j in report.pending) if within is not None else 0
    tail = view.say(f"；另有 {undated} 项到期日未定", f"; {undated} more without a due day") if undated else ""
    page.paragraph(view.say(f"截至 {when(report.as_of)}，{span}待办 {len(found)} 项{tail}。",
                            f"As of {when(report.as_of)}: {len(found)} due{span}{tail}."), "bold")  # fmt: skip
    return page.text()


def _by_case(judgements: Iterable[Judgement]) -> dict[str, list[Judgement]]:
    found: dict[str, list[Judgement]] = {}
    for judgement in judgements:
        found.setdefault(judgement.case, []).append(judgement)
    return found


def _violations(page: Page, view: View, judgements: list[Judgement]) -> None:
    for findings in _by_rule(judgements):
        _violation(page, view, findings)
        page.blank()


def _pending(page: Page, view: View, report: Report, judgements: list[Judgement]) -> None:
    if not judgements:
        return
    page.add((view.say("待办", "Due next"), "bold"))
    ordered = soonest_first(tuple(judgements))
    page.table((_due_row(j, view, report.as_of, with_case=False) for j in ordered), indent=2)
    page.blank()


def _by_rule(judgements: Iterable[Judgement]) -> list[list[Judgement]]:
    """The gravest first, then by day; findings of one rule together."""
    groups: dict[tuple[str, Severity], list[Judgement]] = {}
    for found in judgements:
        groups.setdefault((found.rule, found.severity), []).append(found)
    return sorted(groups.values(), key=lambda group: (-group[0].severity.rank, group[0].trigger.day, group[0].rule))


def _violation(page: Page, view: View, findings: list[Judgement]) -> None:
    first = findings[0]
    label, style = SEVERITIES[first.severity]
    times = "" if len(findings) == 1 else view.say(f"（{len(findings)} 处）", f" ({len(findings)} times)")
    mark = f"{label(view.lang)}  "
    page.paragraph(first.title(view.lang) + times, "bold", label=mark, label_style=style)
    category = Text(*CATEGORIES[first.category])(view.lang) if first.category in CATEGORIES else first.category
    target = view.say(f"对应整治重点：{category}", f"rectification target: {category}")
    head, _ = split_message(first, view)
    page.paragraph(" · ".join((head + _restated(first, view), target, first.rule)), FAINT, indent=2)
    for found in findings:
        _finding(page, view, found)
    steps = dict.fromkeys(advice(found, view.law.all_rules.get(found.rule))(view.lang) for found in findings)
    page.paragraph(view.say("", " ").join(steps), indent=2, label=view.say("下一步：", "Next: "), label_style="bold")


def _finding(page: Page, view: View, found: Judgement) -> None:
    _, body = split_message(found, view)
    subject = view.say("、", ", ").join(f"{view.object(kind)} {name}" for kind, name in sorted(found.objects.items()))
    lead = subject + view.say("：", ": ") if subject else ""
    page.paragraph(lead + body, indent=2, label="• ")
    rule = view.law.all_rules.get(found.rule)
    if found.due_explained is not None and not (isinstance(rule, Response) and rule.before):
        page.paragraph(found.due_explained(view.lang), indent=4, label=view.say("期限：", "Due: "), label_style=FAINT)
    evidence = dict.fromkeys(_place(event) for event in (found.trigger, found.event) if event is not None)
    page.paragraph(
        view.say("、", ", ").join(evidence), indent=4, label=view.say("依据：", "Evidence: "), label_style=FAINT
    )
    who = _who(found, view)
    if who:
        page.paragraph(who, indent=4, label=view.say("责任：", "Responsible: "), label_style=FAINT)


def split_message(found: Judgement, view: View) -> tuple[str, str]:
    """A message without the title it repeats: what it is not in line with, and what the log shows."""
    message = found.message(view.lang)
    seam = view.say(f"：{found.title.zh}。", f": {found.title.en}. ")
    head, found_seam, body = message.partition(seam)
    return (head, body) if found_seam else ("", message)


def _restated(found: Judgement, view: View) -> str:
    """The articles of other instruments that the rule stands for, too."""
    own = found.rule.partition("/")[0]
    cited = []
    for citation in found.citations:
        pack = view.law.packs.get(citation.document)
        if pack is not None and pack.name != own:
            cited.append(
                view.say(f"{pack.short.zh}第{citation.article}条", f"article {citation.article} of {pack.short.en}")
            )
    return view.say("、并见", "; see also ") + view.say("、", ", ").join(cited) if cited else ""


def _place(event: Event) -> str:
    return f"{event.id} {event.place}" if event.has_id and event.place else event.place or event.id


def _who(found: Judgement, view: View) -> str:
    responsible = found.responsible
    if responsible is None:
        return ""
    unknown = view.say("（日志未载明人员）", " (the log names nobody)")
    return view.role(responsible.role) + (f" {responsible.id}" if responsible.id else unknown)


def _inconclusive(page: Page, view: View, judgements: list[Judgement]) -> None:
    if not judgements:
        return
    page.add((view.say("存疑（日志缺少判断所需的内容）", "Undecided (the log does not say)"), "bold"))
    ordered = sorted(judgements, key=lambda j: (j.rule, j.missing, j.order))
    for (rule, missing), group in groupby(ordered, key=lambda j: (j.rule, j.missing)):
        found = list(group)
        places = [_place(j.trigger) for j in found]
        shown = view.say("、", ", ").join(places[:MOST_PLACES])
        more = (
            view.say(f"等 {len(places)} 处", f" and {len(places) - MOST_PLACES} more")
            if len(places) > MOST_PLACES
            else ""
        )
        names = [view.describer.missing(name) for name in missing]
        lacking = view.say("、", ", ").join(name(view.lang) for name in names)
        told = view.say(f"（{rule}）：缺少 {lacking}；{shown}{more}", f" ({rule}): lacks {lacking}; {shown}{more}")
        page.paragraph(found[0].title(view.lang) + told, indent=2, label="? ")
    page.blank()


def _due_row(found: Judgement, view: View, as_of: Moment, *, with_case: bool) -> list[tuple[str, str]]:
    if found.due is None:
        due, left, style = (
            "—",
            view.say("停止计算", "stopped") if found.deadline else view.say("未定", "no day yet"),
            FAINT,
        )
    else:
        days = (found.due - day_of(as_of)).days
        due = found.due.isoformat() + (view.say("（暂定）", " (provisional)") if found.provisional else "")
        left = view.say(f"还有 {days} 日", f"{days} days left") if days else view.say("今日到期", "due today")
        style = "yellow" if days <= 7 else ""
    objects = view.say("、", ", ").join(f"{view.object(kind)} {name}" for kind, name in sorted(found.objects.items()))
    who = found.responsible.id if found.responsible and found.responsible.id else ""
    cells = [(due, style), (left, style), *([(found.case, "")] if with_case else []), (who, FAINT)]
    subject = f"{found.title(view.lang)}" + (view.say(f"（{objects}）", f" ({objects})") if objects else "")
    return [*cells, (subject, "")]


def _not_assessable(page: Page, view: View, report: Report) -> None:
    by_reason: dict[tuple[str, ...], list[str]] = {}
    for rule, lacking in report.summary.not_assessable.items():
        by_reason.setdefault(lacking, []).append(rule)
    if not by_reason:
        return
    page.blank()
    page.add(
        (
            view.say("无法评估（来源不记录所需内容）", "Not assessable (the source does not record what is needed)"),
            "bold",
        )
    )
    for lacking, rules in sorted(by_reason.items()):
        titles = [view.law.all_rules[rule].title(view.lang) for rule in rules]
        parts = [part for part in lacking if part.partition(".")[0] not in lacking or part in ENVELOPE]
        reason = view.say("、", ", ").join(view.describer.missing(part)(view.lang) for part in parts)
        label = view.say(f"缺 {reason}：", f"{reason}: ")
        page.paragraph(view.say("；", "; ").join(titles), indent=2, label=label, label_style=FAINT)


def _notes(page: Page, view: View) -> None:
    if not view.notes:
        return
    page.blank()
    page.add((view.say("读取日志时的说明", "Notes on the log"), "bold"))
    for note in view.notes[:MOST_NOTES]:
        page.paragraph(note.text(view.lang), indent=2)
    if len(view.notes) > MOST_NOTES:
        page.paragraph(
            view.say(f"……另有 {len(view.notes) - MOST_NOTES} 条", f"… and {len(view.notes) - MOST_NOTES} more"),
            indent=2,
        )


def _summary(page: Page, view: View, report: Report) -> None:
    n = report.summary
    page.blank()
    by_severity = {s: sum(j.severity is s for j in report.violations) for s in Severity}
    counts = view.say("、", ", ").join(
        f"{SEVERITIES[s][0](view.lang)} {count}" for s, count in by_severity.items() if count
    )
    told = counts or view.say("未发现与规则不符之处", "nothing found that departs from the rules")
    silent = len(n.not_triggered), len(n.not_assessable)
    page.paragraph(view.say(
        f"截至 {when(report.as_of)}，{n.cases} 案 {n.events} 个事件：{told}；存疑 {n.inconclusive}，"
        f"待办 {n.pending}，符合 {n.satisfied}；未触发的规则 {silent[0]} 条，无法评估 {silent[1]} 条（均不表示符合）。",
        f"As of {when(report.as_of)}, {_some(n.cases, 'case')}, {_some(n.events, 'event')}: {told}; "
        f"undecided {n.inconclusive}, "
        f"pending {n.pending}, satisfied {n.satisfied}; rules not triggered {silent[0]}, "
        f"not assessable {silent[1]} (neither means compliance).",
    ), "bold")  # fmt: skip
    page.paragraph(view.say("", " ").join(_particulars(view, report)), FAINT)


def _particulars(view: View, report: Report) -> list[str]:
    """What the reader should know about the source: each only where there is something to say."""
    n, told = report.summary, []
    names = [view.describer.missing(name)(view.lang) for name in n.not_captured]
    missing = view.say("、", ", ").join(names) or view.say("无", "none")
    if view.source is not None:
        told.append(view.say(f"来源：{view.source.zh}；", f"Source: {view.source.en}."))
    if n.profile_inferred:
        how = view.say("未记录的内容（由日志推断）", "Not captured (inferred from the log)")
    else:
        how = view.say("未记录的内容（见来源配置）", "Not captured (by the profile)")
    told.append(view.say(f"{how}：{missing}。", f"{how}: {missing}."))
    if n.waived:
        told.append(view.say(f"已获准豁免 {n.waived} 项。", f"{n.waived} waived."))
    if n.ignored_after_as_of:
        told.append(
            view.say(
                f"观察时点之后的 {n.ignored_after_as_of} 个事件未计入。",
                f"{n.ignored_after_as_of} later events ignored.",
            )
        )
    if n.rejected:
        told.append(view.say(f"有 {n.rejected} 行因错误被剔除。", f"{n.rejected} defective lines left out."))
    return told


def when(moment: Moment) -> str:
    """An observation time as people read it, in the court's zone."""
    if isinstance(moment, datetime):
        return moment.astimezone(COURT_ZONE).strftime("%Y-%m-%d %H:%M")
    return moment.isoformat()


def _some(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
