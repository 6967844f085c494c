"""YAML read by the types it must have: every fault named by its file and line, all at once."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from msgspec import inspect
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from noticeboard.core.powers import Actors
from noticeboard.core.problems import Finding
from noticeboard.formats.rule_checks import within

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

Pairs = dict[str, tuple[Node, Node]]


class Reader:
    """Walks YAML nodes and the types of sections side by side and collects what does not fit.

    The type asked for decides how a word is read, not the word's look: `no` is a word where a word
    is wanted, and a number with a point is wanted nowhere. `roots` are the folders that files are
    named by in what is told.
    """

    def __init__(self, types: Mapping[str, inspect.Type], roots: Sequence[Path]) -> None:
        """Begin with nothing read."""
        self.types = types
        self.roots = roots
        self.found: dict[str, Any] = {}
        self.findings: list[Finding] = []
        # Where each code of a section stands, for what has to agree across files.
        self.nodes: dict[str, Pairs] = {}
        # Sections of which a file cannot be read: whether they have a word is not known.
        self.unread: set[str] = set()

    def file(self, path: Path, sections: tuple[str, ...]) -> None:
        """Read a file that holds these sections; a table that is there already is added to."""
        top = self._compose(path)
        if top is None:
            return
        pairs = self._pairs(top, {})
        if pairs is None:
            return
        self._keys(top, pairs, allowed=sections, required=sections)
        for section in sections:
            if section in pairs:
                read = self._read(section, pairs[section], self.types[section])
                before = self.found.get(section)
                self.found[section] = before | read if before and read else read

    def spread(self, section: str, paths: Sequence[Path]) -> None:
        """Read files as one table: a code stands only once in all of them."""
        entries: dict[str, Any] = {}
        seen: dict[str, str] = {}
        self.nodes[section] = {}
        for path in paths:
            top = self._compose(path)
            if top is None:
                self.unread.add(section)
            else:
                entries |= self._table(top, self.types[section], seen, self.nodes[section])
        self.found[section] = entries

    def place(self, path: Path) -> str:
        """Name a file as people know it: by the folder they gave."""
        root = next(root for root in self.roots if path.is_relative_to(root))
        return f"{root.name}/{path.relative_to(root).as_posix()}"

    def wrong_at(self, node: Node, text: str, value: str, fix: str, **args: str | int) -> None:
        """Tell of a fault at a node."""
        self._wrong(text, _at(node.start_mark), value, fix, **args)

    def wrong_file(self, path: Path, text: str, fix: str = "") -> None:
        """Tell of a fault of a whole file or folder."""
        self._wrong(text, self.place(path), fix=fix)

    def _wrong(
        self, text: str, where: str, value: str = "", fix: str = "", **args: str | int
    ) -> None:
        self.findings.append(Finding(text, where, value, fix, args))

    def _compose(self, path: Path) -> Node | None:
        """Read a file as YAML nodes, which know their lines; None when it cannot be read."""
        place = self.place(path)
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
        for field, text, value, fix in within(wanted.cls, values):
            self._wrong(text, _at(pairs[field][1].start_mark), value, fix)
        return values

    def _stand(self, citations: list[str | None] | None) -> bool:
        """Say whether one of the citations names a text in force that was read in full."""
        sources = self.found.get("sources") or {}
        cited = [sources.get(_tag(citation or "")) or {} for citation in citations or ()]
        read = [text for text in cited if text.get("extent") == "full"]
        return not sources or not all(text.get("superseded") for text in read)

    def _table(
        self, node: Node, wanted: inspect.Type, seen: dict[str, str], nodes: Pairs | None = None
    ) -> dict[str, Any]:
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
        if nodes is not None:
            nodes.update(pairs)
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
