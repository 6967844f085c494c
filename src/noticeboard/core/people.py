"""People, offices and the village: who may act, and what a village tells of itself."""

from collections.abc import Mapping

from msgspec import Struct

CLOCK = 0
CLOCK_OFFICE = "clock"


class Actor(Struct, frozen=True):
    """Somebody acting in a village: their number there and the office they act under."""

    number: int
    role: str


THE_CLOCK = Actor(CLOCK, CLOCK_OFFICE)


class Wall(Struct, frozen=True):
    """A board on a wall on which paper is posted."""

    code: str
    name: str


class Phone(Struct, frozen=True):
    """A number the village publishes on purpose: the leak scan lets exactly these pass."""

    label: str
    number: str


class Group(Struct, frozen=True):
    """A 村民小组: its code in leaves and addresses, and its name."""

    code: str
    name: str


class Profile(Struct, frozen=True, kw_only=True):
    """What a village tells of itself. `mark` is printed on every page, slide and poster.

    `signed` false leaves out offices, signatures and seals (a demo told from a newspaper).
    `duties` false leaves out the duty calendar.
    """

    name: str
    town: str = ""
    households: int = 0
    people: int = 0
    about: str = ""
    phones: tuple[Phone, ...] = ()
    walls: tuple[Wall, ...] = ()
    groups: tuple[Group, ...] = ()
    mark: str = ""
    signed: bool = True
    duties: bool = True


class Village(Struct, frozen=True, kw_only=True):
    """What the log alone says of a village: where it stands, who holds which office.

    `register` is the last register number given per Shanghai year; `keys` are the vkeys by which
    the log says it is signed, from genesis and `key` entries. `assessed` says since when (Unix
    seconds) there is an assessment of a programme.
    """

    code: str
    origin: str
    demo: bool = False
    size: int = 0
    last_at: int = 0
    offices: Mapping[int, tuple[str, ...]] = {}
    register: Mapping[str, int] = {}
    keys: tuple[str, ...] = ()
    assessed: Mapping[str, int] = {}

    def holds(self, actor: Actor) -> bool:
        """Say whether an actor holds the office they act under; the clock holds only its own."""
        if actor.number == CLOCK:
            return actor.role == CLOCK_OFFICE
        return actor.role in self.offices.get(actor.number, ())
