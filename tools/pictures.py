"""Take a picture of every page and state, at a fixed moment of the demo: `make pictures`.

`--docs` writes the eight that the documents show, small enough to be kept. Names given on the
command line take only the pictures whose names begin so.
"""

import argparse
import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from io import BytesIO
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import urlopen

import pypdfium2
from openpyxl import load_workbook
from pictures_board import EMPTY, FROZEN, HOST, MOMENT, VILLAGE, build
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

from noticeboard import shipped
from noticeboard.cli.demo import people

ROOT = Path(__file__).resolve().parent.parent
OUT, DOCS = ROOT / "pictures", ROOT / "docs" / "pictures"
PHONE, DESK = (360, 780), (1366, 768)
PORTRAIT, LANDSCAPE, A4 = (1080, 1920), (1920, 1080), (794, 1123)
TALLEST = 6_000  # of a whole page, in its own pixels; a ledger would be a tower
DOCS_BYTES = 150_000
MOST_SHEETS = 3  # of one poster
STEPS, SLIDES_OF_ONE = 150, 2  # how long a screen is watched, four of its seconds a step

# What the documents show: a picture's name, and how wide it stands there.
SHOWN = {
    "notice-spending-phone": 540,
    "notice-project-phone": 540,
    "village-phone": 540,
    "notice-corrected-phone": 540,
    "poster-ledger-pdf-1": 620,
    "desk-inbox": 1000,
    "desk-form": 1000,
    "screen-portrait-ledger-1": 540,
}


@dataclass(frozen=True)
class Shot:
    """A page to take: its name, where it is, who must be signed in, what its state must say."""

    name: str
    path: str
    login: str = ""
    says: str = ""


def public(codes: dict[str, str]) -> list[Shot]:
    """Give every public page and state."""
    code = codes.__getitem__
    village = f"/v/{VILLAGE}"
    return [
        Shot("home", "/"),
        Shot("home-english", "/?lang=en"),
        Shot("village", village),
        Shot("village-english", f"{village}?lang=en"),
        Shot("village-empty", f"/v/{EMPTY}", says="这里还没有公示"),
        Shot("village-frozen", f"/v/{FROZEN}", says="记录停了"),
        Shot("village-from-the-newspaper", "/v/hujiaping"),
        Shot("notice-spending", f"/n/{code('ledger')}"),
        Shot("notice-spending-month", f"/n/{code('ledger')}?m=2026-02"),
        Shot("notice-subsidy", f"/n/{code('roster')}"),
        Shot("notice-project", f"/n/{code('project')}"),
        Shot("notice-project-facts", f"/n/{code('water')}"),
        Shot("notice-asset", f"/n/{code('assets')}"),
        Shot("notice-contract", f"/n/{code('contracts')}", says="已到期"),
        Shot("notice-labour", f"/n/{code('labour')}"),
        Shot("notice-table", f"/n/{code('seals')}"),
        Shot("notice-contract-english", f"/n/{code('contracts')}?lang=en"),
        Shot("notice-contract-row", f"/n/{code('contracts')}/r/2", says="欠收"),
        Shot("notice-table-row", f"/n/{code('seals')}/r/1"),
        Shot("notice-announcement-late", f"/n/{code('meeting')}", says="原定"),
        Shot("notice-announcement-group", f"/n/{code('group')}"),
        Shot("notice-decision-ended", f"/n/{code('decision')}", says="期满"),
        Shot("notice-corrected", f"/n/{code('collective')}", says="已更正"),
        Shot("notice-corrected-old", f"/n/{code('collective')}/e/1", says="后来改了"),
        Shot("notice-corrected-english", f"/n/{code('collective')}?lang=en"),
        Shot("notice-withdrawn-410", f"/n/{code('mistaken')}", says="已撤下"),
        Shot("notice-redacted", f"/n/{code('relief')}", says="隐去"),
        Shot("notice-row", f"/n/{code('ledger')}/r/17"),
        Shot("notice-row-missing", f"/n/{code('ledger')}/r/9999", says="没有这一行"),
        Shot("notice-paper-unknown", f"/n/{code('ledger')}/{'0' * 26}", says="无法核对"),
        Shot("notice-verify", f"/n/{code('ledger')}/verify", says="内容和公开时记下的一样"),
        Shot("notice-verify-english", f"/n/{code('ledger')}/verify?lang=en"),
        Shot("notice-verify-redacted", f"/n/{code('relief')}/verify", says="按规定隐去"),
        Shot("notice-verify-withdrawn", f"/n/{code('mistaken')}/verify", says="撤下了，记录还在"),
        Shot("keys", f"{village}/keys", says="今天的记录头"),
        Shot("search", f"{village}/search?q=机耕路"),
        Shot("search-nothing", f"{village}/search?q=飞机场", says="没有找到"),
        Shot("search-unasked", f"{village}/search"),
        Shot("corrections", f"{village}/corrections"),
        Shot("projects", f"{village}/projects"),
        Shot("powers", f"{village}/powers"),
        Shot("powers-merged", f"{village}/powers?list=merged", says="本系统归并"),
        Shot("power", f"{village}/powers/P21", says="一步一步怎么办"),
        Shot("power-english", f"{village}/powers/P01?lang=en"),
        Shot("notices", f"{village}/notices"),
        Shot("notices-spending", f"{village}/notices?kind=spending"),
        Shot("projects-empty", f"/v/{EMPTY}/projects", says="这里还没有项目"),
        Shot("missing-404", "/n/00000000", says="没有这个编号的公示"),
        Shot("patterns", "/patterns"),
    ]


