"""What stays of a payee when names go tells no villager's name."""

import pytest

from noticeboard.core.sheet.headers import Headers
from noticeboard.core.sheet.payees import reduced
from noticeboard.formats import workbook


@pytest.fixture(scope="module")
def headers() -> Headers:
    return workbook.headers()


@pytest.mark.parametrize(
    ("payee", "expected"),
    [
        ("", ""),
        ("石霜降", "村民"),
        ("石  磊", "村民"),
        ("王某", "村民"),
        ("王建社", "村民"),
        ("欧阳立春", "村民"),
        ("阿依古丽·买买提", "村民"),
        ("三组石霜降", "三组村民"),
        ("石霜降(三组)", "三组村民"),
        ("第3村民小组石霜降", "3组村民"),
        ("王某等6人", "村民6人"),
        ("三组王某等6人", "三组村民6人"),
        ("石霜降、向立冬", "村民2人"),
        ("村民代表31人", "村民31人"),
        ("示例镇供电所", "示例镇供电所"),
        ("供电所", "供电所"),
        ("老街五金店", "老街五金店"),
        ("示例路桥工程有限公司", "示例路桥工程有限公司"),
        ("某某某某某某", "商户"),
    ],
)
def test_people_become_villagers_and_firms_stay(
    payee: str, expected: str, headers: Headers
) -> None:
    """Firms and offices keep their names; a name that could be a person's counts as one."""
    assert expected == reduced(payee, headers)
