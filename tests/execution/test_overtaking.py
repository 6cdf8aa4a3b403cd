import asyncio
import time

import pytest

from server.errors.requests import OperationTimedOutError
from server.execution import overtaking
from server.execution.bringing import Bringing
from server.execution.operation import Result, Served
from server.execution.overtaking import LATE, RUNS, Overtaking, lasts, settling
from server.execution.serving import STALE
from tests.execution.shelves import ITEM, Freshness, Shop, begun

TEA = Result(data={"item": "tea"}, tags=frozenset("a"))
MET = frozenset("a")


class Morning:
    """What hears news, and the hour by its clock, in seconds."""

    def __init__(self, **options):
        self.hour, self.freshness = 100.0, Freshness()
        options = {"seconds": 10, "stale_limit": 300} | options
        self.overtaking = Overtaking(self.freshness, lambda met: met, clock=lambda: self.hour, **options)

    def hear(self, tags, *, age=0.0):
        """News of what changed since a look of some age."""
        self.freshness.age = age
        self.overtaking.hear(tags)

    async def end(self, *, began, result=TEA, met=MET):
        """What becomes of a run that ends now."""
        return await self.overtaking.settle(result, met, since=began)


@pytest.mark.parametrize("told", [frozenset("a"), frozenset("xa"), None])
async def test_what_was_touched_while_a_run_lasted_is_run_again(told):
    morning = Morning()
    morning.hear(told)
    morning.hour += 1.5

    assert await morning.end(began=100.0) is None


async def test_news_of_something_else_and_from_before_overtakes_nothing():
    morning = Morning()
    morning.hear(frozenset("a"))
    morning.hour += 0.1
    morning.hear(frozenset("b"))
    morning.hour += 1.5

    assert await morning.end(began=100.05) is TEA


async def test_what_changed_a_moment_ago_may_still_go_out():
    morning = Morning()
    morning.hour += 2.0
    morning.hear(frozenset("a"), age=0.1)
    morning.hour += LATE - 0.2

    assert await morning.end(began=100.0) is TEA


async def test_what_may_have_changed_long_before_it_was_told_may_not():
    morning = Morning()
    morning.hour += 2.0

    async def tell():
        morning.hear(frozenset("a"), age=1.9)
        return True

    morning.freshness.confirm = tell

    assert await morning.end(began=100.0) is None


@pytest.mark.parametrize("result", [Result(data={"item": None}), Result(data=None), Result(is_refusal=True)])
async def test_what_gives_nothing_needs_no_look(result):
    morning = Morning()
    morning.hear(None)
    morning.hour += 1.5

    assert await morning.end(began=100.0, result=result) is result


async def test_what_met_nothing_that_must_be_current_may_be_older():
    morning = Morning()
    morning.hear(None)
    morning.hour += 1.5

    assert await morning.end(began=100.0, met=frozenset()) is TEA


async def test_where_nobody_can_tell_it_is_marked_as_stale_and_not_for_long():
    morning = Morning(stale_limit=2)
    morning.freshness.now, morning.freshness.confirms = False, False
    morning.hour += 1.5
    marked = await morning.end(began=100.0)
    morning.hour += 1.5

    assert (marked.data, marked.served, marked.extensions, marked.age) == (TEA.data, Served.STALE, STALE, 1.5)
    assert marked.tags is None
    assert await morning.end(began=100.0) is None


async def test_news_is_held_as_long_as_a_run_may_last():
    morning = Morning()
    for _ in range(100):
        morning.hear(frozenset("a"))
        morning.hour += 0.5

    assert len(morning.overtaking._told) == 21


def test_a_run_lasts_from_a_fifth_of_a_second_on():
    assert [lasts(time.monotonic() - seconds) for seconds in (0.0, 0.3)] == [False, True]


@pytest.fixture
def shop(monkeypatch):
    """One of which every run lasts, and every news is late."""
    shop = Shop()
    monkeypatch.setattr(overtaking, "SHORT", -1)
    monkeypatch.setattr(overtaking, "LATE", -1)
    hearing = Overtaking(shop.freshness, lambda look: frozenset(look.tags), seconds=10, stale_limit=300)
    shop.pipeline.settle = hearing.settle
    shop.hear = hearing.hear
    return shop


@pytest.mark.parametrize("is_kept", [True, False])
async def test_an_operation_that_news_overtook_gives_what_is_there_by_now(shop, is_kept):
    shop.pipeline.serving = shop.serving if is_kept else None
    shop.shelf.gate.clear()
    asking = asyncio.create_task(shop.ask(ITEM))
    await begun(shop, 1)
    shop.shelf.items["a"] = "withdrawn"
    shop.hear(frozenset("a"))
    shop.shelf.gate.set()

    assert ((await asking).body, shop.shelf.reads) == (b'{"data":{"item":"withdrawn"}}', ["a", "a"])


@pytest.mark.parametrize("is_kept", [True, False])
async def test_an_operation_that_is_overtaken_again_and_again_is_refused(shop, is_kept):
    shop.pipeline.serving = shop.serving if is_kept else None

    async def change():
        shop.hear(frozenset("a"))

    shop.shelf.gate.wait = change
    result = await shop.ask(ITEM)

    assert (result.code, result.is_refusal, shop.shelf.reads) == ("OPERATION_TIMED_OUT", True, ["a"] * RUNS)
    assert len(shop.responses) == 0


async def test_what_is_marked_as_stale_is_neither_kept_nor_shared_as_current(shop):
    shop.freshness.now, shop.freshness.confirms = False, False
    shop.shelf.gate.clear()
    asking = [asyncio.create_task(shop.ask(ITEM)) for _ in range(2)]
    await begun(shop, 1)
    shop.shelf.gate.set()

    assert [each.served for each in await asyncio.gather(*asking)] == [Served.STALE] * 2
    assert len(shop.responses) == 0


async def test_a_mutation_is_run_once(shop):
    shop.hear(None)

    assert (await shop.ask("mutation { buy }")).body == b'{"data":{"buy":"bought"}}'


@pytest.mark.parametrize("found", [None, Result(data=TEA.data, served=Served.STALE)])
async def test_a_run_that_is_no_task_is_left_where_it_may_not_go_out_as_it_is(found):
    async def settle(_result, _context, *, since):
        return found

    with pytest.raises(OperationTimedOutError):
        await Bringing.begun(settling(TEA, None, settle=settle, since=0.0)).finish()


async def test_a_run_that_is_no_task_goes_out_where_nothing_overtook_it():
    assert await Bringing.begun(settling(TEA, None, settle=overtaking.as_it_is, since=0.0)).finish() is TEA
