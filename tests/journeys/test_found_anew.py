"""What was found is kept until anything may be found otherwise, on every process, whoever writes the index."""

import httpx
import pytest

from server.content import withdrawal
from server.content.publishing import publish
from server.content.withdrawal import Named
from server.db.engine import Engine
from tests.journeys.processes import serving
from tests.schema.drafts import answer
from tests.schema.writing import change
from tests.waiting import until

pytestmark = pytest.mark.timeout(300)

FOUND = '{ search(query: "how it works") { totalCount nodes { slug title disclaimers { text } } } }'
SUGGESTED = '{ suggest(prefix: "fir") { slug } }'
FIRST, SECOND = answer("first", locale="en"), answer("second", locale="en")


@pytest.fixture
async def pair(database_url, tmp_path):
    """Two servers with one index."""
    settings = {
        "DATABASE_URL": database_url,
        "CAVEAT_DATA_DIR": str(tmp_path),
        "CAVEAT_ANONYMOUS_REQUESTS_PER_MINUTE": "1000000",
        "CAVEAT_ANONYMOUS_COST_PER_MINUTE": "1000000000",
    }
    async with (
        serving(**settings) as (first, _),
        serving(**settings) as (second, _),
        httpx.AsyncClient(trust_env=False, timeout=20) as client,
    ):
        yield [Asked(client, each.url) for each in (first, second)]


class Asked:
    """One of the servers."""

    def __init__(self, client, url):
        self._client = client
        self._url = url

    async def ask(self, query):
        return await self._client.post(self._url, json={"query": query})

    async def is_kept(self, query):
        return (await self.ask(query)).headers.get("cache-status") == "Caveat; hit"

    async def found(self):
        nodes = (await self.ask(FOUND)).json()["data"]["search"]["nodes"]
        return {node["slug"]: node["title"] for node in nodes}

    async def suggested(self):
        return {each["slug"] for each in (await self.ask(SUGGESTED)).json()["data"]["suggest"]}


async def test_what_was_found_is_kept_and_never_for_too_long(pair, database_url):
    engine = Engine(database_url)
    try:
        await publish(engine, [FIRST])
        await until(lambda: _all(pair, {"first": FIRST.title}))
        await _settled(pair)
        assert [await server.suggested() for server in pair] == [{"first"}] * 2

        await publish(engine, [SECOND])
        await until(lambda: _all(pair, {"first": FIRST.title, "second": SECOND.title}), seconds=6)
        await _settled(pair)

        await publish(engine, [change(FIRST, title="How it works, told anew")])
        await until(lambda: _all(pair, {"first": "How it works, told anew", "second": SECOND.title}), seconds=6)
        await _settled(pair)

        await withdrawal.retract(engine, Named(slug="first", locale="en"), reason="It was wrong.")
        await until(lambda: _all(pair, {"second": SECOND.title}), seconds=6)
        for server in pair:
            assert await server.suggested() == set()
    finally:
        await engine.close()


async def _all(pair, expected):
    return [await server.found() for server in pair] == [expected] * 2


async def _settled(pair):
    """Waits until either serves what it found from what it keeps."""
    for server in pair:
        await until(lambda: server.is_kept(FOUND))  # noqa: B023 -- it is awaited here
        await until(lambda: server.is_kept(SUGGESTED))  # noqa: B023 -- it is awaited here
