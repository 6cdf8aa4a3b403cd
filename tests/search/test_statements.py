import pytest

from server.db.reads import Reads
from tests.search.conftest import Ask


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(
    ("query", "first", "statements"),
    [
        ("fever", 10, 1),
        ("fever", 1, 1),
        ('how is a "fever" treated in newborn babies -asthma', 10, 1),
        ("fever", 0, 0),
        ("the", 10, 0),
        ("", 10, 0),
        ("qqqqqqqq", 10, 0),
        ("feverr", 10, 1),
        ("feverr bruisng tirednes", 10, 1),
    ],
)
async def test_a_search_is_a_fixed_number_of_statements(
    ask: Ask, reads: Reads, query: str, first: int, statements: int
) -> None:
    before = reads.statements

    page = await ask(query, first=first)
    took = reads.statements - before
    assert await page.facets() == await page.facets()  # counted once

    assert took == statements
    assert reads.statements - before == statements + (page.total > 0)
