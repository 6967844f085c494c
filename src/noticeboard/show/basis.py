"""What a rule rests on, in words that a page prints: the text, its article, how sure that is."""

import re
from collections.abc import Iterable
from typing import Final

from noticeboard.core.rules import Rules
from noticeboard.core.sourced import Source, Verified
from noticeboard.show.texts import Text, Words, text

_ARTICLE: Final = re.compile(r"(\D*)(\d{1,2})(?:\((\d{1,2})\))?")
_DIGITS: Final = "零一二三四五六七八九"
_OWN: Final = {
    "general-knowledge": text("通用做法，未核"),
    "board-design": text("本公开栏的约定"),
}


def words(rules: Rules, citations: Iterable[str], verified: Verified) -> Words:
    """Say what a rule rests on: 《…》第四十六条（读过全文）.

    Of a text no longer in force its year is named, and that the number in the new one is unknown.
    """
    citations = tuple(citations)
    cited = [_cited(rules, citation) for citation in citations]
    own = [citation.split(" ")[0] in _OWN for citation in citations]
    said: Words = cited[0] if cited else _OWN["general-knowledge"]
    for one in cited[1:]:
        said = text("{before}；{after}", before=said, after=one)
    if all(own):
        return said
    if verified == "yes":
        return text("{basis}（读过全文）", basis=said)
    return said if _says_so(rules, citations) else text("{basis}（未核）", basis=said)


def _says_so(rules: Rules, citations: Iterable[str]) -> bool:
    """Say whether each text itself says already that it is not certain."""
    found = (rules.sources.get(citation.split(" ")[0]) for citation in citations)
    return all(source is not None and source.superseded for source in found)


def _cited(rules: Rules, citation: str) -> Text:
    tag, _, where = citation.partition(" ")
    source = rules.sources.get(tag)
    if tag in _OWN:
        return text("{where}（没有读过原文）", where=where) if where else _OWN[tag]
    # A law named within a title stands in single marks.
    title = source.title.replace("《", "〈").replace("》", "〉") if source else tag
    article = _article(where)
    if source and source.superseded:
        return _superseded(source, article)
    return text("《{title}》{article}", title=title, article=article)


def _superseded(source: Source, article: Text) -> Text:
    return text(
        "《{title}》{year}年文本{article}；现行条号待核",
        title=source.title,
        year=source.version[:4],
        article=article,
    )


def _article(where: str) -> Text:
    found = _ARTICLE.fullmatch(where)
    if found is None:
        return Text(where, english=f" {where}" if where else "")
    place, number, item = found.groups()
    chinese = f"{place}第{_chinese(int(number))}条"
    english = f" {place} Art. {number}" if place else f" Art. {number}"
    if item:
        chinese, english = f"{chinese}第（{_chinese(int(item))}）项", f"{english}({item})"
    return Text(chinese, english=english)


def _chinese(number: int) -> str:
    """Say a number below a hundred as laws number their articles: 三十, 四十六."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else f"{'' if tens == 1 else _DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones or not tens else "")
