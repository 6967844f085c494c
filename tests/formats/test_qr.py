"""The path drawn is the matrix the library made, small, framed in white, and speaks its name."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode
from qrcode.util import MODE_ALPHA_NUM, QRData

from noticeboard.core.codes import qr_url
from noticeboard.formats.qr import QUIET, matrix, svg, terminal, version

URL = qr_url("https://cunwu.example.gov.cn", "K7Q210MZ", bytes(range(200, 232)))


def drawn(image: str) -> list[list[bool]]:
    """Fill the modules that the path covers, the quiet zone included."""
    side = int(re.search(r'viewBox="0 0 (\d+) \1"', image)[1])
    [path] = re.findall(r'<path d="([^"]*)"/>', image)
    modules = [[False] * side for _ in range(side)]
    run = re.compile(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z")
    assert "" == run.sub("", path)
    for x, y, width, back in run.findall(path):
        assert width == back
        for module in range(int(x), int(x) + int(width)):
            modules[int(y)][module] = True
    return modules


def framed(text: str) -> list[list[bool]]:
    """Let the library itself draw the quiet zone, in the alphanumeric mode."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=QUIET)
    code.add_data(QRData(text.encode(), mode=MODE_ALPHA_NUM))
    code.make()
    return code.get_matrix()


def test_the_path_is_the_librarys_matrix() -> None:
    """Module for module, with four white ones on each side."""
    assert framed(URL) == drawn(svg(URL))
    assert framed(URL)[QUIET:-QUIET] == [
        [False] * QUIET + row + [False] * QUIET for row in matrix(URL)
    ]


@settings(max_examples=20)
@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-./:", min_size=1, max_size=120))
def test_any_address_is_drawn_as_it_is(text: str) -> None:
    """Runs never overlap nor leave a module out."""
    assert matrix(text) == [row[QUIET:-QUIET] for row in drawn(svg(text))[QUIET:-QUIET]]


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("https://cunwu.example.cn", 4),
        ("https://cunwu.example.gov.cn", 4),
        ("https://" + "a" * 46 + ".cn", 5),
    ],
)
def test_a_slips_qr_stays_small(host: str, expected: int) -> None:
    """Version 4 to 5 at level M, so that a cheap phone reads it from a wall."""
    assert expected == version(qr_url(host, "K7Q210MZ", bytes(32)))


def test_any_text_is_taken() -> None:
    """A small-letter address is written as bytes and needs a larger one."""
    assert version("http://192.168.1.5:8000/desk/abc") > version("HTTP://192.168.1.5:8000/DESK/ABC")
    assert version("村务公开") >= 1


def test_the_element_is_safe_to_put_in_a_page() -> None:
    """One path, a name for screen readers, escaped, no style attribute, whole-pixel modules."""
    image = svg(URL, module_px=3, title='公示 <1> & "二"')
    assert 1 == image.count("<path")
    assert "<title>公示 &lt;1&gt; &amp; &quot;二&quot;</title>" in image
    assert 'role="img"' in image
    assert 'shape-rendering="crispEdges"' in image
    assert "style=" not in image
    side = len(matrix(URL)) + 2 * QUIET
    assert f'width="{3 * side}" height="{3 * side}"' in image
    assert "width=" not in svg(URL).split("<rect")[0]


def test_the_terminal_shows_the_same_modules() -> None:
    """Two modules to a character, black on white whatever the theme."""
    blocks = {" ": (False, False), "▀": (True, False), "▄": (False, True), "█": (True, True)}
    rows: list[list[bool]] = []
    for line in terminal(URL).splitlines():
        signs = re.fullmatch("\x1b\\[38;5;16;48;5;231m([ ▀▄█]+)\x1b\\[0m", line)[1]
        rows += [[blocks[sign][0] for sign in signs], [blocks[sign][1] for sign in signs]]
    white = rows.pop()
    assert framed(URL) == rows
    assert not any(white)
