"""``separation``: the person of one event differs from (or equals) the person of an earlier one.

An earlier event makes a breach only where the log shows that it came first. Who held an office is data of
the vocabulary (:class:`execcheck.families.OfficeDefinition`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import frozen

from execcheck.answers import Answer, Missing
from execcheck.clauses import Path
from execcheck.docket import Docket
from execcheck.events import Event
from execcheck.families import Family, View
from execcheck.kinds.base import Judge, candidates
from execcheck.kinds.telling import persons_text
from execcheck.order import certainly_before
from execcheck.policy import PERSONS, Separation, Text, Trigger
from execcheck.vocabulary import Vocabulary


@frozen
class Others:
    """The persons to compare with, each with the event that named them.

    ``doubts`` holds, for a person of whom that is not certain, the fields that would tell; ``gap`` what the log
    lacks to name anybody.
    """

    named: Mapping[str, Event]
    doubts: Mapping[str, Missing]
    gap: Missing = ()


class SeparationJudge(Judge):
    """Compiled ``separation`` rule."""

    rule: Separation

    def __init__(self, rule: Separation, vocabulary: Vocabulary) -> None:
        super().__init__(rule, vocabulary)
        types = sorted({kind for trigger in rule.when for kind in trigger.selector.types})
        self.unless = None if rule.unless is None else self.conditions.where(rule.unless, types)

    def judge(self, event: Event, view: View, docket: Docket, trigger: Trigger) -> None:
        """Compare the persons; without an earlier one the rule says nothing."""
        object_id, known = self.object_of(event, docket)
        if not known:
            return
        if self.rule.other.of is not None:
            self._related(event, view, docket)
            return
        others = self._others(event, view, object_id)
        if others is None:
            return
        persons, missing = self._persons(event)
        sure, doubt = self._clash(persons, others)
        broken = bool(sure and others.named)
        open_ = () if broken else doubt + missing + others.gap
        excused: Answer = False
        if (broken or open_) and self.unless is not None:
            excused = self.unless(event, view)
        if excused is True or not (broken or open_):
            docket.satisfied(self.rule, event, event, object_id)
        elif excused is not False or open_:
            docket.inconclusive(self.rule, event, open_ + (excused or ()), object_id, event=event)
        else:
            met = others.named if self.rule.same else {person: others.named[person] for person in sure}
            docket.violated(self.rule, event, event, self._told(sure, met), object_id=object_id)

    def _clash(self, persons: set[str], others: Others) -> tuple[set[str], Missing]:
        """The persons who break the rule, and the fields without which that is not certain."""
        named, every = others.named, tuple(name for names in others.doubts.values() for name in names)
        if self.rule.same:
            clash = persons - named.keys()
            nobody_sure = all(others.doubts.get(person) for person in named)
            return (set(), every) if clash and nobody_sure else (clash, ())
        clash = persons & named.keys()
        if self.rule.other.at is not None and not named.keys() <= persons:
            # Who held the office then is open: an open order goes to compliance, a missing field leaves it open.
            return set(), every if clash else ()
        doubt = tuple(name for person in clash for name in others.doubts.get(person, ()))
        return {person for person in clash if not others.doubts.get(person)}, doubt

    def _persons(self, event: Event) -> tuple[set[str], Missing]:
        """The persons the event names, and the sources that should name one and do not."""
        persons: set[str] = set()
        missing: Missing = ()
        for source in self.rule.person:
            named, lacking = _named_by(event, source)
            persons.update(named)
            missing += lacking
        if self.rule.person == ("panel",) and not event.panel:
            missing += ("panel",)
        return persons, missing

    def _told(self, persons: Iterable[str], others: Mapping[str, Event]) -> Text:
        return persons_text(self.rule, self.conditions.vocabulary, persons, others)

    def _others(self, event: Event, view: View, object_id: str | None) -> Others | None:
        """The earlier persons; None where there was no earlier event."""
        other = self.rule.other
        if other.event_type is not None:
            return self._named_before(event, view, object_id)
        office = other.office or ""
        if other.at is None:
            earlier = [t for t in view.family.tenures(office) if certainly_before(t.event, event)]
            certain = {tenure.person for tenure in earlier if not tenure.doubt}
            doubts = {t.person: t.doubt for t in earlier if t.doubt and t.person not in certain}
            return Others({t.person: t.event for t in earlier}, doubts) if earlier else None
        until = event
        if other.before is not None:
            limit = _latest(view, other.before, event)
            if limit is None:
                return None
            until = limit
        moment = _latest(view, other.at, until)
        if moment is None:
            return None
        holders = view.family.holders_at(office, moment)
        return Others(dict.fromkeys(holders, moment), holders, () if holders else (f"{other.at}:{office}",))

    def _named_before(self, event: Event, view: View, object_id: str | None) -> Others | None:
        other = self.rule.other
        kind, field = other.event_type or "", other.person or ""
        earlier = [e for e, missing in candidates(view, ((kind, None),), self.per, object_id)
                   if not missing and e is not event and certainly_before(e, event)]  # fmt: skip
        if not earlier:
            return None
        if other.which == "first":
            earlier = earlier[:1]
        named = {person: e for e in earlier for person in _named_by(e, field)[0]}
        gap = (f"{field}.id",) if field in PERSONS else (f"{kind}.{field}",)
        return Others(named, {}, () if named else gap)

    # --- across related cases -------------------------------------------------------------------

    def _related(self, event: Event, view: View, docket: Docket) -> None:
        """Compare with the holder of the office in each related case that already has one."""
        other = self.rule.other
        assert other.of is not None and other.office is not None
        persons, missing = self._persons(event)
        if missing:
            docket.inconclusive(self.rule, event, missing, event=event)
            return
        clashes: dict[str, Event] = {}
        doubt: Missing = ()
        compared = False
        for case in self._cases(event, view, other.of):
            family = view.family if case in view.family.cases else view.family.related(case)
            held = [] if family is None else [
                tenure for tenure in family.tenures(other.office)
                if tenure.event.case == case and certainly_before(tenure.event, event)
            ]  # fmt: skip
            if family is None or not held:
                continue
            compared = True
            holder, both = held[-1].person, (view.family, family)
            alike = holder in persons or (other.or_team and bool(_teams(both, persons) & _teams(both, {holder})))
            if alike is not self.rule.same:
                clashes[holder] = held[-1].event
                doubt += held[-1].doubt
        if not compared:
            return
        answer: Answer = False if self.unless is None else self.unless(event, view)
        if answer is False and doubt:
            answer = doubt
        if not clashes or answer is True:
            docket.satisfied(self.rule, event, event)
        elif answer is False:
            docket.violated(self.rule, event, event, self._told(persons, clashes))
        else:
            docket.inconclusive(self.rule, event, answer, event=event)

    def _cases(self, event: Event, view: View, of: Path) -> list[str]:
        named: list[str] = []
        for filed in view.family.case(event.case).of(of.event_types[0]):
            named.extend(filed.data.get(of.field, ()))
        return [case for case in dict.fromkeys(named) if case != event.case]


def _named_by(event: Event, source: str) -> tuple[list[str], Missing]:
    """Who is named by an event (its actor, its panel, a data field), and what it lacks to name somebody."""
    if source == "panel":
        ids = [member.id for member in event.panel or ()]
        return [one for one in ids if one is not None], ("panel.id",) if None in ids else ()
    person = (event.actor.id if event.actor else None) if source == "actor" else event.data.get(source)
    return ([], ("actor.id" if source == "actor" else source,)) if person is None else ([person], ())


def _latest(view: View, kind: str, event: Event) -> Event | None:
    earlier = [other for other in view.family.view.of(kind) if other is not event and certainly_before(other, event)]
    return earlier[-1] if earlier else None


def _teams(families: Iterable[Family], persons: set[str]) -> set[str]:
    """The teams under which somebody acted."""
    return {
        e.actor.team for family in families for e in family.view.events
        if e.actor is not None and e.actor.team is not None and e.actor.id in persons
    }  # fmt: skip
