"""A run that is no task: whoever drives it is handed what it waits for, and sends what that gave."""

import asyncio
from types import SimpleNamespace

import pytest

from server.execution.compiler.prompt import PromptRun


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


class Asked:
    """What is waited for, and says so itself."""

    def __await__(self):
        return (yield self)


async def done(value):
    future = asyncio.get_running_loop().create_future()
    future.set_result(value)
    return future


def run_of(awaitable):
    """A run whose one field waits for something, and gives it as it is."""
    wait = SimpleNamespace(key="field", is_nullable=True, value=lambda _run, value, *_: value)

    def root(_run, _value, place, null, pending):
        result = {"field": None}
        pending.append((wait, awaitable, result, place, null))
        return result

    return PromptRun(None, [], most=1).steps(root)


def at_once(awaitable):
    with pytest.raises(StopIteration) as end:
        next(run_of(awaitable))
    return end.value.value


async def test_what_is_there_is_given():
    given = [at_once(soon(1)), at_once(await done(2)), at_once(Ready())]
    assert given == [{"field": 1}, {"field": 2}, {"field": 3}]


async def test_what_is_not_there_is_handed_out_and_what_is_sent_is_given():
    async def double():
        return 2 * await asked

    asked = Asked()
    steps = run_of(double())

    assert next(steps) is asked
    with pytest.raises(StopIteration) as end:
        steps.send(21)
    assert end.value.value == {"field": 42}


async def test_what_is_given_up_is_closed():
    waiting = later()
    steps = run_of(waiting)
    next(steps)
    steps.close()

    assert waiting.cr_frame is None


async def test_a_run_that_meets_an_error_gives_nothing():
    assert at_once(failing()) is None
