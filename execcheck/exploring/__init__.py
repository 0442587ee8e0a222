"""Model checking of law books: what rules and lifecycles say together, explored within bounds, without any log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from execcheck.calendars import Calendar
from execcheck.defects import Defect
from execcheck.exploring.conflicts import conflict_notes
from execcheck.exploring.limits import differing_limits
from execcheck.exploring.machines import lifecycle_notes
from execcheck.exploring.mending import Unmoved
from execcheck.exploring.reach import reach_notes
from execcheck.exploring.unused import unused_types
from execcheck.lawbook import Law
from execcheck.policy import Rule
from execcheck.testing.scenes import Stage

__all__ = ["explore"]


def explore(law: Law, rules: Iterable[Rule] | None = None, *, whole: bool = True) -> Iterator[Defect]:
    """Everything odd that a law book as a whole says, as notes: the same ones in the same order each time.

    ``rules`` are those to be told of (default: all). ``whole`` says that the vocabulary and the lifecycles belong to
    the law book, and not only some packs of it are loaded: what nothing uses is told only then.
    """
    chosen = tuple(law.rules.values() if rules is None else rules)
    places = {rule.place for rule in chosen}
    calendar = Calendar.load()
    if whole:
        yield from unused_types(law)
        yield from lifecycle_notes(law)
    yield from (note for note in differing_limits(law, calendar) if note.place in places)
    yield from reach_notes(law, chosen, Stage(law, calendar))
    yield from conflict_notes(law, chosen, Stage(law, Unmoved.like(calendar)))
