"""Files that need not be read again: what is passed over is what would be unchanged, whatever happened meanwhile."""

from pathlib import Path

import pytest

from server.content import withdrawal
from server.content.publication.preparation import Prepared
from server.content.publishing import publish, publish_prepared
from server.content.withdrawal import Named
from server.db.engine import Engine
from server.db.reads import Reads
from server.importers.ahead import reading
from server.importers.files import Manner, find_files
from server.importers.load import Loaded, load
from server.importers.windows import Recall
from tests.importers.medquad.xml import document, pair
from tests.importers.test_load import MARKDOWN, PAGE, write
from tests.schema.drafts import answer

ANEMIA = Named(slug="what-is-anemia")


async def imported(
    engine: Engine, path: Path, *, manner: Manner | None = None, recalls: bool = True
) -> tuple[dict[str, str], list[str]]:
    """What became of each file, and the slugs of the drafts that were read."""
    results: dict[str, str] = {}
    read: list[str] = []

    async def publish_read(drafts):
        read.extend(draft.cover.slug if isinstance(draft, Prepared) else draft.slug for draft in drafts)
        return await publish_prepared(engine, drafts)

    def note(loaded: Loaded) -> None:
        results[loaded.path.name] = loaded.error or " ".join([str(outcome.kind) for outcome in loaded.outcomes])

    recall = Recall.of(engine) if recalls else None
    with reading(manner) as ahead:
        await load(find_files(path), publish=publish_read, recall=recall, on_loaded=note, ahead=ahead)
    return results, sorted(read)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "pages"
    path.mkdir()
    write(path, a__txt=PAGE.format(name="Anemia"), b__md=MARKDOWN.format(name="Asthma", more=""))
    return path


async def test_files_that_are_as_they_were_are_not_read_again(engine: Engine, folder: Path) -> None:
    await imported(engine, folder)

    assert await imported(engine, folder) == ({"a.txt": "unchanged", "b.md": "unchanged"}, [])


async def test_only_a_file_that_has_changed_is_read_again(engine: Engine, folder: Path) -> None:
    await imported(engine, folder)
    write(folder, a__txt=PAGE.format(name="Anemia") + "\nMore.\n")

    assert await imported(engine, folder) == ({"a.txt": "updated", "b.md": "unchanged"}, ["what-is-anemia"])
    assert await imported(engine, folder) == ({"a.txt": "unchanged", "b.md": "unchanged"}, [])


async def test_a_file_that_is_what_it_was_before_the_last_change_is_an_update(engine: Engine, folder: Path) -> None:
    await imported(engine, folder)
    write(folder, a__txt=PAGE.format(name="Anemia") + "\nMore.\n")
    await imported(engine, folder)
    write(folder, a__txt=PAGE.format(name="Anemia"))

    assert await imported(engine, folder) == ({"a.txt": "updated", "b.md": "unchanged"}, ["what-is-anemia"])


async def test_a_file_that_moves_is_read_again_and_no_news(engine: Engine, folder: Path) -> None:
    await imported(engine, folder)
    (folder / "below").mkdir()
    (folder / "b.md").rename(folder / "below" / "c.md")

    results, read = await imported(engine, folder)

    assert (results, read) == ({"a.txt": "unchanged", "c.md": "unchanged"}, ["what-is-asthma"])


async def test_whatever_was_done_to_an_answer_its_file_is_read_again(engine: Engine, folder: Path) -> None:
    await imported(engine, folder)
    seen = []

    for act in (
        withdrawal.retract(engine, ANEMIA, reason="Wrong."),
        withdrawal.reinstate(engine, ANEMIA),
        publish(engine, [answer("what-is-anemia", title="By hand")]),
        withdrawal.erase(engine, ANEMIA),
    ):
        await act
        results, read = await imported(engine, folder)
        seen.append((results["a.txt"], read))

    again = ["what-is-anemia"]
    assert seen == [("left retracted", again), ("unchanged", again), ("updated", again), ("left erased", again)]


async def test_nothing_of_the_file_of_an_erased_answer_is_kept(engine: Engine, reads: Reads, folder: Path) -> None:
    await imported(engine, folder)

    await withdrawal.erase(engine, ANEMIA)

    assert await reads.fetch_value("select count(*) from answer_file") == 1


