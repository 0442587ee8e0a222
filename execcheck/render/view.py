"""How a report is to be shown, and what a renderer may look up."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Final

from attrs import frozen

from execcheck.defects import Defect, Language
from execcheck.describing import Describer
from execcheck.durations import plus
from execcheck.events import Moment
from execcheck.judgement import Judgement, Report
from execcheck.lawbook import Law
from execcheck.moments import COURT_ZONE
from execcheck.periods import Calendar, Period
from execcheck.policy import Text

UNBROKEN: Final = 100_000
"""A width at which no line is broken: files and pipes are searched and wrapped by other programs."""


@frozen
class View:
    """Language, colour and width (columns); the law book for labels; what the reading of the log noted."""

    law: Law
    lang: Language = "zh"
    colour: bool = False
    width: int = UNBROKEN
    source: Text | None = None  # the name of the source, from its profile
    notes: tuple[Defect, ...] = ()
    calendar: Calendar | None = None  # with local closures; None: the national one

    def say(self, zh: str, en: str) -> str:
        """One of two texts."""
        return zh if self.lang == "zh" else en

    @property
    def describer(self) -> Describer:
        """Puts parts of rules into words."""
        return Describer(self.law.vocabulary)

    def role(self, name: str) -> str:
        """The label of a role."""
        label = self.law.vocabulary.roles.get(name)
        return name if label is None else self.say(label.zh, label.en)

    def object(self, kind: str) -> str:
        """The label of a kind of object."""
        label = self.law.vocabulary.objects.get(kind)
        return kind if label is None else self.say(label.zh, label.en)


def instant_text(moment: Moment) -> str:
    """An observation time as RFC 3339 in the court's zone; a day means its end."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time(23, 59, 59), COURT_ZONE)
    return moment.astimezone(COURT_ZONE).isoformat()


def day_of(moment: Moment) -> date:
    """The court's day of a moment."""
    return moment.astimezone(COURT_ZONE).date() if isinstance(moment, datetime) else moment


def soonest_first(judgements: tuple[Judgement, ...]) -> list[Judgement]:
    """Pending duties by due day; those without one last."""
    return sorted(judgements, key=lambda j: (j.due is None, j.due or date.max, j.order))


def due_within(report: Report, within: Period | None, calendar: Calendar | None = None) -> list[Judgement]:
    """The pending duties that fall due within a period after the observation time, the soonest first."""
    pending = soonest_first(report.pending)
    if within is None:
        return pending
    today = day_of(report.as_of).toordinal()
    if within.unit == "wd":
        limit = (calendar or Calendar.load()).nth_working(today, within.count)
    else:
        limit = plus(today, within)
    return [j for j in pending if j.due is not None and j.due.toordinal() <= limit]
