"""The same library twice: alone in its database, and in one beside what lies beyond the caller's bounds."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from graphql import GraphQLSchema

from server.access.audience import Audience
from server.content.draft import Draft
from server.content.publishing import publish
from server.db.connections import connect
from server.db.engine import Engine
from server.db.reads import Reads
from tests.databases import Databases
from tests.schema.asking import Asking
from tests.schema.confinement.partners import EACH, Partners
from tests.search.indexed import IndexedSearch


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Whoever is confined asks `confined`; what it may learn is what `alone` tells a caller without bounds."""

    partners: Partners
    confined: Asking
    alone: Asking
    whole: Asking
    """The database of `confined`, asked without bounds."""


@pytest.fixture(scope="module", params=list(EACH))
async def asked(request: pytest.FixtureRequest, databases: Databases, schema: GraphQLSchema) -> AsyncIterator[Asked]:
    partners = EACH[request.param]
    alone = await published(await databases.create(), partners.inside)
    both = await published(await databases.copy(alone), partners.outside)
    connection = await connect(both)
    for statement in partners.leads:
        assert await connection.execute(statement) != "UPDATE 0"
    await connection.close()
    async with AsyncExitStack() as stack:
        unbounded = Audience(default_locale=partners.audience.default_locale)
        whole = await opened(stack, both, schema=schema, audience=unbounded)
        yield Asked(
            partners=partners,
            confined=replace(whole, audience=partners.audience),
            alone=await opened(stack, alone, schema=schema, audience=unbounded),
            whole=whole,
        )
    for url in (alone, both):
        await databases.drop(url)


async def published(url: str, drafts: list[Draft]) -> str:
    engine = Engine(url)
    for draft in drafts:
        (outcome,) = await publish(engine, [draft])
        assert outcome.reason is None, outcome
    await engine.close()
    return url


async def opened(stack: AsyncExitStack, url: str, *, schema: GraphQLSchema, audience: Audience) -> Asking:
    engine, reads = Engine(url), await stack.enter_async_context(Reads(url, size=4, deadline=30))
    stack.push_async_callback(engine.close)
    folder = Path(stack.enter_context(TemporaryDirectory()))
    indexed = await stack.enter_async_context(IndexedSearch(url, folder))
    return Asking(schema=schema, reads=reads, engine=engine, indexed=indexed, audience=audience)
