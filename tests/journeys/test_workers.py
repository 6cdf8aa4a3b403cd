"""`caveat serve --workers`: one socket, several processes, one supervisor."""

import asyncio
import os
import re
import signal
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from server.db.connections import SPARE, check_room, connect
from server.errors.machine import SetupError
from server.parts import CONNECTIONS
from tests.journeys.processes import serving
from tests.waiting import PATIENCE, until

TOKEN = "a token of many characters"
COUNT = 2


@pytest.fixture
async def served(database_url):
    async with workers(database_url) as found:
        yield found


@asynccontextmanager
async def workers(url):
    """Where they answer, and their supervisor."""
    words = ("--workers", str(COUNT))
    async with (
        serving(*words, DATABASE_URL=url, CAVEAT_METRICS_TOKEN=TOKEN) as (server, supervisor),
        httpx.AsyncClient(trust_env=False, timeout=PATIENCE, base_url=server.url.removesuffix("/graphql")) as client,
    ):
        yield client, supervisor


def children(pid):
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_gone(pid):
    """Whether the process has ended; one that nobody has waited for yet has."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


async def answers(client):
    """Whether what is served is ready, on whichever connection."""
    try:
        return (await client.get("/readyz", headers={"connection": "close"})).status_code == 200
    except httpx.TransportError:
        return False


async def workers_told_of(client):
    told = await client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
    return set(re.findall(r'(?m)^caveat_ready\{worker="(\d)"\} 1\.0$', told.text))


async def test_whichever_is_asked_tells_what_all_count(served):
    client, _ = served
    assert await workers_told_of(client) == {"0", "1"}


async def test_another_one_takes_the_place_of_a_worker_that_died(served):
    client, supervisor = served
    killed, other = children(supervisor.pid)

    os.kill(killed, signal.SIGKILL)

    async def is_replaced():
        return len({*children(supervisor.pid)} - {killed}) == COUNT and await answers(client)

    async def tells_of_both():
        return await workers_told_of(client) == {"0", "1"}

    await until(is_replaced)
    assert other in children(supervisor.pid)
    await until(tells_of_both)


async def test_they_stop_with_their_supervisor(served):
    client, supervisor = served
    assert await answers(client)

    supervisor.send_signal(signal.SIGTERM)
    async with asyncio.timeout(PATIENCE):
        _, said = await supervisor.communicate()

    assert supervisor.returncode == 0, said.decode()


async def test_no_connection_is_taken_that_nobody_answers_any_more(served):
    client, supervisor = served
    port = client.base_url.port
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{")
    assert await answers(client)
    under_way = asyncio.create_task(reader.read())

    async def are_refused():
        try:
            _, another = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return True
        another.transport.abort()
        return False

    supervisor.send_signal(signal.SIGTERM)
    await until(are_refused)
    assert not under_way.done()
    assert b"REQUEST_TIMED_OUT" in await under_way
    writer.close()


async def test_none_outlives_a_supervisor_that_is_killed(served):
    _, supervisor = served
    left = children(supervisor.pid)

    supervisor.kill()

    async def are_gone():
        return all(map(is_gone, left))

    await until(are_gone)


async def test_more_connections_than_postgres_takes_are_refused(database_url):
    connection = await connect(database_url)
    takes = int(await connection.fetchval("show max_connections"))
    await connection.close()

    with pytest.raises(SetupError, match=f"may open {takes} connections"):
        await check_room(database_url, takes)
    assert takes >= CONNECTIONS + SPARE
