import asyncio
import datetime
import json
from contextlib import suppress
from functools import partial

import pytest
import websockets
from sqlalchemy import text
from structlog.testing import capture_logs

from server.access.registration import change_rights, revoke_keys
from tests import waiting
from tests.access.registering import bearer
from tests.web.registered import FOLLOW, serving
from tests.web.running import hear, say, until

WITHIN = 5.0
"""Seconds, generously; what is promised is one."""
WATCHER = "a token of nobody else"
WATCHING = {"authorization": f"Bearer {WATCHER}"}


@pytest.fixture
async def served(database_url):
    async with serving(database_url, metrics_token=WATCHER) as server:
        yield server


async def close_of(opened):
    """The code and the reason with which the server closes a socket."""
    async with asyncio.timeout(WITHIN):
        with suppress(websockets.ConnectionClosedError):
            async for _ in opened:
                pass
    return opened.close_code, opened.close_reason


async def rest_of(lines):
    """What a stream says until it ends, heartbeats aside."""
    async with asyncio.timeout(WITHIN):
        return [line async for line in lines if line not in ("", ":")]


async def has_subscriptions(served, count):
    """Whether so many are counted: a stream sends its first heartbeat before it is."""
    response = await served.send("GET", url=served.url.replace("/graphql", "/metrics"), headers=WATCHING)
    return f"\ncaveat_subscriptions_open {float(count)}\n" in response.text


async def test_a_socket_is_closed_when_its_key_is_revoked_and_no_other_is(served):
    key, other = await served.register("app"), await served.register("other")
    async with served.following(key) as opened, served.following(other) as beside:
        await revoke_keys(served.engine, "app")

        assert await close_of(opened) == (4403, "KEY_REVOKED: The key was revoked: use the client's new one.")
        await say(beside, type="ping")
        assert await hear(beside) == {"type": "pong"}


async def test_the_log_says_why_a_socket_was_closed(served):
    key = await served.register("app")
    with capture_logs() as logs:
        async with served.following(key) as opened:
            await revoke_keys(served.engine, "app")
            await close_of(opened)
        await until(lambda: [each for each in logs if each["event"] == "socket"])

    [told] = [each for each in logs if each["event"] == "socket"]
    assert (told["code"], told["closed"]) == ("KEY_REVOKED", 4403)


async def test_a_socket_is_closed_when_its_key_expires(served):
    soon = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=1)
    key = await served.register("app", expires_at=soon)
    async with served.following(key) as opened:
        code, reason = await close_of(opened)

    assert (code, reason[:12]) == (4403, "KEY_EXPIRED:")


async def test_a_socket_is_to_connect_again_when_the_rights_of_its_client_change(served):
    key = await served.register("app")
    async with served.following(key) as opened:
        await change_rights(served.engine, "app", rights={"topics": ["heart"]})

        assert await close_of(opened) == (1012, "The client's rights have changed: connect again and resume")


async def test_a_stream_ends_with_an_error_when_its_key_is_revoked(served):
    key = await served.register("app")
    async with served.streaming(key) as lines:
        await revoke_keys(served.engine, "app")
        kind, data, *end = await rest_of(lines)

    assert (kind, end) == ("event: next", ["event: complete", "data:"])
    assert [error["extensions"] for error in json.loads(data[6:])["errors"]] == [{"code": "KEY_REVOKED"}]


async def test_a_stream_is_to_connect_again_when_the_rights_of_its_client_change(served):
    key = await served.register("app")
    async with served.streaming(key) as lines:
        await change_rights(served.engine, "app", rights={"shows_calls": False})

        assert await rest_of(lines) == []


async def test_an_operation_is_not_answered_whose_key_was_revoked_while_it_ran(served, reads):
    key = await served.register("app")
    query = {"json": {"query": "{ answers { totalCount } }"}, "headers": bearer(key)}

    async def is_waiting():
        return await reads.fetch_value(
            "select true from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
        )

    async with served.following(key) as opened, served.engine.transaction() as session:
        await session.execute(text("lock table answer in access exclusive mode"))
        asking = asyncio.create_task(served.send(**query))
        await waiting.until(is_waiting)
        await revoke_keys(served.engine, "app")
        await close_of(opened)
    response = await asking

    assert (response.status_code, response.json()["errors"][0]["extensions"]) == (401, {"code": "KEY_REVOKED"})


async def test_sessions_that_ended_leave_nothing_behind(served):
    key = await served.register("app")
    before = len(asyncio.all_tasks())
    async with served.following(key) as opened, served.streaming(key) as lines:
        await revoke_keys(served.engine, "app")
        await close_of(opened)
        await rest_of(lines)

    await until(lambda: len(asyncio.all_tasks()) <= before)


async def test_a_client_has_so_many_subscriptions_on_all_its_connections(served):
    key, other = await served.register("app", max_subscriptions=2), await served.register("other")
    async with served.following(key) as first, served.following(other), served.streaming(key):
        await waiting.until(partial(has_subscriptions, served, 3))
        await say(first, type="subscribe", id="2", payload={"query": FOLLOW})
        refused = await hear(first)
        await say(first, type="complete", id="1")
        await say(first, type="subscribe", id="3", payload={"query": FOLLOW})
        await say(first, type="ping")

        assert (refused["type"], refused["id"]) == ("error", "2")
        assert refused["payload"][0]["extensions"] == {"code": "TOO_MANY_OPERATIONS"}
        assert await hear(first) == {"type": "pong"}
