"""What becomes of an index that was lost or damaged, or from which content was erased."""

import asyncio
import errno
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from server.access.audience import Audience
from server.content import withdrawal
from server.content.publishing import publish
from server.content.withdrawal import Named
from server.db.engine import Engine
from server.search import query, snapshots, turn, worker, writing
from server.search.snapshots import Snapshots
from tests.search.conftest import Ask
from tests.search.indexed import IndexedSearch
from tests.search.samples import answer, topics
from tests.search.workers import cold, holds, is_another, slugs_in, working
from tests.waiting import until


async def test_an_index_that_is_lost_under_the_worker_is_built_anew(
    database_url: str, engine: Engine, indexed: IndexedSearch, tmp_path: Path
) -> None:
    async with working(indexed, tmp_path) as snapshots:
        await publish(engine, [cold(1)])
        await until(lambda: holds(snapshots, "cold-001"))
        (tmp_path / "search").rename(tmp_path / "lost")
        await publish(engine, [cold(2)])
        await until(lambda: holds(snapshots, "cold-001", "cold-002"))


@pytest.mark.parametrize("lost", ["", "es", "en"])
async def test_files_that_are_lost_under_the_worker_are_made_anew(
    database_url: str, engine: Engine, indexed: IndexedSearch, tmp_path: Path, lost: str
) -> None:
    await publish(engine, [cold(1), cold(2, locale="es")])
    async with working(indexed, tmp_path) as snapshots:
        await until(lambda: holds(snapshots, "cold-001", "cold-002"))
        former = indexed.place.current
        shutil.rmtree(former / lost)
        await publish(engine, [cold(3)])
        await until(lambda: holds(snapshots, "cold-001", "cold-002", "cold-003"))
        await until(lambda: is_another(indexed.place, former))

    lock = indexed.place.lock()
    assert lock is not None
    lock.release()


async def test_a_language_that_is_lost_while_nobody_writes_is_made_anew(engine: Engine, indexed: IndexedSearch) -> None:
    await publish(engine, [cold(1), cold(2, locale="es")])
    await indexed.worker.catch_up()
    former = indexed.place.current
    shutil.rmtree(former / "es")

    await indexed.worker.catch_up()

    assert await is_another(indexed.place, former)
    assert slugs_in(indexed.snapshots.latest) == ["cold-001", "cold-002"]


def damage_files(folder: Path, damage: str) -> None:
    for file in [each for each in folder.rglob("*") if each.is_file() and damage in (each.name, "everything")]:
        file.write_bytes(b"\0damaged")


@pytest.mark.parametrize("damage", ["meta.json", "current", "everything"])
async def test_a_damaged_index_is_built_anew(
    engine: Engine, indexed: IndexedSearch, tmp_path: Path, damage: str
) -> None:
    await publish(engine, [cold(1)])
    await indexed.worker.catch_up()
    damage_files(tmp_path, damage)

    await indexed.worker.catch_up()

    assert slugs_in(indexed.snapshots.latest) == ["cold-001"]


def files_with(data_dir: Path, word: bytes) -> list[str]:
    files = [file for file in (data_dir / "search").rglob("*") if file.is_file()]
    return [file.name for file in files if word in file.read_bytes().lower()]


async def test_of_an_erased_answer_nothing_stays_in_any_file(
    engine: Engine, indexed: IndexedSearch, tmp_path: Path
) -> None:
    await publish(engine, [cold(1), answer("jane-roe", "Who is Zyxwvuta?")])
    await indexed.worker.catch_up()
    await withdrawal.erase(engine, Named(slug="jane-roe"))

    await indexed.worker.catch_up()

    assert slugs_in(indexed.snapshots.latest) == ["cold-001"]
    assert files_with(tmp_path, b"zyxwv") == []


def overwrite(build: Path, part: str) -> None:
    """Damages the files of the first segment of English, as a disk does: they are as long as they were."""
    oldest = min((build / "en").glob(f"*.{part}"), key=lambda file: file.stat().st_mtime_ns)
    written = oldest.read_bytes()
    oldest.write_bytes(b"\1" * 20 + written[20:])


