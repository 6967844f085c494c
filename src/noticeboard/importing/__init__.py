"""A workbook into drafts, all of them or none; the file itself is read once and never kept.

`checking` has a workbook read apart and says what it states or everything that is wrong with it,
`known` and `already` hold it against what the board has, `comparing` says what is new about it,
`telling` in words, `splitting` makes several notices of a sheet that is too long for one, `keeping`
makes the drafts, and `wording` says it all to commands.
"""

from noticeboard.importing.checking import Checked, check, reader
from noticeboard.importing.keeping import keep, take
from noticeboard.importing.known import Plan
from noticeboard.importing.telling import counted, news
from noticeboard.importing.wording import KIND_OF, as_json, in_words, money_of, word_of

__all__ = [
    "KIND_OF",
    "Checked",
    "Plan",
    "as_json",
    "check",
    "counted",
    "in_words",
    "keep",
    "money_of",
    "news",
    "reader",
    "take",
    "word_of",
]
