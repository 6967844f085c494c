"""What an address is: one frozen value with one canonical form."""

from collections.abc import Mapping
from typing import ClassVar
from urllib.parse import urlencode

from msgspec import Struct


class Route(Struct, frozen=True):
    """What an address asks for: `shape` is its canonical path, `asks` its query by field.

    `remembered` is false where strangers can ask without end.
    """

    shape: ClassVar[str]
    asks: ClassVar[Mapping[str, str]] = {}
    remembered: ClassVar[bool] = True

    @property
    def path(self) -> str:
        """Give the canonical path, without query."""
        return self.shape.format_map({name: getattr(self, name) for name in self.__struct_fields__})

    @property
    def query(self) -> str:
        """Give the canonical query without the language; what is as by default is left out."""
        # Every field that a query fills has a default, and defaults end the list of fields.
        defaults = self.__struct_defaults__
        usual = dict(
            zip(
                self.__struct_fields__[len(self.__struct_fields__) - len(defaults) :],
                defaults,
                strict=True,
            )
        )
        asked = {key: getattr(self, name) for key, name in self.asks.items()}
        return urlencode({k: v for k, v in asked.items() if v != usual[self.asks[k]]})

    @property
    def address(self) -> str:
        """Give the canonical address: the memo's key, and where links lead."""
        return f"{self.path}?{self.query}" if self.query else self.path
