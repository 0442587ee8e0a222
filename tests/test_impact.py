"""What a change of law changes: findings that appear, vanish or move, and nothing that is told by mistake."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from clirun import BREACHED, LAWFUL, log, priced, seizure
from execcheck import Law, Verdict, load_law
from execcheck.calendars import Calendar
from execcheck.impact import Impact, Move, Side, compare
from execcheck.logs.several import Logs
from execcheck.needs import Capture
from ruling import book, events

PRICE = "kind: response\nper: asset\nwhen: asset.controlled\nthen: price.determined\nwithin: {}\nstops: [suspension]\n"
SEIZED = {"type": "asset.controlled", "asset": "A1", "measure": "seal", "kind": "real_estate"}


def fixed(day: str) -> dict[str, Any]:
    return {"time": day, "type": "price.determined", "asset": "A1", "price": 1000}


def limits(one: str, other: str, *log_: dict[str, Any], as_of: str | None = None, **after: Any) -> Impact:
    """A limit changed into another, on a log."""
    laws = book(PRICE.format(one)), book(PRICE.format(other))
    moment = None if as_of is None else date.fromisoformat(as_of)
    return compare(Side(laws[0]), Side(laws[1], **after), events(*log_), as_of=moment)


def test_a_duty_met_under_the_longer_limit_only_appears_as_a_breach() -> None:
    found = limits("30d", "20d", {"time": "2022-03-01", **SEIZED}, fixed("2022-03-29"))
    (breach,) = found.appeared
    assert (breach.verdict, breach.due, breach.days_late) == (Verdict.VIOLATED, date(2022, 3, 21), 8)
    assert (found.vanished, found.moved, found.total.unchanged) == ((), (), 0)
    assert found.differs and found.new == ()


def test_what_appears_one_way_vanishes_the_other_way() -> None:
    log_ = ({"time": "2022-03-01", **SEIZED}, fixed("2022-03-29"))
    there, back = limits("30d", "20d", *log_), limits("20d", "30d", *log_)
    assert back.vanished == there.appeared
    assert (back.appeared, back.moved) == ((), ())


def test_a_breach_under_both_limits_moves_with_its_due_day_and_its_days() -> None:
    found = limits("30d", "20d", {"time": "2022-03-01", **SEIZED}, fixed("2022-04-29"))
    (move,) = found.moved
    assert move.differs == ("due", "days_late")
    assert (move.before.days_late, move.after.days_late) == (29, 39)
    assert found.total.before[Verdict.VIOLATED] == found.total.after[Verdict.VIOLATED] == 1


def test_a_pending_duty_moves_with_its_due_day() -> None:
    (move,) = limits("30d", "20d", {"time": "2022-03-01", **SEIZED}, as_of="2022-03-05").moved
    assert move.differs == ("due",)
    assert move.after.verdict is Verdict.PENDING


def test_a_pending_duty_that_becomes_a_breach_is_a_move_and_is_counted_as_both() -> None:
    found = limits("30d", "20d", {"time": "2022-03-01", **SEIZED}, as_of="2022-03-25")
    (move,) = found.moved
    assert move.differs == ("verdict", "due", "days_late")
    assert found.total.before == {Verdict.VIOLATED: 0, Verdict.INCONCLUSIVE: 0, Verdict.PENDING: 1}
    assert found.total.after == {Verdict.VIOLATED: 1, Verdict.INCONCLUSIVE: 0, Verdict.PENDING: 0}


def test_local_rest_days_alone_can_move_a_due_day() -> None:
    closed = Calendar.load({date(2022, 3, 31): True})
    found = limits("30d", "30d", {"time": "2022-03-01", **SEIZED}, fixed("2022-04-11"), calendar=closed)
    (move,) = found.moved
    assert (move.before.due, move.after.due) == (date(2022, 3, 31), date(2022, 4, 1))


def test_a_milder_severity_is_a_move() -> None:
    law = book(PRICE.format("30d"))
    softer = law.with_parameters({"trial/rule0.severity": "note"})
    log_ = events({"time": "2022-03-01", **SEIZED}, fixed("2022-04-29"))
    (move,) = compare(Side(law), Side(softer), log_).moved
    assert move.differs == ("severity",)


def test_a_rule_that_is_gone_is_named_and_its_findings_vanish() -> None:
    law = book(PRICE.format("30d"))
    log_ = events({"time": "2022-03-01", **SEIZED}, fixed("2022-04-29"))
    found = compare(Side(law), Side(evolve(law, rules={}, book={})), log_)
    assert [j.rule for j in found.vanished] == ["trial/rule0"]
    assert (found.gone, found.new) == (("trial/rule0",), ())
    assert compare(Side(evolve(law, rules={}, book={})), Side(law), log_).new == ("trial/rule0",)


def test_a_rule_that_the_source_cannot_feed_afterwards_is_named() -> None:
    law = book(PRICE.format("30d"))
    log_ = events({"time": "2022-03-01", **SEIZED}, fixed("2022-04-29"))
    blind = Capture(events=frozenset({"price.determined"}))
    assert compare(Side(law), Side(law, capture=blind), log_).gone == ("trial/rule0",)


def test_recurring_duties_are_paired_by_the_day_from_which_they_ran() -> None:
    rule = "kind: recurrence\nwhen: termination.ruled\nthen: query.online\nwithin: {}\nuntil: case.restored\n"
    log_ = events(
        {"time": "2022-01-04", "type": "termination.ruled"},
        {"time": "2022-05-05", "type": "query.online", "channel": "national"},
        {"time": "2022-12-01", "type": "query.online", "channel": "national"},
        {"time": "2022-12-30", "type": "case.restored", "handler": "h1"},
    )
    found = compare(Side(book(rule.format("6mo"))), Side(book(rule.format("3mo"))), log_)
    assert [j.due for j in found.appeared] == [date(2022, 4, 6)]
    assert [(move.before.due, move.after.due) for move in found.moved] == [(date(2022, 11, 7), date(2022, 8, 5))]


def test_triggers_that_say_the_same_without_an_id_are_told_apart_by_their_lines(tmp_path: Path) -> None:
    raw = seizure("2022-03-01")
    other = {**raw, "case": "（2022）豫0225执2号"}
    law, path = load_law(), log(tmp_path, raw, other, priced("2022-03-29"))
    changed = law.with_parameters({"henan-2021/reference-price-deadline.within": "20d"})
    sides = Side(law), Side(changed)
    found = compare(*sides, Logs([path], law.vocabulary, law.definitions.cases), as_of=date(2022, 6, 1))
    assert [j.case for j in found.appeared] == ["（2021）豫0225执1号"]
    assert [move.after.case for move in found.moved] == ["（2022）豫0225执2号"]


@pytest.mark.parametrize(("path", "findings"), [(LAWFUL, 0), (BREACHED, 20)])
def test_the_same_law_changes_nothing(path: str, findings: int) -> None:
    law = load_law()
    found = compare(Side(law), Side(law), Logs([path], law.vocabulary, law.definitions.cases))
    assert not found.differs
    assert found.total.unchanged == sum(found.total.before.values()) == findings
    assert found.as_of == found.before.as_of


def test_a_law_book_with_another_vocabulary_reads_the_log_with_its_own(tmp_path: Path) -> None:
    def law(extra: str) -> Law:
        root = tmp_path / (extra or "plain")
        (root / "statemachines").mkdir(parents=True)
        pack = root / "policies" / "house"
        pack.mkdir(parents=True)
        (root / "statemachines" / "vocabulary.yaml").write_text(
            "objects: {}\nroles: {}\ndepartments: {}\nevents:\n"
            f"  loan.made: {{zh: 借, en: lent, data: {{days: {'text' if extra else 'integer'}}}}}\n"
            "cases: {opened_by: loan.made}\n", "utf-8",
        )  # fmt: skip
        (pack / "pack.yaml").write_text(
            "document: house\ntitle: {zh: 规, en: rules}\nwording: {zh: 不符, en: not in line}\n", "utf-8"
        )
        (pack / "short.yaml").write_text(
            "title: {zh: 短, en: short}\nkind: condition\nseverity: error\ncategory: passive\narticle: '1'\n"
            "when: loan.made\nrequire: {days: {present: true}}\nexamples:\n"
            "  a: {satisfied: [{time: 2022-03-01, type: loan.made, days: " + ("'9'" if extra else "9") + "}]}\n"
            "  b: {violated: [{time: 2022-03-01, type: loan.made}]}\n", "utf-8",
        )  # fmt: skip
        return load_law(folder=root)

    one, two = law(""), law("text")
    path = tmp_path / "log.jsonl"
    path.write_text('{"case": "a", "type": "loan.made", "time": "2022-03-01", "data": {"days": 9}}\n', "utf-8")
    logs = Logs([str(path)], one.vocabulary, one.definitions.cases)
    with pytest.raises(Exception, match="days"):
        compare(Side(one), Side(two), logs)
    path.write_text('{"case": "a", "type": "loan.made", "time": "2022-03-01"}\n', "utf-8")
    found = compare(Side(one), Side(two), logs)
    assert (found.total.unchanged, found.differs) == (1, False)


# --- properties ---------------------------------------------------------------------------------------

DAYS = st.dates(date(2022, 1, 1), date(2022, 4, 30)).map(date.isoformat)


@settings(max_examples=60)
@given(st.lists(st.tuples(DAYS, st.sampled_from(["A1", "A2"]), st.booleans()), min_size=1, max_size=6),
       st.sampled_from(["10d", "20d", "1mo"]), st.sampled_from(["10d", "15wd", "2mo"]))  # fmt: skip
def test_every_finding_of_both_checks_is_accounted_for_exactly_once(
    acts: list[tuple[str, str, bool]], one: str, other: str
) -> None:
    log_ = [{"time": day, **({**SEIZED} if seized else fixed(day)), "asset": asset} for day, asset, seized in acts]
    there = limits(one, other, *log_, as_of="2022-03-20")
    back = limits(other, one, *log_, as_of="2022-03-20")
    total = there.total
    assert sum(total.before.values()) == total.vanished + total.moved + total.unchanged
    assert sum(total.after.values()) == total.appeared + total.moved + total.unchanged
    assert (back.appeared, back.vanished) == (there.vanished, there.appeared)
    assert back.moved == tuple(Move(move.after, move.before, move.differs) for move in there.moved)
    assert there.differs or total.unchanged == sum(total.after.values())
