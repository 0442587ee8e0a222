"""From a template to a file: words put in, examples built from the rule, all of it tried before it is written."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from itertools import islice
from pathlib import Path
from string import Template

from attrs import evolve

from execcheck.defects import Defect, DefectiveInput, did_you_mean
from execcheck.durations import Period, PeriodError
from execcheck.folders import locate
from execcheck.lawbook import load_law
from execcheck.pack_reader import read_pack
from execcheck.policy import KINDS
from execcheck.scaffold.choosing import Wanted, Words, choices
from execcheck.scaffold.drafting import Draft
from execcheck.scaffold.places import check_name, exists, pack_folder, write_new
from execcheck.testing.story import CannotConstruct
from execcheck.vocabulary import EventType, Vocabulary

MOST = 40
"""Ways to choose event types that are tried before giving up."""
WITHIN = {"response": "30d", "interval": "7d", "recurrence": "6mo", "precedence": ""}
"""The limit of each kind that may have one."""


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
    law = evolve(load_law((), locate(place).folder), packs={} if _others(place) else {pack: described})
    words = {"within": _limit(kind, within)}
    wanted = Wanted(_type(when, law.vocabulary), _type(then, law.vocabulary))
    write_new(path, _text(Draft(law, described, name, kind), wanted, words))
    return path


def _others(place: Path) -> bool:
    """Whether there are rules already: then the days on which the law begins are for them to show."""
    return any(file.name != "pack.yaml" for file in place.glob("*.yaml"))


def _text(draft: Draft, wanted: Wanted, given: Words) -> str:
    """The whole file, for the first event types with which examples on both sides can be built."""
    reasons: dict[Defect, None] = {}
    for words in islice(choices(draft.kind, draft.law.vocabulary, wanted), MOST):
        named = {"title_zh": _quoted(f"请改：{words['zh']}"), "title_en": _quoted(f"Change this: {words['en']}")}
        filled = {**words, **given, **named}
        bare = _filled(draft.kind, filled).partition("examples:")[0]
        try:
            return _filled(draft.kind, {**filled, "examples": draft.examples(bare)})
        except CannotConstruct as reason:
            reasons[Defect("", "scaffold", reason.zh, reason.en)] = None
    raise DefectiveInput(list(reasons)[:3])


def _type(name: str | None, vocabulary: Vocabulary) -> EventType | None:
    if name is None:
        return None
    if name not in vocabulary.events:
        zh, en = did_you_mean(name, vocabulary.events)
        raise DefectiveInput(
            [Defect("", "scaffold", f"没有事件类型“{name}”{zh}", f"there is no event type “{name}”{en}")]
        )
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


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
