"""Files by windows: those of one are looked at together for whether they are known, and the others of them are read.

The next window is read ahead while one is published, so what two hold is all that is ever in memory.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Self

from server.content.files import KnownFile, recall_files, recall_slugs
from server.db.engine import Engine
from server.errors.content import UnreadableError
from server.importers.ahead import Ahead
from server.importers.files import ids_begin_with, open_file, weight
from server.importers.reader import ReadFile
from server.importers.stamps import Stamper

MOST_FILES = 400
MOST_BYTES = 2_000_000
"""Of all files of a window but the last: what is made of a file takes some ten times its size."""
HEARD = 100
"""Files after which Ctrl-C is heard while they are looked at."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Recall:
    """Finds what is known already."""

    files: Callable[[Sequence[bytes]], Awaitable[dict[bytes, KnownFile]]]
    """By their stamps."""
    slugs: Callable[[Sequence[str]], Awaitable[dict[str, dict[str, str]]]]
    """Of answers by external id, for each of these beginnings that any external id has."""

    @classmethod
    def of(cls, engine: Engine) -> Self:
        """What a database knows."""
        return cls(files=partial(recall_files, engine), slugs=partial(recall_slugs, engine))


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """Files in their order, each with what is known of it; those of which nothing is are in `read`, in their order."""

    files: tuple[tuple[Path, KnownFile | None], ...]
    read: AsyncGenerator[ReadFile, None]


async def windows(paths: Sequence[Path], ahead: Ahead, *, recall: Recall | None) -> AsyncGenerator[Window, None]:
    """All the files, first those that are being read; where nothing is known of any there is nothing to recall."""
    begun, read = ahead.begun()
    rest, left = iter(paths[len(begun) :]), len(paths) - len(begun)
    before = Window(files=tuple([(path, None) for path in begun]), read=read) if begun else None
    while stamped := await _stamped(rest, ahead.stamper if recall else None):
        left -= len(stamped)
        known = await recall.files([stamp for _, stamp in stamped if stamp]) if recall else {}
        files = tuple([(path, known.get(stamp)) for path, stamp in stamped])
        unread = [path for path, file in files if file is None]
        slugs = await _slugs(unread, recall) if recall else {}
        read = await ahead.ask(unread, more=left * len(unread) // len(files), slugs=slugs)
        window = Window(files=files, read=read)
        if before is not None:
            yield before
        before = window
    if before is not None:
        yield before


async def _slugs(paths: Sequence[Path], recall: Recall) -> dict[Path, Mapping[str, str]]:
    beginnings = {path: beginning for path in paths if (beginning := ids_begin_with(path)) is not None}
    found = await recall.slugs(list(beginnings.values())) if beginnings else {}
    return {path: found[beginning] for path, beginning in beginnings.items() if beginning in found}


async def _stamped(rest: Iterator[Path], stamper: Stamper | None) -> list[tuple[Path, bytes]]:
    """The next files with their stamps; empty for one that can't be opened, which will be told when it is read."""
    stamped: list[tuple[Path, bytes]] = []
    size = 0
    while len(stamped) < MOST_FILES and size < MOST_BYTES and (path := next(rest, None)) is not None:
        length, stamp = (weight(path), b"") if stamper is None else _read(path, stamper)
        size += length
        stamped.append((path, stamp))
        if len(stamped) % HEARD == 0:
            await asyncio.sleep(0)
    return stamped


def _read(path: Path, stamper: Stamper) -> tuple[int, bytes]:
    try:
        data = open_file(path)
    except UnreadableError:
        return 0, b""
    return len(data), stamper.stamp(path, data)
