"""What clients get while Postgres is hurt, and how soon after."""

import asyncio
import time
from contextlib import AsyncExitStack

import pytest

from tests.faults.running import OURS, REFUSED, Postgres, Served, check, load
from tests.waiting import until

UNAVAILABLE = frozenset(REFUSED)
BACK = 5
"""Seconds in which service is there again."""


async def test_a_postgres_that_is_killed_is_told_in_time_and_served_from_again(postgres: Postgres, served: Served):
    before = postgres.pid
    async with load(served) as outcomes:
        await until(lambda: _grew(outcomes, 20))
        postgres.kill()
        await until(lambda: postgres.is_another(before))
        await _is_back(served)
    assert check(outcomes, served.whole)[frozenset()] >= 20


async def test_a_postgres_that_is_restarted_is_told_in_time_and_served_from_again(postgres: Postgres, served: Served):
    async with load(served) as outcomes:
        await until(lambda: _grew(outcomes, 20))
        await postgres.restart()
        await _is_back(served)
    assert check(outcomes, served.whole)[frozenset()] >= 20


async def test_a_postgres_that_stands_still_is_told_in_time_and_served_from_again(postgres: Postgres, served: Served):
    async with load(served, clients=12) as outcomes:
        with postgres.frozen():
            await until(lambda: _has(outcomes, 36))
        await _is_back(served)
    assert check(outcomes, served.whole)[UNAVAILABLE] >= 36


async def test_a_postgres_that_stood_still_for_a_moment_is_not_noticed(postgres: Postgres, served: Served):
    with postgres.frozen():
        asking = [asyncio.create_task(served.ask()) for _ in range(5)]
        await asyncio.wait(asking, timeout=0.3)
    assert check(await asyncio.gather(*asking), served.whole) == {frozenset(): 5}


async def test_a_backend_that_ends_is_not_noticed(postgres: Postgres, served: Served):
    async with load(served, clients=4) as outcomes, postgres.admin() as admin:
        for count in range(10, 60, 10):
            await until(lambda: _grew(outcomes, count))  # noqa: B023 - it is awaited here
            await admin.execute(f"select pg_terminate_backend(pid, 1000) {OURS} order by random() limit 1")
        await until(lambda: _grew(outcomes, 70))
    assert set(check(outcomes, served.whole)) == {frozenset()}


async def test_a_lock_that_is_held_is_told_in_time(postgres: Postgres, served: Served):
    async with load(served, clients=12) as outcomes, postgres.admin() as admin:
        async with admin.transaction():
            await admin.execute("lock table answer in access exclusive mode")
            await until(lambda: _has(outcomes, 36))
        await _is_back(served)
    assert check(outcomes, served.whole)[UNAVAILABLE] >= 36


@pytest.mark.parametrize("table", ["answer_topic", "source"])
async def test_a_lock_in_the_middle_of_an_operation_is_told_in_time(postgres: Postgres, served: Served, table: str):
    async with postgres.admin() as admin, admin.transaction():
        await admin.execute(f"lock table {table} in access exclusive mode")
        outcomes = await asyncio.gather(*(served.ask() for _ in range(5)))
    check(outcomes, served.whole)


async def test_a_postgres_without_a_connection_left_is_told_in_time(postgres: Postgres, served: Served):
    async with AsyncExitStack() as stack:
        async with postgres.filled():
            outcomes = await stack.enter_async_context(load(served))
            await until(lambda: _has(outcomes, 20))
            is_ready = await served.is_ready()
        await _is_back(served)
    assert (check(outcomes, served.whole)[UNAVAILABLE] >= 20, is_ready) == (True, False)


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


async def _is_back(served: Served) -> None:
    started = time.monotonic()
    await until(served.serves)
    assert time.monotonic() - started < BACK


async def _has(outcomes: list, count: int) -> bool:
    return sum(1 for outcome in outcomes if outcome.codes) >= count


async def _grew(outcomes: list, count: int) -> bool:
    return len(outcomes) >= count
