"""The SQLAlchemy engine of the writes and the rare reads; its `transaction` is the only place that commits."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from server.db.connections import FAILING, PATIENT, connect
from server.errors.machine import DatabaseUnavailableError

LIMITS = {"idle_in_transaction_session_timeout": "60s", "lock_timeout": "30s", "statement_timeout": "60s"}
"""What a writer that hangs may hold up at most."""


CLOSING_SECONDS = 1.0


class Engine:
    """A few connections that can write, each opened within so many seconds."""

    def __init__(self, url: str, *, size: int = 5, within: float = PATIENT) -> None:
        self._engine = create_async_engine(
            "postgresql+asyncpg://",
            async_creator=partial(connect, url, within=within, **LIMITS),
            pool_size=size,
            max_overflow=0,
            pool_timeout=10,
            pool_pre_ping=True,
        )

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """A session that commits at the end of the block, or rolls back what an exception leaves.

        Raises DatabaseUnavailableError where the database is lost or can't do its work, with nothing of the block kept,
        unless the connection broke during the commit itself: then whether it was kept is unknown.
        """
        try:
            async with AsyncSession(self._engine, expire_on_commit=False) as session, session.begin():
                yield session
        except (PoolTimeoutError, asyncpg.InternalClientError) as error:
            raise DatabaseUnavailableError from error
        except DBAPIError as error:
            if error.connection_invalidated or isinstance(getattr(error.orig, "__cause__", None), FAILING):
                raise DatabaseUnavailableError from error
            raise

    async def close(self) -> None:
        """Closes every connection; one that a standing Postgres does not let go of is left to the process's end."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSING_SECONDS):
                await self._engine.dispose()
