"""The shipped Henan pack against the catalogue: each rule, its limit, its gravity, and its own examples."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from attrs import evolve

from execcheck.cli.lint import LONGEST_RULE
from execcheck.judgement import Judgement, Verdict
from execcheck.lawbook import load_law
from execcheck.monitor import Monitor
from execcheck.policy import Aggregate, Example, Response, Rule, Separation
from execcheck.testing import run_examples
from execcheck.testing.examples import raw_event
from lawful import admitted, henan

POLICIES = Path(__file__).parents[1] / "policies"
EVERY_ARTICLE = {str(number) for number in range(1, 31)}

# name, articles, kind, object, limit, severity, category. In the limit, `*` marks a number that this project chose,
# `<` the closing event of a `before`, `@` the field with the due day, `x` a factor.
CATALOGUE = """
panel-for-major-matters                          1,6   authority  -          -                   error   improper
panel-for-control                                1,6   authority  -          -                   warning improper
review-by-other-department-or-team               1     authority  -          -                   warning improper
reviewer-not-enforcer                            1     separation -          -                   error   improper
filed-by-filing-division                         2     authority  -          -                   error   selective
first-national-query                             2     response   -          1d*                 error   passive
assigned-at-once                                 2     response   -          1d*                 warning selective
assigned-by-filing-division                      2     authority  -          -                   error   selective
designated-assignment-reasoned                   2     condition  -          -                   warning selective
reassignment-by-team-leader                      2     authority  -          -                   warning selective
recused-person-not-handler                       2     separation -          -                   error   improper
related-cases-together                           2     separation -          -                   warning selective
closing-approved-by-trial-management             3     authority  -          -                   error   improper
archived-within-one-month                        3,15  response   -          1mo                 error   passive
restoration-reviewed                             3     precedence -          -                   error   improper
restoration-changes-handler                      3,15  separation -          -                   error   improper
no-one-handles-everything                        4     aggregate  -          -                   note    improper
enforcement-acts-by-enforcement-staff            5     authority  -          -                   warning improper
onsite-recorded                                  7     condition  -          -                   error   improper
coercion-recording-kept                          7     response   recording  <case.closed        error   improper
coercion-recorded-in-full                        7     condition  recording  -                   error   improper
recording-uploaded-in-three-days                 7     response   recording  3d                  error   passive
no-off-system-handling                           9     absence    -          -                   error   disobedience
recorded-promptly                                9     condition  -          3d*                 warning disobedience
no-excessive-control                             11    aggregate  -          x1.2*               warning improper
no-control-of-third-party-assets                 11    condition  -          -                   error   improper
controls-lifted-after-performance                11    response   asset      10d*                warning improper
reference-price-deadline                         12    response   asset      30d                 error   passive
report-sent-in-three-days                        12    response   asset      3d                  error   passive
price-objection-answered                         12    response   asset      15d*                warning passive
disposal-starts-within-ten-days                  13    response   asset      10d                 error   passive
control-kept-during-disposal                     13    response   asset      @expires            error   passive
traditional-auction-approved                     13    authority  -          -                   error   improper
applicant-consulted-on-platform                  13    precedence asset      -                   error   improper
auction-materials-complete                       13    precedence asset      -                   error   improper
appraisal-report-uploaded                        13    precedence asset      -                   error   improper
asset-surveyed-before-auction                    13    precedence asset      -                   error   improper
no-insider-buyer                                 13    condition  -          -                   error   improper
closed-within-six-months                         14    response   -          6mo                 error   passive
non-litigation-closed-within-three-months        14    response   -          3mo                 error   passive
overdue-reported-to-bureau-head                  14    response   -          6mo,3mo             error   passive
bureau-deadline-kept                             14    response   -          @until              warning disobedience
exclusion-grounded                               14    condition  -          -                   warning passive
exclusion-ended                                  14    response   -          180d*               warning passive
interview-before-termination                     15    precedence -          -                   error   improper
interview-opinion-recorded                       15    condition  -          -                   warning improper
onsite-search-before-termination                 15    precedence -          -                   error   improper
online-query-before-termination                  15    precedence -          -                   error   improper
clues-verified-before-termination                15    response   clue       <termination.ruled  error   improper
investigation-order-returned-before-termination  15    response   order      <termination.ruled  error   improper
investigation-order-explained                    15    precedence -          -                   warning improper
no-termination-with-assets                       15    response   asset      <termination.ruled  error   improper
priority-holder-requests-transfer                15    response   asset      <termination.ruled  error   improper
no-termination-for-want-of-auction-request       15    condition  -          -                   error   improper
termination-served-on-applicant                  15    response   -          60d*                warning improper
termination-served-on-debtor                     15    response   -          60d*                warning improper
termination-published                            15    response   -          30d*                warning improper
former-handler-stays-out                         15    separation -          -                   error   improper
money-through-case-account                       16    condition  -          -                   error   improper
money-paid-out-in-time                           16    response   payment    30d*                warning passive
money-not-left-at-closing                        16    response   payment    <case.archived      error   passive
set-aside-money-cleared                          16    response   payment    6mo*                warning passive
unidentified-money-cleared                       16    response   payment    30d*                warning passive
payout-approved                                  16,20 authority  -          -                   error   improper
no-payout-beyond-receipts                        16    aggregate  -          -                   warning improper
petition-registered                              17    response   petition   3wd*                error   conduct
petition-stays-with-first-handler                17    separation petition   -                   warning conduct
oversight-answered-in-time                       17    response   oversight  @due                error   disobedience
oversight-answered-without-date                  17    response   oversight  30d*                warning disobedience
overdue-oversight-criticised                     17    response   oversight  30d*                warning disobedience
remote-action-justified                          18    condition  -          -                   warning improper
remote-coercion-with-local-court                 18    condition  -          -                   error   improper
entrustment-through-platform                     18    condition  -          -                   error   improper
four-class-case-flagged                          19    response   -          3wd*                warning passive
termination-approved-by-bureau-head              20    authority  -          -                   error   improper
restoration-approved-by-bureau-head              20    authority  -          -                   error   improper
misconduct-double-checked                        23    response   -          30d*                warning integrity
representatives-invited                          24    response   -          <case.closed        warning conduct
suggestion-replied                               25    response   suggestion 3mo*                error   passive
suggestion-error-corrected                       25    response   suggestion 10d*                error   improper
suggestion-reported-in-one-month                 25    response   suggestion 1mo                 error   disobedience
six-month-explanation                            27    response   -          10d*                warning conduct
six-month-explanation-complete                   27    condition  -          -                   warning conduct
key-nodes-disclosed                              26,27 response   -          7d*                 warning conduct
inquiry-answered                                 27    response   party      5wd*                warning conduct
non-disclosure-petition-double-checked           27    response   -          30d*                error   conduct
"""
ROWS = {line.split()[0]: line.split()[1:] for line in CATALOGUE.strip().splitlines()}
NAMES = tuple(ROWS)
SAME_PERSON = {"related-cases-together", "petition-stays-with-first-handler"}
LIMITED = tuple(name for name, row in ROWS.items() if row[3][0].isdigit())
"""Rules whose limit is a number of days, months or years."""


def rule_of(name: str) -> Rule:
    return henan().rules[f"henan-2021/{name}"]


def limit_of(rule: Rule) -> str:
    """The limit of a rule, written as in the catalogue."""
    own = [str(period) for t in rule.when if t.within is not None for _, period in t.within.values]
    given = {t.due_on for t in rule.when if t.due_on} | ({rule.due_on} if isinstance(rule, Response) else set())
    star = "*" if rule.reference_limit else ""
    if rule.within is not None:
        return str(rule.within.latest) + star
    if own:
        return ",".join(own) + star
    if named := given - {None}:
        return f"@{named.pop()}{star}"
    if isinstance(rule, Response):
        (closing,) = {kind for selector in rule.before for kind in selector.types}
        return f"<{closing}{star}"
    return "-" if rule.factor is None else f"x{rule.factor}{star}"


def test_the_pack_holds_the_rules_of_the_catalogue_and_no_other() -> None:
    assert len(ROWS) == 86
    assert {rule.name for rule in henan().rules.values()} == set(ROWS)


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_has_the_articles_kind_object_limit_severity_and_category_of_the_catalogue(name: str) -> None:
    rule = rule_of(name)
    found = [",".join(rule.articles), rule.kind, rule.per or "-", limit_of(rule), rule.severity.value, rule.category]
    assert found == ROWS[name]


def test_the_limits_chosen_by_this_project_are_marked_and_no_other() -> None:
    marked = {rule.name for rule in henan().rules.values() if rule.reference_limit}
    assert marked == {name for name, row in ROWS.items() if row[3].endswith("*")}


def test_the_factor_of_clearly_excessive_control_is_a_parameter_of_its_own() -> None:
    rule = rule_of("no-excessive-control")
    assert isinstance(rule, Aggregate)
    assert rule.factor == rule.bound.times


def test_separation_asks_for_the_same_person_only_where_the_catalogue_says_so() -> None:
    same = {rule.name for rule in henan().rules.values() if isinstance(rule, Separation) and rule.same}
    assert same == SAME_PERSON


@pytest.mark.parametrize("name", NAMES)
def test_every_example_of_the_rule_comes_out_as_written(name: str) -> None:
    count, failures = run_examples(henan(), [rule_of(name)])
    assert count == len(rule_of(name).examples)
    assert [(one.example, one.reason.en) for one in failures] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_shows_compliance_and_breach(name: str) -> None:
    verdicts = {example.verdict for example in rule_of(name).examples}
    compliant = {"satisfied"} if rule_of(name).kind != "absence" else {"not_triggered"}
    assert verdicts >= {"violated", *compliant}


@pytest.mark.parametrize("name", LIMITED)
def test_the_examples_show_the_last_day_and_the_day_after(name: str) -> None:
    margins: dict[str, set[int]] = {"satisfied": set(), "violated": set()}
    for example in rule_of(name).examples:
        for one in judged(rule_of(name), example) if example.verdict in margins else ():
            day = margin(one)
            if day is not None:
                margins[example.verdict].add(day)
    assert 0 in margins["satisfied"]
    assert 1 in margins["violated"]


def margin(one: Judgement) -> int | None:
    """How many days after its last day the duty was met, or is overdue."""
    if one.kind == "condition":
        recorded = one.trigger.recorded_day
        return None if recorded is None else recorded - one.trigger.day - 3
    if one.due is None:
        return None
    if one.verdict is Verdict.VIOLATED:
        return one.days_late
    return None if one.event is None else one.event.day - one.due.toordinal()


def judged(rule: Rule, example: Example) -> tuple[Judgement, ...]:
    """What the rule alone says about an example."""
    monitor = Monitor(evolve(henan(), rules={rule.id: evolve(rule, restates=())}, lifecycles={}), keep_satisfied=True)
    raw = ({"id": f"e{n}", **raw_event(short, henan().vocabulary)} for n, short in enumerate(example.events))
    for event in admitted(henan(), raw):
        monitor.take(event)
    return monitor.judgements(None if example.as_of is None else date.fromisoformat(example.as_of))


def test_every_article_of_the_opinion_is_either_covered_or_said_to_be_uncheckable() -> None:
    covered = {article for rule in henan().rules.values() for article in rule.articles}
    uncheckable = {article for article, _ in henan().packs["henan-2021"].not_checkable}
    assert covered | uncheckable == EVERY_ARTICLE
    assert not covered & uncheckable
    assert uncheckable == {"8", "10", "21", "22", "28", "29", "30"}


def test_the_pack_says_where_and_since_when_it_applies_and_that_it_is_no_law() -> None:
    pack = henan().packs["henan-2021"]
    assert pack.region == "豫"
    assert {rule.in_force.start for rule in henan().rules.values()} == {738081}  # 2021-10-18
    assert "转发" in pack.note.zh
    assert "不等于违法" in pack.note.zh


def texts(rule: Rule) -> Iterator[str]:
    for text in (rule.title, rule.note, rule.message):
        yield from (text.zh, text.en)


@pytest.mark.parametrize("name", NAMES)
def test_no_text_of_a_rule_speaks_of_unlawfulness_or_accuses_anybody(name: str) -> None:
    for text in texts(rule_of(name)):
        about = text.replace("违纪违法", "")  # what article 23 itself calls its subject; nobody is said to have done it
        assert not re.search(r"违法|执行不廉|乱执行|illegal|unlawful|corrupt", about)


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_is_titled_in_both_languages(name: str) -> None:
    title = rule_of(name).title
    assert re.search(r"[\u4e00-\u9fff]", title.zh)
    assert re.search(r"[a-z]", title.en)
    assert not re.search(r"[\u4e00-\u9fff]", title.en)


def test_no_policy_is_longer_than_a_reader_can_take_in() -> None:
    lengths = {
        str(file.relative_to(POLICIES)): len(file.read_text("utf-8").splitlines()) for file in POLICIES.rglob("*.yaml")
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST_RULE} == {}


def test_the_default_law_book_holds_the_pack() -> None:
    assert set(henan().rules) <= set(load_law().rules)
