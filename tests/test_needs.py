"""What a rule needs of a source: a rule that cannot be fed is not assessable, never silent and never a breach."""

from __future__ import annotations

from typing import Any

import pytest

from execcheck.checking import check
from execcheck.needs import ALL_CAPTURED, Capture, needs_of
from lawful import henan
from ruling import book, events

PRICE = "kind: response\nper: asset\nwhen: asset.controlled\nthen: price.determined\nwithin: 30d\n"


def lacking(rule: str, *names: str) -> tuple[str, ...]:
    """Why the rule is not assessable on a source that does not capture the named events and fields."""
    law = book(rule)
    events_, fields = (
        {n for n in names if n in law.vocabulary.events},
        {n for n in names if n not in law.vocabulary.events},
    )
    capture = Capture(frozenset(events_), frozenset(fields))
    return needs_of(law.rules["trial/rule0"], law.vocabulary).lacking(capture)


CASES: tuple[tuple[str, str, str], ...] = (
    ("the trigger", PRICE, "asset.controlled"),
    ("the act", PRICE, "price.determined"),
    ("each of several acts", PRICE.replace("then: price.determined", "then: [price.determined, pricing.started]"), "pricing.started"),
    ("what ends the duty", PRICE + "unless: asset.released\n", "asset.released"),
    ("what stops the clock", PRICE + "stops: [suspension]\n", "suspension.ordered"),
    ("what starts the clock again", PRICE + "stops: [suspension]\n", "suspension.ended"),
    ("what moves the due day", PRICE + "extended_by: extension.granted\n", "extension.granted"),
    ("the closing event", PRICE.replace("within: 30d", "before: case.closed"), "case.closed"),
    ("the field with the due day", "kind: response\nwhen: oversight.ordered\nthen: oversight.replied\ndue_on: due\n", "oversight.ordered.due"),
    ("a field of a condition", "kind: condition\nwhen: case.assigned\nrequire: {reason: {present: true}}\n", "case.assigned.reason"),
    ("an earlier field", "kind: condition\nwhen: termination.ruled\nrequire: {interview.held.applicant_opinion: agree}\n",
     "interview.held.applicant_opinion"),
    ("an earlier event", "kind: precedence\nwhen: termination.ruled\nneeds: interview.held\n", "interview.held"),
    ("the actor", "kind: authority\nwhen: case.filed\nrequire: {actor.department: filing}\n", "actor"),
    ("the department", "kind: authority\nwhen: case.filed\nrequire: {actor.department: filing}\n", "actor.department"),
    ("the panel", "kind: authority\nwhen: auction.ruled\nrequire: {panel: {least: 3}}\n", "panel"),
    ("the rank of the members", "kind: authority\nwhen: auction.ruled\nrequire: {panel: {quota_judges: true}}\n", "panel.quota_judge"),
    ("the approvals", "kind: authority\nwhen: auction.ruled\nrequire: {approvals: [bureau_head]}\n", "approvals"),
    ("the time of entry", "kind: condition\nwhen: {event: '*', where: {recorded: {present: true}}}\n"
     "require: {recorded: {at_most: {field: time, plus: 3d}}}\n", "recorded"),
    ("the amounts", "kind: aggregate\nwhen: payment.disbursed\ntotal: {sum: amount, over: payment.disbursed}\n"
     "at_most: {sum: amount, over: payment.received}\n", "payment.received.amount"),
    ("the persons counted", "kind: aggregate\nwhen: payment.disbursed\ntotal: {distinct: actor, over: payment.disbursed}\nat_least: 2\n",
     "actor"),
    ("the earlier person", "kind: separation\nwhen: case.assigned\nperson: handler\ndiffers_from: {event: case.recused, person: person}\n",
     "case.recused"),
    ("the event at which an office is looked up", "kind: separation\nwhen: case.restored\nperson: handler\nacross: family\n"
     "differs_from: {office: handler, at: termination.ruled}\n", "termination.ruled"),
)  # fmt: skip


