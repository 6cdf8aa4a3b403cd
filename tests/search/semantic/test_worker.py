"""The vectors follow the outbox: complete, made once, and sound after a kill at any moment."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import text

from server.access.audience import ANONYMOUS
from server.content.publishing import publish
from server.content.reads.sight import Sight
from server.content.withdrawal import Named, retract
from server.db.engine import Engine
from server.db.reads import Reads
from server.events.stream import Wakes
from server.search.semantic.folder import Model, Parts, open_model
from server.search.semantic.worker import Turn, VectorWorker
from tests.house.sources import ROOT
from tests.search.samples import ASTHMA, FEVER, answer, section
from tests.search.semantic.tiny import MEANINGS, make_model
from tests.waiting import until

VECTORS = """select a.slug, v.embedding::text from semantic.answer_vector v join answer a on a.id = v.answer_id
    join semantic.model m on m.number = v.model where m.digest = $1 order by a.slug"""


class CountingModel:
    """A model that tells how many texts it was given."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.texts: list[Parts] = []

    @property
    def digest(self) -> str:
        return self.model.digest

    @property
    def dimension(self) -> int:
        return self.model.dimension

    def embed(self, texts: list[Parts]) -> list[str]:
        self.texts += texts
        return self.model.embed(texts)


@pytest.fixture
def model(tiny: Model) -> CountingModel:
    return CountingModel(tiny)


@pytest.fixture
async def reads(semantic_url: str) -> AsyncIterator[Reads]:
    async with Reads(semantic_url, size=4, deadline=60) as opened:
        yield opened


@pytest.fixture
def worker(model: CountingModel, reads: Reads, engine: Engine) -> VectorWorker:
    return _worker(model, reads, engine)


def _worker(model: Model, reads: Reads, engine: Engine) -> VectorWorker:
    return VectorWorker(model, Sight(reads, ANONYMOUS), engine=engine, wakes=Wakes(safety_seconds=0.05))


async def test_every_published_answer_has_a_vector_of_its_question_and_opening(
    worker: VectorWorker, model: CountingModel, reads: Reads, engine: Engine
):
    await publish(engine, [ASTHMA, FEVER])
    await worker.catch_up()
    assert await _vectors(reads, model) == {
        "how-is-asthma-treated": {"asthma", "treated"},
        "when-is-a-fever-dangerous": {"fever", "newborn"},
    }


async def test_a_vector_is_made_anew_where_the_text_is_another_and_nowhere_else(
    worker: VectorWorker, model: CountingModel, reads: Reads, engine: Engine
):
    await publish(engine, [ASTHMA, FEVER])
    await worker.catch_up()
    model.texts.clear()
    await publish(engine, [replace(ASTHMA, sections=(section(None, "Of leukemia."),)), replace(FEVER, topics=())])
    await worker.catch_up()
    assert model.texts == [("How is asthma treated?", "How is asthma treated?\nOf leukemia.")]
    assert (await _vectors(reads, model))["how-is-asthma-treated"] == {"asthma", "treated", "leukemia"}


async def test_a_retracted_answer_loses_its_vector_though_no_worker_is_there(
    worker: VectorWorker, model: CountingModel, reads: Reads, engine: Engine
):
    await publish(engine, [ASTHMA, FEVER])
    await worker.catch_up()
    await retract(engine, Named(slug=ASTHMA.slug), reason="Wrong.")
    assert set(await _vectors(reads, model)) == {FEVER.slug}


async def test_another_model_makes_vectors_of_its_own_and_the_old_ones_go_when_it_is_unused(
    worker: VectorWorker, model: CountingModel, reads: Reads, engine: Engine, tmp_path: Path
):
    await publish(engine, [ASTHMA])
    await worker.catch_up()
    other = open_model(make_model(tmp_path / "other", MEANINGS[:1]))
    await _worker(other, reads, engine).catch_up()
    assert await _vectors(reads, model) != {}
    await _worker(other, reads, engine).catch_up(rebuilds=True)
    assert await _vectors(reads, model) == {}
    assert await reads.fetch_value("select count(*) from semantic.model") == 1
    assert await reads.fetch_value("select embedding::text from semantic.answer_vector") == "[1]"


async def test_an_outbox_that_does_not_go_back_far_enough_has_every_answer_looked_at(
    worker: VectorWorker, model: CountingModel, reads: Reads, engine: Engine
):
    await publish(engine, [ASTHMA])
    await worker.catch_up()
    await publish(engine, [FEVER])
    async with engine.transaction() as session:
        await session.execute(text("update outbox_horizon set position = 2"))
        await session.execute(text("delete from outbox where position <= 2"))
    model.texts.clear()
    await worker.catch_up()
    assert set(await _vectors(reads, model)) == {ASTHMA.slug, FEVER.slug}
    assert len(model.texts) == 1


async def test_one_worker_alone_is_at_it(worker: VectorWorker, model: CountingModel, reads: Reads, engine: Engine):
    await publish(engine, [ASTHMA])
    async with engine.transaction() as session:
        await session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": 0x0CA7EEC})
        assert await worker.turn() == (Turn.TAKEN, 0)
    assert model.texts == []


async def test_an_answer_that_is_being_written_is_not_waited_for(
    worker: VectorWorker, model: CountingModel, reads: Reads, engine: Engine
):
    await publish(engine, [ASTHMA])
    async with engine.transaction() as session:
        await session.execute(text("update answer set status = status"))
        assert await worker.turn() == (Turn.TAKEN, 0)
    assert await _vectors(reads, model) == {}
    await worker.catch_up()
    assert set(await _vectors(reads, model)) == {ASTHMA.slug}


async def test_a_running_worker_follows_what_is_published(
    worker: VectorWorker, model: CountingModel, reads: Reads, engine: Engine
):
    running = asyncio.create_task(worker.run())
    await publish(engine, [ASTHMA])
    await until(lambda: _has(reads, model, {ASTHMA.slug}))
    await publish(engine, [FEVER])
    await until(lambda: _has(reads, model, {ASTHMA.slug, FEVER.slug}))
    running.cancel()
    await asyncio.wait([running])


async def test_a_worker_that_is_killed_at_its_work_leaves_it_to_the_next(
    semantic_url: str, tiny_folder: Path, tiny: Model, reads: Reads, engine: Engine
):
    await publish(engine, [answer(f"a{number:03}", f"asthma {number}") for number in range(400)])
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.search.semantic.working", semantic_url, str(tiny_folder), stdout=PIPE, cwd=ROOT
    )
    try:
        assert await process.stdout.readline() == b"ready\n"
        await until(lambda: _has_begun(reads))
    finally:
        process.kill()
        await process.wait()
    await _worker(tiny, reads, engine).catch_up()
    assert set(await _vectors(reads, tiny)) == {f"a{number:03}" for number in range(400)}


async def _has_begun(reads: Reads) -> bool:
    return await reads.fetch_value("select count(*) from semantic.answer_vector") > 0


async def _has(reads: Reads, model: Model, wanted: set[str]) -> bool:
    return set(await _vectors(reads, model)) == wanted


async def _vectors(reads: Reads, model: Model) -> dict[str, set[str]]:
    """What the vector of each answer is about: the first word of each meaning."""
    names = [each[0] for each in MEANINGS]
    return {
        row["slug"]: {name for name, number in zip(names, json.loads(row["embedding"]), strict=False) if number}
        for row in await reads.fetch(VECTORS, model.digest)
    }
