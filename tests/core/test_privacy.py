"""No full identity, phone or card number passes, however spelled; ordinary ledgers do pass."""

from datetime import date, timedelta
from enum import Enum

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from noticeboard.core.privacy import Leak, leaks, scan, texts

AREAS = ["110101", "432502", "431382", "510107", "650102", "710000", "820000", "370102"]
WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
SEPARATORS = [" ", "\u3000", "\u00a0", "\u2009", "-", "－", "–", "‑", ".", "．", "·", "  ", " - "]
NEIGHBOURS = ["", "身份证", "李某", "：", "(", "）", "，", "元", "\n", "、"]


def checked(first: str) -> str:
    """Append the check digit of ISO 7064 MOD 11-2, by the weights of GB 11643."""
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    total = sum(int(sign) * weight for sign, weight in zip(first, weights, strict=True))
    return first + "10X98765432"[total % 11]


def luhn(first: str) -> str:
    """Append Luhn's check digit."""
    doubled = [int(s) * (2 if place % 2 == 0 else 1) for place, s in enumerate(reversed(first))]
    return first + str(-sum(value // 10 + value % 10 for value in doubled) % 10)


def kinds(text: str) -> list[str]:
    return [leak.kind for leak in leaks(text)]


birthdays = st.integers(0, 73_000).map(lambda days: date(1900, 1, 1) + timedelta(days))
bodies = st.tuples(st.sampled_from(AREAS), birthdays, st.integers(0, 999)).map(
    lambda parts: f"{parts[0]}{parts[1]:%Y%m%d}{parts[2]:03}"
)
identities = bodies.map(checked)
mobiles = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
cards = st.from_regex(r"(62|4[0-9])[0-9]{13,16}|(5[1-5]|95)[0-9]{13}", fullmatch=True).map(luhn)


@st.composite
def spelled(
    draw: st.DrawFn, numbers: st.SearchStrategy[str], sizes: tuple[int, ...] = (4, 6, 8)
) -> tuple[str, str]:
    """Write a number in some way that people do: which digits are wide, what stands between."""
    number = draw(numbers)
    way = draw(st.sampled_from(["plain", "wide", "small", "each", "mixed", "hidden", "joints"]))
    separator = draw(st.sampled_from(SEPARATORS))
    match way:
        case "plain":
            text = number
        case "wide":
            text = number.translate(WIDE)
        case "small":
            text = number.replace("X", draw(st.sampled_from("xｘХ×")))
        case "each":
            text = separator.join(number)
        case "hidden":
            text = "\u200b".join(number)
        case "joints":
            size = draw(st.sampled_from(sizes))
            text = separator.join(number[at : at + size] for at in range(0, len(number), size))
        case _:
            text = "".join(
                draw(st.sampled_from(["", "", *SEPARATORS])) * (at > 0)
                + draw(st.sampled_from([sign, sign.translate(WIDE)]))
                for at, sign in enumerate(number)
            )
    return number, text


@given(spelled(identities), st.sampled_from(NEIGHBOURS), st.sampled_from(NEIGHBOURS))
def test_every_identity_number_is_found(written: tuple[str, str], before: str, after: str) -> None:
    """Any valid number, in any spelling, between Chinese characters without a space."""
    number, text = written
    [leak] = leaks(before + text + after)
    assert "identity" == leak.kind
    assert (len(before), len(before) + len(text)) == (leak.start, leak.end)
    assert f"{number[:4]}…{number[-2:]}" == leak.masked


@given(bodies, st.sampled_from("0123456789X"))
def test_a_mistyped_check_digit_hides_nothing(body: str, last: str) -> None:
    """Province and date are enough in one piece, and in the pieces people write."""
    assert ["identity"] == kinds(f"李某{body}{last}")
    assert ["identity"] == kinds(f"李某 {body[:6]} {body[6:14]} {body[14:]}{last}")


@given(st.sampled_from(AREAS), birthdays, st.integers(0, 999))
def test_old_identity_numbers_are_found(area: str, day: date, sequence: int) -> None:
    """15 digits: province, two digits of the year, month and day."""
    number = f"{area}{day:%y%m%d}{sequence:03}"
    if day.strftime("%m%d") != "0229":  # of which years is not said in two digits
        assert ["identity"] == kinds(f"户主{number}（已故）")
        assert ["identity"] == kinds(number.translate(WIDE))


@given(
    spelled(mobiles, (2, 3, 4, 7)).filter(
        lambda written: "." not in written[1] and "．" not in written[1]
    )
)
def test_every_mobile_number_is_found(written: tuple[str, str]) -> None:
    """Dots apart, which can make an amount of two digits, any even spelling is found."""
    number, text = written
    groups = len("".join(c if c.isdigit() else " " for c in text.replace("\u200b", "")).split())
    if groups in {1, 2, 3, 4, 11}:
        [leak] = leaks(f"电话{text}找他")
        assert ("phone", f"{number[:3]}…{number[-2:]}") == (leak.kind, leak.masked)


@pytest.mark.parametrize(
    "text",
    [
        "13800138000",
        "+8613800138000",
        "+86 138 0013 8000",
        "0086-138-0013-8000",
        "8613800138000",
        "013800138000",
        "138.0013.8000",
        "138 00 138 000",
        "１３８－００１３－８０００",
        "1️⃣3️⃣8️⃣0️⃣0️⃣1️⃣3️⃣8️⃣0️⃣0️⃣0️⃣",
        "电话-138 0013 8000",
        "2026-01-15 13800138000",
        "20260115 13800138000",
        "2026-01-15 138 0013 8000 1,286.50",
        "记-5 13800138000 1,200.00",
        "13800 138000",
    ],
)
def test_mobile_numbers_as_people_write_them(text: str) -> None:
    """With prefixes, dots and keycaps, and beside dates, vouchers and amounts."""
    assert ["phone"] == kinds(text)


@given(cards, st.sampled_from(SEPARATORS), st.booleans())
def test_every_card_number_is_found(number: str, separator: str, wide: bool) -> None:
    """16 to 19 digits by Luhn, in one piece and in fours, whatever stands between."""
    for text in [number, separator.join(number[a : a + 4] for a in range(0, len(number), 4))]:
        found = leaks(f"卡号{text.translate(WIDE) if wide else text}。")
        assert 1 == len(found)
        assert number[:4] == found[0].masked[:4]


@pytest.mark.parametrize(
    "text",
    ["6222021234567890128", "622202 1234567890128", "4111-1111-1111-1111", "5555 5555 5555 4444"],
)
def test_cards_as_people_write_them(text: str) -> None:
    """19 digits whole and after their first six; 16 in fours."""
    assert ["card"] == kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "付王某等6人清淤误工(12工×100)",
        "记-5 付村部2024年12月电费 1,286.50 73,923.86",
        "2025.1.8 记-3 拨入2025年一季度村级运转经费 30,000.00 75,210.36",
        "20250216 记-9 付三组机耕路运砂4车(劳务) 1,200元",
        "2025-3-6 转-2 1200 72723.86",
        "凭证号 20260105001",
        "2026-01-15 2026-01-16 2026-01-17 2026-01-18",
        "2022-01-15 2022-02-20 2022-03-20 2022-04-11",
        "20220115 20220220 20220320",
        "2026.1.5 - 2026.12.31",
        "1999-12-31 123",
        "1985-03 12345",
        "12,345,678.00 13,800.13 8,000.00",
        "1380.01 38000",
        "138.50 200.00 300.00",
        "1,380,013,800.00",
        "记-138 0013 8000",
        "转字第13号 80013 8000",
        "1.5 1.12 1.20 2.3 2",
        "监督电话：0738-4412345、12388",
        "电话138****5678，身份证4325**********1234，卡号后四位 0128",
        "138\n0013\n8000",
        "138,0013,8000",
        "138组0013号8000元",
        "合同编号 2026010500010001234",
        "发票代码4300190011 12345678",
        "项目代码2020-431382-48-01-012345",
        "1950立方米 336万元 308户1120人",
        "公示 2026年1月15日8:00至2026年1月22日8:00",
        "K7Q210MZ 00041061050R3GG28A1C60T3GF",
    ],
)
def test_ordinary_ledgers_pass(text: str) -> None:
    """Dates, vouchers, amounts, landlines and masked numbers are no leak, nor make one."""
    assert () == leaks(text)


