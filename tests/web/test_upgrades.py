"""Requests with offers to speak another protocol."""

import asyncio

import pytest

from tests.web.running import running

BODY = b'{"query": "{ hello }"}'
ANSWER = b'{"data":{"hello":"hello world"}}'
CHUNKED = b"transfer-encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY)
PLAIN = b"content-length: %d\r\n\r\n%s" % (len(BODY), BODY)


@pytest.fixture(scope="module")
async def shop():
    async with running() as server:
        yield server


def offering(rest, *, connection=b"close, Upgrade, HTTP2-Settings"):
    """A request as a client of Java sends it."""
    return (
        b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
        b"connection: %s\r\nupgrade: h2c\r\nhttp2-settings: AAEAAEAAAAIAAAAB\r\n%s" % (connection, rest)
    )


@pytest.mark.parametrize("rest", [PLAIN, CHUNKED], ids=["plain", "chunked"])
async def test_an_offer_of_http_2_is_ignored(shop, rest):
    assert (await shop.raw(offering(rest))).endswith(ANSWER)


async def test_requests_with_offers_follow_one_another(shop):
    going_on = offering(PLAIN, connection=b"Upgrade, HTTP2-Settings")

    answered = await shop.raw(going_on * 200 + offering(PLAIN))

    assert answered.count(ANSWER) == 201


async def test_a_body_may_come_after_its_offer(shop):
    head, _, body = offering(PLAIN).partition(b"\r\n\r\n")
    reader, writer = await asyncio.open_connection("127.0.0.1", shop.port)
    for part in (head[:40], head[40:] + b"\r\n\r\n", body[:5], body[5:]):
        writer.write(part)
        await writer.drain()
        await shop.post("{ hello }")

    assert (await reader.read()).endswith(ANSWER)
    writer.transport.abort()


@pytest.mark.parametrize("offer", [b"\0", b"h2c\r\nupgrade: h2c", b"websocket, h2c", b""])
async def test_an_odd_offer_is_ignored_or_refused(shop, offer):
    answered = await shop.raw(offering(PLAIN).replace(b"h2c", offer, 1))

    assert answered.endswith(ANSWER) or answered.startswith(b"HTTP/1.1 400 ")
