"""Reads of items are gathered: many that are asked for at once are one statement, and each gets what is its own."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from server.db.each import Each
from server.db.gathering import MOST_ITEMS, SESSION, UNDER_WAY, GatheringReads
from server.db.reads import Reads
from server.errors.machine import DatabaseUnavailableError
from tests.waiting import PATIENCE, until

DOUBLED = Each("select p.place, p.n * $1::int as found from unnest($2::int[]) with ordinality p (n, place)", (2,))
INVERSE = Each("select p.place, 60 / p.n as found from unnest($1::int[]) with ordinality p (n, place)")
SLOW = Each("select p.place, pg_sleep(p.n) from unnest($1::float[]) with ordinality p (n, place)")


@pytest.fixture
async def gathering(reads: Reads, database_url: str) -> AsyncIterator[GatheringReads]:
    """Reads that gather."""
    async with GatheringReads(reads, Reads(database_url, session=SESSION)) as opened:
        yield opened


async def asked(gathering: GatheringReads, each: Each, *numbers: float) -> list[list[int]]:
    """What is found for each number."""
    found = await gathering.fetch_each(each, [(number,) for number in numbers])
    return [[row["found"] for row in rows] for rows in found]


async def test_each_item_gets_its_rows_in_order(gathering: GatheringReads, reads: Reads) -> None:
    assert await asked(gathering, DOUBLED, 3, 1, 3) == [[6], [2], [6]]
    assert await reads.fetch_each(DOUBLED, [(3,), (1,)]) == await gathering.fetch_each(DOUBLED, [(3,), (1,)])
    assert await gathering.fetch_each(DOUBLED, []) == []


async def test_what_is_asked_for_at_once_is_few_statements(gathering: GatheringReads) -> None:
    before = gathering.gathered.statements
    found = await asyncio.gather(*[asked(gathering, DOUBLED, number % 10) for number in range(100)])

    assert found == [[[number % 10 * 2]] for number in range(100)]
    assert gathering.gathered.statements - before <= 100 / MOST_ITEMS + UNDER_WAY


async def test_who_asks_alone_waits_for_nobody(gathering: GatheringReads) -> None:
    before = gathering.gathered.statements
    for number in range(3):
        assert await asked(gathering, DOUBLED, number) == [[2 * number]]

    assert gathering.gathered.statements - before == 3


async def test_what_is_asked_for_while_a_statement_runs_goes_with_the_next(gathering: GatheringReads) -> None:
    before = gathering.gathered.statements
    first = asyncio.create_task(gathering.fetch_each(SLOW, [(0.2,)]))
    await until(lambda: is_asking(gathering))
    await asyncio.gather(first, *[gathering.fetch_each(SLOW, [(number / 1000,)]) for number in range(9)])

    assert gathering.gathered.statements - before == 2


async def is_asking(gathering: GatheringReads) -> bool:
    return gathering.gathered.busy > 0


async def test_what_has_waited_for_a_statement_goes_beside_it(gathering: GatheringReads) -> None:
    slow = asyncio.create_task(gathering.fetch_each(SLOW, [(0.5,)]))
    await until(lambda: is_asking(gathering))

    await gathering.fetch_each(SLOW, [(0.0,)])
    assert not slow.done()
    await slow


async def test_more_items_than_go_together_go_one_statement_after_the_other(gathering: GatheringReads) -> None:
    many = range(MOST_ITEMS - 1)
    found = await asyncio.gather(*[asked(gathering, DOUBLED, *many) for _ in range(5)], asked(gathering, INVERSE, 2))

    assert found == [*[[[2 * number] for number in many]] * 5, [[30]]]


async def test_of_two_that_are_always_asked_for_each_has_its_turn(gathering: GatheringReads) -> None:
    gathering._at_work = UNDER_WAY  # nobody takes anything but here
    many = [(number,) for number in range(1, MOST_ITEMS)]
    waiting = [asyncio.create_task(gathering.fetch_each(each, many)) for each in (DOUBLED, DOUBLED, INVERSE)]
    await asyncio.sleep(0)
    turns = []
    for _ in waiting:
        each, taken = gathering._taken()
        turns.append(each)
        for one in taken:
            one.give([])

    assert turns == [DOUBLED, INVERSE, DOUBLED]
    await asyncio.gather(*waiting)


async def test_what_is_asked_of_another_statement_waits_for_none(
    gathering: GatheringReads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.db.gathering.LONG", PATIENCE)
    slow = asyncio.create_task(gathering.fetch_each(SLOW, [(30.0,)]))
    await until(lambda: are_at_work(gathering, 1))

    assert [await asked(gathering, DOUBLED, number) for number in (1, 2, 3)] == [[[2]], [[4]], [[6]]]
    assert not slow.done()
    slow.cancel()


async def are_at_work(gathering: GatheringReads, count: int) -> bool:
    """Whether so many statements are under way."""
    return gathering._at_work == gathering.gathered.busy == count


class Counted(tuple[tuple[float], ...]):
    """Items that note how often they are counted."""

    counts = 0

    def __len__(self) -> int:
        Counted.counts += 1
        return super().__len__()


async def test_nobody_counts_what_waits_behind_all_that_may_be_sent(gathering: GatheringReads) -> None:
    items = [[(30.0 + number,) for number in range(many)] for many in (1, MOST_ITEMS + 1)]
    slow = []
    for count, each in enumerate(items, start=1):
        slow.append(asyncio.create_task(gathering.fetch_each(SLOW, each)))
        await until(lambda count=count: are_at_work(gathering, count))
    for number in range(100):
        gathering._ask(SLOW, Counted([(number,)]))

    assert Counted.counts == 0
    for one in slow:
        one.cancel()


async def test_what_is_at_fault_fails_alone(gathering: GatheringReads) -> None:
    found = await asyncio.gather(*[asked(gathering, INVERSE, number) for number in (1, 0, 2)], return_exceptions=True)

    assert [found[0], found[2]] == [[[60]], [[30]]]
    assert isinstance(found[1], asyncpg.DivisionByZeroError)


async def test_who_gives_up_takes_nothing_from_the_others(gathering: GatheringReads) -> None:
    first, second = [asyncio.create_task(asked(gathering, DOUBLED, number)) for number in (1, 2)]
    await asyncio.sleep(0)
    first.cancel()

    assert await second == [[4]]
    with pytest.raises(asyncio.CancelledError):
        await first


async def test_where_all_give_up_the_statement_ends(gathering: GatheringReads, reads: Reads) -> None:
    running = "select count(*) from pg_stat_activity where query like '%pg_sleep(p.n)%' and pid <> pg_backend_pid()"

    async def are_running(*, some: bool) -> bool:
        return bool(await reads.fetch_value(f"{running} and state = 'active'")) is some

    waiting = [asyncio.create_task(gathering.fetch_each(SLOW, [(30.0 + number,)])) for number in range(5)]
    await until(lambda: are_running(some=True))
    for each in waiting:
        each.cancel()
    async with asyncio.timeout(gathering.gathered.deadline / 2):
        await until(lambda: are_running(some=False))

    assert await asked(gathering, DOUBLED, 1) == [[2]]


async def test_who_waits_too_long_is_refused(reads: Reads, database_url: str) -> None:
    async with GatheringReads(reads, Reads(database_url, session=SESSION)) as gathering:
        gathering.gathered.deadline = 0.3
        with pytest.raises(DatabaseUnavailableError):
            await gathering.fetch_each(SLOW, [(5.0,)])

        gathering.gathered.deadline = PATIENCE
        assert await asked(gathering, DOUBLED, 1) == [[2]]


async def test_who_waits_behind_what_stands_still_is_refused_in_time(reads: Reads, database_url: str) -> None:
    async with GatheringReads(reads, Reads(database_url, session=SESSION)) as gathering:
        gathering.gathered.deadline = 0.3
        waiting = [asyncio.create_task(gathering.fetch_each(SLOW, [(5.0 + number,)])) for number in range(6)]
        async with asyncio.timeout(4):  # before any of the statements would end
            found = await asyncio.gather(*waiting, return_exceptions=True)

    assert {type(each) for each in found} == {DatabaseUnavailableError}


async def test_where_statements_are_traced_each_operation_has_its_own(reads: Reads, database_url: str) -> None:
    async with GatheringReads(reads, Reads(database_url), shares=False) as gathering:
        before = gathering.gathered.statements
        found = await asyncio.gather(*[asked(gathering, DOUBLED, number) for number in range(3)])

        assert (found, gathering.gathered.statements - before) == ([[[0]], [[2]], [[4]]], 3)


async def test_where_the_database_is_away_nothing_is_asked(reads: Reads, database_url: str) -> None:
    is_away = False
    async with GatheringReads(reads, Reads(database_url, is_away=lambda: is_away)) as gathering:
        before, is_away = gathering.gathered.statements, True
        with pytest.raises(DatabaseUnavailableError):
            await asked(gathering, DOUBLED, 1)

        assert gathering.gathered.statements == before


async def are_sent(gathering: GatheringReads) -> bool:
    """Whether as many statements are under way as may be."""
    return gathering._at_work == UNDER_WAY and len(gathering._asked) == UNDER_WAY


async def test_at_the_end_nobody_is_left_waiting(reads: Reads, database_url: str) -> None:
    each = [SLOW._replace(sql=f"{SLOW.sql} -- {number}") for number in range(2 * UNDER_WAY)]
    async with GatheringReads(reads, Reads(database_url, session=SESSION)) as gathering:
        waiting = [asyncio.create_task(gathering.fetch_each(one, [(30.0,)])) for one in each]
        await until(lambda: are_sent(gathering))
        before = gathering.gathered.statements

    assert gathering.gathered.statements - before <= UNDER_WAY  # those that were about to be
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(each) for each in outcomes] == [DatabaseUnavailableError] * len(waiting)
