"""No full identity, phone or card number passes, however spelled; ordinary ledgers do pass."""

from datetime import date, timedelta
from enum import Enum

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from noticeboard.core.privacy import Leak, harmless, leaks, masked, scan, texts, unseen

AREAS = ["110101", "432502", "431382", "510107", "650102", "710000", "820000", "370102"]
WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
SEPARATORS = [" ", "\u3000", "\u00a0", "\u2009", "-", "－", "–", "‑", ".", "．", "·", "  ", " - "]
FAR = ["\n", " \n", "\r\n", "\n\n", "/", "／", " / ", "|", "\t", "   ", "    ", "\u3000" * 4]
SQUARED, ROUND = "⁰¹²³⁴⁵⁶⁷⁸⁹", "⓪①②③④⑤⑥⑦⑧⑨"
LOOKALIKES = [SQUARED, ROUND, "🄁🄂🄃🄄🄅🄆🄇🄈🄉🄊", "⓿❶❷❸❹❺❻❼❽❾", "〇一二三四五六七八九", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗"]
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
long_cards = st.from_regex(r"62[0-9]{16}", fullmatch=True).map(luhn)


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


def split(number: str, sizes: tuple[int, ...], separators: list[str]) -> str:
    """Write a number in groups, with the separators in turn between them."""
    text, at = number[: sizes[0]], sizes[0]
    for size, separator in zip(sizes[1:], separators, strict=False):
        text, at = text + separator + number[at : at + size], at + size
    return text


@given(st.sampled_from([identities, mobiles, cards]), st.sampled_from(LOOKALIKES), st.data())
def test_what_looks_like_digits_counts_as_digits(
    numbers: st.SearchStrategy[str], signs: str, data: st.DataObject
) -> None:
    """Circled, raised, mathematical and Chinese digits, all of them or some."""
    number = data.draw(numbers)
    alike = dict(zip("0123456789", signs, strict=True))
    text = "".join(alike.get(s, s) if data.draw(st.booleans()) else s for s in number)
    [leak] = leaks(f"电话{text}。")
    assert (2, 2 + len(text)) == (leak.start, leak.end)
    assert number[-2:] == leak.masked[-2:]


@given(mobiles, st.sampled_from([*ROUND, *SQUARED, "⑩", "⑬", "⒊", "⑴", "㎡", "三", "½"]))
def test_a_mark_beside_a_number_does_not_hide_it(number: str, mark: str) -> None:
    """The ① of a list and the ² of a square metre are not digits of what stands beside them."""
    for text in (f"{mark}{number}", f"{number}{mark}", f"电话{mark}{number}{mark}"):
        [leak] = leaks(text)
        assert ("phone", text.index(number)) == (leak.kind, leak.start)


@given(
    st.one_of(
        st.tuples(identities, st.sampled_from([(6, 8, 4), (6, 4, 4, 4), (6, 12), (14, 4)])),
        st.tuples(mobiles, st.sampled_from([(3, 4, 4), (3, 8)])),
        st.tuples(mobiles.map("86".__add__), st.sampled_from([(2, 3, 4, 4), (5, 4, 4)])),
        st.tuples(long_cards, st.just((4, 4, 4, 4, 3))),
    ),
    st.lists(st.sampled_from(FAR), min_size=4, max_size=4),
    st.sampled_from(["-", " ", "   ", "/"]),
    st.integers(0, 3),
)
def test_numbers_far_apart_are_found(
    written: tuple[str, tuple[int, ...]], separators: list[str], near: str, place: int
) -> None:
    """In the groups people write, over a line's end, with slashes and several spaces."""
    number, sizes = written
    if len(sizes) > 2 and all("\n" in s or "\t" in s for s in separators[: len(sizes) - 1]):
        separators[place % (len(sizes) - 1)] = near  # or it is a column
    if sizes[1] == 8 and len(sizes) == 2 and ("1950" <= number[3:7] < "2100"):
        return  # an amount and a date, as far as anybody knows
    text = split(number, sizes, separators)
    found = leaks(f"联系{text}，")
    assert [(2, 2 + len(text))] == [(leak.start, leak.end) for leak in found]


@given(identities, st.integers(1, 17), st.sampled_from(FAR))
def test_an_identity_number_wraps_anywhere(number: str, at: int, gap: str) -> None:
    """The check digit proves any two pieces, but not a typed date with something behind it."""
    text = f"{number[:at]}{gap}{number[at:]}"
    if at not in {8, 10} and not (at == 17 and text.endswith("X")):
        assert ["identity"] == kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "138 1234\n5678",
        "138\n12345678",
        "138-1234-\n5678",
        "138/1234/5678",
        "138／1234／5678",
        "138|1234|5678",
        "138   12345678",
        "138    1234    5678",
        "+86 138 1234\r\n5678",
        "1/3/8/1/2/3/4/5/6/7/8",
        "①③⑧①②③④⑤⑥⑦⑧",
        "⑬⑧①②③④⑤⑥⑦⑧",
        "𝟏𝟑𝟖𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖",
        "138¹²³⁴⁵⁶⁷⁸",
        "一三八一二三四五六七八",
        "①三8 12³4 5６七8",
    ],
)
def test_phones_that_were_once_missed(text: str) -> None:
    """Over lines, with slashes, far apart, and in digits that only look like digits."""
    assert ["phone"] == kinds(text)


