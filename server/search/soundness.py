"""Whether the files of an index are as they were written: each ends with a checksum, which tantivy looks at when asked.

tantivy-py has no way to ask, so it is done here, as tantivy does it:
https://github.com/quickwit-oss/tantivy/blob/0.27.0/src/directory/footer.rs
"""

import os
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TypeVar
from uuid import UUID

import msgspec

_PARTS = ("fast", "fieldnorm", "idx", "pos", "store", "term")
"""The files of each segment; those that were deleted from it are in one more."""

_END = struct.Struct("<II")
"""How long the footer before it is, and a number that says that it is one."""
_MAGIC = 1337

_CHUNK = 1 << 20

Decoded = TypeVar("Decoded")


class _Deletes(msgspec.Struct, frozen=True):
    opstamp: int


class _Segment(msgspec.Struct, frozen=True):
    segment_id: UUID
    deletes: _Deletes | None = None

    @property
    def files(self) -> list[str]:
        last = [f"{self.deletes.opstamp}.del"] if self.deletes else []
        return [f"{self.segment_id.hex}.{part}" for part in (*_PARTS, *last)]


class _Meta(msgspec.Struct, frozen=True):
    segments: tuple[_Segment, ...]


class _Footer(msgspec.Struct, frozen=True):
    crc: int


def check(folder: Path) -> None:
    """Reads all that was committed to an index; raises ValueError for what is damaged, OSError for what is gone."""
    while True:
        written = (folder / "meta.json").read_bytes()
        try:
            for segment in _decoded(written, _Meta).segments:
                for name in segment.files:
                    _check_file(folder / name)
        except (OSError, ValueError):
            if (folder / "meta.json").read_bytes() == written:
                raise  # else a commit has taken its place, and dropped the files of this one
        else:
            return


def _check_file(path: Path) -> None:
    with path.open("rb") as file:
        end = max(0, file.seek(0, os.SEEK_END) - _END.size)
        length, magic = _END.unpack(_read(file, end, length=_END.size))
        if magic != _MAGIC or length > end:
            raise ValueError(f"{path.name} has no footer")
        footer = _decoded(_read(file, end - length, length=length), _Footer)
        if _crc(file, end - length) != footer.crc:
            raise ValueError(f"{path.name} is damaged")


def _crc(file: BinaryIO, length: int) -> int:
    """The checksum of the beginning of a file."""
    file.seek(0)
    found = 0
    for start in range(0, length, _CHUNK):
        found = zlib.crc32(file.read(min(_CHUNK, length - start)), found)
    return found


def _read(file: BinaryIO, start: int, *, length: int) -> bytes:
    file.seek(start)
    found = file.read(length)
    if len(found) < length:
        raise ValueError("a file is too short")
    return found


def _decoded(written: bytes, kind: type[Decoded]) -> Decoded:
    try:
        return msgspec.json.decode(written, type=kind)
    except msgspec.MsgspecError as error:
        raise ValueError("what describes a file is damaged") from error


@contextmanager
def no_panic() -> Iterator[None]:
    """Raises ValueError where tantivy panics, as it does over damaged files: `except Exception` lets a panic pass."""
    try:
        yield
    except Exception:
        raise
    except BaseException as error:
        raise ValueError("the index can't be read") from error
