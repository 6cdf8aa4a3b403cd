import asyncio
import json
from contextlib import suppress

import pytest
import websockets

from server.limits import Limits
from server.web.messages import Close
from tests.web.running import hear, running, say, until


@pytest.fixture(scope="module")
async def shop():
    async with running() as server:
        yield server


async def closing_code(opened):
    """The code that the server closes the socket with."""
    async with asyncio.timeout(10):
        with suppress(websockets.ConnectionClosedError):
            async for _ in opened:
                pass
    return opened.close_code


async def subscribe(opened, query, operation_id="1", **payload):
    await say(opened, id=operation_id, type="subscribe", payload={"query": query, **payload})


async def test_a_query_gives_one_result_and_is_complete(shop):
    async with shop.talk() as opened:
        await subscribe(opened, "query A($n: String) { hello(name: $n) }", variables={"n": "Ada"}, operationName="A")

        assert await hear(opened) == {"id": "1", "type": "next", "payload": {"data": {"hello": "hello Ada"}}}
        assert await hear(opened) == {"id": "1", "type": "complete"}


async def test_a_mutation_runs_on_a_socket(shop):
    async with shop.talk() as opened:
        await subscribe(opened, "mutation { buy }")

        assert (await hear(opened))["payload"] == {"data": {"buy": "bought"}}


async def test_a_subscription_gives_every_event_and_is_complete(shop):
    async with shop.talk() as opened:
        await subscribe(opened, "subscription { count(to: 2) }")

        assert [await hear(opened) for _ in range(3)] == [
            {"id": "1", "type": "next", "payload": {"data": {"count": 1}}},
            {"id": "1", "type": "next", "payload": {"data": {"count": 2}}},
            {"id": "1", "type": "complete"},
        ]


async def test_an_id_is_free_again_after_its_operation(shop):
    async with shop.talk() as opened:
        for _ in range(3):
            await subscribe(opened, "{ hello }")
            assert [(await hear(opened))["type"] for _ in range(2)] == ["next", "complete"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("query ($n: Int!) { number(of: $n) }", "BAD_USER_INPUT"),
        ("subscription { shut }", "BAD_USER_INPUT"),
        ("{ " + "hello " * 6000 + "}", "DOCUMENT_TOO_LONG"),
    ],
)
async def test_an_operation_that_can_not_run_is_an_error_message_and_no_more(shop, query, code):
    async with shop.talk() as opened:
        await subscribe(opened, query)
        refusal = await hear(opened)
        await say(opened, type="ping")

        assert (refusal["id"], refusal["type"]) == ("1", "error")
        assert [error["extensions"]["code"] for error in refusal["payload"]] == [code]
        assert await hear(opened) == {"type": "pong"}


async def test_a_subscription_that_fails_on_its_way_ends_with_an_error(shop):
    async with shop.talk() as opened:
        await subscribe(opened, "subscription { count(to: 1, fails: true) }")

        assert [(await hear(opened))["type"] for _ in range(2)] == ["next", "error"]


async def test_operations_on_one_socket_do_not_wait_for_one_another(shop):
    async with shop.talk() as opened:
        await subscribe(opened, "{ slow }", "slow")
        await subscribe(opened, "subscription { tick }", "tick")
        await subscribe(opened, "{ hello }", "quick")
        heard = [await hear(opened) for _ in range(6)]

        assert {message["id"] for message in heard} == {"tick", "quick"}


async def test_nothing_is_sent_after_the_client_completes(shop):
    async with shop.talk() as opened:
        await subscribe(opened, "subscription { tick }")
        await hear(opened)
        await say(opened, id="1", type="complete")
        await say(opened, type="ping", payload={"last": True})
        while (message := await hear(opened))["type"] == "next":
            pass
        await subscribe(opened, "{ hello }")

        assert message == {"type": "pong", "payload": {"last": True}}
        assert await hear(opened) == {"id": "1", "type": "next", "payload": {"data": {"hello": "hello world"}}}


async def test_to_complete_what_is_not_there_is_no_fault(shop):
    async with shop.talk() as opened:
        await say(opened, id="unknown", type="complete")
        await say(opened, type="pong", payload={})
        await say(opened, type="ping")

        assert await hear(opened) == {"type": "pong"}


@pytest.mark.parametrize("protocols", [["graphql-ws"], ["graphql-transport-ws2"], None])
async def test_other_protocols_are_not_spoken(shop, protocols):
    async with shop.socket(subprotocols=protocols) as opened:
        assert await closing_code(opened) == Close.SUBPROTOCOL_NOT_ACCEPTABLE


