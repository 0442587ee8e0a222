"""The ten rules in Polars, lazily, over the same file, on as many threads as the machine has cores."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

import polars as pl
from polars import Expr, LazyFrame, col

from peers import rules
from peers.measuring import serve
from peers.rules import Counts

TEXT, TRUTH = pl.String, pl.Boolean
SCHEMA: Final[Mapping[str, Any]] = {
    "id": TEXT, "case": TEXT, "type": TEXT, "time": TEXT,
    "actor": pl.Struct({"id": TEXT, "role": TEXT, "department": TEXT}),
    "panel": pl.List(pl.Struct({"id": TEXT, "quota_judge": TRUTH})),
    "approvals": pl.List(pl.Struct({"id": TEXT, "role": TEXT, "time": TEXT})),
    "objects": pl.Struct({"asset": TEXT, "recording": TEXT, "clue": TEXT}),
    "data": pl.Struct({
        "needs_sale": TRUTH, "rank": TEXT, "mode": TEXT, "round": pl.Int64, "selected_by": TEXT,
        "applicant_consulted": TRUTH, "measure": TEXT, "reason": TEXT, "applicant_consent": TRUTH, "urgent": TRUTH,
    }),
}  # fmt: skip
MET = ("case", "asset", "recording", "clue", "day", "at", "actor")
STANDING = pl.date(9999, 12, 31)


def _moment(time: Expr) -> Expr:
    """Microseconds; none where only the day is known."""
    return time.str.to_datetime("%+", strict=False, time_unit="us", time_zone="UTC").dt.epoch("us")


def _day(time: Expr) -> Expr:
    """The day in the court's zone, eight hours ahead of UTC."""
    shifted = pl.from_epoch(_moment(time) + 28_800_000_000, time_unit="us")
    return pl.when(time.str.len_bytes() > 10).then(shifted.dt.date()).otherwise(time.str.to_date(strict=False))


def _before(a: str, b: str) -> Expr:
    """Earlier, or so that the log does not tell; ``a`` and ``b`` are the endings of the columns of two events."""
    same = col(f"day{a}") == col(f"day{b}")
    return (col(f"day{a}") < col(f"day{b}")) | (same & (col(f"at{a}") <= col(f"at{b}")).fill_null(True))


def _events(log: Path) -> LazyFrame:
    read = pl.scan_ndjson(log, schema=SCHEMA).unique("id")
    objects = (col("objects").struct.field(kind) for kind in ("asset", "recording", "clue"))
    return read.with_columns(*objects, _day(col("time")).alias("day"), _moment(col("time")).alias("at"))


def _of(events: LazyFrame, *types: str) -> LazyFrame:
    return events.filter(col("type").is_in(types))


def _said(name: str) -> Expr:
    return col("data").struct.field(name)


def _without(acts: LazyFrame, met: LazyFrame, on: list[str], fits: Expr) -> LazyFrame:
    """The acts for which no other event fits; the other's columns end in ``_b``."""
    pairs = acts.join(met.select(MET), on=on, suffix="_b").filter(fits)
    return acts.join(pairs.select("id").unique(), on="id", how="anti")


def _tally(open_: LazyFrame, events: LazyFrame) -> LazyFrame:
    """Duties that were not met: violated once the log goes on after the due day, else pending."""
    last = events.select(col("day").max().alias("last"))
    over = (col("last") > col("due")).fill_null(False)
    return open_.join(last, how="cross").select(over.sum().alias("violated"), (~over).sum().alias("pending"))


def _deadline(
    events: LazyFrame, working: LazyFrame, when: Expr, then: str, period: str, per: str | None = None
) -> LazyFrame:
    acts = events.filter(when).with_columns(col("day").dt.offset_by(period).alias("nominal"))
    duties = acts.join(working, left_on="nominal", right_on="date", how="left")
    on = ["case", per] if per else ["case"]
    return _tally(_without(duties, _of(events, then), on, _before("", "_b") & (col("day_b") <= col("due"))), events)


def _stops(events: LazyFrame) -> LazyFrame:
    """From the opening day up to but not including the closing one; without an end, to the end of time."""
    spans = []
    for opening, closings in (
        ("suspension.ordered", ("suspension.ended",)),
        ("settlement.reached", ("settlement.breached", "settlement.performed", "case.closed")),
    ):
        opened, closed = _of(events, opening), _of(events, *closings).select(MET)
        ended = opened.join(closed, on="case", suffix="_b").filter(_before("", "_b"))
        ends = ended.group_by("id").agg(col("day_b").min().alias("ends"))
        spans.append(opened.join(ends, on="id", how="left").select("case", col("day").alias("begins"), "ends"))
    return pl.concat(spans).with_columns(col("ends").fill_null(STANDING))


def _price(events: LazyFrame, working: LazyFrame) -> LazyFrame:
    filed = _of(events, "case.filed").group_by("case").agg(col("day").min().alias("filed"))
    wanted = _said("needs_sale") & (_said("rank").fill_null("first") == "first")
    controls = _of(events, "asset.controlled").filter(wanted).join(filed, on="case", how="left")
    controls = controls.with_columns(pl.max_horizontal("day", "filed").alias("start"))
    stops = _stops(events)
    # Where the clock stopped, the running days are counted one by one; a year holds thirty of them or none.
    stopped = controls.join(stops.select("case").unique(), on="case", how="semi").select("id", "case", "start")
    running = stopped.with_columns(
        pl.date_ranges(col("start") + pl.duration(days=1), col("start") + pl.duration(days=400)).alias("one")
    ).explode("one")
    still = running.join(stops, on="case").filter((col("begins") <= col("one")) & (col("one") < col("ends")))
    running = running.join(still.select("id", "one").unique(), on=["id", "one"], how="anti").sort("id", "one")
    thirtieth = running.group_by("id").agg(col("one").slice(29, 1).first().alias("nominal"))
    plain = controls.join(stopped, on="id", how="anti").select("id", col("start").dt.offset_by("30d").alias("nominal"))
    duties = controls.join(pl.concat([plain, thirtieth]), on="id", how="left")
    duties = duties.join(working, left_on="nominal", right_on="date", how="left")
    ends = _of(events, "price.determined", *rules.ENDS_PRICING)
    in_time = _before("", "_b") & (col("due").is_null() | (col("day_b") <= col("due")))
    return _tally(_without(duties, ends, ["case", "asset"], in_time), events)


