"""Rules as immutable values: what a policy file says, after loading and before compiling.

One class for each kind of rule (the closed set of the contract), a small syntax tree for the conditions
on events, and the instrument (pack) they belong to. Nothing here evaluates anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal

from attrs import Factory, frozen

from execcheck.clauses import Path, Selector, Where
from execcheck.dated import Dated, InForce
from execcheck.periods import Period


class Severity(StrEnum):
    """How grave a finding is; the order is ``error`` > ``warning`` > ``note``."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """3 for an error, 2 for a warning, 1 for a note."""
        return {"error": 3, "warning": 2, "note": 1}[self.value]


CATEGORIES: Mapping[str, tuple[str, str]] = {
    "passive": ("消极执行", "passive enforcement"),
    "selective": ("选择性执行", "selective enforcement"),
    "improper": ("乱执行", "improper enforcement"),
    "integrity": ("执行不廉", "lack of integrity"),
    "conduct": ("作风不正", "improper conduct"),
    "disobedience": ("有令不行", "disregard of orders"),
}
"""The six targets of the 2017 rectification plan; printed as 「对应整治重点」, never as an accusation."""

PERSONS = ("actor", "panel")
"""Where the envelope of an event names people; anywhere else a data field does."""

KINDS = (
    "response", "precedence", "absence", "condition", "authority", "separation", "interval", "recurrence", "aggregate",
)  # fmt: skip
"""The closed set of rule kinds."""


@frozen
class Text:
    """A text for people, in Chinese and English."""

    zh: str
    en: str

    def __call__(self, lang: str) -> str:
        """The text in ``zh`` or ``en``."""
        return self.zh if lang == "zh" else self.en


NO_TEXT = Text("", "")


# --- instruments -----------------------------------------------------------------------------------


@frozen
class Citation:
    """An article of an instrument, and the version of it in which the number counts."""

    document: str
    article: str
    version: Text = NO_TEXT


@frozen
class Pack:
    """An instrument of law: what its rules share, and which of its articles no log can show.

    ``articles`` are those that the pack accounts for (``235-269, 118``), by a rule or by a reason in
    ``not_checkable``; ``other_documents`` names further instruments that its rules cite.
    """

    name: str
    title: Text
    short: Text
    issuer: Text
    note: Text
    in_force: InForce
    region: str | None
    law_in: tuple[str, ...]
    confidence: str
    wording: Text
    not_checkable: tuple[tuple[str, Text], ...]
    version: Text = NO_TEXT
    articles: str = ""
    other_documents: Mapping[str, Text] = Factory(dict)


@frozen
class Trigger:
    """A selector that starts a duty, with its own limit or place of performance where it has one."""

    selector: Selector
    within: Dated[Period] | None = None
    due_on: Path | None = None
    follow: str | None = None  # data field naming the case in which the duty is owed


CONFIDENCE: Mapping[str, Text] = {
    "primary": Text("原文核对", "read in the original"),
    "fragment": Text("只核对到原文片段", "fragments of the original read"),
    "second_hand": Text("二手来源，待核对原文", "known at second hand"),
}
"""How far the text of an instrument was verified; what is known only at second hand is never an error."""


@frozen
class Milder:
    """A violation weighs only so much where the trigger meets a condition."""

    severity: Severity
    where: Where


# --- rules -----------------------------------------------------------------------------------------

Scope = Literal["case", "family", "related"]


@frozen
class Example:
    """A log inside a policy, with what the rule says about it."""

    name: str
    place: str
    verdict: str
    events: tuple[Mapping[str, Any], ...]
    as_of: str | None = None
    due: str | None = None
    missing: tuple[str, ...] = ()
    severity: str | None = None
    count: int | None = None
    not_captured: tuple[str, ...] = ()


@frozen(kw_only=True)
class Rule:
    """What every rule has; the kinds below add their own part."""

    id: str
    place: str
    title: Text
    severity: Severity
    category: str
    articles: tuple[str, ...]
    pack: Pack
    in_force: InForce
    per: str | None = None
    scope: Scope = "case"
    when: tuple[Trigger, ...] = ()
    within: Dated[Period] | None = None
    factor: Decimal | None = None
    reference_limit: bool = False
    responsible: str = ""
    restates: tuple[str, ...] = ()
    in_state: tuple[str, frozenset[str]] | None = None
    milder: Milder | None = None
    version: Text = NO_TEXT
    confidence: str = ""
    also_cites: tuple[Citation, ...] = ()
    note: Text = NO_TEXT
    message: Text = NO_TEXT
    examples: tuple[Example, ...] = ()
    survivors: Mapping[str, Text] = Factory(dict)  # mutants that no example need tell, and why

    kind = ""

    @property
    def name(self) -> str:
        """The readable name, without the pack."""
        return self.id.rpartition("/")[2]

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The articles the rule rests on."""
        own = tuple(Citation(self.pack.name, article, self.version) for article in self.articles)
        return own + self.also_cites