@given(
    st.lists(
        st.one_of(
            st.dates(date(1990, 1, 1), date(2035, 12, 31)).map(lambda day: f"{day:%Y-%m-%d}"),
            st.dates(date(1990, 1, 1), date(2035, 12, 31)).map(lambda day: f"{day:%Y%m%d}"),
            st.integers(0, 10**9).map(lambda fen: f"{fen // 100:,}.{fen % 100:02}"),
            st.integers(0, 10**8).map(lambda fen: f"{fen // 100}.{fen % 100:02}"),
            st.integers(1, 999).map(lambda voucher: f"记-{voucher}"),
        ),
        max_size=6,
    )
)
def test_typed_numbers_make_no_number_together(cells: list[str]) -> None:
    """A whole line of dates, vouchers and amounts with only spaces between gives nothing."""
    assert () == leaks(" ".join(cells))


def test_glued_identity_numbers_are_found() -> None:
    """A serial number in front or a phone number behind does not hide one with its check digit."""
    number = checked("43250219900101123")
    assert [Leak("identity", 1, 19, f"4325…{number[-2:]}")] == list(leaks("7" + number))
    assert ["identity"] == kinds(number + "13800138000")
    assert ["identity", "identity"] == kinds(number + number)
    assert ["identity", "phone"] == kinds(f"{number} 13800138000")


