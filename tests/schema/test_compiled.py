"""Operations made at random over the samples: compiled, each gives what graphql-core gives."""

import pytest
from graphql import parse, validate

from server.commands.seeding import seed
from tests.journeys.test_random_operations import made, sensible
from tests.schema.asking import Asking
from tests.schema.selecting import everything


@pytest.fixture
async def library(asking: Asking, database_url: str) -> Asking:
    await seed(database_url)
    return asking


async def test_operations_made_at_random_give_the_same(library: Asking) -> None:
    asked = 0
    for field in sorted(library.schema.query_type.fields):
        for text in map(sensible, made(field)):
            if not validate(library.schema, parse(text)):
                await library.execute(text)
                asked += 1

    assert asked > 50


async def test_everything_gives_the_same(library: Asking) -> None:
    text = f"{{ answers(first: 3) {{ {everything(library.schema, 'AnswerConnection', depth=3)} }} }}"

    result = await library.execute(text)

    assert result.errors is None
