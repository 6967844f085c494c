"""Collect every sentence of the code and templates into the catalogues under `data/locale/`.

`python tools/messages.py` adds what is new and drops what is gone; translations stay. With
`--check` it changes nothing, names what is out of date or has no English yet, and exits 1 for any.
"""

import ast
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2 import nodes

from noticeboard.show.render import environment

ROOT = Path(__file__).resolve().parents[1]
SOURCE, TEMPLATES = ROOT / "src" / "noticeboard", ROOT / "templates"
LOCALES = ROOT / "data" / "locale"

# Calls that are given sentences, with their places; by name some arguments are sentences anywhere.
CALLS = {
    "text": (0,),
    "Finding": (0, 1, 3),
    **dict.fromkeys(
        ("NotFound", "NotAllowed", "NotNow", "TooSoon", "NotValid", "Unavailable"), (0,)
    ),
    # Helpers that make a refusal: a move on a notice, a cell of a sheet, a line of the rules, a
    # whole number of a form, a text looked through for leaks.
    "only": (1, 2),
    **dict.fromkeys(("error", "error_of", "warn", "warn_of"), (1, 2)),
    **dict.fromkeys(("differs", "ask"), (2, 3)),
    "_wrong": (0, 3),
    "whole": (2,),
    "scan": (0,),
}
NAMED = {"fix", "where"}
# Variables and tables that hold sentences.
HELD = {"text", "fix", "paused", "_SAYS", "_SAVE_AGAIN", "_ANSWERS"}
# Why a log is frozen.
HELD |= {"LOST", "AHEAD", "OTHER", "BEHIND", "GAP", "CHANGED", "STOPPED"}
HELD |= {"FOLLOWED", "MORE", "ANOTHER"}
# What to do where what is stored is damaged.
HELD |= {"TELL", "RESTORE"}
# What to do with a file that cannot be read.
HELD |= {"_SMALLER", "_AGAIN", "_OTHER_FILE"}
# Rooms whose tables of labels are all shown: every Chinese word in them is collected.
TABLES = {"core/forms.py"}
# What only a terminal prints is Chinese only.
TERMINAL = ("cli/", "auditing/", "settings.py")
# Its punctuation is translated too, and between two places English may want a space.
CHINESE = re.compile(r"[　-〿㐀-鿿＀-￯]|\}\{")


def in_code(path: Path) -> Iterator[str]:
    """Give every sentence in a Python file."""
    tree = ast.parse(path.read_text("utf-8"), path)
    whole = path.relative_to(SOURCE).as_posix() in TABLES
    # Nobody is shown these as they stand: docstrings, and pieces of strings made at run time.
    silent = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            silent |= {id(piece) for piece in node.values}
    for node in ast.walk(tree):
        if whole and isinstance(node, ast.Constant) and id(node) not in silent:
            yield from _sentence(node)
        for given in _given(node):
            yield from _sentence(given)


def _given(node: ast.AST) -> Iterator[ast.expr]:
    """Give the expressions of a call or an assignment that are sentences."""
    match node:
        case ast.Call(func=func, args=args, keywords=keywords) if _name(func) in CALLS:
            yield from (args[place] for place in CALLS[_name(func)] if place < len(args))
            yield from (keyword.value for keyword in keywords if keyword.arg in NAMED)
        case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)):
            yield from (value for name, value in zip(names, values, strict=True) if _held(name))
        case ast.Assign(targets=[name], value=value) if _held(name):
            yield value
        case ast.AnnAssign(target=name, value=ast.expr() as value) if _held(name):
            yield value


def _held(name: ast.expr) -> bool:
    return _name(name) in HELD


def _name(expression: ast.expr) -> str:
    if isinstance(expression, ast.Attribute):
        return expression.attr
    return expression.id if isinstance(expression, ast.Name) else ""


def _sentence(node: ast.expr) -> Iterator[str]:
    inner: list[ast.expr] = []
    match node:
        case ast.IfExp(body=body, orelse=orelse):
            inner = [body, orelse]
        case ast.Tuple(elts=inner) | ast.List(elts=inner) | ast.Dict(values=inner):
            pass
    for part in inner:
        yield from _sentence(part)
    # Words without Chinese, such as the place of a row, need no translation.
    if (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and CHINESE.search(node.value)
    ):
        yield node.value


def in_template(path: Path) -> Iterator[str]:
    """Give every sentence of a `_("…")` in a template."""
    tree = environment("zh").parse(path.read_text("utf-8"))
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "_" and call.args:
            for constant in (call.args[0], *call.args[0].find_all(nodes.Const)):
                if isinstance(constant, nodes.Const) and CHINESE.search(str(constant.value)):
                    yield str(constant.value)


def collected() -> dict[str, set[str]]:
    """Give every sentence with the files it stands in, in the order of the files."""
    found: dict[str, set[str]] = {}
    code = [
        path
        for path in sorted(SOURCE.rglob("*.py"))
        if not path.relative_to(SOURCE).as_posix().startswith(TERMINAL)
    ]
    for path in [*code, *sorted(TEMPLATES.rglob("*.html"))]:
        read = in_code if path.suffix == ".py" else in_template
        for sentence in read(path):
            found.setdefault(sentence, set()).add(path.relative_to(ROOT).as_posix())
    return found


def catalogue(locale: str) -> Path:
    """Give the path of a catalogue."""
    return LOCALES / locale / "LC_MESSAGES" / "noticeboard.po"


def merged(locale: str) -> tuple[bytes, list[str]]:
    """Give a catalogue as it should be, and the sentences without a translation in it."""
    with catalogue(locale).open("rb") as file:
        old = read_po(file)
    known = {str(message.id): str(message.string or "") for message in old if message.id}
    new = Catalog(locale=locale, fuzzy=False)
    new.header_comment = f"# Noticeboard's sentences, {locale}; kept by tools/messages.py."
    for sentence, files in collected().items():
        new.add(
            sentence,
            known.get(sentence, ""),
            locations=[(file, 0) for file in sorted(files)],
        )
    buffer = io.BytesIO()
    # Places are left out: a file that moves is no reason for a catalogue to change.
    write_po(buffer, new, width=100, no_location=True, omit_header=True)
    header = (
        f'{new.header_comment}\nmsgid ""\nmsgstr ""\n'
        f'"Content-Type: text/plain; charset=utf-8\\n"\n"Language: {locale}\\n"\n\n'
    )
    # Python's braces are filled by our own code, which needs no flag.
    body = buffer.getvalue().decode().replace("#, python-brace-format\n", "")
    return (header + body).encode(), [
        sentence for sentence in collected() if not known.get(sentence)
    ]


def main() -> int:
    """Write the catalogues, or with `--check` only say what they lack."""
    check, wrong = "--check" in sys.argv[1:], 0
    for locale in ("zh_Hans", "en"):
        content, untranslated = merged(locale)
        path = catalogue(locale)
        if check and path.read_bytes() != content:
            print(f"{path.relative_to(ROOT)} is out of date; run: python tools/messages.py")
            wrong = 1
        if not check:
            path.write_bytes(content)
        if locale == "en":
            for sentence in untranslated:
                print(f"no English yet: {sentence}")
            wrong |= bool(check and untranslated)
    return wrong


if __name__ == "__main__":
    sys.exit(main())
