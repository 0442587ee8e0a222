"""The published cases: the checker reports exactly what each expectation file says, and none of the traps."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest
import yaml

from execcheck.durations import Period
from execcheck.judgement import Report
from execcheck.lawbook import load_law
from execcheck.periods import Calendar, due_day
from execcheck.profiles import read_profile
from execcheck.testing import judge_all
from lawful import EXAMPLES, admitted, check_events, read_log, told

PUBLISHED = EXAMPLES / "published"
NAMES = sorted(path.name.removesuffix(".jsonl") for path in PUBLISHED.glob("*.jsonl"))


def expected(name: str) -> dict[str, Any]:
    found = yaml.safe_load((PUBLISHED / f"{name}.expected.yaml").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def report(name: str, *, as_if_in_force: bool | None = None) -> Report:
    """What the whole law book says about a case, by default in the mode that its expectation file asks for."""
    wanted = expected(name)
    law = load_law()
    return check_events(
        law,
        read_log(PUBLISHED / f"{name}.jsonl"),
        as_of=wanted["as_of"],
        capture=read_profile(PUBLISHED / f"{name}.profile.yaml", law.vocabulary).capture,
        as_if_in_force=wanted["as_if_in_force"] if as_if_in_force is None else as_if_in_force,
    )


def test_every_case_has_a_log_a_profile_and_an_expectation() -> None:
    endings = ("jsonl", "profile.yaml", "expected.yaml")
    assert {path.name for path in PUBLISHED.iterdir()} == {f"{name}.{end}" for name in NAMES for end in endings}
    assert len(NAMES) == 17


@pytest.mark.parametrize("name", NAMES)
def test_an_expectation_says_where_the_case_was_published_and_gives_a_reason_for_everything(name: str) -> None:
    wanted = expected(name)
    assert set(wanted) == {"published", "as_of", "as_if_in_force", "findings", "not_reported"}
    assert wanted["published"].strip()
    assert "\n" not in wanted["published"].strip()
    assert isinstance(wanted["as_of"], date)
    for finding in wanted["findings"]:
        assert set(finding) == {"rule", "verdict", "trigger", "missing", "why"}
    reasons = [one["why"] for one in wanted["findings"]] + [one["what"] for one in wanted["not_reported"]]
    assert all(set(text) == {"zh", "en"} and text["zh"].strip() and text["en"].strip() for text in reasons)
    assert wanted["not_reported"]


@pytest.mark.parametrize("name", NAMES)
def test_the_checker_reports_exactly_what_is_expected_of_a_published_case(name: str) -> None:
    found = report(name)
    judged = (*found.violations, *found.inconclusive, *found.pending)
    told_of = Counter((one.rule, str(one.verdict), one.trigger.id, *sorted(one.missing)) for one in judged)
    wanted = Counter((o["rule"], o["verdict"], o["trigger"], *sorted(o["missing"])) for o in expected(name)["findings"])
    assert told_of == wanted, told(judged)


@pytest.mark.parametrize("as_if_in_force", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_no_trap_of_a_published_case_is_reported_in_either_mode(name: str, as_if_in_force: bool) -> None:
    violations = report(name, as_if_in_force=as_if_in_force).violations
    for trap in expected(name)["not_reported"]:
        assert trap.keys() in ({"what", "rules"}, {"what", "rules", "trigger"})
        assert trap["rules"]
        assert set(trap["rules"]) <= set(load_law().all_rules)
        caught = [one for one in violations if one.rule in trap["rules"]]
        assert told(one for one in caught if trap.get("trigger") in (None, one.trigger.id)) == []


@pytest.mark.parametrize("name", NAMES)
def test_the_events_of_a_published_case_stand_in_order_under_their_own_ids(name: str) -> None:
    events = read_log(PUBLISHED / f"{name}.jsonl")
    assert [event["time"] for event in events] == sorted(event["time"] for event in events)
    assert len({event["id"] for event in events}) == len(events)
    assert {len(event["time"]) for event in events} <= {7, 10}, "a publication knows days and months"
    assert all(event.keys() <= {"id", "case", "type", "time", "objects", "data"} for event in events), (
        "and nobody's name"
    )


@pytest.mark.parametrize("name", NAMES)
def test_what_a_publication_does_not_tell_is_no_event_that_its_log_holds(name: str) -> None:
    law = load_law()
    capture = read_profile(PUBLISHED / f"{name}.profile.yaml", law.vocabulary).capture
    events = read_log(PUBLISHED / f"{name}.jsonl")
    assert capture.events.isdisjoint(event["type"] for event in events)
    named = {
        f"{event['type']}.{key}" for event in events for part in ("objects", "data") for key in event.get(part, {})
    }
    assert capture.fields.isdisjoint(named)
    assert {"actor", "panel", "approvals", "recorded"} <= capture.fields


def test_the_readme_of_the_examples_lists_every_published_case() -> None:
    readme = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    assert [name for name in NAMES if f"`{name}`" not in readme] == []


# --- what single cases are good for ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "rule", "trigger"),
    [
        ("c03-tieli", "supervision/suggestion-replied-in-3-months", "suggestion"),
        ("c25-shijingshan", "henan-2021/closed-within-six-months", "filed"),
        ("c33-jilin-school", "seizure/control-term-other-until-2015", "school-sealed"),
        ("c34-xinnuo", "cpl-interpretation/control-renewed-before-expiry", "rooms-renewed-2011"),
        ("c34-xinnuo", "cpl-interpretation/control-renewed-before-expiry", "floors-renewed-2012"),
        ("c34-xinnuo", "cpl-interpretation/control-term-other", "rooms-renewed-2012"),
        ("c36-potato-store", "supervision/suggestion-replied-in-3-months", "suggestion"),
    ],
)
def test_lawful_steps_are_judged_and_found_in_order(name: str, rule: str, trigger: str) -> None:
    wanted, law = expected(name), load_law()
    judged = judge_all(
        admitted(law, read_log(PUBLISHED / f"{name}.jsonl")),
        law,
        as_of=wanted["as_of"],
        capture=read_profile(PUBLISHED / f"{name}.profile.yaml", law.vocabulary).capture,
        as_if_in_force=wanted["as_if_in_force"],
    )
    assert [str(one.verdict) for one in judged if (one.rule, one.trigger.id) == (rule, trigger)] == ["satisfied"]


def test_no_rule_of_later_years_reaches_the_auction_of_1998_to_2003() -> None:
    found = report("c12-guangfeng", as_if_in_force=False)
    assert told((*found.violations, *found.inconclusive, *found.pending)) == []


def test_fifteen_working_days_of_the_settlement_were_kept_with_and_without_their_first_day() -> None:
    """The courts counted the day of the settlement; periods of the law leave it out and end a day later."""
    settled, signed = date(2015, 12, 1), date(2015, 12, 21)
    calendar, period = Calendar.load(), Period(15, "wd")
    days = [due_day(calendar, settled.toordinal() - before, period) for before in (1, 0)]
    assert days == [signed.toordinal(), signed.toordinal() + 1]
