"""A published library, and `ask`, which searches it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from server.access.audience import ANONYMOUS, Audience
from server.content.filters import AnswerFilter
from server.content.library import Library
from server.content.publishing import publish
from server.db.engine import Engine
from server.db.reads import Reads
from server.search.results import SearchPage, SearchRequest
from server.search.snippets import snippet
from tests.search.indexed import IndexedSearch
from tests.search.samples import LIBRARY

Ask: TypeAlias = Callable[..., Awaitable[SearchPage]]


@pytest.fixture
async def indexed(database_url: str, tmp_path: Path) -> AsyncIterator[IndexedSearch]:
    async with IndexedSearch(database_url, tmp_path) as opened:
        yield opened


def asks(search: Callable[..., Awaitable[SearchPage]], reads: Reads) -> Ask:
    async def asking(
        query: str,
        *,
        first: int = 10,
        after: str | None = None,
        audience: Audience = ANONYMOUS,
        **wanted: object,
    ) -> SearchPage:
        request = SearchRequest(query=query, filter=AnswerFilter(**wanted), first=first, after=after)
        return await search(request, library=Library(reads, audience))

    return asking


@pytest.fixture
def ask(reads: Reads, indexed: IndexedSearch) -> Ask:
    """Searches an index that has been brought up to the outbox."""
    return asks(indexed.search, reads)


@pytest.fixture
def stale(reads: Reads, indexed: IndexedSearch) -> Ask:
    """Searches the index as it is."""
    return asks(indexed.stale.search, reads)


@pytest.fixture
async def library(engine: Engine) -> None:
    await publish(engine, LIBRARY)


def slugs(page: SearchPage) -> list[str]:
    return [hit.answer.slug for hit in page.hits]


def shown(page: SearchPage) -> str:
    """The first snippet, its matches in brackets."""
    found = snippet(page.hits[0].answer, page.hits[0].looked)
    assert found is not None
    return "".join([f"[{span.text}]" if span.marks else span.text for span in found.spans])
