"""How a connection to Postgres is opened, and which of the driver's errors say that it was lost."""

from typing import TypeAlias

import asyncpg

from server.errors.machine import DatabaseUnavailableError, SetupError

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

PROMPT = 1.2
"""Seconds that opening a connection may take where a client waits: its refusal comes within two seconds."""

PATIENT = 10.0
"""The same where nobody but an operator waits: a Postgres that is hard at work is not away."""

SPARE = 10
"""Connections that are left to commands while a server runs."""

LOST = (
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.DatabaseDroppedError,
    asyncpg.IdleSessionTimeoutError,
    asyncpg.InternalClientError,
    OSError,
)
"""What the driver raises when the connection has ended; an InterfaceError on a closed connection means the same.

An InternalClientError too: the driver raises it where the end comes between two steps of one statement.
"""

FAILING = (
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.LockNotAvailableError,
    asyncpg.PostgresSystemError,
)
"""What Postgres answers while it can't do its work, whatever the statement was."""


def plain_url(url: str) -> str:
    """The URL as asyncpg reads it: without the driver that SQLAlchemy's form names (`postgresql+asyncpg://`)."""
    scheme, separator, rest = url.partition("://")
    return scheme.partition("+")[0] + separator + rest


async def connect(url: str, *, within: float = PATIENT, **settings: str) -> Connection:
    """A new connection with these settings of its session, opened within so many seconds.

    Raises DatabaseUnavailableError, SetupError for a wrong URL. Statements are kept as long as the connection, whatever
    their size: there is a fixed number of them.
    """
    try:
        return await asyncpg.connect(
            plain_url(url),
            timeout=within,
            max_cached_statement_lifetime=0,
            max_cacheable_statement_size=0,
            server_settings={"application_name": "caveat", "timezone": "UTC", "jit": "off", **settings},
        )
    except asyncpg.ClientConfigurationError as error:
        raise SetupError(f"DATABASE_URL can't be read: {error}.") from None
    except (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError) as error:
        raise DatabaseUnavailableError from error


async def check_room(url: str, wanted: int) -> None:
    """Raises SetupError where Postgres does not take so many connections beside those of a command or two."""
    connection = await connect(url)
    try:
        most: int = await connection.fetchval(
            """select sum(case name when 'max_connections' then setting::int else -setting::int end)::int
               from pg_settings where name in ('max_connections', 'superuser_reserved_connections')"""
        )
    finally:
        await connection.close()
    if wanted + SPARE > most:
        raise SetupError(
            f"The processes that serve may open {wanted} connections, and Postgres takes {most}, of which {SPARE} are "
            "left to commands: serve with fewer `--workers`, or raise Postgres's `max_connections`."
        )
