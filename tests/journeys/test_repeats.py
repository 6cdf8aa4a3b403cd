"""A request that came before is answered as it was, and only as long as it would be."""

import asyncio
from functools import partial

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from server.access.clients import ClientKind
from server.access.documents.keeping import push, retire
from server.access.documents.values import Document
from server.access.registration import revoke_keys
from server.app import create_app
from server.content.publishing import publish
from server.content.withdrawal import Named, retract
from server.limits import AnonymousLimits
from tests.access.registering import bearer, production, register
from tests.journeys.caching import PAGE, app, asked
from tests.journeys.repeating import CONTENT, LONG, SLUG, check_charges, check_retracted, plain, repeated, repeats
from tests.schema.drafts import answer
from tests.waiting import until
from tests.web.registered import serving
from tests.web.running import PATIENCE, running

WAITING = "select exists (select from pg_locks where relation = 'trusted_document'::regclass and not granted)"


@pytest.fixture
async def server(database_url, engine):
    await publish(engine, [answer(SLUG)])
    async with running(create_app(production(), url=database_url)) as opened:
        yield opened


async def remembers_nothing(server):
    """Whether no request is remembered."""
    return len(repeats(server)) == 0


async def test_a_repeated_request_is_answered_as_the_application_answers_it(server):
    again = await repeated(server, json={"query": CONTENT})
    repeats(server).places.taken["127.0.0.1"] = 10**6  # which the application alone can refuse
    refused = await server.send(json={"query": CONTENT})
    repeats(server).places.taken.clear()
    repeats(server).forget()
    by_application = await server.send(json={"query": CONTENT})

    assert refused.status_code == 429
    assert plain(again) == plain(by_application)
    assert again.headers["x-request-id"] != by_application.headers["x-request-id"]
    assert again.headers["cache-status"] == "Caveat; hit"


async def test_each_coding_has_its_own_answer(server):
    found = {}
    for coding in ("gzip", "br", "zstd", "identity"):
        found[coding] = await repeated(server, json={"query": LONG}, headers={"accept-encoding": coding})

    assert [each.headers.get("content-encoding", "identity") for each in found.values()] == list(found)
    assert len({each.text for each in found.values()}) == 1


async def test_who_has_it_is_told_so_again(server, engine):
    headers = await app(engine)
    first = await server.send("GET", params=asked(PAGE, slug=SLUG), headers=headers)
    known = headers | {"if-none-match": first.headers["etag"]}
    again = await repeated(server, method="GET", params=asked(PAGE, slug=SLUG), headers=known)

    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])


async def test_it_is_charged_and_refused_as_every_other(database_url, engine):
    await publish(engine, [answer(SLUG)])
    async with serving(database_url, anonymous=AnonymousLimits(requests_per_minute=50)) as server:
        await check_charges(server)


async def test_it_stands_in_receipts(database_url, engine, reads):
    await publish(engine, [answer(SLUG)])
    async with serving(database_url) as server:
        key = await server.register("app")
        for _ in range(100):
            await server.send(json={"query": CONTENT}, headers=bearer(key))
        assert repeats(server).answered > 0

    assert await reads.fetch_value("select sum(count) from receipt") == 100


async def test_it_is_an_event_of_the_log_and_a_count(server):
    with capture_logs() as events:
        response = await repeated(server, json={"query": CONTENT})

    event = events[-1]
    del event["duration_ms"]
    assert event == {
        "event": "request",
        "log_level": "info",
        "method": "POST",
        "route": "/graphql",
        "status": 200,
        "code": "OK",
        "bytes": len(response.content),
    }


async def test_what_was_retracted_is_not_repeated(server, engine):
    await repeated(server, json={"query": CONTENT})
    await retract(engine, Named(slug=SLUG), reason="Out of date.")

    await check_retracted(server)


