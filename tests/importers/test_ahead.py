import asyncio
import signal
from pathlib import Path

import pytest

from server.errors.root import CaveatError
from server.importers.ahead import FEWEST, reading
from server.importers.files import Manner
from server.importers.reader import ReadFile, Request, read
from server.importers.stamps import Stamper
from tests.importers.medquad.xml import document, pair

STAMPER = Stamper(salt=b"here")


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

    async with reading(Manner(), STAMPER) as ahead:
        files = [file async for file in ahead.files(paths)]

    here = read(Request(paths=tuple(paths), manner=Manner(), stamper=STAMPER, builds=False))
    assert told(files) == told(here)
    assert all(answer.built for file in files for answer in file.answers)


async def test_what_is_probably_known_is_not_built(tmp_path: Path) -> None:
    paths = write(tmp_path, FEWEST + 500)

    async with reading(Manner(), STAMPER) as ahead:
        built = []
        async for file in ahead.files(paths):
            ahead.builds = False
            built.append(all(answer.built for answer in file.answers))

    assert (built[0], built[-1]) == (True, False)


@pytest.mark.parametrize("count", [3, FEWEST + 21])
async def test_what_nobody_foresaw_of_a_file_is_reported_and_stops_no_other(tmp_path: Path, count: int) -> None:
    paths = write(tmp_path, count)
    nonsense = Manner(published_on="never")  # type: ignore[arg-type]  # what no date can stand for is a fault of ours

    async with reading(nonsense, STAMPER) as ahead:
        files = [file async for file in ahead.files(paths)]

    assert [file.path for file in files] == paths
    assert {file.error for file in files if file.path != paths[7 if count > 7 else 0]} == {
        "the file can't be read, for a fault of ours (TypeError)."
    }


async def test_few_files_start_no_process_and_those_after_many_take_theirs(tmp_path: Path) -> None:
    paths = write(tmp_path, FEWEST)

    async with reading(Manner(), STAMPER) as ahead:
        few = [file.path async for file in ahead.files(paths[:3])]
        started = list(ahead.readers)
        many = [file.path async for file in ahead.files(paths)]
        readers = list(ahead.readers)
        few_more = [file.path async for file in ahead.files(paths[:3])]

        assert (few, many, few_more) == (paths[:3], paths, paths[:3])
        assert ([], ahead.readers) == (started, readers)
        assert readers


async def test_a_reader_that_is_killed_is_told(tmp_path: Path) -> None:
    paths = write(tmp_path, FEWEST + 500)

    async with reading(Manner(), STAMPER) as ahead:
        files = ahead.files(paths)
        await anext(files)
        for reader in ahead.readers:
            reader.kill()
        with pytest.raises(CaveatError, match="import again"):
            _ = [file async for file in files]


async def test_readers_end_where_nobody_asks_for_the_rest(tmp_path: Path) -> None:
    async with reading(Manner(), STAMPER) as ahead:
        files = ahead.files(write(tmp_path, FEWEST + 500))
        await anext(files)

    assert [reader.returncode for reader in ahead.readers] == [-signal.SIGKILL] * len(ahead.readers)
    await files.aclose()


async def test_a_reader_ends_with_its_input(tmp_path: Path) -> None:
    paths = write(tmp_path, FEWEST)

    async with reading(Manner(), STAMPER) as ahead:
        _ = [file async for file in ahead.files(paths)]
        (reader, *_) = ahead.readers
        assert reader.stdin is not None
        reader.stdin.close()

        assert await reader.wait() == 0


async def test_readers_end_whatever_of_their_work_is_unread(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number:04}.xml" for number in range(FEWEST)]
    for path in paths:
        path.write_bytes(document(pair(1, "What?", "It is so. " * 5_000)))

    async with asyncio.timeout(60), reading(Manner(), STAMPER) as ahead:
        files = ahead.files(paths)
        await anext(files)
        (reader, *_) = ahead.readers
        while not reader.stdout._paused:  # noqa: ASYNC110 - it is full of what waits
            await asyncio.sleep(0.01)
        await files.aclose()

    assert [reader.returncode for reader in ahead.readers] == [-signal.SIGKILL] * len(ahead.readers)
