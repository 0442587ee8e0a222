"""Which format a log has: by its name, else by its first bytes."""

from pathlib import PurePath
from typing import Final

from execcheck.defects import Defect
from execcheck.logs.source import Source, Unreadable

_SUFFIXES: Final = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".tsv": "csv"}
_FOREIGN: Final = (
    (b"PK\x03\x04", "Excel 工作簿或 zip 压缩包", "an Excel workbook or a zip archive"),
    (b"\xd0\xcf\x11\xe0", "旧版 Excel 工作簿", "an old Excel workbook"),
    (b"%PDF", "PDF 文件", "a PDF file"),
    (b"SQLite format 3", "SQLite 数据库", "an SQLite database"),
    (b"PAR1", "Parquet 文件", "a Parquet file"),
    (b"\xfd7zXZ", "xz 压缩文件", "an xz archive"),
    (b"BZh", "bzip2 压缩文件", "a bzip2 archive"),
    (b"\x28\xb5\x2f\xfd", "zstd 压缩文件", "a zstd archive"),
)
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff")


def format_of(source: Source) -> str:
    """``jsonl``, ``array`` or ``csv``; raises Unreadable for anything else."""
    head = source.head()
    for magic, zh, en in _FOREIGN:
        if head.startswith(magic):
            raise _unknown(
                source, f"这是{zh}；请导出为 JSON Lines 或 CSV", f"this is {en}; export it as JSON Lines or CSV"
            )
    if head.startswith(_WIDE):
        raise Unreadable(
            Defect(
                f"{source.name}:1",
                "encoding",
                "文件为 UTF-16 编码；请另存为 UTF-8",
                "the file is UTF-16; save it as UTF-8",
            )
        )
    if b"\0" in head:
        raise _unknown(source, "这是二进制文件，不是日志", "this is a binary file, not a log")
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start:
        raise Unreadable(Defect(source.name, "empty-log", "日志是空的", "the log is empty"))
    suffixes = [suffix.lower() for suffix in PurePath(source.name).suffixes if suffix.lower() != ".gz"]
    named = _SUFFIXES.get(suffixes[-1]) if suffixes else None
    if named is not None:
        return named
    if start.startswith((b"{", b"[")):
        return "array" if start.startswith(b"[") else "jsonl"
    if start.startswith(b"<"):
        raise _unknown(source, "这是 XML 文件，此处不能读取", "this is an XML file, which is not read here")
    if b"case" in start.split(b"\n", 1)[0]:
        return "csv"
    if b"\n{" in start:
        return "jsonl"  # the first line is no event, but others may be
    raise _unknown(
        source,
        "看不出日志的格式；可用 JSON Lines、JSON 数组或带表头的 CSV",
        "the format cannot be told; use JSON Lines, a JSON array, or CSV with a heading",
    )


def _unknown(source: Source, zh: str, en: str) -> Unreadable:
    return Unreadable(Defect(source.name, "unknown-format", zh, en))
