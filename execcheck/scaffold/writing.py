"""From a template to a file: the words put in, the examples built from the rule, and everything tried before it is written."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from importlib.resources import files
from itertools import islice
from pathlib import Path
from string import Template

from attrs import evolve

from execcheck.defects import Defect, DefectiveInput, did_you_mean
from execcheck.durations import Period, PeriodError
from execcheck.folders import locate
from execcheck.lawbook import Law, load_law
from execcheck.mutating.writing import short, yaml_of
from execcheck.pack_reader import read_pack
from execcheck.policy import KINDS, Example, Pack, Rule
from execcheck.rule_reader import read_rule
from execcheck.scaffold.choosing import Wanted, Words, choices
from execcheck.scaffold.places import check_name, exists, pack_folder, write_new
from execcheck.testing.examples import DEFAULT_CASE, run_examples
from execcheck.testing.scenes import Scene, Side, Stage
from execcheck.testing.story import CannotConstruct
from execcheck.vocabulary import EventType, Vocabulary
from execcheck.yaml_places import load_yaml

MOST = 40
"""Ways to choose event types that are tried before giving up."""
WITHIN = {"response": "30d", "interval": "7d", "recurrence": "6mo", "precedence": ""}
"""The limit of each kind that may have one."""
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
"""What the two examples of each kind are called."""
NO_EXAMPLES = "examples: {a: {satisfied: []}, b: {violated: []}}\n"


def new_pack(name: str, folder: Path | None = None) -> Path:
    """Write the ``pack.yaml`` of a new pack and return its path; nothing is overwritten.

    Raises :class:`DefectiveInput` where the name will not do or the pack is there already, OSError where it cannot be
    written.
    """
    check_name(name)
    path = pack_folder(name, folder) / "pack.yaml"
    if path.exists():
        raise DefectiveInput([exists(path)])
    path.parent.mkdir(exist_ok=True)
    write_new(path, _filled("pack", {"name": name}))
    return path


def new_rule(
    pack: str, name: str, kind: str, folder: Path | None = None, *, when: str | None = None, then: str | None = None,
    within: str | None = None,
) -> Path:  # fmt: skip
    """Write a new rule of a pack and return its path; nothing is overwritten.

    ``when`` and ``then`` are the event types that it is about (default: the first ones that fit), ``within`` its limit.
    Raises :class:`DefectiveInput` where that cannot be done, with the reason; OSError where it cannot be written.
    """
    check_name(name)
    place = pack_folder(pack, folder)
    path = place / f"{name}.yaml"
    if not (place / "pack.yaml").is_file():
        raise DefectiveInput([Defect(str(place), "pack", f"没有这个规则包；先运行 execcheck new pack {pack}",
                                     f"there is no such pack; first run execcheck new pack {pack}")])  # fmt: skip
    if path.exists():
        raise DefectiveInput([exists(path)])
    described, defects = read_pack(place)
    if described is None or defects:
        raise DefectiveInput(defects)
    law = load_law((), locate(place).folder)
    words = {"within": _limit(kind, within)}
    wanted = Wanted(_type(when, law.vocabulary), _type(then, law.vocabulary))
    write_new(path, _Draft(law, described, name, kind).text(wanted, words))
    return path


def _type(name: str | None, vocabulary: Vocabulary) -> EventType | None:
    if name is None:
        return None
    if name not in vocabulary.events:
        zh, en = did_you_mean(name, vocabulary.events)
        raise DefectiveInput([Defect("", "scaffold", f"没有事件类型“{name}”{zh}", f"there is no event type “{name}”{en}")])
    return vocabulary.events[name]


def _limit(kind: str, within: str | None) -> str:
    """The limit of a new rule; empty where it has none."""
    if kind not in KINDS:
        zh, en = did_you_mean(kind, KINDS)
        raise DefectiveInput([Defect("", "scaffold", f"没有规则种类“{kind}”{zh}", f"there is no kind “{kind}”{en}")])
    if within is None:
        return WITHIN.get(kind, "")
    if kind not in WITHIN:
        raise DefectiveInput([Defect("", "scaffold", f"{kind} 规则没有期限", f"a rule of kind {kind} has no limit")])
    try:
        return str(Period.parse(within))
    except PeriodError as error:
        raise DefectiveInput([Defect("", "scaffold", error.zh, error.en)]) from None


def _filled(template: str, words: Words) -> str:
    """A template with words in its places; lines with a place for which there is no word are left out."""
    text = (files("execcheck.scaffold") / f"{template}.yaml").read_text("utf-8")
    lines = [
        line for line in text.splitlines(keepends=True)
        if all(words.get(place) for place in re.findall(r"\$(\w+)", line))
    ]  # fmt: skip
    return Template("".join(lines)).substitute(words)


class _Draft:
    """A rule that is not written yet."""

    def __init__(self, law: Law, pack: Pack, name: str, kind: str) -> None:
        self.law, self.pack, self.name, self.kind = law, pack, name, kind

    def text(self, wanted: Wanted, given: Words) -> str:
        """The whole file, for the first event types with which both examples can be built."""
        reasons: list[Defect] = []
        for words in islice(choices(self.kind, self.law.vocabulary, wanted), MOST):
            named = {"title_zh": _quoted(f"请改：{words['zh']}"), "title_en": _quoted(f"Change this: {words['en']}")}
            try:
                return self._with_examples({**words, **given, **named})
            except CannotConstruct as reason:
                reasons.append(Defect("", "scaffold", reason.zh, reason.en))
        raise DefectiveInput(dict.fromkeys(reasons))

    def _with_examples(self, words: Words) -> str:
        bare = _filled(self.kind, {**words, "obeyed": " ", "broken": " "}).partition("examples:")[0]
        rule = self._read(bare + NO_EXAMPLES)
        stage = Stage(evolve(self.law, rules={rule.id: rule}, book={rule.id: rule}))
        sides: tuple[Side, Side] = ("obeyed", "broken")
        built = {
            side: yaml_of(self._example(stage.scene(rule, side), name))
            for side, name in zip(sides, NAMES[self.kind], strict=True)
        }
        text = _filled(self.kind, {**words, **built})
        failures = run_examples(stage.law, [self._read(text)])[1]
        if failures:
            raise CannotConstruct(failures[0].reason.zh, failures[0].reason.en)
        return text

    def _read(self, text: str) -> Rule:
        machines = {name: frozenset(machine.states) for name, machine in self.law.lifecycles.items()}
        document = load_yaml(text, f"{self.name}.yaml")
        rule, defects = read_rule(document, self.name, self.pack, self.law.vocabulary, machines)
        if rule is None:
            raise CannotConstruct("；".join(d.zh for d in defects), "; ".join(d.en for d in defects))
        return rule

    def _example(self, scene: Scene, name: str) -> Example:
        """A scene as an example; where it does not matter, in the case that examples take for granted."""
        events = scene.events
        if self.pack.region is None and len({event.case for event in events}) == 1:
            events = tuple(evolve(event, case=DEFAULT_CASE) for event in events)
        verdict = "not_triggered" if scene.finding is None else scene.finding.verdict.value
        late = scene.as_of.toordinal() > max(event.last for event in events)
        return Example(
            name=name, place="", verdict=verdict, events=tuple(short(e, self.law.vocabulary) for e in events),
            as_of=scene.as_of.isoformat() if late else None,
            due=scene.due.isoformat() if scene.due is not None else None,
        )  # fmt: skip


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
