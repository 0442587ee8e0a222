"""Where a log's bytes come from: a file, gzip or not, or standard input; readable more than once."""

import gzip
import shutil
import sys
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Final, Protocol, cast

from execcheck.defects import Defect, Unfit
from execcheck.logs.glance import Place

LONGEST_LINE: Final = 16 << 20
"""Bytes. A longer line is no event but a file of another kind."""
_BLOCK: Final = 1 << 18
_GZIP: Final = b"\x1f\x8b"


class Unreadable(Exception):  # noqa: N818 - it says what the input is
    """The bytes end here, before their time; carries the defect."""

    def __init__(self, defect: Defect) -> None:
        self.defect = defect
        super().__init__(defect.en)


class _Stream(Protocol):
    def read1(self, size: int = -1, /) -> bytes: ...


class Source:
    """The bytes of one log, decompressed; each :meth:`blocks` starts again from the first.

    ``name`` is the path as the user gave it, ``-`` for standard input; ``path`` is where the bytes are, if elsewhere.
    ``packed`` tells after a reading whether they are compressed.
    """

    def __init__(self, name: str, path: str | None = None) -> None:
        self.name = name
        self.packed = False
        self._path = path or name
        self._spool: IO[bytes] | None = None
        self._copy: Path | None = None

    def close(self) -> None:
        """Give back the temporary copies of standard input or of a pipe."""
        if self._spool is not None:
            self._spool.close()
            self._spool = None
        if self._copy is not None:
            self._copy.unlink(missing_ok=True)
            self._copy = None

    def shared_path(self) -> str:
        """Where other processes find the bytes of a source that was read, until it is closed."""
        if self._spool is None:
            return self._path
        if self._copy is None:
            descriptor, name = tempfile.mkstemp(prefix="execcheck-")
            self._copy = Path(name)
            with open(descriptor, "wb") as copy:  # noqa: PTH123 - a descriptor has no path
                self._spool.seek(0)
                shutil.copyfileobj(self._spool, copy)
        return str(self._copy)

    def head(self, size: int = 1 << 16) -> bytes:
        """The first bytes; raises Unreadable."""
        for _, block in self.blocks():
            return block[:size]
        return b""

    def blocks(self) -> Iterator[tuple[int, bytes]]:
        """Blocks of whole lines, each with the number of its first line; raises Unreadable.

        See :meth:`placed_blocks`.
        """
        return ((number, block) for number, _, block in self.placed_blocks())

    def placed_blocks(self) -> Iterator[tuple[int, int, bytes]]:
        """Blocks of whole lines: number of the first line, byte at which it starts, content; raises Unreadable.

        Only the last block may end without a line end. A line longer than LONGEST_LINE comes cut off
        right behind that length.
        """
        number, at, rest, overlong = 1, 0, b"", False
        try:
            for part in self._read():
                block = part
                if overlong:
                    end = block.find(b"\n") + 1
                    at += end or len(block)
                    if not end:
                        continue
                    block, overlong = block[end:], False
                    number += 1
                block = rest + block
                end = block.rfind(b"\n") + 1
                if end:
                    yield number, at, block[:end]
                    number += block.count(b"\n", 0, end)
                    at += end
                rest = block[end:]
                if len(rest) > LONGEST_LINE:
                    yield number, at, rest[: LONGEST_LINE + 1]
                    at += len(rest)
                    rest, overlong = b"", True
        except Unfit as unfit:
            raise Unreadable(unfit.at(f"{self.name}:{number}")) from None
        if rest:
            yield number, at, rest

    def blocks_at(self, places: Sequence[Place]) -> Iterator[tuple[int, bytes]]:
        """Some of the :meth:`placed_blocks`, in their order, without reading more of a plain file; raises Unreadable.

        Not for a source that has to be copied before it can be read twice: see :meth:`shared_path`.
        """
        try:
            with Path(self._path).open("rb") as raw:
                if not _is_gzip(raw):
                    for place in places:
                        raw.seek(place.at)
                        yield place.first, raw.read(place.size)
                    return
        except OSError as error:
            raise Unreadable(Defect(self.name, "unreadable", *_trouble(error))) from None
        try:
            yield from _cut(self._read(), places)
        except Unfit as unfit:
            raise Unreadable(unfit.at(self.name)) from None

    def _read(self) -> Iterator[bytes]:
        """Blocks cut anywhere; raises Unfit where they end before their time, Unreadable where there are none."""
        raw = None
        try:
            raw = self._open()
            self.packed = _is_gzip(raw)
            stream = cast(_Stream, gzip.GzipFile(fileobj=raw) if self.packed else raw)
            trouble: Exception | None = None
            while trouble is None:
                block, trouble = _fill(stream)
                if not block and trouble is None:
                    return
                # What came before the trouble is still worth reading.
                yield block
            raise trouble
        except EOFError:
            raise Unfit(
                "gzip-truncated",
                "gzip 文件不完整，请重新导出或传输",
                "the gzip file is cut short; export or transfer it again",
            ) from None
        except (gzip.BadGzipFile, zlib.error) as error:
            raise Unfit("gzip-damaged", f"gzip 文件已损坏：{error}", f"the gzip file is damaged: {error}") from None
        except OSError as error:
            raise Unreadable(Defect(self.name, "unreadable", *_trouble(error))) from None
        except ValueError:  # a NUL in the name
            raise Unreadable(Defect(self.name, "unreadable", "不是文件名", "this is no file name")) from None
        finally:
            if raw is not None and raw is not self._spool:
                raw.close()

    def _open(self) -> IO[bytes]:
        if self._spool is None and (self._path == "-" or Path(self._path).is_fifo()):
            self._spool = self._spooled()
        if self._spool is None:
            return Path(self._path).open("rb")
        self._spool.seek(0)
        return self._spool

    def _spooled(self) -> IO[bytes]:
        copy = tempfile.TemporaryFile()  # noqa: SIM115 - kept open between the passes
        if self._path == "-":
            shutil.copyfileobj(sys.stdin.buffer, copy)
        else:
            with Path(self._path).open("rb") as pipe:
                shutil.copyfileobj(pipe, copy)
        return copy


