"""The shapes of the cases that ``generate.py`` writes: sixty events each, and what may go wrong in them.

A shape is a tuple of rows; days are working days into a stage, drawn values are places like ``%(claim)s``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

EVENTS_PER_CASE: Final = 60


@dataclass(frozen=True)
class Row:
    """One event of a shape: its stage, working days into the stage, clock time, type and the rest.

    Texts may hold places like ``%(claim)s``; ``%(day:2.5)s`` is the date five working days into stage 2.
    """

    stage: int
    offset: int
    clock: str
    type: str
    actor: str = ""
    panel: bool = False
    approvals: tuple[str, ...] = ()
    objects: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)


ACTORS: Final[Mapping[str, Mapping[str, Any]]] = {
    "handler": {"id": "%(handler)s", "role": "handler", "department": "enforcement", "team": "%(team)s"},
    "disposer": {"id": "%(disposer)s", "role": "handler", "department": "enforcement"},
    "assistant": {"id": "%(assistant)s", "role": "assistant"},
    "filing": {"id": "f%(court)s", "role": "filing_officer", "department": "filing"},
    "system": {"id": "sys", "role": "system"},
    "finance": {"id": "c%(court)s", "role": "finance", "department": "finance"},
    "applicant": {"id": "P1", "role": "applicant"},
    "debtor": {"id": "P2", "role": "debtor"},
}
PANEL: Final = [{"id": f"%({who})s", "quota_judge": True} for who in ("handler", "second", "third")]
SIGNED_OFF: Final = (
    "asset.",
    "notice.issued",
    "property_report.ordered",
    "pricing.",
    "price.",
    "disposal.",
    "auction.",
)
"""Acts of a handler under these names carry the team leader's approval, as documents of a court do."""


def _act(
    stage: int, offset: int, clock: str, type_: str, actor: str = "", /, panel: bool = False,
    approvals: tuple[str, ...] = (), **values: Any,
) -> Row:  # fmt: skip
    """A row; values named like an object kind become objects, the rest data."""
    kinds = ("asset", "party", "clue", "recording", "payment")
    objects = {name: value for name, value in values.items() if name in kinds}
    data = {name: value for name, value in values.items() if name not in kinds}
    return Row(stage, offset, clock, type_, actor, panel, approvals, objects, data)


def _disclosed(stage: int, offset: int, node: str) -> Row:
    return _act(stage, offset, "17:00", "node.disclosed", "assistant", node=node, channel="12368")


def _opening() -> list[Row]:
    """Stage 0: from the application to the first controls; alike in every shape."""
    return [
        _act(0, -2, "09:10", "case.applied", "applicant", basis="judgment", claim="%(claim)s"),
        _act(0, 0, "09:00", "case.filed", "filing", subject="money", basis="judgment", claim="%(claim)s",
             debtors=["P2"]),
        _act(0, 0, "09:20", "query.online", "handler", channel="national"),
        _act(0, 0, "09:40", "case.assigned", "filing", handler="%(handler)s", method="random"),
        _disclosed(0, 1, "case.filed"),
        _disclosed(0, 1, "case.assigned"),
        _act(0, 1, "09:00", "notice.issued", "handler"),
        _act(0, 1, "09:05", "property_report.ordered", "handler"),
        _act(0, 2, "10:00", "asset.found", "handler", asset="A2", kind="deposit", value="%(deposit)s"),
        _act(0, 2, "10:30", "asset.controlled", "handler", panel=True, asset="A2", measure="freeze", kind="deposit",
             value="%(deposit)s", expires="%(in_a_year)s", needs_sale=False),
        _act(0, 4, "15:00", "notice.served", "assistant"),
        _disclosed(0, 3, "asset.controlled"),
        _act(0, 4, "15:30", "query.notified", "assistant"),
        _act(0, 6, "10:00", "property_report.received", "debtor"),
        _act(0, 7, "09:00", "onsite.performed", "handler", recording="V1", activity="查看房屋"),
        _act(0, 7, "11:00", "recording.completed", "assistant", recording="V1", full=True),
        _act(0, 7, "14:00", "investigation.onsite", "handler"),
        _act(0, 8, "09:00", "recording.uploaded", "assistant", recording="V1"),
        _act(0, 8, "10:00", "property_report.verified", "handler"),
        _act(0, 8, "11:00", "clue.provided", "applicant", clue="K1"),
        _act(0, 9, "10:00", "clue.verified", "handler", clue="K1"),
        _act(0, 9, "15:00", "restriction.imposed", "handler", approvals=("president",), party="P2"),
    ]  # fmt: skip


def _payment(stage: int, offset: int, name: str, amount: str) -> list[Row]:
    """Money that arrives, is notified, disclosed and paid out."""
    return [
        _act(stage, offset, "10:00", "payment.received", "finance", payment=name, amount=amount, case_account=True),
        _act(stage, offset + 1, "09:00", "payment.notified", "finance", payment=name),
        _disclosed(stage, offset + 1, "payment.received"),
        _act(stage, offset + 5, "10:00", "payment.disbursed", "finance", approvals=("bureau_head", "finance"),
             payment=name, amount=amount, payee="P1", case_account=True),
    ]  # fmt: skip


