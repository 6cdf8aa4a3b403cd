"""The whole server, from a socket of its own to Postgres and back."""

import asyncio
import json
import time
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
import websockets

from server.app import create_app
from server.content.publishing import publish
from server.content.withdrawal import Named, retract
from server.db.connections import connect
from server.importers.page.reading import read_page
from server.settings import Environment, Settings
from tests.web.running import PATIENCE, hear, running, say

SLUG = "how-does-car-t-cell-therapy-work-for-leukemia"
SEED = Path(__file__).parents[2] / "seeds" / f"{SLUG}.txt"
ANSWER = f'{{ answer(slug: "{SLUG}") {{ question disclaimers {{ text }} sections {{ body {{ text }} }} }} }}'
CHANGED = "subscription { contentChanged { kind answer { slug disclaimers { kind } sections { heading } } } }"


@pytest.fixture
async def endpoint(database_url, engine, data_dir):
    await publish(engine, [read_page(SEED.read_bytes())])
    async with running(create_app(Settings(data_dir=data_dir), url=database_url)) as server:
        yield server


@pytest.fixture
async def production(database_url, data_dir):
    settings = Settings(data_dir=data_dir, environment=Environment.PRODUCTION)
    async with running(create_app(settings, url=database_url)) as server:
        yield server


def code_of(response):
    [error] = response.json()["errors"]
    return error["extensions"]["code"]


async def timed(sending):
    """The response, and how long it took; one that needs nothing tells how much of that is the machine's."""
    started = time.monotonic()
    return await sending, time.monotonic() - started


async def test_an_answer_comes_whole(endpoint):
    response = await endpoint.post(ANSWER)

    answer = response.json()["data"]["answer"]
    assert (response.status_code, answer["question"]) == (200, "How does CAR-T cell therapy work for Leukemia")
    assert (len(answer["disclaimers"]), len(answer["sections"])) == (3, 7)


async def test_content_without_its_disclaimers_is_refused_over_every_transport(endpoint):
    query = f'{{ answer(slug: "{SLUG}") {{ body {{ html }} }} }}'
    posted = await endpoint.post(query)
    got = await endpoint.send("GET", params={"query": query})
    streamed = await endpoint.send(json={"query": query}, headers={"accept": "text/event-stream"})
    async with endpoint.talk() as opened:
        await say(opened, id="1", type="subscribe", payload={"query": query})
        told = await hear(opened)

    assert (posted.status_code, code_of(posted), code_of(got)) == (400, "DISCLAIMER_REQUIRED", "DISCLAIMER_REQUIRED")
    assert "DISCLAIMER_REQUIRED" in streamed.text
    assert (told["type"], told["payload"][0]["extensions"]["code"]) == ("error", "DISCLAIMER_REQUIRED")
    assert not [text for text in (posted.text, got.text, streamed.text, json.dumps(told)) if "leukemia cells" in text]


async def test_a_subscriber_on_a_socket_hears_of_a_change_as_it_is_committed(endpoint, engine):
    page = (await endpoint.post("{ changes { cursor } }")).json()["data"]["changes"]
    query = CHANGED.replace("contentChanged", f'contentChanged(since: "{page["cursor"]}")')
    async with endpoint.talk() as opened:
        await say(opened, id="1", type="subscribe", payload={"query": query})
        await retract(engine, Named(slug=SLUG), reason="Out of date.")
        change = (await hear(opened))["payload"]["data"]["contentChanged"]

    assert (change["kind"], change["answer"]["slug"], change["answer"]["sections"]) == ("RETRACTED", SLUG, [])
    assert change["answer"]["disclaimers"][0] == {"kind": "RETRACTION"}


