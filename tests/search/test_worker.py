import asyncio
import random
import threading
import time
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from server.content import withdrawal
from server.content.publishing import publish
from server.content.turns import prune
from server.content.withdrawal import Named
from server.db.engine import Engine
from server.db.reads import Reads
from server.errors.machine import SearchNotReadyError
from server.errors.requests import CursorExpiredError
from server.search import snapshots, writing
from server.search.query import Search
from server.search.snapshots import MOST_KEPT, PAUSE, Snapshots
from tests.search.conftest import Ask, asks, slugs
from tests.search.indexed import IndexedSearch
from tests.search.workers import another_process, cold, holds, holds_any, slugs_in, working
from tests.waiting import until


async def test_what_is_published_while_it_works_is_found(
    database_url: str, engine: Engine, indexed: IndexedSearch, tmp_path: Path
) -> None:
    async with working(indexed, tmp_path) as snapshots:
        await until(lambda: holds(snapshots))
        await publish(engine, [cold(1), cold(2, locale="es", translation_of="cold-001")])
        await until(lambda: holds(snapshots, "cold-001", "cold-002"))
        await withdrawal.retract(engine, Named(slug="cold-001"), reason="It was wrong.")
        await until(lambda: holds(snapshots, "cold-002"))


async def test_a_writer_that_is_killed_at_any_moment_leaves_a_sound_index(
    database_url: str, engine: Engine, indexed: IndexedSearch, tmp_path: Path
) -> None:
    chance, expected = random.Random(5), set()
    for round_ in range(6):
        async with another_process(database_url, tmp_path) as process:
            for number in range(round_ * 40, round_ * 40 + 40, 10):
                await publish(engine, [cold(each) for each in range(number, number + 10)])
                expected |= {f"cold-{each:03}" for each in range(number, number + 10)}
                await asyncio.sleep(chance.uniform(0, 0.3))
            process.kill()

    await indexed.worker.catch_up()

    assert slugs_in(indexed.snapshots.latest) == sorted(expected)


async def test_another_process_takes_over_when_the_writer_dies(
    database_url: str, engine: Engine, indexed: IndexedSearch, tmp_path: Path
) -> None:
    async with another_process(database_url, tmp_path) as process:
        await indexed.worker.attach()
        await until(lambda: holds_any(indexed.snapshots))
        async with working(indexed, tmp_path) as snapshots:
            await publish(engine, [cold(1)])
            await until(lambda: holds(snapshots, "cold-001"))
            process.kill()
            await publish(engine, [cold(2)])
            await until(lambda: holds(snapshots, "cold-001", "cold-002"))


async def test_beside_a_process_that_writes_a_command_has_it_catch_up_and_build_anew(
    database_url: str, engine: Engine, indexed: IndexedSearch, tmp_path: Path
) -> None:
    await publish(engine, [cold(1)])
    async with another_process(database_url, tmp_path):
        await indexed.worker.attach()
        await until(lambda: holds(indexed.snapshots, "cold-001"))
        await publish(engine, [cold(2)])
        await indexed.worker.catch_up()
        former = indexed.snapshots.latest
        await indexed.worker.catch_up(rebuilds=True)
        latest = indexed.snapshots.latest

    assert slugs_in(former) == slugs_in(latest) == ["cold-001", "cold-002"]
    assert former.generation.partition(".")[0] != latest.generation.partition(".")[0]


async def test_an_outbox_that_was_pruned_too_far_makes_a_new_index(
    database_url: str, engine: Engine, indexed: IndexedSearch, ask: Ask
) -> None:
    await publish(engine, [cold(1)])
    await indexed.worker.catch_up()
    await publish(engine, [cold(2)])
    moment = await indexed.reads.fetch_value("select now() + interval '1 day'")
    await prune(engine, before=moment)

    assert sorted(slugs(await ask("cold"))) == ["cold-001", "cold-002"]


async def test_a_cursor_of_an_index_that_is_gone_is_refused(
    engine: Engine, indexed: IndexedSearch, ask: Ask, stale: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "LEFT_SECONDS", -1.0)
    await publish(engine, [cold(number) for number in range(3)])
    cursor = (await ask("cold", first=1)).hits[0].cursor
    await indexed.worker.catch_up(rebuilds=True)
    for number in range(MOST_KEPT):
        await publish(engine, [cold(10 + number)])
        await ask("cold")

    with pytest.raises(CursorExpiredError, match="start again without it"):
        await stale("cold", after=cursor)


