"""What people call the data fields and the words of a vocabulary: its section ``labels``.

``fields`` names data fields, ``values`` the words that ``enum`` and ``many`` fields may hold (as ``word``, or as
``field.word`` where the meaning depends on the field), ``events`` gives an event type another name for messages.
All of it is optional: what has no label is called by its raw name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import frozen

from execcheck.defects import Defect, did_you_mean
from execcheck.policy import Text
from execcheck.rule_forms import Form
from execcheck.vocabulary import Vocabulary

SECTION = "labels"
PARTS = ("events", "fields", "values")


@frozen
class Labels:
    """The labels of a vocabulary that was read without defects."""

    vocabulary: Vocabulary

    def event(self, kind: str) -> Text:
        """The name of an event type in messages."""
        described = self.vocabulary.events.get(kind)
        own = Text(kind, kind) if described is None else Text(described.zh, described.en)
        return self._found("events", kind) or own

    def field(self, name: str) -> Text:
        """The name of a data field."""
        return self._found("fields", name) or Text(name, name)

    def value(self, field: str, word: str) -> Text:
        """What a word means in a field."""
        return self._found("values", f"{field}.{word}") or self._found("values", word) or Text(word, word)

    def has_field(self, name: str) -> bool:
        """Whether a field has a label."""
        return self._found("fields", name) is not None

    def has_value(self, field: str, word: str) -> bool:
        """Whether a word has a label in a field."""
        return any(self._found("values", name) is not None for name in (f"{field}.{word}", word))

    def _found(self, part: str, name: str) -> Text | None:
        label = self.vocabulary.extra.get(SECTION, {}).get(part, {}).get(name)
        return None if label is None else Text(label["zh"], label["en"])


def label_defects(vocabulary: Vocabulary) -> list[Defect]:
    """What is wrong with the section ``labels``: its form, and labels for names that do not exist."""
    defects: list[Defect] = []
    if vocabulary.document is None or SECTION not in vocabulary.extra:
        return defects
    form = Form(vocabulary.document, (SECTION,), vocabulary.extra[SECTION], defects)
    words = words_of(vocabulary)
    known: Mapping[str, Iterable[str]] = {
        "events": vocabulary.events,
        "fields": words,
        "values": {name for field, held in words.items() for word in held for name in (word, f"{field}.{word}")},
    }
    for part in PARTS:
        if part in form:
            _read(form.sub(part), set(known[part]))
        else:
            form.used.add(part)
    form.finish()
    return defects


def span_labels(vocabulary: Vocabulary) -> dict[str, Text]:
    """What people call each span."""
    spans = vocabulary.extra.get("spans", {})
    return {name: Text(value.get("zh", name), value.get("en", name)) for name, value in spans.items()}


def words_of(vocabulary: Vocabulary) -> dict[str, set[str]]:
    """Every data field of the vocabulary, with the words that it may hold."""
    words: dict[str, set[str]] = {}
    for kind in vocabulary.events.values():
        for field in kind.fields.values():
            words.setdefault(field.name, set()).update(field.values)
    return words


def _read(form: Form, known: set[str]) -> None:
    """Check the labels of one part."""
    for name in form.value:
        _label(form, name)
        if name not in known:
            zh, en = did_you_mean(str(name), sorted(known))
            place = form.document.key_place(*form.path, name)
            defects = (f"词汇表中没有“{name}”，不能为它命名{zh}", f"the vocabulary has no “{name}” to label{en}")
            form.defects.append(Defect(place, "label", *defects))


def _label(form: Form, name: Any) -> None:
    """One pair of texts; both are needed."""
    label = form.sub(name)
    label.word("zh", required=True)
    label.word("en", required=True)
    label.finish()
