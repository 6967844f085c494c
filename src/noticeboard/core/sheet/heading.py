"""What the lines above the header say: which village and body, which period, which unit."""

import re
from collections.abc import Sequence

from msgspec import Struct

from noticeboard.core.particulars import Publisher
from noticeboard.core.sheet.cells import folded, key, words
from noticeboard.core.sheet.headers import Headers, Programme
from noticeboard.core.sheet.lexicon import UNIT_SAID, unit_named
from noticeboard.core.sheet.periods import covers_in

# What may follow a village's name. A name ends with its first 村 or 社区 that one of these follows,
# so that 杏花村委会 and 杏花村民委员会 give 杏花村.
_VILLAGE = re.compile(
    r"(?P<name>[\u4e00-\u9fff]{1,8}?(?:村|社区))"
    r"(?=民委|民小组|村级|村集体|村内|委会|委员会|两委|级|务|账|帐|村民委员会|村委|村务|支部|股份"
    r"|经济|集体|合作社|理财|监督|的"
    r"|党|财务|收支|收入|支出|现金|银行|惠|补贴|低保|项目|资产|合同|第?[一二三四]季|[元上下]|\d"
    r"|[一二][〇零○]|[一二三四五六七八九十]+[月至]|[()]|\s|$)"
)
# 居委会 is the body of a community: 杏花居委会.
_COMMUNITY = re.compile(r"(?P<name>[\u4e00-\u9fff]{1,8}?)(?<!社区)(?=居委会|居民委员会)")
# What stands before a village's own name: 示例镇, 第一季度.
_BEFORE = re.compile(r".*(?:镇|乡|街道|办事处|县|市|季度|年度|年|月份?|日)")
_ENDS_BEFORE = re.compile(r"(?:.*[镇乡道处县市区季度年月份日])?")
# Not the name of any village.
_NO_NAME = re.compile(r".*(?:农|全|本|各|我|乡|行政|建制|驻|下)村|(?:.*[本全各])?社区|村")
_LABEL = re.compile(r"(?P<label>[\u4e00-\u9fff]{2,8})(?:\([^()]*\))?:\s*(?P<value>[^\s:]*)")
# 村主任: 报账员: are two names without words; what stands before a colon is the next name.
_SIGNED = re.compile(
    r"(?P<label>[\u4e00-\u9fff]{1,12})(?:\([^()]*\))?:\s*(?P<value>[^\s:]*)(?=\s|$)"
)
_NUMBERS = re.compile(r"\d{6,}")
# 一、收入 and (二)支出部分 head a part of a sheet, below its title.
_SECTION = re.compile(r"\(?[一二三四五六七八九十]{1,3}[)、.](?P<name>.{1,12})")
_ANNEX = re.compile(r"^附(?:件|表)?[\d一二三四五六七八九十]*:")
_NAMELESS = re.compile(r"(?:sheet|工作表|表)\d*")


class Heading(Struct, frozen=True, kw_only=True):
    """What was read above the header. `unit` is in fen; None where nothing is said.

    `others` are names of villages that are not ours; `like` is one that only ends like ours, and
    `file_says` one that only the file's name has. `section` is the part of the sheet that this
    table is (收入部分); `units` are all that are named, of which there should be one.
    """

    text: str
    section: str = ""
    units: tuple[int, ...] = ()
    file_says: str = ""
    covers: str | None = None
    unit: int | None = None
    publisher: Publisher = "committee"
    account: str = ""
    basis: str = ""
    others: tuple[str, ...] = ()
    like: str = ""
    programme: str = ""


def read(
    titles: Sequence[str],
    sheet: str,
    village: str,
    headers: Headers,
    file: str = "",
    below: Sequence[str] = (),
) -> Heading:
    """Read the texts above a header, a table's own before those of its sheet.

    The unit may stand `below` the table too. `sheet` is the sheet's name, `file` the workbook's (it
    counts least), `village` ours.
    """
    labels = _labels(titles, headers)
    plain = [title for title in titles if not _LABEL.match(folded(title))]
    sections = {title: match["name"] for title in plain if (match := _section(title))}
    text = next((title for title in plain if title not in sections), "")
    bodies = labels.get("body", [])
    # Any 单位: may name a village, 制表单位:杏花村 as well as the body that publishes.
    naming = [*plain, *bodies, *_said_of_bodies(titles), sheet]
    others, like = _villages(naming, village)
    ours = any(key(village) in key(said) for said in naming)
    elsewhere = () if ours or others or like else _villages([file], village)[0]
    said = " ".join([*plain, *bodies])
    units = _units((*titles, *below))
    account = next(iter(labels.get("account", ())), "")
    return Heading(
        text=text,
        section=next(iter(sections.values()), ""),
        covers=_period([*plain, *labels.get("period", ())], (sheet, file)),
        unit=units[0] if units else None,
        units=units,
        file_says=next(iter(elsewhere), ""),
        publisher="collective" if any(word in said for word in headers.collective) else "committee",
        # A bank's number has no place in what an account is called.
        account="" if _NUMBERS.search(account) else account,
        basis=next(iter(labels.get("basis", ())), ""),
        others=others,
        like=like,
        programme=next(iter(labels.get("programme", ())), ""),
    )


