"""doctor: the machine, the home and the board looked over; what is wrong and the next step."""

import argparse
import os
import shutil
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from noticeboard import __version__
from noticeboard.board import Board, matching
from noticeboard.board.checkpoints import board_policy
from noticeboard.cli.damage import in_words
from noticeboard.cli.health import Check, examine
from noticeboard.cli.people import command
from noticeboard.cli.saying import as_json, signer_option
from noticeboard.compose import in_step, open_board, policy_text, signer_of
from noticeboard.core.problems import Problem
from noticeboard.settings import Settings, read_settings
from noticeboard.signing.disk import refuse_open
from noticeboard.signing.signer import Signer, Signs
from noticeboard.store import serving
from noticeboard.store.database import LATEST, Database
from noticeboard.store.soundness import broken

GB = 1 << 30
_ENOUGH = 1 * GB
_MARKS = {"ok": "✓", "remark": "·", "wrong": "✗"}


def add(names: Any) -> None:
    """Declare the command of this room."""
    signer_option(command(names, "doctor", "体检：哪里不对，下一步怎么办", _doctor))


def _doctor(options: argparse.Namespace) -> None:
    settings = read_settings(home=options.home, signer=options.signer)
    checks = list(_all(settings))
    wrong = [check for check in checks if check.state == "wrong"]
    if options.json:
        said = [{"area": c.area, "state": c.state, "said": c.said, "fix": c.fix} for c in checks]
        print(as_json({"ok": not wrong, "version": __version__, "checks": said}))
    else:
        for check in checks:
            fix = f" → {check.fix}" if check.fix else ""
            print(f"{_MARKS[check.state]} {check.area}：{check.said}{fix}")
        print(f"✗ 有 {len(wrong)} 处不对。" if wrong else "✓ 都好。")
    if wrong:
        raise SystemExit(1)


def _all(settings: Settings) -> Iterator[Check]:
    yield from _home(settings)
    yield from _clock()
    yield from _fonts()
    yield from _policy(settings)
    try:
        yield from _elsewhere(Database(settings.database))
        board = open_board(settings)
        yield from _database(board.database)
        signer = signer_of(settings, board)
        yield from _keys(signer)
        yield from _matching(board)
        yield from examine(board, signer)
    except Exception as error:
        problem = error if isinstance(error, Problem) else in_words(error, settings)
        if problem is None:
            raise
        for one in problem.findings:
            yield Check("数据库", "wrong", str(one))
        return
    yield _backup(settings)


def _elsewhere(database: Database) -> Iterator[Check]:
    """Name servers that run on a file which is not the board's any more."""
    for process in serving.elsewhere(database.path) if database.path else ():
        said = f"开着的 noticeboard serve（进程 {process}）用的还是被换掉的文件，它什么都不写。"
        yield Check("数据库", "wrong", said, "请把它停下再打开，再 noticeboard doctor。")


def _home(settings: Settings) -> Iterator[Check]:
    home = settings.home
    if not home.is_dir():
        yield Check(
            "文件夹", "wrong", f"没有 {home}。", "请看 --home；新开一块：noticeboard init。"
        )
        return
    others = stat.S_IMODE(home.stat().st_mode) & 0o077
    if others:
        yield Check("文件夹", "wrong", f"别的账户也进得去 {home}。", f"请 chmod 700 {home}。")
    else:
        yield Check("文件夹", "ok", str(home))
    free = shutil.disk_usage(home).free
    if free < _ENOUGH:
        fix = "请清理磁盘，或换大一点的；撤下还能办。"
        yield Check("磁盘", "wrong", f"只剩 {free // (1 << 20)} MB。", fix)
    else:
        yield Check("磁盘", "ok", f"还有 {free // GB} GB。")


def _clock() -> Iterator[Check]:
    if in_step():
        yield Check("时钟", "ok", "有对时。")
    else:
        fix = "能上网：timedatectl set-ntp true；不能，每月看一眼。"
        yield Check("时钟", "remark", "没有对时，早晚全凭这台机器自己。", fix)


