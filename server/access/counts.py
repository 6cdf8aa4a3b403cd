"""Where what callers ask in a minute is counted: in this process, or in a Redis that several of them share."""

import asyncio
import time
from typing import Protocol, cast

import structlog
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.storage.redis.redispy import RedispyBridge

MOST_KEPT = 200_000
"""How many counts a process keeps; the oldest are forgotten first."""

PATIENCE = 0.25
"""Seconds that Redis has to answer."""
PAUSE = 1.0
"""Seconds for which it is left alone once it did not: one request in that time waits for it, and no other."""

PREFIX = "caveat"

log = structlog.get_logger()


class Counts(Protocol):
    """Numbers by their keys, each forgotten after a time."""

    async def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Adds to the number at a key, which is forgotten `expiry` seconds after it was begun, and gives the sum."""


class MemoryCounts(MemoryStorage):
    """Those of this process, forgotten from the oldest on: `limits` itself looks through all of them at every count."""

    async def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """The sum; all keys are to have the same expiry, so that the oldest is the first to be forgotten."""
        return self.add(key, expiry, amount=amount)

    def count(self, key: str) -> int:
        """The number at a key."""
        return self.storage.get(key, 0)

    def add(self, key: str, expiry: float, *, amount: int) -> int:
        """What `incr` does, without waiting."""
        now = time.time()
        if self.expirations.get(key, 0) <= now:
            self._forget(now)
            self.expirations[key] = now + expiry
        self.storage[key] += amount
        return self.storage[key]

    def _forget(self, now: float) -> None:
        while self.expirations:
            oldest = next(iter(self.expirations))
            if self.expirations[oldest] > now and len(self.expirations) < MOST_KEPT:
                return
            del self.expirations[oldest]
            del self.storage[oldest]


class SharedCounts:
    """Those in a Redis or Valkey; while it is away, those of this process.

    An outage that begins or ends within a minute gives a caller what both counts leave it, and refuses nobody.
    """

    def __init__(self, url: str) -> None:
        scheme, _, rest = url.partition("://")
        scheme = {"unix": "redis+unix"}.get(scheme, scheme).replace("valkey", "redis")  # they speak one protocol
        self.is_shared = True
        """Whether Redis answered when it was last asked."""
        self._storage = RedisStorage(
            f"async+{scheme}://{rest}",
            wrap_exceptions=False,
            implementation="redispy",
            key_prefix=PREFIX,
        )
        failures = self._storage.base_exceptions
        self._failures: tuple[type[Exception], ...] = (
            OSError,
            *(failures if isinstance(failures, tuple) else (failures,)),
        )
        self._redis = cast("RedispyBridge", self._storage.bridge).storage
        self._own = MemoryCounts()
        self._away_until = 0.0

    async def close(self) -> None:
        """Hangs up."""
        await self._redis.aclose()

    async def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """The sum, wherever it is kept just now; raises nothing."""
        now = time.monotonic()
        if now < self._away_until:
            return await self._own.incr(key, expiry, amount)
        if not self.is_shared:
            self._away_until = now + PAUSE  # whoever comes while this one tries does not wait
        try:
            async with asyncio.timeout(PATIENCE):
                count = await self._incr(key, expiry, amount)
        except self._failures as error:
            self._note_away(error)
            return await self._own.incr(key, expiry, amount)
        self._note_back()
        return count

    async def _incr(self, key: str, expiry: int, amount: int) -> int:
        """The sum in Redis; connections that one lost when it began anew say nothing, a new one does."""
        try:
            return await self._storage.incr(key, expiry, amount)
        except self._failures:
            await self._redis.connection_pool.disconnect(inuse_connections=False)
            return await self._storage.incr(key, expiry, amount)

    def _note_away(self, error: Exception) -> None:
        self._away_until = time.monotonic() + PAUSE
        if self.is_shared:
            self.is_shared = False
            log.warning("rate limits are counted by each process alone", reason=type(error).__name__)

    def _note_back(self) -> None:
        self._away_until = 0.0
        if not self.is_shared:
            self.is_shared = True
            log.info("rate limits are shared again")
