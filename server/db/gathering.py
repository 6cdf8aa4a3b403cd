"""Reads that operations ask for at the same time, in one statement for all of them.

Who is the first to ask waits for nobody: the statement is sent at once, and what is asked of the same one while it runs
goes with the next. So a statement serves the more operations the busier the process is, and what each of them costs
falls: to begin one costs Postgres as much as to read three answers. A second runs beside the first for what is asked of
another statement, for what would not all go with the next, and where the first takes long. Planned once and for all,
since to plan a statement that reads whole answers takes several times as long as to run it.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from contextvars import Context
from functools import partial
from typing import NamedTuple, Self

import asyncpg

from server.db import patience
from server.db.each import Each, Item, spread
from server.db.reads import NO_SCANS, Reads
from server.errors.machine import DatabaseUnavailableError

SESSION = {"plan_cache_mode": "force_generic_plan", **NO_SCANS}
"""What the connections of gathered reads have set.

Their plans stay, also those that were made while a table was small and read as a whole at less cost.
"""

UNDER_WAY = 2
"""How many gathered statements run at once at most."""

LONG = 0.01
"""Seconds after which what waits for a statement is sent beside it."""

MOST_ITEMS = 64
"""How many items one statement has at most, unless one operation alone asks for more."""


class _Asked(NamedTuple):
    """What one operation asks for."""

    items: tuple[Item, ...]
    found: "asyncio.Future[list[list[asyncpg.Record]]]"

    def give(self, rows: list[list[asyncpg.Record]]) -> None:
        """Gives the rows of each item, if anybody still waits for them."""
        if not self.found.done():
            self.found.set_result(rows)

    def fail(self, error: Exception) -> None:
        """Raises an error where somebody still waits."""
        if not self.found.done():
            self.found.set_exception(error)


class GatheringReads:
    """Reads, of which those of items are gathered, on connections of their own; raises what they do."""

    def __init__(self, reads: Reads, gathered: Reads, *, shares: bool = True) -> None:
        self.fetch = reads.fetch
        self.gathered = gathered
        """What makes the reads of items, with what `SESSION` says."""
        self._shares = shares
        """Whether operations share statements; where they are traced each has its own."""
        self._asked: dict[Each, deque[_Asked]] = {}
        """What nobody has taken yet, those statements first whose turn is the next."""
        self._working: set[asyncio.Task[None]] = set()
        self._at_work = 0
        self._serving: list[Each] = []
        """What is being read."""
        self._late: asyncio.TimerHandle | None = None
        """When what waits for a statement is to be sent beside it."""
        self._is_beginning = False
        """Whether there is one at work that has taken nothing yet."""

    async def __aenter__(self) -> Self:
        await self.gathered.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        for asked in [asked for waiting in self._asked.values() for asked in waiting]:
            asked.fail(DatabaseUnavailableError())
        self._asked.clear()  # so that nobody at work goes on with it
        for working in self._working:
            working.cancel()
        await asyncio.gather(*self._working, return_exceptions=True)
        await self.gathered.close()

    async def fetch_each(self, each: Each, items: Sequence[Item]) -> list[list[asyncpg.Record]]:
        """The rows of each item."""
        if not items:
            return []
        if not self._shares:
            return await self.gathered.fetch_each(each, items)
        self.gathered.refuse_if_away()
        return await patience.waited(partial(self._ask, each, tuple(items)), self.gathered.deadline)

    def _ask(self, each: Each, items: tuple[Item, ...]) -> "asyncio.Future[list[list[asyncpg.Record]]]":
        asked = _Asked(items, asyncio.get_running_loop().create_future())
        waiting = self._asked.setdefault(each, deque())
        waiting.append(asked)
        if self._at_work < UNDER_WAY:  # otherwise it is taken by who is done first
            if each not in self._serving or sum(len(one.items) for one in waiting) > MOST_ITEMS:
                self._begin()
            elif self._late is None:
                self._late = asyncio.get_running_loop().call_later(LONG, self._begin)
        return asked.found

    def _begin(self) -> None:
        """Has one more at work, if there may be, and there is any."""
        self._late = None
        if self._is_beginning or self._at_work >= UNDER_WAY or not self._asked:
            return
        self._is_beginning = True
        self._at_work += 1
        # it is nobody's in particular: neither the patience of the one who asked nor what is traced of it is its
        working = asyncio.get_running_loop().create_task(self._work(), context=Context())
        self._working.add(working)
        working.add_done_callback(self._working.discard)

    async def _work(self) -> None:
        self._is_beginning = False
        try:
            while self._asked:
                each, taken = self._taken()
                self._serving.append(each)
                if self._asked:
                    self._begin()
                await self._serve(each, taken)
                self._serving.remove(each)
        finally:
            self._at_work -= 1

    def _taken(self) -> tuple[Each, list[_Asked]]:
        """What goes with the next statement; what is left of it waits behind all others."""
        each = next(iter(self._asked))
        waiting = self._asked.pop(each)
        taken, count = list[_Asked](), 0
        while waiting and (not taken or count + len(waiting[0].items) <= MOST_ITEMS):
            asked = waiting.popleft()
            if not asked.found.done():  # whoever has given up needs nothing
                taken.append(asked)
                count += len(asked.items)
        if waiting:
            self._asked[each] = waiting
        return each, taken

    async def _serve(self, each: Each, taken: Sequence[_Asked]) -> None:
        if not taken:
            return
        try:
            rows = await self._read(each, taken)
        except DatabaseUnavailableError:
            for asked in taken:
                asked.fail(DatabaseUnavailableError())
        except Exception as error:  # noqa: BLE001 -- whatever it was, one of them is at fault, and the others go on
            if len(taken) == 1:
                taken[0].fail(error)
                return
            for asked in taken:
                await self._serve(each, [asked] if not asked.found.done() else [])
        else:
            for asked in taken:
                asked.give([rows[item] for item in asked.items])

    async def _read(self, each: Each, taken: Sequence[_Asked]) -> dict[Item, list[asyncpg.Record]]:
        """The rows of all items; raises DatabaseUnavailableError where nobody waits for them any more."""
        items = list(dict.fromkeys([item for asked in taken for item in asked.items]))
        reading = asyncio.create_task(self.gathered.fetch(each.sql, *each.arguments(items)))
        _end_with(reading, taken)
        try:
            return dict(zip(items, spread(await reading, len(items)), strict=True))
        except asyncio.CancelledError:
            for asked in taken:
                if not asked.found.done():  # it is the end, and not that all have given up
                    asked.fail(DatabaseUnavailableError())
            raise DatabaseUnavailableError from None


def _end_with(reading: "asyncio.Task[list[asyncpg.Record]]", taken: Sequence[_Asked]) -> None:
    """Ends a statement when the last of those has given up who wait for it."""
    waiting = len(taken)

    def leave(_: object) -> None:
        nonlocal waiting
        waiting -= 1
        if not waiting:
            reading.cancel()  # which does nothing to one that is done

    for asked in taken:
        asked.found.add_done_callback(leave)
