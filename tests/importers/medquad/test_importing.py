"""Collections on their way into a library: whatever their order, once, and found again."""

from collections import Counter
from functools import partial
from pathlib import Path

import pytest

from server.content import withdrawal
from server.content.answer import Answer, Topic
from server.content.filters import AnswerFilter, AnswerOrder
from server.content.library import Library
from server.content.pages import PageRequest
from server.content.publishing import publish_prepared
from server.content.vocabulary import CodeSystem
from server.content.withdrawal import Named
from server.db.engine import Engine
from server.db.reads import Reads
from server.importers.ahead import reading
from server.importers.files import find_files
from server.importers.load import Loaded, load
from server.importers.windows import Recall
from tests.importers.medquad.xml import document, pair


def write(folder: Path, **files: bytes) -> Path:
    for name, data in files.items():
        path = folder / f"{name.replace('__', '/')}.xml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


async def imported(engine: Engine, paths: list[Path]) -> Counter[str]:
    counts: Counter[str] = Counter()

    def note(loaded: Loaded) -> None:
        counts.update([loaded.error or "read", *[str(outcome.kind) for outcome in loaded.outcomes]])
        counts["without text"] += loaded.without_text

    publish, recall = partial(publish_prepared, engine), Recall.of(engine)
    with reading() as ahead:
        await load(paths, publish=publish, recall=recall, on_loaded=note, ahead=ahead)
    return +counts


async def found(reads: Reads, question: str) -> list[Answer]:
    page = await Library(reads).list_answers(AnswerFilter(), AnswerOrder(), page=PageRequest(size=10))
    return [answer for answer in page.nodes if answer.question == question]


def collections(folder: Path) -> list[Path]:
    write(
        folder,
        gard__1=document(pair(1, "What is gout?", "It hurts."), pair(2, "Who has it?"), focus="gout", cuis=["C01"]),
        gard__2=document(pair(1, "What is gout?", "It heals."), focus="Gout", synonyms=["Podagra"], cuis=["C02"]),
        ghr__1=document(pair(1, "What is gout?", "Acid."), focus="Gout", synonyms=["Uric arthritis"], source="GHR"),
    )
    return find_files(folder)


async def test_equal_questions_all_stay_and_no_order_of_import_makes_news(engine: Engine, tmp_path: Path) -> None:
    paths = collections(tmp_path)

    assert await imported(engine, paths) == {"read": 3, "published": 3, "without text": 1}
    assert await imported(engine, paths[::-1]) == {"read": 3, "unchanged": 3, "without text": 1}
    assert await imported(engine, paths[1:2]) == {"read": 1, "unchanged": 1}


async def test_a_focus_of_several_files_is_one_topic_with_all_names_and_codes(
    engine: Engine, reads: Reads, tmp_path: Path
) -> None:
    await imported(engine, collections(tmp_path))

    page = await Library(reads).list_topics(PageRequest(size=10))
    (topic,) = page.nodes
    assert isinstance(topic, Topic)
    assert [(code.system, code.code) for code in topic.codes] == [("UMLS", "C01"), ("UMLS", "C02")]
    assert [(name.name, sorted(name.synonyms)) for name in topic.names] == [("gout", ["Podagra", "Uric arthritis"])]


async def test_answers_are_found_by_a_code_of_their_topic(engine: Engine, reads: Reads, tmp_path: Path) -> None:
    other = document(pair(1, "What is zinc?", "A metal."), focus="Zinc", cuis=["C03"])
    await imported(engine, [*collections(tmp_path), *find_files(write(tmp_path / "z", nih__1=other))])

    wanted = AnswerFilter(codes=((CodeSystem.UMLS, "C02"),))
    page = await Library(reads).list_answers(wanted, AnswerOrder(), page=PageRequest(size=10))
    assert [answer.question for answer in page.nodes] == ["What is gout?"] * 3


