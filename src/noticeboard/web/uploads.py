"""Files that a browser sends: read in memory, so that what somebody sent never lies on a disk.

The framework's own reader spools a file of more than a megabyte into a temporary folder; an
original with a person's data must leave no trace there.
"""

from collections.abc import Mapping
from typing import Final

from msgspec import Struct
from multipart import (  # type: ignore[import-untyped]  # the part of Litestar that reads forms
    MultipartError,
    MultipartSegment,
    PushMultipartParser,
    parse_options_header,
)

from noticeboard.core.problems import NotValid

MOST_PARTS: Final = 100


class Upload(Struct, frozen=True):
    """One file as it was sent; its name is somebody's word and never a path."""

    field: str
    name: str
    data: bytes


class Uploads(Struct, frozen=True):
    """A form with files: its fields by name, and its files in order, without those left empty."""

    fields: Mapping[str, str]
    files: tuple[Upload, ...]


def read(content_type: str, body: bytes) -> Uploads:
    """Read a form of the type multipart/form-data; raises NotValid for anything else."""
    kind, options = parse_options_header(content_type)
    if kind != "multipart/form-data" or not options.get("boundary"):
        raise _unreadable()
    fields: dict[str, str] = {}
    files: list[Upload] = []
    try:
        with PushMultipartParser(options["boundary"], max_segment_count=MOST_PARTS) as parser:
            segment, data = None, bytearray()
            for event in parser.parse(body):
                if isinstance(event, MultipartSegment):
                    segment, data = event, bytearray()
                elif event:
                    data += event
                elif segment is not None:
                    _keep(segment, bytes(data), fields, files)
    except (MultipartError, UnicodeDecodeError):
        raise _unreadable() from None
    return Uploads(fields, tuple(files))


def _keep(
    segment: MultipartSegment, data: bytes, fields: dict[str, str], files: list[Upload]
) -> None:
    if segment.filename is None:
        fields[segment.name] = data.decode()
    elif segment.filename or data:
        files.append(Upload(segment.name, segment.filename, data))


def _unreadable() -> NotValid:
    return NotValid("传来的文件不完整。", fix="请重新选择文件再传。")
