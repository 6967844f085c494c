"""verify: whether all of it is still as it was."""

import argparse
import sys
import time
from pathlib import Path
from typing import Any

from noticeboard.auditing.report import Report
from noticeboard.board.checkpoints import board_policy
from noticeboard.cli.saying import as_json, home_option
from noticeboard.compose import open_board, signer_of
from noticeboard.core.policy import Policy
from noticeboard.core.problems import NotFound, NotValid
from noticeboard.settings import read_settings


def add(names: Any) -> None:
    """Declare the commands of this room."""
    verify = names.add_parser("verify", help="把全部记录和内容核对一遍")
    home_option(verify)
    verify.add_argument("--village", metavar="村代码")
    verify.add_argument(
        "--url", metavar="网址", help="从外面核对：公开板、副本的网址，或导出的文件夹"
    )
    verify.add_argument("--key", metavar="公钥", help="日志的公钥，就是村里墙上印的那一行")
    verify.add_argument(
        "--against",
        action="append",
        default=[],
        metavar="文件",
        help="别人见到的记录头，可以给几个",
    )
    verify.add_argument(
        "--policy",
        metavar="文件",
        help="见证的公钥，写法同公开板的 policy；默认 --home 里的那一份，有的话",
    )
    verify.set_defaults(run=_verify)


def _verify(options: argparse.Namespace) -> None:
    if options.url or options.key or options.against:
        report = _from_outside(options)
    else:
        from noticeboard import auditing

        settings = read_settings(home=options.home)
        report = auditing.verify(open_board(settings), options.village, signer_of(settings))
    alone = options.village in report.roots or options.url
    root = next((root for code, root in report.roots.items() if alone and code), None)
    if options.json:
        print(as_json(_as_found(report, root)))
    else:
        _say_found(report)
    if not report.ok:
        raise SystemExit(1)


def _from_outside(options: argparse.Namespace) -> Report:
    from noticeboard.auditing import outside, reading, seen, settled

    if not (options.url and options.key):
        raise NotValid("从外面核对，要有网址，也要有公钥。", fix="请加 --url 网址 --key 公钥。")
    others = []
    for name in options.against:
        try:
            others.append(Path(name).read_bytes())
        except OSError as error:
            raise NotFound("这个文件打不开。", value=name, fix=error.strerror or "") from None
    key, home = seen.trusted(options.key), read_settings(home=options.home).home
    place = reading.find(options.url, options.village, key.name)
    machine = settled.Machine(lambda: int(time.time()), time.sleep, _Progress())
    policy = _policy(options.policy, home)
    report = outside.verify(place, key, home, machine, others, policy)
    remembered = seen.Seen(home, key.name)
    last = remembered.last()
    if last is not None and last.root.hex() in report.roots.values():
        report.kept = str(remembered.note)
    return report


def _policy(named: str | None, home: Path) -> Policy:
    """Read the policy file a person named, or the home's, which need not be there."""
    path = Path(named) if named else home / "policy"
    try:
        return board_policy(path.read_text("utf-8"))
    except FileNotFoundError:
        if named is None:
            return Policy()
        raise NotFound("这个文件打不开。", value=str(path)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise NotFound("这个文件打不开。", value=str(path), fix=str(error)) from None


class _Progress:
    """Says on the error output how far a long walk is, from the third second on."""

    def __init__(self) -> None:
        self._next = time.monotonic() + 2

    def __call__(self, what: str, done: int, of: int) -> None:
        """Say it, at most every two seconds."""
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + 2
            print(f"  正在核对{what}：{done:,} / {of:,}", file=sys.stderr, flush=True)


def _as_found(report: Report, root: str | None) -> dict[str, Any]:
    problems = [
        {"village": p.village, "audit": p.audit, "where": p.where, "problem": p.what, "fix": p.fix}
        for p in report.problems
    ]
    roots = {"root": root} if root else {"roots": report.roots}
    found: dict[str, Any] = {"ok": report.ok, "entries": report.entries, **roots}
    if report.rules:
        found |= {"rules": report.rules, "before": report.before, "kept": report.kept}
    return {**found, "unknown": report.unknown, "remarks": report.remarks, "problems": problems}


def _say_found(report: Report) -> None:
    for problem in report.problems:
        print(f"✗ {problem.village or '总日志'} {problem.where}：{problem.what}{problem.fix}")
    if report.unknown:
        print(f"! {report.unknown} 条记录是更新的程序写的，这个程序不认识，跳过了。")
    for remark in report.remarks:
        print(f"! {remark}")
    for code, hash_ in report.roots.items():
        print(f"  {code or '总日志'} 记录头 {hash_[:4]} {hash_[4:8]}")
    if report.rules:
        print(f"  规则 {'、'.join(hash_[:8] for hash_ in report.rules)}")
    said = "内容和记下的一样" if report.ok else f"有 {len(report.problems)} 处不对"
    if report.ok and report.before is not None:
        said += f"，从 {report.before} 条长到 {report.entries} 条，接得上"
    print(f"{'✓' if report.ok else '✗'} 核对了 {report.entries} 条记录，{said}。")
    if report.kept:
        print(f"  记录头记在 {report.kept}，下次接着核对。")
