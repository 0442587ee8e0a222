"""The ten rules as DuckDB SQL over the same file, on as many threads as the machine has cores."""

from __future__ import annotations

from pathlib import Path

import duckdb

from peers import rules
from peers.measuring import serve
from peers.rules import Counts

EVENTS = """
create table events as
select distinct on (id)
    id, "case", type, actor, panel, approvals, data,
    objects.asset as asset, objects.recording as recording, objects.clue as clue,
    moment(time) as instant,  -- none where only the day is known
    court_day(time) as day
from read_json($log, format = 'newline_delimited', columns = {
    id: 'VARCHAR', "case": 'VARCHAR', type: 'VARCHAR', time: 'VARCHAR',
    actor: 'STRUCT(id VARCHAR, role VARCHAR, department VARCHAR)',
    panel: 'STRUCT(id VARCHAR, quota_judge BOOLEAN)[]',
    approvals: 'STRUCT(id VARCHAR, role VARCHAR, time VARCHAR)[]',
    objects: 'STRUCT(asset VARCHAR, recording VARCHAR, clue VARCHAR)',
    data: 'STRUCT(needs_sale BOOLEAN, rank VARCHAR, mode VARCHAR, round INTEGER, selected_by VARCHAR,
                  applicant_consulted BOOLEAN, measure VARCHAR, reason VARCHAR, applicant_consent BOOLEAN,
                  urgent BOOLEAN)'});
create table working as from read_csv($working_days, header = true,
                                      columns = {day: 'DATE', working: 'DATE'});
"""

MACROS = """
create macro moment(t) as case when length(t) > 10 then epoch_us(t::timestamptz) end;
create macro court_day(t) as  -- Asia/Shanghai is eight hours ahead of UTC
    case when length(t) > 10 then make_timestamp(epoch_us(t::timestamptz) + 28800000000)::date else t::date end;
create macro is_before(a, b) as a.day < b.day or (a.day = b.day and coalesce(a.instant <= b.instant, true));
create macro certainly_before(a, b) as a.day < b.day or (a.day = b.day and coalesce(a.instant < b.instant, false));
create macro approved(e, wanted) as len(list_filter(e.approvals, lambda a:
    a.role = wanted and a.id is distinct from e.actor.id
    and (a.time is null
         or is_before({day: court_day(a.time), instant: moment(a.time)}, {day: e.day, instant: e.instant})))) > 0;
"""

DEADLINE = """
with last as (select max(day) as day from events),
duties as (select a.*, w.working as due from events a join working w on w.day = (a.day + {period})::date
           where a.type = '{when}' and {where})
select count(*) filter (where last.day > due), count(*) filter (where last.day <= due)
from duties d, last
where not exists (
    select 1 from events b
    where b.type = '{then}' and b."case" = d."case" and {same} and is_before(d, b) and b.day <= d.due)
"""

PRICE = """
with last as (select max(day) as day from events),
filed as (select "case", min(day) as day from events where type = 'case.filed' group by all),
controls as (
    select a.*, greatest(a.day, coalesce(f.day, a.day)) as start
    from events a left join filed f using ("case")
    where a.type = 'asset.controlled' and a.data.needs_sale and coalesce(a.data.rank, 'first') = 'first'),
ends(opening, closing) as (values
    ('suspension.ordered', 'suspension.ended'), ('settlement.reached', 'settlement.breached'),
    ('settlement.reached', 'settlement.performed'), ('settlement.reached', 'case.closed')),
stops as (
    select o."case", o.day as begins, coalesce(min(c.day), '9999-12-31'::date) as ends
    from events o left join (events c join ends e on c.type = e.closing)
        on c."case" = o."case" and e.opening = o.type and is_before(o, c)
    where o.type in (select opening from ends) group by o.id, o."case", o.day),
-- Where the clock stopped, the running days are counted one by one; a year holds thirty of them or none.
running as (
    select d.id, w.day, row_number() over (partition by d.id order by w.day) as number
    from controls d join working w on w.day > d.start and w.day <= d.start + 400
    where d."case" in (select "case" from stops)
      and not exists (select 1 from stops s where s."case" = d."case" and s.begins <= w.day and w.day < s.ends)),
duties as (
    select d.*, w.working as due  -- none while the clock stands still
    from controls d left join running r on r.id = d.id and r.number = 30
    left join working w
        on w.day = case when d."case" in (select "case" from stops) then r.day else d.start + 30 end)
select count(*) filter (where last.day > due), count(*) filter (where due is null or last.day <= due)
from duties d, last
where not exists (
    select 1 from events b
    where b.type in ('price.determined', {ends}) and b."case" = d."case" and b.asset = d.asset
      and is_before(d, b) and (d.due is null or b.day <= d.due))
"""

