"""The head of a notice: its mark, its dates, the days left, and the bands one must not overlook."""

from msgspec import Struct
from msgspec.structs import replace

from noticeboard.core.days import day_of, days_left, midnight_after, starts
from noticeboard.core.notice import Published, TakenDown
from noticeboard.core.parts import Stated
from noticeboard.core.people import Profile
from noticeboard.core.rules import Ground
from noticeboard.show import addresses
from noticeboard.show.corrections import changed, corrected, why
from noticeboard.show.facts import Facts
from noticeboard.show.judged import Term
from noticeboard.show.sentences import Number, told
from noticeboard.show.texts import Text, Words, clock, day, moment, text

NOTICED_LATE = 60  # seconds: from here on both times are printed

# Never the words of what somebody decided to black out.
LOST = text("内容丢了")
LOST_SAYS = text("公开过的内容不见了，没有记录说该拿掉它。请打电话问村里，也告诉乡镇。")

MODES = {"公示": text("公示"), "公开": text("公开"), "公告": text("公告")}


class Band(Struct, frozen=True):
    """A note band: colour amber, red or pine; its bold word, its sentences, where it leads."""

    colour: str
    word: Words
    says: tuple[Words, ...]
    href: str = ""
    link: Words = ""


class Head(Struct, frozen=True, kw_only=True):
    """What stands above the rows. `still` marks what no longer runs; `bands` stand on top."""

    mark: Words
    still: bool
    dates: Words
    left: Words
    late: Words
    title: str
    sentence: Words
    number: Number | None
    group: Words = ""
    bands: tuple[Band, ...] = ()
    corrections: tuple[Band, ...] = ()
    least: Words = ""


def head(facts: Facts, stated: Stated, prev: Facts | None) -> Head:
    """Give the head of an edition that may be seen; `prev` is the edition it replaced, or None."""
    up = facts.up
    if up is None:
        raise ValueError("an edition that never went up has no public head")
    mark, still = _mark(facts)
    said = told(stated.content, facts.place.profile.households, facts.at)
    return Head(
        mark=mark,
        still=still,
        dates=_dates(facts, up),
        left=_left(facts, up),
        late=_late(up, facts.at),
        title=stated.content.title,
        sentence=said.sentence,
        number=said.number,
        group=group_words(facts.place.profile, stated.content.group),
        bands=lost(facts),
        corrections=(*correction(facts, stated, prev), *redactions(facts)),
    )


def draft_head(stated: Stated, profile: Profile, at: int, state: Words) -> Head:
    """Give the head of paper that is not public yet, under its own band."""
    said = told(stated.content, profile.households, at)
    return Head(
        mark=state,
        still=True,
        dates=text("还没有公开"),
        left="",
        late="",
        title=stated.content.title,
        sentence=said.sentence,
        number=said.number,
        group=group_words(profile, stated.content.group),
        bands=(Band("red", text("样张"), (text("只给您看的，还没有登记号和二维码。"),)),),
    )


def termed(head: Head, term: Term | None) -> Head:
    """Say below the dates how long such a notice stays at least, and why this one does not."""
    if term is None:
        return head
    bands = [Band("amber", text("公示的天数缩短了"), term.short)] if term.short else []
    corrections = head.corrections
    if term.anew and corrections:
        first = corrections[0]
        said = replace(first, says=(*first.says, term.anew))
        corrections = (said, *corrections[1:])
    return replace(head, least=term.least, bands=(*head.bands, *bands), corrections=corrections)


def group_words(profile: Profile, code: str | None) -> Words:
    """Say which 村民小组 a notice belongs to; nothing when it is the whole village's."""
    names = {group.code: group.name for group in profile.groups}
    return text("{group}的事", group=names.get(code, code)) if code else ""


def _mark(facts: Facts) -> tuple[Text, bool]:
    match facts.standing:
        case "expired":
            return text("期满"), True
        case "superseded" | "superseded-expired":
            return text("旧版"), True
    if facts.edition.prev is not None:
        return text("已更正"), False
    up = facts.up
    running = facts.item is not None and facts.item.mode == "公示"
    if running and up is not None and up.period.until is not None:
        return text("公示中"), False
    return text("已公开"), False


