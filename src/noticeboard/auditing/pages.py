"""What a villager sees against the leaves: the list of notices, each page, each edition's data."""

import re
from collections.abc import Iterator
from typing import Any, Final

import msgspec

from noticeboard.auditing import wording
from noticeboard.auditing.listed import Judge, named
from noticeboard.auditing.opened import Read
from noticeboard.auditing.reading import Reader
from noticeboard.auditing.report import Where
from noticeboard.board.public import Listing
from noticeboard.core.notice import Edition, Notice, published
from noticeboard.core.people import Profile
from noticeboard.core.problems import UNREADABLE
from noticeboard.core.shapes import Shape
from noticeboard.core.visible import standing, visible
from noticeboard.formats.exports import json_file
from noticeboard.net.client import Answer
from noticeboard.show import addresses
from noticeboard.show.data import document
from noticeboard.show.facts import Facts, Place
from noticeboard.show.listing import MOST
from noticeboard.show.views_village import RECENT, RUNNING

_DOCUMENT = Shape(dict[str, Any])
_OK, _MISSING, _GONE = 200, 404, 410
_NOTICE: Final = re.compile(r'href="/n/([0-9A-HJKMNP-TV-Z]{8})["?]')
# What went up in a former log stands on the page of the village too; that log answers for it.
_FORMER: Final = re.compile(r'<section id="(?P<log>[^"]+\.\d+)">.*?</section>', re.DOTALL)
_TAGS: Final = re.compile(r"<[^>]*>|\s")
_MOST_PAGES: Final = 1_000


