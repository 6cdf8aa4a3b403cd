"""The calls to caches outside, one by one."""

import asyncio
from contextlib import suppress

import pytest

from server.events.purging.calls import PurgeCalls, PurgeRefusedError
from server.settings import PurgeForm, Purging

TOKEN = "a-token-of-the-cache"


@pytest.mark.parametrize(
    ("form", "method", "header", "body"),
    [
        (PurgeForm.VARNISH, "PURGE", ("authorization", f"Bearer {TOKEN}"), ["a-1", "any"]),
        (PurgeForm.FASTLY, "POST", ("fastly-key", TOKEN), {"surrogate_keys": ["a-1", "any"]}),
        (PurgeForm.CLOUDFLARE, "POST", ("authorization", f"Bearer {TOKEN}"), {"tags": ["a-1", "any"]}),
    ],
)
async def test_each_kind_of_cache_is_told_in_its_own_form(cache, form, method, header, body):
    calls = PurgeCalls(Purging(url=cache.url, form=form, token=TOKEN))
    await calls(["a-1", "any"])
    await calls.close()

    assert (cache.last.method, cache.last.headers[header[0]]) == (method, header[1])
    assert cache.told == [body]


@pytest.mark.parametrize("status", [301, 405, 500])
async def test_a_call_that_is_not_done_is_an_error(cache, status):
    cache.status = status
    calls = PurgeCalls(Purging(url=cache.url))
    with pytest.raises(PurgeRefusedError, match=str(status)):
        await calls(["any"])
    await calls.close()


async def test_a_cache_that_answers_without_an_end_has_not_done_it(monkeypatch):
    monkeypatch.setattr("server.events.purging.calls.PATIENCE", 0.2)

    async def drip(_reader, writer):
        writer.write(b"HTTP/1.1 200 OK\r\n")
        with suppress(ConnectionError):
            while not writer.is_closing():
                writer.write(b"x-more: to come\r\n")
                await writer.drain()
                await asyncio.sleep(0.02)

    async with await asyncio.start_server(drip, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        dripped = PurgeCalls(Purging(url=f"http://127.0.0.1:{port}/"))
        with pytest.raises(PurgeRefusedError, match="time"):
            await dripped(["any"])
        await dripped.close()
