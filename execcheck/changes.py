"""What an event, a correction or time has changed, for those who keep a table of findings and duties beside theirs.

Which findings changed is known at once; their texts are written when somebody reads them, from the events as they
were at that moment, so that what nobody reads costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Literal, NamedTuple

from attrs import evolve

from execcheck.docket import Finding
from execcheck.events import Day, Event
from execcheck.judgement import Judgement, Verdict
from execcheck.judging import Judging
from execcheck.periods import Deadline
from execcheck.standing import Delta, Key

Effect = Literal["taken", "repeated", "superseded", "withdrawn"]
"""What became of an event: it counts; it was known; another event replaces it; it had been withdrawn."""


class Scene(NamedTuple):
    """The events of a group and the day on which they were judged: all that texts are written from."""

    events: tuple[Event, ...]
    day: Day


class Part(NamedTuple):
    """The changes in one group of cases."""

    before: Scene
    after: Scene
    delta: Delta


class Kinds(NamedTuple):
    """The changes in one group by kind."""

    found: list[tuple[Key, Finding]]
    retracted: list[tuple[Key, Finding]]
    opened: list[tuple[Key, Finding]]
    settled: list[tuple[Key, Finding]]


class Changes:
    """What has changed. False where nothing has.

    For a table of judgements by fingerprint: delete ``retracted`` and ``settled``, then put in ``found`` and
    ``opened``; it then holds what :meth:`execcheck.Monitor.judgements` says. ``effect`` tells what became of the event.
    """

    def __init__(self, judging: Judging, parts: Sequence[Part] = (), effect: Effect = "taken") -> None:
        self.effect: Effect = effect
        self._judging = judging
        self._given = parts

    @cached_property
    def _parts(self) -> tuple[tuple[Part, Kinds], ...]:
        by_kind = [(part, _by_kind(part.delta)) for part in self._given]
        return tuple((part, kinds) for part, kinds in by_kind if any(kinds))

    def __bool__(self) -> bool:
        return bool(self._parts)

    def __repr__(self) -> str:
        counts = ", ".join(
            f"{name}={sum(len(getattr(kinds, name)) for _, kinds in self._parts)}" for name in Kinds._fields
        )
        return f"Changes({counts}, effect={self.effect!r})"

    @cached_property
    def found(self) -> tuple[Judgement, ...]:
        """Violated and inconclusive judgements that are new or say something else than before."""
        return self._written((part.after, kinds.found) for part, kinds in self._parts)

    @cached_property
    def retracted(self) -> tuple[Judgement, ...]:
        """Judgements told before that no longer stand: findings taken back, duties that fell away without being met."""
        return self._written((part.before, kinds.retracted) for part, kinds in self._parts)

    @cached_property
    def opened(self) -> tuple[Judgement, ...]:
        """Duties that are new, or of which something has changed: the due day, or who owes it."""
        return self._written((part.after, kinds.opened) for part, kinds in self._parts)

    @cached_property
    def settled(self) -> tuple[Judgement, ...]:
        """Duties told before that have been met; their due day is the one told last, unless that moved with it."""
        return self._written((part.after, kinds.settled) for part, kinds in self._parts)

    def _written(self, listed: Iterable[tuple[Scene, list[tuple[Key, Finding]]]]) -> tuple[Judgement, ...]:
        found = [one for scene, findings in listed if findings for one in write(self._judging, scene, findings)]
        return tuple(sorted(found, key=lambda judgement: judgement.order))


def write(judging: Judging, scene: Scene, findings: Iterable[tuple[Key, Finding]]) -> list[Judgement]:
    """The judgements on some of the findings of a group."""
    made = judging.families(list(scene.events), scene.day)
    families = {case: family for family in made for case in family.cases}
    written = []
    for key, finding in findings:
        (judgement,) = judging.write((finding,), families[finding.trigger.case])
        again = key[-1]
        written.append(evolve(judgement, fingerprint=f"{judgement.fingerprint}-{again + 1}") if again else judgement)
    for family in made:
        family.dissolve()
    return written


def _by_kind(delta: Delta) -> Kinds:
    kinds = Kinds([], [], [], [])
    met: dict[tuple[object, ...], list[Finding]] = {}
    for found in delta.met:
        met.setdefault(_duty(found), []).append(found)
    for key, now in delta.after.items():
        before = delta.before.get(key)
        if before is not None and key not in delta.retold and _same(before, now):
            continue
        if now.verdict is Verdict.PENDING:
            kinds.opened.append((key, now))
            if before is not None and before.verdict is not Verdict.PENDING:
                kinds.retracted.append((key, before))
        else:
            kinds.found.append((key, now))
    for key, before in delta.before.items():
        if key in delta.after:
            continue
        done = _meeting(before, met.get(_duty(before), ()))
        if done is not None:
            kinds.settled.append((key, evolve(done, deadline=_met_by(done, before))))
        if done is None or before.verdict is not Verdict.PENDING:
            kinds.retracted.append((key, before))
    return kinds


def _duty(finding: Finding) -> tuple[object, ...]:
    return finding.rule.id, finding.trigger.id, frozenset(finding.objects.items())


def _meeting(told: Finding, met: Sequence[Finding]) -> Finding | None:
    """What met a duty that was told: where it recurs, the first that came in its own time."""
    if len(met) < 2 or told.deadline is None or told.deadline.due is None:
        return met[-1] if met else None
    start, due = told.deadline.start, told.deadline.due
    return next((one for one in met if one.event is not None and start < one.event.day <= due), met[-1])


def _met_by(done: Finding, told: Finding) -> Deadline | None:
    """The due day told last; None where what met the duty came later, so that it must have moved at the same time."""
    due = None if told.deadline is None else told.deadline.due
    return None if due is not None and done.event is not None and done.event.day > due else told.deadline


def _same(one: Finding, other: Finding) -> bool:
    """Whether two findings on one subject say the same; how many days an omission has lasted is no news."""
    return one is other or (
        one.verdict is other.verdict and one.event is other.event and one.deadline == other.deadline
        and one.missing == other.missing and one.severity is other.severity and one.detail == other.detail
    )  # fmt: skip
