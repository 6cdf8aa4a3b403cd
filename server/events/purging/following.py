"""The one task of a process that has caches outside forget what changed, for as long as it takes them to do so."""

import asyncio
from types import TracebackType
from typing import Self

import httpx
import structlog

from server.errors.machine import DatabaseUnavailableError
from server.events.purging.calls import PurgeCalls, PurgeRefusedError
from server.events.purging.queue import PurgeQueue
from server.events.stream import Wakes
from server.settings import Purging

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 10.0
"""Seconds between two tries of what fails, doubled from one to the next."""

TURN = 0.25
"""Seconds after which it is looked again whether another process has done what is due: that one tells nobody."""

log = structlog.get_logger()


class Purger:
    """Works from the beginning of `async with` to its end, whenever it is woken and when something is due."""

    def __init__(self, queue: PurgeQueue, purging: Purging, *, wakes: Wakes) -> None:
        self.purged = 0
        """How many names caches were told to forget, each time counted."""
        self.failed = 0
        """How many times that failed."""
        self._queue = queue
        self._purging = purging
        self._wakes = wakes
        self._pause = 0.0
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._work(), name="purge")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task], timeout=1)

    async def _work(self) -> None:
        calls = PurgeCalls(self._purging)
        try:
            while True:
                seen = self._wakes.head
                await self._turn(calls)
                await self._rest(seen)
        finally:
            await calls.close()

    async def _turn(self, calls: PurgeCalls) -> None:
        """Does all that is due, what changed last before what is purged again; what fails is tried after a pause."""
        try:
            await self._queue.gather()
            while count := await self._queue.work(calls):
                self.purged += count
                await self._queue.gather()
            if self._pause:
                log.info("caches are purged again")
            self._pause = 0.0
        except (httpx.HTTPError, PurgeRefusedError, DatabaseUnavailableError) as error:
            self._note_failure(type(error).__name__)
        except Exception:  # the edge of a worker: whatever it was, it is tried again
            self._note_failure("unexpected")
            log.exception("caches could not be purged")

    def _note_failure(self, reason: str) -> None:
        self.failed += 1
        if not self._pause:
            log.warning("caches could not be purged, which is tried again", reason=reason)
        self._pause = min(self._pause * 2 or FIRST_PAUSE, LONGEST_PAUSE)

    async def _rest(self, seen: int) -> None:
        """Until something happened, or something is due; after a failure for a pause in any case."""
        due = None if self._pause else await self._find_due()
        if self._pause:
            await asyncio.sleep(self._pause)
            return
        try:
            async with asyncio.timeout(None if due is None else max(due, TURN)):
                await self._wakes.wait(seen)
        except TimeoutError:
            return

    async def _find_due(self) -> float | None:
        """The seconds until something is due; None where nothing is, or where it can't be told."""
        try:
            return await self._queue.next_due()
        except DatabaseUnavailableError:
            return None
        except Exception:  # the edge of a worker, as above
            self._note_failure("unexpected")
            log.exception("what is to be purged could not be looked up")
            return None
