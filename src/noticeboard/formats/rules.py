"""Rule files in, one rules bundle out: YAML read by the types of `core/rules`, faults by line."""

import importlib.metadata
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml
from chinese_calendar.constants import holidays, workdays
from msgspec import inspect
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from noticeboard import shipped
from noticeboard.core.parts import canonical
from noticeboard.core.powers import Actors
from noticeboard.core.problems import Finding, NotValid
from noticeboard.core.rules import Rules
from noticeboard.core.shapes import Shape

_RULES = Shape(Rules)
# Which sections of the bundle stand in which file; what a section refers to is read before it.
_FILES = {
    "sources.yaml": ("sources",),
    "offices.yaml": ("bodies", "offices"),
    "grounds.yaml": ("grounds", "confirm_within"),
    "periods.yaml": ("counting", "suggestions", "after_end"),
}
# Sections whose tables stand in a folder of their own, in as many files as are easy to read.
_FOLDERS = ("catalogue", "packs", "hints", "powers", "readings")
_ALWAYS = frozenset({"catalogue"})
# Files that a folder may do without: what they rule is then not ruled.
_OPTIONAL = {f"{name}.yaml": (name,) for name in ("masking", "accounts", "actors")}
# The section whose codes a field must name; of a source only the first word is its tag.
_REFERS = {
    "source": "sources",
    **dict.fromkeys(("body", "bodies"), "bodies"),
    **dict.fromkeys(("by", *Actors.__struct_fields__), "actors"),
    "publish": "catalogue",
    "hints": "hints",
    "powers": "powers",
}
_NULL = "tag:yaml.org,2002:null"
_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,17}")
_SATURDAY = 5

Pairs = dict[str, tuple[Node, Node]]


def load(folder: Path | None = None) -> bytes:
    """Read a data folder (default: the shipped one) and give the canonical bytes of its bundle.

    The same files and the same release of chinesecalendar give the same bytes. Raises NotValid with
    a finding for everything that is wrong: file and line, what it is, and what to write instead.
    """
    reader = _Reader((folder or shipped("data")).resolve())
    for name, sections in _FILES.items():
        reader.file(reader.folder / name, sections)
    for name, sections in _OPTIONAL.items():
        if (reader.folder / name).exists():
            reader.file(reader.folder / name, sections)
    for name in _FOLDERS:
        reader.spread(name)
    if reader.findings:
        raise NotValid.of(reader.findings)
    found = {"v": 1, **reader.found, **_holidays()}
    _RULES.of_plain(found)
    # Only what the files say: a field that a later program adds changes no bundle of today's files.
    return canonical(found)


def _holidays() -> dict[str, Any]:
    """Copy the holidays and make-up days of every year that chinesecalendar knows."""
    release = importlib.metadata.version("chinesecalendar")
    return {
        "holidays": sorted(day.isoformat() for day in holidays if day.weekday() < _SATURDAY),
        "workdays": sorted(day.isoformat() for day in workdays if day.weekday() >= _SATURDAY),
        "holiday_years": sorted({day.year for day in holidays}),
        "holiday_basis": {"source": [f"chinesecalendar {release}"], "verified": "no"},
    }


