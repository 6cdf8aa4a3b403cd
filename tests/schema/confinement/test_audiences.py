"""Equal audiences are served equal bytes, and no other's."""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from uuid import UUID

import pytest
from graphql import GraphQLSchema
from hypothesis import given, settings
from hypothesis import strategies as st

from server.access.audience import ANONYMOUS, Audience
from server.access.clients import ClientKind
from server.access.registration import add_client, find_client
from server.content.ids import NodeKind, encode_id
from server.content.vocabulary import DisclaimerPlacement
from server.content.wording import Wording, add_wording, set_replaceable
from server.db.engine import Engine
from tests.databases import Databases
from tests.schema.asking import Asking
from tests.schema.confinement.conftest import opened, published
from tests.schema.confinement.partners import BY_TOPIC

WORDS = {"clinic": "Clinicwords.", "portal": "Portalwords."}
PAGE = """id slug title caveatsDigest disclaimers { id kind text version } summary { html } jsonLd
  callsToAction { text } topics { slug name } sources { title citedBy { totalCount } }
  sections { disclaimers { text } body { html } }
  relatedAnswers { slug } translations { slug } followUpQuestions { text answer { slug } }"""
OPERATIONS = (
    f"{{ answers(first: 100, filter: {{includeRetracted: true}}) {{ totalCount nodes {{ {PAGE} }} }} }}",
    f"{{ changes {{ nodes {{ kind answerId answer {{ {PAGE} }} }} }} }}",
    '{ search(query: "blood") { totalCount correctedQuery topicFacets { count topic { slug } } nodes { slug } } }',
    '{ answer(slug: "heart-failure") { slug locale } skin: answer(slug: "acne-care") { slug locale } }',
    "{ topics { totalCount nodes { slug parent { slug } children { slug } answers { totalCount } } } }",
    "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }",
)
CLIENTS = [UUID(int=0), UUID(int=1)]
"""Stand for the ids of those that have a wording, in the order of `WORDS`."""

audiences = st.builds(
    Audience,
    default_locale=st.sampled_from([None, "en", "es"]),
    topics=st.sampled_from([None, ("heart",), ("skin",), ("heart", "skin"), ("valve",)]),
    locales=st.sampled_from([None, ("en",), ("es",), ("de", "es")]),
    wording=st.sampled_from([None, *CLIENTS]),
    shows_calls=st.booleans(),
)


def made() -> list[Audience]:
    """Audiences, the same ones each time."""
    collected: list[Audience] = []

    @settings(max_examples=40, derandomize=True, deadline=None, database=None)
    @given(audiences)
    def collect(audience: Audience) -> None:
        collected.append(audience)

    collect()
    return collected


class Served:
    """What audiences are served over one database, where two clients have wordings of their own."""

    def __init__(self, asking: Asking, clients: list[UUID], ids: list[str]) -> None:
        self.asking = asking
        self.clients = clients
        self.ids = ids

    def real(self, audience: Audience) -> Audience:
        at = None if audience.wording is None else self.clients[CLIENTS.index(audience.wording)]
        return replace(audience, wording=at)

    async def to(self, audience: Audience) -> str:
        asking = replace(self.asking, audience=self.real(audience))
        found = [await asking.ask(text, **({"ids": self.ids} if "$ids" in text else {})) for text in OPERATIONS]
        return json.dumps(found, ensure_ascii=False)


@pytest.fixture(scope="module")
async def served(databases: Databases, schema: GraphQLSchema) -> AsyncIterator[Served]:
    url = await published(await databases.create(), [*BY_TOPIC.inside, *BY_TOPIC.outside])
    async with AsyncExitStack() as stack:
        asking = await opened(stack, url, schema=schema, audience=ANONYMOUS)
        clients = [await _worded(asking.engine, name, text) for name, text in WORDS.items()]
        rows = await asking.reads.fetch("select id from disclaimer order by id")
        yield Served(asking, clients, [encode_id(NodeKind.DISCLAIMER, row["id"]) for row in rows])
    await databases.drop(url)


async def _worded(engine: Engine, name: str, text: str) -> UUID:
    await add_client(engine, name, kind=ClientKind.PARTNER, rights={}, expires_at=None)
    after = DisclaimerPlacement.AFTER_CONTENT
    own = Wording(client=name, name="own", replaces=None, placement=after, locale="en", heading=None, text=text)
    await add_wording(engine, own)
    await set_replaceable(engine, "general", is_replaceable=True)
    await add_wording(engine, replace(own, name="ours", replaces="general", placement=None))
    async with engine.transaction() as session:
        return (await find_client(session, name)).id


@pytest.mark.parametrize("audience", made(), ids=str)
async def test_equal_audiences_are_served_equal_bytes_and_their_own_words(served: Served, audience: Audience) -> None:
    found = await served.to(audience)

    assert found == await served.to(replace(audience))
    is_served = json.loads(found)[0]["answers"]["totalCount"] > 0
    for client, text in zip(CLIENTS, WORDS.values(), strict=True):
        assert (text in found) is (is_served and audience.wording == client)


async def test_whatever_distinguishes_two_audiences_changes_what_they_are_served(served: Served) -> None:
    different = [
        ANONYMOUS,
        Audience(default_locale="es"),
        Audience(topics=("heart",)),
        Audience(topics=("skin",)),
        Audience(locales=("es",)),
        Audience(wording=CLIENTS[0]),
        Audience(wording=CLIENTS[1]),
        Audience(shows_calls=False),
        Audience(topics=("heart",), locales=("es",), default_locale="es", wording=CLIENTS[0], shows_calls=False),
    ]

    assert len({await served.to(audience) for audience in different}) == len(different)


async def test_an_audience_without_answers_is_served_nothing_of_anybody(served: Served) -> None:
    nothing = [await served.to(Audience(topics=(), wording=wording)) for wording in (None, *CLIENTS)]

    assert [text in each for each in nothing for text in WORDS.values()] == [False] * 6
