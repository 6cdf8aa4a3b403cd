from pathlib import Path

import pytest

from server.errors.root import CaveatError
from server.importers.ahead import FEWEST, reading
from server.importers.files import Manner
from server.importers.reader import ReadFile, Request, read
from tests.importers.medquad.xml import document, pair


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

    async with reading(paths, Manner()) as ahead:
        files = [file async for chunk in ahead.chunks() for file in chunk]

    here = read(Request(paths=tuple(paths), manner=Manner(), builds=False))
    assert told(files) == told(here)
    assert all(answer.built for file in files for answer in file.answers)


async def test_what_is_probably_known_is_not_built(tmp_path: Path) -> None:
    async with reading(write(tmp_path, FEWEST + 500), Manner()) as ahead:
        built = []
        async for chunk in ahead.chunks():
            ahead.builds = False
            built.append(all(answer.built for file in chunk for answer in file.answers))

    assert (built[0], built[-1]) == (True, False)


async def test_a_reader_that_is_killed_is_told(tmp_path: Path) -> None:
    async with reading(write(tmp_path, FEWEST + 500), Manner()) as ahead:
        for reader in ahead.readers:
            reader.kill()
        with pytest.raises(CaveatError, match="import again"):
            _ = [chunk async for chunk in ahead.chunks()]


async def test_a_reader_ends_with_its_input(tmp_path: Path) -> None:
    async with reading(write(tmp_path, FEWEST), Manner()) as ahead:
        (reader, *_) = ahead.readers
        assert reader.stdin is not None
        reader.stdin.close()

        assert await reader.wait() == 0