async def test_a_cursor_is_taken_back_by_a_process_that_has_not_looked_since(
    engine: Engine, indexed: IndexedSearch, reads: Reads, ask: Ask
) -> None:
    await publish(engine, [cold(number) for number in range(3)])
    await ask("cold")
    other = Snapshots()
    other.attach(indexed.place)
    before = other.refresh()
    await publish(engine, [cold(10)])
    cursor = (await ask("cold", first=1)).hits[0].cursor
    await asyncio.sleep(PAUSE)

    assert len((await asks(Search(other).search, reads)("cold", after=cursor)).hits) == 3
    assert before != other.latest


async def test_a_search_before_there_is_an_index_is_refused_with_its_code(stale: Ask) -> None:
    with pytest.raises(SearchNotReadyError, match="still being built"):
        await stale("cold")


class TestAStaleIndex:
    @pytest.fixture(autouse=True)
    async def _colds(self, engine: Engine, indexed: IndexedSearch) -> None:
        await publish(engine, [cold(number) for number in range(6)])
        await indexed.catch_up()

    async def test_never_shows_what_was_retracted_and_fills_the_page_up(self, engine: Engine, stale: Ask) -> None:
        first = slugs(await stale("cold", first=2))
        await withdrawal.retract(engine, Named(slug=first[0]), reason="It was wrong.")

        again = await stale("cold", first=2)

        assert slugs(again)[0] == first[1]
        assert (len(again.hits), again.total, again.has_next) == (2, 5, True)

    async def test_pages_are_cut_from_the_commit_that_the_first_was(self, engine: Engine, ask: Ask) -> None:
        first = await ask("cold", first=3)
        await publish(engine, [cold(number) for number in range(6, 9)])

        rest = await ask("cold", first=3, after=first.hits[-1].cursor)

        assert len({*slugs(first), *slugs(rest)}) == 6
        assert (rest.total, rest.has_next) == (6, False)


async def test_a_commit_is_another_one_until_all_languages_are_in_it(
    database_url: str, engine: Engine, indexed: IndexedSearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish(engine, [cold(1), cold(2, locale="es")])
    await indexed.catch_up()
    plain, between, goes_on = writing._Language.commit, threading.Event(), threading.Event()

    def commit(*args: object) -> None:
        plain(*args)
        if not between.is_set():
            between.set()
            goes_on.wait(20)

    monkeypatch.setattr(writing._Language, "commit", commit)
    await publish(engine, [cold(3), cold(4, locale="es")])
    following = asyncio.create_task(indexed.worker.catch_up())
    await asyncio.to_thread(between.wait, 20)
    half = indexed.snapshots.refresh(at_once=True)
    goes_on.set()
    await following
    whole = indexed.snapshots.refresh(at_once=True)

    assert (len(slugs_in(half)), len(slugs_in(whole))) == (3, 4)
    assert half.generation != whole.generation


async def test_the_commit_before_is_there_for_a_while_for_cursors_of_a_process_that_reads_it_still(
    engine: Engine, indexed: IndexedSearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish(engine, [cold(1)])
    await indexed.catch_up()
    former = indexed.snapshots.latest

    await publish(engine, [cold(2)])
    await indexed.catch_up()

    then = time.monotonic()
    monkeypatch.setattr(snapshots.time, "monotonic", lambda: then + 300)
    indexed.snapshots.refresh(at_once=True)
    assert indexed.snapshots.find(former.generation) is former
    monkeypatch.setattr(snapshots.time, "monotonic", lambda: then + 900)
    indexed.snapshots.refresh(at_once=True)
    assert indexed.snapshots.find(former.generation) is None


async def test_so_many_commits_are_kept_for_cursors_of_other_processes(
    engine: Engine, indexed: IndexedSearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "MOST_LEFT", 2)
    read = []
    for number in range(4):
        await publish(engine, [cold(number)])
        read.append((await indexed.catch_up())._snapshots.latest)
    indexed.snapshots.refresh(at_once=True)

    assert [indexed.snapshots.find(each.generation) is each for each in read] == [False, True, True, True]


async def test_why_the_index_can_not_be_read_is_said_once(
    engine: Engine, indexed: IndexedSearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish(engine, [cold(1)])
    await indexed.catch_up()

    def denied(_: Path) -> None:
        raise ValueError("Read-only file system")

    monkeypatch.setattr(snapshots, "open_index", denied)
    other = Snapshots()
    other.attach(indexed.place)
    with capture_logs() as events:
        found = [other.refresh(at_once=True) for _ in range(2)]

    assert found == [None, None]
    assert [(event["event"], event["error"]) for event in events] == [
        ("the search index can't be read", "Read-only file system")
    ]
