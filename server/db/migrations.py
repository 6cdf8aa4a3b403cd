"""Brings a database to the newest migration, by Alembic; processes that do so at once do so one after the other."""

import asyncio
import functools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection as SyncConnection
from sqlalchemy import pool
from sqlalchemy.ext.asyncio import create_async_engine

from server.db.connections import Connection, connect
from server.errors.machine import DatabaseUnavailableError, SetupError

FOLDER = Path(__file__).parents[2] / "migrations"
LOCK = 0x_C0FFEE_0_CA7EA7
"""The key of the advisory lock that the one who migrates holds."""

OLDEST = 15
"""The first version of Postgres that has what Caveat uses."""

WAIT = 300
"""Seconds to wait for another process that migrates."""


async def upgrade(url: str) -> None:
    """Applies what is missing, quickly where nothing is; raises SetupError for a Postgres that can't be used.

    A database that newer code has migrated is left as it is: migrations work with the code before them.
    """
    if not await is_ready(url):
        await _run(url, lambda config: command.upgrade(config, "head"))


async def is_ready(url: str) -> bool:
    """Whether the database has every migration that this code knows: it is at the newest, or beyond."""
    found = await current(url)
    return found is not None and (found == head() or found not in _known())


async def downgrade(url: str, target: str) -> None:
    """Takes back every migration after the target; `base` takes back all."""
    await _run(url, lambda config: command.downgrade(config, target))


async def check(url: str) -> None:
    """Compares the database with the tables that the code describes; raises Alembic's CommandError on a difference."""
    await _run(url, command.check)


async def current(url: str) -> str | None:
    """The migration that the database is at; null for an empty one."""
    connection = await _connect_first(url)
    try:
        found: str | None = await connection.fetchval("select version_num from alembic_version")
    except asyncpg.UndefinedTableError:
        return None
    else:
        return found
    finally:
        await connection.close()


async def _connect_first(url: str) -> Connection:
    """A connection to a database that nobody has tried yet."""
    try:
        connection = await connect(url)
    except DatabaseUnavailableError as error:
        reason = str(error.__cause__ or "") or "it does not answer"
        raise SetupError(f"The Postgres of DATABASE_URL can't be used: {reason}.") from error
    if (version := connection.get_server_version().major) < OLDEST:
        await connection.close()
        raise SetupError(f"The Postgres of DATABASE_URL is version {version}: Caveat needs {OLDEST} or later.")
    return connection


@functools.cache
def _known() -> frozenset[str]:
    return frozenset([script.revision for script in ScriptDirectory(str(FOLDER)).walk_revisions()])


@functools.cache
def head() -> str | None:
    """The newest migration that the code has."""
    return ScriptDirectory(str(FOLDER)).get_current_head()


async def _run(url: str, action: Callable[[Config], None]) -> None:
    engine = create_async_engine(
        "postgresql+asyncpg://", async_creator=functools.partial(connect, url), poolclass=pool.NullPool
    )
    try:
        async with _alone(url), engine.connect() as connection:
            await connection.run_sync(_act, action)
    finally:
        await engine.dispose()


def _act(connection: SyncConnection, action: Callable[[Config], None]) -> None:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    action(config)


@asynccontextmanager
async def _alone(url: str) -> AsyncIterator[None]:
    """Holds the lock, asking for it again and again: a statement that waits would block an index built concurrently."""
    connection = await connect(url)
    try:
        await _take_lock(connection)
        yield
    finally:
        await connection.close()


async def _take_lock(connection: Connection) -> None:
    try:
        async with asyncio.timeout(WAIT):
            while not await connection.fetchval("select pg_try_advisory_lock($1)", LOCK):  # noqa: ASYNC110 - not ours
                await asyncio.sleep(0.05)
    except TimeoutError as error:
        raise DatabaseUnavailableError("Another process has been migrating the database for too long.") from error
