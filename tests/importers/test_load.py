from functools import partial
from pathlib import Path

import pytest

from server.content.filters import AnswerFilter
from server.content.library import Library
from server.content.publishing import publish_prepared
from server.db.engine import Engine
from server.db.reads import Reads
from server.errors.content import NotFoundError
from server.importers.ahead import reading
from server.importers.files import Manner, find_files, read_files
from server.importers.load import Loaded, load
from server.importers.windows import Recall

PAGE = """What is {name}?

{name}May 15, 2026Navis AI

{name} is a word.

In short

It is explained here.
"""
MARKDOWN = """---
question: What is {name}?
author: {{name: Editors, kind: ORGANIZATION}}
publishedOn: 2026-05-15
{more}---
{name} is a word.
"""


def write(folder: Path, **files: str | bytes) -> None:
    for name, content in files.items():
        data = content if isinstance(content, bytes) else content.encode()
        (folder / name.replace("__", ".")).write_bytes(data)


async def imported(engine: Engine, path: Path) -> dict[str, str]:
    results: dict[str, str] = {}

    def note(loaded: Loaded) -> None:
        kinds = [str(outcome.reason or outcome.kind) for outcome in loaded.outcomes]
        results[loaded.path.name] = loaded.error or " ".join(kinds)

    publish, recall = partial(publish_prepared, engine), Recall.of(engine)
    with reading() as ahead:
        await load(find_files(path), publish=publish, recall=recall, on_loaded=note, ahead=ahead)
    return results


async def test_a_directory_goes_in_but_for_what_can_not_be_read(engine: Engine, reads: Reads, tmp_path: Path) -> None:
    write(
        tmp_path,
        good__txt=PAGE.format(name="Anemia"),
        good__md=MARKDOWN.format(name="Asthma", more=""),
        empty__txt="",
        binary__txt=b"\0\1\2",
        undated__txt="What is it?\n\nNothing\n",
        broken__md="no front matter\n",
        picture__png=b"\x89PNG",
    )

    results = await imported(engine, tmp_path)

    assert (results.pop("good.txt"), results.pop("good.md")) == ("published", "published")
    assert sorted(results) == ["binary.txt", "broken.md", "empty.txt", "undated.txt"]
    assert all(reason and "published" not in reason for reason in results.values())
    assert await Library(reads).count_answers(AnswerFilter()) == 2


async def test_a_second_import_changes_nothing(engine: Engine, reads: Reads, tmp_path: Path) -> None:
    write(tmp_path, one__txt=PAGE.format(name="Anemia"), two__md=MARKDOWN.format(name="Asthma", more=""))
    await imported(engine, tmp_path)
    head = await reads.fetch_value("select max(position) from outbox")

    results = await imported(engine, tmp_path)

    assert results == {"one.txt": "unchanged", "two.md": "unchanged"}
    assert await reads.fetch_value("select max(position) from outbox") == head


async def test_files_may_name_answers_that_come_later(engine: Engine, tmp_path: Path) -> None:
    replaced = "retraction: {reason: Old., replacement: what-is-zinc}\n"
    write(
        tmp_path,
        a__md=MARKDOWN.format(name="Asthma", more=replaced),
        b__md=MARKDOWN.format(name="Asma", more="locale: es\ntranslationOf: what-is-zinc\n"),
        c__txt=PAGE.format(name="Zinc"),
    )

    assert await imported(engine, tmp_path) == {"c.txt": "published", "b.md": "published", "a.md": "retracted"}


async def test_the_same_answer_in_two_files_is_refused_the_second_time(engine: Engine, tmp_path: Path) -> None:
    write(tmp_path, a__txt=PAGE.format(name="Anemia"), b__txt=PAGE.format(name="Anemia") + "\nMore.\n")

    results = await imported(engine, tmp_path)

    assert results == {
        "a.txt": "published",
        "b.txt": f"the same answer (`what-is-anemia`) stands in {tmp_path / 'a.txt'}.",
    }


async def test_more_files_than_a_batch_go_in(engine: Engine, reads: Reads, tmp_path: Path) -> None:
    write(tmp_path, **{f"a{number:03}__txt": PAGE.format(name=f"Anemia {number}") for number in range(230)})

    results = await imported(engine, tmp_path)

    assert set(results.values()) == {"published"}
    assert await reads.fetch_value("select count(*) from answer") == 230


def test_files_are_found_below_a_directory_but_for_hidden_ones(tmp_path: Path) -> None:
    (tmp_path / "below" / ".git").mkdir(parents=True)
    for name in ("b.txt", "below/a.md", "below/.git/c.txt", ".d.md", "e.json"):
        (tmp_path / name).write_text("x")

    assert [file.relative_to(tmp_path).as_posix() for file in find_files(tmp_path)] == ["b.txt", "below/a.md"]


@pytest.mark.parametrize("name", ["nowhere", "empty"])
def test_a_path_without_files_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()

    with pytest.raises(NotFoundError):
        find_files(tmp_path / name)


def test_a_file_that_can_not_be_opened_is_refused(tmp_path: Path) -> None:
    gone = tmp_path / "gone.txt"

    assert list(read_files([gone], Manner())) == [(gone, "the file can't be opened: No such file or directory.")]
