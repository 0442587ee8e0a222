"""Loading a law book: vocabulary, lifecycles and packs of rules, every error with its place.

A law book is a folder with ``statemachines/`` and ``policies/``. The shipped one lies at the top of the
source tree and inside the installed package.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from functools import cached_property, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path as FilePath
from typing import Any

from attrs import evolve, frozen

from execcheck.admission import Admission
from execcheck.dated import InForce
from execcheck.defects import Defect, DefectiveInput, did_you_mean
from execcheck.definitions import read_definitions
from execcheck.events import Event
from execcheck.labels import label_defects
from execcheck.lifecycle import Lifecycle, load_lifecycles
from execcheck.pack_reader import read_pack
from execcheck.parameters import due_of, set_parameters
from execcheck.policy import CATEGORIES, NO_TEXT, Pack, Response, Rule, Severity, Text
from execcheck.rule_reader import read_rule
from execcheck.terms import Definitions
from execcheck.vocabulary import Vocabulary
from execcheck.vocabulary_reader import read_vocabulary
from execcheck.yaml_places import read_yaml


@frozen(kw_only=True)
class LifecycleRule(Rule):
    """The rule behind a lifecycle: an event that its state does not allow is a violation."""

    kind = "lifecycle"


@frozen(slots=False)
class Law:
    """A loaded law book: everything needed to judge logs."""

    vocabulary: Vocabulary
    definitions: Definitions
    lifecycles: Mapping[str, Lifecycle]
    packs: Mapping[str, Pack]
    rules: Mapping[str, Rule]
    book: Mapping[str, Rule]  # every rule that was loaded, also those that are not selected

    def __reduce__(self) -> tuple[Any, ...]:
        """For other processes: the definitions hold compiled conditions, and are made again from the vocabulary."""
        return _law_of, (self.vocabulary, self.lifecycles, self.packs, self.rules, self.book)

    @cached_property
    def lifecycle_rules(self) -> Mapping[str, Rule]:
        """The rules ``lifecycle/<machine>``, by machine."""
        return {name: _lifecycle_rule(lifecycle) for name, lifecycle in self.lifecycles.items()}

    @cached_property
    def all_rules(self) -> Mapping[str, Rule]:
        """Rules of the packs and of the lifecycles, by id."""
        return {**self.rules, **{rule.id: rule for rule in self.lifecycle_rules.values()}}

    @cached_property
    def compiled(self) -> dict[Any, Any]:
        """What was made of this law book for judging, by its kind: it never changes, so it is made only once."""
        return {}

    @cached_property
    def _admission(self) -> Admission:
        return Admission(self.vocabulary)

    def event(self, raw: Mapping[str, Any], place: str = "") -> Event:
        """An event from a mapping in the form of a log line; ``place`` says where it comes from.

        Raises :class:`DefectiveInput` with everything that is wrong with it.
        """
        found = self._admission.admit(raw, place)
        if not isinstance(found, Event):
            raise DefectiveInput(found)
        return found

    def selected(self, select: Iterable[str] = (), ignore: Iterable[str] = ()) -> Law:
        """The law book with only the rules that a pattern selects and none ignores.

        A pattern is a rule id, a glob over ids, ``pack:article``, ``category:passive`` or ``severity:error``.
        Raises :class:`DefectiveInput` for a pattern that meets no rule.
        """
        chosen, dropped = tuple(select), tuple(ignore)
        defects = [self._no_rule(p) for p in (*chosen, *dropped) if not self.matching(p)]
        if defects:
            raise DefectiveInput(defects)

        def kept(rule: Rule) -> bool:
            wanted = not chosen or any(matches(rule, p) for p in chosen)
            return wanted and not any(matches(rule, p) for p in dropped)

        rules = {name: rule for name, rule in self.rules.items() if kept(rule)}
        machines = {n: m for n, m in self.lifecycles.items() if kept(self.lifecycle_rules[n])}
        return evolve(self, rules=rules, lifecycles=machines)

    def only(self, rules: Iterable[Rule]) -> Law:
        """The law book with these rules in place of its own, and only the lifecycles whose states they ask for."""
        chosen = {rule.id: rule for rule in rules}
        machines = {name: self.lifecycles[name] for name, _ in (r.in_state for r in chosen.values() if r.in_state)}
        return evolve(self, rules=chosen, lifecycles=machines)

    def matching(self, pattern: str) -> tuple[Rule, ...]:
        """The rules a pattern selects."""
        return tuple(rule for rule in self.all_rules.values() if matches(rule, pattern))

    def _no_rule(self, pattern: str) -> Defect:
        words = [f"category:{name}" for name in CATEGORIES] + [f"severity:{name.value}" for name in Severity]
        articles = [f"{rule.pack.name}:{article}" for rule in self.rules.values() for article in rule.articles]
        zh, en = did_you_mean(pattern, [*self.all_rules, *words, *dict.fromkeys(articles)])
        return Defect("", "pattern", f"没有规则符合“{pattern}”{zh}", f"no rule matches “{pattern}”{en}")

    def with_parameters(self, settings: Mapping[str, str]) -> Law:
        """The law book with a user's own values (``{"henan-2021/first-national-query.within": "2d"}``).

        Raises :class:`DefectiveInput` for an unknown rule or parameter, or a value that does not fit.
        """
        rules = set_parameters(self.rules, settings)
        return evolve(self, rules=rules, book={**self.book, **rules})


def _law_of(
    vocabulary: Vocabulary, lifecycles: Mapping[str, Lifecycle], packs: Mapping[str, Pack], rules: Mapping[str, Rule],
    book: Mapping[str, Rule],
) -> Law:  # fmt: skip
    return Law(vocabulary, read_definitions(vocabulary)[0], lifecycles, packs, rules, book)


def matches(rule: Rule, pattern: str) -> bool:
    """Whether a rule is meant by a pattern (see :meth:`Law.selected`)."""
    head, colon, tail = pattern.partition(":")
    if not colon:
        return fnmatchcase(rule.id, pattern)
    if head == "category":
        return rule.category == tail
    if head == "severity":
        return rule.severity.value == tail
    return rule.pack.name == head and tail in rule.articles


def shipped(folder: str) -> Traversable:
    """A folder of the shipped law book, installed or in the source tree."""
    installed = files("execcheck") / folder
    return installed if installed.is_dir() else FilePath(__file__).parents[1] / folder


def load_law(packs: Iterable[str] | None = None, folder: str | FilePath | None = None) -> Law:
    """Load a law book.

    ``packs`` are names of packs of the law book or paths to pack folders; by default every pack of it.
    ``folder`` is a user's own law book instead of the shipped one.
    Raises :class:`DefectiveInput` with everything that is wrong with it.
    """
    if packs is None and folder is None:
        return _shipped_law()
    return _load(None if packs is None else tuple(packs), folder)


@lru_cache(maxsize=1)
def _shipped_law() -> Law:
    return _load(None, None)


def _load(packs: tuple[str, ...] | None, folder: str | FilePath | None) -> Law:
    root = None if folder is None else FilePath(folder)
    machines = shipped("statemachines") if root is None else root / "statemachines"
    policies = shipped("policies") if root is None else root / "policies"
    if root is not None and not root.is_dir():
        raise DefectiveInput([Defect(str(root), "law", "没有这个文件夹", "there is no such folder")])
    source = machines / "vocabulary.yaml"
    if not source.is_file():
        zh, en = "法律库应含 statemachines/ 与 policies/", "a law book holds statemachines/ and policies/"
        raise DefectiveInput([Defect(str(source), "law", f"找不到词汇表：{zh}", f"there is no vocabulary: {en}")])
    vocabulary = read_vocabulary(read_yaml(source))
    definitions, defects = read_definitions(vocabulary)
    if not all(isinstance(section, Mapping) for section in vocabulary.extra.values()):
        raise DefectiveInput(defects)  # nothing else could be read against such a vocabulary
    defects += label_defects(vocabulary)
    lifecycles, found = load_lifecycles(machines, vocabulary)
    defects += found
    states = {name: frozenset(lifecycle.states) for name, lifecycle in lifecycles.items()}
    loaded: dict[str, Pack] = {}
    rules: dict[str, Rule] = {}
    for place in _pack_folders(policies, packs, defects):
        pack, found = read_pack(place)
        defects += found
        if pack is None:
            continue
        loaded[pack.name] = pack
        for file in sorted(place.iterdir(), key=lambda entry: entry.name):
            if file.name.endswith(".yaml") and file.name != "pack.yaml":
                rule, found = read_rule(read_yaml(file), file.name.removesuffix(".yaml"), pack, vocabulary, states)
                defects += found
                if rule is not None:
                    rules[rule.id] = rule
    defects += _due_of_defects(rules)
    if defects:
        raise DefectiveInput(defects)
    return Law(vocabulary, definitions, lifecycles, loaded, rules, rules)


def _due_of_defects(rules: Mapping[str, Rule]) -> list[Defect]:
    """Conditions that ask for the due day of a rule that is none, or has none."""
    defects = []
    for rule in rules.values():
        for name in due_of(rule):
            other = rules.get(name)
            if not isinstance(other, Response) or other.within is None:
                zh, en = did_you_mean(name, [n for n, r in rules.items() if isinstance(r, Response)])
                defects.append(Defect(rule.place, "rule", f"due_of：“{name}”不是有期限的 response 规则{zh}",
                                      f"due_of: “{name}” is no response rule with a period{en}"))  # fmt: skip
    return defects


def _pack_folders(policies: Traversable, packs: tuple[str, ...] | None, defects: list[Defect]) -> list[Traversable]:
    known = {p.name: p for p in sorted(policies.iterdir(), key=lambda e: e.name) if (p / "pack.yaml").is_file()} \
        if policies.is_dir() else {}  # fmt: skip
    if packs is None:
        return list(known.values())
    found: list[Traversable] = []
    for name in dict.fromkeys(packs):
        if name in known:
            found.append(known[name])
        elif (FilePath(name) / "pack.yaml").is_file():
            found.append(FilePath(name))
        else:
            zh, en = did_you_mean(name, known)
            defects.append(Defect(name, "pack", f"没有名为“{name}”的规则包，也没有这样的文件夹{zh}",
                                  f"no pack and no folder with a pack.yaml is called “{name}”{en}"))  # fmt: skip
    return found


LIFECYCLE_PACK = Pack(
    name="lifecycle", title=Text("案件流程", "lifecycles"), short=Text("法定流程", "the lawful order of steps"),
    issuer=NO_TEXT, note=NO_TEXT, in_force=InForce(), region=None, law_in=(), confidence="",
    wording=Text("与{short}不符", "not in line with {short}"), not_checkable=(),
)  # fmt: skip


def _lifecycle_rule(lifecycle: Lifecycle) -> Rule:
    return LifecycleRule(
        id=f"lifecycle/{lifecycle.name}", place=lifecycle.place, title=lifecycle.title,
        severity=Severity(lifecycle.severity), category=lifecycle.category, articles=(), pack=LIFECYCLE_PACK,
        in_force=InForce(), per=lifecycle.object, note=lifecycle.note,
    )  # fmt: skip
