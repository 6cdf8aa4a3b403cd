"""Counts are kept as answers are written, and are what counting one by one gives."""

import asyncio
import datetime
import itertools
import random
from collections.abc import AsyncIterator

import msgspec
import pytest

from server.access.audience import Audience
from server.content import withdrawal
from server.content.answer import EvidenceStatus
from server.content.draft import Draft, Source, Topic
from server.content.filters import AnswerFilter, AnswerOrder, SourceFilter
from server.content.library import Library
from server.content.pages import PageRequest
from server.content.publishing import publish
from server.content.reads import belonging, bounds, counting
from server.content.withdrawal import Named
from server.content.writes.counting import recount
from server.db.connections import Connection, connect
from server.db.engine import Engine
from server.db.reads import Reads
from tests.schema.drafts import GUIDELINE, answer
from tests.waiting import until

HEART, BRAIN = Topic(name="Heart", slug="heart"), Topic(name="Brain", slug="brain")
VALVE = Topic(name="Valve", slug="valve", parent="heart")
OTHER = Source(key="nccn", title="Another source")

COUNTED = """
    with recursive above as (
        select x.answer_id, x.topic_id from answer_topic x
        union select b.answer_id, t.parent_id from above b join topic t on t.id = b.topic_id
        where t.parent_id is not null)
    select s.id, a.locale, a.status, count(*) from answer a join (
        select id as answer_id, '00000000-0000-0000-0000-000000000000'::uuid as id from answer
        union all select answer_id, topic_id from above
        union all select answer_id, source_id from answer_source where is_cited) s on s.answer_id = a.id
    where a.status <> 'ERASED' group by 1, 2, 3 order by 1, 2, 3
"""
KEPT = "select subject_id, locale, status, number from answer_count where number <> 0 order by 1, 2, 3"


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[Connection]:
    opened = await connect(database_url)
    yield opened
    await opened.close()


async def kept_and_counted(connection: Connection) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    return [tuple(row) for row in await connection.fetch(KEPT)], [tuple(row) for row in await connection.fetch(COUNTED)]


async def test_what_is_kept_is_what_there_is_whatever_is_written(engine: Engine, connection: Connection) -> None:
    chance = random.Random(7)
    slugs = [f"a{number}" for number in range(8)]
    for _ in range(25):
        await _write(engine, chance, chance.sample(slugs, 3))
        kept, counted = await kept_and_counted(connection)
        assert kept == counted
    assert counted


async def _write(engine: Engine, chance: random.Random, slugs: list[str]) -> None:
    deed = chance.choice(["publish"] * 4 + ["retract", "reinstate", "erase", "move"])
    if deed == "publish":
        await publish(engine, [_drawn(chance, slug) for slug in slugs])
    elif deed == "move":
        moved = msgspec.structs.replace(VALVE, parent=chance.choice(["heart", "brain"]))
        await publish(engine, [answer(slugs[0], topics=(HEART, BRAIN, moved))])
    else:
        try:
            named = Named(slug=slugs[0])
            if deed == "retract":
                await withdrawal.retract(engine, named, reason="Old.")
            else:
                await {"reinstate": withdrawal.reinstate, "erase": withdrawal.erase}[deed](engine, named)
        except (withdrawal.NotFoundError, withdrawal.RefusedError):
            return


def _drawn(chance: random.Random, slug: str) -> Draft:
    topics = chance.choice([(HEART,), (HEART, BRAIN), (HEART, VALVE), (BRAIN, HEART, VALVE)])
    source = chance.choice([GUIDELINE, OTHER])
    return answer(slug, topics=topics, sources=(source,), title=f"Title {chance.random()}")


async def test_a_topic_that_moves_takes_its_answers_along(engine: Engine, library: Library) -> None:
    await publish(engine, [answer("one", topics=(HEART, VALVE)), answer("two", topics=(HEART, VALVE))])
    await publish(engine, [answer("two", topics=(VALVE,)), answer("three", topics=(BRAIN,))])
    moved = msgspec.structs.replace(VALVE, parent="brain")

    await publish(engine, [answer("three", topics=(BRAIN, moved))])

    for slug, count in (("heart", 1), ("brain", 3), ("valve", 3)):
        assert await library.count_answers(AnswerFilter(topics=(slug,))) == count


async def test_what_was_not_counted_is_counted_at_the_turn_of_the_day(
    engine: Engine, connection: Connection, library: Library
) -> None:
    await publish(engine, [answer("one"), answer("two", locale="es")])
    await connection.execute("update answer_count set number = 7 where locale = 'es'")
    await connection.execute("delete from answer_count where locale = 'en'")

    await recount(engine)

    kept, counted = await kept_and_counted(connection)
    assert kept == counted
    assert await library.count_answers(AnswerFilter()) == 2


async def test_what_two_processes_count_anew_at_once_is_not_added_twice(
    engine: Engine, connection: Connection, database_url: str
) -> None:
    await publish(engine, [answer("one"), answer("two", locale="es")])
    await connection.execute("update answer_count set number = 7")
    holding = await connect(database_url)
    held = holding.transaction()
    await held.start()
    await holding.execute("select from answer_count for update")
    counting_anew = [asyncio.create_task(recount(engine)) for _ in range(2)]

    async def are_at_it() -> bool:
        waiting = await connection.fetchval(
            """select count(*) from pg_stat_activity
               where datname = current_database() and wait_event_type = 'Lock'"""
        )
        return waiting == sum(not each.done() for each in counting_anew)

    await until(are_at_it)
    await held.rollback()
    await holding.close()
    await asyncio.gather(*counting_anew)

    kept, counted = await kept_and_counted(connection)
    assert kept == counted


