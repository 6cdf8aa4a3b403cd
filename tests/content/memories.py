"""One process that remembers what it reads, and a clock for its news."""

from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg

from server.access.audience import ANONYMOUS, Audience
from server.content.objects import Objects
from server.content.remembering import RememberingLibrary
from server.db.reads import Reads
from server.events.news import LEASE, News


class Clock:
    """Stands still until it is moved."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


class GatedReads(Reads):
    """Reads that hand out what they read when the gate says so, and keep the rows of the latest statement."""

    rows: list[asyncpg.Record]
    gate: Callable[[], Awaitable[None]] | None = None

    async def fetch(self, sql: str, *args: Any) -> list[asyncpg.Record]:
        self.rows = await super().fetch(sql, *args)
        if self.gate is not None:
            await self.gate()
        return self.rows


class Memory:
    """One process: its news, and what it keeps."""

    def __init__(self, reads: GatedReads, look: Reads) -> None:
        self.reads, self.clock = reads, Clock()
        self.news = News(look, clock=self.clock)
        self.objects = Objects(self.news, most_bytes=10_000_000)

    def library(self, audience: Audience = ANONYMOUS) -> RememberingLibrary:
        """As one request opens it."""
        return RememberingLibrary(self.reads, audience, objects=self.objects)

    async def hear(self) -> None:
        """Looks into the outbox."""
        self.clock.now += LEASE * 2
        assert await self.news.confirm()

    async def statements(self, read: Callable[[], Awaitable[object]]) -> int:
        """How many statements it takes to read something."""
        before = self.reads.statements
        await read()
        return self.reads.statements - before
