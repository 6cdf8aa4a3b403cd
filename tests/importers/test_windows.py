from collections.abc import Sequence
from pathlib import Path

import pytest

from server.content.draft import Cover
from server.content.files import KnownFile
from server.content.publication.preparation import Prepared
from server.importers import windows as looking
from server.importers.ahead import reading
from server.importers.reader import ReadFile
from server.importers.windows import Recall, windows
from tests.importers.medquad.xml import document, pair

KNOWN = KnownFile(form="medquad", without_text=0, answers=())


def covers(file: ReadFile) -> list[Cover]:
    return [answer.cover for answer in file.answers if isinstance(answer, Prepared)]


async def none(_: Sequence[str]) -> dict[str, dict[str, str]]:
    return {}


def write(folder: Path, count: int) -> list[Path]:
    paths = [folder / f"{number}.xml" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_bytes(document(pair(1, f"What is {number}?", f"It is {number}.")))
    return paths


@pytest.mark.parametrize(
    ("bound", "most", "sizes"), [("FILES", 2, [2, 2, 1]), ("BYTES", 1, [1] * 5), ("BYTES", 9_000, [5])]
)
async def test_a_window_ends_with_so_many_files_or_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: str, most: int, sizes: list[int]
) -> None:
    monkeypatch.setattr(looking, f"MOST_{bound}", most)
    paths = write(tmp_path, 5)

    async def recall(_: Sequence[bytes]) -> dict[bytes, KnownFile]:
        return {}

    with reading() as ahead:
        found = [window async for window in windows(paths, ahead, recall=Recall(files=recall, slugs=none))]
        read = [[file.path async for file in window.read] for window in found]

    assert [len(window.files) for window in found] == sizes
    assert [path for window in read for path in window] == paths


async def test_where_nothing_is_known_files_are_not_looked_into_but_for_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "MOST_BYTES", 1)
    paths = [*write(tmp_path, 2), tmp_path / "gone.xml"]
    opened = []
    monkeypatch.setattr(looking, "open_file", opened.append)

    with reading() as ahead:
        found = [window async for window in windows(paths, ahead, recall=None)]
        read = [(file.path, file.error) for window in found async for file in window.read]

    assert [window.files for window in found] == [((path, None),) for path in paths]
    assert read == [(path, None) for path in paths[:2]] + [
        (paths[2], "the file can't be opened: No such file or directory.")
    ]
    assert opened == []


async def test_what_is_known_is_not_read_and_what_can_not_be_opened_is(tmp_path: Path) -> None:
    known, new, gone = paths = [*write(tmp_path, 2), tmp_path / "gone.xml"]

    with reading() as ahead:
        stamp = ahead.stamper.stamp(known, known.read_bytes())

        async def recall(stamps: Sequence[bytes]) -> dict[bytes, KnownFile]:
            return {each: KNOWN for each in stamps if each == stamp}

        (window,) = [window async for window in windows(paths, ahead, recall=Recall(files=recall, slugs=none))]
        read = [(file.path, file.error) async for file in window.read]

    assert window.files == ((known, KNOWN), (new, None), (gone, None))
    assert read == [(new, None), (gone, "the file can't be opened: No such file or directory.")]


async def test_the_next_window_is_looked_at_before_one_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "MOST_FILES", 1)
    looked = []

    async def recall(stamps: Sequence[bytes]) -> dict[bytes, KnownFile]:
        looked.append(len(stamps))
        return {}

    with reading() as ahead:
        given = [len(looked) async for _ in windows(write(tmp_path, 4), ahead, recall=Recall(files=recall, slugs=none))]

    assert given == [2, 3, 4, 4]


async def test_slugs_are_looked_up_once_a_window_for_the_files_that_are_to_be_read(tmp_path: Path) -> None:
    known, new, gone = paths = [*write(tmp_path, 2), tmp_path / "\udcff.xml"]
    asked = []

    with reading() as ahead:
        stamp = ahead.stamper.stamp(known, known.read_bytes())

        async def recall(_: Sequence[bytes]) -> dict[bytes, KnownFile]:
            return {stamp: KNOWN}

        async def recall_slugs(beginnings: Sequence[str]) -> dict[str, dict[str, str]]:
            asked.append(beginnings)
            return {each: {f"{each}1": "what-is-it"} for each in beginnings}

        (window,) = [window async for window in windows(paths, ahead, recall=Recall(files=recall, slugs=recall_slugs))]
        read = [(file.path, [answer.slug for answer in covers(file)]) async for file in window.read]

    assert asked == [[f"medquad:{tmp_path.name}/1#"]]
    assert read == [(new, ["what-is-it"]), (gone, [])]
