"""What was checked of a notice, by whom and when, and what it does not prove."""

from collections.abc import Iterable, Mapping
from typing import ClassVar

from msgspec import Struct

from noticeboard.board.checkpoints import Standing, policy_of, witnessed
from noticeboard.board.freezing import about
from noticeboard.board.proving import Proven, proven
from noticeboard.core.checkpoints import Checkpoint
from noticeboard.core.notes import Key
from noticeboard.core.people import Phone
from noticeboard.core.policy import Policy
from noticeboard.core.proofs import write_path
from noticeboard.show import addresses, routes
from noticeboard.show.asked import Asked
from noticeboard.show.facts import Facts
from noticeboard.show.head import LOST, Band
from noticeboard.show.listing import page_of
from noticeboard.show.render import Page, View
from noticeboard.show.sentences import KIND_WORDS
from noticeboard.show.standing_still import for_good
from noticeboard.show.texts import Text, Words, moment, text
from noticeboard.show.views_keys import follows
from noticeboard.show.witnessing import changes_in
from noticeboard.show.witnessing import witnessed as in_words
from noticeboard.store import checkpoints


class Checked(Struct, frozen=True):
    """One thing that was checked: what, what came out, by whom, when; `wrong` stands out."""

    word: Words
    says: tuple[Words, ...]
    by: Words
    at: Words = ""
    wrong: bool = False


class Shown(Struct, frozen=True, kw_only=True):
    """What a program checks: the leaf's bytes as text, its index, the path, the signed head.

    `keys` and `witnesses` are vkeys, a space between two.
    """

    code: str
    ed: int
    index: int
    leaf: str
    path: str
    note: str
    keys: str
    witnesses: str


class VerifyView(View, frozen=True, kw_only=True):
    """What was checked of a notice. `shown` is None while no head covers its entry.

    `phones` are whom to call when something does not fit or the log stands still (`still`), else
    none.
    """

    template: ClassVar[str] = "public/verify.html"
    sheets: ClassVar[tuple[str, ...]] = ("tokens", "base", "notice", "verify")
    script: ClassVar[str] = "/check.js"

    page: Page
    title: Words
    back: str
    band: Band
    checked: tuple[Checked, ...]
    phones: tuple[Phone, ...]
    shown: Shown | None
    proof: str
    keys: str
    follows: Words
    command: str
    still: bool


def verify_view(asked: Asked) -> tuple[VerifyView, int]:
    """Check the current edition and say what came out, and for how many seconds the words hold."""
    where, edition = asked.where, asked.current
    found = proven(asked.tx, where.village, asked.notice, edition)
    policy = policy_of(asked.tx)
    standing = witnessed(asked.tx, where.code, policy, asked.at)
    read = asked.seen("page")
    covers = standing is not None and standing.signed.size > found.index
    verdict = _verdict(found, standing if covers else None, read)
    band = _band(found, standing if covers else None)
    if where.frozen and found.sound:
        verdict, band = _still_verdict(asked, found), _still_band(asked, found)
    view = VerifyView(
        page=page_of(where, asked.at, verdict, text("核对")),
        title=_title(read),
        back=addresses.notice(asked.notice.code),
        band=band,
        checked=(
            _content(asked, read, found),
            _log(asked, found),
            *_witnesses(asked, found, policy),
        ),
        phones=() if found.sound and not where.frozen else where.profile.phones,
        shown=_shown(asked, found, policy),
        proof=routes.Data(asked.notice.code, "tlog-proof").path,
        keys=routes.Keys(where.code).path,
        follows=follows(asked.tx, where),
        command=_command(asked),
        still=bool(where.frozen),
    )
    age = standing.age if standing else None
    return view, 3_600 if age is None else changes_in(age)


def _title(read: Facts) -> Words:
    shown = read.stated is not None and read.showing in ("full", "figures")
    if shown and read.stated is not None:
        return read.stated.content.title
    return text("{kind}公示", kind=KIND_WORDS[read.edition.kind])  # type: ignore[index]


