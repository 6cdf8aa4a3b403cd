import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from server.errors.root import CaveatError
from server.importers import ahead as aheads
from server.importers.ahead import EACH, FEWEST, MOST_READERS, Ahead, reading
from server.importers.files import Manner
from server.importers.reader import ReadFile, Request, read
from server.importers.stamps import Stamper
from tests.importers.medquad.xml import document, pair
from tests.waiting import START, until


@asynccontextmanager
async def opened(manner: Manner | None = None) -> AsyncIterator[Ahead]:
    with reading(manner) as ahead:
        try:
            yield ahead
        finally:
            await ahead.close()


def write(folder: Path, count: int) -> list[Path]:
    paths = [folder / f"{number:04}.xml" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_bytes(b"<" if number == 7 else document(pair(1, f"What is {number}?", f"It is {number}.")))
    return paths


def told(files: list[ReadFile]) -> list[object]:
    return [(file.path, file.names, file.error, [answer.digest for answer in file.answers]) for file in files]


@pytest.mark.parametrize("count", [3, FEWEST + 21])
async def test_files_come_in_their_order_wherever_they_are_read(tmp_path: Path, count: int) -> None:
    paths = write(tmp_path, count)

    async with opened() as ahead:
        files = [file async for file in await ahead.ask(paths)]

    here = read(Request(paths=tuple(paths), manner=Manner(), stamper=Stamper.of(Manner()), builds=False, slugs={}))
    assert told(files) == told(here)
    assert all(answer.built for file in files for answer in file.answers)


@pytest.mark.parametrize("count", [3, FEWEST])
async def test_what_is_probably_known_is_not_built(tmp_path: Path, count: int) -> None:
    paths = write(tmp_path, count)

    async with opened() as ahead:
        new = await ahead.ask(paths)
        ahead.builds = False
        known = await ahead.ask(paths)
        built = [[bool(file.answers[0].built) async for file in files if file.answers] for files in (new, known)]

    assert [set(each) for each in built] == [{True}, {False}]


async def test_files_are_read_before_any_is_taken(tmp_path: Path) -> None:
    """Far more of them than fit between two processes."""
    paths = [tmp_path / f"{number:04}.xml" for number in range(FEWEST)]
    for path in paths:
        path.write_bytes(document(pair(1, "What?", "It is so. " * 5_000)))

    async with opened() as ahead:
        files = await ahead.ask(paths)
        await until(lambda: _are_idle(ahead), seconds=START)
        taken = [file.path async for file in files]

    assert taken == paths


async def _are_idle(ahead: Ahead) -> bool:
    return not any(reader.asked for reader in ahead.readers)


@pytest.mark.parametrize("count", [3, FEWEST + 21])
async def test_what_nobody_foresaw_of_a_file_is_reported_and_stops_no_other(tmp_path: Path, count: int) -> None:
    paths = write(tmp_path, count)
    nonsense = Manner(published_on="never")  # type: ignore[arg-type]  # what no date can stand for is a fault of ours

    async with opened(nonsense) as ahead:
        files = [file async for file in await ahead.ask(paths)]

    assert [file.path for file in files] == paths
    assert {file.error for file in files if file.path != paths[7 if count > 7 else 0]} == {
        "the file can't be read, for a fault of ours (TypeError)."
    }


async def test_few_files_start_no_process_and_those_after_many_take_theirs(tmp_path: Path) -> None:
    paths = write(tmp_path, FEWEST)

    async with opened() as ahead:
        few = [file.path async for file in await ahead.ask(paths[:3])]
        started = list(ahead.readers)
        many = [file.path async for file in await ahead.ask(paths)]
        readers = list(ahead.readers)
        few_more = [file.path async for file in await ahead.ask(paths[:3])]

        assert (few, many, few_more) == (paths[:3], paths, paths[:3])
        assert ([], ahead.readers) == (started, readers)
        assert readers


async def test_more_processes_start_for_more_files_up_to_the_number_of_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    started = []
    for cores in (1, 2, 64):
        monkeypatch.setattr(os, "cpu_count", lambda cores=cores: cores)
        for files in (FEWEST - 1, FEWEST, EACH, 100 * EACH):
            async with opened() as ahead:
                ahead.start(files)
                started.append(len(ahead.readers))

    assert started == [0, 1, 1, 1, 0, 1, 2, 2, 0, 1, 2, MOST_READERS]


async def test_few_files_of_many_start_processes(tmp_path: Path) -> None:
    paths = write(tmp_path, 3)

    async with opened() as ahead:
        assert [file.path async for file in await ahead.ask(paths, more=FEWEST)] == paths
        assert ahead.readers


async def test_a_reader_that_is_killed_is_told(tmp_path: Path) -> None:
    paths = write(tmp_path, FEWEST + 500)

    async with opened() as ahead:
        files = await ahead.ask(paths)
        for reader in ahead.readers:
            reader.process.kill()
        with pytest.raises(CaveatError, match="import again"):
            _ = [file async for file in files]


async def test_readers_end_where_nobody_asks_for_the_rest(tmp_path: Path) -> None:
    async with opened() as ahead:
        files = await ahead.ask(write(tmp_path, FEWEST + 500))
        await anext(files)

    assert [reader.process.returncode for reader in ahead.readers] == [-signal.SIGKILL] * len(ahead.readers)
    await files.aclose()


async def test_a_reader_ends_with_its_input(tmp_path: Path) -> None:
    paths = write(tmp_path, FEWEST)

    async with opened() as ahead:
        _ = [file async for file in await ahead.ask(paths)]
        process = ahead.readers[0].process
        assert process.stdin is not None
        process.stdin.close()

        assert await asyncio.to_thread(process.wait) == 0


async def test_readers_end_in_the_middle_of_what_they_write(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number:04}.xml" for number in range(FEWEST)]
    for path in paths:
        path.write_bytes(document(pair(1, "What?", "It is so. " * 5_000)))

    async with asyncio.timeout(60), opened() as ahead:
        await anext(await ahead.ask(paths))

    assert [reader.process.returncode for reader in ahead.readers] == [-signal.SIGKILL] * len(ahead.readers)


async def test_what_was_begun_comes_before_what_is_asked_for(tmp_path: Path) -> None:
    paths = write(tmp_path, FEWEST + 100)

    async with opened() as ahead:
        ahead.begin(paths[:FEWEST])
        begun, first = ahead.begun()
        rest = await ahead.ask(paths[FEWEST:])
        files = [file.path for files in (first, rest) async for file in files]

    assert (list(begun), files) == (paths[:FEWEST], paths)


async def test_no_more_is_begun_than_a_process_can_be_told_of_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = write(tmp_path, FEWEST)
    counts = []
    for name, most in (("MOST_BEGUN", 50), ("MOST_BEGUN_BYTES", 45 * paths[0].stat().st_size), ("_PIPE", 1)):
        with monkeypatch.context() as patched:
            patched.setattr(aheads, name, most)
            async with opened() as ahead:
                ahead.begin(paths)
                counts.append(len(ahead.begun()[0]))

    assert counts == [60, 40, 0]


async def test_few_files_are_not_begun(tmp_path: Path) -> None:
    async with opened() as ahead:
        ahead.begin(write(tmp_path, 3))

        assert (list(ahead.begun()[0]), ahead.readers) == ([], [])


async def test_a_reader_that_was_killed_before_it_was_asked_is_told(tmp_path: Path) -> None:
    paths = write(tmp_path, FEWEST)

    async with opened() as ahead:
        ahead.start(len(paths))
        for reader in ahead.readers:
            reader.process.kill()
            reader.process.wait()
        ahead.begin(paths)
        with pytest.raises(CaveatError, match="import again"):
            _ = [file async for file in ahead.begun()[1]]