def posters(codes: dict[str, str]) -> list[Shot]:
    """Give the papers."""
    kinds = ("ledger", "roster", "project", "decision", "collective", "meeting", "water")
    kinds += ("assets", "contracts", "labour", "seals")
    papers = [Shot(f"poster-{key}", f"/n/{codes[key]}/poster") for key in kinds]
    return [*papers, Shot("poster-keys", f"/v/{VILLAGE}/keys")]


def desk(codes: dict[str, str]) -> list[Shot]:
    """Give the pages of the desk, as clerk, reviewer, keeper and township see them."""
    at, code = f"/desk/{VILLAGE}", codes.__getitem__
    return [
        Shot("desk-signin", "/desk/signin"),
        Shot("desk-signin-code", "/desk/signin/code"),
        Shot("desk-villages", "/desk", "anna"),
        Shot("desk-inbox", at, "anna"),
        Shot("desk-form", f"{at}/drafts/{code('half')}", "anna"),
        Shot("desk-form-table", f"{at}/drafts/{code('table')}", "anna"),
        Shot("desk-form-contract", f"{at}/drafts/{code('contract')}", "anna"),
        Shot("desk-check", f"{at}/drafts/{code('half')}/check", "anna"),
        Shot("desk-form-photo", f"{at}/drafts/{code('photo')}", "anna"),
        Shot("desk-photos", f"{at}/drafts/{code('photo')}/files", "anna"),
        Shot("desk-check-photo", f"{at}/drafts/{code('photo')}/check", "anna"),
        Shot("desk-notice", f"{at}/notices/{code('ledger')}", "anna"),
        Shot("desk-notice-withdrawn", f"{at}/notices/{code('mistaken')}", "anna", "已撤下"),
        Shot("desk-account", "/desk/account", "anna"),
        Shot("desk-inbox-reviewer", at, "ben"),
        Shot("desk-review", f"{at}/notices/{code('waiting')}/review", "ben"),
        Shot("desk-inbox-township", at, "mei"),
        Shot("desk-people", f"{at}/people", "admin"),
        Shot("desk-screens", f"{at}/screens", "admin"),
        Shot("desk-frozen", f"/desk/{FROZEN}", "admin", "记录停了"),
        Shot("desk-missing", f"{at}/notices/00000000", "anna"),
    ]


