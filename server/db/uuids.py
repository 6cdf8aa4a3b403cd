"""Identities of rows: UUIDs that sort in the order in which they were made."""

import os
import time
from uuid import UUID


class _Clock:
    """The latest id that this process made."""

    latest = 0


def new_uuid() -> UUID:
    """A UUIDv7 (RFC 9562, 5.7 and 6.2): Unix milliseconds, then random bits; later ones of a process sort after."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds << 80 | int.from_bytes(os.urandom(10))) & ~(0xF << 76 | 0x3 << 62) | 0x7 << 76 | 0x2 << 62
    if value <= _Clock.latest:
        value = _Clock.latest + 1
    _Clock.latest = value
    return UUID(int=value)
