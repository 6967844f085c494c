"""The shipped list of powers: whole, in two languages, each step tied to what must be public."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from noticeboard import shipped
from noticeboard.core.powers import Power, Said, Step, exercised, items_of
from noticeboard.core.problems import NotValid
from noticeboard.core.rules import Rules, decode
from noticeboard.formats.rules import load

# The names of the 38 powers, in order: what a page prints must never change by accident.
NAMES = """
村级重大事项决策|村规民约、自治章程的制定和修改|年度计划和财务预算|村干部和误工补贴人员的报酬标准|村级举债和担保
工程立项|限额以上工程招投标|限额以下小型工程|零星工程和用工|物资和服务采购|工程变更和签证|工程验收和结算|项目资金拨付
集体资产购置、处置和报废|集体资源发包和出租|合同签订、续签和变更|租金和承包费收缴|集体收益分配|征地补偿款分配
账户、票据和印章使用|日常开支报销|备用金、现金和村务卡|误工补贴发放|上级拨款和专项资金使用|捐赠款物|一事一议筹资筹劳
低保申请|特困人员供养|临时救助、医疗救助和慰问|农村危房改造|防返贫监测对象的识别和消除|公益性岗位和护林员
耕地地力保护等种粮补贴|宅基地申请|出具证明和盖章|发展党员|评优评先和积分兑换|救灾和慰问物资发放
"""


@pytest.fixture(scope="module")
def rules() -> Rules:
    return decode(load())


def steps(rules: Rules) -> Iterator[tuple[str, Power, Step]]:
    for code, power in rules.powers.items():
        for step in power.steps:
            yield code, power, step


def test_the_list_holds_the_38_powers_by_name(rules: Rules) -> None:
    """Every code from P01 to P38 once, under its name."""
    names = NAMES.strip().replace("\n", "|").split("|")
    expected = {f"P{n:02}": name for n, name in enumerate(names, start=1)}
    assert len(expected) == 38
    assert expected == {code: rules.powers[code].name for code in sorted(rules.powers)}


def test_every_step_says_who_does_what_and_leaves_a_trace(rules: Rules) -> None:
    """Each has a known actor, and something written down, something posted, or a rule it obeys."""
    for code, _power, step in steps(rules):
        assert set(step.by) <= set(rules.actors), code
        assert step.record or step.publish, (code, step.action.text)
        assert set(step.publish) <= set(rules.catalogue), code


def test_every_power_ends_in_public_but_one(rules: Rules) -> None:
    """Its use can be seen on the board; of honours and points the catalogue knows no item."""
    silent = {code for code, power in rules.powers.items() if not items_of(power)}
    assert {"P37"} == silent
    assert all(power.risks for power in rules.powers.values())


def test_every_actor_acts(rules: Rules) -> None:
    """No actor stands in the list for show."""
    acting = {one for _code, _power, step in steps(rules) for one in step.by}
    for power in rules.powers.values():
        acting |= {one for part in msgspec.structs.astuple(power.actors) for one in part}
    assert set(rules.actors) == acting


def sentences(value: object) -> Iterator[tuple[str, str]]:
    """Every pair of a Chinese and an English text inside."""
    if isinstance(value, Said):
        yield value.text, value.english
    elif isinstance(value, msgspec.Struct):
        if hasattr(value, "name") and hasattr(value, "english"):
            yield value.name, value.english
        for field in value.__struct_fields__:
            yield from sentences(getattr(value, field))
    elif isinstance(value, dict | tuple):
        for one in value.values() if isinstance(value, dict) else value:
            yield from sentences(one)


def test_everything_is_said_in_both_languages(rules: Rules) -> None:
    """Chinese beside English, each in its own letters and its own punctuation."""
    found = list(sentences((rules.powers, rules.readings, rules.actors)))
    assert len(found) > 400
    for chinese, english in found:
        assert re.search("[一-鿿]", chinese), chinese
        assert not re.search(r"[,;:?!]", chinese), chinese
        assert english.isascii(), english


def test_a_synthesis_is_marked_as_one(rules: Rules) -> None:
    """The powers rest on what is generally known; every step that rests on a text names it."""
    for code, power in rules.powers.items():
        assert ("general-knowledge",) == power.source, code
        assert "general-knowledge" == power.verified, code
    for code, _power, step in steps(rules):
        if step.basis:
            assert "general-knowledge" not in step.basis.source, code
    # The organic law of 2018 alone verifies nothing: its successor has not been read.
    assert {"no"} == {
        step.basis.verified
        for _code, _power, step in steps(rules)
        if step.basis and all(tag.startswith("L1 ") for tag in step.basis.source)
    }


def test_the_merged_list_puts_every_power_into_one_of_28_lines(rules: Rules) -> None:
    """It says that it is this board's own work, and no county's words."""
    merged = rules.readings["merged"]
    assert 28 == len(merged.lines)
    assert sorted(rules.powers) == sorted(code for line in merged.lines for code in line.powers)
    assert merged.label.text.startswith("本系统归并")
    assert "no" == merged.verified
    assert "涟源" not in merged.name + merged.label.text


@pytest.mark.parametrize(
    ("item", "kind", "expected"),
    [
        ("D06", "decision", {"P01"}),
        (None, "decision", {"P01"}),
        ("D17", "spending", {"P21"}),
        (None, "spending", {"P21"}),
        ("D22", "decision", {"P05"}),
        ("D22", "spending", {"P21"}),
        ("D24", "labour", {"P09"}),
        ("D33", "contract", {"P16", "P17"}),
        ("D44", "project", {"P12"}),
        ("D40", "project", {"P07", "P08"}),
        ("D52", "subsidy", {"P28", "P29"}),
        ("D17", "nil", set()),
        (None, "subsidy", set()),
        (None, "announcement", set()),
        ("D63", "announcement", set()),
        ("D99", "spending", set()),
    ],
)
def test_a_notice_exercises_powers_by_its_item_and_its_kind(
    rules: Rules, item: str | None, kind: str, expected: set[str]
) -> None:
    """Without an item only the few kinds that can be nothing else; a zero report exercises none."""
    assert expected == set(exercised(rules.powers, item, kind))


def test_a_kind_a_power_asks_for_fits_one_of_its_items(rules: Rules) -> None:
    """No power waits for a notice that the catalogue does not know."""
    for code, power in rules.powers.items():
        fitting = {kind for item in items_of(power) for kind in rules.catalogue[item].kinds}
        assert set(power.kinds) | set(power.alone) <= fitting, code
        for item in items_of(power):
            kinds = set(rules.catalogue[item].kinds) - {"nil"}
            assert not power.kinds or kinds & set(power.kinds), (code, item)


@pytest.mark.parametrize(
    ("name", "old", "new", "word"),
    [
        ("powers/finance.yaml", "publish: [D21]", "publish: [D99]", "publish"),
        ("powers/finance.yaml", "by: [payee]", "by: [payer]", "by"),
        ("powers/finance.yaml", "propose: [handler]", "propose: [nobody]", "propose"),
        ("powers/benefits.yaml", "sense: least", "sense: perhaps", "sense"),
        ("readings/merged.yaml", "[P03]", "[P99]", "powers"),
    ],
)
def test_a_wrong_reference_is_named_by_its_line(
    tmp_path: Path, name: str, old: str, new: str, word: str
) -> None:
    """An item, an actor or a power that does not exist is refused where it is written."""
    folder = tmp_path / "data"
    shutil.copytree(shipped("data"), folder, ignore=shutil.ignore_patterns("demo", "locale"))
    path = folder / name
    text = path.read_text("utf-8")
    line = text.split(old)[0].count("\n") + 1
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(NotValid) as refused:
        load(folder)
    (finding,) = refused.value.findings
    assert f"data/{name} 第 {line} 行" == finding.where
    assert word == finding.args["key"]


def test_a_county_loads_a_list_of_its_own(tmp_path: Path) -> None:
    """One more file in its data folder is one more reading, under its own label."""
    folder = tmp_path / "data"
    shutil.copytree(shipped("data"), folder, ignore=shutil.ignore_patterns("demo", "locale"))
    own = """
county:
  name: 示例县清单
  english: The county's list
  label: {text: 示例县文件所列。, english: As the county lists it.}
  source: [board-design]
  verified: no
  lines:
    - {name: 花钱, english: Spending, powers: [P21, P22]}
"""
    (folder / "readings" / "county.yaml").write_text(own, "utf-8")
    readings = decode(load(folder)).readings
    assert {"county", "merged"} == set(readings)
    assert ("P21", "P22") == readings["county"].lines[0].powers
