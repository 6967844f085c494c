"""Where a title may be broken: between words, never within one.

A browser breaks Chinese between any two characters. A title is set so that it breaks only where it
is told (`word-break: keep-all`, and `<wbr>` here), and what a title consists of is short: years,
quarters, amounts, quoted words, and the few words that villages write notices with.
"""

import re
from typing import Final

from markupsafe import Markup, escape

_WORDS: Final = (
    "村民委员会 村委会 监委会 监督委员会 经济合作社 股份经济合作社 合作社 村民代表 "
    "村民小组 村民会议 党员大会 党支部 公开栏 财务收支 收支 收入 支出 明细 逐笔 结余 "
    "预算 决算 运转经费 经费 资金 补贴 补助 惠民 耕地 地力 保护 耕地地力 发放 名单 "
    "低保 医保 农村 社保 慰问 春节 端午 中秋 困难户 项目 工程 合同 招标 询价 付款 "
    "验收 管护 硬化 维修 修补 新建 改造 清淤 安装 更换 采购 机耕路 道路 村道 公路 "
    "桥梁 水渠 水库 山塘 水池 蓄水池 蓄水 引水 自来水 饮水 水泵 路灯 晒谷坪 会议 "
    "代表 决议 议事 表决 通知 公告 公示 公开 更正 停水 停电 检修 水管 防火 防汛 "
    "租金 承包 出租 转让 占用 登记 印章 上半年 下半年 今天 明天 星期 晚上 下午 上午 "
    "屋场会 户口本 产业 红薯 以后 一份 关于 内容 公开时 记下的 一样 "
    "记录 签名 外人 核对 撤下 还没有 说说 看看 哪里"
)
_LONGEST_FIRST: Final = "|".join(sorted(set(_WORDS.split()), key=len, reverse=True))
_UNIT: Final = re.compile(
    r"[（(“《][^（(“《”》)）]{1,8}[”》)）]"  # quoted, or in brackets
    r"|第?[一二三四]季度|第?[一二三四五六七八九十]+[组期次批号届]"
    r"|[0-9][0-9,.]*[年月日元万亩户人米组期号笔公]?(?:里|斤|元|顷)?|[!-~]+"
    rf"|^[\u4e00-\u9fff]{{1,3}}村(?!民)|{_LONGEST_FIRST}|."
)
_CLINGS: Final = "，。、；：？！）》”’…·"


def pieces(title: str) -> list[str]:
    """Take a title apart at the places where a line may end."""
    found: list[str] = []
    for piece in _UNIT.findall(title):
        if found and piece[0] in _CLINGS:
            found[-1] += piece
        else:
            found.append(piece)
    return found


def broken(title: str) -> Markup:
    """Give a title as HTML in which each place between two words may end a line."""
    return Markup("<wbr>").join(escape(piece) for piece in pieces(title))
