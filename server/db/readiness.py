"""Whether a database can be used, and has every migration that this code knows: told without Alembic."""

import functools
import re
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from server.db.connections import Connection, connect
from server.errors.machine import DatabaseUnavailableError, SetupError

FOLDER = Path(__file__).parents[2] / "migrations"

OLDEST = 15
"""The first version of Postgres that has what Caveat uses."""

OLDEST_PGVECTOR = (0, 8)
"""The first version of pgvector that goes on searching its index until a filter has let enough through."""

_NAMES = re.compile(r'^(revision|down_revision) = "(\w+)"$', re.MULTILINE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Chain:
    """Migrations that follow each other, the statement that reads how far a database is, and the schema it reads."""

    folder: Path
    version: str
    schema: str | None = None


MAIN = Chain(folder=FOLDER / "versions", version="select version_num from alembic_version")
SEMANTIC = Chain(
    folder=FOLDER / "semantic", version="select version_num from semantic.alembic_version", schema="semantic"
)
"""What the extra `semantic` needs besides, in a schema of its own: a Postgres without pgvector has to do without it."""


async def is_ready(url: str, chain: Chain = MAIN) -> bool:
    """Whether the database has every migration that this code knows: it is at the newest, or beyond.

    Raises SetupError for a Postgres that can't be used.
    """
    found = await current(url, chain)
    return found is not None and (found == head(chain) or found not in _known(chain))


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


@functools.cache
def head(chain: Chain = MAIN) -> str:
    """The newest migration that the code has: the one that no other follows."""
    [newest] = _known(chain).keys() - _known(chain).values()
    return newest


async def check_pgvector(url: str) -> None:
    """Raises SetupError where the Postgres has no pgvector that is new enough."""
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
def _known(chain: Chain) -> dict[str, str | None]:
    """Every migration that the code has, with the one before it."""
    named = [dict(_NAMES.findall(file.read_text(encoding="utf-8"))) for file in chain.folder.glob("*.py")]
    return {each["revision"]: each.get("down_revision") for each in named}
