"""Where a new pack or rule is put."""

from __future__ import annotations

import re
from pathlib import Path

from execcheck.defects import Defect, DefectiveInput

NAME = re.compile(r"\w[\w-]*")


def pack_folder(pack: str, folder: Path | None = None) -> Path:
    """The folder of a pack, which need not be there yet.

    ``folder`` (default: the current one) is a law book or a folder that holds ``policies``, a folder of packs, or the
    pack itself. Raises :class:`DefectiveInput` where there is no such folder.
    """
    root = Path() if folder is None else folder
    if not root.is_dir():
        raise DefectiveInput([Defect(str(root), "folder", "没有这个文件夹", "there is no such folder")])
    if (root / "pack.yaml").is_file() and root.resolve().name == pack:
        return root
    return (root / "policies" if (root / "policies").is_dir() else root) / pack


def check_name(name: str) -> None:
    """Names become files and parts of ids; raises :class:`DefectiveInput`."""
    if not NAME.fullmatch(name) or name == "pack":
        raise DefectiveInput([Defect(name, "name", "名称只能用字母、汉字、数字、- 和 _，且不能是 pack",
                                     "a name takes letters, digits, - and _, and is not “pack”")])  # fmt: skip


def write_new(path: Path, text: str) -> None:
    """Write a file that is not there yet; raises :class:`DefectiveInput` where it is, OSError where it cannot be."""
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise DefectiveInput([exists(path)]) from None


def exists(path: Path) -> Defect:
    """That nothing is overwritten."""
    zh, en = "已经存在，不会覆盖；请换一个名称", "is there already and is not overwritten; take another name"
    return Defect(str(path), "exists", zh, en)
