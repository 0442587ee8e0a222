"""The first look at a log: what must be known before the first judgement.

The observation time, what the source captures, which cases belong together, and how many events each case has,
so that a group of cases can be judged and forgotten with its last event.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from execcheck.defects import Unfit
from execcheck.events import Event, Moment, end_of
from execcheck.links import Links, ties
from execcheck.logs.glance import Glance, batches, glance_of, manner_of
from execcheck.logs.outline import OPTIONAL, Outline, outline_of_event
from execcheck.moments import Clock
from execcheck.terms import CaseDefinition

Stamp = tuple[int, bool, float]


class Survey:
    """What the first reading of a log learns; see :meth:`read`."""

    def __init__(self, cases: CaseDefinition, clock: Clock | None = None) -> None:
        self._cases = cases
        self._clock = clock or Clock()
        self._latest: dict[tuple[str, str], str] = {}
        self._last: tuple[Stamp, Moment] | None = None
        self._carried: set[str] = set()
        self._tying = (cases.opened_by, cases.resumed_by)
        self.groups = Links()
        self.counts: dict[str, int] = {}
        self.replaced: set[str] = set()  # ids of events that others replace; counted like any other here

    def read(self, outlines: Iterable[Outline]) -> Survey:
        """Take the outlines of a whole log."""
        return self.read_glances(glance_of(batch, self._tying) for batch in batches(outlines))

    def read_glances(self, glances: Iterable[Glance]) -> Survey:
        """Take the glances at a whole log."""
        counts, latest = self.counts, self._latest
        for glance in glances:
            for case, number in glance.cases.items():
                counts[case] = counts.get(case, 0) + number
            for time in glance.times:
                # Moments in the same manner of writing compare like their texts: only the last of each is read.
                manner = manner_of(time)
                if time > latest.get(manner, ""):
                    if "." in manner[1]:
                        self._take(time)
                    else:
                        latest[manner] = time
            self._carried |= glance.carries
            self.replaced.update(str(outline.supersedes) for outline in glance.corrections)
            for outline in glance.linked:
                family, related = ties(outline.type, outline.links, self._cases)
                for other in (*family, *related):
                    self.groups.join(outline.case, other)
        for time in latest.values():
            self._take(time)
        return self

    def _take(self, text: str) -> None:
        try:
            moment, day = self._clock.read(text)
        except Unfit:
            return
        moment = end_of(moment)
        stamp: Stamp = (max(day, moment.toordinal()), True, 0.0)
        if isinstance(moment, datetime):
            stamp = (day, False, moment.timestamp())
        if self._last is None or stamp > self._last[0]:
            self._last = (stamp, moment)

    def read_events(self, events: Iterable[Event]) -> Survey:
        """Take events that are at hand."""
        links = self._cases.links
        return self.read(outline_of_event(event, links) for event in events)

    def of_standing(self, outlines: Iterable[Outline]) -> Survey:
        """A new survey: the same outlines once more, now without the events that others replace."""
        replaced = self.replaced
        return Survey(self._cases, self._clock).read(one for one in outlines if not one.replaced_in(replaced))

    @property
    def last_moment(self) -> Moment | None:
        """The last moment of the log (a day counts as its end); None where it has none."""
        return None if self._last is None else self._last[1]

    @property
    def not_carried(self) -> frozenset[str]:
        """The optional parts of the envelope that no event carries."""
        return frozenset(OPTIONAL).difference(self._carried)
