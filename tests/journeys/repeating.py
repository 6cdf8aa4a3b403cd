"""Requests that come again, and what their responses have in common."""

import asyncio
from contextlib import asynccontextmanager

import sqlalchemy

from server.web.repeats import REPEATS
from tests.web.running import PATIENCE

SLUG = "what-is-tea"
CONTENT = f'{{ answer(slug: "{SLUG}") {{ title status disclaimers {{ text }} body {{ text }} }} }}'
LONG = f'{{ answer(slug: "{SLUG}") {{ {" ".join(f"a{n}: title" for n in range(90))} disclaimers {{ text }} }} }}'
COUNTED = ("x-request-id", "ratelimit", "date")


def repeats(server):
    """What remembers requests."""
    return server.server.lifespan.state[REPEATS]


async def repeated(server, **request):
    """The response to a request once it came before; not the first time, nor while the news is being looked up."""
    before = repeats(server).answered
    async with asyncio.timeout(PATIENCE):
        while True:
            response = await server.send(**request)
            if repeats(server).answered > before:
                return response


async def check_retracted(server):
    """Waits until a server tells that the answer was retracted, and asks that it does whenever it repeats itself."""
    async with asyncio.timeout(PATIENCE):
        while (await server.send(json={"query": CONTENT})).json()["data"]["answer"]["status"] != "RETRACTED":
            pass
    last = await repeated(server, json={"query": CONTENT})

    assert last.json()["data"]["answer"]["status"] == "RETRACTED"
    assert "Tea is" not in last.text


@asynccontextmanager
async def locked(engine, table):
    """Nobody can read a table meanwhile."""
    async with engine.transaction() as session:
        await session.execute(sqlalchemy.text(f"lock table {table} in access exclusive mode"))
        yield


def plain(response):
    """All of a response that is not of one request alone."""
    headers = {name: value for name, value in response.headers.items() if name not in COUNTED}
    return response.status_code, headers, response.content


def left(response):
    """How many requests are left in the minute."""
    return int(response.headers["ratelimit"].split(";")[1].removeprefix("r="))


async def check_charges(server):
    """Asks a server that grants 50 requests a minute until it refuses one: each takes one, however it is answered."""
    responses = []
    while len(responses) <= 50:
        response = await server.post(CONTENT)
        responses = [response] if left(response) == 49 else [*responses, response]  # another minute has begun

    *served, refused = responses
    assert [left(each) for each in served] == list(range(49, -1, -1))
    assert repeats(server).answered > 0
    assert (refused.status_code, refused.json()["errors"][0]["extensions"]["code"]) == (429, "RATE_LIMITED")
