"""Alembic's entry: runs migrations on the connection that Caveat hands it, or on DATABASE_URL for a maintainer.

alembic revision --autogenerate -m "Say what it does"

The migrations of an extra note their version in a schema of its own, which Caveat names.
"""

import asyncio
import os
from functools import partial

import asyncpg
from alembic import context
from sqlalchemy import Connection, pool
from sqlalchemy.ext.asyncio import create_async_engine

from server.access import tables as access_tables
from server.content import file_tables
from server.content import tables as content_tables
from server.db.metadata import metadata
from server.events import tables as event_tables

LOCK_TIMEOUT = "set lock_timeout = '5s'"
"""A migration that waits for a lock makes every reader behind it wait as well: rather fail, and be run again."""

DESCRIBED = (access_tables, content_tables, file_tables, event_tables)
"""Importing them puts their tables into the metadata."""


def migrate(connection: Connection) -> None:
    """Runs what Alembic was asked for, each migration in a transaction of its own."""
    connection.exec_driver_sql(LOCK_TIMEOUT)
    schema = context.config.attributes.get("schema")
    if schema is not None:
        connection.exec_driver_sql(f"create schema if not exists {schema}")
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=metadata,
        version_table_schema=schema,
        compare_server_default=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


async def migrate_for_maintainer() -> None:
    """Does the same on a connection to the Postgres that DATABASE_URL names.

    The driver reads the URL itself: what a libpq URL may hold (`sslmode`, a socket) SQLAlchemy would hand on wrongly.
    """
    scheme, separator, rest = os.environ["DATABASE_URL"].partition("://")
    url = scheme.partition("+")[0] + separator + rest
    engine = create_async_engine(
        "postgresql+asyncpg://", async_creator=partial(asyncpg.connect, url), poolclass=pool.NullPool
    )
    async with engine.connect() as connection:
        await connection.run_sync(migrate)


given = context.config.attributes.get("connection")
if given is None:
    asyncio.run(migrate_for_maintainer())
else:
    migrate(given)
