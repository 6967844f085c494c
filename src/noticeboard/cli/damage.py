"""What a damaged database makes of a command: a sentence and the next step instead of a trace."""

from sqlite3 import Error as DriverError

from msgspec import MsgspecError
from sqlalchemy.exc import SQLAlchemyError

from noticeboard.core.problems import Problem, Unavailable
from noticeboard.settings import Settings
from noticeboard.store.database import Database
from noticeboard.store.soundness import RESTORE, broken

# What rows that are not as they were written end in; anything else is a fault of the program,
# unless the file itself turns out to be damaged.
_UNREADABLE = (MsgspecError, UnicodeError, SQLAlchemyError, DriverError, KeyError)
# So many seconds are given to find that out.
_LOOKED = 20


def in_words(error: Exception, settings: Settings) -> Problem | None:
    """Give what went wrong as a refusal where the home's database is to blame, else None."""
    database = Database(settings.database)
    path = database.path
    try:
        if path is not None and path.exists() and (said := database.quick_check(_LOOKED)):
            return broken(path, said)
    except Problem as problem:
        return problem
    finally:
        database.close()
    if not isinstance(error, _UNREADABLE):
        return None
    said = f"{type(error).__name__}: {error}"[:200]
    fix = f"请运行 noticeboard verify，看是哪里；它也说不出来：{RESTORE}"
    return Unavailable("数据库里有一处读不懂。", value=said, fix=fix)
