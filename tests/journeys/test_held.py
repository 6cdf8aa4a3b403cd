"""A request that came before is not read while something is brought for it, unless it comes to matter what it is."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from structlog.testing import capture_logs

from server.content.publishing import publish
from tests.journeys.connections import connected, left, request
from tests.journeys.repeating import CONTENT, SLUG, locked, repeated, repeats
from tests.schema.drafts import answer
from tests.waiting import until
from tests.web.registered import serving

TITLE = request(f'{{ answer(slug: "{SLUG}") {{ title }} }}')
NOTHING = request("{ __typename }")


@pytest.fixture
async def bare(database_url, engine):
    """A server that keeps nothing that it read."""
    await publish(engine, [answer(SLUG)])
    async with serving(database_url, cache_megabytes=0, objects_mb=0) as opened:
        yield opened


async def known(server, connection, data=TITLE):
    """The answer to a request once it need not be read."""
    before = repeats(server).answered
    while repeats(server).answered < before + 3:
        connection.write(data)
        found = await connection.answer()
    return found


@asynccontextmanager
async def held(server, engine, connection, data=TITLE):
    """The request waits for a table that nobody can read in the block."""
    async with locked(engine, "answer"):
        connection.write(data)
        await until(lambda: is_held(server))
        yield


async def is_held(server):
    return any(protocol._held for protocol in server.server.server_state.connections)


async def test_it_is_answered_once_it_was_brought(bare, engine):
    async with connected(bare) as connection:
        _, body = await known(bare, connection)
        async with held(bare, engine, connection):
            pass
        assert (await connection.answer())[1] == body
        assert (await known(bare, connection))[1] == body


async def test_what_comes_behind_it_has_its_turn(bare, engine):
    async with connected(bare) as connection:
        _, body = await known(bare, connection)
        async with held(bare, engine, connection):
            connection.write(NOTHING, TITLE, NOTHING[:20])
            await asyncio.sleep(0.05)
        connection.write(NOTHING[20:])
        found = [(await connection.answer())[1] for _ in range(4)]

    assert found == [body, {"data": {"__typename": "Query"}}, body, {"data": {"__typename": "Query"}}]


async def test_what_is_no_request_behind_it_is_refused_and_ends_the_connection(bare, engine):
    async with connected(bare) as connection:
        await known(bare, connection)
        async with held(bare, engine, connection):
            connection.write(b"no request at all\r\n\r\n")
            rest = await connection.reader.read()

    assert rest.startswith(b"HTTP/1.1 400 ")
    assert rest.count(b"HTTP/1.1") == 1


async def test_who_hangs_up_leaves_nothing_behind(bare, engine):
    async with connected(bare) as connection:
        await known(bare, connection)
        async with held(bare, engine, connection):
            connection.close()
            await until(lambda: is_gone(bare))

    assert not repeats(bare).places.taken
    assert (await repeated(bare, json={"query": CONTENT})).json()["data"]["answer"]["title"]


@pytest.mark.parametrize("has_hung_up", [True, False])
async def test_who_does_not_wait_for_it_pays_for_it_all_the_same(bare, engine, monkeypatch, has_hung_up):
    monkeypatch.setattr("server.access.rates.SECONDS", 10**9)  # no other minute begins
    async with connected(bare) as connection:
        lines, _ = await known(bare, connection)
        async with connected(bare) as other, held(bare, engine, other):
            if has_hung_up:
                other.close()
                await until(lambda: are_no_tasks(bare))
            else:
                other.write(b"no request at all\r\n\r\n")
                await other.reader.read()
        await until(lambda: are_no_tasks(bare))
        connection.write(NOTHING)

        assert left((await connection.answer())[0]) == left(lines) - 2


@pytest.mark.parametrize("data", [TITLE, request(f'{{ answer(slug: "{SLUG}") {{ id title }} }}')])
async def test_who_hangs_up_with_requests_behind_it_is_no_fault(bare, engine, data):
    async with connected(bare) as connection:
        await known(bare, connection)
        with capture_logs() as events:
            async with locked(engine, "answer"):
                connection.write(data + NOTHING)
                await until(lambda: is_pipelined(bare))
                connection.close()
                await until(lambda: is_gone(bare))

    assert [event["code"] for event in events if event["event"] == "request"] == ["CANCELLED"]
    assert not [event for event in events if event["log_level"] == "error"]


async def is_pipelined(server):
    return any(protocol.pipeline for protocol in server.server.server_state.connections)


async def are_no_tasks(server):
    return not server.server.server_state.tasks


async def is_gone(server):
    state = server.server.server_state
    return not state.connections and not state.tasks


async def test_it_is_answered_before_the_server_stops(bare, engine):
    async with connected(bare) as connection:
        _, body = await known(bare, connection)
        async with held(bare, engine, connection):
            bare.server.should_exit = True
            await until(lambda: is_ending(bare))
        lines, found = await connection.answer()
        rest = await connection.reader.read()

    assert (found, lines["connection"], rest) == (body, "close", b"")


async def is_ending(server):
    return any(protocol._is_ending for protocol in server.server.server_state.connections)


async def test_the_connection_is_not_given_up_meanwhile(bare, engine, monkeypatch):
    monkeypatch.setattr(bare.server.config, "timeout_keep_alive", 0.1)
    async with connected(bare) as connection:
        _, body = await known(bare, connection)
        async with held(bare, engine, connection):
            await asyncio.sleep(0.3)
        assert (await connection.answer())[1] == body