async def test_the_other_questions_of_a_file_lead_to_their_answers(
    engine: Engine, reads: Reads, tmp_path: Path
) -> None:
    pairs = [pair(1, "What is it?", "Gout."), pair(2, "Why?", "Acid."), pair(3, "Who has it?")]
    await imported(engine, find_files(write(tmp_path, gard__1=document(*pairs))))

    library = Library(reads)
    page = await library.list_answers(AnswerFilter(), AnswerOrder(), page=PageRequest(size=10))
    first = next(answer for answer in page.nodes if answer.question == "What is it?")
    answers = await library.answers_to(first.published.follow_up_questions)
    assert [answer and answer.question for answer in answers] == ["Why?", None]
    assert [source.url for source in first.caveats.sources] == ["https://www.niddk.nih.gov/gout"]


async def test_an_answer_keeps_its_slug_when_its_question_is_corrected(
    engine: Engine, reads: Reads, tmp_path: Path
) -> None:
    why = pair(2, "Why?", "Acid.")
    await imported(engine, find_files(write(tmp_path, gard__1=document(pair(1, "What is goot?", "Gout."), why))))
    (old,) = await found(reads, "What is goot?")
    paths = find_files(write(tmp_path, gard__1=document(pair(1, "What is gout?", "Gout."), why)))

    assert await imported(engine, paths) == {"read": 1, "updated": 2}
    (new,), (other,) = await found(reads, "What is gout?"), await found(reads, "Why?")
    (linked,) = await Library(reads).answers_to(other.published.follow_up_questions)
    assert [(each.slug, each.revision) for each in (old, new)] == [(old.slug, 1), (old.slug, 2)]
    assert [each.uuid for each in (new, linked) if each] == [old.uuid, old.uuid]
    assert await imported(engine, paths) == {"read": 1, "unchanged": 2}


@pytest.mark.parametrize(("act", "left"), [("retract", "left retracted"), ("erase", "left erased")])
async def test_a_corrected_question_brings_no_withdrawn_answer_back(
    engine: Engine, reads: Reads, tmp_path: Path, act: str, left: str
) -> None:
    why = pair(2, "Why?", "Acid.")
    await imported(engine, find_files(write(tmp_path, gard__1=document(pair(1, "What is goot?", "Gout."), why))))
    (old,) = await found(reads, "What is goot?")
    if act == "retract":
        await withdrawal.retract(engine, Named(slug=old.slug), reason="Wrong.")
    else:
        await withdrawal.erase(engine, Named(slug=old.slug))

    paths = find_files(write(tmp_path, gard__1=document(pair(1, "What is gout?", "Gout."), why)))

    assert await imported(engine, paths) == {"read": 1, left: 1, "updated": 1}
    assert await found(reads, "What is gout?") == []


async def test_a_broken_file_is_reported_and_the_others_go_in(engine: Engine, tmp_path: Path) -> None:
    good, broken = document(pair(1, "What?", "It.")), b"<Document>\n<Focus>"

    assert await imported(engine, find_files(write(tmp_path, a__1=good, a__2=broken, a__3=good))) == {
        "read": 2,
        "published": 2,
        "line 2: the XML is broken: no element found.": 1,
    }


async def test_a_folder_that_stands_twice_is_refused_the_second_time(engine: Engine, tmp_path: Path) -> None:
    data = document(pair(1, "What?", "It."))

    counts = await imported(engine, find_files(write(tmp_path, a__gard__1=data, b__gard__1=data)))
    first = tmp_path / "a" / "gard" / "1.xml"
    assert counts == {"read": 1, "published": 1, f"the same answer (`gard/1`) stands in {first}.": 1}


async def test_a_file_whose_name_is_no_text_is_reported_and_the_others_go_in(engine: Engine, tmp_path: Path) -> None:
    (path,) = find_files(write(tmp_path, gard__1=document(pair(1, "What?", "It."))))
    odd = path.with_name("\udcff.xml")
    odd.write_bytes(path.read_bytes())

    assert await imported(engine, find_files(tmp_path)) == {
        "read": 1,
        "published": 1,
        "its answers are known by its name, which is not UTF-8: rename it.": 1,
    }
