"""How late this process hears of what the outbox holds."""

import contextlib
import math
import time

from server.db.reads import Reads
from server.errors.machine import DatabaseUnavailableError
from server.events.stream import Wakes

_HEAD = "select greatest((select max(position) from outbox), (select position from outbox_horizon), 0)"

_AGE = """
-- the age of the oldest entry after a position, of those committed in the last seconds
select coalesce(extract(epoch from clock_timestamp() - min(occurred_at)), 0)::float8
from outbox
where position > $1 and occurred_at > clock_timestamp() - make_interval(secs => $2)
"""


class Hearing:
    """Notes what the listener hears, and wakes those who follow the outbox.

    What was committed before the connection was made counts as heard: followers are woken then, and look themselves.
    """

    def __init__(self, reads: Reads, wakes: Wakes) -> None:
        self._reads = reads
        self._wakes = wakes
        self._position: int | None = None
        self._since = time.monotonic()
        """When the connection was made, or lost."""

    async def open(self) -> None:
        """Begins with what the outbox holds now, or holds when the database says so."""
        with contextlib.suppress(DatabaseUnavailableError):
            self._position = await self._reads.fetch_value(_HEAD)

    def note(self, payload: str) -> None:
        """A notification, which says the number of an entry."""
        if payload.isdecimal():
            self._position = max(self._position or 0, int(payload))
        self._wakes.wake()

    def note_connected(self) -> None:
        """The connection was made; notifications may have been missed before."""
        self._since = time.monotonic()
        self._wakes.wake()

    def note_lost(self) -> None:
        """The connection was lost."""
        self._since = time.monotonic()

    async def lag(self) -> float:
        """Seconds since the oldest entry was written that this process has not heard of, 0 where it has heard of all.

        Not-a-number where the database does not say.
        """
        try:
            if self._position is None:
                self._position = await self._reads.fetch_value(_HEAD)
            seconds: float = await self._reads.fetch_value(_AGE, self._position, time.monotonic() - self._since)
        except DatabaseUnavailableError:
            return math.nan
        return seconds
