"""witness: a program that vouches for other people's logs, and keeps copies of them."""

import argparse
import sys
import threading
import time
from pathlib import Path
from typing import Any

from noticeboard.cli.people import command, open_board_of, say
from noticeboard.cli.saying import home_option
from noticeboard.core.notes import read_key, read_note
from noticeboard.core.problems import NotNow, NotValid, Problem
from noticeboard.settings import read_settings
from noticeboard.signing.witness import KEY, Witness, make

PORT = 8100
EVERY = 20.0


def add(names: Any) -> None:
    """Declare the commands of this room."""
    witness = names.add_parser("witness", help="替别人的日志作见证，也可以存副本")
    home_option(witness)
    witness.add_argument("what", nargs="?", choices=("run", "show"), default="run")
    witness.add_argument("--name", metavar="名字", help="第一次要起，例如 w1.example，不能再改")
    witness.add_argument("--host", default="127.0.0.1", metavar="地址")
    witness.add_argument("--port", type=int, metavar="端口", help=f"等人来送，默认 {PORT}")
    for option, said in (
        ("--trust", "给这个日志作见证；可以写几次，会记住"),
        ("--key", "同 --trust，配合 --pull"),
    ):
        witness.add_argument(option, action="append", default=[], metavar="公钥", help=said)
    witness.add_argument(
        "--pull", action="append", default=[], metavar="网址", help="自己去取，例如 …/log/村代码"
    )
    witness.add_argument("--mirror", action="store_true", help="取来的都存一份副本")
    witness.add_argument("--every", type=float, default=EVERY, metavar="秒", help="多久取一次")
    witness.set_defaults(run=_witness)


def add_mirrors(log: Any) -> None:
    """Declare `log mirrors` among the commands about a log."""
    mirrors = command(log, "mirrors", "列出副本，和还没有确认删除的", _mirrors)
    mirrors.add_argument("--village", required=True, metavar="村代码")
    mirrors.add_argument("--add", metavar="公钥", help="列上一个副本，用它的见证公钥")
    mirrors.add_argument("--remove", metavar="名字", help="划掉一个不再有的副本")


def _witness(options: argparse.Namespace) -> None:
    if options.every <= 0:
        raise NotValid("--every 要大于 0。", value=str(options.every))
    witness = _opened(options)
    witness.trust(read_key(text) for text in (*options.trust, *options.key))
    if options.what == "show":
        _show(options, witness)
        return
    _run(options, witness)


def _opened(options: argparse.Namespace) -> Witness:
    folder = read_settings(home=options.home).home
    if (folder / "board.db").exists():
        raise NotNow(
            "见证要有自己的文件夹：和公开板放在一起，会跟着它的备份一起被换回旧的。",
            value=str(folder),
            fix="请用 --home 换一个文件夹。",
        )
    if options.name and options.what == "run" and not (folder / KEY).exists():
        make(folder, options.name)
    witness = Witness(folder)
    if options.name not in (None, witness.key.name):
        raise NotValid("这里的见证叫别的名字，不能改。", value=witness.key.name)
    return witness


def _show(options: argparse.Namespace, witness: Witness) -> None:
    logs: list[dict[str, Any]] = [
        {
            "origin": seen.checkpoint.origin,
            "size": seen.checkpoint.size,
            "root": seen.checkpoint.root.hex(),
            "at": max(witness.dates(read_note(seen.note)), default=0),
            "refused": [
                {
                    "kind": one.kind,
                    "size": one.size,
                    "root": one.root.hex(),
                    "at": one.at,
                    "note": one.note.decode(),
                    "held": one.held.decode(),
                }
                for one in witness.refused(seen.checkpoint.origin)
            ],
        }
        for seen in witness.everything()
    ]
    say(options, f"公钥 {witness.key.text}", vkey=witness.key.text, logs=logs)
    if options.json:
        return
    for log in logs:
        print(f"  {log['origin']}　{log['size']} 条　{log['root'][:16]}　{_when(log['at'])}")
        for one in log["refused"]:
            word = "分叉" if one["kind"] == "fork" else "接不上"
            print(f"    ✗ 没有签的：{word}　{one['size']} 条　{one['root'][:16]}")
    print("下一步：把公钥交给公开板的管理员，写进 policy：witness 名字 公钥 网址")


