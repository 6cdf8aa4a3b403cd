"""That caches outside are told what changed, whatever fails meanwhile; the cache is a server that writes down."""

import asyncio
import uuid
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from server.events.news import MOST_ENTRIES, Told
from server.events.outbox import open_outbox
from server.events.purging import following, queue
from server.events.purging.following import Purger
from server.events.purging.queue import PurgeQueue
from server.events.stream import Wakes
from server.settings import Purging
from tests.web.running import until


@pytest.fixture(autouse=True)
def prompt(monkeypatch):
    monkeypatch.setattr(queue, "DELAYS", (0.0, 0.0))


def name(told: Told):
    return ["everything"] if told.is_everything else sorted(f"a-{each.hex}" for each in told.answers)


class Digests(dict):
    """How things are that change without an entry."""

    async def __call__(self, _session):
        return dict(self)


@pytest.fixture
def digests():
    return Digests()


@pytest.fixture
def purges(engine, reads, digests):
    return PurgeQueue(engine, reads, name=name, look=digests)


@asynccontextmanager
async def purging(purges, cache, wakes=None, **options):
    async with Purger(purges, Purging(url=cache.url, **options), wakes=wakes or Wakes(safety_seconds=0.05)) as purger:
        yield purger


async def write(engine, count=1):
    ids = [uuid.uuid4() for _ in range(count)]
    async with engine.transaction() as session:
        outbox = await open_outbox(session)
        for each in ids:
            outbox.add_answer("UPDATED", each)
        await outbox.write(session)
    return sorted(f"a-{each.hex}" for each in ids)


async def waiting(reads):
    return await reads.fetch_value("select count(*) from purge")


async def test_what_changes_is_purged_each_time_once_more_than_it_is_delayed(engine, reads, purges, cache):
    async with purging(purges, cache) as purger:
        changed = await write(engine, 2)
        await until(lambda: purger.purged == 6)

    assert cache.told == [changed] * 3
    assert await waiting(reads) == 0


async def test_a_clock_that_is_set_back_puts_no_purge_off(engine, reads, purges, cache, monkeypatch):
    monkeypatch.setattr(queue, "DELAYS", (0.05, 0.05))
    [changed] = await write(engine)
    await purges.gather()
    async with engine.transaction() as session:
        connection = await session.connection()
        await connection.exec_driver_sql("update purge set due_at = due_at + interval '1 hour'")

    async with purging(purges, cache) as purger:
        await until(lambda: purger.purged == 3)

    assert (cache.told, await waiting(reads)) == ([[changed]] * 3, 0)


async def test_what_changed_while_nothing_ran_is_purged_later(engine, purges, cache):
    changed = await write(engine)

    async with purging(purges, cache):
        await until(lambda: cache.names == changed)


async def test_a_purge_that_is_refused_is_tried_again_until_it_is_not(engine, reads, purges, cache):
    cache.status = 503
    async with purging(purges, cache) as purger:
        changed = await write(engine)
        await until(lambda: purger.failed >= 2)
        assert (purger.purged, await waiting(reads)) == (0, 1)
        cache.status = 204
        await until(lambda: purger.purged == 3)

    assert cache.names == changed


async def test_a_cache_that_is_away_loses_nothing(engine, reads, purges, cache):
    url, cache.url = cache.url, "http://127.0.0.1:1/"
    async with purging(purges, cache) as purger:
        changed = await write(engine)
        await until(lambda: purger.failed >= 1)
    cache.url = url
    async with purging(purges, cache):
        await until(lambda: cache.names == changed)


async def test_who_can_not_tell_what_is_due_goes_on_and_says_so(engine, purges, cache, monkeypatch):
    plain, failures = purges.next_due, iter([RuntimeError, None])

    async def next_due():
        if error := next(failures, None):
            raise error
        return await plain()

    monkeypatch.setattr(purges, "next_due", next_due)
    async with purging(purges, cache) as purger:
        await until(lambda: purger.failed == 1)
        changed = await write(engine)
        await until(lambda: purger.purged == 3)

    assert cache.told == [changed] * 3