@frozen
class ForEach:
    """One duty for each object in a span, or for each party listed in an event's data."""

    object: str
    span: str | None = None
    event_type: str | None = None
    field: str | None = None


@frozen
class From:
    """The day from which a period counts: a period after the trigger, or a date in its data."""

    period: Period | None = None
    field: str | None = None


@frozen
class Extension:
    """Events that replace the due day: by their ``until``, or by a longer period from the start.

    They count if they came on or before the day they replace; with ``even_late`` whenever they came.
    """

    selectors: tuple[Selector, ...]
    within: Period | None = None
    even_late: bool = False


@frozen
class Reaching:
    """The events ``each`` must together reach the sum of a field over the events ``of``."""

    field: str
    of: tuple[Selector, ...]
    each: tuple[Selector, ...]


@frozen(kw_only=True)
class Response(Rule):
    """After each trigger something must follow in time."""

    then: tuple[Selector, ...]
    due_on: Path | None = None
    before: tuple[Selector, ...] = ()
    unless: tuple[Selector, ...] = ()
    stops: tuple[str, ...] = ()
    extended_by: Extension | None = None
    or_earlier: bool = False
    match: tuple[tuple[str, Path], ...] = ()
    not_before: tuple[Selector, ...] = ()
    restarted_by: tuple[Selector, ...] = ()
    counts_from: From | None = None
    earliest: Mapping[str, Period] = Factory(dict)
    without: tuple[Selector, ...] = ()
    provided: tuple[Selector, ...] = ()
    reaching: Reaching | None = None
    for_each: ForEach | None = None
    instead: tuple[str, tuple[Trigger, ...]] | None = None

    kind = "response"


@frozen
class Need:
    """What must have come before, perhaps a least distance earlier."""

    selector: Selector
    at_least: Period | None = None


@frozen(kw_only=True)
class Precedence(Rule):
    """Before each judged event something must have happened."""

    needs: tuple[Need, ...]
    together: tuple[str, frozenset[str]] | None = None
    by_day: bool = False
    at_least: Period | None = None
    after: tuple[Selector, ...] = ()

    kind = "precedence"


@frozen(kw_only=True)
class Absence(Rule):
    """The judged event must not happen, at all or between two others."""

    between: tuple[tuple[Selector, ...], tuple[Selector, ...]] | None = None

    kind = "absence"


@frozen(kw_only=True)
class Condition(Rule):
    """Each judged event's fields satisfy a condition."""

    require: Where

    kind = "condition"


@frozen(kw_only=True)
class Authority(Condition):
    """Each judged act has the right actor, panel and approvals."""

    kind = "authority"


@frozen
class PersonSource:
    """Where the other person of a separation is found."""

    event_type: str | None = None
    person: str | None = None
    which: Literal["each", "first"] = "each"
    office: str | None = None
    at: str | None = None
    before: str | None = None
    of: Path | None = None
    or_team: bool = False


@frozen(kw_only=True)
class Separation(Rule):
    """A person named in the judged event differs from (or equals) one named earlier."""

    person: tuple[str, ...]
    other: PersonSource
    same: bool = False
    unless: Where | None = None

    kind = "separation"


@frozen(kw_only=True)
class Interval(Rule):
    """The judged event does not come sooner than ``within`` after the latest earlier one."""

    after: tuple[Selector, ...]
    strictly: bool = False

    kind = "interval"


@frozen(kw_only=True)
class Recurrence(Rule):
    """From the trigger on, something happens at least once in every period."""

    then: tuple[Selector, ...]
    until: tuple[Selector, ...] = ()
    lasting: Period | None = None

    kind = "recurrence"


@frozen
class Total:
    """A running total: the sum of a field, a count, or the distinct values of a field."""

    measure: Literal["sum", "count", "distinct"]
    field: str = ""
    over: tuple[Selector, ...] = ()
    span: str | None = None


@frozen
class Bound:
    """What a total is compared with."""

    constant: Decimal | None = None
    total: Total | None = None
    latest: tuple[tuple[str, ...], ...] = ()  # the latest event of the first group, else of the next
    field: str = ""
    times: Decimal | None = None


@frozen(kw_only=True)
class Aggregate(Rule):
    """After each judged event a running total stays within a bound."""

    total: Total
    bound: Bound
    at_most: bool = True
    least: int = 0
    provided_all: tuple[str, ...] = ()

    kind = "aggregate"
