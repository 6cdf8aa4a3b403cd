"""Whatever is written, what is kept is what a run would give once the news of it is heard."""

import asyncio
import math
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest
from graphql import GraphQLSchema

from server.access.audience import ANONYMOUS, Audience
from server.content import withdrawal
from server.content.ids import NodeKind, encode_id
from server.content.publishing import publish
from server.db.engine import Engine
from server.db.reads import Reads
from server.execution.operation import Served
from server.search import spelling
from tests.schema.drafts import answer
from tests.schema.keeping import Keeping
from tests.schema.selecting import everything
from tests.schema.writing import HERE, SECOND, STEPS, change, prepare, published, writers
from tests.search.indexed import IndexedSearch

PAGE = "title topics { slug name } sources { title status } disclaimers { text version } evidence body { text }"
FOUND = "score snippet { section { heading } content { text } } disclaimers { text }"
FACETS = "topicFacets { topic { name } count }"
EXACT = f'{{ answer(slug: "first", locale: "en") {{ {PAGE} }} }}'
OTHER = f'{{ answer(slug: "second", locale: "en") {{ {PAGE} }} }}'


@pytest.fixture
async def keeping(
    schema: GraphQLSchema, reads: Reads, engine: Engine, database_url: str, tmp_path: Path
) -> AsyncIterator[Keeping]:
    await prepare(engine)
    async with IndexedSearch(database_url, tmp_path) as indexed:
        made = Keeping(schema, reads, indexed=indexed)
        async with made.news:
            yield made


async def probes(keeping: Keeping, schema: GraphQLSchema, reads: Reads) -> list[tuple[str, Audience]]:
    """Requests that look at everything in their several ways, for several audiences."""
    ids = await reads.fetch_value("select array_agg(id order by slug) from answer")
    partner: UUID = await reads.fetch_value("select id from client where name = 'partner'")
    first, second = (encode_id(NodeKind.ANSWER, each) for each in ids)
    whole = everything(schema, "Answer", depth=2)
    texts = [
        EXACT,
        OTHER,
        f'{{ answer(slug: "first") {{ {PAGE} }} }}',
        f'{{ answer(slug: "first", locale: "es-MX") {{ {PAGE} }} }}',
        f'{{ answer(slug: "third", locale: "en") {{ {PAGE} }} }}',
        f'{{ node(id: "{first}") {{ ... on Answer {{ {PAGE} }} }} }}',
        f'{{ nodes(ids: ["{second}", "{first}"]) {{ ... on Answer {{ {PAGE} }} }} }}',
        f'{{ answer(slug: "first", locale: "en") {{ {whole} }} }}',
        f"{{ answers {{ totalCount nodes {{ {PAGE} }} }} }}",
        "{ topics { nodes { slug name synonyms parent { name } children { slug } answers { totalCount } } } }",
        "{ sources { nodes { title license status supersededBy { title } citedBy { totalCount } } } }",
        f'{{ search(query: "leukemia") {{ edges {{ {FOUND} node {{ {PAGE} }} }} totalCount {FACETS} }} }}',
        f'{{ search(query: "third") {{ edges {{ {FOUND} node {{ title }} }} totalCount }} }}',
        '{ suggest(prefix: "th") { text slug } }',
    ]
    audiences = [
        ANONYMOUS,
        Audience(default_locale="es"),
        Audience(wording=partner),
        Audience(topics=("leukemia",), locales=("en",)),
        Audience(topics=("cancer",), wording=partner, shows_calls=False),
    ]
    await keeping.index(*audiences)
    return [(text, audience) for text in texts for audience in audiences]


def test_every_way_to_write_is_tried() -> None:
    assert {function for function, _ in STEPS.values()} == writers()


@pytest.mark.parametrize("name", STEPS)
async def test_what_is_written_is_served_once_it_is_heard(
    keeping: Keeping, schema: GraphQLSchema, reads: Reads, engine: Engine, name: str
) -> None:
    asked = await probes(keeping, schema, reads)
    for probe in asked:
        await keeping.ask(*probe)
    assert {(await keeping.ask(*probe)).served for probe in asked} == {Served.KEPT}
    _, write = STEPS[name]
    await write(engine)
    await keeping.hear()

    for probe in asked:
        assert (await keeping.ask(*probe)).body == (await keeping.run(*probe)).body, probe


