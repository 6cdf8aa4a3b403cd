import asyncio
import datetime
import multiprocessing

import asyncpg
import pytest

from server.access.receipts import keeping
from server.access.receipts.keeping import Receipts
from server.access.receipts.writing import Batch, write
from server.days import today
from server.db.engine import Engine
from server.db.uuids import new_uuid
from server.errors.machine import DatabaseUnavailableError
from tests.access.receipts.receipting import ANSWER, lines, receipt, written
from tests.waiting import until
from tests.web.running import until as until_so


async def test_what_is_noted_is_written_within_the_time(engine, reads):
    async with Receipts(engine, days=400, every=0.05) as receipts:
        receipts.note(None, receipt())
        await until_so(lambda: not receipts.waiting)

        assert await written(reads) == ([(None, "", ANSWER, 1, 1)], [(None, "Answer.id", 1), (None, "Query.answer", 1)])


async def test_the_end_writes_what_is_left(engine, reads):
    async with Receipts(engine, days=400, every=3_600) as receipts:
        for _ in range(7):
            receipts.note(None, receipt())

    assert (await written(reads))[0] == [(None, "", ANSWER, 1, 7)]
    assert receipts.waiting == 0


async def test_what_is_full_is_written_early(engine, reads):
    async with Receipts(engine, days=400, every=3_600) as receipts:
        receipts.gathering._most_noted = receipts.gathering._room = 4
        for _ in range(2):
            receipts.note(None, receipt())
        await until_so(lambda: not receipts.waiting)

        assert (await written(reads))[0] == [(None, "", ANSWER, 1, 2)]


async def test_receipts_too_old_to_keep_go_when_a_server_starts(engine, reads):
    old = today() - datetime.timedelta(days=11)
    await write(engine, Batch(writer=new_uuid(), number=1, lines=lines(day=old)))

    async with Receipts(engine, days=10, every=0.05):
        await until(lambda: _is_empty(reads))


async def _is_empty(reads):
    return await written(reads) == ([], [])


async def test_what_is_committed_though_nobody_heard_counts_once(engine, reads, monkeypatch):
    receipts = Receipts(engine, days=400)
    receipts.note(None, receipt())

    async def write_unheard(*arguments):
        await write(*arguments)
        raise DatabaseUnavailableError

    monkeypatch.setattr(keeping, "write", write_unheard)
    with pytest.raises(DatabaseUnavailableError):
        await receipts.flush()
    assert receipts.waiting == 3
    monkeypatch.undo()
    receipts.note(None, receipt())
    await receipts.flush()

    assert (await written(reads))[0] == [(None, "", ANSWER, 1, 2)]


async def test_while_the_database_is_away_receipts_wait_up_to_a_bound(reads):
    away = Engine("postgresql://127.0.0.1:1/nothing")
    receipts = Receipts(away, days=400)
    receipts.gathering._most = receipts.gathering._lines.most = 3
    for revision in (1, 2):
        receipts.note(None, receipt(entities=((ANSWER, revision),)))

    with pytest.raises(DatabaseUnavailableError):
        await receipts.flush()

    assert (receipts.waiting, receipts.dropped) == (3, 2)
    await away.close()


async def test_a_batch_that_can_never_be_written_holds_up_nothing(engine, reads):
    receipts = Receipts(engine, days=400)
    receipts.note(new_uuid(), receipt())
    await receipts.flush()
    receipts.note(None, receipt())
    await receipts.flush()

    assert receipts.dropped == 3
    assert (await written(reads))[0] == [(None, "", ANSWER, 1, 1)]


async def _note(url, times):
    engine = Engine(url)
    async with Receipts(engine, days=400, every=3_600) as receipts:
        for _ in range(times):
            receipts.note(None, receipt())
            receipts.note(None, receipt(entities=((ANSWER, 2),)))
            await receipts.flush()
    await engine.close()


def _serve(url, times):
    asyncio.run(_note(url, times))


async def test_two_processes_that_write_at_once_lose_nothing(database_url, reads):
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=_serve, args=(database_url, 30)) for _ in range(2)]
    for process in processes:
        process.start()
    await asyncio.to_thread(lambda: [process.join(60) for process in processes])

    assert [process.exitcode for process in processes] == [0, 0]
    assert (await written(reads))[0] == [(None, "", ANSWER, 1, 60), (None, "", ANSWER, 2, 60)]


async def test_backends_that_are_killed_while_they_write_make_nothing_count_twice(database_url, engine, reads):
    admin = await asyncpg.connect(database_url)
    async with Receipts(engine, days=400, every=0.001) as receipts:
        for _ in range(40):
            receipts.note(None, receipt())
            await admin.fetch(
                """select pg_terminate_backend(pid) from pg_stat_activity
                   where datname = current_database() and query like '%receipt%' and pid <> pg_backend_pid()"""
            )
        await until_so(lambda: not receipts.waiting)
    await admin.close()

    assert (await written(reads))[0] == [(None, "", ANSWER, 1, 40)]
