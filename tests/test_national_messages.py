"""What messages say of the finer parts of rules: why a day moved, hours that decide, whose event lacks something."""

from __future__ import annotations

from ruling import judge
from test_national_features import FILED, REVIEW, of


def test_the_explanation_says_why_a_period_is_longer_or_counts_anew() -> None:
    (longer,) = judge(REVIEW, of("review.accepted", "2022-03-01"), of("review.heard", "2022-03-05"), as_of="2022-04-01")
    assert longer.due_explained is not None
    assert "因有非诉审查听取意见，按较长的期限计算" in longer.due_explained.zh
    assert "The longer period holds because of" in longer.due_explained.en
    start, again = of("case.applied", "2022-03-01"), of("application.supplemented", "2022-03-05")
    (anew,) = judge(FILED, start, again, as_of="2022-03-31")
    assert anew.due_explained is not None and "自其后的申请材料补齐起算" in anew.due_explained.zh
    (plain,) = judge(FILED, start, as_of="2022-03-31")
    assert plain.due_explained is not None and "起算" not in plain.due_explained.zh.replace("不计入", "")


def test_where_hours_decide_the_message_shows_them() -> None:
    rule = "kind: response\nwhen: coercion.imposed\nthen: detention.family_notified\nwithin: 24h\n"
    held = of("coercion.imposed", "2022-03-04T10:00:00+08:00", measure="detention")
    (late,) = judge(rule, held, of("detention.family_notified", "2022-03-05T10:01:00+08:00"))
    assert late.verdict == "violated"
    assert "（2022-03-04 10:00）" in late.message.zh and "（2022-03-05 10:01）" in late.message.zh


def test_a_doubt_about_another_event_is_not_laid_at_the_judged_one() -> None:
    rule = "kind: response\nper: objection\nwhen: objection.filed\nthen: objection.decided\nwithin: 15d\n"
    filed, decided = of("objection.filed", "2022-03-01", objection="O1"), of("objection.decided", "2022-03-05")
    (found,) = judge(rule, filed, decided, as_of="2022-06-01")
    assert found.missing == ("objects.objection",)
    assert "另一相关事件所涉异议" in found.message.zh and "in another event" in found.message.en
    (own,) = judge(rule, {k: v for k, v in filed.items() if k != "objection"}, as_of="2022-06-01")
    assert "另一" not in own.message.zh


def test_a_value_of_another_event_is_called_that_of_an_earlier_one() -> None:
    rule = (
        "kind: condition\nper: asset\nwhen: {event: auction.announced, where: {round: 2}}\n"
        "require: {start_price: {at_least: {field: auction.announced.start_price}}}\n"
    )
    second = of("auction.announced", "2022-05-05", asset="A1", mode="online", round=2, start_price=1)
    (open_,) = judge(rule, second)
    assert "日志缺少“此前的拍卖公告发布”" in open_.message.zh and "an earlier “auction announced”" in open_.message.en
    first = of("auction.announced", "2022-03-01", asset="A1", mode="online", start_price=2)
    (low,) = judge(rule, first, second)
    assert "应不低于此前拍卖公告发布的起拍价" in low.message.zh
    assert "the earlier “auction announced”" in low.message.en
