"""Which law book, which packs and which rule a path means; and where a rule is written."""

from __future__ import annotations

from pathlib import Path

from attrs import frozen

from execcheck.defects import Defect, DefectiveInput
from execcheck.lawbook import Law, load_law
from execcheck.policy import Rule


@frozen
class Place:
    """A law book (None: the shipped one), its packs (None: all) and a single rule (None: all)."""

    folder: Path | None = None
    packs: tuple[str, ...] | None = None
    rule: str | None = None

    def load(self) -> tuple[Law, tuple[Rule, ...]]:
        """The law book and the rules meant; raises :class:`DefectiveInput` with everything that is wrong."""
        law = load_law(self.packs, self.folder)
        if self.rule is None:
            return law, tuple(law.rules.values())
        return law, tuple(rule for rule in law.rules.values() if rule.name == self.rule)


def written_in(place: str) -> Path | None:
    """The file of a place ``file:line:column`` of a loaded law book; None where it is not to be found any more."""
    name = place.rsplit(":", 2)[0]
    return next((path for path in (Path(name), Path(__file__).parents[1] / name) if path.is_file()), None)


def locate(path: Path | None) -> Place:
    """What a folder or file holds: a law book, its ``policies``, one pack, or one rule.

    Packs outside a law book are read with the shipped vocabulary. Raises :class:`DefectiveInput` where
    there is nothing of that kind.
    """
    if path is None:
        return Place()
    if not path.exists():
        raise DefectiveInput([Defect(str(path), "folder", "没有这个文件或文件夹", "there is no such file or folder")])
    if path.is_file() and path.suffix == ".yaml" and (path.parent / "pack.yaml").is_file():
        pack = path.parent
        return Place(_law_around(pack.parent), (_as_folder(pack),), None if path.name == "pack.yaml" else path.stem)
    if (path / "pack.yaml").is_file():
        return Place(_law_around(path.parent), (_as_folder(path),))
    if (path / "policies").is_dir() and (path / "statemachines").is_dir():
        return Place(path)
    packs = tuple(_as_folder(file.parent) for file in sorted(path.glob("*/pack.yaml")))
    if packs:
        return Place(_law_around(path), packs)
    raise DefectiveInput([Defect(
        str(path), "folder",
        "不是法律库（含 statemachines/ 与 policies/），不是规则包（含 pack.yaml），也不是包内的规则文件",
        "neither a law book (statemachines/ and policies/) nor a pack (pack.yaml) nor a rule file in one",
    )])  # fmt: skip


def _as_folder(path: Path) -> str:
    """The path in a form that is never taken for the name of a shipped pack."""
    return f"./{path}" if path.parent == Path() else str(path)


def _law_around(policies: Path) -> Path | None:
    """The law book that a folder ``policies`` belongs to."""
    root = policies.resolve().parent
    return (
        root
        if (root / "statemachines" / "vocabulary.yaml").is_file() and policies.resolve().name == "policies"
        else None
    )
