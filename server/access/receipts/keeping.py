"""The one task of a process that writes what was served, every few seconds and once more at the end."""

import asyncio
import contextlib
import datetime
from types import TracebackType
from typing import Self
from uuid import UUID

import structlog

from server.access.receipts.gathering import Gathering
from server.access.receipts.writing import Batch, prune, write
from server.days import today
from server.db.engine import Engine
from server.db.uuids import new_uuid
from server.errors.machine import DatabaseUnavailableError
from server.execution.receipts import Receipt

WRITING_SECONDS = 5.0
"""Between two batches; what a process that is killed had not written is lost, and no more."""
CLOSING_SECONDS = 1.5
"""How long the last batch may take."""

log = structlog.get_logger()


class Receipts:
    """What this process served; written as long as it is open."""

    def __init__(self, engine: Engine, *, days: int, every: float = WRITING_SECONDS) -> None:
        self.gathering = Gathering(when_full=self._wake_up)
        self._engine = engine
        self._days = days
        self._every = every
        self._writer = new_uuid()
        self._number = 0
        self._batch: Batch | None = None
        """What is being written, or not known to be written."""
        self._lost = 0
        self._is_away = False
        self._is_ending = False
        self._pruned_on: datetime.date | None = None
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._work(), name="receipts")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_ending = True
        self._wake_up()
        if self._task is not None:
            await asyncio.wait([self._task], timeout=CLOSING_SECONDS)
            self._task.cancel()
        if self.waiting:
            log.warning("receipts are lost at the end", lines=self.waiting)

    @property
    def waiting(self) -> int:
        """How many lines are not written yet, about."""
        return len(self.gathering) + (len(self._batch.lines) if self._batch else 0)

    @property
    def dropped(self) -> int:
        """How many counts found no room while the database was away, or could not be written."""
        return self._lost + self.gathering.all_dropped

    def note(self, client_id: UUID | None, receipt: Receipt) -> None:
        """Counts a response to a client; None is the anonymous one."""
        self.gathering.note(client_id, receipt)

    async def flush(self) -> None:
        """Writes all that was noted so far; raises DatabaseUnavailableError, and then keeps it for the next time."""
        if self._batch is not None:
            await self._write(self._batch)
        lines = self.gathering.take()
        if lines:
            self._number += 1
            self._batch = Batch(writer=self._writer, number=self._number, lines=lines)
            await self._write(self._batch)

    async def _write(self, batch: Batch) -> None:
        try:
            await write(self._engine, batch)
        except DatabaseUnavailableError:
            raise
        except Exception:  # what can't be written now never can, and must not hold up what comes after it
            self._lost += sum(batch.lines.served.values()) + sum(batch.lines.asked.values())
            log.exception("receipts could not be written")
        self._batch = None

    async def _work(self) -> None:
        while not self._is_ending:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._every):
                    await self._wake.wait()
            self._wake.clear()
            if not self._is_ending:
                await self._turn()
        await self._turn()

    async def _turn(self) -> None:
        try:
            await self.flush()
            if self._is_away:
                log.info("receipts are written again", dropped=self.dropped)
            self._is_away = False
            if self._pruned_on != today() and not self._is_ending:
                await prune(self._engine, before=today() - datetime.timedelta(days=self._days))
                self._pruned_on = today()
        except DatabaseUnavailableError:
            if not self._is_away:
                log.warning("receipts wait for the database", lines=self.waiting)
            self._is_away = True
        except Exception:  # the edge of a worker: whatever it was, the next turn comes
            log.exception("receipts could not be kept")

    def _wake_up(self) -> None:
        self._wake.set()
