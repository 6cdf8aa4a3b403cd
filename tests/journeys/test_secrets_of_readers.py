"""What readers type is in no log, no metric and no span, wherever in a request it stands."""

import asyncio
import base64
import json

from server.app import create_app
from server.settings import Environment, Settings
from server.telemetry.exporting import ExportingTracer
from tests.journeys.processes import serving
from tests.telemetry.exported import Exported
from tests.web.running import PATIENCE, hear, running, say

SECRET = "Xanthoma1234567"
TOKEN = "a token of many characters"
IN_QUERY = f'query {SECRET} {{ search(query: "{SECRET}", first: 1) {{ totalCount }} {SECRET}: __typename }}'
IN_VARIABLE = "query($slug: String!) { answer(slug: $slug) { slug } }"
JSON = {"content-type": "application/json"}
HEADERS = (
    *("authorization", "cookie", "user-agent", "referer", "x-request-id", "x-forwarded-for"),
    *("traceparent", "tracestate", "baggage", "accept", "accept-language", "origin"),
)


def requests(url):
    """A secret in every place of a request."""
    return [
        {"json": {"query": IN_QUERY}},
        {"json": {"query": IN_VARIABLE, "variables": {"slug": SECRET}}},
        {"json": {"query": IN_VARIABLE, "variables": {"slug": [SECRET]}}},
        {"json": {"query": IN_QUERY, "operationName": SECRET}},
        {"json": {"query": "{ answers { totalCount } }", "operationName": SECRET}},
        {"json": {"query": "{ answers { totalCount } }", "extensions": {SECRET: SECRET}}},
        {"json": {"query": f"{{ {SECRET} }}"}},
        {"json": {"query": f'{{ "{SECRET}'}},
        {"json": {"query": f'{{ node(id: "{SECRET}") {{ id }} }}'}},
        {"json": {"query": f'{{ answers(after: "{SECRET}") {{ totalCount }} }}'}},
        {"content": f'{{"query": {SECRET}', "headers": JSON},
        {"content": f'"{SECRET}"', "headers": JSON},
        {"content": SECRET.encode("utf-16"), "headers": JSON},
        {"content": SECRET, "headers": {"content-type": f"text/{SECRET}"}},
        {"method": "GET", "params": {"query": IN_QUERY}},
        {"method": "GET", "params": {"query": IN_VARIABLE, "variables": json.dumps({"slug": SECRET})}},
        {"method": "GET", "url": f"{url}/{SECRET}?{SECRET}={SECRET}#{SECRET}"},
        {"method": "GET", "params": {SECRET: SECRET * 2000}},
        {"method": SECRET.upper(), "json": {"query": "{ answers { totalCount } }"}},
        {
            "json": {"query": "{ answers { totalCount } }"},
            "headers": dict.fromkeys((*HEADERS, SECRET), SECRET),
        },
        {"json": {"query": "{ answers { totalCount } }"}, "headers": {"host": f"{SECRET}.example.org"}},
        {"json": {"query": IN_QUERY}, "headers": {"accept": "text/event-stream"}},
        {"json": {"query": f'subscription {SECRET} {{ contentChanged(since: "{SECRET}") {{ kind }} }}'}},
    ]


async def send_everything(server):
    """Sends all of them over HTTP, raw and over sockets."""
    for request in requests(server.url):
        await server.send(**request)
    for data in (f"{SECRET}\r\n\r\n", f"GET /{SECRET} HTTP/9.9\r\n\r\n", f"GET / HTTP/1.1\r\n{SECRET}\r\n\r\n"):
        await server.raw(data.encode())
    async with server.talk(user_agent_header=SECRET) as opened:
        await say(opened, id=SECRET, type="subscribe", payload={"query": IN_QUERY})
        await hear(opened)
        await say(opened, type="ping", payload={SECRET: SECRET})
        await hear(opened)
    for message in (SECRET, json.dumps({"type": SECRET}), json.dumps({"type": "connection_init", "payload": SECRET})):
        async with server.socket() as opened:
            await opened.send(message)
            await asyncio.wait_for(opened.wait_closed(), PATIENCE) if message == SECRET else None


def assert_kept(text):
    """The secret is nowhere, in none of the ways in which it may be written."""
    written = {SECRET, SECRET.lower(), SECRET.upper(), base64.b64encode(SECRET.encode()).decode().rstrip("=")}
    assert [each for each in written if each in text] == []
    assert "127.0.0.1" not in text


async def test_nothing_of_a_request_is_in_the_log_of_a_server_in_production(databases):
    url = await databases.create()
    async with serving(DATABASE_URL=url, CAVEAT_LOG_LEVEL="debug") as (server, process):
        await send_everything(server)
        process.terminate()
        _, written = await asyncio.wait_for(process.communicate(), PATIENCE * 2)
    await databases.drop(url)

    events = [json.loads(line) for line in written.decode().splitlines()]
    assert len([each for each in events if each["event"] == "request"]) >= len(requests("")) + 3
    assert len([each for each in events if each["event"] == "socket"]) == 4
    assert_kept(written.decode())


async def test_nothing_of_a_request_is_in_metrics_or_spans(database_url, data_dir):
    exported = Exported()
    settings = Settings(data_dir=data_dir, environment=Environment.PRODUCTION, metrics_token=TOKEN)
    app = create_app(settings, url=database_url, tracer=ExportingTracer(exported.provider))
    async with running(app) as server:
        await send_everything(server)
        metrics = await server.send(
            "GET", url=server.url.replace("graphql", "metrics"), headers={"authorization": f"Bearer {TOKEN}"}
        )

    assert 'type="query"' in metrics.text
    assert_kept(metrics.text)
    assert {"query", "POST /graphql", "GET", "SELECT answer_count"} < {span.name for span in exported.spans()}
    assert_kept(exported.text())
