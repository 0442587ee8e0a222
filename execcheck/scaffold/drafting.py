"""The examples of a rule that is not written yet: built from the rule, and tried before they are written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from attrs import evolve, frozen

from execcheck.lawbook import Law
from execcheck.mutating import mutate
from execcheck.mutating.writing import short, yaml_of
from execcheck.policy import NO_TEXT, Example, Pack, Rule
from execcheck.rule_reader import read_rule
from execcheck.testing.choices import Choices, Plain, Seeded
from execcheck.testing.examples import DEFAULT_CASE, run_examples
from execcheck.testing.scenes import Scene, Side, Stage
from execcheck.testing.story import CannotConstruct
from execcheck.yaml_places import load_yaml

NAMES: Mapping[str, tuple[str, str]] = {
    "response": ("done on the last day", "not done when the last day is over"),
    "precedence": ("what is needed came before", "nothing came before"),
    "absence": ("it happens outside the stretch", "it happens within the stretch"),
    "condition": ("the field is given", "the field is missing"),
    "authority": ("by the right people", "by nobody who may"),
    "separation": ("somebody else", "the same person"),
    "interval": ("just long enough after", "a day too soon"),
    "recurrence": ("again on the last day", "not again when the last day is over"),
    "aggregate": ("exactly the limit", "just above the limit"),
}
"""What the first two examples of each kind are called."""
ROUNDS = 4
"""How often changes that no example notices are looked for; two of them may ask for examples of one name."""
NO_EXAMPLES = "examples: {a: {satisfied: []}, b: {violated: []}}\n"


class _Toggled(Plain):
    """The simplest, but with what may as well be left out: what ends a duty that recurs, for one."""

    def number(self, low: int, high: int) -> int:
        """The lowest; of yes and no, yes."""
        return 1 if (low, high) == (0, 1) else low


def _ways() -> Iterator[Choices]:
    yield from (Plain(), _Toggled(), Seeded(1), Seeded(2), Seeded(3))


def _after_two(broken: Example) -> Example:
    """The same breach where somebody else had come first: the person must differ from everybody before."""
    first = broken.events[0]
    day = date.fromisoformat(str(first["time"])) - timedelta(days=1)
    another = {**first, "time": day.isoformat(), "actor": {"id": "another1"}}
    return evolve(broken, name="the same person as one of two", events=(another, *broken.events))


@frozen
class Draft:
    """A rule to be, in its pack and its law book (which holds the pack where this is its first rule)."""

    law: Law
    pack: Pack
    name: str
    kind: str

    def examples(self, bare: str) -> str:
        """The examples for a rule without any, as they stand in its file. Raises :class:`CannotConstruct`."""
        rule = self.read(bare + NO_EXAMPLES)
        stage = Stage(evolve(self.law, rules={rule.id: rule}, book={rule.id: rule}))
        obeyed, broken = NAMES[self.kind]
        found = [self._built(stage, rule, "obeyed", obeyed), self._built(stage, rule, "broken", broken)]
        if self.kind == "separation":
            found.append(_after_two(found[1]))
        found = self._noticing(stage, rule, found)
        text = "".join(yaml_of(example) for example in found)
        failures = run_examples(stage.law, [self.read(f"{bare}examples:\n{text}")])[1]
        if failures:
            raise CannotConstruct(failures[0].reason.zh, failures[0].reason.en)
        return text

    def _noticing(self, stage: Stage, rule: Rule, found: list[Example]) -> list[Example]:
        """The examples with those beside them that notice the changes of the rule which they do not."""
        named = {example.name: example for example in found}
        for _ in range(ROUNDS):
            shown = evolve(rule, examples=tuple(named.values()))
            survivors = mutate(evolve(stage.law, rules={rule.id: shown}, book={rule.id: shown})).survivors
            telling = [survivor.example for survivor in survivors if survivor.example is not None]
            if not telling:
                break
            for example in telling:
                named.setdefault(example.name, example)
        return list(named.values())

    def read(self, text: str) -> Rule:
        """The rule of a text; raises :class:`CannotConstruct` where it is none."""
        machines = {name: frozenset(machine.states) for name, machine in self.law.lifecycles.items()}
        document = load_yaml(text, f"{self.name}.yaml")
        rule, defects = read_rule(document, self.name, self.pack, self.law.vocabulary, machines)
        if rule is None:
            raise CannotConstruct("；".join(d.zh for d in defects), "; ".join(d.en for d in defects))
        return rule

    def _built(self, stage: Stage, rule: Rule, side: Side, name: str) -> Example:
        """The first scene of a side that comes out as its example says."""
        reason = NO_TEXT
        for way in _ways():
            example = self._example(stage.scene(rule, side, way), name)
            for shown in (example, evolve(example, due=None)):
                failures = run_examples(stage.law, [evolve(rule, examples=(shown,))])[1]
                if not failures:
                    return shown
                reason = failures[0].reason
        raise CannotConstruct(reason.zh, reason.en)

    def _example(self, scene: Scene, name: str) -> Example:
        """A scene as an example; where it does not matter, in the case that examples take for granted."""
        events = scene.events
        if self.pack.region is None and len({event.case for event in events}) == 1:
            events = tuple(evolve(event, case=DEFAULT_CASE) for event in events)
        late = scene.as_of.toordinal() > max(event.last for event in events)
        return Example(
            name=name, place="", verdict="not_triggered" if scene.finding is None else scene.finding.verdict.value,
            events=tuple(short(event, self.law.vocabulary) for event in events),
            as_of=scene.as_of.isoformat() if late else None, due=None if scene.due is None else scene.due.isoformat(),
        )  # fmt: skip
