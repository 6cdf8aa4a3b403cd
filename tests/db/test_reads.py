"""Reads: what is kept, what is retried, what is refused."""

import asyncio
import random
from collections.abc import AsyncIterator

import asyncpg
import pytest

from server.db.engine import Engine
from server.db.reads import Reads
from server.errors.machine import DatabaseUnavailableError, SetupError
from tests.databases import Databases
from tests.waiting import until

BACKENDS = "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
BUSY = BACKENDS + " and state = 'active'"


@pytest.fixture
async def hasty(database_url: str) -> AsyncIterator[Reads]:
    """Reads over one connection that wait for nothing long."""
    async with Reads(database_url, size=1, deadline=0.3) as opened:
        yield opened


async def test_a_read_gives_all_rows(reads: Reads):
    rows = await reads.fetch("select n from generate_series(1, $1) n", 3)
    assert [row["n"] for row in rows] == [1, 2, 3]


async def test_a_row_is_the_first_one_or_null(reads: Reads):
    assert dict(await reads.fetch_row("select n as a, 2 as b from generate_series(1, 3) n")) == {"a": 1, "b": 2}
    assert await reads.fetch_row("select 1 where false") is None


async def test_a_value_is_the_first_one_or_null(reads: Reads):
    assert await reads.fetch_value("select n from generate_series(7, 9) n") == 7
    assert await reads.fetch_value("select 1 where false") is None


async def test_each_statement_is_counted(reads: Reads):
    before = reads.statements
    await reads.fetch("select 1")
    await reads.fetch_value("select 2")
    assert reads.statements - before == 2


async def test_the_connection_used_last_is_used_next(reads: Reads):
    await asyncio.gather(*(reads.fetch("select pg_sleep(0.01)") for _ in range(4)))
    backends = {await reads.fetch_value("select pg_backend_pid()") for _ in range(5)}
    assert len(backends) == 1


async def test_no_more_connections_are_opened_than_allowed(reads: Reads):
    backends = await asyncio.gather(*(reads.fetch_value("select pg_backend_pid()") for _ in range(50)))
    assert len(set(backends)) <= 4


async def test_nothing_can_be_written(reads: Reads):
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        await reads.fetch("create table made (id int)")
    assert await reads.fetch_value("select to_regclass('made')") is None


async def test_a_wrong_statement_leaves_its_connection_as_it_was(reads: Reads):
    backend = await reads.fetch_value("select pg_backend_pid()")
    with pytest.raises(asyncpg.UndefinedTableError):
        await reads.fetch("select * from nothing_of_that_name")
    assert await reads.fetch_value("select pg_backend_pid()") == backend


async def test_a_wrong_argument_leaves_its_connection_as_it_was(reads: Reads):
    backend = await reads.fetch_value("select pg_backend_pid()")
    with pytest.raises(asyncpg.DataError):
        await reads.fetch("select $1::int", "one")
    assert await reads.fetch_value("select pg_backend_pid()") == backend


async def test_a_read_survives_the_end_of_its_connection(reads: Reads, databases: Databases):
    backend = await reads.fetch_value("select pg_backend_pid()")
    await databases.execute(f"select pg_terminate_backend({backend}, 5000)")
    assert await reads.fetch_value("select pg_backend_pid()") != backend


async def test_a_read_under_way_is_run_once_more_on_another_connection(reads: Reads, databases: Databases):
    backend = await reads.fetch_value("select pg_backend_pid()")
    reading = asyncio.create_task(reads.fetch_value("select pg_backend_pid() from pg_sleep(0.3)"))
    await until(lambda: _is_busy(databases, backend))
    await databases.execute(f"select pg_terminate_backend({backend})")
    assert await reading != backend


async def test_a_read_that_loses_its_connection_twice_is_refused(reads: Reads):
    before = reads.statements
    with pytest.raises(DatabaseUnavailableError):
        await reads.fetch("select pg_terminate_backend(pg_backend_pid())")
    assert reads.statements - before == 2
    assert await reads.fetch_value("select 1") == 1