class Pages:
    """Looks at a board's pages as a villager's phone does, and compares them with the leaves."""

    def __init__(self, reader: Reader, judge: Judge, listing: Listing) -> None:
        """Look at the pages of the village whose list this is."""
        self.reader, self.judge, self.listing = reader, judge, listing

    def index(self) -> Iterator[Where]:
        """Leaf through the list of notices: nothing missing that may be seen, nothing besides."""
        yield from self._listed(set(self._leafed()), f"/v/{self.listing.village}/notices")

    def _listed(self, shown: set[str], where: str) -> Iterator[Where]:
        ups = sorted(
            (
                (-up.at, notice.code, self.judge.may_show(notice, notice.current, "feed"))
                for notice in self.judge.state.notices.values()
                if notice.current is not None and (up := published(notice.current)) is not None
            ),
        )
        for _at, code, may in ups[:MOST]:
            if "nothing" not in may and code not in shown:
                yield where, f"公示 {code} 按记录应该列出，页面上却没有。"
        yield from self._besides(shown, where)

    def _besides(self, shown: set[str], where: str) -> Iterator[Where]:
        found = [(one, one.current) for one in self.judge.state.notices.values()]
        listable = {
            notice.code
            for notice, current in found
            if current is not None
            and published(current) is not None
            and self.judge.may_show(notice, current, "feed") != {"nothing"}
        }
        for code in sorted(shown - listable):
            yield where, f"页面上列出公示 {code}，按记录却不该有。"

    def board(self) -> Iterator[Where]:
        """Look at the village's own page: what asks for objections, and the newest, stand there."""
        where = addresses.village(self.listing.village)
        shown = set(_NOTICE.findall(_FORMER.sub("", _text(self.reader.page(where)))))
        asking, recent = [], []
        for notice, edition, up in self.judge.editions():
            if edition is notice.current and "up" in self.judge.may_stand(notice, edition):
                item = self.judge.rules.catalogue.get(edition.item or "")
                until = up.period.until if item is not None and item.mode == "公示" else None
                sure = self.judge.may_stand(notice, edition) == {"up"}
                if until is not None:
                    asking.append((until, notice.code, sure))
                else:
                    recent.append((-up.at, notice.code, sure))
        for code in (*_first(asking, RUNNING), *_first(recent, RECENT)):
            if code not in shown:
                yield where, f"公示 {code} 按记录应该在这里，页面上却没有。"
        yield from self._besides(shown, where)
        yield from self._former()

    def _former(self) -> Iterator[Where]:
        """Look at what the page of the log that goes on says of this one, if this one stopped."""
        code, dot, _ = self.listing.village.partition(".")
        if not dot:
            return
        where = addresses.village(code)
        for section in _FORMER.finditer(_text(self.reader.page(where))):
            if section["log"] == self.listing.village:
                yield from self._besides(set(_NOTICE.findall(section[0])), where)

    def _leafed(self) -> Iterator[str]:
        path = f"/v/{self.listing.village}/notices"
        for page in range(1, _MOST_PAGES):
            answer = self.reader.page(path if page == 1 else f"{path}?page={page}")
            text = _text(answer)
            yield from _NOTICE.findall(text)
            if f'{path}?page={page + 1}"' not in text:
                return

    def notices(self) -> Iterator[Where]:
        """Open the page of each notice: it answers as the leaves say, for the edition they say."""
        found = list(self.judge.state.notices.values())
        answers = self.reader.pages(addresses.notice(notice.code) for notice in found)
        for notice, answer in zip(found, answers, strict=True):
            yield from self._page(notice, answer)

    def _page(self, notice: Notice, answer: Answer) -> Iterator[Where]:
        where, current = addresses.notice(notice.code), notice.current
        up = published(current) if current is not None else None
        if current is None or up is None:
            if answer.status != _MISSING:
                yield where, f"还没有公开过，页面却答了 {answer.status}。"
            return
        may = self.judge.may_show(notice, current, "page")
        known = {_OK for showing in may if showing in ("full", "figures")}
        known |= {_GONE for showing in may if showing in ("tombstone", "nothing")}
        if answer.status == _GONE and _OK in known and self._wordless(notice, current):
            return
        if answer.status not in known:
            yield where, f"页面答了 {answer.status}，按记录应该是 {min(known)}。"
        elif answer.status == _OK:
            printed = self.judge.state.printed.get(up.publish, "")
            if printed not in _TAGS.sub("", _text(answer)):
                yield where, "页面上的指纹不是现在这一版的。"

    def _wordless(self, notice: Notice, edition: Edition) -> bool:
        acts = self.judge.state.erasing.get(notice.code, [])
        return any("text" in act.parts and index > edition.of for index, act in acts)

    def words(self, read: Read) -> Iterator[Where]:
        """Read the page of a notice: its title, and each amount that its bodies state."""
        notice, edition, stated = read.notice, read.edition, read.stated
        showing = self.judge.may_show(notice, edition, "page")
        if notice.current is not edition or stated is None or not showing <= {"full", "figures"}:
            return
        path = addresses.notice(notice.code)
        first = _text(self.reader.page(path))
        rest = [_text(one) for one in self.reader.pages(wording.others(first, path))]
        names = showing == {"full"}
        for what in wording.unsaid([first, *rest], stated.content, names=names):
            yield path, what

    def data(self, read: Read) -> Iterator[Where]:
        """Compare the data of an edition that was once public with what its bodies state."""
        notice, edition, up = read.notice, read.edition, published(read.edition)
        paths = [f"{addresses.edition(notice.code, edition.ed)}.json"]
        if notice.current is edition:
            paths.append(f"{addresses.notice(notice.code)}.json")
        for path, answer in zip(paths, self.reader.pages(paths), strict=True):
            where = f"{named(notice.code, edition.ed, up.no if up else '')} {path}"
            try:
                yield from ((where, what) for what in self._document(read, answer))
            except (ValueError, OverflowError) as error:  # dates that no calendar has
                yield where, f"读它的数据时出错：{error!r}"

    def _document(self, read: Read, answer: Answer) -> Iterator[str]:
        try:
            served: dict[str, Any] = _DOCUMENT.of_json(answer.body)
        except UNREADABLE:
            yield f"数据读不懂，答了 {answer.status}。"
            return
        base = str(served.get("address", "")).removesuffix(addresses.notice(read.notice.code))
        _drop_unknown(served)
        differ: set[str] = set()
        for at in self.judge.moments:
            known = self._expected(read, base, at)
            _leave_open(known, served)
            differ = {
                key for key in known.keys() | served.keys() if known.get(key) != served.get(key)
            }
            status = _OK if known["shown"] in ("full", "figures") else _GONE
            if not differ and answer.status == status:
                return
        yield f"数据和记录对不上：{'、'.join(sorted(differ)) or answer.status}。"

    def _expected(self, read: Read, base: str, at: int) -> dict[str, Any]:
        """Make the document of an edition from leaves and bodies alone."""
        notice, edition, rules = read.notice, read.edition, self.judge.rules
        place = Place(
            code=self.listing.village,
            profile=Profile(name=""),
            village=self.judge.state.village,
            revision=0,
            people={},
            rules=rules,
            root="",
        )
        facts = Facts(
            place=place,
            notice=notice,
            edition=edition,
            showing=visible(notice, edition, "json", at, rules),
            standing=standing(notice, edition, at),
            stated=read.stated,
            item=rules.catalogue.get(edition.item or ""),
            at=at,
        )
        made = document(facts, None, frozenset(self.listing.files), base)
        known: dict[str, Any] = msgspec.json.decode(json_file(made))
        _drop_unknown(known)
        return known


def _drop_unknown(document: dict[str, Any]) -> None:
    """Leave out what a reader of the log cannot know, since it stands on the board alone."""
    for key in ("village", "demo", "address"):
        document.pop(key, None)
    posted = document.get("posted")
    for one in posted if isinstance(posted, list) else ():
        if isinstance(one, dict):
            one.pop("wall", None)


def _leave_open(known: dict[str, Any], served: dict[str, Any]) -> None:
    """Take over what leaves and public bodies do not settle."""
    if "content" not in known and "title" in served:
        known["title"] = served["title"]  # a tombstone's
    if known["shown"] == "figures" and "nameless_rows" in served:
        known["nameless_rows"] = served["nameless_rows"]  # whose names, nobody may read any more
    content, other = known.get("content"), served.get("content")
    if isinstance(content, dict) and isinstance(other, dict) and "publisher" not in other:
        content.pop("publisher", None)  # a demo told from a newspaper is nobody's official notice


def _first(found: list[tuple[int, str, bool]], most: int) -> list[str]:
    """Give the codes that surely are among the first so many; `found` has a key, a code, how sure.

    What is not sure, or has the same key as the first one behind, may stand there or not.
    """
    found = sorted(found)
    behind = found[most][0] if len(found) > most else None
    return [code for key, code, sure in found[:most] if sure and key != behind]


def _text(answer: Answer) -> str:
    return answer.body.decode("utf-8", "replace")
