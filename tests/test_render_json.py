"""The JSON report: exactly the contract's fields, stable, and in the language asked for."""

import json
from collections.abc import Mapping
from typing import Any

from attrs import evolve

from execcheck.admission import admit
from execcheck.checking import check
from execcheck.defects import Defect
from execcheck.events import Event
from execcheck.judgement import Report
from execcheck.lawbook import load_law
from execcheck.moments import Clock
from execcheck.periods import Period
from execcheck.policy import Text
from execcheck.render import FORMATS, View, renderer

LAW = load_law(["henan-2021"])
PRICE = "henan-2021/reference-price-deadline"
FIELDS = {
    "rule", "severity", "category", "kind", "case", "objects", "trigger", "event", "due", "due_explained", "days_late",
    "provisional", "responsible", "message", "citations", "fingerprint",
}  # fmt: skip


def events(*raw: Mapping[str, Any]) -> list[Event]:
    found = [admit(one, f"log:{n}", LAW.vocabulary) for n, one in enumerate(raw, 1)]
    assert all(isinstance(one, Event) for one in found)
    return [one for one in found if isinstance(one, Event)]


def seizure(**more: Any) -> dict[str, Any]:
    data = {"measure": "seal", "kind": "real_estate", "needs_sale": True}
    return {"id": "e7", "case": "（2021）豫0225执123号", "type": "asset.controlled", "time": "2021-11-01T09:30:00+08:00",
            "objects": {"asset": "A1"}, "data": data, **more}  # fmt: skip


def priced(time: str) -> dict[str, Any]:
    return {"id": "e12", "case": "（2021）豫0225执123号", "type": "price.determined", "time": time, "objects": {"asset": "A1"},
            "data": {"price": "1"}}  # fmt: skip


def report(*raw: Mapping[str, Any], as_of: str | None = None, rule: str = PRICE) -> Report:
    moment = None if as_of is None else Clock().read(as_of)[0]
    return check(events(*raw), LAW.selected([rule]), as_of=moment)


def rendered(found: Report, view: View | None = None) -> Any:
    return json.loads(renderer("json").render(found, view or View(LAW)))


def test_a_late_price_has_every_field_of_the_contract() -> None:
    found = rendered(report(seizure(), priced("2021-12-20T15:00:00+08:00"), as_of="2021-12-31T18:00:00+08:00"))
    assert {"execcheck", "as_of", "policies", "summary", "violations", "inconclusive", "pending"} <= set(found)
    assert found["as_of"] == "2021-12-31T18:00:00+08:00"
    assert found["policies"] == ["henan-2021"]
    (violation,) = found["violations"]
    assert set(violation) >= FIELDS
    assert violation | {
        "rule": PRICE, "severity": "error", "category": "passive", "kind": "response", "case": "（2021）豫0225执123号",
        "objects": {"asset": "A1"}, "due": "2021-12-01", "days_late": 19, "provisional": False,
        "responsible": {"role": "handler", "id": None}, "citations": [{"document": "henan-2021", "article": "12"}],
    } == violation  # fmt: skip
    trigger, event = violation["trigger"], violation["event"]
    assert (trigger["id"], trigger["type"], trigger["time"]) == ("e7", "asset.controlled", "2021-11-01T09:30:00+08:00")
    assert (event["id"], event["type"], event["time"]) == ("e12", "price.determined", "2021-12-20T15:00:00+08:00")
    assert violation["fingerprint"] and violation["message"] and violation["due_explained"]


def test_the_summary_has_every_field_of_the_contract() -> None:
    summary = rendered(report(seizure(), as_of="2021-11-30"))["summary"]
    assert {
        "profile", "events", "cases", "violated", "inconclusive", "pending", "waived", "satisfied", "not_triggered",
        "not_assessable", "ignored_after_as_of", "rejected",
    } <= set(summary)  # fmt: skip
    assert summary["profile"] == {"inferred": True, "not_captured": ["actor", "approvals", "panel", "recorded"]}
    assert (summary["events"], summary["cases"], summary["pending"]) == (1, 1, 1)


