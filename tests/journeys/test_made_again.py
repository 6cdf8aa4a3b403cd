"""What is kept no longer is made once more without waiting, out of what it is made of, as the application makes it."""

import asyncio
import sys
import time

import httpx
import pytest

from server.content.draft import Question
from server.content.publishing import publish
from server.content.withdrawal import Named, retract
from server.execution.bringing import MOST_TIMES
from server.limits import AnonymousLimits
from server.web.remembered import ENTITY_BYTES
from tests.journeys.repeating import (
    CONTENT,
    LONG,
    SLUG,
    check_charges,
    check_retracted,
    locked,
    plain,
    repeated,
    repeats,
)
from tests.schema.drafts import answer
from tests.web.registered import serving
from tests.web.running import until

AROUND = f"""{{
    answer(slug: "{SLUG}") {{
        id title disclaimers {{ text }} sections {{ heading blocks {{ __typename }} disclaimers {{ text }} }}
        topics {{ name }} sources {{ title }} translations {{ locale disclaimers {{ text }} summary {{ text }} }}
        followUpQuestions {{ text answer {{ title }} }} relatedAnswers(first: 2) {{ title }}
    }}
}}"""
LIST = "{ answers(first: 2) { totalCount nodes { slug disclaimers { text } body { text } } pageInfo { endCursor } } }"


@pytest.fixture
async def made(database_url, engine):
    """A server that keeps no responses, but what they are made of."""
    english = answer(SLUG, questions=(Question(text="How does it work?"),))
    await publish(engine, [english, answer(SLUG, locale="es"), answer("how-does-it-work", title="How it works")])
    async with serving(database_url, cache_megabytes=0) as opened:
        yield opened


@pytest.fixture
async def bare(database_url, engine):
    """A server that keeps nothing that it read."""
    english = answer(SLUG, questions=(Question(text="How does it work?"),))
    await publish(engine, [english, answer(SLUG, locale="es"), answer("how-does-it-work", title="How it works")])
    async with serving(database_url, cache_megabytes=0, objects_mb=0) as opened:
        yield opened


def room_taken(server):
    """What the requests that are remembered take of the memory that is for them, in bytes."""
    return repeats(server)._kept.size


def runs(pipeline):
    """How many operations were run."""
    return sum(sum(compiler.runs.values()) for compiler in pipeline.compilers)


@pytest.mark.parametrize("query", [CONTENT, AROUND, LIST])
async def test_what_is_kept_no_longer_is_made_as_the_application_makes_it(made, query):
    request = {"json": {"query": query}, "headers": {"accept-encoding": "identity"}}
    again = await repeated(made, **request)
    repeats(made).forget()
    by_application = await made.send(**request)

    assert "errors" not in again.json()
    assert plain(again) == plain(by_application)
    assert "cache-status" not in again.headers


async def test_nodes_are_made_once_more(made):
    (first, second) = (await made.post(LIST.replace("slug", "slug id"))).json()["data"]["answers"]["nodes"]
    query = f"""{{ nodes(ids: ["{first["id"]}", "{second["id"]}"]) {{ ... on Answer {{ slug }} }} }}"""
    again = await repeated(made, json={"query": query})

    assert again.json()["data"]["nodes"] == [{"slug": first["slug"]}, {"slug": second["slug"]}]


async def test_what_was_retracted_is_not_made_once_more(made):
    await repeated(made, json={"query": CONTENT})
    await retract(made.engine, Named(slug=SLUG, locale="en"), reason="Out of date.")

    await check_retracted(made)


async def test_who_takes_codings_is_given_one_by_the_application(made):
    headers = {"accept-encoding": "gzip"}
    found = [await made.send(json={"query": LONG}, headers=headers) for _ in range(5)]

    assert {each.headers["content-encoding"] for each in found} == {"gzip"}
    assert repeats(made).answered == 0


async def test_what_is_made_once_more_is_charged_and_refused(database_url, engine):
    await publish(engine, [answer(SLUG)])
    limits = AnonymousLimits(requests_per_minute=50)
    async with serving(database_url, anonymous=limits, cache_megabytes=0) as server:
        await check_charges(server)


async def test_what_is_made_once_more_stands_in_receipts(database_url, engine, reads):
    await publish(engine, [answer(SLUG)])
    async with serving(database_url, cache_megabytes=0) as server:
        for _ in range(100):
            await server.send(json={"query": CONTENT})
        assert repeats(server).answered > 0

    assert await reads.fetch_value("select sum(count) from receipt") == 100


async def test_what_its_runs_have_in_common_takes_of_the_room(made):
    names = " ".join(f"a{number}: name(locale: $locale)" for number in range(100))
    query = f"query($locale: LanguageTag) {{ topics {{ nodes {{ {names} }} }} }}"
    body, headers = {"query": query, "variables": {"locale": "en"}}, {"accept-encoding": "identity"}
    await made.send(json=body, headers=headers)
    at_first = room_taken(made)
    await repeated(made, json=body, headers=headers)

    assert room_taken(made) - at_first > 100 * sys.getsizeof({"locale": "en"})


