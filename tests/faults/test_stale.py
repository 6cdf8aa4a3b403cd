"""What is kept is served while Postgres is away, marked, for a while; nothing else is, and nobody waits for that."""

import time
from collections.abc import AsyncIterator

import httpx
import pytest

from server.access.registration import revoke_keys
from server.db.engine import Engine
from tests.access.registering import bearer, register
from tests.faults.running import PAGE, Postgres, Served, serving
from tests.waiting import until

OTHER = "{ answers { nodes { slug } } }"
AWAY_KNOWN = 5
"""Seconds after which a database that stands still is known to be away: two looks have failed by then."""
AT_ONCE = 0.5
"""Seconds, generously: a request is not to wait for Postgres."""


@pytest.fixture
async def keeping(postgres: Postgres) -> AsyncIterator[Served]:
    """A server that keeps what it served, the page among it."""
    async with serving(postgres.url, CAVEAT_CACHE_MB="64") as served:
        await until(served.is_ready)
        served.whole = (await served.ask()).data
        yield served


async def body(served: Served, query: str = PAGE, **options: object) -> dict:
    """What a request is answered with."""
    response: httpx.Response = await served.client.post(f"{served.address}/graphql", json={"query": query}, **options)
    return response.json()


async def is_stale(served: Served, **options: object) -> bool:
    """Whether the page comes, marked."""
    answered = await body(served, **options)
    return answered == {"data": served.whole, "extensions": {"stale": True}}


async def test_what_is_kept_is_served_as_stale_and_all_else_refused_at_once(postgres: Postgres, keeping: Served):
    with postgres.frozen():
        await until(lambda: is_stale(keeping))
        started = time.monotonic()
        answered = [await is_stale(keeping) for _ in range(5)]
        refused = [await body(keeping, OTHER) for _ in range(5)]
        took = time.monotonic() - started
    codes = [each["errors"][0]["extensions"]["code"] for each in refused]
    assert (answered, codes, took < 10 * AT_ONCE) == ([True] * 5, ["DATABASE_UNAVAILABLE"] * 5, True)
    await until(keeping.serves)
    await until(lambda: _is_current(keeping))


async def test_what_is_kept_is_refused_once_it_is_too_old(postgres: Postgres):
    async with serving(postgres.url, CAVEAT_CACHE_MB="64", CAVEAT_STALE_LIMIT="2") as served:
        await until(served.is_ready)
        served.whole = (await served.ask()).data
        with postgres.frozen():
            await until(lambda: is_stale(served))
            await until(lambda: _is_refused(served))
        await until(lambda: _is_current(served))


async def test_a_key_that_was_good_is_served_what_is_kept_and_one_that_was_revoked_is_not(
    postgres: Postgres, keeping: Served
):
    engine = Engine(postgres.url)
    name = f"app-{postgres.pid}-{time.monotonic_ns()}"
    good, dead = await register(engine, name), await register(engine, f"{name}-dead")
    await body(keeping, headers=bearer(dead))
    await revoke_keys(engine, f"{name}-dead")
    await engine.close()
    await until(lambda: _is_dead(keeping, dead))
    for _ in range(5):  # what was read before the notification of it came is read again
        await body(keeping, headers=bearer(good))

    with postgres.frozen():
        await until(lambda: is_stale(keeping, headers=bearer(good)))
        assert "data" not in await body(keeping, headers=bearer(dead))


async def test_who_has_a_key_is_not_refused_what_is_kept_before_the_database_is_known_to_be_away(
    postgres: Postgres, keeping: Served
):
    engine = Engine(postgres.url)
    headers = bearer(await register(engine, f"app-{postgres.pid}-{time.monotonic_ns()}"))
    await engine.close()
    await until(lambda: _is_whole(keeping, headers=headers))

    with postgres.frozen():
        started, refused, stale = time.monotonic(), 0, 0
        while time.monotonic() - started < AWAY_KNOWN:
            answered = await body(keeping, headers=headers)
            refused += "data" not in answered
            stale += "extensions" in answered

    assert (refused, stale > 0) == (0, True)


async def _is_whole(served: Served, **options: object) -> bool:
    return await body(served, **options) == {"data": served.whole}


async def _is_current(served: Served) -> bool:
    return await body(served) == {"data": served.whole}


async def _is_refused(served: Served) -> bool:
    answered = await body(served)
    return "errors" in answered and answered["data"] == {"answer": None}


async def _is_dead(served: Served, key: object) -> bool:
    answered = await body(served, headers=bearer(key))
    return answered.get("errors", [{}])[0].get("extensions", {}).get("code") == "KEY_REVOKED"
