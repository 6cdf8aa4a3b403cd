"""What a server served is written when it stops, whatever carried it."""

from functools import partial

import pytest

from server.access.clients import ClientKind
from server.access.documents.keeping import push
from server.access.documents.values import Document
from server.content.publishing import publish
from server.content.withdrawal import Named, retract
from server.days import today
from tests.access.documents.manifests import persisted, sha256
from tests.access.registering import bearer
from tests.schema.drafts import answer
from tests.waiting import until
from tests.web.registered import serving
from tests.web.running import hear, say

CONTENT = '{ answer(slug: "how-does-it-work") { id disclaimers { text } body { text } } }'
TITLES = "{ answers { nodes { title } } }"
FOLLOW = "subscription { contentChanged { answer { disclaimers { text } body { text } } } }"
DOCUMENTS = [Document(id=sha256(text), text=text) for text in (CONTENT, FOLLOW)]
EVENTS = {"accept": "text/event-stream"}
SERVED = "select c.name, r.document, r.revision, r.count from receipt r left join client c on c.id = r.client_id"
ASKED = "select field, count from field_use where client_id is not null order by field"


async def test_content_counts_with_its_client_and_titles_do_not(database_url, engine, reads):
    await publish(engine, [answer()])
    begun = today()
    async with serving(database_url) as server:
        key = await server.register("app")
        for query in (CONTENT, CONTENT, TITLES):
            response = await server.send(json={"query": query}, headers=bearer(key))
            assert "errors" not in response.json()
        await server.post(CONTENT)

    found = {tuple(row) for row in await reads.fetch(SERVED)}
    assert found == {("app", "", 1, 2), (None, "", 1, 1)}
    assert {tuple(row) for row in await reads.fetch(ASKED)} >= {("Answer.body", 2), ("Answer.title", 1)}
    assert begun <= await reads.fetch_value("select distinct day from receipt") <= today()


async def test_the_notice_of_a_retracted_answer_is_no_revision_served(database_url, engine, reads):
    await publish(engine, [answer()])
    await retract(engine, Named(slug="how-does-it-work"), reason="It was wrong.")
    async with serving(database_url) as server:
        assert (await server.post(CONTENT)).json()["data"]["answer"]["body"]["text"] == ""

    assert await reads.fetch(SERVED) == []
    assert await reads.fetch_value("select count(*) from field_use") > 0


async def test_an_operation_and_an_event_on_a_socket_count(database_url, engine, reads):
    async with serving(database_url) as server, server.talk() as opened:
        await say(opened, type="subscribe", id="1", payload={"query": FOLLOW})
        await say(opened, type="subscribe", id="2", payload={"query": TITLES})
        assert [(await hear(opened))["id"] for _ in range(2)] == ["2", "2"]
        await publish(engine, [answer()])
        assert (await hear(opened))["payload"]["data"]["contentChanged"]["answer"]["body"]["text"]

    assert [tuple(row) for row in await reads.fetch(SERVED)] == [(None, "", 1, 1)]


@pytest.mark.parametrize("is_trusted", [True, False])
async def test_an_event_of_a_stream_counts(database_url, engine, reads, is_trusted):
    async with serving(database_url) as server:
        key = await server.register("app")
        await push(engine, DOCUMENTS, client="app", version="1")
        body = {"documentId": sha256(FOLLOW)} if is_trusted else {"query": FOLLOW}
        async with server.streaming(key, body) as lines:
            await publish(engine, [answer()])
            while not (await anext(lines)).startswith("data:"):
                pass

    assert [tuple(row) for row in await reads.fetch(SERVED)] == [("app", sha256(FOLLOW) if is_trusted else "", 1, 1)]


async def test_what_a_trusted_document_is_served_counts_by_its_id_whatever_carries_it(database_url, engine, reads):
    await publish(engine, [answer()])
    async with serving(database_url) as server:
        headers = bearer(key := await server.register("app", kind=ClientKind.WEB))
        await push(engine, DOCUMENTS, client="app", version="1")
        named = {"documentId": f"sha256:{sha256(CONTENT)}"}
        responses = [
            await server.send(json=named, headers=headers),
            await server.send(json=named, headers=headers | EVENTS),
            await server.send("GET", params=named, headers=headers),
            await server.send(json={"extensions": persisted(CONTENT)}, headers=headers),
        ]
        async with server.socket() as opened:
            await say(opened, type="connection_init", payload={"apiKey": key.text})
            await hear(opened)
            await say(opened, type="subscribe", id="1", payload=named)
            heard = await hear(opened)

    assert ["T cells" in response.text for response in responses] == [True] * 4
    assert "T cells" in str(heard)
    assert [tuple(row) for row in await reads.fetch(SERVED)] == [("app", sha256(CONTENT), 1, 5)]


async def test_a_revision_counts_as_itself(database_url, engine, reads):
    async with serving(database_url) as server:
        for title in ("One", "Two", "Two again"):
            await publish(engine, [answer(title=title)])
            await until(partial(is_listed, server, title))
            assert "errors" not in (await server.post(CONTENT)).json()

    assert sorted(tuple(row) for row in await reads.fetch(SERVED)) == [(None, "", number, 1) for number in (1, 2, 3)]


async def is_listed(server, title):
    """Whether the server has heard of a title; a response that is kept may be served for a second more."""
    return title in (await server.post(TITLES)).text


async def test_receipts_hold_no_words_of_readers(database_url, engine, reads):
    search = '{ search(query: "secretword") { totalCount } answer(slug: "secretword") { disclaimers { text } } }'
    async with serving(database_url) as server:
        await server.post(search)

    for table in ("receipt", "field_use"):
        assert "secretword" not in str(await reads.fetch(f"select * from {table}"))
    assert await reads.fetch_value("select count(*) from field_use where field = 'Query.search'") == 1
