"""What clients are told of what they have left, over every transport."""

import json
from ipaddress import ip_network
from types import SimpleNamespace

import pytest

from server.access import rates
from server.limits import AnonymousLimits
from server.web.quotas import quota_headers
from tests.web.registered import ASKED, serving
from tests.web.running import hear, say

TOPICS = "{ topics(first: 4) { nodes { slug } } }"
"""Costs 10 for the list and 10 for each of four."""


@pytest.fixture(autouse=True)
def eighteen_seconds_left(monkeypatch):
    """The minute of everybody, which does not turn while a test runs."""
    monkeypatch.setattr(rates, "time", SimpleNamespace(time=lambda: 1_800_000_042.0))
    monkeypatch.setattr(rates, "_beginning", lambda _: 0)


@pytest.fixture
async def scarce(database_url):
    """A server that gives an address three requests, and a cost of 120, in a minute."""
    anonymous = AnonymousLimits(requests_per_minute=3, cost_per_minute=120)
    async with serving(database_url, anonymous=anonymous) as server:
        yield server


def told(response):
    """What the headers say."""
    return response.headers["ratelimit-policy"], response.headers["ratelimit"]


def left(requests, cost):
    """What they say where so much is left of what the server gives."""
    return POLICY, f'"requests";r={requests};t=18, "cost";r={cost};t=18'


POLICY = '"requests";q=3;w=60, "cost";q=120;w=60;qu="cost"'


async def test_every_response_says_what_there_is_and_what_is_left(scarce):
    responses = [await scarce.post(TOPICS), await scarce.post("{ nothing }"), await scarce.send(content=b"{")]

    assert [told(each) for each in responses[:2]] == [
        left(2, 70),
        left(1, 70),
    ]
    assert responses[2].status_code == 415


async def test_a_body_that_is_no_json_is_a_request_too(scarce):
    response = await scarce.send(content=b"{", headers={"content-type": "application/json"})

    assert (response.status_code, told(response)) == (400, left(2, 120))


async def test_a_request_too_many_is_refused_with_the_time_to_wait(scarce):
    for _ in range(3):
        await scarce.ask()
    refused = await scarce.ask()

    assert (refused.status_code, refused.headers["retry-after"], told(refused)) == (429, "18", left(0, 120))
    assert refused.json() == {
        "errors": [
            {
                "message": "All 3 requests of this minute are made: ask again in 18 seconds.",
                "extensions": {"code": "RATE_LIMITED", "retryAfter": 18},
            }
        ]
    }


async def test_an_operation_that_costs_too_much_is_refused_with_the_time_to_wait(scarce):
    responses = [await scarce.post(TOPICS) for _ in range(3)]

    assert [each.status_code for each in responses] == [200, 200, 429]
    assert told(responses[2]) == left(0, 20)
    assert responses[2].headers["retry-after"] == "18"
    assert responses[2].json()["errors"][0]["extensions"] == {"code": "RATE_LIMITED", "retryAfter": 18}


async def test_an_event_stream_says_it_too(scarce):
    response = await scarce.post("{ __typename }", accept="text/event-stream")

    assert (response.status_code, told(response)) == (200, left(2, 120))


async def test_a_refusal_for_want_of_a_key_charges_nobody(scarce):
    response = await scarce.ask("Bearer nonsense")

    assert response.status_code == 401
    assert "ratelimit" not in response.headers


async def test_on_a_socket_an_operation_too_many_is_an_error_and_the_socket_stays(scarce):
    async with scarce.talk() as opened:
        for number in range(4):
            await say(opened, type="subscribe", id=str(number), payload=ASKED["json"])
            messages = [await hear(opened), await hear(opened)] if number < 3 else [await hear(opened)]
        await say(opened, type="ping")
        pong = await hear(opened)

    [message] = messages
    assert (message["type"], message["id"], pong) == ("error", "3", {"type": "pong"})
    assert message["payload"][0]["extensions"] == {"code": "RATE_LIMITED", "retryAfter": 18}


async def test_a_client_has_its_own_whatever_its_address_has_used(scarce):
    key = await scarce.register("app", requests_per_minute=7)
    for _ in range(4):
        await scarce.ask()

    response = await scarce.ask(f"Bearer {key.text}")

    assert told(response) == (
        '"requests";q=7;w=60, "cost";q=60000000;w=60;qu="cost"',
        '"requests";r=6;t=18, "cost";r=60000000;t=18',
    )


async def test_behind_a_proxy_each_address_has_its_own(database_url):
    proxies, anonymous = (ip_network("127.0.0.0/8"),), AnonymousLimits(requests_per_minute=1)
    async with serving(database_url, trusted_proxies=proxies, anonymous=anonymous) as server:
        from_two = [await server.code(**{"x-forwarded-for": each}) for each in ("203.0.113.1", "203.0.113.2")]
        spoofed = await server.code(**{"x-forwarded-for": "198.51.100.7, 203.0.113.1"})

    assert (from_two, spoofed) == ([(200, None)] * 2, (429, "RATE_LIMITED"))


async def test_nobody_changes_the_address_by_saying_so(database_url):
    async with serving(database_url, anonymous=AnonymousLimits(requests_per_minute=1)) as server:
        codes = [await server.code(**{"x-forwarded-for": f"203.0.113.{number}"}) for number in range(2)]

    assert codes == [(200, None), (429, "RATE_LIMITED")]


@pytest.mark.parametrize("transport", ["post", "get", "socket"])
async def test_the_cost_is_told_over_every_transport(scarce, transport):
    extensions = {"cost": True}
    if transport == "post":
        payload = (await scarce.post(TOPICS, extensions=extensions)).json()
    elif transport == "get":
        response = await scarce.send("GET", params={"query": TOPICS, "extensions": json.dumps(extensions)})
        payload = response.json()
    else:
        async with scarce.talk() as opened:
            await say(opened, type="subscribe", id="1", payload={"query": TOPICS, "extensions": extensions})
            payload = (await hear(opened))["payload"]

    assert payload["extensions"] == {"cost": {"requested": 50, "limit": 120, "remaining": 70}}


def test_where_nothing_was_charged_nothing_is_told():
    assert list(quota_headers({"type": "http"})) == []