def test_an_organisations_credit_code_passes() -> None:
    """An all-digit GB 32100 code is public, though Luhn or MOD 11-2 may call it a leak."""
    signs = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    codes = []
    for serial in range(2000):
        first = f"914313827{serial:08}"
        total = sum(int(s) * pow(3, place, 31) for place, s in enumerate(first))
        codes.append(first + signs[-total % 31])
    unlucky = [code for code in codes if luhn(code[:-1]) == code or checked(code[:-1]) == code]
    assert unlucky
    assert [] == [code for code in unlucky if leaks(code)]


def test_the_villages_own_phones_may_stand() -> None:
    """Only the listed number passes, in any spelling; its neighbour does not."""
    allowed = frozenset({"13800138000"})
    assert () == leaks("值班电话 138-0013-8000、+8613800138000", allowed)
    assert 1 == len(leaks("13800138000、13900139000", allowed))


def test_a_finding_says_what_where_and_what_to_do() -> None:
    """In Chinese, with the place, and never with the full number."""
    [finding] = scan([("第 3 行 摘要", "付李某13800138000"), ("第 4 行 摘要", "电费")])
    assert "第 3 行 摘要" == finding.where
    assert "138…00" == finding.value
    assert "13800138000" not in str(finding)
    assert "请删去" in finding.fix


class Colour(Enum):
    """A closed list of texts."""

    RED = "红"


class Row(Struct):
    """A row with a typed amount."""

    summary: str
    fen: int
    day: date | None = None
    tags: tuple[str, ...] = ()
    more: dict[str, object] = {}


def test_typed_numbers_are_not_texts() -> None:
    """Every text is given with its place, also keys; integers, dates and None are not."""
    row = Row("电费", 13800138000, date(2026, 1, 15), ("甲", "乙"), {"颜色": Colour.RED, "数": 1})
    assert [
        ("明细 第 1 项 摘要", "电费"),
        ("明细 第 1 项 标签 第 1 项", "甲"),
        ("明细 第 1 项 标签 第 2 项", "乙"),
        ("明细 第 1 项 more", "颜色"),
        ("明细 第 1 项 more 颜色", "红"),
        ("明细 第 1 项 more", "数"),
    ] == list(texts([row], "明细", {"summary": "摘要", "tags": "标签"}))
    assert () == scan(texts(row))


@pytest.mark.parametrize("value", [1.5, b"13800138000", object()])
def test_nothing_passes_unread(value: object) -> None:
    """A type the walk does not know stops it; silence would be a hole."""
    with pytest.raises(TypeError, match="cannot be scanned"):
        list(texts({"x": value}))
