"""A key that is revoked while it is used is dead within a second, on every process, whatever becomes of the news."""

import asyncio
import os
import signal
import time
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field

import httpx
import pytest
import websockets

from server.access.registration import revoke_keys
from server.db.engine import Engine
from tests.access.registering import bearer, register
from tests.journeys.processes import serving
from tests.waiting import until
from tests.web.running import hear, say

BOUND = 2.0
"""Seconds, twice what is promised: the machine may be busy with other tests."""

LISTENERS = """select array_agg(pid) from pg_stat_activity
    where datname = $1 and (query ilike 'listen %' or query = 'select 1')"""


@dataclass
class Seen:
    """What those who ask one process meet."""

    last_success: float = 0.0
    """When the last request was sent that was answered."""
    codes: list[str] = field(default_factory=list)
    """Of those that were refused."""


@dataclass
class Pair:
    """Two processes on one database."""

    databases: object
    url: str
    servers: tuple

    async def listeners(self):
        """The backends through which they hear what is told."""
        return await self.databases.fetch_value(LISTENERS, self.url.rpartition("/")[2].partition("?")[0])


@pytest.fixture(scope="module")
async def pair(databases):
    url = await databases.create()
    async with serving(DATABASE_URL=url) as (first, _), serving(DATABASE_URL=url) as (second, _):
        yield Pair(databases=databases, url=url, servers=(first, second))
    await databases.drop(url)


@pytest.fixture
async def engine(pair):
    opened = Engine(pair.url)
    yield opened
    await opened.close()


async def ask(server, key, seen):
    """Asks one thing after the other, until it was refused often enough."""
    async with httpx.AsyncClient(trust_env=False, headers=bearer(key), timeout=20) as client:
        while len(seen.codes) < 20:
            began = time.monotonic()
            response = await client.post(server.url, json={"query": "{ answers { totalCount } }"})
            if response.status_code == 200:
                seen.last_success = began
            else:
                seen.codes.append(response.json()["errors"][0]["extensions"]["code"])


@asynccontextmanager
async def asked(pair, key):
    """Both processes are asked with a key all the while, and until it is refused; gives what is seen of each."""
    seen = [Seen() for _ in pair.servers]
    asking = [asyncio.create_task(ask(*each)) for each in zip(pair.servers, [key] * 2, seen, strict=True)]

    async def are_served():
        return all(each.last_success for each in seen)

    await until(are_served)
    yield seen
    async with asyncio.timeout(20):
        await asyncio.gather(*asking)


async def assert_dead_in_time(pair, engine, name):
    key = await register(engine, name)
    async with asked(pair, key) as seen:
        await revoke_keys(engine, name)
        committed = time.monotonic()

    assert [set(each.codes) for each in seen] == [{"KEY_REVOKED"}] * 2
    assert max(each.last_success for each in seen) - committed < BOUND


async def test_a_key_that_is_revoked_is_dead_on_every_process(pair, engine):
    await assert_dead_in_time(pair, engine, "heard")


async def test_it_is_dead_though_the_connection_that_tells_of_it_is_lost(pair, engine):
    for backend in await pair.listeners():
        await pair.databases.execute(f"select pg_terminate_backend({backend})")

    await assert_dead_in_time(pair, engine, "lost")


async def test_it_is_dead_though_the_connection_that_tells_of_it_is_silent(pair, engine):
    with silent(await pair.listeners()):
        await assert_dead_in_time(pair, engine, "silent")


async def test_sockets_of_a_key_that_is_revoked_are_closed_on_every_process(pair, engine):
    key = await register(engine, "sockets")
    first, second = pair.servers
    async with first.socket() as here, second.socket() as there:
        for opened in (here, there):
            await say(opened, type="connection_init", payload={"apiKey": key.text})
            await hear(opened)
        await revoke_keys(engine, "sockets")
        async with asyncio.timeout(BOUND):
            await asyncio.gather(here.wait_closed(), there.wait_closed())

    assert [opened.close_code for opened in (here, there)] == [4403, 4403]


async def test_a_socket_that_connects_again_with_a_dead_key_is_refused(pair, engine):
    key = await register(engine, "again")
    await revoke_keys(engine, "again")
    async with pair.servers[0].socket() as opened:
        await say(opened, type="connection_init", payload={"apiKey": key.text})
        with pytest.raises(websockets.ConnectionClosedError):
            await hear(opened)

    assert opened.close_reason.startswith("KEY_REVOKED")


@contextmanager
def silent(backends):
    """Stops backends of the embedded Postgres, which say nothing more and do not hang up."""
    for backend in backends:
        os.kill(backend, signal.SIGSTOP)
    try:
        yield
    finally:
        for backend in backends:
            os.kill(backend, signal.SIGCONT)