async def test_of_several_processes_one_works_at_a_time(engine, reads, purges, cache):
    others = [PurgeQueue(engine, reads, name=name, look=Digests()) for _ in range(3)]
    async with AsyncExitStack() as stack:
        all_ = [await stack.enter_async_context(purging(each, cache)) for each in (purges, *others)]
        changed = await write(engine, 5)
        await until(lambda: sum(each.purged for each in all_) == 15)

    assert cache.told == [changed] * 3


async def test_a_process_that_dies_in_the_middle_of_a_call_leaves_it_to_the_others(engine, reads, purges, cache):
    changed = await write(engine)
    calling = asyncio.Event()

    async def hang(_names):
        calling.set()
        await asyncio.Event().wait()

    await purges.gather()
    dying = asyncio.create_task(purges.work(hang))
    await calling.wait()
    assert await purges.work(hang) == 0  # the other one is at it
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)

    async with purging(purges, cache):
        await until(lambda: cache.names == changed)


async def test_who_waits_for_another_process_looks_now_and_then(engine, reads, purges, cache, digests):
    looked, looks = PurgeQueue(engine, reads, name=name, look=digests).next_due, []
    await write(engine)
    await purges.gather()
    calling = asyncio.Event()

    async def hang(_names):
        calling.set()
        await asyncio.Event().wait()

    async def next_due():
        looks.append(asyncio.get_running_loop().time())
        return await looked()

    at_it = asyncio.create_task(purges.work(hang))
    await calling.wait()
    other = PurgeQueue(engine, reads, name=name, look=digests)
    other.next_due = next_due
    async with purging(other, cache, Wakes()):
        await until(lambda: len(looks) > 3)
    at_it.cancel()
    await asyncio.gather(at_it, return_exceptions=True)

    assert looks[3] - looks[0] >= 3 * following.TURN * 0.9


async def test_what_changes_is_purged_before_what_is_purged_again(engine, purges, cache):
    await write(engine, 300)
    async with purging(purges, cache):
        await until(lambda: cache.told)
        [changed] = await write(engine)
        before = len(cache.told)
        await until(lambda: changed in cache.names)
        place = [changed in names for names in cache.told].index(True)

    assert place <= max(before + 2, 10)  # behind one call that was under way, or that of what changed before


async def test_more_than_can_be_told_is_everything(engine, purges, cache):
    await write(engine, MOST_ENTRIES + 1)

    async with purging(purges, cache):
        await until(lambda: cache.names == ["everything"])


async def test_no_call_names_more_than_caches_take(engine, purges, cache):
    changed = await write(engine, 70)

    async with purging(purges, cache) as purger:
        await until(lambda: purger.purged == 210)

    assert max(map(len, cache.told)) == queue.MOST_AT_ONCE
    assert cache.names == changed


async def test_what_changes_without_an_entry_is_purged_when_its_digest_does(purges, cache, digests):
    async with purging(purges, cache) as purger:
        digests["c-app"] = "1"
        await until(lambda: purger.purged == 3)
        digests["c-app"] = "2"
        await until(lambda: purger.purged == 6)

    assert cache.told == [["c-app"]] * 6


async def test_what_changes_again_begins_again(engine, reads, purges, cache, monkeypatch):
    monkeypatch.setattr(queue, "DELAYS", (60.0, 60.0))
    changed = await write(engine)
    async with purging(purges, cache) as purger:
        await until(lambda: purger.purged == 1)
        async with engine.transaction() as session:
            outbox = await open_outbox(session)
            outbox.add_answer("UPDATED", uuid.UUID(changed[0][2:]))
            await outbox.write(session)
        await until(lambda: purger.purged == 2)

    assert await reads.fetch_value("select sent from purge") == 1
    assert 50 < await purges.next_due() <= 60


async def test_entries_that_were_pruned_unread_are_everything(engine, reads, purges, cache):
    await write(engine)
    async with engine.transaction() as session:
        connection = await session.connection()
        await connection.exec_driver_sql("update outbox_horizon set position = 1")

    async with purging(purges, cache):
        await until(lambda: cache.names == ["everything"])
