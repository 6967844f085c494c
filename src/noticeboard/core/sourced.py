"""What every rule stands on: a text that was read or not, and how far its number can be trusted."""

from collections.abc import Collection
from typing import Annotated, Literal

from msgspec import Meta, Struct

Verified = Literal["yes", "no", "general-knowledge"]
# `law` binds where the pack applies; `county` binds since a county adopted it by a document;
# `practice` is only a plan: missing it is never called late.
Force = Literal["law", "county", "practice"]

Text = Annotated[str, Meta(min_length=1)]
IsoDate = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]
ItemId = Annotated[str, Meta(pattern=r"^[A-Z][0-9]{2,3}$")]
Code = Annotated[str, Meta(pattern=r"^[a-z]+(-[a-z]+)*$")]
Tag = Annotated[str, Meta(pattern=r"^[A-Za-z0-9-]+$")]


class Source(Struct, frozen=True, kw_only=True):
    """A text that rules rest on; `version` is its own date or year.

    `extent` says how much of it was read, `valid_from` since which day it is in force where that
    is known, `superseded` since which day it no longer is.
    """

    title: Text
    jurisdiction: Text
    extent: Literal["full", "opening", "none"]
    version: str = ""
    valid_from: Annotated[str, Meta(pattern=r"^(\d{4}-\d{2}-\d{2})?$")] = ""
    superseded: Annotated[str, Meta(pattern=r"^(\d{4}-\d{2}-\d{2})?$")] = ""
    address: str = ""

    def within(self, places: Collection[str]) -> bool:
        """Say whether it speaks for one of these places; one text may speak for several."""
        return any(place in places for place in self.jurisdiction.split("、"))


class Sourced(Struct, frozen=True, kw_only=True):
    """Whatever rests on a source: tags of `Rules.sources`, each perhaps followed by its article."""

    source: Annotated[tuple[Text, ...], Meta(min_length=1)]
    verified: Verified


class Span(Sourced, frozen=True, kw_only=True):
    """So many days of a kind."""

    n: Annotated[int, Meta(ge=1)]
    unit: Literal["day", "working-day"]
