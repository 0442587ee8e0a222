"""The encoding of text files: UTF-8, or GB 18030 as Chinese Windows programs write it."""

from codecs import getincrementaldecoder
from collections.abc import Iterator

from execcheck.defects import Defect
from execcheck.logs.source import LONGEST_LINE, Source, Unreadable


def encoding_of(source: Source) -> str:
    """``utf-8-sig`` or ``gb18030``; raises Unreadable if the file is neither."""
    troubles = []
    for encoding in ("utf-8-sig", "gb18030"):
        line = _first_undecodable(source, encoding)
        if line is None:
            return encoding
        troubles.append(line)
    raise Unreadable(
        Defect(
            f"{source.name}:{troubles[0]}",
            "encoding",
            "既不是 UTF-8 也不是 GB 18030 编码；请另存为 UTF-8",
            "neither UTF-8 nor GB 18030; save the file as UTF-8",
        )
    )


def _first_undecodable(source: Source, encoding: str) -> int | None:
    """The line at which the encoding fails, ``None`` if it does not."""
    decoder = getincrementaldecoder(encoding)()
    number = 1
    for number, block in source.blocks():
        try:
            decoder.decode(block)
        except UnicodeDecodeError as error:
            return number + block.count(b"\n", 0, error.start)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return number
    return None


def text_lines(source: Source, encoding: str) -> Iterator[str]:
    """Lines with their line ends; raises Unreadable."""
    decoder = getincrementaldecoder(encoding)()
    for number, block in source.blocks():
        # Behind \\n only: str.splitlines would also split at other characters within a cell.
        parts = decoder.decode(block).split("\n")
        last = parts.pop()
        for offset, part in enumerate(parts):
            _check_length(part, f"{source.name}:{number + offset}")
            yield part + "\n"
        if last:
            _check_length(last, f"{source.name}:{number + len(parts)}")
            yield last


def _check_length(line: str, place: str) -> None:
    if len(line) > LONGEST_LINE:
        size = LONGEST_LINE >> 20
        raise Unreadable(
            Defect(
                place,
                "line-too-long",
                f"此行超过 {size} MB，不是事件",
                f"this line is longer than {size} MB and no event",
            )
        )
