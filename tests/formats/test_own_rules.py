"""A county's own rules over the shipped ones: a small folder is enough, a mistake has its line."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from noticeboard import shipped
from noticeboard.core import packs
from noticeboard.core.problems import NotValid
from noticeboard.core.rules import decode
from noticeboard.formats.rules import load, load_over

HEAD = """own:
  name: 示例县
  english: A county
  jurisdiction: 示例县
"""
# The number of a paper that does not exist.
PAPER = "示例农发〔2026〕1号"
OWN = f"""{HEAD}  parent: hunan
  deadlines:
    quarter: {{days: 8, force: county, document: {PAPER}, source: [paper 3], verified: yes}}
  notices:
    D39: {{n: 9, unit: day, source: [paper 4], verified: yes}}
"""
SOURCES = """sources:
  paper: {title: 示例县村务公开办法, version: 2026, jurisdiction: 示例县, extent: full}
"""


@pytest.fixture
def county(tmp_path: Path) -> Callable[..., Path]:
    """Give a folder of a county with these files."""

    def make(**files: str) -> Path:
        for name, text in files.items():
            path = tmp_path / "county" / f"{name.replace('_', '/')}.yaml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        return tmp_path / "county"

    return make


def refused(folder: Path) -> list[str]:
    with pytest.raises(NotValid) as problem:
        load_over(folder)
    return [str(finding) for finding in problem.value.findings]


def test_two_small_files_make_a_county(county: Callable[..., Path]) -> None:
    """Its own numbers win, everything else stays as shipped, its paper stands among the sources."""
    rules = decode(load_over(county(packs_own=OWN, sources=SOURCES)))
    mine = packs.deadline(rules, "own", "D18")
    assert mine is not None
    assert (8, "county", PAPER) == (mine.days, mine.force, mine.document)
    assert 15 == packs.deadline(rules, "hunan", "D18").days  # type: ignore[union-attr]
    assert 9 == packs.notice_days(rules, "own", "D39").n  # type: ignore[union-attr]
    before = decode(load())
    assert before.catalogue == rules.catalogue
    assert {*before.sources, "paper"} == set(rules.sources)


def test_the_folder_that_the_docs_write_is_one(county: Callable[..., Path]) -> None:
    """Whoever copies the example from docs/rules.md has rules that can be adopted."""
    text = (Path(__file__).parents[2] / "docs" / "rules.md").read_text("utf-8")
    blocks = re.findall(r"^```\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    sources, pack, reading = (
        next(block for block in blocks if block.startswith(begins))
        for begins in ("sources:", "benxian:", "county:")
    )
    folder = county(sources=sources, packs_benxian=pack, readings_county=reading)
    rules = decode(load_over(folder))
    assert ("month",) == packs.rhythms(rules, "benxian", "D17")
    assert "03-31" == packs.deadline(rules, "benxian", "D16").on  # type: ignore[union-attr]
    assert 30_000_000 == packs.threshold(rules, "benxian", "tender").fen  # type: ignore[union-attr]
    assert "county" in rules.readings


def test_a_file_of_the_same_name_stands_instead_of_the_shipped_one(
    county: Callable[..., Path],
) -> None:
    """So a county changes an item of the catalogue, or brings its own list of powers."""
    party = """D15:
  name: 党支部的承诺
  english: The branch's promises
  category: 党务
  bodies: [party]
  cadence: [year]
  kinds: [announcement]
  mode: 公开
  audience: villagers
  source: [general-knowledge]
  verified: general-knowledge