async def test_a_file_is_read_again_in_another_manner(engine: Engine, folder: Path) -> None:
    await imported(engine, folder)

    results, read = await imported(engine, folder, manner=Manner(locale="es"))

    assert (results, read) == ({"a.txt": "published", "b.md": "unchanged"}, ["what-is-anemia", "what-is-asthma"])


async def test_a_file_of_several_answers_is_read_again_for_one_of_them(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "1.xml").write_bytes(document(*[pair(number, f"What is {number}?", "It is.") for number in (1, 2, 3)]))
    _, slugs = await imported(engine, tmp_path)
    await withdrawal.retract(engine, Named(slug=slugs[1]), reason="Wrong.")

    assert await imported(engine, tmp_path) == ({"1.xml": "unchanged left retracted unchanged"}, slugs)
    assert await imported(engine, tmp_path) == ({"1.xml": "unchanged left retracted unchanged"}, slugs)


async def test_a_file_of_which_an_answer_was_refused_is_read_again(engine: Engine, tmp_path: Path) -> None:
    more = "retraction: {reason: Old., replacement: what-is-zinc}\n"
    write(tmp_path, a__md=MARKDOWN.format(name="Asthma", more=more))

    assert await imported(engine, tmp_path) == ({"a.md": "refused"}, ["what-is-asthma"])
    write(tmp_path, b__txt=PAGE.format(name="Zinc"))
    assert await imported(engine, tmp_path) == (
        {"b.txt": "published", "a.md": "retracted"},
        ["what-is-asthma", "what-is-zinc"],
    )
    assert await imported(engine, tmp_path) == ({"b.txt": "unchanged", "a.md": "unchanged"}, ["what-is-asthma"])


async def test_a_file_of_which_anything_was_left_out_is_read_again(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "1.xml").write_bytes(document(pair(1, "What is gout?", "It hurts."), cuis=["C*1"]))
    _, slugs = await imported(engine, tmp_path)

    assert await imported(engine, tmp_path) == ({"1.xml": "unchanged"}, slugs)
    (tmp_path / "1.xml").write_bytes(document(pair(1, "What is gout?", "It hurts."), cuis=["C1"]))
    assert await imported(engine, tmp_path) == ({"1.xml": "caveats changed"}, slugs)
    assert await imported(engine, tmp_path) == ({"1.xml": "unchanged"}, [])


@pytest.mark.parametrize("name", ["0.txt", "c.txt"])
async def test_the_first_of_two_files_with_one_answer_has_it_known_or_not(
    engine: Engine, folder: Path, name: str
) -> None:
    await imported(engine, folder)
    (folder / name).write_text(PAGE.format(name="Anemia") + "\nMore.\n")

    results, _ = await imported(engine, folder)

    second, first = ("a.txt", name) if name < "a" else (name, "a.txt")
    assert results[second] == f"the same answer (`what-is-anemia`) stands in {folder / first}."
    assert results[first] == ("updated" if first == name else "unchanged")


async def test_a_file_of_medquad_with_the_name_of_a_known_one_is_refused(engine: Engine, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder / "gard").mkdir(parents=True)
    (tmp_path / "a/gard/1.xml").write_bytes(document(pair(1, "What is gout?", "It hurts.")))
    await imported(engine, tmp_path)
    (tmp_path / "b/gard/1.xml").write_bytes(document(pair(2, "Who has gout?", "Many.")))

    results, read = await imported(engine, tmp_path)

    assert (results["1.xml"], read) == (f"the same answer (`gard/1`) stands in {tmp_path / 'a/gard/1.xml'}.", [])


async def test_what_is_known_without_its_file_is_known_with_it_from_the_next_import_on(
    engine: Engine, reads: Reads, folder: Path
) -> None:
    await imported(engine, folder, recalls=False)
    async with engine.transaction() as session:
        await (await session.connection()).exec_driver_sql("delete from answer_file")  # as the code before left it
    head = await reads.fetch_value("select max(position) from outbox")

    assert [len((await imported(engine, folder))[1]) for _ in range(2)] == [2, 0]
    assert await reads.fetch_value("select max(position) from outbox") == head
