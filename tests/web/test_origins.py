import pytest
import websockets

from server.access.registration import change_rights
from server.app import create_app
from server.errors.machine import SetupError
from server.settings import Settings
from tests.waiting import until
from tests.web.registered import ASKED, initialised, serving

HEADERS = "Accept, Authorization, Content-Type, If-None-Match"

OPEN, APP, OTHER, STRANGE = (
    *("https://open.example", "https://app.example.org", "https://other.example"),
    "https://strange.example",
)
ASKING = {"access-control-request-method": "POST", "access-control-request-headers": "authorization,content-type"}


@pytest.fixture
async def served(database_url):
    """Pages from OPEN call without a key, those from APP with that of `app`, those from OTHER with that of `other`."""
    async with serving(database_url, origins=(OPEN,)) as server:
        server.app_key = await server.register("app", origins=["https://*.example.org"])
        server.other_key = await server.register("other", origins=[OTHER])
        await until(lambda: is_named(server, APP))
        await until(lambda: is_named(server, OTHER))
        yield server


async def is_named(server, origin):
    """Whether a page from there may ask."""
    return allowed(await server.send("OPTIONS", headers={"origin": origin, **ASKING})) == origin


def allowed(response):
    """The origin whose pages may read a response; None where none may, or a star, which is never said."""
    return response.headers.get("access-control-allow-origin")


@pytest.mark.parametrize(("origin", "may_ask"), [(OPEN, True), (APP, True), (OTHER, True), (STRANGE, False)])
async def test_a_preflight_is_answered_where_anybody_named_the_origin(served, origin, may_ask):
    response = await served.send("OPTIONS", headers={"origin": origin, **ASKING})

    assert (response.status_code, allowed(response)) == (204, origin if may_ask else None)
    assert (response.headers.get("access-control-allow-headers") == HEADERS) is may_ask
    assert "access-control-allow-credentials" not in response.headers


@pytest.mark.parametrize(("origin", "is_open"), [(OPEN, True), (APP, False), (STRANGE, False), ("null", False)])
async def test_what_is_asked_without_a_key_is_read_by_pages_that_may_ask_so(served, origin, is_open):
    response = await served.ask(origin=origin)

    assert (response.status_code, allowed(response)) == (200, origin if is_open else None)
    assert response.headers["vary"] == "Accept, Accept-Encoding, Authorization, Origin"


@pytest.mark.parametrize("origin", [OPEN, APP, OTHER, STRANGE, "null", "https://example.org", "https://["])
async def test_a_key_is_taken_from_its_own_clients_pages_alone(served, origin):
    response = await served.ask(f"Bearer {served.app_key.text}", origin=origin)

    if origin == APP:
        assert (response.status_code, allowed(response)) == (200, APP)
        assert "Retry-After" in response.headers["access-control-expose-headers"]
    else:
        assert (response.status_code, allowed(response)) == (403, None)
        assert response.json()["errors"][0]["extensions"] == {"code": "ORIGIN_NOT_ALLOWED"}


async def test_a_stream_is_read_by_its_own_clients_pages_alone(served):
    headers = {"accept": "text/event-stream", "authorization": f"Bearer {served.other_key.text}"}

    own = await served.send(**ASKED, headers={**headers, "origin": OTHER})
    foreign = await served.send(**ASKED, headers={**headers, "origin": APP})

    assert (own.status_code, allowed(own)) == (200, OTHER)
    assert (foreign.status_code, allowed(foreign)) == (403, None)


async def test_who_sends_no_origin_is_taken(served):
    assert await served.code(f"Bearer {served.app_key.text}") == (200, None)


async def test_a_page_of_the_servers_own_origin_is_taken(served):
    response = await served.ask(f"Bearer {served.app_key.text}", origin=f"http://127.0.0.1:{served.port}")

    assert (response.status_code, allowed(response)) == (200, None)


@pytest.mark.parametrize(("origin", "may_read"), [(APP, True), (STRANGE, False)])
async def test_pages_of_named_origins_read_why_they_are_refused(served, origin, may_read):
    key = await served.ask("Bearer nonsense", origin=origin)
    media_type = await served.send(content="x", headers={"origin": origin})
    url = await served.send("GET", url=f"{served.url}?a={'b' * 20_000}", headers={"origin": origin})

    assert (key.status_code, media_type.status_code, url.status_code) == (401, 415, 414)
    assert [allowed(each) for each in (key, media_type, url)] == [origin if may_read else None] * 3


async def test_an_origin_that_is_taken_back_is_refused(served):
    await change_rights(served.engine, "app", rights={"origins": []})

    async def is_refused():
        response = await served.code(f"Bearer {served.app_key.text}", origin=APP)
        return response == (403, "ORIGIN_NOT_ALLOWED") and not await is_named(served, APP)

    await until(is_refused)


async def test_a_page_of_an_origin_that_nobody_named_gets_no_socket(served):
    with pytest.raises(websockets.InvalidStatus) as caught:
        await served.socket(origin=STRANGE)

    assert caught.value.response.status_code == 403
    assert b"ORIGIN_NOT_ALLOWED" in caught.value.response.body


@pytest.mark.parametrize(
    ("origin", "has_key", "outcome"),
    [
        (APP, True, "connection_ack"),
        (OPEN, False, "connection_ack"),
        (OTHER, True, (4403, "ORIGIN_NOT_ALLOWED: Pages of this origin may not call.")),
        (OPEN, True, (4403, "ORIGIN_NOT_ALLOWED: Pages of this origin may not call.")),
        (APP, False, (4403, "ORIGIN_NOT_ALLOWED: Pages of this origin may not call.")),
        (None, True, "connection_ack"),
    ],
)
async def test_a_socket_is_initialised_from_its_own_clients_pages_alone(served, origin, has_key, outcome):
    async with served.socket(origin=origin) as opened:
        assert await initialised(opened, {"apiKey": served.app_key.text} if has_key else {}) == outcome


def test_a_setting_that_is_no_origin_is_told_at_the_start():
    with pytest.raises(SetupError, match=r"CAVEAT_ORIGINS: `\*` is no origin"):
        create_app(Settings(origins=("*",)), url="postgresql://127.0.0.1:1/nothing")
