"""The ten rules that every peer is asked for, what each says in a line, and what a peer answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

RECORDING: Final = "henan-2021/recording-uploaded-in-three-days"
ARCHIVED: Final = "henan-2021/archived-within-one-month"
PRICE: Final = "henan-2021/reference-price-deadline"
CLUE: Final = "property-investigation/clue-verified-in-7-days"
CONFIRMATION: Final = "auction-sale/confirmation-served-in-10-days"
PLATFORM: Final = "henan-2021/applicant-consulted-on-platform"
INTERVIEW: Final = "henan-2021/interview-before-termination"
PAYOUT: Final = "henan-2021/payout-approved"
PANEL: Final = "henan-2021/panel-for-major-matters"
REVIEW: Final = "cpl/coercion-reviewed-by-others"

RULES: Final[Mapping[str, str]] = {
    RECORDING: "deadline: each recording uploaded within 3 days of its completion",
    ARCHIVED: "deadline: a closed case archived within a month",
    PRICE: "deadline: a reference price within 30 days of the control of an asset to be sold, less the days "
           "stopped by suspension or settlement; counted from the filing where that is later; released assets excused",
    CLUE: "deadline: a clue that is not urgent verified within 7 days",
    CONFIRMATION: "deadline: the confirmation served within 10 days of full payment",
    PLATFORM: "precedence: before the first online auction of an asset the applicant chose the platform or was asked",
    INTERVIEW: "precedence: an interview with the applicant before the termination",
    PAYOUT: "role: each payout approved by the bureau head (not later, not by who pays) and checked by finance",
    PANEL: "role: major matters decided by an odd panel of at least three quota judges",
    REVIEW: "separation: nobody who certainly took a coercive measure before decides on its review",
}  # fmt: skip
DEADLINES: Final = (RECORDING, ARCHIVED, PRICE, CLUE, CONFIRMATION)

MAJOR: Final = (
    "auction.ruled", "auction.confirmed", "in_kind.ordered", "postponement.ordered", "suspension.ordered",
    "party.changed", "objection.decided", "reconsideration.decided", "supervision.decided", "auction.terms_decided",
    "distribution.planned", "payment.postponed", "payment.escrowed",
)  # fmt: skip
"""What always needs a panel; other acts need one only with certain data (each peer writes those out)."""
ENDS_PRICING: Final = ("asset.released", "asset.deducted", "asset.returned", "in_kind.ordered")


@dataclass(frozen=True)
class Counts:
    """What a peer found: for each rule that it can say, the violations, and the duties still open at the end."""

    violated: Mapping[str, int]
    pending: Mapping[str, int] = field(default_factory=dict)


def differences(expected: Counts, found: Counts, said: Iterable[str] = RULES) -> list[str]:
    """Where a peer disagrees, a line for each rule that it claims to say; empty where the counts are the same."""
    lines = []
    for rule in said:
        for what, ours, theirs in (
            ("violated", expected.violated, found.violated),
            ("pending", expected.pending, found.pending),
        ):
            if ours.get(rule, 0) != theirs.get(rule, 0):
                lines.append(f"{rule}: {what} {theirs.get(rule, 0)}, execcheck has {ours.get(rule, 0)}")
    return lines