def _estate_to_announcement() -> list[Row]:
    """Stages 0 to 3: real estate sealed, priced, its disposal started, its online auction announced."""
    return [
        _act(0, 3, "10:00", "asset.controlled", "handler", panel=True, asset="A1", measure="seal", kind="real_estate",
             value="%(estate)s", expires="%(in_three_years)s", needs_sale=True),
        _act(0, 7, "11:30", "asset.surveyed", "handler", asset="A1", aspects=["title", "encumbrance"]),
        _act(0, 8, "11:30", "asset.surveyed", "handler", asset="A1", aspects=["occupancy", "lease", "tax"]),
        _act(0, 9, "10:00", "pricing.started", "disposer", asset="A1", method="online_inquiry"),
        _act(1, -2, "10:00", "pricing.report_received", "disposer", asset="A1", report="R1", price="%(price)s"),
        _act(1, -1, "10:00", "pricing.report_sent", "disposer", asset="A1", report="R1"),
        _act(1, 0, "10:00", "price.determined", "disposer", asset="A1", price="%(price)s", method="online_inquiry",
             valid_until="%(in_a_year)s"),
        _disclosed(1, 1, "price.determined"),
        _act(2, 0, "09:00", "disposal.started", "disposer", asset="A1"),
        _act(2, 0, "10:00", "auction.ruled", "disposer", panel=True, asset="A1"),
        _act(2, 1, "10:00", "auction.platform_selected", "disposer", asset="A1", selected_by="applicant"),
        _act(2, 1, "15:00", "auction.terms_decided", "disposer", panel=True, asset="A1", start_price="%(start)s",
             deposit="%(bond)s"),
        _act(2, 2, "10:00", "auction.notified", "assistant", asset="A1"),
        _act(2, 3, "10:00", "auction.materials_uploaded", "disposer", asset="A1",
             materials=["ruling", "report", "description", "media"]),
        _act(3, 0, "10:00", "auction.announced", "disposer", asset="A1", mode="online", round=1, platform="平台甲",
             start_price="%(start)s", deposit="%(bond)s", opens="%(day:4.-1)s"),
        _disclosed(3, 1, "auction.announced"),
    ]  # fmt: skip


def _performed() -> list[Row]:
    """The deposit is deducted, the real estate sold; the claim is met and the case closed and archived."""
    return [
        *_opening(),
        *_estate_to_announcement(),
        _act(4, 0, "10:30", "auction.closed", "disposer", asset="A1", outcome="sold", price="%(sold)s", buyer="P8",
             buyer_relation="none", hours=24),
        _disclosed(4, 1, "auction.closed"),
        _act(4, 4, "09:30", "auction.paid", "finance", asset="A1"),
        *_payment(4, 4, "M1", "%(sold)s"),
        _act(4, 6, "10:00", "auction.confirmed", "disposer", panel=True, asset="A1"),
        _act(4, 7, "10:00", "auction.confirmation_served", "disposer", asset="A1"),
        _act(4, 9, "10:00", "asset.delivered", "disposer", asset="A1"),
        _act(5, 0, "09:00", "asset.deducted", "handler", asset="A2", amount="%(deposit)s"),
        *_payment(5, 0, "M2", "%(deposit)s"),
        _act(6, 0, "10:00", "case.closed", "handler", approvals=("trial_management",), method="performed"),
        _disclosed(6, 1, "case.closed"),
        _act(6, 2, "10:00", "restriction.lifted", "handler", party="P2"),
        _act(6, 8, "10:00", "case.archived", "assistant"),
    ]  # fmt: skip


