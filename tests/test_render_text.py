"""The report in words: what a clerk reads, in lines that fit, without an accusation."""

import re
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from execcheck.checking import check
from execcheck.defects import Defect
from execcheck.events import Event
from execcheck.judgement import Report
from execcheck.lawbook import load_law
from execcheck.logs import open_log
from execcheck.moments import Clock
from execcheck.policy import Severity, Text
from execcheck.render import View, renderer
from execcheck.render.advice import BY_KIND, advice
from execcheck.render.layout import CLOSING, NARROWEST, OPENING, Page, wrap

ROOT = Path(__file__).parents[1]
LAW = load_law(["henan-2021"])


def example(name: str = "breached-case", as_of: str | None = None) -> Report:
    log: list[Event] = list(open_log(str(ROOT / "examples" / f"{name}.jsonl"), LAW.vocabulary).events())
    return check(log, LAW, as_of=None if as_of is None else Clock().read(as_of)[0])


REPORT = example()


def text(report: Report = REPORT, view: View | None = None) -> str:
    return renderer("text").render(report, view or View(LAW))


def test_findings_stand_under_their_case_the_gravest_first() -> None:
    lines = text().splitlines()
    cases = [line for line in lines if re.fullmatch(r"（\d{4}）豫0225执恢?\d+号", line)]
    assert cases == ["（2022）豫0225执123号", "（2023）豫0225执恢45号"]
    marks = [line[:2] for line in lines[: lines.index(cases[1])] if line[:4] in ("不符  ", "待核  ", "提示  ")]
    assert marks == sorted(marks, key=["不符", "待核", "提示"].index)


def test_a_finding_tells_title_article_facts_due_day_evidence_person_and_next_step() -> None:
    block = text().partition("不符  三十日内确定财产处置参考价")[2].partition("\n\n")[0]
    for part in ("不符合《实施意见》第12条", "对应整治重点：消极执行", "财产 A1", "逾期 19 日", "期限：自2022年3月1日起30日",
                 "e031", "breached-case.jsonl:31", "案件承办人 h11", "下一步："):  # fmt: skip
        assert part in block


def test_the_title_is_not_repeated_in_the_finding() -> None:
    assert text().count("三十日内确定财产处置参考价") == 1


def test_a_report_never_accuses() -> None:
    for language in ("zh", "en"):
        for word in ("违法", "渎职", "违纪", "illegal", "guilty", "misconduct of"):
            assert word not in text(view=View(LAW, language))
    for kind in BY_KIND.values():
        assert "违法" not in kind.zh


def test_findings_of_one_rule_stand_together_with_one_next_step() -> None:
    first = REPORT.violations[0]
    twice = evolve(REPORT, violations=(first, evolve(first, fingerprint="other")))
    told = text(twice)
    assert "（2 处）" in told
    assert told.count("下一步：") == 1
    assert told.count("• ") == 2


def test_what_the_log_does_not_say_is_listed_with_the_missing_field() -> None:
    assert "存疑" in text()
    assert "缺少 终本前约谈；e162" in text()


def test_pending_duties_are_listed_the_soonest_first() -> None:
    told = text(example(as_of="2022-03-10"))
    days = re.findall(r"^  (\d{4}-\d{2}-\d{2})(?:（暂定）)?  ", told, re.MULTILINE)
    assert len(days) > 2
    case = told.partition("待办")[2].partition("\n\n")[0]
    listed = re.findall(r"^  (\d{4}-\d{2}-\d{2})", case, re.MULTILINE)
    assert listed == sorted(listed)
    assert "还有" in case


def test_rules_that_the_source_cannot_feed_are_listed_by_reason() -> None:
    lacking = evolve(REPORT, summary=evolve(REPORT.summary, not_assessable={
        "henan-2021/panel-for-control": ("panel", "panel.quota_judge"), "henan-2021/recorded-promptly": ("recorded",)}))  # fmt: skip
    told = text(lacking)
    assert "缺 合议庭：查封扣押冻结及其解除由员额法官合议庭决定" in told
    assert "缺 录入日：事件及时录入系统" in told


