"""Brings a database to the newest migration, by Alembic; processes that do so at once do so one after the other."""

import asyncio
import functools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection as SyncConnection
from sqlalchemy import pool
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import create_async_engine

from server.db.connections import Connection, connect
from server.db.readiness import FOLDER, MAIN, SEMANTIC, Chain, check_pgvector, current, is_ready
from server.errors.machine import DatabaseUnavailableError, SetupError

LOCK = 0x_C0FFEE_0_CA7EA7
"""The key of the advisory lock that the one who migrates holds."""

WAIT = 300
"""Seconds to wait for another process that migrates."""


async def upgrade(url: str) -> None:
    """Applies what is missing, quickly where nothing is; raises SetupError for a Postgres that can't be used.

    A database that newer code has migrated is left as it is: migrations work with the code before them.
    """
    if not await is_ready(url):
        await _run(url, lambda config: command.upgrade(config, "head"))


async def upgrade_semantic(url: str) -> None:
    """Makes the tables of the extra `semantic` in a migrated database; raises SetupError where pgvector is missing."""
    await check_pgvector(url)
    if not await is_ready(url, SEMANTIC):
        try:
            await _run(url, lambda config: command.upgrade(config, "head"), chain=SEMANTIC)
        except ProgrammingError as error:
            raise SetupError(
                "The Postgres of DATABASE_URL does not let Caveat install pgvector: have an administrator run"
                " `create extension vector` there and grant `create` on the database, or unset CAVEAT_SEMANTIC_MODEL."
            ) from error


async def downgrade(url: str, target: str) -> None:
    """Takes back every migration after the target; `base` takes back all, those of the extra `semantic` first."""
    if target == "base" and await current(url, SEMANTIC) is not None:
        await _run(url, lambda config: command.downgrade(config, target), chain=SEMANTIC)
    await _run(url, lambda config: command.downgrade(config, target))


async def check(url: str) -> None:
    """Compares the database with the tables that the code describes; raises Alembic's CommandError on a difference."""
    await _run(url, command.check)


async def _run(url: str, action: Callable[[Config], None], *, chain: Chain = MAIN) -> None:
    engine = create_async_engine(
        "postgresql+asyncpg://", async_creator=functools.partial(connect, url), poolclass=pool.NullPool
    )
    try:
        async with _alone(url), engine.connect() as connection:
            await connection.run_sync(_act, action, chain=chain)
    finally:
        await engine.dispose()


def _act(connection: SyncConnection, action: Callable[[Config], None], *, chain: Chain) -> None:
    config = Config()
    for name, folder in (("script_location", FOLDER), ("version_locations", chain.folder)):
        config.set_main_option(name, str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.attributes["connection"] = connection
    config.attributes["schema"] = chain.schema
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
