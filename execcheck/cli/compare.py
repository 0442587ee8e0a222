"""``execcheck compare``: what a change of law changes for logs at hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from attrs import evolve, frozen

from execcheck.calendars import Calendar, read_closures
from execcheck.cli import options
from execcheck.cli.failing import list_defects
from execcheck.cli.laws import choose_law
from execcheck.cli.progress import progress
from execcheck.cli.showing import hand_over, view_of
from execcheck.cli.types import Setting
from execcheck.cli.words import command, option
from execcheck.defects import Defect, DefectiveInput, did_you_mean
from execcheck.events import Moment
from execcheck.folders import locate
from execcheck.impact import Impact, Side
from execcheck.impact import compare as compare_laws
from execcheck.lawbook import Law, load_law
from execcheck.logs.several import DefectiveLogs, Logs
from execcheck.moments import Clock
from execcheck.profiles import read_profile
from execcheck.render.impact import Named, render_json, render_text

SHIPPED = "shipped"


@frozen(kw_only=True)
class Task:
    """What ``compare`` was asked to do."""

    law_a: str
    law_b: str
    logs: tuple[str, ...]
    settings: tuple[tuple[str, str], ...]
    closures: Path | None
    as_of: Moment | None
    profile: Path | None
    as_if_in_force: bool
    jobs: int


@command(
    "compare",
    "比较两种规定：改动期限、规则或日历之后，同一日志的结论有哪些新增、消失、变动。\n"
    "LAW_A、LAW_B：shipped（随附的法律库）、法律库文件夹、规则包（文件夹或名称）。",
    "Compare two states of the law: which findings on a log appear, vanish or move.\n"
    "LAW_A, LAW_B: shipped, the folder of a law book, or a pack (folder or name).",
)
@click.argument("law_a", metavar="LAW_A")
@click.argument("law_b", metavar="LAW_B")
@click.argument("logs", nargs=-1, required=True, metavar="LOG...")
@option(
    "--set", "settings", multiple=True, type=Setting(), zh="LAW_B 的参数，例如 包/规则.within=20d；可重复。",
    en="A parameter of LAW_B, such as PACK/RULE.within=20d; repeatable.",
)  # fmt: skip
@option("--closures", type=options.FILE, zh="LAW_B 的当地放假文件。", en="A file with the local rest days of LAW_B.")
@options.as_of
@options.profile
@options.as_if_in_force
@options.jobs
@options.lang
@options.form("text", "json")
@options.output
def compare(lang: str, format_: str, output: Path | None, **given: Any) -> int:
    """Compare two states of the law; 0 no difference, 1 differences, 2 wrong input."""
    task = Task(**given)
    before, after = _sides(task)
    impact = _compare(task, before.side, after.side)
    view = evolve(view_of(after.side.law, to_file=output is not None), calendar=after.side.calendar)
    hand_over((render_json if format_ == "json" else render_text)(impact, before, after, view), output)
    return 1 if impact.differs else 0


def _sides(task: Task) -> tuple[Named, Named]:
    """Both laws with what belongs to them; raises :class:`DefectiveInput`."""
    before, after = _law(task.law_a), _law(task.law_b)
    if task.settings:
        after = after.with_parameters(dict(task.settings))
    calendar = None if task.closures is None else Calendar.load(read_closures(task.closures))
    return (
        Named(_side(before, None, task), task.law_a),
        Named(
            _side(after, calendar, task),
            task.law_b,
            task.settings,
            None if task.closures is None else str(task.closures),
        ),
    )


def _side(law: Law, calendar: Calendar | None, task: Task) -> Side:
    return Side(law, calendar, None if task.profile is None else read_profile(task.profile, law.vocabulary).capture)


def _law(name: str) -> Law:
    """The law that a word on the command line means; raises :class:`DefectiveInput`."""
    if name == SHIPPED:
        return choose_law()
    if name in load_law().packs and not (Path(name) / "pack.yaml").is_file():
        return load_law([name])
    if not Path(name).exists():
        zh, en = did_you_mean(name, (SHIPPED, *load_law().packs))
        raise DefectiveInput([Defect(name, "law", f"既不是 {SHIPPED}、规则包，也不是文件夹{zh}",
                                     f"neither {SHIPPED} nor a pack nor a folder{en}")])  # fmt: skip
    place = locate(Path(name))
    law, rules = place.load()
    return law if place.rule is None else evolve(law, rules={rule.id: rule for rule in rules})


def _compare(task: Task, before: Side, after: Side) -> Impact:
    zone = None if task.profile is None else read_profile(task.profile, before.law.vocabulary).zone
    clock = Clock(naive=zone)
    logs = Logs(task.logs, before.law.vocabulary, before.law.definitions.cases, clock=clock)
    try:
        with progress() as tick:
            return compare_laws(
                before, after, logs, as_of=task.as_of, as_if_in_force=task.as_if_in_force, clock=clock, progress=tick,
                jobs=task.jobs,
            )  # fmt: skip
    except DefectiveLogs as wrong:
        list_defects(wrong.defects, wrong.total)
        raise DefectiveInput(()) from None
    finally:
        logs.close()
