"""``execcheck check`` and ``execcheck due``: logs against rules."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from execcheck.calendars import Calendar, read_closures
from execcheck.checking import check as check_log
from execcheck.cli import options
from execcheck.cli.failing import complain, list_defects
from execcheck.cli.language import say
from execcheck.cli.laws import choose_law
from execcheck.cli.progress import progress
from execcheck.cli.rejects import Rejects
from execcheck.cli.showing import hand_over, view_of
from execcheck.cli.types import Length, Word
from execcheck.cli.words import command, option
from execcheck.config import Config
from execcheck.defects import Defect, DefectiveInput
from execcheck.events import Moment
from execcheck.judgement import Report
from execcheck.lawbook import Law
from execcheck.logs.several import DefectiveLogs, Logs
from execcheck.moments import Clock
from execcheck.periods import Period
from execcheck.policy import Severity
from execcheck.profiles import Profile, read_profile
from execcheck.render import FORMATS, View, pieces, renderer
from execcheck.textfiles import why


@frozen(kw_only=True)
class Task:
    """What ``check`` and ``due`` were asked to do."""

    logs: tuple[str, ...]
    config: Config
    lang: str
    policy: tuple[str, ...]
    law: Path | None
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    settings: tuple[tuple[str, str], ...]
    as_of: Moment | None
    profile: Path | None
    as_if_in_force: bool
    on_error: str
    jobs: int
    format_: str
    output: Path | None


@command(
    "check",
    "检查日志：哪些行为与规则不符，哪些存疑，哪些尚未到期。",
    "Check logs: what departs from the rules, what is open, what is due.",
)
@options.chosen_log
@options.chosen_law
@options.form(*FORMATS)
@options.output
@option("--fail-on", type=Word("error", "warning", "note", "never"), default="error",
        zh="达到此程度即以状态 1 结束。", en="The severity from which on the exit status is 1.")  # fmt: skip
def check(fail_on: str, **given: Any) -> int:
    """Check logs; 0 nothing at or above ``--fail-on``, 1 violations, 2 wrong input."""
    task = Task(**given)
    report, view = _run(task)
    hand_over(pieces(task.format_, report, view), task.output)
    worst = report.worst()
    return 1 if fail_on != "never" and worst is not None and worst.rank >= Severity(fail_on).rank else 0


@command("due", "待办事项：尚未到期的义务，最先到期的在前。", "What is pending, the soonest first.")
@options.chosen_log
@options.chosen_law
@option(
    "--within",
    type=Length(),
    zh="只列此期间内到期的，如 7d、10wd、1mo。",
    en="Only what falls due in this time, such as 7d, 10wd, 1mo.",
)
@options.form(*FORMATS)
@options.output
def due(within: Period | None, **given: Any) -> int:
    """List pending duties; 0, or 2 for wrong input."""
    task = Task(**given)
    report, view = _run(task)
    hand_over(renderer(task.format_).render_due(report, view, within), task.output)
    return 0


def _run(task: Task) -> tuple[Report, View]:
    """Read everything that was asked for and check it; raises :class:`DefectiveInput`."""
    _check_output(task)
    settings = {**task.config.settings, **dict(task.settings)}
    law = choose_law(task.policy, task.law, settings=settings, select=task.select, ignore=task.ignore)
    profile = None if task.profile is None else read_profile(task.profile, law.vocabulary)
    calendar = None if task.config.closures is None else Calendar.load(read_closures(task.config.closures))
    clock = Clock(naive=None if profile is None else profile.zone)
    rejects = Rejects() if task.on_error == "skip" else None
    logs = Logs(
        task.logs, law.vocabulary, law.definitions.cases, clock=clock, skip=rejects is not None,
        on_reject=None if rejects is None else rejects.add,
    )  # fmt: skip
    try:
        with progress() as tick:
            report = check_log(
                logs, law, as_of=task.as_of, capture=None if profile is None else profile.capture, calendar=calendar,
                as_if_in_force=task.as_if_in_force, clock=clock, progress=tick, jobs=task.jobs,
            )  # fmt: skip
        report = evolve(report, summary=evolve(report.summary, rejected=logs.rejected))
        view = evolve(_view(task, law, profile, logs.notes), calendar=calendar)
        if rejects is not None and logs.defects:
            list_defects(logs.defects, logs.defect_count)
            for path in rejects.write(logs, task.output):
                complain(say(f"被剔除的行已写入 {path}", f"the lines left out are in {path}"))
    except DefectiveLogs as wrong:
        list_defects(wrong.defects, wrong.total)
        raise DefectiveInput(()) from None
    finally:
        logs.close()
    return report, view


def _view(task: Task, law: Law, profile: Profile | None, notes: Sequence[Defect]) -> View:
    source = None if profile is None else profile.source
    return evolve(view_of(law, to_file=task.output is not None), source=source, notes=tuple(notes))


def _same_file(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except (OSError, ValueError):  # one of them does not exist
        return False


def _check_output(task: Task) -> None:
    """Refuse a report that could not be written, or would overwrite a log, before the work is done."""
    output = task.output
    if any("\0" in name for name in task.logs):
        raise DefectiveInput([Defect("LOG", "usage", "文件名含有空字符", "a file name holds a NUL character")])
    if output is None:
        return
    if any(name != "-" and _same_file(Path(name), output) for name in task.logs):
        raise DefectiveInput(
            [
                Defect(
                    str(output),
                    "output",
                    "报告会覆盖日志；请换一个文件名",
                    "the report would overwrite the log; choose another name",
                )
            ]
        )
    if output.is_dir() or not output.parent.is_dir():
        zh, en = why(IsADirectoryError() if output.is_dir() else FileNotFoundError())
        raise DefectiveInput([Defect(str(output), "output", zh, en)])