@pytest.mark.parametrize(
    "write",
    [
        published(change(SECOND, title="Another title")),
        published(answer("third", locale="en")),
        lambda engine: withdrawal.retract(engine, withdrawal.Named(slug="second"), reason="It was wrong."),
    ],
)
async def test_what_is_written_of_another_answer_drops_nothing_of_this_one(
    keeping: Keeping, engine: Engine, write: object
) -> None:
    await keeping.ask(EXACT)
    await write(engine)
    await keeping.hear()

    assert (await keeping.ask(EXACT)).served is Served.KEPT


@pytest.mark.parametrize(
    "asks", ['{ search(query: "how it works") { totalCount } }', '{ suggest(prefix: "th") { slug } }']
)
async def test_what_was_found_is_kept_until_the_index_is_renewed(keeping: Keeping, engine: Engine, asks: str) -> None:
    await keeping.index(ANONYMOUS)
    before = await keeping.ask(asks)
    assert (await keeping.ask(asks)).served is Served.KEPT

    await published(answer("third", locale="en"))(engine)
    await keeping.index(ANONYMOUS)

    after = await keeping.ask(asks)
    assert (after.served, after.body == before.body) == (Served.RUN, False)


async def test_what_older_words_were_put_right_by_is_not_kept(
    keeping: Keeping, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spelling, "RENEWED_TIMES", math.inf)
    await keeping.index(ANONYMOUS)
    assert b"leukemia" in (await keeping.ask('{ search(query: "leukmia") { correctedQuery } }')).body

    await published(answer("astigmatism", locale="en"))(engine)
    await keeping.index(ANONYMOUS)
    asks = '{ search(query: "astigmatizm") { totalCount correctedQuery } }'
    before = [await keeping.ask(asks) for _ in range(2)]
    monkeypatch.setattr(spelling, "RENEWED_SECONDS", 0.0)
    after = [await keeping.ask(asks) for _ in range(2)]

    assert [b'"totalCount":0' in each.body for each in before] == [True, True]
    assert [each.served for each in before] == [Served.RUN, Served.RUN]
    assert [b'"totalCount":1' in each.body for each in after] == [True, True]
    assert after[1].served is Served.KEPT


async def test_what_was_found_within_bounds_is_kept_when_another_index_is_renewed(
    keeping: Keeping, engine: Engine
) -> None:
    confined, asks = Audience(topics=("leukemia",)), '{ search(query: "how it works") { totalCount } }'
    await keeping.index(ANONYMOUS, confined)
    before = [await keeping.ask(asks, each) for each in (ANONYMOUS, confined)]

    await published(answer("third", locale="en"))(engine)
    await keeping.index(ANONYMOUS)

    after = [await keeping.ask(asks, each) for each in (ANONYMOUS, confined)]
    assert [each.served for each in (*before, *after)] == [Served.RUN] * 3 + [Served.KEPT]


async def test_clients_with_different_wordings_are_served_their_own(
    keeping: Keeping, schema: GraphQLSchema, reads: Reads, engine: Engine
) -> None:
    await STEPS["a client's wording"][1](engine)
    await keeping.hear()
    partner: UUID = await reads.fetch_value("select id from client where name = 'partner'")
    own, plain = await keeping.ask(EXACT, Audience(wording=partner)), await keeping.ask(EXACT)

    assert (b"Ours." in own.body, b"Ours." in plain.body) == (True, False)
    for audience, result in ((Audience(wording=partner), own), (ANONYMOUS, plain)):
        again = await keeping.ask(EXACT, audience)
        assert (again.served, again.body) == (Served.KEPT, result.body)


async def test_what_is_retracted_while_it_is_read_is_not_kept(keeping: Keeping, engine: Engine) -> None:
    async with engine.transaction() as session:
        connection = await session.connection()
        await connection.exec_driver_sql("lock table revision in access exclusive mode")
        reading = asyncio.create_task(keeping.ask(EXACT))
        await asyncio.sleep(0)
    await withdrawal.retract(engine, HERE, reason="It was wrong.")
    await keeping.hear()
    await reading

    assert (await keeping.ask(EXACT)).body == (await keeping.run(EXACT)).body


async def test_an_answer_that_comes_back_from_nowhere_is_served(keeping: Keeping, engine: Engine) -> None:
    query = '{ answer(slug: "third", locale: "en") { title } }'
    before = (await keeping.ask(query)).body
    await publish(engine, [answer("third", locale="en")])
    await keeping.hear()

    assert (before, (await keeping.ask(query)).body) == (
        b'{"data":{"answer":null}}',
        b'{"data":{"answer":{"title":"How it works"}}}',
    )
