"""What the outbox says, told to the caches of this process before they may trust what they keep.

A cache serves what it kept while the news is current: the outbox was looked into a moment ago, and all that it held was
told. A notification makes the look come early; that none came proves nothing, and a lost one costs the lease at most.
"""

import asyncio
import time
from collections.abc import Callable
from contextvars import Context
from dataclasses import dataclass
from typing import Self, TypeAlias
from uuid import UUID

import asyncpg

from server.db.reads import Reads
from server.errors.machine import DatabaseUnavailableError

LEASE = 0.8
"""Seconds for which a look is good; what is served is never older than this and the time to send it."""

RENEWAL = 0.4
"""The age in seconds of a look from which on whoever asks has it renewed and does not wait."""

PAUSE = 0.5
"""Seconds between a look that failed and the next."""

AWAY = 2
"""Looks that fail one after the other before the database is taken for away: one may be late on a busy machine."""

MOST_ENTRIES = 1000
"""Of one look; where there are more everything counts as changed."""

_LOOK = """
select greatest((select max(position) from outbox), h.position, 0) as head, h.position as horizon,
    e.answer_id, e.set_kind, e.set_id
from outbox_horizon h left join lateral (
    select * from outbox where position > $1 order by position limit $2) e on true
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What changed since what was told before."""

    is_everything: bool = False
    """Whether anything may have changed: entries were missed, or there are too many."""
    answers: frozenset[UUID] = frozenset()
    """The answers with entries of their own."""
    sets: frozenset[tuple[str, UUID | None]] = frozenset()
    """The sets whose caveats changed: a member of `outbox.SetKind`, and the id that names it, if any."""


Hear: TypeAlias = Callable[[Told], None]


class News:
    """Looks into the outbox, from where it is at the first look on; at most one look is under way."""

    def __init__(self, reads: Reads, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._reads = reads
        self._clock = clock
        self._hearers: list[Hear] = []
        self._position: int | None = None
        """Up to where all was told; None before the first look, and when entries may have been missed."""
        self._confirmed = -float("inf")
        """When the last look that succeeded began."""
        self._failed = -float("inf")
        self._failures = 0
        """How many looks failed one after the other."""
        self._look: asyncio.Task[bool] | None = None
        self._is_moved = False
        """Whether there was a notification while a look was under way."""
        self._connections = 0
        """How often notifications began to be heard."""

    async def __aenter__(self) -> Self:
        await self.confirm()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._look is not None:
            self._look.cancel()
            await asyncio.wait([self._look], timeout=1)

    def tell(self, hear: Hear) -> None:
        """Calls a function with all that changes from now on; it must neither wait nor fail."""
        self._hearers.append(hear)

    def is_current(self) -> bool:
        """Whether all is told that was committed up to a lease ago; has an ageing look renewed, and does not wait."""
        age = self.age
        if age > RENEWAL:
            self._begin()
        return age <= LEASE

    @property
    def age(self) -> float:
        """Seconds since the last look that succeeded began; infinite before the first."""
        return self._clock() - self._confirmed

    @property
    def is_away(self) -> bool:
        """Whether one look after the other failed, so that nobody should wait for the database before one succeeds."""
        return self._failures >= AWAY

    def is_in_doubt(self) -> bool:
        """Whether nobody can tell what is current."""
        return not self.is_current()

    def seems_away(self) -> bool:
        """Whether the database is away, as far as is known; if it is not known of late, somebody looks."""
        self.is_current()
        return self.is_away

    async def confirm(self) -> bool:
        """Whether all is told that was committed up to now, or a lease ago; at once where looks just failed."""
        if self.is_current():
            return True
        if self.is_away or self._look is None:
            return False
        await asyncio.wait([self._look])
        return self.age <= LEASE

    def note(self) -> None:
        """There was a notification: something changed."""
        self._is_moved = True
        self._begin()

    def note_connected(self) -> None:
        """Notifications are heard again, perhaps of another database than before: everything counts as changed."""
        self._connections += 1
        self._position, self._confirmed, self._failed, self._failures = None, -float("inf"), -float("inf"), 0
        self.note()

    def _begin(self) -> asyncio.Task[bool] | None:
        """The look under way, or a new one; None while the pause after one that failed lasts."""
        if self._look is None:
            if self._clock() - self._failed < PAUSE:
                return None
            # in a context of its own: it belongs to nobody who asks, and does not end with the operation that does
            self._look = asyncio.create_task(self._look_once(), name="news", context=Context())
            self._look.add_done_callback(self._end)
        return self._look

    def _end(self, look: asyncio.Task[bool]) -> None:
        self._look = None
        if not look.cancelled() and look.result() and self._is_moved:
            self._begin()

    async def _look_once(self) -> bool:
        began, position, connections = self._clock(), self._position, self._connections
        self._is_moved = False
        try:
            rows = await self._reads.fetch(_LOOK, position or 0, MOST_ENTRIES + 1 if position is not None else 0)
        except DatabaseUnavailableError:
            self._failed = self._clock()
            self._failures += 1
            return False
        if connections != self._connections:  # it may have looked at another database than the one that is heard now
            self._is_moved = True
            return True
        self._tell(_told(position, rows))
        self._position, self._confirmed, self._failures = rows[0]["head"], began, 0
        return True

    def _tell(self, told: Told) -> None:
        if told != Told():
            for hear in self._hearers:
                hear(told)


def _told(position: int | None, rows: list[asyncpg.Record]) -> Told:
    head, horizon = rows[0]["head"], rows[0]["horizon"]
    if position is None or not horizon <= position <= head or len(rows) > MOST_ENTRIES:
        return Told(is_everything=True)
    return Told(
        answers=frozenset(row["answer_id"] for row in rows if row["answer_id"]),
        sets=frozenset((row["set_kind"], row["set_id"]) for row in rows if row["set_kind"]),
    )


async def read_told(reads: Reads, position: int) -> tuple[Told, int]:
    """What changed since a position, and the position up to which that is told."""
    rows = await reads.fetch(_LOOK, position, MOST_ENTRIES + 1)
    return _told(position, rows), rows[0]["head"]