def _verdict(found: Proven, standing: Standing | None, read: Facts) -> Text:
    if not found.sound:
        return LOST if found.content.lost else text("核对不上")
    if read.standing == "withdrawn":
        return text("这份公示撤下了，记录还在")
    if not found.signed:
        return text("内容和公开时记下的一样，记录还没有签名")
    if standing is None or not standing.agreed:
        return text("内容和公开时记下的一样，还没有外人核对")
    if not standing.met:
        return text("内容和公开时记下的一样，外人核对得还不够")
    return text("内容和公开时记下的一样")


def _band(found: Proven, standing: Standing | None) -> Band:
    if not found.sound:
        return Band("red", text("对不上"), (text("请告诉监委会和乡镇，让他们来查。"),))
    if not found.signed:
        return Band("amber", text("再等几秒"), (text("记录几秒钟签一次名，签了才好核对。"),))
    if standing is None:
        return Band("amber", text("刚公开"), (text("外面的人还没有核对到这一条。"),))
    if standing.met and standing.agreed:
        return Band("pine", text("都对得上"), (text("{words}。", words=in_words(standing)),))
    return Band("amber", text("对得上"), (text("{words}。", words=in_words(standing)),))


def _still_verdict(asked: Asked, found: Proven) -> Text:
    """Say of a log that stands still no more than what holds: it was so until it stopped."""
    if for_good(asked.where):
        return text("这份公示在停了的日志里，到停下以前都对得上")
    if found.opened is None:
        return text("村里的记录停了，这份公示现在核对不了")
    return text("村里的记录停了，这份公示只能核对到停下以前")


def _still_band(asked: Asked, found: Proven) -> Band:
    """Say what a log that stands still means for this notice, and what may still be checked."""
    where = asked.where
    if found.opened is None:
        return Band(
            "amber",
            text("没有来得及签名"),
            (
                text("公开这件事记下了，记录停下以前还没有签名：它后来有没有改过，没有办法证明。"),
                text("现在只核对了内容和记下的那一条一样。记录恢复、签了名，请再来看。"),
            ),
        )
    head = found.opened.checkpoint
    covered = text(
        "内容和公开时记下的一样；那一条在停下以前签了名的 {n} 条记录里，签名是 {when} 的。",
        n=head.size,
        when=_signed_at(asked, head),
    )
    if for_good(where):
        living = addresses.village(where.code.partition(".")[0])
        says = (covered, text("这个日志不再往下记；以后的公示在新的日志里。"))
        return Band("amber", text("核对到停下为止"), says, living, text("看现在的公开栏"))
    return Band(
        "amber",
        text("只核对到停下以前"),
        (
            covered,
            text("记录为什么停、停下前后少了什么没有，要等查清楚：所以这里不说“都对得上”。"),
            text(
                "还能核对的：下面的证明文件；村部墙上贴的那张记录头，请不要撕，查的时候要拿它来比。"
            ),
        ),
    )


def _content(asked: Asked, read: Facts, found: Proven) -> Checked:
    says: list[Words] = []
    up, at = read.up, read.at
    when = moment(up.at, at) if up else ""
    if not found.bound:
        says.append(text("记录里的那一条，说的不是现在这一版。"))
    changed = found.content.wrong - found.content.lost
    if changed:
        says.append(text("有 {n} 处和公开时记下的不一样。", n=changed))
    if found.content.lost:
        says.append(text("有 {n} 处内容丢了，没有人决定隐去它。", n=found.content.lost))
    if found.bound and not found.content.wrong:
        says.append(text("每一行、每个附件，都和 {when} 公开时记下的一样。", when=when))
    if found.content.erased:
        says.append(text("有 {n} 处后来按规定隐去了，隐去也记着。", n=found.content.erased))
    if read.standing == "withdrawn":
        waits = asked.where.frozen and about(asked.tx, asked.where.code, asked.notice.code)
        says.append(
            text("公示撤下了，内容不再给人看；记录停着，撤下等恢复了再补记。")
            if waits
            else text("公示撤下了，内容不再给人看，撤下也记着。")
        )
    elif read.showing == "figures":
        says.append(text("公示期满，姓名收起来了，记录没有动。"))
    wrong = bool(found.content.wrong) or not found.bound
    return Checked(text("内容"), tuple(says), text("公开栏自己核对"), moment(at, at), wrong)


