import httpx
import pytest

from server.access.guesses import MOST
from server.access.registration import revoke_keys
from server.errors.callers import KeyRequiredError, KeyRevokedError, UnauthenticatedError
from server.web.callers import challenge
from tests.web.registered import ANSWER, ASKED, initialised, serving

INVALID = (4403, f"KEY_INVALID: {UnauthenticatedError().message}")
UNKNOWN = "caveat_sk_abcdefghijkl_abcdefghijklmnopqrstuvwxyz0123456789"


@pytest.fixture
async def served(database_url):
    async with serving(database_url) as server:
        yield server


@pytest.fixture
async def closed(database_url):
    """Serves nobody who has no key."""
    async with serving(database_url, anonymous=None) as server:
        yield server


async def test_a_key_opens_whatever_asks(served):
    key = await served.register("app")
    headers = {"authorization": f"Bearer {key.text}"}

    posted = await served.send(**ASKED, headers=headers)
    got = await served.send("GET", params={"query": "{ __typename }"}, headers=headers)
    streamed = await served.send(**ASKED, headers={**headers, "accept": "text/event-stream"})

    assert posted.json() == got.json() == ANSWER
    assert streamed.text.startswith('event: next\ndata: {"data":{"__typename":"Query"}}\n')


@pytest.mark.parametrize("scheme", ["bearer", "BEARER", "Bearer  "])
async def test_the_scheme_is_read_leniently(served, scheme):
    key = await served.register("app")

    assert await served.code(f"{scheme} {key.text}") == (200, None)


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer", "Bearer nonsense", "Basic dXNlcjpwYXNz", "nonsense", f"Bearer {UNKNOWN}", "Bearer a b"],
)
async def test_what_is_no_key_is_a_401_that_tells_nothing_of_it(served, authorization):
    response = await served.ask(authorization)

    [error] = response.json()["errors"]
    assert (response.status_code, error["extensions"]) == (401, {"code": "KEY_INVALID"})
    assert response.headers["www-authenticate"] == 'Bearer error="invalid_token"'
    assert "nonsense" not in response.text


async def test_two_keys_at_once_are_none(served):
    key = await served.register("app")
    headers = [("authorization", f"Bearer {key.text}")] * 2

    async with httpx.AsyncClient(trust_env=False) as client:
        response = await client.post(served.url, **ASKED, headers=headers)

    assert response.status_code == 401


@pytest.mark.parametrize("space", [b"\xa0", b"\x85"])
async def test_a_key_with_a_space_of_another_kind_behind_it_is_none(served, space):
    key = await served.register("app")
    response = await served.send(**ASKED, headers={"authorization": b"Bearer " + key.text.encode() + space})

    assert response.status_code == 401


async def test_a_key_without_its_scheme_is_none(served):
    key = await served.register("app")

    assert await served.code(key.text) == (401, "KEY_INVALID")


async def test_a_key_that_was_revoked_says_so(served):
    key = await served.register("app")
    await revoke_keys(served.engine, "app")

    assert await served.code(f"Bearer {key.text}") == (401, "KEY_REVOKED")


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream", "application/graphql-response+json"])
async def test_a_refusal_is_graphql_whatever_is_accepted(served, accept):
    response = await served.ask("Bearer nonsense", accept=accept)

    assert response.status_code == 401
    assert response.json()["errors"][0]["extensions"] == {"code": "KEY_INVALID"}


async def test_who_guesses_is_told_to_wait(served):
    codes = [await served.code("Bearer nonsense") for _ in range(MOST)]
    refused = await served.ask("Bearer nonsense")

    assert set(codes) == {(401, "KEY_INVALID")}
    wait = int(refused.headers["retry-after"])
    extensions = refused.json()["errors"][0]["extensions"]
    assert (refused.status_code, extensions) == (429, {"code": "RATE_LIMITED", "retryAfter": wait})
    assert 0 < wait <= 60
    assert await served.code() == (200, None)
    async with served.socket() as opened:
        code, reason = await initialised(opened, {"apiKey": "nonsense"})
    assert (code, reason[:13]) == (1013, "RATE_LIMITED:")


async def test_where_nobody_is_anonymous_a_key_is_required(closed):
    key = await closed.register("app")
    refused = await closed.ask()

    assert (refused.status_code, refused.json()["errors"][0]["extensions"]) == (401, {"code": "KEY_REQUIRED"})
    assert refused.headers["www-authenticate"] == "Bearer"
    assert await closed.code(f"Bearer {key.text}") == (200, None)
    async with closed.socket() as opened:
        code, reason = await initialised(opened)
    assert (code, reason[:13]) == (4403, "KEY_REQUIRED:")


async def test_probes_need_no_key(closed):
    response = await closed.send("GET", url=closed.url.replace("graphql", "healthz"), headers={"authorization": "x"})

    assert response.status_code == 200


@pytest.mark.parametrize("name", ["Authorization", "authorization"])
async def test_a_socket_is_initialised_with_a_header_in_its_payload(served, name):
    key = await served.register("app")

    async with served.socket() as opened:
        assert await initialised(opened, {name: f"Bearer {key.text}"}) == "connection_ack"


async def test_a_socket_is_initialised_with_a_key_alone(served):
    key = await served.register("app")

    async with served.socket() as opened:
        assert await initialised(opened, {"apiKey": key.text, "other": 1}) == "connection_ack"


async def test_a_socket_takes_the_header_of_its_handshake_where_its_payload_has_no_key(closed):
    key = await closed.register("app")

    async with closed.socket(additional_headers={"authorization": f"Bearer {key.text}"}) as opened:
        assert await initialised(opened, {}) == "connection_ack"


@pytest.mark.parametrize(
    "payload",
    [
        {"Authorization": "Bearer nonsense"},
        {"Authorization": "nonsense"},
        {"authorization": 7},
        {"apiKey": "nonsense"},
        {"apiKey": ["nonsense"]},
        {"apiKey": ""},
    ],
)
async def test_a_socket_with_what_is_no_key_is_closed(served, payload):
    async with served.socket() as opened:
        assert await initialised(opened, payload) == INVALID


async def test_without_a_key_a_socket_is_the_anonymous_clients(served):
    async with served.socket() as opened:
        assert await initialised(opened, {"Authorization": None, "locale": "en"}) == "connection_ack"


def test_a_challenge_says_whether_a_key_was_there():
    assert challenge(KeyRequiredError()) == "Bearer"
    assert challenge(KeyRevokedError()) == 'Bearer error="invalid_token"'