PLATFORM = """
select count(*) from events a
where a.type = 'auction.announced' and a.data.mode = 'online' and coalesce(a.data.round, 1) = 1 and not exists (
    select 1 from events b
    where b.type = 'auction.platform_selected' and b."case" = a."case" and b.asset = a.asset and is_before(b, a)
      and (b.data.selected_by = 'applicant' or b.data.applicant_consulted))
"""

INTERVIEW = """
select count(*) from events a
where a.type = 'termination.ruled' and not exists (
    select 1 from events b where b.type = 'interview.held' and b."case" = a."case" and is_before(b, a))
"""

PAYOUT = """
select count(*) from events e
where e.type = 'payment.disbursed'
  and not (approved(e, 'bureau_head') and (e.actor.department = 'finance' or approved(e, 'finance')))
"""

PANEL = """
select count(*) from events e
where (e.type in ({major}) or (e.type = 'auction.withdrawn' and e.data.reason = 'revoked')
       or (e.type = 'conclusion.ruled' and e.data.applicant_consent is distinct from true)
       or (e.type = 'termination.ruled' and e.data.applicant_consent = false)
       or (e.type = 'coercion.imposed' and e.data.measure in ('fine', 'detention')))
  and e.actor.role is distinct from 'higher_court'
  and not (coalesce(len(list_distinct(list_transform(e.panel, lambda m: m.id))), 0) in (3, 5, 7, 9, 11)
           and coalesce(list_bool_and(list_transform(e.panel, lambda m: m.quota_judge)), false))
"""

REVIEW = """
select count(*) from events a
where a.type = 'coercion.review_decided' and exists (
    select 1 from events b
    where b.type = 'coercion.imposed' and b."case" = a."case" and certainly_before(b, a)
      and (b.actor.id = a.actor.id or list_contains(list_transform(a.panel, lambda m: m.id), b.actor.id)))
"""


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def _deadline(when: str, then: str, period: str, per: str | None = None, where: str = "true") -> str:
    same = f"b.{per} = d.{per}" if per else "true"
    return DEADLINE.format(when=when, then=then, period=period, same=same, where=where)


QUERIES = {
    rules.RECORDING: _deadline("recording.completed", "recording.uploaded", "3", "recording"),
    rules.ARCHIVED: _deadline("case.closed", "case.archived", "interval 1 month"),
    rules.CLUE: _deadline("clue.provided", "clue.verified", "7", "clue", "a.data.urgent is not true"),
    rules.CONFIRMATION: _deadline("auction.paid", "auction.confirmation_served", "10", "asset"),
    rules.PRICE: PRICE.format(ends=_names(rules.ENDS_PRICING)),
    rules.PLATFORM: PLATFORM,
    rules.INTERVIEW: INTERVIEW,
    rules.PAYOUT: PAYOUT,
    rules.PANEL: PANEL.format(major=_names(rules.MAJOR)),
    rules.REVIEW: REVIEW,
}


def count(log: Path, working_days: Path) -> Counts:
    """Read the log into a table, then ask it rule by rule."""
    violated, pending = {}, {}
    with duckdb.connect() as db:
        db.execute(MACROS)
        for statement in filter(str.strip, EVENTS.split(";")):
            name = "$log" if "$log" in statement else "$working_days"
            db.execute(statement, {name[1:]: str(log if name == "$log" else working_days)})
        for rule, query in QUERIES.items():
            row: tuple[int, ...] = db.execute(query).fetchone() or (0,)
            violated[rule] = row[0]
            if len(row) > 1:
                pending[rule] = row[1]
    return Counts(violated, pending)


if __name__ == "__main__":
    serve(count)