whole = st.integers(0, 10**8 - 1).map(str)
fen = st.integers(0, 10**9).map(lambda fen: f"{fen // 100}.{fen % 100:02}")
days = st.dates(date(1990, 1, 1), date(2035, 12, 31))


@given(
    st.one_of(
        st.lists(st.integers(0, 10**6 - 1).map(str), min_size=3),
        st.lists(st.integers(0, 9999).map("{:04}".format), min_size=3),
        st.lists(days.map("{:%Y%m%d}".format)),
        st.lists(st.one_of(fen, days.map("{:%Y-%m-%d}".format), days.map("{:%Y/%m/%d}".format))),
    ),
    st.sampled_from(["\n", "\r\n", "\n\n", "\t"]),
)
def test_a_column_of_numbers_is_no_number(cells: list[str], gap: str) -> None:
    """Amounts, last four digits, dates: each on its own line, there is nothing to find."""
    assert () == leaks(gap.join(cells))


@given(st.lists(st.tuples(days, st.integers(1, 999), fen, fen), max_size=8))
def test_a_ledger_over_several_lines_passes(rows: list[tuple[date, int, str, str]]) -> None:
    """Lines of date, voucher, amount and balance in any spacing people use."""
    for gap in (" ", "   ", "\t"):
        lines = (gap.join([f"{d:%Y/%m/%d}", f"记-{n}", paid, left]) for d, n, paid, left in rows)
        assert () == leaks("\n".join(lines))


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
        "138\n1234\n5678",
        "6222\n0212\n3456\n7890\n128",
        "1500000\n2000",
        "138\n20260115",
        "100\n12工×100\n300",
        "110000\n20260115\n1200",
        "2026/1/15 2026/01/16\n2026/1/17",
        "1200/500/300元",
        "①1200元②500元③13800元 38000元",
        "10㎡ 20m² 300m³ 4000m²",
        "一二三四五六组",
        "二〇二六年一月十五日",
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


@pytest.mark.parametrize(
    "turned", ["\u202e43214321831\u202c", "\u202e00083100831", "\u2067甲\u2069"]
)
def test_a_text_that_is_turned_round_is_refused(turned: str) -> None:
    """A reader would see the digits the right way round; the finding shows code points only."""
    [finding] = scan([("标题", f"联系{turned}")])
    assert ("标题", "有看不见的、会把文字倒过来的字符") == (finding.where, finding.text)
    assert finding.value.startswith(f"U+{ord(turned[0]):04X}")
    assert turned not in str(finding)


@given(
    st.text("甲乙12"),
    st.one_of(
        st.characters(categories=["Cc", "Cf"], exclude_characters="\n\t"),
        st.sampled_from("\u3164\u2800"),
    ),
    st.text("甲乙12"),
)
def test_characters_nobody_sees_are_named(before: str, hidden: str, after: str) -> None:
    """Every control and format character, also between Chinese characters and digits."""
    assert (hidden,) == unseen(before + hidden + after)


@pytest.mark.parametrize(
    "text",
    [
        "一\n二\t三 四\u3000五\u00a0六",
        "👨\u200d👩\u200d👧",
        "❤️\u200d🔥",
        "1️⃣",
        "می\u200cخواهم",
        "ᠬᠠᠭ\u180eᠠ",
    ],
)
def test_joiners_stay_where_writing_needs_them(text: str) -> None:
    """Families, Arabic letters and Mongolian vowels are written with them; so are line ends."""
    assert () == unseen(text)


@given(
    st.lists(
        spelled(identities).map(lambda written: written[1])
        | spelled(mobiles).map(lambda written: written[1])
        | st.sampled_from(LOOKALIKES).map(lambda signs: f"付{signs}元")
        | st.text("0123456789一二两零〇十百壹①² -\0\n村民款，", max_size=40)
        | st.text(max_size=30),
        max_size=5,
    )
)
def test_what_is_harmless_at_a_glance_is_harmless(written: list[str]) -> None:
    """A glance at many texts at once never passes over what a closer look would find."""
    if harmless(written):
        assert () == scan(("", text) for text in written)


def test_everyday_texts_are_seen_to_be_harmless_at_a_glance() -> None:
    """Else the glance would be of no use: names, days, vouchers, purposes, amounts."""
    assert harmless(["石立秋", "2026-01-15", "记-12345", "付三组运砂4车（劳务）", "￥1,234.50", ""])
    assert harmless([])
    assert not harmless(["石立秋", "13800138000"])
    assert not harmless(["一三八〇〇一三八〇〇〇"])
    assert not harmless(["石\u202e立秋"])


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


@pytest.mark.parametrize(
    "text",
    [
        "残疾证43999919680512001542",
        "43999919710408203731号",
        "４３９９９９１９７１０４０８２０３７３１",
    ],
)
def test_a_disability_certificate_is_its_bearer_s_identity(text: str) -> None:
    """Twenty digits: the identity number, whatever its check digit, with kind and grade."""
    assert [("identity", "4399…")] == [(leak.kind, leak.masked[:5]) for leak in leaks(text)]
    assert "4399991" not in masked(text)


def test_twenty_digits_of_an_invoice_are_nobody_s() -> None:
    """No province begins with the year of an invoice, and no kind of disability is 8."""
    assert () == leaks("发票25432000000012345678、43999919710408203781")
