"""Readers of event logs: JSON Lines, a JSON array, CSV; plain or gzip; UTF-8, CSV also GB 18030."""

from execcheck.logs.identity import Identities, Repeated, cycle_defect, find_cycles
from execcheck.logs.logfile import LogFile, open_log
from execcheck.logs.outline import Outline
from execcheck.logs.rejected import Rejected
from execcheck.logs.writing import raw_of

__all__ = [
    "Identities", "LogFile", "Outline", "Rejected", "Repeated", "cycle_defect", "find_cycles", "open_log", "raw_of",
]  # fmt: skip
