"""What the judges of all kinds share: candidates on the same object, with three-valued conditions."""

from __future__ import annotations

from collections.abc import Iterator

from execcheck.answers import Missing
from execcheck.conditions import Conditions
from execcheck.docket import Docket
from execcheck.events import Event
from execcheck.families import View
from execcheck.policy import Rule, Trigger
from execcheck.terms import Pairs
from execcheck.vocabulary import Vocabulary


class Judge:
    """The compiled form of one rule; :meth:`judge` is called for each of its triggers."""

    def __init__(self, rule: Rule, vocabulary: Vocabulary) -> None:
        self.rule = rule
        self.per = rule.per
        self.conditions = Conditions(vocabulary, rule.per)

    def judge(self, event: Event, view: View, docket: Docket, trigger: Trigger) -> None:
        """Enter what the rule says about one trigger."""
        raise AssertionError(f"{type(self).__name__} does not judge")

    def object_of(self, event: Event, docket: Docket) -> tuple[str | None, bool]:
        """The object that correlates the rule's events; inconclusive where the trigger lacks it."""
        if self.per is None:
            return None, True
        object_id = event.objects.get(self.per)
        if object_id is None:
            docket.inconclusive(self.rule, event, (f"objects.{self.per}",))
            return None, False
        return object_id, True


def candidates(view: View, pairs: Pairs, per: str | None, object_id: str | None) -> Iterator[tuple[Event, Missing]]:
    """Events that match, or may match for all the log says: (event, names of the missing fields).

    An event that carries no object of the kind ``per`` may be about any object.
    """
    for kind, check in pairs:
        for event in view.by_type.get(kind, ()):
            missing: Missing = ()
            if per is not None:
                own = event.objects.get(per)
                if own is None:
                    missing = (f"objects.{per}",)
                elif own != object_id:
                    continue
            if check is not None:
                answer = check(event, view)
                if answer is False:
                    continue
                if answer is not True:
                    missing += answer
            yield event, missing
