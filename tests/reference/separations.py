"""``separation``: a person differs from (or equals) one named earlier; who came earlier must be certain."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from execcheck.events import Event
from execcheck.policy import Separation
from reference.asking import holds
from reference.ordering import before, surely_before
from reference.people import named_to, teams_of
from reference.said import INCONCLUSIVE, SATISFIED, Known, Verdict
from reference.world import Sight


@frozen
class Others:
    """The earlier persons: of some it is open whether they are the ones (None). ``nobody``: the log names none."""

    persons: dict[str, Known]
    exact: bool = False  # one of them is meant, it is open which


def judge(rule: Separation, event: Event, sight: Sight, about: tuple[str, str] | None) -> Iterator[Verdict]:
    """Compare the persons; without an earlier one the rule says nothing."""
    if rule.other.of is not None:
        yield from _in_cases(rule, event, sight)
        return
    others = _others(rule, event, sight, about)
    if others is None:
        return
    named, lacking = _persons(rule.person, event)
    yield _excused(rule, event, sight, _compared(rule, named, lacking, others), Verdict("violated", None, event))


def _excused(rule: Separation, event: Event, sight: Sight, answer: Known, broken: Verdict) -> Verdict:
    """The verdict, where ``unless`` may excuse what would be a breach."""
    if answer is True:
        return SATISFIED
    excused: Known = False if rule.unless is None else holds(rule.unless, event, sight, rule.per)
    if excused:
        return SATISFIED
    return INCONCLUSIVE if answer is None or excused is None else broken


def _compared(rule: Separation, named: set[str], lacking: bool, others: Others) -> Known:
    """Whether the persons are as they should be."""
    known = others.persons
    if not known:
        return None
    if others.exact and len(known) > 1 and not rule.same:
        # Who held the office then is open: every one of them may be the other, the doubt goes to compliance.
        clash = [known[person] for person in named & known.keys()]
        free = [answer for person, answer in known.items() if person not in named]
        if clash and free:
            return None if None in (*clash, *free) else (None if lacking else True)
    if rule.same:
        return _same(named, lacking, others)
    clash = [known[person] for person in named & known.keys()]
    if True in clash:
        return False
    return None if None in clash or lacking else True


def _same(named: set[str], lacking: bool, others: Others) -> Known:
    strangers = named - others.persons.keys()
    if strangers:  # a breach, if somebody certainly came before
        return False if True in others.persons.values() else None
    doubtful = [person for person in named if others.persons[person] is None]
    return None if doubtful or lacking else True


def _others(rule: Separation, event: Event, sight: Sight, about: tuple[str, str] | None) -> Others | None:
    other = rule.other
    if other.event_type is not None:
        found = [e for e in _of_type(rule, event, sight, about) if surely_before(e, event)]
        if not found:
            return None
        if other.which == "first":
            found = found[:1]
        return Others({person: True for e in found for person in _persons((other.person or "",), e)[0]})
    if other.at is None:
        tenures = [t for t in named_to(other.office or "", sight) if surely_before(t.event, event)]
        sure = {t.person for t in tenures if t.sure}
        return Others({t.person: True if t.person in sure else None for t in tenures}) if tenures else None
    limit: Event | None = event
    if other.before is not None:
        limit = _latest(other.before, event, sight)
    moment = None if limit is None else _latest(other.at, limit, sight)
    return None if moment is None else Others(_holders(other.office or "", moment, sight), exact=True)


def _of_type(rule: Separation, event: Event, sight: Sight, about: tuple[str, str] | None) -> list[Event]:
    return [
        e for e in sight.of(rule.other.event_type or "")
        if e is not event and (about is None or e.objects.get(about[0]) == about[1])
    ]  # fmt: skip


def _latest(kind: str, event: Event, sight: Sight) -> Event | None:
    found = [e for e in sight.family if e.type == kind and e is not event and surely_before(e, event)]
    return found[-1] if found else None


def _holders(office: str, event: Event, sight: Sight) -> dict[str, Known]:
    """Who may have held the office at an event: the last one named certainly before it, and who perhaps followed."""
    holders: dict[str, Known] = {}
    for tenure in named_to(office, sight):
        if tenure.sure and (tenure.event is event or surely_before(tenure.event, event)):
            holders = {tenure.person: True}
        elif before(tenure.event, event):
            holders.setdefault(tenure.person, tenure.sure)
    return holders


def _persons(sources: tuple[str, ...], event: Event) -> tuple[set[str], bool]:
    """Who is named, and whether one who should be is not."""
    named: list[str | None] = []
    for source in sources:
        if source == "panel":
            members = [member.id for member in event.panel or ()]
            named += members or ([None] if sources == ("panel",) else [])
        elif source == "actor":
            named.append(event.actor.id if event.actor is not None else None)
        else:
            named.append(event.data.get(source))
    return {person for person in named if person is not None}, None in named


def _in_cases(rule: Separation, event: Event, sight: Sight) -> Iterator[Verdict]:
    """Compare with the holder of the office in each of the cases that the filing names."""
    other = rule.other
    assert other.of is not None
    named, lacking = _persons(rule.person, event)
    if lacking:
        yield INCONCLUSIVE
        return
    filings = [e for e in sight.family if e.case == event.case and e.type == other.of.event_types[0]]
    cases = {case for filing in filings for case in filing.data.get(other.of.field, ())} - {event.case}
    answers: list[Known] = []
    for case in cases:
        family = sight.world.family_of(case)
        seen = Sight(sight.world, family, family)
        held = [t for t in named_to(other.office or "", seen) if t.event.case == case and surely_before(t.event, event)]
        if held:
            both = (*sight.family, *family)
            shared = {t for person in named for t in teams_of(person, both)} & teams_of(held[-1].person, both)
            fits = held[-1].person in named or bool(other.or_team and shared)
            answers.append(True if fits else False if held[-1].sure else None)
    if answers:
        answer: Known = False if False in answers else None if None in answers else True
        yield _excused(rule, event, sight, answer, Verdict("violated", None, event))
