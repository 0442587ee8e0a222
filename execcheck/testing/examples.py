"""Runs the examples that stand beside each rule: what the rule alone says about a small log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from attrs import evolve, frozen

from execcheck.admission import Admission
from execcheck.defects import Defect
from execcheck.events import Event, Moment
from execcheck.express import ENVELOPE
from execcheck.judgement import Judgement
from execcheck.lawbook import Law
from execcheck.monitor import Monitor
from execcheck.needs import ALL_CAPTURED, Capture
from execcheck.policy import Example, Rule, Text
from execcheck.vocabulary import Vocabulary

DEFAULT_CASE = "（2021）豫0225执1号"


@frozen
class Failure:
    """An example that does not come out as written."""

    rule: str
    example: str
    place: str
    reason: Text


def run_examples(law: Law, rules: Iterable[Rule] | None = None) -> tuple[int, tuple[Failure, ...]]:
    """Run the examples of the rules (default: all); returns how many were run and those that failed."""
    chosen = [(rule, example) for rule in (law.rules.values() if rules is None else rules) for example in rule.examples]
    failures = [run_example(law, rule, example) for rule, example in chosen]
    return len(chosen), tuple(failure for failure in failures if failure is not None)


def run_example(law: Law, rule: Rule, example: Example) -> Failure | None:
    """Run one example of a rule; None where it comes out as written."""
    alone = law.only([evolve(rule, restates=())])
    reason = _reason(alone, rule.id, example)
    return None if reason is None else Failure(rule.id, example.name, example.place, reason)


def _reason(law: Law, rule: str, example: Example) -> Text | None:
    """Why the example fails; None where it comes out as written."""
    admission = Admission(law.vocabulary)
    events: list[Event] = []
    for number, short in enumerate(example.events, 1):
        found = admission.admit(raw_event(short, law.vocabulary), f"{example.place}#{number}")
        if isinstance(found, tuple):
            return _defective(found)
        events.append(found)
    if admission.notes:
        return _defective(admission.notes)
    as_of = None if example.as_of is None else moment_of(example.as_of)
    judged = judge_all(events, law, as_of=as_of, capture=capture_of(example, law.vocabulary))
    return _compare(example, tuple(judgement for judgement in judged if judgement.rule == rule))


def judge_all(
    events: Iterable[Event], law: Law, *, as_of: Moment | None = None, capture: Capture = ALL_CAPTURED,
    as_if_in_force: bool = False,
) -> tuple[Judgement, ...]:  # fmt: skip
    """Every judgement on some events, those on satisfied duties included."""
    monitor = Monitor(law, capture=capture, keep_satisfied=True, as_if_in_force=as_if_in_force)
    for event in events:
        monitor.take(event)
    return monitor.judgements(as_of)


def _defective(defects: Iterable[Defect]) -> Text:
    found = list(defects)
    return Text(
        "例子中的事件有误：" + "；".join(d.zh for d in found),
        "defective events: " + "; ".join(d.en for d in found),
    )


def _compare(example: Example, judgements: tuple[Judgement, ...]) -> Text | None:
    verdicts = sorted({j.verdict.value for j in judgements})
    wanted = [] if example.verdict == "not_triggered" else [example.verdict]
    if verdicts != wanted:
        return _differs("结论", "verdict", example.verdict, "、".join(verdicts) or "not_triggered", judgements)
    if example.count is not None and len(judgements) != example.count:
        return _differs("判断次数", "number of judgements", example.count, len(judgements), judgements)
    for judgement in judgements:
        due = None if judgement.due is None else judgement.due.isoformat()
        if example.due is not None and due != example.due:
            return _differs("到期日", "due day", example.due, due, judgements)
        if example.severity is not None and judgement.severity.value != example.severity:
            return _differs("程度", "severity", example.severity, judgement.severity.value, judgements)
        if example.missing and set(judgement.missing) != set(example.missing):
            return _differs("缺少的字段", "missing fields", example.missing, judgement.missing, judgements)
    return None


def _differs(zh: str, en: str, wanted: object, found: object, judgements: tuple[Judgement, ...]) -> Text:
    told = next((j.message for j in judgements), Text("", ""))
    return Text(f"{zh}应为 {wanted}，实为 {found}。{told.zh}", f"{en} should be {wanted}, is {found}. {told.en}")


def raw_event(short: Mapping[str, Any], vocabulary: Vocabulary) -> dict[str, Any]:
    """An event in the short form of examples as the JSON object of a log."""
    raw: dict[str, Any] = {"case": DEFAULT_CASE}
    objects: dict[str, Any] = dict(short.get("objects", {}))
    data: dict[str, Any] = dict(short.get("data", {}))
    kind = vocabulary.events.get(str(short.get("type")))
    for key, value in short.items():
        if key in ENVELOPE:
            raw[key] = value
        elif kind is not None and key in kind.fields:
            data[key] = value
        elif key in vocabulary.objects:
            objects[key] = value
        else:
            data[key] = value
    return {**raw, "objects": objects, "data": data}


def capture_of(example: Example, vocabulary: Vocabulary) -> Capture:
    """What the source of an example does not record."""
    events = [name for name in example.not_captured if name in vocabulary.events]
    return Capture.of(events, [name for name in example.not_captured if name not in events], vocabulary)


def moment_of(text: str) -> Moment:
    """A day, or an instant with an offset."""
    return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
