"""The report as one JSON object; the fields of the contract, in a stable order."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from execcheck import __version__
from execcheck.events import Event
from execcheck.judgement import Judgement, Report
from execcheck.periods import Period
from execcheck.policy import Citation
from execcheck.render.view import View, due_within, instant_text

Object = dict[str, Any]


def render(report: Report, view: View) -> str:
    """The whole report."""
    return "".join(pieces(report, view))


def pieces(report: Report, view: View) -> Iterator[str]:
    """The whole report, one finding after the other: as one object it would take many times its text in memory."""
    yield json.dumps(_head(report, view), ensure_ascii=False, indent=2).removesuffix("\n}")
    yield from _listed("violations", (judgement(j, view) for j in report.violations))
    yield from _listed(
        "inconclusive", ({**judgement(j, view), "missing": list(j.missing)} for j in report.inconclusive)
    )
    yield from _listed("pending", (judgement(j, view) for j in report.pending))
    notes = view.notes
    yield from _listed("notes", ({"place": n.place, "message": n.zh if view.lang == "zh" else n.en} for n in notes))
    yield "\n}\n"


def _listed(name: str, items: Iterable[Object]) -> Iterator[str]:
    """A list of the report, as :func:`dumps` would write it there."""
    yield f',\n  "{name}": ['
    behind = ""
    for item in items:
        text = json.dumps(item, ensure_ascii=False, indent=2).replace("\n", "\n    ")
        yield f"{behind}\n    {text}"
        behind = ","
    yield "\n  ]" if behind else "]"


def render_due(report: Report, view: View, within: Period | None) -> str:
    """Only what is pending, the soonest first."""
    found = due_within(report, within, view.calendar)
    return dumps({**_head(report, view), "within": None if within is None else str(within),
                  "pending": [judgement(j, view) for j in found]})  # fmt: skip


def dumps(value: object) -> str:
    """JSON for people and machines: indented, Chinese as it is, a line end at the end."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _head(report: Report, view: View) -> Object:
    return {"execcheck": __version__, "as_of": instant_text(report.as_of), "policies": list(report.policies),
            "summary": _summary(report, view)}  # fmt: skip


def _summary(report: Report, view: View) -> Object:
    numbers = report.summary
    profile: Object = {"inferred": numbers.profile_inferred, "not_captured": list(numbers.not_captured)}
    if view.source is not None:
        profile["source"] = view.source(view.lang)
    return {
        "profile": profile, "events": numbers.events, "cases": numbers.cases, "violated": numbers.violated,
        "inconclusive": numbers.inconclusive, "pending": numbers.pending, "waived": numbers.waived,
        "satisfied": numbers.satisfied, "not_triggered": list(numbers.not_triggered),
        "not_assessable": list(numbers.not_assessable), "ignored_after_as_of": numbers.ignored_after_as_of,
        "rejected": numbers.rejected,
        "not_assessable_because": {rule: list(lacking) for rule, lacking in numbers.not_assessable.items()},
    }  # fmt: skip


def judgement(found: Judgement, view: View) -> Object:
    """One judgement."""
    lang, responsible, explained = view.lang, found.responsible, found.due_explained
    return {
        "rule": found.rule, "severity": found.severity.value, "category": found.category, "kind": found.kind,
        "case": found.case, "objects": dict(sorted(found.objects.items())), "trigger": _event(found.trigger),
        "event": None if found.event is None else _event(found.event),
        "due": None if found.due is None else found.due.isoformat(),
        "due_explained": None if explained is None else explained(lang),
        "days_late": found.days_late, "provisional": found.provisional,
        "responsible": None if responsible is None else {"role": responsible.role, "id": responsible.id},
        "message": found.message(lang), "citations": citations_object(found.citations, lang),
        "fingerprint": found.fingerprint,
        "title": found.title(lang), "as_if_in_force": found.as_if_in_force, "reference_limit": found.reference_limit,
    }  # fmt: skip


def _event(event: Event) -> Object:
    return {"id": event.id, "type": event.type, "time": event.time.isoformat(), "place": event.place}


def citations_object(citations: Iterable[Citation], lang: str) -> list[Object]:
    """Articles, with the version in which their numbers count where the pack names it."""
    return [
        {"document": c.document, "article": c.article, **({"version": c.version(lang)} if c.version.zh else {})}
        for c in citations
    ]
