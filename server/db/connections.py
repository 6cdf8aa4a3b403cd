"""How a connection to Postgres is opened, and which of the driver's errors say that it was lost."""

from typing import TypeAlias

import asyncpg

from server.errors.machine import DatabaseUnavailableError, SetupError

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

CONNECT_TIMEOUT = 1.2
"""Seconds that opening a connection may take: a refusal reaches the client within two seconds."""

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


async def connect(url: str, **settings: str) -> Connection:
    """A new connection with these settings of its session; raises DatabaseUnavailableError, SetupError for a wrong URL.

    Statements are kept as long as the connection, whatever their size: there is a fixed number of them.
    """
    try:
        return await asyncpg.connect(
            plain_url(url),
            timeout=CONNECT_TIMEOUT,
            max_cached_statement_lifetime=0,
            max_cacheable_statement_size=0,
            server_settings={"application_name": "caveat", "timezone": "UTC", "jit": "off", **settings},
        )
    except asyncpg.ClientConfigurationError as error:
        raise SetupError(f"DATABASE_URL can't be read: {error}.") from None
    except (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError) as error:
        raise DatabaseUnavailableError from error
