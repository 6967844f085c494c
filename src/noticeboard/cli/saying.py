"""How commands speak: sentences for people, one JSON object for programs."""

import argparse
import json
import re
from typing import Any

from noticeboard.core.problems import Finding, NotValid, Problem


def home_option(parser: argparse.ArgumentParser, *, as_json: bool = True) -> None:
    """Give a command its `--home` and `--json`."""
    parser.add_argument("--home", metavar="文件夹", help="数据文件夹，默认 var 或 NOTICEBOARD_HOME")
    if as_json:
        parser.add_argument("--json", action="store_true", help="只打印一个 JSON 对象")


def signer_option(parser: argparse.ArgumentParser) -> None:
    """Give a command its `--signer`, for a signer in a process of its own."""
    parser.add_argument(
        "--signer",
        metavar="套接字",
        help="签名程序的套接字，默认 NOTICEBOARD_SIGNER；空的就由本程序签名",
    )


def finding_json(finding: Finding) -> dict[str, str]:
    """Write a finding for a program, filled in."""
    return {
        "where": finding.where,
        "problem": finding.text.format(**finding.args),
        "value": finding.value,
        "fix": finding.fix.format(**finding.args),
    }


def problem_json(problem: Problem) -> str:
    """Write a refusal as one JSON object."""
    return as_json({"ok": False, "problems": [finding_json(f) for f in problem.findings]})


def as_json(value: dict[str, Any]) -> str:
    """Write an answer as one JSON object, Chinese as it is."""
    return json.dumps(value, ensure_ascii=False)


def village_code(code: str) -> str:
    """Give a village code back if it can stand in addresses; raises NotValid."""
    if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}", code) is None:
        raise NotValid(
            "村代码用字母、数字和横线，最多 32 个。", value=code, fix="例如行政区划代码 430000101。"
        )
    return code
