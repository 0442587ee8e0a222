"""The states of the shipped lifecycles as enums, for hosts that want their type checker to know the names.

Generated from ``statemachines/*.yaml`` by ``python tests/generated_states.py``. The engine does not use it: what the
law says stays data. A law book of one's own gets the same from ``Lifecycle.states_enum``, without static types.
"""

from enum import StrEnum


class AssetState(StrEnum):
    """财产控制与处置流程 · control and disposal of an asset (``asset``)."""

    NONE = "none"  # 尚未控制 · not under control
    FOUND = "found"  # 已查明 · found
    CONTROLLED = "controlled"  # 已查封扣押冻结 · under control
    SEVERAL = "several"  # 已控制并有轮候或其他查封 · under several or waiting controls
    PRICING = "pricing"  # 确定参考价中 · being priced
    PRICED = "priced"  # 参考价已确定 · priced
    ANNOUNCED = "announced"  # 拍卖变卖公告中 · auction or sale announced
    ANNOUNCED_SEVERAL = "announced_several"  # 拍卖变卖公告中并有轮候或其他查封 · announced, several or waiting controls
    UNSOLD = "unsold"  # 流拍或变卖未成 · unsold
    SOLD = "sold"  # 拍卖成交待裁定 · sold at auction, not confirmed
    SALE_SOLD = "sale_sold"  # 变卖成交 · sold without auction
    CONFIRMED = "confirmed"  # 已裁定成交或抵债 · sale confirmed or given in kind
    DELIVERED = "delivered"  # 已交付 · delivered
    RELEASED = "released"  # 已解除控制 · released
    DEDUCTED = "deducted"  # 已扣划提取 · deducted
    RETURNED = "returned"  # 已退还被执行人 · returned to the debtor


class CaseState(StrEnum):
    """案件办理流程 · course of a case (``case``)."""

    NONE = "none"  # 尚未申请 · nothing applied for
    APPLIED = "applied"  # 已申请执行 · applied for
    REVIEWING = "reviewing"  # 非诉审查中 · under non-litigation review
    REJECTED = "rejected"  # 不予受理 · rejected
    FILED = "filed"  # 已立案 · filed
    ENFORCING = "enforcing"  # 执行中 · being enforced
    STOPPED = "stopped"  # 中止、暂缓或和解中 · suspended, postponed or settled
    RESUMED = "resumed"  # 中止、暂缓或和解后继续执行 · going on after a stop
    TERMINATED = "terminated"  # 已裁定终本 · termination ruled
    CONCLUDED = "concluded"  # 已裁定终结执行 · conclusion ruled
    CLOSED_TERMINATED = "closed_terminated"  # 以终本结案 · closed as terminated
    CLOSED = "closed"  # 已结案 · closed
    ARCHIVED = "archived"  # 已归档 · archived
    RESTORED = "restored"  # 恢复执行 · restored


class DishonestyState(StrEnum):
    """失信名单流程 · listing of a dishonest debtor (``dishonesty``)."""

    NONE = "none"  # 未纳入 · not listed
    APPLIED = "applied"  # 已申请纳入 · applied for
    REFUSED = "refused"  # 决定不予纳入 · refused
    LISTED = "listed"  # 已纳入名单 · listed
    ENDED = "ended"  # 已出现删除情形 · due for removal
    REMOVED = "removed"  # 已删除 · removed


class ObjectionState(StrEnum):
    """执行异议与复议流程 · objection and reconsideration (``objection``)."""

    NONE = "none"  # 尚未提出异议 · no objection
    FILED = "filed"  # 已提出异议 · objection filed
    ACCEPTED = "accepted"  # 异议审查中 · under review
    REJECTED = "rejected"  # 不予受理或驳回申请 · not admitted
    WITHDRAWN = "withdrawn"  # 已撤回 · withdrawn
    DECIDED = "decided"  # 异议已裁定 · objection decided
    RECONSIDERING = "reconsidering"  # 复议审查中 · under reconsideration
    RECONSIDERED = "reconsidered"  # 复议已裁定 · reconsideration decided


class PaymentState(StrEnum):
    """案款流程 · course of a payment (``payment``)."""

    NONE = "none"  # 尚未到账 · not received
    UNIDENTIFIED = "unidentified"  # 已到账、来源不明 · received, unidentified
    RECEIVED = "received"  # 已到账 · received
    POSTPONED = "postponed"  # 暂缓发放 · payout postponed
    ESCROWED = "escrowed"  # 已提存 · in escrow
    DISBURSED = "disbursed"  # 已发放（全部或部分） · disbursed in whole or part
    REFUNDED = "refunded"  # 已退还（全部或部分） · refunded in whole or part


class SuggestionState(StrEnum):
    """检察建议办理流程 · handling of a procuratorial suggestion (``suggestion``)."""

    NONE = "none"  # 尚未收到 · not received
    RECEIVED = "received"  # 审查办理中 · being dealt with
    REPLIED = "replied"  # 已回复 · replied to
    COMPLETED = "completed"  # 已办结 · dealt with
    REPORTED = "reported"  # 已报备 · reported
