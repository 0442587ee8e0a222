"""The list of open duties: whose they are, when they fall due, what stands still; worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta

from execcheck.monitor import Monitor
from lawful import CASE as LAWFUL
from lawful import RELATED, RESTORED, admitted, approved_by, lawful_case
from ruling import law
from stories import BEGUN, PANEL, at, by, days, one, persons, rules, sealed, tell, watch

DISCLOSED = at("2024-03-04 16:00", "node.disclosed", node="asset.controlled")
HANDOVER = at("2024-03-11 09:00", "case.reassigned", handler="h2", reason="other", actor=by("b1", "bureau_head"))
SEIZED = (sealed("2024-03-04 09:00"), DISCLOSED)
CASE_DUTIES = ["closed-within-six-months", "overdue-reported-to-bureau-head"]
ASSET_DUTIES = [
    "control-renewed-before-expiry", "no-termination-with-assets", "pricing-started-in-30-days",
    "reference-price-deadline",
]  # fmt: skip


# --- when -----------------------------------------------------------------------------------------


def test_duties_come_soonest_first_and_those_before_an_event_last() -> None:
    # 4 March + 30 days = 3 April; 1 March + 6 months = Sunday 1 September, so Monday the 2nd; the seizure's own end.
    assert list(days(watch(*SEIZED).due()).items()) == [
        ("reference-price-deadline", "2024-04-03"), ("pricing-started-in-30-days", "2024-04-03"),
        ("closed-within-six-months", "2024-09-02"), ("overdue-reported-to-bureau-head", "2024-09-02"),
        ("control-renewed-before-expiry", "2026-03-03"), ("no-termination-with-assets", None),
    ]  # fmt: skip


def test_tomorrows_list_holds_what_falls_due_tomorrow_and_nothing_later() -> None:
    monitor = watch(*SEIZED)
    tomorrow = timedelta(days=1)
    assert monitor.due(date(2024, 4, 1), tomorrow) == ()
    assert rules(monitor.due(date(2024, 4, 2), tomorrow)) == ["pricing-started-in-30-days", "reference-price-deadline"]


def test_a_duty_is_open_to_the_end_of_its_last_day_and_overdue_the_day_after() -> None:
    monitor = watch(*SEIZED)
    assert not monitor.advance(date(2024, 4, 3))
    assert "reference-price-deadline" in rules(monitor.due())
    late = monitor.advance(date(2024, 4, 4))
    assert rules(late.found) == ["pricing-started-in-30-days", "reference-price-deadline"]
    assert {judgement.days_late for judgement in late.found} == {1}
    assert not monitor.advance(date(2024, 4, 8)), "that an omission lasts is no news"
    assert "reference-price-deadline" not in rules(monitor.due())


def test_a_due_day_in_a_year_without_a_holiday_notice_is_provisional() -> None:
    late = [{**e, "time": e["time"].replace("2024", "2027")} for e in BEGUN]
    monitor = watch(*late, begun=False)
    assert {judgement.provisional for judgement in monitor.due()} == {True}
    assert {judgement.provisional for judgement in watch().due()} == {False}


def test_while_enforcement_is_suspended_the_due_day_is_unknown_and_no_list_of_the_week_holds_the_duty() -> None:
    monitor = watch(*SEIZED)
    stopped = tell(monitor, at("2024-03-13", "suspension.ordered", reason="x", panel=PANEL))
    paused = [*CASE_DUTIES, "pricing-started-in-30-days", "reference-price-deadline"]
    assert days(stopped.opened) == dict.fromkeys(sorted(paused))
    assert monitor.due(date(2024, 4, 3), timedelta(days=7)) == ()
    assert set(paused) <= set(rules(monitor.due(date(2024, 4, 3))))
    # 13 March up to 22 March do not count: ten days. 3 April + 10 = Saturday 13 April, so Monday the 15th.
    resumed = tell(monitor, at("2024-03-23", "suspension.ended"))
    assert days(resumed.opened)["reference-price-deadline"] == "2024-04-15"
    assert days(resumed.opened)["closed-within-six-months"] == "2024-09-11"


def test_a_postponement_to_a_day_gives_the_new_due_day_on_that_day() -> None:
    monitor = watch()
    postponed = tell(monitor, at("2024-05-27", "postponement.ordered", reason="x", until="2024-06-26", panel=PANEL))
    assert days(postponed.opened) == dict.fromkeys(CASE_DUTIES)
    assert not monitor.advance(date(2024, 6, 25))
    # 27 May up to 25 June do not count: thirty days. 1 September + 30 = National Day, so 8 October.
    assert days(monitor.advance(date(2024, 6, 26)).opened) == dict.fromkeys(CASE_DUTIES, "2024-10-08")


def test_where_hours_count_the_duty_is_told_to_the_hour() -> None:
    monitor = watch()
    detained = tell(monitor, at("2024-03-20 09:00", "coercion.imposed", recording="V1", measure="detention", days=10,
                                urgent=False, panel=PANEL, approvals=approved_by("president")))  # fmt: skip
    (duty,) = [one for one in detained.opened if one.rule == "cpl-interpretation/detention-family-told"]
    assert "最迟 2024-03-21 09:00 " in duty.message.zh and "by 2024-03-21 09:00." in duty.message.en
    late = tell(monitor, at("2024-03-21 09:01", "detention.family_notified"))
    (breach,) = late.found
    assert (breach.rule, str(breach.due), breach.days_late) == (duty.rule, "2024-03-21", 0)
    assert "到期日 2024-03-21 09:00；拘留通知家属（2024-03-21 09:01）" in breach.message.zh


# --- whose ----------------------------------------------------------------------------------------


def test_before_a_handler_is_named_a_duty_is_owed_by_the_office_and_then_told_again_with_the_person() -> None:
    monitor = watch(BEGUN[0], begun=False)
    (duty,) = [j for j in monitor.due(responsible="handler") if j.rule.endswith("closed-within-six-months")]
    assert duty.responsible is not None and duty.responsible.id is None
    assigned = tell(monitor, BEGUN[1])
    assert persons(assigned.opened)["closed-within-six-months"] == "h1"


def test_the_list_of_a_person_and_the_list_of_a_role_are_cut_from_the_same_duties() -> None:
    monitor = watch(BEGUN[0], begun=False)
    assert rules(monitor.due(responsible="f1")) == ["assigned-at-once", "handler-in-7-days"]
    assert monitor.due(responsible="f1") == monitor.due(responsible="filing_officer")
    assert monitor.due(responsible="h1") == ()


def test_after_a_handover_every_open_duty_belongs_to_the_new_handler_and_is_told_again() -> None:
    monitor = watch(*SEIZED)
    handed = tell(monitor, HANDOVER)
    assert rules(handed.opened) == sorted([*CASE_DUTIES, *ASSET_DUTIES])
    assert set(persons(handed.opened).values()) == {"h2"}
    assert (handed.found, handed.retracted, handed.settled) == ((), (), ())
    assert monitor.due(responsible="h1") == ()
    assert monitor.due(responsible="h2") == monitor.due()


def test_a_duty_whose_clock_stands_still_goes_to_the_new_handler_too() -> None:
    monitor = watch(*SEIZED, at("2024-03-08", "suspension.ordered", reason="x", panel=PANEL))
    assert set(persons(tell(monitor, HANDOVER).opened).values()) == {"h2"}
    assert {judgement.due for judgement in monitor.due(responsible="h2", within=timedelta(days=365))} == set()
    assert monitor.due(responsible="h1") == ()


def test_a_handover_for_one_segment_of_the_work_leaves_the_duties_with_the_handler_and_tells_nothing() -> None:
    monitor = watch(*SEIZED)
    segment = at("2024-03-11 09:00", "case.assigned", handler="h9", method="segment", actor=by("t1", "team_leader"))
    assert rules(tell(monitor, segment).opened) == ["key-nodes-disclosed"], "only that the handover is to be disclosed"
    assert set(persons(monitor.due()).values()) == {"h1"}


def test_what_was_overdue_before_the_handover_stays_with_the_one_who_let_it_lapse() -> None:
    monitor = watch(*SEIZED)
    monitor.advance(date(2024, 4, 8))
    handed = tell(monitor, {**HANDOVER, "time": "2024-04-09T09:00:00+08:00"})
    assert handed.found == ()
    late = tell(monitor, at("2024-04-10 09:00", "pricing.started", asset="A1", method="negotiation", actor=by("h2")))
    assert persons(late.found) == {"pricing-started-in-30-days": "h1"}


def test_a_breach_of_the_morning_is_not_laid_on_the_handler_named_in_the_afternoon() -> None:
    monitor = watch(sealed("2024-03-04 09:00", panel=PANEL[:2]), DISCLOSED)
    tell(monitor, {**HANDOVER, "time": "2024-03-04T17:00:00+08:00"})
    breach = [j for j in monitor.judgements() if j.rule == "henan-2021/panel-for-control"]
    assert persons(breach) == {"panel-for-control": "h1"}


def test_a_handover_taken_back_gives_the_duties_back_and_tells_so() -> None:
    monitor = watch(*SEIZED, HANDOVER)
    back = monitor.withdraw("case.reassigned")
    assert rules(back.opened) == sorted([*CASE_DUTIES, *ASSET_DUTIES])
    assert set(persons(back.opened).values()) == {"h1"}


def test_a_handover_that_was_entered_with_the_wrong_name_is_corrected_and_told() -> None:
    monitor = watch(*SEIZED, HANDOVER)
    corrected = monitor.observe(one({**HANDOVER, "handler": "h3", "supersedes": "case.reassigned"}, "again"))
    assert corrected.effect == "taken"
    assert set(persons(corrected.opened).values()) == {"h3"}
    assert rules(corrected.opened) == sorted([*CASE_DUTIES, *ASSET_DUTIES])


def test_a_handler_named_in_one_case_gets_no_duty_of_a_related_case() -> None:
    monitor = Monitor(law())
    for event in admitted(law(), lawful_case()):
        if event.id == "e023":  # the assignment of the case; its related case is closed and not yet archived
            break
        monitor.observe(event)
    assigned = monitor.observe(event)
    assert "archived-within-one-month" not in rules(assigned.opened)
    assert [j.case for j in monitor.due() if j.rule.endswith("archived-within-one-month")] == [RELATED]


# --- the whole lawful case ------------------------------------------------------------------------


def test_at_the_end_of_a_lawful_case_nothing_is_open_and_its_cases_may_be_released() -> None:
    monitor = Monitor(law())
    finished = []
    for event in admitted(law(), lawful_case()):
        monitor.observe(event)
        finished.append(set(monitor.finished()))
    assert monitor.due() == ()
    assert finished[-1] == {LAWFUL, RELATED, RESTORED}
    assert not any(finished[:-1]), "the last event archives the restored case"
