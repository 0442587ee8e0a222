"""What a change of law changes, for people and as one JSON object."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from attrs import evolve, frozen

from execcheck import __version__
from execcheck.impact import VERDICTS, Impact, Move, Side, Tally
from execcheck.judgement import Judgement, Verdict
from execcheck.policy import Text
from execcheck.render.json import Object, dumps
from execcheck.render.json import judgement as judgement_object
from execcheck.render.layout import Page
from execcheck.render.text import SEVERITIES, when
from execcheck.render.view import View, instant_text

MOST = 20
"""Findings of one rule that are told one by one on the screen."""
FAINT = "dim"
NAMES: Mapping[Verdict, Text] = {
    Verdict.VIOLATED: Text("不符", "departs"), Verdict.INCONCLUSIVE: Text("存疑", "undecided"),
    Verdict.PENDING: Text("待办", "pending"),
}  # fmt: skip
ASPECTS: Mapping[str, Text] = {
    "verdict": Text("", ""), "severity": Text("程度", "severity"), "due": Text("到期日", "due"),
    "days_late": Text("逾期日数", "days late"), "missing": Text("缺少", "lacks"),
}  # fmt: skip


@frozen
class Named:
    """How a side was asked for: the law, a court's own values, the file with local rest days."""

    side: Side
    law: str
    settings: tuple[tuple[str, str], ...] = ()
    closures: str | None = None

    def text(self) -> str:
        """In one line."""
        return ", ".join(
            (self.law, *(f"{name}={value}" for name, value in self.settings), *filter(None, [self.closures]))
        )

    def object(self) -> Object:
        """For machines."""
        return {"law": self.law, "policies": list(self.side.law.packs), "settings": dict(self.settings),
                "closures": self.closures}  # fmt: skip


def render_text(impact: Impact, before: Named, after: Named, view: View) -> str:
    """Rule by rule what appeared (+), vanished (-) and moved (~), then the numbers."""
    page = Page(view.width, view.colour)
    lines = _lines(impact, evolve(view, law=before.side.law), evolve(view, law=after.side.law))
    for rule, found in sorted(lines.items()):
        page.blank()
        named = after.side.law.all_rules.get(rule) or before.side.law.all_rules[rule]
        page.paragraph(f"{named.title(view.lang)} · {rule}", "bold")
        page.paragraph(_counts(impact.by_rule[rule], view), FAINT, indent=2)
        _lacking(page, view, impact, rule)
        for mark, text in found[:MOST]:
            page.paragraph(text, indent=2, label=mark)
        if more := len(found[MOST:]):
            page.paragraph(
                view.say(f"……另有 {more} 项，见 --format json", f"… {more} more: see --format json"), indent=2
            )
    _summary(page, view, impact, before, after)
    return page.text()


def _lines(impact: Impact, old: View, new: View) -> dict[str, list[tuple[str, str]]]:
    """What is told of each rule."""
    lines: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for found in impact.appeared:
        lines[found.rule].append(("+ ", _told(found, new)))
    for found in impact.vanished:
        lines[found.rule].append(("- ", _told(found, old)))
    for move in impact.moved:
        lines[move.after.rule].append(("~ ", _moved(move, new)))
    return lines


def _lacking(page: Page, view: View, impact: Impact, rule: str) -> None:
    if rule in impact.new:
        page.paragraph(
            view.say("此前没有这条规则，或无法评估", "before, the rule was not there or not assessable"), indent=2
        )
    if rule in impact.gone:
        page.paragraph(
            view.say("此后没有这条规则，或无法评估", "after, the rule is not there or not assessable"), indent=2
        )


def _counts(tally: Tally, view: View) -> str:
    verdicts = [
        f"{NAMES[verdict](view.lang)} {tally.before[verdict]} → {tally.after[verdict]}"
        for verdict in VERDICTS if tally.before[verdict] or tally.after[verdict]
    ]  # fmt: skip
    became = view.say(
        f"新增 {tally.appeared}，消失 {tally.vanished}，变动 {tally.moved}，不变 {tally.unchanged}",
        f"appeared {tally.appeared}, vanished {tally.vanished}, moved {tally.moved}, unchanged {tally.unchanged}",
    )
    return view.say("；", "; ").join(filter(None, (view.say("，", ", ").join(verdicts), became)))


