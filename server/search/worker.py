"""The worker that keeps the index in step with the outbox: in every process, but at work in one of a machine at a time.

Who is not at work reads what the other writes, and takes over when that one is gone.
"""

import asyncio
import time
from pathlib import Path

import structlog

from server.content.reads import indexing
from server.content.reads.sight import Sight
from server.errors.machine import DatabaseUnavailableError
from server.events.stream import Wakes
from server.search.fields import VERSION
from server.search.places import Lock, Place, place_of
from server.search.snapshots import Snapshots
from server.search.turn import Turn

log = structlog.get_logger()

BREATH_SECONDS = 0.2
"""Between two commits where one publication follows the other: each ages the cursors of those that page."""
RETRY_SECONDS = 1.0
"""Between two attempts to become the one that writes, or to reach the database."""

LONGEST_PAUSE = 60.0
"""Seconds after failure upon failure, each of which may have read the library and filled the disk; they double."""

LOOK_SECONDS = 1.0
"""Between two looks at what there is to read, for whoever keeps what was found."""

WATCH_SECONDS = 0.05
"""Between two looks at what another process writes."""


class Worker:
    """Keeps the index of one database in step; `run` ends only when it is cancelled."""

    def __init__(self, sight: Sight, snapshots: Snapshots, *, wakes: Wakes, data_dir: Path) -> None:
        self._sight = sight
        self._snapshots = snapshots
        self._wakes = wakes
        self._data_dir = data_dir

    async def run(self) -> None:
        """Finds the index, and writes it whenever no other process of the machine does."""
        looking = asyncio.create_task(self._look(), name="search index, read")
        try:
            pause = RETRY_SECONDS
            while True:
                began = time.monotonic()
                try:
                    await self.attach()
                    await self._write_in_turn()
                except DatabaseUnavailableError:
                    pass
                except Exception:  # the edge of a worker: whatever it was, it must go on
                    log.exception("search worker failed")
                    is_often = time.monotonic() - began < LONGEST_PAUSE
                    pause = min(2 * pause, LONGEST_PAUSE) if is_often else RETRY_SECONDS
                await asyncio.sleep(pause)
        finally:
            looking.cancel()

    async def _look(self) -> None:
        """Looks what there is to read, whoever writes it, and whatever becomes of the one that writes here."""
        while True:
            try:
                await self._refresh()
                await asyncio.to_thread(self._snapshots.examine)
            except Exception:  # the edge of a worker, as above
                log.exception("the search index can't be looked at")
            await asyncio.sleep(LOOK_SECONDS)

    async def attach(self) -> Place:
        """Tells the readers of this process where the index lies."""
        place = place_of(
            self._data_dir,
            database=await indexing.database_identity(self._sight),
            version=VERSION,
            bounds=self._sight.bounds,
        )
        self._snapshots.attach(place)
        return place

    async def catch_up(self, *, rebuilds: bool = False) -> None:
        """Brings the index up to the outbox's head once, or has the process do so that writes it all the while.

        `rebuilds` has it built anew.
        """
        place = await self.attach()
        head = (await indexing.read_entries(self._sight, 0, most=0)).head
        former = place.current if rebuilds else None
        while (lock := place.lock()) is None:
            if rebuilds and place.current == former:
                place.give_up()
            await self._refresh()
            if self._has_reached(head, place, former=former):
                return
            await asyncio.sleep(WATCH_SECONDS)
        turn = Turn(self._sight, place, lock=lock)
        try:
            await turn.open(rebuilds=rebuilds)
            await turn.follow()
        finally:
            await turn.end()
        await self._refresh()

    def _has_reached(self, head: int, place: Place, *, former: Path | None) -> bool:
        """Whether the current build, another than the former one, is read and goes as far as the outbox did."""
        current, latest = place.current, self._snapshots.latest
        if latest is None or current is None or current == former:
            return False
        return latest.position >= head and latest.generation.startswith(f"{current.name}.")

    async def _write_in_turn(self) -> None:
        place = await self.attach()
        turn = Turn(self._sight, place, lock=await self._locked(place))
        try:
            await turn.open()
            while turn.is_in_place:
                seen = self._wakes.head
                await turn.follow()
                turn.tell()
                await self._refresh()
                await asyncio.sleep(BREATH_SECONDS)
                await self._wakes.wait(seen)
        finally:
            await turn.end()

    async def _locked(self, place: Place) -> Lock:
        """Waits for the turn to write: another process gives no sign when it ends, so the lock is tried."""
        # not in a thread: who is cancelled meanwhile would have the lock for ever
        lock = place.lock()
        while lock is None:
            await asyncio.sleep(RETRY_SECONDS)
            lock = place.lock()
        return lock

    async def _refresh(self) -> None:
        await asyncio.to_thread(self._snapshots.refresh, at_once=True)
