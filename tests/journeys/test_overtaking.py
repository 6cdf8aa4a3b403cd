"""What is withdrawn while a request is under way does not go out with it, however long the rest of it takes."""

import asyncio

import pytest

from server.content.publishing import publish
from server.content.withdrawal import Named, retract
from server.limits import AnonymousLimits, Limits
from tests.journeys.slowness import Slowness
from tests.schema.drafts import answer, section
from tests.web.registered import serving
from tests.web.running import until

LATE = 0.11
"""Seconds for each read: eleven of them, one after the other, take more than one."""
MOST = 1_000_000
PART = "status disclaimers { text } body { text }"
TEA = answer("what-is-tea", topics=(), sources=(), sections=(section(),))
"""Related to nothing, so that each step of the others is one read."""


def asked(name):
    """An operation that reads an answer first, and then goes on for long; each name makes it another."""
    slowly = "id"
    for first in (5, 5, 4, 4, 3, 3, 2, 2, 1, 1):
        slowly = f"id relatedAnswers(first: {first}) {{ {slowly} }}"
    return f'query {name} {{ answer(slug: "what-is-tea") {{ {PART} }} other: answer(slug: "one") {{ {slowly} }} }}'


@pytest.mark.parametrize("kept", [{}, {"cache_megabytes": 0}, {"cache_megabytes": 0, "objects_mb": 0}])
async def test_what_was_retracted_meanwhile_does_not_go_out(database_url, engine, kept):
    await publish(engine, [TEA, answer("one"), answer("two")])
    settings = {"objects_mb": 0, "limits": Limits(max_cost=MOST), "anonymous": AnonymousLimits(max_cost=MOST)} | kept
    async with Slowness(database_url).open() as way, serving(way.url, **settings) as server:
        assert "blood" in (await server.post(asked("Warm"))).text
        way.seconds = LATE
        asking = asyncio.create_task(server.post(asked("Slow")))
        await until(lambda: way.passed > 2)
        await retract(engine, Named(slug="what-is-tea", locale="en"), reason="It was wrong.")
        response = await asking
        way.seconds = 0

    assert response.json()["data"]["answer"]["status"] == "RETRACTED"
    assert "blood" not in response.text
