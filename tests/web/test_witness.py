import asyncio
from contextlib import asynccontextmanager

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route
from structlog.testing import capture_logs

from server.telemetry.metrics import Metrics
from server.telemetry.visits import at_hand
from server.web.health import Readiness, healthz
from server.web.witness import METRICS, Witness
from tests.web.running import hear, make_app, running, say, until


class Watched:
    """The shop behind a witness, and what it told."""

    def __init__(self, server, metrics, events):
        self.server, self.metrics, self.events = server, metrics, events

    async def event(self, kind="request"):
        """The one event of that kind, as soon as it is there."""
        await until(lambda: [each for each in self.events if each["event"] == kind])
        [event] = [each for each in self.events if each["event"] == kind]
        return event


def counted(metrics):
    """Requests by method, route, status and code."""
    [family] = [each for each in metrics.registry.collect() if each.name == "caveat_http_requests"]
    return {tuple(sample.labels.values()): sample.value for sample in family.samples}


@pytest.fixture
async def shop():
    metrics = Metrics()
    app = make_app()
    app.user_middleware.insert(0, Middleware(Witness, metrics=metrics))
    with capture_logs() as events:
        async with running(app) as server:
            yield Watched(server, metrics, events)


async def test_a_request_is_one_event_and_one_count(shop):
    response = await shop.server.post("{ hello }")

    event = await shop.event()
    assert event.pop("duration_ms") > 0
    assert event == {
        "event": "request",
        "log_level": "info",
        "method": "POST",
        "route": "/graphql",
        "status": 200,
        "code": "OK",
        "bytes": len(response.content),
    }
    assert counted(shop.metrics) == {("POST", "/graphql", "200", "OK"): 1}


@pytest.mark.parametrize(
    ("method", "path", "body", "told"),
    [
        ("POST", "", "{", ("POST", "/graphql", 400, "BAD_REQUEST")),
        ("POST", "", '{"query": "{ helo }"}', ("POST", "/graphql", 200, "GRAPHQL_VALIDATION_FAILED")),
        ("POST", "", '{"query": "{ broken }"}', ("POST", "/graphql", 200, "INTERNAL_SERVER_ERROR")),
        ("PUT", "", "", ("PUT", "/graphql", 405, "METHOD_NOT_ALLOWED")),
        ("PROPFIND", "", "", ("_OTHER", "/graphql", 405, "METHOD_NOT_ALLOWED")),
        ("GET", "?query={hello}&a=" + "a" * 20_000, "", ("GET", None, 414, "URL_TOO_LONG")),
    ],
)
async def test_a_refusal_is_told_by_its_code(shop, method, path, body, told):
    headers = {"content-type": "application/json"}
    await shop.server.send(method, url=shop.server.url + path, content=body, headers=headers)

    event = await shop.event()
    assert (event["method"], event["route"], event["status"], event["code"]) == told


async def test_the_log_knows_a_request_by_an_id_that_its_client_gets_and_did_not_choose():
    ids = []

    async def app(scope, receive, send):
        ids.append(at_hand().id)
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    witness = Witness(app, metrics=Metrics())
    sent = []

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "GET", "scheme": "http", "headers": [(b"x-request-id", b"chosen")]}
    await witness(scope, None, send)
    await witness(scope, None, send)

    told = [dict(message["headers"])[b"x-request-id"].decode() for message in sent if "headers" in message]
    assert (told, len(set(ids)), {len(each) for each in ids}) == (ids, 2, {16})


async def test_a_client_that_hung_up_is_told_as_cancelled(shop):
    request = asyncio.create_task(shop.server.post("{ slow }"))
    await until(lambda: shop.server.server.server_state.tasks)
    request.cancel()
    await asyncio.gather(request, return_exceptions=True)

    event = await shop.event()
    assert (event["status"], event["code"], event["bytes"]) == (None, "CANCELLED", 0)
    assert counted(shop.metrics) == {("POST", "/graphql", "none", "CANCELLED"): 1}


async def test_a_socket_is_one_event_at_its_end(shop):
    async with shop.server.talk() as opened:
        await say(opened, id="1", type="subscribe", payload={"query": "{ hello }"})
        await hear(opened)
        assert shop.events == []

    event = await shop.event("socket")
    assert (event["route"], event["status"], event["code"], event["closed"]) == ("/graphql", 101, "OK", 1000)
    assert event["bytes"] > 0


async def test_a_socket_that_breaks_the_protocol_is_told_with_its_close_code(shop):
    async with shop.server.socket() as opened:
        await opened.send("what is this")
        await opened.wait_closed()

    event = await shop.event("socket")
    assert (event["status"], event["closed"]) == (101, 4400)


async def test_a_stream_is_one_event_with_the_code_that_it_ended_with(shop):
    query = "subscription { count(to: 2, fails: true) }"
    await shop.server.send(json={"query": query}, headers={"accept": "text/event-stream"})

    event = await shop.event()
    assert (event["status"], event["code"]) == (200, "BAD_USER_INPUT")


async def test_probes_are_quiet_unless_they_fail():
    async def no():
        return False

    routes = [Route("/healthz", healthz), Route("/readyz", Readiness({"database": no}).__call__)]
    app = Starlette(routes=routes, middleware=[Middleware(Witness, metrics=Metrics())])
    with capture_logs() as events:
        async with running(app) as server:
            for path in ("healthz", "readyz"):
                await server.send("GET", url=server.url.replace("graphql", path))

    told = {event["route"]: (event["log_level"], event["status"]) for event in events}
    assert told == {"/healthz": ("debug", 200), "/readyz": ("info", 503)}


async def test_what_is_no_request_at_all_is_told_too():
    metrics = Metrics()

    @asynccontextmanager
    async def lifespan(_app):
        yield {METRICS: metrics}

    with capture_logs() as events:
        async with running(Starlette(lifespan=lifespan)) as server:
            assert b"400 Bad Request" in await server.raw(b"what is this\r\n\r\n")

    [event] = [each for each in events if each["event"] == "request"]
    assert (event["status"], event["code"], event["method"], event["route"]) == (400, "BAD_REQUEST", None, None)
    assert counted(metrics) == {("_OTHER", "none", "400", "BAD_REQUEST"): 1}
