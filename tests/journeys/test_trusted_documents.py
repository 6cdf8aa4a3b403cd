"""Trusted documents from end to end: pushed on one side, asked for on the other, over every transport."""

import asyncio
import json
from contextlib import asynccontextmanager

import pytest

from server.access.clients import ClientKind
from server.access.documents.keeping import push, retire
from server.access.documents.values import Document
from server.access.registration import change_rights
from server.app import create_app
from server.content.publishing import publish
from server.db.listen import Listener
from tests.access.documents.manifests import persisted, sha256
from tests.access.registering import bearer, production, register
from tests.schema.drafts import answer
from tests.web.registered import serving
from tests.web.running import hear, running, say

COUNT = "query Count { topics { totalCount } }"
TYPES = "query Types($n: Int!) { sources(first: $n) { totalCount } }"
CHANGES = "subscription Changes($since: String) { contentChanged(since: $since) { cursor } }"
DOCUMENTS = [Document(id=sha256(text), text=text) for text in (COUNT, TYPES, CHANGES)]
ANSWER = {"data": {"topics": {"totalCount": 0}}}


@pytest.fixture
async def server(database_url):
    async with running(create_app(production(), url=database_url)) as opened:
        yield opened


@pytest.fixture
async def app(engine):
    """The header of a client of the kind `web`, whose documents are registered."""
    key = await register(engine, kind=ClientKind.WEB)
    await push(engine, DOCUMENTS, client="app", version="1")
    return bearer(key)


async def post(server, headers, **body):
    headers = headers | {"accept": "application/graphql-response+json"}
    response = await server.send(json=body, headers=headers)
    return response.status_code, response.json()


async def code(server, headers, **body):
    status, payload = await post(server, headers, **body)
    [error] = payload["errors"]
    return status, error["extensions"]["code"]


@pytest.mark.parametrize(
    "body",
    [
        {"documentId": sha256(COUNT)},
        {"documentId": f"sha256:{sha256(COUNT)}"},
        {"documentId": sha256(COUNT), "query": COUNT},
        {"extensions": persisted(COUNT)},
        {"extensions": persisted(COUNT), "query": COUNT, "operationName": "Count"},
    ],
)
async def test_a_document_is_asked_by_its_id_in_a_body(server, app, body):
    assert await post(server, app, **body) == (200, ANSWER)


@pytest.mark.parametrize(
    "parameters",
    [
        {"documentId": f"sha256:{sha256(TYPES)}", "variables": '{"n":3}'},
        {"extensions": json.dumps(persisted(TYPES)), "variables": '{"n":3}', "operationName": "Types"},
    ],
)
async def test_a_document_is_asked_by_its_id_in_a_url(server, app, parameters):
    response = await server.send("GET", params=parameters, headers=app)

    assert (response.status_code, response.json()) == (200, {"data": {"sources": {"totalCount": 0}}})


async def test_a_url_of_an_id_that_is_not_known_is_kept_by_no_cache(server, app):
    response = await server.send("GET", params={"documentId": "nothing"}, headers=app)

    assert response.json()["errors"][0]["extensions"] == {"code": "DOCUMENT_NOT_FOUND"}
    assert response.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("text", [COUNT, "{", "query Mine { topics { totalCount } }"])
async def test_a_bound_client_is_refused_every_text(server, app, text):
    assert await code(server, app, query=text) == (400, "DOCUMENT_NOT_TRUSTED")


async def test_a_bound_client_is_refused_texts_on_sockets_and_in_streams_too(server, app):
    async with server.socket() as opened:
        await say(opened, type="connection_init", payload={"Authorization": app["authorization"]})
        await hear(opened)
        await say(opened, id="1", type="subscribe", payload={"query": CHANGES})
        refused = await hear(opened)
        await say(opened, id="2", type="subscribe", payload={"documentId": sha256(COUNT)})
        answered = await hear(opened)
    stream = await server.send(json={"query": CHANGES}, headers=app | {"accept": "text/event-stream"})

    assert [error["extensions"]["code"] for error in refused["payload"]] == ["DOCUMENT_NOT_TRUSTED"]
    assert answered["payload"] == ANSWER
    assert '"code":"DOCUMENT_NOT_TRUSTED"' in stream.text


async def test_a_subscription_is_asked_by_its_id(server, app):
    async with server.socket() as opened:
        await say(opened, type="connection_init", payload={"Authorization": app["authorization"]})
        await hear(opened)
        await say(opened, id="1", type="subscribe", payload={"extensions": persisted(CHANGES)})
        await say(opened, type="ping")
        assert (await hear(opened))["type"] == "pong"


async def test_a_subscription_on_a_socket_ends_when_its_document_is_retired(database_url, engine):
    async with serving(database_url) as server:
        key = await server.register("app", kind=ClientKind.WEB)
        await push(engine, DOCUMENTS, client="app", version="1")
        start = (await server.post("{ changes { cursor } }")).json()["data"]["changes"]["cursor"]
        body = {"documentId": sha256(CHANGES), "variables": {"since": start}}
        async with server.following(key, body) as opened:
            await publish(engine, [answer()])
            assert (await hear(opened))["type"] == "next"
            await retire(engine, client="app", version="1")
            await publish(engine, [answer(title="Changed")])
            [error] = (await hear(opened))["payload"]

    assert error["extensions"] == {"code": "DOCUMENT_NOT_FOUND"}


