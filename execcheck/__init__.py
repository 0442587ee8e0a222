"""execcheck: checks from the event log whether a court's enforcement case followed the law.

Load a law book with :func:`load_law`; check whole logs with :func:`check` and :class:`Logs`, or keep a
:class:`Monitor` open beside each case.
"""

from execcheck.calendars import Calendar
from execcheck.changes import Changes
from execcheck.checking import check
from execcheck.defects import Defect, DefectiveInput
from execcheck.events import Actor, Approval, Event
from execcheck.judgement import Judgement, Report, Responsible, Summary, Verdict
from execcheck.judging import Outcome
from execcheck.lawbook import Law, load_law
from execcheck.lifecycle_model import LifecycleModel
from execcheck.lifecycle_transitions import LifecycleMachine, OutOfOrder
from execcheck.logs.several import Logs
from execcheck.monitor import Monitor
from execcheck.needs import Capture
from execcheck.policy import Rule, Severity, Text
from execcheck.snapshots import SnapshotRefused
from execcheck.steps import Step

__version__ = "0.1.0"

__all__ = [
    "Actor",
    "Approval",
    "Calendar",
    "Capture",
    "Changes",
    "Defect",
    "DefectiveInput",
    "Event",
    "Judgement",
    "Law",
    "LifecycleMachine",
    "LifecycleModel",
    "Logs",
    "Monitor",
    "OutOfOrder",
    "Outcome",
    "Report",
    "Responsible",
    "Rule",
    "Severity",
    "SnapshotRefused",
    "Step",
    "Summary",
    "Text",
    "Verdict",
    "__version__",
    "check",
    "load_law",
]