async def test_what_it_gave_takes_of_the_room(made):
    await made.post("{ answers(first: 3) { nodes { slug disclaimers { text } } } }")
    many = room_taken(made)
    repeats(made).forget()
    await made.post("{ answers(first: 1) { nodes { slug disclaimers { text } } } }")

    assert many - room_taken(made) == 2 * ENTITY_BYTES


@pytest.mark.parametrize("query", [CONTENT, AROUND, LIST])
async def test_where_nothing_is_kept_it_is_made_of_what_is_read(bare, query):
    request = {"json": {"query": query}, "headers": {"accept-encoding": "identity"}}
    again = await repeated(bare, **request)
    repeats(bare).forget()

    assert "errors" not in again.json()
    assert plain(again) == plain(await bare.send(**request))


async def test_many_who_ask_at_once_are_each_told_what_they_asked(bare):
    queries = [CONTENT, AROUND, LIST, CONTENT.replace(SLUG, "how-does-it-work"), CONTENT.replace(SLUG, "nothing-here")]
    asked = [{"json": {"query": query}, "headers": {"accept-encoding": "identity"}} for query in queries]
    alone = [(await repeated(bare, **request)).json() for request in asked]
    before = repeats(bare).answered

    together = await asyncio.gather(*[bare.send(**request) for request in asked * 3])

    assert [each.json() for each in together] == alone * 3
    assert repeats(bare).answered == before + len(together)


async def test_what_was_retracted_is_not_made_of_what_is_read(bare):
    await repeated(bare, json={"query": CONTENT})
    await retract(bare.engine, Named(slug=SLUG, locale="en"), reason="Out of date.")

    last = await repeated(bare, json={"query": CONTENT})
    assert last.json()["data"]["answer"]["status"] == "RETRACTED"
    assert "Tea is" not in last.text


async def test_what_waits_for_what_is_read_is_charged_and_refused(database_url, engine):
    await publish(engine, [answer(SLUG)])
    limits = AnonymousLimits(requests_per_minute=50)
    async with serving(database_url, anonymous=limits, cache_megabytes=0, objects_mb=0) as server:
        await check_charges(server)


async def test_who_hangs_up_while_it_is_read_is_no_fault(bare, engine):
    await repeated(bare, json={"query": CONTENT})
    async with locked(engine, "answer"):
        with pytest.raises(httpx.ReadTimeout):
            await bare.send(json={"query": CONTENT}, timeout=0.2)

    assert (await repeated(bare, json={"query": CONTENT})).json()["data"]["answer"]["title"]


async def test_who_waits_for_what_is_read_when_the_server_stops_is_told(bare, engine):
    await repeated(bare, json={"query": CONTENT})
    async with locked(engine, "answer"):
        asking = asyncio.create_task(bare.post(CONTENT))
        await until(lambda: bare.server.server_state.tasks)
        for task in bare.server.server_state.tasks:
            task.cancel()
        refused = await asking

    assert (refused.status_code, refused.json()["errors"][0]["extensions"]["code"]) == (503, "OPERATION_TIMED_OUT")
    assert {"x-request-id", "x-content-type-options", "content-security-policy"} <= refused.headers.keys()


async def test_what_can_not_be_read_is_refused_in_time(bare, engine):
    await repeated(bare, json={"query": CONTENT})
    began = time.monotonic()
    async with locked(engine, "answer"):
        refused = await bare.post(CONTENT)
        seconds = time.monotonic() - began

    assert refused.json()["errors"][0]["extensions"]["code"] == "DATABASE_UNAVAILABLE"
    assert seconds < 2
    assert (await repeated(bare, json={"query": CONTENT})).json()["data"]["answer"]["title"]


async def test_what_is_brought_in_vain_is_left_to_the_application(bare):
    await publish(bare.engine, [answer(f"one-of-{number}") for number in range(MOST_TIMES + 1)])
    nodes = (await bare.post("{ answers { nodes { id } } }")).json()["data"]["answers"]["nodes"]
    aliases = " ".join([f'a{n}: node(id: "{node["id"]}") {{ id }}' for n, node in enumerate(nodes)])
    before = repeats(bare).answered
    found = [await bare.send(json={"query": f"{{ {aliases} }}"}) for _ in range(5)]

    assert {len(each.json()["data"]) for each in found} == {len(nodes)}
    assert repeats(bare).answered == before


async def test_where_responses_are_kept_many_who_miss_one_share_a_run(database_url, engine):
    await publish(engine, [answer(SLUG)])
    async with serving(database_url, objects_mb=0) as server:
        await repeated(server, json={"query": LIST})
        pipeline = repeats(server)._pipeline
        before = runs(pipeline)
        pipeline.serving.responses.drop(None)
        found = await asyncio.gather(*[server.send(json={"query": LIST}) for _ in range(20)])

        assert len({each.text for each in found}) == 1
        assert runs(pipeline) - before == 1