"""
    with_d14 = party.replace("D15", "D14").replace("承诺", "组织生活")
    rules = decode(load_over(county(catalogue_party=party + with_d14)))
    assert "党支部的承诺" == rules.catalogue["D15"].name
    assert decode(load()).catalogue["D17"] == rules.catalogue["D17"]


def test_the_shipped_folder_over_itself_is_itself() -> None:
    """Whoever copied the whole folder before may go on with it."""
    assert load() == load_over(shipped("data"))


@pytest.mark.parametrize(
    ("parent", "line", "sentence"),
    [
        ("  parent: hunann\n", 5, "没有这个规则包。（hunann）只能写：chongqing、hunan、"),
        ("", 1, "没有写上一级。例如 parent: national。"),
        ("  parent: own\n", 5, "规则包的上一级绕成了一圈。上一级要一直通到 national。"),
    ],
    ids=["unknown", "none", "itself"],
)
def test_a_pack_stands_on_another_down_to_the_country(
    county: Callable[..., Path], parent: str, line: int, sentence: str
) -> None:
    """Else a village that goes by it would be without the numbers of everybody."""
    (said,) = refused(county(packs_own=HEAD + parent))
    assert said.startswith(f"county/packs/own.yaml 第 {line} 行：{sentence}"), said


RESTS = "source: [L2], verified: no"


@pytest.mark.parametrize(
    ("table", "entry", "sentence"),
    [
        (
            "deadlines",
            f"D99: {{days: 1, {RESTS}}}",
            "目录里没有这一项。（D99）写公开目录里的编号，",
        ),
        ("deadlines", f"D17-weekly: {{days: 1, {RESTS}}}", "目录里没有这一项。（D17-weekly）"),
        (
            "stays",
            f"quarter: {{n: 1, unit: day, {RESTS}}}",
            "目录里没有这一项。（quarter）写公开目录里的编号，例如 D17；或者 default。",
        ),
        (
            "cadences",
            f"D99: {{cadence: [month], {RESTS}}}",
            "目录里没有这一项。（D99）写公开目录里的编号，例如 D17。",
        ),
        (
            "deadlines",
            f'year: {{on: "02-30", {RESTS}}}',
            "没有这一天。（02-30）写月和日，例如 04-08",
        ),
        (
            "deadlines",
            f'year: {{on: "04-08", days: 3, {RESTS}}}',
            "写了 on（哪一天），就不能再写 days（几天）。请删掉一个。",
        ),
        (
            "deadlines",
            f"D36: {{before: true, {RESTS}}}",
            "写了 before，还要写 event：在什么事以前。例如 event: assembly。",
        ),
        (
            "quorums",
            f'party: {{name: 党员, english: P, passed: ">=3/2 due", {RESTS}}}',
            "这个份数比全部还多。（>=3/2 due）例如 >=2/3 members。",
        ),
        (
            "quorums",
            f'party: {{name: 党员, english: P, passed: ">1/2 chairs", {RESTS}}}',
            "“passed”不是这样写的。（>1/2 chairs）",
        ),
        ("deadlines", "quarter: {days: 8, verified: no}", "缺少“source”。"),
        ("deadlines", "quarter: {days: 8, source: [L2]}", "缺少“verified”。"),
        (
            "deadlines",
            "quarter: {days: 8, source: [L1], verified: yes}",
            "写了 verified: yes，但出处里没有一份通读过的现行文本。",
        ),
        ("deadlines", f"quarter: {{days: -8, {RESTS}}}", "“days”要写整数。（-8）"),
        (
            "deadlines",
            f"quarter: {{days: 8, force: must, {RESTS}}}",
            "“force”不能这样写。（must）只能写：county、law、practice。",
        ),
    ],
)
def test_a_mistake_in_a_pack_is_named_at_its_line(
    county: Callable[..., Path], table: str, entry: str, sentence: str
) -> None:
    """One mistake, one sentence: file, line, what is wrong, what to write."""
    body = f"{HEAD}  parent: hunan\n  {table}:\n    {entry}\n"
    (said,) = refused(county(packs_own=body))
    assert said.startswith(f"county/packs/own.yaml 第 7 行：{sentence}"), said


def test_an_item_that_ends_before_it_begins_is_named(county: Callable[..., Path]) -> None:
    """Years of an item of one's own."""
    item = """X01:
  name: 本县加的
  english: Of this county
  category: 村务
  bodies: [committee]
  cadence: [quarter]
  kinds: [announcement]
  mode: 公开
  audience: villagers
  since: 2026
  until: 2025
  source: [general-knowledge]
  verified: general-knowledge
"""
    assert ["county/catalogue/own.yaml 第 11 行：停用的年份早于开始的年份。（2025）"] == refused(
        county(catalogue_own=item)
    )


def test_a_pack_of_a_shipped_name_needs_the_shipped_files_name(
    county: Callable[..., Path],
) -> None:
    """Else one of two of a name would win by luck."""
    own = OWN.replace("own:", "hunan:").replace("parent: hunan", "parent: national")
    (said,) = refused(county(packs_own=own, sources=SOURCES))
    assert "county/packs/own.yaml 第 1 行：“hunan”写了两次。第一次在 data/packs/hunan.yaml" in said


def test_a_limit_that_no_pack_has_is_named_at_the_power(county: Callable[..., Path]) -> None:
    """Else the page of the power would pass over it in silence."""
    text = (shipped("data") / "powers" / "finance.yaml").read_text("utf-8")
    line = text.split("thresholds: [cash, card]")[0].count("\n") + 1
    broken = text.replace("thresholds: [cash, card]", "thresholds: [cash, cards]")
    (said,) = refused(county(powers_finance=broken))
    assert said.startswith(
        f"county/powers/finance.yaml 第 {line} 行：没有哪个规则包写了这个限额。（cards）只能写："
    )


def test_what_nobody_would_read_is_named(county: Callable[..., Path]) -> None:
    """A folder misspelt, a file with another ending, a folder without rules."""
    folder = county(packs_own=OWN, sources=SOURCES, pack_other=OWN)
    (folder / "packs" / "more.yml").write_text("x: y")
    assert [
        "county/pack：不认识这个文件，没有人会读它。只能放：",
        "county/packs/more.yml：不认识这个文件，没有人会读它。文件名要以 .yaml 结尾。",
    ] == [said.split("accounts.yaml")[0] for said in refused(folder)]


def test_a_folder_without_rules_is_named(tmp_path: Path) -> None:
    """An empty folder is a mistake, not the shipped rules."""
    assert [f"{tmp_path.name}/.：这个文件夹里没有规则。例如放一个 packs/本县.yaml。"] == refused(
        tmp_path
    )
