"""What a rule requires, in words: one row for each of its parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from execcheck.clauses import Selector, for_type
from execcheck.describing import Describer, alternatives, joined
from execcheck.labels import span_labels
from execcheck.policy import (
    Absence,
    Aggregate,
    Bound,
    Condition,
    Interval,
    Need,
    Precedence,
    Recurrence,
    Response,
    Rule,
    Separation,
    Text,
    Total,
)

Rows = list[tuple[Text, Text]]


def requirement(rule: Rule, describer: Describer) -> Rows:
    """Label and text of each part of the rule, without its limit."""
    words = _Words(describer)
    rows: Rows = []
    when = Text("不得有", "Must not happen") if isinstance(rule, Absence) else Text("情形", "When")
    if rule.when:
        rows.append((when, words.selectors(tuple(trigger.selector for trigger in rule.when))))
    if rule.per is not None and rule.per in describer.vocabulary.objects:
        label = describer.vocabulary.objects[rule.per]
        rows.append((Text("对每一", "For each"), Text(label.zh, label.en)))
    for kind, write in WRITERS.items():
        if isinstance(rule, kind):
            rows += write(words, rule)
    if rule.in_state is not None:
        states = ", ".join(sorted(rule.in_state[1]))
        rows.append((Text("仅当状态为", "Only in state"), Text(states, states)))
    return [(label, text) for label, text in rows if text.zh]


PERSONS: Mapping[str, Text] = {
    "actor": Text("行为人", "the actor"), "panel": Text("合议庭成员", "the members of the panel"),
    "person": Text("所载人员", "the person named"),
}  # fmt: skip


class _Words:
    def __init__(self, describer: Describer) -> None:
        self.describer = describer

    def selectors(self, selectors: tuple[Selector, ...]) -> Text:
        return self.describer.selectors(selectors) if selectors else Text("", "")

    def needs(self, needs: tuple[Need, ...]) -> Text:
        """What must have come before, each with its least distance."""
        said = []
        for need in needs:
            text, least = self.selectors((need.selector,)), need.at_least
            zh, en = (f"（至少提前{least.text('zh')}）", f", at least {least.text('en')} before") if least else ("", "")
            said.append(Text(f"{text.zh}{zh}", f"{text.en}{en}"))
        return alternatives(said)

    def field(self, name: str) -> Text:
        """A data field or a part of the envelope that holds persons."""
        if name in self.describer.vocabulary.extra.get("offices", {}):
            return self.describer.office(name)
        return PERSONS.get(name) or self.describer.labels.field(name)

    def office(self, name: str) -> Text:
        return self.describer.office(name)

    def events(self, names: tuple[str, ...]) -> Text:
        return self.describer.events(names)

    def total(self, total: Total) -> Text:
        over = self.selectors(total.over)
        if total.span is not None:
            over = span_labels(self.describer.vocabulary)[total.span]
        if total.measure == "count":
            return Text(f"{over.zh}的次数", f"how often: {over.en}")
        field = self.field(total.field)
        if total.measure == "distinct":
            return Text(f"{over.zh}中不同的{field.zh}", f"how many different ones: {field.en} of {over.en}")
        return Text(f"{over.zh}的{field.zh}合计", f"the sum of {field.en} over {over.en}")

    def bound(self, bound: Bound) -> Text:
        if bound.total is not None:
            return self.total(bound.total)
        if bound.latest:
            event = self.events(tuple(kind for group in bound.latest for kind in group))
            times = "" if bound.times in (None, Decimal(1)) else f" × {bound.times}"
            field = self.field(bound.field)
            return Text(f"{event.zh}所载{field.zh}{times}", f"{field.en} of {event.en}{times}")
        return Text(str(bound.constant), str(bound.constant))


def _response(words: _Words, rule: Response) -> Rows:
    spans = span_labels(words.describer.vocabulary)
    rows = [(Text("之后应有", "Must follow"), words.selectors(rule.then))]
    if rule.or_earlier:
        rows.append((Text("亦可", "Or"), Text("在此之前已经办理", "done before")))
    if rule.counts_from is not None and rule.counts_from.period is not None:
        period = rule.counts_from.period
        rows.append(
            (Text("起算", "Counts from"), Text(f"其后满 {period.text('zh')} 之日", f"{period.text('en')} later"))
        )
    if rule.counts_from is not None and rule.counts_from.field is not None:
        field = words.field(rule.counts_from.field)
        rows.append((Text("起算", "Counts from"), Text(f"所载{field.zh}", f"the day in “{field.en}”")))
    early = joined([Text(f"{'' if kind == '*' else words.events((kind,)).zh + ' '}{period.text('zh')}",
                         f"{'' if kind == '*' else words.events((kind,)).en + ' '}{period.text('en')}")
                    for kind, period in rule.earliest.items()], "、", ", ")  # fmt: skip
    rows += [
        (Text("重新起算", "Counts anew from"), words.selectors(rule.restarted_by)),
        (Text("起算不早于", "Counts no earlier than"), words.selectors(rule.not_before)),
        (Text("最多提前", "At most this early"), early),
        (Text("届时未有", "Unless by then"), words.selectors(rule.without)),
        (Text("仅当已有", "Only if there was"), words.selectors(rule.provided)),
        (Text("除非先有", "Unless first"), words.selectors(rule.unless)),
        (Text("停止计算", "The clock stops for"), joined([spans[name] for name in rule.stops], "、", ", ")),
    ]  # fmt: skip
    if rule.extended_by is not None:
        longer = rule.extended_by.within
        event = words.selectors(rule.extended_by.selectors)
        rows.append((Text("延长", "Extended by"), event if longer is None else Text(
            f"{event.zh}，共 {longer.text('zh')}", f"{event.en}, to {longer.text('en')} in all")))  # fmt: skip
    if rule.reaching is not None:
        each, of = words.selectors(rule.reaching.each), words.selectors(rule.reaching.of)
        field = words.field(rule.reaching.field)
        sums = Text(f"{each.zh}的{field.zh}不少于{of.zh}", f"{field.en} of {each.en} no less than that of {of.en}")
        rows.append((Text("合计须达到", "Together reach"), sums))
    if rule.for_each is not None and rule.for_each.span is not None:
        rows.append((Text("逐一适用于", "One duty for each"), spans[rule.for_each.span]))
    if rule.match:
        rows.append(
            (Text("须相符", "Must agree in"), joined([words.field(name) for name, _ in rule.match], "、", ", "))
        )
    return rows


def _precedence(words: _Words, rule: Precedence) -> Rows:
    rows = [(Text("此前应有", "Must come before"), words.needs(rule.needs))]
    if rule.together is not None:
        field, held = words.field(rule.together[0]), words.describer.members(rule.together[0], rule.together[1])
        covered = Text(f"{field.zh}：{held.zh}", f"{field.en}: {held.en}")
        rows.append((Text("须齐备", "Together covering"), covered))
    rows.append((Text("且在其后", "And after"), words.selectors(rule.after)))
    if rule.by_day:
        rows.append((Text("同日办理", "On the same day"), Text("视为在先", "counts as before")))
    return rows


def _absence(words: _Words, rule: Absence) -> Rows:
    if rule.between is None:
        return []
    return [
        (Text("自", "From"), words.selectors(rule.between[0])),
        (Text("至", "Until"), words.selectors(rule.between[1])),
    ]


def _condition(words: _Words, rule: Condition) -> Rows:
    """What is required; for each type of event by itself where that differs."""
    kinds = list(dict.fromkeys(kind for trigger in rule.when for kind in trigger.selector.types))
    required = {kind: words.describer.where(for_type(rule.require, kind)) for kind in kinds}
    if len(set(required.values())) == 1:
        return [(Text("应当", "Required"), words.describer.where(rule.require))]
    labels = {kind: words.events((kind,)) for kind in kinds}
    return [(Text(f"{labels[kind].zh}应当", f"Required of {labels[kind].en}"), text) for kind, text in required.items()]


def _separation(words: _Words, rule: Separation) -> Rows:
    who = joined([words.field(name) for name in rule.person], "、", ", ")
    other, seen = rule.other, words.events
    if other.office is not None:
        office = words.office(other.office)
        person = Text(f"此前的{office.zh}", f"every earlier {office.en}")
        if other.at is not None:
            at = seen((other.at,))
            person = Text(f"最近一次{at.zh}时的{office.zh}", f"the {office.en} at the latest {at.en}")
        elif other.of is not None:
            cases = words.describer.path(other.of)
            person = Text(f"{cases.zh}的{office.zh}", f"the {office.en} in {cases.en}")
    else:
        event = seen((other.event_type or "",))
        named = words.field(other.person or "")
        person = Text(f"此前{event.zh}的{named.zh}", f"{named.en} of an earlier {event.en}")
    label = Text("应同于", "Is the same as") if rule.same else Text("应不同于", "Differs from")
    rows = [(Text("人员", "Person"), who), (label, person)]
    if rule.unless is not None:
        rows.append((Text("除非", "Unless"), words.describer.where(rule.unless)))
    return rows


def _interval(words: _Words, rule: Interval) -> Rows:
    return [(Text("距上一次", "Distance from the latest"), words.selectors(rule.after))]


def _recurrence(words: _Words, rule: Recurrence) -> Rows:
    rows = [(Text("其后每期应有", "In every period after it"), words.selectors(rule.then)),
            (Text("直至", "Until"), words.selectors(rule.until))]  # fmt: skip
    if rule.lasting is not None:
        rows.append((Text("最长", "For at most"), Text(rule.lasting.text("zh"), rule.lasting.text("en"))))
    return rows


def _aggregate(words: _Words, rule: Aggregate) -> Rows:
    label = Text("不超过", "Is at most") if rule.at_most else Text("不少于", "Is at least")
    rows = [(Text("累计", "Running total"), words.total(rule.total)), (label, words.bound(rule.bound))]
    if rule.least:
        rows.append((Text("至少有", "Only from"), Text(f"{rule.least} 项才判断", f"{rule.least} of them on")))
    if rule.provided_all:
        kinds = [words.events((kind,)) for kind in rule.provided_all]
        rows.append((Text("仅当均已有", "Only if all came"), joined(kinds, "、", ", ")))
    return rows


WRITERS: Mapping[type[Rule], Callable[..., Rows]] = {
    Response: _response, Precedence: _precedence, Absence: _absence, Condition: _condition, Separation: _separation,
    Interval: _interval, Recurrence: _recurrence, Aggregate: _aggregate,
}  # fmt: skip
