"""Reads for runs that are no tasks: each is handed out as something that is wanted, and the run goes on with its rows.

Whoever drives such a run gets the want, has it brought in a task, and sends what was brought.
"""

from collections.abc import Awaitable, Callable, Generator, Sequence
from functools import partial
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

import asyncpg

from server.db.each import Each, Item

RowsT = TypeVar("RowsT")
Rows: TypeAlias = list[asyncpg.Record]


class NotAtHandError(Exception):
    """Something would have to be waited for where nobody waits."""


class AnyReads(Protocol):
    """Whatever reads rows."""

    async def fetch(self, sql: str, *args: Any) -> Rows:  # noqa: ANN401 - any value that SQL takes
        """All rows of a statement."""

    async def fetch_each(self, each: Each, items: Sequence[Item]) -> list[Rows]:
        """The rows of each item."""


class Want(Generic[RowsT]):
    """A read that a run needs to go on."""

    __slots__ = ("bring",)

    def __init__(self, bring: Callable[[], Awaitable[RowsT]]) -> None:
        self.bring = bring
        """Makes the read; raises what that raises."""

    def __await__(self) -> Generator["Want[RowsT]", RowsT, RowsT]:
        rows: RowsT = yield self
        return rows


class WantingReads:
    """The reads of a run that is no task."""

    def __init__(self, reads: AnyReads) -> None:
        self._reads = reads

    async def fetch(self, sql: str, *args: Any) -> Rows:  # noqa: ANN401 - as above
        """All rows of a statement."""
        rows: Rows = await Want(partial(self._reads.fetch, sql, *args))
        return rows

    async def fetch_each(self, each: Each, items: Sequence[Item]) -> list[Rows]:
        """The rows of each item."""
        rows: list[Rows] = await Want(partial(self._reads.fetch_each, each, items))
        return rows
