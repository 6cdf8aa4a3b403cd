"""What is kept is what a run would give."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from graphql import GraphQLSchema, parse, validate

from schema.rules.requires_disclaimer import RequiresDisclaimerRule
from server.commands.seeding import seed
from server.db.reads import Reads
from server.execution.operation import Served
from tests.journeys.test_random_operations import made, sensible
from tests.schema.keeping import Keeping
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
