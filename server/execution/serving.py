"""Serves the results of operations from what is kept, as long as it is known to be what a run would give.

Whatever is kept is served while the news is current; where that can't be confirmed it is suspect, and served marked
as stale for a while, if nothing is known against it. Requests that miss the same thing at once wait for one run.
"""

from collections import Counter
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Protocol, TypeAlias

from msgspec.structs import replace

from server.days import today
from server.execution.encoding import Written
from server.execution.flights import Flights
from server.execution.keepable import Key
from server.execution.operation import Result, Served
from server.execution.responses import Hearing, Response, Responses

STALE = {"stale": True}
"""The extension of a response that is served although it may not be current any more."""


class Freshness(Protocol):
    """Whoever knows whether all that changed was told."""

    @property
    def age(self) -> float:
        """Seconds since that was known last."""

    def is_current(self) -> bool:
        """Whether it is so; does not wait."""

    async def confirm(self) -> bool:
        """Whether it is so; looks, where that is not known."""


Run: TypeAlias = Callable[[], Awaitable[Result]]


class Serving:
    """The results of one process, kept and run."""

    def __init__(self, responses: Responses, freshness: Freshness, *, stale_limit: float) -> None:
        self.responses = responses
        self.served: Counter[Served] = Counter()
        """How often what could be kept was served in which way."""
        self._freshness = freshness
        self._stale_limit = stale_limit
        self._flights = Flights(responses)

    def find(self, key: Key) -> Result | None:
        """The result at a key that is known to be current, if there is one; does not wait."""
        result = self.look(key)
        return None if result is None else self._counted(result)

    def look(self, key: Key) -> Result | None:
        """The same, for whoever counts what it serves of it."""
        response = self.responses.find(key)
        return response.result if response is not None and self._freshness.is_current() else None

    def take(self, key: Key, result: Result) -> Result:
        """Counts a result that was run elsewhere, without waiting, of what is current, and keeps it."""
        if result.tags is not None and self._freshness.is_current():
            self._keep(key, result)
        return self._counted(result)

    async def serve(self, key: Key, run: Run) -> Result:
        """The result at a key, or that of a run."""
        return self.find(key) or await self._confirmed(key) or self._counted(await self._ran(key, run))

    async def _confirmed(self, key: Key) -> Result | None:
        """What is kept, once it is known to be current; where it can't be known for now, as it was last."""
        response = self.responses.find(key)
        if response is None:
            return None
        is_current = await self._freshness.confirm()
        if response.is_dropped or (not is_current and self._freshness.age > self._stale_limit):
            return None
        if is_current:
            return self._counted(response.result)
        age = self._freshness.age
        return self._counted(replace(response.result, served=Served.STALE, extensions=STALE, age=age))

    async def _ran(self, key: Key, run: Run) -> Result:
        flight = self._flights.find(key)
        if flight is None:
            return await self._began(key, run)
        result = await self._flights.wait(key, flight)
        if result.tags is None or flight.hearing.touches(result.tags) or not self._freshness.is_current():
            # it may have read what is no more, from before this one asked; what began since then has not
            later = self._flights.find(key)
            if later is None:
                return await self._began(key, run)
            result = await self._flights.wait(key, later)
        return result if result.is_stale else replace(result, served=Served.SHARED)

    async def _began(self, key: Key, run: Run) -> Result:
        return await self._flights.wait(key, self._flights.begin(key, partial(self._run_once, key, run=run)))

    async def _run_once(self, key: Key, hearing: Hearing, *, run: Run) -> Result:
        result = await run()
        tags = result.tags
        if result.errors or result.data is None or tags is None:
            return result
        result = replace(result, data=None, written=Written(result.data))
        if hearing.touches(tags):
            return replace(result, tags=None)  # whoever keeps it would not be told what it has missed
        self._keep(key, result)
        return result

    def _keep(self, key: Key, result: Result) -> None:
        if key.day == today():
            self.responses.keep(Response(key, replace(result, served=Served.KEPT)))

    def _counted(self, result: Result) -> Result:
        self.served[result.served] += 1
        return result
