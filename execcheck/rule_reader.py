"""From one policy document to one :class:`~execcheck.policy.Rule`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime

from execcheck.dated import Dated, InForce
from execcheck.defects import Defect
from execcheck.durations import Period
from execcheck.policy import (
    CATEGORIES,
    CONFIDENCE,
    KINDS,
    Citation,
    Example,
    Milder,
    Pack,
    Rule,
    Severity,
    Text,
    Trigger,
)
from execcheck.rule_forms import Form, Where, as_distance
from execcheck.rule_kinds import READERS, Parts
from execcheck.rule_syntax import Syntax
from execcheck.vocabulary import Vocabulary
from execcheck.yaml_places import Document

VERDICTS = ("satisfied", "violated", "pending", "inconclusive", "not_triggered")


def read_rule(
    document: Document, name: str, pack: Pack, vocabulary: Vocabulary, machines: Mapping[str, frozenset[str]]
) -> tuple[Rule | None, list[Defect]]:
    """Read one policy file; ``machines`` are the lifecycles with their states.

    Returns the rule (None where it cannot be used) and everything that is wrong with the file.
    """
    defects: list[Defect] = list(document.defects)
    if defects:
        return None, defects
    form = Form(document, (), document.value, defects)
    kind = form.word("kind", KINDS, required=True)
    common = _common(form, name, pack, vocabulary, machines)
    if kind not in READERS:
        return None, defects
    syntax = Syntax(vocabulary, {"within": common["within"], "factor": common["factor"]}, pack.name)
    make, read = READERS[kind]
    if kind in ("precedence", "interval"):
        for _, period in common["within"].values if common["within"] else ():
            as_distance(form, ("within",), period)
    own = read(form, syntax)
    for n, trigger in enumerate(own["when"]):
        _known_from_the_start(form, ("when", n), trigger.within, common["in_force"])
    common["milder"] = _milder(form, syntax, own["when"])
    if common["milder"] is None:
        del common["milder"]
    form.finish()
    defects = list(dict.fromkeys(defects))
    return (None if defects else make(**common, **own)), defects


def _common(form: Form, name: str, pack: Pack, vocabulary: Vocabulary, machines: Mapping[str, frozenset[str]]) -> Parts:
    severity = form.word("severity", [s.value for s in Severity], required=True)
    per = form.word("per", vocabulary.objects)
    across = form.word("across", ("family", "related"))
    responsible = form.word("responsible", vocabulary.roles)
    articles = form.words("article")
    if not articles:
        form.wrong((), "缺少“article”（条文）", "“article” is missing")
    in_force = form.in_force("in_force", pack.in_force)
    within = form.dated_period("within")
    _known_from_the_start(form, ("within",), within, in_force)
    return {
        "id": f"{pack.name}/{name}", "place": form.document.place(), "title": form.text("title", required=True),
        "severity": Severity(severity or "error"), "category": form.word("category", CATEGORIES, required=True),
        "articles": articles, "pack": pack, "in_force": in_force, "per": per or None,
        "scope": across or ("family" if per else "case"), "within": within, "factor": form.number("factor"),
        "reference_limit": form.flag("reference_limit"), "responsible": responsible,
        "version": form.text("version") if "version" in form else pack.version,
        "confidence": _confidence(form, pack, severity), "also_cites": _also_cites(form, pack),
        "restates": form.words("restates"), "in_state": _in_state(form, machines), "note": form.text("note"),
        "message": form.text("message"), "examples": _examples(form),
        "survivors": _survivors(form),
    }  # fmt: skip


def _known_from_the_start(form: Form, path: Where, limit: Dated[Period] | None, in_force: InForce) -> None:
    """A dated limit must have a value on the rule's first day: there is no silent default before it."""
    if limit is not None and limit.at(max(in_force.start, 1)) is None:
        form.wrong(path, "规则生效之日尚无适用的期限", "no value is known for the first day in force")


def _confidence(form: Form, pack: Pack, severity: str) -> str:
    """How far the text was verified; what is known at second hand only is no error."""
    found = form.word("confidence", CONFIDENCE) or pack.confidence
    if found == "second_hand" and severity == "error":
        form.wrong(("severity",), "只有二手资料的规则不得为 error，应为 warning",
                   "a rule known only at second hand is no error: make it a warning")  # fmt: skip
    return found


