import asyncio

import pytest

from server.limits import Limits
from tests.web.running import PATIENCE, hear, running, say, until

POST = b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
LENGTH, TYPENAME = b"content-length: 27\r\nconnection: close\r\n\r\n", b'{"query": "{ __typename }"}'


@pytest.fixture(scope="module")
async def shop():
    async with running() as server:
        yield server


@pytest.fixture(scope="module")
async def hurried():
    async with running(limits=Limits(max_request_seconds=1)) as server:
        yield server


def parts_of(answer):
    """The status and the body of a response."""
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"content-type: application/json; charset=utf-8" in head
    assert b"x-content-type-options: nosniff" in head
    return int(head.split()[1]), body


@pytest.mark.parametrize(
    "data",
    [
        b"GET /graphql HTTP/9.9\r\n\r\n",
        b"nonsense\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"BREW /graphql HTTP/1.1\r\nhost: x\r\n\r\n",
        POST.replace(b"host: x\r\n", b"") + LENGTH + TYPENAME,
        POST + b"host: y\r\n" + LENGTH + TYPENAME,
        POST + b"content-length: many\r\n\r\n",
        POST + b"transfer-encoding: chunked\r\n\r\nnonsense\r\n",
    ],
)
async def test_what_is_not_http_is_refused_in_our_form(shop, data):
    status, body = parts_of(await shop.raw(data))

    assert status == 400
    assert b"BAD_REQUEST" in body


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"GET /" + b"a" * 100_000, 414, b"URL_TOO_LONG"),
        (b"GET / HTTP/1.1\r\n" + b"x-y: z\r\n" * 20_000, 431, b"HEADERS_TOO_LARGE"),
        (b"GET / HTTP/1.1\r\nx-y: " + b"z" * 100_000, 431, b"HEADERS_TOO_LARGE"),
    ],
)
async def test_a_head_without_end_is_cut(shop, data, status, code):
    answered, body = parts_of(await shop.raw(data))

    assert answered == status
    assert code in body


@pytest.mark.parametrize(
    "data",
    [b"", b"GET /gra", b"GET /graphql HTTP/1.1\r\nhost", POST + b"content-length: 100\r\n\r\n{"],
)
async def test_a_request_that_does_not_arrive_in_time_is_cut(hurried, data):
    status, body = parts_of(await hurried.raw(data))

    assert status == 408
    assert b"REQUEST_TIMED_OUT" in body


async def test_a_request_that_comes_drop_by_drop_is_cut(hurried):
    reader, writer = await asyncio.open_connection("127.0.0.1", hurried.port)
    reading = asyncio.create_task(reader.read())
    async with asyncio.timeout(PATIENCE):
        writer.write(b"GET /")
        while not reading.done():
            writer.write(b"a")
            await asyncio.wait([reading], timeout=0.1)
    writer.close()

    assert b"REQUEST_TIMED_OUT" in reading.result()


@pytest.mark.parametrize("size", [2_000_000, 10_000_000])
async def test_a_body_that_is_too_long_is_refused_before_it_is_read(shop, size):
    response = await shop.send(content=b" " * size, headers={"content-type": "application/json"})

    assert response.status_code == 413
    assert response.json()["errors"][0]["extensions"] == {"code": "BODY_TOO_LARGE"}


async def test_a_body_of_unsaid_length_is_refused_where_it_becomes_too_long(shop):
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", shop.port)
    writer.write(POST + b"transfer-encoding: chunked\r\n\r\n" + chunk * 20)
    async with asyncio.timeout(PATIENCE):
        head = await reader.readuntil(b"\r\n\r\n")
    writer.transport.abort()

    assert head.startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize(
    "endless", [b"0\r\n" + b"a: b\r\n" * 200_000, b"0\r\na: " + b"b" * 10**6, b"1;" + b"a" * 10**6]
)
async def test_what_is_endless_beside_a_body_is_cut(shop, endless):
    status, body = parts_of(await shop.raw(POST + b"transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n" + endless))

    assert status == 431
    assert b"HEADERS_TOO_LARGE" in body


async def test_a_body_in_many_small_pieces_is_read(shop):
    body = TYPENAME + b" " * 50_000
    pieces = b"".join(b"1\r\n%c\r\n" % byte for byte in body) + b"0\r\n\r\n"
    chunked = b"transfer-encoding: chunked\r\nconnection: close\r\n\r\n"

    assert parts_of(await shop.raw(POST + chunked + pieces)) == (200, b'{"data":{"__typename":"Query"}}')


