"""What messages say and what they never say, over every example of every rule."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import pytest
from attrs import evolve

from execcheck.admission import Admission
from execcheck.case_numbers import parse
from execcheck.events import Event
from execcheck.judgement import Judgement, Verdict
from execcheck.labels import words_of
from execcheck.lawbook import load_law
from execcheck.moments import Clock
from execcheck.monitor import Monitor
from execcheck.needs import Capture
from execcheck.policy import CATEGORIES, Example, Rule
from execcheck.testing.examples import raw_event
from inputs import VOCABULARY
from ruling import judge, law

CHINESE = re.compile(r"[\u3400-\u9fff]+")
CASE_NUMBER = re.compile(r"（\d{4}）[^\s，。；：:;,()]*?号")
CLOCK = Clock()
FIELDS = words_of(VOCABULARY)


@lru_cache(maxsize=1)
def told() -> tuple[tuple[Rule, Example, Judgement], ...]:
    """Every judgement of every example of the shipped rules, each rule alone."""
    return tuple(_told())


def _told() -> Iterator[tuple[Rule, Example, Judgement]]:
    book = load_law()
    for rule in book.rules.values():
        alone = evolve(book, rules={rule.id: evolve(rule, restates=())}, lifecycles={})
        for example in rule.examples:
            admission = Admission(book.vocabulary)
            types = [name for name in example.not_captured if name in book.vocabulary.events]
            fields = [name for name in example.not_captured if name not in types]
            monitor = Monitor(alone, capture=Capture.of(types, fields, book.vocabulary), keep_satisfied=True)
            for number, short in enumerate(example.events, 1):
                event = admission.admit(raw_event(short, book.vocabulary), f"{example.place}#{number}")
                assert isinstance(event, Event), event
                monitor.take(event)
            now = monitor.last_moment() if example.as_of is None else CLOCK.read(example.as_of)[0]
            for judgement in monitor.judgements(now):
                yield rule, example, judgement


def of(verdict: Verdict) -> list[tuple[Rule, Example, Judgement]]:
    """The judgements with one verdict."""
    return [entry for entry in told() if entry[2].verdict is verdict]


def test_every_rule_has_a_violated_message() -> None:
    assert {rule.id for rule, _, _ in of(Verdict.VIOLATED)} == set(load_law().rules)


def test_no_message_says_that_anybody_broke_the_law_or_names_a_category() -> None:
    for rule, example, judgement in told():
        assert "违法" not in judgement.message.zh, (rule.id, example.name)
        for zh, en in CATEGORIES.values():
            assert zh not in judgement.message.zh
            assert en not in judgement.message.en
        assert "illegal" not in judgement.message.en
        assert "unlawful" not in judgement.message.en


def test_a_chinese_message_holds_no_raw_name_of_a_field_or_a_word() -> None:
    raw = {name for name in (*FIELDS, *(word for held in FIELDS.values() for word in held)) if name.isascii()}
    for rule, example, judgement in of(Verdict.VIOLATED):
        found = set(re.findall(r"[A-Za-z_]{2,}", judgement.message.zh))
        assert not found & raw, (rule.id, example.name, judgement.message.zh)
        assert "_" not in judgement.message.zh
        assert not any(kind in judgement.message.zh for kind in VOCABULARY.events)


def test_an_english_message_holds_no_chinese_but_case_numbers() -> None:
    for rule, example, judgement in told():
        message = CASE_NUMBER.sub("", judgement.message.en)
        assert not CHINESE.search(message), (rule.id, example.name, judgement.message.en)
        assert all(mark not in message for mark in "，。；：、（）"), judgement.message.en


def test_no_message_is_left_with_an_empty_part() -> None:
    for rule, example, judgement in told():
        for text in (judgement.message.zh, judgement.message.en):
            for fault in (
                "（）",
                "()",
                "“”",
                "：。",
                "：；",
                ": .",
                ": ;",
                "；；",
                "，，",
                "。。",
                "..",
                "  ",
                "None",
                "—。",
            ):
                assert fault not in text, (rule.id, example.name, text)


def test_a_violation_cites_its_article_and_an_english_one_in_the_right_number() -> None:
    for rule, _, judgement in of(Verdict.VIOLATED):
        assert f"第{'、'.join(rule.articles)}条" in judgement.message.zh
        many = len(rule.articles) > 1
        assert ("articles " in judgement.message.en.lower()) or not many
        assert re.search(rf"\barticle{'s' if many else ''} {rule.articles[0]}\b", judgement.message.en)


def test_a_satisfied_message_does_not_say_that_something_is_missing() -> None:
    for rule, example, judgement in of(Verdict.SATISFIED):
        assert "未见" not in judgement.message.zh, (rule.id, example.name)
        assert "shows no" not in judgement.message.en
        assert "符合要求" in judgement.message.zh


def test_a_missing_event_is_not_seen_in_the_log() -> None:
    missed = [j for rule, _, j in of(Verdict.VIOLATED) if rule.kind == "precedence" or j.event is None]
    assert missed
    assert all("日志中未见" in judgement.message.zh for judgement in missed)


def test_an_inconclusive_message_names_what_is_missing_with_label_and_raw_name() -> None:
    for _, _, judgement in of(Verdict.INCONCLUSIVE):
        for name in judgement.missing:
            assert f"”（{name}）" in judgement.message.zh, judgement.message.zh
            assert f"“{name}”" not in judgement.message.zh


def test_a_reference_limit_is_called_one_and_shows_its_number() -> None:
    for rule, _, judgement in of(Verdict.VIOLATED):
        assert ("超过参考" in judgement.message.zh) <= rule.reference_limit
        if rule.reference_limit and judgement.severity.value != "error":
            limit = f"按{rule.factor}倍" if rule.within is None else f"按{rule.within.latest.text('zh')}"
            assert limit in judgement.message.zh
            assert "可另设" in judgement.message.zh
            assert "不符合" not in judgement.message.zh


def test_a_reference_limit_that_a_user_set_is_shown_with_the_users_number() -> None:
    book = load_law().with_parameters({"henan-2021/assigned-at-once.within": "5d"}).selected(["*/assigned-at-once"])
    monitor = Monitor(book)
    admission = Admission(book.vocabulary)
    event = admission.admit(raw_event({"id": "e", "time": "2021-11-01", "type": "case.filed"}, book.vocabulary), "l:1")
    assert isinstance(event, Event)
    monitor.take(event)
    (found,) = monitor.judgements(CLOCK.read("2021-12-01")[0])
    assert "本工具按5日核对" in found.message.zh


def test_a_duty_owed_for_several_names_the_party_or_the_asset() -> None:
    for rule, example, judgement in told():
        if (
            getattr(rule, "for_each", None) is not None
            and judgement.objects
            and judgement.event is not judgement.trigger
        ):
            for name in judgement.objects.values():
                assert f" {name}）" in judgement.message.zh, (rule.id, example.name)


def test_separation_names_the_persons_and_when() -> None:
    violated = [j for rule, _, j in of(Verdict.VIOLATED) if rule.kind == "separation"]
    assert violated
    for judgement in violated:
        assert re.search(r"。本次：\w+(、\w+)*；(此前|关联案件).*\d{4}-\d\d-\d\d .*：\w+。", judgement.message.zh)


def test_an_aggregate_shows_the_total_and_the_bound() -> None:
    shown = {rule.name: j.message.zh for rule, _, j in of(Verdict.VIOLATED) if rule.kind == "aggregate"}
    assert "金额合计" in shown["no-payout-beyond-receipts"]
    assert re.search(r"申请标的额 [\d,]+ 元的 1.2 倍为 [\d,]+ 元", shown["no-excessive-control"])
    assert "共 1 人；应不少于 2 人" in shown["no-one-handles-everything"]


def test_a_duty_before_an_event_ends_with_that_event() -> None:
    rule = "kind: response\nper: clue\nwhen: clue.provided\nthen: clue.verified\nbefore: termination.ruled\n"
    (found,) = judge(rule, {"time": "2022-09-01", "type": "clue.provided", "clue": "C1"},
                     {"time": "2022-10-10", "type": "termination.ruled"})  # fmt: skip
    assert found.due_explained is not None
    assert found.due_explained.zh == "应在裁定终结本次执行（2022-10-10）之前完成。"
    assert "data" not in found.due_explained.en


def test_what_lies_outside_the_system_is_told_by_its_source() -> None:
    found = [j.message.zh for rule, _, j in of(Verdict.VIOLATED) if rule.name == "no-off-system-handling"]
    assert found
    assert all("来源为系统外办理" in message for message in found)


def test_an_act_in_a_forbidden_stretch_is_told_with_the_stretch() -> None:
    rule = (
        "kind: absence\nper: asset\nwhen: auction.announced\n"
        "between: {from: {event: objection.filed, where: {kind: third_party}}, to: [objection.decided]}\n"
    )
    (found,) = judge(
        rule, {"time": "2021-11-01", "type": "objection.filed", "objection": "O", "asset": "A", "kind": "third_party"},
        {"time": "2021-11-02", "type": "auction.announced", "asset": "A", "mode": "online"},
    )  # fmt: skip
    assert "发生在执行异议提出（种类为案外人）之后、执行异议作出裁定之前" in found.message.zh


def test_an_interval_too_short_is_told_in_days() -> None:
    rule = "kind: interval\nwhen: termination.ruled\nafter: case.filed\nwithin: 3mo\n"
    (found,) = judge(
        rule, {"time": "2021-11-01", "type": "case.filed"}, {"time": "2021-12-01", "type": "termination.ruled"}
    )
    assert "距上一次立案（2021-11-01）30 日，应不少于 3个月" in found.message.zh
    assert "30 days after “case filed” (2021-11-01); at least 3 months expected" in found.message.en


def test_a_gap_between_occurrences_is_told_with_both_ends() -> None:
    rule = "kind: recurrence\nwhen: termination.ruled\nthen: query.online\nwithin: 6mo\nuntil: case.restored\nfor: 5y\n"
    found = judge(rule, {"time": "2021-11-01", "type": "termination.ruled"}, as_of="2022-06-30")
    assert ["自 2021-11-01 至 2022-05-05，日志中未见网络查询" in j.message.zh for j in found] == [True]


@pytest.mark.parametrize("verdict", list(Verdict))
def test_messages_are_whole_sentences_in_both_languages(verdict: Verdict) -> None:
    for rule, example, judgement in of(verdict):
        assert judgement.message.zh.endswith(("。", "）")), (rule.id, example.name)
        assert judgement.message.en.endswith("."), (rule.id, example.name)
        assert judgement.message.en[0].isupper()


def test_the_case_numbers_in_the_english_messages_are_case_numbers() -> None:
    for _, _, judgement in told():
        assert all(parse(number) is not None for number in CASE_NUMBER.findall(judgement.message.en))
    assert law() is load_law()