def _dates(facts: Facts, up: Published) -> Text:
    mode = MODES[facts.item.mode if facts.item else "公开"]
    start = day(up.at, facts.at)
    if up.period.until is None:
        return text("{start} 起{mode}", start=start, mode=mode)
    end = day(up.period.until - 1, facts.at)
    return text("{mode} {start} 至 {end}", mode=mode, start=start, end=end)


def _left(facts: Facts, up: Published) -> Words:
    until = up.period.until
    if until is None or facts.standing.startswith("superseded"):
        return ""
    if facts.at >= until:
        return text("{day}期满", day=day(until - 1, facts.at))
    left = days_left(facts.at, until)
    if until == midnight_after(facts.at):
        return text("今天是最后一天")
    soon = ending(facts.at, until)
    if soon is not None:
        return text("{day} {clock} 结束", day=soon.day, clock=soon.clock)
    if until != starts(day_of(until)):
        return text("还剩 {n} 天，到 {clock}", n=left, clock=clock(until))
    return text("还剩 {n} 天", n=left)


class Ending(Struct, frozen=True):
    """When something ends that ends soon: 今天 or 明天, and at what time, 24:00 at most."""

    day: Text
    clock: str


def ending(at: int, until: int) -> Ending | None:
    """Say when something ends that ends today, or tomorrow before midnight; None for later.

    It is asked by the village's days, so that only midnight changes the answer.
    """
    tonight = midnight_after(at)
    if until <= tonight:
        return Ending(text("今天"), "24:00" if until == tonight else clock(until))
    return Ending(text("明天"), clock(until)) if until < midnight_after(tonight) else None


def _late(up: Published, at: int) -> Words:
    if up.at - up.planned < NOTICED_LATE:
        return ""
    return text(
        "原定 {planned} 公开，实际 {actual} 公开，天数没有少。",
        planned=moment(up.planned, at),
        actual=moment(up.at, at),
    )


def correction(facts: Facts, stated: Stated, prev: Facts | None) -> tuple[Band, ...]:
    """Say what this edition changed and why, as an amber band; nothing for a first edition."""
    if facts.edition.prev is None:
        return ()
    old = prev.stated.content if prev and prev.stated else None
    what = changed(old, stated.content, facts.edition.ed)
    up = facts.up
    word = text("{day}更正", day=day(up.at, facts.at)) if up else text("更正")
    href = addresses.edition(facts.notice.code, prev.edition.ed) if prev else ""
    return (Band("amber", word, (what, why(stated.content)), href, text("看原来的一版")),)


def lost(facts: Facts) -> tuple[Band, ...]:
    """Say that something of an edition is gone which no entry took away, as a red band."""
    if not facts.lost:
        return ()
    return (Band("red", LOST, (LOST_SAYS,)),)


def redactions(facts: Facts) -> tuple[Band, ...]:
    """Say what was blacked out and on which ground, each as an amber band."""
    return tuple(
        _redaction(facts, down) for down in facts.notice.taken_down if down.act == "redact"
    )


def _redaction(facts: Facts, down: TakenDown) -> Band:
    ground = facts.place.rules.grounds.get("redact", {}).get(down.ground)
    if down.parts == ("names",):
        what = text("隐去了 {n} 行的姓名：", n=len(down.rows))
    elif down.rows:
        what = text("隐去了 {n} 行：", n=len(down.rows))
    else:
        what = text("隐去了一部分内容：")
    word = text("{day}隐去", day=day(down.at, facts.at))
    return Band("amber", word, (what, ground_words(ground), text("别人自己存下的，收不回来。")))


def ground_words(ground: Ground | None) -> Words:
    """Say a ground of the closed list, in the language the rules bring along."""
    return text("{ground}。", ground=Text(ground.text, english=ground.english)) if ground else ""


def old_edition(facts: Facts, stated: Stated, current: Facts | None) -> Band:
    """Say that this is not what holds any more, what changed since, and where that is."""
    says: list[Words] = []
    if current is not None and current.stated is not None and current.showing == "full":
        says.append(corrected(stated.content, current.stated.content))
        says.append(why(current.stated.content))
    return Band(
        "amber",
        text("这是旧的一版，后来改了。"),
        tuple(says),
        addresses.notice(facts.notice.code),
        text("看现在这一版"),
    )