def test_a_duty_never_met_has_no_event() -> None:
    assert rendered(report(seizure(), as_of="2022-01-31"))["violations"][0]["event"] is None


def test_a_day_is_printed_as_a_day_and_an_observation_day_as_its_end() -> None:
    found = rendered(report(seizure(time="2021-11-01"), as_of="2022-01-31"))
    assert found["as_of"] == "2022-01-31T23:59:59+08:00"
    assert found["violations"][0]["trigger"]["time"] == "2021-11-01"


def test_an_inconclusive_judgement_names_the_missing_fields() -> None:
    raw = seizure(data={"measure": "seal", "kind": "real_estate"})
    (found,) = rendered(report(raw, as_of="2022-01-31"))["inconclusive"]
    assert found["missing"] == ["needs_sale"]
    assert set(found) >= FIELDS


def test_a_stopped_clock_has_no_due_day() -> None:
    stop = {"case": "（2021）豫0225执123号", "type": "suspension.ordered", "time": "2021-11-05", "data": {}}
    (found,) = rendered(report(seizure(), stop))["pending"]
    assert found["due"] is None
    assert "停止计算" in found["due_explained"]


def test_a_date_in_a_year_without_notice_is_provisional() -> None:
    (found,) = rendered(report(seizure(time="2031-12-15"), as_of="2031-12-16"))["pending"]
    assert found["provisional"] is True


def test_chinese_is_written_as_it_is_and_runs_are_equal() -> None:
    found = report(seizure(), priced("2021-12-20"))
    text = renderer("json").render(found, View(LAW))
    assert "（2021）豫0225执123号" in text
    assert text == renderer("json").render(report(priced("2021-12-20"), seizure()), View(LAW)).replace("log:2", "log:x").replace(
        "log:1", "log:2").replace("log:x", "log:1")  # fmt: skip


def test_messages_follow_the_language() -> None:
    found = report(seizure(), priced("2021-12-20"))
    english = rendered(found, View(LAW, "en"))["violations"][0]
    assert english["message"].isascii() and english["title"] == "Reference price fixed within thirty days"
    assert rendered(found)["violations"][0]["title"] == "三十日内确定财产处置参考价"


def test_notes_and_the_name_of_the_source_are_added() -> None:
    note = Defect("log:1", "unknown", "未知", "unknown", note=True)
    found = rendered(report(seizure()), View(LAW, source=Text("某院", "a court"), notes=(note,)))
    assert found["notes"] == [{"place": "log:1", "message": "未知"}]
    assert found["summary"]["profile"]["source"] == "某院"


def test_only_pending_duties_are_due_the_undated_last() -> None:
    found = report(seizure(), seizure(id="e8", objects={"asset": "A2"}, time="2021-10-20"), as_of="2021-11-10")
    later, sooner = found.pending
    undated = evolve(sooner, due=None, deadline=None)
    mixed = evolve(found, pending=(undated, later, sooner))
    listed = json.loads(renderer("json").render_due(mixed, View(LAW), None))
    days = [item["due"] for item in listed["pending"]]
    assert days == [*sorted(day for day in days if day), None]
    assert json.loads(renderer("json").render_due(mixed, View(LAW), Period.parse("0d")))["pending"] == []


def test_every_format_has_a_renderer() -> None:
    found = report(seizure(), priced("2021-12-20"))
    for form in FORMATS:
        assert renderer(form).render(found, View(LAW))
        assert renderer(form).render_due(found, View(LAW), None)


def test_the_pieces_of_a_report_are_one_json_object_in_the_usual_form() -> None:
    for events in ([seizure(), priced("2021-12-20")], [seizure()], [priced("2021-12-20")]):
        text = renderer("json").render(report(*events), View(LAW))
        assert text == json.dumps(json.loads(text), ensure_ascii=False, indent=2) + "\n"