class _Reader:
    """Walks YAML nodes and the types of `Rules` side by side and collects what does not fit.

    The type asked for decides how a word is read, not the word's look: `no` is a word where a word
    is wanted, and a number with a point is wanted nowhere.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.found: dict[str, Any] = {}
        self.findings: list[Finding] = []
        # Sections of which a file cannot be read: whether they have a word is not known.
        self.unread: set[str] = set()
        info = inspect.type_info(Rules)
        assert isinstance(info, inspect.StructType)
        self.types = {field.name: field.type for field in info.fields}

    def file(self, path: Path, sections: tuple[str, ...]) -> None:
        """Read a file that holds these sections of the bundle."""
        top = self._compose(path)
        if top is None:
            return
        pairs = self._pairs(top, {})
        if pairs is None:
            return
        self._keys(top, pairs, allowed=sections, required=sections)
        for section in sections:
            if section in pairs:
                self.found[section] = self._read(section, pairs[section], self.types[section])

    def spread(self, section: str) -> None:
        """Read all files of a folder as one table: a code stands only once in all of them."""
        entries: dict[str, Any] = {}
        seen: dict[str, str] = {}
        paths = sorted((self.folder / section).glob("*.yaml"))
        if not paths and section in _ALWAYS:
            self._wrong("这里没有公开目录的文件。", f"{self.folder.name}/{section}")
        for path in paths:
            top = self._compose(path)
            if top is None:
                self.unread.add(section)
            else:
                entries |= self._table(top, self.types[section], seen)
        self.found[section] = entries

    def _wrong(
        self, text: str, where: str, value: str = "", fix: str = "", **args: str | int
    ) -> None:
        self.findings.append(Finding(text, where, value, fix, args))

    def _compose(self, path: Path) -> Node | None:
        """Read a file as YAML nodes, which know their lines; None when it cannot be read."""
        place = f"{self.folder.name}/{path.relative_to(self.folder).as_posix()}"
        text = ""
        try:
            text = path.read_text("utf-8-sig")
            loader = yaml.SafeLoader(text)
            loader.name = place
            top = loader.get_single_node()
        except OSError:
            self._wrong("读不到这个文件。", place)
        except UnicodeDecodeError as error:
            where = _line(place, error.object[: error.start].decode(errors="replace"))
            self._wrong("这里不是 UTF-8 的文字。", where, fix="请另存为 UTF-8。")
        except yaml.reader.ReaderError as error:
            where = _line(place, text[: error.position])
            self._wrong("这里有看不见的控制字符。", where, fix="请删掉它。")
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            where = _at(mark) if mark else place
            fix = "请检查缩进、冒号和引号。"
            self._wrong("这里不合 YAML 的写法。", where, error.problem or "", fix)
        else:
            if top is None:
                self._wrong("这个文件是空的。", place)
            return top
        return None

    def _pairs(self, node: Node, seen: dict[str, str]) -> Pairs | None:
        """Take a mapping apart; `seen` remembers where each key stood first."""
        if not isinstance(node, MappingNode):
            self._wrong("这里要写成“名称: 内容”的样子。", _at(node.start_mark))
            return None
        pairs: Pairs = {}
        for key, value in node.value:
            word, where = _word(key), _at(key.start_mark)
            if word in seen:
                fix = "第一次在 {first}。"
                self._wrong("“{key}”写了两次。", where, "", fix, key=word, first=seen[word])
                continue
            seen[word] = where
            pairs[word] = (key, value)
        return pairs

    def _keys(
        self, at: Node, pairs: Pairs, *, allowed: Iterable[str], required: Iterable[str]
    ) -> None:
        listed = "、".join(allowed)
        for word, (key, _) in pairs.items():
            if word not in allowed:
                fix, where = "只能写：{allowed}。", _at(key.start_mark)
                self._wrong("不认识“{key}”。", where, "", fix, key=word, allowed=listed)
        for word in required:
            if word not in pairs:
                self._wrong("缺少“{key}”。", _at(at.start_mark), key=word)

    def _read(self, name: str, pair: tuple[Node, Node], wanted: inspect.Type) -> Any:
        """Read what stands under the key `name` as the type wanted."""
        key, node = pair
        match wanted:
            case inspect.UnionType(types=(only, *_)):
                return self._read(name, pair, only)
            case inspect.StructType():
                return self._struct(key, node, wanted)
            case inspect.DictType():
                return self._table(node, wanted, {})
            case inspect.VarTupleType():
                return self._list(name, key, node, wanted)
        return self._scalar(name, node, wanted)

    def _struct(self, key: Node, node: Node, wanted: inspect.StructType) -> dict[str, Any] | None:
        pairs = self._pairs(node, {})
        if pairs is None:
            return None
        fields = {field.name: field for field in wanted.fields}
        required = [name for name, field in fields.items() if field.required]
        self._keys(key, pairs, allowed=fields, required=required)
        known = [(name, pair) for name, pair in pairs.items() if name in fields]
        values = {name: self._read(name, pair, fields[name].type) for name, pair in known}
        if values.get("verified") == "yes" and not self._stand(values.get("source")):
            text = "写了 verified: yes，但出处里没有一份通读过的现行文本。"
            self._wrong(text, _at(pairs["verified"][0].start_mark))
        return values

    def _stand(self, citations: list[str | None] | None) -> bool:
        """Say whether one of the citations names a text in force that was read in full."""
        sources = self.found.get("sources") or {}
        cited = [sources.get(_tag(citation or "")) or {} for citation in citations or ()]
        read = [text for text in cited if text.get("extent") == "full"]
        return not sources or not all(text.get("superseded") for text in read)

    def _table(self, node: Node, wanted: inspect.Type, seen: dict[str, str]) -> dict[str, Any]:
        """Read a table; one whose keys are a closed list must have them all."""
        assert isinstance(wanted, inspect.DictType)
        pairs = self._pairs(node, seen)
        if pairs is None:
            return {}
        if isinstance(wanted.key_type, inspect.LiteralType):
            words = [str(word) for word in wanted.key_type.values]
            self._keys(node, pairs, allowed=words, required=words)
        else:
            for word, (key, _) in pairs.items():
                self._scalar(word, key, wanted.key_type)
        return {word: self._read(word, pair, wanted.value_type) for word, pair in pairs.items()}

    def _list(self, name: str, key: Node, node: Node, wanted: inspect.VarTupleType) -> list[Any]:
        if not isinstance(node, SequenceNode):
            self._wrong("“{key}”要写成 [甲, 乙] 的样子。", _at(key.start_mark), key=name)
            return []
        if len(node.value) < (wanted.min_length or 0):
            self._wrong("“{key}”至少要写一个。", _at(key.start_mark), key=name)
        values = [self._read(name, (item, item), wanted.item_type) for item in node.value]
        for place, item in enumerate(node.value):
            if values[place] is not None and values[place] in values[:place]:
                self._wrong("“{key}”写了两次。", _at(item.start_mark), key=values[place])
        return values

    def _scalar(self, name: str, node: Node, wanted: inspect.Type) -> Any:
        """Read one word or number, checked against its closed list, pattern or section."""
        where = _at(node.start_mark)
        if not isinstance(node, ScalarNode) or (node.tag == _NULL and node.style is None):
            self._wrong("“{key}”后面要写一个词或一个数。", where, key=name)
            return None
        word = _word(node)
        match wanted:
            case inspect.LiteralType(values=values):
                return self._listed(name, word, where, [str(value) for value in values])
            case inspect.BoolType():
                return self._listed(name, word, where, ["true", "false"]) == "true"
            case inspect.IntType(ge=least):
                if not _INTEGER.fullmatch(word) or (least is not None and int(word) < least):
                    self._wrong("“{key}”要写整数。", where, word, key=name)
                    return None
                return int(word)
            case inspect.StrType(pattern=pattern, min_length=least):
                if len(word) < (least or 0) or (pattern and not re.search(pattern, word)):
                    self._wrong("“{key}”不是这样写的。", where, word, key=name)
        referred = _REFERS.get(name, "")
        section = None if referred in self.unread else self.found.get(referred)
        return self._listed(name, word, where, section) if section else word

    def _listed(self, name: str, word: str, where: str, allowed: Iterable[str]) -> str | None:
        if (_tag(word) if name == "source" else word) in allowed:
            return word
        listed = "、".join(allowed)
        fix = "只能写：{allowed}。"
        self._wrong("“{key}”不能这样写。", where, word, fix, key=name, allowed=listed)
        return None


def _word(node: Node) -> str:
    return unicodedata.normalize("NFC", str(node.value)).strip()


def _tag(citation: str) -> str:
    return citation.split(" ", maxsplit=1)[0]


def _at(mark: yaml.Mark) -> str:
    return f"{mark.name} 第 {mark.line + 1} 行"


def _line(place: str, before: str) -> str:
    return f"{place} 第 {before.count(chr(10)) + 1} 行"
