"""The vocabulary of a law book: event types, the objects they concern, the data they carry."""

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any, Final, Literal, TypeAlias

from attrs import field, frozen

from execcheck.case_numbers import parse
from execcheck.events import Event
from execcheck.yaml_places import Document

Kind: TypeAlias = Literal["text", "boolean", "integer", "money", "date", "instant", "id", "ids", "enum", "many"]
SIMPLE_KINDS: Final = ("text", "boolean", "integer", "money", "date", "instant", "id", "ids")
CASE_NUMBER_FIELDS: Final = frozenset({"original_case", "related_cases", "new_case"})
"""Data fields that hold case numbers, unless the vocabulary's section ``cases`` names others."""


class Missing(Enum):
    """The type of :data:`MISSING`, so that ``is MISSING`` narrows types."""

    MISSING = "missing"

    def __repr__(self) -> str:
        return "MISSING"

    def __bool__(self) -> bool:
        return False


MISSING: Final = Missing.MISSING
"""No value, where ``None`` would be mistaken for one."""


@frozen
class Label:
    """A word of the vocabulary as people read it."""

    name: str
    zh: str
    en: str


@frozen
class Field:
    """One field of the data of an event type.

    ``values`` are the words allowed for ``enum`` and ``many``. ``default`` is what a missing field
    means (in the normalised form that events carry), or ``MISSING``; with ``from_case_number`` the
    event's case number comes before the default. ``is_case_number`` marks ids that are case numbers
    and are normalised like the event's own.
    """

    name: str
    kind: Kind
    values: tuple[str, ...] = ()
    default: Any = MISSING
    from_case_number: bool = False
    is_case_number: bool = False

    def default_in(self, case: str) -> Any:
        """What the missing field means in the case of that number."""
        if self.from_case_number:
            number = parse(case)
            if number is not None and number.type in self.values:
                return number.type
        return self.default


@frozen
class EventType:
    """One type of event: its labels, its own object, the others it may name, and its data."""

    name: str
    zh: str
    en: str
    object: str | None = None
    also: tuple[str, ...] = ()
    fields: Mapping[str, Field] = field(factory=dict)
    required: tuple[str, ...] = ()

    def carries(self, kind: str) -> bool:
        """Whether such an event is about an object of that kind, or may name one."""
        return kind == self.object or kind in self.also


@frozen
class Vocabulary:
    """All that a log may say.

    ``extra`` holds the sections that the loader was told to leave as they are, for those who read
    them; ``document`` gives the places of everything. Where ``roles`` or ``departments`` is empty,
    the law book does not list them and any word is admitted.
    """

    objects: Mapping[str, Label]
    roles: Mapping[str, Label]
    departments: Mapping[str, Label]
    events: Mapping[str, EventType]
    extra: Mapping[str, Any] = field(factory=dict)
    document: Document | None = field(default=None, repr=False, eq=False)

    def tie(self, kinds: Iterable[str], per: str | None) -> str | None:
        """The kind of object that ties such events to a judged one; none where no such event is about it."""
        return per if per is not None and any(self.events[kind].carries(per) for kind in kinds) else None

    def carriers(self, name: str) -> frozenset[str]:
        """The event types that have a data field of this name."""
        return frozenset(kind for kind, described in self.events.items() if name in described.fields)

    def value(self, event: Event, name: str) -> Any:
        """The event's data field, else what its absence means, else ``MISSING``."""
        if name in event.data:
            return event.data[name]
        described = self.events[event.type].fields.get(name)
        return MISSING if described is None else described.default_in(event.case)
