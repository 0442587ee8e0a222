"""What to do about a finding: a next step for the reader, never a verdict on a person."""

from __future__ import annotations

from collections.abc import Mapping

from execcheck.judgement import Judgement
from execcheck.policy import Response, Rule, Text

NOT_DONE = Text("如已办理，请补录；如确未办理，请尽快办理并说明原因。",
                "If it was done, enter it; if not, do it soon and say why.")  # fmt: skip
LATE = Text("请核实逾期原因并在卷中说明。", "Find out why it was late and note it in the file.")
STOPPABLE = Text("如有中止、扣除或者延长，请补录相应事件后重新核对。",
                 "If the clock was stopped or the time extended, enter those events and check again.")  # fmt: skip
BY_KIND: Mapping[str, Text] = {
    "precedence": Text("如前一步骤已办理，请补录其时间；如确有遗漏，请说明原因并依规补正。",
                       "If the earlier step was taken, enter when; if it was left out, say why and put it right."),
    "absence": Text("请核实所载是否属实；录入有误的请更正，属实的请说明情况并依规纠正。",
                    "Verify the entry; correct it if wrong, otherwise explain and put it right."),
    "condition": Text("请核对所载内容；录入有误的请更正，内容缺失的请补充。",
                      "Check what is entered; correct it if wrong, complete it if something is left out."),
    "authority": Text("请核对经办、合议和审批记录；记录不全的请补录，程序有缺的请依规补正。",
                      "Check who acted, decided and approved; complete the record, or put the procedure right."),
    "separation": Text("请核对经办人员；人员记录有误的请更正，确需调整的请依规更换。",
                       "Check the persons; correct the record, or change the assignment where needed."),
    "interval": Text("请核对两次日期；无误的请说明提前办理的理由。",
                     "Check both dates; if they are right, give the reason for acting early."),
    "recurrence": Text("如其间已办理，请补录；否则请尽快办理并按期进行。",
                       "If it was done in between, enter it; otherwise do it soon and keep to the period."),
    "aggregate": Text("请核对数额和次数；无误的请说明理由，确有超出的请依规处理。",
                      "Check amounts and numbers; if they are right, give the reason or put it right."),
    "lifecycle": Text("请核对步骤的先后和日期；有漏录的步骤请补录。",
                      "Check the order and dates of the steps; enter those left out."),
}  # fmt: skip


def advice(found: Judgement, rule: Rule | None) -> Text:
    """The next step for a violation."""
    if found.kind != "response":
        return BY_KIND[found.kind]
    first = NOT_DONE if found.event is None else LATE
    if isinstance(rule, Response) and (rule.stops or rule.extended_by):
        return Text(first.zh + STOPPABLE.zh, f"{first.en} {STOPPABLE.en}")
    return first
