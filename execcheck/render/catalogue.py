"""The rules of a law book: as a table by article, as JSON, and one by one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from execcheck.articles import numbers
from execcheck.dated import InForce
from execcheck.policy import CATEGORIES, CONFIDENCE, NO_TEXT, Example, Pack, Rule, Text
from execcheck.render.json import citations_object, dumps
from execcheck.render.layout import Page
from execcheck.render.limits import limit_code, limit_text
from execcheck.render.requirement import requirement
from execcheck.render.text import FAINT, SEVERITIES
from execcheck.render.view import View

VERDICTS = {
    "satisfied": (Text("符合", "satisfied"), "green"), "violated": (Text("不符", "violated"), "red"),
    "pending": (Text("未到期", "pending"), "cyan"), "inconclusive": (Text("存疑", "inconclusive"), "yellow"),
    "not_triggered": (Text("不触发", "not triggered"), "dim"),
}  # fmt: skip
Missing = Iterable[tuple[Pack, str, Text]]


def rules_json(rules: Iterable[Rule], uncheckable: Missing, view: View) -> str:
    """The catalogue for machines."""
    return dumps({
        "rules": [_rule_object(rule, view) for rule in rules],
        "not_checkable": [{"document": pack.name, "article": str(number), "reason": reason(view.lang)}
                          for pack, article, reason in uncheckable for number in numbers(article)],
    })  # fmt: skip


def _rule_object(rule: Rule, view: View) -> dict[str, Any]:
    return {
        "id": rule.id, "title": {"zh": rule.title.zh, "en": rule.title.en}, "kind": rule.kind,
        "severity": rule.severity.value, "category": rule.category, "per": rule.per, "limit": limit_code(rule),
        "citations": citations_object(rule.citations, view.lang), "confidence": rule.confidence or None,
        "in_force": {"from": _iso(rule.in_force.start, 0), "to": _iso(rule.in_force.end, InForce().end)},
        "restates": list(rule.restates), "reference_limit": rule.reference_limit,
    }  # fmt: skip


def _iso(day: int, never: int) -> str | None:
    return None if day == never else date.fromordinal(day).isoformat()


def rules_text(rules: Iterable[Rule], uncheckable: Missing, view: View) -> str:
    """The catalogue for people: every article with its rules, or with the reason why it has none."""
    page, chosen, reasons = Page(view.width, view.colour), list(rules), list(uncheckable)
    packs: Mapping[str, Pack] = {pack.name: pack for pack in (*(r.pack for r in chosen), *(p for p, _, _ in reasons))}
    for pack in packs.values():
        page.blank()
        page.paragraph(f"{pack.title(view.lang)}", "bold", label="" if pack.name == "lifecycle" else f"{pack.name}  ")
        rows = [row for rule in chosen if rule.pack.name == pack.name for row in _rows(rule, view)]
        rows += [
            (article, _silent_row(article, reason, view))
            for named, article, reason in reasons
            if named.name == pack.name
        ]
        page.table(_once(sorted(rows, key=lambda row: _numeric(row[0]))), indent=2)
    page.blank()
    count = sum(len(numbers(article)) for _, article, _ in reasons)
    silent = view.say(f"，另有 {count} 条条文无法从日志核对", f"; {count} articles cannot be checked in a log")
    page.paragraph(view.say(f"{len(chosen)} 条规则", f"{len(chosen)} rules") + (silent if reasons else "")
                   + view.say("。", "."), "bold")  # fmt: skip
    if any(rule.reference_limit for rule in chosen):
        page.paragraph(
            view.say(
                "* 条文未定数值，由本项目设定，可用 --set 调整。",
                "* No number in the text: set by this project; change it with --set.",
            ),
            FAINT,
        )
    return page.text()


def _rows(rule: Rule, view: View) -> list[tuple[str, list[tuple[str, str]]]]:
    severity, style = SEVERITIES[rule.severity]
    limit = limit_text(rule, view.describer)(view.lang) + ("*" if rule.reference_limit else "")
    title = f"{rule.title(view.lang)} · {rule.name if rule.pack.name != 'lifecycle' else rule.id}"
    return [
        (article, [(_article(article, view), ""), (severity(view.lang), style), (_category(rule.category, view), FAINT),
                   (title + (f" · {limit}" if limit else ""), "")])
        for article in rule.articles or ("",)
    ]  # fmt: skip


def _once(rows: Iterable[tuple[str, list[tuple[str, str]]]]) -> Iterable[list[tuple[str, str]]]:
    """The cells of each row, the article named only in its first."""
    last = None
    for article, cells in rows:
        yield [("", ""), *cells[1:]] if article == last else cells
        last = article


def _silent_row(article: str, reason: Text, view: View) -> list[tuple[str, str]]:
    return [(_article(article, view), ""), ("—", FAINT), ("", ""), (reason(view.lang), FAINT)]


def _article(article: str, view: View) -> str:
    return view.say(f"第{article}条", f"art. {article}") if article else ""


def _category(name: str, view: View) -> str:
    return Text(*CATEGORIES[name])(view.lang) if name in CATEGORIES else name


def _numeric(article: str) -> tuple[int, str]:
    number = re.search(r"\d+", article)
    return (int(number[0]) if number else 10_000, article)


def explain(rule: Rule, view: View) -> str:
    """One rule: what it requires, where that comes from, and how its examples come out."""
    page = Page(view.width, view.colour)
    severity, style = SEVERITIES[rule.severity]
    page.paragraph(rule.title(view.lang), "bold")
    page.add((severity(view.lang), style), f"  {rule.id}")
    page.blank()
    _sections(page, view, _requirement(rule, view))
    _sections(page, view, _source(rule, view))
    if rule.kind == "lifecycle":
        page.paragraph(
            view.say(f"流程图：execcheck lifecycle {rule.name}", f"The order of steps: execcheck lifecycle {rule.name}")
        )
    if rule.examples:
        page.add((view.say("例子", "Examples"), "bold"))
    for example in rule.examples:
        _example(page, view, example)
    return page.text()


def _sections(page: Page, view: View, rows: Iterable[tuple[Text, str]]) -> None:
    page.table([[(label(view.lang), FAINT), (text, "")] for label, text in rows if text])
    page.blank()


def _requirement(rule: Rule, view: View) -> list[tuple[Text, str]]:
    rows = [(label, text(view.lang)) for label, text in requirement(rule, view.describer)]
    limit = limit_text(rule, view.describer)(view.lang)
    if limit and rule.reference_limit:
        parameter = "factor" if rule.within is None and rule.factor is not None else "within"
        limit += view.say(f"（条文未定数值，由本项目设定；可用 --set {rule.id}.{parameter}=… 调整）",
                          f" (no number in the text: set by this project; --set {rule.id}.{parameter}=…)")  # fmt: skip
    if limit:
        rows.append((Text("最短间隔", "At least") if rule.kind == "interval" else Text("期限", "Limit"), limit))
    if rule.milder is not None:
        severity, _ = SEVERITIES[rule.milder.severity]
        where = view.describer.where(rule.milder.where)(view.lang)
        rows.append((Text("从轻", "Milder"), view.say(f"{where}时为“{severity.zh}”", f"{severity.en} where {where}")))
    if rule.responsible:
        rows.append((Text("责任", "Responsible"), view.role(rule.responsible)))
    return rows


def _source(rule: Rule, view: View) -> list[tuple[Text, str]]:
    pack = rule.pack
    articles = (
        view.say(f"第{'、'.join(rule.articles)}条", f"article {', '.join(rule.articles)}") if rule.articles else ""
    )
    since = _iso(rule.in_force.start, 0)
    until = _iso(rule.in_force.end, InForce().end)
    start = view.say(f"自 {since} 起", f"since {since}") if since else ""
    end = view.say(f"至 {until}", f"until {until}") if until else ""
    confidence = CONFIDENCE.get(rule.confidence, NO_TEXT)
    version = rule.version(view.lang)
    also = [
        f"{pack.other_documents.get(c.document, pack.short)(view.lang)} {c.version(view.lang)} "
        + view.say(f"第{c.article}条", f"article {c.article}")
        for c in rule.also_cites
    ]
    return [
        (Text("依据", "Source"), f"{pack.title(view.lang)} {articles}".strip()),
        (Text("条号版本", "Version"), version),
        (Text("另见", "See also"), view.say("；", "; ").join(also).replace("  ", " ")),
        (Text("施行", "In force"), f"{start} {end}".strip()),
        (Text("地域", "Region"), pack.region or ""),
        (Text("制定", "Issued by"), pack.issuer(view.lang)),
        (Text("可信度", "Confidence"), confidence(view.lang)),
        (Text("整治重点", "Target"), _category(rule.category, view)),
        (Text("并代", "Restates"), ", ".join(rule.restates)),
        (Text("说明", "Note"), rule.note(view.lang)),
        (Text("文件", "File"), rule.place.partition(":")[0]),
    ]  # fmt: skip


def _example(page: Page, view: View, example: Example) -> None:
    verdict, style = VERDICTS[example.verdict]
    page.paragraph(example.name, indent=2, label=f"{verdict(view.lang)}  ", label_style=style)
    rows = [[(str(event.get("time", "")), FAINT), (_told(event, view), "")] for event in example.events]
    if example.due is not None:
        rows.append([(example.due, FAINT), (view.say("到期", "due"), FAINT)])
    if example.as_of is not None:
        rows.append([(example.as_of, FAINT), (view.say("观察时点", "observed"), FAINT)])
    page.table(rows, indent=4)
    lacking = (*example.missing, *example.not_captured)
    missing = view.say("、", ", ").join(view.describer.missing(name)(view.lang) for name in lacking)
    if missing:
        page.paragraph(missing, FAINT, indent=4, label=view.say("缺少：", "lacking: "))


def _told(event: Mapping[str, Any], view: View) -> str:
    """One event of an example: its label and what it carries."""
    label = view.describer.labels.event(str(event.get("type")))(view.lang)
    carried = [_carried(key, value, view) for key, value in event.items() if key not in ("type", "time")]
    return f"{label}  {view.say('，', ', ').join(carried)}".rstrip()


def _carried(key: str, value: Any, view: View) -> str:
    if key in view.law.vocabulary.objects:
        return f"{view.object(key)} {value}"
    name = view.say("案件", "case") if key == "case" else view.describer.missing(key)(view.lang)
    return f"{name}{view.say('：', ': ')}{_value(key, value, view)}"


def _value(key: str, value: Any, view: View) -> str:
    """A value as people say it: words by their labels, lists one after the other."""
    if isinstance(value, Mapping):
        return _person(value, view)
    if isinstance(value, list):
        return view.say("、", ", ").join(_value(key, item, view) for item in value)
    if isinstance(value, bool):
        return view.say("是", "yes") if value else view.say("否", "no")
    return view.describer.labels.value(key, str(value))(view.lang)


def _person(value: Mapping[str, Any], view: View) -> str:
    """Somebody who acted, decided or approved: the id, and what else is known."""
    known = {"role": view.law.vocabulary.roles, "department": view.law.vocabulary.departments}
    parts = []
    for key, item in value.items():
        label = known[key].get(str(item)) if key in known else None
        if key == "quota_judge":
            parts.append(view.say("员额法官" if item else "非员额法官", "quota judge" if item else "no quota judge"))
        elif key != "id":
            parts.append(str(item) if label is None else view.say(label.zh, label.en))
    told = view.say("，", ", ").join(parts)
    name = str(value.get("id", ""))
    return name + view.say(f"（{told}）", f" ({told})") if told else name