def split_lines(block: bytes) -> list[bytes]:
    """The lines of a block, without the line feeds."""
    parts = block.split(b"\n")
    if not parts[-1]:
        parts.pop()
    return parts


def _cut(parts: Iterator[bytes], places: Sequence[Place]) -> Iterator[tuple[int, bytes]]:
    """The blocks at some places of a stream that cannot be wound forward."""
    ahead, at = b"", 0  # bytes read, and where the first of them stands
    for place in places:
        end = place.at + place.size
        while at + len(ahead) < end and (part := next(parts, b"")):
            passed = min(place.at - at, len(ahead))
            ahead, at = ahead[passed:] + part, at + passed
        yield place.first, ahead[place.at - at : end - at]


def _is_gzip(raw: IO[bytes]) -> bool:
    start = raw.read(2)
    raw.seek(0)
    return start == _GZIP


def _fill(stream: _Stream) -> tuple[bytes, Exception | None]:
    """A block, shorter where the stream ends or breaks, and what broke it."""
    parts, size = [], 0
    try:
        while size < _BLOCK and (part := stream.read1(_BLOCK)):
            parts.append(part)
            size += len(part)
    except (EOFError, OSError, zlib.error) as error:
        return b"".join(parts), error
    return b"".join(parts), None


def _trouble(error: OSError) -> tuple[str, str]:
    if isinstance(error, FileNotFoundError):
        return "没有这个文件", "there is no such file"
    if isinstance(error, IsADirectoryError):
        return "这是文件夹，不是日志文件", "this is a folder, not a log"
    if isinstance(error, PermissionError):
        return "没有读取权限", "no permission to read it"
    return f"无法读取：{error.strerror or error}", f"cannot be read: {error.strerror or error}"
