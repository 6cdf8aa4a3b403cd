import asyncio
import json
from contextlib import asynccontextmanager

import httpx
import pytest

from server.limits import Limits
from server.web.door import Places
from server.web.streams import EventStreams
from tests.execution.shop import STRANGER, make_pipeline, prepare
from tests.web.running import PATIENCE, make_callers, running, until

EVENTS = {"accept": "text/event-stream"}


@pytest.fixture(scope="module")
async def shop():
    async with running() as server:
        yield server


@asynccontextmanager
async def streaming(server, query):
    """The lines of an event stream as they come."""
    async with (
        httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as client,
        client.stream("POST", server.url, json={"query": query}, headers=EVENTS) as response,
    ):
        yield response, response.aiter_lines()


def events_of(text):
    """The events of a stream, without its heartbeats."""
    blocks = [block.splitlines() for block in text.split("\n\n") if block and not block.startswith(":")]
    return [(event.removeprefix("event: "), data.removeprefix("data:").strip()) for event, data in blocks]


async def test_a_subscription_is_streamed_to_its_end(shop):
    response = await shop.send(json={"query": "subscription { count(to: 2) }"}, headers=EVENTS)

    assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert events_of(response.text) == [
        ("next", '{"data":{"count":1}}'),
        ("next", '{"data":{"count":2}}'),
        ("complete", ""),
    ]


async def test_a_get_streams_as_well(shop):
    response = await shop.send("GET", params={"query": "subscription { count(to: 1) }"}, headers=EVENTS)

    assert events_of(response.text) == [("next", '{"data":{"count":1}}'), ("complete", "")]


async def test_a_query_is_a_stream_of_one_result(shop):
    response = await shop.send(json={"query": "{ hello }"}, headers=EVENTS)

    assert events_of(response.text) == [("next", '{"data":{"hello":"hello world"}}'), ("complete", "")]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription ($n: Int!) { count(to: $n) }", "BAD_USER_INPUT"),
        ("subscription { shut }", "BAD_USER_INPUT"),
    ],
)
async def test_an_operation_that_can_not_run_is_told_in_the_stream(shop, query, code):
    response = await shop.send(json={"query": query}, headers=EVENTS)

    [(kind, data), last] = events_of(response.text)
    assert (response.status_code, kind, last) == (200, "next", ("complete", ""))
    assert [error["extensions"]["code"] for error in json.loads(data)["errors"]] == [code]


async def test_a_subscription_that_fails_on_its_way_ends_with_the_reason(shop):
    response = await shop.send(json={"query": "subscription { count(to: 1, fails: true) }"}, headers=EVENTS)

    [first, (kind, data), last] = events_of(response.text)
    assert (first, kind, last) == (("next", '{"data":{"count":1}}'), "next", ("complete", ""))
    assert json.loads(data)["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT"}


async def test_what_is_no_request_is_refused_as_ever(shop):
    response = await shop.send(content=b"[]", headers={**EVENTS, "content-type": "application/json"})

    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (400, "BAD_REQUEST")


async def test_a_subscription_streams_only_where_that_is_accepted(shop):
    response = await shop.post("subscription { count(to: 1) }")
    mixed = await shop.post("subscription { count(to: 1) }", accept="application/json, text/event-stream;q=0.1")

    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (406, "NOT_ACCEPTABLE")
    assert mixed.headers["content-type"].startswith("text/event-stream")


async def test_a_stream_without_events_has_heartbeats():
    async with (
        running(heartbeat_seconds=0.01) as server,
        streaming(server, "subscription { quiet }") as (_, lines),
    ):
        assert [await anext(lines) for _ in range(6)] == [":", ""] * 3


async def test_a_stream_ends_when_the_server_stops_so_that_its_client_comes_again():
    async with running() as server, streaming(server, "subscription { tick }") as (_, lines):
        await anext(lines)
        server.server.should_exit = True

        rest = [line async for line in lines]

    assert "event: complete" not in rest


async def test_a_stream_lives_so_long_and_its_client_comes_again():
    async with (
        running(limits=Limits(max_stream_seconds=1)) as server,
        streaming(server, "subscription { tick }") as (_, lines),
    ):
        rest = [line async for line in lines]

    assert rest[-1] == ""
    assert "event: complete" not in rest


async def test_an_address_has_so_many_streams_at_once():
    async with (
        running(limits=Limits(max_streams_per_address=1)) as server,
        streaming(server, "subscription { tick }"),
        streaming(server, "subscription { tick }") as (second, _),
    ):
        assert second.status_code == 429


async def test_dead_streams_leave_nothing_behind():
    async with running() as server:
        before = len(asyncio.all_tasks())
        body = json.dumps({"query": "subscription { tick }"})
        head = "POST /graphql HTTP/1.1\r\nhost: x\r\naccept: text/event-stream\r\ncontent-type: application/json\r\n"
        writers = []
        for _ in range(20):
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(f"{head}content-length: {len(body)}\r\n\r\n{body}".encode())
            await reader.readuntil(b'{"data":{"tick":1}}')
            writers.append(writer)
        assert server.app.state.places.taken == {"127.0.0.1": 20}

        for writer in writers:
            writer.transport.abort()

        await until(lambda: not server.app.state.places.taken and len(asyncio.all_tasks()) <= before)


async def test_a_client_that_stops_reading_is_told_to_resume():
    limits, sent = Limits(max_stall_seconds=0), []
    pipeline = make_pipeline()
    streams = EventStreams(pipeline, callers=make_callers(), limits=limits, places=Places(1), closing=asyncio.Event())

    async def send(message):
        if b'"tick":3' in message.get("body", b""):
            await asyncio.Event().wait()
        sent.append(message.get("body", b""))

    async def receive():
        await asyncio.Event().wait()

    operation = prepare(pipeline, "subscription { tick }")
    await streams.all(operation, STRANGER)({"type": "http"}, receive, send)

    [(kind, data), last] = events_of(sent[-1].decode())
    assert (kind, last) == ("next", ("complete", ""))
    assert json.loads(data)["errors"][0]["extensions"] == {"code": "SUBSCRIBER_TOO_SLOW"}
    assert [b"tick" in body for body in sent] == [False, False, True, True, False]
