import asyncio

import pytest

from server.execution.operation import Served
from server.limits import Limits
from tests.execution.shelves import ITEM, Shop, begun


@pytest.fixture
def shop():
    return Shop()


async def test_those_who_ask_the_same_at_once_wait_for_one_run(shop):
    shop.shelf.gate.clear()
    running = [asyncio.create_task(shop.ask(ITEM)) for _ in range(5)]
    await begun(shop, 1)
    shop.shelf.gate.set()
    results = await asyncio.gather(*running)

    assert [each.served for each in results] == [Served.RUN, *[Served.SHARED] * 4]
    assert ({each.body for each in results}, shop.shelf.reads) == ({b'{"data":{"item":"tea"}}'}, ["a"])


async def test_who_joined_a_run_before_it_was_touched_does_not_get_what_it_read(shop):
    shop.shelf.gate.clear()
    running = [asyncio.create_task(shop.ask(ITEM)) for _ in range(3)]
    await begun(shop, 1)
    shop.shelf.items["a"] = "rum"
    shop.responses.drop(frozenset("a"))
    late = asyncio.create_task(shop.ask(ITEM))
    await asyncio.sleep(0)
    shop.shelf.gate.set()
    _, *others = await asyncio.gather(*running, late)

    assert {each.body for each in others} == {b'{"data":{"item":"rum"}}'}


async def test_those_who_cannot_take_what_was_read_before_they_asked_wait_for_one_run_more(shop):
    shop.shelf.gate.clear()
    running = [asyncio.create_task(shop.ask(ITEM)) for _ in range(9)]
    await begun(shop, 1)
    shop.shelf.items["a"] = "rum"
    shop.responses.drop(frozenset("a"))
    shop.shelf.gate.set()
    _, *others = await asyncio.gather(*running)

    assert ({each.body for each in others}, shop.shelf.reads) == ({b'{"data":{"item":"rum"}}'}, ["a", "a"])
    assert [each.served for each in others] == [Served.RUN, *[Served.SHARED] * 7]
    assert (await shop.ask(ITEM)).served is Served.KEPT


async def test_a_run_that_cannot_be_confirmed_is_not_shared(shop):
    shop.shelf.gate.clear()
    running = [asyncio.create_task(shop.ask(ITEM)) for _ in range(2)]
    await begun(shop, 1)
    shop.freshness.now = False
    shop.shelf.gate.set()
    await asyncio.gather(*running)

    assert shop.shelf.reads == ["a", "a"]


async def test_who_hangs_up_leaves_the_run_to_the_others(shop):
    shop.shelf.gate.clear()
    first, second = [asyncio.create_task(shop.ask(ITEM)) for _ in range(2)]
    await begun(shop, 1)
    first.cancel()
    await asyncio.wait([first])
    shop.shelf.gate.set()

    assert ((await second).body, first.cancelled(), shop.shelf.reads) == (b'{"data":{"item":"tea"}}', True, ["a"])


async def test_a_run_that_nobody_waits_for_ends(shop):
    shop.shelf.gate.clear()
    running = [asyncio.create_task(shop.ask(ITEM)) for _ in range(2)]
    await begun(shop, 1)
    for each in running:
        each.cancel()
    await asyncio.wait(running)
    await asyncio.sleep(0)
    shop.shelf.gate.set()

    assert ((await shop.ask(ITEM)).served, shop.shelf.reads) == (Served.RUN, ["a", "a"])
    assert shop.responses._hearings == set()


async def test_who_waits_for_a_run_waits_no_longer_than_for_an_own_one():
    shop = Shop(limits=Limits(max_seconds=0))
    shop.shelf.gate.clear()
    results = await asyncio.gather(*[shop.ask(ITEM) for _ in range(3)])

    assert [each.code for each in results] == ["OPERATION_TIMED_OUT"] * 3