def test_the_last_lines_are_numbers_and_what_was_inferred() -> None:
    closing = text().rstrip().splitlines()[-2:]
    assert closing[0].startswith("截至 2023-05-08 10:00，3 案 198 个事件：不符 13、待核 4；")
    assert "由日志推断" in closing[1]
    left_out = evolve(
        REPORT, summary=evolve(REPORT.summary, rejected=2, ignored_after_as_of=3, waived=1, profile_inferred=False)
    )
    told = text(left_out, View(LAW, source=Text("某院", "a court")))
    for part in ("有 2 行因错误被剔除", "3 个事件未计入", "豁免 1 项", "来源：某院", "见来源配置"):
        assert part in told


def test_a_clean_report_claims_no_more_than_it_knows() -> None:
    told = text(evolve(REPORT, violations=(), inconclusive=(), pending=()))
    assert "未发现与规则不符之处" in told
    assert "均不表示符合" in told


def test_notes_on_the_log_are_cut_and_counted() -> None:
    notes = tuple(Defect(f"log:{n}", "unknown", "未知的键", "unknown key", note=True) for n in range(15))
    told = text(view=View(LAW, notes=notes))
    assert "log:9: 未知的键" in told and "log:10" not in told
    assert "另有 5 条" in told


def test_english_reports_hold_no_chinese_but_the_names_of_cases() -> None:
    told = re.sub(r"（\d{4}）豫0225执恢?\d+号", "", text(view=View(LAW, "en")))
    assert not re.search(r"[一-鿿]", told)
    assert "rectification target: passive enforcement" in told


def test_a_finding_made_only_as_if_in_force_says_so() -> None:
    log = list(open_log(str(ROOT / "examples" / "published" / "c25-shijingshan.jsonl"), LAW.vocabulary).events())
    assert "仅供研究" in text(check(log, LAW, as_if_in_force=True))


def test_colour_is_only_for_terminals() -> None:
    assert "\x1b[" not in text()
    assert "\x1b[" in text(view=View(LAW, colour=True, width=100))


@pytest.mark.parametrize("width", [60, 80, 100, 132])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_line_fits_the_terminal(width: int, language: str) -> None:
    view = View(LAW, "zh" if language == "zh" else "en", width=width)
    for line in text(example(as_of="2022-08-01"), view).splitlines():
        assert cell_len(line) <= width + 4  # a closing mark may hang


@given(st.text(alphabet="执行案件（）《》，。 abc12", max_size=120), st.integers(NARROWEST, 60))
def test_wrapping_loses_nothing_but_spaces_at_line_ends(words: str, width: int) -> None:
    lines = wrap(words, width)
    assert "".join(lines).replace(" ", "") == words.replace(" ", "")


@given(st.text(alphabet="执行案件（，。 ab1", max_size=120), st.integers(NARROWEST, 60))
def test_no_line_begins_with_a_closing_mark_or_is_too_long(words: str, width: int) -> None:
    clean = re.sub(r"[（，。 ]{2,}", "，", words)
    for number, line in enumerate(wrap(clean, width)):
        assert number == 0 or not line or line[0] not in CLOSING
        assert cell_len(line) <= width


def test_an_opening_mark_does_not_end_a_line() -> None:
    for line in wrap("依据《实施意见》（试行）的规定，" * 9, 31)[:-1]:
        assert line[-1] not in OPENING


def test_a_table_keeps_its_columns_beside_chinese() -> None:
    page = Page(40, colour=False)
    page.table(
        [[("期限", ""), ("三十日，自查控之日起算，遇休息日顺延至下一工作日", "")], [("责任人", ""), ("u12", "")]]
    )
    lines = page.text().splitlines()
    assert lines[0].startswith("期限    三十日")
    assert lines[1].startswith("        ")
    assert lines[-1] == "责任人  u12"


def test_every_kind_of_rule_has_a_next_step() -> None:
    kinds = {rule.kind for rule in LAW.all_rules.values()} - {"response"}
    assert kinds <= set(BY_KIND)
    for found in REPORT.violations:
        assert advice(found, LAW.all_rules.get(found.rule)).zh.endswith("。")


def test_every_severity_has_its_mark() -> None:
    first = REPORT.violations[0]
    for severity, mark in ((Severity.ERROR, "不符"), (Severity.WARNING, "待核"), (Severity.NOTE, "提示")):
        told = text(evolve(REPORT, violations=(evolve(first, severity=severity),)))
        assert f"\n{mark}  " in told
