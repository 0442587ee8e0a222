"""Step sequences as short texts, and the tables of lawful and forbidden ones.

``case.filed > case.closed(method=performed)``: each step on a day of its own, in the morning. ``+`` before a
step puts it on the day of the step before, with day precision; ``!`` marks the step that must be found wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

from attrs import evolve

from execcheck.events import Event
from execcheck.lifecycle import Lifecycle, load_lifecycles, walk
from execcheck.vocabulary import Vocabulary
from execcheck.vocabulary_reader import load_vocabulary

FOLDER = Path(__file__).parents[1] / "statemachines"
CHINA = timezone(timedelta(hours=8))
CASE = "（2021）豫0225执1号"
RESTORED = "（2022）豫0225执恢5号"
FIRST = date(2021, 3, 1)


@cache
def vocabulary() -> Vocabulary:
    return load_vocabulary((FOLDER / "vocabulary.yaml").read_text("utf-8"), "vocabulary.yaml")


@cache
def lifecycles() -> dict[str, Lifecycle]:
    found, defects = load_lifecycles(FOLDER, vocabulary())
    assert not defects, [defect.text("en") for defect in defects]
    return found


def event(kind: str, day: int, *, hour: int | None = 9, name: str = "", case: str = CASE, **data: Any) -> Event:
    """An event on the given day after ``FIRST``; without an hour, of day precision."""
    at = FIRST + timedelta(days=day)
    time = at if hour is None else datetime(at.year, at.month, at.day, hour, tzinfo=CHINA)
    return Event(name or f"e{day:03}", case, kind, time, at.toordinal(), data=data)


def steps(text: str, case: str = CASE) -> tuple[list[Event], list[int]]:
    """The events of a sequence, and the indexes of those marked as wrong."""
    events: list[Event] = []
    wrong: list[int] = []
    day = -1
    for index, raw in enumerate(text.split(">")):
        word = raw.strip()
        if word.startswith("!"):
            wrong.append(index)
        together = "+" in word[:2]
        day += not together
        kind, _, rest = word.lstrip("!+ ").rstrip(")").partition("(")
        fields = dict(pair.strip().split("=") for pair in rest.split(",")) if rest else {}
        data = {key: value == "true" if value in ("true", "false") else value for key, value in fields.items()}
        if together:
            events[-1] = evolve(events[-1], time=FIRST + timedelta(days=day))
        events.append(event(kind, day, hour=None if together else 9, name=f"e{index:03}", case=case, **data))
    return events, wrong


def found(machine: str, events: Sequence[Event], uncaptured: Iterable[str] = ()) -> list[str]:
    """The ids of the wrong steps."""
    return [step.event.id for step in walk(lifecycles()[machine], events, frozenset(uncaptured))[0]]


BEGUN = "case.applied > case.filed > case.assigned"
AUCTION = "asset.found > asset.controlled > auction.ruled > auction.announced"
SOLD = f"{AUCTION} > auction.closed(outcome=sold)"

LAWFUL: dict[str, dict[str, str]] = {
    "case": {
        "an ordinary case is performed and archived": f"{BEGUN} > case.closed(method=performed) > case.archived",
        "assignment need not be recorded": "case.filed > case.closed(method=performed)",
        "filing and assignment of one day come in either order": "case.assigned > +case.filed",
        "a case is assigned by segments and the handler changes":
            f"{BEGUN} > case.assigned > case.reassigned > case.closed(method=performed)",
        "a termination is ruled, closed and archived":
            f"{BEGUN} > termination.ruled > case.closed(method=terminated) > case.archived",
        "ruling and closing of one day come in either order":
            f"{BEGUN} > case.closed(method=terminated) > +termination.ruled",
        "a corrected termination is ruled again": f"{BEGUN} > termination.ruled > termination.ruled",
        "suspensions, postponements and settlements may be nested":
            f"{BEGUN} > suspension.ordered > postponement.ordered > settlement.reached > suspension.ended"
            " > postponement.ended > settlement.breached > termination.ruled",
        "a stop ends twice": f"{BEGUN} > suspension.ordered > suspension.ended > suspension.ended",
        "a settled case is performed and closed":
            f"{BEGUN} > settlement.reached > case.closed(method=performed) > case.archived",
        "a case goes on after a breached settlement without having been closed":
            f"{BEGUN} > settlement.reached > settlement.breached > case.restored",
        "a suspended case is restored without having been closed": f"{BEGUN} > suspension.ordered > case.restored",
        "the parties settle before the filing": "settlement.reached > case.applied > case.filed",
        "the parties settle after the closing":
            f"{BEGUN} > termination.ruled > case.closed(method=terminated) > settlement.reached",
        "a terminated case is restored and terminated again":
            f"{BEGUN} > termination.ruled > case.closed(method=terminated) > case.archived > case.restored"
            " > case.assigned > termination.ruled > case.closed(method=terminated) > case.archived",
        "the old volume is archived after the restoration":
            f"{BEGUN} > termination.ruled > case.closed(method=terminated)"
            " > case.restored(new_case=（2022）豫0225执恢5号) > case.archived",
        "a case is restored twice, each time in a new case":
            f"{BEGUN} > termination.ruled > case.closed(method=terminated)"
            " > case.restored(new_case=（2022）豫0225执恢5号) > case.restored(new_case=（2023）豫0225执恢6号)",
        "the handler changes before the restoration":
            f"{BEGUN} > termination.ruled > case.closed(method=terminated) > case.reassigned > case.restored",
        "a termination is undone by restoration before the closing": f"{BEGUN} > termination.ruled > case.restored",
        "a terminated case is performed later":
            f"{BEGUN} > termination.ruled > case.closed(method=terminated) > case.archived"
            " > case.closed(method=performed) > case.archived",
        "a terminated case is concluded later":
            f"{BEGUN} > termination.ruled > case.closed(method=terminated) > conclusion.ruled"
            " > case.closed(method=concluded)",
        "a conclusion follows a termination": f"{BEGUN} > termination.ruled > conclusion.ruled"
            " > case.closed(method=concluded)",
        "a concluded case is restored": f"{BEGUN} > conclusion.ruled > case.closed(method=concluded) > case.restored",
        "a rejected application is made again": "case.applied > case.rejected > case.applied > case.filed",
        "a rejected application is completed": "case.applied > case.rejected > application.supplemented > case.filed",
        "a rejection is undone on reconsideration":
            "case.applied > case.rejected > reconsideration.decided > case.filed",
        "a rejection is undone by supervision": "case.applied > case.rejected > supervision.decided > case.filed",
        "the file of a rejected application is archived":
            "case.applied > case.rejected > case.closed(method=refused) > case.archived",
        "an administrative application is reviewed by an assigned judge before the filing":
            "case.applied > review.accepted > case.assigned > case.filed > case.assigned",
        "a review case is filed, assigned and closed":
            "case.filed(case_type=执异) > case.assigned > case.closed(method=concluded) > case.archived",
        "an application repeated during enforcement changes nothing": f"{BEGUN} > case.applied > termination.ruled",
        "a stay of a closed case is lawful":
            f"{BEGUN} > case.closed(method=performed) > postponement.ordered > postponement.ended > case.archived",
    },
    "asset": {
        "an auction runs its course":
            f"{SOLD} > auction.paid > auction.confirmed > auction.confirmation_served > asset.delivered",
        "every stage is recorded": "asset.found > asset.controlled > pricing.started > price.determined"
            " > disposal.started > auction.ruled > auction.announced > auction.closed(outcome=sold)"
            " > auction.paid > auction.confirmed > auction.confirmation_served > asset.delivered",
        "an asset is controlled before it is found": "asset.controlled > asset.found > asset.control_renewed",
        "the announcement is recorded before the ruling":
            "asset.controlled > auction.announced > auction.ruled > disposal.started",
        "a price may be set by agreement before control": "price.determined > asset.controlled > auction.announced",
        "an expired price is set anew": "asset.controlled > pricing.started > price.determined > auction.announced"
            " > auction.closed(outcome=unsold) > pricing.started > price.determined > auction.announced",
        "an unsold asset is auctioned again": f"{AUCTION} > auction.closed(outcome=unsold) > auction.announced"
            " > auction.closed(outcome=sold) > auction.confirmed",
        "an asset unsold twice is put up for sale": f"{AUCTION} > auction.closed(outcome=unsold)"
            " > auction.announced > auction.closed(outcome=unsold) > sale.announced > sale.closed(outcome=sold)"
            " > asset.delivered",
        "a sale is confirmed by a ruling like an auction":
            "asset.controlled > sale.announced > sale.closed(outcome=sold) > auction.paid > auction.confirmed",
        "an unsold asset is given in kind":
            f"{AUCTION} > auction.closed(outcome=unsold) > auction.paid > in_kind.ordered > asset.delivered",
        "an asset is given in kind without an auction":
            "asset.controlled > in_kind.ordered > auction.confirmation_served > asset.delivered",
        "a buyer defaults and the asset is auctioned again": f"{SOLD} > auction.announced > auction.closed(outcome=sold)"
            " > auction.confirmed",
        "a stayed auction goes on": f"{AUCTION} > auction.withdrawn(reason=stayed) > auction.closed(outcome=sold)",
        "a revoked auction is announced again":
            f"{AUCTION} > auction.withdrawn(reason=revoked) > auction.announced",
        "a confirmed sale is revoked and repeated":
            f"{SOLD} > auction.confirmed > auction.withdrawn(reason=revoked) > auction.announced",
        "control ends for the transfer before the confirmation":
            f"{SOLD} > asset.released > auction.confirmed > asset.delivered",
        "control ends with the transfer": f"{SOLD} > auction.confirmed > asset.released > asset.delivered",
        "delivery needs no recorded service": f"{SOLD} > auction.confirmed > asset.delivered",
        "a controlled asset is controlled again": "asset.controlled > asset.controlled > auction.announced",
        "one of two controls is released": "asset.controlled > asset.controlled > asset.released > auction.announced",
        "a waiting control takes effect when the first is released":
            "asset.controlled(rank=waiting) > asset.released > asset.control_renewed > auction.announced",
        "a waiting control joins during an auction and remains":
            f"{AUCTION} > asset.controlled(rank=waiting) > auction.closed(outcome=unsold) > asset.released"
            " > auction.announced",
        "a released asset is controlled anew": "asset.controlled > asset.released > asset.controlled > auction.announced",
        "disposal is taken over from the first court":
            "asset.transfer_answered > auction.announced > asset.controlled",
        "a control from before the log is renewed": "asset.control_renewed > auction.announced > asset.controlled",
        "a deposit is deducted, in parts, and what is left released": "asset.found > asset.controlled > asset.deducted"
            " > asset.deducted > asset.control_renewed > asset.released",
        "a deposit is deducted at once": "asset.deducted > asset.controlled > asset.released",
        "an unsold asset goes back to the debtor":
            f"{AUCTION} > auction.closed(outcome=unsold) > asset.released > asset.returned",
        "a specific thing is handed over without an auction": "asset.controlled > asset.delivered",
        "an unsold asset is handed over for administration": f"{AUCTION} > auction.closed(outcome=unsold) > asset.delivered",
        "a whole sale of one day comes in any order":
            "asset.controlled > auction.announced > auction.confirmed > +auction.closed(outcome=sold) > +auction.paid",
    },
    "payment": {
        "a payment comes in and is paid out": "payment.received > payment.notified > payment.disbursed",
        "a payment is paid out in parts and the rest deposited":
            "payment.received > payment.disbursed > payment.disbursed > payment.escrowed > payment.disbursed",
        "a payment comes in by instalments": "payment.received > payment.disbursed > payment.received > payment.disbursed",
        "an unidentified payment is claimed": "payment.received(identified=false) > payment.identified > payment.disbursed",
        "an unidentified payment is refunded": "payment.received(identified=false) > payment.refunded",
        "an unidentified payment is deposited": "payment.received(identified=false) > payment.escrowed > payment.identified",
        "a postponed payout is made": "payment.received > payment.postponed > payment.disbursed",
        "the postponement is decided while the money is on its way": "payment.postponed > payment.received > payment.disbursed",
        "a surplus is refunded after or before the payout":
            "payment.received > payment.refunded > payment.disbursed > payment.refunded",
        "receipt and payout of one day come in either order": "payment.disbursed > +payment.received > +payment.notified",
    },
    "objection": {
        "an objection is accepted, notified and decided":
            "objection.filed > objection.accepted > objection.notified > objection.decided",
        "acceptance need not be recorded": "objection.filed > objection.decided",
        "an objection goes to reconsideration": "objection.filed > objection.accepted > objection.decided"
            " > reconsideration.filed > reconsideration.extended > reconsideration.decided",
        "reconsideration is applied for with the higher court":
            "objection.filed > objection.decided > reconsideration.decided",
        "an objection is decided anew after a remand": "objection.filed > objection.decided > reconsideration.filed"
            " > reconsideration.decided > objection.accepted > objection.decided > reconsideration.filed",
        "a withdrawal is admitted by a ruling": "objection.filed > objection.accepted > objection.withdrawn > objection.decided",
        "a reconsideration is withdrawn": "objection.filed > objection.decided > reconsideration.filed > objection.withdrawn"
            " > reconsideration.decided",
        "a rejection is undone on reconsideration": "objection.filed > objection.rejected > reconsideration.filed"
            " > reconsideration.decided > objection.accepted > objection.decided",
        "an accepted objection is rejected": "objection.filed > objection.accepted > objection.rejected",
        "a withdrawn objection is filed again": "objection.filed > objection.withdrawn > objection.filed > objection.decided",
        "an objection is filed by a second party": "objection.filed > objection.filed > objection.decided > objection.filed",
        "a ruling is corrected": "objection.filed > objection.decided > objection.decided > reconsideration.filed",
    },
    "suggestion": {
        "a suggestion is replied to, completed and reported":
            "suggestion.received > suggestion.extended > suggestion.replied > suggestion.corrected"
            " > suggestion.completed > suggestion.reported",
        "the error is corrected before the reply": "suggestion.received > suggestion.corrected > suggestion.replied",
        "completion need not be recorded": "suggestion.received > suggestion.replied > suggestion.reported",
        "a withdrawn suggestion is completed without a reply": "suggestion.received > suggestion.completed > suggestion.reported",
        "a reply is supplemented": "suggestion.received > suggestion.replied > suggestion.completed > suggestion.replied",
        "an interim reply goes before an extension": "suggestion.received > suggestion.replied > suggestion.extended"
            " > suggestion.replied",
        "a second letter comes in": "suggestion.received > suggestion.replied > suggestion.received > suggestion.reported",
    },
    "dishonesty": {
        "a debtor is listed on application and removed":
            "dishonesty.applied > dishonesty.listed > dishonesty.ground_ended > dishonesty.removed",
        "a debtor is listed of the court's own motion": "dishonesty.listed > dishonesty.removed",
        "a debtor is listed after a refusal": "dishonesty.applied > dishonesty.refused > dishonesty.listed",
        "a debtor is listed again": "dishonesty.listed > dishonesty.removed > dishonesty.applied > dishonesty.listed"
            " > dishonesty.removed",
        "a debtor is listed in two cases": "dishonesty.listed > dishonesty.listed > dishonesty.removed > dishonesty.removed",
        "a debtor performs before being listed": "dishonesty.applied > dishonesty.ground_ended > dishonesty.refused",
        "a second application concerns a listed debtor":
            "dishonesty.listed > dishonesty.applied > dishonesty.refused > dishonesty.removed",
    },
}  # fmt: skip

FORBIDDEN: dict[str, dict[str, str]] = {
    "case": {
        "a case is archived before it is closed": f"{BEGUN} > !case.archived > case.closed(method=performed)",
        "a terminated case is archived before it is closed": f"{BEGUN} > termination.ruled > !case.archived",
        "a case is closed before it is filed": "case.applied > !case.closed(method=performed) > case.filed",
        "a case is assigned before it is filed": "case.applied > !case.assigned > case.filed",
        "a handler is changed before the filing": "case.applied > !case.reassigned > case.filed",
        "a suspension is ordered before the filing": "case.applied > !suspension.ordered > case.filed",
        "a case is closed twice": f"{BEGUN} > case.closed(method=performed) > !case.closed(method=performed)",
        "a case is closed twice as terminated": f"{BEGUN} > termination.ruled > case.closed(method=terminated)"
            " > !case.closed(method=terminated)",
        "an archived case is closed again":
            f"{BEGUN} > case.closed(method=performed) > case.archived > !case.closed(method=terminated)",
        "a termination is ruled after the closing": f"{BEGUN} > case.closed(method=performed) > !termination.ruled",
        "a termination is ruled after a closing as terminated":
            f"{BEGUN} > case.closed(method=terminated) > !termination.ruled > case.archived",
        "a conclusion is ruled after the archiving":
            f"{BEGUN} > case.closed(method=performed) > case.archived > !conclusion.ruled",
        "a termination is ruled before the filing": "case.applied > !termination.ruled > case.filed",
        "a termination follows a conclusion": f"{BEGUN} > conclusion.ruled > !termination.ruled",
        "a case is restored that was never closed": f"{BEGUN} > !case.restored > case.closed(method=performed)",
        "a case is restored before it is filed": "!case.restored > case.filed > case.assigned",
        "a case is filed after its rejection": "case.applied > case.rejected > !case.filed > case.assigned",
        "a filed case is rejected": f"{BEGUN} > !case.rejected",
        "a rejected case is assigned": "case.applied > case.rejected > !case.assigned > case.applied > case.filed",
        "one missing closing yields one finding": f"{BEGUN} > !case.archived > case.restored > case.assigned"
            " > termination.ruled > case.closed(method=terminated) > case.archived",
    },
    "asset": {
        "an asset is announced for auction before control": "!auction.announced > asset.controlled",
        "an asset is announced for sale before control": "asset.found > !sale.announced > asset.controlled",
        "an asset is given in kind before control": "!in_kind.ordered > asset.controlled",
        "a sale is confirmed before the auction is closed": f"{AUCTION} > !auction.confirmed > auction.closed(outcome=sold)",
        "a sale is confirmed without an auction": "asset.controlled > !auction.confirmed",
        "a sale is confirmed although nobody bought":
            f"{AUCTION} > auction.closed(outcome=unsold) > !auction.confirmed > asset.delivered",
        "an auction is closed without an announcement": "asset.controlled > !auction.closed(outcome=sold) > auction.confirmed",
        "an auction is closed twice after one announcement":
            f"{AUCTION} > auction.closed(outcome=unsold) > !auction.closed(outcome=unsold)",
        "a revoked auction is closed": f"{AUCTION} > auction.withdrawn(reason=revoked) > !auction.closed(outcome=sold)",
        "the price is paid before the auction is closed": f"{AUCTION} > !auction.paid > auction.closed(outcome=sold)",
        "a confirmation is served before it is made": f"{SOLD} > !auction.confirmation_served > auction.confirmed",
        "an asset is delivered before the confirmation": f"{SOLD} > !asset.delivered > auction.confirmed",
        "an asset is delivered during the auction": f"{AUCTION} > !asset.delivered > auction.closed(outcome=sold)",
        "an asset is given in kind after its delivery":
            f"{AUCTION} > auction.closed(outcome=unsold) > asset.delivered > !in_kind.ordered",
        "control is renewed after the release": "asset.controlled > asset.released > !asset.control_renewed",
        "an asset is auctioned after the release":
            "asset.controlled > asset.released > !auction.announced > auction.closed(outcome=sold) > auction.confirmed",
        "an unsold asset is auctioned after the release":
            f"{AUCTION} > auction.closed(outcome=unsold) > asset.released > !auction.announced",
        "disposal starts after the release, and yields one finding": "asset.controlled > asset.released"
            " > !disposal.started > auction.ruled > auction.announced > auction.closed(outcome=sold)",
        "an asset is auctioned after its return": "asset.controlled > asset.returned > !auction.announced",
        "an asset is auctioned after the delivery": f"{SOLD} > auction.confirmed > asset.delivered > !auction.announced",
        "a sold asset goes back to the debtor": f"{SOLD} > auction.confirmed > !asset.returned",
        "both of two controls are released":
            "asset.controlled > asset.controlled > asset.released > asset.released > !asset.control_renewed",
    },
    "payment": {
        "money is paid out before it comes in": "!payment.disbursed > payment.received",
        "money is refunded before it comes in": "!payment.refunded > payment.received",
        "money is deposited before it comes in": "!payment.escrowed > payment.received > payment.disbursed",
        "finance notifies a receipt before it": "!payment.notified > payment.received > payment.disbursed",
        "money is claimed before it comes in": "!payment.identified > payment.received",
    },
    "objection": {
        "an objection is decided before it is filed": "!objection.decided > objection.filed",
        "an objection is accepted before it is filed": "!objection.accepted > objection.filed > objection.decided",
        "parties are notified before the filing": "!objection.notified > objection.filed > objection.accepted",
        "a decided objection is accepted": "objection.filed > objection.decided > !objection.accepted",
        "a decided objection is rejected": "objection.filed > objection.decided > !objection.rejected",
        "a rejected objection is decided": "objection.filed > objection.rejected > !objection.decided",
        "a withdrawn objection is accepted": "objection.filed > objection.withdrawn > !objection.accepted",
        "a decided objection is withdrawn": "objection.filed > objection.decided > !objection.withdrawn",
        "reconsideration is sought before the decision":
            "objection.filed > objection.accepted > !reconsideration.filed > objection.decided",
        "reconsideration is decided before the objection": "objection.filed > !reconsideration.decided > objection.decided",
        "a decision on reconsideration is reconsidered": "objection.filed > objection.decided > reconsideration.filed"
            " > reconsideration.decided > !reconsideration.filed",
        "time is extended without a reconsideration": "objection.filed > objection.decided > !reconsideration.extended",
    },
    "suggestion": {
        "a suggestion is replied to before it comes in": "!suggestion.replied > suggestion.received",
        "a suggestion is completed before it comes in": "!suggestion.completed > suggestion.received",
        "a suggestion is reported before anything was done": "suggestion.received > !suggestion.reported > suggestion.replied",
        "time to reply is extended after completion":
            "suggestion.received > suggestion.replied > suggestion.completed > !suggestion.extended",
    },
    "dishonesty": {
        "a debtor is removed before being listed": "!dishonesty.removed > dishonesty.listed",
        "a debtor is removed upon application only": "dishonesty.applied > !dishonesty.removed > dishonesty.listed",
        "a debtor is removed after a refusal": "dishonesty.applied > dishonesty.refused > !dishonesty.removed > dishonesty.listed",
    },
}  # fmt: skip


def cases(table: dict[str, dict[str, str]]) -> list[tuple[str, str, str]]:
    """A table as parameters: machine, sentence, sequence."""
    return [(machine, name, text) for machine, rows in table.items() for name, text in rows.items()]
