"""A record of a log that was not admitted."""

from attrs import frozen

from execcheck.defects import Defect


@frozen
class Rejected:
    """Where it stands, its text as it stands, and everything that is wrong with it."""

    place: str
    text: bytes
    defects: tuple[Defect, ...]
