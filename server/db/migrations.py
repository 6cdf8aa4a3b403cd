"""Brings a database to the newest migration, by Alembic; processes that do so at once do so one after the other."""

import asyncio
import functools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection as SyncConnection
from sqlalchemy import pool
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import create_async_engine

from server.db.connections import Connection, connect
from server.errors.machine import DatabaseUnavailableError, SetupError

FOLDER = Path(__file__).parents[2] / "migrations"
LOCK = 0x_C0FFEE_0_CA7EA7
"""The key of the advisory lock that the one who migrates holds."""

OLDEST = 15
"""The first version of Postgres that has what Caveat uses."""

OLDEST_PGVECTOR = (0, 8)
"""The first version of pgvector that goes on searching its index until a filter has let enough through."""

WAIT = 300
"""Seconds to wait for another process that migrates."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Chain:
    """Migrations that follow each other, the statement that reads how far a database is, and the schema it reads."""

    folder: Path
    version: str
    schema: str | None = None

    @property
    def scripts(self) -> ScriptDirectory:
        """All of them."""
        return ScriptDirectory(str(FOLDER), version_locations=[str(self.folder)])


MAIN = Chain(folder=FOLDER / "versions", version="select version_num from alembic_version")
SEMANTIC = Chain(
    folder=FOLDER / "semantic", version="select version_num from semantic.alembic_version", schema="semantic"
)
"""What the extra `semantic` needs besides, in a schema of its own: a Postgres without pgvector has to do without it."""


async def upgrade(url: str) -> None:
    """Applies what is missing, quickly where nothing is; raises SetupError for a Postgres that can't be used.

    A database that newer code has migrated is left as it is: migrations work with the code before them.
    """
    if not await is_ready(url):
        await _run(url, lambda config: command.upgrade(config, "head"))


async def is_ready(url: str, chain: Chain = MAIN) -> bool:
    """Whether the database has every migration that this code knows: it is at the newest, or beyond."""
    found = await current(url, chain)
    return found is not None and (found == head(chain) or found not in _known(chain))


async def upgrade_semantic(url: str) -> None:
    """Makes the tables of the extra `semantic` in a migrated database; raises SetupError where pgvector is missing."""
    await _check_pgvector(url)
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


async def current(url: str, chain: Chain = MAIN) -> str | None:
    """The migration that the database is at; null for an empty one."""
    connection = await _connect_first(url)
    try:
        found: str | None = await connection.fetchval(chain.version)
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


async def _check_pgvector(url: str) -> None:
    connection = await _connect_first(url)
    try:
        version: str | None = await connection.fetchval(
            """select coalesce((select extversion from pg_extension where extname = 'vector'),
                               (select default_version from pg_available_extensions where name = 'vector'))"""
        )
    finally:
        await connection.close()
    if version is None or tuple(map(int, version.split(".")[:2])) < OLDEST_PGVECTOR:
        found = "no pgvector" if version is None else f"pgvector {version}"
        wanted = ".".join(map(str, OLDEST_PGVECTOR))
        raise SetupError(
            f"The Postgres of DATABASE_URL has {found}: CAVEAT_SEMANTIC_MODEL needs {wanted} or later."
            " Install it there, or leave the variable out."
        )


@functools.cache
def _known(chain: Chain) -> frozenset[str]:
    return frozenset([script.revision for script in chain.scripts.walk_revisions()])


@functools.cache
def head(chain: Chain = MAIN) -> str | None:
    """The newest migration that the code has."""
    return chain.scripts.get_current_head()


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
