"""The process's LISTEN connection, which comes back by itself; what it hears is a hint, the tables are the truth."""

import asyncio
import random
import time
from collections.abc import Callable, Mapping
from typing import Self

import asyncpg
import structlog

from server.db.connections import LOST, PROMPT, connect
from server.errors.machine import DatabaseUnavailableError

HEARTBEAT = 0.4
"""Seconds between two proofs of life: silence alone does not tell a lost connection."""

ANSWER = 1.0
"""Seconds that a proof may take until the connection counts as lost."""

LEASE = 0.8
"""Seconds for which a proof is good: a connection may be dead as soon as it was given."""

SHORTEST_PAUSE, LONGEST_PAUSE = 0.1, 1.0
"""Seconds between two attempts to connect, doubled from one to the next."""

DEAF, HEARING = "the database was lost, or the connection that listens to it", "the database is listened to again"
"""The events of the log."""

log = structlog.get_logger()


def _ignore() -> None:
    """What happens where nobody wants to know."""


class Listener:
    """Listens from `open` to `close` on channels, each with who gets the payload of every notification there.

    `on_connect` is called whenever notifications may have been missed until now, the first time included; `on_lost`
    when they may be missed from now on. All of these run in the event loop, and must not block or raise.
    """

    def __init__(
        self,
        url: str,
        channels: Mapping[str, Callable[[str], None]],
        *,
        on_connect: Callable[[], None] = _ignore,
        on_lost: Callable[[], None] = _ignore,
    ) -> None:
        self.deaf_since: float | None = time.monotonic()
        """When it stopped hearing, by the monotonic clock; null while it hears."""
        self._has_heard = False
        self._url = url
        self._channels = dict(channels)
        self._on_connect = on_connect
        self._on_lost = on_lost
        self._connected = asyncio.Event()
        self._proved = -float("inf")
        """When the last proof of life began, by the monotonic clock."""
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def open(self) -> None:
        """Starts to connect; does not wait for it."""
        self._task = asyncio.create_task(self._keep_listening(), name="listener")

    async def close(self) -> None:
        """Stops listening."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self._note_lost()

    @property
    def is_connected(self) -> bool:
        """Whether every notification is heard, as far as is known."""
        return self._connected.is_set()

    @property
    def is_sure(self) -> bool:
        """Whether every notification was heard of what was committed up to a lease ago."""
        return self.is_connected and time.monotonic() - self._proved <= LEASE

    async def connected(self) -> None:
        """Waits until every notification is heard."""
        await self._connected.wait()

    async def _keep_listening(self) -> None:
        pause = SHORTEST_PAUSE
        while True:
            try:
                await self._listen()
            except (DatabaseUnavailableError, asyncpg.PostgresError, asyncpg.InterfaceError, *LOST):
                pass
            except Exception:  # the edge of a worker: whatever it was, it must go on
                log.exception("listener failed")
            if self.is_connected:
                log.warning(DEAF)
            pause = SHORTEST_PAUSE if self.is_connected else min(2 * pause, LONGEST_PAUSE)
            self._note_lost()
            # several processes must not come back in step
            await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 - nothing depends on its secrecy

    async def _listen(self) -> None:
        connection = await connect(self._url, within=PROMPT)
        try:
            ended = asyncio.Event()
            connection.add_termination_listener(lambda _: ended.set())
            began = time.monotonic()
            for channel in self._channels:
                await connection.add_listener(channel, self._hear)
            self._proved = began
            self._note_connected()
            while not await _has_ended(ended):
                began = time.monotonic()
                await connection.execute("select 1", timeout=ANSWER)
                self._proved = began
        finally:
            connection.terminate()

    def _hear(self, *heard: object) -> None:
        _connection, _process, channel, payload = heard
        self._channels[str(channel)](str(payload))

    def _note_connected(self) -> None:
        if self._has_heard and self.deaf_since is not None:
            log.info(HEARING, seconds=round(time.monotonic() - self.deaf_since, 3))
        self._has_heard, self.deaf_since = True, None
        self._connected.set()
        self._on_connect()

    def _note_lost(self) -> None:
        if self.is_connected:
            self.deaf_since = time.monotonic()
            self._connected.clear()
            self._on_lost()


async def _has_ended(ended: asyncio.Event) -> bool:
    """Whether the connection ended within the pause before a heartbeat."""
    try:
        async with asyncio.timeout(HEARTBEAT):
            return await ended.wait()
    except TimeoutError:
        return False