def _subject(found: Judgement, view: View) -> str:
    """The case, the objects and the event that a finding is about."""
    objects = [f"{view.object(kind)} {name}" for kind, name in sorted(found.objects.items())]
    event = found.trigger
    place = f"{event.id} {event.place}" if event.has_id and event.place else event.place or event.id
    return " · ".join((found.case, *objects, place))


def _told(found: Judgement, view: View) -> str:
    parts = [NAMES[found.verdict](view.lang)]
    if found.verdict is Verdict.VIOLATED:
        parts.append(SEVERITIES[found.severity][0](view.lang))
    parts += [f"{ASPECTS[name](view.lang)} {_value(found, name, view)}" for name in ("due", "days_late", "missing")
              if getattr(found, name)]  # fmt: skip
    return _subject(found, view) + view.say("：", ": ") + view.say("，", ", ").join(parts)


def _moved(move: Move, view: View) -> str:
    changes = [
        f"{ASPECTS[name](view.lang)} {_value(move.before, name, view)} → {_value(move.after, name, view)}".lstrip()
        for name in move.differs
    ]
    return _subject(move.after, view) + view.say("：", ": ") + view.say("，", ", ").join(changes)


def _value(found: Judgement, aspect: str, view: View) -> str:
    """One aspect of a finding, in words."""
    if aspect == "verdict":
        return NAMES[found.verdict](view.lang)
    if aspect == "severity":
        return SEVERITIES[found.severity][0](view.lang)
    if aspect == "missing":
        return view.say("、", ", ").join(view.describer.missing(name)(view.lang) for name in found.missing) or "—"
    value = getattr(found, aspect)
    return "—" if value is None else str(value)


def _summary(page: Page, view: View, impact: Impact, before: Named, after: Named) -> None:
    page.blank()
    changed = sum(tally.differs for tally in impact.by_rule.values())
    told = view.say(
        f"{changed} 条规则的结果不同", f"{changed} {'rule' if changed == 1 else 'rules'} with another result"
    )
    same = view.say("结果全部相同", "no difference")
    page.paragraph(view.say(
        f"截至 {when(impact.as_of)}，{impact.after.summary.cases} 案：{told if impact.differs else same}。",
        f"As of {when(impact.as_of)}, cases: {impact.after.summary.cases}: {told if impact.differs else same}.",
    ), "bold")  # fmt: skip
    page.paragraph(_counts(impact.total, view))
    page.paragraph(before.text(), FAINT, label="A: ")
    page.paragraph(after.text(), FAINT, label="B: ")


def render_json(impact: Impact, before: Named, after: Named, view: View) -> str:
    """Everything as one JSON object; the fields of docs/reports.md."""
    return dumps({
        "execcheck": __version__, "as_of": instant_text(impact.as_of), "before": before.object(),
        "after": after.object(), "summary": _tally(impact.total), "rules": [
            {"rule": rule, **_tally(tally), "only_before": rule in impact.gone, "only_after": rule in impact.new}
            for rule, tally in impact.by_rule.items()
        ],
        "appeared": _judgements(impact.appeared, view), "vanished": _judgements(impact.vanished, view),
        "moved": [{"differs": list(move.differs), "before": _judgement(move.before, view),
                   "after": _judgement(move.after, view)} for move in impact.moved],
    })  # fmt: skip


def _tally(tally: Tally) -> Object:
    return {
        "appeared": tally.appeared, "vanished": tally.vanished, "moved": tally.moved, "unchanged": tally.unchanged,
        **{verdict.value: {"before": tally.before[verdict], "after": tally.after[verdict]} for verdict in VERDICTS},
    }  # fmt: skip


def _judgements(found: Iterable[Judgement], view: View) -> list[Object]:
    return [_judgement(one, view) for one in found]


def _judgement(found: Judgement, view: View) -> Object:
    return {"verdict": found.verdict.value, **judgement_object(found, view), "missing": list(found.missing)}