def _platform(events: LazyFrame) -> LazyFrame:
    first_online = (_said("mode") == "online") & (_said("round").fill_null(1) == 1)
    asked = (_said("selected_by") == "applicant") | _said("applicant_consulted").fill_null(False)
    chosen = _of(events, "auction.platform_selected").filter(asked)
    return _without(_of(events, "auction.announced").filter(first_online), chosen, ["case", "asset"], _before("_b", ""))


def _approved(events: LazyFrame, role: str) -> LazyFrame:
    """The payouts that somebody else of a role approved, no later."""
    payer = col("actor").struct.field("id").alias("payer")
    one = events.with_columns(payer).explode("approvals").unnest("approvals", separator="_")
    one = one.with_columns(_day(col("approvals_time")).alias("day_b"), _moment(col("approvals_time")).alias("at_b"))
    in_time = col("approvals_time").is_null() | _before("_b", "")
    return one.filter((col("approvals_role") == role) & (col("approvals_id") != col("payer")) & in_time)


def _payout(events: LazyFrame) -> LazyFrame:
    acts = _of(events, "payment.disbursed")
    by_head = acts.join(_approved(acts, "bureau_head"), on="id", how="semi")
    by_finance = acts.join(_approved(acts, "finance"), on="id", how="semi").select("id")
    paid_by_finance = acts.filter(col("actor").struct.field("department") == "finance").select("id")
    return acts.join(by_head.join(pl.concat([by_finance, paid_by_finance]), on="id", how="semi"), on="id", how="anti")


def _panel(events: LazyFrame) -> LazyFrame:
    kind = col("type")
    wanted = (
        kind.is_in(rules.MAJOR)
        | ((kind == "auction.withdrawn") & (_said("reason") == "revoked"))
        | ((kind == "conclusion.ruled") & _said("applicant_consent").ne_missing(True))
        | ((kind == "termination.ruled") & (_said("applicant_consent") == False))  # noqa: E712
        | ((kind == "coercion.imposed") & _said("measure").is_in(["fine", "detention"]))
    )
    own = col("actor").struct.field("role").ne_missing("higher_court")
    size = col("panel").list.eval(pl.element().struct.field("id")).list.n_unique()
    judges = col("panel").list.eval(pl.element().struct.field("quota_judge")).list.all()
    return events.filter(wanted & own & ~((size >= 3) & (size % 2 == 1) & judges).fill_null(False))


def _review(events: LazyFrame) -> LazyFrame:
    reviews = _of(events, "coercion.review_decided")
    panel = reviews.explode("panel").with_columns(col("panel").struct.field("id").alias("person"))
    actor = reviews.with_columns(col("actor").struct.field("id").alias("person"))
    columns = ["id", "case", "day", "at", "person"]
    deciders = pl.concat([panel.select(columns), actor.select(columns)])
    imposers = _of(events, "coercion.imposed").select(*columns[1:4], col("actor").struct.field("id").alias("person"))
    sure = (col("day_b") < col("day")) | ((col("day_b") == col("day")) & (col("at_b") < col("at")).fill_null(False))
    return deciders.join(imposers, on=["case", "person"], suffix="_b").filter(sure).unique("id")


def count(log: Path, working_days: Path) -> Counts:
    """Read the log once, then run all rules together."""
    events = _events(log).collect().lazy()
    table = pl.scan_csv(working_days, try_parse_dates=True)
    working = table.select(col("day").alias("date"), col("working").alias("due"))
    deadline, kind = partial(_deadline, events, working), col("type")
    clue = (kind == "clue.provided") & _said("urgent").ne_missing(True)
    found = dict(zip((
        rules.RECORDING, rules.ARCHIVED, rules.CLUE, rules.CONFIRMATION, rules.PRICE,
        rules.PLATFORM, rules.INTERVIEW, rules.PAYOUT, rules.PANEL, rules.REVIEW,
    ), pl.collect_all([
        deadline(kind == "recording.completed", "recording.uploaded", "3d", "recording"),
        deadline(kind == "case.closed", "case.archived", "1mo"),
        deadline(clue, "clue.verified", "7d", "clue"),
        deadline(kind == "auction.paid", "auction.confirmation_served", "10d", "asset"),
        _price(events, working),
        *(one.select(pl.len().alias("violated")) for one in (
            _platform(events),
            _without(_of(events, "termination.ruled"), _of(events, "interview.held"), ["case"], _before("_b", "")),
            _payout(events), _panel(events), _review(events),
        )),
    ]), strict=True))  # fmt: skip
    violated = {rule: int(one["violated"][0]) for rule, one in found.items()}
    return Counts(violated, {rule: int(one["pending"][0]) for rule, one in found.items() if "pending" in one.columns})


if __name__ == "__main__":
    serve(count)
