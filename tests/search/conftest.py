"""A published library, and `ask`, which searches it."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

import pytest

from server.access.audience import ANONYMOUS, Audience
from server.content.filters import AnswerFilter
from server.content.library import Library
from server.content.publishing import publish
from server.db.engine import Engine
from server.db.reads import Reads
from server.search.query import search
from server.search.results import SearchPage, SearchRequest
from tests.search.samples import LIBRARY

Ask: TypeAlias = Callable[..., Awaitable[SearchPage]]


@pytest.fixture
def ask(reads: Reads) -> Ask:
    async def asking(
        query: str,
        *,
        first: int = 10,
        after: str | None = None,
        audience: Audience = ANONYMOUS,
        **wanted: object,
    ) -> SearchPage:
        request = SearchRequest(query=query, filter=AnswerFilter(**wanted), first=first, after=after)
        return await search(request, reads=reads, library=Library(reads, audience))

    return asking


@pytest.fixture
async def library(engine: Engine) -> None:
    await publish(engine, LIBRARY)


def slugs(page: SearchPage) -> list[str]:
    return [hit.answer.slug for hit in page.hits]


def shown(page: SearchPage) -> str:
    """The first snippet, its matches in brackets."""
    snippet = page.hits[0].snippet
    assert snippet is not None
    return "".join([f"[{span.text}]" if span.marks else span.text for span in snippet.spans])
