"""Two servers: on the database of one lies what a partner must not learn of, on that of the other nothing else."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import httpx
from graphql import GraphQLSchema

from schema.build import build_schema
from server.content.draft import Draft
from server.content.turns import announce_overdue
from server.days import today
from server.db.connections import connect
from server.db.engine import Engine
from server.limits import Limits
from tests.databases import Databases
from tests.journeys.attacks.enumerated import Attack, Attacks
from tests.journeys.attacks.partners import Partner
from tests.schema.confinement.conftest import published
from tests.schema.confinement.partners import BY_TOPIC, HEART
from tests.schema.confinement.test_partners import NAMES, WORDS
from tests.schema.drafts import answer, section
from tests.web.registered import serving
from tests.web.running import NO_CERTIFICATES, PATIENCE

CURSORS = """{
  answers(first: 2) { pageInfo { startCursor endCursor } } topics(first: 2) { pageInfo { endCursor } }
  sources(first: 2) { pageInfo { endCursor } nodes { citedBy(first: 1) { pageInfo { endCursor } } } }
  search(query: "zebra", first: 1) { pageInfo { endCursor } } changes(first: 5) { cursor }
}"""
OPENING, CLOSING = "opening", "closing"
"""Slugs of answers on the partner's topic, of whose changes every subscription hears."""
NOW = "@now"
"""Stands for a cursor."""
IDS = "select id::text from answer union select id::text from source union select id::text from topic"


def mark(slug: str, **changes: Any) -> Draft:
    """One of the answers of whose changes every subscription hears."""
    return answer(slug, topics=(HEART,), sources=(), sections=(section(),), **changes)


@dataclass(kw_only=True)
class Scene:
    """Who is attacked with, and who says what may come of it."""

    schema: GraphQLSchema
    confined: Partner
    alone: Partner
    """Asks a database on which nothing else is."""
    whole: Partner
    """Asks the database of `confined` without bounds."""
    pools: dict[str, list[str]]
    beyond: set[str]
    """The ids of whatever lies beyond, as the database has them."""

    @cached_property
    def attacks(self) -> list[Attack]:
        """Every attack by a query; what lies below a search is looked for with each word."""
        query = self.schema.query_type
        found = {each.text: each for each in Attacks(schema=self.schema, root=query, pools=self.pools)}
        for word in self.pools["query"]:
            attacks = Attacks(schema=self.schema, root=query, pools=self.pools | {"query": [word]})
            found |= {each.text: each for each in attacks if "query:" in each.text and each.coordinate[:6] != "Query."}
        return list(found.values())

    def subscriptions(self) -> list[Attack]:
        """Every attack by a subscription: from `NOW` on, and of what is between the marks each hears of both."""
        marks = {"topics": '"heart"', "slugs": f'"{OPENING}" "{CLOSING}"', "locales": '"en"'}
        attacks = Attacks(
            schema=self.schema,
            root=self.schema.subscription_type,
            pools=self.pools,
            kind="subscription",
            companions=marks,
            given={"since": f'"{NOW}"'},
        )
        return list(attacks.together())


@asynccontextmanager
async def opened_scene(databases: Databases) -> AsyncIterator[Scene]:
    """Both servers, with a partner on each that knows the names of everything."""
    alone = await published(await databases.create(), [*BY_TOPIC.inside, mark(OPENING), mark(CLOSING)])
    engine = Engine(alone)
    await announce_overdue(engine, today())
    await engine.close()
    both = await published(await databases.copy(alone), BY_TOPIC.outside)
    connection = await connect(both)
    for statement in BY_TOPIC.leads:
        assert await connection.execute(statement) != "UPDATE 0"
    await connection.close()
    async with AsyncExitStack() as stack:
        confined, whole = await _partners(
            stack, both, rights={"partner": {"topics": BY_TOPIC.audience.topics}, "whole": {}}
        )
        (unbounded,) = await _partners(stack, alone, rights={"partner": {}})
        ids = [set(await _column(url, IDS)) for url in (both, alone)]
        yield Scene(
            schema=build_schema(),
            confined=confined,
            alone=unbounded,
            whole=whole,
            pools=await _pools(whole),
            beyond=ids[0] - ids[1],
        )
    for url in (alone, both):
        await databases.drop(url)


async def _partners(stack: AsyncExitStack, url: str, *, rights: dict[str, dict[str, Any]]) -> list[Partner]:
    server = await stack.enter_async_context(serving(url, limits=Limits(max_cost=10**9)))
    asking = httpx.AsyncClient(timeout=PATIENCE, trust_env=False, verify=NO_CERTIFICATES)
    await stack.enter_async_context(asking)
    served = await _column(url, "select id from answer order by id")
    return [
        Partner(
            name=name, server=server, asking=asking, rights=own, served=served, key=await server.register(name, **own)
        )
        for name, own in rights.items()
    ]


async def _column(url: str, sql: str) -> list[Any]:
    connection = await connect(url)
    try:
        return [row[0] for row in await connection.fetch(sql)]
    finally:
        await connection.close()


async def _pools(whole: Partner) -> dict[str, list[str]]:
    """Values for arguments: the names of everything that is there, and cursors that lead everywhere."""
    names, cursors = [(await whole.ask(text))["data"] for text in (NAMES, CURSORS)]
    ids, slugs, anchors = [sorted(set(_strings(names, name))) for name in ("id", "slug", "anchor")]
    places = sorted({each for name in ("startCursor", "endCursor", "cursor") for each in _strings(cursors, name)})
    return {
        "id": ids, "ids": ids, "slug": slugs, "slugs": slugs, "topics": slugs, "anchor": anchors, "anchors": anchors,
        "code": sorted(set(_strings(names, "code"))), "externalIds": _strings(names, "externalId"),
        "publishers": sorted(set(_strings(names, "publisher"))), "sources": _strings(names["sources"], "id"),
        "query": WORDS, "prefix": [word[:length] for word in WORDS for length in (1, 3, 99)],
        "locale": ["en", "es", "de"], "locales": ["en", "es", "de"],
        "publishedAfter": ["2020-01-01T00:00:00Z"], "publishedBefore": ["2099-01-01T00:00:00Z"],
        "after": places, "before": places, "since": places,
    }  # fmt: skip


def _strings(value: Any, name: str) -> list[str]:
    """Every string of that name, however deep."""
    if isinstance(value, list):
        return [found for each in value for found in _strings(each, name)]
    if not isinstance(value, dict):
        return []
    own = [value[name]] if isinstance(value.get(name), str) else []
    return own + [found for each in value.values() for found in _strings(each, name)]
