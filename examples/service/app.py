"""The service as seen from outside: three questions and two orders, in JSON, every text in Chinese and English."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from attrs import asdict
from flask import Flask, Response, jsonify, request
from flask.json.provider import DefaultJSONProvider
from werkzeug.exceptions import BadRequest, HTTPException, NotFound

from execcheck import DefectiveInput, Judgement, Text, load_law
from execcheck.case_numbers import normalise
from execcheck.moments import COURT_ZONE

from .desk import Desk, Refused
from .store import Store

Answer = Response | tuple[Response, int]


def create_app(database: str = "cases.sqlite") -> Flask:
    """The service, with its database."""
    app = Flask(__name__)
    assert isinstance(app.json, DefaultJSONProvider)
    app.json.ensure_ascii = app.json.sort_keys = False
    desk = Desk(load_law(), Store(database))

    @app.post("/events")
    def record() -> Answer:
        reason, raw = request.args.get("reason", ""), request.get_json()
        if (request.args.get("anyway") == "true") != bool(reason):
            raise BadRequest("anyway=true 须附 reason · anyway=true needs a reason")
        if not isinstance(raw, dict):
            raise BadRequest("应为一个事件 · one event is needed")
        changes = desk.record(raw, reason)
        told = {name: judged(getattr(changes, name)) for name in ("found", "retracted", "opened", "settled")}
        return jsonify({"effect": changes.effect, **told})

    @app.get("/due")
    def due() -> Answer:
        within, person = timedelta(request.args.get("days", 1, int)), request.args.get("responsible")
        people: dict[str, list[Any]] = {}
        for duty in desk.monitor.due(day("as_of"), within, person):
            who = duty.responsible
            people.setdefault((who.id or who.role) if who else "", []).extend(judged([duty]))
        return jsonify(people)

    @app.get("/findings")
    def findings() -> Answer:
        case = normalise(request.args["case"])
        known = desk.monitor.judgements(case=case)  # also of the cases that it is judged with
        return jsonify(judged(one for one in known if one.case == case and one.verdict != "pending"))

    @app.get("/steps")
    def steps() -> Answer:
        case = normalise(request.args["case"])
        if case not in desk.monitor.cases():
            raise NotFound("没有此案 · no such case")
        kinds = desk.law.vocabulary.events
        return jsonify([
            {"type": step.type, "zh": kinds[step.type].zh, "en": kinds[step.type].en, "objects": dict(step.objects),
             "permitted": step.permitted, "forbidden_by": judged(step.forbidden_by), "requires": judged(step.requires)}
            for step in desk.monitor.allowed(case)
        ])  # fmt: skip

    @app.post("/nights")
    def night() -> Answer:
        try:
            return jsonify(judged(desk.advance(day("day")).found))
        except ValueError as error:  # time does not run backwards
            raise BadRequest(str(error)) from None

    app.register_error_handler(Refused, refused)
    app.register_error_handler(
        DefectiveInput, lambda error: (jsonify([{"zh": one.zh, "en": one.en} for one in error.defects]), 422)
    )
    app.register_error_handler(HTTPException, lambda error: (jsonify({"error": error.description}), error.code))
    return app


def day(name: str) -> date:
    """A day of the query; by default today, where the court is."""
    text = request.args.get(name)
    try:
        return date.fromisoformat(text) if text else datetime.now(COURT_ZONE).date()
    except ValueError:
        raise BadRequest(f"{name}: YYYY-MM-DD") from None


def refused(error: Refused) -> Answer:
    """409: what the act would bring, and how to do it all the same."""
    how = Text("确需办理的，请附 ?anyway=true&reason=理由。", "To act all the same add ?anyway=true&reason=WHY.")
    return jsonify({"refused": judged(error.findings), "hint": asdict(how)}), 409


def judged(found: Iterable[Judgement]) -> list[dict[str, Any]]:
    """What a screen shows of judgements."""
    return [
        {"rule": one.rule, "verdict": one.verdict, "severity": one.severity, "case": one.case,
         "objects": dict(one.objects), "title": asdict(one.title), "message": asdict(one.message),
         "due": one.due.isoformat() if one.due else None, "days_late": one.days_late, "fingerprint": one.fingerprint}
        for one in found
    ]  # fmt: skip
