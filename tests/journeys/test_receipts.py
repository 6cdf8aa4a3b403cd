"""What a server served is written when it stops, whatever carried it."""

from server.access.receipts.gathering import today
from server.content.publishing import publish
from server.content.withdrawal import Named, retract
from tests.access.registering import bearer
from tests.schema.drafts import answer
from tests.web.registered import serving
from tests.web.running import hear, say

CONTENT = '{ answer(slug: "how-does-it-work") { id disclaimers { text } body { text } } }'
TITLES = "{ answers { nodes { title } } }"
SERVED = "select c.name, r.document, r.revision, r.count from receipt r left join client c on c.id = r.client_id"
ASKED = "select field, count from field_use where client_id is not null order by field"


async def test_content_counts_with_its_client_and_titles_do_not(database_url, engine, reads):
    await publish(engine, [answer()])
    async with serving(database_url) as server:
        key = await server.register("app")
        for query in (CONTENT, CONTENT, TITLES):
            response = await server.send(json={"query": query}, headers=bearer(key))
            assert "errors" not in response.json()
        await server.post(CONTENT)

    found = {tuple(row) for row in await reads.fetch(SERVED)}
    assert found == {("app", "", 1, 2), (None, "", 1, 1)}
    assert {tuple(row) for row in await reads.fetch(ASKED)} >= {("Answer.body", 2), ("Answer.title", 1)}
    assert await reads.fetch_value("select distinct day from receipt") == today()


async def test_the_notice_of_a_retracted_answer_is_no_revision_served(database_url, engine, reads):
    await publish(engine, [answer()])
    await retract(engine, Named(slug="how-does-it-work"), reason="It was wrong.")
    async with serving(database_url) as server:
        assert (await server.post(CONTENT)).json()["data"]["answer"]["body"]["text"] == ""

    assert await reads.fetch(SERVED) == []
    assert await reads.fetch_value("select count(*) from field_use") > 0


async def test_an_operation_and_an_event_on_a_socket_count(database_url, engine, reads):
    follow = "subscription { contentChanged { answer { disclaimers { text } body { text } } } }"
    async with serving(database_url) as server, server.talk() as opened:
        await say(opened, type="subscribe", id="1", payload={"query": follow})
        await say(opened, type="subscribe", id="2", payload={"query": TITLES})
        assert [(await hear(opened))["id"] for _ in range(2)] == ["2", "2"]
        await publish(engine, [answer()])
        assert (await hear(opened))["payload"]["data"]["contentChanged"]["answer"]["body"]["text"]

    assert [tuple(row) for row in await reads.fetch(SERVED)] == [(None, "", 1, 1)]
