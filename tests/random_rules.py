"""Random rules of every kind, as the text of policy files, within the schema.

A rule is about event types of one kind of object and of the case. Periods are short, so that the few weeks of a
random stream decide. A rule may ask for nonsense; what it means is defined all the same.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from execcheck.vocabulary import EventType, Field, Vocabulary

Parts = dict[str, Any]

OF_CASE = (
    "case.filed", "case.assigned", "case.reassigned", "case.restored", "case.closed", "termination.ruled", "query.online",
    "claim.changed", "extension.granted", "eviction.announced", "case.recused",
)  # fmt: skip
"""Event types about the case that any rule may speak of."""
KINDS_OF_OBJECT = ("asset", "payment", "party", "objection", "clue", "suggestion")
STOPS = ("suspension", "postponement", "settlement", "exclusion", "third_party_objection")
AMOUNTS, ORDERED = ("money", "integer"), ("money", "integer", "date")
ROLES = ("handler", "president", "bureau_head")


class Maker:
    """Makes one rule with the dice given."""

    def __init__(self, vocabulary: Vocabulary, dice: random.Random) -> None:
        self.vocabulary, self.dice = vocabulary, dice
        self.per = dice.choice((None, *KINDS_OF_OBJECT))
        own = [e.name for e in vocabulary.events.values() if self.per is not None and e.carries(self.per)]
        chosen = dice.sample(own, min(len(own), 5))
        self.types = tuple(chosen or ()) + tuple(dice.sample(OF_CASE, 2 if chosen else 6))

    def chance(self, percent: int) -> bool:
        """Whether something that happens so often happens."""
        return self.dice.randrange(100) < percent

    def period(self, units: Sequence[str] = ("d", "d", "d", "wd", "mo", "h")) -> str:
        """A short period."""
        unit = self.dice.choice(units)
        count = {"d": self.dice.randrange(12), "wd": self.dice.randrange(8), "mo": 1, "h": self.dice.randrange(1, 72)}
        return f"{count[unit]}{unit}"

    def distance(self) -> str:
        """A period that is compared with calendar days."""
        return self.period(("d", "d", "mo"))

    # --- selectors and conditions -----------------------------------------------------------------

    def fields(self, types: Sequence[str], kinds: Sequence[str] = ()) -> list[Field]:
        """The data fields that all the types carry, of some kinds."""
        events: list[EventType] = [self.vocabulary.events[kind] for kind in types]
        shared = [f for f in events[0].fields.values() if all(f.name in e.fields for e in events)]
        return [f for f in shared if (not kinds or f.kind in kinds) and not f.is_case_number]

    def selector(self, most: int = 2, *, plain: bool = False) -> Any:
        """An event type, or some of them with a condition."""
        types = self.dice.sample(self.types, self.dice.randint(1, most))
        if plain or self.chance(55):
            return types[0]
        found: Parts = {"event": types if len(types) > 1 else types[0]}
        if self.chance(80):
            found["where"] = self.where(types)
        return found

    def selectors(self, most: int = 2) -> Any:
        """One selector or a few."""
        found = [self.selector() for _ in range(self.dice.randint(1, most))]
        return found[0] if len(found) == 1 and self.chance(50) else found

    def where(self, types: Sequence[str], *, depth: int = 1, required: bool = False) -> Parts:
        """A condition of one or two parts."""
        found: Parts = {}
        for _ in range(self.dice.choice((1, 1, 2))):
            found.update(self._atom(types, depth, required))
        return found

    def _atom(self, types: Sequence[str], depth: int, required: bool) -> Parts:
        makers: list[Callable[[], Parts]] = [lambda: self._data(types)] * 4
        makers += [self._actor, self._actor, lambda: self._latest(types), lambda: self._latest(types), self._of_case]
        makers += [lambda: {"source": self.dice.choice(("system", "offline"))}]
        makers += [
            lambda: {"time": {self.dice.choice(("at_least", "less_than")): f"2021-12-{self.dice.randint(1, 28):02}"}}
        ]
        if self.per is not None:
            makers.append(lambda: {f"object.{self.per}": {"present": self.chance(60)}})
        if depth:
            makers.append(lambda: {"any": [self.where(types, depth=0, required=required) for _ in range(2)]})
            makers.append(lambda: {"linked": self.selector(plain=True)})
            makers.append(lambda: {"during": self.dice.choice((*STOPS, "first_rank_control"))})
        if required:
            makers += [self._panel, self._approvals, lambda: {"team_other_than": "handler"}] * 2
        return self.dice.choice(makers)()

    def _panel(self) -> Parts:
        return {"panel": {"least": self.dice.randint(1, 3), "odd": self.chance(50), "quota_judges": self.chance(50)}}

    def _approvals(self) -> Parts:
        late = {"role": self.dice.choice(ROLES), "by": self.period(("d", "wd"))}
        return {"approvals": [late] if self.chance(40) else self.dice.sample(ROLES, self.dice.randint(1, 2))}

    def _actor(self) -> Parts:
        name = self.dice.choice(("id", "role", "team", "quota_judge"))
        values: Mapping[str, Any] = {
            "id": "u1", "role": self.dice.choice(ROLES), "team": "t1", "quota_judge": self.chance(50),
        }  # fmt: skip
        asked: Any = {self.dice.choice(("is", "not")): values[name]}
        if self.chance(30):
            asked["if_missing"] = self.chance(50)
        return {f"actor.{name}": {"present": self.chance(70)} if self.chance(20) else asked}

    def _of_case(self) -> Parts:
        return self.dice.choice((
            {"case.type": self.dice.choice(("执", "执恢", ["执", "执恢"]))},
            {"case.subject": self.dice.choice(("money", "delivery"))},
            {"case.basis": {"not": "judgment"}},
            {"case.non_litigation": self.chance(50)},
        ))  # fmt: skip

    def _data(self, types: Sequence[str]) -> Parts:
        fields = self.fields(types)
        if not fields:
            return {"source": "system"}
        return self._about(self.dice.choice(fields), "", [f.name for f in self.fields(types, ORDERED)], types)

    def _latest(self, types: Sequence[str]) -> Parts:
        kinds = self.dice.sample(self.types, self.dice.choice((1, 1, 2)))
        fields = self.fields(kinds)
        name = "|".join(kinds)
        if not fields or self.chance(30):
            return {
                f"{name}.time": {self.dice.choice(("at_least", "less_than")): f"2021-12-{self.dice.randint(1, 28):02}"}
            }
        found = self._about(self.dice.choice(fields), f"{name}.", [f.name for f in self.fields(types, ORDERED)], types)
        if self.chance(25):
            for asked in found.values():
                if isinstance(asked, dict):
                    asked["if_no_event"] = "open"
        return found

    def _about(self, field: Field, prefix: str, others: Sequence[str], types: Sequence[str]) -> Parts:
        path = prefix + field.name
        if self.chance(15):
            return {path: {"present": self.chance(60)}}
        asked = self._comparison(field, others, types)
        if isinstance(asked, dict) and self.chance(25):
            asked["if_missing"] = self.chance(50)
        return {path: asked}

    def _comparison(self, field: Field, others: Sequence[str], types: Sequence[str]) -> Any:
        if field.kind == "enum":
            some = self.dice.sample(field.values, min(len(field.values), self.dice.randint(1, 2)))
            return self.dice.choice((some[0], some, {"not": some[0]}))
        if field.kind == "many":
            return {"includes": self.dice.sample(field.values, min(len(field.values), self.dice.randint(1, 2)))}
        if field.kind == "boolean":
            return self.chance(50)
        if field.kind not in ORDERED:
            return {"present": True}
        word = self.dice.choice(("at_least", "at_most", "more_than", "less_than"))
        same = [name for name in others if self._kind(name, types) == field.kind]
        if same and self.chance(40):
            other: Parts = {"field": self.dice.choice(same)}
            if field.kind == "date":
                other[self.dice.choice(("plus", "minus"))] = self.distance()
            elif self.chance(50):
                other["times"] = self.dice.choice((0.5, 2))
            return {word: other}
        if field.kind == "date":
            return {word: {"field": "time", "plus": self.distance()}}
        return {word: self.dice.randint(0, 4) * (1 if field.kind == "integer" else 100)}

    def _kind(self, name: str, types: Sequence[str]) -> str:
        return self.vocabulary.events[types[0]].fields[name].kind


def written(parts: Parts) -> str:
    """The rule as a policy file; JSON is YAML."""
    return "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in parts.items())


@cache
def words_of(text: str) -> frozenset[str]:
    """All words in the text of a rule."""
    return frozenset(text.replace('"', " ").replace("|", " ").replace(",", " ").split())
