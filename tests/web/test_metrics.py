import asyncio
import math
import re
from pathlib import Path

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_open_metrics
from prometheus_client.parser import text_string_to_metric_families as read_text

from server.app import create_app
from server.settings import Environment, Settings
from tests.web.running import hear, running, say

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
TOKEN = "a token of many characters"
BEARS = {"authorization": f"Bearer {TOKEN}"}


@pytest.fixture
async def endpoint(database_url, data_dir):
    async with running(create_app(Settings(data_dir=data_dir), url=database_url)) as server:
        yield server


async def scrape(server, **arguments):
    return await server.send("GET", url=server.url.replace("/graphql", "/metrics"), **arguments)


async def values(server):
    """Every sample by its name and labels."""
    families = read_text((await scrape(server)).text)
    return {(sample.name, *sample.labels.values()): sample.value for family in families for sample in family.samples}


async def test_the_readme_lists_every_metric_and_no_other(endpoint):
    await endpoint.post("{ countAnswers: answers { totalCount } }")
    families = read_text((await scrape(endpoint)).text)

    served = {
        f"{each.name}_total" if each.type == "counter" else each.name
        for each in families
        if not each.name.startswith("process_")
    }
    assert served == set(re.findall(r"(?m)^\| `(caveat_[a-z_]+)` \|", README))


async def test_they_are_served_in_both_forms(endpoint):
    plain = await scrape(endpoint)
    opened = await scrape(endpoint, headers={"accept": "application/openmetrics-text; version=1.0.0"})

    assert plain.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert opened.headers["content-type"].startswith("application/openmetrics-text; version=1.0.0")
    names = [
        {each.name for each in read(text)} for read, text in ((read_text, plain.text), (read_open_metrics, opened.text))
    ]
    assert names[0] == names[1]


@pytest.mark.parametrize(
    ("environment", "token", "headers", "status"),
    [
        (Environment.DEVELOPMENT, None, {}, 200),
        (Environment.DEVELOPMENT, TOKEN, {}, 404),
        (Environment.PRODUCTION, None, {}, 404),
        (Environment.PRODUCTION, None, {"authorization": "Bearer None"}, 404),
        (Environment.PRODUCTION, TOKEN, {}, 404),
        (Environment.PRODUCTION, TOKEN, {"authorization": f"Bearer {TOKEN}s"}, 404),
        (Environment.PRODUCTION, TOKEN, {"authorization": "Bearer ÿ".encode("latin-1")}, 404),
        (Environment.PRODUCTION, TOKEN, BEARS, 200),
    ],
)
async def test_they_are_for_those_who_bear_the_token(  # noqa: PLR0917 - a case each
    database_url, data_dir, environment, token, headers, status
):
    settings = Settings(data_dir=data_dir, environment=environment, metrics_token=token)
    async with running(create_app(settings, url=database_url)) as server:
        response = await scrape(server, headers=headers)

    assert response.status_code == status
    assert ("caveat_" in response.text) is (status == 200)


async def test_they_say_what_the_server_did(endpoint):
    before = await values(endpoint)
    for query in ("query Secret { answers { totalCount } }", "{ nope }"):
        await endpoint.post(query)
    after = await values(endpoint)

    new = {key: value - before.get(key, 0) for key, value in after.items()}
    assert new["caveat_graphql_operations_total", "OK", "ad hoc", "query"] == 1
    assert new["caveat_graphql_operations_total", "GRAPHQL_VALIDATION_FAILED", "ad hoc", "unknown"] == 1
    assert new["caveat_graphql_duration_seconds_count", "ad hoc", "query"] == 1
    assert new["caveat_http_requests_total", "GRAPHQL_VALIDATION_FAILED", "POST", "/graphql", "400"] == 1
    assert new["caveat_http_requests_total", "OK", "GET", "/metrics", "200"] == 1
    assert not [key for key in after if "Secret" in key]


async def test_they_count_what_is_open(endpoint):
    query = "subscription { contentChanged { kind } }"
    async with endpoint.talk() as opened:
        await say(opened, id="1", type="subscribe", payload={"query": query})
        await say(opened, type="ping")
        await hear(opened)
        await until_open(endpoint, sockets=1, streams=0, subscriptions=1)
        accept = {"accept": "text/event-stream"}
        streaming = asyncio.create_task(endpoint.send(json={"query": query}, headers=accept))
        await until_open(endpoint, sockets=1, streams=1, subscriptions=2)
        streaming.cancel()
        await asyncio.gather(streaming, return_exceptions=True)

    await until_open(endpoint, sockets=0, streams=0, subscriptions=0)


async def test_they_say_that_the_server_is_ready_and_hears_everything(endpoint):
    await until_value(endpoint, "caveat_listen_connected", 1)
    found = await values(endpoint)

    assert (found["caveat_ready",], found["caveat_outbox_lag_seconds",]) == (1, 0)
    assert found["caveat_database_connections", "busy"] + found["caveat_database_connections", "idle"] >= 1
    assert found["caveat_database_statements_total",] >= 1


async def test_without_a_database_they_are_served_and_say_so(databases, data_dir):
    url = await databases.create()
    async with running(create_app(Settings(data_dir=data_dir), url=url)) as server:
        await until_value(server, "caveat_listen_connected", 1)
        await databases.drop(url)
        await until_value(server, "caveat_listen_connected", 0)
        found = await values(server)

    assert found["caveat_ready",] == 0
    assert math.isnan(found["caveat_outbox_lag_seconds",])


async def until_open(server, **wanted):
    for name, value in wanted.items():
        await until_value(server, f"caveat_{name}_open", value)


async def until_value(server, name, value):
    async with asyncio.timeout(10):
        while (await values(server))[name,] != value:
            pass
