"""Shapes: what a type is made of, looked up when a module is imported and never later."""

from types import UnionType
from typing import Generic, TypeVar

import msgspec

T = TypeVar("T")


class Shape(Generic[T]):
    """Reads one type, from JSON or from plain values; in any number of threads.

    msgspec looks up what the fields of a Struct are when it is first read, and keeps the answer on
    the class before it is whole: two threads that read one for the first time end the process with
    a segmentation fault. Making a shape looks up every type inside, before there are threads;
    so shapes are made where a module begins and nowhere else.
    """

    def __init__(self, kind: type[T] | UnionType) -> None:
        """Look up all that `kind` is made of."""
        self._kind = kind
        self._decoder: msgspec.json.Decoder[T] = msgspec.json.Decoder(kind)

    def of_json(self, data: bytes) -> T:
        """Read JSON; raises what `UNREADABLE` names."""
        return self._decoder.decode(data)

    def of_plain(self, value: object) -> T:
        """Read what is made of dicts, lists, texts and numbers; raises msgspec.ValidationError."""
        found: T = msgspec.convert(value, self._kind)
        return found
