"""The shipped rule files say what they should, and a mistake in one is named by file and line."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from noticeboard import shipped
from noticeboard.core.people import CLOCK_OFFICE
from noticeboard.core.problems import NotValid
from noticeboard.core.rules import Kind, Mode, Rules, bundle_hash, decode
from noticeboard.formats.rules import load

# The names of the 68 duties, in order: what a page prints must never change by accident.
NAMES = """
村民自治章程、村规民约|议事/财务/印章/档案等制度|村情简介、行政区划、班子成员分工、联系方式|任期规划/任期目标
年度工作计划、完成情况|村民会议/代表会议决定事项|决定事项的实施结果|村务监督委员会组成、工作报告
民主评议结果|选民名单|候选人、选举结果、委托投票名单|任期/离任经济责任审计结果
成员名册（集体经济组织）变更|村党组织党费收缴、发展党员、组织生活|党支部年度承诺、述职评议|财务预算（年度财务计划）
财务收支明细 逐项逐笔|财务收支汇总（按科目）|年度决算、资产负债表、收益及收益分配表|债权债务明细
现金/备用金、银行存款余额|重大财务事项|村干部报酬、误工补贴名单与金额|零工（劳务）用工明细
村级招待费/“三公”/会议费|水电费收缴|上级拨款/转移支付到账与使用|社会捐赠款物接收与使用
一事一议筹资筹劳方案、收取、使用|集体资产台账（固定资产）|集体资源台账（山塘、林地、机动地、四荒）
资产资源发包/出租/转让 公告与结果|经济合同台账、到期、欠缴|资产评估结果|对外投资及收益（亏损）
收益分配方案与发放名单|清产核资结果|审计/检查发现与整改情况|工程立项、资金来源、四议记录
招标/询价公告、中标候选人|合同（要点）、施工单位、监理、工期|变更签证|工程款拨付进度
验收报告、结算/决算、审计|项目前后对比照片、管护责任人|征地预公告/补偿安置公告/批准公告
征地补偿费收支与分配名单|宅基地申请公示/审批结果|土地承包方案、调整、流转|低保申请公示
低保在享名单、人数、金额|特困供养/临时救助/医疗救助/慰问|残疾人两项补贴、高龄津贴、孤儿等|防返贫监测对象
危房改造对象、进度、补助|耕地地力保护/种粮/农机/退耕/生态林补贴|公益性岗位、护林员|救灾救济款物发放
城乡医保/养老参保与补贴|教育资助、雨露计划|计划生育政策落实|协助政府工作清单、帮扶单位/驻村工作队
惠农政策告知|村民质询与答复（点题公开）|依1/10村民或1/5代表联名要求公开的事项|集体采购、服务外包
村务公章使用登记|公开情况自查
"""
# Items with a number of notice days in the reference: villagers may object before they are settled.
OBJECTED = """
D01 D06 D10 D13 D14 D29 D32 D34 D36 D37 D39 D40 D44 D46 D47 D48 D49 D50 D52 D54 D55 D56 D57 D60
"""


@pytest.fixture(scope="module")
def bundle() -> bytes:
    return load()


@pytest.fixture(scope="module")
def rules(bundle: bytes) -> Rules:
    return decode(bundle)


def test_the_catalogue_holds_the_68_duties_by_name(rules: Rules) -> None:
    """Every id from D01 to D68 once, under its name."""
    names = NAMES.strip().replace("\n", "|").split("|")
    expected = {f"D{n:02}": name for n, name in enumerate(names, start=1)}
    assert len(expected) == 68
    assert expected == {code: item.name for code, item in rules.catalogue.items()}


def test_every_duty_says_who_when_and_how(rules: Rules) -> None:
    """Somebody answers for it, it has a rhythm, a shape of notice, a source and an English name."""
    for code, item in rules.catalogue.items():
        assert set(item.bodies) <= set(rules.bodies), code
        assert all((item.bodies, item.cadence, item.kinds, item.source)), code
        assert item.english.isascii(), code


def test_every_kind_and_every_body_is_wanted_somewhere(rules: Rules) -> None:
    """A closed list without dead words, but for one that only older bundles say."""
    items = rules.catalogue.values()
    assert set(get_args(Kind)) - {"roster"} == {kind for item in items for kind in item.kinds}
    of_offices = {office.body for office in rules.offices.values()}
    assert set(rules.bodies) == of_offices | {body for item in items for body in item.bodies}


def test_what_villagers_may_object_to_is_posted_for_objection(rules: Rules) -> None:
    """Exactly the items that hang for a number of days before they are settled."""
    posted = {code for code, item in rules.catalogue.items() if item.mode == "公示"}
    assert set(OBJECTED.split()) == posted


def test_only_the_collective_answers_to_its_members_alone(rules: Rules) -> None:
    """Whatever any other body answers for is for every villager."""
    for code, item in rules.catalogue.items():
        if item.audience == "members":
            assert ("collective",) == item.bodies, code


def test_only_what_was_read_and_is_in_force_is_verified(rules: Rules) -> None:
    """The organic law of 2018 alone verifies nothing: its successor has not been read."""
    assert rules.catalogue["D06"].verified == "no"
    assert rules.catalogue["D17"].verified == "yes"
    for code, item in rules.catalogue.items():
        cited = [rules.sources[citation.split(" ")[0]] for citation in item.source]
        stands = any(text.extent == "full" and not text.superseded for text in cited)
        assert stands == (item.verified == "yes"), code
        general = item.source == ("general-knowledge",)
        assert general == (item.verified == "general-knowledge"), code


def test_every_source_listed_is_cited(rules: Rules, bundle: bytes) -> None:
    """No text stands in the list for show."""
    cited = {
        citation.split(" ")[0]
        for record in parts(msgspec.json.decode(bundle))
        if isinstance(record, dict)
        for citation in record.get("source", ())
    }
    assert set(rules.sources) == {tag for tag in cited if tag != "chinesecalendar"}


def test_nobody_but_the_clock_publishes(rules: Rules) -> None:
    """And the clock does nothing else: what goes up was approved, whoever is in a hurry."""
    assert {CLOCK_OFFICE} == {code for code, o in rules.offices.items() if "publish" in o.may}
    assert ("publish",) == rules.offices[CLOCK_OFFICE].may


def test_whoever_hands_out_offices_neither_writes_nor_approves_as_administrator(
    rules: Rules,
) -> None:
    """The administrator keeps accounts and screens and is silent on the board."""
    assert {"appoint", "dismiss", "key"} == set(rules.offices["admin"].may)
    handing = {code for code, office in rules.offices.items() if "appoint" in office.may}
    assert {"admin", "overseer"} == handing
    assert not any("submit" in rules.offices[code].may for code in handing)


def test_only_the_supervision_committee_is_printed_as_such(rules: Rules) -> None:
    """A page says 监委会审核 of nobody else, and the supervisors write nothing they supervise."""
    supervising = {code: office for code, office in rules.offices.items() if office.of_supervision}
    assert {"supervision-head", "supervision-member"} == set(supervising)
    assert all(office.body == "supervision" for office in supervising.values())
    assert not any("submit" in office.may for office in supervising.values())
    assert rules.offices["supervision-head"].printed == "监委会主任"


def test_taking_down_is_open_to_all_who_write_or_approve(rules: Rules) -> None:
    """Taking down is never blocked for want of an office; a second look needs an approver."""
    for code, office in rules.offices.items():
        may = set(office.may)
        if may & {"submit", "approve"}:
            assert {"withdraw", "redact"} <= may, code
        assert ("approve" in may) == ("confirm" in may) == ("return" in may), code


def test_the_grounds_are_closed_lists(rules: Rules) -> None:
    """These and no others: a reason is chosen, never written."""
    expected = {
        "withdraw": "authority-order duplicate minor not-ours personal-data wrong-facts "
        "wrong-person",
        "redact": "authority-order health minor person-asked personal-data",
        "extend": "authority-order objection outage",
        "erase": "authority-order person-asked retention-ended",
        "genesis": "clock-ahead does-not-add-up entries-lost key-lost key-stolen",
    }
    assert {act: set(codes.split()) for act, codes in expected.items()} == {
        act: set(grounds) for act, grounds in rules.grounds.items()
    }


def test_a_tombstone_for_a_leak_does_not_repeat_the_title(rules: Rules) -> None:
    """Where a person is the reason, the title may be what leaked."""
    for act in ("withdraw", "redact"):
        assert rules.grounds[act]["personal-data"].self_leaking
        assert rules.grounds[act]["minor"].self_leaking
    assert not rules.grounds["withdraw"]["authority-order"].self_leaking
    assert not any(ground.self_leaking for ground in rules.grounds["extend"].values())


def test_periods_are_counted_and_suggested_as_data(rules: Rules) -> None:
    """Whole days from the day after, seven for an objection, and something remains of each kind."""
    assert not rules.counting.first_day_counts
    assert rules.counting.verified == "no"
    assert (7, "day", "general-knowledge") == (
        rules.suggestions["公示"].n,
        rules.suggestions["公示"].unit,
        rules.suggestions["公示"].verified,
    )
    assert dict.fromkeys(("withdraw", "redact", "erase"), (3, "working-day")) == {
        act: (span.n, span.unit) for act, span in rules.confirm_within.items()
    }
    assert set(get_args(Mode)) == set(rules.suggestions)
    assert set(get_args(Kind)) == set(rules.after_end)
    assert rules.after_end["subsidy"].page == "figures"
    assert ("full", "nothing") == (
        rules.after_end["announcement"].page,
        rules.after_end["announcement"].lists,
    )


def parts(value: Any) -> Iterator[Any]:
    """Every value inside a JSON value, itself included."""
    yield value
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from parts(item)


def unsourced(value: Any, sourced: bool = False) -> Iterator[int]:
    """The numbers inside a JSON value that stand in no record with a source.

    A table of nothing but numbers belongs to the record that holds it.
    """
    if isinstance(value, dict):
        numbers = bool(value) and all(type(item) is int for item in value.values())
        sourced = bool(value.get("source") and value.get("verified")) or (sourced and numbers)
    for item in value.values() if isinstance(value, dict) else value:
        if type(item) is int and not sourced:
            yield item
        elif isinstance(item, dict | list):
            yield from unsourced(item, sourced)


def test_every_number_has_a_source_and_there_are_no_floats(bundle: bytes) -> None:
    """But for the bundle's version and the years of the holiday table, which no rule set."""
    top = msgspec.json.decode(bundle)
    assert not any(isinstance(value, float) for value in parts(top))
    assert top["holiday_basis"]["source"]
    del top["v"], top["holiday_years"]
    assert not list(unsourced(top))
    del top["packs"]["national"]["notices"]["default"]["source"]
    assert [7] == list(unsourced(top))


