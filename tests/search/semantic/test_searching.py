"""Search by meaning as one process has it: vectors are made beside the index, and cost no statement but one."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from server.access.audience import ANONYMOUS, Audience
from server.content.filters import AnswerFilter
from server.content.library import Library
from server.content.publishing import publish
from server.content.reads.sight import Sight
from server.db.engine import Engine
from server.db.reads import Reads
from server.errors.requests import CursorExpiredError
from server.events.stream import Wakes
from server.search.query import Search
from server.search.results import SearchRequest
from server.search.searching import Meaning, Searching
from server.search.semantic.fusing import Fusion
from server.search.semantic.nearness import Nearness
from tests.house.sources import ROOT
from tests.search.conftest import Ask, slugs
from tests.search.indexed import IndexedSearch
from tests.search.samples import ASTHMA, FEVER, answer
from tests.waiting import until


async def test_what_is_published_is_found_by_meaning_soon(
    semantic_url: str, tmp_path: Path, meaning: Meaning, reads: Reads, engine: Engine
):
    await publish(engine, [ASTHMA, FEVER])
    wakes = Wakes(safety_seconds=0.05)
    async with Searching(semantic_url, wakes=wakes, data_dir=tmp_path, meaning=meaning) as searching:

        async def finds(query: str, audience: Audience = ANONYMOUS) -> list[str]:
            request = SearchRequest(query=query, filter=AnswerFilter(), first=10)
            return slugs(await searching.search(request, library=Library(reads, audience)))

        async def is_found() -> bool:
            return await finds("breathless") == [ASTHMA.slug]

        await until(is_found)
        assert await finds("hot", Audience(topics=("asthma",))) == []


async def test_what_is_found_by_meaning_is_not_kept_for_vectors_change_without_news(ask: Ask, engine: Engine) -> None:
    await publish(engine, [ASTHMA])

    assert [(await ask(query)).is_lasting for query in ("breathless", "xyzzy")] == [False, False]


async def test_before_any_vector_is_there_answers_are_found_by_their_words(
    ask: Ask, stale: Ask, indexed: IndexedSearch, engine: Engine
):
    await publish(engine, [ASTHMA])
    await indexed.worker.catch_up()
    assert slugs(await stale("asthma")) == [ASTHMA.slug]
    assert slugs(await stale("breathless")) == []
    assert slugs(await ask("breathless")) == [ASTHMA.slug]


async def test_a_query_is_embedded_once_and_costs_one_statement(ask: Ask, stale: Ask, meaning: Meaning, engine: Engine):
    await publish(engine, [ASTHMA])
    await ask("breathless")
    before = meaning.reads.statements
    await stale("breathless")
    await stale("breathless -fever")
    await stale("-breathless")
    await stale("")
    assert meaning.reads.statements - before == 2


async def test_a_cursor_of_words_alone_is_refused_by_a_search_by_meaning_and_the_other_way_round(
    ask: Ask, indexed: IndexedSearch, reads: Reads, engine: Engine
):
    await publish(engine, [answer(f"a{number}", f"asthma {number}") for number in range(3)])
    by_meaning = await ask("asthma", first=1)
    of_words = Search(indexed.snapshots)
    request = SearchRequest(query="asthma", filter=AnswerFilter(), first=1)
    by_words = await of_words.search(request, library=Library(reads))
    with pytest.raises(CursorExpiredError):
        await ask("asthma", first=1, after=by_words.hits[0].cursor)
    after = replace(request, after=by_meaning.hits[0].cursor)
    with pytest.raises(CursorExpiredError):
        await of_words.search(after, library=Library(reads))


async def test_a_cursor_of_neighbours_that_are_forgotten_is_refused_where_others_are_near(
    ask: Ask, meaning: Meaning, indexed: IndexedSearch, engine: Engine, reads: Reads
):
    await publish(engine, [answer(f"a{number}", f"asthma {number}") for number in range(3)])
    first = await ask("breathless", first=1)
    await publish(engine, [answer("a3", "asthma 3")])
    await meaning.worker(indexed.sight, Wakes()).catch_up()
    elsewhere = Fusion(Nearness(meaning.model), Sight(meaning.reads, ANONYMOUS))
    search = Search(indexed.snapshots, fusion=elsewhere)
    request = SearchRequest(query="breathless", filter=AnswerFilter(), first=1, after=first.hits[0].cursor)
    with pytest.raises(CursorExpiredError):
        await search.search(request, library=Library(reads))


def test_what_the_extra_brings_is_loaded_by_a_model_alone():
    """Whoever has not installed it misses nothing."""
    code = "import sys, server.app, server.cli; print([each for each in sys.argv[1:] if each in sys.modules])"
    brought = ("numpy", "onnxruntime", "tokenizers", "server.search.semantic.model")
    done = subprocess.run([sys.executable, "-c", code, *brought], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
