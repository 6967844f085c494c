"""Every public address of a notice, in one place."""


def village(code: str) -> str:
    """Give the address of a village's board."""
    return f"/v/{code}"


def power(village_code: str, code: str) -> str:
    """Give the address of a power's page."""
    return f"/v/{village_code}/powers/{code}"


def notice(code: str) -> str:
    """Give the address of a notice, as on its slip."""
    return f"/n/{code}"


def section(code: str, key: str) -> str:
    """Give the address of one month or group of a notice that is split."""
    return f"/n/{code}?m={key}"


def row(code: str, row_id: int) -> str:
    """Give the address of one row."""
    return f"/n/{code}/r/{row_id}"


def edition(code: str, ed: int) -> str:
    """Give the address of an edition, current or old."""
    return f"/n/{code}/e/{ed}"


def file(code: str, commitment: str) -> str:
    """Give the address of a cleaned attachment."""
    return f"/n/{code}/f/{commitment}"


def thumb(code: str, commitment: str) -> str:
    """Give the address of an attachment's small picture."""
    return f"/n/{code}/f/{commitment}/small"