def test_the_same_files_give_the_same_bytes(bundle: bytes) -> None:
    """In another process with another hash seed as well: a bundle's name depends on no luck."""
    program = (
        "from noticeboard.core.rules import bundle_hash\n"
        "from noticeboard.formats.rules import load\n"
        "print(bundle_hash(load()))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    run = [sys.executable, "-c", program]
    there = subprocess.run(run, check=True, capture_output=True, text=True, env=environment)
    assert bundle_hash(bundle) == there.stdout.strip()
    assert bundle == load(shipped("data"))


@pytest.fixture
def edited(tmp_path: Path) -> Callable[[str, str, str], Path]:
    """Give a copy of the shipped rules with one text replaced."""
    folder = tmp_path / "data"
    shutil.copytree(shipped("data"), folder, ignore=shutil.ignore_patterns("demo", "locale"))

    def edit(name: str, old: str, new: str) -> Path:
        path = folder / name
        text = path.read_text("utf-8")
        assert old in text, old
        path.write_text(text.replace(old, new, 1), "utf-8")
        return folder

    return edit


def line_of(path: Path, text: str) -> int:
    """The line on which a text first stands."""
    return path.read_text("utf-8").split(text)[0].count("\n") + 1


CATALOGUE = "catalogue/finance.yaml"


@pytest.mark.parametrize(
    ("name", "old", "new", "wrong", "sentence"),
    [
        (CATALOGUE, "  mode: 公开", "  moode: 公开", "moode", "不认识“moode”。只能写："),
        (CATALOGUE, "D22:", "D22x:", "D22x", "“D22x”不是这样写的。（D22x）"),
        (CATALOGUE, "D22:", "D21:", "D21:\n  name: 重大", "“D21”写了两次。第一次在 data/catalogue"),
        (
            "catalogue/village.yaml",
            "D67:",
            "D22:",
            "D22:",
            "第一次在 data/catalogue/finance.yaml 第",
        ),
        (CATALOGUE, "[bookkeeping]", "[bookkeepers]", "[bookkeepers]", "（bookkeepers）只能写："),
        (
            CATALOGUE,
            "[spending, asset]",
            "[money]",
            "[money]",
            "“kinds”不能这样写。（money）只能写：",
        ),
        (CATALOGUE, "[spending, asset]", "spending", "kinds: spending\n", "“kinds”要写成 [甲, 乙]"),
        (CATALOGUE, "[spending, asset]", "[]", "kinds: []", "“kinds”至少要写一个。"),
        (CATALOGUE, "[spending, asset]", "[asset, asset]", "[asset, asset]", "“asset”写了两次。"),
        (CATALOGUE, "[L13 25]", "[L99 25]", "[L99 25]", "“source”不能这样写。（L99 25）只能写："),
        (CATALOGUE, "verified: yes", "verified: maybe", "maybe", "“verified”不能这样写。（maybe）"),
        (
            CATALOGUE,
            "[W36]\n  verified: no",
            "[W36]\n  verified: yes # !",
            "# !",
            "没有一份通读过的现行文本。",
        ),
        (CATALOGUE, "  name: 重大财务事项", "  name:", "  name:\n", "“name”后面要写一个词"),
        (CATALOGUE, "  name: 重大财务事项", "  name: a: b", "a: b", "这里不合 YAML 的写法。"),
        (CATALOGUE, "  name: 重大财务事项", "  name: \x07", "\x07", "这里有看不见的控制字符。"),
        ("offices.yaml", "may: [publish]", "may: [fly]", "[fly]", "“may”不能这样写。（fly）"),
        ("offices.yaml", "of_supervision: true", "of_supervision: 1", "vision: 1", "true、false"),
        ("offices.yaml", "body: board", "body: boards", "boards", "“body”不能这样写。（boards）"),
        ("grounds.yaml", "    n: 3", "    n: 3.5", "3.5", "“n”要写整数。（3.5）"),
        ("grounds.yaml", "    n: 3", "    n: 0", "n: 0", "“n”要写整数。（0）"),
        ("grounds.yaml", "    n: 3", "    n: 3\n    n: 4", "n: 4", "“n”写了两次。"),
        ("grounds.yaml", "  extend:", "  prolong:", "prolong", "不认识“prolong”。"),
        ("periods.yaml", "Asia/Shanghai", "Europe/Paris", "Europe", "（Europe/Paris）只能写："),
        ("periods.yaml", "counting:", "count:", "count:", "不认识“count”。"),
    ],
)
def test_a_mistake_is_named_at_its_line(
    edited: Callable[[str, str, str], Path],
    name: str,
    old: str,
    new: str,
    wrong: str,
    sentence: str,
) -> None:
    """File, line, what is wrong and what may stand there instead."""
    folder = edited(name, old, new)
    with pytest.raises(NotValid) as refused:
        load(folder)
    where = f"data/{name} 第 {line_of(folder / name, wrong)} 行："
    said = [str(finding) for finding in refused.value.findings]
    assert any(line.startswith(where) and sentence in line for line in said), said


def test_what_is_missing_is_named_at_its_item(edited: Callable[[str, str, str], Path]) -> None:
    """A number without a source does not ship; a closed list has to be whole."""
    edited("grounds.yaml", "    source: [board-design]\n    verified: no\n", "")
    folder = edited("periods.yaml", "  nil: ", "  # nil: ")
    with pytest.raises(NotValid) as refused:
        load(folder)
    said = [str(finding) for finding in refused.value.findings]
    assert any(re.fullmatch(r"data/grounds\.yaml 第 \d+ 行：缺少“source”。", s) for s in said), said
    assert any(re.fullmatch(r"data/periods\.yaml 第 \d+ 行：缺少“nil”。", s) for s in said), said


def test_all_mistakes_are_told_at_once(edited: Callable[[str, str, str], Path]) -> None:
    """A person mends them in one go; one mistake makes one sentence."""
    edited(CATALOGUE, "category: 财务", "category: 金钱")
    folder = edited("offices.yaml", "may: [publish]", "may: [fly]")
    with pytest.raises(NotValid) as refused:
        load(folder)
    assert len(refused.value.findings) == 2


def test_a_file_that_is_not_there_or_no_text_is_named(tmp_path: Path) -> None:
    """The board never starts on half of its rules."""
    folder = tmp_path / "data"
    shutil.copytree(shipped("data"), folder, ignore=shutil.ignore_patterns("demo", "locale"))
    (folder / "grounds.yaml").unlink()
    (folder / "periods.yaml").write_bytes(b"counting:\n" + "  # 天数\n".encode("gb18030"))
    (folder / "catalogue" / "party.yaml").write_text("# nothing\n")
    with pytest.raises(NotValid) as refused:
        load(folder)
    said = [str(finding) for finding in refused.value.findings]
    assert [
        "data/grounds.yaml：读不到这个文件。",
        "data/periods.yaml 第 2 行：这里不是 UTF-8 的文字。请另存为 UTF-8。",
        "data/catalogue/party.yaml：这个文件是空的。",
    ] == said


def test_own_items_stand_beside_the_shipped_ones(edited: Callable[[str, str, str], Path]) -> None:
    """A county adds a file of its own; the bundle has another name then."""
    folder = edited(CATALOGUE, "# ", "# ")
    item = (folder / "catalogue/party.yaml").read_text("utf-8").split("D15:")[1]
    (folder / "catalogue" / "county.yaml").write_text(f"X01:{item}", "utf-8")
    own = load(folder)
    assert "X01" in decode(own).catalogue
    assert bundle_hash(load()) != bundle_hash(own)