class Camera:
    """Takes pictures with one browser; knows where the server is and where pictures go."""

    def __init__(self, browser: Browser, base: str, wanted: tuple[str, ...]) -> None:
        """Point at a server; `wanted` are beginnings of names, none for all."""
        self.browser, self.base, self.wanted = browser, base, wanted
        self.taken: list[str] = []
        self.failed: list[str] = []

    def wants(self, name: str) -> bool:
        """Say whether a picture, or one of several whose names begin so, is to be taken."""
        near = (name.startswith(one) or one.startswith(name) for one in self.wanted)
        return not self.wanted or any(near)

    def context(self, size: tuple[int, int], *, sharp: float = 1) -> BrowserContext:
        """Open a window of a size; `sharp` device pixels to one of its own."""
        width, height = size
        return self.browser.new_context(
            viewport={"width": width, "height": height},
            device_scale_factor=sharp,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )

    def goto(self, page: Page, path: str, *, settled: bool = False) -> None:
        """Open a page of the server; one that it cannot make is remembered as failed."""
        answer = page.goto(self.base + path, wait_until="networkidle" if settled else "load")
        if answer is None or answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            self.failed.append(path)

    def take(self, page: Page, shot: Shot, name: str, *, settled: bool = False) -> None:
        """Open a page, see that it is in the state it is taken for, and keep what is seen."""
        self.goto(page, shot.path, settled=settled)
        self.said(page, name, shot.says)
        self.view(page, name)

    def said(self, page: Page, name: str, words: str) -> None:
        """See that a page says its state; a picture of another state is remembered as failed."""
        if words not in page.inner_text("body"):
            self.failed.append(f"{name} (does not say {words})")

    def view(self, page: Page, name: str) -> None:
        """Keep what is seen without scrolling."""
        page.screenshot(path=OUT / f"{name}.png")
        self.told(name)

    def whole(self, page: Page, name: str) -> None:
        """Keep the page below as well, if it goes on below."""
        size = page.viewport_size
        assert size is not None
        height = page.evaluate("document.documentElement.scrollHeight")
        if height > size["height"]:
            clip = {"x": 0, "y": 0, "width": size["width"], "height": min(height, TALLEST)}
            page.screenshot(path=OUT / f"{name}-whole.png", full_page=True, clip=clip)
            self.told(f"{name}-whole")
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > size["width"]:
            print(f"  {name}: {wide} px wide, the window has {size['width']}")

    def told(self, name: str) -> None:
        """Say that a picture is there."""
        self.taken.append(name)
        print(f"  {name}.png", flush=True)


def take_public(camera: Camera, shots: list[Shot]) -> None:
    """Take public pages on the phone, and on a desk's screen."""
    for suffix, size, sharp in (("phone", PHONE, 2.0), ("desk", DESK, 1.0)):
        wanted = [shot for shot in shots if camera.wants(f"{shot.name}-{suffix}")]
        with camera.context(size, sharp=sharp) as context:
            page = context.new_page()
            for shot in wanted:
                camera.take(page, shot, f"{shot.name}-{suffix}")
                if suffix == "phone":
                    camera.whole(page, f"{shot.name}-{suffix}")


def take_magnified(camera: Camera, shots: list[Shot]) -> None:
    """Take what breaks first: the narrowest phone, and text at twice its size."""
    kinds = ("village", "notice-spending", "notice-subsidy", "notice-project", "notice-corrected")
    kinds += ("notice-asset", "notice-contract", "notice-labour", "notice-table")
    kinds += ("notice-verify", "keys")
    with camera.context((320, 640)) as context:
        page = context.new_page()
        for shot in shots:
            name = f"{shot.name}-narrow-200"
            if shot.name in kinds and camera.wants(name):
                camera.goto(page, shot.path)
                page.evaluate("document.documentElement.style.fontSize = '36px'")
                camera.view(page, name)
                camera.whole(page, name)


def take_posters(camera: Camera, shots: list[Shot]) -> None:
    """Take the papers as seen in a browser, and as printed: each sheet of the PDF."""
    with camera.context(A4) as context:
        page = context.new_page()
        for shot in shots:
            if not camera.wants(shot.name):
                continue
            camera.goto(page, shot.path)
            camera.view(page, shot.name)
            printed = page.pdf(prefer_css_page_size=True, print_background=True)
            sheets = islice(pypdfium2.PdfDocument(printed), MOST_SHEETS)
            for number, sheet in enumerate(sheets, 1):
                name = f"{shot.name}-pdf-{number}"
                sheet.render(scale=2).to_pil().save(OUT / f"{name}.png")
                camera.told(name)
            page.goto("about:blank")


