"""A JSON file that holds one array of events."""

from collections.abc import Collection, Iterator
from json import JSONDecodeError
from typing import Any

from execcheck.admission import Admission
from execcheck.defects import Defect, Unfit
from execcheck.events import Event
from execcheck.logs.outline import LINKS, Outline, outline_of
from execcheck.logs.part import Part
from execcheck.logs.rejected import Rejected
from execcheck.logs.source import Source, Unreadable
from execcheck.logs.strict_json import decode_from

_BLANKS = " \t\r\n"


class JsonArray:
    """The reader; see :class:`execcheck.logs.logfile.Reader`.

    An event's place is the line on which it starts, with the column if it is not the first there.
    """

    heading = b""

    def __init__(self, source: Source) -> None:
        self._source = source

    def outcomes(self, admission: Admission, part: Part | None = None) -> Iterator[Event | Rejected]:
        """Each event, or what is wrong with it; raises Unreadable where the array breaks."""
        for place, text, item in self._items():
            if part is not None and not part.takes(item.get("case") if isinstance(item, dict) else None):
                continue
            outcome = admission.admit(item, place)
            yield outcome if isinstance(outcome, Event) else Rejected(place, text.encode("utf-8", "replace"), outcome)

    def outlines(self, links: Collection[str] = LINKS) -> Iterator[Outline]:
        """The outline of every event that has one."""
        for place, _, item in self._items():
            outline = outline_of(item, place, links)
            if outline is not None:
                yield outline

    def _items(self) -> Iterator[tuple[str, str, Any]]:
        """Place, text and value of each element; raises Unreadable."""
        text = self._text()
        at = self._skip(text, text.index("[") + 1)
        line, counted, last = 1, 0, 0
        if text[at : at + 1] == "]":
            self._finish(text, at)
            return
        while True:
            line += text.count("\n", counted, at)
            counted = at
            column = at - text.rfind("\n", 0, at)
            place = f"{self._source.name}:{line}" + (f":{column}" if line == last else "")
            last = line
            try:
                value, end = decode_from(text, at)
            except JSONDecodeError as error:
                raise self._broken(text, error.pos, error.msg) from None
            except Unfit as unfit:
                # Where the element ends is only known if it is sound, so nothing behind it can be read.
                raise Unreadable(unfit.at(place)) from None
            yield place, text[at:end], value
            at = self._skip(text, end)
            mark = text[at : at + 1]
            if mark == "]":
                self._finish(text, at)
                return
            if mark != ",":
                raise self._broken(text, at, "expecting ',' or ']' between the events of the array")
            at = self._skip(text, at + 1)

    def _text(self) -> str:
        content = b"".join(block for _, block in self._source.blocks())
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            raise Unreadable(
                Defect(
                    f"{self._source.name}:{line}",
                    "encoding",
                    "不是 UTF-8 编码；如为 GBK/GB 18030，请先转换为 UTF-8",
                    "not UTF-8; convert it to UTF-8 first",
                )
            ) from None

    def _finish(self, text: str, at: int) -> None:
        behind = self._skip(text, at + 1)
        if behind != len(text):
            raise self._broken(text, behind, "something follows the array")

    def _broken(self, text: str, at: int, what: str) -> Unreadable:
        line = text.count("\n", 0, at) + 1
        column = at - text.rfind("\n", 0, at)
        what = what[:1].lower() + what[1:]
        return Unreadable(
            Defect(
                f"{self._source.name}:{line}:{column}",
                "json-syntax",
                f"JSON 语法错误：{what}",
                f"not valid JSON: {what}",
            )
        )

    @staticmethod
    def _skip(text: str, at: int) -> int:
        while at < len(text) and text[at] in _BLANKS:
            at += 1
        return at