async def test_an_event_stream_ends_when_its_document_is_retired(database_url, engine):
    async with serving(database_url) as server:
        key = await server.register("app", kind=ClientKind.WEB)
        await push(engine, DOCUMENTS, client="app", version="1")
        async with server.streaming(key, {"documentId": sha256(CHANGES)}) as lines:
            await retire(engine, client="app", version="1")
            await publish(engine, [answer()])
            told = [line async for line in lines if line.startswith(("data: {", "event"))]

    assert [line.partition(":")[0] for line in told] == ["event", "data", "event"]
    assert '"code":"DOCUMENT_NOT_FOUND"' in told[1]


async def test_no_caller_reaches_the_documents_of_another(server, app, engine):
    other = bearer(await register(engine, "other"))

    for headers in ({}, other):
        assert await code(server, headers, documentId=sha256(COUNT)) == (400, "DOCUMENT_NOT_FOUND")


async def test_a_push_is_known_at_once_and_a_retirement_within_a_second_on_every_process(database_url, engine, app):
    async with two_servers(database_url) as servers:
        for server in servers:
            assert await code(server, app, documentId="new") == (400, "DOCUMENT_NOT_FOUND")
        await push(engine, [Document(id="new", text=COUNT)], client="app", version="2")
        await until_all(servers, app, answer=(200, ANSWER))
        await retire(engine, client="app", version="2")
        await until_all(servers, app, answer=None)


async def test_a_document_is_read_anew_while_it_is_not_sure_that_all_is_heard(database_url, engine, app, monkeypatch):
    monkeypatch.setattr(Listener, "_hear", lambda *_: None)
    async with running(create_app(production(), url=database_url)) as server:
        before = await post(server, app, documentId=sha256(COUNT))
        monkeypatch.setattr(Listener, "is_sure", False)
        await retire(engine, client="app", version="1")

        assert before == (200, ANSWER)
        assert await code(server, app, documentId=sha256(COUNT)) == (400, "DOCUMENT_NOT_FOUND")


@asynccontextmanager
async def two_servers(url):
    async with running(create_app(production(), url=url)) as one, running(create_app(production(), url=url)) as other:
        yield one, other


async def until_all(servers, headers, *, answer):
    """Waits until every server answers so; refuses where `answer` is None."""
    for server in servers:
        async with asyncio.timeout(1):
            while (found := await post(server, headers, documentId="new")) != answer:
                if answer is None and found[0] == 400:
                    break


async def test_apollos_protocol_registers_what_a_client_sends_once(server, engine):
    key = await register(engine, registers_documents=True)
    headers = bearer(key)

    assert await code(server, headers, extensions=persisted(COUNT)) == (400, "PERSISTED_QUERY_NOT_FOUND")
    assert await post(server, headers, query=COUNT, extensions=persisted(COUNT)) == (200, ANSWER)
    assert await post(server, headers, extensions=persisted(COUNT)) == (200, ANSWER)
    assert await code(server, {}, extensions=persisted(COUNT)) == (400, "PERSISTED_QUERY_NOT_SUPPORTED")


async def test_the_words_of_apollos_protocol_are_its_messages(server, app):
    _, payload = await post(server, app, extensions=persisted("{ nothing }"))
    _, of_stranger = await post(server, {}, extensions=persisted("{ nothing }"))

    assert payload["errors"][0]["message"] == "PersistedQueryNotFound"
    assert of_stranger["errors"][0]["message"] == "PersistedQueryNotSupported"


async def test_a_hash_that_does_not_fit_the_text_teaches_nothing(server, engine):
    headers = bearer(await register(engine, registers_documents=True))

    refused = await code(server, headers, query=TYPES, extensions=persisted(COUNT))

    assert refused == (400, "DOCUMENT_HASH_MISMATCH")
    assert await code(server, headers, extensions=persisted(COUNT)) == (400, "PERSISTED_QUERY_NOT_FOUND")


async def test_a_client_that_is_bound_from_now_on_is_refused_what_it_registered(server, engine):
    headers = bearer(await register(engine, registers_documents=True))
    await post(server, headers, query=COUNT, extensions=persisted(COUNT))
    await change_rights(engine, "app", rights={"is_bound": True})

    async with asyncio.timeout(1):
        while (await post(server, headers, extensions=persisted(COUNT)))[0] == 200:
            pass
    assert await code(server, headers, query=COUNT) == (400, "DOCUMENT_NOT_TRUSTED")


async def test_trusted_operations_are_counted_by_their_names_and_no_others(database_url, app):
    token = "a token of sixteen"
    async with running(create_app(production(metrics_token=token), url=database_url)) as server:
        await post(server, app, documentId=sha256(COUNT))
        await post(server, {}, query="query Mine { topics { totalCount } }")
        page = await server.send(
            "GET", url=server.url.replace("graphql", "metrics"), headers={"authorization": f"Bearer {token}"}
        )

    assert 'operations_total{code="OK",operation="Count",type="query"} 1.0' in page.text
    assert 'operations_total{code="OK",operation="ad hoc",type="query"} 1.0' in page.text
    assert "Mine" not in page.text
