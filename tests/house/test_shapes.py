"""The promise about reading types: what they are made of is looked up before there are threads."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "noticeboard"
LEAVES = Path(__file__).with_name("golden-leaves.jsonl")

# Six threads, which change places as often as they can, read one entry for the first time.
RACE = """
import sys, threading
from pathlib import Path
from noticeboard.core.actions import read
sys.setswitchinterval(1e-6)
leaf, said, start = Path(sys.argv[1]).read_bytes().splitlines()[0], [], threading.Barrier(6)
def go():
    start.wait()
    said.append(read(leaf))
threads = [threading.Thread(target=go) for _ in range(6)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(len(said), len(set(map(repr, said))))
"""


def test_the_first_entries_read_at_once_are_read() -> None:
    """A type looked up by its first reader ends the process with a segmentation fault."""
    for _ in range(6):
        done = subprocess.run(
            [sys.executable, "-c", RACE, LEAVES], capture_output=True, text=True, check=False
        )
        assert (0, "6 1\n") == (done.returncode, done.stdout), done.stderr


def calls(tree: ast.AST, *, inside: bool = False) -> Iterator[tuple[ast.Call, bool]]:
    """Give every call, and whether it stands in a function."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Call):
            yield node, inside
        deeper = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        yield from calls(node, inside=inside or deeper)


def late(tree: ast.AST) -> list[int]:
    """Give the lines that read a type without a shape of it, or make one when they are run."""
    found = []
    for call, inside in calls(tree):
        name = ast.unparse(call.func)
        typed = any(word.arg == "type" for word in call.keywords)
        if (
            name in ("convert", "msgspec.convert")
            or (name.endswith(".decode") and typed)
            or (inside and name.endswith(("Shape", "json.Decoder")))
        ):
            found.append(call.lineno)
    return found


def test_types_are_looked_up_when_a_module_is_imported() -> None:
    """Whoever reads a type makes its shape where the module begins; only the shape converts."""
    lies = "msgspec.json.decode(x, type=int)", "msgspec.convert(x, int)", "Shape(int)"
    assert [2, 3, 4] == late(ast.parse("\n ".join(("def f(x):", *lies))))
    for path in SOURCE.rglob("*.py"):
        if path != SOURCE / "core" / "shapes.py":
            assert [] == late(ast.parse(path.read_text())), path
