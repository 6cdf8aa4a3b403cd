"""What several reads of one operation wait for together."""

import asyncio
import time

import pytest

from server.db import patience
from server.db.reads import Reads
from server.errors.machine import DatabaseUnavailableError


async def test_reads_one_after_the_other_wait_no_longer_than_one(database_url: str):
    async with Reads(database_url, deadline=0.8) as reads:
        started = time.monotonic()
        with patience.shared():
            await reads.fetch("select pg_sleep(0.5)")
            with pytest.raises(DatabaseUnavailableError):
                await reads.fetch("select pg_sleep(60)")
        assert 0.7 < time.monotonic() - started < 1.2


async def test_after_a_refusal_there_is_no_other_attempt(reads: Reads):
    with patience.shared():
        with pytest.raises(DatabaseUnavailableError):
            await reads.fetch("select pg_terminate_backend(pg_backend_pid())")
        before = reads.statements
        with pytest.raises(DatabaseUnavailableError):
            await asyncio.create_task(reads.fetch("select 1"))
    assert reads.statements == before
    assert await reads.fetch_value("select 1") == 1


async def test_reads_side_by_side_are_counted_once(database_url: str):
    async with Reads(database_url, deadline=1) as reads:
        with patience.shared():
            await asyncio.gather(*(reads.fetch("select pg_sleep(0.3)") for _ in range(8)))
            assert len(await reads.fetch("select pg_sleep(0.4)")) == 1


async def test_a_long_operation_of_short_reads_is_not_refused(database_url: str):
    async with Reads(database_url, deadline=0.3) as reads:
        with patience.shared():
            for _ in range(30):
                await reads.fetch("select pg_sleep(0.02)")


async def test_what_has_come_while_the_event_loop_was_busy_is_taken(database_url: str):
    async with Reads(database_url, deadline=0.3) as reads:
        await reads.fetch("select 7 from pg_sleep(0.1)")  # prepared from now on: sent as soon as it is asked
        reading = asyncio.create_task(reads.fetch_value("select 7 from pg_sleep(0.1)"))
        await asyncio.sleep(0)
        _be_busy(1)
        assert await reading == 7


def _be_busy(seconds: float) -> None:
    """Holds the event loop up, as an operation of many objects does."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass


async def test_a_read_in_a_task_of_its_own_ends_with_its_operation(reads: Reads):
    with patience.shared():
        left = asyncio.create_task(reads.fetch("select pg_sleep(60)"))
        while not reads.busy:  # noqa: ASYNC110 - what is waited for sets no event
            await asyncio.sleep(0)
    await asyncio.wait([left])
    assert (left.cancelled(), await reads.fetch_value("select 1")) == (True, 1)
