"""What is asked for together is loaded together, for each who asks."""

import asyncio

import pytest

from schema.loading import Loader


class Source:
    """Loads the squares of numbers, and remembers which; fails where it is told to."""

    def __init__(self, error=None):
        self.loaded = []
        self.began, self.may_go = asyncio.Event(), asyncio.Event()
        self._error = error

    async def __call__(self, keys):
        self.loaded.append(list(keys))
        self.began.set()
        await self.may_go.wait()
        if self._error:
            raise self._error
        return [key * key for key in keys]


async def test_what_is_asked_for_in_one_step_is_loaded_once():
    source = Source()
    loader = Loader(source)
    source.may_go.set()

    assert await asyncio.gather(loader.load(2), loader.load(3), loader.load(2)) == [4, 9, 4]
    assert loader.load(2).result() == 4
    assert source.loaded == [[2, 3]]


async def test_who_is_cancelled_leaves_it_to_the_others():
    source = Source()
    loader = Loader(source)
    one, other = (asyncio.ensure_future(loader.load(2)) for _ in range(2))
    await source.began.wait()

    one.cancel()
    source.may_go.set()

    assert await other == 4
    assert one.cancelled()
    assert source.loaded == [[2]]


async def test_what_nobody_waits_for_is_not_loaded_until_it_is_asked_for_again():
    source = Source()
    loader = Loader(source)
    source.may_go.set()
    loader.load(2).cancel()

    assert await loader.load(3) == 9
    assert await loader.load(2) == 4
    assert source.loaded == [[3], [2]]


async def test_what_failed_fails_for_all_who_ask():
    source = Source(ValueError("no squares"))
    loader = Loader(source)
    source.may_go.set()

    failed = await asyncio.gather(loader.load(2), loader.load(2), return_exceptions=True)

    assert [str(error) for error in failed] == ["no squares"] * 2
    with pytest.raises(ValueError, match="no squares"):
        await loader.load(2)
    assert source.loaded == [[2]]


async def test_what_becomes_known_meanwhile_is_not_loaded():
    source = Source()
    loader = Loader(source)
    waiting = loader.load(2)

    loader.prime(2, 5)
    await asyncio.sleep(0)

    assert await waiting == 5
    assert await loader.load(2) == 5
    assert source.loaded == []
