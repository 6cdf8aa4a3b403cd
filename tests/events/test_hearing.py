import asyncio
import math
import uuid

import pytest

from server.db.listen import Listener
from server.db.reads import Reads
from server.events.hearing import Hearing
from server.events.outbox import CHANNEL, open_outbox
from server.events.stream import Wakes
from tests.waiting import until


@pytest.fixture
def wakes():
    return Wakes()


@pytest.fixture
async def hearing(reads, engine, wakes):
    await change(engine)
    opened = Hearing(reads, wakes)
    await opened.open()
    return opened


async def change(engine):
    """Writes an entry and gives its number."""
    async with engine.transaction() as session:
        outbox = await open_outbox(session)
        position = outbox.add_answer("PUBLISHED", uuid.uuid4())
        await outbox.write(session)
    return position


def hearing_is_late(hearing):
    """Whether it lags, which a question that takes longer than the entry is old does not see."""

    async def is_late():
        return await hearing.lag() > 0

    return is_late


async def test_what_was_there_at_the_beginning_is_heard(hearing):
    assert await hearing.lag() == 0


async def test_an_entry_is_late_until_it_is_heard_of(hearing, engine, wakes):
    position = await change(engine)

    assert 0 < await hearing.lag() < 60
    hearing.note(str(position))
    assert (await hearing.lag(), wakes.head) == (0, 1)


async def test_a_new_connection_has_heard_everything(hearing, engine, wakes):
    hearing.note_lost()
    await asyncio.sleep(0.1)  # longer than any question takes
    await change(engine)

    await until(hearing_is_late(hearing))
    hearing.note_connected()
    assert (await hearing.lag(), wakes.head) == (0, 1)


async def test_the_listener_hears_of_what_is_committed(hearing, engine, database_url):
    calls = {"on_connect": hearing.note_connected, "on_lost": hearing.note_lost}
    async with Listener(database_url, {CHANNEL: hearing.note}, **calls) as listener:
        await listener.connected()
        await change(engine)

        await until(lambda: is_heard(hearing))


async def test_without_a_database_the_lag_is_unknown(hearing, reads):
    await reads.close()

    assert math.isnan(await hearing.lag())


async def is_heard(hearing):
    return await hearing.lag() == 0


async def test_it_begins_once_the_database_says_where(database_url, engine, wakes):
    await change(engine)
    is_away = False
    async with Reads(database_url, is_away=lambda: is_away) as reads:
        is_away = True
        hearing = Hearing(reads, wakes)
        await hearing.open()
        unknown = await hearing.lag()
        is_away = False
        begun = await hearing.lag()
        await change(engine)
        await until(hearing_is_late(hearing))

    assert math.isnan(unknown)
    assert begun == 0
