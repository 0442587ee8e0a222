"""``separation``: the person of one event differs from (or equals) the person of an earlier one.

An earlier event makes a breach only where the log shows that it came first. Who held an office is data of
the vocabulary (:class:`execcheck.families.OfficeDefinition`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from execcheck.answers import Missing
from execcheck.clauses import Path
from execcheck.docket import Docket
from execcheck.events import Event
from execcheck.families import Family, View
from execcheck.kinds.base import Judge, candidates
from execcheck.kinds.telling import persons_text
from execcheck.order import certainly_before
from execcheck.policy import Separation, Text, Trigger
from execcheck.vocabulary import Vocabulary

Named = Mapping[str, Event]
"""Persons, each with the event that named them."""


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
        others, doubt = self._others(event, view, object_id)
        if others is None:
            return
        persons, missing = self._persons(event)
        clash = persons - others.keys() if self.rule.same else persons & others.keys()
        if self.rule.other.at is not None and not others.keys() <= persons:
            clash = set()  # who held the office then is open: the doubt goes to compliance
        if clash and others:
            met = others if self.rule.same else {person: others[person] for person in clash}
            docket.violated(self.rule, event, event, self._told(clash, met), object_id=object_id)
        elif missing or doubt or not others:
            docket.inconclusive(self.rule, event, missing + doubt, object_id, event=event)
        else:
            docket.satisfied(self.rule, event, event, object_id)

    def _persons(self, event: Event) -> tuple[set[str], Missing]:
        """The persons the event names, and the sources that should name one and do not."""
        persons: set[str] = set()
        missing: Missing = ()
        for source in self.rule.person:
            if source == "panel":
                persons.update(member.id for member in event.panel or () if member.id is not None)
                missing += ("panel.id",) if any(member.id is None for member in event.panel or ()) else ()
                continue
            person = (event.actor.id if event.actor else None) if source == "actor" else event.data.get(source)
            if person is None:
                missing += ("actor.id" if source == "actor" else source,)
            else:
                persons.add(person)
        return persons, missing

    def _told(self, persons: Iterable[str], others: Mapping[str, Event]) -> Text:
        return persons_text(self.rule, self.conditions.vocabulary, persons, others)

    def _others(self, event: Event, view: View, object_id: str | None) -> tuple[Named | None, Missing]:
        """The earlier persons (None: there was no earlier event), and what the log lacks to name them."""
        other = self.rule.other
        if other.event_type is not None:
            return self._named_before(event, view, object_id)
        office = other.office or ""
        if other.at is None:
            before_it = {p: named for named, p in view.family.tenures(office) if certainly_before(named, event)}
            return (before_it or None), ()
        until = event
        if other.before is not None:
            limit = _latest(view, other.before, event)
            if limit is None:
                return None, ()
            until = limit
        moment = _latest(view, other.at, until)
        if moment is None:
            return None, ()
        holders = view.family.holders_at(office, moment)
        return dict.fromkeys(holders, moment), () if holders else (f"{other.at}:{office}",)

    def _named_before(self, event: Event, view: View, object_id: str | None) -> tuple[Named | None, Missing]:
        other = self.rule.other
        kind, field = other.event_type or "", other.person or ""
        earlier = [e for e, missing in candidates(view, ((kind, None),), self.per, object_id)
                   if not missing and e is not event and certainly_before(e, event)]  # fmt: skip
        if not earlier:
            return None, ()
        if other.which == "first":
            earlier = earlier[:1]
        named = {e.data[field]: e for e in earlier if field in e.data}
        return named, () if named else (f"{kind}.{field}",)

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
        compared = False
        for case in self._cases(event, view, other.of):
            family = view.family if case in view.family.cases else view.family.related(case)
            held = [] if family is None else [
                (named, p) for named, p in family.tenures(other.office)
                if named.case == case and certainly_before(named, event)
            ]  # fmt: skip
            if family is None or not held:
                continue
            compared = True
            named, holder = held[-1]
            both = (view.family, family)
            if holder not in persons and not (other.or_team and _teams(both, persons) & _teams(both, {holder})):
                clashes[holder] = named
        if not compared:
            return
        answer = False if self.unless is None else self.unless(event, view)
        if not clashes or answer is True:
            docket.satisfied(self.rule, event, event)
        elif answer is False:
            docket.violated(self.rule, event, event, self._told(persons, clashes))
        else:
            docket.inconclusive(self.rule, event, answer, event=event)

    def _cases(self, event: Event, view: View, of: Path) -> list[str]:
        named: list[str] = []
        for filed in view.family.case(event.case).of(of.event_type):
            named.extend(filed.data.get(of.field, ()))
        return [case for case in dict.fromkeys(named) if case != event.case]


def _latest(view: View, kind: str, event: Event) -> Event | None:
    earlier = [other for other in view.family.view.of(kind) if other is not event and certainly_before(other, event)]
    return earlier[-1] if earlier else None


def _teams(families: Iterable[Family], persons: set[str]) -> set[str]:
    """The teams under which somebody acted."""
    return {
        e.actor.team for family in families for e in family.view.events
        if e.actor is not None and e.actor.team is not None and e.actor.id in persons
    }  # fmt: skip