async def test_no_count_is_below_zero_while_servers_of_before_count_nothing(
    engine: Engine, connection: Connection, library: Library
) -> None:
    await publish(engine, [answer("one")])
    await connection.execute("delete from answer_count")

    await withdrawal.erase(engine, Named(slug="one"))

    assert await library.count_answers(AnswerFilter()) == 0
    topic = await library.topic_by_slug("leukemia")
    assert topic is not None
    assert await library.count_answers_of_topics([topic.uuid]) == [0]


FILTERS = [
    AnswerFilter(),
    AnswerFilter(include_retracted=True),
    AnswerFilter(topics=("heart",)),
    AnswerFilter(topics=("heart", "brain")),
    AnswerFilter(topics=("heart",), locales=("es",)),
    AnswerFilter(topics=("nowhere",)),
    AnswerFilter(topics=()),
    AnswerFilter(locales=("es",), include_retracted=True),
    AnswerFilter(evidence=(EvidenceStatus.UNCITED,)),
    AnswerFilter(evidence=(EvidenceStatus.UNCITED, EvidenceStatus.CURRENT), include_retracted=True),
    AnswerFilter(slugs=("a0", "a1"), topics=("brain",)),
]
AUDIENCES = [
    Audience(),
    Audience(topics=("heart",)),
    Audience(topics=("heart", "brain")),
    Audience(locales=("es",)),
    Audience(topics=("brain",), locales=("en",)),
    Audience(topics=()),
]


@pytest.mark.parametrize("few", [20_000, 2])
async def test_a_count_is_that_of_the_list_whichever_way_leads_there(
    engine: Engine, database_url: str, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module, name in ((counting, "SEVERAL"), (belonging, "SEVERAL"), (belonging, "FEW")):
        monkeypatch.setattr(module, name, few)
    await _fill(engine)
    async with Reads(database_url, size=1, deadline=30) as reads:
        for audience, wanted in itertools.product(AUDIENCES, FILTERS):
            library = Library(reads, audience)
            page = await library.list_answers(wanted, AnswerOrder(), page=PageRequest(size=100))

            assert await library.count_answers(wanted) == len(page.nodes), (audience, wanted)


async def _fill(engine: Engine) -> None:
    drafts = [
        answer(f"a{number}", topics=topics, locale=locale, **({} if number % 2 else {"sources": (), "sections": ()}))
        for number, (topics, locale) in enumerate(
            [((HEART,), "en"), ((HEART, BRAIN), "en"), ((HEART, VALVE), "es"), ((BRAIN,), "es-MX"), ((BRAIN,), "en")]
        )
    ]
    await publish(engine, drafts)
    await withdrawal.retract(engine, Named(slug="a1"), reason="Old.")
    await publish(engine, [answer("a5", topics=(HEART, VALVE), sources=(), sections=())])


async def test_of_many_a_sample_is_counted_and_the_number_rounded(
    engine: Engine, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "SEVERAL", 2)
    monkeypatch.setattr(counting, "LARGE", 2)
    await publish(engine, [answer(f"a{number}") for number in range(123)])

    assert await library.count_answers(AnswerFilter(evidence=(EvidenceStatus.CURRENT,))) == 120
    assert await library.count_answers(AnswerFilter(evidence=(EvidenceStatus.UNCITED,))) == 0
    assert await library.count_answers(AnswerFilter()) == 123


CITING = (
    AnswerFilter(),
    AnswerFilter(evidence=(EvidenceStatus.CURRENT,)),
    AnswerFilter(locales=("en",), include_retracted=True),
    AnswerFilter(published_after=datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)),
)


@pytest.mark.parametrize("large", [110, 2])
@pytest.mark.parametrize("audience", [Audience(topics=("heart", "valve")), Audience(locales=("en",))])
async def test_no_count_of_a_confined_audience_depends_on_what_lies_beyond(
    engine: Engine, reads: Reads, audience: Audience, large: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module, name, most in ((counting, "SEVERAL", 70), (counting, "LARGE", large), (counting, "SAMPLE", 40)):
        monkeypatch.setattr(module, name, most)
    monkeypatch.setattr(bounds, "SAMPLE", 40)
    library = Library(reads, audience)
    await publish(engine, [answer(f"a{number}", topics=(HEART,)) for number in range(103)])
    before = [await library.count_answers(wanted) for wanted in CITING]

    await publish(engine, [answer(f"b{number}", topics=(BRAIN,), locale="de") for number in range(20)])

    assert [await library.count_answers(wanted) for wanted in CITING] == before
    assert all(70 <= count <= 140 for count in before)


async def test_of_many_topics_and_sources_postgres_knows_how_many(
    engine: Engine, library: Library, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish(engine, [answer("one", topics=(HEART, VALVE, BRAIN))])
    counts = await library.count_topics(), await library.count_sources(SourceFilter())
    await connection.execute("analyze topic; analyze source")
    monkeypatch.setattr(counting, "MANY", 0)
    await publish(engine, [answer("two", topics=(Topic(name="Lung", slug="lung"),), sources=(OTHER,))])

    assert counts == (3, 1)
    assert (await library.count_topics(), await library.count_sources(SourceFilter())) == counts
