"""Runs that several requests wait for: of one key there is one at a time, and it ends when nobody waits for it."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from server.execution.keepable import Key
from server.execution.operation import Result
from server.execution.responses import Hearing, Responses


class Flight:
    """One run under way; it belongs to all who wait for it."""

    def __init__(self, work: Coroutine[Any, Any, Result], *, hearing: Hearing) -> None:
        self.hearing = hearing
        self.task = asyncio.create_task(work)
        self.waiting = 0


class Flights:
    """The runs under way in one process."""

    def __init__(self, responses: Responses) -> None:
        self._responses = responses
        self._flights: dict[Key, Flight] = {}

    def find(self, key: Key) -> Flight | None:
        """The run of a key, if there is one."""
        return self._flights.get(key)

    def begin(self, key: Key, run: Callable[[Hearing], Coroutine[Any, Any, Result]]) -> Flight:
        """Begins the run of a key; it hears what happens until the last who waits for it has left."""
        hearing = self._responses.hear()
        flight = self._flights[key] = Flight(run(hearing), hearing=hearing)
        flight.task.add_done_callback(lambda _: self._land(key, flight))
        return flight

    async def wait(self, key: Key, flight: Flight) -> Result:
        """The result of a run; whoever is cancelled leaves it to the others, and ends it as the last of them."""
        flight.waiting += 1
        try:
            return await asyncio.shield(flight.task)
        finally:
            flight.waiting -= 1
            if not flight.waiting:
                self._land(key, flight)
                flight.task.cancel()
                self._responses.end(flight.hearing)

    def _land(self, key: Key, flight: Flight) -> None:
        """Lets nobody board any more."""
        if self._flights.get(key) is flight:
            del self._flights[key]