async def test_ours_is_chosen_among_others(shop):
    async with shop.socket(subprotocols=["graphql-ws", "graphql-transport-ws"]) as opened:
        assert opened.subprotocol == "graphql-transport-ws"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "null",
        "[]",
        "7",
        "{}",
        '{"type": null}',
        '{"type": "start"}',
        '{"type": "next", "id": "1", "payload": {}}',
        '{"type": "connection_init", "payload": []}',
        '{"type": "ping", "payload": "x"}',
        '{"type": "subscribe", "payload": {"query": "{ hello }"}}',
        '{"type": "subscribe", "id": "", "payload": {"query": "{ hello }"}}',
        '{"type": "subscribe", "id": 1, "payload": {"query": "{ hello }"}}',
        '{"type": "subscribe", "id": "1"}',
        '{"type": "subscribe", "id": "1", "payload": {}}',
        '{"type": "subscribe", "id": "1", "payload": {"query": 1}}',
        '{"type": "subscribe", "id": "1", "payload": {"query": "{ hello }", "variables": []}}',
        '{"type": "subscribe", "id": "1", "payload": {"query": "{ hello }", "operationName": 1}}',
        '{"type": "complete"}',
        "[" * 100_000,
        '{"type": "ping", "payload": {"n": "\\ud800"}}',
        b'{"type": "ping"}',
    ],
)
async def test_what_the_protocol_does_not_know_closes_the_socket(shop, text):
    async with shop.talk() as opened:
        await opened.send(text)

        assert await closing_code(opened) == Close.BAD_REQUEST


async def test_an_operation_before_the_socket_is_initialised_closes_it(shop):
    async with shop.socket() as opened:
        await subscribe(opened, "{ hello }")

        assert await closing_code(opened) == Close.UNAUTHORIZED


async def test_a_second_initialisation_closes_the_socket(shop):
    async with shop.talk() as opened:
        await say(opened, type="connection_init")

        assert await closing_code(opened) == Close.TOO_MANY_INITIALISATIONS


@pytest.mark.parametrize("operation_id", ["1", "é" * 200])
async def test_an_id_in_use_closes_the_socket(shop, operation_id):
    async with shop.talk() as opened:
        await subscribe(opened, "{ slow }", operation_id)
        await subscribe(opened, "{ hello }", operation_id)

        assert await closing_code(opened) == Close.SUBSCRIBER_EXISTS
        assert opened.close_reason.startswith(f"Subscriber for {operation_id[:20]}")


async def test_a_socket_that_is_not_initialised_in_time_is_closed():
    async with running(limits=Limits(max_init_seconds=0)) as server, server.socket() as opened:
        assert await closing_code(opened) == Close.INITIALISATION_TIMEOUT


async def test_a_message_that_is_too_long_closes_the_socket():
    async with running(limits=Limits(max_body_bytes=1000)) as server, server.talk() as opened:
        await opened.send(json.dumps({"type": "ping", "payload": {"a": "b" * 1000}}))

        assert await closing_code(opened) == 1009


async def test_a_socket_has_so_many_operations_at_once():
    async with running(limits=Limits(max_subscriptions=1)) as server, server.talk() as opened:
        await subscribe(opened, "{ slow }", "1")
        await subscribe(opened, "{ hello }", "2")
        refusal = await hear(opened)

        assert (refusal["id"], refusal["type"]) == ("2", "error")
        assert refusal["payload"][0]["extensions"] == {"code": "TOO_MANY_OPERATIONS"}


async def test_an_address_has_so_many_sockets_at_once():
    async with running(limits=Limits(max_streams_per_address=1)) as server, server.talk():
        with pytest.raises(websockets.InvalidStatus) as caught:
            await server.socket()

    assert caught.value.response.status_code == 429
    assert b"TOO_MANY_OPERATIONS" in caught.value.response.body


async def test_a_socket_lives_so_long_and_its_client_comes_again():
    async with running(limits=Limits(max_stream_seconds=1)) as server, server.talk() as opened:
        await subscribe(opened, "subscription { tick }")

        assert await closing_code(opened) == Close.GOING_AWAY


async def test_a_socket_is_closed_when_the_server_stops():
    async with running() as server, server.talk() as opened:
        await subscribe(opened, "subscription { tick }")
        await hear(opened)
        server.server.should_exit = True

        assert await closing_code(opened) == 1012


async def test_dead_sockets_leave_nothing_behind():
    async with running() as server:
        before = len(asyncio.all_tasks())
        sockets = [await server.socket() for _ in range(20)]
        for opened in sockets:
            await say(opened, type="connection_init")
            for number in range(5):
                await subscribe(opened, "subscription { tick }", str(number))
            await hear(opened)
        assert server.app.state.places.taken == {"127.0.0.1": 20}

        for opened in sockets:
            opened.transport.abort()

        await until(lambda: not server.app.state.places.taken and len(asyncio.all_tasks()) <= before)
        assert (await server.post("{ hello }")).status_code == 200


async def test_a_client_that_stops_reading_is_told_to_resume():
    async with running(limits=Limits(max_stall_seconds=1)) as server, server.talk(compression=None) as opened:
        await subscribe(opened, "subscription { tick }", "x" * 500_000)
        await until(lambda: not server.app.state.places.taken)

        assert await closing_code(opened) == Close.TRY_AGAIN_LATER
        assert opened.close_reason.startswith("SUBSCRIBER_TOO_SLOW")


async def test_a_client_that_never_reads_again_is_dropped():
    async with running(limits=Limits(max_stall_seconds=0)) as server, server.talk(compression=None) as opened:
        await subscribe(opened, "subscription { tick }", "x" * 500_000)

        await until(lambda: not server.server.server_state.connections)
        opened.transport.abort()