async def test_a_key_that_was_revoked_opens_nothing(server, engine):
    key = await register(engine, "app", kind=ClientKind.PARTNER)
    await repeated(server, json={"query": CONTENT}, headers=bearer(key))
    await revoke_keys(engine, "app")

    async with asyncio.timeout(PATIENCE):
        while (await server.send(json={"query": CONTENT}, headers=bearer(key))).status_code != 401:
            pass
    assert (await server.send(json={"query": CONTENT}, headers=bearer(key))).status_code == 401


async def test_a_key_answers_for_nobody_else(server, engine):
    key = await register(engine, "app", kind=ClientKind.PARTNER)
    await repeated(server, json={"query": CONTENT}, headers=bearer(key))
    forged = {"authorization": f"Bearer {key.text[:-1]}{'a' if key.text[-1] != 'a' else 'b'}"}

    assert (await server.send(json={"query": CONTENT}, headers=forged)).status_code == 401


async def test_a_document_that_was_retired_is_not_served(server, engine):
    headers = await app(engine)
    request = {"method": "GET", "params": asked(PAGE, slug=SLUG), "headers": headers}
    assert (await repeated(server, **request)).status_code == 200
    await retire(engine, client="app", version="1")

    async with asyncio.timeout(PATIENCE):
        while "errors" not in (await server.send(**request)).json():
            pass
    assert (await server.send(**request)).json()["errors"][0]["extensions"]["code"] == "DOCUMENT_NOT_FOUND"


async def test_what_a_request_names_may_be_registered_meanwhile(server, engine):
    headers = await app(engine, kind=ClientKind.PARTNER)
    request = {"json": {"query": CONTENT, "documentId": "page"}, "headers": headers}
    assert (await repeated(server, **request)).status_code == 200
    await push(engine, [Document(id="page", text=PAGE)], client="app", version="2")

    async with asyncio.timeout(PATIENCE):
        while "errors" not in (await server.send(**request)).json():
            pass
    assert (await server.send(**request)).json()["errors"][0]["extensions"]["code"] == "DOCUMENT_HASH_MISMATCH"


async def test_what_began_before_documents_changed_is_not_remembered(server, engine, reads):
    headers = await app(engine, kind=ClientKind.PARTNER)
    await repeated(server, json={"query": CONTENT}, headers=headers)

    async with engine.transaction() as session:
        await session.execute(text("lock table trusted_document in access exclusive mode"))
        under_way = asyncio.create_task(server.send(json={"query": CONTENT, "documentId": "page"}, headers=headers))
        await until(partial(reads.fetch_value, WAITING))
        await register(engine, "another app")
        await until(partial(remembers_nothing, server))

    assert (await under_way).headers["cache-status"] == "Caveat; hit"
    assert len(repeats(server)) == 0


async def test_no_more_is_remembered_than_there_is_room_for(database_url, engine):
    await publish(engine, [answer(SLUG)])
    async with serving(database_url, cache_megabytes=1) as server:
        headers = [{"accept": f"application/json;a={n:08000}"} for n in range(60)]
        for each in headers:
            await server.send(json={"query": CONTENT}, headers=each)

        assert 0 < len(repeats(server)) * 8_000 <= 2**20 // 4


async def test_requests_in_one_packet_are_answered_in_turn(server):
    def request(title, *, more=""):
        body = f'{{"query":"{{ answer(slug: \\"{SLUG}\\") {{ {title}: title disclaimers {{ text }} }} }}"}}'
        head = f"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n{more}"
        return f"{head}content-length: {len(body)}\r\n\r\n{body}".encode()

    last = request("z", more="connection: close\r\n")
    for _ in range(2):
        await server.raw(request("a") + request("b") + last)
    found = await server.raw(b"".join([request("a"), request("b")] * 200) + last)

    assert found.count(b"HTTP/1.1 200 OK") == 401
    assert found.count(b'{"a":') == found.count(b'{"b":') == 200
    assert found.index(b'{"a":') < found.index(b'{"b":') < found.index(b'{"z":')
