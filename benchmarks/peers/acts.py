"""Single events for plain Python: their day, their order, and what one of them says by itself.

The loop of ``by_hand`` is made of these, and so are the steps that ``in_behave_rv`` needs to be given.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any

from peers import rules

COURT = timezone(timedelta(hours=8))  # Asia/Shanghai has had no other since 1991


@dataclass(slots=True)
class Act:
    """One event with its day in the court's zone; ``at`` is None where only the day is known."""

    raw: dict[str, Any]
    day: date
    at: datetime | None

    def on(self, kind: str) -> str | None:
        found: str | None = self.raw.get("objects", {}).get(kind)
        return found

    def says(self, name: str) -> Any:
        return self.raw.get("data", {}).get(name)


def before(a: Act, b: Act) -> bool:
    """Earlier, or so that the log does not tell: the doubt goes to compliance."""
    return a.day < b.day or (a.day == b.day and (a.at is None or b.at is None or a.at <= b.at))


def certainly_before(a: Act, b: Act) -> bool:
    return a.day < b.day or (a.day == b.day and a.at is not None and b.at is not None and a.at < b.at)


def act(raw: dict[str, Any]) -> Act:
    """Anything with a ``time``: an event, an approval."""
    written = raw["time"]
    if len(written) == 10:
        return Act(raw, date.fromisoformat(written), None)
    at = datetime.fromisoformat(written)
    return Act(raw, at.astimezone(COURT).date(), at)


def first_online(one: Act) -> bool:
    return one.says("mode") == "online" and (one.says("round") or 1) == 1


def asked(one: Act) -> bool:
    return one.says("selected_by") == "applicant" or one.says("applicant_consulted") is True


def major(one: Act) -> bool:
    """Whether an act needs a panel."""
    kind = one.raw["type"]
    return one.raw.get("actor", {}).get("role") != "higher_court" and (
        kind in rules.MAJOR
        or (kind == "auction.withdrawn" and one.says("reason") == "revoked")
        or (kind == "conclusion.ruled" and one.says("applicant_consent") is not True)
        or (kind == "termination.ruled" and one.says("applicant_consent") is False)
        or (kind == "coercion.imposed" and one.says("measure") in ("fine", "detention"))
    )


def panel_fits(one: Act) -> bool:
    panel = one.raw.get("panel", ())
    size = len({member["id"] for member in panel})
    return size >= 3 and size % 2 == 1 and all(member["quota_judge"] for member in panel)


def approved_payout(one: Act) -> bool:
    finance = one.raw.get("actor", {}).get("department") == "finance"
    return _approved(one, "bureau_head") and (finance or _approved(one, "finance"))


def _approved(one: Act, role: str) -> bool:
    return any(
        approval["role"] == role and approval["id"] != actor(one)
        and ("time" not in approval or before(act(approval), one))
        for approval in one.raw.get("approvals", ())
    )  # fmt: skip


def actor(one: Act) -> str:
    return str(one.raw["actor"]["id"])
