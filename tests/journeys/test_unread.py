"""A request that came before byte by byte is answered without being read, and as it would be if it were."""

import asyncio

import pytest

from server.access.clients import ClientKind
from server.app import create_app
from server.content.publishing import publish
from server.content.withdrawal import Named, retract
from server.limits import AnonymousLimits
from server.web.serving import CLOSING
from tests.access.registering import bearer, production, register
from tests.journeys.connections import connected, left, request
from tests.journeys.repeating import COUNTED, SLUG, repeats
from tests.schema.drafts import answer
from tests.waiting import until
from tests.web.running import PATIENCE, running


@pytest.fixture
async def server(database_url, engine):
    await publish(engine, [answer(SLUG)])
    limits = AnonymousLimits(requests_per_minute=10**9, cost_per_minute=10**9)
    async with running(create_app(production(anonymous=limits), url=database_url)) as opened:
        yield opened


def is_closing(server):
    async def is_set():
        return server.server.lifespan.state[CLOSING].is_set()

    return is_set


async def unread(server, connection, data):
    """The answer to a request once it need not be read; not the first times, nor while the news is being looked up."""
    before = repeats(server).unread
    async with asyncio.timeout(PATIENCE):
        while True:
            found = await connection.send(data)
            if repeats(server).unread > before:
                return found


async def test_it_is_answered_as_the_application_answers_it(server):
    async with connected(server) as connection:
        lines, body = await unread(server, connection, request())
        repeats(server).forget()
        known, same = await connection.send(request())

    assert body == same
    assert {name: lines[name] for name in lines if name not in COUNTED} == {
        name: known[name] for name in known if name not in COUNTED
    }
    assert left(known) == left(lines) - 1
    assert known["x-request-id"] != lines["x-request-id"]


async def test_each_address_is_charged_for_itself(server):
    async with connected(server) as here, connected(server, source="127.0.0.2") as there:
        mine, _ = await unread(server, here, request())
        other, _ = await unread(server, there, request())

    assert left(other) > left(mine)


@pytest.mark.parametrize("cut", [1, 30, -1])
async def test_one_that_comes_in_parts_is_read(server, cut):
    async with connected(server) as connection:
        _, body = await unread(server, connection, request())
        before = repeats(server).unread
        found = [(await connection.send(request()[:cut], request()[cut:]))[1] for _ in range(5)]
        after = repeats(server).unread

    assert (found, after) == ([body] * 5, before)


async def test_what_stands_in_the_body_of_another_is_no_request(server):
    known = request()
    outer = b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
    async with connected(server) as connection:
        await unread(server, connection, known)
        before = repeats(server).unread
        _, refused = await connection.send(b"%scontent-length: %d\r\n\r\n" % (outer, len(known)), known)

    assert (refused["errors"][0]["extensions"]["code"], repeats(server).unread) == ("BAD_REQUEST", before)


async def test_what_was_retracted_is_not_served(server, engine):
    async with connected(server) as connection:
        await unread(server, connection, request())
        await retract(engine, Named(slug=SLUG), reason="Wrong.")

        async def is_told():
            _, body = await connection.send(request())
            return body["data"]["answer"]["status"] == "RETRACTED"

        await until(is_told)


async def test_a_key_opens_its_own_door_only(server, engine):
    keys = [bearer(await register(engine, name, kind=ClientKind.PARTNER)) for name in ("one", "two")]
    first, second = (request(more=f"authorization: {key['authorization']}\r\n") for key in keys)
    async with connected(server) as connection:
        await unread(server, connection, first)
        mine, _ = await unread(server, connection, first)
        other, _ = await connection.send(second)

    assert left(other) > left(mine)


async def test_a_connection_is_given_up_some_time_after_the_last_one(server, monkeypatch):
    monkeypatch.setattr(server.server.config, "timeout_keep_alive", 1)
    clock = asyncio.get_running_loop().time
    async with connected(server) as connection, asyncio.timeout(PATIENCE):
        await connection.send(request())
        began = clock()
        while clock() - began < 1.5:
            await unread(server, connection, request())
        last = clock()
        rest = await connection.reader.read()

    assert rest == b""
    assert clock() - last > 0.9


async def test_the_last_one_on_a_connection_is_told_so(server):
    async with connected(server) as connection:
        await unread(server, connection, request())
        server.server.should_exit = True
        await until(is_closing(server))

        lines, _ = await connection.send(request())

    assert lines["connection"] == "close"
