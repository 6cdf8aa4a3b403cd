"""Processes that share their limits through a Redis, and what becomes of them without it."""

import asyncio
import time
from dataclasses import dataclass

import pytest

from server.access.rates import _minute
from tests.access.counting import free_port, needs_redis, running_redis, speak
from tests.journeys.processes import serving
from tests.waiting import until
from tests.web.registered import ASKED

TOKEN = "a-token-of-24-characters"


@dataclass
class Pair:
    """Two processes that use the Redis on a port while there is one."""

    port: int
    servers: tuple

    async def ask(self, address, *, times):
        """The status of requests from an address, which go to each of the two in turn."""
        headers = {"x-forwarded-for": address}
        return [
            (await server.send(**ASKED, headers=headers)).status_code for _ in range(times) for server in self.servers
        ]

    async def share(self, address):
        """Waits until both have found the Redis, in a minute of the address that goes on for a while."""

        async def do_share() -> bool:
            await self.ask("198.51.100.1", times=1)
            shared = [await _shares(server) for server in self.servers]
            return all(shared) and _minute(f"address:{address}", time.time())[1] > 10

        await until(do_share)


async def _shares(server) -> bool:
    url = server.url.replace("graphql", "metrics")
    page = await server.send("GET", url=url, headers={"authorization": f"Bearer {TOKEN}"})
    return "\ncaveat_rates_shared 1.0\n" in page.text


@pytest.fixture(scope="module")
async def pair(databases):
    url, port = await databases.create(), free_port()
    environment = {
        "DATABASE_URL": url,
        "REDIS_URL": f"redis://127.0.0.1:{port}",
        "CAVEAT_ANONYMOUS_REQUESTS_PER_MINUTE": "6",
        "CAVEAT_TRUSTED_PROXIES": "127.0.0.1",
        "CAVEAT_METRICS_TOKEN": TOKEN,
    }
    async with serving(**environment) as (first, _), serving(**environment) as (second, _):
        yield Pair(port=port, servers=(first, second))
    await databases.drop(url)


@needs_redis
async def test_two_processes_share_one_limit(pair):
    async with running_redis(pair.port):
        await pair.share("203.0.113.1")
        statuses = await pair.ask("203.0.113.1", times=5)

    assert statuses == [200] * 6 + [429] * 4


@needs_redis
async def test_redis_holds_numbers_alone_and_for_little_more_than_a_minute(pair):
    async with running_redis(pair.port):
        await pair.share("203.0.113.2")
        await pair.ask("203.0.113.2", times=1)
        keys = await speak(pair.port, "KEYS", "*203.0.113.2*")
        minute = _minute("address:203.0.113.2", time.time())[0]
        [requests, cost] = [f"caveat:{policy}/address:203.0.113.2/{minute}" for policy in ("requests", "cost")]
        values = await speak(pair.port, "MGET", requests, cost)
        seconds = int((await speak(pair.port, "TTL", requests)).strip(":\r\n"))

    assert {line for line in keys.split("\r\n") if "/" in line} == {requests, cost}
    assert values == "*2\r\n$1\r\n2\r\n$1\r\n0\r\n"
    assert 0 < seconds <= 65


@needs_redis
async def test_without_redis_each_process_counts_alone_and_no_request_fails(pair):
    async with running_redis(pair.port):
        await pair.share("203.0.113.3")
        shared = await pair.ask("203.0.113.3", times=1)
    alone = await pair.ask("203.0.113.3", times=7)

    assert (shared, alone) == ([200, 200], [200] * 12 + [429] * 2)
    assert [await _shares(server) for server in pair.servers] == [False, False]


@needs_redis
async def test_a_redis_that_began_anew_is_shared_by_the_first_request(pair):
    async with running_redis(pair.port):
        await pair.share("203.0.113.4")
        for server in pair.servers:  # so that each has several connections, none of which will be any good
            await asyncio.gather(*(server.send(**ASKED, headers={"x-forwarded-for": "198.51.100.2"}) for _ in range(8)))
    async with running_redis(pair.port):
        statuses = await pair.ask("203.0.113.4", times=5)

    assert statuses == [200] * 6 + [429] * 4
