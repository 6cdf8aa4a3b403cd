"""What is written is served within a second of its commit, on every process, under load, whatever becomes of NOTIFY."""

import asyncio
import time
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, field

import httpx
import pytest

from server.content import disclaimers, evidence, publishing, withdrawal
from server.content.disclaimers import Rule
from server.content.library import Library
from server.content.withdrawal import Named
from server.db.engine import Engine
from server.db.reads import Reads
from tests.journeys.processes import serving
from tests.journeys.test_revocation import LISTENERS, silent
from tests.schema.drafts import GUIDELINE, TRIAL, rich
from tests.schema.writing import change
from tests.waiting import until

pytestmark = pytest.mark.timeout(300)
"""Two servers may take a minute each to start on a busy machine."""

BOUND = 2.0
"""Seconds, twice what is promised: the machine may be busy with other tests."""

PART = "title status evidence disclaimers { text }"
QUERIES = [
    f'{{ answer(slug: "first", locale: "en") {{ {PART} }} }}',
    f'{{ answer(slug: "first") {{ {PART} }} }}',
    f"{{ answers(filter: {{includeRetracted: true}}) {{ nodes {{ {PART} }} }} }}",
]
FIRST = rich("first", locale="en", external_id="page:first")
NAMED = Named(slug="first", locale="en")


@dataclass
class Seen:
    """One response: when it was asked for, and what the page was like in it."""

    asked: float
    page: tuple


@dataclass
class History:
    """What the page was like, from which moment on."""

    states: list = field(default_factory=list)

    def allowed(self, seen: Seen) -> list:
        """All that a response may show: what was there a bound before it was asked for, and what came after."""
        known = [number for number, (committed, _) in enumerate(self.states) if committed + BOUND <= seen.asked]
        return [page for _, page in self.states[max(known, default=0) :]]


def shown(data):
    answer = data["answer"] if "answer" in data else data["answers"]["nodes"][0]
    return answer["title"], answer["status"], answer["evidence"], tuple(each["text"] for each in answer["disclaimers"])


@pytest.fixture
async def pair(databases):
    """Two servers that nobody has hung up on: what mends a connection after that looks like one that listens."""
    url = await databases.create()
    engine = Engine(url)
    await publishing.publish(engine, [FIRST])
    settings = {
        "DATABASE_URL": url,
        "CAVEAT_ANONYMOUS_REQUESTS_PER_MINUTE": "1000000",
        "CAVEAT_ANONYMOUS_COST_PER_MINUTE": "1000000000",
    }
    async with Reads(url, deadline=30) as reads, serving(**settings) as (first, _), serving(**settings) as (second, _):
        await _written(reads)  # so that the last statement of its connection is not the one that opens it
        yield url, engine, reads, (first, second)
    await engine.close()
    await databases.drop(url)


@asynccontextmanager
async def load(servers):
    """Every query is asked of every process all the while; gives what is seen."""
    seen = []

    async def ask_on(server, query):
        async with httpx.AsyncClient(trust_env=False, timeout=20) as client:
            while True:
                asked = time.monotonic()
                body = (await client.post(server.url, json={"query": query})).json()
                if body.keys() == {"data"}:  # neither refused nor marked as stale
                    seen.append(Seen(asked, shown(body["data"])))
                await asyncio.sleep(0.005)

    asking = [asyncio.create_task(ask_on(server, query)) for server in servers for query in QUERIES]
    try:
        yield seen
    finally:
        for task in asking:
            task.cancel()
        ended = await asyncio.gather(*asking, return_exceptions=True)
    assert {type(each) for each in ended} == {asyncio.CancelledError}


async def standing(engine):
    async with engine.transaction() as session:
        listed = await disclaimers.list_disclaimers(session)
    return next(each.id for each in listed if each.rule is Rule.EVERY_ANSWER and each.locale == "en")


async def write_on(engine, number):
    """One write after the other, each of another kind."""
    await publishing.publish(engine, [change(FIRST, title=f"Title {number}")])
    yield
    await disclaimers.reword(engine, await standing(engine), wording=f"Ask a doctor, {number} times.")
    yield
    await evidence.supersede(engine, GUIDELINE.title, by=TRIAL.title)
    yield
    await withdrawal.retract(engine, NAMED, reason=f"Wrong {number} times.")
    yield
    await evidence.restore(engine, GUIDELINE.title)
    yield
    await withdrawal.reinstate(engine, NAMED)
    yield


@pytest.mark.parametrize("is_silent", [False, True])
async def test_no_stale_byte_is_served_after_the_bound(pair, databases, is_silent):
    url, engine, reads, servers = pair
    history = History()
    backends = await databases.fetch_value(LISTENERS, url.rpartition("/")[2].partition("?")[0])
    async with load(servers) as seen:
        await until(lambda: _grew(seen, 12))
        with silent(backends) if is_silent else nullcontext():
            history.states.append((0.0, await _written(reads)))
            for number in (1 + 2 * is_silent, 2 + 2 * is_silent):
                async for _ in write_on(engine, number):
                    committed = time.monotonic()
                    page = await _written(reads)
                    history.states.append((committed, page))
                    count = len(seen)
                    await until(lambda: _shows(seen[count:], page))  # noqa: B023 -- it is awaited here
            await until(lambda: _has_asked_since(seen, committed + 2 * BOUND))

    assert [each for each in seen if each.page not in history.allowed(each)] == []


async def _written(reads):
    """What the page is like in the database."""
    answer = await Library(reads).answer_by_slug("first", "en")
    texts = tuple(each.text for each in answer.caveats.disclaimers)
    return answer.published.title, answer.status.value, answer.caveats.evidence.value, texts


async def _grew(seen, count):
    return len(seen) > count


async def _shows(seen, page):
    return sum(each.page == page for each in seen) >= 6


async def _has_asked_since(seen, moment):
    return bool(seen) and seen[-1].asked > moment
