"""A small law book for the state machine: one or two rules of each kind, about the same few events."""

from __future__ import annotations

from typing import Final

RULES: Final = (
    # 0: stops, an extension, an end; 1 judges some of its duties in its place
    """
kind: response
per: asset
when: {event: asset.controlled, where: {rank: first}}
then: [price.determined, in_kind.ordered]
within: 5d
unless: asset.released
stops: [suspension, postponement, third_party_objection]
extended_by: extension.granted
""",
    """
kind: response
per: asset
when: {event: asset.controlled, where: {rank: first, kind: real_estate}}
then: price.determined
within: 3wd
or_earlier: true
restates: trial/rule0
""",
    # 2: until a closing event, in the family
    """
kind: response
across: family
when: termination.ruled
then: {event: query.online, where: {channel: national}}
before: case.closed
unless: extension.granted
""",
    # 3: due on a day of the data
    """
kind: response
per: asset
when: asset.controlled
then: [asset.control_renewed, asset.released]
due_on: expires
provided: price.determined
extended_by: extension.granted
""",
    # 4: owed in another case, anew from each restart
    """
kind: response
when: [{event: case.filed, where: {case.type: [执, 执恢]}}, {event: case.restored, follow: new_case}]
then: [case.closed, termination.ruled]
within: 8d
restarted_by: extension.granted
""",
    # 5: arises only when something did not come
    """
kind: response
when: case.filed
from: {period: 6d}
without: case.closed
then: [query.online, case.closed]
earliest: {query.online: 3d}
within: 4d
""",
    # 6: one duty for each object under control
    """
kind: response
across: family
when: case.closed
for_each: {span: first_rank_control}
then: [asset.released, in_kind.ordered]
within: 5d
""",
    """
kind: precedence
per: asset
when: auction.announced
needs: [price.determined, {event: asset.controlled, at_least: 2d}]
within: 20d
after: auction.closed
""",
    """
kind: absence
when: [auction.announced, price.determined]
between: {from: suspension.ordered, to: suspension.ended}
""",
    """
kind: condition
per: asset
when: auction.announced
require: {start_price: {at_least: {field: price.determined.price, times: factor}}, case.subject: money}
factor: 0.7
""",
    """
kind: condition
per: asset
when: asset.released
require: {any: [{linked: {event: price.determined, where: {price: {at_least: 100}}}}, {during: suspension}]}
""",
    """
kind: authority
when: termination.ruled
require: {panel: {least: 3, odd: true, quota_judges: true}, approvals: [{role: president, by: 2wd}]}
""",
    """
kind: separation
across: family
when: [objection.decided, termination.ruled]
person: [actor, panel]
differs_from: {office: handler}
unless: {source: offline}
""",
    """
kind: separation
across: related
when: case.assigned
person: handler
equals: {office: handler, of: case.filed.related_cases, or_team: true}
""",
    """
kind: interval
per: asset
when: auction.announced
after: {event: auction.closed, where: {outcome: unsold}}
within: 5d
strictly: true
""",
    """
kind: recurrence
across: family
when: termination.ruled
then: {event: query.online, where: {channel: national}}
within: 4d
until: case.restored
for: 20d
""",
    """
kind: aggregate
across: family
when: payment.disbursed
total: {sum: amount, over: payment.disbursed}
at_most: {sum: amount, over: payment.received}
""",
    """
kind: aggregate
across: family
when: asset.controlled
total: {sum: value, span: first_rank_control}
at_most: {latest: case.filed, field: claim, times: factor}
factor: 2
least: 2
""",
    """
kind: condition
per: asset
when: auction.closed
require: {time: {at_most: {due_of: rule0, plus: 2d}}}
""",
)
"""As policy files, named rule0, rule1, …"""

TYPES: Final = (
    "asset.controlled", "asset.controlled", "asset.controlled", "price.determined", "price.determined", "asset.released",
    "asset.control_renewed", "in_kind.ordered", "auction.announced", "auction.announced", "auction.closed",
    "suspension.ordered", "suspension.ended", "postponement.ordered", "postponement.ended", "extension.granted",
    "objection.filed", "objection.decided", "case.filed", "case.filed", "case.assigned", "case.reassigned", "case.closed",
    "case.restored", "termination.ruled", "termination.ruled", "query.online", "query.online", "payment.received",
    "payment.disbursed",
)  # fmt: skip
"""The event types that they are about, the more important ones more often."""