async def test_a_subscriber_on_a_stream_hears_what_it_missed(endpoint, engine):
    start = (await endpoint.post("{ changes(first: 0) { cursor } }")).json()["data"]["changes"]["cursor"]
    query = CHANGED.replace("contentChanged", f'contentChanged(since: "{start}")')
    async with (
        httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as client,
        client.stream("POST", endpoint.url, json={"query": query}, headers={"accept": "text/event-stream"}) as stream,
    ):
        lines = stream.aiter_lines()
        async with asyncio.timeout(PATIENCE):
            while not (line := await anext(lines)).startswith("data:"):
                pass

    assert json.loads(line.removeprefix("data:"))["data"]["contentChanged"]["kind"] == "PUBLISHED"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ('{ answers(after: "nonsense") { totalCount } }', "CURSOR_INVALID"),
        ("{ answers(first: 101) { totalCount } }", "BAD_USER_INPUT"),
        ("{ answers(first: -1) { totalCount } }", "BAD_USER_INPUT"),
        ("{ answers(first: 1, last: 1) { totalCount } }", "BAD_USER_INPUT"),
        ("{ changes(first: 1001) { cursor } }", "BAD_USER_INPUT"),
        ('{ search(query: "a\\u0000b") { totalCount } }', "BAD_USER_INPUT"),
    ],
)
async def test_a_bad_argument_is_a_coded_error(endpoint, query, code):
    assert code_of(await endpoint.post(query)) == code


async def test_what_stops_and_starts_servers_can_see_that_all_is_there(endpoint):
    alive = await endpoint.send("GET", url=endpoint.url.replace("graphql", "healthz"))
    await _is_followed(endpoint)
    ready = await endpoint.send("GET", url=endpoint.url.replace("graphql", "readyz"))

    assert (alive.status_code, alive.json()) == (200, {"status": "ok"})
    assert ready.json() == {"status": "ok", "checks": {"database": True, "migrations": True, "listen": True}}


@pytest.mark.parametrize("path", ["/", "/graphql/", "/graphql/x", "/docs", "/%00", "//graphql", "/é"])
async def test_nothing_else_is_served_in_production(production, path):
    response = await production.send("GET", url=f"http://127.0.0.1:{production.port}{path}")

    assert (response.status_code, code_of(response)) == (404, "NOT_FOUND")


@pytest.mark.parametrize("path", ["/", "/healthz", "/graphql/"])
async def test_no_socket_is_served_elsewhere(production, path):
    with pytest.raises(websockets.InvalidStatus) as refused:
        await websockets.connect(f"ws://127.0.0.1:{production.port}{path}", proxy=None)

    response = refused.value.response
    assert (response.status_code, json.loads(response.body)["errors"][0]["extensions"]["code"]) == (404, "NOT_FOUND")


async def test_a_developers_browser_finds_the_page(endpoint):
    response = await endpoint.send("GET", url=f"http://127.0.0.1:{endpoint.port}/")

    assert (response.status_code, response.headers["location"]) == (307, "/graphql")


async def test_without_the_database_there_is_a_coded_error_in_time_and_then_service_again(
    endpoint, database_url, server_url
):
    name = urlsplit(database_url).path.removeprefix("/")
    admin = await connect(server_url)
    await admin.execute(f"alter database {name} with allow_connections false")
    await admin.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", name)

    healthz = endpoint.send("GET", url=endpoint.url.replace("graphql", "healthz"))
    (away, took), (_, lag) = await asyncio.gather(timed(endpoint.post('{ topic(slug: "x") { id } }')), timed(healthz))
    unready = await endpoint.send("GET", url=endpoint.url.replace("graphql", "readyz"))
    await admin.execute(f"alter database {name} with allow_connections true")
    back = await endpoint.post(ANSWER)
    await _is_followed(endpoint)
    await admin.close()

    assert (code_of(away), took - lag < 2) == ("DATABASE_UNAVAILABLE", True)
    assert (unready.status_code, unready.json()["checks"]["database"]) == (503, False)
    assert len(back.json()["data"]["answer"]["sections"]) == 7


async def _is_followed(endpoint):
    """Waits until the server hears what is committed."""
    async with asyncio.timeout(PATIENCE):
        while True:
            ready = await endpoint.send("GET", url=endpoint.url.replace("graphql", "readyz"))
            if ready.status_code == 200:
                return
