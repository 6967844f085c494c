"""Run the benchmarks that are named, or all: `python -m bench [--small] [name …]`."""

import argparse
import sys
from importlib import import_module

from bench.figures import Figure, machine, print_table

# In the order they are printed. Each module has `run(small=…)`, which gives its lines.
BENCHMARKS = {
    "pages": "A notice page from one worker",
    "push": "From due to every open screen",
    "ticks": "A tick, whatever is stored",
    "acts": "An act, and the lock",
    "duties": "A county's calendars",
    "audits": "Both audits",
    "intake": "A county's workbook",
    "log": "The signed log",
    "log_quorum": "The witnesses",
    "outside": "The check from outside",
    "start": "Start and rest",
}


def main() -> int:
    """Run and print; the status says only whether the benchmarks ran, never how fast."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *BENCHMARKS], metavar="name")
    parser.add_argument("--small", action="store_true", help="tiny counts: does it run at all?")
    options = parser.parse_args()
    print(machine(), "\n")
    missed = []
    for name in options.names or BENCHMARKS:
        print(f"measuring: {name} …", file=sys.stderr, flush=True)
        lines = import_module(f"bench.{name}").run(small=options.small)
        print_table(BENCHMARKS[name], lines)
        missed += [line.what for line in lines if isinstance(line, Figure) and line.met is False]
    print(machine())
    print("Every target is met." if not missed else f"Targets missed: {'; '.join(missed)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
