"""Mutation testing of law: which changes of a rule its examples would not notice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import evolve, frozen

from execcheck.defects import Defect
from execcheck.lawbook import Law
from execcheck.mutating.mutants import Mutant, mutants_of, pack_mutants
from execcheck.mutating.naming import telling_name
from execcheck.mutating.search import MOST, Search
from execcheck.mutating.trial import Jury, Trial, read
from execcheck.mutating.writing import example_of
from execcheck.policy import Example, Rule, Text


@frozen
class Survivor:
    """A mutant that no example tells from its rule; ``example`` would (None: no such log was found)."""

    rule: Rule
    mutant: Mutant
    example: Example | None


@frozen
class Mutation:
    """What came of it: how many mutants there were, how many were killed or explained, and those left.

    ``stale`` are explanations of mutants that do not exist or do not survive.
    """

    rules: int
    mutants: int
    killed: int
    explained: int
    survivors: tuple[Survivor, ...]
    stale: tuple[Defect, ...]


def mutate(law: Law, rules: Iterable[Rule] | None = None) -> Mutation:
    """Change every rule (default: all of the law book) in one thing at a time, and run its examples.

    The days in force and the region that a pack gives all its rules are changed once for each pack of which every
    rule is among ``rules``: an example of any of them will do.
    """
    chosen = tuple(law.rules.values() if rules is None else rules)
    mutants = killed = explained = 0
    survivors: list[Survivor] = []
    stale: list[Defect] = []
    for rule in chosen:
        jury, known, left = Jury(rule, law), mutants_of(rule, law), []
        for mutant in known:
            if jury.killer(mutant) is None:
                left.append(mutant)
        mutants += len(known)
        killed += len(known) - len(left)
        explained += sum(mutant.name in rule.survivors for mutant in left)
        stale += _stale(rule.place, rule.survivors, known, left)
        survivors += _told(law, rule, [mutant for mutant in left if mutant.name not in rule.survivors])
    for count, surviving in _of_packs(law, chosen):
        mutants += count
        killed += count - len(surviving)
        survivors += surviving
    return Mutation(len(chosen), mutants, killed, explained, tuple(survivors), tuple(stale))


def telling_apart(law: Law, rule: Rule, mutant: Mutant, most: int = MOST) -> Example | None:
    """The smallest example found within so many logs that the rule fulfils and the mutant does not."""
    told = Search(rule, mutant, law).run(most)
    if told is None:
        return None
    names = {example.name for example in rule.examples}
    found = example_of(telling_name(rule, mutant, told, law, names), told, rule, law.vocabulary)
    return found if tells(law, rule, mutant, found) else None


def _told(law: Law, rule: Rule, mutants: Iterable[Mutant]) -> list[Survivor]:
    """Survivors with their examples; one that tells several of them is given to each."""
    shown: list[Example] = []
    found = []
    for mutant in mutants:
        example = next((one for one in shown if tells(law, rule, mutant, one)), None)
        if example is None:
            example = telling_apart(law, evolve(rule, examples=(*rule.examples, *shown)), mutant)
            shown += [] if example is None else [example]
        found.append(Survivor(rule, mutant, example))
    return found


def tells(law: Law, rule: Rule, mutant: Mutant, example: Example) -> bool:
    """Whether an example, read as it is written, comes out for the rule and does not for the mutant."""
    case = read(example, law)
    if case is None:
        return False
    own = Trial(rule, law, None, case.capture).says(case.events, case.as_of)
    other = Trial(mutant.rule, law, mutant.calendar, case.capture).says(case.events, case.as_of)
    return own.agrees(example) and not other.agrees(example)


def _stale(
    place: str, survivors: Mapping[str, Text], known: Iterable[Mutant], left: Iterable[Mutant]
) -> Iterable[Defect]:
    names, surviving = {mutant.name for mutant in known}, {mutant.name for mutant in left}
    for name in survivors:
        if name not in names:
            zh, en = f"survivors：没有名为“{name}”的变异", f"survivors: there is no mutant “{name}”"
            yield Defect(place, "stale", zh, en)
        elif name not in surviving:
            yield Defect(place, "stale", f"survivors：“{name}”已被例子识别，说明多余",
                         f"survivors: an example tells “{name}” already, the explanation is stale")  # fmt: skip


def _of_packs(law: Law, chosen: tuple[Rule, ...]) -> Iterable[tuple[int, list[Survivor]]]:
    """Mutants of what packs give their rules, and those that no example of any rule of the pack tells."""
    for pack in law.packs.values():
        rules = [rule for rule in chosen if rule.pack.name == pack.name]
        if len(rules) < sum(rule.pack.name == pack.name for rule in law.rules.values()):
            continue
        alive: dict[str, Survivor] = {}
        killed: set[str] = set()
        for rule in rules:
            jury = Jury(rule, law)
            for mutant in pack_mutants(pack, rule):
                if mutant.name not in killed and jury.killer(mutant) is not None:
                    killed.add(mutant.name)
                alive.setdefault(mutant.name, Survivor(rule, mutant, None))
        left = [one for name, one in alive.items() if name not in killed]
        yield len(alive), [survivor for one in left for survivor in _told(law, one.rule, [one.mutant])]