def take_desk(camera: Camera, shots: list[Shot]) -> None:
    """Take the desk on an old PC's screen, and on a phone."""
    passwords = {person.login: person.password for person in people()}
    for suffix, size, sharp in (("", DESK, 1.0), ("-phone", PHONE, 2.0)):
        wanted = [shot for shot in shots if camera.wants(f"{shot.name}{suffix}")]
        for login in dict.fromkeys(shot.login for shot in wanted):
            with camera.context(size, sharp=sharp) as context:
                page = context.new_page()
                if login:
                    _sign_in(page, camera.base, login, passwords[login])
                for shot in wanted:
                    if shot.login == login:
                        camera.take(page, shot, f"{shot.name}{suffix}", settled=True)
                        camera.whole(page, f"{shot.name}{suffix}")


def _sign_in(page: Page, base: str, login: str, password: str) -> None:
    page.goto(f"{base}/desk/signin")
    page.fill("#login", login)
    page.fill("#password", password)
    page.click("form button")
    page.wait_for_url(lambda url: "signin" not in url)


def take_import(camera: Camera) -> None:
    """Take what a workbook meets at the desk: refused with every place named, and understood."""
    if not camera.wants("desk-import"):
        return
    good = shipped("data") / "demo" / "ledger-2026q1.xlsx"
    password = {person.login: person.password for person in people()}["anna"]
    with camera.context(DESK) as context, TemporaryDirectory() as folder:
        page = context.new_page()
        _sign_in(page, camera.base, "anna", password)
        for name, book in (
            ("desk-import-refused", _spoiled(good, Path(folder))),
            ("desk-import", good),
        ):
            page.goto(f"{camera.base}/desk/{VILLAGE}")
            page.set_input_files("#workbook", book)
            page.click("form.drop button")
            page.wait_for_load_state("networkidle")
            camera.view(page, name)
            camera.whole(page, name)


def _spoiled(good: Path, folder: Path) -> Path:
    """Write into a ledger what people write into ledgers."""
    book = load_workbook(good)
    sheet = book.worksheets[0]
    amounts = [cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, float)]
    amounts[7].value = "1200左右"
    amounts[20].value = (amounts[20].value or 0) + 1
    spoiled = folder / "ledger.xlsx"
    book.save(spoiled)
    return spoiled


def take_screens(camera: Camera, server: subprocess.Popen[bytes], codes: dict[str, str]) -> None:
    """Take every slide of the hall screens; then cut the server off and look again."""
    halls = [
        ("screen-portrait", f"{VILLAGE}-hall", PORTRAIT),
        ("screen-landscape", f"{VILLAGE}-office", LANDSCAPE),
        ("screen-newspaper", "hujiaping-hall", PORTRAIT),
        ("screen-empty", f"{EMPTY}-hall", PORTRAIT),
    ]
    wanted = [hall for hall in halls if camera.wants(hall[0])]
    with ExitStack() as stack:
        pages = []
        for name, screen, size in wanted:
            page = stack.enter_context(camera.context(size)).new_page()
            # The player's time is ours to move: a whole round in a moment.
            page.clock.install(time=MOMENT)
            page.goto(f"{camera.base}/kiosk/{screen}")
            page.wait_for_selector(".pool.shown article")
            _round(camera, page, name, {code: key for key, code in codes.items()})
            pages.append((name, page))
        for name, page in pages[:2]:
            _alarmed(camera, page, name)
        if pages:
            server.kill()
            server.wait()
        for name, page in pages:
            for _ in range(20):
                page.clock.run_for(10_000)
                page.wait_for_timeout(20)
            page.wait_for_timeout(600)
            camera.said(page, f"{name}-offline", "网络断了")
            camera.view(page, f"{name}-offline")


def _alarmed(camera: Camera, page: Page, name: str) -> None:
    """Tell a screen of a log with fewer entries than it saw; then of the true one again."""

    def shorter(route: Route) -> None:
        answer = route.fetch()
        told = json.loads(answer.headers["noticeboard-log"])
        told["head"]["size"] -= 5
        headers = {**answer.headers, "noticeboard-log": json.dumps(told)}
        route.fulfill(status=answer.status, headers=headers, body=b"")

    page.route("**/playlist.json", shorter)
    # In small steps, or an answer that takes real time comes too late for the player's own clock.
    for _ in range(60):
        if page.locator("#alarm").is_visible():
            break
        page.clock.run_for(2_000)
        page.wait_for_timeout(150)
    page.wait_for_timeout(600)
    camera.view(page, f"{name}-alarm")
    page.unroute_all(behavior="ignoreErrors")