def _section(title: str) -> re.Match[str] | None:
    return _SECTION.fullmatch(key(title))


def _units(titles: Sequence[str]) -> tuple[int, ...]:
    """Give the units that are named, each once, in their order."""
    named = (m["unit"] for title in titles for m in UNIT_SAID.finditer(folded(title)))
    return tuple(dict.fromkeys(fen for unit in named if (fen := unit_named(unit))))


def signed(texts: Sequence[str], headers: Headers) -> tuple[tuple[str, str], ...]:
    """Give what signatures and remarks say: 公开时间 2026年4月10日, 监督电话 12388; none empty."""
    footers = frozenset(headers.footers)
    found = (match for text in texts for match in _SIGNED.finditer(folded(text)))
    said = ((match["label"], match["value"]) for match in found if match["label"] in footers)
    return tuple((label, value) for label, value in said if value.strip("_-()"))


def _labels(titles: Sequence[str], headers: Headers) -> dict[str, list[str]]:
    """Give the values of labelled texts: 填报单位(盖章):某某村村民委员会 is a `body`."""
    meaning = {key(word): label for label, listed in headers.labels.items() for word in listed}
    found: dict[str, list[str]] = {}
    for title in titles:
        for match in _LABEL.finditer(folded(title)):
            if label := meaning.get(match["label"]):
                found.setdefault(label, []).append(match["value"])
    return found


def _said_of_bodies(titles: Sequence[str]) -> list[str]:
    every = (match for title in titles for match in _LABEL.finditer(folded(title)))
    return [match["value"] for match in every if match["label"].endswith("单位")]


def _period(texts: Sequence[str], names: Sequence[str]) -> str | None:
    every = (*texts, *names)
    covers = next((found for text in every if (found := covers_in(text))), None)
    if covers and len(covers) == len("2026"):
        # The heading may give the year for all sheets, and each sheet's name its month.
        closer = (covers_in(f"{covers}年{key(text)}") for text in every)
        return next((found for found in closer if found and found != covers), covers)
    return covers


def _villages(texts: Sequence[str], village: str) -> tuple[tuple[str, ...], str]:
    """Give the names of other villages, and a name that ends as ours does but begins otherwise."""
    ours = key(village)
    others: list[str] = []
    like = ""
    for text in texts:
        said = [match["name"] for match in _VILLAGE.finditer(folded(text))]
        said += [f"{match['name']}社区" for match in _COMMUNITY.finditer(folded(text))]
        for whole in said:
            if whole.endswith(ours):
                if not _ENDS_BEFORE.fullmatch(whole.removesuffix(ours)):
                    like = whole
            elif not _NO_NAME.fullmatch(name := _BEFORE.sub("", whole) or whole):
                others.append(name)
    return tuple(dict.fromkeys(others)), like


def title_of(heading: Heading, sheet: str, village: str, headers: Headers, file: str = "") -> str:
    """Make the notice's title: the heading without the township and the form's own words."""
    name = file if file and _NAMELESS.fullmatch(key(sheet)) else sheet
    text = words(heading.text) or words(name)
    folded_text = "".join(folded(text).split())
    for mark in headers.title_marks:
        folded_text = folded_text.replace(key(mark), "")
    folded_text = _ANNEX.sub("", folded_text)
    start = folded_text.find(key(village))
    if start > 0 and re.fullmatch(r".*[镇乡县市区道处]", folded_text[:start]):
        folded_text = folded_text[start:]
    title = without_ending(folded_text, headers.title_endings) or words(name)
    return f"{title}（{heading.section}）" if heading.section else title


def without_ending(text: str, endings: Sequence[str]) -> str:
    """Cut the endings off, one after the other, as long as something is left."""
    while True:
        ending = next((e for e in endings if text.endswith(e) and text != e), None)
        if ending is None:
            return text
        text = text.removesuffix(ending)


_PERIOD = re.compile(
    r"(?:(?:19|20)\d\d|[一二][〇零○一二三四五六七八九]{3})年?度?"
    r"(?:第?[一二三四1-4]季度?|\d{1,2}月?[-—~至到]\d{1,2}月|\d{1,2}月份?|[上下]半年)?"
)


def programme_of(title: str, village: str, headers: Headers) -> tuple[str, Programme | None]:
    """Give a roster's programme, and what is known of it; the title without village and period."""
    known = next((p for p in headers.programmes if any(word in title for word in p.words)), None)
    if known:
        return known.name, known
    bare = _PERIOD.sub("", title.replace(key(village), ""))
    return without_ending(bare, headers.programme_endings), None