def _when(at: int) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.gmtime(at + 8 * 3600)) if at else "还没有签过"


def _run(options: argparse.Namespace, witness: Witness) -> None:
    from noticeboard.agent.pulling import Pull
    from noticeboard.agent.running import pull_for_ever, serve

    mirrors = witness.folder / "mirror" if options.mirror else None
    if options.mirror and not options.pull:
        raise NotValid("--mirror 要和 --pull 一起用。")
    pulls = [Pull(url, witness, mirrors) for url in options.pull]
    said = Saying(options, witness.folder)
    pull_for_ever(pulls, options.every, said.heard)
    said.say(f"✓ 见证 {witness.key.name} 开了", vkey=witness.key.text)
    if pulls and options.port is None:
        threading.Event().wait()
    host = options.host

    def ready(port: int) -> None:
        address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        said.say(f"✓ 等着人来送：{address}", url=address)

    serve(witness, host=host, port=PORT if options.port is None else options.port, ready=ready)


class Saying:
    """Says what came of contacts, once for each thing that is new."""

    def __init__(self, options: argparse.Namespace, folder: Path) -> None:
        """Say it in sentences, or in one JSON object a line."""
        self.options = options
        self.folder = folder
        self._last: dict[str, str] = {}

    def say(self, sentence: str, **values: Any) -> None:
        """Say one thing."""
        say(self.options, sentence, **values)
        sys.stdout.flush()

    def heard(self, pull: Any, came: Any) -> None:
        """Hear of a contact."""
        if isinstance(came, Problem):
            self._once(pull.url, f"✗ {pull.url}：{came}", ok=False, problem=str(came))
            return
        head = came.head
        copied = f"，副本存到 {came.mirrored} 条" if came.mirrored is not None else ""
        self._once(
            pull.url,
            f"✓ {head.origin} {head.size} 条 {head.root.hex()[:16]}{copied}",
            origin=head.origin,
            size=head.size,
            root=head.root.hex(),
            mirrored=came.mirrored,
        )
        for short in came.strange:
            self._once(
                f"{pull.url} {short}",
                f"! {head.origin} 在换钥匙：多了一把短号 {short} 的，这里没有。"
                "请当面问到公钥，对过再用 --trust 加上；旧的一停用，没有加上的就签不了。",
                origin=head.origin,
                strange=short,
            )

    def _once(self, about: str, sentence: str, **values: Any) -> None:
        if self._last.get(about) != sentence:
            self._last[about] = sentence
            self.say(sentence, url=about.partition(" ")[0], **values)


def _mirrors(options: argparse.Namespace) -> None:
    from noticeboard.board import mirroring
    from noticeboard.store import mirrors, notices

    board = open_board_of(options)
    if options.add:
        mirroring.add(board, options.village, options.add)
    if options.remove:
        mirroring.remove(board, options.village, options.remove)
    with board.database.read() as tx:
        notices.head_of(tx, options.village)
        listed = mirrors.of_village(tx, options.village)
        waiting = mirroring.unconfirmed(tx, options.village)
    rows = [{"name": m.name, "size": m.size, "at": m.at} for m in listed]
    open_ones = [
        {"index": index, "code": code, "confirmed": told.confirmed, "waiting": told.waiting}
        for index, code, told in waiting
    ]
    lines = [
        f"{m.name}　存到 {m.size} 条　{_when(m.at)}"
        if m.at
        else f"{m.name}　还没有来确认过。它每十分钟来一次；一直不来，请看那一头开着没有。"
        for m in listed
    ]
    lines += [
        f"✗ 第 {index} 条记录（{code}）要删的，还没有确认的副本：{'、'.join(told.waiting)}"
        for index, code, told in waiting
    ]
    if listed and not waiting and all(m.at for m in listed):
        lines.append("✓ 列着的副本都确认了。别人自己存的，够不着。")
    said = "\n".join(lines) or "还没有列副本。用 --add 加上它的见证公钥。"
    say(options, said, mirrors=rows, unconfirmed=open_ones)