@pytest.mark.parametrize(("what", "rule", "name"), CASES, ids=[case[0] for case in CASES])
def test_a_rule_is_not_assessable_without(what: str, rule: str, name: str) -> None:
    assert lacking(rule) == ()
    reasons = lacking(rule, name)
    assert name in reasons or any(reason.startswith(f"{name}.") for reason in reasons), what


def test_one_of_several_triggers_is_enough() -> None:
    rule = "kind: absence\nwhen: [case.filed, case.archived]\n"
    assert lacking(rule, "case.filed") == ()
    assert lacking(rule, "case.filed", "case.archived") == ("case.archived", "case.filed")


def test_a_field_whose_absence_has_a_meaning_is_not_needed() -> None:
    rule = "kind: absence\nwhen: {event: asset.controlled, where: {rank: waiting}}\n"
    assert lacking(rule, "asset.controlled.rank") == ()
    settled = "kind: absence\nwhen: {event: case.assigned, where: {method: {not: segment, if_missing: true}}}\n"
    assert lacking(settled, "case.assigned.method") == ()


def test_persons_may_come_from_the_actor_or_the_panel() -> None:
    rule = "kind: separation\nwhen: objection.decided\nacross: family\nperson: [actor, panel]\ndiffers_from: {office: handler}\n"
    assert lacking(rule, "panel") == lacking(rule, "actor") == ()
    assert lacking(rule, "panel", "actor") == ("actor", "panel")


def test_another_trigger_takes_the_place_of_one_that_the_source_does_not_capture() -> None:
    rule = (
        "kind: response\nper: payment\nwhen: payment.notified\nthen: payment.disbursed\nwithin: 30d\n"
        "instead: {uncaptured: payment.notified, when: payment.received}\n"
    )
    assert lacking(rule, "payment.notified") == ()
    assert lacking(rule, "payment.notified", "payment.received") == ("payment.received",)
    log = events({"time": "2021-11-01", "type": "payment.received", "payment": "P1", "amount": "5.00"})
    assert check(log, book(rule), capture=Capture(frozenset({"payment.notified"}))).summary.pending == 1
    assert check(log, book(rule), capture=Capture()).summary.pending == 0


def test_a_part_is_lost_with_the_whole_but_not_the_whole_with_a_part() -> None:
    assert Capture(fields=frozenset({"actor"})).lacks(["actor.team", "actor", "panel"]) == ("actor", "actor.team")
    assert Capture(fields=frozenset({"actor.team"})).lacks(["actor.team", "actor"]) == ("actor.team",)


def test_a_profile_may_name_event_types_by_a_pattern() -> None:
    capture = Capture.of(["payment.*", "case.filed"], ["panel"], henan().vocabulary)
    assert {"payment.received", "payment.disbursed", "case.filed"} <= capture.events
    assert not any(name.startswith("asset.") for name in capture.events)


def test_a_rule_that_cannot_be_fed_yields_nothing_and_is_listed_with_the_reason() -> None:
    log: list[dict[str, Any]] = [
        {"time": "2021-11-01", "type": "asset.controlled", "asset": "A1", "measure": "seal", "kind": "vehicle"},
        {"time": "2022-11-01", "type": "case.archived"},
    ]
    report = check(events(*log), book(PRICE), capture=Capture(frozenset({"price.determined"})))
    assert (report.summary.violated, report.summary.not_triggered) == (0, ())
    assert report.summary.not_assessable == {"trial/rule0": ("price.determined",)}


def test_a_source_that_captures_everything_can_feed_every_shipped_rule() -> None:
    found = {rule.id: needs_of(rule, henan().vocabulary).lacking(ALL_CAPTURED) for rule in henan().rules.values()}
    assert {name: reasons for name, reasons in found.items() if reasons} == {}


@pytest.mark.parametrize(
    "name", sorted({kind for rule in henan().rules.values() for t in rule.when for kind in t.selector.types})
)
def test_without_an_event_type_a_shipped_rule_triggered_by_nothing_else_is_not_assessable(name: str) -> None:
    capture = Capture(frozenset({name}))
    for rule in henan().rules.values():
        if {kind for trigger in rule.when for kind in trigger.selector.types} == {name} and not hasattr(
            rule, "instead"
        ):
            assert name in needs_of(rule, henan().vocabulary).lacking(capture), rule.id