def _round(camera: Camera, page: Page, name: str, keys: dict[str, str]) -> None:
    """Take the slides as they come, of each notice its first two, named by what they are of."""
    seen: list[str] = []
    for _ in range(STEPS):
        # Of the two that fade into each other the one that comes has a name.
        coming = page.query_selector(".pool.shown:not([data-slide=''])[data-slide]")
        slide = (coming and coming.get_attribute("data-slide")) or ""
        of = keys.get(slide.split("-")[0], slide)
        alike = sum(keys.get(one.split("-")[0], one) == of for one in seen)
        if slide and slide not in seen and alike < SLIDES_OF_ONE:
            seen.append(slide)
            # The fade is the browser's own and takes real time.
            page.wait_for_timeout(600)
            camera.view(page, f"{name}-{of}-{alike + 1}")
            over = page.evaluate("document.getElementById('stage').dataset.overflow || ''")
            if over:
                print(f"  {name}-{of}-{alike + 1}: does not fit: {over}")
        page.clock.run_for(4_000)
        page.wait_for_timeout(20)


@contextmanager
def served(home: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Serve the home in a process that stands at the moment; gives its address and the process."""
    with socket.socket() as asked:
        asked.bind((HOST, 0))
        port = asked.getsockname()[1]
    command = [sys.executable, str(Path(__file__).with_name("pictures_board.py")), str(home)]
    server = subprocess.Popen([*command, str(port)])
    base = f"http://{HOST}:{port}"
    try:
        for _ in range(200):
            with suppress(OSError), urlopen(f"{base}/") as answer:
                if answer.status == HTTPStatus.OK:
                    break
            time.sleep(0.1)
        else:
            raise TimeoutError("the board does not answer")
        yield base, server
    finally:
        server.terminate()
        server.wait(timeout=10)


def keep_for_docs() -> None:
    """Write the pictures of the documents, in as many colours as fit."""
    DOCS.mkdir(parents=True, exist_ok=True)
    for name, width in SHOWN.items():
        picture = Image.open(OUT / f"{name}.png").convert("RGB")
        height = round(picture.height * width / picture.width)
        small = picture.resize((width, height), Image.Resampling.LANCZOS)
        for colours in (256, 128, 64, 32, 16):
            held = BytesIO()
            small.quantize(colours, dither=Image.Dither.NONE).save(held, "PNG", optimize=True)
            if held.tell() <= DOCS_BYTES:
                break
        (DOCS / f"{name}.png").write_bytes(held.getvalue())
        print(f"  docs/pictures/{name}.png, {held.tell():,} bytes, {colours} colours")


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--docs", action="store_true", help="also write those of the documents")
    parser.add_argument("names", nargs="*", help="only pictures whose names begin so")
    options = parser.parse_args()
    wanted = tuple(SHOWN) if options.docs and not options.names else tuple(options.names)
    OUT.mkdir(exist_ok=True)
    with TemporaryDirectory(prefix="noticeboard-pictures-") as folder:
        home = Path(folder) / "home"
        codes = build(home)
        with served(home) as (base, server), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=_chromium(), args=["--no-sandbox"])
            camera = Camera(browser, base, wanted)
            take_public(camera, public(codes))
            take_magnified(camera, public(codes))
            take_posters(camera, posters(codes))
            take_desk(camera, desk(codes))
            take_import(camera)
            take_screens(camera, server, codes)
            browser.close()
    if options.docs:
        keep_for_docs()
    print(f"{len(camera.taken)} pictures in {OUT.relative_to(ROOT)}/")
    if camera.failed:
        sys.exit(f"Not as they should be: {' '.join(camera.failed)}")


def _chromium() -> str:
    found = shutil.which("chromium")
    if found is None:
        sys.exit("Chromium is missing. Install it with: sudo apt install chromium")
    return found


if __name__ == "__main__":
    main()
