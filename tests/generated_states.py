"""The module ``execcheck/states.py``, which is made from ``statemachines/*.yaml``, and the command that refreshes it.

``python tests/generated_states.py`` rewrites it; the tests hold it against the law book.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from execcheck import load_law  # noqa: E402
from execcheck.lifecycle_machine import Lifecycle, enum_name, member_name  # noqa: E402

HEAD = '''\
"""The states of the shipped lifecycles as enums, for hosts that want their type checker to know the names.

Generated from ``statemachines/*.yaml`` by ``python tests/generated_states.py``. The engine does not use it: what the
law says stays data. A law book of one's own gets the same from ``Lifecycle.states_enum``, without static types.
"""

from enum import StrEnum
'''


def enum_of(lifecycle: Lifecycle) -> str:
    """The source of the enum of one lifecycle."""
    lines = [
        f"class {enum_name(lifecycle.name)}(StrEnum):",
        f'    """{lifecycle.title.zh} · {lifecycle.title.en} (``{lifecycle.name}``)."""',
        "",
        *(f'    {member_name(name)} = "{name}"  # {label.zh} · {label.en}' for name, label in lifecycle.states.items()),
    ]
    return "\n".join(lines) + "\n"


def fresh() -> str:
    """The module as it should be."""
    return "\n\n".join([HEAD, *(enum_of(lifecycle) for lifecycle in load_law().lifecycles.values())])


if __name__ == "__main__":
    (ROOT / "execcheck" / "states.py").write_text(fresh(), "utf-8")
