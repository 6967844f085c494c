"""The promises of the pages of powers: the whole list, each one step by step, links both ways."""

import re
from pathlib import Path

import pytest

from noticeboard.board import taking_down
from noticeboard.core.powers import items_of
from noticeboard.show.routes import lang_of, parse
from noticeboard.show.show import Shown, show
from tests.cast import VILLAGE, Cast, cast_in
from tests.show.samples import rules

BOARD = f"/v/{VILLAGE}"
POWERS = tuple(sorted(rules().powers))


@pytest.fixture(scope="module")
def cast(tmp_path_factory: pytest.TempPathFactory) -> Cast:
    return cast_in(Path(tmp_path_factory.mktemp("powers")) / "home")


def shown(cast: Cast, address: str) -> Shown:
    path, _, query = address.partition("?")
    route = parse(path, query)
    assert route is not None, address
    with cast.board.database.read() as tx:
        return show(tx, route, cast.clock.now, lang_of(query), None)


def body(cast: Cast, address: str) -> str:
    return shown(cast, address).rendered.body.decode()


def test_the_list_names_every_power_once(cast: Cast) -> None:
    """By category: each of the 38 under its name, with its way."""
    page = body(cast, f"{BOARD}/powers")
    linked = re.findall(rf'href="{BOARD}/powers/(P\d\d)"', page)
    assert sorted(linked) == list(POWERS)
    assert "一共 38 项" in page
    for power in rules().powers.values():
        assert f">{power.name}</a>" in page


def test_a_reading_is_a_switch_and_says_whose_it_is(cast: Cast) -> None:
    """The same 38 powers in 28 lines, labelled as this board's own work."""
    page = body(cast, f"{BOARD}/powers?list=merged")
    assert f'href="{BOARD}/powers?list=merged"' in body(cast, f"{BOARD}/powers")
    assert f'href="{BOARD}/powers"' in page
    assert "本系统归并" in page
    assert 28 == page.count("<li><b>")
    assert sorted(re.findall(rf'href="{BOARD}/powers/(P\d\d)"', page)) == list(POWERS)


@pytest.mark.parametrize("code", POWERS)
def test_every_power_shows_its_steps_in_both_languages(cast: Cast, code: str) -> None:
    """Each step's actor, action and items stand in the chart and again as text with the source."""
    power = rules().powers[code]
    page = body(cast, f"{BOARD}/powers/{code}")
    assert page.count('<rect class="box"') == 3 * len(power.steps)
    text = page.partition("<details>")[2]
    for step in power.steps:
        assert f"<p>{step.action.text}</p>" in text
    for item in items_of(power):
        assert f"公开：{rules().catalogue[item].name}" in text
    assert "依据" in text or "未核" in text
    english = body(cast, f"{BOARD}/powers/{code}?lang=en")
    assert f"<p>{power.steps[0].action.english}</p>" in english.replace("&#39;", "'")
    chart = english.partition('<div class="flow"')[2].partition("<details>")[0]
    assert not re.search("[一-鿿]", chart)


def test_what_binds_elsewhere_is_not_drawn_as_the_rule_here(cast: Cast) -> None:
    """The 15 days of another province stand beside their source, not in the chart."""
    chart, _, text = body(cast, f"{BOARD}/powers/P14").partition("<details>")
    assert "15 天" not in chart
    assert "别处的规定：征求意见：不少于 15 天" in text
    chart, _, text = body(cast, f"{BOARD}/powers/P18").partition("<details>")
    assert "提前 10 天" in chart
    assert "第四十六条（读过全文）" in text


def test_a_notice_and_its_power_lead_to_each_other(cast: Cast) -> None:
    """A ledger leads to the power it exercises, whose page names it among its latest notices."""
    assert "这项权力还没有公示。" in body(cast, f"{BOARD}/powers/P24")
    code = cast.published("spending").code
    assert f'href="{BOARD}/powers/P21"' in body(cast, f"/n/{code}")
    assert f'href="/n/{code}"' in body(cast, f"{BOARD}/powers/P21")
    assert f'href="/n/{code}"' not in body(cast, f"{BOARD}/powers/P22")
    assert "最近 1月5日公开" in body(cast, f"{BOARD}/powers")
    assert f'href="{BOARD}/powers"' in body(cast, BOARD)
    assert f'href="{BOARD}/powers/P21?lang=en"' in body(cast, f"/n/{code}?lang=en")
    taking_down.withdraw(cast.board, VILLAGE, code, cast.anna, ground="duplicate")
    assert f'href="/n/{code}"' not in body(cast, f"{BOARD}/powers/P21")
    assert f"{BOARD}/powers" not in body(cast, f"/n/{code}")


@pytest.mark.parametrize("address", ["powers/P99", "powers/Q01", "powers?list=other"])
def test_a_power_that_is_not_there_is_a_page(cast: Cast, address: str) -> None:
    """Not found is said, and not remembered: strangers could ask for such codes without end."""
    missing = shown(cast, f"{BOARD}/{address}")
    assert (404, cast.clock.now) == (missing.status, missing.until)
