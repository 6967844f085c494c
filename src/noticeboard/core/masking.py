"""What of a person may be public: default-deny by field and programme."""

from typing import Literal

from noticeboard.core.sourced import Code, Sourced, Text

# `full` as it is; `sums` only within sums; `never` under no circumstances.
Form = Literal["full", "surname", "tail", "group", "sums", "never"]


class Field(Sourced, frozen=True, kw_only=True):
    """How one kind of personal data is shown where a programme says nothing else."""

    name: Text
    english: Text
    form: Form


class Programme(Sourced, frozen=True, kw_only=True):
    """A programme of payments: the words it goes by, how names are shown, what it is allowed.

    One that is `sensitive` has its names looked for in every free text.
    """

    name: Text
    english: Text
    words: tuple[Text, ...]
    names: Form
    sensitive: bool = False
    items: tuple[Text, ...] = ()


class Masking(Sourced, frozen=True, kw_only=True):
    """The whole policy. What is not named in it is not shown."""

    fields: dict[Code, Field]
    programmes: dict[Code, Programme]
    longest_tail: int
    child_below: int
    child_words: Text
    never_words: tuple[Text, ...]
    assessment_years: int
