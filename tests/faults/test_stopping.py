"""SIGTERM: what is under way is finished, sockets are told, and the process ends in time, whatever Postgres does."""

import asyncio
import json
import signal
import time
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import httpx
import pytest
import websockets

from tests.faults.running import Outcome, Postgres, Served, check, serving
from tests.waiting import PATIENCE, until

END = 10
"""Seconds in which the process ends."""
WAITING = """select count(*) from pg_stat_activity
    where wait_event_type = 'Lock' and application_name = 'caveat' and query like '%disclaimer%'"""
"""Reads of whole answers; what indexes for search waits as well."""


@pytest.fixture
async def ending(postgres: Postgres, served: Served) -> AsyncIterator[Served]:
    """A server that is to be stopped."""
    async with serving(postgres.url) as started:
        started.whole = served.whole
        yield started
        assert [line for line in started.said.splitlines() if "Traceback" in line or "unexpected" in line] == []


async def test_what_is_under_way_is_finished(postgres: Postgres, ending: Served):
    async with postgres.admin() as admin, postgres.admin() as other:
        async with admin.transaction():
            await admin.execute("lock table answer in access exclusive mode")
            before = ending.open_files
            asking = [asyncio.create_task(ending.ask()) for _ in range(8)]
            await until(lambda: _are_waiting(other))
            await until(lambda: _has_opened(ending, before + 8))
            ended = asyncio.create_task(ending.end())
            await until(lambda: _refuses(ending))
        outcomes = await asyncio.gather(*asking)
    assert (check(outcomes, ending.whole), await ended) == ({frozenset(): 8}, 0)


async def test_under_load_every_answer_is_whole_and_the_end_comes_in_time(ending: Served):
    outcomes: list[Outcome] = []
    asking = [asyncio.create_task(_ask_to_the_end(ending, outcomes)) for _ in range(20)]
    await until(lambda: _reaches(outcomes, 60))
    code, took = await _end(ending)
    await asyncio.gather(*asking)
    assert (set(check(outcomes, ending.whole)), code, took < END) == ({frozenset()}, 0, True)


async def test_sockets_are_closed_with_a_code_that_has_them_come_again(ending: Served):
    address = ending.address.replace("http", "ws") + "/graphql"
    async with websockets.connect(address, subprotocols=["graphql-transport-ws"], proxy=None) as opened:
        await opened.send(json.dumps({"type": "connection_init"}))
        query = "subscription { contentChanged { cursor } }"
        await opened.send(json.dumps({"type": "subscribe", "id": "1", "payload": {"query": query}}))
        assert json.loads(await opened.recv()) == {"type": "connection_ack"}
        code, took = await _end(ending)
        await opened.wait_closed()
    assert (opened.close_code in (1001, 1012), code, took < END) == (True, 0, True)


async def test_a_postgres_that_stands_still_holds_nothing_up(postgres: Postgres, ending: Served):
    with postgres.frozen():
        asking = [asyncio.create_task(ending.ask()) for _ in range(20)]
        code, took = await _end(ending)
        await asyncio.gather(*asking, return_exceptions=True)
    assert (code, took < END) == (0, True)


async def test_a_client_that_sends_half_a_request_is_told_and_holds_nothing_up(ending: Served):
    address = urlsplit(ending.address)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
    assert await ending.serves()
    code, took = await _end(ending)
    told = await reader.read()
    writer.transport.abort()
    assert (b"REQUEST_TIMED_OUT" in told, code, took < END) == (True, 0, True)


async def _end(ending: Served) -> tuple[int, float]:
    started = time.monotonic()
    code = await ending.end(signal.SIGTERM)
    return code, time.monotonic() - started


async def _ask_to_the_end(ending: Served, outcomes: list[Outcome]) -> None:
    """Asks on connections of its own until there is nobody to ask."""
    own = Served(ending.process, httpx.AsyncClient(trust_env=False, timeout=PATIENCE), ending.log, ending.address)
    async with own.client:
        try:
            while True:
                outcomes.append(await own.ask())
        except (httpx.ConnectError, httpx.RemoteProtocolError, httpx.ReadError):
            return  # on a connection that was closed while it was idle, or not taken any more


async def _has_opened(served: Served, count: int) -> bool:
    return served.open_files >= count


async def _refuses(ending: Served) -> bool:
    """Whether no new connection is taken."""
    address = urlsplit(ending.address)
    try:
        _, writer = await asyncio.open_connection(address.hostname, address.port)
    except OSError:
        return True
    writer.transport.abort()
    return False


async def _are_waiting(admin) -> bool:
    return await admin.fetchval(WAITING) > 0


async def _reaches(outcomes: list[Outcome], count: int) -> bool:
    return len(outcomes) >= count
