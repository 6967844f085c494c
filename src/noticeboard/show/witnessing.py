"""Who outside has checked a log and how long ago, in words; and when these words change."""

from typing import Final

from noticeboard.board.checkpoints import Standing
from noticeboard.core.days import DAY
from noticeboard.show.texts import Text, Words, text

MINUTE: Final = 60
HOUR: Final = 3_600


def ago(seconds: int) -> Text:
    """Say how long ago something was, in whole minutes, hours or days."""
    if seconds < MINUTE:
        return text("刚才")
    if seconds < HOUR:
        return text("{n} 分钟前", n=seconds // MINUTE)
    if seconds < DAY:
        return text("{n} 小时前", n=seconds // HOUR)
    return text("{n} 天前", n=seconds // DAY)


def changes_in(seconds: int) -> int:
    """Give in how many seconds the words of `ago` are others."""
    unit = MINUTE if seconds < HOUR else HOUR if seconds < DAY else DAY
    return unit - seconds % unit


def witnessed(standing: Standing | None) -> Text:
    """Say how a log stands with its witnesses: how many of how many, and when they looked."""
    if standing is None:
        return text("记录还没有签名")
    if not standing.of:
        return text("还没有外面的人核对")
    counted = f"{standing.agreed}/{standing.of}"
    if standing.age is None:
        return text("外部核对 {counted}，还没有人来过", counted=counted)
    if not standing.met:
        return text("外部只核对 {counted}，还不够 · {ago}", counted=counted, ago=ago(standing.age))
    return text("外部核对 {counted} · {ago}", counted=counted, ago=ago(standing.age))


def beyond(standing: Standing | None) -> Words:
    """Say how many entries there are beyond the head that the witnesses' words are of, or ""."""
    if standing is None or not standing.behind:
        return ""
    return text("最新 {n} 条还没核对", n=standing.behind)