@pytest.mark.parametrize("part", ["fast", "fieldnorm", "idx", "pos", "store", "term"])
@pytest.mark.parametrize("damage", [overwrite, lambda build, part: min((build / "en").glob(f"*.{part}")).unlink()])
async def test_a_segment_that_is_damaged_while_nobody_writes_is_made_anew(
    engine: Engine, indexed: IndexedSearch, part: str, damage: Callable[[Path, str], None]
) -> None:
    for number in range(2):
        await publish(engine, [cold(number)])
        await indexed.worker.catch_up()
    former = indexed.place.current
    damage(former, part)

    await indexed.worker.catch_up()

    assert await is_another(indexed.place, former)
    assert slugs_in(indexed.snapshots.latest) == ["cold-000", "cold-001"]


async def test_an_index_that_a_search_fails_on_is_made_anew_where_it_is_damaged_and_only_there(
    engine: Engine, indexed: IndexedSearch, tmp_path: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "EXAMINED_SECONDS", 0)
    await publish(engine, [cold(1)])
    async with working(indexed, tmp_path) as found:
        await until(lambda: holds(found, "cold-001"))
        former = indexed.place.current
        with monkeypatch.context() as until_now:
            until_now.setattr(query, "find", panics)
            with pytest.raises(ValueError, match="can't be read"):
                await ask("cold")
        await until(lambda: is_examined(found))
        assert indexed.place.current == former

        overwrite(former, "store")
        found.is_suspect = True

        await until(lambda: is_another(indexed.place, former))
        await until(lambda: holds(found, "cold-001"))


def panics(*_: object, **__: object) -> None:
    raise BaseException  # noqa: TRY002 -- as tantivy's are


async def is_examined(found: Snapshots) -> bool:
    return not found.is_suspect


async def test_an_erased_answer_leaves_the_indexes_of_bounds_that_nobody_asks_for(
    engine: Engine, indexed: IndexedSearch, tmp_path: Path
) -> None:
    await publish(engine, [cold(1), answer("jane-roe", "Who is Zyxwvuta?", topics=topics("Cold"))])
    await indexed.catch_up()
    await indexed.catch_up(Audience(topics=("cold",)))
    await withdrawal.erase(engine, Named(slug="jane-roe"))

    await indexed.worker.catch_up()

    assert files_with(tmp_path, b"zyxwv") == []


async def test_an_erased_answer_leaves_the_files_though_the_writer_ended_before_it_built_anew(
    engine: Engine, indexed: IndexedSearch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish(engine, [cold(1), answer("jane-roe", "Who is Zyxwvuta?")])
    await indexed.worker.catch_up()
    await withdrawal.erase(engine, Named(slug="jane-roe"))

    async def killed(_: object) -> None:
        raise InterruptedError

    with monkeypatch.context() as until_now:
        until_now.setattr(turn.Turn, "_rebuild", killed)
        with pytest.raises(InterruptedError):
            await indexed.worker.catch_up()
    assert files_with(tmp_path, b"zyxwv") != []
    await publish(engine, [cold(2)])

    await indexed.worker.catch_up()

    assert slugs_in(indexed.snapshots.latest) == ["cold-001", "cold-002"]
    assert files_with(tmp_path, b"zyxwv") == []


async def test_a_build_that_fails_leaves_nothing_and_is_tried_more_and_more_seldom(
    engine: Engine, indexed: IndexedSearch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish(engine, [cold(1)])
    plain, builds, waits = asyncio.sleep, list[Path](), list[float]()

    def full(made: writing.Writer, _: object) -> None:
        builds.append(made._build)
        raise OSError(errno.ENOSPC, "No space left on device")

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        await plain(0)

    monkeypatch.setattr(writing.Writer, "commit", full)
    monkeypatch.setattr(worker.asyncio, "sleep", sleep)
    with capture_logs():
        async with working(indexed, tmp_path):
            await until(lambda: has_tried(builds, 8))

    assert [build for build in builds if build.exists()] == []
    assert sorted({wait for wait in waits if 1 < wait <= worker.LONGEST_PAUSE}) == [2, 4, 8, 16, 32, 60]


async def has_tried(builds: list[Path], times: int) -> bool:
    return len(builds) >= times
