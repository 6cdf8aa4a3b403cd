"""The hot reads: prepared statements on a few kept connections that can't write.

Not asyncpg's pool, whose reset at every release costs more than most of our statements.
"""

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self

import asyncpg

from server.db import patience
from server.db.connections import FAILING, LOST, PATIENT, PROMPT, Connection, connect
from server.db.each import Each, Item, spread
from server.errors.machine import DatabaseUnavailableError

DEADLINE = 1.0
"""Seconds for the reads of one operation with all their waits, so that a refusal reaches the client within two."""

PATIENT_TRIES = 4
"""How often a first connection may be given up for another, each after the deadline or as soon as it is refused."""

NO_SCANS = {"enable_seqscan": "off"}
"""What connections have set whose reads are small, however large a table: an index is used wherever there is one."""

HANG_UP_SECONDS = 0.5

STALE = (asyncpg.InvalidCachedStatementError, asyncpg.OutdatedSchemaCacheError)
"""What a statement that was prepared before a migration may raise, once."""


def _never() -> bool:
    """Where nobody else looks after the database, every read finds out for itself."""
    return False


class Reads:
    """At most `size` connections, last used first taken; every method raises DatabaseUnavailableError.

    A read that meets a lost connection or a stale statement is run once more. A read that its caller gives up on
    leaves its connection to a task, which keeps it when Postgres has let go of the statement and closes it otherwise.
    """

    def __init__(
        self,
        url: str,
        *,
        size: int = 10,
        deadline: float = DEADLINE,
        is_away: Callable[[], bool] = _never,
        session: Mapping[str, str] | None = None,
    ) -> None:
        self.statements = 0
        """How many statements were sent; tests pin it."""
        self._is_away = is_away
        """Whether the database is known to be away, so that a read is refused at once."""
        self._url = url
        self.deadline = deadline
        """Seconds that a read has, with all its waits."""
        self._session = session or {}
        """What each connection has set besides."""
        self._size = size
        self._slots = asyncio.Semaphore(size)
        self._idle: list[Connection] = []
        self._mending: dict[asyncio.Task[None], Connection] = {}
        self._is_closed = False

    @property
    def idle(self) -> int:
        """How many connections wait for a read."""
        return len(self._idle)

    @property
    def busy(self) -> int:
        """How many connections are in use, being opened, or about to be fit for use again."""
        return self._size - self._slots._value  # noqa: SLF001 -- a semaphore does not say it otherwise

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def open(self) -> None:
        """Opens the first connection, so that a wrong URL shows at once; one that stands still has some seconds."""
        for _ in range(PATIENT_TRIES):
            with contextlib.suppress(DatabaseUnavailableError):
                await self.fetch_value("select 1")
                return
        await self.fetch_value("select 1")

    async def close(self) -> None:
        """Closes every connection; a read that is still under way fails."""
        self._is_closed = True
        mending = dict(self._mending)
        for task in mending:
            task.cancel()
        await asyncio.gather(*mending, return_exceptions=True)
        for connection in mending.values():
            connection.terminate()  # a task that is cancelled before it began has not done so
        idle, self._idle = self._idle, []
        await asyncio.gather(*map(_hang_up, idle))

    async def fetch(self, sql: str, *args: Any) -> list[asyncpg.Record]:  # noqa: ANN401 - any value that SQL takes
        """All rows of the statement."""
        self.refuse_if_away()
        async with patience.bounded(self.deadline):
            try:
                return await self._try_twice(sql, args)
            except (*LOST, *FAILING) as error:
                raise DatabaseUnavailableError from error

    async def fetch_each(self, each: Each, items: Sequence[Item]) -> list[list[asyncpg.Record]]:
        """The rows of each item, in one statement."""
        return spread(await self.fetch(each.sql, *each.arguments(items)), len(items)) if items else []

    def refuse_if_away(self) -> None:
        """Raises DatabaseUnavailableError where the database is known to be away."""
        if self._is_away():
            raise DatabaseUnavailableError

    async def fetch_row(self, sql: str, *args: Any) -> asyncpg.Record | None:  # noqa: ANN401 - as above
        """The first row of the statement; null when it has none."""
        rows = await self.fetch(sql, *args)
        return rows[0] if rows else None

    async def fetch_value(self, sql: str, *args: Any) -> Any:  # noqa: ANN401 - as above
        """The first value of the first row; null when there is no row."""
        rows = await self.fetch(sql, *args)
        return rows[0][0] if rows else None

    async def _try_twice(self, sql: str, args: tuple[Any, ...]) -> list[asyncpg.Record]:
        try:
            return await self._attempt(sql, args)
        except (*STALE, *LOST):
            return await self._attempt(sql, args)

    async def _attempt(self, sql: str, args: tuple[Any, ...]) -> list[asyncpg.Record]:
        connection = await self._take()
        try:
            self.statements += 1
            rows = await connection.fetch(sql, *args)
        except asyncio.CancelledError:
            self._mend_soon(connection)
            raise
        except LOST:
            self._drop_all(connection)
            raise
        except BaseException as error:
            if connection.is_closed():
                self._drop_all(connection)
                raise ConnectionResetError from error
            self._keep(connection)
            raise
        self._keep(connection)
        return rows

    async def _take(self) -> Connection:
        if self._is_closed:
            raise DatabaseUnavailableError
        await self._slots.acquire()
        try:
            while self._idle:
                connection = self._idle.pop()
                if not connection.is_closed():
                    return connection
            return await connect(
                self._url,
                within=min(max(self.deadline, PROMPT), PATIENT),
                default_transaction_read_only="on",
                statement_timeout=str(int(self.deadline * 1000)),
                **self._session,
            )
        except BaseException:
            self._slots.release()
            raise

    def _keep(self, connection: Connection) -> None:
        self._slots.release()
        if self._is_closed:
            connection.terminate()
        else:
            self._idle.append(connection)

    def _drop_all(self, connection: Connection) -> None:
        """Where one connection was lost the idle ones most likely are: the second attempt must not meet another."""
        self._slots.release()
        connection.terminate()
        while self._idle:
            self._idle.pop().terminate()

    def _mend_soon(self, connection: Connection) -> None:
        task = asyncio.create_task(self._mend(connection))
        self._mending[task] = connection
        task.add_done_callback(self._mending.pop)

    async def _mend(self, connection: Connection) -> None:
        """Waits until Postgres has let go of a statement that nobody waits for; the driver has asked it to."""
        try:
            async with asyncio.timeout(self.deadline):
                await connection.execute("select 1")
        except (*LOST, asyncpg.PostgresError, asyncpg.InterfaceError, asyncio.CancelledError):
            connection.terminate()
            self._slots.release()
        else:
            self._keep(connection)


async def _hang_up(connection: Connection) -> None:
    try:
        await connection.close(timeout=HANG_UP_SECONDS)
    except (*LOST, asyncpg.InterfaceError):
        connection.terminate()
