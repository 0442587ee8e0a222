"""YAML as data with exact places: YAML 1.2 core values, no duplicates, no anchors.

PyYAML's own loaders read YAML 1.1, where ``on`` is true, ``12:30:45`` is 45045, ``446.10`` loses its
zero and the last of two equal keys wins in silence. Here: null, booleans (``true``/``false`` only),
integers and decimal numbers as in the YAML 1.2 core schema; everything else is text. A number with a
point or an exponent becomes a ``Decimal`` that keeps its digits. Keys are always text, as written.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from importlib.resources.abc import Traversable
from pathlib import Path as FilePath
from typing import Any, ClassVar, TypeAlias

import yaml
from attrs import field, frozen

from execcheck.defects import Defect, shown

Path: TypeAlias = tuple[str | int, ...]
Position: TypeAlias = tuple[int, int]
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_TAG = "tag:yaml.org,2002:"
_CORE = (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", list("-+0123456789")),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", list("-+.0123456789")),
    ("infinite", r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)", list("-+.")),
)
_DEEPEST = 100
_LONGEST_NUMBER = 40


class _Loader(_Base):  # type: ignore[misc]
    """Composes nodes only; nothing is ever constructed by PyYAML."""

    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {}


for _name, _pattern, _first in _CORE:
    _Loader.add_implicit_resolver(_TAG + _name, re.compile(rf"(?:{_pattern})\Z"), _first)


@frozen
class Document:
    """A YAML text as plain values, and where each of them stands.

    ``value`` is ``None`` if there are ``defects`` that left nothing to read. Lines and columns count
    from 1.
    """

    name: str
    value: Any
    defects: tuple[Defect, ...] = ()
    values: Mapping[Path, Position] = field(factory=dict, repr=False)
    keys: Mapping[Path, Position] = field(factory=dict, repr=False)

    def place(self, *path: str | int) -> str:
        """``file:line:column`` of the value at ``path``, or of the nearest thing around it."""
        return self._nearest(self.values, path)

    def key_place(self, *path: str | int) -> str:
        """``file:line:column`` of the key at ``path``; for an item of a list, of the item."""
        return self._nearest(self.keys if path in self.keys else self.values, path)

    def _nearest(self, places: Mapping[Path, Position], path: Path) -> str:
        while path and path not in places:
            path = path[:-1]
        line, column = places.get(path, (1, 1))
        return f"{self.name}:{line}:{column}"


def load_yaml(text: str, name: str) -> Document:
    """Read one YAML document; every problem becomes a defect, none is raised."""
    reader = _Reader(name)
    node = reader.compose(text)
    value = reader.build(node, (), 0) if node is not None else None
    return Document(name, value, tuple(reader.defects), reader.values, reader.keys)


def read_yaml(file: Traversable) -> Document:
    """Read a YAML file of a law book; a file that cannot be read is a defect like any other."""
    name = _short(file)
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return Document(name, None, (Defect(f"{name}:{line}:1", "encoding", "不是 UTF-8 编码；请另存为 UTF-8",
                                            "not UTF-8; save the file as UTF-8"),))  # fmt: skip
    except OSError as error:
        why = error.strerror or str(error)
        return Document(name, None, (Defect(name, "unreadable", f"无法读取：{why}", f"cannot be read: {why}"),))
    return load_yaml(text, name)


def _short(file: Traversable) -> str:
    """The path of a file as people know it: below the source tree, the package or here, else as given."""
    path = FilePath(str(file))
    for root in (FilePath(__file__).parents[1], FilePath.cwd()):
        if path.is_relative_to(root):
            return path.relative_to(root).as_posix()
    return str(path)


class _Reader:
    def __init__(self, name: str) -> None:
        self.name = name
        self.defects: list[Defect] = []
        self.values: dict[Path, Position] = {}
        self.keys: dict[Path, Position] = {}

    def report(self, mark: Any, code: str, zh: str, en: str) -> None:
        place = f"{self.name}:{mark.line + 1}:{mark.column + 1}" if mark else f"{self.name}:1:1"
        self.defects.append(Defect(place, code, zh, en))

    def too_deep(self, mark: Any) -> None:
        self.report(mark, "yaml-depth", f"嵌套超过 {_DEEPEST} 层", f"nested more than {_DEEPEST} levels deep")

    def compose(self, text: str) -> Any:
        """The root node, or ``None`` after reporting why there is none."""
        try:
            if not self._plain(text):
                return None
            node = yaml.compose(text.removeprefix("\ufeff"), Loader=_Loader)
        except yaml.MarkedYAMLError as error:
            if "nesting depth" in str(error.problem):  # libyaml 0.2.6 and later refuse to read on
                self.too_deep(error.problem_mark)
                return None
            why = " ".join(str(part) for part in (error.context, error.problem) if part)
            self.report(
                error.problem_mark or error.context_mark,
                "yaml-syntax",
                f"YAML 语法错误：{why}",
                f"not valid YAML: {why}",
            )
            return None
        except yaml.reader.ReaderError as error:
            before = text[: error.position] if isinstance(error.position, int) else ""
            place = f"{self.name}:{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"
            self.defects.append(
                Defect(place, "yaml-character", "含有 YAML 不允许的字符", "a character that YAML does not allow")
            )
            return None
        except UnicodeEncodeError:
            self.report(None, "yaml-character", "含有无法编码的字符", "a character that cannot be encoded")
            return None
        if node is None:
            self.report(None, "yaml-empty", "文件没有内容", "the file holds nothing")
        return node

    def _plain(self, text: str) -> bool:
        """Whether the events hold no anchor, alias or excessive depth: looked at before composing."""
        depth = 0
        sound = True
        for event in yaml.parse(text.removeprefix("\ufeff"), Loader=_Loader):
            if getattr(event, "anchor", None):
                sound = False
                self.report(
                    event.start_mark,
                    "yaml-anchor",
                    "不支持锚点和别名；请写出完整内容",
                    "anchors and aliases are not supported; write the content out",
                )
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > _DEEPEST:
                    self.too_deep(event.start_mark)
                    return False
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
        return sound

    def build(self, node: Any, path: Path, depth: int) -> Any:
        mark = node.start_mark
        self.values[path] = (mark.line + 1, mark.column + 1)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path, depth)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, (*path, index), depth + 1) for index, item in enumerate(node.value)]
        return self._scalar(node)

    def _mapping(self, node: Any, path: Path, depth: int) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self.report(key_node.start_mark, "yaml-key", "键必须是一个词", "a key must be a single word")
                continue
            key = key_node.value
            inner = (*path, key)
            if key == "<<" and not key_node.style:
                self.report(
                    key_node.start_mark,
                    "yaml-merge",
                    "不支持合并键“<<”；请写出完整内容",
                    "merge keys (<<) are not supported; write the content out",
                )
                continue
            if key in result:
                line, _ = self.keys[inner]
                self.report(
                    key_node.start_mark,
                    "yaml-duplicate",
                    f"键“{shown(key)}”重复，已见于第 {line} 行",
                    f"the key {shown(key)!r} is given twice, first on line {line}",
                )
                continue
            self.keys[inner] = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
            result[key] = self.build(value_node, inner, depth + 1)
        return result

    def _scalar(self, node: Any) -> Any:
        kind = node.tag.removeprefix(_TAG)
        text: str = node.value
        if kind == "str" or (node.tag == "!" and node.style is not None):
            return text
        if kind == "null":
            return None
        if kind == "bool" and text.lower() in ("true", "false"):
            return text.lower() == "true"
        if kind in ("int", "float") and len(text) <= _LONGEST_NUMBER:
            number = _number(kind, text)
            if number is not None:
                return number
        self.report(
            node.start_mark,
            "yaml-value",
            f"无法理解的值“{shown(text)}”（{shown(kind)}）",
            f"cannot read the value {shown(text)!r} ({shown(kind)})",
        )
        return None


def _number(kind: str, text: str) -> int | Decimal | None:
    if kind == "float":
        number = Decimal(text) if re.fullmatch(_CORE[3][1], text) else None
        return number if number is not None and abs(number.adjusted()) <= _LONGEST_NUMBER else None
    if not re.fullmatch(_CORE[2][1], text):
        return None
    return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
