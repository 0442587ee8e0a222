"""Offices, spans and the events that make a case, read from the vocabulary and compiled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import evolve

from execcheck.conditions import Conditions
from execcheck.defects import Defect
from execcheck.rule_forms import Form
from execcheck.rule_syntax import Syntax
from execcheck.terms import CaseDefinition, Definitions, OfficeDefinition, SpanDefinition
from execcheck.vocabulary import MISSING, Vocabulary
from execcheck.yaml_places import Document


def read_definitions(vocabulary: Vocabulary) -> tuple[Definitions, list[Defect]]:
    """The sections ``cases``, ``offices`` and ``spans`` of a vocabulary file; all optional."""
    defects: list[Defect] = []
    document = vocabulary.document
    if document is None:
        return Definitions({}, {}, CaseDefinition()), defects
    syntax = Syntax(vocabulary, {})
    offices = {
        name: _office(Form(document, ("offices", name), value, defects), name, syntax)
        for name, value in _section("offices", vocabulary, document, defects).items()
    }
    spans = {
        name: _span(Form(document, ("spans", name), value, defects), name, syntax)
        for name, value in _section("spans", vocabulary, document, defects).items()
    }
    return Definitions(offices, spans, _cases(document, syntax, defects)), defects


def _section(name: str, vocabulary: Vocabulary, document: Document, defects: list[Defect]) -> Mapping[str, Any]:
    """A section of the vocabulary; where it is no mapping, that is a defect."""
    value = vocabulary.extra.get(name, {})
    return Form(document, (name,), value, defects).value


def _office(form: Form, name: str, syntax: Syntax) -> OfficeDefinition:
    form.word("zh", required=True)
    form.word("en", required=True)
    selectors = syntax.selectors(form, "named_in", required=True)
    pairs = Conditions(syntax.vocabulary, None).selectors(selectors)
    found = OfficeDefinition(name, form.word("held_by", required=True), pairs, tuple(selectors))
    form.finish()
    return found


def _span(form: Form, name: str, syntax: Syntax) -> SpanDefinition:
    form.word("zh", required=True)
    form.word("en", required=True)
    objects, conditions = syntax.vocabulary.objects, Conditions(syntax.vocabulary, None)
    opens, closes = (syntax.selectors(form, key, required=True) for key in ("from", "to"))
    found = SpanDefinition(
        name=name,
        opens=conditions.selectors(opens),
        closes=conditions.selectors(closes),
        selectors=(*opens, *closes),
        object=form.word("object", objects) or None,
        link=form.word("link", objects) or None,
        match=form.word("match") or None,
        until=form.word("until") or None,
        own_case=frozenset(form.words("own_case")),
    )
    form.finish()
    return found


def _cases(document: Document, syntax: Syntax, defects: list[Defect]) -> CaseDefinition:
    if "cases" not in syntax.vocabulary.extra:
        return CaseDefinition()
    form = Form(document, ("cases",), syntax.vocabulary.extra["cases"], defects)
    events = syntax.vocabulary.events
    found = CaseDefinition(
        opened_by=form.word("opened_by", events), type_field=form.word("type_field"),
        default_type=form.word("default_type"), parent=form.word("parent"), related=form.word("related"),
        resumed_by=form.word("resumed_by", events), resumed_as=form.word("resumed_as"),
        resumed_type=form.word("resumed_type"), ended_by=form.words("ended_by"),
        provinces=_provinces(form),
    )  # fmt: skip
    form.finish()
    opening = events.get(found.opened_by)
    fields = {} if opening is None else opening.fields
    return evolve(found, defaults={n: f.default for n, f in fields.items() if f.default is not MISSING})


def _provinces(form: Form) -> dict[str, frozenset[str]]:
    """The names of each province, by the character that case numbers write."""
    if "provinces" not in form:
        form.used.add("provinces")
        return {}
    sub = form.sub("provinces")
    return {str(sign): frozenset((str(sign), *sub.words(str(sign)))) for sign in sub.value}
