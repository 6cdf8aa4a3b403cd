"""A run that waits for nothing gives what a run in full gives, or nothing."""

import asyncio

import pytest

from server.execution.compiler.prompt import at_once


async def soon(value):
    return value


async def later():
    await asyncio.sleep(0)


async def failing():
    raise ValueError("of its own")


class Ready:
    """What is waited for, and is neither a coroutine nor a future."""

    def __await__(self):
        return soon(3).__await__()


async def done(value):
    future = asyncio.get_running_loop().create_future()
    future.set_result(value)
    return future


async def test_what_is_there_is_given():
    assert [at_once(soon(1)), at_once(await done(2)), at_once(Ready())] == [1, 2, 3]


async def test_what_is_not_there_is_not_waited_for():
    waiting = later()
    with pytest.raises(asyncio.InvalidStateError):
        at_once(waiting)
    with pytest.raises(asyncio.InvalidStateError):
        at_once(asyncio.get_running_loop().create_future())

    assert waiting.cr_frame is None


async def test_an_error_is_raised():
    with pytest.raises(ValueError, match="of its own"):
        at_once(failing())
