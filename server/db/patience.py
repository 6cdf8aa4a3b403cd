"""How long one operation waits for Postgres, all its reads together, so that a refusal comes in time.

A context variable, since the reads of one operation share nothing else: loaders run them in tasks of their own.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager
from contextvars import ContextVar
from typing import TypeVar

from server.errors.machine import DatabaseUnavailableError

ResultT = TypeVar("ResultT")

LAST = 0.25
"""Seconds that a read has at least: an operation that is long because it asks for much is not refused for that."""

GRACE = 0.1
"""Seconds of each wait in which the event loop can hand over what came while it was busy with something else."""


class Patience:
    """What one operation has waited, and whether it has waited in vain."""

    def __init__(self, spent: float = 0.0) -> None:
        self._spent = spent
        self._since = 0.0
        self._waiting = 0
        self._is_lost = False
        self._tasks: set[asyncio.Task[object]] = set()

    def one(self, deadline: float) -> AbstractContextManager[float]:
        """Counts a read while it waits and gives the seconds that it may take; where one was refused, the next are."""
        return _One(self, deadline)

    def begin(self, task: "asyncio.Task[object] | None") -> float:
        """Counts a read that begins to wait, in a task, and gives the seconds that others have waited before it."""
        if self._is_lost:
            raise DatabaseUnavailableError
        now = asyncio.get_running_loop().time()
        if not self._waiting:
            self._since = now
        self._waiting += 1
        if task is not None:
            self._tasks.add(task)
        return self._spent + now - self._since

    def leave(self, task: "asyncio.Task[object] | None", *, is_lost: bool) -> None:
        """Counts a read that waits no more, and whether it was refused."""
        self._is_lost |= is_lost
        self._waiting -= 1
        if task is not None:
            self._tasks.discard(task)
        if not self._waiting:
            self._spent += asyncio.get_running_loop().time() - self._since

    def end(self) -> None:
        """Ends the reads that still wait: those of loaders, which run in tasks that nobody else ends."""
        for task in self._tasks:
            task.cancel()


class _One:
    """The block of one read; not a generator, which costs more than all that it does."""

    __slots__ = ("_deadline", "_patience", "_task")

    def __init__(self, patience: Patience, deadline: float) -> None:
        self._patience = patience
        self._deadline = deadline

    def __enter__(self) -> float:
        self._task = asyncio.current_task()
        return max(self._deadline - self._patience.begin(self._task), min(LAST, self._deadline))

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._patience.leave(self._task, is_lost=kind is not None and issubclass(kind, DatabaseUnavailableError))


_patience: ContextVar[Patience | None] = ContextVar("patience", default=None)


def shared(*, spent: float = 0.0) -> AbstractContextManager[None]:
    """All reads in the block, and in the tasks that it starts, have the patience of one, and end with it.

    So many seconds of it are `spent` already.
    """
    return _Shared(spent)


class _Shared:
    """The block of one operation."""

    __slots__ = ("_one", "_token")

    def __init__(self, spent: float) -> None:
        self._one = Patience(spent)

    def __enter__(self) -> None:
        self._token = _patience.set(self._one)

    def __exit__(self, *_: object) -> None:
        _patience.reset(self._token)
        self._one.end()


async def waited(ask: "Callable[[], asyncio.Future[ResultT]]", deadline: float) -> ResultT:
    """What a read gives that is asked of others, who make it for this one and for more, in the time that is left to it.

    The future is its own: it is cancelled when nobody waits for it any more. Cheaper than `bounded`; raises the same.
    """
    with (_patience.get() or Patience()).one(deadline) as seconds:
        loop, future = asyncio.get_running_loop(), ask()
        last_call = loop.call_later(seconds - GRACE, lambda: loop.call_later(GRACE, _refuse, future))
        try:
            return await future
        finally:
            last_call.cancel()
            future.cancel()  # which does nothing to one that is done


def _refuse(future: "asyncio.Future[ResultT]") -> None:
    if not future.done():
        future.set_exception(DatabaseUnavailableError())


@asynccontextmanager
async def bounded(deadline: float) -> AsyncIterator[None]:
    """The block as one read; raises DatabaseUnavailableError when it has not ended in the time that is left to it."""
    with (_patience.get() or Patience()).one(deadline) as seconds:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(None) as limit:
                last_call = loop.call_later(seconds - GRACE, lambda: limit.reschedule(loop.time() + GRACE))
                try:
                    yield
                finally:
                    last_call.cancel()
        except TimeoutError as error:
            raise DatabaseUnavailableError from error