def _terminated() -> list[Row]:
    """A deposit is all that is found; this round ends after interview, inquiry and search."""
    return [
        *_opening(),
        _act(0, 3, "10:00", "asset.controlled", "handler", panel=True, asset="A3", measure="seal", kind="real_estate",
             value="%(estate)s", expires="%(in_three_years)s", rank="waiting", needs_sale=False),
        _act(1, 0, "09:00", "asset.deducted", "handler", asset="A2", amount="%(deposit)s"),
        *_payment(1, 0, "M1", "%(deposit)s"),
        _act(1, 8, "09:00", "payment.received", "finance", payment="M2", amount="%(small)s", case_account=True,
             identified=False),
        _disclosed(1, 9, "payment.received"),
        _act(1, 9, "09:30", "payment.identified", "finance", payment="M2"),
        _act(1, 9, "10:00", "payment.notified", "finance", payment="M2"),
        _act(1, 12, "10:00", "payment.disbursed", "finance", approvals=("bureau_head", "finance"), payment="M2",
             amount="%(small)s", payee="P1", case_account=True),
        _act(2, 0, "09:00", "coercion.imposed", "handler", approvals=("president",), recording="V2", measure="search"),
        _act(2, 0, "11:00", "recording.completed", "assistant", recording="V2", full=True),
        _act(2, 1, "09:00", "recording.uploaded", "assistant", recording="V2"),
        _act(2, 2, "09:00", "coercion.imposed", "handler", panel=True, approvals=("president",), measure="fine",
             amount="5000.00"),
        _act(2, 3, "10:00", "dishonesty.listed", "handler", approvals=("president",), party="P2", ground=1),
        _act(2, 4, "10:00", "order.explained", "assistant"),
        _act(3, -3, "10:00", "query.online", "handler", channel="national"),
        _act(3, -2, "10:00", "investigation.onsite", "handler"),
        _act(3, -1, "10:00", "interview.held", "handler", applicant_opinion="agree"),
        _act(3, 0, "10:00", "termination.ruled", "handler", panel=True, approvals=("bureau_head",),
             applicant_consent=True, reason="no_assets"),
        _disclosed(3, 1, "termination.ruled"),
        _act(3, 1, "10:00", "termination.served", "assistant", party="P1", recipient="applicant"),
        _act(3, 1, "10:10", "termination.served", "assistant", party="P2", recipient="debtor"),
        _act(3, 2, "10:00", "termination.published", "assistant"),
        _act(3, 3, "10:00", "case.closed", "handler", approvals=("trial_management",), method="terminated"),
        _disclosed(3, 4, "case.closed"),
        _act(3, 12, "10:00", "case.archived", "assistant"),
    ]  # fmt: skip


def _open() -> list[Row]:
    """Still in hand at the end of the log: the auction is announced and has not closed."""
    return [
        *_opening(),
        *_estate_to_announcement(),
        _act(2, 0, "15:00", "asset.deducted", "handler", asset="A2", amount="%(deposit)s"),
        *_payment(2, 1, "M2", "%(deposit)s"),
    ]  # fmt: skip


def _with_fillers(rows: Sequence[Row]) -> tuple[Row, ...]:
    """The shape brought to 60 events with the small change of every case: further queries and inquiries."""
    missing = EVENTS_PER_CASE - len(rows)
    assert 0 <= missing <= 25, f"the shape has {len(rows)} events"
    fillers: list[Row] = []
    for number in range(1 + missing // 2):
        day = 11 + number % 3
        minute = f"{10 + 2 * number:02d}"
        fillers += [
            _act(0, day, f"14:{minute}", "inquiry.received", "applicant", party="P1"),
            _act(0, day, f"16:{minute}", "inquiry.answered", "assistant", party="P1"),
        ]
    if missing % 2:
        fillers.insert(0, _act(0, 10, "09:00", "query.online", "handler", channel="local"))
    return (*rows, *fillers[:missing])


# --- breaches ------------------------------------------------------------------------------------------

Edit = Callable[[Row], Row]


@dataclass(frozen=True)
class Breach:
    """One thing gone wrong: rows of a type changed, or a stage begun later (in working days)."""

    name: str
    shapes: tuple[str, ...]
    type: str = ""
    change: Edit | None = None
    late_stage: tuple[int, int] | None = None


BREACHES: Final = (
    Breach("price late", ("performed", "open"), late_stage=(1, 16)),
    Breach("payout not approved", ("performed", "terminated"), "payment.disbursed",
           lambda row: replace(row, approvals=("finance",))),
    Breach("no panel", ("performed", "open"), "auction.ruled", lambda row: replace(row, panel=False)),
    Breach("recording late", ("performed", "terminated", "open"), "recording.uploaded",
           lambda row: replace(row, offset=row.offset + 8)),
    Breach("archived late", ("performed", "terminated"), "case.archived",
           lambda row: replace(row, offset=row.offset + 25)),
    Breach("no interview", ("terminated",), "interview.held",
           lambda row: replace(row, type="query.notified", data={})),
    Breach("clue left", ("terminated",), "clue.verified",
           lambda row: replace(row, type="query.notified", objects={})),
    Breach("platform imposed", ("performed", "open"), "auction.platform_selected",
           lambda row: replace(row, data={"selected_by": "court", "applicant_consulted": False})),
    Breach("report sent late", ("performed", "open"), "pricing.report_sent",
           lambda row: replace(row, stage=3, offset=2)),
)  # fmt: skip
BREACH_RATE: Final = 0.12

SHAPES: Final[Mapping[str, tuple[Row, ...]]] = {
    "performed": _with_fillers(_performed()),
    "terminated": _with_fillers(_terminated()),
    "open": _with_fillers(_open()),
}
SHARES: Final[Mapping[str, int]] = {"performed": 40, "terminated": 35, "open": 25}
# Earliest start of each stage in working days, and how far chance may move it; after the stage before it.
STAGES: Final[Mapping[str, tuple[tuple[int, int], ...]]] = {
    "performed": ((0, 0), (12, 3), (1, 0), (6, 4), (25, 2), (11, 6), (8, 10)),
    "terminated": ((0, 0), (16, 10), (16, 10), (50, 14)),
    "open": ((0, 0), (12, 3), (1, 0), (6, 4), (26, 0)),
}
