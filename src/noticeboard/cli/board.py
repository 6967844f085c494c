"""import, verify, rules check: what goes in, and whether all of it is still as it was."""

import argparse
from pathlib import Path
from typing import Any

from noticeboard.cli.saying import as_json, home_option
from noticeboard.compose import open_board
from noticeboard.core.problems import NotFound, NotValid
from noticeboard.settings import read_settings


def add(names: Any) -> None:
    """Declare the commands of this room."""
    importing = names.add_parser("import", help="把表格变成草稿，要么全部要么不动")
    home_option(importing)
    importing.add_argument("file", metavar="表格")
    importing.add_argument("--village", required=True, metavar="村代码")
    importing.add_argument("--as", dest="login", required=True, metavar="登录名")
    importing.add_argument("--kind", choices=("spending", "subsidy"), metavar="种类")
    importing.add_argument("--check", action="store_true", help="只看，不存")
    importing.set_defaults(run=_import)
    verify = names.add_parser("verify", help="把全部记录和内容核对一遍")
    home_option(verify)
    verify.add_argument("--village", metavar="村代码")
    verify.set_defaults(run=_verify)
    rules = names.add_parser("rules", help="规则")
    actions = rules.add_subparsers(required=True, metavar="做什么")
    check = actions.add_parser("check", help="看看自己的规则文件写得对不对")
    check.add_argument("folder", metavar="文件夹")
    check.add_argument("--json", action="store_true", help="只打印一个 JSON 对象")
    check.set_defaults(run=_rules_check)


def _import(options: argparse.Namespace) -> None:
    from noticeboard import importing
    from noticeboard.board import accounts
    from noticeboard.store import people

    board = open_board(read_settings(home=options.home))
    path = Path(options.file)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise NotFound("这个文件打不开。", value=options.file, fix=error.strerror or "") from None
    with board.database.read() as tx:
        account = people.by_login(tx, options.login)
    if account is None:
        raise NotFound("没有这个人。", value=options.login, fix="请看 noticeboard people list。")
    number = accounts.seat(board, account.id, options.village, "submit")
    checked = importing.check(board, options.village, data, path.name, options.kind)
    drafts = [] if options.check or not checked.ok else importing.keep(board, checked, number)
    if options.json:
        print(as_json(importing.as_json(checked, drafts)))
    else:
        for line in importing.in_words(checked, drafts):
            print(line)
    if not checked.ok:
        raise SystemExit(1)


def _verify(options: argparse.Namespace) -> None:
    from noticeboard import auditing

    board = open_board(read_settings(home=options.home))
    report = auditing.verify(board, options.village)
    root = report.roots.get(options.village) if options.village else None
    if options.json:
        problems = [
            {
                "village": p.village,
                "audit": p.audit,
                "where": p.where,
                "problem": p.what,
                "fix": p.fix,
            }
            for p in report.problems
        ]
        roots = {"root": root} if root else {"roots": report.roots}
        print(as_json({"ok": report.ok, "entries": report.entries, **roots, "problems": problems}))
    else:
        for problem in report.problems:
            print(f"✗ {problem.village or '总日志'} {problem.where}：{problem.what}{problem.fix}")
        if report.unknown:
            print(f"! {report.unknown} 条记录是更新的程序写的，这个程序不认识，跳过了。")
        for code, hash_ in report.roots.items():
            print(f"  {code or '总日志'} 记录头 {hash_[:4]} {hash_[4:8]}")
        said = "内容和记下的一样" if report.ok else f"有 {len(report.problems)} 处不对"
        print(f"{'✓' if report.ok else '✗'} 核对了 {report.entries} 条记录，{said}。")
    if not report.ok:
        raise SystemExit(1)


def _rules_check(options: argparse.Namespace) -> None:
    from noticeboard.core.rules import bundle_hash
    from noticeboard.formats.rules import load

    folder = Path(options.folder)
    if not folder.is_dir():
        raise NotValid("没有这个文件夹。", value=options.folder)
    bundle = load(folder)
    if options.json:
        print(as_json({"ok": True, "hash": bundle_hash(bundle), "bytes": len(bundle)}))
    else:
        print(f"✓ 规则写得对，编号 {bundle_hash(bundle)[:16]}，{len(bundle):,} 字节。")