def _also_cites(form: Form, pack: Pack) -> tuple[Citation, ...]:
    """Articles of further instruments, which ``pack.yaml`` names."""
    items = form.get("also_cites")
    if items is not None and not isinstance(items, list):
        form.wrong(("also_cites",), "应为列表", "this takes a list")
        return ()
    found = []
    for n, item in enumerate(items or ()):
        sub = Form(form.document, (*form.path, "also_cites", n), item, form.defects)
        document = sub.word("document", (*pack.other_documents, pack.name), required=True)
        found.append(Citation(document, sub.word("article", required=True), sub.text("version")))
        sub.finish()
    return tuple(found)


def _milder(form: Form, syntax: Syntax, when: Iterable[Trigger]) -> Milder | None:
    if "milder" not in form:
        form.used.add("milder")
        return None
    sub = form.sub("milder")
    severity = sub.word("severity", [s.value for s in Severity], required=True)
    where = syntax.where(sub, "where", [kind for trigger in when for kind in trigger.selector.types])
    if not where.atoms:
        sub.wrong((), "缺少“where”", "“where” is missing")
    sub.finish()
    return Milder(Severity(severity or "warning"), where)


def _in_state(form: Form, machines: Mapping[str, frozenset[str]]) -> tuple[str, frozenset[str]] | None:
    if "in_state" not in form:
        form.used.add("in_state")
        return None
    sub = form.sub("in_state")
    for machine in sub.value:
        if machine not in machines:
            form.unknown(("in_state", machine), machine, machines)
            continue
        states = sub.words(machine)
        for state in states:
            if state not in machines[machine]:
                form.unknown(("in_state", machine), state, machines[machine])
        return machine, frozenset(states)
    return None


def _survivors(form: Form) -> dict[str, Text]:
    """Why a change of the rule need not be noticed by any example, by the name of the mutant."""
    if "survivors" not in form:
        form.used.add("survivors")
        return {}
    sub = form.sub("survivors")
    return {name: sub.text(name, required=True) for name in sub.value}


def _examples(form: Form) -> tuple[Example, ...]:
    if "examples" not in form:
        form.wrong((), "规则没有例子：至少写一个符合、一个违反",
                   "the rule has no examples: write at least one satisfied and one violated")  # fmt: skip
        form.used.add("examples")
        return ()
    sub = form.sub("examples")
    found = []
    for name in sub.value:
        item = sub.sub(str(name))
        verdict = next((v for v in VERDICTS if v in item), "")
        if not verdict:
            item.wrong((), f"例子须写 {'、'.join(VERDICTS)} 之一", f"say one of {', '.join(VERDICTS)}")
            continue
        events = item.get(verdict)
        if not isinstance(events, list) or not all(isinstance(e, Mapping) for e in events):
            item.wrong((verdict,), "例子应为事件列表", "an example is a list of events")
            continue
        found.append(Example(
            name=str(name), place=form.document.place("examples", str(name)), verdict=verdict, events=tuple(events),
            as_of=item.word("as_of") or None, due=item.word("due") or None, missing=item.words("missing"),
            severity=item.word("severity", [s.value for s in Severity]) or None,
            count=item.count("count") if "count" in item else None, not_captured=item.words("not_captured"),
        ))  # fmt: skip
        item.finish()
        _check_moments(item)
    verdicts = {example.verdict for example in found}
    if not {"satisfied", "violated"} <= verdicts and not (
        form.value.get("kind") == "absence" and "violated" in verdicts
    ):
        form.wrong(
            ("examples",),
            "至少需要一个符合、一个违反的例子",
            "at least one satisfied and one violated example are needed",
        )
    return tuple(found)


def _check_moments(item: Form) -> None:
    """The observation time and the due day of an example can be read."""
    for key, readers in (("as_of", (date.fromisoformat, _instant)), ("due", (date.fromisoformat,))):
        text = item.value.get(key)
        if text is not None and not any(_reads(reader, str(text)) for reader in readers):
            item.wrong((key,), f"“{text}”不是日期或带时区的时刻", f"“{text}” is no date and no instant with an offset")


def _instant(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment


def _reads(reader: Callable[[str], object], text: str) -> bool:
    try:
        reader(text)
    except ValueError:
        return False
    return True
