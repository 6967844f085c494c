"""What a notice's page must say: its title, and each row's amount and words at that row's place."""

import html
import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from noticeboard.core.columns import held, row_fields
from noticeboard.core.households import are_sums
from noticeboard.core.money import yuan
from noticeboard.core.particulars import (
    AssetRow,
    Assets,
    Content,
    ContractRow,
    Decision,
    Labour,
    LabourRow,
    Project,
    ProjectRow,
    Row,
    Spending,
    SpendingRow,
    Subsidy,
    SubsidyRow,
    TableRow,
)

_ROW: Final = re.compile(r'<li[^>]*\bid="?r(\d+)"?')
_SPLIT: Final = re.compile(r'href="?(/n/[0-9A-Z]{8}\?m=[^"#>\s]+)')
_UNREAD: Final = re.compile(r"<(script|style)\b.*?</\1>", re.DOTALL)
_TAGS: Final = re.compile(r"<[^>]*>")
_SPACE: Final = re.compile(r"\s")
_EDGE: Final = "\N{REPLACEMENT CHARACTER}"


def others(page: str, path: str) -> list[str]:
    """Give the addresses of the other parts of a page that was split for being large."""
    found = {html.unescape(one) for one in _SPLIT.findall(page)}
    return sorted(one for one in found if one.startswith(f"{path}?"))


def unsaid(pages: list[str], content: Content, *, names: bool) -> Iterator[str]:
    """Name what a page does not say of a content; `pages` are its parts, one where it is whole.

    Without `names`, and of a list of sums, only sums stand where each row would be a person's.
    """
    whole = _read("".join(pages))
    if _bare(content.title) not in whole.replace(_EDGE, ""):
        yield "页面上的题目不是这一版的。"
    missing = [one for one in _sums(content) if not _says(whole, one)]
    rows = {number: text for page in pages for number, text in _rows(page)}
    alone = isinstance(content.particulars, Subsidy) and (
        not names or are_sums(content.particulars.rows)
    )
    for row in () if alone else content.particulars.rows:
        amounts, words = _stated(content, row)
        text = rows.get(row.id, "")
        # Two amounts of a row may be the same: each has to stand there.
        missing += [one for one, n in Counter(amounts).items() if not _says(text, one, n)]
        missing += [one for one in words if _bare(one) not in text.replace(_EDGE, "")]
    if missing:
        yield f"页面上没有写，或者写得不一样：{'、'.join(missing[:5])}。"


def _sums(content: Content) -> list[str]:
    match content.particulars:
        case Spending() as ledger:
            return [yuan(abs(ledger.opening)), yuan(abs(ledger.closing))]
        case Subsidy() as roster:
            return [yuan(abs(roster.total))]
        case Decision(amount=int(amount)):
            return [yuan(abs(amount))]
        case Labour() as labour:
            return [yuan(abs(labour.total))]
        case Assets() as register:
            stated = (register.original, register.net)
            return [yuan(abs(one)) for one in stated if one is not None]
        case Project() | _:
            return []


def _stated(content: Content, row: Row) -> tuple[list[str], list[str]]:
    """Give a row's amounts and words, as its own line must have them."""
    match row:
        case AssetRow():
            return _amounts(row.original, row.net), [row.name, *_if(row.keeper)]
        case ContractRow():
            amounts = _amounts(row.rent, row.total, row.paid, row.owed or None)
            return amounts, [row.subject, *_if(row.party)]
        case LabourRow():
            return _amounts(row.amount), [row.work, *_if(row.name)]
        case TableRow():
            cells = [(field.read, held(field, row)) for field in row_fields(content)]
            amounts = _amounts(*(cell for read, cell in cells if read == "money"))
            return amounts, [cell for read, cell in cells if read == "text" and cell]
        case SpendingRow():
            amounts = [yuan(abs(one)) for one in (row.income, row.expense) if one]
            return amounts, [row.summary, *([row.payee] if row.payee else [])]
        case SubsidyRow():
            return [yuan(abs(row.amount))], [row.name] if row.name else []
        case ProjectRow(amount=int(amount)):
            return [yuan(abs(amount))], [row.text]
    return [], []


def _amounts(*stated: int | None) -> list[str]:
    return [yuan(abs(amount)) for amount in stated if amount is not None]


def _if(name: str | None) -> list[str]:
    return [name] if name else []


def _rows(page: str) -> Iterator[tuple[int, str]]:
    pieces = _ROW.split(page)
    for number, text in zip(pieces[1::2], pieces[2::2], strict=True):
        yield int(number), _read(f"<li{text.partition('</li>')[0].partition('</ul>')[0]}")


def _read(page: str) -> str:
    """Give what stands on a page, without spaces, with an edge wherever a tag parts two pieces."""
    read = _TAGS.sub(_EDGE, _UNREAD.sub("", page).replace("<wbr>", ""))
    return _bare(html.unescape(read))


def _bare(text: str) -> str:
    return _SPACE.sub("", text)


def _says(text: str, amount: str, times: int = 1) -> bool:
    """Say whether an amount stands so often in a text, not as a piece of a longer one."""
    return len(re.findall(rf"(?<![\d.,]){re.escape(amount)}(?!\d)", text)) >= times
