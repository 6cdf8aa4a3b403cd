import asyncio

import pytest

from server.web.presence import unless_gone
from server.web.reading import ClientGoneError


def receiving(*kinds):
    """What a client sends, and then nothing."""
    waiting = list(kinds)

    async def receive():
        if not waiting:
            await asyncio.Event().wait()
        return {"type": waiting.pop(0)}

    return receive


async def give(value):
    await asyncio.sleep(0)
    return value


async def test_the_work_for_a_client_that_stays_is_done():
    before = asyncio.all_tasks()

    assert await unless_gone(receiving("http.request"), give(7)) == 7

    assert asyncio.all_tasks() == before


async def test_the_work_for_a_client_that_has_hung_up_is_stopped():
    ended = []

    async def work():
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(True)

    with pytest.raises(ClientGoneError):
        await unless_gone(receiving("http.request", "http.disconnect"), work())

    assert ended == [True]


async def test_an_error_of_the_work_is_the_callers():
    async def fail():
        raise ValueError("x")

    with pytest.raises(ValueError, match="x"):
        await unless_gone(receiving(), fail())
