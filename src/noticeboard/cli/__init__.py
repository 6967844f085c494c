"""The commands: each prints what it did and what to do next; 0 done, 1 refused, 2 misused."""

import argparse
import sys
from collections.abc import Sequence

from noticeboard import __version__
from noticeboard.core.problems import Problem


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit status."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except Problem as problem:
        _refuse(problem, in_json=getattr(options, "json", False))
        return 1
    except KeyboardInterrupt:
        return 1
    except SystemExit as over:
        return int(over.code or 0)
    except Exception as error:
        damage = _damage(error, options)
        if damage is None:
            raise
        _refuse(damage, in_json=getattr(options, "json", False))
        return 1
    return 0


def _damage(error: Exception, options: argparse.Namespace) -> Problem | None:
    """Give in words what a damaged database did to a command that is about a board."""
    from noticeboard.cli.damage import in_words
    from noticeboard.settings import read_settings

    return in_words(error, read_settings(home=options.home)) if hasattr(options, "home") else None


def _refuse(problem: Problem, *, in_json: bool) -> None:
    from noticeboard.cli.saying import problem_json

    if in_json:
        print(problem_json(problem))
        return
    for finding in problem.findings:
        print(f"✗ {finding}", file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    from noticeboard.cli import (
        board,
        bringing,
        doctor,
        keys,
        log,
        people,
        places,
        rules,
        running,
        witness,
    )

    parser = argparse.ArgumentParser(prog="noticeboard", description="村务公开板")
    parser.add_argument("--version", action="version", version=__version__)
    names = parser.add_subparsers(required=True, metavar="命令")
    for room in (running, bringing, board, rules, people, places, keys, log, witness, doctor):
        room.add(names)
    return parser