async def test_what_follows_a_body_is_no_header(shop):
    for name in (b"authorization: Bearer no-key", b"accept: image/png", b"origin: https://evil.example"):
        chunks = b"connection: close\r\ntransfer-encoding: chunked\r\n\r\n1b\r\n%s\r\n0\r\n%s\r\n\r\n" % (
            TYPENAME,
            name,
        )

        assert parts_of(await shop.raw(POST + chunks)) == (200, b'{"data":{"__typename":"Query"}}')


async def test_a_client_that_hangs_up_in_its_body_leaves_the_server_well(shop):
    for _ in range(50):
        _, writer = await asyncio.open_connection("127.0.0.1", shop.port)
        writer.write(POST + b"content-length: 100\r\n\r\n{")
        writer.transport.abort()

    assert (await shop.post("{ hello }")).status_code == 200


async def test_requests_on_one_connection_follow_one_another(shop):
    body = b'{"query": "{ hello }"}'
    one = POST + b"content-length: %d\r\n\r\n" % len(body) + body
    last = one.replace(b"host: x", b"host: x\r\nconnection: close")

    assert (await shop.raw(one + one + last)).count(b'{"data":{"hello":"hello world"}}') == 3


async def test_a_socket_does_not_end_as_a_connection_without_a_request(shop, monkeypatch):
    monkeypatch.setattr(shop.server.config, "timeout_keep_alive", 0)
    async with asyncio.timeout(PATIENCE), shop.socket() as opened:
        await say(opened, type="connection_init")
        acknowledged = await hear(opened)
        await say(opened, type="ping")

        assert (acknowledged["type"], (await hear(opened))["type"]) == ("connection_ack", "pong")


async def test_an_empty_line_holds_no_connection_open(shop, monkeypatch):
    monkeypatch.setattr(shop.server.config, "timeout_keep_alive", 1)
    body = b'{"query": "{ hello }"}'
    reader, writer = await asyncio.open_connection("127.0.0.1", shop.port)
    async with asyncio.timeout(PATIENCE):
        writer.write(POST + b"content-length: %d\r\n\r\n" % len(body) + body)
        await reader.readuntil(b'{"data":{"hello":"hello world"}}')
        writer.write(b"\r\n")

        assert await reader.read() == b""
    writer.close()


async def test_nothing_is_written_behind_the_refusal_of_nonsense(shop, capsys):
    request = POST + b'content-length: 22\r\n\r\n{"query": "{ hello }"}'
    reader, writer = await asyncio.open_connection("127.0.0.1", shop.port)

    writer.write(request + request + b"nonsense\r\n\r\n")
    status, body = parts_of(await reader.read())
    await shop.post("{ hello }")  # while the client still listens
    writer.close()

    assert (status, b"BAD_REQUEST" in body, b"HTTP/1.1" in body) == (400, True, False)
    assert "unexpected error" not in capsys.readouterr().out


async def test_nonsense_while_results_stream_is_not_answered_in_their_midst(shop):
    reader, writer = await asyncio.open_connection("127.0.0.1", shop.port)
    body = b'{"query": "subscription { tick }"}'
    writer.write(POST + b"accept: text/event-stream\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body))
    begun = await reader.readuntil(b"event: next")
    writer.write(b"nonsense\r\n\r\n")
    async with asyncio.timeout(PATIENCE):
        rest = await reader.read()

    assert (begun.count(b"HTTP/1.1"), rest.count(b"HTTP/1.1"), rest.count(b"BAD_REQUEST")) == (1, 0, 0)
    writer.close()


async def test_a_request_on_its_way_when_the_server_stops_is_answered():
    body = b'{"query": "{ hello }"}'
    request = POST + b"content-length: %d\r\n\r\n" % len(body) + body
    async with running() as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(request)
        await reader.readuntil(b"world")
        server.server.should_exit = True
        await until(server.app.state.closing.is_set)

        writer.write(request)
        async with asyncio.timeout(PATIENCE):
            answer = await reader.read()
        writer.close()

    assert b"connection: close" in answer
    assert answer.endswith(b'{"data":{"hello":"hello world"}}')
