"""Whether the client is still there: work for one that has hung up is stopped."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from starlette.types import Receive

from server.web.reading import ClientGoneError

ResultT = TypeVar("ResultT")


async def gone(receive: Receive) -> None:
    """Returns when the client has hung up."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def unless_gone(receive: Receive, work: Awaitable[ResultT]) -> ResultT:
    """What the work gives, once the request has been read; raises ClientGoneError, with the work stopped."""
    async with _Watch(receive):
        return await work


class _Watch:
    """Stops the task that it was entered in when the client hangs up; work that never waits is not watched."""

    __slots__ = ("_beginning", "_cancelling", "_is_gone", "_receive", "_task", "_watching")

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._is_gone = False
        self._watching: asyncio.Task[None] | None = None

    async def __aenter__(self) -> None:
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError
        self._task, self._cancelling = task, task.cancelling()
        self._beginning = task.get_loop().call_soon(self._begin)

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._beginning.cancel()
        watching, self._watching = self._watching, None  # it holds this one: so none holds the other any more
        if watching is not None and not watching.done():
            watching.cancel()
            await asyncio.wait([watching])
        if self._is_gone and self._task.uncancel() <= self._cancelling and kind is asyncio.CancelledError:
            raise ClientGoneError

    def _begin(self) -> None:
        self._watching = asyncio.create_task(self._watch())

    async def _watch(self) -> None:
        await gone(self._receive)
        self._is_gone = True
        self._task.cancel()
