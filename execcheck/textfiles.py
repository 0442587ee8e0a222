"""Reading small text files (profiles, settings, rules) so that every failure is a defect, never a traceback."""

from __future__ import annotations

from pathlib import Path

from execcheck.defects import Defect, DefectiveInput


def read_text(path: str | Path) -> str:
    """The text of a UTF-8 file; raises :class:`DefectiveInput` saying why it cannot be read."""
    name = str(path)
    try:
        content = Path(path).read_bytes()
    except (OSError, ValueError) as error:
        raise DefectiveInput([Defect(name, "unreadable", *why(error))]) from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise DefectiveInput([Defect(f"{name}:{line}", "encoding", "不是 UTF-8 编码；请另存为 UTF-8",
                                     "not UTF-8; save the file as UTF-8")]) from None  # fmt: skip


def why(error: OSError | ValueError) -> tuple[str, str]:
    """Why a file cannot be read or written, in Chinese and English."""
    if isinstance(error, FileNotFoundError):
        return "没有这个文件或文件夹", "there is no such file or folder"
    if isinstance(error, IsADirectoryError):
        return "这是文件夹，不是文件", "this is a folder, not a file"
    if isinstance(error, NotADirectoryError):
        return "路径中的一段不是文件夹", "a part of the path is not a folder"
    if isinstance(error, PermissionError):
        return "没有访问权限", "no permission to open it"
    if isinstance(error, OSError):
        return f"无法打开：{error.strerror or error}", f"cannot be opened: {error.strerror or error}"
    return "不是文件名", "this is no file name"
