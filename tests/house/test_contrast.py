"""The promise about colours: text reaches 6:1 on every ground it may stand on, controls 3:1."""

import re
from pathlib import Path

import pytest

from noticeboard import shipped

ASSETS = shipped("templates") / "assets"
TEXTS = ("text", "text-2", "seal", "changed", "checked", "link")
GROUNDS = ("ground", "field")
TINTS = ("seal-ground", "changed-ground", "checked-ground")
# What each tint carries besides running text: the word of its own band, and links.
ON_TINTS = {
    "seal-ground": ("text", "seal", "link"),
    "changed-ground": ("text", "text-2", "changed", "link"),
    "checked-ground": ("text", "checked", "link"),
    "bar-ground": ("text", "text-2"),
}
PAIRS = [(ink, ground, 6.0) for ground in GROUNDS for ink in TEXTS]
PAIRS += [(ink, ground, 6.0) for ground, inks in ON_TINTS.items() for ink in inks]
PAIRS += [("ground", "text", 6.0), ("ground", "seal", 6.0)]  # solid buttons, the emergency slide
PAIRS += [("control", ground, 3.0) for ground in GROUNDS]


def declared() -> dict[str, str]:
    sheet = (ASSETS / "tokens.css").read_text("utf-8")
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", sheet))


def luminance(role: str) -> float:
    """Give the relative luminance of WCAG 2.2 of a role's colour."""
    tokens = declared()
    value = tokens[role]
    while value.startswith("var("):
        value = tokens[value[6:-1]]
    channels = [int(value[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_text_can_be_read_on_its_ground(ink: str, ground: str, least: float) -> None:
    """Every pair of roles that meet on a page has the contrast that old eyes need."""
    assert contrast(ink, ground) >= least


@pytest.mark.parametrize("path", sorted(ASSETS.glob("*.css")), ids=lambda path: path.name)
def test_sheets_name_roles_only(path: Path) -> None:
    """No style sheet but the tokens knows a colour, and none names a token that does not exist."""
    sheet = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
    tokens = declared()
    used = set(re.findall(r"var\(--([\w-]+)", sheet))
    own = set(re.findall(r"--([\w-]+):", sheet))
    assert used <= tokens.keys() | own
    if path.name not in ("tokens.css", "patterns.css"):  # which declares, and which shows them
        palette = {name for name, value in tokens.items() if value.startswith("#")}
        assert set() == used & palette
        # Black and white are a printer's own ink and paper.
        colours = set(re.findall(r"#[0-9A-Fa-f]{3,8}\b|\brgba?\(|\bhsla?\(", sheet))
        assert set() == colours - {"#000", "#fff"}


def test_the_tokens_are_the_palette_of_the_law() -> None:
    """The palette is exactly the one that was chosen for paper, ink and seal."""
    law = (
        "FAF6EC FFFDF8 F1EADB 221D18 5A5045 D8CDB8 857964 A8201A F9E9E4 7A4B00 FBF0D3 1F5E43 "
        "E6F0E8 1D4774"
    )
    assert law.split() == [v[1:] for v in declared().values() if v.startswith("#")]
