"""What holds of every rule, whatever it says: stated once, checked on the scenes of any rule.

Each law takes a scene and raises ``AssertionError`` where the rule breaks it. ``seed`` decides what a law leaves
open: in which order events arrive, by how much something is late.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from random import Random

from attrs import evolve, frozen

from execcheck.case_numbers import parse
from execcheck.durations import END
from execcheck.events import Event
from execcheck.judgement import Judgement, Verdict
from execcheck.monitor import Monitor
from execcheck.policy import Recurrence, Response, Rule, Text
from execcheck.testing.arithmetic import last_day
from execcheck.testing.scenes import Scene, Side, Stage
from execcheck.testing.story import log_lines
from execcheck.touching import touch_of

Said = tuple[object, ...]
LATER = (1, 2, 3, 7, 30, 200)
"""How many days a law lets pass."""


@frozen
class RuleLaw:
    """A law of rules: its name, what it says, the scenes that it is about, the rules that it is about."""

    name: str
    text: Text
    sides: tuple[Side, ...]
    check: Callable[[Stage, Scene, int], None]
    about: Callable[[Rule], bool]


def catches_its_breach(stage: Stage, scene: Scene, seed: int) -> None:
    """The breach is found by a monitor too, with the event that made the duty, on that day."""
    found = [j for j in _watched(stage, scene.rule, scene.events, scene.as_of) if j.verdict is Verdict.VIOLATED]
    assert len(found) == 1, _tell("one breach expected", scene, found)
    assert found[0].trigger.id == scene.trigger, _tell("another trigger", scene, found)
    assert scene.finding is not None
    assert _said(found) == _said([scene.finding]), _tell("a monitor says something else", scene, found)


def silent_when_obeyed(stage: Stage, scene: Scene, seed: int) -> None:
    """Nothing is found where the rule is just obeyed."""
    wrong = [j for j in _watched(stage, scene.rule, scene.events, scene.as_of)
             if j.verdict in (Verdict.VIOLATED, Verdict.INCONCLUSIVE)]  # fmt: skip
    assert not wrong, _tell("nothing should be found", scene, wrong)


def delay_never_helps(stage: Stage, scene: Scene, seed: int) -> None:
    """What came too late is no better for coming still later, and coming at last does not undo the breach."""
    assert scene.finding is not None
    late = scene.finding.event
    if late is None or late.id == scene.trigger:
        return
    days = Random(seed).choice(LATER)
    moved = [_moved(event, days) if event.id == late.id else event for event in scene.events]
    now = date.fromordinal(min(scene.as_of.toordinal() + days, END))
    found = [j for j in _judged(stage, scene.rule, moved, now) if j.trigger.id == scene.trigger]
    assert [j.verdict for j in found] == [Verdict.VIOLATED], _tell(f"{days} days later", scene, found)


def unmentioned_events_change_nothing(stage: Stage, scene: Scene, seed: int) -> None:
    """Events of types that the rule does not look at make no difference."""
    law, random = stage.law, Random(seed)
    named = touch_of(scene.rule, law).types | {k for t in scene.rule.when for k in t.selector.types}
    cases = law.definitions.cases
    others = sorted(law.vocabulary.events.keys() - named - {cases.opened_by, cases.resumed_by, *cases.ended_by})
    if not others:
        return
    model = random.choice(scene.events)
    described = law.vocabulary.events[random.choice(others)]
    objects = {kind: one for kind, one in model.objects.items() if described.carries(kind)}
    more = evolve(model, id="other", type=described.name, objects=objects, data={}, panel=None, approvals=None)
    found = _judged(stage, scene.rule, [*scene.events, more], scene.as_of)
    assert _said(found) == _said(_judged(stage, scene.rule, scene.events, scene.as_of)), _tell(
        f"{described.name} was added", scene, found
    )  # fmt: skip


def order_of_arrival_means_nothing(stage: Stage, scene: Scene, seed: int) -> None:
    """Events may come in any order and one by one; the answer is that of the whole log."""
    shuffled = list(scene.events)
    Random(seed).shuffle(shuffled)
    found = _watched(stage, scene.rule, shuffled, scene.as_of)
    assert _said(found) == _said(_judged(stage, scene.rule, scene.events, scene.as_of)), _tell(
        "in another order", scene, found
    )  # fmt: skip


def zone_means_nothing(stage: Stage, scene: Scene, seed: int) -> None:
    """The same instants written in another time zone are the same instants."""
    elsewhere = [
        evolve(event, time=event.time.astimezone(UTC)) if isinstance(event.time, datetime) else event
        for event in scene.events
    ]
    found = _judged(stage, scene.rule, elsewhere, scene.as_of)
    assert _said(found) == _said(_judged(stage, scene.rule, scene.events, scene.as_of)), _tell(
        "in another zone", scene, found
    )  # fmt: skip


def unrelated_cases_mean_nothing(stage: Stage, scene: Scene, seed: int) -> None:
    """Cases that have nothing to do with each other do not change what is said of either."""
    cases = {event.case for event in scene.events}
    elsewhere = [_in_another_case(event) for event in scene.events]
    found = [
        j for j in _judged(stage, scene.rule, [*scene.events, *elsewhere], scene.as_of) if j.trigger.case in cases
    ]  # fmt: skip
    assert _said(found) == _said(_judged(stage, scene.rule, scene.events, scene.as_of)), _tell(
        "beside another case", scene, found
    )  # fmt: skip


def time_only_settles(stage: Stage, scene: Scene, seed: int) -> None:
    """With time a duty that is open is met or missed; what is met stays met, what is missed stays missed."""
    first = min(event.day for event in scene.events)
    days = sorted({first, *(event.day for event in scene.events), scene.as_of.toordinal()})
    days = sorted({*days, *(day + Random(seed).choice(LATER) for day in days)})
    before: dict[object, Verdict] = {}
    for day in days:
        now = date.fromordinal(min(day, END))
        for judgement in _judged(stage, scene.rule, scene.events, now):
            gap = judgement.due if isinstance(scene.rule, Recurrence) else None  # each gap is a duty of its own
            key = (judgement.trigger.id, tuple(sorted(judgement.objects.items())), gap)
            earlier = before.get(key, Verdict.PENDING)
            settled = earlier is Verdict.PENDING or judgement.verdict is earlier
            assert settled, _tell(f"{earlier} became {judgement.verdict} on {now}", scene, [judgement])
            before[key] = judgement.verdict


def due_day_recomputes(stage: Stage, scene: Scene, seed: int) -> None:
    """The working of the due day, gone through day by day, leads to the due day."""
    for judgement in _judged(stage, scene.rule, scene.events, scene.as_of):
        working = judgement.deadline
        if working is None or working.due is None:
            continue
        again = last_day(working, stage.calendar)
        assert again == working.due, _tell(f"recomputed: {date.fromordinal(again)}", scene, [judgement])
        assert judgement.due is not None
        if judgement.days_late is not None and judgement.event is not None:
            late = judgement.event.last - working.due
            assert judgement.days_late == late, _tell(f"{late} days late", scene, [judgement])


def _always(rule: Rule) -> bool:
    return True


def _comes_late(rule: Rule) -> bool:
    return isinstance(rule, Response) and not (rule.extended_by and rule.extended_by.even_late)


def _settles(rule: Rule) -> bool:
    """An extension that counts even when it is late may turn a miss into a met duty."""
    return not (isinstance(rule, Response) and rule.extended_by is not None and rule.extended_by.even_late)


BOTH: tuple[Side, ...] = ("obeyed", "broken")
LAWS: tuple[RuleLaw, ...] = (
    RuleLaw("catches its breach", Text("能发现违反，指明事件", "catches its breach, naming the right events"),
            ("broken",), catches_its_breach, _always),
    RuleLaw("silent when obeyed", Text("恰好遵守时不作声", "says nothing where it is just obeyed"),
            ("obeyed",), silent_when_obeyed, _always),
    RuleLaw("delay never helps", Text("拖得更久不会更好", "delaying further never removes a finding"),
            ("broken",), delay_never_helps, _comes_late),
    RuleLaw("unmentioned events", Text("与规则无关的事件不起作用", "events that it does not mention change nothing"),
            BOTH, unmentioned_events_change_nothing, _always),
    RuleLaw("order of arrival", Text("到达的先后不起作用", "the order in which events arrive means nothing"),
            BOTH, order_of_arrival_means_nothing, _always),
    RuleLaw("time zone", Text("时区的写法不起作用", "the zone in which an instant is written means nothing"),
            BOTH, zone_means_nothing, _always),
    RuleLaw("unrelated cases", Text("无关的案件不起作用", "unrelated cases mean nothing"),
            BOTH, unrelated_cases_mean_nothing, _always),
    RuleLaw("time only settles", Text("时间只使悬而未决者有结果", "time only settles what is open"),
            BOTH, time_only_settles, _settles),
    RuleLaw("due day recomputes", Text("到期日可以重算", "the due day recomputes from its working"),
            BOTH, due_day_recomputes, _always),
)  # fmt: skip
"""The laws that every rule has to obey."""


# --- what a rule says --------------------------------------------------------------------------------


def _judged(stage: Stage, rule: Rule, events: Iterable[Event], now: date) -> list[Judgement]:
    """What the rule says of a whole log."""
    return [j for j in stage.judging(rule).outcome(events, now).judgements if j.rule == rule.id]


def _watched(stage: Stage, rule: Rule, events: Iterable[Event], now: date) -> list[Judgement]:
    """What it says to a monitor that is told one event after the other."""
    monitor = Monitor(stage.judging(rule).law, calendar=stage.calendar, keep_satisfied=True)
    for event in events:
        monitor.observe(event)
    return [j for j in monitor.judgements(now) if j.rule == rule.id]


def _said(judgements: Iterable[Judgement]) -> list[Said]:
    return sorted(
        (
            str(j.verdict), j.trigger.id, sorted(j.objects.items()), str(j.due), j.days_late or 0,
            "" if j.event is None else j.event.id, sorted(j.missing), str(j.severity),
        )
        for j in judgements
    )  # fmt: skip


def _moved(event: Event, days: int) -> Event:
    return evolve(event, time=event.time + timedelta(days=days), day=event.day + days)


def _in_another_case(event: Event) -> Event:
    """The event as it would be in a case that has nothing to do with this one."""
    return evolve(
        event, id=f"{event.id}-elsewhere", case=_elsewhere(event.case),
        objects={kind: f"{one}-elsewhere" for kind, one in event.objects.items()},
        data={name: _elsewhere_in(value) for name, value in event.data.items()},
    )  # fmt: skip


def _elsewhere(case: str) -> str:
    parsed = parse(case)
    return f"{case}-elsewhere" if parsed is None else case.replace(f"{parsed.number}号", f"{parsed.number + 5000}号")


def _elsewhere_in(value: object) -> object:
    if isinstance(value, tuple):
        return tuple(_elsewhere_in(item) for item in value)
    return _elsewhere(value) if isinstance(value, str) and parse(value) is not None else value


def _tell(what: str, scene: Scene, found: Iterable[Judgement]) -> str:
    told = "\n".join(f"  {j.verdict} {j.trigger.id} due {j.due}: {j.message.en}" for j in found) or "  nothing"
    return f"{scene.rule.id}: {what}\nas of {scene.as_of}:\n{log_lines(scene.events)}\nfound:\n{told}"
