"""A host whose cases are models of ``transitions``: the lifecycle orders the steps, the gate asks the monitor."""

from datetime import datetime, timedelta

from execcheck import Event, Judgement, LifecycleModel, Monitor, OutOfOrder, load_law
from execcheck.moments import COURT_ZONE
from execcheck.states import CaseState

LAW = load_law()
NUMBER = "（2022）豫0225执123号"


class Case(LifecycleModel[CaseState]):
    """A case of the host: its state is that of the law, its events go to the monitor."""

    machine = LAW.lifecycles["case"].machine(states=CaseState, model=None)
    # conditions decide, before and after act; each gets the event
    machine.when("termination.ruled", conditions="nothing_against")
    machine.when("case.closed", after="send_the_letter")

    def __init__(self, monitor: Monitor) -> None:
        super().__init__()
        self.monitor = monitor
        self.against: tuple[Judgement, ...] = ()

    def nothing_against(self, event: Event) -> bool:
        """The gate: what the step would bring, asked before it is taken."""
        self.against = self.monitor.preview(event).found
        return not self.against

    def send_the_letter(self, event: Event) -> None:
        """What the host does of its own when a case is closed."""
        print(f"  结案通知书已发出 · closing letter sent ({event.data['method']})")

    def record(self, event: Event) -> bool:
        """Take the step and tell the monitor; False where the gate was against it."""
        taken = self.take(event)
        if taken:
            self.monitor.observe(event)
        return taken


def main() -> None:
    """File and assign a case, try to archive it, try to terminate it, close it."""
    case = Case(Monitor(LAW))
    start = datetime(2022, 1, 4, 9, tzinfo=COURT_ZONE)
    steps = [
        ("case.filed", 0, {"case_type": "执"}), ("case.assigned", 1, {"handler": "h11"}), ("case.archived", 8, {}),
        ("termination.ruled", 30, {"remaining_claim": "60000"}), ("case.closed", 60, {"method": "performed"}),
    ]  # fmt: skip
    for kind, days, data in steps:
        time = (start + timedelta(days=days)).isoformat()
        event = LAW.event({"id": kind, "case": NUMBER, "type": kind, "time": time, "data": data})
        print(f"{event.time:%Y-%m-%d} {LAW.vocabulary.events[kind].zh} · {LAW.vocabulary.events[kind].en}")
        try:
            if not case.record(event):
                print(f"  未办，否则将有 {len(case.against)} 项问题 · held back, it would bring {len(case.against)}:")
                for finding in case.against[:3]:
                    print(f"    {finding.title.zh} · {finding.title.en}")
        except OutOfOrder as error:
            print(f"  {error.text.zh}\n  {error.text.en}")
    print(case.state, case.state is CaseState.CLOSED)


if __name__ == "__main__":
    main()
