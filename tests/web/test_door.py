import asyncio

import pytest
import websockets
from structlog.testing import capture_logs

from server.errors.limits import TooManyOperationsError
from server.limits import Limits
from server.settings import Environment
from server.web.door import Door, Places
from tests.web.running import make_origins, running


@pytest.fixture(scope="module")
async def shop():
    async with running() as server:
        yield server


@pytest.fixture(scope="module")
async def production():
    async with running(environment=Environment.PRODUCTION) as server:
        yield server


def code_of(response):
    [error] = response.json()["errors"]
    return error["extensions"]["code"]


async def test_a_url_is_so_long_and_no_longer(shop):
    room = Limits().max_url_bytes - len("/graphql") - len("query={hello}&a=")

    fits = await shop.send("GET", url=f"{shop.url}?query={{hello}}&a={'b' * room}")
    refused = await shop.send("GET", url=f"{shop.url}?query={{hello}}&a={'b' * (room + 1)}")

    assert fits.json() == {"data": {"hello": "hello world"}}
    assert (refused.status_code, code_of(refused)) == (414, "URL_TOO_LONG")


async def test_headers_are_so_long_together(shop):
    refused = await shop.send(json={"query": "{ hello }"}, headers={f"x-{n}": "y" * 1000 for n in range(33)})

    assert (refused.status_code, code_of(refused)) == (431, "HEADERS_TOO_LARGE")


async def test_an_address_has_so_many_operations_at_once():
    async with running(limits=Limits(max_operations_per_address=1)) as server:
        first = asyncio.create_task(server.post("{ slow }"))
        await server.send("OPTIONS")  # takes no place, and the first one has time to take it
        async with asyncio.timeout(10):
            while (refused := await server.post("{ hello }")).status_code != 429:
                pass
        first.cancel()

    assert (code_of(refused), refused.headers["retry-after"]) == ("TOO_MANY_OPERATIONS", "1")


def test_a_place_is_free_again_whatever_happened():
    places = Places(1)

    for _ in range(2):
        with pytest.raises(ValueError, match="x"), places.one("here"):
            raise ValueError("x")
    with places.one("here"), places.one("there"), pytest.raises(TooManyOperationsError), places.one("here"):
        pass

    assert places.taken == {}


@pytest.mark.parametrize("origin", ["http://localhost:3000", "https://127.0.0.1:8080", "http://[::1]:5173"])
async def test_pages_of_developers_may_call_in_development(shop, origin):
    asked = {"origin": origin, "access-control-request-method": "POST", "access-control-request-headers": "x"}
    preflight = await shop.send("OPTIONS", headers=asked)
    actual = await shop.send(json={"query": "{ hello }"}, headers={"origin": origin})

    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-origin"] == origin
    assert preflight.headers["access-control-allow-headers"] == "Accept, Authorization, Content-Type, If-None-Match"
    assert actual.headers["access-control-allow-origin"] == origin
    assert actual.headers["vary"] == "Accept, Accept-Encoding, Authorization, Origin"


@pytest.mark.parametrize(
    "origin",
    ["https://example.org", "null", "http://localhost.example.org", "http://[", "http://127.0.0.1.example.org"],
)
async def test_pages_of_others_may_not(shop, origin):
    preflight = await shop.send("OPTIONS", headers={"origin": origin, "access-control-request-method": "POST"})
    actual = await shop.send(json={"query": "{ hello }"}, headers={"origin": origin})

    for response in (preflight, actual):
        assert not [name for name in response.headers if name.startswith("access-control")]


async def test_nobodys_page_may_call_in_production(production):
    headers = {"origin": "http://localhost:3000", "access-control-request-method": "POST"}

    response = await production.send("OPTIONS", headers=headers)

    assert not [name for name in response.headers if name.startswith("access-control")]


async def test_a_page_of_another_origin_gets_no_socket(production):
    with pytest.raises(websockets.InvalidStatus) as caught:
        await production.socket(origin="https://example.org")

    assert caught.value.response.status_code == 403
    assert b"ORIGIN_NOT_ALLOWED" in caught.value.response.body


async def test_a_page_of_the_servers_own_origin_gets_a_socket(production):
    async with production.socket(origin=f"http://127.0.0.1:{production.port}") as opened:
        assert opened.subprotocol == "graphql-transport-ws"


async def test_an_unexpected_error_is_masked_and_logged():
    async def broken(_scope, _receive, _send):
        raise RuntimeError("secret")

    async def lifespan_or_broken(scope, receive, send):
        if scope["type"] != "lifespan":
            await broken(scope, receive, send)
        while (message := await receive())["type"] != "lifespan.shutdown":
            await send({"type": f"{message['type']}.complete"})
        await send({"type": "lifespan.shutdown.complete"})

    app = Door(lifespan_or_broken, origins=make_origins(), limits=Limits())
    with capture_logs() as logs:
        async with running(app) as server:
            response = await server.post("{ hello }")

    assert (response.status_code, code_of(response)) == (500, "INTERNAL_SERVER_ERROR")
    assert response.json()["errors"][0]["extensions"]["incident"] == logs[0]["incident"]
    assert "secret" not in response.text


async def test_a_request_that_the_server_waits_for_no_longer_is_told_so():
    async def wait(*_):
        await asyncio.Event().wait()

    sent = []

    async def send(message):
        sent.append(message)

    door = Door(wait, origins=make_origins(), limits=Limits())
    scope = {"type": "http", "method": "POST", "path": "/graphql", "query_string": b"", "headers": []}
    serving = asyncio.create_task(door(scope, wait, send))
    await asyncio.sleep(0)
    serving.cancel()
    await serving

    assert sent[0]["status"] == 503
    assert b"OPERATION_TIMED_OUT" in sent[1]["body"]
