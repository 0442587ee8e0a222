"""Labels of fields and words, and conditions put into words."""

from __future__ import annotations

from pathlib import Path

import pytest
from attrs import evolve

from execcheck.defects import DefectiveInput
from execcheck.describing import Describer
from execcheck.labels import Labels, label_defects, words_of
from execcheck.lawbook import load_law
from execcheck.vocabulary_reader import load_vocabulary
from inputs import VOCABULARY, VOCABULARY_TEXT
from ruling import judge, law

SMALL = "events: {a.done: {zh: 完成, en: done, data: {channel: [near, far], paid: boolean}}}\n"


def labelled(labels: str) -> list[str]:
    """The defects of a small vocabulary with these labels."""
    return [defect.text("en") for defect in label_defects(load_vocabulary(SMALL + labels, "v.yaml"))]


def test_every_field_and_every_word_of_the_shipped_vocabulary_has_a_label() -> None:
    labels = Labels(VOCABULARY)
    words = words_of(VOCABULARY)
    assert [field for field in words if not labels.has_field(field)] == []
    assert [(f, word) for f, held in words.items() for word in held if not labels.has_value(f, word)] == []


def test_english_labels_hold_no_chinese_and_chinese_labels_no_latin_letters() -> None:
    section = VOCABULARY.extra["labels"]
    for part in ("events", "fields", "values"):
        for name, label in section[part].items():
            assert label["en"].isascii(), name
            assert not any("a" <= mark.lower() <= "z" for mark in label["zh"]), name


def test_a_word_may_mean_something_else_in_another_field() -> None:
    labels = Labels(VOCABULARY)
    assert labels.value("buyer_relation", "none").zh == "无"
    assert labels.value("applicant_opinion", "none").zh == "未表态"


def test_a_label_for_a_name_that_does_not_exist_is_an_error_at_its_place() -> None:
    found = labelled(
        "labels:\n  fields:\n    chanel: {zh: 渠道, en: channel}\n  values:\n    channel.fat: {zh: 远, en: far}\n"
    )
    assert len(found) == 2
    assert found[0].startswith("v.yaml:4:5: ")
    assert "did you mean 'channel'?" in found[0]
    assert "did you mean 'channel.far'?" in found[1]


@pytest.mark.parametrize(
    ("labels", "problem"),
    [
        ("labels: {fields: {paid: {zh: 已付}}}", "“en” is missing"),
        ("labels: {fields: {paid: 已付}}", "a mapping of keys and values"),
        ("labels: {field: {}}", "did you mean “fields”?"),
        ("labels: []", "a mapping of keys and values"),
        ("labels: {fields: {paid: {zh: 已付, en: paid, fr: payé}}}", "unknown “fr”"),
    ],
)
def test_a_malformed_label_is_an_error(labels: str, problem: str) -> None:
    assert any(problem in defect for defect in labelled(labels))


def test_a_law_book_with_a_wrong_label_is_refused_with_the_place(tmp_path: Path) -> None:
    (tmp_path / "statemachines").mkdir()
    text = VOCABULARY_TEXT.replace("    case_account: {zh:", "    case_acount: {zh:")
    (tmp_path / "statemachines" / "vocabulary.yaml").write_text(text, "utf-8")
    with pytest.raises(DefectiveInput) as refused:
        load_law(folder=tmp_path)
    assert any("case_account" in d.en and "vocabulary.yaml:" in d.place for d in refused.value.defects)


def test_without_labels_raw_names_are_used() -> None:
    labels = Labels(load_vocabulary(SMALL, "v.yaml"))
    assert labels.field("paid").zh == "paid"
    assert labels.value("channel", "far").en == "far"
    assert labels.event("a.done").zh == "完成"
    assert labels.event("b.done").en == "b.done"


def test_a_yes_or_no_demand_is_put_with_the_label() -> None:
    rule = "kind: condition\nwhen: payment.received\nrequire: {case_account: true}\n"
    (found,) = judge(rule, {"time": "2021-11-01", "type": "payment.received", "amount": 1, "case_account": False})
    assert "“一案一账户”应为“是”；日志所载：否。" in found.message.zh
    assert "“through the case account” should be “yes”; in the log: no." in found.message.en


def test_two_approval_tests_name_the_approvals_once() -> None:
    rule = "kind: authority\nwhen: case.restored\nrequire: {approvals: [bureau_head, finance]}\n"
    (found,) = judge(rule, {"time": "2021-11-01", "type": "case.restored", "handler": "u1",
                            "approvals": [{"id": "h", "role": "bureau_head"}]})  # fmt: skip
    assert found.message.zh.count("审批人为") == 1
    assert "应有执行局负责人的审批，且应有财务人员的审批" in found.message.zh


def test_an_approval_that_came_too_late_or_from_the_actor_is_told_so() -> None:
    rule = "kind: authority\nwhen: case.restored\nrequire: {approvals: [bureau_head]}\n"
    late = {"id": "h", "role": "bureau_head", "time": "2021-11-02"}
    own = {"id": "u1", "role": "bureau_head"}
    (found,) = judge(rule, {"time": "2021-11-01", "type": "case.restored", "handler": "u2", "actor": {"id": "u1"},
                            "approvals": [late, own]})  # fmt: skip
    assert "执行局负责人（2021-11-02，在该事件之后）、执行局负责人（即行为人本人）" in found.message.zh
    assert "(2021-11-02, after the act)" in found.message.en


def test_quota_judges_are_counted_as_persons() -> None:
    rule = "kind: authority\nwhen: auction.ruled\nrequire: {panel: {least: 3, odd: true, quota_judges: true}}\n"
    panel = [{"id": name, "quota_judge": True} for name in ("j1", "j2", "j2")]
    (found,) = judge(rule, {"time": "2021-11-01", "type": "auction.ruled", "asset": "A", "panel": panel})
    assert "合议庭 2 人，其中员额法官 2 人" in found.message.zh


@pytest.mark.parametrize(
    ("name", "zh"),
    [
        ("panel.quota_judge", "合议庭成员是否员额法官"), ("objects.asset", "所涉财产"), ("claim", "申请标的额"),
        ("actor.id", "行为人"), ("price.determined.method", "参考价确定的方式"), ("interview.held", "终本前约谈"),
        ("termination.ruled:handler", "裁定终结本次执行时的承办人"), ("something_else", "something_else"),
    ],
)  # fmt: skip
def test_what_a_log_lacks_has_a_name(name: str, zh: str) -> None:
    assert Describer(law().vocabulary).missing(name).zh == zh


def test_a_law_book_without_offices_or_roles_falls_back_to_raw_names() -> None:
    words = Describer(evolve(law().vocabulary, roles={}, extra={}))
    assert words.role("captain").zh == "captain"
    assert words.office("helm").en == "helm"
