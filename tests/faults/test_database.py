"""What clients get while Postgres is hurt, and how soon after."""

import asyncio
import contextlib
import time

import pytest

from server.db.connections import Connection, connect
from server.errors import DatabaseUnavailableError
from tests.faults.running import REFUSED, Postgres, Served, check, load
from tests.waiting import until

UNAVAILABLE = frozenset(REFUSED)
BACK = 5
"""Seconds in which service is there again."""
OURS = "from pg_stat_activity where application_name = 'caveat' and pid <> pg_backend_pid()"


async def test_a_postgres_that_is_killed_is_told_in_time_and_served_from_again(postgres: Postgres, served: Served):
    before = postgres.pid
    async with load(served) as outcomes:
        postgres.kill()
        await until(lambda: postgres.is_another(before))
        await _is_back(served)
    assert check(outcomes, served.whole)[frozenset()] > 0


async def test_a_postgres_that_is_restarted_is_told_in_time_and_served_from_again(postgres: Postgres, served: Served):
    async with load(served) as outcomes:
        await postgres.restart()
        await _is_back(served)
    assert check(outcomes, served.whole)[frozenset()] > 0


async def test_a_postgres_that_stands_still_is_told_in_time_and_served_from_again(postgres: Postgres, served: Served):
    async with load(served, clients=30) as outcomes:
        with postgres.frozen():
            await until(lambda: _has(outcomes, 60))
        await _is_back(served)
    assert check(outcomes, served.whole)[UNAVAILABLE] >= 60


async def test_a_postgres_that_stood_still_for_a_moment_is_not_noticed(postgres: Postgres, served: Served):
    with postgres.frozen():
        asking = [asyncio.create_task(served.ask()) for _ in range(5)]
        await asyncio.wait(asking, timeout=0.3)
    assert check(await asyncio.gather(*asking), served.whole) == {frozenset(): 5}


async def test_a_backend_that_ends_is_not_noticed(postgres: Postgres, served: Served):
    async with load(served) as outcomes, postgres.admin() as admin:
        for _ in range(5):
            await admin.execute(f"select pg_terminate_backend(pid, 1000) {OURS} order by random() limit 1")
        count = len(outcomes)
        await until(lambda: _grew(outcomes, count + 30))
    assert set(check(outcomes, served.whole)) == {frozenset()}


async def test_a_lock_that_is_held_is_told_in_time(postgres: Postgres, served: Served):
    async with load(served, clients=30) as outcomes, postgres.admin() as admin:
        async with admin.transaction():
            await admin.execute("lock table answer in access exclusive mode")
            await until(lambda: _has(outcomes, 60))
        await _is_back(served)
    assert check(outcomes, served.whole)[UNAVAILABLE] >= 60


@pytest.mark.parametrize("table", ["answer_topic", "source"])
async def test_a_lock_in_the_middle_of_an_operation_is_told_in_time(postgres: Postgres, served: Served, table: str):
    async with postgres.admin() as admin, admin.transaction():
        await admin.execute(f"lock table {table} in access exclusive mode")
        outcomes = await asyncio.gather(*(served.ask() for _ in range(5)))
    check(outcomes, served.whole)


async def test_a_postgres_without_a_connection_left_is_told_in_time(postgres: Postgres, served: Served):
    taken = await _take_all(postgres)
    async with load(served) as outcomes:
        await until(lambda: _has(outcomes, 20))
        unready = await served.is_ready()
        for connection in taken:
            connection.terminate()
        await _is_back(served)
    assert (check(outcomes, served.whole)[UNAVAILABLE] >= 20, unready) == (True, False)


async def test_readiness_is_false_while_the_database_is_away_and_then_true(postgres: Postgres, served: Served):
    started = time.monotonic()
    with postgres.frozen():
        unready = await served.client.get(f"{served.address}/readyz")
        took = time.monotonic() - started
    async with asyncio.timeout(BACK):
        await until(served.is_ready)
    assert (unready.status_code, unready.json()["checks"]["database"], took < 2) == (503, False, True)


async def test_nothing_is_left_behind_by_faults(postgres: Postgres, served: Served):
    async with load(served):
        with postgres.frozen():
            await asyncio.gather(*(served.ask() for _ in range(30)))
    await until(served.serves)
    async with postgres.admin() as admin:
        assert await admin.fetchval(f"select count(*) {OURS}") <= 16


async def _take_all(postgres: Postgres) -> list[Connection]:
    """Connections of others, so many that nobody gets another one, and the server has none."""
    taken: list[Connection] = []
    while True:
        with contextlib.suppress(DatabaseUnavailableError):
            while True:
                taken.append(await connect(postgres.url, application_name="test"))
        if not await taken[0].fetchval(f"select count(pg_terminate_backend(pid, 1000)) {OURS}"):
            return taken


async def _is_back(served: Served) -> None:
    started = time.monotonic()
    await until(served.serves)
    assert time.monotonic() - started < BACK


async def _has(outcomes: list, count: int) -> bool:
    return sum(1 for outcome in outcomes if outcome.codes) >= count


async def _grew(outcomes: list, count: int) -> bool:
    return len(outcomes) >= count
