"""The promises about templates: each is given exactly what it uses, and keeps to the policy."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import meta, nodes

import noticeboard.show
import noticeboard.web
from noticeboard import shipped
from noticeboard.show.render import View, environment

TEMPLATES = shipped("templates")
GIVEN = {"style"}  # by render itself


def views() -> Iterator[type[View]]:
    for floor in (noticeboard.show, noticeboard.web):
        for room in pkgutil.iter_modules(floor.__path__, f"{floor.__name__}."):
            importlib.import_module(room.name)
    found = [View]
    for view in found:
        found.extend(view.__subclasses__())
    yield from sorted(
        (view for view in found if isinstance(getattr(view, "template", None), str)),
        key=lambda view: view.__name__,
    )


def family(name: str) -> dict[str, nodes.Template]:
    """Give a template with all it extends, includes or imports from, parsed."""
    tree = environment("zh").parse((TEMPLATES / name).read_text("utf-8"))
    trees = {name: tree}
    for other in meta.find_referenced_templates(tree):
        assert other is not None, f"{name} names a template by a variable"
        trees |= family(other)
    return trees


def wanted(name: str) -> set[str]:
    """Give every name that a template and its family look up and nobody in it makes."""
    looked_up, made = set[str](), set(environment("zh").globals)
    for tree in family(name).values():
        looked_up |= meta.find_undeclared_variables(tree)
        for imported in tree.find_all(nodes.FromImport):
            made |= {one if isinstance(one, str) else one[1] for one in imported.names}
        made |= {macro.name for macro in tree.find_all(nodes.Macro)}
        for local in tree.find_all(nodes.Name):
            if local.ctx in ("store", "param"):
                made.add(local.name)
    return looked_up - made


@pytest.mark.parametrize("view", tuple(views()), ids=lambda view: view.__name__)
def test_a_template_gets_exactly_its_view(view: type[View]) -> None:
    """A template uses every field of its own view class, and nothing that it is not given.

    What a class has from one shared by several pages need not be used on each of them.
    """
    fields = set(view.__struct_fields__)
    shared = {f for base in view.__bases__ for f in getattr(base, "__struct_fields__", ())}
    assert set() == wanted(view.template) - GIVEN - fields
    used = {
        name.name
        for tree in family(view.template).values()
        for name in tree.find_all(nodes.Name)
        if name.ctx == "load"
    }
    assert set() == fields - shared - used


def test_every_page_has_a_view() -> None:
    """No template stands about that nothing renders, nor a view without its template."""
    parts = {path for path in TEMPLATES.rglob("*.html") if path.name.startswith("_")}
    pages = {p.relative_to(TEMPLATES).as_posix() for p in {*TEMPLATES.rglob("*.html")} - parts}
    bases = {name for name in pages for other in pages if f'extends "{name}"' in _text(other)}
    slides = {name for name in pages if name.startswith("kiosk/")}  # fragments, not pages
    assert set() == pages - bases - slides - {view.template for view in views()}


def _text(name: str) -> str:
    return (TEMPLATES / name).read_text("utf-8")


@pytest.mark.parametrize(
    "path", sorted(TEMPLATES.rglob("*.html")), ids=lambda p: p.relative_to(TEMPLATES).as_posix()
)
def test_templates_keep_to_the_policy(path: Path) -> None:
    """No inline style, no inline script, no handler: the policy would drop them silently."""
    source = path.read_text("utf-8")
    assert [] == re.findall(r"<[^>]*\sstyle=", source)
    assert [] == re.findall(r"<[^>]*\son\w+=", source)
    assert [] == re.findall(r"<script(?![^>]*\ssrc=)", source)
    assert "|safe" not in source


@pytest.mark.parametrize(
    "path", sorted((TEMPLATES / "public").rglob("*.html")), ids=lambda p: p.name
)
def test_public_pages_have_no_script(path: Path) -> None:
    """Whoever has an old phone and no script sees all there is; one page can check itself too."""
    scripts = re.findall(r"<script.*?</script>", path.read_text("utf-8"))
    own = ['<script defer src="/check.js"></script>'] if path.name == "verify.html" else []
    assert own == scripts


def test_a_page_may_run_a_script_only_where_it_has_one() -> None:
    """The policy of every other page lets no script run, whoever wrote it into the page."""
    scripted = {view.template for view in views() if view.script}
    assert {"public/verify.html"} == scripted
