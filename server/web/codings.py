"""Which coding a response goes out in, as RFC 9110, section 12.5.3, says, and how bytes are put into it.

Nothing that is coded here is a secret that its reader could guess at by the length (BREACH): no page can make a browser
send a key along, no body repeats one, and what is a caller's own is left as it is.
"""

import asyncio
import zlib
from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache

import brotli
import zstandard

from server.errors.requests import NotAcceptableError

LEAST_BYTES = 1_000
"""What is shorter travels in one packet anyhow."""

LONG_BYTES = 65_536
"""What is longer takes milliseconds, and is coded beside the event loop."""

LONGEST_KEPT = 200
"""Characters of a header that is read once and then known."""


class Coding(StrEnum):
    """A content coding, the best first: of zstd and br the results are alike, and zstd takes a quarter of the time."""

    ZSTD = "zstd"
    BR = "br"
    GZIP = "gzip"
    IDENTITY = "identity"


def _zstd(body: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=3).compress(body)


def _br(body: bytes) -> bytes:
    coded: bytes = brotli.compress(body, quality=4)
    return coded


def _gzip(body: bytes) -> bytes:
    return zlib.compress(body, level=5, wbits=31)


_CODERS: dict[Coding, Callable[[bytes], bytes]] = {Coding.ZSTD: _zstd, Coding.BR: _br, Coding.GZIP: _gzip}


class Choice:
    """The codings that suit a client: the best one, and whether it could do without any."""

    __slots__ = ("best", "takes_plain")

    def __init__(self, best: Coding, *, takes_plain: bool) -> None:
        self.best = best
        self.takes_plain = takes_plain

    def is_worth(self, size: int) -> bool:
        """Whether a body of a size is to be coded, if that makes it shorter."""
        return self.best is not Coding.IDENTITY and (size >= LEAST_BYTES or not self.takes_plain)


PLAIN = Choice(Coding.IDENTITY, takes_plain=True)
"""What suits who says nothing."""


def choice(header: str | None) -> Choice:
    """What an `Accept-Encoding` header says; raises NotAcceptableError where it takes none of ours, nor plain bytes."""
    if header is None:
        return PLAIN
    found = _kept_choice(header) if len(header) <= LONGEST_KEPT else _choice(header)
    if found is None:
        raise NotAcceptableError("Nothing that `Accept-Encoding` names can be served: allow `gzip`, or `identity`.")
    return found


async def coded(body: bytes, coding: Coding) -> bytes:
    """The bytes in a coding."""
    if len(body) > LONG_BYTES:
        return await asyncio.to_thread(_CODERS[coding], body)
    return _CODERS[coding](body)


def _choice(header: str) -> Choice | None:
    said = dict(filter(None, map(_range, header.lower().split(","))))
    if "x-gzip" in said:
        said.setdefault("gzip", said["x-gzip"])
    qualities = {coding: said.get(coding, said.get("*", 0.0)) for coding in _CODERS}
    plain = said.get("identity", said.get("*"))
    best = max(qualities, key=qualities.__getitem__)  # of equals the first
    if qualities[best] == 0.0:
        return None if plain == 0.0 else PLAIN
    is_plain_better = said.get("identity", 0.0) > qualities[best]
    return Choice(Coding.IDENTITY if is_plain_better else best, takes_plain=plain != 0.0)


_kept_choice = lru_cache(maxsize=256)(_choice)


def _range(part: str) -> tuple[str, float] | None:
    """A coding and its quality; None for what is not legible."""
    name, _, rest = part.partition(";")
    quality = 1.0
    for parameter in rest.split(";"):
        key, _, value = parameter.partition("=")
        if key.strip() == "q":
            quality = _quality(value.strip())
    return (name.strip(), quality) if name.strip() and 0.0 <= quality <= 1.0 else None


def _quality(text: str) -> float:
    return float(text) if text.replace(".", "", 1).isascii() and text.replace(".", "", 1).isdecimal() else -1.0
