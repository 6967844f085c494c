"""rules: whether rules of one's own can be read, and which rules the whole board goes by."""

import argparse
from pathlib import Path
from typing import Any

from noticeboard.cli.people import command, open_board_of, say
from noticeboard.core.problems import NotValid


def add(names: Any) -> None:
    """Declare the commands of this room."""
    rules = names.add_parser("rules", help="规则")
    actions = rules.add_subparsers(required=True, metavar="做什么")
    check = actions.add_parser("check", help="看看自己的规则文件写得对不对")
    check.add_argument("folder", metavar="文件夹")
    check.add_argument("--json", action="store_true", help="只打印一个 JSON 对象")
    check.set_defaults(run=_check)
    taken = command(actions, "adopt", "从现在起全板照自己的规则", _adopt)
    taken.add_argument("folder", nargs="?", metavar="文件夹", help="不写：照程序自带的")
    taken.add_argument("--document", default="", metavar="文号", help="定下来的文件")


def _check(options: argparse.Namespace) -> None:
    from noticeboard.core.rules import bundle_hash, decode

    bundle = _own_rules(options.folder)
    hash_, packs = bundle_hash(bundle), list(decode(bundle).packs)
    done = f"✓ 规则写得对，编号 {hash_[:16]}，规则包 {'、'.join(packs)}。"
    say(options, done, hash=hash_, bytes=len(bundle), packs=packs)


def _adopt(options: argparse.Namespace) -> None:
    from noticeboard.board import adopting
    from noticeboard.formats.rules import load

    own = options.folder is not None
    bundle = _own_rules(options.folder) if own else load()
    board = open_board_of(options)
    hash_ = adopting.adopt(board, bundle, document=options.document, own=own)
    done = f"✓ 从现在起全板照这套规则，编号 {hash_[:16]}，已记入总日志。"
    say(options, done, hash=hash_, own=own)


def _own_rules(folder: str) -> bytes:
    """Read a county's rule folder over the shipped one; raises NotValid, line by line."""
    from noticeboard.formats.rules import load_over

    if not Path(folder).is_dir():
        raise NotValid("没有这个文件夹。", value=folder)
    return load_over(Path(folder))
