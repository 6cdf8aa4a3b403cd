"""Requests that offer to speak WebSocket, and do not offer it as RFC 6455 has it."""

import asyncio
import json

import pytest

from server.settings import Environment
from tests.web.running import running

HANDSHAKE = (
    b"GET /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\nupgrade: websocket\r\nconnection: Upgrade\r\n"
    b"sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
    b"sec-websocket-protocol: graphql-transport-ws\r\n"
)
BODY = b'{"query": "{ hello }"}'


@pytest.fixture(scope="module")
async def shop():
    async with running(environment=Environment.PRODUCTION) as server:
        yield server


def refusal_in(answered):
    """The status and the code of a refusal in our form."""
    head, _, body = answered.partition(b"\r\n\r\n")
    assert b"content-type: application/json; charset=utf-8" in head
    assert b"x-content-type-options: nosniff" in head
    [error] = json.loads(body)["errors"]
    return int(head.split()[1]), error["extensions"]["code"]


async def test_a_handshake_is_answered(shop):
    reader, writer = await asyncio.open_connection("127.0.0.1", shop.port)
    writer.write(HANDSHAKE + b"\r\n")
    head = await reader.readuntil(b"\r\n\r\n")
    writer.transport.abort()

    assert head.startswith(b"HTTP/1.1 101 ")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n", b""),
        (b"AAAAAAAAAAAAAAAAAAAAAA==", b"AA=="),
        (
            b"AAAAAAAAAAAAAAAAAAAAAA==\r\n",
            b"AAAAAAAAAAAAAAAAAAAAAA==\r\nsec-websocket-key: BAAAAAAAAAAAAAAAAAAAAA==\r\n",
        ),
        (b"version: 13", b"version: 8"),
        (b"sec-websocket-version: 13\r\n", b""),
        (b"host: 127.0.0.1\r\n", b"host: 127.0.0.1\r\ntransfer-encoding: chunked\r\n"),
        (b"host: 127.0.0.1\r\n", b"host: 127.0.0.1\r\ncontent-length: 0\r\ncontent-length: 0\r\n"),
    ],
)
async def test_a_handshake_that_is_wrong_is_refused_in_our_form(shop, before, after):
    assert before in HANDSHAKE
    answered = await shop.raw(HANDSHAKE.replace(before, after) + b"\r\n0\r\n\r\n")

    assert refusal_in(answered) == (400, "BAD_REQUEST")


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        (b"x: %s\r\n" % (b"a" * 9_000), (431, "HEADERS_TOO_LARGE")),
        (b"".join(b"x-%d: a\r\n" % number for number in range(130)), (431, "HEADERS_TOO_LARGE")),
        (b"x: %s\r\n" % (b"a" * 40_000), (431, "HEADERS_TOO_LARGE")),
    ],
    ids=["long", "many", "huge"],
)
async def test_a_handshake_with_too_much_in_it_is_refused_in_our_form(shop, headers, code):
    assert refusal_in(await shop.raw(HANDSHAKE + headers + b"\r\n")) == code


async def test_a_handshake_of_a_long_url_is_refused_in_our_form(shop):
    answered = await shop.raw(HANDSHAKE.replace(b"/graphql", b"/graphql?" + b"a" * 9_000) + b"\r\n")

    assert refusal_in(answered) == (414, "URL_TOO_LONG")


async def test_a_handshake_of_another_site_is_refused_and_is_no_fault_of_ours(shop, caplog):
    answered = await shop.raw(HANDSHAKE + b"origin: https://evil.example\r\n\r\n")

    assert refusal_in(answered) == (403, "ORIGIN_NOT_ALLOWED")
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == []


async def test_a_handshake_that_is_a_post_is_served_as_if_it_were_none(shop):
    request = HANDSHAKE.replace(b"GET", b"POST").replace(b"connection: Upgrade", b"connection: Upgrade, close")
    rest = b"content-type: application/json\r\ncontent-length: %d\r\n\r\n%s" % (len(BODY), BODY)

    assert (await shop.raw(request + rest)).endswith(b'{"data":{"hello":"hello world"}}')


async def test_a_handshake_with_a_body_is_refused_before_it_comes(shop):
    assert refusal_in(await shop.raw(HANDSHAKE + b"content-length: 5\r\n\r\n")) == (400, "BAD_REQUEST")