async def test_a_statement_that_a_migration_made_stale_is_prepared_again(
    reads: Reads, databases: Databases, engine: Engine
):
    async with engine.transaction() as session:
        await (await session.connection()).exec_driver_sql("create table thing as select 1 as a")
    assert (await reads.fetch("select * from thing"))[0]["a"] == 1
    async with engine.transaction() as session:
        await (await session.connection()).exec_driver_sql("alter table thing alter a type text, add b int default 2")
    assert tuple((await reads.fetch("select * from thing"))[0]) == ("1", 2)


async def test_a_read_that_takes_too_long_is_refused_and_forgotten(hasty: Reads):
    with pytest.raises(DatabaseUnavailableError):
        await hasty.fetch("select pg_sleep(60)")
    assert await hasty.fetch_value("select 1") == 1


async def test_a_read_that_finds_no_connection_free_is_refused(database_url: str):
    async with Reads(database_url, size=1) as slow:
        slow.deadline = 0.2
        holding = asyncio.create_task(slow.fetch("select pg_sleep(0.15)"))
        waiting = [asyncio.create_task(slow.fetch("select pg_sleep(0.15)")) for _ in range(3)]
        outcomes = await asyncio.gather(holding, *waiting, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes[2:]] == [DatabaseUnavailableError] * 2


async def test_cancelled_reads_leave_nothing_behind(reads: Reads, databases: Databases, engine: Engine):
    readers = [asyncio.create_task(reads.fetch("select pg_sleep(60)")) for _ in range(20)]
    await until(lambda: _counts(engine, BUSY, 4))
    for reader in readers:
        reader.cancel()
    await asyncio.gather(*readers, return_exceptions=True)
    assert await asyncio.gather(*(reads.fetch_value("select 1") for _ in range(8))) == [1] * 8
    await until(lambda: _counts(engine, BUSY, 0))
    assert reads._slots._value == 4


async def test_a_read_never_gets_the_rows_of_a_cancelled_one(reads: Reads):
    chance = random.Random(7)

    async def read(number: int) -> int | None:
        try:
            async with asyncio.timeout(chance.random() * 0.02):
                return await reads.fetch_value("select $1::int from pg_sleep(0.002)", number)
        except TimeoutError:
            return None

    found = await asyncio.gather(*(read(number) for number in range(300)))
    assert all(value in (None, number) for number, value in enumerate(found))
    assert await asyncio.gather(*(reads.fetch_value("select $1::int", n) for n in range(20))) == list(range(20))


async def test_a_cancelled_wait_for_a_connection_gives_its_place_to_the_next(hasty: Reads):
    holding = asyncio.create_task(hasty.fetch("select pg_sleep(0.1)"))
    waiting = asyncio.create_task(hasty.fetch("select 1"))
    await asyncio.sleep(0)
    waiting.cancel()
    assert await hasty.fetch_value("select 2") == 2
    await holding


async def test_a_database_that_is_not_there_is_told_at_once():
    with pytest.raises(DatabaseUnavailableError):
        await Reads("postgresql://caveat@127.0.0.1:1/caveat").open()


async def test_a_url_that_is_none_is_told_with_the_setting():
    with pytest.raises(SetupError, match=r"DATABASE_URL can't be read"):
        await Reads("mysql://127.0.0.1/caveat").open()


async def test_closed_reads_refuse_and_keep_no_connection(database_url: str, engine: Engine):
    reads = Reads(database_url)
    await reads.open()
    await reads.close()
    with pytest.raises(DatabaseUnavailableError):
        await reads.fetch("select 1")
    await until(lambda: _counts(engine, BACKENDS, 0))


async def _counts(engine: Engine, sql: str, expected: int) -> bool:
    async with engine.transaction() as session:
        result = await (await session.connection()).exec_driver_sql(sql)
        return result.scalar_one() == expected


async def _is_busy(databases: Databases, backend: int) -> bool:
    return await databases.fetch_value(
        "select exists(select from pg_stat_activity where pid = $1 and wait_event = 'PgSleep')", backend
    )


async def test_a_connection_that_is_mended_at_the_end_is_closed(database_url: str):
    async with Reads(database_url) as reads:
        opened = reads.statements
        reading = asyncio.create_task(reads.fetch("select pg_sleep(60)"))
        while reads.statements == opened:  # noqa: ASYNC110 - a counter has no event
            await asyncio.sleep(0)
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        (connection,) = reads._mending.values()

    assert connection.is_closed()
