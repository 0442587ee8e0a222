"""The library's own log: records of the standard library's logger ``execcheck``, with their facts as extra fields.

Nothing is configured here: without a host's own configuration nothing is printed.
"""

from __future__ import annotations

import logging
from functools import cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from structlog.stdlib import BoundLogger

_LOGGER: Final = logging.getLogger("execcheck")
_LOGGER.addHandler(logging.NullHandler())


def listening() -> bool:
    """Whether anybody listens."""
    return _LOGGER.isEnabledFor(logging.DEBUG)


def note(message: str, **facts: Any) -> None:
    """Write a debug record, where anybody listens."""
    if listening():
        _log().debug(message, **facts)


@cache
def _log() -> BoundLogger:
    import structlog  # noqa: PLC0415 - only where it is listened to: whoever checks a file does not wait for it

    processors = [structlog.stdlib.filter_by_level, structlog.stdlib.render_to_log_kwargs]
    found: BoundLogger = structlog.wrap_logger(_LOGGER, processors, wrapper_class=structlog.stdlib.BoundLogger)
    return found
