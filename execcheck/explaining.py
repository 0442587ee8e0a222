"""A due day in words, in Chinese and English: every step that led to it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the other module hands its values over
    from execcheck.calendars import Calendar
    from execcheck.periods import Deadline, Period

Day = int
_UNITS = {
    "d": ("日", "day"), "wd": ("个工作日", "working day"), "mo": ("个月", "month"),
    "y": ("年", "year"), "h": ("小时", "hour"),
}  # fmt: skip
_MOST_RUNS = 6  # longer lists of rest days help nobody


def period_text(count: int, unit: str, lang: str) -> str:
    """``30日``, ``10个工作日``, ``1 month``, ``24 hours``."""
    zh, en = _UNITS[unit]
    return f"{count}{zh}" if lang == "zh" else f"{count} {en}{'' if count == 1 else 's'}"


def day_text(day: Day, lang: str) -> str:
    """``2021年11月1日`` or ``2021-11-01``."""
    as_date = date.fromordinal(day)
    return f"{as_date.year}年{as_date.month}月{as_date.day}日" if lang == "zh" else as_date.isoformat()


def explain(deadline: Deadline, calendar: Calendar, lang: str) -> str:
    """Start, period, days stopped and why, rest days skipped, result, as one sentence."""
    zh = lang == "zh"
    if deadline.fixed or deadline.period is None:
        steps = [_fixed(deadline, zh)]
    else:
        steps = [_counted(deadline, deadline.period, zh)]
        steps += _stopped(deadline, deadline.period, zh)
        steps += _rested(deadline, deadline.period, calendar, zh)
        steps += _unknown_notice(deadline, deadline.period, calendar, zh)
    if deadline.extended_to is not None:
        until = day_text(deadline.extended_to, lang)
        steps.append(f"经批准延长至{until}，不再顺延" if zh else f"extended to {until}, which does not move")
    return "；".join(steps) + "。" if zh else "; ".join(steps) + "."


def _fixed(deadline: Deadline, zh: bool) -> str:
    day = day_text(deadline.start, "zh" if zh else "en")
    if zh:
        return f"届满日{day}由案件数据载明，不因休息日顺延"
    return f"the due day {day} is given in the data and does not move"


def _counted(deadline: Deadline, period: Period, zh: bool) -> str:
    lang = "zh" if zh else "en"
    start, length = day_text(deadline.start, lang), period.text(lang)
    end = day_text(deadline.nominal or deadline.start, lang)
    if not period.count:
        return f"应于{start}当日完成" if zh else f"due on {start}, the same day"
    if period.unit == "h":
        if zh:
            return f"自{start}起{length}，载有时刻的按时刻计，只载日期的按日计至{end}24时"
        return f"{length} from {start}: by the hour where the log tells it, else by days until the end of {end}"
    if zh:
        return f"自{start}起{length}（当日不计入），至{end}届满"
    return f"{length} from {start} (that day not counted) {'ends' if period.count == 1 else 'end'} on {end}"


def _stopped(deadline: Deadline, period: Period, zh: bool) -> list[str]:
    """What stopped the clock, and where that left the last day."""
    if not deadline.stops:
        return []
    spans = []
    still = None
    for stop in deadline.stops:
        name = deadline.stop_names.get(stop.kind, (stop.kind, stop.kind))[0 if zh else 1]
        begin = max(stop.start, deadline.start + 1)
        if stop.end is None:
            still = still or (name, day_text(begin, "zh" if zh else "en"))
        else:
            spans.append(_because(_span(begin, stop.end - 1, zh), name, zh))
    steps = []
    if spans:
        overlap = any(later.start < (earlier.end or 0) for earlier, later in pairwise(deadline.stops))
        steps.append(_not_counted(deadline, period, spans, overlap, zh))
    if still:
        name, since = still
        steps.append(
            f"{name}自{since}起尚未结束，期限停止计算，届满日未定" if zh
            else f"the clock has stood still since {since} ({name}), so the due day is not known"
        )  # fmt: skip
    return steps


def _not_counted(deadline: Deadline, period: Period, spans: list[str], overlap: bool, zh: bool) -> str:
    lang = "zh" if zh else "en"
    days = period_text(deadline.stopped_days, "d", lang)
    last = day_text(deadline.last, lang) if deadline.last is not None else ""
    if zh:
        what = f"其间{'、'.join(spans)}" + ("内的工作日" if period.unit == "wd" else f"，共{days}")
        once = "，重叠部分只扣除一次" if overlap else ""
        return f"{what}不计入{once}" + (f"，届满日延至{last}" if last else "")
    which = "working days within" if period.unit == "wd" else f"{days} of"
    what = f"{which} {', '.join(spans)} are not counted{' (overlaps once)' if overlap else ''}"
    return what + (f", so the last day is {last}" if last else "")


def _rested(deadline: Deadline, period: Period, calendar: Calendar, zh: bool) -> list[str]:
    """The rest days skipped: at the end of a period, or inside one in working days."""
    if deadline.last is None:
        return []
    if period.unit == "wd" and period.count:
        skipped = [day for day in range(deadline.start + 1, deadline.last)
                   if calendar.is_rest(day) and not _is_stopped(deadline, day)]  # fmt: skip
        if not skipped:
            return []
        runs = _runs(skipped, calendar, zh)
        return [f"已跳过休息日{runs}" if zh else f"rest days passed over: {runs}"]
    if not deadline.rolled_over:
        return []
    runs = _runs(deadline.rolled_over, calendar, zh)
    due = day_text(deadline.rolled_over[-1] + 1, "zh" if zh else "en")
    if zh:
        return [f"{runs}为休息日，顺延至{due}"]
    are = "is a rest day" if len(deadline.rolled_over) == 1 else "are rest days"
    return [f"{runs} {are}, so the due day is {due}"]


def _is_stopped(deadline: Deadline, day: Day) -> bool:
    return any(stop.start <= day and (stop.end is None or day < stop.end) for stop in deadline.stops)


def _runs(days: Iterable[Day], calendar: Calendar, zh: bool) -> str:
    """Rest days in spans without a gap, each with the reasons: ``2021年10月1日至10月7日（国庆节）``."""
    runs: list[list[Day]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    texts = []
    for run in runs[:_MOST_RUNS]:
        names = list(dict.fromkeys(calendar.name(day, "zh" if zh else "en") for day in run))
        texts.append(_because(_span(run[0], run[-1], zh), "、".join(names) if zh else ", ".join(names), zh))
    if len(runs) > _MOST_RUNS:
        total = sum(map(len, runs))
        texts.append(f"等共{total}日" if zh else f"and others, {total} days in all")
    return "、".join(texts) if zh else ", ".join(texts)


def _because(what: str, why: str, zh: bool) -> str:
    return f"{what}（{why}）" if zh else f"{what} ({why})"


def _span(first: Day, last: Day, zh: bool) -> str:
    lang = "zh" if zh else "en"
    if first == last:
        return day_text(first, lang)
    return f"{day_text(first, lang)}{'至' if zh else ' to '}{day_text(last, lang)}"


def _unknown_notice(deadline: Deadline, period: Period, calendar: Calendar, zh: bool) -> list[str]:
    if not deadline.provisional or deadline.due is None or deadline.last is None:
        return []
    first = deadline.start + 1 if period.unit == "wd" else deadline.last
    years = range(date.fromordinal(first).year, date.fromordinal(deadline.due).year + 1)
    unknown = [str(year) for year in years if year not in calendar.years]
    if zh:
        return [f"{'、'.join(unknown)}年的放假安排尚无通知可据，仅按周末和法定节假日推算，该日期为暂定"]
    return [f"no notice on the holidays of {', '.join(unknown)} is known: weekends and statutory days only, "
            "so this date is provisional"]  # fmt: skip
