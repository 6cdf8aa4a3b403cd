"""The engine: a block is committed whole or not at all."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit, urlunsplit

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server.db.connections import connect
from server.db.engine import Engine
from server.db.reads import Reads
from server.errors.content import RefusedError
from server.errors.machine import DatabaseUnavailableError
from tests.databases import Databases
from tests.waiting import until

SLOW = 0.5
"""Seconds until the slow database of a test opens its door."""

COUNT = "select count(*) from disclaimer_version"
WRITE = text(
    "insert into disclaimer_version (disclaimer_id, version, text, created_at)"
    " select disclaimer_id, version + 1, text, created_at from disclaimer_version limit 1"
)


async def test_a_block_that_ends_is_kept(engine: Engine, reads: Reads):
    before = await reads.fetch_value(COUNT)
    async with engine.transaction() as session:
        await session.execute(WRITE)
    assert await reads.fetch_value(COUNT) == before + 1


async def test_a_block_is_not_seen_before_it_ends(engine: Engine, reads: Reads):
    before = await reads.fetch_value(COUNT)
    async with engine.transaction() as session:
        await session.execute(WRITE)
        assert await reads.fetch_value(COUNT) == before


async def test_a_block_that_raises_leaves_nothing(engine: Engine, reads: Reads):
    before = await reads.fetch_value(COUNT)

    async def write_and_refuse() -> None:
        async with engine.transaction() as session:
            await session.execute(WRITE)
            raise RefusedError

    with pytest.raises(RefusedError):
        await write_and_refuse()
    assert await reads.fetch_value(COUNT) == before


async def test_a_cancelled_block_leaves_nothing_and_no_open_transaction(engine: Engine, reads: Reads):
    before = await reads.fetch_value(COUNT)

    async def write() -> None:
        async with engine.transaction() as session:
            await session.execute(WRITE)
            await session.execute(text("select pg_sleep(60)"))

    writing = asyncio.create_task(write())
    await until(lambda: _is(reads, "wait_event = 'PgSleep'", 1))
    writing.cancel()
    await asyncio.gather(writing, return_exceptions=True)
    await until(lambda: _is(reads, "xact_start is not null and pid <> pg_backend_pid()", 0))
    assert await reads.fetch_value(COUNT) == before


async def test_a_connection_lost_within_the_block_is_told_and_leaves_nothing(
    engine: Engine, reads: Reads, databases: Databases
):
    before = await reads.fetch_value(COUNT)

    async def write_and_lose() -> None:
        async with engine.transaction() as session:
            await session.execute(WRITE)
            backend = await session.scalar(text("select pg_backend_pid()"))
            await databases.execute(f"select pg_terminate_backend({backend}, 5000)")
            await session.execute(WRITE)

    with pytest.raises(DatabaseUnavailableError):
        await write_and_lose()
    assert await reads.fetch_value(COUNT) == before


async def test_a_connection_lost_between_two_blocks_is_not_noticed(engine: Engine, databases: Databases):
    async with engine.transaction() as session:
        backend = await session.scalar(text("select pg_backend_pid()"))
    await databases.execute(f"select pg_terminate_backend({backend}, 5000)")
    async with engine.transaction() as session:
        assert await session.scalar(text("select pg_backend_pid()")) != backend


async def test_an_error_of_the_statement_stays_what_it_is(engine: Engine):
    with pytest.raises(DBAPIError, match="nothing_of_that_name"):
        async with engine.transaction() as session:
            await session.execute(text("select * from nothing_of_that_name"))


async def test_a_database_that_is_not_there_is_told():
    engine = Engine("postgresql://caveat@127.0.0.1:1/caveat")
    with pytest.raises(DatabaseUnavailableError):
        async with engine.transaction() as session:
            await session.execute(text("select 1"))


async def test_a_database_that_is_hard_at_work_is_away_only_for_who_is_in_a_hurry(database_url: str):
    async with _slow(database_url) as url:
        with pytest.raises(DatabaseUnavailableError):
            await connect(url, within=SLOW / 5)
        connection = await connect(url)
        assert await connection.fetchval("select 1") == 1
        await connection.close()


@asynccontextmanager
async def _slow(url: str) -> AsyncIterator[str]:
    """The URL of the same database behind a door that opens late."""
    there = urlsplit(url)

    async def carry(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        while data := await source.read(65_536):
            target.write(data)
        target.close()

    async def open_late(asking: asyncio.StreamReader, answering: asyncio.StreamWriter) -> None:
        await asyncio.sleep(SLOW)
        with suppress(ConnectionError):
            reader, writer = await asyncio.open_connection(there.hostname, there.port)
            await asyncio.gather(carry(asking, writer), carry(reader, answering))

    async with await asyncio.start_server(open_late, "127.0.0.1", 0) as door:
        host = f"{there.netloc.rpartition('@')[0]}@127.0.0.1:{door.sockets[0].getsockname()[1]}"
        yield urlunsplit(there._replace(netloc=host))


async def _is(reads: Reads, condition: str, expected: int) -> bool:
    return expected == await reads.fetch_value(
        f"select count(*) from pg_stat_activity where datname = current_database() and {condition}"
    )
