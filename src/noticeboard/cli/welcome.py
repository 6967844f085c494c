"""What the demo says when it is open: addresses, people, and a QR for the terminal."""

from rich.console import Console
from rich.table import Table

from noticeboard.board import Board
from noticeboard.cli.demo import Person
from noticeboard.formats.qr import terminal
from noticeboard.store import notices, screens


def welcome(board: Board, base: str, people: list[Person], *, lan: bool) -> None:
    """Print where everything is and who may sign in."""
    console = Console(highlight=False)
    with board.database.read() as tx:
        heads = notices.villages(tx)
        hung = {head.village.code: screens.of_village(tx, head.village.code) for head in heads}
    places = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    places.add_row("公开板", f"{base}/")
    for head in heads:
        places.add_row(f"  {head.profile.name}", f"{base}/v/{head.village.code}")
        for screen in hung[head.village.code]:
            places.add_row(f"  {screen.name}", f"{base}/kiosk/{screen.id}")
    places.add_row("办公桌", f"{base}/desk")
    console.print("\n[bold]公开板打开了[/bold]（Ctrl-C 停）\n")
    console.print(places)
    named = Table("登录名", "密码", "谁", box=None, padding=(0, 2, 0, 0))
    for person in people:
        named.add_row(person.login, person.password, f"{person.name} {_office(board, person)}")
    console.print("\n演示的人：")
    console.print(named)
    console.print(f"\n扫一扫打开 {base}/")
    console.print(terminal(f"{base}/".upper()), soft_wrap=True)
    if lan:
        console.print("同一个网里的手机能扫开上面的码。")
    else:
        console.print("现在只有这台机器打得开；要让手机扫，请用 make run LAN=1。")


def _office(board: Board, person: Person) -> str:
    from noticeboard.board.board import in_force

    with board.database.read() as tx:
        return in_force(tx)[1].offices[person.office].printed
