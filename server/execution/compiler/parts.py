"""A part of a result while it is completed: where its nulls go, and what need not be waited for below them."""

from asyncio import Task, current_task, get_running_loop
from collections.abc import Awaitable, Iterator
from typing import Any, TypeAlias

from server.execution.compiler.waits import Wait

Link: TypeAlias = tuple[Any, str | int]
"""A place in the result: the place around it, null for the whole, and a key."""

Pending: TypeAlias = tuple[Wait, Awaitable[Any], dict[str, Any], Link | None, Link | None]
"""A call that was made: its field, what it gave, the object of the result that it is for, and that object's place,
then the nearest place around the field that may be null."""


class Part:
    """What stands at a place of the result, and the tasks that complete it, where there are several."""

    __slots__ = ("_base", "_below", "_ended", "_result", "pending", "tasks")

    def __init__(self, result: object, base: Link | None, *, pending: list[Pending]) -> None:
        self._result: Any = result
        self._base = base
        self._below: dict[Link, list[Task[None]]] | None = None
        """The tasks below each place, once it is asked."""
        self._ended: set[Task[Any] | None] = set()
        self.pending = pending
        self.tasks: list[Task[None]] = []
        """One for each call that is pending, in the same order."""

    def empty(self, place: Link) -> None:
        """Puts null at a place, unless null stands around it already, and ends what is waited for below it.

        It is ended two steps later, as graphql-core does: by then every task has begun, and can meet its end.
        """
        self._put_null(place)
        if self.tasks:
            loop = get_running_loop()
            loop.call_soon(loop.call_soon, self._end, place, current_task())

    def has_ended(self) -> bool:
        """Whether the task that asks is one that was ended."""
        return current_task() in self._ended

    def _put_null(self, place: Link) -> None:
        *keys, last = keys_of(place, self._base)
        result = self._result
        for key in keys:
            result = result[key]
            if result is None:
                return
        result[last] = None

    def _end(self, place: Link, failed: Task[Any] | None) -> None:
        if self._below is None:
            self._below = self._sorted()
        for task in self._below.pop(place, ()):
            if task is not failed and not task.done() and task not in self._ended:
                self._ended.add(task)
                task.cancel()

    def _sorted(self) -> dict[Link, list[Task[None]]]:
        below: dict[Link, list[Task[None]]] = {}
        for task, (_, _, _, around, _) in zip(self.tasks, self.pending, strict=True):
            place = around
            while place is not self._base and place is not None:
                below.setdefault(place, []).append(task)
                place = place[0]
        return below


def keys_of(place: Link, base: Link | None = None) -> list[str | int]:
    """The keys that lead to a place, from the one at `base`."""
    return [*_up(place, base)][::-1]


def _up(place: Link | None, base: Link | None) -> Iterator[str | int]:
    while place is not base and place is not None:
        yield place[1]
        place = place[0]
