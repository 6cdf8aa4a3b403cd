import asyncio
import uuid

import pytest

from server.db import patience
from server.db.reads import Reads
from server.events.news import AWAY, LEASE, MOST_ENTRIES, PAUSE, News, Told
from server.events.outbox import SetKind, open_outbox
from tests.waiting import until

EVERYTHING = Told(is_everything=True)


class Clock:
    """Stands still until it is moved."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def heard():
    return []


@pytest.fixture
async def news(reads, clock, heard):
    opened = News(reads, clock=clock)
    opened.tell(heard.append)
    async with opened:
        heard.clear()
        yield opened


async def write(engine, *entries):
    async with engine.transaction() as session:
        outbox = await open_outbox(session)
        for kind, identity in entries:
            if kind is None:
                outbox.add_answer("UPDATED", identity)
            else:
                outbox.add_set(kind, set_id=identity)
        await outbox.write(session)


async def test_the_first_look_says_that_anything_may_have_changed(reads, clock, heard):
    news = News(reads, clock=clock)
    news.tell(heard.append)

    assert (news.is_current(), await news.confirm(), news.is_current(), heard) == (False, True, True, [EVERYTHING])


async def test_every_entry_is_told_once(news, engine, clock, heard):
    answer, source = uuid.uuid4(), uuid.uuid4()
    await write(engine, (None, answer), (SetKind.SOURCE, source))

    for _ in range(2):
        clock.now += LEASE * 2
        assert await news.confirm()

    assert heard == [Told(answers=frozenset([answer]), sets=frozenset([("SOURCE", source)]))]


async def test_a_look_is_good_for_its_lease_and_no_longer(news, clock):
    clock.now += LEASE
    within = news.is_current()
    clock.now += 0.01

    assert (within, news.is_current()) == (True, False)


async def test_within_its_lease_a_look_costs_no_statement(news, reads):
    before = reads.statements
    for _ in range(100):
        assert await news.confirm()

    assert reads.statements == before


async def test_whoever_waits_for_the_same_look_waits_for_one_statement(news, reads, clock):
    before = reads.statements
    clock.now += LEASE * 2
    waiting = [news.confirm() for _ in range(20)]

    assert [await each for each in waiting] == [True] * 20
    assert reads.statements == before + 1


async def test_a_look_outlives_the_operation_that_asked_for_it(news, clock):
    clock.now += LEASE * 2
    with patience.shared():
        looks = [asyncio.create_task(news.confirm()) for _ in range(2)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    assert await asyncio.gather(*looks) == [True, True]


async def test_a_notification_is_looked_after_within_the_lease(news, engine, heard):
    answer = uuid.uuid4()
    await write(engine, (None, answer))
    news.note()

    await until(lambda: _is(heard, [Told(answers=frozenset([answer]))]))


async def test_after_a_new_connection_anything_may_have_changed(news, heard):
    news.note_connected()

    assert not news.is_current()
    assert await news.confirm()
    assert heard == [EVERYTHING]


async def test_of_more_entries_than_are_read_at_once_anything_may_have_changed(news, engine, clock, heard):
    await write(engine, *[(None, uuid.uuid4()) for _ in range(MOST_ENTRIES + 1)])
    clock.now += LEASE * 2

    assert await news.confirm()
    assert heard == [EVERYTHING]


async def test_what_is_pruned_unread_may_be_anything(news, engine, reads, clock, heard):
    await write(engine, (None, uuid.uuid4()))
    async with engine.transaction() as session:
        connection = await session.connection()
        await connection.exec_driver_sql("update outbox_horizon set position = 1")
        await connection.exec_driver_sql("delete from outbox")
    clock.now += LEASE * 2

    assert await news.confirm()
    assert heard == [EVERYTHING]


async def test_without_a_database_nothing_is_current_and_nobody_waits_twice(clock, heard, database_url):
    reads = Reads(database_url)
    news = News(reads, clock=clock)
    news.tell(heard.append)
    await news.confirm()
    await reads.close()
    clock.now += LEASE * 2

    assert [await news.confirm() for _ in range(3)] == [False] * 3
    assert news.age == pytest.approx(LEASE * 2)


async def test_after_looks_that_failed_nobody_waits_for_the_next(clock):
    news = News(Reads("postgresql://nobody@127.0.0.1:1/none"), clock=clock)
    for _ in range(AWAY):
        clock.now += PAUSE
        assert not await news.confirm()
    clock.now += PAUSE

    waiting = news.confirm()
    with pytest.raises(StopIteration) as ended:
        waiting.send(None)
    assert (ended.value.value, news.is_away) == (False, True)


async def test_one_look_that_failed_does_not_say_that_the_database_is_away(news, reads, clock):
    news._reads = Reads("postgresql://nobody@127.0.0.1:1/none")
    clock.now += LEASE * 2
    is_current = await news.confirm(), news.is_away
    news._reads = reads
    clock.now += PAUSE

    assert (is_current, await news.confirm()) == ((False, False), True)


async def test_when_the_database_is_back_so_is_the_news(reads, clock):
    news = News(Reads("postgresql://nobody@127.0.0.1:1/none"), clock=clock)
    for _ in range(AWAY):
        clock.now += PAUSE
        await news.confirm()
    away = news.is_away

    news._reads = reads  # the same address, where somebody answers again
    too_early = await news.confirm()
    clock.now += PAUSE
    await until(news.confirm)
    assert (away, too_early, news.is_away) == (True, False, False)


async def _is(heard, expected):
    return heard == expected
