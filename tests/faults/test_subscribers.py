"""Subscriptions through outages: nothing is missed, nothing comes twice."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import httpx
import pytest
import websockets

from server.content.publishing import publish
from server.db.engine import Engine
from server.events.outbox import CHANNEL
from server.importers.page.reading import read_page
from tests.faults.running import REFUSED, Postgres, Served
from tests.waiting import PATIENCE, until

CONDITION = "What is {0}?\n\n{0}May 15, 2026Navis AI\n\n{0} is common.\n"
QUERY = """subscription Follow($since: String) {
  contentChanged(since: $since) { answer { slug disclaimers { text } relatedAnswers { slug } } }
}"""

Slugs = AsyncIterator[str]


@asynccontextmanager
async def over_socket(served: Served) -> AsyncIterator[Slugs]:
    """The slugs that a socket tells of."""
    address = served.address.replace("http", "ws") + "/graphql"
    operation = await _operation(served)
    async with websockets.connect(address, subprotocols=["graphql-transport-ws"], proxy=None) as opened:
        await opened.send(json.dumps({"type": "connection_init"}))
        await opened.send(json.dumps({"type": "subscribe", "id": "1", "payload": operation}))
        messages = (json.loads(text) async for text in opened)
        assert await anext(messages) == {"type": "connection_ack"}
        yield (_slug(message["payload"]) async for message in messages)


@asynccontextmanager
async def over_stream(served: Served) -> AsyncIterator[Slugs]:
    """The slugs that an event stream tells of."""
    operation = await _operation(served)
    async with (
        httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as client,
        client.stream(
            "POST", f"{served.address}/graphql", json=operation, headers={"accept": "text/event-stream"}
        ) as stream,
    ):
        yield (_slug(json.loads(line[5:])) async for line in stream.aiter_lines() if line.startswith("data: "))


Follow = Callable[[Served], AbstractAsyncContextManager[Slugs]]
transports = pytest.mark.parametrize("follow", [over_socket, over_stream])


@transports
async def test_a_subscription_outlives_a_postgres_that_is_killed(postgres: Postgres, served: Served, follow: Follow):
    async with follow(served) as slugs:
        await _publish(postgres, "Fever")
        first = await _next(slugs)
        before = postgres.pid
        postgres.kill()
        await until(lambda: postgres.is_another(before))
        await until(served.serves)
        await _publish(postgres, "Cough")
        await _publish(postgres, "Ache")
        assert [first, await _next(slugs), await _next(slugs)] == ["what-is-fever", "what-is-cough", "what-is-ache"]


@transports
async def test_a_subscription_outlives_a_lock(postgres: Postgres, served: Served, follow: Follow):
    async with follow(served) as slugs, postgres.admin() as admin, postgres.admin() as other:
        await _publish(postgres, "Fever")
        first = await _next(slugs)
        async with admin.transaction():
            await admin.execute("lock table answer in access exclusive mode")
            await other.execute(f"notify {CHANNEL}")
            refused = [(await served.ask()).codes for _ in range(2)]
        await _publish(postgres, "Cough")
        assert [first, await _next(slugs)] == ["what-is-fever", "what-is-cough"]
    assert refused == [REFUSED] * 2


async def test_a_subscription_that_begins_in_an_outage_is_told_so(postgres: Postgres, served: Served):
    operation = await _operation(served)
    with postgres.frozen():
        told = await served.client.post(
            f"{served.address}/graphql", json=operation, headers={"accept": "text/event-stream"}
        )
    assert "DATABASE_UNAVAILABLE" in told.text
    assert told.text.endswith("event: complete\ndata:\n\n")
    assert told.elapsed.total_seconds() < 2


async def _operation(served: Served) -> dict[str, object]:
    """The subscription from now on."""
    answered = await served.client.post(
        f"{served.address}/graphql", json={"query": "{ changes(first: 1000) { cursor } }"}
    )
    return {"query": QUERY, "variables": {"since": answered.json()["data"]["changes"]["cursor"]}}


async def _publish(postgres: Postgres, name: str) -> None:
    """A new revision of the page of that name; its count makes it another one each time."""
    async with postgres.admin() as admin:
        count = await admin.fetchval("select count(*) from revision")
    engine = Engine(postgres.url)
    try:
        page = CONDITION.format(name) + f"\nIt was seen {count} times.\n"
        await publish(engine, [read_page(page.encode())])
    finally:
        await engine.close()


async def _next(slugs: Slugs) -> str:
    async with asyncio.timeout(PATIENCE):
        return await anext(slugs)


def _slug(payload: dict) -> str:
    return payload["data"]["contentChanged"]["answer"]["slug"]
