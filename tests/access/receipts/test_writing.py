import asyncio
import datetime

from server.access.receipts.lines import Lines, Served
from server.access.receipts.writing import Batch, prune, write
from server.db.uuids import new_uuid
from tests.access.receipts.receipting import ANSWER, DAY, lines, written


async def test_a_batch_is_added_to_what_is_written(engine, reads):
    writer = new_uuid()
    assert await write(engine, Batch(writer=writer, number=1, lines=lines(count=2)))
    assert await write(engine, Batch(writer=writer, number=2, lines=lines(count=3)))

    assert await written(reads) == ([(None, "", ANSWER, 1, 5)], [(None, "Answer.id", 5)])


async def test_a_batch_that_is_written_twice_counts_once(engine, reads):
    batch = Batch(writer=new_uuid(), number=1, lines=lines(count=2))
    assert await write(engine, batch)

    assert not await write(engine, batch)

    assert await written(reads) == ([(None, "", ANSWER, 1, 2)], [(None, "Answer.id", 2)])


async def test_one_batch_that_is_written_by_two_at_once_counts_once(engine, reads):
    batch = Batch(writer=new_uuid(), number=1, lines=lines(count=2))

    assert sorted(await asyncio.gather(write(engine, batch), write(engine, batch))) == [False, True]

    assert await written(reads) == ([(None, "", ANSWER, 1, 2)], [(None, "Answer.id", 2)])


def many(order):
    made = Lines(most=1_000)
    for revision in order:
        made.add_served(Served(DAY, None, "", ANSWER, revision), 1)
    return made


async def test_writers_that_write_the_same_lines_at_once_lose_none(engine, reads):
    numbers = list(range(1, 201))
    batches = [
        Batch(writer=new_uuid(), number=1, lines=many(order)) for order in (numbers, numbers[::-1]) for _ in range(4)
    ]

    await asyncio.gather(*[write(engine, batch) for batch in batches])

    served, _ = await written(reads)
    assert [row[4] for row in served] == [8] * 200


async def test_receipts_of_days_past_are_deleted_with_their_writers(engine, reads):
    days = [DAY - datetime.timedelta(days=number) for number in range(3)]
    for number, day in enumerate(days, start=1):
        await write(engine, Batch(writer=new_uuid(), number=number, lines=lines(day=day)))
    async with engine.transaction() as session:
        await (await session.connection()).exec_driver_sql("update receipt_writer set written_at = '2020-01-01'")

    assert await prune(engine, before=days[1]) == 2

    assert await written(reads) == ([(None, "", ANSWER, 1, 2)], [(None, "Answer.id", 2)])
    assert await reads.fetch_value("select count(*) from receipt_writer") == 0
