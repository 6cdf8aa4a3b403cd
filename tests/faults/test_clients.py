"""Clients that hang up by the hundred: their operations end, and nothing of them stays."""

import asyncio
import contextlib
import json
import socket
import struct
from urllib.parse import urlsplit

import websockets

from tests.faults.running import OURS, PAGE, Postgres, Served, check
from tests.waiting import until

HUNDREDS = 300
WAITING = """select count(*) from pg_stat_activity
    where wait_event_type = 'Lock' and application_name = 'caveat' and query like '%disclaimer%'"""
"""Reads of whole answers; what indexes for search waits as well."""
COUNT = f"select count(*) {OURS}"
FOLLOW = "subscription { contentChanged { cursor } }"


async def test_an_operation_ends_when_its_client_hangs_up(postgres: Postgres, served: Served):
    async with postgres.admin() as admin, postgres.admin() as other, admin.transaction():
        await admin.execute("lock table answer in access exclusive mode")
        asking = [asyncio.create_task(served.ask()) for _ in range(5)]
        await until(lambda: _some(other, WAITING))
        for task in asking:
            task.cancel()
        async with asyncio.timeout(1):  # sooner than any deadline of theirs
            await until(lambda: _is(other, WAITING, 0))


async def test_hundreds_that_hang_up_leave_nothing_behind(postgres: Postgres, served: Served):
    before = served.open_files
    for chance in range(HUNDREDS):
        await _hang_up(served, after=(chance % 30) / 1000)
    async with postgres.admin() as admin:
        await until(lambda: _is(admin, COUNT + " and state = 'active'", 0))
        assert await admin.fetchval(COUNT) <= 16
    await until(lambda: _at_most(served, before + 16))
    assert check([await served.ask() for _ in range(12)], served.whole) == {frozenset(): 12}


async def test_hundreds_that_hang_up_at_once_hold_nobody_up(postgres: Postgres, served: Served):
    async with postgres.admin() as admin, admin.transaction():
        await admin.execute("lock table answer in access exclusive mode")
        await asyncio.gather(*(_hang_up(served, after=0.3) for _ in range(200)))
    answered = await asyncio.gather(*(served.ask() for _ in range(10)))
    assert check(answered, served.whole) == {frozenset(): 10}


async def test_sockets_that_die_leave_nothing_behind(postgres: Postgres, served: Served):
    before = served.open_files
    for _ in range(3):
        await asyncio.gather(*(_die(served) for _ in range(50)))
    await until(lambda: _at_most(served, before + 4))


async def _hang_up(served: Served, *, after: float) -> None:
    """Asks, and resets the connection before there is an answer, or with half of one."""
    address = urlsplit(served.address)
    body = json.dumps({"query": PAGE}).encode()
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    head = f"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(after):
            await reader.read()
    _reset(writer.get_extra_info("socket"))
    writer.transport.abort()


async def _die(served: Served) -> None:
    """Subscribes, and resets the connection."""
    address = served.address.replace("http", "ws") + "/graphql"
    opened = await websockets.connect(address, subprotocols=["graphql-transport-ws"], proxy=None)
    await opened.send(json.dumps({"type": "connection_init"}))
    await opened.send(json.dumps({"type": "subscribe", "id": "1", "payload": {"query": FOLLOW}}))
    assert json.loads(await opened.recv()) == {"type": "connection_ack"}
    _reset(opened.transport.get_extra_info("socket"))
    opened.transport.abort()
    await opened.wait_closed()


def _reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


async def _some(admin, sql: str) -> bool:
    return await admin.fetchval(sql) > 0


async def _is(admin, sql: str, expected: int) -> bool:
    return await admin.fetchval(sql) == expected


async def _at_most(served: Served, count: int) -> bool:
    return served.open_files <= count
