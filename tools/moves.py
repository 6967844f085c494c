"""Print the table of moves: for each state of a notice, what may be done next and by which office.

It is made by asking the rulebook itself, so it cannot say anything else than the code does. With
`--write` the table in README.md is replaced; a house test compares the two.
"""

import sys
from pathlib import Path

from noticeboard.core.actions import (
    Action,
    Approve,
    Publish,
    Return,
    Submit,
    Withdraw,
    verb,
)
from noticeboard.core.lifecycle import acting, candidates, publishing, step
from noticeboard.core.notice import Notice, Part
from noticeboard.core.people import THE_CLOCK, Actor, Village
from noticeboard.core.problems import Problem
from noticeboard.core.rules import Rules, decode
from noticeboard.formats.rules import load

README = Path(__file__).resolve().parents[1] / "README.md"
BEGIN, END = "<!-- moves: begin -->", "<!-- moves: end -->"
CODE, ANNA, BEN = "2K7MP4QX", 1, 2
PARTS = (Part("text", "0" * 64, 0),)
WORDS = {
    "submitted": "待审 submitted",
    "returned": "退回 returned",
    "scheduled": "待公开 scheduled",
    "published": "公示中 / 已公开 published",
    "expired": "期满 (by the date alone)",
    "withdrawn": "已撤下 withdrawn",
}


def states(rules: Rules) -> dict[str, tuple[Village, Notice, int]]:
    """Live a notice into every state by the rulebook; gives village, notice and instant of each."""
    offices = tuple(role for role in rules.offices if role != "clock")
    village = Village(code="v", origin="board.example/v", offices={ANNA: offices, BEN: offices})
    ground = next(iter(rules.grounds["withdraw"]))

    def do(
        at: int, before: tuple[Village, Notice | None], *acts: tuple[Action, int]
    ) -> tuple[Village, Notice, int]:
        here, notice = before
        for action, who in acts:
            actor = THE_CLOCK if who == 0 else acting(here, who, action, rules)
            here, notice = step(here, notice, action, actor, at, rules)
        assert notice is not None
        return here, notice, at

    submit = Submit(
        code=CODE,
        ed=1,
        kind="spending",
        item=None,
        publisher="committee",
        covers=None,
        group=None,
        writers=(ANNA,),
        parts=PARTS,
        files=(),
        prev=None,
        change=None,
    )
    found: dict[str, tuple[Village, Notice, int]] = {}
    found["submitted"] = do(10, (village, None), (submit, ANNA))
    begun = found["submitted"][:2]
    found["returned"] = do(20, begun, (Return(code=CODE, ed=1, of=0, parts=PARTS), BEN))
    approve = Approve(code=CODE, ed=1, of=0, start=30, until=100)
    found["scheduled"] = do(20, begun, (approve, BEN))
    here, waiting, _at = found["scheduled"]
    publish = publishing(here, waiting, 30)
    assert isinstance(publish, Publish)
    found["published"] = do(30, (here, waiting), (publish, 0))
    up = found["published"][:2]
    found["expired"] = (*up, 200)
    found["withdrawn"] = do(40, up, (Withdraw(code=CODE, ed=1, ground=ground), ANNA))
    return found


def table(rules: Rules) -> str:
    """Write the two tables in Markdown: moves by state, and offices by verb."""
    lines = ["| state | what may be done next |", "|---|---|"]
    for name, (village, notice, at) in states(rules).items():
        allowed = sorted(_allowed(village, notice, at, rules))
        lines.append(f"| {WORDS[name]} | {', '.join(allowed) or '—'} |")
    lines += ["", "| verb | offices that may |", "|---|---|"]
    verbs = sorted({word for office in rules.offices.values() for word in office.may})
    for word in verbs:
        names = [office.printed for office in rules.offices.values() if word in office.may]
        lines.append(f"| {word} | {'、'.join(names)} |")
    return "\n".join(lines)


def _allowed(village: Village, notice: Notice, at: int, rules: Rules) -> set[str]:
    allowed = set()
    due = publishing(village, notice, max(at, 30))
    if due is not None:
        allowed.add("publish (the clock, when it is due)")
    for number in (ANNA, BEN):
        for action in candidates(notice, Actor(number, ""), at, rules):
            try:
                step(village, notice, action, acting(village, number, action, rules), at, rules)
            except Problem:
                continue
            allowed.add(verb(action))
    return allowed


def main() -> None:
    """Print the table, or write it into the README."""
    text = f"{BEGIN}\n{table(decode(load()))}\n{END}"
    if "--write" not in sys.argv:
        print(text)
        return
    readme = README.read_text("utf-8")
    before, _, rest = readme.partition(BEGIN)
    _, _, after = rest.partition(END)
    README.write_text(before + text + after, "utf-8")


if __name__ == "__main__":
    main()
