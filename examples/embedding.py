"""A case-management system that asks before it acts: what is due, and what a step would break."""

from execcheck import Monitor, load_law

law, case = load_law(), "（2022）豫0225执123号"
monitor = Monitor(law)
monitor.observe(law.event({"case": case, "type": "case.filed", "time": "2022-01-04T09:00:00+08:00"}))
for duty in monitor.due():
    print(duty.due, duty.title.en)
ruling = law.event({"case": case, "type": "termination.ruled", "time": "2022-06-01T09:00:00+08:00"})
for finding in monitor.preview(ruling).found:
    print(finding.verdict, finding.severity, finding.title.en)
