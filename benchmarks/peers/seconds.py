"""One number for the time of an event, for tools that know no events of which only the day is known.

Where a rule leaves a doubt to compliance, the number is chosen so that the tool's plain order of times says the same:
what must come first stands at the start of its day, what it must come before at the end; of one moment the first.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

FIRST: Final = frozenset({"interview.held", "auction.platform_selected", "coercion.review_decided"})
"""What the doubt puts first: what the rules need, and a review: measures count only if they certainly came before."""
LAST: Final = frozenset({"termination.ruled", "auction.announced", "coercion.imposed"})


def place(kind: str, written: str) -> tuple[float, bool]:
    """Seconds, and whether the event stands last among those of its moment; ``kind`` is one of the types above."""
    late = kind in LAST
    if len(written) == 10:
        written += "T23:59:59.999999+08:00" if late else "T00:00:00+08:00"
    return datetime.fromisoformat(written).timestamp(), late