def _fonts() -> Iterator[Check]:
    from noticeboard.formats.printed import pdf_writer

    if pdf_writer() is None:
        yield Check("PDF", "remark", "没有装 WeasyPrint，纸用浏览器打印。")
        return
    fix = "sudo apt install fontconfig fonts-wqy-microhei"
    listing = shutil.which("fc-list")
    found = (
        listing
        and subprocess.run(  # noqa: S603 - Debian's own program, words of ours
            [listing, ":lang=zh"], capture_output=True, check=False, timeout=60
        ).stdout.strip()
    )
    if found:
        yield Check("PDF", "ok", "有 WeasyPrint，有中文字体。")
    else:
        yield Check("PDF", "wrong", "没有中文字体，PDF 会是方块。", fix)


def _policy(settings: Settings) -> Iterator[Check]:
    path = settings.home / "policy"
    if not path.exists():
        return
    try:
        policy = board_policy(policy_text(settings))
    except Problem as problem:
        yield Check("policy", "wrong", f"读不出来：{problem}", f"请改 {path}。")
        return
    if policy.witnesses:
        said = f"{len(policy.witnesses)} 个见证，够数的是 {policy.quorum}。"
        yield Check("policy", "ok", said)
    else:
        yield Check("policy", "remark", "里面没有写见证，就是没有外面的人替它记着。")


def _keys(signer: Signs) -> Iterator[Check]:
    if not isinstance(signer, Signer):
        return
    try:
        refuse_open(signer.folder)
    except Problem as problem:
        yield from (Check("签名", "wrong", str(one)) for one in problem.findings)
        return
    if not os.access(signer.folder, os.W_OK):
        fix = "请看它归谁：要归打开 noticeboard serve 的那个账户。"
        yield Check("签名", "wrong", f"写不进 {signer.folder}，签不了名。", fix)
    else:
        yield Check("签名", "ok", f"{signer.folder}，别的账户进不去。")


def _matching(board: Board) -> Iterator[Check]:
    """Look at the key by which people of lists are matched; it need not be there before a list."""
    found, path = matching.standing(board), matching.path_of(board.home or Path())
    if found == "open":
        yield Check("核对钥匙", "wrong", f"别的账户也读得到 {path}。", f"请 chmod 600 {path}。")
    elif found in ("missing", "other"):
        said = "不在这里" if found == "missing" else "不是原来那一把"
        fix = (
            f"请把原来的拿来放在 {path}；找不到了，noticeboard keys matching --new："
            "以前名单的暗记都作废，以后导入的再算。"
        )
        yield Check("核对钥匙", "wrong", f"{said}，名单里的人暂时只按姓名核对。", fix)
    elif found == "ok":
        yield Check("核对钥匙", "ok", f"{path}，别的账户读不到；不要放进备份。")


def _database(database: Database) -> Iterator[Check]:
    # Opening it has raised its tables and asserted on the connection what durability needs.
    version = database.version()
    if version != LATEST:
        yield Check("数据库", "wrong", f"表是 {version} 版，程序要 {LATEST}。", "请换成新版本。")
    elif database.sqlite:
        said = database.quick_check()
        if said:
            raise broken(database.path, said)
        yield Check("数据库", "ok", f"SQLite，第 {version} 版，没有坏。")
    else:
        yield from _postgresql(database, version or "")


def _postgresql(database: Database, version: str) -> Iterator[Check]:
    with database.read() as tx:
        lax = [
            name
            for name in ("fsync", "synchronous_commit", "full_page_writes")
            if tx.exec_driver_sql(f"show {name}").scalar() not in ("on", "remote_apply")
        ]
    if lax:
        said = f"断电会丢记下的东西：{'、'.join(lax)} 关着。"
        yield Check("数据库", "wrong", said, "请在 postgresql.conf 里打开，再重启它。")
    else:
        yield Check("数据库", "ok", f"PostgreSQL，第 {version} 版。")


def _backup(settings: Settings) -> Check:
    said = (
        f"请照文档每天备份；{settings.home} 里的 signer、{matching.FOLDER} 不进备份，"
        "钥匙另外留一份。"
    )
    return Check("备份", "remark", said, "恢复以后先 noticeboard doctor。")
