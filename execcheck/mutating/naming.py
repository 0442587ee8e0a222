"""Names for telling examples: a few words on the point of law that the log shows."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from execcheck.case_numbers import parse
from execcheck.clauses import Path, PathRoot
from execcheck.describing import Describer
from execcheck.events import Event
from execcheck.lawbook import Law
from execcheck.mutating.mutants import ROLLOVER, Mutant
from execcheck.mutating.search import Apart
from execcheck.mutating.trial import NOT_TRIGGERED
from execcheck.order import sort_events
from execcheck.policy import Rule

VERDICTS = {"satisfied": "in order", "violated": "a breach", "pending": "still open", NOT_TRIGGERED: "not judged"}


def telling_name(rule: Rule, mutant: Mutant, told: Apart, law: Law, taken: Collection[str]) -> str:
    """A name that says what the log shows; not one that is taken."""
    words = _Words(rule, mutant, told, law)
    name = words.point() or words.story()
    candidates = [name, *(f"{name}, {extra}" for extra in (words.verdict(), words.story()) if extra not in name)]
    candidates += [f"{name} ({n})" for n in range(2, 100)]
    return next(candidate for candidate in candidates if candidate not in taken)


class _Words:
    def __init__(self, rule: Rule, mutant: Mutant, told: Apart, law: Law) -> None:
        self.rule, self.mutant, self.told, self.law = rule, mutant, told, law
        self.describer = Describer(law.vocabulary)
        self.verdict_ = told.rule.verdicts[0]
        self.place, _, self.op = mutant.name.partition(":")

    def point(self) -> str:
        """What the change is about, where that has a common form; else empty."""
        place, op = self.place, self.op.partition("#")[0]
        head, _, rest = place.partition(".")
        if self.mutant.name == ROLLOVER:
            return self._rolled()
        if place == "or_earlier":
            return "done before is not enough" if self.verdict_ != "satisfied" else "done before is enough"
        if head == "unless" and ".where" not in place and op in ("dropped", "swapped"):
            return self._ending(rest.partition("=")[2] or rest)
        if head == "stops":
            return f"{self._span(rest)} stops the clock"
        if place.startswith("within") and self.told.log.as_of is not None and self.verdict_ == "violated":
            return "nothing by the last day"
        if place.startswith("within") and self.told.log.as_of is None and self.verdict_ in ("satisfied", "violated"):
            return "on the last day" if self.verdict_ == "satisfied" else "a day late"
        if place == "per":
            return self._object()
        if place == "across":
            return self._other_case(op == "case")
        if place.startswith("require.panel"):
            sizes = [len(event.panel) for event in self.told.log.events if event.panel is not None]
            return f"a panel of {sizes[-1]}" if sizes else "no panel"
        if head == "in_force":
            return "on the first day in force" if self.verdict_ != NOT_TRIGGERED else "the day before it was in force"
        if place == "region":
            return "another province"
        if place in ("by_day", "strictly"):
            return "on the same day, the hours the other way round"
        word = place.partition("=")[2]
        if op == "dropped" and place.startswith("then.") and ".where" not in place:
            return f"“{self._label(word or rest)}” will do" if self.verdict_ == "satisfied" else ""
        if op == "dropped" and place.startswith("together="):
            return f"{self._value(word)} not covered" if self.verdict_ == "violated" else ""
        return self._field_said()

    def _field_said(self) -> str:
        """What the log says about the field that a changed condition asks for."""
        _, found, rest = self.place.partition(".where.")
        head, _, asked = self.place.partition(".")
        text = (rest if found else asked if head == "require" else "").partition("=")[0].removeprefix("any.")
        if not text:
            return ""
        head, _, field = text.rpartition(".")
        events = sort_events(list(self.told.log.events))
        if head == "actor":
            said = [e for e in events if e.actor is not None and getattr(e.actor, field, None) is not None]
            return self._with(said[-1], field, getattr(said[-1].actor, field), "actor") if said else ""
        if head == "case" and field == "type":
            return self._case_said(events[-1])
        said = [e for e in events if field in e.data and (not head or e.type in head.split("|"))]
        word = self.place.partition("=")[2]
        if said and word and isinstance(said[-1].data[field], tuple) and word not in said[-1].data[field]:
            return f"{self._label(said[-1].type)}, {self.describer.members(field, (word,)).en} left out"
        if said:
            return self._with(said[-1], field, said[-1].data[field], "data")
        known = [e for e in events if field in self.law.vocabulary.events[e.type].fields]
        return f"{self._label(known[-1].type)} without {self._field(field)}" if known else ""

    def _case_said(self, event: Event) -> str:
        field = self.law.definitions.cases.type_field
        filed = [e.data[field] for e in self.told.log.events if e.case == event.case and field in e.data]
        parsed = parse(event.case)
        kind = filed[0] if filed else parsed.type if parsed is not None else ""
        return f"{self._label(event.type)}, in a case of the type {kind}" if kind else ""

    def _value(self, word: str) -> str:
        """A word of a list that should be there and is not."""
        fields = {name for e in self.told.log.events for name in e.data}
        return self.describer.members(next(iter(sorted(fields)), ""), (word,)).en

    def _with(self, event: Event, field: str, value: object, root: PathRoot) -> str:
        said = self.describer.value(Path(root, field), value).en
        what = f"by {said}" if root == "actor" else f"{self._field(field)} {said}"
        return f"{self._label(event.type)}, {what}"

    def _field(self, name: str) -> str:
        return self.describer.labels.field(name).en

    def _rolled(self) -> str:
        due = max((day for day in self.told.rule.dues if day is not None), default=None)
        if due is None:
            return "the last day is a rest day and moves"
        return f"the last day is a rest day and moves to {date.fromordinal(due):%A}"

    def _ending(self, kind: str) -> str:
        kind = kind.partition(":")[0]
        there = any(event.type == kind for event in self.told.log.events)
        label = self._label(kind)
        if self.verdict_ == "satisfied":
            return f"the duty ends with “{label}”" if there else ""
        others = [self._label(e.type) for e in self.told.log.events[1:] if e.type != kind]
        return f"the duty does not end with “{others[-1]}”" if others else ""

    def _span(self, name: str) -> str:
        found = self.law.vocabulary.extra.get("spans", {}).get(name, {})
        return str(found.get("en", name))

    def _object(self) -> str:
        kind = self.rule.per or ""
        label = self.law.vocabulary.objects.get(kind)
        names = {event.objects.get(kind) for event in self.told.log.events}
        what = label.en if label else kind
        if None in names:
            return f"the {what} is not named"
        return f"another {what}" if len(names) > 1 else ""

    def _other_case(self, sees: bool) -> str:
        kinds = {parsed.type for e in self.told.log.events if (parsed := parse(e.case)) is not None}
        if len({e.case for e in self.told.log.events}) < 2:
            return ""
        resumed = self.law.definitions.cases.resumed_type
        if resumed in kinds:
            return f"what another case of the family shows {'counts' if sees else 'does not count'}"
        return "in another case"

    # --- stories --------------------------------------------------------------------------------

    def story(self) -> str:
        """The events in their order."""
        said = [self._told(event.type, n) for n, event in enumerate(sort_events(list(self.told.log.events)))]
        return ", then ".join(said) if self.told.log.as_of is None else ", then ".join(said) + ", then nothing"

    def _told(self, kind: str, n: int) -> str:
        return self._label(kind)

    def _label(self, kind: str) -> str:
        return self.describer.event(kind).en if kind in self.law.vocabulary.events else kind

    def verdict(self) -> str:
        """The verdict in a word or two."""
        return VERDICTS.get(self.verdict_, "not to be told")