def _log(asked: Asked, found: Proven) -> Checked:
    word, nth, at = text("记录"), found.index + 1, asked.at
    if found.opened is not None:
        head = found.opened.checkpoint
        says = text(
            "公开这件事是村里记录的第 {nth} 条，一共 {size} 条。从它能算到签了名的记录头。",
            nth=nth,
            size=head.size,
        )
        ids = "，".join(_short(one.key) for one in found.opened.log)
        by = text("用村里的钥匙 {ids} 签名", ids=ids)
        return Checked(word, (says,), by, _signed_at(asked, head))
    if found.signed:
        says = text("从村里记录的第 {nth} 条，算不到签了名的记录头。", nth=nth)
        return Checked(word, (says,), text("公开栏自己核对"), moment(at, at), wrong=True)
    says = text("公开这件事是村里记录的第 {nth} 条，还没有签名。", nth=nth)
    return Checked(word, (says,), text("公开栏自己核对"), moment(at, at))


def _short(key: Key) -> str:
    return f"{key.id.hex()[:4]} {key.id.hex()[4:]}"


def _signed_at(asked: Asked, head: Checkpoint) -> Words:
    kept = checkpoints.newest(asked.tx, asked.where.code, 65)
    at = next((signed.at for signed in kept if signed.size == head.size), None)
    return moment(at, asked.at) if at is not None else ""


def _witnesses(asked: Asked, found: Proven, policy: Policy) -> tuple[Checked, ...]:
    if not policy.witnesses:
        says = text("还没有外面的人核对。可以请乡镇、邻村、村民自己来核对。")
        return (Checked(text("外面的人"), (says,), ""),)
    seen: Mapping[Key, int] = {}
    if found.opened is not None:
        seen = {one.key: one.at for one in found.opened.cosigned if one.at is not None}
    return tuple(
        Checked(
            witness.name,
            (text("看过这份记录，前面没有改过。"),)
            if witness.key in seen
            else (text("还没有核对到这一条。"),),
            text("用自己的钥匙 {ids} 签名", ids=_short(witness.key)) if witness.key in seen else "",
            moment(seen[witness.key], asked.at) if witness.key in seen else "",
        )
        for witness in policy.witnesses.values()
    )


def _shown(asked: Asked, found: Proven, policy: Policy) -> Shown | None:
    if found.proof is None:
        return None
    return Shown(
        code=asked.notice.code,
        ed=asked.current.ed,
        index=found.index,
        leaf=found.leaf.decode("utf-8", "replace"),
        path=write_path(found.proof.path),
        note=found.proof.note.write().decode(),
        keys=" ".join(_keys(asked, found)),
        witnesses=" ".join(key.text for key in policy.keys),
    )


def _keys(asked: Asked, found: Proven) -> Iterable[str]:
    """Give the village's keys; also one just retired, where no newer head is there yet."""
    signed = [one.key.text for one in found.opened.log] if found.opened else []
    return dict.fromkeys([*asked.where.village.keys, *signed])


def _command(asked: Asked) -> str:
    """Give the command for the outside check, by the key that signs longest from now on."""
    url, keys = asked.public_url or "https://…", asked.where.village.keys
    key = f" --key '{keys[-1]}'" if keys else ""
    return f"noticeboard verify --url {url} --village {asked.where.code}{key}"
