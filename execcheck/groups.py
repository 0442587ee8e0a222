"""How the cases of a group stand: the families that name each other as related, or what is judged as a whole."""

from __future__ import annotations

from collections.abc import Iterable

from execcheck.docket import Finding, Record
from execcheck.events import Day, Event
from execcheck.families import NEVER, Family
from execcheck.planning import Plan
from execcheck.standing import Delta, Key, Shown, Standing, keyed


def stand(plan: Plan, events: list[Event], today: Day) -> Standing | Together | Whole:
    """How a group stands on a day, judged from all its events.

    Events without an id and months of unknown days make a group that is judged as a whole whenever something
    happens: with the same result, only slower.
    """
    families = plan.judging.families(events, today)
    if not all(family.exact for family in families) or not all(event.has_id for event in events):
        return Whole.judged(plan, families)
    standings = [Standing(plan, family) for family in families]
    return standings[0] if len(standings) == 1 else Together(plan, standings)


class Together:
    """How several families stand that name each other. An event is taken by its own family.

    Rules that look at the related cases are asked again in the others.
    """

    def __init__(self, plan: Plan, standings: Iterable[Standing]) -> None:
        self.plan = plan
        self.standings = tuple(standings)
        self.shown: dict[Key, Finding] = {key: found for one in self.standings for key, found in one.shown.items()}

    @property
    def wake(self) -> Day:
        """The day when time changes a finding."""
        return min((one.wake for one in self.standings), default=NEVER)

    def accepts(self, event: Event) -> bool:
        """Whether a family can put the event in its place without being judged anew."""
        return any(one.accepts(event) for one in self.standings)

    def take(self, event: Event, today: Day) -> Delta:
        """Take an event that :meth:`accepts` has accepted, on a day that is not before it."""
        own = next(one for one in self.standings if event.case in one.family.cases)
        deltas = [own.take(event, today)]
        deltas += [one.pass_to(today, self.plan.across) for one in self.standings if one is not own]
        return self._settled(deltas)

    def pass_to(self, today: Day) -> Delta:
        """Let time pass to a day."""
        return self._settled([one.pass_to(today) for one in self.standings])

    def _settled(self, deltas: Iterable[Delta]) -> Delta:
        before: dict[Key, Finding] = {}
        after: dict[Key, Finding] = {}
        met: list[Finding] = []
        retold: set[Key] = set()
        for delta in deltas:
            before |= delta.before
            after |= delta.after
            met += delta.met
            retold |= delta.retold
        for key in before.keys() - after.keys():
            del self.shown[key]
        self.shown |= after
        return Delta(before, after, met, retold)

    def met(self) -> list[Finding]:
        """The duties met by what was taken last."""
        return [found for one in self.standings for found in one.met()]

    def fork(self) -> Together:
        """A twin that can be tried out."""
        twin = Together(self.plan, (one.fork() for one in self.standings))
        families = {case: one.family for one in twin.standings for case in one.family.cases}
        for one in twin.standings:
            one.family.related = families.get
        return twin

    def let_go(self) -> None:
        """Take the families apart."""
        for one in self.standings:
            one.let_go()


class Whole:
    """How a group stands that is judged as a whole, whenever something happens."""

    def __init__(self, shown: Shown, met: list[Finding], wake: Day) -> None:
        self.shown = shown
        self.wake = wake
        self._met = met

    @classmethod
    def judged(cls, plan: Plan, families: list[Family]) -> Whole:
        """Judge the families of a group."""
        shown: dict[Key, Finding] = {}
        met: list[Finding] = []
        for family in families:
            record = Record(plan.judging.calendar, plan.bench.tracked)
            plan.bench.judge(family, record)
            shown.update(keyed(record.findings))
            met += record.met_findings()
        wake = min((family.changes_on for family in families), default=NEVER)
        for family in families:
            family.dissolve()
        return cls(shown, met, wake)

    def met(self) -> list[Finding]:
        """The duties met."""
        return self._met

    def let_go(self) -> None:
        """Nothing is held."""


Stood = Standing | Together | Whole
"""How a group stands, in whichever way."""
