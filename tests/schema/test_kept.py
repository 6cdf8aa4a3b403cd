"""What is kept is what a run would give."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import NoReturn

import pytest
from graphql import GraphQLSchema, parse, validate

from schema.rules.requires_disclaimer import RequiresDisclaimerRule
from server.commands.seeding import seed
from server.db.reads import Reads
from server.execution.compiler.programs import By
from server.execution.operation import Request, Served
from server.execution.responses import Responses
from server.execution.serving import Serving
from tests.journeys.test_random_operations import made, sensible
from tests.schema.keeping import Keeping, Somebody
from tests.search.indexed import IndexedSearch

FLEETING = {"client", "changes"}


@pytest.fixture
async def keeping(schema: GraphQLSchema, reads: Reads, database_url: str, tmp_path: Path) -> AsyncIterator[Keeping]:
    async with IndexedSearch(database_url, tmp_path) as indexed:
        made = Keeping(schema, reads, indexed=indexed)
        async with made.news:
            yield made


async def test_whatever_is_asked_is_served_as_the_same_bytes(
    keeping: Keeping, schema: GraphQLSchema, database_url: str
) -> None:
    await seed(database_url)
    await keeping.hear()
    asked = made_again = 0
    for field in sorted(schema.query_type.fields):
        for text in map(sensible, made(field)):
            if validate(schema, parse(text)) or validate(schema, parse(text), [RequiresDisclaimerRule]):
                continue
            run, first, second = await keeping.run(text), await keeping.ask(text), await keeping.ask(text)
            is_kept = field not in FLEETING and not run.errors
            assert first.body == second.body == run.body, text
            assert second.served is (Served.KEPT if is_kept else Served.RUN), text
            asked += is_kept
            again = await keeping.make(text)
            assert again is None or (again.body == run.body and is_kept), text
            made_again += again is not None

    assert asked > 20
    assert made_again > 10


async def never(*_: object, **__: object) -> NoReturn:
    raise AssertionError


@pytest.mark.parametrize("keeps", [True, False])
async def test_what_is_at_hand_is_made_at_once_and_kept_where_anything_is(
    keeping: Keeping, database_url: str, monkeypatch: pytest.MonkeyPatch, *, keeps: bool
) -> None:
    await seed(database_url)
    await keeping.hear()
    text = "{ answers(first: 2) { totalCount nodes { title topics { name } disclaimers { text } } } }"
    responses, pipeline = Responses(most_bytes=1_000_000), keeping.prompt
    if keeps:
        pipeline.serving = Serving(responses, keeping.news, stale_limit=300)
        pipeline.find_tags = lambda each: each.touched

    async def ask() -> tuple[bytes, Served]:
        result = await pipeline.execute(await pipeline.prepare(Request(query=text), Somebody()))
        return result.body, result.served

    for _ in range(3):  # to read it, and to compile what comes again
        responses.drop(None)
        await ask()
    responses.drop(None)
    monkeypatch.setattr(pipeline, "_run", never)

    body = (await keeping.run(text)).body
    assert [await ask(), await ask()] == [(body, Served.RUN), (body, Served.KEPT if keeps else Served.RUN)]


async def test_what_is_new_is_not_compiled_at_once_for_being_looked_for_twice(
    keeping: Keeping, database_url: str
) -> None:
    await seed(database_url)
    await keeping.hear()
    runs = keeping.prompt.compilers[0].runs

    for text in ("{ topics { nodes { name } } }", "{ topics { nodes { slug synonyms } } }"):
        await keeping.prompt.execute(await keeping.prompt.prepare(Request(query=text), Somebody()))

    assert (runs[By.NEW], runs[By.COMPILED]) == (2, 0)
